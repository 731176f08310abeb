import type {
  CopiedAttachment,
  CopyHeader,
  CopyRow,
  CopyRows,
  CopyTable,
  MirroredAttachment,
} from '@talentbridge/contracts';
import { fromEastern, toEastern } from './eastern-time.js';
import { applicationOf, candidateOf, instantOf, mirroredJobOf, submittalOf } from './mirror-mapping.js';
import { idOf, plainName, rowOf, type VendorRow } from './vendor-rows.js';

/** A table of a data copy (JobDiva sheet §10: one CSV file each; which there are, and their columns, is INFERRED). */
type TableName = 'candidates' | 'jobs' | 'applications' | 'submittals' | 'resumes' | 'attachments';

/** What a data copy is read with. */
export interface DataCopyOptions {
  /** Where a person can look at a candidate, by id. */
  readonly candidateUrl: (id: string) => string;
  /** Where a person can look at a job, by id. */
  readonly jobUrl: (id: string) => string;
  /** Name of the column with the LinkedIn URL, where there is one. */
  readonly linkedInField?: string | undefined;
}

const LABELS: Readonly<Record<TableName, string>> = {
  candidates: 'Candidates',
  jobs: 'Jobs',
  applications: 'Applications',
  submittals: 'Submittals',
  resumes: 'Résumés',
  attachments: 'Attachments',
};

const NAMES = ['firstname', 'lastname', 'email', 'alternateemail'];
const PLACE = ['address1', 'address2', 'city', 'state', 'zipcode', 'country'];
const NUMBERS = ['cellphone', 'homephone', 'workphone', 'workphoneext', 'phone1', 'fax'];

/** Of the lists of files beside the data: where they have the résumé's own id, it is the one that the API lists it by (INFERRED). */
const FILE_FIELDS = ['candidateid', 'filename', 'datecreated', 'path', 'resumeid'];

/** Fields that are read, by table. Those beside them that JobDiva is known to have are known, and not needed. */
const FIELDS: Readonly<Record<TableName, readonly string[]>> = {
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
  resumes: FILE_FIELDS,
  attachments: FILE_FIELDS,
};

const FILE_NEEDED = [['candidateid'], ['filename'], ['path']];

/** Fields without which a row says nothing; one name of each pair is enough. */
const NEEDED: Readonly<Record<TableName, readonly (readonly string[])[]>> = {
  candidates: [['candidateid', 'id']],
  jobs: [['jobid', 'id']],
  applications: [['candidateid'], ['jobid']],
  submittals: [['candidateid'], ['jobid']],
  resumes: FILE_NEEDED,
  attachments: FILE_NEEDED,
};

/** Fields that decide what is newer, and are shown: a row in which one cannot be read is refused. */
const DATES: ReadonlySet<string> = new Set([
  ...['DATECREATED', 'DATEUPDATED', 'DATESTATUSUPDATED', 'ISSUEDATE', 'DATEISSUED', 'DATEAPPLIED', 'ACTIONDATE'],
  ...['ACTIVITYDATE', 'SUBMITTALDATE', 'INTERNALREJECTDATE', 'EXTERNALREJECTDATE'],
]);

/** What a row came to. */
type Refusal = Extract<CopyRow, { readonly kind: 'refused' }>;

/**
 * Reads the header of one file of the copy of its data that a customer gets from JobDiva ("Request Data Access", JobDiva sheet
 * §10): candidates whom the API keeps back are in it (PRODUCT.md RED-3).
 */
export function copyTableOf({ filename, columns }: CopyHeader, options: DataCopyOptions): CopyTable {
  const names = columns.map(plainName);
  const name = tableOf(new Set(names), filename);
  if (!name) {
    const reason = 'The first row names no columns of JobDiva, such as CANDIDATEID or JOBID. It must be a header.';
    return { kind: 'unreadable', reason };
  }
  for (const either of NEEDED[name]) {
    if (either.some((field) => names.includes(field))) continue;
    return { kind: 'unreadable', reason: `The column ${either[0]?.toUpperCase()} is missing in the table of ${name}.` };
  }
  const fields = fieldsOf(name, columns, options);
  const read = columns.map((header, at) => {
    const field = fields[at];
    return field === undefined ? { header } : { header, field };
  });
  return { kind: 'table', name, label: LABELS[name], columns: read };
}

/** Reads rows of such a file. Pure: nothing of a row depends on another. */
export function copyRowsOf({ table, columns, rows }: CopyRows, options: DataCopyOptions): readonly CopyRow[] {
  if (!isTable(table)) throw new TypeError('A data copy of JobDiva has no such table.');
  const fields = fieldsOf(table, columns, options);
  return rows.map((values) => copyRowOf(table, columns, fields, values, options));
}

/** JobDiva's name of the field of each column; `undefined` for one that nobody knows. */
function fieldsOf(
  table: TableName,
  columns: readonly string[],
  { linkedInField }: DataCopyOptions,
): readonly (string | undefined)[] {
  const fields = new Set([...FIELDS[table], ...(linkedInField === undefined ? [] : [plainName(linkedInField)])]);
  const names = columns.map(plainName);
  // Of two columns with the same name the first one counts.
  return names.map((name, at) => (fields.has(name) && names.indexOf(name) === at ? name.toUpperCase() : undefined));
}

/** Which table has these columns. Lists of files look all the same, so that their name tells which they are. */
function tableOf(names: ReadonlySet<string>, filename: string): TableName | undefined {
  const [isOfCandidate, isOfJob] = [names.has('candidateid'), names.has('jobid')];
  if (isOfCandidate && names.has('path')) {
    return names.has('resumeid') || /r[eé]sum[eé]|\bcv/iu.test(filename) ? 'resumes' : 'attachments';
  }
  if (isOfCandidate && isOfJob) {
    return names.has('activityid') || names.has('submittaldate') ? 'submittals' : 'applications';
  }
  if (isOfJob || names.has('jobdivano') || names.has('jobstatus')) return 'jobs';
  const isPerson = NAMES.some((name) => names.has(name));
  return isOfCandidate || (names.has('id') && isPerson) ? 'candidates' : undefined;
}

function isTable(name: string): name is TableName {
  return Object.hasOwn(LABELS, name);
}

function copyRowOf(
  table: TableName,
  columns: readonly string[],
  fields: readonly (string | undefined)[],
  values: readonly string[],
  options: DataCopyOptions,
): CopyRow {
  const cells: [string, string][] = [];
  for (const [at, field] of fields.entries()) {
    const value = values[at] ?? '';
    if (field === undefined) continue;
    const date = DATES.has(field) ? dateOf(value) : value;
    if (date !== undefined) cells.push([field, date]);
    else return refused('The value is no date such as 2026-09-17T19:30:48 or 09/17/2026.', columns[at]);
  }
  const read = recordOf(table, rowOf(Object.fromEntries(cells)), options);
  if (read.kind !== 'refused') return read;
  return refused(read.reason, columns[fields.indexOf(read.header ?? '')]);
}

function refused(reason: string, header?: string): Refusal {
  return { kind: 'refused', reason, ...(header === undefined ? {} : { header }) };
}

/** A record of a row. What it is refused for is named by field. */
function recordOf(table: TableName, row: VendorRow, options: DataCopyOptions): CopyRow {
  const noId = (field: string): Refusal => refused('The value is no id: JobDiva has digits alone.', field);
  const candidateId = idOf(row, 'candidateid', ...(table === 'candidates' ? ['id'] : []));
  const jobId = idOf(row, 'jobid', ...(table === 'jobs' ? ['id'] : []));
  switch (table) {
    case 'candidates': {
      const { linkedInField } = options;
      const candidate = candidateOf(row, { remoteUrl: options.candidateUrl(candidateId ?? ''), linkedInField });
      return candidate ? { kind: 'candidate', candidate } : noId(row.has('candidateid') ? 'CANDIDATEID' : 'ID');
    }
    case 'jobs': {
      const job = mirroredJobOf(row, options.jobUrl(jobId ?? ''), undefined);
      if (!job) return noId(row.has('jobid') ? 'JOBID' : 'ID');
      return job.title === '' ? refused('The job has no title.', 'TITLE') : { kind: 'job', job };
    }
    case 'applications':
    case 'submittals': {
      const application = table === 'submittals' ? submittalOf(row) : applicationOf(row, undefined);
      return application
        ? { kind: 'application', application }
        : noId(candidateId === undefined ? 'CANDIDATEID' : 'JOBID');
    }
    case 'resumes':
    case 'attachments':
      return candidateId === undefined ? noId('CANDIDATEID') : fileOf(table, row, candidateId);
  }
}

function fileOf(table: 'resumes' | 'attachments', row: VendorRow, candidateRemoteId: string): CopyRow {
  const path = row('path')
    .replace(/\\/g, '/')
    .replace(/^(?:\.\/)+/, '');
  const parts = path.split('/');
  if (/^[a-z]:/i.test(path) || parts.some((part) => part === '..' || part === '.' || part === '')) {
    return refused('The value is no path within the copy.', 'PATH');
  }
  const filename = row('filename').split(/[/\\]/).at(-1) ?? '';
  if (filename === '') return refused('The file has no name.', 'FILENAME');
  const createdAt = instantOf(row('datecreated'));
  const attachment: CopiedAttachment = {
    candidateRemoteId,
    path,
    attachment: {
      // A later copy may call the same file by another path.
      remoteId: row('resumeid') || `copy/${createdAt === '' ? path : `${createdAt}/${filename}`}`,
      filename,
      kind: kindOf(table, filename),
      ...(createdAt === '' ? {} : { updatedAt: createdAt }),
    },
  };
  return { kind: 'attachment', attachment };
}

function kindOf(table: 'resumes' | 'attachments', filename: string): MirroredAttachment['kind'] {
  if (table === 'resumes') return 'resume';
  return /cover.?letter/i.test(filename) ? 'coverLetter' : 'other';
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
