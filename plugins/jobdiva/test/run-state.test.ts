import type { PullRequest } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { easternBound, toEastern } from '../src/eastern-time.js';
import {
  caughtUp,
  cursorOf,
  feedOf,
  firstState,
  halved,
  LARGEST_WINDOW_MS,
  markOf,
  nextWindow,
  type RunState,
  readCursor,
  SMALLEST_WINDOW_MS,
  shareOf,
  windowOf,
} from '../src/run-state.js';

const DAY_MS = 86_400_000;

const instants = fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2040, 0, 1) });

/** Both bounds as wall clocks, which is all that JobDiva sees. */
function wallClocks(from: number, to: number): readonly [string, string] {
  const sortable = (bound: string): string => {
    const [, month, day, year, time] = /^(\d\d)\/(\d\d)\/(\d{4}) (.+)$/.exec(bound) ?? [];
    return `${year}-${month}-${day}T${time}`;
  };
  return [sortable(easternBound(from, 'from')), sortable(easternBound(to, 'to'))];
}

interface Window {
  readonly feed: string;
  readonly from: number;
  readonly to: number;
  /** How much of the run is done before it. */
  readonly share: number;
}

/** Walks a run to its end. `had` says whether a window had records. */
async function walk(
  first: RunState,
  windowMs: number,
  had: (feed: string, from: number, to: number) => boolean,
): Promise<readonly Window[]> {
  const windows: { feed: string; from: number; to: number; share: number }[] = [];
  const now = async () => ({ earliest: first.to + DAY_MS, latest: first.to + DAY_MS });
  for (let state: RunState | undefined = first; state; ) {
    state = await caughtUp(readCursor(cursorOf(state), state.kind), now);
    const window = { feed: feedOf(state), ...windowOf(state), share: shareOf(state) };
    windows.push(window);
    const hadRecords = had(window.feed, window.from, window.to);
    state = nextWindow(state, { hadRecords, wasEasy: true }, windowMs);
  }
  return windows;
}

describe('a bound of a window', () => {
  it('is sent as month, day, year and time of day', () => {
    expect(easternBound(Date.parse('2026-11-22T23:30:00Z'), 'from')).toBe('11/22/2026 18:30:00');
  });

  it.each([
    ['the first of the hour that comes twice', '2026-11-01T05:30:00Z', '11/01/2026 00:30:00', '11/01/2026 01:30:00'],
    ['the second of the hour that comes twice', '2026-11-01T06:30:00Z', '11/01/2026 01:30:00', '11/01/2026 02:30:00'],
    ['the hour that is left out', '2026-03-08T07:00:00Z', '03/08/2026 03:00:00', '03/08/2026 03:00:00'],
    [
      'midnight, which would mean the end of the day',
      '2026-01-15T05:00:00Z',
      '01/15/2026 00:00:00',
      '01/15/2026 00:00:01',
    ],
  ])('never cuts off a record around %s', (_when, utc, from, to) => {
    expect(easternBound(Date.parse(utc), 'from')).toBe(from);
    expect(easternBound(Date.parse(utc), 'to')).toBe(to);
  });

  it('RED-2: holds every instant between two bounds, whatever the clock does, and at most two hours more', () => {
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 0, max: LARGEST_WINDOW_MS }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (from, span, part) => {
          const [low, high] = wallClocks(from, from + span);
          const wall = toEastern(from + span * part);
          expect(low <= wall && wall <= high).toBe(true);
          expect(Date.parse(`${high}Z`) - Date.parse(`${low}Z`)).toBeLessThanOrEqual(14 * DAY_MS);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the windows of a run', () => {
  const now = { earliest: Date.UTC(2026, 10, 22, 12), latest: Date.UTC(2026, 10, 22, 12) };
  const start = { now, historyStart: now.earliest - 3650 * DAY_MS, windowMs: 7 * DAY_MS };

  it('RED-1: leave no gap and are never longer than 14 days, for every feed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        fc.constantFrom<PullRequest>(
          { kind: 'all' },
          { kind: 'changes', since: new Date(now.earliest - 100 * DAY_MS).toISOString() },
        ),
        fc.constantFrom(1, 3, 7, 14),
        async (pattern, request, days) => {
          const windowMs = Math.min(days * DAY_MS, LARGEST_WINDOW_MS);
          const first = firstState(request, { ...start, historyStart: now.earliest - 300 * DAY_MS, windowMs });
          let at = 0;
          const windows = await walk(first, windowMs, () => pattern[at++ % pattern.length] ?? false);
          for (const { from, to } of windows) expect(to - from).toBeLessThanOrEqual(LARGEST_WINDOW_MS);
          for (const [index, { feed, from, to }] of windows.entries()) {
            const next = windows[index + 1];
            const isSameWalk = next?.feed === feed && (next.to === from || next.from === to);
            expect(isSameWalk || next?.feed !== feed).toBe(true);
          }
          const covered = windows.filter(({ feed }) => feed === 'candidates');
          expect(Math.min(...covered.map(({ from }) => from))).toBeLessThanOrEqual(first.from);
          expect(Math.max(...covered.map(({ to }) => to))).toBeGreaterThanOrEqual(now.latest);
        },
      ),
    );
  });

  it('RED-1: begin with the newest candidates, and end the walk after 52 weeks without any', async () => {
    const oldest = now.latest - 100 * DAY_MS;
    const windows = await walk(firstState({ kind: 'all' }, start), 7 * DAY_MS, (_feed, _from, to) => to >= oldest);
    const history = windows.filter(({ feed, to }) => feed === 'candidates' && to <= now.latest);
    expect(history[0]).toMatchObject({ to: now.latest, from: now.latest - 7 * DAY_MS });
    const end = Math.min(...history.map(({ from }) => from));
    expect(oldest - end).toBeGreaterThanOrEqual((364 - 14) * DAY_MS);
    expect(oldest - end).toBeLessThanOrEqual((364 + 28) * DAY_MS);
  });

  it('RED-2: of a run of everything end with the changes of the time that it took', async () => {
    const windows = await walk(firstState({ kind: 'all' }, start), 7 * DAY_MS, () => false);
    const last = windows.filter(({ to }) => to > now.latest).map(({ feed }) => feed);
    expect(last).toEqual([
      'candidates',
      'jobs',
      'applications',
      'activities',
      'deletedCandidates',
      'deletedJobs',
      'mergedCandidates',
      'mergedJobs',
    ]);
  });

  it('RED-1: of history are nearly all that a run of everything counts as its share', async () => {
    const first = firstState({ kind: 'all' }, { now, historyStart: now.earliest - 700 * DAY_MS, windowMs: 7 * DAY_MS });
    const windows = await walk(first, 7 * DAY_MS, () => true);
    const shares = windows.map(({ share }) => share);
    expect(shares[0]).toBe(0);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
    const catchingUp = windows.findLastIndex(({ feed }) => feed === 'candidates');
    expect(shares[catchingUp]).toBeCloseTo(0.96);
    expect(shares.at(-1)).toBeLessThan(1);
  });

  it('RED-2: of changes begin half an hour before the mark, for records that are committed late', () => {
    const since = '2026-11-22T11:00:00.000Z';
    const first = firstState({ kind: 'changes', since }, start);
    expect(windowOf(first).from).toBe(Date.parse(since) - 30 * 60_000);
    expect(markOf(first)).toBe(new Date(now.earliest).toISOString());
  });

  it('are halved down to an hour', () => {
    let state: RunState | undefined = firstState({ kind: 'all' }, start);
    const spans: number[] = [];
    for (; state; state = halved(state)) spans.push(windowOf(state).to - windowOf(state).from);
    expect(spans[1]).toBe(3.5 * DAY_MS);
    expect(spans.at(-1)).toBeGreaterThanOrEqual(SMALLEST_WINDOW_MS);
  });

  it.each(['', '{}', 'null', '{"v":2}', 'x'])('PLG-3: refuse the cursor %j, which no run made', (cursor) => {
    expect(() => readCursor(cursor, 'all')).toThrow(expect.objectContaining({ code: 'PLUGIN_FAULT' }));
  });

  it('refuse the cursor of another kind of run, and a mark that is none', () => {
    const cursor = cursorOf(firstState({ kind: 'all' }, start));
    expect(() => readCursor(cursor, 'changes')).toThrow(/did not make/);
    for (const since of ['', 'yesterday', '2026-11-22T11:00:00Z applications', '2026-11-22T11:00:00Z applications x']) {
      expect(() => firstState({ kind: 'changes', since }, start)).toThrow(/did not make/);
    }
  });
});
