import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexedText, TOKENIZER } from '../../../../src/capabilities/rediscovery/search/embedded/text-terms.js';
import { stemEnglish } from '../../../../src/capabilities/rediscovery/search/text/stem.js';
import { tokenize } from '../../../../src/capabilities/rediscovery/search/text/tokens.js';
import { formsOf } from '../../../../src/capabilities/rediscovery/search/text/word-forms.js';

const someWords = `manager managers managing managed manage study studies studying studied process processes processing
  led lead leads leading women woman analysis analyses box boxes boxing planned planning plan plans agreed agree agrees
  agreeing tie ties tied engineer engineering engineers business businesses string strings run ran running wrote written
  writing write company companies data bus buses class classes quiz quizzes indices index indexes need needed needing`
  .split(/\s+/)
  .filter((word) => word !== '');

const aWord = fc.oneof(
  fc.constantFrom(...someWords),
  fc.string({ unit: fc.constantFrom(...'abdeginrstuyz'), minLength: 1, maxLength: 9 }),
  fc
    .tuple(fc.constantFrom(...someWords), fc.constantFrom('s', 'es', 'ing', 'ed', 'd', 'ies', 'e', 'y', 'i'))
    .map(([word, ending]) => word + ending),
);

describe('terms of the embedded index', () => {
  it('RED-6: the forms of a word are exactly the words of its stem', () => {
    fc.assert(
      fc.property(aWord, aWord, (one, other) => {
        expect(formsOf(one)).toContain(one);
        expect(formsOf(one).includes(other)).toBe(stemEnglish(one) === stemEnglish(other));
        for (const form of formsOf(one)) expect(stemEnglish(form)).toBe(stemEnglish(one));
      }),
      { numRuns: 20_000 },
    );
    for (const one of someWords) {
      for (const other of someWords) {
        expect(formsOf(one).includes(other)).toBe(stemEnglish(one) === stemEnglish(other));
      }
    }
  });

  it('RED-6: SQLite takes every term that there is as it stands, and none for two', () => {
    using db = new DatabaseSync(':memory:');
    db.exec(`CREATE VIRTUAL TABLE text USING fts5(value, tokenize = "${TOKENIZER}")`);
    db.exec(`CREATE VIRTUAL TABLE term USING fts5vocab(text, 'instance')`);
    const signs = fc.constantFrom(
      ...'aZ9+#.&_-\'" ,;()*éßÅ東京ソ개ก็\u0301\u200dçΩж١',
      'C++',
      '.NET',
      'AT&T',
      '\u0000',
      '😀',
    );
    const texts = fc.oneof(fc.string({ unit: signs, maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }));
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 4 }), (values) => {
        db.exec('DELETE FROM text');
        db.prepare('INSERT INTO text VALUES (?)').run(indexedText(values));
        const expected = values.flatMap((value, index) => [
          ...(index > 0 ? ['_'] : []),
          ...tokenize(value).map(({ term }) => term),
        ]);
        const found = db.prepare('SELECT term FROM term ORDER BY "offset"').all();
        expect(found.map(({ term }) => term)).toEqual(expected);
      }),
      { numRuns: 3_000 },
    );
  });
});
