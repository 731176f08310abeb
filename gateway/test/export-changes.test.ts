import type { ExportRecord, Hub, OrganizationScope } from '@talentbridge/hub';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { exportChanges } from '../src/exports/export-changes.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const scope = { organizationId: 'o' } as OrganizationScope;

/** A hub with one export, and what tells of its changes. */
function exporting(): {
  readonly hub: Hub;
  readonly listeners: Set<() => void>;
  change(status: ExportRecord['status']): void;
} {
  let status: ExportRecord['status'] = 'RUNNING';
  const listeners = new Set<() => void>();
  const hub = {
    exportHistory: { get: async (_scope: unknown, id: string) => (id === 'known' ? { id, status } : undefined) },
    notifications: {
      of() {
        let changed = false;
        let ended = false;
        let wake: () => void = () => undefined;
        const listener = (): void => {
          changed = true;
          wake();
        };
        listeners.add(listener);
        return {
          async next() {
            while (!changed && !ended) {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
            }
            changed = false;
            return { done: ended, value: undefined };
          },
          async return() {
            ended = true;
            listeners.delete(listener);
            wake();
            return { done: true, value: undefined };
          },
        };
      },
    },
  };
  return {
    hub: hub as unknown as Hub,
    listeners,
    change(next) {
      status = next;
      for (const listener of listeners) listener();
    },
  };
}

it('shows some ten states a second at most, and always the last one', async () => {
  const { hub, change, listeners } = exporting();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { status } of await exportChanges(hub, scope, 'known')) seen.push(status);
  })();
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).toEqual(['RUNNING']);
  for (let step = 0; step < 500; step += 1) {
    change('RUNNING');
    await vi.advanceTimersByTimeAsync(2);
  }
  expect(seen.length).toBeGreaterThanOrEqual(9);
  expect(seen.length).toBeLessThanOrEqual(12);
  change('COMPLETE');
  await vi.advanceTimersByTimeAsync(100);
  await reading;
  expect(seen.at(-1)).toBe('COMPLETE');
  expect(listeners.size).toBe(0);
});

it.each([
  ['it waits for a change', false, 0],
  ['a change comes at the same moment', true, 0],
  ['it holds a change back', true, 50],
])('ends at once when nobody listens any more while %s', async (_what, changed, afterMs) => {
  const { hub, change, listeners } = exporting();
  const changes = (await exportChanges(hub, scope, 'known'))[Symbol.asyncIterator]();
  await changes.next();
  const waiting = changes.next();
  if (changed) change('RUNNING');
  if (afterMs > 0) await vi.advanceTimersByTimeAsync(afterMs);
  await changes.return?.();
  expect(await waiting).toMatchObject({ done: true });
  expect(listeners.size).toBe(0);
});

it('stops listening when there is no such export', async () => {
  const { hub, listeners } = exporting();
  await expect(exportChanges(hub, scope, 'unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(listeners.size).toBe(0);
});
