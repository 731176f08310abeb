import type { CallContext, CopyHeader, CopyRow, CopyRows, CopyTable } from '@talentbridge/contracts';
import { InMemoryAts } from '../in-memory-ats.ts';

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  candidates: ['id', 'name', 'email', 'employer', 'updated'],
  jobs: ['id', 'title', 'updated'],
  applications: ['id', 'candidate', 'job', 'status', 'updated'],
  files: ['candidate', 'filename', 'path', 'updated'],
};

/** An ATS in this process that makes copies of its data: `candidates.csv`, `jobs.csv`, `applications.csv`, `files.csv`. */
export class CopyingAts extends InMemoryAts {
  /** Calls of `readCopyRows`, by table, with the number of rows. */
  readonly copied: { readonly table: string; readonly rows: number }[] = [];
  /** Called before rows are read: it may throw, wait, or change something. */
  beforeRows: () => Promise<void> | void = () => undefined;

  async readCopyHeader(_ctx: CallContext, { filename, columns }: CopyHeader): Promise<CopyTable> {
    const name = filename.replace(/\d*\.csv$/, '');
    const known = COLUMNS[name];
    if (!known || !columns.includes(known[0] ?? ''))
      return { kind: 'unreadable', reason: 'This is no table of a copy.' };
    return {
      kind: 'table',
      name,
      label: name,
      columns: columns.map((header) => (known.includes(header) ? { header, field: header.toUpperCase() } : { header })),
    };
  }

  async readCopyRows(_ctx: CallContext, { table, columns, rows }: CopyRows): Promise<readonly CopyRow[]> {
    this.copied.push({ table, rows: rows.length });
    await this.beforeRows();
    return rows.map((row) => {
      const cell = (column: string): string => row[columns.indexOf(column)] ?? '';
      return rowOf(table, cell);
    });
  }
}

function rowOf(table: string, cell: (column: string) => string): CopyRow {
  const updated = cell('updated');
  const updatedAt = updated === '' ? {} : { updatedAt: updated };
  if (updated !== '' && Number.isNaN(Date.parse(updated))) {
    return { kind: 'refused', reason: 'The value is no time.', header: 'updated' };
  }
  switch (table) {
    case 'candidates':
      return {
        kind: 'candidate',
        candidate: {
          remoteId: cell('id'),
          firstName: cell('name'),
          emails: cell('email') === '' ? [] : [cell('email')],
          phones: [],
          socialUrls: [],
          workExperience: cell('employer') === '' ? [] : [{ employer: cell('employer'), current: true }],
          education: [],
          tags: [],
          ...updatedAt,
        },
      };
    case 'jobs':
      return { kind: 'job', job: { remoteId: cell('id'), title: cell('title'), open: true, ...updatedAt } };
    case 'applications':
      return {
        kind: 'application',
        application: {
          remoteId: cell('id'),
          candidateRemoteId: cell('candidate'),
          jobRemoteId: cell('job'),
          status: 'active',
          stage: cell('status'),
          ...updatedAt,
        },
      };
    default:
      return {
        kind: 'attachment',
        attachment: {
          candidateRemoteId: cell('candidate'),
          path: cell('path'),
          attachment: {
            remoteId: `copy/${cell('filename')}`,
            filename: cell('filename'),
            kind: 'resume',
            ...updatedAt,
          },
        },
      };
  }
}
