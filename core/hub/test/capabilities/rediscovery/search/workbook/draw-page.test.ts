import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { drawPage, PAGE_POLICY } from '../../../../../src/capabilities/rediscovery/search/workbook/draw-page.js';
import { insightsReport } from '../../../../../src/capabilities/rediscovery/search/workbook/insights-report.js';
import { about, dimension, insightsOf } from './insights-builders.ts';
import { elements } from './read-workbook.ts';

const counted = insightsOf(
  2_000,
  dimension('skill', { Go: 1_000, C: 500 }, { missing: 500 }),
  dimension('diversity', { Veteran: 9 }, { missing: null, hidesSmallGroups: true }),
);

describe('RED-10: the page of Insights', () => {
  it('has a table for each dimension, with a bar for each value', () => {
    const page = drawPage(insightsReport(counted, about({ query: 'welder' })));
    expect(elements(page.replace('<!doctype html>', '').replaceAll(/<(meta)[^>]*>/g, ''), 'h2')).toEqual([
      'skill',
      'diversity',
    ]);
    expect(page).toContain('<dd dir="auto">welder</dd>');
    expect(page).toContain(
      '<th scope="row" dir="auto">Go</th><td class="number">1,000</td><td class="number">50.0%</td>',
    );
    expect([...page.matchAll(/<rect width="([\d.]+)"/g)].map(([, width]) => width)).toEqual([
      '100.00',
      '50.00',
      '100.00',
    ]);
    expect(page).toContain('<th scope="row">Not stated</th><td class="number">hidden</td>');
    expect(page).toContain('so that nobody can be recognized');
  });

  it.each(['A4', 'LETTER'] as const)('is printed on %s, and its own style is all that a browser may use', (paper) => {
    const page = drawPage(insightsReport(counted, about({ paper })));
    expect(page).toContain(`@page { size: ${paper === 'A4' ? 'A4' : 'letter'};`);
    const style = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? '';
    expect(PAGE_POLICY).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(PAGE_POLICY).toMatch(/^sandbox; default-src 'none'; style-src 'sha256-[^;]*'; /);
  });

  it('holds no markup but its own, whatever was typed or comes from an ATS', () => {
    const allowed = new Set(
      'html head meta title style body main h1 h2 dl dt dd p section table thead tbody tr th td svg rect'.split(' '),
    );
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '</style><script>',
        "' onload='x",
        '<!--',
        '&lt;b&gt;',
      ),
    );
    fc.assert(
      fc.property(nasty, nasty, nasty, (label, query, brand) => {
        const page = drawPage(
          insightsReport(insightsOf(1, dimension('skill', { [label]: 1 }, { label })), about({ query, brand })),
        );
        new Parser({
          oncomment: () => expect.fail('a comment'),
          onopentag: (tag, attributes) => {
            expect(allowed).toContain(tag);
            expect(Object.keys(attributes).filter((name) => /^(on|href|src|style)/.test(name))).toEqual([]);
          },
        }).end(page);
      }),
      { numRuns: 300 },
    );
  });
});
