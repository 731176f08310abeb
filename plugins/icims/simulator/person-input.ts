import type { PersonSchema, SchemaField } from './person-schema.js';
import type { CollectionEntry, ListOption, SimulatedUser } from './records.js';
import { invalid, Refusal } from './refusal.js';

/** What a client wrote of a person: values to keep, and fields to empty. */
export interface PersonInput {
  readonly values: ReadonlyMap<string, unknown>;
  readonly emptied: readonly string[];
  /** Names that were not in lower case, which iCIMS ignores with a warning (iCIMS sheet §1). */
  readonly ignored: readonly string[];
}

/** Options of a tenant's growing lists, by field and then by value in lower case. */
export type GrowingLists = Map<string, Map<string, ListOption>>;

/**
 * Reads the body of `POST` or `PATCH` of a person (iCIMS sheet §6.2), as strictly as it can be: an unknown or hidden field is
 * refused, so that a client that writes one learns of it.
 * @throws Refusal
 */
export function readPerson(body: unknown, schema: PersonSchema, user: SimulatedUser, lists: GrowingLists): PersonInput {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refusal(400, { code: 5, message: 'The profile must be a JSON object.' });
  }
  const values = new Map<string, unknown>();
  const emptied: string[] = [];
  const ignored: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name !== name.toLowerCase()) {
      ignored.push(name);
      continue;
    }
    const field = Object.hasOwn(schema, name) && !user.hiddenFields.has(name) ? schema[name] : undefined;
    if (!field) throw invalid(name, 'There is no such field.');
    if (isBlank(value)) emptied.push(name);
    else
      values.set(
        name,
        field.type === 'collection'
          ? readEntries(name, value, field, user, lists)
          : readValue(name, value, field, lists),
      );
  }
  return { values, emptied, ignored };
}

function isBlank(value: unknown): boolean {
  return value === null || value === '';
}

function readEntries(
  name: string,
  value: unknown,
  { parts = {} }: SchemaField,
  user: SimulatedUser,
  lists: GrowingLists,
): readonly Omit<CollectionEntry, 'entry'>[] {
  if (!Array.isArray(value)) throw invalid(name, 'A collection is a list of entries.');
  return value.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
      throw invalid(name, 'An entry is an object.');
    const read: Record<string, unknown> = {};
    for (const [part, inner] of Object.entries(entry)) {
      const field = Object.hasOwn(parts, part) && !user.hiddenFields.has(part) ? parts[part] : undefined;
      if (!field) throw invalid(part, 'There is no such field.');
      if (!isBlank(inner)) read[part] = readValue(part, inner, field, lists);
    }
    if (Object.keys(read).length === 0) throw invalid(name, 'An entry must not be empty.');
    return read;
  });
}

function readValue(name: string, value: unknown, { type, options }: SchemaField, lists: GrowingLists): unknown {
  if (type === 'list') return readOption(name, value, options, lists);
  if (typeof value !== 'string') throw invalid(name, 'The value must be text.');
  if (type === 'date' && !isDate(value)) throw invalid(name, 'A date reads yyyy-MM-dd.');
  return value;
}

function isDate(value: string): boolean {
  const at = Date.parse(`${value}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
}

/** A list takes `{ "value": … }`, and schools and degrees plain text as well (iCIMS sheet §5 and §6.2). */
function readOption(
  name: string,
  value: unknown,
  options: readonly string[] | undefined,
  lists: GrowingLists,
): unknown {
  const label = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  if (typeof label !== 'string' || label === '') throw invalid(name, 'A list takes one of its values.');
  if (options) {
    const found = options.findIndex((option) => option.toLowerCase() === label.toLowerCase());
    if (found < 0) throw invalid(name, 'The list has no such value.');
    return { id: `D83${String(found + 1).padStart(3, '0')}`, value: options[found] };
  }
  const known = lists.get(name) ?? new Map<string, ListOption>();
  lists.set(name, known);
  const option = known.get(label.toLowerCase()) ?? { id: `C${40_000 + known.size}`, value: label, hidden: false };
  // An unknown value becomes a new option; one that an admin has hidden is refused (iCIMS sheet §6.1, CONFIRMED).
  if (option.hidden) throw invalid(name, 'The value matches a hidden option of the list.');
  known.set(label.toLowerCase(), option);
  return { id: option.id, value: label };
}
