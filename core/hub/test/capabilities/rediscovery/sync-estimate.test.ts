import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ExpectedCounts,
  remainingMs,
  shareOf,
  withPace,
} from '../../../dist/capabilities/rediscovery/sync-estimate.js';

const SECOND = 1_000;

/** One page: how many candidates and jobs were read by then, what the ATS says, and how long the run had worked. */
interface Told {
  readonly candidates?: number;
  readonly jobs?: number;
  readonly says?: ExpectedCounts;
  readonly workedMs: number;
}

/** What is told of a run after each of its pages. */
function estimates(pages: readonly Told[]) {
  let expected: ExpectedCounts = {};
  return pages.map(({ candidates = 0, jobs = 0, says = {}, workedMs }) => {
    const counts = { candidates: { read: candidates }, jobs: { read: jobs } };
    expected = withPace({ ...expected, ...says }, counts, workedMs);
    return { share: shareOf(counts, expected, false), remainingMs: remainingMs(counts, expected, workedMs), workedMs };
  });
}

/** Pages of a hundred candidates, one each so many milliseconds. */
function steady(pages: number, all: number, eachMs: number, from: Partial<Told> = {}): readonly Told[] {
  return Array.from({ length: pages }, (_, index) => ({
    ...from,
    candidates: (from.candidates ?? 0) + (index + 1) * 100,
    says: { candidates: all },
    workedMs: (from.workedMs ?? 0) + (index + 1) * eachMs,
  }));
}

describe('RED-1: the estimate of a run', () => {
  it('is what is left at the pace so far, where that is steady', () => {
    const told = estimates(steady(99, 10_000, 250));
    for (const { remainingMs: left, workedMs } of told) {
      if (workedMs < 2 * SECOND) expect(left).toBeNull();
      else expect(left).toBe(25 * SECOND - workedMs);
    }
  });

  it('is none as soon as all is read that was told of, and the run reads on', () => {
    const first = steady(100, 10_000, 250);
    const told = estimates([...first, { candidates: 10_000, jobs: 20, workedMs: 26 * SECOND }]);
    expect(told.slice(-2)).toMatchObject([
      { share: 0.99, remainingMs: null },
      { share: 0.99, remainingMs: null },
    ]);
  });

  it('counts those who are to be read a second time as soon as the plugin tells of them', () => {
    const first = steady(100, 10_000, 250);
    const again = steady(50, 20_000, 250, { candidates: 10_000, workedMs: 25 * SECOND });
    expect(estimates([...first, ...again]).at(-1)).toMatchObject({ share: 0.75, remainingMs: 12.5 * SECOND });
  });

  it('says of candidates nothing that is known of jobs alone', () => {
    const jobs = [1, 2, 3].map((page) => ({ jobs: page * 100, says: { jobs: 300 }, workedMs: page * SECOND }));
    const told = estimates([...jobs, ...steady(20, 10_000, 5 * SECOND, { jobs: 300, workedMs: 3 * SECOND })]);
    for (const { share, remainingMs: left } of told.slice(0, 3)) expect([share, left]).toEqual([null, null]);
    for (const { remainingMs: left, workedMs } of told.slice(3)) {
      expect(left === null || left === 503 * SECOND - workedMs).toBe(true);
    }
    expect(told.at(-1)?.remainingMs).toBe(400 * SECOND);
  });

  it('is none while a share says little of the time: a walk through years that hold all in the last week', () => {
    const dense = Array.from({ length: 40 }, (_, page) => ({ share: (page + 1) * 0.0003, eachMs: 250 }));
    const empty = Array.from({ length: 20 }, (_, page) => ({ share: 0.012 + (page + 1) * 0.04, eachMs: 50 }));
    const steps = [...dense, ...empty];
    const workedAt = (index: number): number => steps.slice(0, index + 1).reduce((sum, { eachMs }) => sum + eachMs, 0);
    const pages = steps.map(({ share }, index) => ({ says: { share }, workedMs: workedAt(index) }));
    const wholeMs = workedAt(steps.length - 1);
    for (const told of estimates(pages)) {
      if (told.remainingMs !== null) expect(told.remainingMs).toBeLessThan(2 * wholeMs);
    }
  });

  it('is none while a run goes ten times as fast or as slowly as before', () => {
    const slower = estimates([
      ...steady(40, 10_000, 100),
      ...steady(4, 10_000, SECOND, { candidates: 4_000, workedMs: 4 * SECOND }),
    ]);
    expect(slower.at(-1)?.remainingMs).toBeNull();
    const faster = estimates([
      ...steady(40, 10_000, SECOND),
      ...steady(30, 10_000, 100, { candidates: 4_000, workedMs: 40 * SECOND }),
    ]);
    expect(faster[42]?.remainingMs).toBeGreaterThan(0);
  });

  it('is never below nothing, whatever a plugin says, and the share is below one', () => {
    const page = fc.record({
      candidates: fc.nat(500),
      jobs: fc.nat(500),
      says: fc.record(
        { candidates: fc.nat(1_000), jobs: fc.nat(1_000), share: fc.double({ min: 0, max: 1, noNaN: true }) },
        { requiredKeys: [] },
      ),
      workedMs: fc.nat(10_000),
    });
    fc.assert(
      fc.property(fc.array(page), (steps) => {
        const so = { candidates: 0, jobs: 0, workedMs: 0 };
        const pages = steps.map((step) => {
          so.candidates += step.candidates;
          so.jobs += step.jobs;
          so.workedMs += step.workedMs;
          return { ...so, says: step.says };
        });
        for (const { share, remainingMs: left } of estimates(pages)) {
          expect(share === null || (share >= 0 && share <= 0.99)).toBe(true);
          expect(left === null || (Number.isSafeInteger(left) && left >= 0)).toBe(true);
        }
      }),
    );
  });
});
