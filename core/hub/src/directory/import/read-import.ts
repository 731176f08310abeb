import type { ByteSource, ImportOptions, ImportRow } from './import-row.js';
import { readJsonResumes } from './read-json-resumes.js';
import { readProfileCsv } from './read-profile-csv.js';
import { readProfileNdjson } from './read-profile-ndjson.js';

/** The formats that profiles are imported from. */
export type ImportFormat = 'JSON_RESUME' | 'NDJSON' | 'CSV';

const readers: Readonly<
  Record<ImportFormat, (source: ByteSource, options?: ImportOptions) => AsyncGenerator<ImportRow>>
> = {
  JSON_RESUME: readJsonResumes,
  NDJSON: readProfileNdjson,
  CSV: readProfileCsv,
};

/**
 * Reads a file of profiles row by row, in constant memory. A broken row is refused with every reason, and the rest goes on.
 * @throws ImportFileError when nothing of the file can be read.
 */
export function readImport(
  format: ImportFormat,
  source: ByteSource,
  options?: ImportOptions,
): AsyncGenerator<ImportRow> {
  return readers[format](source, options);
}
