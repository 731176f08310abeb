import type { Transaction } from '../persistence/transaction.js';

/** What every job knows: whose work it is. Payloads hold ids and nothing else, because they are stored as they are. */
export interface JobPayload {
  readonly organizationId: string;
  readonly id: string;
}

/** When and how often a job runs. */
export interface JobOptions {
  /** Default: at once. */
  readonly runAt?: Date;
}

/** Adds jobs in the transaction that creates the work: there is never work without its job, nor the reverse. */
export class JobQueue {
  /**
   * Adds a job, or moves the one that waits for the same task and record. One that runs already is followed by another
   * when it has ended: the jobs of one record never run side by side.
   */
  async add(tx: Transaction, task: string, id: string, options: JobOptions = {}): Promise<void> {
    const payload: JobPayload = { organizationId: tx.organizationId, id };
    await tx.rows('select talentbridge.add_job($1, $2::json, $3, $4)', [
      task,
      JSON.stringify(payload),
      `${task}:${id}`,
      options.runAt ?? null,
    ]);
  }
}
