import { CredentialsRejectedError, type HttpRequest, PluginFaultError } from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { createGuardedHttp, SecretPlaceholders } from '../src/index.js';
import { HOST, startClient } from './support/http-client.js';
import { startVendor } from './support/vendor.js';

async function refused(request: Partial<HttpRequest>, fault: RegExp): Promise<void> {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const sending = client.send(request);
  await expect(sending).rejects.toThrow(PluginFaultError);
  await expect(sending).rejects.toThrow(fault);
  expect(vendor.seen).toEqual([]);
}

it.each<[string, RegExp]>([
  [`http://${HOST}/`, /called http:/],
  [`ftp://${HOST}/`, /called ftp:/],
  ['https://other.example/', /other\.example, which is not among the hosts/],
  [`https://sub.${HOST}/`, /not among the hosts/],
  [`https://${HOST}./`, /not among the hosts/],
  [`https://${HOST}.evil.example/`, /not among the hosts/],
  [`https://evil.example\\@${HOST}/`, /no absolute URL/],
  [`https://user:pass@${HOST}/`, /user name or password/],
  [`https://${HOST}@evil.example/`, /user name or password/],
  [`https://${HOST}:8443/`, /port 8443/],
  ['https://127.0.0.1/', /the address 127\.0\.0\.1/],
  ['https://2130706433/', /the address 127\.0\.0\.1/],
  ['https://0x7f.1/', /the address 127\.0\.0\.1/],
  ['https://[::1]/', /the address/],
  ['https://[::ffff:169.254.169.254]/', /the address/],
  ['/relative', /no absolute URL/],
  ['', /no absolute URL/],
  [`https://${HOST}/a b`, /no absolute URL/],
  [`https://${HOST}/a\nb`, /no absolute URL/],
  [`https://${HOST}/candidates/../jobs`, /"\." or "\.\." segment/],
  [`https://${HOST}/candidates/%2e%2E`, /"\." or "\.\." segment/],
  [`https://${HOST}/candidates/.?x=1`, /"\." or "\.\." segment/],
])('refuses to call %o', (url, fault) => refused({ url }, fault));

it.each<[Partial<HttpRequest>, RegExp]>([
  [{ method: 'POST', maxBytes: 10 }, /maxBytes for a request that may write/],
  [{ maxBytes: 0 }, /maxBytes that is not above zero/],
  [{ maxBytes: Number.NaN }, /maxBytes that is not above zero/],
  [{ answer: 'bytes', secretsAt: ['/token'] }, /bytes and for secrets/],
])('refuses to ask for an answer by %j', (request, fault) => refused(request, fault));

it('calls the default port when it is written out, and host names in any case', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  await client.send({ url: `https://${HOST.toUpperCase()}:443/jobs` });
  expect(vendor.seen).toMatchObject([{ url: '/jobs' }]);
});

it('knows hosts that look like properties of every object', () =>
  refused({ url: 'https://constructor/' }, /not among the hosts/));

it.each([
  'Host',
  'content-length',
  'Connection',
  'Transfer-Encoding',
  'Keep-Alive',
  'Upgrade',
  'TE',
  'Trailer',
  'Expect',
  'Proxy-Authorization',
  'Accept-Encoding',
])('refuses the header %s', (name) => refused({ headers: { [name]: 'x' } }, /which the HTTP client sets by itself/));

it.each(['a\r\nx-injected: 1', 'a\nb', 'a\rb', 'a\u0000b', 'a\u2028b', 'Ā'])('refuses the header value %o', (value) =>
  refused({ headers: { 'x-name': value } }, /characters that are not allowed/),
);

it.each(['bad name', 'bad\nname', 'bad:name', ''])('refuses the header name %o', (name) =>
  refused({ headers: { [name]: 'x' } }, /name has characters that are not allowed/),
);

it('refuses one header twice', () => refused({ headers: { 'X-Key': 'a', 'x-key': 'b' } }, /header x-key twice/));

it('refuses Basic beside another authorization', () =>
  refused({ headers: { authorization: 'x' }, basic: { username: 'u', password: 'p' } }, /as well as "basic"/));

it('refuses a content type that is not the body’s own', async () => {
  await refused({ headers: { 'content-type': 'text/plain' } }, /which the body decides/);
  await refused(
    { method: 'POST', body: { form: {} }, headers: { 'content-type': 'application/json' } },
    /which the body decides/,
  );
  await refused(
    { method: 'POST', body: { bytes: new Uint8Array(), contentType: 'text/plain\r\nx: y' } },
    /characters that are not allowed/,
  );
});

it('takes a JSON type of the vendor’s own', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const headers = { 'Content-Type': 'application/vnd.vendor.v2+json; charset=utf-8' };
  await client.send({ method: 'POST', body: { json: {} }, headers });
  expect(vendor.seen[0]?.headers['content-type']).toBe('application/vnd.vendor.v2+json; charset=utf-8');
});

it.each([0, -1, Number.NaN])('refuses the time limit %d', (timeoutMs) => refused({ timeoutMs }, /time limit/));

it('refuses a body that is no JSON', async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const body: unknown = { json: circular };
  await refused({ method: 'POST', body: body as NonNullable<HttpRequest['body']> }, /body that is no JSON/);
});

it('says who is calling, and what it can unpack', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  await client.send();
  expect(vendor.seen[0]?.headers).toMatchObject({
    'user-agent': 'TestHub/1.0',
    'accept-encoding': 'gzip, deflate, br',
  });
});

it('builds queries: arrays repeat the name, undefined is left out, everything is encoded', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const query = { q: 'a&b=c #ü+', page: 2, all: true, none: undefined, id: ['x', 7], 'na me': '\ud800' };
  await client.send({ url: `https://${HOST}/jobs?v=1#fragment`, query });
  expect(vendor.seen[0]?.url).toBe('/jobs?v=1&q=a%26b%3Dc%20%23%C3%BC%2B&page=2&all=true&id=x&id=7&na%20me=%EF%BF%BD');
});

it('encodes multipart bodies so that no name and no file can end a part', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const multipart = [
    { name: 'note', value: 'plain' },
    { name: 'file"\r\nx: y', value: new TextEncoder().encode('--bytes--'), filename: 'ré"sumé\r\n.pdf' },
    { name: 'typed', value: '{}', contentType: 'application/json' },
  ];
  await client.send({ method: 'POST', body: { multipart } });
  const boundary = /boundary=(.+)$/.exec(vendor.seen[0]?.headers['content-type'] ?? '')?.[1];
  expect(vendor.seen[0]?.body.split(`--${boundary}`)).toEqual([
    '',
    '\r\ncontent-disposition: form-data; name="note"\r\n\r\nplain\r\n',
    '\r\ncontent-disposition: form-data; name="file%22%0D%0Ax: y"; filename="ré%22sumé%0D%0A.pdf"' +
      '\r\ncontent-type: application/octet-stream\r\n\r\n--bytes--\r\n',
    '\r\ncontent-disposition: form-data; name="typed"\r\ncontent-type: application/json\r\n\r\n{}\r\n',
    '--\r\n',
  ]);
});

it('asks an admin for other credentials when these cannot be sent at all', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const pasted = client.secrets.conceal('apiKey', 'key\u201cwith-quote');
  await expect(client.send({ headers: { 'x-key': pasted } })).rejects.toThrow(CredentialsRejectedError);
  const username = client.secrets.conceal('user', 'user:name');
  await expect(client.send({ basic: { username, password: 'p' } })).rejects.toThrow(CredentialsRejectedError);
  expect(vendor.seen).toEqual([]);
});

it.each(['api.vendor.example', 'http://127.0.0.1:1/path', 'ftp://127.0.0.1', 'http://user@127.0.0.1', ''])(
  'refuses the override %o, which is no origin',
  (override) => {
    const options = { pluginId: 'a', atsName: 'A', hosts: [HOST], secrets: new SecretPlaceholders(), userAgent: 'x' };
    expect(() => createGuardedHttp({ ...options, hostOverrides: { [HOST]: override } })).toThrow(TypeError);
  },
);
