import { type Delivery, isHubError, type ReadDelivery } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import { callContext } from '../../kernel/call-context.js';
import type { Telemetry } from '../../kernel/telemetry.js';
import { isToken } from './callback-token.js';
import { challengeAnswer } from './challenge.js';
import { eventName, refsOf } from './event-references.js';
import { type EventStore, eventKey, type NewEvent } from './event-store.js';
import { GroupCommit, TooManyWaitingError } from './group-commit.js';
import type { LiveSubscription, LiveSubscriptions } from './live-subscriptions.js';
import { isSigned } from './signature.js';

/** What a delivery is answered with. */
export interface DeliveryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: there is none. */
  readonly body?: string;
}

/** What `WebhookIntake` works with. */
export interface WebhookIntakeParts {
  readonly subscriptions: LiveSubscriptions;
  readonly events: EventStore;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

const DEFAULT_ANSWER_WITHIN_MS = 10_000;
/** What an answer needs for its way back. */
const WAY_BACK_MS = 1_000;
/** No ATS is given less than this, or nothing could ever be stored in time. */
const LEAST_MS = 500;

/** However many badly signed deliveries come, a subscription is not read anew for them more often than this. */
const READ_ANEW_EVERY_MS = 100;
const COMPLAIN_EVERY_MS = 1_000;

const UNKNOWN: DeliveryAnswer = { status: 404, headers: {} };
const REMOVED: DeliveryAnswer = { status: 410, headers: {} };
const NOT_SIGNED: DeliveryAnswer = { status: 401, headers: {} };
const NOT_UNDERSTOOD: DeliveryAnswer = { status: 400, headers: {} };
/** Nothing but a challenge comes by GET. */
const NOT_BY_GET: DeliveryAnswer = { status: 405, headers: { allow: 'POST' } };
/** The ATS delivers it again. */
const LATER: DeliveryAnswer = { status: 503, headers: { 'retry-after': '5' } };

/** What figures call them. Everything else is accepted. */
const REFUSALS: ReadonlyMap<DeliveryAnswer, string> = new Map([
  [UNKNOWN, 'unknown_token'],
  [REMOVED, 'removed'],
  [NOT_SIGNED, 'not_signed'],
  [NOT_UNDERSTOOD, 'not_understood'],
  [NOT_BY_GET, 'not_by_get'],
  [LATER, 'later'],
]);

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
/** Headers that are about the connection and not about the answer. */
const OURS = new Set(['connection', 'content-length', 'set-cookie', 'trailer', 'transfer-encoding', 'upgrade']);

type Live = Extract<LiveSubscription, { readonly kind: 'LIVE' }>;

/** Takes deliveries: an event is stored before it is acknowledged, and whatever cannot be stored in time is asked for again. */
export class WebhookIntake {
  private readonly commits: GroupCommit<NewEvent>;
  private complainedAt = 0;

  constructor(private readonly parts: WebhookIntakeParts) {
    const { events, telemetry } = parts;
    this.commits = new GroupCommit(async (organizationId, added) => {
      const stored = await events.add(organizationId, added);
      telemetry.webhookEvents(stored, added.length - stored);
    });
  }

  /** Answers a delivery. Never throws. */
  async receive(token: string, delivery: Delivery): Promise<DeliveryAnswer> {
    const answer = await this.answerOrLater(token, delivery);
    this.parts.telemetry.webhookDelivery(REFUSALS.get(answer) ?? 'accepted');
    return answer;
  }

  private async answerOrLater(token: string, delivery: Delivery): Promise<DeliveryAnswer> {
    const began = Date.now();
    if (!isToken(token)) return UNKNOWN;
    try {
      return await this.answer(token, delivery, began);
    } catch (error) {
      this.complain(error);
      return LATER;
    }
  }

  private complain(error: unknown): void {
    if (error instanceof TooManyWaitingError || Date.now() - this.complainedAt < COMPLAIN_EVERY_MS) return;
    this.complainedAt = Date.now();
    // The text of an error may quote what was delivered.
    const name = isHubError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
    this.parts.logger.warn({ error: name }, 'webhooks are not taken; the ATS is to deliver them again');
  }

  private async answer(token: string, delivery: Delivery, began: number): Promise<DeliveryAnswer> {
    let live = await this.parts.subscriptions.of(token);
    if (live.kind === 'UNKNOWN') return UNKNOWN;
    if (live.kind === 'REMOVED') return REMOVED;
    const { answerWithinMs = DEFAULT_ANSWER_WITHIN_MS } = live.capability.limits;
    const withinMs = Math.max(LEAST_MS, answerWithinMs - WAY_BACK_MS);
    const read = await live.capability.read(callContext('work', withinMs), delivery);
    if (delivery.method === 'GET' && read.kind !== 'challenge') return NOT_BY_GET;
    if (read.kind === 'unknown') return NOT_UNDERSTOOD;
    if (!fits(live, read)) {
      // What is remembered may be older than the subscription's newest key or state.
      const changing = read.kind === 'handshake' || live.unsettled;
      const notBefore = changing ? began : Math.min(began, Date.now() - READ_ANEW_EVERY_MS);
      live = await this.parts.subscriptions.of(token, notBefore);
      if (live.kind === 'UNKNOWN') return UNKNOWN;
      if (live.kind === 'REMOVED') return REMOVED;
      if (!fits(live, read)) return read.kind === 'handshake' ? NOT_UNDERSTOOD : live.unsettled ? LATER : NOT_SIGNED;
    }
    if (read.kind === 'handshake') return handshake(read.answer);
    if (read.kind === 'challenge') return challenge(read, live);
    const accepted = { status: live.capability.limits.acknowledgeWith ?? 200, headers: {} };
    const refs = refsOf(read.event);
    if (refs.length === 0) return accepted;
    const { id, connectionId } = live.subscription;
    const name = eventName(read.event.name);
    const key =
      typeof read.event.id === 'string'
        ? eventKey(token, 'id', read.event.id)
        : eventKey(token, 'body', name, delivery.body);
    const stored = this.commits.add(live.organizationId, { connectionId, subscriptionId: id, key, name, refs });
    return (await within(stored, began + withinMs - Date.now())) ? accepted : LATER;
  }
}

/** Whether what was read is expected of this subscription, and signed as it must be. */
function fits({ subscription, keys, replaced, unsettled }: Live, read: ReadDelivery): boolean {
  if (read.kind === 'handshake') return subscription.status === 'ACTIVATING';
  if (read.kind === 'challenge') return keys.length > 0;
  if (read.kind !== 'event' || subscription.status === 'PENDING') return false;
  // Whoever signs nothing is known by the token alone.
  if (keys.length === 0 && !unsettled) return true;
  return isSigned(read.signature, replaced && replaced.until > Date.now() ? [...keys, replaced.key] : keys);
}

function handshake(answer: Extract<ReadDelivery, { readonly kind: 'handshake' }>['answer']): DeliveryAnswer {
  const headers = Object.entries(answer.headers ?? {}).filter(
    ([name, value]) => HEADER_NAME.test(name) && HEADER_VALUE.test(value) && !OURS.has(name.toLowerCase()),
  );
  const status = Number.isInteger(answer.status) && answer.status >= 200 && answer.status <= 299 ? answer.status : 200;
  return { status, headers: Object.fromEntries(headers) };
}

function challenge(
  read: Extract<ReadDelivery, { readonly kind: 'challenge' }>,
  { keys: [newest] }: Live,
): DeliveryAnswer {
  const body = newest === undefined ? undefined : challengeAnswer(read, newest);
  if (body === undefined) return NOT_UNDERSTOOD;
  return { status: 200, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body };
}

/** Whether it is done within this time. What it fails with is thrown, if that is in time. */
async function within(work: Promise<void>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(late.resolve, Math.max(0, ms), false);
  try {
    return await Promise.race([work.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
