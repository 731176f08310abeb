import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueryNode } from '../query/query-tree.js';
import type { SearchDocument } from '../search-document.js';
import {
  type SearchAnswer,
  type SearchChanges,
  type SearchEngine,
  type SearchRequest,
  SearchTooLongError,
} from '../search-engine.js';
import { readCursor } from './hit-order.js';
import type { ShardChanges, ShardState } from './shard.js';
import type { ShardTask } from './shard-messages.js';
import { SearchShardError, type ShardThreads } from './shard-threads.js';

/** The index is closed. */
class SearchIndexClosedError extends Error {
  override readonly name = 'SearchIndexClosedError';
}

/** What an engine tells the collection that it belongs to. */
export interface EngineEvents {
  closed(): void;
  /** The index could not be read, and begins empty. */
  discarded(): void;
}

/**
 * One index in the threads of this process. Here requests are sent and small answers taken; the work is done in the threads.
 *
 * All shards get all requests in one order, so that every search is between the same two writes in all of them.
 */
export class EmbeddedEngine implements SearchEngine {
  private opened: { readonly generation: number; readonly states: Promise<readonly ShardState[]> } | undefined;
  private sequence = 0;
  private closed = false;

  constructor(
    private readonly name: string,
    private readonly directory: string,
    private readonly threads: ShardThreads,
    private readonly events: EngineEvents,
  ) {}

  /** Opens the files, so that the first search does not wait for it. */
  async open(): Promise<void> {
    await this.ready();
  }

  async write({ upserts = [], removals = [], mark }: SearchChanges): Promise<void> {
    await this.ready();
    const last = new Map(upserts.map((document) => [document.id, document]));
    const sequence = ++this.sequence;
    const changes = Array.from({ length: this.threads.count }, () => ({
      upserts: [] as SearchDocument[],
      removals: [] as string[],
    }));
    for (const [id, document] of last) changes[this.shardOf(id)]?.upserts.push(document);
    for (const id of new Set(removals)) if (!last.has(id)) changes[this.shardOf(id)]?.removals.push(id);
    await this.askEach(
      changes.map((change) => ({ kind: 'write', changes: { ...change, sequence, mark } satisfies ShardChanges })),
    );
  }

  async mark(): Promise<string | undefined> {
    await this.ready();
    const states = await this.askEach<ShardState>(this.each({ kind: 'state' }));
    // A write that did not reach all shards before a crash is written again.
    return states.toSorted((one, other) => one.sequence - other.sequence)[0]?.mark;
  }

  async search(request: SearchRequest): Promise<SearchAnswer> {
    if (request.after !== undefined) readCursor(request, request.after);
    await this.ready();
    return await this.noticing(this.threads.askAll<SearchAnswer>(this.name, { kind: 'search', request }));
  }

  async countEach(queries: readonly QueryNode[]): Promise<readonly number[]> {
    await this.ready();
    const counts = await this.askEach<readonly number[]>(this.each({ kind: 'countEach', queries }));
    return queries.map((_, index) => counts.reduce((sum, shard) => sum + (shard[index] ?? 0), 0));
  }

  async isTidy(): Promise<boolean> {
    await this.ready();
    return (await this.askEach<ShardState>(this.each({ kind: 'state' }))).every(({ untidy }) => !untidy);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      if (this.opened?.generation === this.threads.generation) {
        await this.askEach(this.each({ kind: 'close' }));
      }
    } finally {
      this.events.closed();
    }
  }

  /** Opens the shards where they are not open: at first, and after threads were lost. */
  private async ready(): Promise<void> {
    if (this.closed) throw new SearchIndexClosedError('The search index is closed.');
    const { generation } = this.threads;
    if (this.opened?.generation !== generation) {
      const states = this.openShards();
      this.opened = { generation, states };
      // Whoever asks next tries again.
      states.catch(() => {
        if (this.opened?.states === states) this.opened = undefined;
      });
    }
    await this.opened.states;
  }

  private async openShards(): Promise<readonly ShardState[]> {
    const open = async (): Promise<ShardState[]> => {
      await mkdir(this.directory, { recursive: true });
      // Shards of another number are of no use, and personal data.
      for (const name of await readdir(this.directory)) {
        if (!name.includes(`-of-${this.threads.count}.`)) await rm(join(this.directory, name), { force: true });
      }
      return await this.askEach(
        Array.from({ length: this.threads.count }, (_, shard) => ({
          kind: 'open',
          path: join(this.directory, `shard-${shard + 1}-of-${this.threads.count}.sqlite`),
        })),
      );
    };
    let states = await open();
    if (states.some(({ discarded }) => discarded)) this.events.discarded();
    const sequences = states.map(({ sequence }) => sequence);
    if (Math.min(...sequences) === 0 && Math.max(...sequences) > 0) {
      // One shard was lost: what the others hold may long be outdated when it has been filled again.
      await this.askEach(this.each({ kind: 'close' }));
      await rm(this.directory, { recursive: true, force: true });
      states = await open();
    }
    this.sequence = Math.max(...states.map(({ sequence }) => sequence));
    return states;
  }

  private askEach<T>(tasks: readonly ShardTask[]): Promise<T[]> {
    return this.noticing(this.threads.askEach<T>(this.name, tasks));
  }

  /** A damaged shard was emptied: the next request opens all of them anew, and none keeps anything. */
  private async noticing<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const problem = error instanceof SearchShardError ? error.problem : undefined;
      if (problem?.damaged) this.opened = undefined;
      if (problem?.overTime) throw new SearchTooLongError(problem.overTime.limitMs, problem.overTime.span);
      throw error;
    }
  }

  private each(task: ShardTask): ShardTask[] {
    return Array.from({ length: this.threads.count }, () => task);
  }

  /** FNV-1a of the id: the same in every process and version. */
  private shardOf(id: string): number {
    let hash = 0x811c_9dc5;
    for (let index = 0; index < id.length; index++) {
      hash = Math.imul(hash ^ id.charCodeAt(index), 0x0100_0193);
    }
    return (hash >>> 0) % this.threads.count;
  }
}
