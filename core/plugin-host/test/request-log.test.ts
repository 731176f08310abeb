import { expect, it } from 'vitest';
import { HOST, startClient } from './support/http-client.js';
import { startVendor } from './support/vendor.js';

it('notes what was asked, and no header, body or query value', async () => {
  await using vendor = await startVendor((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('jane private'),
  );
  await using client = startClient(vendor);
  await client.send({
    method: 'POST',
    url: `https://${HOST}/candidates/42/notes?email=jane@private.example`,
    query: { name: 'Jane', id: [1, 2] },
    headers: { 'x-note': 'private' },
    body: { json: { private: true } },
  });
  expect(client.log).toEqual([
    {
      callId: 'call-1',
      startedAt: client.clock.now(),
      method: 'POST',
      host: HOST,
      path: '/candidates/42/notes',
      queryNames: ['email', 'name', 'id'],
      attempt: 1,
      durationMs: 0,
      status: 200,
      bytes: 12,
    },
  ]);
});

it('notes the lane that a request names', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  await client.send({ method: 'GET', url: `https://${HOST}/jobs`, lane: 'jobs' });
  await client.get('/jobs');
  expect(client.log.map((entry) => entry.lane)).toEqual(['jobs', undefined]);
});

it('keeps ids in paths, and no secrets or email addresses', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  client.secrets.conceal('apiKey', 'key-in-the-path');
  await client.get('/accounts/key-in-the-path/people/jane%40private.example/jobs/7');
  await client.get('/people/jane@private.example');
  expect(client.log.map((entry) => entry.path)).toEqual([
    '/accounts/[secret apiKey]/people/[email]/jobs/7',
    '/people/[email]',
  ]);
});

it('notes tries that failed, with the reason', async () => {
  await using vendor = await startVendor((_request, response, count) => {
    if (count === 1) response.socket?.destroy();
    else response.end();
  });
  await using client = startClient(vendor);
  await client.send();
  expect(client.log).toMatchObject([
    { attempt: 1, errorCode: 'UND_ERR_SOCKET', bytes: 0 },
    { attempt: 2, status: 200 },
  ]);
  expect(client.log[0]).not.toHaveProperty('status');
});

it('notes nothing for a request that was never sent', async () => {
  await using client = startClient();
  await expect(client.send({ url: 'https://other.example/' })).rejects.toThrow();
  expect(client.log).toEqual([]);
});
