import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from './support/test-gateway.js';

let server: TestGateway;
beforeAll(async () => {
  server = await startTestGateway();
});
afterAll(() => server.gateway.close());

const PAGE = `query ($first: Int, $after: String) {
  samples(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id } }
    nodes { id }
  }
}`;

interface Page {
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string | null;
  };
  readonly nodes: readonly { readonly id: string }[];
}

it('walks a whole list without losing or repeating an item', async () => {
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const answer = await server.ask(PAGE, { variables: { first: 60, after } });
    const page = answer.data?.['samples'] as Page;
    expect(page.totalCount).toBe(250);
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
    seen.push(...page.nodes.map((node) => node.id));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => String(index + 1)));
});

it('answers 20 items when nobody says how many', async () => {
  const answer = await server.ask('{ samples { nodes { id } } }');
  expect(answer.data).toMatchObject({ samples: { nodes: { length: 20 } } });
});

it.each([0, -1, 101, 2_147_483_647])('refuses a page of %i', async (first) => {
  // Twice, for the interpreter and the compiler of operations.
  for (let i = 0; i < 2; i += 1) {
    const answer = await server.ask(PAGE, { variables: { first } });
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining('1 to 100'),
      extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
    });
  }
});

it.each(['', 'not a cursor!', 'x'.repeat(2_000)])('refuses the cursor "%.20s"', async (after) => {
  const answer = await server.ask(PAGE, { variables: { first: 1, after } });
  expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'after' });
});

it('tells plain data of a union apart', async () => {
  for (let i = 0; i < 3; i += 1) {
    const answer = await server.ask(
      '{ outcomes { __typename ... on SampleDone { what } ... on SampleRefused { reason } } }',
    );
    expect(answer.data).toEqual({
      outcomes: [
        { __typename: 'SampleDone', what: 'export' },
        { __typename: 'SampleRefused', reason: 'closed' },
      ],
    });
  }
});
