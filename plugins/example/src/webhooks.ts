import type {
  DeliveredEvent,
  Delivery,
  DeliverySignature,
  ReadDelivery,
  RecordReference,
  WebhooksCapability,
} from '@talentbridge/contracts';
import { type ExampleClient, type ExampleEvent, eventSchema } from './client.js';

const EVENTS = [
  'candidate.created',
  'candidate.updated',
  'candidate.deleted',
  'application.created',
  'application.updated',
  'job.updated',
];

/** What Example ATS asks an address: a UUID. Nothing else is signed for whoever asks. */
const CHALLENGE = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Webhooks of Example ATS: one webhook for all events, signed, tried before it delivers and asked whose it is later, and remembered
 * in a log.
 */
export function exampleWebhooks(client: ExampleClient): WebhooksCapability {
  return {
    limits: { acknowledgeWith: 202, answerWithinMs: 10_000, replacedSecretLivesMs: 3_600_000 },
    events: EVENTS,

    async list(ctx) {
      const webhooks = await client.webhooks(ctx);
      return webhooks.map(({ id, url, events, status }) => ({
        remoteId: id,
        callbackUrl: url,
        intact: status === 'active' && EVENTS.every((event) => events.includes(event)),
      }));
    },

    async subscribe(ctx, { callbackUrl }) {
      const { id, secret } = await client.createWebhook(ctx, { url: callbackUrl, events: EVENTS });
      return { remoteId: id, secret };
    },

    activate: (ctx, remoteId) => client.activateWebhook(ctx, remoteId),
    unsubscribe: (ctx, remoteId) => client.deleteWebhook(ctx, remoteId),
    rotateSecret: (ctx, remoteId) => client.newWebhookSecret(ctx, remoteId),

    async log(ctx, { remoteId, since, cursor }) {
      const { deliveries, next_cursor } = await client.webhookDeliveries(ctx, remoteId, { since, cursor });
      const events = deliveries.map(({ event }) => ({ ...toEvent(event), id: event.id, at: event.created_at }));
      return next_cursor ? { events, cursor: next_cursor } : { events };
    },

    read: async (_ctx, delivery) => readDelivery(delivery),
  };
}

function readDelivery(delivery: Delivery): ReadDelivery {
  if (delivery.method === 'GET') return readChallenge(delivery.query['challenge'] ?? '');
  const challenge = delivery.headers['x-hook-challenge'];
  if (challenge !== undefined) {
    return { kind: 'handshake', answer: { status: 200, headers: { 'x-hook-challenge': challenge } } };
  }
  const event = eventSchema.safeParse(jsonOf(delivery.body));
  if (!event.success) return { kind: 'unknown', reason: 'The body is no event of Example ATS.' };
  return { kind: 'event', event: toEvent(event.data), signature: signatureOf(delivery) };
}

function readChallenge(challenge: string): ReadDelivery {
  if (!CHALLENGE.test(challenge)) return { kind: 'unknown', reason: 'It asks nothing that Example ATS asks.' };
  const answer = { fields: { challenge }, signatureField: 'signature' };
  return { kind: 'challenge', signed: challenge, encoding: 'hex', answer };
}

/** While a secret is being replaced there are two: `v1=<hex>, v1=<hex>`. */
function signatureOf({ headers, body }: Delivery): DeliverySignature {
  const given = [...(headers['x-hook-signature'] ?? '').matchAll(/v1=([0-9a-f]+)/g)].map(([, hex = '']) => hex);
  return { algorithm: 'hmac-sha256', signed: `${headers['x-hook-timestamp'] ?? ''}.${body}`, encoding: 'hex', given };
}

/** Of the data, only the ids are taken: they are read again. An event of another kind names nothing to read. */
function toEvent({ id, type, data }: ExampleEvent): DeliveredEvent {
  const kind = type.split('.')[0];
  if (!EVENTS.includes(type) || !isKind(kind)) return { id, name: type, records: [] };
  const remoteId = data[`${kind}_id`];
  return { id, name: type, records: remoteId ? [{ kind, remoteId }] : [] };
}

function isKind(kind: string | undefined): kind is RecordReference['kind'] {
  return kind === 'candidate' || kind === 'application' || kind === 'job';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
