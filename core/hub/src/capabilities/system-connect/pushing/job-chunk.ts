import type { HubError, MirroredJob } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { MirrorContent } from '../mirror-content.js';
import { digestOf } from './canonical-digest.js';
import { makeDue, settleDue } from './due-records.js';
import { jobAccess } from './job-access.js';
import { giveTo, ownersChanged, storedRecords } from './network-records.js';
import { outgoingJob } from './outgoing-records.js';
import { type Chunk, type DueRecord, keyOf, type OutgoingRecord, type StoredRecord } from './push-model.js';

/** Jobs that are due. Those that the mirror does not have any more are closed at the network. */
export interface JobChunk extends Chunk {
  /** What goes with another row of the mirror from now on: a job went and came back. */
  readonly moved: readonly StoredRecord[];
  /** The ATS's ids of those that the network knows under another title, or not at all. */
  readonly retitled: ReadonlySet<string>;
}

/** Where jobs are read. */
export interface JobChunkParts {
  readonly mirror: MirrorContent;
  readonly connectionId: string;
  readonly atsConnectionId: string;
}

/** Reads jobs that are due. */
export async function jobChunk(tx: Transaction, parts: JobChunkParts, due: readonly DueRecord[]): Promise<JobChunk> {
  const { mirror, connectionId, atsConnectionId } = parts;
  const ids = due.map(({ mirrorId }) => mirrorId);
  const contents = await mirror.jobs(tx, atsConnectionId, ids);
  const there = new Set(contents.map(({ id }) => id));
  const stored = await storedRecords(
    tx,
    connectionId,
    ids,
    contents.flatMap(({ job: { remoteId } }) =>
      (['job', 'access'] as const).map((kind) => ({ kind, remoteId, parentId: '' })),
    ),
  );
  const outgoing = [...contents.map(outgoingJob), ...(await jobAccess(tx, parts, contents))];
  const wanted = new Set(outgoing.map(keyOf));
  const gone = stored.filter((record) => !there.has(record.mirrorId) && !wanted.has(keyOf(record)));
  const back = await mirror.idsNamed(
    tx,
    atsConnectionId,
    'job',
    gone.map(({ remoteId }) => remoteId),
  );
  const newIds = new Map(back.map(({ remoteId, id }) => [remoteId, id]));
  const comesBack = ({ mirrorId, remoteId }: StoredRecord): boolean => !there.has(mirrorId) && newIds.has(remoteId);
  const titles = new Map(
    stored.flatMap(({ remoteId, copy }) => (isJob(copy) ? [[remoteId, copy.title] as const] : [])),
  );
  // What is known of them stays: their applications name them.
  const closing = gone.filter(({ remoteId }) => !newIds.has(remoteId)).flatMap((record) => closedJob(record) ?? []);
  return {
    due,
    stored,
    outgoing: [...outgoing, ...closing],
    removals: stored.filter((record) => record.kind === 'access' && !wanted.has(keyOf(record)) && !comesBack(record)),
    moved: gone.flatMap((record) => {
      const mirrorId = newIds.get(record.remoteId);
      return mirrorId === undefined ? [] : [{ ...record, mirrorId }];
    }),
    retitled: new Set(
      contents.flatMap(({ job }) => {
        return titles.get(job.remoteId) === job.title ? [] : [job.remoteId];
      }),
    ),
  };
}

/** Jobs by the ATS's ids: as the mirror has them, else as they were when it had them last. */
export async function jobsNamed(
  tx: Transaction,
  { mirror, connectionId, atsConnectionId }: JobChunkParts,
  remoteIds: readonly string[],
): Promise<ReadonlyMap<string, MirroredJob>> {
  const there = await mirror.jobsNamed(tx, atsConnectionId, remoteIds);
  const jobs = new Map(there.map(({ job }) => [job.remoteId, job]));
  const gone = remoteIds.filter((remoteId) => !jobs.has(remoteId));
  const known = await storedRecords(
    tx,
    connectionId,
    [],
    gone.map((remoteId) => ({ kind: 'job', remoteId, parentId: '' })),
  );
  for (const { remoteId, copy } of known) if (isJob(copy)) jobs.set(remoteId, copy);
  return jobs;
}

/** Notes what came of jobs that were looked at. */
export async function finishJobs(
  tx: Transaction,
  connectionId: string,
  chunk: JobChunk,
  held: ReadonlyMap<string, HubError | undefined>,
): Promise<void> {
  const { due, moved } = chunk;
  await giveTo(tx, connectionId, [...moved, ...ownersChanged(chunk)]);
  await makeDue(
    tx,
    connectionId,
    'job',
    moved.map(({ mirrorId }) => mirrorId),
  );
  await settleDue(tx, connectionId, 'job', due, held);
}

/** A job as it is to be at the network once the ATS has it no more. */
export function closedJob({ copy, mirrorId, remoteId }: StoredRecord): OutgoingRecord | undefined {
  if (!isJob(copy)) return undefined;
  const job = { ...copy, open: false };
  return { kind: 'job', remoteId, parentId: '', mirrorId, digest: digestOf(job), value: job, copy: job };
}

/** Whether it is a copy of a job, as it was written here. */
function isJob(copy: unknown): copy is MirroredJob {
  return typeof copy === 'object' && copy !== null && 'title' in copy && 'open' in copy;
}
