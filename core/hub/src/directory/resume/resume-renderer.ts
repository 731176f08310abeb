import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ResumeFile } from '@talentbridge/contracts';
import { plainLetters } from '../../kernel/folded.js';
import { displayName } from '../person-name.js';
import type { Profile } from '../profile.js';
import type { ResumeOptions } from './render-resume.js';
import type { ResumeOutcome, ResumeTask } from './resume-worker.js';

/** How résumés are drawn. */
export interface ResumeRendererOptions extends ResumeOptions {
  /**
   * Threads that draw at the same time. Default: one processor is left to the thread that answers requests, and no more than
   * four draw; each holds up to 40 MB of fonts once it has needed them all.
   */
  readonly threads?: number;
  /** How long one résumé may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** The compiled worker. Default: the one beside this file. */
  readonly worker?: URL;
}

const DEFAULT_THREADS = Math.min(4, Math.max(1, availableParallelism() - 1));

/** A résumé could not be drawn. The candidate can still go out without it. */
export class ResumeRenderError extends Error {
  override readonly name = 'ResumeRenderError';
}

interface Waiting {
  readonly task: ResumeTask;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  busy: { readonly waiting: Waiting; readonly timer: NodeJS.Timeout } | undefined;
}

/** A file name that every system takes: the name in ASCII where it can be written so. */
function filenameFor(profile: Profile): string {
  const plain = displayName(profile)
    .normalize('NFKD')
    .replace(/[^\w\s-]/gu, inAscii)
    .trim()
    .replace(/[\s_-]+/g, '-')
    .slice(0, 80);
  return `${plain === '' || plain === '-' ? 'candidate' : plain}-resume.pdf`;
}

/** A letter that is none of ASCII as it is written there, or nothing. */
function inAscii(letter: string): string {
  const lower = letter.toLowerCase();
  const plain = Object.hasOwn(plainLetters, lower) ? (plainLetters[lower] ?? '') : '';
  return letter === lower ? plain : plain.slice(0, 1).toUpperCase() + plain.slice(1);
}

/** Draws résumés in threads of its own, so that the thread that answers requests stays free. */
export class ResumeRenderer {
  readonly #threads: Thread[] = [];
  readonly #queue: Waiting[] = [];
  #closed = false;

  constructor(private readonly options: ResumeRendererOptions = {}) {}

  /**
   * The résumé of a profile, as `renderResume` draws it.
   * @throws ResumeRenderError when it cannot be drawn, takes too long, or the renderer is closed.
   */
  async render(profile: Profile): Promise<ResumeFile> {
    if (this.#closed) throw new ResumeRenderError('The résumé renderer is closed.');
    const { pageSize, createdAt } = this.options;
    const task: ResumeTask = {
      // What is not revealed, and what no résumé shows, does not even reach the thread.
      profile: {
        ...profile,
        emails: profile.emails.filter(({ revealed }) => revealed),
        phones: profile.phones.filter(({ revealed }) => revealed),
        diversity: [],
        tags: [],
      },
      options: { ...(pageSize ? { pageSize } : {}), ...(createdAt ? { createdAt } : {}) },
    };
    const bytes = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
      this.#queue.push({ task, resolve, reject });
      this.#assign();
    });
    return { filename: filenameFor(profile), contentType: 'application/pdf', bytes };
  }

  /** Ends the threads. What is waiting or being drawn fails. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#queue.splice(0)) reject(new ResumeRenderError('The résumé renderer was closed.'));
    await Promise.all(this.#threads.splice(0).map((thread) => this.#end(thread, 'The résumé renderer was closed.')));
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      let thread = this.#threads.find(({ busy }) => busy === undefined);
      if (!thread && this.#threads.length < (this.options.threads ?? DEFAULT_THREADS)) {
        thread = this.#start();
        this.#threads.push(thread);
      }
      const waiting = thread ? this.#queue.shift() : undefined;
      if (!thread || !waiting) return;
      const started = thread;
      const timer = setTimeout(
        () => this.#discard(started, 'The résumé took too long to draw.'),
        this.options.timeoutMs ?? 30_000,
      );
      started.busy = { waiting, timer };
      // A thread at work keeps the process alive; an idle one does not.
      started.worker.ref();
      started.worker.postMessage(waiting.task);
    }
  }

  #start(): Thread {
    const worker = new Worker(this.options.worker ?? new URL('./resume-worker.js', import.meta.url), {
      name: 'resume',
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    const thread: Thread = { worker, busy: undefined };
    worker.on('message', (outcome: ResumeOutcome) => {
      const done = this.#release(thread);
      if (outcome.ok) done?.resolve(outcome.bytes);
      else done?.reject(new ResumeRenderError(`The résumé could not be drawn (${outcome.name}).\n${outcome.stack}`));
      this.#assign();
    });
    // Out of memory, or the worker's file is missing: the thread is gone, and the next task starts another.
    worker.on('error', (error) => this.#discard(thread, 'The thread that drew the résumé failed.', error));
    worker.on('exit', () => this.#discard(thread, 'The thread that drew the résumé ended.'));
    worker.unref();
    return thread;
  }

  #release(thread: Thread): Waiting | undefined {
    const { busy } = thread;
    if (!busy) return undefined;
    clearTimeout(busy.timer);
    thread.busy = undefined;
    thread.worker.unref();
    return busy.waiting;
  }

  #discard(thread: Thread, reason: string, cause?: unknown): void {
    const index = this.#threads.indexOf(thread);
    if (index === -1) return;
    this.#threads.splice(index, 1);
    void this.#end(thread, reason, cause);
    this.#assign();
  }

  async #end(thread: Thread, reason: string, cause?: unknown): Promise<void> {
    this.#release(thread)?.reject(new ResumeRenderError(reason, cause === undefined ? undefined : { cause }));
    await thread.worker.terminate();
  }
}
