import { folded } from '../../../kernel/folded.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { JobContent } from '../mirror-content.js';
import type { JobViewers } from '../system-connect-model.js';
import { digestOf } from './canonical-digest.js';
import type { JobChunkParts } from './job-chunk.js';
import { applicationsOfJobs } from './network-records.js';
import { type Chunk, keyOf, type OutgoingRecord } from './push-model.js';

/**
 * Who may see jobs at the network, where that is for their recruiters alone: members with an active seat whose name is that of
 * the job's recruiter, or of somebody who works on one of its applications. Where nobody has such a name it is everybody with a
 * seat: nobody could export to the job otherwise.
 */
export async function jobAccess(
  tx: Transaction,
  { mirror, connectionId, atsConnectionId }: JobChunkParts,
  jobs: readonly JobContent[],
): Promise<readonly OutgoingRecord[]> {
  if (jobs.length === 0 || (await jobViewers(tx, connectionId)) === 'EVERYBODY') return [];
  const seats = await activeSeats(tx, connectionId);
  const applications = await applicationsOfJobs(
    tx,
    connectionId,
    jobs.map(({ job }) => job.remoteId),
  );
  const recruiters = Map.groupBy(
    await mirror.recruitersOf(tx, atsConnectionId, applications),
    ({ jobRemoteId }) => jobRemoteId,
  );
  return jobs.map(({ id, job }): OutgoingRecord => {
    const { remoteId, recruiter } = job;
    const people = [...(recruiter ? [recruiter] : []), ...(recruiters.get(remoteId) ?? [])];
    const names = new Set(people.map(({ name }) => comparable(name)));
    const named = seats.filter(({ name }) => names.has(comparable(name)));
    const everySeat = named.length === 0;
    const members = [...new Set((everySeat ? seats : named).map(({ member }) => member))].toSorted();
    const value = { remoteId, members, everySeat };
    return {
      kind: 'access',
      remoteId,
      parentId: '',
      belongsTo: { kind: 'job', remoteId, parentId: '' },
      mirrorId: id,
      digest: digestOf(value),
      value,
    };
  });
}

/** The ATS's ids of jobs whose applications, or who works on them, are others than the network heard. */
export function jobsWithOtherApplications({ outgoing, removals, stored }: Chunk): ReadonlySet<string> {
  const was = new Map(stored.map((record) => [keyOf(record), record]));
  const changed = outgoing.flatMap((record) => {
    const before = was.get(keyOf(record));
    return before?.digest === record.digest ? [] : [record.jobRemoteId, before?.jobRemoteId];
  });
  return new Set(
    [...changed, ...removals.map(({ jobRemoteId }) => jobRemoteId)].filter((id) => typeof id === 'string'),
  );
}

/** Who sees jobs of a network now. */
export async function jobViewers(tx: Transaction, connectionId: string): Promise<JobViewers> {
  const row = await tx.row<{ jobViewers: JobViewers }>(
    `select p.job_viewers as "jobViewers" from talentbridge.system_pair p where ${tx.own('p')} and p.connection_id = $1`,
    [connectionId],
  );
  return row?.jobViewers ?? 'EVERYBODY';
}

function activeSeats(
  tx: Transaction,
  connectionId: string,
): Promise<readonly { readonly member: string; readonly name: string }[]> {
  return tx.rows(
    `select s.member, s.first_name || ' ' || s.last_name as name from talentbridge.network_seat s
     where ${tx.own('s')} and s.connection_id = $1 and s.active and s.member is not null`,
    [connectionId],
  );
}

function comparable(name: string): string {
  return folded(name).trim().replace(/\s+/g, ' ');
}
