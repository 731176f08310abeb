import { HOSTILE_STRINGS } from '@talentbridge/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SEARCH_FIELDS } from '../../../../src/capabilities/rediscovery/search/fields.js';
import {
  type ParsedQuery,
  parseQuery,
  QUERY_LIMITS,
} from '../../../../src/capabilities/rediscovery/search/query/parse-query.js';
import { printQuery } from '../../../../src/capabilities/rediscovery/search/query/print-query.js';
import {
  childrenOf,
  type QueryNode,
  withoutSpans,
} from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import { meaning } from './describe-search-engine.js';
import { aQuery, aWord } from './documents.js';

/** What a query means, written out. */
const read = (query: string): string => printQuery(meaning(query));

function refused(query: string): Extract<ParsedQuery, { ok: false }> {
  const parsed = parseQuery(query);
  if (parsed.ok) throw new Error(`${query} was taken for ${printQuery(parsed.tree)}.`);
  return parsed;
}

it.each([
  ['java python', 'java AND python'],
  ['java AND python OR go', 'java AND python OR go'],
  ['java (python OR go)', 'java AND (python OR go)'],
  ['((java))', 'java'],
  ['a1 (b1 (c1 d1))', 'a1 AND b1 AND c1 AND d1'],
  ['-java -"big data" NOT NOT go', 'NOT java AND NOT "big data" AND go'],
  ['java AND NOT (go OR -rust)', 'java AND NOT (go OR NOT rust)'],
  ['"Software  Engineer"', '"software engineer"'],
  ['title:engineer TITLE:"account manager"', 'title:engineer AND title:"account manager"'],
  ['title:(engineer OR "account manager") x1', '(title:engineer OR title:"account manager") AND x1'],
  ['Current-Title: engineer', 'currentTitle:engineer'],
  ['skills:C++ skill:c#', 'skill:c++ AND skill:c#'],
  ['full-stack node.js ada@mail.example', 'full-stack AND node-js AND ada-mail-example'],
  ['develop* "software dev*"', 'develop* AND "software dev*"'],
  ['java, python;go', 'java AND python AND go'],
  ['10,000', '10000'],
  ['sales & marketing', 'sales AND marketing'],
  ['sales - marketing', 'sales AND marketing'],
  ['java | go || rust', 'java OR go OR rust'],
  ['https://www.linkedin.com/in/ada-king', 'https-www-linkedin-com-in-ada-king'],
  [
    'years:3..8 years:3-8 years:5 years:5+ years:>3 years:<3 years:>=3 years:..8',
    'years:3..8 AND years:3..8 AND years:5 AND years:5.. AND years:4.. AND years:..2 AND years:3.. AND years:..8',
  ],
  [
    'updated:>=2026-01-01 updated:2025-12..2026 updated:>2025 updated:<2026-03-01',
    'updated:2026-01-01.. AND updated:2025-12..2026 AND updated:2026.. AND updated:..2026-02-28',
  ],
  ['email:* NOT linkedin:*', 'email:* AND NOT linkedin:*'],
  ['company:="Example, Inc."', 'currentCompany:="example, inc." OR pastCompany:="example, inc."'],
  ['phone:"+49 (30) 901820"', 'phone:="4930901820"'],
  ['near:52.52,13.405,50km near:-1.5,-2,10mi', 'near:52.52,13.405,50km AND near:-1.5,-2,16.09344km'],
  ['application(job:welder status:rejected)', 'application(job:welder AND status:rejected)'],
  ['', '*'],
  ['* java', 'java'],
  ['…', '*'],
])('RED-6: %s means %s', (query, meant) => {
  expect(read(query)).toBe(meant);
});

it.each([
  ['“software engineer”', '"software engineer"'],
  ['«big data» „deep learning‟', '"big data" AND "deep learning"'],
  ['java –python −go —rust', 'java AND NOT python AND NOT go AND NOT rust'],
  ['ｊａｖａ　ＡＮＤ　（ｇｏ　ＯＲ　ｒｕｓｔ）', 'java AND (go OR rust)'],
  ['ｔｉｔｌｅ：ｅｎｇｉｎｅｅｒ', 'title:engineer'],
  ['java ∧ (go ∨ rust) ∧ ¬perl', 'java AND (go OR rust) AND NOT perl'],
  ['\u201cdata\u00a0science\u201d\u200b java\ufeff', '"data science" AND java'],
  ['「機械学習」、東京', '"機械学習" AND 東京'],
])('RED-6: what was pasted is taken for what it means: %s', (query, meant) => {
  expect(read(query)).toBe(meant);
});

it('RED-6: operators in lower case are words, and a hint says so', () => {
  expect(parseQuery('java or python')).toMatchObject({
    ok: true,
    hints: [{ code: 'LOWER_CASE_OPERATOR', start: 5, end: 7, remedy: expect.stringContaining('OR') }],
  });
  expect(read('ANDROID ORACLE NOTARY')).toBe('android AND oracle AND notary');
});

it.each([
  ['"big data', 'UNCLOSED_QUOTE', 0, 1, '"big data"'],
  ['(java OR go', 'UNCLOSED_PARENTHESIS', 0, 1, 'java OR go'],
  ['java) go', 'UNOPENED_PARENTHESIS', 4, 5, 'java AND go'],
  ['java ()', 'EMPTY_PARENTHESES', 5, 7, 'java'],
  ['java AND', 'MISSING_OPERAND', 5, 8, 'java'],
  ['OR java', 'MISSING_OPERAND', 0, 2, 'java'],
  ['java OR OR go', 'MISSING_OPERAND', 8, 10, 'java OR go'],
  ['java NOT', 'MISSING_OPERAND', 5, 8, 'java'],
  ['java AND AND go', 'MISSING_OPERAND', 9, 12, 'java AND go'],
  ['java yaers:5', 'UNKNOWN_FIELD', 5, 10, 'java AND years:5'],
  ['java quux:zap', 'UNKNOWN_FIELD', 5, 9, 'java AND quux-zap'],
  ['java title:', 'MISSING_VALUE', 5, 11, 'java'],
  ['java years:many', 'NOT_A_NUMBER', 5, 15, 'java'],
  ['java updated:2026-13', 'NOT_A_DATE', 5, 20, 'java'],
  ['java near:berlin', 'NOT_A_PLACE', 5, 16, 'java'],
  ['years:8..3', 'REVERSED_RANGE', 0, 10, 'years:3..8'],
  ['soft*ware', 'MISPLACED_WILDCARD', 4, 5, 'soft-ware'],
  ['*ware', 'MISPLACED_WILDCARD', 0, 1, 'ware'],
  ['"big *"', 'MISPLACED_WILDCARD', 5, 6, '"big"'],
  ['java d*', 'PREFIX_TOO_SHORT', 5, 7, 'java AND d*'],
  ['"senior s*"', 'PREFIX_TOO_SHORT', 8, 10, '"senior s*"'],
  ['java "senior s"*', 'PREFIX_TOO_SHORT', 13, 15, 'java AND "senior s*"'],
  ['senior-s*', 'PREFIX_TOO_SHORT', 7, 9, 'senior-s*'],
  ['title:s*', 'PREFIX_TOO_SHORT', 6, 8, 'title:s*'],
  ['title:"senior s*"', 'PREFIX_TOO_SHORT', 14, 16, 'title:"senior s*"'],
  ['company:(東京 OR "東京 s*")', 'PREFIX_TOO_SHORT', 19, 21, 'company:東京 OR company:"東京 s*"'],
  ['java "..."', 'NO_WORD', 5, 10, 'java'],
  ['java companySize:51*', 'WRONG_KIND', 5, 20, 'java AND companySize:="51"'],
  ['application(title:welder)', 'NOT_OF_APPLICATION', 12, 18, 'title:welder'],
  ['application(welder)', 'NOT_OF_APPLICATION', 0, 19, 'welder'],
])(
  'RED-6: %s is refused with %s, where it stands, and read as well as it can be',
  (query, code, start, end, reading) => {
    const { problems, bestReading } = refused(query);
    expect(problems).toMatchObject([{ code, start, end }]);
    expect(bestReading && printQuery(bestReading)).toBe(reading);
  },
);

it('RED-6: one letter is no beginning of a word, whatever stands before it', () => {
  const letter = fc.constantFrom('s', 'É', '7', 'ø', 'ж');
  fc.assert(
    fc.property(fc.array(aWord), letter, fc.constantFrom('', 'title:', 'name:'), (before, last, field) => {
      const typed = `java ${field}"${[...before, last].join(' ')}*"`;
      const { problems } = refused(typed);
      expect(problems.map(({ code, start, end }) => [code, typed.slice(start, end)])).toEqual([
        ['PREFIX_TOO_SHORT', `${last}*`],
      ]);
      expect(parseQuery(typed.replace(`${last}*`, `${last}t*`)).ok).toBe(true);
    }),
  );
});

it('RED-6: an unknown field is answered with the one that was meant', () => {
  expect(refused('yaers:5').problems[0]?.message).toBe('There is no field `yaers`. Did you mean `years`?');
  expect(refused('zzz:5').problems[0]?.message).toBe('There is no field `zzz`.');
});

it('RED-6: limits are named', () => {
  expect(refused('x'.repeat(QUERY_LIMITS.length + 1)).problems).toMatchObject([{ code: 'TOO_LONG' }]);
  expect(refused('xy '.repeat(QUERY_LIMITS.words + 1)).problems).toMatchObject([{ code: 'TOO_MANY_WORDS' }]);
  const row = 'xy '.repeat(QUERY_LIMITS.phrase);
  expect(parseQuery(`"${row}"`).ok).toBe(true);
  expect(parseQuery('京'.repeat(QUERY_LIMITS.phrase)).ok).toBe(true);
  for (const long of [
    `"${row}z"`,
    `title:"${row}z"`,
    `${row.replaceAll(' ', '-')}z`,
    `${'京'.repeat(QUERY_LIMITS.phrase)}都`,
  ]) {
    expect(refused(`java ${long} go`).problems).toMatchObject([
      { code: 'TOO_MANY_WORDS', start: 5, end: 5 + long.length },
    ]);
  }
  expect(refused('('.repeat(9_000)).problems).toMatchObject([{ code: 'TOO_DEEP' }]);
  expect(refused('-('.repeat(4_000)).problems).toMatchObject([{ code: 'TOO_DEEP' }]);
  expect(parseQuery(`${'('.repeat(QUERY_LIMITS.depth)}java${')'.repeat(QUERY_LIMITS.depth)}`).ok).toBe(true);
});

it('RED-6: each clause says where it was typed', () => {
  const typed = 'java  AND title:"big data" -x1';
  const places = (node: QueryNode): string[] => childrenOf(node).map(({ span }) => typed.slice(span?.start, span?.end));
  expect(places(meaning(typed))).toEqual(['java', 'title:"big data"', '-x1']);
});

it('RED-6: the example of every field is a query', () => {
  for (const { example } of SEARCH_FIELDS) expect(parseQuery(example)).toMatchObject({ ok: true, hints: [] });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(...HOSTILE_STRINGS.map(({ text }) => text)),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...'" “ ” ( ) - – * : := , ; | AND OR NOT && ¬ application( title: years: near: updated: phone: 5..8 >= . & + # \' a c++ .net 東京 ก ㈱ ﬁ ⑴ ½ １ ５'.split(
            ' ',
          ),
          ' ',
          ' ',
          ' ',
        ),
        fc.string({ unit: 'grapheme', maxLength: 4 }),
      ),
      { maxLength: 25 },
    )
    .map((parts) => parts.join('')),
);

const normal = (node: QueryNode): boolean => {
  const children = childrenOf(node);
  const grouped = node.kind === 'and' || node.kind === 'or';
  if (grouped && (children.length < 2 || children.some(({ kind }) => kind === node.kind || kind === 'all')))
    return false;
  return !(node.kind === 'not' && children[0]?.kind === 'not') && children.every(normal);
};

it('RED-6: whatever is typed is read or refused with places in it, and what was read prints and reads the same again', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, aQuery), (typed) => {
      const parsed = parseQuery(typed);
      for (const { start, end, message, remedy } of parsed.ok ? parsed.hints : parsed.problems) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(typed.length);
        expect(message && remedy).toBeTruthy();
      }
      if (!parsed.ok) {
        expect(parsed.problems.length).toBeGreaterThan(0);
        return;
      }
      expect(normal(parsed.tree)).toBe(true);
      expect(withoutSpans(meaning(printQuery(parsed.tree)))).toEqual(withoutSpans(parsed.tree));
      expect(JSON.parse(JSON.stringify(parsed.tree))).toEqual(parsed.tree);
    }),
    { numRuns: 3_000 },
  );
});
