import { cleanLine } from '../clean-text.js';
import { readFileProfile } from '../profile-input.js';
import { type ByteSource, type ImportOptions, type ImportRow, importLimits, tooManyRows } from './import-row.js';
import { jsonValues } from './json-values.js';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a refused row says about whose it is. */
export function keyHint(value: unknown): { keyHint?: string } {
  if (!isObject(value)) return {};
  const name = [value['firstName'], value['lastName']].filter((part) => typeof part === 'string').join(' ');
  for (const candidate of [value['key'], value['fullName'], name]) {
    if (typeof candidate !== 'string') continue;
    const hint = cleanLine(candidate.slice(0, 400)).slice(0, 100).toWellFormed();
    if (hint !== '') return { keyHint: hint };
  }
  return {};
}

function withDefaults(value: unknown, options: ImportOptions): unknown {
  if (!isObject(value)) return value;
  const revealed = (contacts: unknown): unknown =>
    options.contactsRevealed && Array.isArray(contacts)
      ? contacts.map((contact: unknown) =>
          isObject(contact) ? { ...contact, revealed: contact['revealed'] ?? true } : contact,
        )
      : contacts;
  return {
    ...value,
    ...('emails' in value ? { emails: revealed(value['emails']) } : {}),
    ...('phones' in value ? { phones: revealed(value['phones']) } : {}),
    dataSource: value['dataSource'] ?? options.dataSource,
  };
}

/**
 * Reads profiles in our own shape (`Profile`), one a line; a JSON list of them is read as well. A profile without a key
 * gets a derived one.
 */
export async function* readProfileNdjson(source: ByteSource, options: ImportOptions = {}): AsyncGenerator<ImportRow> {
  const limits = importLimits(options);
  let rows = 0;
  for await (const row of jsonValues(source, limits.maxRowBytes)) {
    if (++rows > limits.maxRows) {
      yield tooManyRows(row.line, limits.maxRows);
      return;
    }
    if (!row.ok) {
      yield { ok: false, line: row.line, reasons: [{ message: row.message }] };
      continue;
    }
    const read = readFileProfile(withDefaults(row.value, options));
    if (read.ok) yield { ok: true, line: row.line, profile: read.profile, notes: [] };
    else yield { ok: false, line: row.line, reasons: read.reasons, ...keyHint(row.value) };
  }
}
