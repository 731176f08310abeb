import { MessageChannel, Worker } from 'node:worker_threads';
import { RequestQueue } from './request-queue.js';
import type { ShardCall, ShardProblem, ShardReply, ShardTask, ShardThreadData } from './shard-messages.js';

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

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The threads that hold the shards of all indexes of a process, one shard of each index in each thread. */
export class ShardThreads {
  private workers: readonly Worker[] | undefined;
  private readonly waiting = new Map<string, Waiting>();
  private readonly queue = new RequestQueue();
  private lastId = 0;
  private closed = false;
  /** Grows when threads were lost, and with them everything that they had open. */
  generation = 0;

  constructor(
    /** How many. */
    readonly count: number,
    private readonly worker: URL,
  ) {}

  /**
   * Asks every thread about its shard. All of them get requests in one order, in which writes come before searches.
   * @param tasks One for each thread, of one kind.
   */
  askEach<T>(index: string, tasks: readonly ShardTask[]): Promise<T[]> {
    const kind = tasks[0]?.kind;
    return this.inTurn(index, { isUrgent: kind === 'write', mayBeOvertaken: kind === 'countEach' }, () => {
      const id = ++this.lastId;
      return Promise.all(tasks.map((task, shard) => this.ask(shard, { id, index, task }))) as Promise<T[]>;
    });
  }

  /** Has every thread search; the first one answers for all. */
  askAll<T>(index: string, task: Extract<ShardTask, { kind: 'search' }>): Promise<T> {
    return this.inTurn(index, { isUrgent: task.request.urgent === true, mayBeOvertaken: true }, () => {
      const id = ++this.lastId;
      const others = this.started().slice(1);
      const answer = this.ask(0, { id, index, task });
      for (const worker of others) worker.postMessage({ id, index, task } satisfies ShardCall);
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
    turn: { readonly isUrgent: boolean; readonly mayBeOvertaken: boolean },
    send: () => Promise<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const begin = (): Promise<void> => Promise.try(send).then(resolve, reject);
      this.queue.add({ index, ...turn, begin, refuse: reject });
    });
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
    const workers = Array.from({ length: this.count }, (_, shard) => {
      const worker = new Worker(this.worker, {
        name: `search-${shard}`,
        workerData: { shard, shards: this.count } satisfies ShardThreadData,
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
