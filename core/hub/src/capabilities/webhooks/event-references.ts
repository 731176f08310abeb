import type { CapabilityName, DeliveredEvent, Notice, RecordReference } from '@talentbridge/contracts';

/** The capability that reads the records that events name. Whatever else events say, they say to others by notices. */
export const RECORD_READER: CapabilityName = 'rediscovery';

const KINDS: readonly unknown[] = ['candidate', 'job', 'application'] satisfies RecordReference['kind'][];
/** What a notice is kept as begins so, and no kind of records is called so. */
const NOTICE = 'notice/';
const CAPABILITY = /^[A-Za-z]{1,50}$/;
const MOST_OF_AN_EVENT = 100;
const LONGEST_ID = 500;
const LONGEST_NAME = 200;
const CONTROL = /\p{Cc}/u;

/** What an event says, as it is kept: `candidate/17`, `notice/export/17`. What is neither is left out. */
export function refsOf({ records, notices }: Partial<Pick<DeliveredEvent, 'records' | 'notices'>>): readonly string[] {
  const ofRecords = listOf<RecordReference>(records).flatMap(({ kind, remoteId }) =>
    KINDS.includes(kind) && isId(remoteId) ? [`${kind}/${remoteId}`] : [],
  );
  const ofNotices = listOf<Notice>(notices).flatMap(({ capability, id }) =>
    isNoticed(capability) && isId(id) ? [`${NOTICE}${capability}/${id}`] : [],
  );
  return [...new Set([...ofRecords, ...ofNotices])];
}

/** Whom a kept reference is for: the reader of records, or the capability of a notice. */
export function addresseeOf(ref: string): CapabilityName {
  return ref.startsWith(NOTICE) ? noticeOf(ref).capability : RECORD_READER;
}

/** The record of a kept reference that is no notice. */
export function referenceOf(ref: string): RecordReference {
  const [kind, remoteId] = parted(ref);
  // It was one of the kinds when it was kept.
  return { kind: kind as RecordReference['kind'], remoteId };
}

/** The notice of a kept reference that is one. */
export function noticeOf(ref: string): Notice {
  const [capability, id] = parted(ref.slice(NOTICE.length));
  // Of a plugin; where there is no such capability, nobody is told.
  return { capability: capability as CapabilityName, id };
}

/**
 * The same as `addresseeOf`, as SQL.
 * @param ref An expression.
 */
export function addresseeInSql(ref: string): string {
  return `case when starts_with(${ref}, '${NOTICE}') then split_part(${ref}, '/', 2) else '${RECORD_READER}' end`;
}

/** The name of an event, fit to be kept and shown. */
export function eventName(name: unknown): string {
  return typeof name === 'string' ? name.replaceAll(/\p{Cc}/gu, ' ').slice(0, LONGEST_NAME) : '';
}

/** What a plugin calls a list of these: any of it may be missing, or be something else. */
function listOf<Item>(given: unknown): readonly { readonly [Name in keyof Item]?: unknown }[] {
  return Array.isArray(given) ? given.slice(0, MOST_OF_AN_EVENT).map((item) => item ?? {}) : [];
}

function isNoticed(capability: unknown): boolean {
  return typeof capability === 'string' && CAPABILITY.test(capability) && capability !== RECORD_READER;
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID && !CONTROL.test(id);
}

/** At its first slash. */
function parted(text: string): readonly [string, string] {
  const slash = text.indexOf('/');
  return [text.slice(0, slash), text.slice(slash + 1)];
}
