import type { EventType, SimulatedWebhook } from './records.js';

/** What happened, for the webhooks that want to know. */
export interface Happening {
  readonly event_type: EventType;
  readonly data: Readonly<Record<string, object>>;
}

/** How an account behaves. */
export interface AccountBehaviour {
  /** Whether a change of an application, document, note or interview dates its candidate anew. */
  readonly datesByParts: boolean;
  /** Whether candidates are listed by their last change. */
  readonly newestFirst: boolean;
  /** Called with every happening, and the webhooks that want to know of it. */
  readonly tell: (webhooks: readonly SimulatedWebhook[], happening: Happening) => void;
}
