import { badRequest } from './refusal.js';

/** What names a record: the parts of a compound key, or the one part `id`. */
export type KeyParts = Readonly<Record<string, string>>;

/** One key of a request. */
export interface Key {
  readonly parts: KeyParts;
  /** Equal for equal keys, in whatever order their parts came. */
  readonly identity: string;
}

/** The kinds of compound keys, with their parts in the order in which LinkedIn writes them (LinkedIn sheet §3.1, §5). */
export const COMPOUND_KEYS = {
  candidate: ['atsCandidateId', 'dataProvider', 'integrationContext'],
  application: ['atsJobApplicationId', 'dataProvider', 'integrationContext'],
  integration: ['integrationContext', 'integrationType', 'tenantType', 'dataProvider'],
  acl: ['atsEntityAclId', 'dataProvider', 'integrationContext', 'atsEntityType', 'atsEntityId'],
  assignee: ['atsEntityAclId', 'assignee', 'dataProvider', 'integrationContext', 'atsEntityType'],
} as const;

/** Parts that can have one value only (LinkedIn sheet §1, §5.6). */
const FIXED: KeyParts = { dataProvider: 'ATS', tenantType: 'RECRUITER', atsEntityType: 'JOB_POSTING' };

/** How the keys of one resource are read and written. */
export interface KeyKind {
  /** Those of a query. */
  fromQuery(query: URLSearchParams): readonly Key[];
  /** One of a body or a path. */
  fromText(text: string): Key;
  /** As it stands in an answer. */
  write(key: Key): string;
}

/** Keys that are one plain id: `ids=N-1&ids=N-2`. */
export const PLAIN_KEYS: KeyKind = {
  fromQuery: (query) => query.getAll('ids').map(plainKey),
  fromText: plainKey,
  write: ({ identity }) => identity,
};

/** Compound keys; without `dataProvider` in the versioned paths (LinkedIn sheet §1, CONFIRMED). */
export function compoundKeys(
  kind: keyof typeof COMPOUND_KEYS,
  versioned: boolean,
  order: (names: readonly string[]) => readonly string[],
): KeyKind {
  const names = COMPOUND_KEYS[kind].filter((name) => !versioned || name !== 'dataProvider');
  const keyOf = (given: ReadonlyMap<string, string>): Key => {
    const parts: Record<string, string> = {};
    for (const name of names) {
      const value = given.get(name);
      if (value === undefined || value === '') throw badRequest(`Key part ${name} is missing`);
      if (FIXED[name] !== undefined && FIXED[name] !== value)
        throw badRequest(`Key part ${name} must be ${FIXED[name]}`);
      parts[name] = value;
    }
    const surplus = [...given.keys()].find((name) => !names.some((known) => known === name));
    if (surplus !== undefined) throw badRequest(`Key part ${surplus} is unknown here`);
    return { parts, identity: JSON.stringify(names.map((name) => parts[name])) };
  };
  return {
    fromQuery: (query) => indexedParts(query).map(keyOf),
    fromText: (text) => keyOf(partsOf(text)),
    write: ({ parts }) =>
      order(names)
        .map((name) => `${name}=${encodeURIComponent(parts[name] ?? '').replaceAll('%3A', ':')}`)
        .join('&'),
  };
}

function plainKey(id: string): Key {
  if (id === '') throw badRequest('An id is empty');
  return { parts: { id }, identity: id };
}

/** `ids[0].a=1&ids[0].b=2` in any order. */
function indexedParts(query: URLSearchParams): readonly ReadonlyMap<string, string>[] {
  const found = new Map<number, Map<string, string>>();
  for (const [name, value] of query) {
    const { index, part } = /^ids\[(?<index>\d+)\]\.(?<part>\w+)$/.exec(name)?.groups ?? {};
    if (index === undefined || part === undefined) {
      if (name.startsWith('ids')) throw badRequest(`Query parameter ${name} is no part of a key`);
      continue;
    }
    const parts = found.get(Number(index)) ?? new Map<string, string>();
    if (parts.has(part)) throw badRequest(`Key part ${name} comes twice`);
    found.set(Number(index), parts.set(part, value));
  }
  return [...found].sort(([one], [other]) => one - other).map(([, parts]) => parts);
}

/** `a=1&b=2`, its values encoded or not, or the whole of it encoded once more. */
function partsOf(text: string): ReadonlyMap<string, string> {
  const plain = text.includes('=') ? text : decoded(text);
  return new Map(
    plain.split('&').map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      return [decoded(name), decoded(rest.join('='))];
    }),
  );
}

/** @throws Refusal with status 400 for what is no percent-encoding. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest('A key is not properly encoded');
  }
}
