import { createHash } from 'node:crypto';
import type { Counted, InsightsPaper, InsightsReport, ReportSection } from './insights-report.js';

const STYLE = `
:root { color: #1c1c1e; font: 10pt/1.4 "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; }
h1 { color: #1f4e79; font-size: 20pt; margin: 0 0 .5rem; }
h2 { color: #1f4e79; font-size: 13pt; margin: 0 0 .2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; margin: 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
section { break-inside: avoid; margin-top: 1.6rem; }
section.long { break-inside: auto; }
p { color: #5f6368; font-size: 9pt; margin: .2rem 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: .1rem .6rem .1rem 0; text-align: start; vertical-align: top; font-weight: 400; }
thead th { border-bottom: 1px solid #1c1c1e; font-weight: 600; }
tbody th { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; width: 4.5rem; }
.bar { width: 38%; }
.unstated { color: #5f6368; font-style: italic; }
svg { display: block; fill: #1f4e79; height: .8em; margin-top: .3em; width: 100%; }
@media print { body { margin: 0; max-width: none; padding: 0; } h1, h2 { break-after: avoid; } }
`;

/**
 * What a browser is to be told with the page: it is read and printed, and neither runs nor fetches anything. As in a sandbox it
 * has no origin, so that it reaches nothing of whoever looks at it.
 */
export const PAGE_POLICY = [
  'sandbox',
  "default-src 'none'",
  `style-src ${styleHash(styleOf('A4'))} ${styleHash(styleOf('LETTER'))}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** More rows than fit on one page: it may break within. */
const LONG = 40;

/**
 * Writes a report as a page to be printed: HTML that stands alone, without scripts, a table for each dimension with a bar in each
 * row. Pages break between dimensions, and within one only where it is longer than a page.
 */
export function drawPage(report: InsightsReport): string {
  const { brand, facts, sections, notes, total } = report;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    `<title>Insights – ${escaped(brand)}</title>`,
    `<style>${styleOf(report.paper)}</style>`,
    '</head>',
    '<body>',
    '<main>',
    '<h1>Insights</h1>',
    '<dl>',
    ...facts.map(({ label, text }) => `<dt>${label}</dt><dd dir="auto">${escaped(text)}</dd>`),
    `<dt>People found</dt><dd>${wholeNumber.format(total)}</dd>`,
    '</dl>',
    ...notes.map((note) => `<p>${escaped(note)}</p>`),
    ...sections.map((section, index) => sectionOf(section, `dimension-${index + 1}`)),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function sectionOf({ label, rows, notStated, notes }: ReportSection, id: string): string {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return [
    `<section aria-labelledby="${id}"${rows.length > LONG ? ' class="long"' : ''}>`,
    `<h2 id="${id}">${escaped(label)}</h2>`,
    ...notes.map((note) => `<p>${escaped(note)}</p>`),
    `<table aria-labelledby="${id}">`,
    '<thead><tr><th scope="col">Value</th><th scope="col" class="number">People</th>' +
      '<th scope="col" class="number">Share</th><td class="bar"></td></tr></thead>',
    '<tbody>',
    ...rows.map(
      (row) =>
        `<tr><th scope="row" dir="auto">${escaped(row.label)}</th>${numbersOf(row)}` +
        `<td class="bar">${barOf(row.count / most)}</td></tr>`,
    ),
    `<tr class="unstated"><th scope="row">Not stated</th>${notStated ? numbersOf(notStated) : HIDDEN}<td></td></tr>`,
    '</tbody>',
    '</table>',
    '</section>',
  ].join('\n');
}

const wholeNumber = new Intl.NumberFormat('en-US');
const HIDDEN = '<td class="number">hidden</td><td></td>';

function numbersOf({ count, share }: Counted): string {
  const percent = (share * 100).toFixed(1);
  return `<td class="number">${wholeNumber.format(count)}</td><td class="number">${percent}%</td>`;
}

/** The numbers beside it say the same, so it is none of what is read out. */
function barOf(part: number): string {
  const width = (part * 100).toFixed(2);
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="10"/></svg>`;
}

function styleOf(paper: InsightsPaper): string {
  return `${STYLE}@page { size: ${paper === 'A4' ? 'A4' : 'letter'}; margin: 15mm; }\n`;
}

function styleHash(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
