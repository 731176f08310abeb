import type { MirroredApplication, MirroredCandidate, MirroredJob } from '@talentbridge/contracts';
import { type CsvRecord, csvRecords } from './csv.js';
import { fromEastern, toEastern } from './eastern-time.js';
import { applicationOf, candidateOf, instantOf, mirroredJobOf, submittalOf } from './mirror-mapping.js';
import { idOf, plainName, rowOf, type VendorRow } from './vendor-rows.js';

/** A table of a data copy (JobDiva sheet §10: one CSV file each; which there are, and their columns, is INFERRED). */
export type DataCopyTable = 'candidates' | 'jobs' | 'applications' | 'submittals' | 'files';

/** A column of the file, and what it is read as. */
export interface DataCopyColumn {
  /** As it stands in the file. */
  readonly header: string;
  /** JobDiva's name of the field. Absent: nobody knows the column, and it is left out. */
  readonly field?: string;
}

/** A résumé or attachment that lies beside the data. */
export interface DataCopyFile {
  readonly candidateRemoteId: string;
  readonly filename: string;
  /** Relative, with slashes: it never leads out of the copy. */
  readonly path: string;
  readonly createdAt?: string;
}

/** What a row came to. */
export type DataCopyRecord =
  | { readonly kind: 'candidate'; readonly candidate: MirroredCandidate; readonly active?: boolean }
  | { readonly kind: 'job'; readonly job: MirroredJob }
  | { readonly kind: 'application'; readonly application: MirroredApplication }
  | { readonly kind: 'file'; readonly file: DataCopyFile };

/** What is read out of a file, in its order: the columns once, then a row or a refusal for each record. */
export type DataCopyItem =
  | { readonly kind: 'columns'; readonly table: DataCopyTable; readonly columns: readonly DataCopyColumn[] }
  | {
      readonly kind: 'row';
      /** The line on which it begins, counted from 1. */
      readonly line: number;
      readonly record: DataCopyRecord;
      /** Headers of cells that a spreadsheet would take for a formula. They are texts here, and must be escaped on the way out. */
      readonly formulaLike: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly line: number;
      /** For people, without the value: the row is personal data. */
      readonly reason: string;
      /** The header of the cell that it is about. */
      readonly header?: string;
    }
  /** The file is none of a data copy; nothing follows. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What a data copy is read with. */
export interface DataCopyOptions {
  /** Absent: told by the header. */
  readonly table?: DataCopyTable;
  /** Where a person can look at a candidate, by id. */
  readonly candidateUrl: (id: string) => string;
  /** Where a person can look at a job, by id. */
  readonly jobUrl: (id: string) => string;
  /** Name of the column with the LinkedIn URL, where there is one. */
  readonly linkedInField?: string;
}

const NAMES = ['firstname', 'lastname', 'email', 'alternateemail'];
const PLACE = ['address1', 'address2', 'city', 'state', 'zipcode', 'country'];
const NUMBERS = ['cellphone', 'homephone', 'workphone', 'workphoneext', 'phone1', 'fax'];

/** Fields that are read, by table. Those beside them that JobDiva is known to have are known, and not needed. */
const FIELDS: Readonly<Record<DataCopyTable, readonly string[]>> = {
  candidates: [
    ...['candidateid', 'id', 'active', 'datecreated', 'dateupdated', 'dateprofileupdated', 'dateuserfieldupdated'],
    ...NAMES,
    ...PLACE,
    ...NUMBERS,
    'resumecount',
  ],
  jobs: [
    ...[
      'jobid',
      'id',
      'jobdivano',
      'optionalreferenceno',
      'title',
      'jobtitle',
      'jobstatus',
      'companyname',
      'companyid',
    ],
    ...[
      'city',
      'state',
      'zipcode',
      'issuedate',
      'dateissued',
      'dateupdated',
      'datestatusupdated',
      'startdate',
      'enddate',
    ],
    ...['primaryrecruiterid', 'primarysalesid', 'positiontype', 'openings', 'fills', 'priority'],
  ],
  applications: [
    ...[
      'candidateid',
      'jobid',
      'firstname',
      'lastname',
      'email',
      'dateapplied',
      'resumesource',
      'action',
      'actionuserid',
    ],
    ...['rejectreason', 'actiondate', 'referrer', 'resumeid', 'status', 'jobtitle'],
  ],
  submittals: [
    ...['activityid', 'candidateid', 'jobid', 'activitydate', 'datecreated', 'dateupdated', 'submittaldate'],
    ...['userid', 'userfirstname', 'userlastname', 'candidatefirstname', 'candidatelastname', 'candidateemail'],
    ...['jobreferencenumber', 'jobtitle', 'companyname', 'submittalflag', 'internalsubmittalflag'],
    ...['externalsubmittalflag', 'interviewflag', 'rejectflag', 'hireflag', 'rejectreason', 'internalrejectdate'],
    ...['externalrejectdate', 'interviewdate', 'interviewscheduledate', 'startdate', 'enddate', 'terminationdate'],
  ],
  files: ['candidateid', 'filename', 'datecreated', 'path'],
};

/** Fields without which a row says nothing; one name of each pair is enough. */
const NEEDED: Readonly<Record<DataCopyTable, readonly (readonly string[])[]>> = {
  candidates: [['candidateid', 'id']],
  jobs: [['jobid', 'id']],
  applications: [['candidateid'], ['jobid']],
  submittals: [['candidateid'], ['jobid']],
  files: [['candidateid'], ['filename'], ['path']],
};

/** Fields that decide what is newer, and are shown: a row in which one cannot be read is refused. */
const DATES: ReadonlySet<string> = new Set([
  ...['DATECREATED', 'DATEUPDATED', 'DATESTATUSUPDATED', 'ISSUEDATE', 'DATEISSUED', 'DATEAPPLIED', 'ACTIONDATE'],
  ...['ACTIVITYDATE', 'SUBMITTALDATE', 'INTERNALREJECTDATE', 'EXTERNALREJECTDATE'],
]);

const PROBLEMS: Readonly<Record<NonNullable<CsvRecord['problem']>, string>> = {
  tooLong: 'The row is longer than a million characters.',
  unclosedQuote: 'A quote is opened and never closed.',
  strayQuote: 'A quoted value goes on after its closing quote.',
};

/** What a spreadsheet would calculate; a phone number or a negative one is none. */
const FORMULA_LIKE = /^[\t\r ]*(?:[=@]|[+-](?![\d\s().-]*$))|^[\t\r]/;

/** Cells hold names, numbers and short texts; what is longer is damage. */
const LONGEST_VALUE = 32_000;

/**
 * Reads one file of the copy of its data that a customer gets from JobDiva, row by row: candidates whom the API keeps back
 * among them (PRODUCT.md RED-3). Pure and streaming: nothing is held but the row that is being read.
 */
export async function* readDataCopy(
  chunks: AsyncIterable<Uint8Array>,
  options: DataCopyOptions,
): AsyncGenerator<DataCopyItem> {
  let header: Header | undefined;
  for await (const record of csvRecords(chunks)) {
    if (header) {
      yield itemOf(record, header, options);
      continue;
    }
    const read = headerOf(record, options);
    if ('reason' in read) {
      yield { kind: 'unreadable', reason: read.reason };
      return;
    }
    header = read;
    yield { kind: 'columns', table: header.table, columns: header.columns };
  }
  if (!header) yield { kind: 'unreadable', reason: 'The file is empty.' };
}

interface Header {
  readonly table: DataCopyTable;
  readonly columns: readonly DataCopyColumn[];
}

function headerOf({ values, problem }: CsvRecord, options: DataCopyOptions): Header | { readonly reason: string } {
  if (problem !== undefined) return { reason: `The header cannot be read. ${PROBLEMS[problem]}` };
  const names = values.map(plainName);
  const table = options.table ?? tableOf(new Set(names));
  if (!table) {
    return { reason: 'The first row names no columns of JobDiva, such as CANDIDATEID or JOBID. It must be a header.' };
  }
  const linkedIn = options.linkedInField === undefined ? [] : [plainName(options.linkedInField)];
  const fields = new Set([...FIELDS[table], ...linkedIn]);
  for (const either of NEEDED[table]) {
    if (!either.some((field) => names.includes(field))) {
      return { reason: `The column ${either[0]?.toUpperCase()} is missing in the table of ${table}.` };
    }
  }
  const columns = values.map((header, at) => {
    const field = names[at] ?? '';
    // Of two columns with the same name the first one counts.
    return fields.has(field) && names.indexOf(field) === at ? { header, field: field.toUpperCase() } : { header };
  });
  return { table, columns };
}

/** Which table has these columns. */
function tableOf(names: ReadonlySet<string>): DataCopyTable | undefined {
  const [isOfCandidate, isOfJob] = [names.has('candidateid'), names.has('jobid')];
  if (isOfCandidate && names.has('path')) return 'files';
  if (isOfCandidate && isOfJob)
    return names.has('activityid') || names.has('submittaldate') ? 'submittals' : 'applications';
  if (isOfJob || names.has('jobdivano') || names.has('jobstatus')) return 'jobs';
  const isPerson = NAMES.some((name) => names.has(name));
  return isOfCandidate || (names.has('id') && isPerson) ? 'candidates' : undefined;
}

function itemOf(
  { line, values, problem }: CsvRecord,
  { table, columns }: Header,
  options: DataCopyOptions,
): DataCopyItem {
  const refuse = (reason: string, header?: string): DataCopyItem => ({
    kind: 'refused',
    line,
    reason,
    ...(header === undefined ? {} : { header }),
  });
  if (problem !== undefined) return refuse(PROBLEMS[problem]);
  if (values.length !== columns.length) {
    return refuse(`The row has ${values.length} values, and the header ${columns.length}.`);
  }
  const cells: [string, string][] = [];
  const formulaLike: string[] = [];
  for (const [at, { header, field }] of columns.entries()) {
    const value = values[at] ?? '';
    if (field === undefined) continue;
    if (value.length > LONGEST_VALUE) return refuse(`The value is longer than ${LONGEST_VALUE} characters.`, header);
    // What could not be decoded is lost: the row is better corrected and imported again.
    if (value.includes('\uFFFD')) return refuse('The value is not UTF-8.', header);
    const date = DATES.has(field) ? dateOf(value) : value;
    if (date === undefined) return refuse('The value is no date such as 2026-09-17T19:30:48 or 09/17/2026.', header);
    if (FORMULA_LIKE.test(value)) formulaLike.push(header);
    cells.push([field, date]);
  }
  const read = recordOf(table, rowOf(Object.fromEntries(cells)), options);
  if ('reason' in read) return refuse(read.reason, columns.find(({ field }) => field === read.field)?.header);
  return { kind: 'row', line, record: read, formulaLike };
}

function recordOf(
  table: DataCopyTable,
  row: VendorRow,
  options: DataCopyOptions,
): DataCopyRecord | { readonly reason: string; readonly field: string } {
  const noId = (field: string): { readonly reason: string; readonly field: string } => ({
    reason: 'The value is no id: JobDiva has digits alone.',
    field,
  });
  const candidateId = idOf(row, 'candidateid', ...(table === 'candidates' ? ['id'] : []));
  const jobId = idOf(row, 'jobid', ...(table === 'jobs' ? ['id'] : []));
  if (table !== 'jobs' && candidateId === undefined) return noId(row.has('candidateid') ? 'CANDIDATEID' : 'ID');
  if (table !== 'candidates' && table !== 'files' && jobId === undefined)
    return noId(row.has('jobid') ? 'JOBID' : 'ID');
  switch (table) {
    case 'candidates': {
      const { linkedInField } = options;
      const candidate = candidateOf(row, { remoteUrl: options.candidateUrl(candidateId ?? ''), linkedInField });
      if (!candidate) return noId('CANDIDATEID');
      const isSaid = row('active') !== '';
      return { kind: 'candidate', candidate, ...(isSaid ? { active: /^(?:1|true|y|yes)$/i.test(row('active')) } : {}) };
    }
    case 'jobs': {
      const job = mirroredJobOf(row, options.jobUrl(jobId ?? ''), undefined);
      if (!job) return noId('JOBID');
      return job.title === '' ? { reason: 'The job has no title.', field: 'TITLE' } : { kind: 'job', job };
    }
    case 'applications':
    case 'submittals': {
      const application = table === 'submittals' ? submittalOf(row) : applicationOf(row, undefined);
      return application ? { kind: 'application', application } : noId('CANDIDATEID');
    }
    case 'files':
      return fileOf(row, candidateId ?? '');
  }
}

function fileOf(
  row: VendorRow,
  candidateRemoteId: string,
): DataCopyRecord | { readonly reason: string; readonly field: string } {
  const path = row('path')
    .replace(/\\/g, '/')
    .replace(/^(?:\.\/)+/, '');
  const parts = path.split('/');
  if (
    path === '' ||
    path.startsWith('/') ||
    /^[a-z]:/i.test(path) ||
    parts.some((part) => part === '..' || part === '')
  ) {
    return { reason: 'The value is no path within the copy.', field: 'PATH' };
  }
  const filename = row('filename').split(/[/\\]/).at(-1) ?? '';
  if (filename === '') return { reason: 'The file has no name.', field: 'FILENAME' };
  const createdAt = instantOf(row('datecreated'));
  const file = { candidateRemoteId, filename, path, ...(createdAt === '' ? {} : { createdAt }) };
  return { kind: 'file', file };
}

/** A date of the copy as the API writes it; empty for none, `undefined` for what is no date. Which form it has is INFERRED. */
function dateOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'Null') return '';
  const [, month, day, year, time = '00:00:00'] =
    /^(\d\d?)\/(\d\d?)\/(\d{4})(?: (\d\d:\d\d:\d\d))?$/.exec(trimmed) ?? [];
  const iso = year === undefined ? trimmed : `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}T${time}`;
  const instant = fromEastern(iso, 'earlier');
  return instant === undefined ? undefined : toEastern(instant);
}
