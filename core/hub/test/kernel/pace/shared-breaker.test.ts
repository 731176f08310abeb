import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { Notifications } from '../../../src/kernel/notifications.js';
import { type PaceKey, PaceStore } from '../../../src/kernel/pace/pace-store.js';
import { Paces } from '../../../src/kernel/pace/paces.js';
import { SharedBreaker } from '../../../src/kernel/pace/shared-breaker.js';

const logger = pino({ level: 'silent' });

const newKey = (): PaceKey => ({ organizationId: randomUUID(), connectionId: randomUUID() });

describe('a circuit breaker that several processes share', () => {
  let url: string;
  let store: PaceStore;
  let here: Paces;
  let there: Paces;
  const ending: (() => Promise<void>)[] = [];

  async function startProcess(): Promise<Paces> {
    const notifications = new Notifications(url, logger);
    await notifications.start();
    const paces = new Paces(url, notifications, logger);
    ending.push(async () => {
      await paces.close();
      await notifications.close();
    });
    return paces;
  }

  beforeAll(async () => {
    url = await freshDatabase();
    store = new PaceStore(url, logger);
    [here, there] = [await startProcess(), await startProcess()];
  });
  afterAll(async () => {
    for (const end of ending) await end();
    await store.close();
  });

  const becomes = (state: 'open' | 'closed', breaker: { readonly state: string }) =>
    expect.poll(() => breaker.state, { timeout: 10_000, interval: 5 }).toBe(state);

  function fail(breaker: { failed(): void }): void {
    for (let count = 0; count < 5; count += 1) breaker.failed();
  }

  it('opens for all when one process has seen five failures in a row, and closes for all with the first answer', async () => {
    const key = newKey();
    const [a, b, stranger] = [here.breaker(key), there.breaker(key), there.breaker(newKey())];
    for (let count = 0; count < 4; count += 1) a.failed();
    expect(a.state).toBe('closed');
    a.failed();
    expect(a.state).toBe('open');
    expect(a.sparing).toBe(true);
    await becomes('open', b);
    expect(stranger.state).toBe('closed');
    a.succeeded();
    expect(a.state).toBe('closed');
    await becomes('closed', b);
  });

  it('gives the right to probe to one process at a time', async () => {
    const key = newKey();
    const settings = { failures: 1, probeEveryMs: 300 };
    const breakers = Array.from({ length: 3 }, () => new SharedBreaker(store, key, settings));
    for (const breaker of breakers) breaker.failed();
    const begun = performance.now();
    let probes = 0;
    while (performance.now() - begun < 1_500 || probes === 0) {
      const admitted = await Promise.all(breakers.map((breaker) => breaker.admit()));
      probes += admitted.filter(Boolean).length;
      await new Promise(setImmediate);
    }
    expect(probes).toBeLessThanOrEqual(Math.ceil((performance.now() - begun) / 300));
    await Promise.all(breakers.map((breaker) => breaker.close()));
  });

  it('tells a process that starts during an outage', async () => {
    const key = newKey();
    const a = here.breaker(key);
    fail(a);
    await a.close?.();
    await becomes('open', there.breaker(key));
  });

  it('closes a breaker that missed the announcement when it asks for a probe', async () => {
    const key = newKey();
    const settings = { failures: 1, probeEveryMs: 50 };
    const [a, deaf] = [new SharedBreaker(store, key, settings), new SharedBreaker(store, key, settings)];
    deaf.failed();
    await deaf.close();
    a.failed();
    a.succeeded();
    await a.close();
    await expect.poll(() => deaf.admit(), { timeout: 10_000, interval: 10 }).toBe(true);
    expect(deaf.state).toBe('closed');
  });

  it('stays open when it asks for a probe before all have heard that it is', async () => {
    const told = Promise.withResolvers<void>();
    const slow: Pick<PaceStore, 'circuit'> = {
      circuit: async (key, event, probeEveryMs) => {
        if (event === 'opened') await told.promise;
        return store.circuit(key, event, probeEveryMs);
      },
    };
    const breaker = new SharedBreaker(slow, newKey(), { failures: 1, probeEveryMs: 0 });
    breaker.failed();
    const probe = breaker.admit();
    told.resolve();
    expect([await probe, breaker.state]).toEqual([true, 'open']);
    await breaker.close();
  });

  it('lets no probe out while the database is away', async () => {
    const away = new PaceStore('postgres://nobody@127.0.0.1:1/nothing', logger);
    const breaker = new SharedBreaker(away, newKey(), { failures: 1, probeEveryMs: 0 });
    breaker.failed();
    expect(await breaker.admit()).toBe(false);
    await breaker.close();
    await away.close();
  });
});
