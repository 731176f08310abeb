import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAnswer, startTestGateway, type TestGateway } from './support/test-gateway.js';

let server: TestGateway;
beforeAll(async () => {
  server = await startTestGateway();
});
afterAll(() => server.gateway.close());

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => `${server.url}/graphql` });

  it('has 61 audits', () => {
    expect(audits).toHaveLength(61);
  });

  // `warn` is an audit that says SHOULD, `notice` one that says MAY: none may be anything but ok.
  it.each(audits.map((audit) => ({ audit, title: `${audit.id}: ${audit.name}` })))('$title', async ({ audit }) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
  });
});

describe('GET', () => {
  const get = async (parameters: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/graphql?${new URLSearchParams(parameters)}`, { headers });
    return readAnswer(response);
  };

  it('answers queries with variables', async () => {
    const answer = await get(
      { query: 'query ($n: Int!) { samples(first: $n) { nodes { id } } }', variables: '{"n":1}' },
      { authorization: `Bearer ${await server.token()}` },
    );
    expect(answer).toMatchObject({ status: 200, data: { samples: { nodes: [{ id: '1' }] } } });
  });

  it.each(['application/json', 'application/graphql-response+json'])(
    'refuses mutations with 405 for %s',
    async (accept) => {
      const answer = await get(
        { query: 'mutation { change }' },
        { accept, authorization: `Bearer ${await server.token()}` },
      );
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toContain('POST');
    },
  );

  it('refuses parameters that are given twice', async () => {
    const response = await fetch(`${server.url}/graphql?query={__typename}&query={__typename}`);
    expect(response.status).toBe(400);
  });

  it('refuses variables that are no JSON', async () => {
    expect(await get({ query: '{ __typename }', variables: '{' })).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
  });
});

it.each(['PUT', 'DELETE', 'PATCH'])('answers %s with 405', async (method) => {
  const response = await fetch(`${server.url}/graphql`, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, POST');
});

it('answers 406 when nothing that it has is accepted', async () => {
  const response = await fetch(`${server.url}/graphql?query={__typename}`, { headers: { accept: 'image/png' } });
  expect(response.status).toBe(406);
});

it.each([
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
  ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
  ['application/json, application/graphql-response+json', 'application/json'],
  ['application/json;q=0.5, application/graphql-response+json', 'application/graphql-response+json'],
  ['application/*', 'application/json'],
  ['application/json;q=0, */*', 'application/graphql-response+json'],
])('answers Accept: %s with %s', async (accept, expected) => {
  const response = await fetch(`${server.url}/graphql?query={__typename}`, { headers: { accept } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(`${expected}; charset=utf-8`);
});

it('answers a subscription without a stream with what to do instead', async () => {
  const answer = await server.ask('subscription { counted }');
  expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST' } });
  expect(answer.errors?.[0]?.message).toContain('text/event-stream');
});

it('takes no forms, so that no other site can post here', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] });
  }
});
