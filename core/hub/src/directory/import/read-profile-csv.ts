import { readAddressText } from '../address-text.js';
import { cleanLine } from '../clean-text.js';
import { meansPresent, readLooseDate } from '../partial-date.js';
import type { RefusalReason } from '../profile-input.js';
import { cellsOf, delimiterOf } from './csv-cells.js';
import { type CsvDialect, csvRecords } from './csv-records.js';
import { ImportFileError } from './import-file-error.js';
import { type ByteSource, type ImportOptions, type ImportRow, importLimits, tooManyRows } from './import-row.js';
import { keyHint } from './read-profile-ndjson.js';
import { TracedInput } from './traced-input.js';
import { decodeUtf8, notUtf8 } from './utf8-bytes.js';

/** How a column's cells are read. */
type Kind = 'text' | 'list' | 'date' | 'yesNo' | 'diversity' | 'place' | 'degrees';

/** Where the cells of a column go. */
interface Target {
  readonly kind: Kind;
  /** The field of the profile. */
  readonly field: string;
  /** The part of one of the field's entries; absent: the field itself. */
  readonly part?: string;
  /** The number of the entry, from 0, where the field is a list of entries. */
  readonly entry?: number;
}

interface Column {
  readonly name: string;
  /** Absent: nobody reads it. */
  readonly target?: Target;
}

function entries(field: string, parts: Readonly<Record<string, [part: string, kind: Kind]>>): Record<string, Target> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, [part, kind]]) => [name, { field, part, kind, entry: 0 }]),
  );
}

const plain = (field: string, kind: Kind = 'text'): Target => ({ field, kind });
const place = (part: string): Target => ({ field: 'location', part, kind: 'text' });
const degrees = (part: string): Target => ({ field: 'location', part, kind: 'degrees' });
const url = (): Target => ({ field: 'socialUrls', part: 'url', kind: 'text' });

/** Every column, by its name in lower case without spaces, underscores and hyphens. ./README.md documents them. */
const targets: Readonly<Record<string, Target>> = {
  key: plain('key'),
  id: plain('key'),
  firstname: plain('firstName'),
  givenname: plain('firstName'),
  lastname: plain('lastName'),
  familyname: plain('lastName'),
  surname: plain('lastName'),
  fullname: plain('fullName'),
  name: plain('fullName'),
  headline: plain('headline'),
  summary: plain('summary'),
  location: plain('location', 'place'),
  street1: place('street1'),
  street: place('street1'),
  street2: place('street2'),
  city: place('city'),
  region: place('region'),
  state: place('region'),
  postalcode: place('postalCode'),
  zip: place('postalCode'),
  country: place('country'),
  latitude: degrees('latitude'),
  longitude: degrees('longitude'),
  linkedin: url(),
  linkedinurl: url(),
  github: url(),
  githuburl: url(),
  twitter: url(),
  facebook: url(),
  stackoverflow: url(),
  website: url(),
  url: url(),
  skills: plain('skills', 'list'),
  industry: plain('industry'),
  companysize: plain('companySize'),
  certifications: plain('certifications', 'list'),
  languages: plain('languages', 'list'),
  groups: plain('groups', 'list'),
  interests: plain('interests', 'list'),
  honors: plain('honors', 'list'),
  tags: plain('tags', 'list'),
  diversity: plain('diversity', 'diversity'),
  datasource: plain('dataSource'),
  ...entries('emails', {
    email: ['address', 'text'],
    emailaddress: ['address', 'text'],
    emailtype: ['type', 'text'],
    emailrevealed: ['revealed', 'yesNo'],
  }),
  ...entries('phones', {
    phone: ['number', 'text'],
    phonenumber: ['number', 'text'],
    phonetype: ['type', 'text'],
    phonerevealed: ['revealed', 'yesNo'],
  }),
  ...entries('workExperience', {
    employer: ['employer', 'text'],
    company: ['employer', 'text'],
    title: ['title', 'text'],
    jobtitle: ['title', 'text'],
    startdate: ['startDate', 'date'],
    enddate: ['endDate', 'date'],
    current: ['current', 'yesNo'],
    jobsummary: ['summary', 'text'],
    joblocation: ['location', 'text'],
    employerurl: ['companyUrl', 'text'],
    employerindustry: ['industry', 'text'],
    employersize: ['companySize', 'text'],
  }),
  ...entries('education', {
    school: ['school', 'text'],
    degree: ['degree', 'text'],
    major: ['major', 'text'],
    schoolstartdate: ['startDate', 'date'],
    graduationdate: ['graduationDate', 'date'],
  }),
};

/** The columns' order within an entry's part tells which entry they belong to, unless they are numbered. */
function readHeader(names: readonly string[]): Column[] {
  const seen = new Map<string, number>();
  return names.map((name): Column => {
    const normal = name.toLowerCase().replace(/[\s_.-]/gu, '');
    const numbered = Object.hasOwn(targets, normal) ? undefined : /^([a-z]+)(\d{1,3})([a-z]*)$/.exec(normal);
    const base = numbered ? `${numbered[1]}${numbered[3]}` : normal;
    const target = Object.hasOwn(targets, base) ? targets[base] : undefined;
    if (!target) return { name };
    const place = `${target.field}.${target.part ?? ''}`;
    const repeats = target.entry !== undefined || target.field === 'socialUrls' || target.kind === 'list';
    const occurrence = seen.get(place) ?? 0;
    seen.set(place, occurrence + 1);
    if (!repeats && (numbered || occurrence > 0)) {
      throw new ImportFileError(`Its header holds two columns for ${target.part ?? target.field}: remove one of them.`);
    }
    return {
      name,
      target: target.entry === undefined ? target : { ...target, entry: numbered ? Number(numbered[2]) : occurrence },
    };
  });
}

const yes = /^(?:true|yes|y|1|x|ja|oui|si|sí)$/i;
const no = /^(?:false|no|n|0|nein|non)$/i;

/** A cell as the profile's schema wants it; what cannot be read goes on as it is and is refused there, with its column. */
function readCell(cell: string, kind: Kind): unknown {
  if (kind === 'yesNo') return yes.test(cell) ? true : no.test(cell) ? false : cell;
  if (kind === 'degrees') return /^-?\d+(\.\d+)?$/.test(cell.trim()) ? Number(cell) : cell;
  if (kind === 'date') return readLooseDate(cell) ?? cell;
  return cell;
}

function listOf(cell: string): string[] {
  return cell
    .split(/[;|\n]/u)
    .map(cleanLine)
    .filter((value) => value !== '');
}

function readRecord(cells: readonly string[], columns: readonly Column[], options: ImportOptions): TracedInput {
  const input = new TracedInput();
  input.set('dataSource', options.dataSource ?? 'CSV file', 'dataSource');
  const address: Record<string, unknown> = {};
  const found = new Map<string, Map<number, { parts: Record<string, unknown>; origins: Map<string, string> }>>();
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    const { target, name } = column;
    if (!target || cleanLine(cell) === '') continue;
    const { field, part, kind } = target;
    if (kind === 'list') for (const value of listOf(cell)) input.append(field, value, name);
    else if (kind === 'diversity') {
      for (const value of listOf(cell)) {
        // "gender=female@self-declared in the application form"
        const match = /^([^=]+)=([^@]+)@(.+)$/u.exec(value);
        input.append(field, match ? { attribute: match[1], value: match[2], source: match[3] } : value, name);
      }
    } else if (kind === 'place') {
      for (const [key, value] of Object.entries(readAddressText(cell))) address[key] ??= value;
      input.trace('location', name);
    } else if (kind === 'degrees' && part) {
      address['coordinates'] = Object.assign(address['coordinates'] ?? {}, { [part]: readCell(cell, kind) });
      input.trace(`location.coordinates.${part}`, name);
    } else if (field === 'location' && part) {
      address[part] = cell;
      input.trace(`location.${part}`, name);
    } else if (field === 'socialUrls') input.append(field, { url: cell }, name);
    else if (part) {
      const all = found.get(field) ?? new Map();
      found.set(field, all);
      const entry = all.get(target.entry ?? 0) ?? { parts: {}, origins: new Map() };
      all.set(target.entry ?? 0, entry);
      if (kind === 'date' && part === 'endDate' && meansPresent(cell)) entry.parts['current'] = true;
      else entry.parts[part] = readCell(cell, kind);
      entry.origins.set(part, name);
    } else input.set(field, readCell(cell, kind), name);
  }
  if (Object.keys(address).length > 0) input.set('location', address, 'location');
  for (const [field, all] of found) {
    for (const [, { parts, origins }] of [...all].toSorted(([one], [other]) => one - other)) {
      const place = `${field}[${input.count(field)}]`;
      for (const [part, origin] of origins) input.trace(`${place}.${part}`, origin);
      const contact = field === 'emails' || field === 'phones';
      const whole = contact ? { ...parts, revealed: parts['revealed'] ?? options.contactsRevealed ?? false } : parts;
      input.append(field, whole, [...origins.values()][0] ?? field);
    }
  }
  return input;
}

function shapeProblem(cells: readonly string[], columns: readonly Column[]): RefusalReason | undefined {
  // Spreadsheets append empty cells; only what holds something is one too many.
  const used = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (used > columns.length) return { message: `has ${used} columns where the header has ${columns.length}` };
  if (cells.length < columns.length)
    return { message: `has ${cells.length} columns where the header has ${columns.length}` };
  return undefined;
}

function hintOf(cells: readonly string[], columns: readonly Column[]): { keyHint?: string } {
  const value = (field: string) => cells[columns.findIndex(({ target }) => target?.field === field)];
  return keyHint({
    key: value('key') || undefined,
    fullName: value('fullName') || undefined,
    firstName: value('firstName'),
    lastName: value('lastName'),
  });
}

/**
 * Reads profiles from CSV with a header. The delimiter (comma, semicolon, tab, bar) is found from the header; columns are known
 * by name in any order; ./README.md lists them. Cells that look like formulas are text like any other.
 * @throws ImportFileError when there is no header or none that names people.
 */
export async function* readProfileCsv(source: ByteSource, options: ImportOptions = {}): AsyncGenerator<ImportRow> {
  const limits = importLimits(options);
  const dialect: CsvDialect = {};
  let columns: Column[] | undefined;
  let rows = 0;
  for await (const record of csvRecords(source, limits.maxRowBytes, dialect)) {
    const { line } = record;
    const text = record.ok ? decodeUtf8(record.bytes) : undefined;
    if (columns === undefined) {
      if (!record.ok || text === undefined)
        throw new ImportFileError(`Its header ${record.ok ? notUtf8 : record.message}.`);
      if (text.trim() === '') continue;
      // Spreadsheets may put the delimiter before the header.
      const declared = /^sep=(.)\r?\n?$/i.exec(text)?.[1];
      if (declared) {
        dialect.delimiter = declared;
        continue;
      }
      dialect.delimiter ??= delimiterOf(text);
      const names = cellsOf(text, dialect.delimiter);
      if (typeof names === 'string') throw new ImportFileError(`Its header ${names}.`);
      columns = readHeader(names.map(cleanLine));
      if (!columns.some(({ target }) => ['firstName', 'lastName', 'fullName'].includes(target?.field ?? ''))) {
        throw new ImportFileError(
          'Its first line names no column firstName, lastName or fullName: begin the file with a header of the documented columns.',
        );
      }
      const ignored = columns.filter(({ target, name }) => !target && name !== '').map(({ name }) => name);
      if (ignored.length > 0) options.onIgnoredColumns?.(ignored);
      continue;
    }
    if (record.ok && text !== undefined && text.trim() === '') continue;
    if (++rows > limits.maxRows) {
      yield tooManyRows(line, limits.maxRows);
      return;
    }
    if (!record.ok || text === undefined) {
      yield { ok: false, line, reasons: [{ message: record.ok ? notUtf8 : record.message }] };
      continue;
    }
    const cells = cellsOf(text, dialect.delimiter ?? ',');
    if (typeof cells === 'string') {
      yield { ok: false, line, reasons: [{ message: cells }] };
      continue;
    }
    if (cells.every((cell) => cell.trim() === '')) continue;
    const problem = shapeProblem(cells, columns);
    if (problem) {
      yield { ok: false, line, reasons: [problem], ...hintOf(cells, columns) };
      continue;
    }
    const read = readRecord(cells, columns, options).read();
    if (read.ok) yield { ok: true, line, profile: read.profile, notes: [] };
    else yield { ok: false, line, reasons: read.reasons, ...hintOf(cells, columns) };
  }
  if (columns === undefined) throw new ImportFileError('It is empty.');
}
