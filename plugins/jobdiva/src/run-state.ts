import { PluginFaultError, type PullRequest } from '@talentbridge/contracts';
import { z } from 'zod';
import type { FeedName, Window } from './records.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Records that are committed late, or by a slow clock, carry a time that was read already (JobDiva sheet §10). */
const OVERLAP_MS = 30 * 60_000;

/** JobDiva refuses more than 14 days (JobDiva sheet §3); an hour of summer time and bounds that move fit in between. */
export const LARGEST_WINDOW_MS = 14 * DAY_MS - 3 * HOUR_MS;

/** Windows that are too large are halved, but not below this. */
export const SMALLEST_WINDOW_MS = HOUR_MS;

/** How much of a run of everything is done once history is. */
const SHARE_OF_HISTORY = 0.96;

/** A walk into the past ends after so long a time without a record (JobDiva sheet §10: 52 weeks). */
const LONGEST_GAP_MS = 52 * 7 * DAY_MS;

/** One feed of a run, and from which end its time is walked. */
interface Leg {
  readonly feed: FeedName;
  readonly direction: 'newestFirst' | 'oldestFirst';
}

/** Changes are walked as they happened; what is deleted comes after what may still have been told of it. */
const CHANGES: readonly Leg[] = (
  [
    'candidates',
    'jobs',
    'applications',
    'activities',
    'deletedCandidates',
    'deletedJobs',
    'mergedCandidates',
    'mergedJobs',
  ] as const
).map((feed) => ({ feed, direction: 'oldestFirst' }));

/**
 * Candidates and jobs stand in one window each, and the newest are wanted first. Of applications and submittals a pair may
 * have several, and the last one that is told counts: they are walked as they happened.
 */
const HISTORY: readonly Leg[] = [
  { feed: 'candidates', direction: 'newestFirst' },
  { feed: 'jobs', direction: 'newestFirst' },
  { feed: 'applications', direction: 'oldestFirst' },
  { feed: 'activities', direction: 'oldestFirst' },
];

// A record that changes while history is walked leaves its window for one that the walk does not know. Hence a run of
// everything ends with the changes of the time that it took.
const LEGS: Readonly<Record<PullRequest['kind'], readonly Leg[]>> = {
  all: [...HISTORY, ...CHANGES],
  changes: CHANGES,
};

const time = z.number().int();
const stateSchema = z.object({
  v: z.literal(1),
  kind: z.enum(['all', 'changes']),
  /** By the slower clock, the moment up to which everything is in this run: what happens later is the next one's. */
  began: time,
  /** The time that the run looks at. */
  from: time,
  to: time,
  /** Where the list of applications begins, when an earlier run could not read it. */
  applicationsFrom: time.exactOptional(),
  /** Index of the leg. */
  leg: z.number().int().nonnegative(),
  /** Where the next window begins: its end when walking into the past, otherwise its start. */
  at: time,
  /** How much time a window spans. */
  span: time,
  /** Walking into the past: the oldest time at which there was a record. */
  seen: time,
  /** Within a window: the last record that has been told, by its key. */
  after: z.string().exactOptional(),
  /** Within a window: the page of a paged feed. */
  page: z.number().int().positive().exactOptional(),
  /** Going through open jobs, because the list of applications is used up: how many have been done. */
  openJobs: z.number().int().nonnegative().exactOptional(),
  /** History is walked, and what changed meanwhile has yet to be looked at. */
  behind: z.literal(true).exactOptional(),
  /** The list of applications was found used up, and open jobs were gone through. */
  fellBack: z.literal(true).exactOptional(),
  /** Where the next run has to begin with applications, because this one could not read them. */
  owed: time.exactOptional(),
});

/** How far a run is: all that has to be known to go on after a crash. Times in milliseconds since the epoch. */
export type RunState = Readonly<z.output<typeof stateSchema>>;

/** What a run begins with. */
export interface RunStart {
  readonly now: { readonly earliest: number; readonly latest: number };
  /** Where a run of everything ends. */
  readonly historyStart: number;
  readonly windowMs: number;
}

/** The first state of a run. @throws PluginFaultError when `since` is no mark of this plugin. */
export function firstState(request: PullRequest, { now, historyStart, windowMs }: RunStart): RunState {
  const common = { v: 1, kind: request.kind, began: now.earliest, to: now.latest, leg: 0, seen: now.latest } as const;
  if (request.kind === 'all') {
    const from = Math.min(historyStart, now.earliest);
    return { ...common, from, at: now.latest, span: windowMs };
  }
  const since = readMark(request.since);
  const from = Math.min(since.changes, now.earliest) - OVERLAP_MS;
  const applicationsFrom =
    since.applications === undefined ? {} : { applicationsFrom: since.applications - OVERLAP_MS };
  return { ...common, ...applicationsFrom, from, at: from, span: windowMs };
}

/**
 * Goes on with what changed while history was walked, where that comes next.
 * @param now Asked for only then.
 */
export async function caughtUp(state: RunState, now: () => Promise<RunStart['now']>): Promise<RunState> {
  if (!state.behind) return state;
  const { earliest, latest } = await now();
  const from = Math.min(state.began, earliest) - OVERLAP_MS;
  const { behind: _behind, ...rest } = state;
  return { ...rest, began: earliest, from, at: from, to: latest, seen: latest };
}

/** The feed that is walked now. */
export function feedOf({ kind, leg }: RunState): FeedName {
  return legOf(kind, leg).feed;
}

/** The window that is next. */
export function windowOf(state: RunState): Window {
  const { at, span, to } = state;
  return legOf(state.kind, state.leg).direction === 'newestFirst'
    ? { from: Math.max(startOf(state), at - span), to: at }
    : { from: at, to: Math.min(to, at + span) };
}

/** What a window was like. */
export interface WindowOutcome {
  /** Whether there was a record in it. */
  readonly hadRecords: boolean;
  /** Whether JobDiva could have served more at once. */
  readonly wasEasy: boolean;
}

/** The window is done. @returns `undefined` at the end of the run. */
export function nextWindow(
  state: RunState,
  { hadRecords, wasEasy }: WindowOutcome,
  windowMs: number,
): RunState | undefined {
  const window = windowOf(state);
  const { after: _after, page: _page, ...rest } = state;
  // Time in which nothing happened is crossed in the largest steps that JobDiva takes.
  const most = hadRecords ? windowMs : LARGEST_WINDOW_MS;
  const span = Math.min(most, wasEasy ? state.span * 2 : state.span);
  if (legOf(state.kind, state.leg).direction === 'oldestFirst') {
    return window.to >= state.to ? nextLeg(state, windowMs) : { ...rest, at: window.to, span };
  }
  const seen = hadRecords ? window.from : state.seen;
  const isOver = window.from <= startOf(state) || seen - window.from >= LONGEST_GAP_MS;
  return isOver ? nextLeg(state, windowMs) : { ...rest, at: window.from, span, seen };
}

/** The feed is done. @returns `undefined` at the end of the run. */
export function nextLeg(state: RunState, windowMs: number): RunState | undefined {
  const leg = state.leg + 1;
  const next = LEGS[state.kind][leg];
  if (!next) return undefined;
  const { after: _after, page: _page, openJobs: _openJobs, fellBack: _fellBack, ...rest } = state;
  const isPast = next.direction === 'oldestFirst' && isHistory(state.kind, leg);
  const moved = { ...rest, leg, span: isPast ? LARGEST_WINDOW_MS : windowMs, seen: state.to };
  const at = next.direction === 'newestFirst' ? state.to : startOf(moved);
  const isBehind = isHistory(state.kind, state.leg) && !isHistory(state.kind, leg);
  return { ...moved, at, ...(isBehind ? { behind: true as const } : {}) };
}

/** The same place with half the window; `undefined` when it is as small as it gets. */
export function halved(state: RunState): RunState | undefined {
  const { from, to } = windowOf(state);
  const span = Math.floor((to - from) / 2);
  const { after: _after, page: _page, ...rest } = state;
  return span < SMALLEST_WINDOW_MS ? undefined : { ...rest, span };
}

/** `since` of the next run. */
export function markOf({ began, owed }: RunState): string {
  const mark = new Date(began).toISOString();
  return owed === undefined ? mark : `${mark} applications ${new Date(owed).toISOString()}`;
}

/**
 * How much of a run is done, 0 to 1. Every feed counts alike, but for those that end a run of everything: what changed while it
 * walked through history is little beside that.
 */
export function shareOf(state: RunState): number {
  const { direction } = legOf(state.kind, state.leg);
  const start = startOf(state);
  const whole = Math.max(1, state.to - start);
  const part = Math.min(1, Math.max(0, (direction === 'newestFirst' ? state.to - state.at : state.at - start) / whole));
  if (state.kind === 'changes') return (state.leg + part) / CHANGES.length;
  if (walksHistory(state)) return (SHARE_OF_HISTORY * (state.leg + part)) / HISTORY.length;
  return SHARE_OF_HISTORY + ((1 - SHARE_OF_HISTORY) * (state.leg - HISTORY.length + part)) / CHANGES.length;
}

/** A state as a cursor. */
export function cursorOf(state: RunState): string {
  return JSON.stringify(state);
}

/** The state of a cursor. @throws PluginFaultError for a text that is none, or of another kind of run. */
export function readCursor(cursor: string, kind: PullRequest['kind']): RunState {
  const read = stateSchema.safeParse(parse(cursor));
  if (read.success && read.data.kind === kind && LEGS[kind][read.data.leg]) return read.data;
  throw new PluginFaultError('jobdiva', 'was handed a cursor of a sync run that it did not make');
}

function readMark(mark: string): { readonly changes: number; readonly applications?: number } {
  const [changes, word, applications] = mark.split(' ');
  const at = Date.parse(changes ?? '');
  const owed = word === 'applications' ? Date.parse(applications ?? '') : undefined;
  if (Number.isNaN(at) || Number.isNaN(owed) || (word !== undefined && owed === undefined)) {
    throw new PluginFaultError('jobdiva', 'was handed a mark of a sync run that it did not make');
  }
  return owed === undefined ? { changes: at } : { changes: at, applications: owed };
}

/** Whether a leg walks history, rather than changes. */
function isHistory(kind: PullRequest['kind'], leg: number): boolean {
  return kind === 'all' && leg < HISTORY.length;
}

/** Whether the run walks history, rather than changes. */
export function walksHistory({ kind, leg }: RunState): boolean {
  return isHistory(kind, leg);
}

function legOf(kind: PullRequest['kind'], leg: number): Leg {
  const found = LEGS[kind][leg];
  if (!found) throw new PluginFaultError('jobdiva', 'lost its place in a sync run');
  return found;
}

/** Where the time of the present feed begins. */
function startOf({ kind, leg, from, applicationsFrom }: RunState): number {
  return legOf(kind, leg).feed === 'applications' ? Math.min(from, applicationsFrom ?? from) : from;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no cursor of ours, which the caller says.
    return undefined;
  }
}
