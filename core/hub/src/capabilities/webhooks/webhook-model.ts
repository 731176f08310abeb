/** The topic under which changes of a connection's subscription are announced, by the id of the connection. */
export const WEBHOOKS_TOPIC = 'webhooks';

/** The job that makes, watches and removes the subscription of a connection. */
export const TEND_TASK = 'webhooks.tend';

/** The job that sees to the events of a connection that have arrived. */
export const PROCESS_TASK = 'webhooks.process';

/**
 * Whether an ATS tells what changes.
 *
 * - `ACTIVE`: it does
 * - `PENDING`: it is being arranged, or is tried again by itself; `reason` says what went wrong
 * - `NOT_SET_UP`: it cannot be arranged; `reason` says why, and it is tried again every hour
 * - `PAUSED`: the connection cannot be used now; events that arrive wait until it can
 */
export const WEBHOOK_STATUSES = ['ACTIVE', 'PENDING', 'NOT_SET_UP', 'PAUSED'] as const;

/** Whether an ATS tells what changes. */
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

/** How the webhooks of a connection stand. */
export interface WebhookState {
  readonly connectionId: string;
  readonly status: WebhookStatus;
  /** For people. */
  readonly reason: string | null;
  /** The ATS's names of the events that it was asked for; empty while there is no subscription. */
  readonly events: readonly string[];
  /** When the last event arrived. */
  readonly lastEventAt: Date | null;
  /** Events that have arrived and were not seen to yet. */
  readonly waiting: number;
  /** When the subscription was last found as it should be. */
  readonly checkedAt: Date | null;
}
