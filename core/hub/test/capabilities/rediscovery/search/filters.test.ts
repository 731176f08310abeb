import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SEARCH_FIELDS } from '../../../../src/capabilities/rediscovery/search/fields.js';
import { filterTree, type SearchFilter } from '../../../../src/capabilities/rediscovery/search/filters.js';
import { printQuery } from '../../../../src/capabilities/rediscovery/search/query/print-query.js';
import { withoutSpans } from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import { meaning } from './describe-search-engine.js';

const print = (...filters: SearchFilter[]): string => printQuery(filterTree(filters));

it('RED-6: power filters ask for whole values, ranges and distances', () => {
  expect(print({ field: 'skill', anyOf: ['C++', 'Big Data'], noneOf: ['PHP'] })).toBe(
    '(skill:="c++" OR skill:="big data") AND NOT skill:="php"',
  );
  expect(print({ field: 'years', anyOf: ['3-5', '>=11'] })).toBe('years:3..5 OR years:11..');
  expect(print({ field: 'updated', anyOf: ['2026-01..'] })).toBe('updated:2026-01..');
  expect(print({ field: 'near', within: { latitude: 52.52, longitude: 13.405, kilometers: 50 } })).toBe(
    'near:52.52,13.405,50km',
  );
  expect(print()).toBe('*');
});

it('RED-7: wanted values of applications are wanted of one and the same', () => {
  expect(
    print(
      { field: 'job', anyOf: ['Welder'] },
      { field: 'status', anyOf: ['Rejected', 'Withdrawn'], noneOf: ['Hired'] },
    ),
  ).toBe('NOT status:="hired" AND application(job:="welder" AND (status:="rejected" OR status:="withdrawn"))');
});

it('RED-7: filters that cannot be used are all named, without their values', () => {
  const filters = [
    { field: 'shoeSize', anyOf: ['9'] },
    { field: 'years', anyOf: ['3', 'secret'] },
    { field: 'near', within: { latitude: 200, longitude: 0, kilometers: 1 } },
    { field: 'skill', noneOf: [' '] },
  ];
  expect(() => filterTree(filters)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      problems: [
        { field: 'filters[0].field', message: expect.any(String) },
        { field: 'filters[1].anyOf[1]', message: expect.not.stringContaining('secret') },
        { field: 'filters[2].within', message: expect.any(String) },
        { field: 'filters[3].noneOf[0]', message: expect.any(String) },
      ],
    }),
  );
});

it('RED-7: a filter can be written as a query that means the same', () => {
  const text = SEARCH_FIELDS.filter(({ kind }) => kind === 'text' || kind === 'exact').map(({ name }) => name);
  const aFilter = fc.record({
    field: fc.constantFrom(...text),
    anyOf: fc.array(
      fc.string({ unit: 'binary', maxLength: 12 }).map((value) => `7${value}`),
      { maxLength: 3 },
    ),
    noneOf: fc.array(
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => `7${value}`),
      { maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(fc.array(aFilter, { maxLength: 4 }), (filters) => {
      const tree = filterTree(filters);
      expect(withoutSpans(meaning(printQuery(tree)))).toEqual(tree);
    }),
    { numRuns: 1_000 },
  );
});
