import type { ApiFamily } from './api-family.js';

/** The parts of a compound key, in the order in which LinkedIn's samples write them. */
export type KeyParts = readonly (readonly [name: string, value: string])[];

/** Whether an id can be a key: nothing is no name, and half a character has no encoding. */
export function canBeKey(id: string | undefined): id is string {
  return id !== undefined && id !== '' && id.isWellFormed();
}

/** How the keys of one collection are written and read. */
export interface KeyForm {
  /** As it stands in a path, and as a name in `entities`. */
  text(id: string): string;
  /** As it stands in a query, at a place. */
  query(id: string, index: number): string;
  /** The id in a key of an answer; `undefined` when it is none of this collection. */
  idIn(text: string): string | undefined;
}

/** Ids that are keys by themselves: `ids=N-1&ids=N-2`. */
export const PLAIN_KEYS: KeyForm = {
  text: (id) => id,
  query: (id) => `ids=${encodeURIComponent(id)}`,
  idIn: (text) => text,
};

/** Keys of which one part is the id (LinkedIn sheet §5). */
export function compoundKeys(part: string, family: ApiFamily, organization: string): KeyForm {
  const partsOf = (id: string): KeyParts => [[part, id], ...providerPart(family), ['integrationContext', organization]];
  return {
    text: (id) => keyText(partsOf(id)),
    query: (id, index) => keyQuery(partsOf(id), index),
    idIn: (text) => readKey(text).get(part),
  };
}

/** Something in a group of an access list: a job that the group may see, or a person who belongs to it. */
export interface InGroup {
  readonly group: string;
  readonly of: string;
}

/** One id for the two. */
export function pairId({ group, of }: InGroup): string {
  return keyText([
    ['group', group],
    ['of', of],
  ]);
}

/** The two of an id. */
export function pairIn(id: string): InGroup {
  const parts = readKey(id);
  return { group: parts.get('group') ?? '', of: parts.get('of') ?? '' };
}

/** Keys of jobs in groups (LinkedIn sheet §5.6). */
export function listKeys(family: ApiFamily, organization: string): KeyForm {
  return groupKeys('atsEntityId', ({ group, of }) => [
    ['atsEntityAclId', group],
    ...providerPart(family),
    ['integrationContext', organization],
    ['atsEntityType', 'JOB_POSTING'],
    ['atsEntityId', of],
  ]);
}

/** Keys of people in groups (LinkedIn sheet §5.6). */
export function assigneeKeys(family: ApiFamily, organization: string): KeyForm {
  return groupKeys('assignee', ({ group, of }) => [
    ['atsEntityAclId', group],
    ['assignee', of],
    ...providerPart(family),
    ['integrationContext', organization],
    ['atsEntityType', 'JOB_POSTING'],
  ]);
}

function groupKeys(part: string, partsOf: (one: InGroup) => KeyParts): KeyForm {
  return {
    text: (id) => keyText(partsOf(pairIn(id))),
    query: (id, index) => keyQuery(partsOf(pairIn(id)), index),
    idIn: (text) => {
      const found = readKey(text);
      const [group, of] = [found.get('atsEntityAclId'), found.get(part)];
      return group === undefined || of === undefined ? undefined : pairId({ group, of });
    },
  };
}

/** The key of an integration (LinkedIn sheet §3.1). */
export function integrationKey(family: ApiFamily, type: string, context: string): KeyParts {
  return [
    ['integrationContext', context],
    ['integrationType', type],
    ['tenantType', 'RECRUITER'],
    ...providerPart(family),
  ];
}

/** A compound key as it stands in a path, and as a name in `entities`: `a=1&b=2`. */
export function keyText(parts: KeyParts): string {
  return parts.map(([name, value]) => `${name}=${encodedValue(value)}`).join('&');
}

/** A compound key as it stands in a query: `ids[0].a=1&ids[0].b=2`. */
export function keyQuery(parts: KeyParts, index: number): string {
  return parts.map(([name, value]) => `ids[${index}].${name}=${encodeURIComponent(value)}`).join('&');
}

/** The parts of a key of an answer, which come in any order (LinkedIn sheet §4: that is CONFIRMED). */
export function readKey(text: string): ReadonlyMap<string, string> {
  const whole = text.includes('=') ? text : decoded(text);
  return new Map(
    whole.split('&').map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decoded(name), decoded(value.join('='))];
    }),
  );
}

/** LinkedIn's samples write the colons of URNs as they are. */
function encodedValue(value: string): string {
  return encodeURIComponent(value).replaceAll('%3A', ':');
}

function providerPart({ namesProvider }: ApiFamily): KeyParts {
  return namesProvider ? [['dataProvider', 'ATS']] : [];
}

/** What is no percent-encoding stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
