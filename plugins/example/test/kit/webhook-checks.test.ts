import {
  CandidateRejectedError,
  type DeliveredEvent,
  isHubError,
  type ReadDelivery,
  type Secret,
  type WebhooksCapability,
} from '@talentbridge/contracts';
import { type CheckName, type PluginSubject, runCheck, type SimulatedWebhooks } from '@talentbridge/testkit';
import { describe, expect, expectTypeOf, it } from 'vitest';
import plugin from '../../src/index.js';
import { subject } from '../subject.js';
import { expectCaught } from './faulty-plugin.js';
import { type Sabotage, sabotaged } from './sabotage.js';

type WebhookCheck = Extract<CheckName, `webhooks.${string}`>;

/** A capability that reads its deliveries otherwise. */
function reading(
  other: (event: DeliveredEvent, read: Extract<ReadDelivery, { kind: 'event' }>) => Partial<typeof read>,
): Sabotage {
  return {
    webhooks: (good) => ({
      async read(ctx, delivery) {
        const read = await good.read(ctx, delivery);
        return read.kind === 'event' ? { ...read, ...other(read.event, read) } : read;
      },
    }),
  };
}

type Request = 'list' | 'subscribe' | 'activate' | 'unsubscribe' | 'rotateSecret' | 'log';

/** A capability of which one call answers something when it should fail. */
function pretending(name: Request, ...codes: readonly string[]): Sabotage {
  const orElse = async <Answer>(answer: Promise<Answer> | undefined, otherwise: Answer): Promise<Answer> => {
    try {
      return (await answer) ?? otherwise;
    } catch (error) {
      if (codes.length > 0 && !codes.includes(isHubError(error) ? error.code : '')) throw error;
      return otherwise;
    }
  };
  return {
    webhooks(good) {
      const calls: WebhooksCapability = {
        ...good,
        list: (ctx) => orElse(good.list(ctx), []),
        subscribe: (ctx, request) => orElse(good.subscribe(ctx, request), { remoteId: 'unknown' }),
        activate: (ctx, id) => orElse(good.activate?.(ctx, id), undefined),
        unsubscribe: (ctx, id) => orElse(good.unsubscribe(ctx, id), undefined),
        rotateSecret: async (ctx, id) => orElse(good.rotateSecret?.(ctx, id), noSecret()),
        log: (ctx, request) => orElse(good.log?.(ctx, request), { events: [] }),
      };
      return { [name]: calls[name] };
    },
  };
}

const OUTAGES = ['webhooks.500', 'webhooks.503', 'webhooks.dropped', 'webhooks.html'] as const;
const REFUSALS = ['webhooks.401', 'webhooks.403', 'webhooks.429'] as const;
const UNREADABLE = ['webhooks.html-200', 'webhooks.malformed', 'webhooks.other-shape'] as const;

const FAULTY = [
  ['asks for an event twice', { webhooks: ({ events }) => ({ events: [...events, ...events] }) }, ['webhooks.limits']],
  [
    'gives the hub no time to answer',
    { webhooks: ({ limits }) => ({ limits: { ...limits, answerWithinMs: 10 } }) },
    ['webhooks.limits'],
  ],
  [
    'says that it asks for fewer events than it does',
    { webhooks: ({ events }) => ({ events: events.slice(1) }) },
    ['webhooks.subscribe'],
  ],
  [
    'takes the callback address apart and puts it together again',
    {
      webhooks: (good) => ({
        subscribe: (ctx, { callbackUrl }) => good.subscribe(ctx, { callbackUrl: new URL(callbackUrl).href }),
      }),
    },
    ['webhooks.subscribe', 'webhooks.events'],
  ],
  [
    'lets the key of a subscription be seen',
    { http: (good) => ({ send: (ctx, { secretsAt: _shown, ...request }) => good.send(ctx, request) }) },
    ['webhooks.subscribe', 'webhooks.rotate', 'webhooks.echoed'],
  ],
  [
    'lists what it made itself',
    {
      webhooks: (good) => {
        const made = new Set<string>();
        return {
          async subscribe(ctx, request) {
            const answer = await good.subscribe(ctx, request);
            made.add(answer.remoteId);
            return answer;
          },
          list: async (ctx) => (await good.list(ctx)).filter(({ remoteId }) => made.has(remoteId)),
        };
      },
    },
    ['webhooks.list'],
  ],
  [
    'lists the first page of subscriptions alone',
    { webhooks: (good) => ({ list: async (ctx) => (await good.list(ctx)).slice(0, 50) }) },
    ['webhooks.many-pages'],
  ],
  [
    'lists what it remembers',
    {
      webhooks: (good) => {
        const known = new Map<string, Awaited<ReturnType<WebhooksCapability['list']>>[number]>();
        return {
          async list(ctx) {
            for (const each of await good.list(ctx)) known.set(each.remoteId, each);
            return [...known.values()];
          },
          async subscribe(ctx, request) {
            const answer = await good.subscribe(ctx, request);
            known.set(answer.remoteId, { ...answer, ...request, intact: true });
            return answer;
          },
        };
      },
    },
    ['webhooks.vanished', 'webhooks.unsubscribe'],
  ],
  [
    'lists what delivers alone',
    { webhooks: (good) => ({ list: async (ctx) => (await good.list(ctx)).filter(({ intact }) => intact) }) },
    ['webhooks.activate', 'webhooks.switched-off', 'webhooks.left-behind'],
  ],
  [
    'takes whatever is listed for intact',
    {
      webhooks: (good) => ({
        list: async (ctx) => (await good.list(ctx)).map((each) => ({ ...each, intact: true })),
      }),
    },
    ['webhooks.activate', 'webhooks.switched-off', 'webhooks.handshake'],
  ],
  ['never activates', { webhooks: () => ({ activate: async () => {} }) }, ['webhooks.subscribe', 'webhooks.activate']],
  [
    'does not know a handshake',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          const read = await good.read(ctx, delivery);
          return read.kind === 'handshake' ? { kind: 'unknown', reason: 'It is no event.' } : read;
        },
      }),
    },
    ['webhooks.subscribe'],
  ],
  ['names nothing to read again', reading((event) => ({ event: { ...event, records: [] } })), ['webhooks.events']],
  [
    'knows no jobs',
    reading((event) => ({ event: { ...event, records: event.records.filter(({ kind }) => kind !== 'job') } })),
    ['webhooks.events'],
  ],
  [
    'takes every record for a candidate',
    reading((event) => {
      const records = event.records.map(({ remoteId }) => ({ kind: 'candidate' as const, remoteId }));
      return { event: { ...event, records } };
    }),
    ['webhooks.events'],
  ],
  [
    'answers with a status that the vendor does not take for a receipt',
    { webhooks: ({ limits }) => ({ limits: { ...limits, acknowledgeWith: 200 } }) },
    ['webhooks.acknowledged'],
  ],
  [
    'makes up ids of events',
    reading((event) => ({ event: { ...event, id: crypto.randomUUID() } })),
    ['webhooks.same-event', 'webhooks.log', 'webhooks.another-process'],
  ],
  [
    'takes all events of a kind for the same one',
    reading((event) => ({ event: { ...event, id: event.name } })),
    ['webhooks.same-event'],
  ],
  [
    'tidies up the body before the signature is checked',
    reading((_event, { signature }) => {
      return signature ? { signature: { ...signature, signed: signature.signed.trim() } } : {};
    }),
    ['webhooks.signature'],
  ],
  [
    'takes a part of the event from a header that nobody signs',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          const read = await good.read(ctx, delivery);
          if (read.kind !== 'event') return read;
          return { ...read, event: { ...read.event, name: delivery.headers['user-agent'] ?? 'unknown' } };
        },
      }),
    },
    ['webhooks.signature'],
  ],
  [
    'leaves a part of what is signed out',
    reading((_event, { signature }) => {
      return signature ? { signature: { ...signature, signed: signature.signed.split('.').slice(1).join('.') } } : {};
    }),
    ['webhooks.events', 'webhooks.signature'],
  ],
  [
    'has whatever it is asked signed',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          const signed = delivery.query['challenge'];
          if (signed === undefined) return good.read(ctx, delivery);
          const answer = { fields: { challenge: signed }, signatureField: 'signature' };
          return { kind: 'challenge', signed, encoding: 'hex', answer };
        },
      }),
    },
    ['webhooks.challenge-text', 'webhooks.garbage'],
  ],
  [
    'has another text signed than it was asked',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          const read = await good.read(ctx, delivery);
          return read.kind === 'challenge' ? { ...read, signed: read.signed.toUpperCase() } : read;
        },
      }),
    },
    ['webhooks.challenge'],
  ],
  [
    'has a notice for a capability that it does not have',
    reading((event) => ({ event: { ...event, notices: [{ capability: 'systemConnect', id: '1' }] } })),
    ['webhooks.events', 'webhooks.garbage'],
  ],
  [
    'lets an event pass that carries no signature',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          const read = await good.read(ctx, delivery);
          if (read.kind !== 'event' || read.signature?.given.length !== 0) return read;
          return { kind: 'event', event: read.event };
        },
      }),
    },
    ['webhooks.unsigned'],
  ],
  [
    'answers the old key for a new one',
    {
      webhooks: (good) => {
        let old: Secret | undefined;
        return {
          async subscribe(ctx, request) {
            const answer = await good.subscribe(ctx, request);
            old = answer.secret;
            return answer;
          },
          rotateSecret: async (ctx, id) => old ?? (await good.rotateSecret?.(ctx, id)) ?? failed(),
        };
      },
    },
    ['webhooks.rotate'],
  ],
  ['never unsubscribes', { webhooks: () => ({ unsubscribe: async () => {} }) }, ['webhooks.unsubscribe']],
  [
    'unsubscribes everybody',
    {
      webhooks: (good) => ({
        async unsubscribe(ctx) {
          for (const { remoteId } of await good.list(ctx)) await good.unsubscribe(ctx, remoteId);
        },
      }),
    },
    ['webhooks.unsubscribe', 'webhooks.vanished'],
  ],
  [
    'insists on a subscription to remove',
    {
      webhooks: (good) => ({
        async unsubscribe(ctx, remoteId) {
          if (!(await good.list(ctx)).some((each) => each.remoteId === remoteId)) failed();
          await good.unsubscribe(ctx, remoteId);
        },
      }),
    },
    ['webhooks.unsubscribe', 'webhooks.vanished'],
  ],
  [
    'reads the first page of the log alone',
    {
      webhooks: (good) => ({
        async log(ctx, request) {
          const page = await good.log?.(ctx, request);
          return { events: page?.events ?? [] };
        },
      }),
    },
    ['webhooks.log'],
  ],
  [
    'forgets what an event of the log names',
    {
      webhooks: (good) => ({
        async log(ctx, request) {
          const { events = [], ...page } = (await good.log?.(ctx, request)) ?? {};
          return { ...page, events: events.map((event) => ({ ...event, records: [] })) };
        },
      }),
    },
    ['webhooks.log'],
  ],
  [
    'asks for the whole log each time',
    {
      webhooks: (good) => ({
        log: async (ctx, request) => (await good.log?.(ctx, { ...request, since: '' })) ?? { events: [] },
      }),
    },
    ['webhooks.log-since'],
  ],
  [
    'remembers which subscriptions are its own',
    {
      webhooks: (good) => {
        const own = new Set<string>();
        return {
          async subscribe(ctx, request) {
            const answer = await good.subscribe(ctx, request);
            own.add(answer.remoteId);
            return answer;
          },
          async unsubscribe(ctx, remoteId) {
            if (own.has(remoteId)) await good.unsubscribe(ctx, remoteId);
          },
        };
      },
    },
    ['webhooks.another-process'],
  ],
  [
    'fails over a body that is no JSON',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          JSON.parse(delivery.body);
          return good.read(ctx, delivery);
        },
      }),
    },
    ['webhooks.garbage'],
  ],
  [
    'fails over a header that it does not expect',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          decodeURIComponent(delivery.headers['x-hook-signature'] ?? '');
          return good.read(ctx, delivery);
        },
      }),
    },
    ['webhooks.garbage'],
  ],
  [
    'believes in ids that are none',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          const read = await good.read(ctx, delivery);
          if (read.kind !== 'unknown') return read;
          return { kind: 'event', event: { name: 'unknown', records: [{ kind: 'candidate', remoteId: '' }] } };
        },
      }),
    },
    ['webhooks.garbage'],
  ],
  [
    'asks the vendor what a delivery is',
    {
      webhooks: (good) => ({
        async read(ctx, delivery) {
          await good.list(ctx);
          return good.read(ctx, delivery);
        },
      }),
    },
    ['webhooks.asks-nobody'],
  ],
  [
    'calls an event by the name of its candidate',
    {
      webhooks: (good, rediscovery) => ({
        async read(ctx, delivery) {
          const read = await good.read(ctx, delivery);
          if (read.kind !== 'event') return read;
          const { candidates = [] } = (await rediscovery?.read(ctx, read.event.records)) ?? {};
          const about = candidates.map(({ emails }) => emails[0]).join();
          return { ...read, event: { ...read.event, name: `${read.event.name} of ${about}` } };
        },
      }),
    },
    ['webhooks.silent-on-people'],
  ],
  ['takes an outage for an empty list', pretending('list'), [...OUTAGES, ...REFUSALS, 'webhooks.time-out']],
  ['takes an outage for a subscription', pretending('subscribe'), [...OUTAGES, ...REFUSALS]],
  ['takes an outage for an activation', pretending('activate'), [...OUTAGES, ...REFUSALS, 'webhooks.handshake']],
  ['takes an outage for a removal', pretending('unsubscribe'), [...OUTAGES, ...REFUSALS]],
  ['takes an outage for a new key', pretending('rotateSecret'), [...OUTAGES, ...REFUSALS]],
  ['takes an outage for an empty log', pretending('log'), [...OUTAGES, ...REFUSALS]],
  ['takes an answer that it cannot read for an empty list', pretending('list', 'ATS_ANSWER_UNREADABLE'), UNREADABLE],
  [
    'takes an answer that it cannot read for a subscription',
    pretending('subscribe', 'ATS_ANSWER_UNREADABLE'),
    [...UNREADABLE, 'webhooks.left-behind'],
  ],
  ['takes an answer that it cannot read for a key', pretending('rotateSecret', 'ATS_ANSWER_UNREADABLE'), UNREADABLE],
  ['takes an answer that it cannot read for an empty log', pretending('log', 'ATS_ANSWER_UNREADABLE'), UNREADABLE],
  [
    'takes the log of what vanished for an empty one',
    pretending('log', 'ATS_RECORD_NOT_FOUND'),
    ['webhooks.log-vanished'],
  ],
  [
    'blames a candidate for a webhook that is refused',
    { webhooks: (good) => ({ activate: (ctx, id) => good.activate?.(ctx, id).catch(blame) ?? Promise.resolve() }) },
    ['webhooks.refused', 'webhooks.handshake'],
  ],
] as const satisfies readonly (readonly [what: string, Sabotage, caughtBy: readonly WebhookCheck[]])[];

function noSecret(): Secret {
  return '' as Secret;
}

function blame(error: unknown): never {
  if (!isHubError(error) || error.code !== 'WEBHOOK_REFUSED') throw error;
  throw new CandidateRejectedError('Example ATS', 'it says no');
}

function failed(): never {
  throw new Error('There is nothing to go on with.');
}

describe('the conformance suite catches a plugin that', () => {
  it.for(FAULTY)('%s', { timeout: 60_000 }, expectCaught);
});

/** The example's own subject, which tells something else about its vendor. */
function subjectWith(other: Partial<SimulatedWebhooks>): PluginSubject {
  return {
    async start() {
      const account = await subject.start();
      const { webhooks } = account;
      return webhooks ? { ...account, webhooks: { ...webhooks, ...other } } : account;
    },
  };
}

it('the conformance suite lets a vendor be silent on a change that its subject gives a reason for', async () => {
  const silentOnJobs = sabotaged(
    reading((event) => ({ event: { ...event, records: event.records.filter(({ kind }) => kind !== 'job') } })),
  );
  const excused = subjectWith({ untold: { changeJob: 'The vendor tells of candidates alone.' } });
  expect(await runCheck(silentOnJobs, excused, 'webhooks.events')).toEqual({ kind: 'passed' });
  await expect(runCheck(plugin, excused, 'webhooks.events')).rejects.toThrow('changeJob is told');
});

const NOTICES = [{ capability: 'export', id: 'what happened' }] as const;

/** Example ATS, of which every event is one that Export has to know. */
const telling: PluginSubject = {
  async start() {
    const account = await subject.start();
    const { webhooks, rediscovery } = account;
    if (!webhooks || !rediscovery) throw new Error('Example ATS has both.');
    const notify = () => {
      if (rediscovery.candidates().length === 0) rediscovery.populate(1);
      rediscovery.changeCandidate(rediscovery.candidates()[0]?.remoteId ?? '');
      return NOTICES;
    };
    return { ...account, webhooks: { ...webhooks, notify } };
  },
};
const noticing = sabotaged(reading((event) => ({ event: { ...event, records: [], notices: NOTICES } })));

it('the conformance suite catches a plugin whose events keep to themselves what another capability has to know', async () => {
  expect(await runCheck(noticing, telling, 'webhooks.notices')).toEqual({ kind: 'passed' });
  const others = sabotaged(reading((event) => ({ event: { ...event, notices: [{ ...NOTICES[0], id: 'another' }] } })));
  for (const silent of [plugin, others]) {
    await expect(runCheck(silent, telling, 'webhooks.notices')).rejects.toThrow();
  }
});

it('the conformance suite checks the webhooks of a plugin without Rediscovery by what they say to others', async () => {
  const other = { ...noticing, capabilities: noticing.capabilities.filter((name) => name !== 'rediscovery') };
  const concerned = [
    'webhooks.activate',
    'webhooks.unsubscribe',
    'webhooks.switched-off',
    'webhooks.rotate',
    'webhooks.log-since',
    'webhooks.acknowledged',
    'webhooks.same-event',
    'webhooks.signature',
    'webhooks.notices',
  ] as const;
  for (const name of concerned) expect(await runCheck(other, telling, name), name).toEqual({ kind: 'passed' });
  for (const name of ['webhooks.events', 'webhooks.silent-on-people'] as const) {
    expect(await runCheck(other, telling, name), name).toMatchObject({ kind: 'skipped' });
  }
});

it('no check of Webhooks is without a plugin that it catches', () => {
  // The test before this one is about the other: events of Example ATS say nothing to other capabilities.
  expectTypeOf<(typeof FAULTY)[number][2][number]>().toEqualTypeOf<Exclude<WebhookCheck, 'webhooks.notices'>>();
});
