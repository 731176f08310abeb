import {
  AtsAnswerUnreadableError,
  type CallContext,
  type CallDescription,
  type HttpRequest,
  type HttpResponse,
  PermissionMissingError,
  readAnswer,
  type Secret,
  WebhookRefusedError,
} from '@talentbridge/contracts';
import { z } from 'zod';
import { ATS, at, describe, type Endpoint, isSuccess, type RequestParts, type SmartRecruitersApi } from './api.js';
import {
  type CallbackAnswer,
  callbackRecord,
  type SubscriptionAnswer,
  secretKeyRecord,
  subscriptionRecord,
} from './vendor-records.js';

const SUBSCRIPTIONS = '/webhooks-api/v201907/subscriptions';

/** The largest page of the other lists (SmartRecruiters sheet §3); that it is the same here is INFERRED. */
const PAGE_SIZE = 100;

/** A user may have so many, and no more (SmartRecruiters sheet §12, CONFIRMED). */
const MOST_SUBSCRIPTIONS = 20;

const NO_EFFECT = { effect: 'none' } as const;
const REPEATABLE = { repeatable: true } as const;

/** One page of the log of a subscription. */
export interface CallbackPage {
  /** The newest first. */
  readonly callbacks: readonly CallbackAnswer[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** The API of webhook subscriptions (SmartRecruiters sheet §12). There is no call that changes one. */
export class Subscriptions {
  constructor(private readonly api: SmartRecruitersApi) {}

  /** Every subscription that the token may see. */
  async all(ctx: CallContext): Promise<readonly SubscriptionAnswer[]> {
    const call = describe('list webhook subscriptions');
    const found = new Map<string, SubscriptionAnswer>();
    for (let pageId: string | undefined; ; ) {
      const before = found.size;
      const query = { limit: PAGE_SIZE, page_id: pageId };
      const { items, next } = await this.#page(ctx, at(SUBSCRIPTIONS), subscriptionRecord, call, query);
      for (const item of items) found.set(item.id, item);
      // Without news the cursor was not heeded, and the next page would say the same.
      if (next === undefined || found.size === before) return [...found.values()];
      pageId = next;
    }
  }

  /** Asks for the list once, for one item: proves that the token may. */
  async probe(ctx: CallContext): Promise<void> {
    const call = describe('list webhook subscriptions');
    await this.#page(ctx, at(SUBSCRIPTIONS), z.unknown(), call, { limit: 1 });
  }

  /**
   * Makes a subscription, which delivers nothing yet. Answers its id.
   * @throws PermissionMissingError also when there are as many as SmartRecruiters allows.
   * @throws WebhookRefusedError
   */
  async create(
    ctx: CallContext,
    { callbackUrl, events }: { readonly callbackUrl: string; readonly events: readonly string[] },
  ): Promise<string> {
    const call = describe('subscribe to webhooks', 'webhook');
    const response = await this.api.send(ctx, 'POST', at(SUBSCRIPTIONS), { body: { json: { callbackUrl, events } } });
    // What it answers to one too many is INFERRED (sheet §18), so that the list decides.
    if (response.status === 400 && (await this.all(ctx).catch(() => [])).length >= MOST_SUBSCRIPTIONS) {
      const reason = `there are ${MOST_SUBSCRIPTIONS}, and it takes no more: remove one that nobody needs`;
      throw new PermissionMissingError(ATS, 'make another webhook subscription', reason);
    }
    return readAnswer(this.api.successful(response, call), z.object({ id: z.string().min(1) }), call).id;
  }

  /**
   * Lets a subscription deliver. SmartRecruiters tries the address meanwhile, for up to 20 s (sheet §12, CONFIRMED).
   * @throws WebhookRefusedError when the address did not answer as it should: how SmartRecruiters says that is not public
   * (sheet §12), but nothing else can be wrong with an empty request.
   * @throws RecordNotFoundError
   */
  async activate(ctx: CallContext, id: string): Promise<void> {
    const call = { ...describeOne('activate a webhook subscription', id), about: 'webhook' } as const;
    const response = await this.#send(ctx, 'PUT', at(`${SUBSCRIPTIONS}/{id}/activation`, id), call, REPEATABLE);
    if (isSuccess(response)) return;
    const failure = this.api.failure(response, call);
    if (!(failure instanceof WebhookRefusedError)) throw failure;
    throw new WebhookRefusedError(ATS, `it could not try the callback address (${failure.reason})`);
  }

  /** Removes a subscription; it may be gone already. */
  async remove(ctx: CallContext, id: string): Promise<void> {
    const call = describe('remove webhook subscriptions');
    const response = await this.#send(ctx, 'DELETE', at(`${SUBSCRIPTIONS}/{id}`, id), call, REPEATABLE);
    if (response.status !== 404) this.api.successful(response, call);
  }

  /**
   * Makes a new key for a subscription. The one before signs for 24 h more (sheet §12, CONFIRMED).
   * @throws RecordNotFoundError
   */
  async newSecretKey(ctx: CallContext, id: string): Promise<Secret> {
    const call = describeOne('make keys for webhooks', id);
    const endpoint = at(`${SUBSCRIPTIONS}/{id}/secret-key`, id);
    const response = await this.#send(ctx, 'POST', endpoint, call, { secretsAt: ['/secretKey'] });
    return readAnswer(this.api.successful(response, call), secretKeyRecord, call).secretKey;
  }

  /**
   * One page of what was delivered, or could not be, within 30 days (sheet §12, CONFIRMED).
   * @param after ISO 8601 in UTC.
   * @throws RecordNotFoundError
   */
  async callbacks(
    ctx: CallContext,
    id: string,
    { after, pageId }: { readonly after: string; readonly pageId?: string | undefined },
  ): Promise<CallbackPage> {
    const call = describeOne('read the log of webhooks', id);
    const endpoint = at(`${SUBSCRIPTIONS}/{id}/callbacks-log`, id);
    // Without `callbackStatus`: what arrived and what did not, in one list.
    const query = { limit: PAGE_SIZE, after, page_id: pageId };
    const { items, next } = await this.#page(ctx, endpoint, callbackRecord, call, query);
    // One odd entry may be passed over; where all are odd, this is not the log.
    if (items.length > 0 && items.every((item) => item === null)) {
      throw new AtsAnswerUnreadableError(ATS, `the request to ${call.action}`, 'none of it is a request', NO_EFFECT);
    }
    const isSame = next === undefined || next === pageId;
    return { callbacks: items, ...(isSame ? {} : { next }) };
  }

  /** Sends what is about one subscription: a 404 is believed to SmartRecruiters alone. */
  async #send(
    ctx: CallContext,
    method: 'POST' | 'PUT' | 'DELETE',
    endpoint: Endpoint,
    call: CallDescription,
    parts: RequestParts,
  ): Promise<HttpResponse> {
    const response = await this.api.send(ctx, method, endpoint, parts);
    if (response.status === 404) this.api.missing(response, call);
    return response;
  }

  /** One page of a list that is a bare array (sheet §12, CONFIRMED). */
  async #page<Item extends z.ZodType>(
    ctx: CallContext,
    endpoint: Endpoint,
    item: Item,
    call: CallDescription,
    query: HttpRequest['query'],
  ): Promise<{ readonly items: readonly z.output<Item>[]; readonly next: string | undefined }> {
    const response = await this.api.read(ctx, endpoint, call, query);
    return { items: readAnswer(response, z.array(item), call), next: nextPageOf(response) };
  }
}

/**
 * The cursor of the next page: a bare array has no room for one, so that it is in the `Link` header, as it is for every list
 * (SmartRecruiters sheet §3, CONFIRMED; for these lists INFERRED).
 */
function nextPageOf({ headers }: HttpResponse): string | undefined {
  const [, target] = /<([^>]*)>\s*;[^,<]*\brel="?next\b/i.exec(headers['link'] ?? '') ?? [];
  if (target === undefined || !URL.canParse(target, 'https://smartrecruiters.invalid')) return undefined;
  return new URL(target, 'https://smartrecruiters.invalid').searchParams.get('page_id') || undefined;
}

function describeOne(action: string, remoteId: string): CallDescription {
  return { ...describe(action), record: { type: 'webhook subscription', remoteId } };
}
