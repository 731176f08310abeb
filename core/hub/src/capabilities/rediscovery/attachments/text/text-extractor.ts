import { Worker } from 'node:worker_threads';
import type { TextOutcome } from './text-outcome.js';
import type { TextTask } from './text-worker.js';

/** How texts are read. */
export interface TextExtractorOptions {
  /** Files that are read at the same time. Default 1: whoever waits for a text is no person, or a patient one. */
  readonly threads?: number;
  /** How long one file may take, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
  /** How much memory one file may take, in bytes, in the heap of its thread and beside it. Default 384 MiB. */
  readonly memoryLimit?: number;
  /** The compiled worker. Default: the one beside this file. */
  readonly worker?: URL;
}

/** A text that nobody will read any more, because the process ends. */
export class TextExtractorClosedError extends Error {
  override readonly name = 'TextExtractorClosedError';
}

interface Waiting {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly resolve: (outcome: TextOutcome) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  busy: { readonly waiting: Waiting; readonly deadline: NodeJS.Timeout; readonly watch: NodeJS.Timeout } | undefined;
}

/** How often it is looked how much memory a thread has. What is unpacked in this time is little beside the limit. */
const WATCH_MS = 50;

/**
 * Reads texts in threads of its own. A file that takes too long or too much memory costs its thread, which is ended, and
 * nothing else. The heap of a thread has a limit; what lies beside it (unpacked streams of a PDF) has none, so that it is watched.
 */
export class TextExtractor {
  readonly #threads: Thread[] = [];
  readonly #queue: Waiting[] = [];
  #closed = false;

  constructor(private readonly options: TextExtractorOptions = {}) {}

  /**
   * The text of a file, or why there is none.
   * @param bytes Handed over to the thread: not to be used afterwards.
   * @throws TextExtractorClosedError
   */
  extract(bytes: Uint8Array<ArrayBuffer>): Promise<TextOutcome> {
    if (this.#closed) return Promise.reject(new TextExtractorClosedError('Texts are not read any more.'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ bytes, resolve, reject });
      this.#assign();
    });
  }

  /** Ends the threads. What is waiting or being read fails. */
  async close(): Promise<void> {
    this.#closed = true;
    const error = new TextExtractorClosedError('Texts are not read any more.');
    for (const { reject } of this.#queue.splice(0)) reject(error);
    await Promise.all(
      this.#threads.splice(0).map((thread) => {
        this.#release(thread)?.reject(error);
        return thread.worker.terminate();
      }),
    );
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      let thread = this.#threads.find(({ busy }) => busy === undefined);
      if (!thread && this.#threads.length < (this.options.threads ?? 1)) {
        thread = this.#start();
        this.#threads.push(thread);
      }
      const waiting = thread ? this.#queue.shift() : undefined;
      if (!thread || !waiting) return;
      this.#give(thread, waiting);
    }
  }

  #give(thread: Thread, waiting: Waiting): void {
    const deadline = setTimeout(() => this.#discard(thread, 'TOO_SLOW'), this.options.timeoutMs ?? 20_000);
    const watch = setInterval(() => void this.#weigh(thread, waiting), WATCH_MS);
    thread.busy = { waiting, deadline, watch };
    // A thread at work keeps the process alive; an idle one does not.
    thread.worker.ref();
    thread.worker.postMessage({ bytes: waiting.bytes } satisfies TextTask, [waiting.bytes.buffer]);
  }

  async #weigh(thread: Thread, waiting: Waiting): Promise<void> {
    try {
      const { total_heap_size: heap, external_memory: beside } = await thread.worker.getHeapStatistics();
      if (thread.busy?.waiting === waiting && heap + beside > this.#memoryLimit) this.#discard(thread, 'TOO_LARGE');
    } catch {
      // It ended in the meantime.
    }
  }

  get #memoryLimit(): number {
    return this.options.memoryLimit ?? 384 * 1024 * 1024;
  }

  #start(): Thread {
    const worker = new Worker(this.options.worker ?? new URL('./text-worker.js', import.meta.url), {
      name: 'text',
      // Whatever it says goes nowhere: it may quote the file.
      stdout: true,
      stderr: true,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(this.#memoryLimit / 1024 / 1024), stackSizeMb: 4 },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    const thread: Thread = { worker, busy: undefined };
    worker.on('message', (outcome: TextOutcome) => {
      this.#release(thread)?.resolve(outcome);
      this.#assign();
    });
    worker.on('error', (error: NodeJS.ErrnoException) =>
      this.#discard(thread, error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'TOO_LARGE' : 'MALFORMED'),
    );
    worker.on('exit', () => this.#discard(thread, 'MALFORMED'));
    worker.unref();
    return thread;
  }

  #release(thread: Thread): Waiting | undefined {
    const { busy } = thread;
    if (!busy) return undefined;
    clearTimeout(busy.deadline);
    clearInterval(busy.watch);
    thread.busy = undefined;
    thread.worker.unref();
    return busy.waiting;
  }

  #discard(thread: Thread, state: 'TOO_SLOW' | 'TOO_LARGE' | 'MALFORMED'): void {
    const index = this.#threads.indexOf(thread);
    if (index === -1) return;
    this.#threads.splice(index, 1);
    const waiting = this.#release(thread);
    void thread.worker.terminate().then(() => {
      // Only now is its memory free for the next one.
      waiting?.resolve({ state });
      this.#assign();
    });
  }
}
