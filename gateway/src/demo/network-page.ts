import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { NETWORK_PAGE_SCRIPT } from './network-page-script.js';

const STYLE = `body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; color: #222 }
  h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin-top: 2rem } li { margin: .3rem 0 }
  .item { border-left: 3px solid #bbb; padding: .1rem 0 .1rem .8rem; margin: .6rem 0 } .item.refused { color: #595959; font-style: italic }
  .meta { color: #666; font-size: .85rem } .done { color: #1a7f37 } .todo { color: #b35900 }`;

/** What the page knows of the deployment. */
export interface NetworkPageOptions {
  /** Where simulators stand in for the hosts of vendors. */
  readonly hostOverrides: Readonly<Record<string, string>>;
}

/**
 * `GET /dev/network`: stands in for the pages of a front end that show a candidate as a professional network knows them. It asks
 * the API as the demo's user, or as `?user=`, and includes the network's widgets as the API describes them. For development alone.
 */
export function registerNetworkPage(app: FastifyInstance, { hostOverrides }: NetworkPageOptions): void {
  const places = Object.values(hostOverrides).map((url) => new URL(url).origin);
  const trusted = ['https:', ...new Set(places)].join(' ');
  app.get('/dev/network', (_request, reply) => {
    const nonce = randomBytes(16).toString('base64');
    const policy = [
      "default-src 'none'",
      `script-src 'nonce-${nonce}' ${trusted}`,
      `style-src 'nonce-${nonce}'`,
      `frame-src ${trusted}`,
      "connect-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ];
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy.join('; '))
      .header('cache-control', 'no-store')
      .send(pageOf(nonce, hostOverrides));
  });
}

function pageOf(nonce: string, hostOverrides: NetworkPageOptions['hostOverrides']): string {
  const overrides = JSON.stringify(hostOverrides).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>A front end's page</title>
<style nonce="${nonce}">${STYLE}</style>
<main id="main"><p class="meta">Asking the API …</p></main>
<script type="application/json" id="overrides">${overrides}</script>
<script nonce="${nonce}">${NETWORK_PAGE_SCRIPT}</script>
</html>
`;
}
