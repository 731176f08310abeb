import { expect, it } from 'vitest';
import {
  type ExplainedClause,
  explainDocument,
  explainHits,
} from '../../../../src/capabilities/rediscovery/search/explain-query.js';
import { highlightsOf } from '../../../../src/capabilities/rediscovery/search/highlights.js';
import { DocumentMatcher } from '../../../../src/capabilities/rediscovery/search/match-document.js';
import { stemEnglish } from '../../../../src/capabilities/rediscovery/search/text/stem.js';
import { meaning } from './describe-search-engine.js';
import { documentWith } from './documents.js';
import { ReferenceEngine } from './reference-engine.js';

const ada = documentWith(
  'ada',
  { skill: ['Python', 'C++'], resume: ['Led teams. Developing in C++; développeur.'] },
  {
    applications: [{ texts: { job: ['Welder'], status: ['Hired'] }, numbers: {} }],
  },
);
const eve = documentWith('eve', { skill: ['Python'] });

function lines({ query, hits, matched, children }: ExplainedClause, indent = ''): string[] {
  return [`${indent}${query} ${hits ?? matched}`, ...children.flatMap((child) => lines(child, `${indent}  `))];
}

it('RED-6: each clause says how many it finds by itself', async () => {
  const engine = new ReferenceEngine();
  await engine.write({ upserts: [ada, eve] });
  expect(lines(await explainHits(engine, meaning('python -c++ application(job:welder status:hired)')))).toEqual([
    'python AND NOT c++ AND application(job:welder AND status:hired) 0',
    '  python 2',
    '  NOT c++ 1',
    '    c++ 1',
    '  application(job:welder AND status:hired) 1',
    '    job:welder AND status:hired 1',
    '      job:welder 1',
    '      status:hired 1',
  ]);
});

it('RED-6: each clause says whether it finds somebody, and where it was typed', () => {
  const explained = explainDocument(new DocumentMatcher(), meaning('python rust*'), ada);
  expect(lines(explained)).toEqual(['python AND rust* false', '  python true', '  rust* false']);
  expect(explained.children.map(({ span }) => span)).toEqual([
    { start: 0, end: 6 },
    { start: 7, end: 12 },
  ]);
});

it('RED-6: what was found is marked in all its forms, and nothing that was excluded', () => {
  const marked = highlightsOf(new DocumentMatcher(), meaning('develop developpe* c++ job:welder -teams'), ada).map(
    ({ field, value, spans }) => [field, ...spans.map(({ start, end }) => value.slice(start, end))],
  );
  expect(marked).toEqual([
    ['skill', 'C++'],
    ['resume', 'Developing', 'C++', 'développeur'],
    ['job', 'Welder'],
  ]);
});

it('RED-6: what was found in a script that parts no words is marked exactly', () => {
  const [found] = highlightsOf(
    new DocumentMatcher(),
    meaning('学習'),
    documentWith('x', { skill: ['機械学習エンジニア'] }),
  );
  expect(found?.spans).toEqual([{ start: 2, end: 4 }]);
});

it('RED-6: a phrase is marked as a whole', () => {
  const [found] = highlightsOf(
    new DocumentMatcher(),
    meaning('"machine learning"'),
    documentWith('x', { summary: ['Machine-learning; learning machine'] }),
  );
  expect(found?.spans).toEqual([{ start: 0, end: 16 }]);
});

it('RED-6: a query of a thousand words marks a long text without comparing each word with each', () => {
  const words = Array.from({ length: 1_000 }, (_, index) => `w${index}s`);
  const person = documentWith('long', { resume: [words.join(' ')] });
  let stemmed = 0;
  const matcher = new DocumentMatcher((term) => {
    stemmed += 1;
    return stemEnglish(term);
  });
  const [marked] = highlightsOf(matcher, meaning(words.slice(0, 900).join(' OR ')), person);
  expect(marked?.spans).toHaveLength(900);
  explainDocument(matcher, meaning(words.slice(0, 900).join(' OR ')), person);
  expect(stemmed).toBeLessThan(50_000);
});
