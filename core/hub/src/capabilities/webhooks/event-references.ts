import type { RecordReference } from '@talentbridge/contracts';

const KINDS: readonly unknown[] = ['candidate', 'job', 'application'] satisfies RecordReference['kind'][];
const MOST_OF_AN_EVENT = 100;
const LONGEST_ID = 500;
const LONGEST_NAME = 200;
const CONTROL = /\p{Cc}/u;

/** The records that an event names, as they are kept: `candidate/17`. What is none is left out. */
export function refsOf(records: unknown): readonly string[] {
  if (!Array.isArray(records)) return [];
  const refs = records.slice(0, MOST_OF_AN_EVENT).flatMap((record: Partial<RecordReference> | null) => {
    const { kind, remoteId } = record ?? {};
    const usable = typeof remoteId === 'string' && remoteId !== '' && remoteId.length <= LONGEST_ID;
    return KINDS.includes(kind) && usable && !CONTROL.test(remoteId) ? [`${kind}/${remoteId}`] : [];
  });
  return [...new Set(refs)];
}

/** The record of a kept reference. */
export function referenceOf(ref: string): RecordReference {
  const slash = ref.indexOf('/');
  return { kind: ref.slice(0, slash) as RecordReference['kind'], remoteId: ref.slice(slash + 1) };
}

/** The name of an event, fit to be kept and shown. */
export function eventName(name: unknown): string {
  return typeof name === 'string' ? name.replaceAll(/\p{Cc}/gu, ' ').slice(0, LONGEST_NAME) : '';
}
