import type { PartialDate } from '@talentbridge/contracts';
import PDFDocument from 'pdfkit';
import { newestFirst } from '../newest-first.js';
import { displayName } from '../person-name.js';
import type { Profile } from '../profile.js';
import { ResumeFonts } from './resume-fonts.js';
import { type Line, TextLayout, type TextStyle } from './text-layout.js';

/** What a caller may decide about a résumé. */
export interface ResumeOptions {
  /** Default `A4`. */
  readonly pageSize?: 'A4' | 'LETTER';
  /**
   * The date written into the file. Default: a fixed one, so that the same profile makes the same bytes: a résumé that did not
   * change need not be sent again.
   */
  readonly createdAt?: Date;
}

const accent = '#1f4e79';
const ink = '#1c1c1e';
const soft = '#5f6368';
const hairline = '#d0d7de';

const styles = {
  name: { size: 24, weight: 'bold', color: ink },
  headline: { size: 12, weight: 'regular', color: soft },
  contact: { size: 9.5, weight: 'regular', color: ink },
  heading: { size: 10.5, weight: 'bold', color: accent },
  title: { size: 10.5, weight: 'bold', color: ink },
  employer: { size: 10, weight: 'regular', color: ink },
  detail: { size: 9.5, weight: 'regular', color: soft },
  body: { size: 9.5, weight: 'regular', color: ink },
  footer: { size: 8, weight: 'regular', color: soft },
} as const satisfies Readonly<Record<string, TextStyle>>;

const side = 54;
const top = 50;
const bottom = 56;
const dateColumn = 118;
const leading = 1.42;

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Scripts that draw some vowels before the consonant that they are spoken after, or marks above others. */
const reordering =
  /[\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Thai}]/u;

function dateText(date: PartialDate): string {
  const [year = '', month] = date.split('-');
  return month ? `${monthNames[Number(month) - 1] ?? ''} ${year}` : year;
}

function period(start: PartialDate | undefined, end: PartialDate | undefined, current: boolean): string {
  const until = current ? 'Present' : end ? dateText(end) : '';
  if (!start) return current ? 'Present' : until === '' ? '' : `until ${until}`;
  const from = dateText(start);
  return until === '' || until === from ? from : `${from} – ${until}`;
}

/** The fonts of this thread: reading them anew for every résumé would cost more than drawing it. */
const fonts = new ResumeFonts();

/** Draws from the top of a page downwards, and goes on on the next. */
class ResumeWriter {
  readonly #doc: PDFKit.PDFDocument;
  readonly #layout: TextLayout;
  readonly #registered = new Set<string>();
  #y = top;

  constructor(title: string, options: ResumeOptions) {
    this.#doc = new PDFDocument({
      size: options.pageSize ?? 'A4',
      margin: 0,
      bufferPages: true,
      // Without a font of its own the document would begin with one of the standard ones, which is then embedded nowhere.
      font: '',
      info: {
        Title: title,
        Producer: 'TalentBridge',
        Creator: 'TalentBridge',
        CreationDate: options.createdAt ?? new Date(0),
      },
    });
    this.#layout = new TextLayout(fonts, (text, face, style) => {
      this.#use(face, style);
      return this.#doc.widthOfString(text);
    });
  }

  get #width(): number {
    return this.#doc.page.width - 2 * side;
  }

  /** Starts a new page unless so much is left on this one. */
  reserve(height: number): void {
    if (this.#y + height <= this.#doc.page.height - bottom) return;
    this.#doc.addPage();
    this.#y = top;
  }

  space(height: number): void {
    if (this.#y > top) this.#y += height;
  }

  /** Text of several paragraphs; a line that begins with a bullet hangs behind it. */
  paragraphs(text: string, style: TextStyle, width: number = this.#width): void {
    for (const paragraph of text.split('\n')) {
      const bullet = /^[•·*‣▪-]\s+(.*)$/u.exec(paragraph);
      const lines = this.#layout.lines(bullet?.[1] ?? paragraph, style, bullet ? width - 10 : width);
      for (const [index, line] of lines.entries()) {
        this.reserve(style.size * leading);
        if (bullet && index === 0) this.#draw(this.#layout.lines('•', style, width)[0], style, side);
        const left = bullet ? side + 10 : side;
        this.#draw(line, style, line.rightToLeft ? side + width - line.width : left);
        this.#y += style.size * leading;
      }
      if (paragraph === '') this.#y += style.size * 0.4;
    }
  }

  /** One line or more at the left margin, whatever the direction of the script: names and titles form a column. */
  left(text: string, style: TextStyle, width: number = this.#width): void {
    for (const line of this.#layout.lines(text, style, width)) {
      this.reserve(style.size * leading);
      this.#draw(line, style, side);
      this.#y += style.size * leading;
    }
  }

  /** Text at the right margin beside what follows; takes no height of its own. */
  right(text: string, style: TextStyle, alignedWith: TextStyle): void {
    const [line] = this.#layout.lines(text, style, dateColumn);
    this.#draw(line, style, side + this.#width - (line?.width ?? 0), alignedWith);
  }

  /** Short texts one after the other, some of which are links; a line ends between two of them. */
  items(items: readonly { readonly text: string; readonly link?: string }[], style: TextStyle): void {
    const separator = '   |   ';
    let x = 0;
    for (const { text, link } of items) {
      for (const line of this.#layout.lines(text, style, this.#width)) {
        const gap = x === 0 ? 0 : this.#textWidth(separator, style);
        if (x > 0 && x + gap + line.width > this.#width) {
          this.#y += style.size * leading;
          x = 0;
        } else if (x > 0) {
          this.#draw(
            this.#layout.lines(separator.trim(), style, this.#width)[0],
            { ...style, color: hairline },
            side + x + gap / 2 - 1,
          );
          x += gap;
        }
        this.#draw(line, style, side + x);
        if (link) this.#doc.link(side + x, this.#y, line.width, style.size * leading, link);
        x += line.width;
      }
    }
    if (x > 0) this.#y += style.size * leading;
  }

  rule(color: string): void {
    this.#doc
      .moveTo(side, this.#y)
      .lineTo(side + this.#width, this.#y)
      .lineWidth(0.75)
      .strokeColor(color)
      .stroke();
  }

  heading(text: string): void {
    // A heading stays with the first lines of its section.
    this.reserve(74);
    this.space(12);
    this.left(text.toUpperCase(), styles.heading);
    this.#y += 1;
    this.rule(hairline);
    this.#y += 6;
  }

  /** A title with its dates at the right; at least the lines that belong together stay on one page. */
  entryHead(title: string, subtitle: string, dates: string): void {
    this.reserve((styles.title.size + styles.employer.size + styles.body.size) * leading);
    if (dates !== '') this.right(dates, styles.detail, styles.title);
    this.left(title, styles.title, this.#width - dateColumn);
    if (subtitle !== '') this.left(subtitle, styles.employer, this.#width - dateColumn);
  }

  /** Numbers the pages where there are several, and gives the bytes. */
  async finish(name: string): Promise<Uint8Array> {
    const { count } = this.#doc.bufferedPageRange();
    for (let page = 0; count > 1 && page < count; page++) {
      this.#doc.switchToPage(page);
      this.#y = this.#doc.page.height - 34;
      this.right(`${page + 1} / ${count}`, styles.footer, styles.footer);
      const [line] = this.#layout.lines(name, styles.footer, this.#width - dateColumn);
      this.#draw(line, styles.footer, side);
    }
    const pieces: Uint8Array[] = [];
    this.#doc.on('data', (piece: Uint8Array) => pieces.push(piece));
    const ended = new Promise<void>((resolve, reject) => {
      this.#doc.once('end', resolve);
      this.#doc.once('error', reject);
    });
    this.#doc.end();
    await ended;
    return new Uint8Array(Buffer.concat(pieces));
  }

  #use(face: string, style: TextStyle): void {
    const name = `${face}-${style.weight}`;
    if (!this.#registered.has(name)) {
      this.#doc.registerFont(name, fonts.forDocument(face, style.weight));
      this.#registered.add(name);
    }
    this.#doc.font(name, style.size);
  }

  #textWidth(text: string, style: TextStyle): number {
    this.#use('latin', style);
    return this.#doc.widthOfString(text);
  }

  #draw(line: Line | undefined, style: TextStyle, x: number, alignedWith: TextStyle = style): void {
    if (!line) return;
    // On one baseline, which fonts of different scripts share as their tops do not.
    const baseline = this.#y + alignedWith.size * 1.08;
    for (const run of line.runs) {
      this.#use(run.face, style);
      // Where glyphs stand in another order than characters, what is copied or searched is told apart from what is drawn.
      const reordered = reordering.test(run.text);
      if (reordered) this.#doc.markContent('Span', { actual: run.text });
      this.#doc
        .fillColor(style.color)
        .text(run.text, x + run.x, baseline, { lineBreak: false, baseline: 'alphabetic' });
      if (reordered) this.#doc.endMarkedContent();
    }
  }
}

function addressText({ city, region, country }: NonNullable<Profile['location']>): string {
  const name =
    country && /^[A-Z]{2}$/.test(country) ? new Intl.DisplayNames('en', { type: 'region' }).of(country) : country;
  return [city, region, name].filter((part) => part !== undefined).join(', ');
}

function writeHeader(writer: ResumeWriter, profile: Profile, name: string): void {
  writer.left(name, styles.name);
  if (profile.headline) writer.left(profile.headline, styles.headline);
  const place = profile.location ? addressText(profile.location) : '';
  const contacts = [
    ...(place === '' ? [] : [{ text: place }]),
    ...profile.emails
      .filter(({ revealed }) => revealed)
      .map(({ address }) => ({ text: address, link: `mailto:${encodeURI(address)}` })),
    ...profile.phones.filter(({ revealed }) => revealed).map(({ number }) => ({ text: number })),
    ...profile.socialUrls.map(({ url }) => ({ text: url.replace(/^https?:\/\/(?:www\.)?|\/$/g, ''), link: url })),
  ];
  if (contacts.length > 0) {
    writer.space(4);
    writer.items(contacts, styles.contact);
  }
  writer.space(5);
  writer.rule(accent);
  writer.space(3);
}

function writeHistory(writer: ResumeWriter, profile: Profile): void {
  if (profile.workExperience.length > 0) writer.heading('Experience');
  for (const [index, job] of newestFirst(profile.workExperience).entries()) {
    if (index > 0) writer.space(8);
    const employer = job.location ? `${job.employer} · ${job.location}` : job.employer;
    const dates = period(job.startDate, job.endDate, job.current);
    if (job.title) writer.entryHead(job.title, employer, dates);
    else writer.entryHead(employer, '', dates);
    if (job.summary) {
      writer.space(2);
      writer.paragraphs(job.summary, styles.body);
    }
  }
  if (profile.education.length > 0) writer.heading('Education');
  for (const [index, course] of newestFirst(profile.education).entries()) {
    if (index > 0) writer.space(8);
    const degree = [course.degree, course.major].filter((part) => part !== undefined).join(', ');
    const dates = period(course.startDate, course.graduationDate, false);
    if (degree === '') writer.entryHead(course.school, '', dates);
    else writer.entryHead(degree, course.school, dates);
    if (course.summary) writer.paragraphs(course.summary, styles.body);
  }
}

/**
 * Draws a profile as a résumé: PDF, one column, pages as needed, text that can be searched and copied in every script that the
 * fonts cover. Of the contact data only what is revealed is drawn; tags and diversity attributes never are, and emoji are left
 * out. The same profile makes the same bytes.
 *
 * Takes 20 to 200 ms of the thread: services use `ResumeRenderer`.
 */
export async function renderResume(profile: Profile, options: ResumeOptions = {}): Promise<Uint8Array> {
  const name = displayName(profile);
  const writer = new ResumeWriter(`Résumé of ${name}`, options);
  writeHeader(writer, profile, name);
  if (profile.summary) {
    writer.heading('Summary');
    writer.paragraphs(profile.summary, styles.body);
  }
  writeHistory(writer, profile);
  const lists = [
    ['Skills', profile.skills],
    ['Certifications', profile.certifications],
    ['Languages', profile.languages],
    ['Honors', profile.honors],
    ['Groups', profile.groups],
    ['Interests', profile.interests],
  ] as const;
  for (const [title, values] of lists) {
    if (values.length === 0) continue;
    writer.heading(title);
    writer.paragraphs(values.join('  ·  '), styles.body);
  }
  return writer.finish(name);
}
