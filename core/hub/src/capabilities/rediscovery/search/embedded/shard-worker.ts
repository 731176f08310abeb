import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { SearchRequest } from '../search-engine.js';
import { ShardMerge } from './merge.js';
import { Shard, type ShardAnswer, sharedCaches } from './shard.js';
import type { ShardCall, ShardProblem, ShardReply, ShardReport, ShardTask, ShardThreadData } from './shard-messages.js';
import { OverTimeError, type Sliced, SlicedWork } from './sliced-work.js';
import { sharedNow, ThreadStatus } from './thread-status.js';
import { ThreadTurns } from './thread-turns.js';

const { shard: ownShard, shards, cacheBytes, status: sharedStatus } = workerData as ShardThreadData;
const caches = sharedCaches(cacheBytes);
const status = new ThreadStatus(sharedStatus);
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

/** Does what is done in one go. */
function perform(index: string, task: Exclude<ShardTask, { kind: 'search' | 'countEach' }>): unknown {
  switch (task.kind) {
    case 'open':
      open.get(index)?.close();
      open.set(index, new Shard(task.path, caches));
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
    // What is under way may have counted what would be forgotten. There is time after it.
    if (turns.has(index)) continue;
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
  if (error instanceof OverTimeError) {
    const { name, message, limitMs, span } = error;
    return { name, message, overTime: { limitMs, span } };
  }
  if (open.get(index)?.discardIfDamaged(error)) {
    return {
      name: 'IndexDamagedError',
      message: 'A file of the search index is damaged. It is filled again.',
      damaged: true,
    };
  }
  return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: 'Unknown.' };
}

/** How long something is worked at before others have their turn, in milliseconds: few searches take longer. */
const TURN_MS = 50;

/** What the thread is asked, and how it goes on with it. */
interface Job {
  readonly id: number;
  readonly index: string;
  /** Goes on for a turn. @returns Whether it is done, and answered. */
  readonly goOn: () => boolean;
  /** Answers that it cannot be done. */
  readonly fail: (error: ShardProblem) => void;
}

function jobOf(call: ShardCall): Job {
  const { id, index, task } = call;
  const fail = (error: ShardProblem): void => reply({ id, error });
  switch (task.kind) {
    case 'search': {
      if (ownShard === 0) pendingOf(id).asked = { index, request: task.request };
      const find = (): Sliced<ShardAnswer> => shardOf(index).search(task.request);
      const goOn = inTurns(call, find, (answer) =>
        report(
          { kind: 'answer', id, shard: ownShard, answer },
          answer.sets.flatMap(({ codes, numbers }) => (codes ? [codes.buffer, numbers.buffer] : [numbers.buffer])),
        ),
      );
      return { id, index, goOn, fail: (error) => report({ kind: 'failure', id, error }) };
    }
    case 'countEach': {
      const count = (): Sliced<readonly number[]> => shardOf(index).countEach(task.queries);
      return { id, index, goOn: inTurns(call, count, (result) => reply({ id, result })), fail };
    }
    default: {
      const goOn = (): boolean => {
        reply({ id, result: perform(index, task) });
        return true;
      };
      return { id, index, goOn, fail };
    }
  }
}

/** Goes on with sliced work whenever it is called. */
function inTurns<Result>(
  { id, limitMs }: ShardCall,
  begin: () => Sliced<Result>,
  done: (result: Result) => void,
): () => boolean {
  let begun: { readonly work: SlicedWork<Result>; readonly at: number } | undefined;
  return () => {
    begun ??= { work: new SlicedWork(begin(), { limitMs, onPiece: (span) => status.piece(span) }), at: sharedNow() };
    status.working(id, begun.at);
    try {
      const ended = begun.work.goOn(TURN_MS);
      if (ended) done(ended.result);
      else reply({ id, slow: true });
      return ended !== undefined;
    } finally {
      status.idle();
    }
  };
}

const turns = new ThreadTurns<Job>();

/** The last request that was begun. */
let lastCall = 0;
let isResting = false;

/** Does what is asked, in turns. */
function work(): void {
  isResting = false;
  for (let job = turns.current(); job; job = turns.current()) {
    lastCall = Math.max(lastCall, job.id);
    const done = takeTurn(job);
    turns.pass(done);
    if (done) tidyAfter(TIDY_MS);
    else {
      // What has been asked meanwhile is heard, and has its turn.
      isResting = true;
      setImmediate(work);
      return;
    }
  }
}

function takeTurn(job: Job): boolean {
  try {
    return job.goOn();
  } catch (error) {
    job.fail(problemOf(job.index, error));
    return true;
  }
}

parentPort?.once('message', (ports: MessagePort[]) => {
  if (ownShard === 0) for (const port of ports) port.on('message', receive);
  else {
    const [merging] = ports;
    report = (message, transfer = []) => merging?.postMessage(message, transfer);
  }
  parentPort?.on('message', (call: ShardCall) => {
    turns.add(jobOf(call));
    if (!isResting) work();
  });
});
