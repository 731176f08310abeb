/** `closed`: requests go out. `open`: the vendor is down, and only a probe goes out now and then. */
export type CircuitState = 'closed' | 'open';

/** Spares a vendor that is down, and whoever waits for it. One per connection. A port: it may be shared by processes. */
export interface CircuitBreaker {
  readonly state: CircuitState;
  /** While open: no probe can be due yet, so that nobody needs to wait for a turn and then ask. */
  readonly sparing: boolean;
  /** While open: whether a request may go out now. `true` makes it the probe. Not asked while closed. */
  admit(): Promise<boolean>;
  /** The vendor answered, be it with a refusal. */
  succeeded(): void;
  /** No answer came, or a gateway answered in the vendor's place (502, 503, 504). */
  failed(): void;
  /** Nobody will ask any more. Absent: there is nothing to end. */
  close?(): Promise<void>;
}
