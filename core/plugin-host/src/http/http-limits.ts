/** How much a vendor's answer may cost us. */
export interface HttpLimits {
  /** Most bytes of an answer when the request does not say, on the wire and unpacked alike. */
  readonly maxResponseBytes: number;
  /** The most that a request can ask to take; more is cut to it. */
  readonly hardMaxResponseBytes: number;
  /** Most levels of arrays and objects in each other. */
  readonly maxJsonDepth: number;
  /** How long to wait for an answer when the request does not say, in milliseconds. */
  readonly timeoutMs: number;
  /** The longest that a request can ask us to wait, in milliseconds; more is cut to it. */
  readonly maxTimeoutMs: number;
  /** How long to wait for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
}

/** What the contracts promise to plugins. */
export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  maxResponseBytes: 10 * 1024 * 1024,
  // A file of 25 MiB in base64, with some JSON around it.
  hardMaxResponseBytes: 36 * 1024 * 1024,
  maxJsonDepth: 64,
  timeoutMs: 30_000,
  maxTimeoutMs: 120_000,
  connectTimeoutMs: 10_000,
};
