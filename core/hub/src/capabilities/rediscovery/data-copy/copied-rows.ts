import type {
  CopiedAttachment,
  CopyRow,
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
} from '@talentbridge/contracts';
import { type ReadRecords, type RecordsToRead, readRecords } from '../read-records.js';
import { time } from '../read-values.js';
import type { CopyLine } from './copy-csv.js';

/** A row of a file with what the plugin read in it. */
export interface RowOfCopy {
  readonly line: number;
  readonly cells: readonly string[];
  readonly row: CopyRow;
}

/** A row that cannot be used. */
export type RefusedLine = Extract<CopyLine, { readonly ok: false }>;

/** A record of a row, checked. */
export interface CopiedRecord<Value> {
  readonly value: Value;
  /** When it was last updated in the ATS, in milliseconds since the epoch. `undefined`: the row does not say. */
  readonly at: number | undefined;
}

/** A file of a candidate, with the row that named it. */
export interface NamedFile {
  readonly line: number;
  readonly cells: readonly string[];
  readonly file: CopiedAttachment;
}

/** What some rows came to: of several of the same record the newest. */
export interface CopiedRows {
  readonly candidates: ReadonlyMap<string, CopiedRecord<MirroredCandidate>>;
  readonly jobs: ReadonlyMap<string, CopiedRecord<MirroredJob>>;
  readonly applications: ReadonlyMap<string, CopiedRecord<MirroredApplication>>;
  readonly files: readonly NamedFile[];
  readonly refused: readonly RefusedLine[];
  /** Rows that another row of the same record made needless. */
  readonly repeated: { readonly unchanged: number; readonly older: number };
}

const NOTHING: RecordsToRead = { candidates: [], jobs: [], applications: [], gone: [] };

/** Checks what a plugin read in rows, as pages of an ATS are checked. Nothing is believed but that it is plain data. */
export function copiedRows(rows: readonly RowOfCopy[]): CopiedRows {
  const candidates = new Map<string, CopiedRecord<MirroredCandidate>>();
  const jobs = new Map<string, CopiedRecord<MirroredJob>>();
  const applications = new Map<string, CopiedRecord<MirroredApplication>>();
  const files: NamedFile[] = [];
  const refused: RefusedLine[] = [];
  const repeated = { unchanged: 0, older: 0 };
  const keep = <Value extends { readonly remoteId: string; readonly updatedAt?: string }>(
    records: Map<string, CopiedRecord<Value>>,
    value: Value,
  ): void => {
    const at = instantOf(value.updatedAt);
    const before = records.get(value.remoteId);
    if (before) repeated[before.at === at ? 'unchanged' : 'older'] += 1;
    // Where neither says when, the later row is the newer one.
    if (!before || (before.at === at ? at === undefined : isNewer(at, before.at))) {
      records.set(value.remoteId, { value, at });
    }
  };
  for (const { line, cells, row } of rows) {
    const refuse = (reason: string, header?: string): void => {
      refused.push({ ok: false, line, cells, reason, ...(header === undefined ? {} : { header }) });
    };
    if (row?.kind === 'refused') refuse(String(row.reason), row.header);
    else if (row?.kind === 'attachment' && isFile(row.attachment)) files.push({ line, cells, file: row.attachment });
    else {
      const problem = problemOf(row);
      if (problem !== undefined) refuse(problem);
      else if (row.kind === 'candidate') keep(candidates, ownOf(row.candidate));
      else if (row.kind === 'job') keep(jobs, row.job);
      else if (row.kind === 'application') keep(applications, row.application);
    }
  }
  return { candidates, jobs, applications, files, refused, repeated };
}

/** Whether rows of files hold files of candidates, or applications: they are read after what they refer to. */
export function turnOf(rows: readonly CopyRow[]): number {
  const has = (kind: CopyRow['kind']): boolean => rows.some((row) => row?.kind === kind);
  return has('attachment') ? 2 : has('application') ? 1 : 0;
}

/** Whether something that was updated then is newer. What does not say when is newer than nothing. */
export function isNewer(at: number | undefined, other: number | undefined): boolean {
  return at !== undefined && (other === undefined || at > other);
}

/** As records of the mirror. */
export function recordsOf(records: Partial<Pick<RecordsToRead, 'candidates' | 'jobs' | 'applications'>>): ReadRecords {
  return readRecords({ ...NOTHING, ...records });
}

function isFile(given: CopiedAttachment | undefined): boolean {
  return typeof given?.candidateRemoteId === 'string' && typeof given.path === 'string';
}

/** Applications come by themselves in a copy, and files with their content. */
function ownOf({ applications: _, attachments: __, ...candidate }: MirroredCandidate): MirroredCandidate {
  return candidate;
}

/** Why a record cannot be used; `undefined`: it can. */
function problemOf(row: CopyRow): string | undefined {
  switch (row?.kind) {
    case 'candidate':
      return recordsOf({ candidates: [row.candidate] }).refused[0]?.reason;
    case 'job':
      return recordsOf({ jobs: [row.job] }).refused[0]?.reason;
    case 'application':
      return recordsOf({ applications: [row.application] }).refused[0]?.reason;
    default:
      return 'Nobody knows what this row is.';
  }
}

function instantOf(text: unknown): number | undefined {
  const instant = time(text);
  return instant === undefined ? undefined : Date.parse(instant);
}
