import type { ReadDelivery, RecordReference, WebhooksCapability } from '@talentbridge/contracts';
import { unlessNotFound } from './reader.js';
import type { JobScoreSubscriptions } from './subscriptions.js';
import { deliveryBody, type JobScoreDelivery, type JobScoreSubscription } from './vendor-records.js';

/**
 * What JobScore is asked to tell. `candidate_applied`, `job_added`, `job_status_changed` and that there is one for stages
 * are SECONDARY (JobScore sheet §7); the other names are INFERRED (§9a).
 */
const EVENTS = [
  'candidate_applied',
  'candidate_created',
  'candidate_updated',
  'candidate_deleted',
  'application_stage_changed',
  'job_added',
  'job_status_changed',
] as const;

/** JobScore gives up after that time, and delivers again by a schedule of its own (JobScore sheet §7, SECONDARY). */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Webhooks of JobScore. No signature is known (JobScore sheet §7): that nobody can guess the address is all that speaks
 * for a delivery, so nothing of it is believed but which records to read again.
 */
export function jobScoreWebhooks(subscriptions: JobScoreSubscriptions): WebhooksCapability {
  return {
    limits: { acknowledgeWith: 200, answerWithinMs: ANSWER_WITHIN_MS },
    events: EVENTS,

    async list(ctx) {
      const all = await subscriptions.list(ctx);
      return all.map((webhook) => ({
        remoteId: webhook.id,
        callbackUrl: webhook.target_url,
        intact: isEnabled(webhook) && EVENTS.every((event) => webhook.event_types.includes(event)),
      }));
    },

    async subscribe(ctx, { callbackUrl }) {
      const { id: remoteId } = await subscriptions.create(ctx, callbackUrl, EVENTS);
      return { remoteId };
    },

    async unsubscribe(ctx, remoteId) {
      await unlessNotFound(subscriptions.remove(ctx, remoteId));
    },

    read: async (_ctx, { body }) => readDelivery(body),
  };
}

/** JobScore disables a webhook after 60 days of failures, or at once on a 410 (JobScore sheet §7, SECONDARY). */
function isEnabled({ enabled, status }: JobScoreSubscription): boolean {
  return enabled !== false && !/^(disabled|inactive)$/i.test(status ?? '');
}

function readDelivery(body: string): ReadDelivery {
  const delivery = deliveryBody.safeParse(parsed(body));
  if (!delivery.success) return { kind: 'unknown', reason: 'its body is no JSON object with an event_type' };
  const { event_type: name } = delivery.data;
  const records = recordsOf(delivery.data);
  // An event that was asked for and names nothing was not read as JobScore writes it: better told than passed over.
  if (records.length === 0 && EVENTS.some((event) => event === name))
    return { kind: 'unknown', reason: `it names no record for ${name}` };
  return { kind: 'event', event: { ...eventId(delivery.data), name, records } };
}

/**
 * The event's id, with its name and time. That `id` names the event is INFERRED: were it the webhook's, every event after
 * the first would otherwise pass for a repetition.
 */
function eventId({ id, event_type, created_on }: JobScoreDelivery): { readonly id?: string } {
  return id === undefined || created_on === undefined ? {} : { id: `${id} ${event_type} ${created_on}` };
}

/**
 * What to read again: a candidate, who comes with all applications, so that several events of one person are one read;
 * where nobody says whose it is, the application by itself; else the job.
 */
function recordsOf({ data: { candidate, application, job } }: JobScoreDelivery): readonly RecordReference[] {
  const named: readonly (readonly [RecordReference['kind'], string | undefined])[] = [
    ['candidate', candidate?.id ?? application?.candidate_id],
    ['application', application?.id],
    ['job', job?.id],
  ];
  for (const [kind, remoteId] of named) if (remoteId !== undefined) return [{ kind, remoteId }];
  return [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
