import { describe, expect, it } from 'vitest';
import { insightsReport } from '../../../../../src/capabilities/rediscovery/search/workbook/insights-report.js';
import { sheetNames } from '../../../../../src/capabilities/rediscovery/search/workbook/sheet-names.js';
import { about, dimension, insightsOf } from './insights-builders.ts';

describe('RED-10: what is printed of Insights', () => {
  it('says what was searched', () => {
    const filters = [
      { field: 'skill', anyOf: ['C++', 'Rust'], noneOf: ['PHP'] },
      { field: 'near', within: { latitude: 52.5, longitude: 13.4, kilometers: 50 } },
    ];
    const { facts } = insightsReport(
      insightsOf(0),
      about({ query: 'welder\n OR fitter', filters, among: 'Ours', synonyms: true }),
    );
    expect(facts).toEqual([
      { label: 'Searched for', text: 'welder OR fitter' },
      { label: 'Filters', text: 'Skill: C++ or Rust, not PHP; Distance from a place: within 50 km of 52.5, 13.4' },
      { label: 'Synonyms', text: 'Of titles and skills, too' },
      { label: 'Among', text: 'Ours' },
      { label: 'Counted', text: '2026-03-04 05:06 UTC' },
    ]);
    const nothing = insightsReport(insightsOf(0), about({ query: '' }));
    expect(nothing.facts.map(({ text }) => text).slice(0, 3)).toEqual(['Everybody', 'None', 'None']);
  });

  it('says when not everybody was counted', () => {
    const { notes } = insightsReport(insightsOf(3), about({ indexing: { done: 40, total: 100 } }));
    expect(notes[0]).toContain('only 40 of 100 people');
    expect(insightsReport(insightsOf(3), about({ indexing: null })).notes).toHaveLength(1);
  });

  it('gives shares of the people found', () => {
    const { sections } = insightsReport(insightsOf(8, dimension('skill', { Go: 4, C: 2 }, { missing: 2 })), about());
    expect(sections).toMatchObject([
      {
        rows: [
          { label: 'Go', count: 4, share: 0.5 },
          { label: 'C', count: 2, share: 0.25 },
        ],
        notStated: { count: 2, share: 0.25 },
        scale: false,
        notes: [],
      },
    ]);
    const none = insightsReport(insightsOf(0, dimension('skill', {})), about());
    expect(none.sections).toMatchObject([
      { rows: [], notStated: { count: 0, share: 0 }, notes: ['There is nothing to show.'] },
    ]);
  });

  it('gives shares of the others, too, where a dimension is counted without its own filter', () => {
    const counted = insightsOf(
      3,
      dimension('currentCompany', { Example: 3, Other: 9 }, { of: 12 }),
      dimension('skill', { Go: 3 }),
    );
    const { sections } = insightsReport(
      counted,
      about({
        filters: [
          { field: 'currentEmployer', anyOf: ['Example'] },
          { field: 'skill', noneOf: ['C'] },
        ],
      }),
    );
    expect(sections.map(({ rows }) => rows[0])).toEqual([
      { label: 'Other', count: 9, share: 0.75 },
      { label: 'Go', count: 3, share: 1 },
    ]);
    expect(sections[0]?.notes).toEqual([expect.stringMatching(/without its filter.* of the 12 people/)]);
  });

  it('puts bands and sizes in their order, with the bands that nobody is in', () => {
    const { sections } = insightsReport(
      insightsOf(
        9,
        dimension('years', { '6-10': 5, 'under 1': 4 }),
        dimension('companySize', { '1,001+': 5, '11-50': 3, '1-10': 1 }),
      ),
      about(),
    );
    expect(sections[0]?.rows.map(({ label, count }) => [label, count])).toEqual([
      ['under 1', 4],
      ['1-2', 0],
      ['3-5', 0],
      ['6-10', 5],
      ['11-15', 0],
      ['16-20', 0],
      ['over 20', 0],
    ]);
    expect(sections[1]?.rows.map(({ label }) => label)).toEqual(['1-10', '11-50', '1,001+']);
    expect(sections.map(({ scale }) => scale)).toEqual([true, true]);
  });

  it('tells that small groups are hidden, and nothing about them', () => {
    const hidden = dimension('diversity', { 'Veteran status: veteran': 9 }, { missing: null, hidesSmallGroups: true });
    const bands = dimension('years', { '6-10': 9 }, { missing: null, hidesSmallGroups: true });
    const { sections } = insightsReport(insightsOf(12, hidden, bands), about());
    for (const section of sections) {
      expect(section).not.toHaveProperty('notStated');
      expect(section.rows).toHaveLength(1);
      expect(section.notes).toEqual([expect.stringContaining('are not shown')]);
    }
  });

  it('cuts what nobody reads to its end', () => {
    const endless = '𝕏'.repeat(40_000);
    const report = insightsReport(insightsOf(1, dimension('skill', { [endless]: 1 })), about({ query: endless }));
    expect([...(report.sections[0]?.rows[0]?.label ?? '')]).toHaveLength(200);
    expect([...(report.facts[0]?.text ?? '')]).toHaveLength(2_000);
    expect(report.sections[0]?.rows[0]?.label).toMatch(/𝕏…$/u);
  });
});

it('RED-10: sheets have names that Excel takes, and each its own', () => {
  expect(sheetNames(['Skill', 'skill', "'a/b'", 'History', '', '[*?:\\]', 'x'.repeat(40), 'x'.repeat(50)])).toEqual([
    'Skill',
    'skill (2)',
    'a b',
    'History (2)',
    'Sheet',
    'Sheet (2)',
    'x'.repeat(31),
    `${'x'.repeat(27)} (2)`,
  ]);
});
