import type { Logger } from 'pino';
import { systemCaller } from '../organizations/caller.js';
import type { Database } from '../persistence/database.js';
import type { Transaction } from '../persistence/transaction.js';

const DEFAULT_EVERY_MS = 5 * 60_000;

/** Work that lies for ever when its job is lost: what is due is known without the job. */
export interface DueWork {
  /**
   * A function of the database that takes a time and answers `organization_id`, `task` and `id` of everything that was due before
   * it, in all organizations. Only the migrating role may call it.
   */
  readonly dueBefore: string;
  /** Adds the job anew. @returns `false`: there is nothing to do any more, or not now. */
  wake(tx: Transaction, task: string, id: string): Promise<boolean>;
}

/** What `LostJobs` works with. */
export interface LostJobsParts {
  readonly database: Database;
  readonly work: readonly DueWork[];
  readonly logger: Logger;
  /** How often it looks, and how long something was due without a job before it counts as lost. Default: five minutes. */
  readonly everyMs?: number;
}

interface LostJob {
  readonly organizationId: string;
  readonly task: string;
  readonly id: string;
}

/**
 * Looks now and then for work that is due and has no job, and adds the job anew. Work and job are added in one transaction, so
 * that this is for what happens outside of the hub: a queue that was emptied or restored from another time than the tables.
 */
export class LostJobs {
  private readonly timer: NodeJS.Timeout;
  private readonly everyMs: number;
  private looking: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: LostJobsParts) {
    this.everyMs = parts.everyMs ?? DEFAULT_EVERY_MS;
    this.timer = setInterval(() => {
      this.looking = this.look().catch((error: unknown) => {
        parts.logger.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'nobody looked for lost jobs');
      });
    }, this.everyMs);
    this.timer.unref();
  }

  /** Looks once. @returns How many jobs were added anew. */
  async look(): Promise<number> {
    let found = 0;
    for (const { dueBefore, wake } of this.parts.work) {
      for (const { organizationId, task, id } of await this.withoutJob(dueBefore)) {
        const woken = await this.parts.database.transaction(systemCaller(organizationId), (tx) => wake(tx, task, id));
        if (!woken) continue;
        found += 1;
        this.parts.logger.warn({ task, id }, 'a job was lost; it is added anew');
      }
    }
    return found;
  }

  /** Looks no more. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** A job that runs is still there. */
  private async withoutJob(dueBefore: string): Promise<readonly LostJob[]> {
    const { rows } = await this.parts.database.owner.query<LostJob>(
      `select d.organization_id as "organizationId", d.task, d.id
       from ${dueBefore}(now() - $1 * interval '1 millisecond') d
       where not exists (select from graphile_worker.jobs j where j.key = d.task || ':' || d.id)`,
      [this.everyMs],
    );
    return rows;
  }
}
