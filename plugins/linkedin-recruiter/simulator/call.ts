import type { Key, KeyKind } from './keys.js';
import type { Application } from './records.js';
import { badRequest, Refusal } from './refusal.js';
import { entitiesOf } from './validation.js';

/** One request to the API, read. */
export interface Call {
  /** As it is meant: what a tunnelled request overrides is overridden. */
  readonly method: string;
  /** The value of `x-restli-method`. */
  readonly restli: string | undefined;
  /** Behind the resource, not decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Whether it came by `/rest`. */
  readonly versioned: boolean;
  readonly application: Application;
  /** Milliseconds since the epoch, on the simulator's clock. */
  readonly now: number;
  /** Counts records of a kind. @throws Refusal with status 429 when they are too many for a minute. */
  takeRecords(kind: string, count: number): void;
}

/** What a route answers. */
export interface Answer {
  /** Default 200; without a body, 204. */
  readonly status?: number;
  readonly body?: unknown;
}

/** At most so many records in one call (LinkedIn sheet §4, CONFIRMED). */
const MOST_RECORDS = 100;

/** The batch methods, by the HTTP method that carries each (LinkedIn sheet §4, CONFIRMED). */
export type BatchMethod = 'batch_update' | 'batch_partial_update' | 'batch_create' | 'batch_get' | 'batch_delete';
const VERBS: Readonly<Record<BatchMethod, string>> = {
  batch_update: 'PUT',
  batch_partial_update: 'POST',
  batch_create: 'POST',
  batch_get: 'GET',
  batch_delete: 'DELETE',
};

/**
 * Which of these batch methods a request means. Reads and deletions need not say it.
 * @throws Refusal with status 405 for another HTTP method, 400 for another `x-restli-method`.
 */
export function batchMethodOf(call: Call, supported: readonly BatchMethod[]): BatchMethod {
  const candidates = supported.filter((name) => VERBS[name] === call.method);
  const [first] = candidates;
  if (first === undefined) throw new Refusal(405, `${call.method} is not supported on this resource`);
  const isImplied = call.restli === undefined && (call.method === 'GET' || call.method === 'DELETE');
  const meant = isImplied ? first : candidates.find((name) => name === call.restli);
  if (meant === undefined) throw badRequest(`x-restli-method must be ${candidates.join(' or ')}`);
  return meant;
}

/** The keys of a batch. @throws Refusal with status 400 for none, for more than 100, and for one that comes twice. */
export function keysOf({ query }: Call, kind: KeyKind): readonly Key[] {
  const keys = kind.fromQuery(query);
  if (keys.length === 0) throw badRequest('ids are required');
  if (keys.length > MOST_RECORDS) throw badRequest(`At most ${MOST_RECORDS} records are taken at once`);
  if (new Set(keys.map(({ identity }) => identity)).size < keys.length) throw badRequest('An id comes twice');
  return keys;
}

/** The keys of a batch with the value of each. @throws Refusal with status 400 unless query and `entities` have the same keys. */
export function entitiesByKey(call: Call, kind: KeyKind): readonly (readonly [Key, unknown])[] {
  const keys = keysOf(call, kind);
  const entities = [...entitiesOf(call.body)].map(([text, value]) => [kind.fromText(text).identity, value] as const);
  const values = new Map(entities);
  if (values.size < entities.length) throw badRequest('A key comes twice in entities');
  if (values.size > keys.length) throw badRequest('entities has a key that ids lacks');
  return keys.map((key) => {
    if (!values.has(key.identity)) throw badRequest('entities lacks a key of ids');
    return [key, values.get(key.identity)] as const;
  });
}

/** The result of a batch: 200, with what became of each record (LinkedIn sheet §4, CONFIRMED; the errors INFERRED). */
function perRecord<Item>(
  kind: KeyKind,
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  act: (item: Item) => unknown,
): Answer {
  const results = new Map<string, unknown>();
  const errors = new Map<string, unknown>();
  for (const item of items) {
    const name = kind.write(keyOf(item));
    try {
      results.set(name, act(item) ?? { status: 204 });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.set(name, { status: error.status, message: error.message, serviceErrorCode: error.code });
    }
  }
  return { body: { results: Object.fromEntries(results), errors: Object.fromEntries(errors) } };
}

/** What upserts, partial updates or deletes, one record at a time. */
export function writeEach(
  kind: KeyKind,
  entities: readonly (readonly [Key, unknown])[],
  write: (key: Key, value: unknown) => void,
): Answer {
  return perRecord(
    kind,
    entities,
    ([key]) => key,
    ([key, value]) => write(key, value),
  );
}

/** What reads or deletes by keys alone. */
export function forEachKey(kind: KeyKind, keys: readonly Key[], act: (key: Key) => unknown): Answer {
  return perRecord(kind, keys, (key) => key, act);
}

/** Of a record, the properties that `fields` asks for. */
export function fieldsOf(query: URLSearchParams, record: Readonly<Record<string, unknown>>): unknown {
  const fields = query.get('fields')?.split(',');
  return fields ? Object.fromEntries(Object.entries(record).filter(([name]) => fields.includes(name))) : record;
}
