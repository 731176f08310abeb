import {
  type CallContext,
  type HubError,
  isHubError,
  type WebhookSubscription,
  type WebhooksCapability,
} from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import { callContext } from '../../kernel/call-context.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { tokenIn } from './callback-token.js';
import type { StoredSubscription, SubscriptionStore } from './subscription-store.js';

const CALL_LIMIT_MS = 60_000;
/** After a call of the ATS began, somebody is busy there for so long at most, in milliseconds. */
export const TENDED_MS = CALL_LIMIT_MS + 15_000;

/** A connection whose ATS is asked about its subscriptions. */
export interface AskedConnection {
  readonly scope: OrganizationScope;
  readonly connectionId: string;
  readonly opened: OpenedConnection;
  readonly capability: WebhooksCapability;
}

/** What the ATS has of a connection. */
export interface OurSubscriptions {
  readonly ours: readonly WebhookSubscription[];
  /** The id of the stored subscription that one of the ATS belongs to. */
  readonly mine: (subscription: WebhookSubscription) => string | undefined;
}

/** The subscriptions as they are at the ATS: which of them are ours, and how they go. */
export class VendorSubscriptions {
  constructor(private readonly store: SubscriptionStore) {}

  /** What the ATS has of ours: by the tokens in the callback URLs, also those that this organization had given up. */
  async ours(asked: AskedConnection, known: readonly StoredSubscription[]): Promise<OurSubscriptions> {
    const { scope, opened, capability } = asked;
    const placeholders = known.map((each) => ({ id: each.id, placeholder: conceal(opened, each) }));
    const listed = await capability.list(await this.call(asked));
    const mine = ({ callbackUrl: url }: WebhookSubscription): string | undefined =>
      placeholders.find(({ placeholder }) => url.includes(placeholder))?.id;
    // What this process gave up a while ago still comes with a placeholder.
    const tokenOf = ({ callbackUrl: url }: WebhookSubscription) => tokenIn(opened.secrets.reveal(url));
    const tokens = listed.flatMap((each) => tokenOf(each) ?? []);
    const given = await scope.transaction((tx) => this.store.removedAmong(tx, tokens));
    const ours = listed.filter((each) => mine(each) !== undefined || given.has(tokenOf(each) ?? ''));
    return { ours, mine };
  }

  /** Removes one. @returns Why it could not be; `undefined`: it is not there any more. */
  async remove(asked: AskedConnection, remoteId: string): Promise<HubError | undefined> {
    try {
      await asked.capability.unsubscribe(await this.call(asked), remoteId);
      return undefined;
    } catch (error) {
      if (!isHubError(error)) throw error;
      return error.code === 'ATS_RECORD_NOT_FOUND' ? undefined : error;
    }
  }

  /**
   * Removes what was made for a token a moment ago, as far as it is still there: an address that is a setting may be that of somebody
   * else by now, under the same id. What is left is cleared away by the next look.
   */
  async withdraw(asked: AskedConnection, token: string): Promise<void> {
    const placeholder = asked.opened.secrets.conceal('webhook', token);
    try {
      for (const { callbackUrl: url, remoteId } of await asked.capability.list(await this.call(asked))) {
        if (url.includes(placeholder)) await this.remove(asked, remoteId);
      }
    } catch (error) {
      if (!isHubError(error)) throw error;
    }
  }

  /** The context of the next call, after saying that somebody is busy at the ATS. */
  async call({ scope, connectionId }: Pick<AskedConnection, 'scope' | 'connectionId'>): Promise<CallContext> {
    await scope.transaction((tx) =>
      tx.rows(
        `update talentbridge.webhook_state s set tended_until = clock_timestamp() + ${TENDED_MS} * interval '1 millisecond'
         where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId],
      ),
    );
    return callContext('background', CALL_LIMIT_MS);
  }
}

/** The placeholder of a subscription's token, with which it shows in no log or error; its keys are hidden with it. */
function conceal(opened: OpenedConnection, { token, secret, replaced }: StoredSubscription): string {
  if (secret !== undefined) opened.secrets.conceal('webhookKey', secret);
  if (replaced !== undefined) opened.secrets.conceal('webhookKey', replaced);
  return opened.secrets.conceal('webhook', token);
}
