import { MessageChannel, Worker } from 'node:worker_threads';
import { RequestQueue } from './request-queue.js';
import type { ShardCall, ShardProblem, ShardReply, ShardTask, ShardThreadData } from './shard-messages.js';
import { OverTimeError } from './sliced-work.js';
import { ThreadStatus } from './thread-status.js';

/** A thread of the search engine ended while it was working. It is started again with the next request. */
class SearchThreadLostError extends Error {
  override readonly name = 'SearchThreadLostError';
}

/** A thread could not do what it was asked for. */
export class SearchShardError extends Error {
  override readonly name = 'SearchShardError';

  constructor(readonly problem: ShardProblem) {
    super(`${problem.name}: ${problem.message}`);
  }
}

/** How much longer than it may take something is waited for before a thread is taken to be stuck with it, in milliseconds. */
const PATIENCE_MS = 500;

/** What becomes of a request before it is its turn, and after. */
interface Turn {
  readonly isUrgent: boolean;
  readonly mayBeOvertaken: boolean;
  /** It may take no longer than a search may. */
  readonly isLimited: boolean;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How the threads work. */
export interface ShardThreadsOptions {
  /** How many. */
  readonly count: number;
  /** What they run. */
  readonly worker: URL;
  /** What all indexes may keep in memory together beside their columns, in bytes. */
  readonly cacheBytes: number;
  /** How long a search may take, in milliseconds. */
  readonly searchLimitMs: number;
}

/** The threads that hold the shards of all indexes of a process, one shard of each index in each thread. */
export class ShardThreads {
  private workers: readonly Worker[] | undefined;
  private readonly waiting = new Map<string, Waiting>();
  private readonly queue = new RequestQueue();
  /** By request under way: to be called when it takes long. */
  private readonly slow = new Map<number, () => void>();
  private statuses: readonly ThreadStatus[] = [];
  private lastId = 0;
  private closed = false;
  /** Grows when threads were lost, and with them everything that they had open. */
  generation = 0;

  constructor(private readonly options: ShardThreadsOptions) {}

  /** How many there are. */
  get count(): number {
    return this.options.count;
  }

  /**
   * Asks every thread about its shard. All of them get requests in one order, in which writes come before searches.
   * @param tasks One for each thread, of one kind.
   */
  askEach<T>(index: string, tasks: readonly ShardTask[]): Promise<T[]> {
    const kind = tasks[0]?.kind;
    const isSearch = kind === 'countEach';
    const turn = { isUrgent: kind === 'write', mayBeOvertaken: isSearch, isLimited: isSearch };
    return this.inTurn(
      index,
      turn,
      (call) => Promise.all(tasks.map((task, shard) => this.ask(shard, { ...call, task }))) as Promise<T[]>,
    );
  }

  /** Has every thread search; the first one answers for all. */
  askAll<T>(index: string, task: Extract<ShardTask, { kind: 'search' }>): Promise<T> {
    const isUrgent = task.request.urgent === true;
    return this.inTurn(index, { isUrgent, mayBeOvertaken: true, isLimited: !isUrgent }, (call) => {
      const others = this.started().slice(1);
      const answer = this.ask(0, { ...call, task });
      for (const worker of others) worker.postMessage({ ...call, task } satisfies ShardCall);
      return answer as Promise<T>;
    });
  }

  /** Ends the threads. What they are asked is refused from now on. */
  async close(): Promise<void> {
    this.closed = true;
    await this.end(new SearchThreadLostError('The search engine is closed.'));
  }

  private inTurn<T>(
    index: string,
    { isLimited, ...turn }: Turn,
    send: (call: Omit<ShardCall, 'task'>) => Promise<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const begin = (slow: () => void): Promise<void> => {
        const id = ++this.lastId;
        const watch = isLimited ? this.watch(id, reject) : undefined;
        this.slow.set(id, slow);
        return Promise.try(send, { id, index, ...(isLimited ? { limitMs: this.options.searchLimitMs } : {}) })
          .then(resolve, reject)
          .finally(() => {
            this.slow.delete(id);
            clearInterval(watch);
          });
      };
      this.queue.add({ index, ...turn, begin, refuse: reject });
    });
  }

  /** Tells a caller whose search takes too long in a thread that hears nothing: SQLite cannot be interrupted. */
  private watch(id: number, tell: (error: Error) => void): NodeJS.Timeout | undefined {
    const { searchLimitMs: limitMs } = this.options;
    if (limitMs === Infinity) return undefined;
    return setInterval(() => {
      const stuck = this.statuses.find((status) => (status.workingFor(id) ?? 0) > limitMs + PATIENCE_MS);
      if (!stuck) return;
      const { name, message, span } = new OverTimeError(limitMs, stuck.span);
      tell(new SearchShardError({ name, message, overTime: { limitMs, span } }));
    }, PATIENCE_MS);
  }

  private ask(shard: number, call: ShardCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const worker = this.started()[shard];
      // A thread at work keeps the process alive; an idle one does not.
      worker?.ref();
      this.waiting.set(`${shard} ${call.id}`, { resolve, reject });
      worker?.postMessage(call);
    });
  }

  private started(): readonly Worker[] {
    if (this.closed) throw new SearchThreadLostError('The search engine is closed.');
    this.workers ??= this.start();
    return this.workers;
  }

  private start(): readonly Worker[] {
    const cacheBytes = this.options.cacheBytes / this.count;
    this.statuses = Array.from({ length: this.count }, () => new ThreadStatus());
    const workers = this.statuses.map(({ shared: status }, shard) => {
      const worker = new Worker(this.options.worker, {
        name: `search-${shard}`,
        workerData: { shard, shards: this.count, cacheBytes, status } satisfies ShardThreadData,
        env: {},
        // Garbage of a search is little; of a thread's default, three times as much memory is touched.
        resourceLimits: { maxYoungGenerationSizeMb: 16 },
      });
      worker.on('message', (message: ShardReply) => this.settle(shard, message));
      const lost = (): void => {
        if (this.workers !== workers) return;
        void this.end(new SearchThreadLostError('A thread of the search engine ended. Search again.'));
      };
      worker.on('error', lost);
      worker.on('exit', lost);
      worker.unref();
      return worker;
    });
    const channels = workers.slice(1).map(() => new MessageChannel());
    const merging = channels.map(({ port1 }) => port1);
    workers[0]?.postMessage(merging, merging);
    for (const [index, { port2 }] of channels.entries()) workers[index + 1]?.postMessage([port2], [port2]);
    return workers;
  }

  private settle(shard: number, message: ShardReply): void {
    if ('slow' in message) {
      this.slow.get(message.id)?.();
      return;
    }
    const key = `${shard} ${message.id}`;
    const waiting = this.waiting.get(key);
    this.waiting.delete(key);
    if (![...this.waiting.keys()].some((other) => other.startsWith(`${shard} `))) this.workers?.[shard]?.unref();
    if ('error' in message) waiting?.reject(new SearchShardError(message.error));
    else waiting?.resolve(message.result);
  }

  private async end(error: Error): Promise<void> {
    const workers = this.workers ?? [];
    this.workers = undefined;
    this.generation++;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.queue.clear(error);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
