import type { Logger } from 'pino';
import { systemCaller } from '../organizations/caller.js';
import type { Database } from '../persistence/database.js';
import type { Transaction } from '../persistence/transaction.js';
import type { JobQueue } from './job-queue.js';

const DEFAULT_EVERY_MS = 5 * 60_000;

/** Work that lies for ever when its job is lost: what is due is known without the job. */
export interface DueWork {
  /**
   * A function of the database that takes a time and answers `organization_id`, `task` and `id` of everything that was due before
   * it, in all organizations. Only the migrating role may call it.
   */
  readonly dueBefore: string;
  /** Whether it may be done now; what may not is resumed by whoever allows it again. Default: always. */
  mayRun?(tx: Transaction, task: string, id: string): Promise<boolean>;
}

/**
 * The statements that make the function of a `DueWork`.
 *
 * @param tables Whose rows it looks through, and that show their rows of all organizations to no other function yet.
 * @param query What it answers; `before` is the time.
 */
export function dueFunction(name: string, tables: readonly string[], query: string): string {
  return `
    -- To find what of all organizations has lost its job. The policies are what lets the function see it.
    ${tables.map((table) => `create policy operations on ${table} for select to current_user using (true);`).join('\n')}
    create function ${name}(before timestamptz) returns table (organization_id uuid, task text, id text)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$ ${query} $$;
    revoke all on function ${name} from public;
  `;
}

/** What `LostJobs` works with. */
export interface LostJobsParts {
  readonly database: Database;
  readonly work: readonly DueWork[];
  readonly jobs: JobQueue;
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
    for (const work of this.parts.work) {
      for (const lost of await this.withoutJob(work.dueBefore)) {
        if (await this.addAnew(work, lost)) found += 1;
      }
    }
    return found;
  }

  /** Looks no more. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async addAnew({ mayRun }: DueWork, { organizationId, task, id }: LostJob): Promise<boolean> {
    const added = await this.parts.database.transaction(systemCaller(organizationId), async (tx) => {
      if (mayRun && !(await mayRun(tx, task, id))) return false;
      await this.parts.jobs.add(tx, task, id);
      return true;
    });
    if (added) this.parts.logger.warn({ task, id }, 'a job was lost; it is added anew');
    return added;
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
