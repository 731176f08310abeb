import type { QueryNode, Span } from '../query/query-tree.js';
import type { SearchRequest } from '../search-engine.js';
import type { ShardAnswer, ShardChanges } from './shard.js';
import type { PackedValues } from './value-dictionary.js';

/** What a thread is started with. */
export interface ShardThreadData {
  /** Which of the shards of every index are its own. 0 also makes one answer of the answers of all. */
  readonly shard: number;
  readonly shards: number;
  /** What its shards may keep in memory together beside their columns, in bytes. */
  readonly cacheBytes: number;
  /** Where the thread says what it is doing, as `ThreadStatus` writes it. */
  readonly status: SharedArrayBuffer;
}

/** Asked of every thread, about its shard of one index. Answered in the order of asking. */
export type ShardTask =
  | { readonly kind: 'open'; readonly path: string }
  | { readonly kind: 'state' }
  | { readonly kind: 'write'; readonly changes: ShardChanges }
  | { readonly kind: 'search'; readonly request: SearchRequest }
  | { readonly kind: 'countEach'; readonly queries: readonly QueryNode[] }
  | { readonly kind: 'close' };

/** From the caller to a thread. */
export interface ShardCall {
  readonly id: number;
  /** The name of the index. */
  readonly index: string;
  readonly task: ShardTask;
  /** How long it may take, in milliseconds. Absent: as long as it takes. */
  readonly limitMs?: number;
}

/** Why something could not be done. Without contents of documents or queries. */
export interface ShardProblem {
  readonly name: string;
  readonly message: string;
  /** The file of the shard was damaged, and is empty now. */
  readonly damaged?: true;
  /** It took longer than it may. */
  readonly overTime?: OverTime;
}

/** How long something might take, and where the clause was typed that took most of it, if it was typed. */
export interface OverTime {
  readonly limitMs: number;
  readonly span: Span | undefined;
}

/** From a thread to the caller. */
export type ShardReply =
  /** It takes more than a turn: others are served meanwhile. */
  | { readonly id: number; readonly slow: true }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ShardProblem };

/** From the other threads to the one that merges. Values come before answers that count them, and are forgotten after these. */
export type ShardReport =
  | { readonly kind: 'values'; readonly index: string; readonly shard: number; readonly values: PackedValues }
  | {
      readonly kind: 'forgotten';
      readonly index: string;
      readonly shard: number;
      readonly codes: readonly number[];
      /** Requests up to this one were answered before, perhaps with counts of these values. */
      readonly after: number;
    }
  | { readonly kind: 'answer'; readonly id: number; readonly shard: number; readonly answer: ShardAnswer }
  | {
      readonly kind: 'failure';
      readonly id: number;
      readonly error: ShardProblem;
    };
