import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type JobHelpers,
  makeWorkerUtils,
  type Runner,
  run,
  type TaskList,
  type WorkerEvents,
  Logger as WorkerLogger,
} from 'graphile-worker';
import type { Logger } from 'pino';
import type { Database } from '../persistence/database.js';
import { isUuid } from '../persistence/organization-scope.js';
import { noTelemetry, type Telemetry, traced } from '../telemetry.js';
import { FailedJobs } from './failed-jobs.js';
import { Heartbeat } from './heartbeat.js';
import type { JobPayload } from './job-queue.js';

/** Does one kind of job. It may be stopped and repeated at any point, by another process too. */
export type JobTask = (payload: JobPayload, signal: AbortSignal) => Promise<void>;

/** How jobs run in this process. */
export interface JobRunnerOptions {
  readonly tasks: Readonly<Record<string, JobTask>>;
  /** Jobs at once in this process. Default 4. */
  readonly concurrency?: number;
  /** Within how many milliseconds after a worker's death another process has its jobs. Default 30,000. */
  readonly takeoverMs?: number;
  readonly logger: Logger;
  /** Default: none. */
  readonly telemetry?: Telemetry;
}

const HOUSEKEEPING_MS = 3_600_000;

/** After the queue has given up, it is begun anew this much later. */
const BEGIN_AGAIN_MS = 1_000;

/**
 * A queue that gives up lets running jobs come to an end. Where two jobs at once could not be said to have ended, it waits for
 * itself for ever; nobody waits longer for it than this.
 */
const GIVES_UP_WITHIN_MS = 10_000;

/** A queue of which no worker has looked for a job or worked on one for so long looks no more. Each looks every second. */
const SILENT_FOR_MS = 20_000;

/** Nobody waits longer for a queue that is to begin: the database may have gone away in the middle of it. */
const BEGINS_WITHIN_MS = 20_000;

/** The queue, as it runs. */
interface RunningQueue {
  readonly runner: Runner;
  /** Resolves once it runs no more, or has given up and nobody waits for it any more. */
  readonly ended: Promise<void>;
}

/** Runs jobs in this process, and takes over those of processes that died. */
export class JobRunner {
  private readonly stopping = new AbortController();
  private readonly keptUp: Promise<void>;

  private constructor(
    private queue: RunningQueue,
    private readonly begin: () => Promise<RunningQueue>,
    private readonly heartbeat: Heartbeat,
    private readonly failed: FailedJobs,
    private readonly housekeeping: NodeJS.Timeout,
  ) {
    this.keptUp = this.keepUp();
  }

  static async start(database: Database, options: JobRunnerOptions): Promise<JobRunner> {
    const heartbeat = new Heartbeat(database.owner, options.takeoverMs ?? 30_000, options.logger);
    const begin = (): Promise<RunningQueue> => beginRunning(database, options, heartbeat);
    const queue = await begin();
    try {
      await heartbeat.start();
    } catch (error) {
      // Nobody could stop it later.
      await stopped(queue);
      throw error;
    }
    const utils = await makeWorkerUtils({ pgPool: database.owner, schema: 'graphile_worker' });
    const housekeeping = setInterval(() => {
      // Each record has a queue of its own; those that are empty are of no more use.
      utils.cleanup({ tasks: ['GC_JOB_QUEUES'] }).catch((error: unknown) => {
        options.logger.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'job queues not tidied up');
      });
    }, HOUSEKEEPING_MS);
    housekeeping.unref();
    return new JobRunner(queue, begin, heartbeat, new FailedJobs(database.owner, options.logger), housekeeping);
  }

  /** Lets running jobs come to a point where they can stop, then ends. */
  async stop(): Promise<void> {
    clearInterval(this.housekeeping);
    this.stopping.abort();
    await stopped(this.queue);
    await this.keptUp;
    await this.failed.stop();
    await this.heartbeat.stop();
  }

  /** The queue gives up for good when the database goes away while it says that a job has ended. */
  private async keepUp(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.queue.ended;
      for (let begun = false; !begun && !signal.aborted; ) {
        await sleep(BEGIN_AGAIN_MS, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        const queue = await inTime(this.begin());
        if (!queue) continue;
        begun = true;
        this.queue = queue;
        // Whoever stops us has looked for the one before.
        if (signal.aborted) await stopped(queue);
      }
    }
  }
}

/** A queue that has begun. `undefined`: it has not; one that begins too late is stopped. */
async function inTime(beginning: Promise<RunningQueue>): Promise<RunningQueue | undefined> {
  const late = new AbortController();
  const begun = beginning.then(
    async (queue) => {
      if (!late.signal.aborted) return queue;
      await stopped(queue);
      return undefined;
    },
    () => undefined,
  );
  const timer = sleep(BEGINS_WITHIN_MS, undefined, { ref: false }).then(() => {
    late.abort();
    return undefined;
  });
  return Promise.race([begun, timer]);
}

/** Stops a queue. One that has given up cannot be stopped. */
async function stopped({ runner, ended }: RunningQueue): Promise<void> {
  await Promise.race([runner.stop().catch(() => undefined), ended]);
}

/** Begins to run jobs. What this pool of workers has locked is taken over after it has ended, by the next one too. */
async function beginRunning(
  database: Database,
  options: JobRunnerOptions,
  heartbeat: Heartbeat,
): Promise<RunningQueue> {
  const end = Promise.withResolvers<void>();
  const events = new EventEmitter() as WorkerEvents;
  let lockedBy = '';
  // The workers of a process lock jobs under the name of their pool, not under names of their own.
  events.on('pool:create', ({ workerPool }) => {
    lockedBy = workerPool.id;
    heartbeat.add(lockedBy);
  });
  events.once('pool:fatalError', () => setTimeout(end.resolve, GIVES_UP_WITHIN_MS).unref());
  const silence = watchForSilence(events, end.resolve);
  const runner = await run({
    pgPool: database.owner,
    schema: 'graphile_worker',
    concurrency: options.concurrency ?? 4,
    noHandleSignals: true,
    pollInterval: 1000,
    // Only so does the queue notice that it could not say that a job has ended. By itself it leaves a rejection that nobody
    // handles, which ends the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: taskList(options.tasks, options.telemetry ?? noTelemetry),
    events,
    logger: new WorkerLogger(() => (level, message) => {
      // What follows "with error" is the text of an exception, which may quote rows; tasks log their own errors.
      if (level === 'error' || level === 'warning')
        options.logger.warn({ source: 'job-queue' }, message.split(' with error ')[0]);
    }),
  });
  runner.promise.then(end.resolve, () => end.resolve());
  const ended = end.promise.then(() => {
    clearInterval(silence);
    heartbeat.remove(lockedBy);
    // One that only seemed to be gone takes no more jobs.
    runner.stop().catch(() => undefined);
  });
  return { runner, ended };
}

/** Calls back when no worker has looked for a job for a while, though none works on one. @returns What to clear in the end. */
function watchForSilence(events: WorkerEvents, silent: () => void): NodeJS.Timeout {
  let working = 0;
  let lookedAt = performance.now();
  const looked = (): void => {
    lookedAt = performance.now();
  };
  events.on('worker:getJob:empty', looked);
  events.on('worker:getJob:error', looked);
  events.on('job:start', () => {
    working += 1;
    looked();
  });
  events.on('job:complete', () => {
    working -= 1;
    looked();
  });
  const timer = setInterval(() => {
    if (working === 0 && performance.now() - lookedAt > SILENT_FOR_MS) silent();
  }, SILENT_FOR_MS / 4);
  return timer.unref();
}

function taskList(tasks: Readonly<Record<string, JobTask>>, telemetry: Telemetry): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload: unknown, helpers: JobHelpers) => {
        const began = performance.now();
        const ended = (outcome: 'done' | 'failed'): void =>
          telemetry.job(name, outcome, (performance.now() - began) / 1000);
        try {
          await traced(`job ${name}`, {}, () => task(readPayload(name, payload), helpers.abortSignal));
          ended('done');
        } catch (error) {
          ended('failed');
          throw error;
        }
      },
    ]),
  );
}

function readPayload(task: string, payload: unknown): JobPayload {
  const { organizationId, id } = (payload ?? {}) as Partial<Record<keyof JobPayload, unknown>>;
  if (typeof organizationId !== 'string' || !isUuid(organizationId) || typeof id !== 'string') {
    throw new Error(`A job of ${task} has no organization and record in its payload.`);
  }
  return { organizationId, id };
}
