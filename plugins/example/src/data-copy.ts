import type { CopyHeader, CopyRow, CopyRows, CopyTable } from '@talentbridge/contracts';

/** The tables of a data copy, by name: every column that Example ATS writes, and those without which a row says nothing. */
const TABLES = {
  candidates: {
    label: 'Candidates',
    fields: ['id', 'first_name', 'last_name', 'email', 'updated_at'],
    needed: ['id', 'last_name'],
  },
  files: {
    label: 'Files',
    fields: ['candidate_id', 'filename', 'path'],
    needed: ['candidate_id', 'filename', 'path'],
  },
} as const;

type TableName = keyof typeof TABLES;

/** Reads the header of a CSV file of the copy that Example ATS makes of its data. */
export function copyTableOf({ columns }: CopyHeader): CopyTable {
  const name = (['candidates', 'files'] as const).find((each) =>
    TABLES[each].needed.every((field) => columns.includes(field)),
  );
  if (!name) return { kind: 'unreadable', reason: 'The first row names no columns of Example ATS.' };
  const { label, fields } = TABLES[name];
  const known = new Set<string>(fields);
  return {
    kind: 'table',
    name,
    label,
    columns: columns.map((header) => (known.has(header) ? { header, field: header } : { header })),
  };
}

/** Reads rows of such a file. */
export function copyRowsOf({ table, columns, rows }: CopyRows): readonly CopyRow[] {
  if (!isTable(table)) throw new TypeError('A data copy of Example ATS has no such table.');
  const read = table === 'candidates' ? candidateOf : fileOf;
  return rows.map((values) => {
    const cell: Cells = (field) => values[columns.indexOf(field)]?.trim() ?? '';
    const missing = TABLES[table].needed.find((field) => cell(field) === '');
    return missing === undefined ? read(cell) : refused('There is nothing in it.', missing);
  });
}

/** The text of a field, without blanks around it; empty where there is none. */
type Cells = (field: string) => string;

function candidateOf(cell: Cells): CopyRow {
  const email = cell('email');
  const updatedAt = cell('updated_at');
  // What is no time would make the row look newer, or older, than what the API says.
  if (updatedAt !== '' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(updatedAt)) {
    return refused('The value is no time such as 2026-09-17T19:30:48.000Z.', 'updated_at');
  }
  return {
    kind: 'candidate',
    candidate: {
      remoteId: cell('id'),
      firstName: cell('first_name'),
      lastName: cell('last_name'),
      emails: email === '' ? [] : [email],
      ...{ phones: [], socialUrls: [], workExperience: [], education: [], tags: [] },
      ...(updatedAt === '' ? {} : { updatedAt }),
    },
  };
}

function fileOf(cell: Cells): CopyRow {
  const path = cell('path');
  const isWithin = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isWithin || /\\|^[a-z]:/i.test(path)) return refused('The value is no path within the copy.', 'path');
  const filename = cell('filename');
  if (/[/\\]/.test(filename)) return refused('The value is no name of a file.', 'filename');
  return {
    kind: 'attachment',
    // The id by which the API has the same file.
    attachment: {
      candidateRemoteId: cell('candidate_id'),
      path,
      attachment: { remoteId: 'resume', kind: 'resume', filename },
    },
  };
}

function refused(reason: string, header: string): CopyRow {
  return { kind: 'refused', reason, header };
}

function isTable(name: string): name is TableName {
  return Object.hasOwn(TABLES, name);
}
