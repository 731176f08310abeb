import {
  Chart,
  ChartDataLabel,
  ChartDataLabelPosition,
  ChartFont,
  ChartFormat,
  ChartRange,
  ChartSeries,
  ChartSolidFill,
  Color,
  DocProperties,
  Format,
  FormatAlign,
  FormatBorder,
  Url,
  Workbook,
  type Worksheet,
} from 'wasm-xlsxwriter';
import { plainCell } from '../../../../directory/plain-cell.js';
import { finishWorkbook } from './finish-workbook.js';
import type { Counted, InsightsPaper, InsightsReport, ReportSection } from './insights-report.js';
import { sheetNames } from './sheet-names.js';

/** More bars than this cannot be told apart in a chart; the table has them all. */
const MOST_BARS = 25;
/** Rows above the values: heading, way back, notes, and the header. */
const FIRST_ROW = 4;
/** What can still be read when it is made to fit. */
const ROWS_ON_A_PAGE = 40;
/** In points. */
const ROW_HEIGHT = 15;
const WIDEST_COLUMN = 48;
/** Where charts stand, in columns of the usual width. */
const CHART_COLUMN = 4;
const CHART_COLUMNS = 11;
const SUMMARY = 'Summary';
const ACCENT = 0x1f4e79;
/** As Excel numbers them. */
const PAPER = { A4: 9, LETTER: 1 } as const satisfies Record<InsightsPaper, number>;

type Formats = ReturnType<typeof newFormats>;

/**
 * Draws a report as an Excel workbook: a summary, then a sheet with a table and a chart for each dimension. Every text is a text
 * to Excel, and stays one when the sheet is edited or saved as CSV. The same report makes the same bytes.
 *
 * Takes 50 to 300 ms of the thread: services use `InsightsDrawing`.
 */
export function drawWorkbook(report: InsightsReport): Uint8Array<ArrayBuffer> {
  const workbook = new Workbook();
  workbook.setProperties(new DocProperties().setTitle('Insights').setAuthor(plainCell(report.brand)));
  const formats = newFormats();
  const [summary = SUMMARY, ...names] = sheetNames([SUMMARY, ...report.sections.map(({ label }) => label)]);
  drawSummary(newSheet(workbook, summary, report), report, names, formats);
  for (const [index, section] of report.sections.entries()) {
    const name = names[index] ?? section.label;
    drawSection(newSheet(workbook, name, report), section, { name, summary }, formats);
  }
  return finishWorkbook(workbook.saveToBufferSync(), report.madeAt);
}

function newFormats() {
  // Typing over a text must not bring it to life either: `@` and the quote prefix keep it a text.
  const text = () => new Format().setNumFormat('@').setQuotePrefix().setAlign(FormatAlign.VerticalCenter);
  const soft = () => text().setFontColor(Color.rgb(0x5f6368));
  const heading = (format: Format) =>
    format.setBold().setBackgroundColor(Color.rgb(0xe8eef4)).setBorderBottom(FormatBorder.Thin);
  const number = (pattern: string) => new Format().setNumFormat(pattern).setAlign(FormatAlign.VerticalCenter);
  return {
    title: text().setBold().setFontSize(18).setFontColor(Color.rgb(ACCENT)),
    note: soft(),
    label: text().setBold(),
    wrapped: text().setTextWrap(),
    after: text().setTextWrap().setAlign(FormatAlign.Left).setIndent(1),
    unstated: soft().setItalic(),
    hidden: soft().setItalic().setAlign(FormatAlign.Right),
    headText: heading(text()),
    headAfter: heading(text().setAlign(FormatAlign.Left).setIndent(1)),
    headNumber: heading(text().setAlign(FormatAlign.Right)),
    link: text().setHyperlink(),
    count: number('#,##0'),
    total: number('#,##0').setBold().setAlign(FormatAlign.Left),
    share: number('0.0%'),
  };
}

function newSheet(workbook: Workbook, name: string, { brand, paper }: InsightsReport): Worksheet {
  // Apart from the size of its font, lest a digit at its beginning counts to that.
  const footer = brand.slice(0, 80).toWellFormed().replaceAll('&', '&&');
  return workbook
    .addWorksheet()
    .setName(name)
    .setScreenGridlines(false)
    .setPaperSize(PAPER[paper])
    .setLandscape()
    .setMargins(0.5, 0.5, 0.6, 0.7, 0.3, 0.35)
    .setPrintFitToPages(1, 0)
    .setFooter(`&L&8 ${footer}&C&8&A&R&8Page &P of &N`);
}

function drawSummary(sheet: Worksheet, report: InsightsReport, names: readonly string[], formats: Formats): void {
  const columns = [26, 16, 44, 14, 14];
  for (const [column, width] of columns.entries()) sheet.setColumnWidth(column, width);
  const last = columns.length - 1;
  sheet.writeStringWithFormat(0, 0, 'Insights', formats.title).setRowHeight(0, 28);
  let row = 1;
  for (const { label, text } of report.facts) {
    sheet.writeStringWithFormat(row, 0, label, formats.label);
    sheet.mergeRange(row, 1, row, last, '', formats.wrapped);
    sheet.writeStringWithFormat(row, 1, plainCell(text), formats.wrapped);
    sheet.setRowHeight(row, heightOf(text, 88));
    row += 1;
  }
  sheet.writeStringWithFormat(row, 0, 'People found', formats.label);
  sheet.writeNumberWithFormat(row, 1, report.total, formats.total);
  row += 2;
  const header = row;
  for (const [column, text] of ['Dimension', 'Different values', 'Most frequent', 'People', 'Share'].entries()) {
    const format = column === 0 ? formats.headText : column === 2 ? formats.headAfter : formats.headNumber;
    sheet.writeStringWithFormat(row, column, text, format);
  }
  for (const [index, section] of report.sections.entries()) {
    row += 1;
    const [most] = section.rows.toSorted((one, other) => other.count - one.count);
    writeLink(sheet, row, names[index] ?? '', plainCell(section.label), formats);
    sheet.writeNumberWithFormat(row, 1, section.distinct, formats.count);
    if (most) {
      sheet.writeStringWithFormat(row, 2, plainCell(most.label), formats.after);
      sheet.setRowHeight(row, heightOf(most.label, 42));
      writeCounted(sheet, row, 3, most, formats);
    }
  }
  for (const note of report.notes) {
    row += 2;
    sheet.writeStringWithFormat(row, 0, note, formats.note);
  }
  // Nothing is frozen: what was searched can be longer than a screen.
  sheet.setRepeatRows(header, header).setPrintArea(0, 0, row, last);
}

function drawSection(
  sheet: Worksheet,
  section: ReportSection,
  { name, summary }: { readonly name: string; readonly summary: string },
  formats: Formats,
): void {
  const { rows, notStated } = section;
  const width = Math.min(WIDEST_COLUMN, Math.max(16, ...rows.map(({ label }) => widthOf(label) + 2)));
  sheet.setColumnWidth(0, width).setColumnWidth(1, 11).setColumnWidth(2, 11).setColumnWidth(3, 3);
  sheet.writeStringWithFormat(0, 0, plainCell(section.label), formats.title).setRowHeight(0, 28);
  writeLink(sheet, 1, summary, 'Back to the summary', formats);
  sheet.writeStringWithFormat(2, 0, section.notes.join(' '), formats.note);
  for (const [column, text] of ['Value', 'People', 'Share'].entries()) {
    sheet.writeStringWithFormat(FIRST_ROW - 1, column, text, column === 0 ? formats.headText : formats.headNumber);
  }
  let row = FIRST_ROW;
  for (const value of rows) {
    sheet.writeStringWithFormat(row, 0, plainCell(value.label), formats.wrapped);
    sheet.setRowHeight(row, heightOf(value.label, width));
    writeCounted(sheet, row, 1, value, formats);
    row += 1;
  }
  sheet.writeStringWithFormat(row, 0, 'Not stated', formats.unstated);
  if (notStated) writeCounted(sheet, row, 1, notStated, formats);
  else sheet.writeStringWithFormat(row, 1, 'hidden', formats.hidden);
  sheet.setFreezePanes(FIRST_ROW, 0).setRepeatRows(FIRST_ROW - 1, FIRST_ROW - 1);
  if (rows.length <= ROWS_ON_A_PAGE) sheet.setPrintFitToPages(1, 1);
  if (rows.length === 0) return;
  sheet.insertChart(FIRST_ROW, CHART_COLUMN, chartOf(section, name));
  // Excel prints as far as there are cells, and cuts the chart.
  const chartEnd = FIRST_ROW + Math.ceil((chartHeight(section) * 0.75) / ROW_HEIGHT) + 1;
  sheet.setPrintArea(0, 0, Math.max(row, chartEnd), CHART_COLUMN + CHART_COLUMNS - 1);
}

/** A link to another sheet, in the first column. */
function writeLink(sheet: Worksheet, row: number, target: string, text: string, { link }: Formats): void {
  // This call, unlike all others, takes the format away.
  sheet.writeUrlWithOptions(row, 0, new Url(`internal:'${target}'!A1`), text, '', link.clone());
}

function writeCounted(
  sheet: Worksheet,
  row: number,
  column: number,
  { count, share }: Counted,
  formats: Formats,
): void {
  sheet.writeNumberWithFormat(row, column, count, formats.count);
  sheet.writeNumberWithFormat(row, column + 1, share, formats.share);
}

/** Columns for the steps of a scale, bars for what has names; of many values the first ones. */
function chartOf({ label, rows, scale }: ReportSection, sheet: string): Chart {
  const shown = Math.min(rows.length, MOST_BARS);
  const last = FIRST_ROW + shown - 1;
  const chart = scale ? Chart.newColumn() : Chart.newBar();
  const labels = new ChartDataLabel()
    .showValue()
    .setNumFormat('#,##0')
    .setPosition(ChartDataLabelPosition.OutsideEnd)
    .setFont(new ChartFont().setSize(9));
  chart.pushSeries(
    new ChartSeries()
      .setName('People')
      .setCategories(ChartRange.newFromRange(sheet, FIRST_ROW, 0, last, 0))
      .setValues(ChartRange.newFromRange(sheet, FIRST_ROW, 1, last, 1))
      .setFormat(new ChartFormat().setSolidFill(new ChartSolidFill().setColor(Color.rgb(ACCENT))))
      .setDataLabel(labels),
  );
  const few = shown < rows.length ? `, the first ${shown}` : '';
  chart
    .title()
    .setName(plainCell(`${label}: people${few}`))
    .setFont(new ChartFont().setSize(12).setBold());
  chart.legend().setHidden();
  chart.xAxis().setFont(new ChartFont().setSize(9));
  chart.yAxis().setMin(0);
  return chart
    .setAltText(plainCell(`Chart of ${label}: the values of the table beside it`))
    .setWidth(660)
    .setHeight(chartHeight({ rows, scale }));
}

/** In pixels. */
function chartHeight({ rows, scale }: Pick<ReportSection, 'rows' | 'scale'>): number {
  return scale ? 340 : 90 + 24 * Math.min(rows.length, MOST_BARS);
}

/** How high a row is in which a text is wrapped: spreadsheets find it out for some rows and not for others. */
function heightOf(text: string, width: number): number {
  return ROW_HEIGHT * Math.min(20, Math.max(1, Math.ceil((widthOf(text) + 2) / width)));
}

/** About how wide a text is, in digits: those of Chinese, Japanese and Korean are twice as wide. */
function widthOf(text: string): number {
  return [...text].length + (text.match(/[\u1100-\u11ff\u2e80-\ud7af\uf900-\ufaff\uff00-\uff60]/gu)?.length ?? 0);
}
