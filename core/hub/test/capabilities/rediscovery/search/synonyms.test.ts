import { expect, it } from 'vitest';
import { printQuery } from '../../../../src/capabilities/rediscovery/search/query/print-query.js';
import { childrenOf } from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import { bundledSynonyms, Synonyms } from '../../../../src/capabilities/rediscovery/search/synonyms/synonyms.js';
import { stemEnglish } from '../../../../src/capabilities/rediscovery/search/text/stem.js';
import { wordsOf } from '../../../../src/capabilities/rediscovery/search/text/tokens.js';
import { meaning } from './describe-search-engine.js';

const synonyms = new Synonyms([
  bundledSynonyms,
  { groups: () => [{ kind: 'title', phrases: ['welder', 'welding operator'] }] },
]);

it.each([
  ['js', 'js OR javascript OR ecmascript'],
  ['machine learning python', '(machine AND learning OR ml) AND python'],
  ['"Machine Learning"', '"machine learning" OR ml'],
  ['title:"vice president"', 'title:"vice president" OR title:vp'],
  ['NOT k8s', 'NOT (k8s OR kubernetes)'],
  ['application(job:welders)', 'application(job:welders OR job:welding-operator)'],
  ['kube*', 'kube*'],
  ['name:js company:js', 'name:js AND company:js'],
  ['machine -learning', 'machine AND NOT learning'],
  ['title:machine learning', 'title:machine AND learning'],
])('RED-6: with synonyms switched on, %s means %s', (query, expanded) => {
  expect(printQuery(synonyms.expand(meaning(query)))).toBe(expanded);
});

it('RED-6: what was added is marked, and stands where it was typed', () => {
  const added = childrenOf(synonyms.expand(meaning('python OR k8s'))).filter((node) => 'synonym' in node);
  expect(added).toMatchObject([{ words: ['kubernetes'], span: { start: 10, end: 13 } }]);
});

it('RED-6: the bundled list is of groups that say one thing in several ways, each phrase in one group', () => {
  const seen = new Map<string, string>();
  for (const { phrases } of bundledSynonyms.groups()) {
    const keys = new Set(
      phrases.map((phrase) =>
        wordsOf(phrase)
          .map(({ text }) => stemEnglish(text))
          .join(' '),
      ),
    );
    expect(keys.size, phrases.join()).toBeGreaterThan(1);
    for (const key of keys) {
      expect(seen.get(key), `${key} stands in two groups`).toBeUndefined();
      seen.set(key, key);
    }
  }
});
