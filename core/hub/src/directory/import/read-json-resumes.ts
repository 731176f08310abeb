import { type ByteSource, type ImportOptions, type ImportRow, importLimits, tooManyRows } from './import-row.js';
import { fromJsonResume } from './json-resume.js';
import { jsonValues } from './json-values.js';
import { keyHint } from './read-profile-ndjson.js';

function hintOf(document: unknown): { keyHint?: string } {
  if (typeof document !== 'object' || document === null) return {};
  const { basics, 'x-talentbridge': extension }: { basics?: unknown; 'x-talentbridge'?: unknown } = document;
  const key = typeof extension === 'object' && extension !== null && 'key' in extension ? extension.key : undefined;
  const name = typeof basics === 'object' && basics !== null && 'name' in basics ? basics.name : undefined;
  return keyHint({ key, fullName: name });
}

/**
 * Reads JSON Resume v1 documents: a single one, a list of them, or one a line. ./README.md says what is understood beyond the
 * standard, and documents the extension `x-talentbridge`. What cannot be used of a document is left out and noted with the
 * row; a document without a usable name is refused.
 */
export async function* readJsonResumes(source: ByteSource, options: ImportOptions = {}): AsyncGenerator<ImportRow> {
  const limits = importLimits(options);
  let rows = 0;
  for await (const row of jsonValues(source, limits.maxRowBytes)) {
    const { line } = row;
    if (++rows > limits.maxRows) {
      yield tooManyRows(line, limits.maxRows);
      return;
    }
    if (!row.ok) {
      yield { ok: false, line, reasons: [{ message: row.message }] };
      continue;
    }
    const input = fromJsonResume(row.value, options);
    if (!input) {
      yield { ok: false, line, reasons: [{ message: 'is no JSON object' }] };
      continue;
    }
    const read = input.readWhatIsUsable();
    if (read.ok) yield { ok: true, line, profile: read.profile, notes: input.notes };
    else yield { ok: false, line, reasons: read.reasons, ...hintOf(row.value) };
  }
}
