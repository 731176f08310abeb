import { readFileSync } from 'node:fs';
import type { ImportOptions, ImportRow, ReadRow, RefusedRow } from '../../src/directory/import/import-row.js';
import { type ImportFormat, readImport } from '../../src/directory/import/read-import.js';
import type { Profile } from '../../src/directory/profile.js';

/** A file in pieces of `size` bytes, so that every boundary falls somewhere inconvenient. */
export async function* pieces(content: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** Everything that an import yields for a file. */
export async function rowsOf(
  format: ImportFormat,
  content: string | Uint8Array,
  options?: ImportOptions,
): Promise<{ rows: ImportRow[]; read: ReadRow[]; refused: RefusedRow[]; profiles: Profile[] }> {
  const rows = await Array.fromAsync(readImport(format, pieces(content), options));
  const read = rows.filter((row) => row.ok);
  return { rows, read, refused: rows.filter((row) => !row.ok), profiles: read.map(({ profile }) => profile) };
}

/** A file of samples/. */
export function sample(path: string): Buffer {
  return readFileSync(new URL(`../../../../samples/${path}`, import.meta.url));
}
