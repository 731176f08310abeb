/** How webhooks are kept. */
export interface WebhookSettings {
  /** Time between two looks at what the ATS has, give or take a fifth. Default one hour. */
  readonly tendEveryMs: number;
  /** A key that signs deliveries is replaced after this time, where the ATS can. Default 90 days. */
  readonly rotateSecretAfterMs: number;
  /** How long events are kept after they were seen to, and how far back the log of an ATS is read. Default 30 days. */
  readonly keepEventsMs: number;
  /** How much of the log is read again each time, because clocks differ and logs are late. Default 10 minutes. */
  readonly logOverlapMs: number;
  /** How long a process believes what it knows of a subscription. Default one second. */
  readonly believeMs: number;
}

/** A look every hour, a new key every 90 days. */
export const defaultWebhookSettings: WebhookSettings = {
  tendEveryMs: 3_600_000,
  rotateSecretAfterMs: 90 * 86_400_000,
  keepEventsMs: 30 * 86_400_000,
  logOverlapMs: 600_000,
  believeMs: 1_000,
};
