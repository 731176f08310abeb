import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Logger } from 'pino';

/**
 * Tells the other processes that this one's workers are alive, and releases the jobs of workers that are not. The job
 * queue by itself would wait for four hours.
 */
export class Heartbeat {
  private readonly processId = randomUUID();
  private readonly workers = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();

  private readonly intervalMs: number;
  /** Silence after which a worker counts as dead. With the time until somebody looks, it is still within the takeover. */
  private readonly silenceMs: number;

  /** @param takeoverMs Within which time after a death the jobs are free again. */
  constructor(
    private readonly pool: pg.Pool,
    takeoverMs: number,
    private readonly logger: Logger,
  ) {
    this.intervalMs = takeoverMs * 0.2;
    this.silenceMs = takeoverMs * 0.7;
  }

  /** @param lockedBy What the jobs that this process runs are locked by, from now until it stops. */
  add(lockedBy: string): void {
    this.workers.add(lockedBy);
  }

  /** Nothing that is locked by it is run here any more: others may take it. */
  remove(lockedBy: string): void {
    this.workers.delete(lockedBy);
  }

  /** Beats once, then five times in every takeover period. */
  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => {
      this.beating = this.beat().catch((error: unknown) => {
        // A database that is away for a moment is back at a later beat.
        this.logger.warn({ error: error instanceof Error ? error.message : 'unknown' }, 'heartbeat failed');
      });
    }, this.intervalMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    await this.pool.query('delete from talentbridge.worker_heartbeat where process_id = $1', [this.processId]);
  }

  private async beat(): Promise<void> {
    await this.pool.query(
      `insert into talentbridge.worker_heartbeat (worker_id, process_id)
       select worker, $2 from unnest($1::text[]) as worker
       on conflict (worker_id) do update set beat_at = now()`,
      [[...this.workers], this.processId],
    );
    await this.releaseDead();
  }

  private async releaseDead(): Promise<void> {
    // A worker that locked a job and died before its first beat has no row: the age of its lock decides.
    const { rows } = await this.pool.query<{ workerId: string }>(
      `select distinct job.locked_by as "workerId"
       from graphile_worker.jobs job
       left join talentbridge.worker_heartbeat beat on beat.worker_id = job.locked_by
       where job.locked_by is not null
         and job.locked_at < now() - $1 * interval '1 millisecond'
         and (beat.beat_at is null or beat.beat_at < now() - $1 * interval '1 millisecond')
         and job.locked_by <> all($2::text[])`,
      // Our own are alive, even when the machine stood still since they said so.
      [this.silenceMs, [...this.workers]],
    );
    if (rows.length === 0) return;
    const dead = rows.map((row) => row.workerId);
    await this.pool.query('select graphile_worker.force_unlock_workers($1::text[])', [dead]);
    await this.pool.query('delete from talentbridge.worker_heartbeat where worker_id = any($1::text[])', [dead]);
    this.logger.warn({ workers: dead.length }, 'took over the jobs of workers that stopped answering');
  }
}
