/**
 * - `interactive`: a person looks at the screen
 * - `work`: an order is carried out, such as an export
 * - `background`: nobody waits, such as a crawl
 */
export type Urgency = 'interactive' | 'work' | 'background';

/** What the hub hands to a plugin with every call. Pass it on to the HTTP client. */
export interface CallContext {
  /** Names this call in logs and in the request log. */
  readonly callId: string;
  /** When the hub stops waiting, in milliseconds since the epoch. The HTTP client enforces it. */
  readonly deadline: number;
  /** Who waits for the answer: where calls are scarce, the more urgent go first. Absent: `work`. */
  readonly urgency?: Urgency;
}
