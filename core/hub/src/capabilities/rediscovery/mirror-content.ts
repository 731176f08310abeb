import type { MirroredApplication, MirroredJob } from '@talentbridge/contracts';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { CandidateData } from './mirror-model.js';
import { rowsNamed } from './writing/lookups.js';

/** A candidate of a mirror with all applications, for whoever hands the mirror on. */
export interface CandidateContent {
  readonly id: string;
  readonly candidate: CandidateData;
  readonly applications: readonly MirroredApplication[];
}

/** A job of a mirror, for whoever hands the mirror on. */
export interface JobContent {
  readonly id: string;
  readonly job: MirroredJob;
}

/** How much a mirror holds, and whether its first load is complete. */
export interface MirrorSize {
  readonly complete: boolean;
  readonly candidates: number;
  readonly jobs: number;
}

/** What mirrors hold, for other capabilities that were allowed to hand it on: nothing of it is checked or noted here. */
export const mirrorContent = {
  /** Candidates by their ids in the mirror, as far as it has them. */
  async candidates(
    tx: Transaction,
    connectionId: string,
    ids: readonly string[],
  ): Promise<readonly CandidateContent[]> {
    const people = await tx.rows<{ id: string; data: CandidateData }>(
      `select c.id, c.data from talentbridge.mirror_candidate c
       where ${tx.own('c')} and c.id = any($2::uuid[]) and c.connection_id = $1`,
      [connectionId, ids],
    );
    const rows = await tx.rows<ApplicationRow>(
      `select ${APPLICATION} from ${rowsNamed(tx, 'application', 'candidate_remote_id', '$2')} a order by a.remote_id`,
      [connectionId, people.map(({ data }) => data.remoteId)],
    );
    const byOwner = Map.groupBy(rows.map(applicationOf), (application) => application.candidateRemoteId);
    return people.map(({ id, data }) => ({ id, candidate: data, applications: byOwner.get(data.remoteId) ?? [] }));
  },

  /** Keeps a candidate from being deleted until the transaction ends. @returns `false`: the mirror does not have them any more. */
  async holdCandidate(tx: Transaction, connectionId: string, id: string): Promise<boolean> {
    const held = await tx.row(
      `select c.id from talentbridge.mirror_candidate c
       where ${tx.own('c')} and c.id = $2 and c.connection_id = $1 for key share`,
      [connectionId, id],
    );
    return held !== undefined;
  },

  /** Jobs by their ids in the mirror, as far as it has them. */
  jobs(tx: Transaction, connectionId: string, ids: readonly string[]): Promise<readonly JobContent[]> {
    return tx.rows<JobContent>(
      `select j.id, j.data as job from talentbridge.mirror_job j
       where ${tx.own('j')} and j.id = any($2::uuid[]) and j.connection_id = $1`,
      [connectionId, ids],
    );
  },

  /** Jobs by the ids of the ATS, as far as the mirror has them. */
  jobsNamed(tx: Transaction, connectionId: string, remoteIds: readonly string[]): Promise<readonly JobContent[]> {
    return tx.rows<JobContent>(`select j.id, j.data as job from ${rowsNamed(tx, 'job', 'remote_id', '$2')} j`, [
      connectionId,
      remoteIds,
    ]);
  },

  /** The ids in the mirror of records that are named by the ids of the ATS, as far as it has them. */
  idsNamed(
    tx: Transaction,
    connectionId: string,
    kind: 'candidate' | 'job',
    remoteIds: readonly string[],
  ): Promise<readonly { readonly id: string; readonly remoteId: string }[]> {
    return tx.rows(`select r.id, r.remote_id as "remoteId" from ${rowsNamed(tx, kind, 'remote_id', '$2')} r`, [
      connectionId,
      remoteIds,
    ]);
  },

  /** Who works on applications that are named by the ids of the ATS, by their jobs, as far as the mirror knows. */
  recruitersOf(
    tx: Transaction,
    connectionId: string,
    applicationRemoteIds: readonly string[],
  ): Promise<readonly { readonly jobRemoteId: string; readonly name: string }[]> {
    return tx.rows(
      `select distinct a.job_remote_id as "jobRemoteId", a.recruiter_name as name
       from ${rowsNamed(tx, 'application', 'remote_id', '$2')} a where a.recruiter_name is not null`,
      [connectionId, applicationRemoteIds],
    );
  },

  /** The next ids in the mirror after one, in their order. */
  async idsAfter(
    tx: Transaction,
    connectionId: string,
    kind: 'candidate' | 'job',
    after: string,
    most: number,
  ): Promise<readonly string[]> {
    const rows = await tx.rows<{ id: string }>(
      `select r.id from talentbridge.mirror_${kind} r
       where ${tx.own('r')} and r.connection_id = $1 and r.id > $2 order by r.id limit $3`,
      [connectionId, after, most],
    );
    return rows.map(({ id }) => id);
  },

  /**
   * How much the mirror holds, and whether its first load is complete. Nobody writes to it until the transaction ends.
   * `undefined`: there is none, or it is being deleted.
   */
  lockedSize(tx: Transaction, connectionId: string): Promise<MirrorSize | undefined> {
    return tx.row<MirrorSize>(
      `select s.complete_at is not null as complete, s.candidates, s.jobs from talentbridge.mirror_state s
       where ${tx.own('s')} and s.connection_id = $1 and not s.clearing for update`,
      [connectionId],
    );
  },
} as const;

const APPLICATION = `a.remote_id as "remoteId", a.candidate_remote_id as "candidateRemoteId", a.job_remote_id as "jobRemoteId",
  a.job_title as "jobTitle", a.status, a.status_label as "statusLabel", a.sub_status as "subStatus", a.stage,
  a.rejection_reason as "rejectionReason", a.withdrawal_reason as "withdrawalReason", a.source,
  a.recruiter_remote_id as "recruiterRemoteId", a.recruiter_name as "recruiterName", a.applied_at as "appliedAt",
  a.remote_updated_at as "updatedAt"`;

interface ApplicationRow extends Required<Pick<MirroredApplication, 'remoteId' | 'candidateRemoteId' | 'jobRemoteId'>> {
  readonly jobTitle: string | null;
  readonly status: MirroredApplication['status'];
  readonly statusLabel: string | null;
  readonly subStatus: string | null;
  readonly stage: string | null;
  readonly rejectionReason: string | null;
  readonly withdrawalReason: string | null;
  readonly source: string | null;
  readonly recruiterRemoteId: string | null;
  readonly recruiterName: string | null;
  readonly appliedAt: Date | null;
  readonly updatedAt: Date | null;
}

function applicationOf({
  remoteId,
  candidateRemoteId,
  jobRemoteId,
  status,
  ...row
}: ApplicationRow): MirroredApplication {
  const { recruiterRemoteId, recruiterName, appliedAt, updatedAt, ...texts } = row;
  const told = Object.entries(texts).filter(([, value]) => value !== null);
  return {
    remoteId,
    candidateRemoteId,
    jobRemoteId,
    status,
    ...Object.fromEntries(told),
    ...(recruiterName === null
      ? {}
      : { recruiter: { name: recruiterName, ...(recruiterRemoteId === null ? {} : { remoteId: recruiterRemoteId }) } }),
    ...(appliedAt === null ? {} : { appliedAt: appliedAt.toISOString() }),
    ...(updatedAt === null ? {} : { updatedAt: updatedAt.toISOString() }),
  };
}
