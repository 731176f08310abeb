import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { SearchRequest } from '../search-engine.js';
import { ShardMerge } from './merge.js';
import { Shard, type ShardAnswer } from './shard.js';
import type { ShardCall, ShardProblem, ShardReply, ShardReport, ShardTask, ShardThreadData } from './shard-messages.js';

const { shard: ownShard, shards } = workerData as ShardThreadData;
const open = new Map<string, Shard>();

/** Where reports go: in the thread that merges, to itself. */
let report: (message: ShardReport, transfer?: ArrayBuffer[]) => void = receive;

/** How soon after a request there is a moment for tidying up. */
const TIDY_MS = 100;

const merges = new Map<string, ShardMerge>();

/** A search of which some answers may be outstanding. */
interface Pending {
  asked?: { readonly index: string; readonly request: SearchRequest };
  readonly answers: ShardAnswer[];
  problem?: ShardProblem;
  settled: number;
}

const pending = new Map<number, Pending>();

function reply(message: ShardReply): void {
  parentPort?.postMessage(message);
}

function mergeOf(index: string): ShardMerge {
  const merge = merges.get(index) ?? new ShardMerge(shards);
  merges.set(index, merge);
  return merge;
}

function pendingOf(id: number): Pending {
  const one = pending.get(id) ?? { answers: [], settled: 0 };
  pending.set(id, one);
  return one;
}

/** Values that are to be forgotten once the searches are answered that may have counted them. */
let outdated: Extract<ShardReport, { kind: 'forgotten' }>[] = [];

function forgetOutdated(): void {
  outdated = outdated.filter(({ index, shard, codes, after }) => {
    if ([...pending.keys()].some((id) => id <= after)) return true;
    merges.get(index)?.forgetValues(shard, codes);
    return false;
  });
}

function receive(message: ShardReport): void {
  if (message.kind === 'values') {
    mergeOf(message.index).addValues(message.shard, message.values);
    return;
  }
  if (message.kind === 'forgotten') {
    outdated.push(message);
    forgetOutdated();
    return;
  }
  const { id } = message;
  const search = pendingOf(id);
  if (message.kind === 'answer') search.answers[message.shard] = message.answer;
  else search.problem = message.error;
  search.settled++;
  if (search.settled < shards) return;
  pending.delete(id);
  const { asked, answers, problem } = search;
  if (problem) reply({ id, error: problem });
  else if (asked) reply({ id, result: mergeOf(asked.index).merge(asked.request, answers) });
  forgetOutdated();
}

function shardOf(index: string): Shard {
  const shard = open.get(index);
  if (!shard) throw new Error('The search index is not open.');
  return shard;
}

function reportValues(index: string): void {
  const values = shardOf(index).newValues();
  if (values) report({ kind: 'values', index, shard: ownShard, values }, [values.buffer]);
}

/** Does what every thread answers for itself. */
function perform(index: string, task: Exclude<ShardTask, { kind: 'search' }>): unknown {
  switch (task.kind) {
    case 'open':
      open.get(index)?.close();
      open.set(index, new Shard(task.path, task.budget));
      reportValues(index);
      return shardOf(index).state;
    case 'state':
      return shardOf(index).state;
    case 'write':
      try {
        return shardOf(index).write(task.changes);
      } finally {
        reportValues(index);
      }
    case 'countEach':
      return shardOf(index).countEach(task.queries);
    case 'close':
      open.get(index)?.close();
      open.delete(index);
      merges.delete(index);
      return;
  }
}

let tidying: { readonly timer: NodeJS.Timeout; readonly due: number } | undefined;

/** Sees to it that there is time for tidying up after so many milliseconds at the latest. */
function tidyAfter(wait: number): void {
  const due = performance.now() + wait;
  if (tidying && tidying.due <= due) return;
  clearTimeout(tidying?.timer);
  tidying = { timer: setTimeout(tidy, Math.min(wait, 2 ** 31 - 1)), due };
}

function tidy(): void {
  tidying = undefined;
  for (const [index, shard] of open) {
    try {
      const wait = shard.tidy();
      const codes = shard.forgottenValues();
      if (codes.length > 0) report({ kind: 'forgotten', index, shard: ownShard, codes, after: lastCall });
      // What has been asked meanwhile comes first.
      if (wait !== undefined) tidyAfter(Math.max(wait, 1));
    } catch {
      // Tidying is tried again with the next request.
    }
  }
}

function problemOf(index: string, error: unknown): ShardProblem {
  if (open.get(index)?.discardIfDamaged(error)) {
    return {
      name: 'IndexDamagedError',
      message: 'A file of the search index is damaged. It is filled again.',
      damaged: true,
    };
  }
  return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: 'Unknown.' };
}

/** The request that was answered last. */
let lastCall = 0;

function answer({ id, index, task }: ShardCall): void {
  lastCall = id;
  if (task.kind !== 'search') {
    try {
      reply({ id, result: perform(index, task) });
    } catch (error) {
      reply({ id, error: problemOf(index, error) });
    }
    return;
  }
  try {
    if (ownShard === 0) pendingOf(id).asked = { index, request: task.request };
    const found = shardOf(index).search(task.request);
    report(
      { kind: 'answer', id, shard: ownShard, answer: found },
      found.sets.map((counts) => counts.buffer),
    );
  } catch (error) {
    report({ kind: 'failure', id, error: problemOf(index, error) });
  }
}

parentPort?.once('message', (ports: MessagePort[]) => {
  if (ownShard === 0) for (const port of ports) port.on('message', receive);
  else {
    const [merging] = ports;
    report = (message, transfer = []) => merging?.postMessage(message, transfer);
  }
  parentPort?.on('message', (call: ShardCall) => {
    answer(call);
    tidyAfter(TIDY_MS);
  });
});
