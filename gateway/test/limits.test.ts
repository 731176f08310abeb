import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calls } from './support/sample.resolver.js';
import { mediaTypes, readAnswer, startTestGateway, type TestGateway } from './support/test-gateway.js';

const ID = '6f1c1c52-8a43-4a8e-a6c0-3d1a2f1f8b10';

let server: TestGateway;
beforeAll(async () => {
  server = await startTestGateway();
});
afterAll(() => server.gateway.close());
beforeEach(() => {
  calls.count = 0;
});

const nested = (depth: number): string =>
  `{ sample(id: "${ID}") ${'{ next '.repeat(depth)}{ id }${' }'.repeat(depth)} }`;
const exploding = (count: number): string =>
  `query { ...F0 } ${Array.from({ length: count }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F${count} on Query { a: open }`;

const refused: readonly {
  readonly what: string;
  readonly limit: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}[] = [
  { what: 'depth', limit: 'depth', query: nested(12) },
  {
    what: 'depth through fragments',
    limit: 'depth',
    query: `{ sample(id: "${ID}") { ...A } } fragment A on Sample { next { next { next { next { ...B } } } } } fragment B on Sample { next { next { next { next { next { next { next { id } } } } } } } }`,
  },
  { what: 'aliases', limit: 'aliases', query: `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: open`).join(' ')} }` },
  {
    what: 'ten thousand aliases',
    limit: 'tokens',
    query: `{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}: open`).join(' ')} }`,
  },
  { what: 'aliases multiplied by fragments', limit: 'aliases', query: exploding(30) },
  { what: 'tokens', limit: 'tokens', query: `{ ${'open '.repeat(2_001)}}` },
  { what: 'directives', limit: 'directives', query: `{ open ${'@include(if: true) '.repeat(31)} }` },
  {
    what: 'cost of pages in pages',
    limit: 'cost',
    query:
      '{ samples(first: 100) { nodes { next { next { id } } ' +
      'edges: id '.repeat(0) +
      '} ' +
      Array.from({ length: 25 }, (_, i) => `s${i}: edges { node { id name next { id name } } cursor }`).join(' ') +
      ' } s: samples(first: 100) { edges { node { id name } } } }',
  },
  {
    what: 'cost through a variable',
    limit: 'cost',
    query: `query ($n: Int!) { ${Array.from({ length: 30 }, (_, i) => `s${i}: samples(first: $n) { nodes { id name next { id name next { id name } } } }`).join(' ')} }`,
    variables: { n: 100 },
  },
];

describe.each(mediaTypes)('for %s', (accept) => {
  it.each(refused)('refuses too much: $what', async ({ query, variables, limit }) => {
    const answer = await server.ask(query, { accept, ...(variables ? { variables } : {}) });
    expect(answer.errors?.map((error) => error.extensions)).toEqual([
      { code: 'OPERATION_TOO_LARGE', limit, maximum: expect.any(Number) },
    ]);
    expect(answer.status).toBe(accept === 'application/json' ? 200 : 400);
    expect(answer).not.toHaveProperty('data');
    expect(calls.count).toBe(0);
  });

  it.each([
    ['a document that is not GraphQL', '{ open', 'GRAPHQL_PARSE_FAILED'],
    ['a document that does not fit the schema', '{ nothingLikeThat }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a fragment that spreads itself', '{ ...A } fragment A on Query { ...A }', 'GRAPHQL_VALIDATION_FAILED'],
    ['several operations', 'query A { open } query B { open }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('refuses %s', async (_what, query, code) => {
    const answer = await server.ask(query, { accept });
    expect(answer.errors?.[0]?.extensions['code']).toBe(code);
    expect(answer.status).toBe(accept === 'application/json' ? 200 : 400);
    expect(answer).not.toHaveProperty('data');
    expect(calls.count).toBe(0);
  });

  it('refuses a variable of the wrong type', async () => {
    const answer = await server.ask('query ($n: Int!) { samples(first: $n) { nodes { id } } }', {
      accept,
      variables: { n: 'x' },
    });
    expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(answer.status).toBe(accept === 'application/json' ? 200 : 400);
  });

  const post = async (body: string, headers: Record<string, string> = {}) =>
    readAnswer(
      await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, ...headers },
        body,
      }),
    );

  it.each([
    ['several operations in one request', '[{"query":"{ open }"},{"query":"{ open }"}]', 400, 'BAD_REQUEST'],
    ['malformed JSON', '{"query": "{ open }"', 400, 'BAD_REQUEST'],
    ['an empty body', '', 400, 'BAD_REQUEST'],
    ['null', 'null', 400, 'BAD_REQUEST'],
    ['an empty query', '{"query":""}', 400, 'BAD_REQUEST'],
    ['a poisoned prototype', '{"query":"{ open }","__proto__":{"a":1}}', 400, 'BAD_REQUEST'],
    [
      'a huge body',
      JSON.stringify({ query: '{ open }', variables: { x: 'x'.repeat(1_100_000) } }),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status, errors: [{ extensions: { code } }] });
    expect(answer.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    expect(calls.count).toBe(0);
  });
});

it('refuses another encoding than UTF-8', async () => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    body: '{"query":"{ __typename }"}',
  });
  expect(response.status).toBe(415);
});

it('refuses hostile documents quickly', async () => {
  const before = process.cpuUsage();
  for (const { query, variables } of refused) await server.ask(query, variables ? { variables } : {});
  // Others may have the processor meanwhile. Validating the ten thousand aliases alone would take most of a second.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(1_000);
});

it('lets our own largest operation through: introspection', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  const answer = await server.ask(getIntrospectionQuery({ inputValueDeprecation: true, descriptions: true }));
  expect(answer.errors).toBeUndefined();
});

it('lets pages through up to the limit', async () => {
  const answer = await server.ask(
    '{ samples(first: 100) { nodes { id name next { id } } edges { cursor node { id } } } }',
  );
  expect(answer.errors).toBeUndefined();
});

it('survives a request that is not HTTP', async () => {
  const { port } = new URL(server.url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.end('\0\0\0\r\n\r\n'));
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect((await server.ask('{ __typename }')).status).toBe(200);
});
