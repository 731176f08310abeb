import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from './support/test-gateway.js';

describe.each(['test', 'production'] as const)('in %s', (environment) => {
  let server: TestGateway;
  let token: string;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    if (environment === 'test') {
      server = await startTestGateway();
      token = await server.token();
      stop = () => server.gateway.close();
      return;
    }
    // Production takes no tokens of the development issuer's routes, but it can be told to trust its keys.
    const issuing = await startTestGateway();
    token = await issuing.token();
    server = await startTestGateway({
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      AUTH_JWKS_URL: `${issuing.url}/dev/jwks`,
      AUTH_ISSUER: 'talentbridge-development',
      AUTH_AUDIENCE: 'talentbridge',
    });
    stop = async () => {
      await server.gateway.close();
      await issuing.gateway.close();
    };
  });
  afterAll(() => stop());

  it.each(['anything', 'fix'])('masks what is ours to mend (%s), and logs it under the same id', async (how) => {
    // Three times: interpreted, then compiled.
    for (let i = 0; i < 3; i += 1) {
      const answer = await server.ask(`{ fails(how: "${how}") }`, { token });
      expect(answer.data).toEqual({ fails: null });
      const error = answer.errors?.[0];
      expect(error).toMatchObject({ message: 'Internal error', path: ['fails'] });
      expect(error?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) });
      expect(answer.text).not.toMatch(/hunter2|stack|\.ts:/);
      expect(server.log()).toContain(String(error?.extensions['errorId']));
    }
  });

  it('shows errors of the hub as they are, with their code and who acts next', async () => {
    const answer = await server.ask('{ fails(how: "hub") }', { token });
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining('Acme ATS refused the candidate'),
      extensions: { code: 'CANDIDATE_REJECTED', recovery: 'skip' },
    });
  });

  it('names the argument that is wrong', async () => {
    const malformed = await server.ask('{ sample(id: "7") { id } }', { token });
    expect(malformed.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'id' });
    const id = '6f1c1c52-8a43-4a8e-a6c0-3d1a2f1f8b10';
    const inside = await server.ask('query ($i: SampleInput!) { pick(input: $i) }', {
      token,
      variables: { i: { ids: [id, 'x'] } },
    });
    expect(inside.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'ids[1]' });
    const long = await server.ask('query ($i: SampleInput!) { pick(input: $i) }', {
      token,
      variables: { i: { ids: [], name: 'very long' } },
    });
    expect(long.errors?.[0]?.message).toBe('name: At most 5 letters.');
  });
});

describe('production keeps the schema to itself', () => {
  const settings = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    AUTH_JWKS_URL: 'http://127.0.0.1:9/keys',
    AUTH_ISSUER: 'i',
    AUTH_AUDIENCE: 'a',
  };
  let server: TestGateway;
  beforeAll(async () => {
    server = await startTestGateway(settings);
  });
  afterAll(() => server.gateway.close());

  it.each(['{ __schema { queryType { name } } }', '{ __type(name: "Viewer") { name } }'])(
    'refuses %s',
    async (query) => {
      const answer = await server.ask(query, { token: null });
      expect(answer.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(answer).not.toHaveProperty('data');
    },
  );

  it('suggests no names', async () => {
    const answer = await server.ask('{ viewr { userId } viewer { userID } }', { token: null });
    expect(answer.errors).toHaveLength(2);
    expect(answer.text).not.toContain('Did you mean');
    expect(answer.errors?.[0]?.message).toBe('Cannot query field "viewr" on type "Query".');
  });

  it.each(['/graphiql', '/graphiql/', '/dev/token', '/dev/jwks', '/metrics'])('has no %s', async (path) => {
    expect((await fetch(`${server.url}${path}`)).status).toBe(404);
  });

  it('answers over TLS only, once a browser has been told', async () => {
    expect((await fetch(`${server.url}/health`)).headers.get('strict-transport-security')).toContain('max-age');
  });

  it('does suggest names elsewhere', async () => {
    await using other = await startTestGateway();
    expect((await other.ask('{ viewr { userId } }')).text).toContain('Did you mean');
  });
});

describe('a value that does not fit is not repeated, since it may be a credential', () => {
  let server: TestGateway;
  beforeAll(async () => {
    server = await startTestGateway();
  });
  afterAll(() => server.gateway.close());

  const QUERY = 'query ($i: SampleInput!) { pick(input: $i) }';
  const canary = 'canary-714025936';
  it.each([
    [
      QUERY,
      { i: { ids: ['a'], name: { secret: canary } } },
      'Variable "$i" at "i.name": Expected a value of type "String".',
    ],
    [QUERY, { i: { ids: [{ key: canary }] } }, 'Variable "$i" at "i.ids[0]": Expected a value of type "ID!".'],
    [QUERY, { i: { name: canary } }, 'Variable "$i": Field "ids" of required type "[ID!]!" was not provided.'],
    [QUERY, { i: { ids: [], other: canary } }, 'Variable "$i": Field "other" is not defined by type "SampleInput".'],
    [QUERY, { i: canary }, 'Variable "$i": Expected type "SampleInput" to be an object.'],
    [QUERY, { i: null }, 'Variable "$i" of non-null type "SampleInput!" must not be null.'],
    [QUERY, {}, 'Variable "$i" of required type "SampleInput!" was not provided.'],
    [
      'query ($n: Int) { samples(first: $n) { nodes { id } } }',
      { n: canary },
      'Variable "$n": Expected a value of type "Int".',
    ],
    [`{ pick(input: { ids: [], name: ["${canary}"] }) }`, {}, 'Expected a value of type "String".'],
    [`{ samples(first: "${canary}") { nodes { id } } }`, {}, 'Expected a value of type "Int!".'],
    [`{ pick(input: "${canary}") }`, {}, 'Expected a value of type "SampleInput!".'],
    [
      `{ pick(input: { name: "${canary}" }) }`,
      {},
      'Field "SampleInput.ids" of required type "[ID!]!" was not provided.',
    ],
    [`{ pick("${canary}") }`, {}, 'Syntax Error: Expected Name, found String.'],
    [`{ pick(input: { name: "${canary}`, {}, 'Syntax Error: Unterminated string.'],
  ])('%s %j', async (query, variables, message) => {
    // Twice, for the interpreter and the compiler of operations.
    for (let i = 0; i < 2; i += 1) {
      const answer = await server.ask(query, { variables });
      expect(answer.errors?.map((error) => error.message)).toContain(message);
      expect(answer.text).not.toContain(canary);
    }
    expect(server.log()).not.toContain(canary);
  });
});
