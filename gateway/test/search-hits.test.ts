import 'reflect-metadata';
import { SearchBusyError, SearchTooLongError } from '@talentbridge/hub';
import { GraphQLObjectType, type GraphQLResolveInfo, GraphQLSchema, GraphQLString, graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import { orUserError } from '../dist/errors/user-error.type.js';
import { selects } from '../dist/graphql/selects.js';
import { toHitConnection } from '../dist/search/show-search.js';

const hit = (id: string) => ({ id, cursor: `cursor-of-${id}` });

function connectionOf(there: readonly string[], asked: string[][] = []) {
  return toHitConnection({
    found: {
      ...{ ok: true, hits: ['a', 'b', 'c'].map(hit), hasNextPage: true, total: 7, rankedBy: 'updated', insights: null },
      ...{ readAs: '*', hints: [], indexing: null, search: { asked: { kind: 'all' }, among: { kind: 'all' } } },
    },
    asked: { first: 3 },
    records: new Map(there.map((id) => [id, { id }])),
    show: (record) => record,
    snippets: async (ids) => {
      asked.push([...ids]);
      return new Map(ids.map((id) => [id, []]));
    },
  });
}

describe('API-1: a page of hits', () => {
  it('leaves out who has gone since, and is followed by the next page all the same', async () => {
    const page = connectionOf(['a', 'b']);
    expect(page.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(page.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: 'cursor-of-a',
      endCursor: 'cursor-of-c',
    });
    expect(await page.countAll()).toBe(7);
    expect(connectionOf([]).pageInfo.endCursor).toBe('cursor-of-c');
  });

  it('looks up where words stand once for all of it, and not before somebody asks', async () => {
    const asked: string[][] = [];
    const { edges } = connectionOf(['a', 'b'], asked);
    expect(asked).toEqual([]);
    await Promise.all(edges.map((edge) => (edge as unknown as { highlights(): Promise<unknown> }).highlights()));
    expect(asked).toEqual([['a', 'b']]);
  });
});

describe('what a client asks for inside of a field', () => {
  const inner = new GraphQLObjectType({
    name: 'Inner',
    fields: { one: { type: GraphQLString }, two: { type: GraphQLString } },
  });

  it.each([
    ['{ inner { one } }', true],
    ['{ inner { two } }', false],
    ['{ inner { two: one } }', true],
    ['{ inner { one: two } }', false],
    ['{ inner { ... on Inner { one } } }', true],
    ['{ inner { ...Parts } } fragment Parts on Inner { ...More } fragment More on Inner { two one }', true],
    ['{ inner { ...Parts } } fragment Parts on Inner { two }', false],
    ['{ inner { two } inner { one } }', true],
  ])('is seen through fragments, aliases and repetitions: %s', async (source, expected) => {
    const seen: boolean[] = [];
    const resolve = (_root: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      seen.push(selects(info, 'one'));
      return {};
    };
    const query = new GraphQLObjectType({ name: 'Query', fields: { inner: { type: inner, resolve } } });
    expect(await graphql({ schema: new GraphQLSchema({ query }), source })).not.toHaveProperty('errors');
    expect(seen).toEqual([expected]);
  });
});

it.each([new SearchBusyError(), new SearchTooLongError(5_000)])(
  'RED-6: that too many searches wait, or one takes too long, is no failure of an ATS: $code',
  async (error) => {
    await expect(orUserError(Promise.reject(error))).rejects.toBe(error);
  },
);
