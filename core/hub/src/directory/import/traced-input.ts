import { type ProfileReading, pathText, type RefusalReason, readFileProfile } from '../profile-input.js';

type Path = readonly PropertyKey[];

/** Without these an entry says nothing: when one is unusable, the entry goes. */
const essential = new Set<PropertyKey>([
  'address',
  'number',
  'url',
  'employer',
  'school',
  'attribute',
  'value',
  'source',
]);

/** Without these a profile is none, or another's. */
const identity = new Set<PropertyKey>(['key', 'firstName', 'lastName', 'fullName']);

/** A profile being put together from a file of another shape: remembers which part of the file each value came from. */
export class TracedInput {
  readonly #values: Record<string, unknown> = {};
  readonly #origins = new Map<string, string>();
  readonly notes: RefusalReason[] = [];

  /** Sets one field of the profile. */
  set(field: string, value: unknown, origin: string): void {
    this.#values[field] = value;
    this.#origins.set(field, origin);
  }

  /** Appends an entry to one list of the profile. */
  append(field: string, value: unknown, origin: string): void {
    const list = this.#list(field);
    this.#origins.set(`${field}[${list.length}]`, origin);
    list.push(value);
  }

  /** Names the part of the file that a value inside the profile came from. */
  trace(path: string, origin: string): void {
    this.#origins.set(path, origin);
  }

  /** Notes that a part of the file was left out. */
  leaveOut(origin: string, why: string): void {
    this.notes.push({ path: origin, message: `${why}; left out` });
  }

  /** How many entries one list has so far. */
  count(field: string): number {
    return this.#list(field).length;
  }

  /** Reads it whole or says every reason why not, in the words of the file. */
  read(): ProfileReading {
    const read = readFileProfile(this.#values);
    if (read.ok) return read;
    return {
      ...read,
      reasons: read.reasons.map((reason, index) => ({ ...reason, path: this.#originOf(read.paths[index] ?? []) })),
    };
  }

  /** Reads it with unusable parts left out and noted; refuses only what has no usable name or key. */
  readWhatIsUsable(): ProfileReading {
    // What is dropped can bring up another refusal (an entry's dates are compared once both can be read), hence the rounds.
    for (let round = 0; ; round++) {
      const read = this.read();
      if (read.ok || round === 3 || read.paths.some((path) => path.length === 0 || identity.has(path[0] ?? '')))
        return read;
      for (const reason of read.reasons) this.leaveOut(reason.path ?? '', reason.message);
      for (const path of read.paths) this.#drop(path);
      for (const [field, value] of Object.entries(this.#values)) {
        if (Array.isArray(value)) this.#compact(field, value);
      }
    }
  }

  #list(field: string): unknown[] {
    const list = this.#values[field];
    if (Array.isArray(list)) return list;
    const created: unknown[] = [];
    this.#values[field] = created;
    return created;
  }

  /** The part of the file behind a path of the profile: the nearest that is known, with what remains appended. */
  #originOf(path: Path): string {
    for (let length = path.length; length > 0; length--) {
      const origin = this.#origins.get(pathText(path.slice(0, length)));
      if (origin === undefined) continue;
      const rest = pathText(path.slice(length));
      return rest === '' ? origin : `${origin}${rest.startsWith('[') ? '' : '.'}${rest}`;
    }
    return pathText(path);
  }

  #drop([field, entry, part]: Path): void {
    if (typeof field !== 'string') return;
    const value = this.#values[field];
    if (typeof entry === 'number' && Array.isArray(value)) {
      const found: unknown = value[entry];
      if (part === undefined || essential.has(part) || typeof found !== 'object' || found === null)
        value[entry] = undefined;
      else Reflect.deleteProperty(found, part);
    } else if (typeof entry === 'string' && typeof value === 'object' && value !== null)
      Reflect.deleteProperty(value, entry);
    else delete this.#values[field];
  }

  /** Closes the gaps that dropped entries left, and keeps the entries' origins with them. */
  #compact(field: string, list: readonly unknown[]): void {
    const kept = list.flatMap((value, index) =>
      value === undefined ? [] : [{ value, origin: this.#origins.get(`${field}[${index}]`) }],
    );
    if (kept.length === list.length) return;
    this.#values[field] = kept.map(({ value }) => value);
    for (const [index, { origin }] of kept.entries()) {
      if (origin !== undefined) this.#origins.set(`${field}[${index}]`, origin);
    }
  }
}
