import fastify from 'fastify';
import { expect, it } from 'vitest';
import { registerNetworkPage } from '../src/demo/network-page.js';

it('RSC-7: the stand-in page runs its own script, frames what stands in for a network, and can be framed by nobody', async () => {
  const app = fastify();
  registerNetworkPage(app, {
    hostOverrides: { 'platform.network.test': 'http://127.0.0.1:4106/x', '</script>': 'http://a.test' },
  });
  const { headers, body } = await app.inject('/dev/network');
  await app.close();
  const policy = String(headers['content-security-policy']);
  const [, nonce = ''] = /'nonce-([^']+)'/.exec(policy) ?? [];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain('frame-src https: http://127.0.0.1:4106 http://a.test');
  expect(policy).toContain("frame-ancestors 'none'");
  expect(body).toContain(`<script nonce="${nonce}">`);
  expect(body.match(/<\/script>/g)).toHaveLength(2);
});
