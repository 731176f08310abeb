/**
 * Why the embedded PostgreSQL is not there.
 *
 * - `ALREADY_RUNNING`: another live process serves this data directory
 * - `DIRECTORY_UNUSABLE`: the data directory, or the account to run the server as, cannot be used
 * - `START_FAILED`: there are no programs for this platform, or they failed; their own words are in the message
 */
export type EmbeddedPostgresFailure = 'ALREADY_RUNNING' | 'DIRECTORY_UNUSABLE' | 'START_FAILED';

/** The embedded PostgreSQL cannot be started. The message says what happened and what the operator can do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
