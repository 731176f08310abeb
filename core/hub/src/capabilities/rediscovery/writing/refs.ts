import type { RecordReference } from '@talentbridge/contracts';
import type { SeenRecords } from './known.js';

/** How a read remembers a record. */
export function refOf({ kind, remoteId }: RecordReference): string {
  return `${kind}/${remoteId}`;
}

/** Before the ATS's id of a candidate: all applications were told with them. There are none of whoever is gone. */
export const WHOLE = 'whole candidate/';

/** What a read remembers of records that are gone: all the refs that can be about them. */
export function goneRefs(gone: readonly RecordReference[]): readonly string[] {
  const refs = gone.flatMap((reference) =>
    reference.kind === 'candidate' ? [refOf(reference), `${WHOLE}${reference.remoteId}`] : [refOf(reference)],
  );
  return [...new Set(refs)];
}

/** The record that a ref is about. `undefined`: it says something else. */
export function referenceOf(ref: string): RecordReference | undefined {
  const slash = ref.indexOf('/');
  const kind = ref.slice(0, slash);
  return kind === 'candidate' || kind === 'job' || kind === 'application'
    ? { kind, remoteId: ref.slice(slash + 1) }
    : undefined;
}

/** What a read that was named from outside remembers of what it told. */
export function refsOf({ candidates, jobs, applications, gone }: SeenRecords): readonly string[] {
  const refs = [
    ...candidates.map(({ remoteId }) => refOf({ kind: 'candidate', remoteId })),
    ...candidates.flatMap(({ remoteId: owner, applications: own }) =>
      own ? [`${WHOLE}${owner}`, ...own.parts.map(({ remoteId }) => refOf({ kind: 'application', remoteId }))] : [],
    ),
    ...jobs.map(({ remoteId }) => refOf({ kind: 'job', remoteId })),
    ...applications.map(({ remoteId }) => refOf({ kind: 'application', remoteId })),
    ...goneRefs(gone),
  ];
  return [...new Set(refs)];
}
