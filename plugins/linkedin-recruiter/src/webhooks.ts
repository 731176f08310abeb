import type { Delivery, ReadDelivery, Secret, WebhooksCapability } from '@talentbridge/contracts';
import type { Integrations } from './integrations.js';
import { NOTICE_TYPES, noticeIdOf } from './notices.js';
import { notification } from './vendor-records.js';

/** There is one address for each customer: the only subscription has the name of the configuration. */
const SUBSCRIPTION = 'CALLBACK_URL';

/** A code that LinkedIn sends is a UUID (LinkedIn sheet §6.1, CONFIRMED for LinkedIn's webhooks in general). */
const CODE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What begins every text that is signed, and some headers (LinkedIn sheet §6.2). */
const SCHEME = 'hmacsha256=';

/** Notifications: one address, signed with the secret of the application (LinkedIn sheet §6). */
export function linkedInWebhooks(integrations: Integrations, clientSecret: Secret): WebhooksCapability {
  return {
    limits: { acknowledgeWith: 200, answerWithinMs: 3_000 },
    events: NOTICE_TYPES,
    signingKey: clientSecret,
    async list(ctx) {
      const callbackUrl = await integrations.callbackUrl(ctx);
      return callbackUrl === undefined ? [] : [{ remoteId: SUBSCRIPTION, callbackUrl, intact: true }];
    },
    async subscribe(ctx, { callbackUrl }) {
      await integrations.setCallbackUrl(ctx, callbackUrl);
      return { remoteId: SUBSCRIPTION };
    },
    async unsubscribe(ctx, remoteId) {
      if (remoteId === SUBSCRIPTION) await integrations.removeCallbackUrl(ctx);
    },
    read: async (_ctx, delivery) => readDelivery(delivery),
  };
}

/** What a delivery is. */
function readDelivery(delivery: Delivery): ReadDelivery {
  return delivery.method === 'GET' ? readChallenge(delivery) : readNotification(delivery);
}

/** The question whose the address is (LinkedIn sheet §6.1; that RSC asks it is INFERRED). */
function readChallenge({ query }: Delivery): ReadDelivery {
  const challengeCode = query['challengeCode'] ?? '';
  if (!CODE.test(challengeCode)) return { kind: 'unknown', reason: 'it asks nothing that LinkedIn asks' };
  return {
    kind: 'challenge',
    signed: challengeCode,
    encoding: 'hex',
    answer: { fields: { challengeCode }, signatureField: 'challengeResponse' },
  };
}

/** A notification (LinkedIn sheet §6.3); everything in it is signed, and only ids are taken. */
function readNotification({ headers, body }: Delivery): ReadDelivery {
  const parsed = notification.safeParse(jsonOf(body));
  if (!parsed.success) return { kind: 'unknown', reason: 'it is no notification of LinkedIn' };
  const { id, type, expiresAt } = parsed.data;
  const noticeId = noticeIdOf(type, id);
  const isOver = expiresAt !== undefined && expiresAt <= Date.now();
  const isNotice = noticeId !== undefined && !isOver;
  return {
    kind: 'event',
    event: {
      id,
      name: noticeId === undefined ? 'unknown' : type,
      records: [],
      ...(isNotice ? { notices: [{ capability: 'systemConnect', id: noticeId }] } : {}),
    },
    signature: {
      algorithm: 'hmac-sha256',
      signed: `${SCHEME}${body}`,
      encoding: 'hex',
      given: digestsIn(headers['x-li-signature']),
    },
  };
}

/** The header has the digest alone; one with the scheme in front is taken too (LinkedIn sheet §6.2). */
function digestsIn(header: string | undefined): readonly string[] {
  const text = header?.trim() ?? '';
  const digest = text.startsWith(SCHEME) ? text.slice(SCHEME.length) : text;
  return /^[0-9a-f]{64}$/i.test(digest) ? [digest] : [];
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
