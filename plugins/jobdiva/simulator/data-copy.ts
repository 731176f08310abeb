import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SimulatedAccount } from './account.js';
import type { BiRow } from './bi-read.js';
import { activityRow, applicationRow, candidateColumns, jobRow } from './bi-rows.js';
import { toEastern } from './eastern-clock.js';
import type { SimulatedCandidate } from './records.js';

/** A file of a copy. */
export interface CopiedFile {
  /** Relative, with slashes. */
  readonly path: string;
  /** In pieces: the table of a large tenant is never held as a whole. */
  readonly content: Iterable<string | Uint8Array>;
}

/** A table of a copy, before it is written as CSV. */
export interface CopiedTable {
  /** Of its CSV file. */
  readonly path: string;
  readonly rows: Iterable<BiRow>;
}

/** A file that lies beside the data. */
interface BesideFile {
  readonly path: string;
  readonly filename: string;
  readonly createdAt: number;
  readonly content: string | Uint8Array;
}

/**
 * The copy of its data that a customer gets for "Request Data Access", with the boxes Data, Attachments and Resumes ticked: one
 * CSV for each table, and the files beside it (JobDiva sheet §10: that there is such a copy is CONFIRMED; names, columns and how
 * it is packed are INFERRED). Everybody is in it, those whom the API keeps back as well.
 */
export function* dataCopyOf(account: SimulatedAccount): Generator<CopiedFile> {
  for (const { path, rows } of copyTablesOf(account)) yield { path, content: csv(rows) };
  for (const filesOf of [resumesOf, attachmentsOf]) {
    for (const { file } of filesOfAll(account, filesOf)) yield { path: file.path, content: [file.content] };
  }
}

/** The tables of such a copy. */
export function* copyTablesOf(account: SimulatedAccount): Generator<CopiedTable> {
  const table = <Item>(path: string, items: Iterable<Item>, rowOf: (item: Item) => BiRow): CopiedTable => {
    return { path, rows: mapped(items, rowOf) };
  };
  const row = ({ candidate, file }: { readonly candidate: SimulatedCandidate; readonly file: BesideFile }) =>
    fileRow(candidate, file);
  yield table('candidates.csv', everyone(account), candidateRow);
  yield table('jobs.csv', account.jobs, jobRow);
  yield table('applications.csv', allOf(account, 'applications'), (one) => applicationRow(account, one));
  yield table('submittals.csv', allOf(account, 'submittals'), (one) => activityRow(account, one));
  yield table('resumes.csv', filesOfAll(account, resumesOf), row);
  yield table('attachments.csv', filesOfAll(account, attachmentsOf), row);
}

function* mapped<Item>(items: Iterable<Item>, rowOf: (item: Item) => BiRow): Generator<BiRow> {
  for (const item of items) yield rowOf(item);
}

/** Writes such a copy into a folder. @returns Its files. */
export async function writeDataCopy(account: SimulatedAccount, folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { path, content } of dataCopyOf(account)) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    await pipeline(Readable.from(content), createWriteStream(place));
    paths.push(path);
  }
  return paths;
}

function* everyone(account: SimulatedAccount): Generator<SimulatedCandidate> {
  yield* account.people.held;
  for (let index = 0; index < (account.people.tenant?.size ?? 0); index += 1) {
    const candidate = account.people.generated(index);
    if (candidate) yield candidate;
  }
}

function* allOf<Kind extends 'applications' | 'submittals'>(
  account: SimulatedAccount,
  kind: Kind,
): Generator<SimulatedAccount[Kind][number]> {
  yield* account[kind] as Iterable<SimulatedAccount[Kind][number]>;
  for (let index = 0; index < (account.people.tenant?.size ?? 0); index += 1) {
    if (!account.people.generated(index)) continue;
    const own = kind === 'applications' ? account.generatedApplications(index) : account.generatedSubmittals(index);
    yield* own as Iterable<SimulatedAccount[Kind][number]>;
  }
}

function* filesOfAll(
  account: SimulatedAccount,
  filesOf: (account: SimulatedAccount, candidate: SimulatedCandidate) => readonly BesideFile[],
): Generator<{ readonly candidate: SimulatedCandidate; readonly file: BesideFile }> {
  for (const candidate of everyone(account)) {
    for (const file of filesOf(account, candidate)) yield { candidate, file };
  }
}

function resumesOf(account: SimulatedAccount, { id }: SimulatedCandidate): readonly BesideFile[] {
  return account.people.resumesOf(id).map((resume) => ({
    path: `resumes/${resume.id}${/\.[a-z]+$/i.exec(resume.filename)?.[0] ?? ''}`,
    filename: resume.filename,
    createdAt: resume.createdAt,
    content: account.people.fileOf(resume.id) ?? resume.text,
  }));
}

/** The simulator keeps no attachments: each candidate whom the API keeps back has a made-up one. */
function attachmentsOf(_account: SimulatedAccount, candidate: SimulatedCandidate): readonly BesideFile[] {
  if (candidate.active) return [];
  const content = `Dear recruiter,\n\nI can start at once.\n\n${candidate.firstName} ${candidate.lastName}\n`;
  const path = `attachments/${candidate.id}/cover-letter.txt`;
  return [{ path, filename: 'Cover Letter.txt', createdAt: candidate.createdAt, content }];
}

function candidateRow(candidate: SimulatedCandidate): BiRow {
  return {
    CANDIDATEID: String(candidate.id),
    ...candidateColumns(candidate, { userFieldsName: 'LinkedIn URL' }),
    DATECREATED: toEastern(candidate.createdAt),
    DATEUPDATED: toEastern(candidate.updatedAt),
    DATEPROFILEUPDATED: toEastern(candidate.updatedAt),
    ACTIVE: candidate.active ? '1' : '0',
  };
}

function fileRow({ id }: SimulatedCandidate, { filename, createdAt, path }: BesideFile): BiRow {
  return { CANDIDATEID: String(id), FILENAME: filename, DATECREATED: toEastern(createdAt), PATH: path };
}

/** RFC 4180 with a byte order mark and a header; a table without rows has its header alone, as far as one can be known. */
function* csv(rows: Iterable<BiRow>): Generator<string> {
  let isFirst = true;
  for (const row of rows) {
    if (isFirst) yield `\ufeff${line(Object.keys(row))}`;
    isFirst = false;
    yield line(Object.values(row));
  }
}

function line(values: readonly unknown[]): string {
  return `${values.map((value) => cell(String(value))).join(',')}\r\n`;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
