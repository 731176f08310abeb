import type pg from 'pg';
import type { Logger } from 'pino';

/** The longest that a job which failed waits for its next try, in milliseconds. */
const LONGEST_WAIT_MS = 15_000;
/** From so few tries on, the queue waits a minute at most until somebody looks again. */
const TRIES_AFTER_A_WAIT = 3;

/**
 * Keeps jobs that failed from waiting ever longer. The queue doubles and trebles the wait with each try, up to hours. Our jobs
 * fail when the database or a process goes away, and are wanted as soon as it is back; what an ATS does is no failure of a
 * job, and waits as its capability says.
 */
export class FailedJobs {
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly pool: pg.Pool,
    logger: Logger,
  ) {
    this.timer = setInterval(() => {
      this.looking = this.look().catch((error: unknown) => {
        logger.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'nobody looked for failed jobs');
      });
    }, LONGEST_WAIT_MS);
    this.timer.unref();
  }

  /** Brings the next try of each failed job near. */
  async look(): Promise<void> {
    await this.pool.query(
      `select from graphile_worker.reschedule_jobs(
         array(select job.id from graphile_worker.jobs job where job.last_error is not null and job.locked_at is null
           and job.run_at > now() + $1 * interval '1 millisecond'),
         run_at := now() + $1 * interval '1 millisecond', attempts := $2)`,
      [LONGEST_WAIT_MS, TRIES_AFTER_A_WAIT],
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }
}
