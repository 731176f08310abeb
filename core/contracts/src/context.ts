/** What the hub hands to a plugin with every call. Pass it on to the HTTP client. */
export interface CallContext {
  /** Names this call in logs and in the request log. */
  readonly callId: string;
  /** When the hub stops waiting, in milliseconds since the epoch. The HTTP client enforces it. */
  readonly deadline: number;
}
