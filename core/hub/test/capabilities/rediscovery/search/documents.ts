import fc from 'fast-check';
import type { SearchDocument } from '../../../../src/capabilities/rediscovery/search/search-document.js';

/** A document with these texts and no more. */
export function documentWith(
  id: string,
  texts: SearchDocument['texts'],
  rest: Partial<Omit<SearchDocument, 'id' | 'texts'>> = {},
): SearchDocument {
  return { id, texts, numbers: {}, places: [], applications: [], ...rest };
}

/** Few words, so that they meet often: with forms, signs, accents, other scripts and beginnings of each other. */
const words = [
  'manager',
  'Managers',
  'managing',
  'develop',
  'developer',
  'Development',
  'C',
  'C++',
  'C#',
  '.NET',
  'net',
  'node.js',
  'Node',
  'JS',
  'AT&T',
  'at',
  'R&D',
  'full-stack',
  'full',
  'stack',
  'Zoë',
  'ZOE',
  'Straße',
  '東京',
  '東京都',
  '京都',
  '機械学習',
  '学習',
  'ソフト',
  '개발자',
  '개발',
  'พัฒนา',
  'ซอฟต์แวร์',
  'فاطمة',
  'فاطمه',
  '٢٠٢٠',
  '2020',
  "O'Brien",
  'obrien',
  '10,000',
  '10000',
  'ada@mail.example',
  'mail.example',
];

/** A word that documents hold. */
export const aWord = fc.constantFrom(...words);

const aValue = fc.array(aWord, { minLength: 1, maxLength: 4 }).map((chosen) => chosen.join(' '));
const someValues = fc.array(aValue, { maxLength: 3 });
const aYear = fc.integer({ min: 0, max: 25 });
const aMoment = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2026, 11) });

const anApplication = fc
  .record({ job: someValues, status: fc.constantFrom('Active', 'Rejected'), applied: fc.option(aMoment) })
  .map(({ job, status, applied }) => ({
    texts: { job, status: [status] },
    numbers: { ...(applied === null ? {} : { applied: [applied] }) },
  }));

/** Documents of made-up people who have much in common; ids repeat nowhere. */
export const someDocuments = fc
  .array(
    fc.record({
      currentTitle: someValues,
      skill: someValues,
      company: someValues,
      name: aValue,
      companySize: fc.option(fc.constantFrom('1-10', '51-200')),
      years: fc.option(aYear),
      updated: fc.option(aMoment),
      place: fc.option(
        fc.record({ latitude: fc.integer({ min: 50, max: 54 }), longitude: fc.integer({ min: 10, max: 14 }) }),
      ),
      applications: fc.array(anApplication, { maxLength: 2 }),
    }),
    { maxLength: 25 },
  )
  .map((people) =>
    people.map(({ currentTitle, skill, company, name, companySize, years, updated, place, applications }, index) =>
      documentWith(
        `d-${index}`,
        { currentTitle, skill, pastCompany: company, name: [name], companySize: companySize ? [companySize] : [] },
        {
          numbers: { years: years === null ? [] : [years], updated: updated === null ? [] : [updated] },
          places: place ? [place] : [],
          applications,
        },
      ),
    ),
  );

const aLeaf = fc.oneof(
  { weight: 4, arbitrary: aWord },
  fc.tuple(aWord, aWord).map(([one, other]) => `"${one} ${other}"`),
  aWord.filter((word) => word.length > 1).map((word) => `${word}*`),
  fc
    .tuple(
      aWord,
      aWord.filter((word) => word.length > 1),
    )
    .map(([one, other]) => `"${one} ${other}*"`),
  fc
    .tuple(fc.constantFrom('title', 'skill', 'name', 'job', 'company'), aWord)
    .map(([field, word]) => `${field}:${word}`),
  fc.tuple(fc.constantFrom('skill', 'currentTitle'), aValue).map(([field, value]) => `${field}:="${value}"`),
  fc.tuple(aYear, aYear).map(([one, other]) => `years:${Math.min(one, other)}..${Math.max(one, other)}`),
  aYear.map((year) => `years:>${year}`),
  fc.constantFrom(
    'updated:2025',
    'updated:>=2025-06',
    'updated:<2026-01-15',
    'applied:2024..2025-06-30',
    'companySize:51-200',
  ),
  fc.constantFrom('near:52,12,150km', 'near:50,10,80mi', 'skill:*', 'years:*', 'near:51,11,0km', '*'),
  fc
    .tuple(fc.constantFrom('active', 'rejected'), aWord)
    .map(([status, word]) => `application(status:${status} job:${word})`),
  fc.constantFrom('application(status:active NOT job:manager)', 'application(job:c OR applied:2025)'),
);

/** A query that has no mistake, of every kind of clause. */
export const aQuery: fc.Arbitrary<string> = fc.letrec<{ query: string; clause: string }>((tie) => ({
  query: fc
    .array(fc.tuple(fc.constantFrom(' ', ' AND ', ' OR '), tie('clause')), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.map(([operator, clause], index) => (index === 0 ? clause : operator + clause)).join('')),
  clause: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    aLeaf,
    tie('query').map((query) => `(${query})`),
    tie('clause').map((clause) => `NOT ${clause}`),
    tie('query').map((query) => `-(${query})`),
  ),
})).query;
