import { AtsUnavailableError, type ExportCapability, type ExportRequest } from '@talentbridge/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LookAhead } from '../../../src/capabilities/export/look-ahead.js';

const ITEMS = Array.from({ length: 10 }, (_, index) => `item-${index}`);

function requestOf(itemId: string): ExportRequest {
  return {
    itemId,
    candidate: {
      firstName: 'Ada',
      lastName: 'Okafor',
      emails: [`${itemId}@example.com`],
      phones: [],
      socialUrls: [],
      workExperience: [],
      education: [],
      tags: [],
    },
    target: { kind: 'prospect' },
    firstTriedAt: '2026-01-01T00:00:00.000Z',
    notThese: [],
  };
}

interface World {
  readonly lookAhead: LookAhead;
  /** The items of each call, in order. */
  readonly calls: string[][];
}

function world(options: { there?: readonly string[]; batch?: number; failure?: Error; absent?: true } = {}): World {
  const calls: string[][] = [];
  const exporter: ExportCapability = {
    fields: [],
    limits: { lookUpBatch: options.batch ?? 4 },
    listJobs: async () => ({ items: [] }),
    exportCandidate: async () => ({ outcome: 'CREATED', remoteId: 'r', warnings: [] }),
    ...(options.absent
      ? {}
      : {
          lookUp: async (_ctx, requests) => {
            calls.push(requests.map(({ itemId }) => itemId));
            if (options.failure) throw options.failure;
            const there = requests.filter(({ itemId }) => options.there?.includes(itemId));
            return Object.fromEntries(there.map(({ itemId }) => [itemId, { remoteId: `r-${itemId}` }]));
          },
        }),
  };
  const lookAhead = new LookAhead({
    exporter,
    contextOf: () => ({ callId: 'call', deadline: Number.POSITIVE_INFINITY }),
    next: async (named, most) => [...named, ...ITEMS.filter((id) => !named.includes(id))].slice(0, most).map(requestOf),
  });
  return { lookAhead, calls };
}

describe('Looking people up ahead of an export', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks once for a whole batch, those that come next included', async () => {
    const { lookAhead, calls } = world({ there: ['item-2'] });
    lookAhead.expect('item-0');
    expect(await lookAhead.of('item-0')).toEqual({});
    expect(await lookAhead.of('item-2')).toEqual({ found: { remoteId: 'r-item-2' } });
    expect(calls).toEqual([['item-0', 'item-1', 'item-2', 'item-3']]);
  });

  it('shares a call that is under way, and asks again only for what it did not cover', async () => {
    const { lookAhead, calls } = world({ batch: 2 });
    const answers = await Promise.all([lookAhead.of('item-0'), lookAhead.of('item-7'), lookAhead.of('item-1')]);
    expect(answers).toEqual([{}, {}, {}]);
    expect(calls).toHaveLength(2);
    expect(calls[1]).toContain('item-7');
  });

  it('gives an answer once: a retry looks by itself again', async () => {
    const { lookAhead, calls } = world();
    await lookAhead.of('item-0');
    await lookAhead.of('item-0');
    expect(calls).toHaveLength(2);
  });

  it('forgets an answer after a minute, because somebody else may have added the person', async () => {
    vi.useFakeTimers();
    const { lookAhead, calls } = world();
    await lookAhead.of('item-0');
    vi.advanceTimersByTime(60_001);
    await lookAhead.of('item-1');
    expect(calls).toHaveLength(2);
  });

  it('says nothing when the ATS could not be asked, so that each candidate is looked for by itself', async () => {
    const { lookAhead, calls } = world({ failure: new AtsUnavailableError('Acme', 'answered 503') });
    expect(await lookAhead.of('item-0')).toBeUndefined();
    expect(await lookAhead.of('item-1')).toBeUndefined();
    expect(calls).toHaveLength(1);
  });

  it('asks nothing where the plugin has no such call', async () => {
    const { lookAhead, calls } = world({ absent: true });
    lookAhead.expect('item-0');
    expect(await lookAhead.of('item-0')).toBeUndefined();
    expect(calls).toEqual([]);
  });
});
