import type { WebhookEngine } from './webhook-engine.js';

/** What is shown of webhooks: no keys, and of addresses no more than where they lead. */
export interface WebhookState {
  readonly subscriptions: readonly {
    readonly account: string;
    readonly id: string;
    readonly host: string;
    readonly events: readonly string[];
    readonly status: string;
    readonly keys: number;
    readonly delivered: number;
    readonly failed: number;
  }[];
  readonly totals: WebhookEngine['totals'] & { readonly pending: number; readonly waiting: number };
}

/** What is shown of webhooks. */
export function webhookState(engine: WebhookEngine, now: number): WebhookState {
  return {
    subscriptions: engine.subscriptions().map((subscription) => {
      const { account, id, callbackUrl, events, status, delivered, failed } = subscription;
      const keys = subscription.liveKeys(now);
      return { account, id, host: new URL(callbackUrl).host, events, status, keys, delivered, failed };
    }),
    totals: { ...engine.totals, pending: engine.pending, waiting: engine.waiting },
  };
}
