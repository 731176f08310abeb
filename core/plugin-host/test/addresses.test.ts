import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { HOST, startClient } from './support/http-client.js';
import { startVendor } from './support/vendor.js';

it.each([
  ['loopback', [{ address: '127.0.0.1', family: 4 }]],
  ['a private address', [{ address: '10.1.2.3', family: 4 }]],
  ['cloud metadata', [{ address: '169.254.169.254', family: 4 }]],
  ['IPv6 loopback', [{ address: '::1', family: 6 }]],
  ['an IPv4-mapped address', [{ address: '::ffff:127.0.0.1', family: 6 }]],
  [
    'a public address and a private one',
    [
      { address: '8.8.8.8', family: 4 },
      { address: '192.168.0.1', family: 4 },
    ],
  ],
  ['nothing', []],
])('does not dial a host that leads to %s', async (_what, addresses) => {
  let dialled = 0;
  const listening = createServer(() => (dialled += 1)).listen(0, '127.0.0.1');
  await using client = startClient(undefined, { resolveHost: async () => addresses });
  await expect(client.send({ method: 'POST' })).rejects.toMatchObject({
    code: 'ATS_UNAVAILABLE',
    effect: 'none',
    message: expect.stringContaining(`because ${HOST} does not lead to a public address`),
  });
  expect(client.log).toMatchObject([{ errorCode: 'ADDRESS_REFUSED', attempt: 1 }]);
  expect(dialled).toBe(0);
  listening.close();
});

it('checks the addresses anew for every connection, so that a name cannot turn private later', async () => {
  let lookups = 0;
  await using client = startClient(undefined, {
    resolveHost: async () => {
      lookups += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    },
  });
  await expect(client.send()).rejects.toThrow(/public address/);
  await expect(client.send()).rejects.toThrow(/public address/);
  expect(lookups).toBe(2);
});

it('reports a host that cannot be resolved as never reached', async () => {
  await using client = startClient(undefined, {
    resolveHost: async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    },
  });
  await expect(client.send({ method: 'POST' })).rejects.toMatchObject({
    code: 'ATS_UNAVAILABLE',
    effect: 'none',
    message: expect.stringContaining('cannot be reached (ENOTFOUND)'),
  });
});

it('keeps secrets out of what the resolver says', async () => {
  await using client = startClient(undefined, {
    resolveHost: async () => {
      throw new Error('no route for the-real-value');
    },
  });
  client.secrets.conceal('apiKey', 'the-real-value');
  await expect(client.send()).rejects.toMatchObject({ cause: { message: 'no route for [secret apiKey]' } });
});

it('keeps the guard up for hosts without an override, whatever other hosts have', async () => {
  await using vendor = await startVendor();
  await using client = startClient(undefined, {
    hosts: [HOST, 'files.vendor.example'],
    hostOverrides: { 'files.vendor.example': vendor.origin },
    resolveHost: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  await client.send({ url: 'https://files.vendor.example/' });
  await expect(client.send()).rejects.toThrow(/public address/);
  expect(vendor.seen).toHaveLength(1);
});

it('does not call an override whose host the manifest does not have', async () => {
  await using vendor = await startVendor();
  await using client = startClient(undefined, { hostOverrides: { 'other.example': vendor.origin } });
  await expect(client.send({ url: 'https://other.example/' })).rejects.toThrow(/not among the hosts/);
});
