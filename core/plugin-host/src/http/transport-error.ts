import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';

/**
 * What went wrong on the wire, as the cause of an error of the hub. A copy with the message and the code alone: undici
 * hangs pieces of the answer onto some of its errors, and those may hold anything.
 */
export class TransportError extends Error {
  constructor(
    message: string,
    /** Node's or undici's own, such as `ECONNREFUSED`. */
    readonly code: string,
  ) {
    super(message);
    this.name = 'TransportError';
  }
}

/** The part of a failure on the wire that is fit to be kept. */
export function transportError(cause: Error, secrets: SecretPlaceholders): TransportError {
  return new TransportError(secrets.redact(firstOf(cause).message), transportCode(cause));
}

/** Node's or undici's code for a failure; `CONNECTION_LOST` when there is none. */
export function transportCode(cause: Error | undefined): string {
  if (cause === undefined) return 'CONNECTION_LOST';
  const error = firstOf(cause);
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'CONNECTION_LOST';
}

/** A host with several addresses fails with one error for each, and the whole has no message of its own. */
function firstOf(error: Error): Error {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? first : error;
}
