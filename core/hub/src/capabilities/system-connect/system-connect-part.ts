import type { JobTask } from '../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../kernel/jobs/lost-jobs.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { SystemPair } from './system-connect-model.js';

/** A candidate of an ATS who was erased. */
export interface ErasedCandidate {
  /** Of the certificate. */
  readonly erasureId: string;
  /** The mirror's. */
  readonly id: string;
  /** Of the ATS. */
  readonly connectionId: string;
  readonly remoteId: string;
  /** What stands in the place of their name from now on. */
  readonly pseudonym: string;
}

/** A table that may name an erased candidate. */
export interface NetworkKeeper {
  /** For the certificate. */
  readonly table: string;
  /** Deletes what it has, or puts the pseudonym in its place. @returns How many rows that were. */
  forget(tx: Transaction, erased: ErasedCandidate): Promise<number>;
  /** How many records the network has still to remove. Absent: it has none of this table. @param erasureId Of the certificate. */
  pending?(tx: Transaction, erasureId: string): Promise<number>;
}

/** A part of System Connect that works by itself: what goes out, what comes in, what is switched on. */
export interface SystemConnectPart {
  readonly tasks: Readonly<Record<string, JobTask>>;
  readonly due: readonly DueWork[];
  /** For the tables that name candidates of the ATS. Absent: it keeps none. */
  readonly keepers?: readonly NetworkKeeper[];
  /** A pair is new, works again, or something was switched at the network: has its work go on. Doing it again does no harm. */
  resume(tx: Transaction, pair: SystemPair): Promise<void>;
  /**
   * A pair ends, or its mirror is another one from now on: stops its work and deletes what it keeps. What has to be
   * undone at the network is left to a job.
   */
  end(tx: Transaction, pair: SystemPair): Promise<void>;
  /** The network's connection goes: undoes what is at the network. Answers, as sentences, what was left behind there. */
  leaveVendor?(scope: OrganizationScope, connectionId: string): Promise<readonly string[]>;
}
