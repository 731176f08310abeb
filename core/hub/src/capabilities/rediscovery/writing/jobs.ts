import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { ReadJob } from '../read-records.js';
import { lookUp, rowsNamed } from './lookups.js';
import type { MirrorRows } from './mirror-rows.js';
import { type Counts, differs, type MirrorPlace, NOTHING_WRITTEN, type WrittenRecords } from './mirror-write.js';

/** Jobs that were read. */
export interface WrittenJobs extends WrittenRecords {
  /** Those whose title is written differently than before. */
  readonly retitled: readonly string[];
}

/** Gathers the jobs that differ from those of the mirror. */
export async function writeJobs(
  tx: Transaction,
  { connectionId, mirrored }: MirrorPlace,
  toWrite: MirrorRows,
  given: readonly ReadJob[],
  newer: ReadonlySet<string>,
  counts: Counts,
  copied = false,
): Promise<WrittenJobs> {
  if (given.length === 0) return { ...NOTHING_WRITTEN, retitled: [] };
  const known = await lookUp<{ id: string; remoteId: string; hash: string; copied: boolean; title: string }>(
    tx,
    mirrored,
    `select j.id, j.remote_id as "remoteId", j.hash, j.copied, j.title from ${rowsNamed(tx, 'job', 'remote_id', '$2')} j`,
    [connectionId, given.map((job) => job.remoteId)],
  );
  const byRemoteId = new Map(known.map((row) => [row.remoteId, row]));
  const jobs = given.filter((job) => !newer.has(byRemoteId.get(job.remoteId)?.id ?? ''));
  const rows = jobs.map((job) => ({ job, id: byRemoteId.get(job.remoteId)?.id ?? uuidv7() }));
  const differing = rows.filter(({ job }) => differs(byRemoteId.get(job.remoteId), job, copied));
  counts.written += differing.length;
  counts.unchanged += rows.length - differing.length;
  toWrite.jobs(differing.map((row) => ({ ...row, replaces: byRemoteId.has(row.job.remoteId) })));
  return {
    ids: rows.map((row) => row.id),
    changed: differing.map((row) => row.id),
    retitled: differing
      .filter(({ job }) => (byRemoteId.get(job.remoteId)?.title ?? job.value.title) !== job.value.title)
      .map((row) => row.id),
    added: differing.filter(({ job }) => !byRemoteId.has(job.remoteId)).length,
  };
}
