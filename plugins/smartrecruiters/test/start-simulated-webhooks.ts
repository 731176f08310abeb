import { startSimulator, type WebhookOptions } from '../simulator/index.js';
import { startCallback } from './start-callback.js';

/** A minute. */
export const MINUTE_MS = 60_000;

/** A day. */
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** Somebody to create. */
export const PERSON = { firstName: 'Ada', lastName: 'Okafor', email: 'ada@mail.example' };

/** A simulator without limits, and a callback address. */
export async function startWebhooks(webhooks: WebhookOptions = {}) {
  const started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ rate: 0, candidates: 10, webhooks }));
  const callback = started.use(await startCallback());
  return {
    simulator,
    callback,
    /** Something happens: one event for whoever wants `candidate.updated`. */
    async change(): Promise<void> {
      const candidate = simulator.account().pick(0);
      simulator.account().change(candidate?.id ?? '', {}, simulator.clock.iso());
      await simulator.webhooks.settled();
    },
    async control(path: string, body: unknown): Promise<Response> {
      return fetch(`${simulator.url}/_sim/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
