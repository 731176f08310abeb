import type { DeliveredEvent, Delivery, Notice, RecordReference } from '@talentbridge/contracts';
import fc from 'fast-check';
import { expect } from 'vitest';
import { callContext } from '../../builders/call-context.js';
import { type CheckWorld, listChecks, NotConcerned } from '../check.js';
import { awkwardDeliveries, deliveryLike } from '../garbage-deliveries.js';
import { some } from '../mirror-world.js';
import type { SimulatedChange } from '../simulated-account.js';
import { type Arrival, CHALLENGE, fits, type ReadChallenge, WebhookWorld } from '../webhook-world.js';

/** Webhooks: what changes in the ATS arrives as an event that names it, and nobody else can send one. */
export const webhookDeliveryChecks = listChecks([
  {
    name: 'webhooks.events',
    title: 'RED-11: every change arrives as an event, and reading its records again shows the change',
    async run(world) {
      for (const change of CHANGES) {
        const hooks = new WebhookWorld(await world.another());
        const { vendor, mirroring } = hooks;
        mirroring.vendor.populate(5);
        const act = changing(hooks, change);
        if (!act) continue;
        const { mirror } = await mirroring.mirrored();
        await using callback = await hooks.subscription();
        const deleted = act();
        await vendor.settled();
        expect(callback.refused, `${change}: events with a signature that does not fit`).toEqual([]);
        for (const { event } of callback.arrived) expectEvent(world, event);
        if (vendor.untold?.[change] !== undefined) {
          expect(callback.references, `${change} is told: take it off \`untold\``).toEqual([]);
          continue;
        }
        expect(callback.references, `${change}: the records that its events name`).not.toEqual([]);
        const answers = await mirroring.read(callback.references);
        for (const answer of answers) mirror.take(answer);
        mirroring.expectTrue(mirror);
        const gone = answers.flatMap((answer) => answer.gone);
        if (deleted) expect(gone, 'what is gone').toContainEqual(deleted);
      }
    },
  },
  {
    name: 'webhooks.acknowledged',
    title: 'RED-11: the ATS takes the answer that the plugin names for a receipt, and no other',
    async run(world) {
      const hooks = new WebhookWorld(world);
      await using callback = await hooks.subscription();
      await hooks.change();
      expect(callback.arrived).not.toHaveLength(0);
      expect(hooks.vendor.waiting(), 'events that the vendor will deliver again').toBe(0);
      callback.away = true;
      await hooks.change();
      expect(hooks.vendor.waiting(), 'events that the vendor will deliver again').toBeGreaterThan(0);
    },
  },
  {
    name: 'webhooks.same-event',
    title: 'RED-11: an event that comes twice can be told from two events',
    async run(world) {
      const hooks = new WebhookWorld(world);
      await using callback = await hooks.subscription();
      await hooks.change();
      const once = callback.last;
      hooks.vendor.deliverAgain(callback.remoteId);
      await hooks.vendor.settled();
      expect(callback.arrived.length, 'deliveries after the second').toBeGreaterThan(1);
      expect(identityOf(callback.last), 'the same event').toBe(identityOf(once));
      const before = callback.arrived.map(identityOf);
      await hooks.change();
      expect(before, 'the same change once more is another event').not.toContain(identityOf(callback.last));
    },
  },
  {
    name: 'webhooks.signature',
    title: 'RED-11: signs what is read from a delivery with the key of its subscription',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { webhooks } = hooks;
      await using callback = await hooks.subscription();
      await hooks.change();
      const { keys } = callback;
      if (keys.length === 0) throw new NotConcerned('The ATS does not sign deliveries.');
      const { delivery, signature } = callback.last;
      expect(signature?.signed, 'what is signed, which no challenge can be').not.toMatch(CHALLENGE);
      expect(fits(signature, keys), 'as it arrived').toBe(true);
      expect(fits(signature, ['the key of somebody else']), 'with another key').toBe(false);
      const original = JSON.stringify(callback.last.event);
      for (const [what, forged] of forgeries(delivery)) {
        const read = await webhooks.read(callContext(), forged);
        if (read.kind !== 'event') continue;
        // A header that is not signed may say anything, as long as nothing is taken from it.
        const harmless = forged.body === delivery.body && JSON.stringify(read.event) === original;
        if (!harmless) expect(fits(read.signature, keys), `${what} was changed on the way`).toBe(false);
      }
    },
  },
  {
    name: 'webhooks.unsigned',
    title: 'RED-11: a delivery without a signature fits no key, where the ATS signs',
    async run(world) {
      const hooks = new WebhookWorld(world);
      await using callback = await hooks.subscription();
      await hooks.change();
      if (callback.keys.length === 0) throw new NotConcerned('The ATS does not sign deliveries.');
      const { delivery: real } = callback.last;
      const { headers } = real;
      const bare = { ...real, headers: { 'content-type': headers['content-type'] ?? 'application/json' } };
      const stripped = Object.keys(headers).map((name) => ({ ...real, headers: without(headers, name) }));
      for (const delivery of [bare, ...stripped]) {
        const read = await hooks.webhooks.read(callContext(), delivery);
        if (read.kind !== 'event') continue;
        expect(read.signature, 'the signature that an event of this ATS must carry').toBeDefined();
        if (delivery === bare) expect(fits(read.signature, callback.keys), 'without any signature').toBe(false);
      }
    },
  },
  {
    name: 'webhooks.challenge',
    title: 'RED-11: proves whose the address is whenever the ATS asks, with the key that signs its events',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { challenge } = hooks.vendor;
      if (!challenge) throw new NotConcerned('The ATS never asks whose an address is.');
      await using callback = await hooks.subscription();
      await hooks.change();
      expect(callback.refused, 'events with a signature that does not fit').toEqual([]);
      expect(await challenge(callback.remoteId), 'the vendor takes the answer').toBe(true);
      expect(callback.challenges).not.toHaveLength(0);
      callback.keys = ['the key of somebody else'];
      expect(await challenge(callback.remoteId), 'the vendor takes the answer of somebody else').toBe(false);
    },
  },
  {
    name: 'webhooks.challenge-text',
    title: 'RED-11: has nothing signed for whoever asks but the code of a challenge, and no event least of all',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { challenge } = hooks.vendor;
      if (!challenge) throw new NotConcerned('The ATS never asks whose an address is.');
      await using callback = await hooks.subscription();
      await hooks.change();
      await challenge(callback.remoteId);
      const { delivery: told, signature } = callback.last;
      for (const { delivery, read } of callback.challenges) {
        expectChallenge(read);
        for (const text of [signature?.signed ?? told.body, told.body, `${read.signed}.{}`, 'a'.repeat(1000), '']) {
          for (const asked of asking(delivery, text)) {
            const answer = await hooks.webhooks.read(callContext(), asked);
            if (answer.kind === 'challenge') expectChallenge(answer);
          }
        }
      }
    },
  },
  {
    name: 'webhooks.notices',
    title: 'RED-11: what another capability has to know arrives as a notice to it, the same however often it comes',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { vendor } = hooks;
      await using callback = await hooks.subscription();
      const expected = vendor.notify?.();
      if (!expected) throw new NotConcerned('Its events say nothing to other capabilities.');
      expect(expected, 'what the subject expects').not.toHaveLength(0);
      await vendor.settled();
      vendor.deliverAgain(callback.remoteId);
      await vendor.settled();
      expect(callback.refused, 'events with a signature that does not fit').toEqual([]);
      for (const { event } of callback.arrived) expectEvent(world, event);
      const arrived = callback.arrived.filter(({ event }) => (event.notices ?? []).length > 0);
      const notices = new Set(arrived.flatMap(({ event }) => (event.notices ?? []).map(essenceOf)));
      expect(notices).toEqual(new Set(expected.map(essenceOf)));
      expect(new Set(arrived.map(identityOf)).size, 'events').toBeLessThan(arrived.length);
    },
  },
  {
    name: 'webhooks.garbage',
    title: 'RED-11: makes something of whatever is sent to the callback address, and never fails',
    async run(world) {
      const hooks = new WebhookWorld(world);
      await using callback = await hooks.subscription();
      await hooks.change();
      await hooks.vendor.challenge?.(callback.remoteId);
      const challenges = callback.challenges.map(({ delivery }) => delivery);
      const real = [callback.last.delivery, ...callback.handshakes, ...challenges];
      const expectRead = async (delivery: Delivery) => {
        const read = await hooks.webhooks.read(callContext(), delivery);
        expect(['event', 'handshake', 'challenge', 'unknown']).toContain(read.kind);
        if (read.kind === 'event') expectEvent(world, read.event);
        if (read.kind === 'challenge') expectChallenge(read);
        if (read.kind === 'handshake') expect(read.answer.status).toBeOneOf([200, 201, 202, 204]);
      };
      for (const delivery of real.flatMap(awkwardDeliveries)) await expectRead(delivery);
      await fc.assert(fc.asyncProperty(fc.oneof(...real.map(deliveryLike)), expectRead), { numRuns: 300 });
    },
  },
  {
    name: 'webhooks.asks-nobody',
    title: 'RED-11: reads a delivery by itself, without a request',
    async run(world) {
      const hooks = new WebhookWorld(world);
      const { requestLog } = hooks.connection;
      await using callback = await hooks.subscription();
      await hooks.change();
      const { delivery } = callback.last;
      const before = requestLog.length;
      const asked = world.account.simulator.requests.all().length;
      for (const body of [delivery.body, '{}', '']) await hooks.webhooks.read(callContext(), { ...delivery, body });
      expect(requestLog.length - before, 'requests').toBe(0);
      expect(world.account.simulator.requests.all().length - asked, 'requests').toBe(0);
    },
  },
  {
    name: 'webhooks.silent-on-people',
    title: 'OPS-3: keeps names and addresses out of what is taken from an event',
    async run(world) {
      const hooks = new WebhookWorld(world);
      await using callback = await hooks.subscription();
      await hooks.change();
      const taken = JSON.stringify(callback.arrived.map(({ event }) => event)).toLowerCase();
      const people = hooks.mirroring.vendor.candidates();
      // Shorter words can be in an id by chance.
      const personal = people.flatMap(({ lastName = '', emails }) => [lastName, ...emails]);
      for (const datum of personal.filter(({ length }) => length >= 6)) {
        expect(taken.includes(datum.toLowerCase()), 'a name or address is readable in an event').toBe(false);
      }
    },
  },
]);

const CHANGES = ['changeCandidate', 'changeApplication', 'deleteCandidate', 'addCandidate', 'changeJob'] as const;

/** What makes a change, and answers what it deleted; `undefined` when the subject cannot. */
function changing(
  { mirroring }: WebhookWorld,
  change: SimulatedChange,
): (() => RecordReference | undefined) | undefined {
  const { vendor } = mirroring;
  const candidate = () => some(vendor.candidates(), 0, 'candidates').remoteId;
  const { addCandidate, changeJob } = vendor;
  switch (change) {
    case 'changeCandidate':
      return () => void vendor.changeCandidate(candidate());
    case 'changeApplication':
      return () => void vendor.changeApplication(some(vendor.applications(), -1, 'applications').remoteId);
    case 'deleteCandidate':
      return () => {
        const remoteId = candidate();
        vendor.deleteCandidate(remoteId);
        return { kind: 'candidate', remoteId };
      };
    case 'addCandidate':
      return addCandidate && (() => void addCandidate(SOMEBODY));
    case 'changeJob':
      return changeJob && (() => void changeJob(some(vendor.jobs(), 0, 'jobs').remoteId));
  }
}

const SOMEBODY = { firstName: 'Noor', lastName: 'Lindqvist', emails: ['noor.lindqvist@home.example'] };

function essenceOf({ capability, id }: Notice): string {
  return `${capability}/${id}`;
}

/** By what the hub knows an event again: the vendor's id, or its name and body. */
function identityOf({ event, delivery }: Arrival): string {
  return JSON.stringify(event.id ?? [event.name, delivery.body]);
}

/** Deliveries that somebody made of a real one: each header changed, and the body. */
function* forgeries(real: Delivery): Generator<readonly [what: string, forged: Delivery]> {
  const { query, headers, body } = real;
  for (const [name, value] of Object.entries(query)) {
    yield [`the parameter ${name}`, { ...real, query: { ...query, [name]: `${value}0` } }];
  }
  for (const [name, value] of Object.entries(headers)) {
    yield [`the header ${name}`, { ...real, headers: { ...headers, [name]: `${value}0` } }];
    yield [`the header ${name}`, { ...real, headers: { ...headers, [name]: value.slice(1) } }];
    yield [`the header ${name}`, { ...real, headers: without(headers, name) }];
  }
  yield ['the end of the body', { ...real, body: `${body} ` }];
  yield ['the beginning of the body', { ...real, body: ` ${body}` }];
  for (const { index, 0: digit } of body.matchAll(/[0-9a-zA-Z]/g)) {
    const other = digit === '0' ? '1' : '0';
    yield ['the body', { ...real, body: `${body.slice(0, index)}${other}${body.slice(index + 1)}` }];
  }
}

/** A challenge with this text in each place that it could be taken from. */
function asking(real: Delivery, text: string): readonly Delivery[] {
  const { query, headers } = real;
  return [
    ...Object.keys(query).map((name) => ({ ...real, query: { ...query, [name]: text } })),
    ...Object.keys(headers).map((name) => ({ ...real, headers: { ...headers, [name]: text } })),
    { ...real, body: text },
  ];
}

function expectChallenge({ signed, answer }: ReadChallenge): void {
  expect(signed, 'what is signed').toMatch(CHALLENGE);
  expect(answer.signatureField).not.toBe('');
  const fields = Object.entries(answer.fields);
  expect(fields.length, 'fields').toBeLessThanOrEqual(10);
  for (const text of fields.flat()) expect(text.length, 'characters of a field').toBeLessThanOrEqual(1000);
}

function without(headers: Delivery['headers'], name: string): Delivery['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
}

function expectEvent({ plugin }: CheckWorld, { id, name, records, notices = [] }: DeliveredEvent): void {
  expect(typeof name).toBe('string');
  if (id !== undefined) expect(id).toEqual(expect.any(String));
  for (const { kind, remoteId } of records) {
    expect(['candidate', 'job', 'application']).toContain(kind);
    expect(typeof remoteId === 'string' && remoteId !== '', 'the id of a record').toBe(true);
  }
  for (const { capability, id: notice } of notices) {
    expect(capability, 'of a notice: records say it to Rediscovery').not.toBe('rediscovery');
    expect(plugin.capabilities, 'the capabilities that a notice can be for').toContain(capability);
    expect(notice, 'the id of a notice').toMatch(/^\P{Cc}{1,500}$/u);
  }
}
