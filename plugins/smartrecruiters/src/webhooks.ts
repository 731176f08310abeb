import type { CallContext, LoggedEvent, Secret, WebhooksCapability } from '@talentbridge/contracts';
import type { Subscriptions } from './subscriptions.js';
import type { CallbackAnswer, SubscriptionAnswer } from './vendor-records.js';
import { readDelivery } from './webhook-delivery.js';

/** Everything that changes what a mirror shows, as far as SmartRecruiters tells it (sheet §12). */
const EVENTS: readonly string[] = [
  'candidate.created',
  'candidate.updated',
  'candidate.deleted',
  'job.created',
  'job.updated',
  'job.status.updated',
  'application.created',
  // Whether a new status or source moves the date of the candidate is not public (sheet §5): without these two, a run of
  // changes may miss them.
  'application.status.updated',
  'application.source.updated',
];

/** Only where files are listed. Of files on the candidate there is no event. */
const FILE_EVENTS: readonly string[] = ['application.attachment.created'];

const HOUR_MS = 3_600_000;

/** The log goes back so far (sheet §12, CONFIRMED); what lies before is not asked for. */
const LOG_REACHES_MS = 30 * 24 * HOUR_MS;

/** Whether `after` leaves its own moment out is not public: a little more is harmless, because events are known by their ids. */
const SLACK_MS = 1000;

/** What of a candidate is mirrored. */
export interface WatchedChanges {
  /** Whether files are listed. */
  readonly attachments: boolean;
}

/** Webhooks: one subscription with a key of its own, which is there before it delivers anything (sheet §12). */
export function smartRecruitersWebhooks(
  subscriptions: Subscriptions,
  { attachments }: WatchedChanges,
): WebhooksCapability {
  const events = attachments ? [...EVENTS, ...FILE_EVENTS] : EVENTS;
  return {
    // 202 within 5 s, and a key lives on for a day (sheet §12, CONFIRMED).
    limits: { acknowledgeWith: 202, answerWithinMs: 5_000, replacedSecretLivesMs: 24 * HOUR_MS },
    events,
    async list(ctx) {
      return (await subscriptions.all(ctx)).map((subscription) => ({
        remoteId: subscription.id,
        callbackUrl: subscription.callbackUrl,
        intact: isIntact(subscription, events),
      }));
    },
    subscribe: (ctx, { callbackUrl }) => subscribe(subscriptions, ctx, { callbackUrl, events }),
    activate: (ctx, remoteId) => subscriptions.activate(ctx, remoteId),
    unsubscribe: (ctx, remoteId) => subscriptions.remove(ctx, remoteId),
    rotateSecret: (ctx, remoteId) => subscriptions.newSecretKey(ctx, remoteId),
    log: (ctx, request) => log(subscriptions, ctx, request),
    read: async (_ctx, delivery) => readDelivery(delivery),
  };
}

/** Any status but this one does not deliver; how a suspended one is called is not public (sheet §12). */
function isIntact({ status, events }: SubscriptionAnswer, wanted: readonly string[]): boolean {
  return status?.toLowerCase() === 'active' && wanted.every((event) => events.includes(event));
}

async function subscribe(
  subscriptions: Subscriptions,
  ctx: CallContext,
  request: { readonly callbackUrl: string; readonly events: readonly string[] },
): Promise<{ readonly remoteId: string; readonly secret: Secret }> {
  const remoteId = await subscriptions.create(ctx, request);
  try {
    return { remoteId, secret: await subscriptions.newSecretKey(ctx, remoteId) };
  } catch (error) {
    // Without a key nothing that it delivers can be believed, and it would count among the few that may be there.
    await subscriptions.remove(ctx, remoteId).catch(() => undefined);
    throw error;
  }
}

async function log(
  subscriptions: Subscriptions,
  ctx: CallContext,
  { remoteId, since, cursor }: Parameters<NonNullable<WebhooksCapability['log']>>[1],
): Promise<{ readonly events: readonly LoggedEvent[]; readonly cursor?: string }> {
  const from = Math.max(Date.parse(since) - SLACK_MS, Date.now() - LOG_REACHES_MS);
  const after = new Date(from).toISOString();
  const { callbacks, next } = await subscriptions.callbacks(ctx, remoteId, { after, pageId: cursor });
  return { events: callbacks.flatMap((callback) => loggedEvent(callback) ?? []), ...(next ? { cursor: next } : {}) };
}

/** `undefined` for what is no event, such as a handshake, and for what cannot be read or has no id. */
function loggedEvent(callback: CallbackAnswer): LoggedEvent | undefined {
  const at = Date.parse(callback?.timestamp ?? '');
  if (callback === null || Number.isNaN(at)) return undefined;
  const { headers, body } = callback.requestDetails;
  const delivery = readDelivery({ headers: inLowerCase(headers), body });
  if (delivery.kind !== 'event') return undefined;
  const { id, ...event } = delivery.event;
  return id === undefined ? undefined : { id, ...event, at: new Date(at).toISOString() };
}

/** Headers as a delivery has them: a log may write names in any case, and values as lists. */
function inLowerCase(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const values: unknown[] = [value].flat();
      return values.every((one) => typeof one === 'string') ? [[name.toLowerCase(), values.join(', ')]] : [];
    }),
  );
}
