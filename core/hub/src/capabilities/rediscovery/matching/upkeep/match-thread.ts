import { Worker } from 'node:worker_threads';
import type { MatchAnswers, MatchOutcome, MatchTask, MatchWorkerData } from './match-worker.js';

/** The thread that matches failed or was closed. The job that asked is repeated. */
class MatchThreadError extends Error {
  override readonly name = 'MatchThreadError';
}

interface Waiting {
  readonly resolve: (answer: MatchAnswers[MatchTask['kind']]) => void;
  readonly reject: (error: Error) => void;
}

/** Compares people in a thread of its own, so that the one that answers requests stays free. It does one task after the other. */
export class MatchThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #next = 1;
  #generation = 0;
  #closed = false;

  constructor(private readonly settings: MatchWorkerData) {}

  /** Goes up whenever a thread begins, which knows nobody yet. */
  get generation(): number {
    return this.#generation;
  }

  /** Has a task done. @throws MatchThreadError */
  ask<Task extends MatchTask>(task: Task): Promise<MatchAnswers[Task['kind']]> {
    if (this.#closed) return Promise.reject(new MatchThreadError('Nobody is matched any more.'));
    return new Promise((resolve, reject) => {
      const number = this.#next;
      this.#next += 1;
      this.#waiting.set(number, { resolve: (answer) => resolve(answer as MatchAnswers[Task['kind']]), reject });
      this.#worker ??= this.#start();
      // A thread at work keeps the process alive; an idle one does not.
      this.#worker.ref();
      this.#worker.postMessage({ number, task });
    });
  }

  /** Ends the thread. What waits fails. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end('The matching was closed.');
  }

  #start(): Worker {
    const worker = new Worker(new URL('./match-worker.js', import.meta.url), {
      name: 'match',
      workerData: this.settings,
      env: {},
    });
    this.#generation += 1;
    worker.on('message', (outcome: MatchOutcome) => {
      const waiting = this.#waiting.get(outcome.number);
      this.#waiting.delete(outcome.number);
      if (this.#waiting.size === 0) worker.unref();
      if (outcome.ok) waiting?.resolve(outcome.answer);
      else waiting?.reject(new MatchThreadError(`People could not be compared (${outcome.name}).\n${outcome.stack}`));
    });
    const failed = (): void => {
      if (this.#worker === worker) void this.#end('The thread that matches ended.');
    };
    worker.on('error', failed);
    worker.on('exit', failed);
    worker.unref();
    return worker;
  }

  async #end(reason: string): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new MatchThreadError(reason));
    await worker?.terminate();
  }
}
