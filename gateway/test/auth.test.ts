import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DevelopmentIssuer } from '../src/auth/development-issuer.js';
import { isPermission, PERMISSIONS } from '../src/auth/permissions.js';
import { calls } from './support/sample.resolver.js';
import { mediaTypes, organizationId, startTestGateway, type TestGateway } from './support/test-gateway.js';

const ISSUER = 'https://identity.example.com';
const WHO = '{ viewer { userId organizationId roles } }';

/** An identity provider of a host platform, with its keys on a web server. */
async function startIdentityProvider() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const stranger = await generateKeyPair('RS256', { extractable: true });
  let asked = 0;
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'key-1' }] });
  const server: Server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(keys);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/keys`,
    asked: () => asked,
    stop: () => new Promise((resolve) => server.close(resolve)),
    sign: (claims: Record<string, unknown>, forged = false) =>
      new SignJWT({
        iss: ISSUER,
        aud: 'hub',
        sub: 'user-9',
        exp: seconds(600),
        org: { id: organizationId },
        roles: ['VIEWER'],
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
        .sign(forged ? stranger.privateKey : privateKey),
  };
}

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1_000) + fromNow;

describe('a token of the host platform', () => {
  let provider: Awaited<ReturnType<typeof startIdentityProvider>>;
  let server: TestGateway;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    server = await startTestGateway({
      AUTH_JWKS_URL: provider.url,
      AUTH_ISSUER: ISSUER,
      AUTH_AUDIENCE: 'hub',
      AUTH_ORGANIZATION_CLAIM: 'org.id',
    });
  });
  afterAll(async () => {
    await server.gateway.close();
    await provider.stop();
  });
  beforeEach(() => {
    calls.count = 0;
  });

  it('says who is asking', async () => {
    const answer = await server.ask(WHO, {
      token: await provider.sign({ roles: ['ADMIN', 'something else', 'VIEWER', 'ADMIN'] }),
    });
    expect(answer.data).toEqual({ viewer: { userId: 'user-9', organizationId, roles: ['ADMIN', 'VIEWER'] } });
  });

  it('may hold its roles as one text', async () => {
    const answer = await server.ask(WHO, { token: await provider.sign({ roles: 'openid RECRUITER' }) });
    expect(answer.data).toMatchObject({ viewer: { roles: ['RECRUITER'] } });
  });

  it('may come without a role of ours, and may do nothing then', async () => {
    const token = await provider.sign({ roles: undefined });
    expect((await server.ask(WHO, { token })).data).toMatchObject({ viewer: { roles: [] } });
    expect((await server.ask('{ exportSomething }', { token })).errors?.[0]?.message).toContain('yours: none');
  });

  describe.each(mediaTypes)('for %s', (accept) => {
    const refused: readonly (readonly [string, () => Promise<string | null>, string])[] = [
      ['is missing', async () => null, 'signed-in user'],
      ['has expired', () => provider.sign({ exp: seconds(-60) }), 'expired'],
      ['never expires', () => provider.sign({ exp: undefined }), 'exp'],
      ['is not valid yet', () => provider.sign({ nbf: seconds(600) }), 'nbf'],
      ['is forged', () => provider.sign({}, true), 'signature'],
      ['is for somebody else', () => provider.sign({ aud: 'other' }), 'aud'],
      ['is from somebody else', () => provider.sign({ iss: 'https://evil.example.com' }), 'iss'],
      ['names no user', () => provider.sign({ sub: undefined }), 'sub'],
      ['names no organization', () => provider.sign({ org: {} }), 'org.id'],
      ['names an organization that is no UUID', () => provider.sign({ org: { id: "1' or '1'='1" } }), 'UUID'],
      ['is not signed', async () => unsigned({ iss: ISSUER, aud: 'hub', sub: 'x', exp: seconds(60) }), 'algorithm'],
      ['is signed with the public key as a shared secret', () => signedWithSecret(), 'algorithm'],
      ['is no token', async () => 'hello', 'JSON Web Token'],
      ['is huge', async () => 'x'.repeat(9_000), 'too long'],
    ];

    it.each(refused)('is refused when it %s', async (_what, makeToken, reason) => {
      const answer = await server.ask('{ open viewer { userId } }', { accept, token: await makeToken() });
      expect(answer.errors).toHaveLength(1);
      expect(answer.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
      expect(answer.errors?.[0]?.message).toContain(reason);
      expect(answer.status).toBe(accept === 'application/json' ? 200 : 401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect(answer).not.toHaveProperty('data');
      expect(calls.count).toBe(0);
    });
  });

  it('is verified once, not at every request', async () => {
    const token = await provider.sign({ sub: 'busy' });
    for (let i = 0; i < 5; i += 1) await server.ask(WHO, { token });
    // The keys are kept as well.
    expect(provider.asked()).toBeLessThan(5);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b'])(
    'must come as a bearer token, not as %s',
    async (authorization) => {
      const answer = await server.ask('{ __typename }', { token: null, headers: { authorization } });
      expect(answer.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    },
  );
});

it('calls no token bad while the keys are out of reach', async () => {
  const provider = await startIdentityProvider();
  const token = await provider.sign({});
  await provider.stop();
  await using server = await startTestGateway({
    AUTH_JWKS_URL: provider.url,
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: 'hub',
    AUTH_ORGANIZATION_CLAIM: 'org.id',
  });
  const answer = await server.ask(WHO, { token });
  expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: 'IDENTITY_PROVIDER_UNAVAILABLE' } }] });
});

describe('roles', () => {
  let server: TestGateway;
  beforeAll(async () => {
    server = await startTestGateway();
  });
  afterAll(() => server.gateway.close());

  const fields = [
    ['{ sample(id: "6f1c1c52-8a43-4a8e-a6c0-3d1a2f1f8b10") { id } }', 'candidate:read'],
    ['{ exportSomething }', 'export:run'],
    ['{ auditSomething }', 'audit:read'],
    ['{ entitleSomething }', 'entitlement:set'],
    ['mutation { change }', 'connection:manage'],
  ] as const;
  const matrix = fields.flatMap(([query, permission]) =>
    (['OPERATOR', 'ADMIN', 'RECRUITER', 'VIEWER'] as const).map((role) => ({ query, permission, role })),
  );

  it.each(matrix)('$role asks for $permission', async ({ query, permission, role }) => {
    const answer = await server.ask(query, { roles: [role] });
    const allowedRoles: readonly string[] = PERMISSIONS[permission];
    if (allowedRoles.includes(role)) {
      expect(answer.errors).toBeUndefined();
      return;
    }
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', permission, allowedRoles });
    expect(answer.errors?.[0]?.message).toContain(allowedRoles.join(' or '));
    expect(answer.status).toBe(200);
  });

  it('does not answer a stranger, even where a field forgot to ask who it is', async () => {
    calls.count = 0;
    const answer = await server.ask('{ open }', { token: null });
    expect(answer.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    const hidden = await server.ask('{ ...A } fragment A on Query { ... { open } }', { token: null });
    expect(hidden.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(calls.count).toBe(0);
  });

  it('are asked for by permissions that exist, in every resolver', async () => {
    const folder = new URL('../src/', import.meta.url);
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.resolver.ts'));
    const sources = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
    const asked = [...sources.join('\n').matchAll(/@Authorized\(([^)]*)\)/g)].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/'([^']+)'/g)].map((name) => name[1] ?? ''),
    );
    expect(asked.filter((name) => !isPermission(name))).toEqual([]);
  });
});

describe('the development issuer', () => {
  it('does not run in production', async () => {
    const identity = { organizationId, userId: 'x', roles: [] };
    await expect(DevelopmentIssuer.create({ identity, environment: 'production' })).rejects.toThrow(
      'NODE_ENV=production',
    );
  });

  it('gives tokens for whom one asks, and publishes its key', async () => {
    await using server = await startTestGateway();
    const other = '0f6f2a3e-52f3-4a3c-8e0e-3f9b1f1a7d11';
    const response = await fetch(`${server.url}/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ organizationId: other, roles: ['VIEWER'] }),
    });
    const { token } = (await response.json()) as { token: string };
    const answer = await server.ask(WHO, { token });
    expect(answer.data).toEqual({ viewer: { userId: 'user-1', organizationId: other, roles: ['VIEWER'] } });
    const keys = await (await fetch(`${server.url}/dev/jwks`)).json();
    expect(keys).toMatchObject({ keys: [{ kty: 'OKP' }] });
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });

  it('refuses roles and organizations that cannot be', async () => {
    await using server = await startTestGateway();
    for (const body of [{ roles: ['KING'] }, { organizationId: '7' }, { admin: true }]) {
      const response = await fetch(`${server.url}/dev/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(400);
    }
  });
});

function unsigned(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}

function signedWithSecret(): Promise<string> {
  return new SignJWT({ iss: ISSUER, aud: 'hub', sub: 'x', exp: seconds(60) })
    .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
    .sign(new TextEncoder().encode('the public key, which everybody can read'));
}
