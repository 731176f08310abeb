import type { PaceLimit } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { PUBLISHED_LIMITS } from '../simulator/index.js';
import plugin from '../src/index.js';
import { connectEnabled } from './connect.js';
import { application, candidate, feedback, job, note, stage } from './mirrored.js';

const MINUTE_MS = 60_000;
const pace = plugin.pace({});

/** Most requests of a limit in any minute. */
function inAMinute({ rate }: PaceLimit): number {
  return rate === undefined || rate.perMs < MINUTE_MS ? Number.POSITIVE_INFINITY : rate.requests;
}

describe('RSC-2, RSC-5: the pace (sheet §4)', () => {
  it.each(['jobs', 'candidates', 'applications'])(
    '%s: one full batch after the other stays within a minute’s records',
    (lane) => {
      const limit = pace.lanes?.[lane] ?? {};
      expect(limit.concurrency).toBe(1);
      expect(inAMinute(limit) * 100).toBeLessThanOrEqual(PUBLISHED_LIMITS.recordsPerMinute);
    },
  );

  it.each(['notes', 'interviewFeedback', 'stages'])('%s: ten of one owner stay within a minute’s records', (lane) => {
    const limit = pace.lanes?.[lane] ?? {};
    expect(limit.concurrency).toBe(1);
    expect(inAMinute(limit) * 10).toBeLessThanOrEqual(PUBLISHED_LIMITS.recordsPerMinute);
  });

  it('a seat is asked one thing at a time, and twelve in a minute', () => {
    expect(pace.eachLane?.concurrency).toBe(1);
    expect(inAMinute(pace.eachLane ?? {})).toBeLessThanOrEqual(PUBLISHED_LIMITS.conversationsPerMinute);
  });

  it('every request that is limited names its lane', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx, requestLog } = linkedIn.connection;
    await systemConnect.push(ctx, { kind: 'job', records: [job()] });
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: candidate() }] });
    await systemConnect.push(ctx, { kind: 'candidateNote', records: [{ note: note(), candidateRemoteId: 'C-1' }] });
    await systemConnect.push(ctx, {
      kind: 'application',
      records: [{ application: application(), candidate: candidate() }],
    });
    await systemConnect.push(ctx, { kind: 'feedback', records: [feedback()] });
    await systemConnect.push(ctx, { kind: 'stage', records: [stage()] });
    const { remoteId } = job();
    await systemConnect.push(ctx, { kind: 'access', records: [{ remoteId, members: [], everySeat: true }] });
    const now = Date.now();
    const window = {
      seatId: 'urn:li:seat:555',
      from: new Date(now - 1000).toISOString(),
      to: new Date(now).toISOString(),
    };
    for (const kind of ['message', 'contact', 'note'] as const) await systemConnect.pull(ctx, { ...window, kind });
    const lanes = new Set(requestLog.map(({ lane }) => lane).filter((lane) => lane !== undefined));
    expect([...lanes].toSorted()).toEqual([...Object.keys(pace.lanes ?? {}), 'seat urn:li:seat:555'].toSorted());
  });
});
