import { randomBytes } from 'node:crypto';
import type { DeliveredEvent } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { listChecks, NotConcerned } from '../check.js';
import { rejectionOf } from '../export-world.js';
import { fits, WebhookWorld } from '../webhook-world.js';

/** Webhooks: subscriptions that the hub can make, find again, replace and remove, and the log of what was missed. */
export const webhookChecks = listChecks([
  {
    name: 'webhooks.limits',
    title: 'RED-11: asks for some events, each once, and leaves the hub time to answer',
    async run(world) {
      const { events, limits } = new WebhookWorld(world).webhooks;
      expect(events).not.toHaveLength(0);
      expect(events.toSorted()).toEqual([...new Set(events)].toSorted());
      expect(limits.answerWithinMs ?? 10_000, 'milliseconds').toBeGreaterThanOrEqual(1000);
      expect(limits.replacedSecretLivesMs ?? 0).toBeGreaterThanOrEqual(0);
    },
  },
  {
    name: 'webhooks.subscribe',
    title: 'RED-11: subscribes to exactly its events, at the callback address as it was given',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { vendor, webhooks, connection } = hooks;
      expect(await webhooks.list(connection.ctx), 'before anything is subscribed').toEqual([]);
      await using callback = await hooks.subscription();
      const { remoteId, callbackUrl, realUrl } = callback;
      expect(vendor.subscriptions()).toHaveLength(1);
      const held = hooks.held(remoteId);
      expect(held.active, 'it delivers').toBe(true);
      expect(held.events.toSorted()).toEqual(webhooks.events.toSorted());
      // Not `toEqual`: its message would print the token.
      expect(held.callbackUrl === realUrl, 'the address that arrived is the one that was given').toBe(true);
      expect(await webhooks.list(connection.ctx)).toEqual([{ remoteId, callbackUrl, intact: true }]);
      if (webhooks.signingKey !== undefined) return;
      const credentials = Object.values(world.account.credentials);
      const isCredential = callback.keys.some((key) => credentials.includes(key));
      expect(isCredential, 'a key that is one of the credentials is no `secret` but the `signingKey`').toBe(false);
    },
  },
  {
    name: 'webhooks.list',
    title: 'RED-11: lists every subscription, whoever made it',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const others = new WebhookWorld({ ...world, connection: await world.connect() });
      await using first = await hooks.subscription();
      await using second = await hooks.subscription();
      await using foreign = await others.subscription();
      const listed = await hooks.webhooks.list(hooks.connection.ctx);
      const expected = [first, second].map(({ remoteId, callbackUrl }) => ({ remoteId, callbackUrl, intact: true }));
      for (const one of expected) expect(listed).toContainEqual(one);
      // Of another connection's secret this one knows nothing: it is shown as the vendor has it.
      const strange = listed.find(({ remoteId }) => remoteId === foreign.remoteId);
      expect(strange?.callbackUrl === foreign.realUrl, 'the address of the other one').toBe(true);
      expect(listed).toHaveLength(3);
    },
  },
  {
    name: 'webhooks.many-pages',
    title: 'RED-11: lists every subscription over all pages, so that none is taken for vanished',
    async run(world) {
      const { webhooks, connection, vendor } = new WebhookWorld(world);
      const { listPageSize } = vendor;
      if (listPageSize === undefined) throw new NotConcerned('The vendor lists its subscriptions on one page.');
      const made: string[] = [];
      for (let count = 0; count <= listPageSize; count += 1) {
        const token = connection.conceal('webhook', randomBytes(24).toString('base64url'));
        const callbackUrl = `http://127.0.0.1:9/webhooks/${token}`;
        made.push((await webhooks.subscribe(connection.ctx, { callbackUrl })).remoteId);
      }
      const listed = await webhooks.list(connection.ctx);
      expect(listed.map(({ remoteId }) => remoteId).toSorted()).toEqual(made.toSorted());
    },
  },
  {
    name: 'webhooks.activate',
    title: 'RED-11: delivers nothing before the subscription is activated, and everything from then on',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks, connection, vendor } = hooks;
      if (!webhooks.activate) throw new NotConcerned('Deliveries begin by themselves.');
      await using callback = await hooks.callback();
      await callback.subscribe();
      await hooks.change();
      expect(callback.said, 'before it was activated').toEqual([]);
      expect(hooks.held(callback.remoteId).active).toBe(false);
      expect(await webhooks.list(connection.ctx)).toMatchObject([{ remoteId: callback.remoteId, intact: false }]);
      await callback.activate();
      await hooks.change();
      expect(callback.said, 'after it was activated').not.toEqual([]);
      expect(vendor.waiting()).toBe(0);
    },
  },
  {
    name: 'webhooks.handshake',
    title: 'RED-11: says so when the ATS could not reach the callback address',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks, connection } = hooks;
      await using reached = await hooks.subscription();
      if (reached.handshakes.length === 0) throw new NotConcerned('The ATS does not try the address first.');
      await using callback = await hooks.callback();
      await callback.subscribe();
      callback.away = true;
      const outcome = await callback.activate().catch((error: unknown) => error);
      expect(outcome, 'what activating was rejected with').toMatchObject({
        code: 'WEBHOOK_REFUSED',
      });
      expect(await webhooks.list(connection.ctx)).toContainEqual(
        expect.objectContaining({ remoteId: callback.remoteId, intact: false }),
      );
    },
  },
  {
    name: 'webhooks.rotate',
    title: 'RED-11: deliveries are signed with the new key as soon as there is one',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks, connection } = hooks;
      if (!webhooks.rotateSecret) throw new NotConcerned('The ATS never changes a key.');
      await using callback = await hooks.subscription();
      const old = callback.keys;
      expect(old, 'the key that the subscription began with').not.toHaveLength(0);
      const fresh = connection.reveal(await webhooks.rotateSecret(connection.ctx, callback.remoteId));
      expect(old.includes(fresh), 'the new key is the old one').toBe(false);
      callback.keys = [fresh];
      await hooks.change();
      expect(callback.refused, 'events that are not signed with the new key').toEqual([]);
      expect(callback.arrived).not.toHaveLength(0);
      if ((webhooks.limits.replacedSecretLivesMs ?? 0) === 0) return;
      expect(fits(callback.last.signature, old), 'the replaced key, as long as it is said to live').toBe(true);
    },
  },
  {
    name: 'webhooks.unsubscribe',
    title: 'RED-11: an end of a subscription ends its deliveries, and no others; twice is once',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks, connection, vendor } = hooks;
      await using ended = await hooks.subscription();
      await using kept = await hooks.subscription();
      await webhooks.unsubscribe(connection.ctx, ended.remoteId);
      expect(vendor.subscriptions().map(({ remoteId }) => remoteId)).toEqual([kept.remoteId]);
      await hooks.change();
      expect(ended.said, 'after its end').toEqual([]);
      expect(kept.said, 'of the other one').not.toEqual([]);
      await webhooks.unsubscribe(connection.ctx, ended.remoteId);
      expect(await webhooks.list(connection.ctx)).toMatchObject([{ remoteId: kept.remoteId, intact: true }]);
    },
  },
  {
    name: 'webhooks.vanished',
    title: 'RED-11: a subscription that vanished is listed no more, and removed without an error',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks, connection, vendor } = hooks;
      await using lost = await hooks.subscription();
      await using kept = await hooks.subscription();
      vendor.loseSubscription(lost.remoteId);
      expect(await webhooks.list(connection.ctx)).toMatchObject([{ remoteId: kept.remoteId, intact: true }]);
      await webhooks.unsubscribe(connection.ctx, lost.remoteId);
      expect(vendor.subscriptions()).toMatchObject([{ remoteId: kept.remoteId }]);
    },
  },
  {
    name: 'webhooks.switched-off',
    title: 'RED-11: a subscription that was switched off is not intact, and can be replaced',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks, connection, vendor } = hooks;
      await using off = await hooks.subscription();
      vendor.switchOff(off.remoteId);
      expect(hooks.held(off.remoteId).active, 'what the subject switched off').toBe(false);
      expect(await webhooks.list(connection.ctx)).toMatchObject([{ remoteId: off.remoteId, intact: false }]);
      await webhooks.unsubscribe(connection.ctx, off.remoteId);
      await using fresh = await hooks.subscription();
      await hooks.change();
      expect(fresh.said).not.toEqual([]);
      expect(off.said).toEqual([]);
    },
  },
  {
    name: 'webhooks.log',
    title: 'RED-11: the log gives the events that nobody took, with the ids that they were delivered with',
    async run(world) {
      const hooks = new WebhookWorld(world);
      if (!hooks.webhooks.log) throw new NotConcerned('The ATS remembers no deliveries.');
      const { logPageSize } = hooks.vendor;
      if (logPageSize === undefined) throw new Error('The plugin has `log`: its subject must say `logPageSize`.');
      await using callback = await hooks.subscription();
      const since = earlier(world.account.simulator.clock.now(), 60_000);
      for (let count = 0; count < logPageSize; count += 1) await hooks.change();
      callback.away = true;
      await hooks.change();
      expect(callback.refused, 'events that were turned away').not.toHaveLength(0);
      const logged = await hooks.log(callback.remoteId, since);
      const delivered = [...callback.arrived, ...callback.refused].map(({ event }) => event);
      for (const event of delivered) {
        expect(event.id, 'the id by which an event is known again').toEqual(expect.any(String));
        expect(logged.map(essenceOf)).toContainEqual(essenceOf(event));
      }
      for (const { at } of logged) expect(Date.parse(at), `the time ${at}`).toBeGreaterThanOrEqual(Date.parse(since));
    },
  },
  {
    name: 'webhooks.log-since',
    title: 'RED-11: the log leaves out what happened before the time that is asked for',
    async run(world) {
      const hooks = new WebhookWorld(world);
      if (!hooks.webhooks.log) throw new NotConcerned('The ATS remembers no deliveries.');
      const { clock } = world.account.simulator;
      await using callback = await hooks.subscription();
      await hooks.change();
      const old = callback.arrived.map(({ event }) => event.id);
      clock.advance(2 * HOUR_MS);
      await hooks.change();
      const logged = await hooks.log(callback.remoteId, earlier(clock.now(), HOUR_MS));
      expect(logged.map(({ id }) => id)).toContain(callback.last.event.id);
      expect(logged.filter(({ id }) => old.includes(id))).toEqual([]);
    },
  },
  {
    name: 'webhooks.log-vanished',
    title: 'RED-11: says that the log of a subscription that vanished is gone, rather than empty',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks, connection, vendor } = hooks;
      if (!webhooks.log) throw new NotConcerned('The ATS remembers no deliveries.');
      await using lost = await hooks.subscription();
      vendor.loseSubscription(lost.remoteId);
      const since = earlier(world.account.simulator.clock.now(), HOUR_MS);
      const error = await rejectionOf(webhooks.log(connection.ctx, { remoteId: lost.remoteId, since }));
      expect(error).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    },
  },
  {
    name: 'webhooks.another-process',
    title: 'RED-11: goes on in another process, which knows no more of a subscription than its id',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks, connection, vendor } = hooks;
      await using callback = await hooks.callback();
      await callback.subscribe();
      callback.through(await world.connect());
      await callback.activate();
      callback.through(await world.connect());
      await hooks.change();
      const { delivery, event } = callback.last;
      expect(await webhooks.read(connection.ctx, delivery)).toMatchObject({ kind: 'event', event });
      const later = await world.connect();
      await later.webhooks.rotateSecret?.(later.ctx, callback.remoteId);
      await later.webhooks.log?.(later.ctx, { remoteId: callback.remoteId, since: earlier(Date.now(), HOUR_MS) });
      await later.webhooks.unsubscribe(later.ctx, callback.remoteId);
      expect(vendor.subscriptions()).toHaveLength(0);
    },
  },
]);

const HOUR_MS = 3_600_000;

function essenceOf({ id, name, records }: DeliveredEvent) {
  return { id, name, records };
}

function earlier(now: number, ms: number): string {
  return new Date(now - ms).toISOString();
}
