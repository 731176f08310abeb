/** `closed`: requests go out. `open`: the vendor is down, and only a probe goes out now and then. */
export type CircuitState = 'closed' | 'open';

/** Spares a vendor that is down, and whoever waits for it. One per connection. */
export interface CircuitBreaker {
  readonly state: CircuitState;
  /** Whether a request may go out now. While open, `true` makes this request the probe. */
  admit(): boolean;
  /** The vendor answered, be it with a refusal. */
  succeeded(): void;
  /** No answer came, or a gateway answered in the vendor's place (502, 503, 504). */
  failed(): void;
}
