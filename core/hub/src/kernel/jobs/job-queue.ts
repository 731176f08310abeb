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
  add(tx: Transaction, task: string, id: string, options: JobOptions = {}): Promise<void> {
    return this.call(tx, 'add_job', task, id, options.runAt);
  }

  /**
   * Adds a job for later, for a job that ends and found nothing more to do. One that waits for the same task and record stays as it is:
   * whoever has added it meanwhile knows of something that this one has not seen.
   */
  putOff(tx: Transaction, task: string, id: string, runAt: Date): Promise<void> {
    return this.call(tx, 'put_off_job', task, id, runAt);
  }

  private async call(
    tx: Transaction,
    name: 'add_job' | 'put_off_job',
    task: string,
    id: string,
    runAt: Date | undefined,
  ): Promise<void> {
    const payload: JobPayload = { organizationId: tx.organizationId, id };
    await tx.rows(`select talentbridge.${name}($1, $2::json, $3, $4)`, [
      task,
      JSON.stringify(payload),
      `${task}:${id}`,
      runAt ?? null,
    ]);
  }
}
