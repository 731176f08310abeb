import type { MirroredApplication, MirroredCandidate, MirroredJob } from '@talentbridge/contracts';
import type { Transaction } from '../../kernel/persistence/transaction.js';

/** A candidate of a mirror with all applications. */
export interface CandidateContent {
  readonly id: string;
  readonly candidate: MirroredCandidate;
  readonly applications: readonly MirroredApplication[];
}

/** A job of a mirror. */
export interface JobContent {
  readonly id: string;
  readonly job: MirroredJob;
}

/** What the mirror of an ATS connection holds. `id` is the mirror's own, `remoteId` the ATS's. */
export interface MirrorContent {
  candidates(tx: Transaction, connectionId: string, ids: readonly string[]): Promise<readonly CandidateContent[]>;
  /** Keeps a candidate from being deleted until the transaction ends. @returns `false`: the mirror does not have them any more. */
  holdCandidate(tx: Transaction, connectionId: string, id: string): Promise<boolean>;
  jobs(tx: Transaction, connectionId: string, ids: readonly string[]): Promise<readonly JobContent[]>;
  jobsNamed(tx: Transaction, connectionId: string, remoteIds: readonly string[]): Promise<readonly JobContent[]>;
  idsNamed(
    tx: Transaction,
    connectionId: string,
    kind: 'candidate' | 'job',
    remoteIds: readonly string[],
  ): Promise<readonly { readonly id: string; readonly remoteId: string }[]>;
  /** Who works on applications that are named by the ids of the ATS, by their jobs. */
  recruitersOf(
    tx: Transaction,
    connectionId: string,
    applicationRemoteIds: readonly string[],
  ): Promise<readonly { readonly jobRemoteId: string; readonly name: string }[]>;
  /** The next ids after one, in their order. */
  idsAfter(
    tx: Transaction,
    connectionId: string,
    kind: 'candidate' | 'job',
    after: string,
    most: number,
  ): Promise<readonly string[]>;
  /** Nobody writes to the mirror until the transaction ends. `undefined`: there is none, or it is being deleted. */
  lockedSize(
    tx: Transaction,
    connectionId: string,
  ): Promise<{ readonly complete: boolean; readonly candidates: number; readonly jobs: number } | undefined>;
}
