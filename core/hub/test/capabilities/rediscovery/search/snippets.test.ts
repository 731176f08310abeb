import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snippetsOf } from '../../../../src/capabilities/rediscovery/search/snippets.js';

const around = (word: string, before: number, after: number): string =>
  `${'many words before '.repeat(before)}${word}${' and words after'.repeat(after)}`;

const at = (value: string, word: string) => ({ start: value.indexOf(word), end: value.indexOf(word) + word.length });

describe('RED-6: what is shown of the places where a query was found', () => {
  it('is the whole of a short value', () => {
    expect(snippetsOf([{ field: 'currentTitle', value: 'Site Manager', spans: [{ start: 5, end: 12 }] }])).toEqual([
      {
        field: 'currentTitle',
        label: 'Current title',
        text: 'Site Manager',
        spans: [{ start: 5, end: 12 }],
        cutBefore: false,
        cutAfter: false,
      },
    ]);
  });

  it('is some 200 characters around the words of a long one, cut between words', () => {
    const value = around('kubernetes', 100, 100);
    const [snippet] = snippetsOf([{ field: 'resume', value, spans: [at(value, 'kubernetes')] }]);
    expect(snippet?.text.length).toBeGreaterThan(150);
    expect(snippet?.text.length).toBeLessThanOrEqual(200);
    expect(snippet?.text).toMatch(/^\w.*\w$/);
    expect(value).toContain(` ${snippet?.text} `);
    expect(snippet?.spans.map(({ start, end }) => snippet.text.slice(start, end))).toEqual(['kubernetes']);
    expect(snippet).toMatchObject({ cutBefore: true, cutAfter: true });
  });

  it('holds words that stand near each other together, and of many places the first few', () => {
    const value = `${around('first second', 30, 30)} ${around('third', 30, 30)} ${around('fourth', 30, 30)} ${around('fifth', 30, 30)}`;
    const spans = ['first', 'second', 'third', 'fourth', 'fifth'].map((word) => at(value, word));
    const snippets = snippetsOf([{ field: 'resume', value, spans }]);
    expect(snippets.map((snippet) => snippet.spans.map(({ start, end }) => snippet.text.slice(start, end)))).toEqual([
      ['first', 'second'],
      ['third'],
      ['fourth'],
    ]);
  });

  it('marks the same words as in the value, whatever it is made of, and breaks no character', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 900 });
    fc.assert(
      fc.property(
        text,
        fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 60 })), { maxLength: 8 }),
        (value, places) => {
          const spans: { start: number; end: number }[] = [];
          for (const [from, length] of places.toSorted(([one], [other]) => one - other)) {
            const start = Math.max(from, (spans.at(-1)?.end ?? -1) + 1);
            if (start < value.length) spans.push({ start, end: Math.min(value.length, start + length) });
          }
          for (const snippet of snippetsOf(spans.length > 0 ? [{ field: 'resume', value, spans }] : [])) {
            const from = value.indexOf(snippet.text);
            expect(from).toBeGreaterThanOrEqual(0);
            expect(snippet.spans.length).toBeGreaterThan(0);
            for (const { start, end } of snippet.spans) {
              expect(start).toBeGreaterThanOrEqual(0);
              expect(end).toBeGreaterThan(start);
              expect(end).toBeLessThanOrEqual(snippet.text.length);
            }
            if (value.isWellFormed()) expect(snippet.text.isWellFormed()).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
