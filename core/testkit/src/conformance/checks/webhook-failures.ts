import { expect } from 'vitest';
import { callContext } from '../../builders/call-context.js';
import type { Fault } from '../../simulator/fault.js';
import { type Check, type CheckWorld, listChecks } from '../check.js';
import { rejectionOf } from '../export-world.js';
import type { SimulatedWebhooks } from '../simulated-account.js';
import { WebhookWorld } from '../webhook-world.js';

type Call = keyof SimulatedWebhooks['routes'];

const ALL: readonly Call[] = ['list', 'subscribe', 'activate', 'unsubscribe', 'rotateSecret', 'log'];
/** Those whose answer says something that is needed. */
const ANSWERING: readonly Call[] = ['list', 'subscribe', 'rotateSecret', 'log'];
const A_DAY = '2024-03-01T09:00:00.000Z';

/** Webhooks: what a plugin makes of a vendor that fails or refuses, and what it leaves behind. */
export const webhookFailureChecks = [
  ...listChecks([
    retries('webhooks.500', 'RED-11: tries again after a 500', { kind: 'failBeforeWrite' }),
    retries('webhooks.503', 'RED-11: tries again after a 503', { kind: 'failBeforeWrite', status: 503 }),
    retries('webhooks.dropped', 'RED-11: tries again when the connection is lost', { kind: 'dropBeforeWrite' }),
    retries('webhooks.html', 'RED-11: takes the HTML page of a proxy for an outage', { kind: 'html' }),
  ]),
  ...listChecks([
    retries(
      'webhooks.html-200',
      'RED-11: does not take an HTML page for an answer, whatever its status',
      {
        kind: 'html',
        status: 200,
      },
      ANSWERING,
    ),
    retries(
      'webhooks.malformed',
      'RED-11: takes an answer that is no JSON, or half of one, for none',
      { kind: 'garbage' },
      ANSWERING,
    ),
    {
      name: 'webhooks.other-shape',
      title: 'RED-11: takes JSON of another shape for no answer',
      async run(world) {
        for (const body of [{}, [{}], null, 7]) {
          const fault = { kind: 'status', status: 200, body, headers: { 'content-type': 'application/json' } } as const;
          for (const { call, error } of await refusals(world, fault, ANSWERING)) {
            expect(error, call).toMatchObject({ recovery: 'retry' });
          }
        }
      },
    },
    {
      name: 'webhooks.401',
      title: 'CON-6: asks an admin to reconnect when the credentials are refused',
      async run(world) {
        for (const { call, error } of await refusals(world, { kind: 'status', status: 401 })) {
          expect(error, call).toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED', recovery: 'reconnect' });
        }
      },
    },
    {
      name: 'webhooks.403',
      title: 'CON-6: asks an admin for the permission after a 403',
      async run(world) {
        for (const { call, error } of await refusals(world, { kind: 'status', status: 403 })) {
          expect(error, call).toMatchObject({ code: 'ATS_PERMISSION_MISSING', recovery: 'reconnect' });
        }
      },
    },
    {
      name: 'webhooks.refused',
      title: 'RED-11: says that the ATS refuses the webhook when it does, and blames no candidate for anything else',
      async run(world) {
        for (const status of [400, 409, 422]) {
          for (const { call, error } of await refusals(world, { kind: 'status', status })) {
            const making = call === 'subscribe' || call === 'activate';
            const code = making ? 'WEBHOOK_REFUSED' : expect.not.stringMatching(/^CANDIDATE_REJECTED$/);
            expect(error, call).toMatchObject({ code, effect: 'none' });
          }
        }
      },
    },
    {
      name: 'webhooks.429',
      title: 'RED-11: waits as long as the ATS asks',
      async run(world) {
        for (const { call, error } of await refusals(world, { kind: 'status', status: 429, retryAfter: 60 })) {
          expect(error, call).toMatchObject({ code: 'ATS_RATE_LIMITED', retryAfterMs: 60_000 });
        }
      },
    },
    {
      name: 'webhooks.time-out',
      title: 'RED-11: stops waiting at the deadline',
      async run(world) {
        const { webhooks } = new WebhookWorld(world);
        world.account.simulator.faults.add({ fault: { kind: 'hang' } });
        expect(await rejectionOf(webhooks.list(callContext(1000)))).toMatchObject({ recovery: 'retry' });
      },
    },
    {
      name: 'webhooks.left-behind',
      title: 'RED-11: lists a subscription whose making was never confirmed, so that it can be removed',
      async run(world) {
        for (const call of ['subscribe', 'rotateSecret'] as const) {
          for (const kind of ['failAfterWrite', 'dropAfterWrite', 'truncated'] as const) {
            const hooks = new WebhookWorld(await world.another());
            const { vendor, webhooks, connection, world: inner } = hooks;
            const route = vendor.routes[call];
            if (!route) continue;
            inner.account.simulator.faults.add({ ...route, fault: { kind } });
            await using callback = await hooks.callback();
            const { callbackUrl } = callback;
            const outcome = await callback.subscribe().catch((error: unknown) => error);
            // Where the key comes with the subscription, the second request is none of its steps.
            if (call === 'rotateSecret' && outcome === undefined) continue;
            expect(outcome, `${call}: ${kind}`).toMatchObject({ recovery: 'retry', effect: 'unknown' });
            inner.account.simulator.faults.clear();
            const left = (await webhooks.list(connection.ctx)).filter((each) => each.callbackUrl === callbackUrl);
            // None, where the plugin removed it itself; several, where it tried more than once.
            const held = vendor.subscriptions().map(({ remoteId }) => remoteId);
            expect(left.map(({ remoteId }) => remoteId).toSorted(), `${call}: ${kind}`).toEqual(held.toSorted());
            for (const { remoteId } of left) await webhooks.unsubscribe(connection.ctx, remoteId);
            expect(vendor.subscriptions()).toHaveLength(0);
          }
        }
      },
    },
    {
      name: 'webhooks.echoed',
      title: 'CON-4: keeps callback address and key to itself when the ATS repeats them in its errors',
      async run(world) {
        for (const status of [400, 401, 403, 404, 409, 422, 500]) {
          const hooks = new WebhookWorld(await world.another());
          const { webhooks, connection, world: inner } = hooks;
          await using callback = await hooks.subscription();
          const message = `refused ${[callback.realUrl, ...callback.keys].join(' ')}`;
          inner.account.simulator.faults.add({
            fault: { kind: 'status', status, message, headers: { 'x-echo': encodeURIComponent(message) } },
          });
          const { callbackUrl, remoteId } = callback;
          const { ctx } = connection;
          await webhooks.list(ctx).catch(() => undefined);
          await webhooks.subscribe(ctx, { callbackUrl }).catch(() => undefined);
          await webhooks.activate?.(ctx, remoteId).catch(() => undefined);
          await webhooks.rotateSecret?.(ctx, remoteId).catch(() => undefined);
          await webhooks.log?.(ctx, { remoteId, since: A_DAY }).catch(() => undefined);
          await webhooks.unsubscribe(ctx, remoteId).catch(() => undefined);
        }
      },
    },
  ]),
];

/** A check that plays one fault on each request, and expects the hub to be told to try again. */
function retries<const Name extends string>(
  name: Name,
  title: string,
  fault: Fault,
  calls: readonly Call[] = ALL,
): Check<Name> {
  return {
    name,
    title,
    async run(world) {
      for (const { call, error } of await refusals(world, fault, calls)) {
        expect(error, call).toMatchObject({ recovery: 'retry' });
      }
    },
  };
}

/** Plays a fault on each request in a world of its own, and answers what the plugin threw. */
async function refusals(
  world: CheckWorld,
  fault: Fault,
  calls: readonly Call[] = ALL,
): Promise<readonly { readonly call: Call; readonly error: unknown }[]> {
  const errors: { readonly call: Call; readonly error: unknown }[] = [];
  for (const call of calls) {
    const hooks = new WebhookWorld(await world.another());
    const { webhooks, connection, vendor, world: inner } = hooks;
    if (!webhooks[call]) continue;
    const route = vendor.routes[call];
    if (!route) throw new Error(`The subject must name the route ${call}.`);
    await using callback = await hooks.callback();
    await callback.subscribe();
    if (call !== 'activate') await callback.activate();
    const { callbackUrl, remoteId } = callback;
    inner.account.simulator.faults.add({ ...route, fault });
    const asked: Readonly<Record<Call, () => Promise<unknown> | undefined>> = {
      list: () => webhooks.list(connection.ctx),
      subscribe: () => webhooks.subscribe(connection.ctx, { callbackUrl }),
      activate: () => callback.activate(),
      unsubscribe: () => webhooks.unsubscribe(connection.ctx, remoteId),
      rotateSecret: () => webhooks.rotateSecret?.(connection.ctx, remoteId),
      log: () => webhooks.log?.(connection.ctx, { remoteId, since: A_DAY }),
    };
    errors.push({ call, error: await rejectionOf(asked[call]() ?? Promise.resolve()) });
  }
  return errors;
}
