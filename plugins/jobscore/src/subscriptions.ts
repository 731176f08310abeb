import { type CallContext, PermissionMissingError, readAnswer } from '@talentbridge/contracts';
import { ATS, describe, isSuccess, type JobScoreApi } from './api.js';
import { unlessNotFound } from './reader.js';
import { createdRecord, type JobScoreSubscription, subscriptionRecord } from './vendor-records.js';

/** An account without webhooks answers 404, as it does for any list that it does not have (JobScore sheet §9a). */
const WEBHOOKS = { type: 'list of', remoteId: 'webhooks' } as const;
const LISTING = { path: '/webhooks', item: subscriptionRecord, call: describe('list webhooks', WEBHOOKS) } as const;

/** What Webhooks asks of JobScore. Every method throws the errors of the contracts. */
export class JobScoreSubscriptions {
  constructor(private readonly api: JobScoreApi) {}

  /** Whether the key may list webhooks; `false`: the account has none at all. */
  async areOffered(ctx: CallContext): Promise<boolean> {
    return (await unlessNotFound(this.api.page(ctx, LISTING, 1, 1))) !== undefined;
  }

  /**
   * Every webhook of the account: `GET /webhooks` (JobScore sheet §7, SECONDARY).
   * @throws PermissionMissingError also when the account has no webhooks at all.
   */
  list(ctx: CallContext): Promise<readonly JobScoreSubscription[]> {
    return offered(this.api.all(ctx, LISTING));
  }

  /**
   * Makes a webhook: `POST /webhooks` (JobScore sheet §7, SECONDARY). It delivers from then on.
   * @throws PermissionMissingError also when the account has no webhooks at all.
   * @throws WebhookRefusedError
   */
  create(ctx: CallContext, targetUrl: string, eventTypes: readonly string[]): Promise<{ readonly id: string }> {
    return offered(this.#post(ctx, targetUrl, eventTypes));
  }

  /**
   * Removes a webhook: `DELETE /webhooks/{id}` (JobScore sheet §7, SECONDARY).
   * @throws RecordNotFoundError
   */
  async remove(ctx: CallContext, id: string): Promise<void> {
    const call = describe('remove webhooks', { type: 'webhook', remoteId: id });
    const response = await this.api.delete(ctx, `/webhooks/${encodeURIComponent(id)}`);
    if (!isSuccess(response)) throw this.api.failure(response, call);
  }

  async #post(ctx: CallContext, targetUrl: string, eventTypes: readonly string[]): Promise<{ readonly id: string }> {
    const call = { ...describe('make webhooks', WEBHOOKS), about: 'webhook' } as const;
    const response = await this.api.post(ctx, '/webhooks', {
      json: { target_url: targetUrl, event_types: eventTypes },
    });
    if (!isSuccess(response)) throw this.api.failure(response, call);
    return readAnswer(response, createdRecord, call);
  }
}

async function offered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const answer = await unlessNotFound(asked);
  if (answer === undefined) throw new PermissionMissingError(ATS, 'use webhooks', 'the account has none');
  return answer;
}
