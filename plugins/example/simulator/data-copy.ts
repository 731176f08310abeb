import type { SimulatedCandidate } from './index.js';

/** A CSV file of a copy, before it is written: the header and the rows. */
export interface CopiedTable {
  readonly filename: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The copy that Example ATS makes of its data: two tables, and the files at the paths that the second one names. */
export function dataCopyOf(candidates: readonly SimulatedCandidate[]): readonly CopiedTable[] {
  return [
    {
      filename: 'candidates.csv',
      columns: ['id', 'first_name', 'last_name', 'email', 'updated_at'],
      rows: candidates.map(({ id, first_name, last_name, emails: [email = ''], updated_at }) => {
        return [id, first_name, last_name, email, updated_at];
      }),
    },
    {
      filename: 'files.csv',
      columns: ['candidate_id', 'filename', 'path'],
      rows: candidates.flatMap(({ id, resume }) => (resume ? [[id, resume.filename, `files/${id}/resume`]] : [])),
    },
  ];
}
