import { describe, expect, it } from 'vitest';
import { askWebhooks, subscribed } from './start-callback.js';
import { PERSON, startWebhooks } from './start-simulated-webhooks.js';

describe('the control surface', () => {
  it('loses, doubles and reorders events on purpose', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback, change, control } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.updated', 'candidate.created']);
    const namesAfter = async (mishaps: object, act: () => unknown): Promise<readonly string[]> => {
      const before = callback.events.length;
      await control('webhooks/mishaps', mishaps);
      await act();
      await simulator.webhooks.settled();
      return callback.names().slice(before);
    };
    expect(await namesAfter({ lose: 1, events: 1 }, change)).toEqual([]);
    expect((await askWebhooks(simulator, 'GET', `/${id}/callbacks-log`)).json).toMatchObject([{ status: 'failed' }]);
    expect(await namesAfter({ double: 1, events: 1 }, change)).toHaveLength(2);
    expect(callback.events[0]?.headers['event-id']).toBe(callback.events[1]?.headers['event-id']);
    const both = (): void => {
      const candidate = simulator.account().pick(0);
      simulator.account().change(candidate?.id ?? '', {}, simulator.clock.iso());
      simulator.account().add(PERSON, undefined, simulator.clock.iso());
    };
    expect(await namesAfter({ reorder: 1, events: 1 }, both)).toEqual(['candidate.created', 'candidate.updated']);
    expect(await namesAfter({}, change)).toEqual(['candidate.updated']);
    expect(simulator.webhooks.totals).toMatchObject({ lost: 1 });
  });

  it('drops and suspends a subscription, and delivers its newest event again', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback, change, control } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.updated']);
    await change();
    await control(`webhooks/subscriptions/${id}`, { action: 'again' });
    await simulator.webhooks.settled();
    expect(new Set(callback.events.map(({ headers }) => headers['event-id'])).size).toBe(1);
    expect(callback.events).toHaveLength(2);
    await control(`webhooks/subscriptions/${id}`, { action: 'suspend' });
    expect(await askWebhooks(simulator, 'GET', `/${id}`)).toMatchObject({ json: { status: 'suspended' } });
    await control(`webhooks/subscriptions/${id}`, { action: 'drop' });
    expect(await askWebhooks(simulator, 'GET', `/${id}`)).toMatchObject({ status: 404 });
    expect(await control(`webhooks/subscriptions/${id}`, { action: 'drop' })).toMatchObject({ status: 404 });
    expect(await control('webhooks/mishaps', { lose: 2 })).toMatchObject({ status: 400 });
  });

  it('fires so many events a second, each of which arrives once', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback, control } = vendor;
    const { promise, resolve } = Promise.withResolvers<void>();
    callback.answering(() => {
      if (callback.events.length === 500) resolve();
      return { status: 202 };
    });
    await subscribed(simulator, callback, ['candidate.updated']);
    await control('webhooks/fire', { perSecond: 2000, seconds: 0.25 });
    await promise;
    await simulator.webhooks.settled();
    expect(new Set(callback.events.map(({ headers }) => headers['event-id'])).size).toBe(500);
    expect(simulator.webhooks.totals).toMatchObject({ told: 500, delivered: 500, failedTries: 0 });
  });

  it('shows a page that works without scripts, and neither keys nor callback addresses', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback, change } = vendor;
    const { id, key } = await subscribed(simulator, callback, ['candidate.updated']);
    await change();
    const page = await (await fetch(`${simulator.url}/_sim/webhooks`)).text();
    expect(page).toContain(id);
    const dropped = await fetch(`${simulator.url}/_sim/webhooks/subscriptions/${id}`, {
      method: 'POST',
      body: new URLSearchParams({ action: 'drop' }),
    });
    expect(dropped.url).toBe(`${simulator.url}/_sim/webhooks`);
    expect(await dropped.text()).not.toContain(id);
    const shown = [page, JSON.stringify(simulator.snapshot()), await (await fetch(`${simulator.url}/_sim`)).text()];
    for (const text of shown) {
      expect(text.includes(key), 'the key').toBe(false);
      expect(text.includes(new URL(callback.url).pathname), 'the callback address').toBe(false);
    }
  });

  it('starts over, and ends, without a delivery left', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated']);
    callback.answering(() => ({ status: 500 }));
    await change();
    simulator.reset();
    expect(simulator.webhooks.waiting).toBe(0);
    expect(await askWebhooks(simulator, 'GET', '')).toMatchObject({ json: [] });
    await change();
    expect(callback.events).toHaveLength(1);
  });
});
