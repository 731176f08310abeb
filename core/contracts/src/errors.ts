/**
 * Who acts next. What the hub does after a failure follows from this word alone.
 *
 * - `retry`: the hub, later, with back-off
 * - `reconnect`: an admin, who mends credentials or permissions; the connection turns to "needs attention"
 * - `skip`: nobody: this record is refused, the rest goes on
 * - `fix`: a developer: a promise was broken; masked from clients
 */
export type Recovery = 'retry' | 'reconnect' | 'skip' | 'fix';

/**
 * What the failed call may have done at the vendor.
 *
 * - `none`: certainly nothing was written
 * - `unknown`: the vendor never said; ask before sending again
 */
export type Effect = 'none' | 'unknown';

/** Options that every error of the hub takes. */
export interface HubErrorOptions extends ErrorOptions {
  /** Default: `none`, except where the class says otherwise. */
  readonly effect?: Effect;
}

/**
 * The root of all errors that cross the border between a plugin and the hub.
 *
 * The message says what happened, to which thing, and what to do next. It never holds a credential or personal data,
 * and neither does `cause` by the time it is logged.
 */
export abstract class HubError extends Error {
  /** Stable, in upper case, listed in schema/README.md. Compare this rather than the class: two copies can be loaded. */
  abstract readonly code: string;
  abstract readonly recovery: Recovery;
  readonly effect: Effect;

  constructor(message: string, options: HubErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.effect = options.effect ?? 'none';
  }
}

/** Whether a thrown value is an error of the hub, whichever copy of this package made it. */
export function isHubError(error: unknown): error is HubError {
  return (
    error instanceof Error &&
    typeof (error as Partial<HubError>).code === 'string' &&
    typeof (error as Partial<HubError>).recovery === 'string' &&
    typeof (error as Partial<HubError>).effect === 'string'
  );
}

/** The ATS does not know the credentials, or knows them no more. */
export class CredentialsRejectedError extends HubError {
  readonly code = 'ATS_CREDENTIALS_REJECTED';
  readonly recovery = 'reconnect';

  /** @param reason The vendor's own words, already free of secrets. */
  constructor(
    readonly atsName: string,
    readonly reason?: string,
    options?: HubErrorOptions,
  ) {
    super(
      `${atsName} does not accept these credentials${reason ? ` (${reason})` : ''}. Enter current ones and verify again.`,
      options,
    );
  }
}

/** The ATS knows the credentials but refuses this action to them. */
export class PermissionMissingError extends HubError {
  readonly code = 'ATS_PERMISSION_MISSING';
  readonly recovery = 'reconnect';

  /** @param action What was refused, as a phrase: "list jobs". */
  constructor(
    readonly atsName: string,
    readonly action: string,
    readonly reason?: string,
    options?: HubErrorOptions,
  ) {
    super(
      `${atsName} does not allow these credentials to ${action}${reason ? ` (${reason})` : ''}. Grant the permission in ${atsName} and verify again.`,
      options,
    );
  }
}

/** The ATS asks for a slower pace. The call did nothing. */
export class AtsRateLimitedError extends HubError {
  readonly code = 'ATS_RATE_LIMITED';
  readonly recovery = 'retry';

  /** @param retryAfterMs How long to wait, in milliseconds; absent when the ATS did not say. */
  constructor(
    readonly atsName: string,
    readonly retryAfterMs?: number,
    options?: HubErrorOptions,
  ) {
    super(
      retryAfterMs === undefined
        ? `${atsName} asks for a slower pace. The call is repeated later.`
        : `${atsName} asks for a slower pace. The call is repeated in ${waitInWords(retryAfterMs)}.`,
      options,
    );
  }
}

/** A time as people say it: `12 s`, `3 min`, `5 h 20 min`. */
function waitInWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** No usable answer came: connection refused or lost, time-out, a 5xx. A write may or may not have happened. */
export class AtsUnavailableError extends HubError {
  readonly code = 'ATS_UNAVAILABLE';
  readonly recovery = 'retry';

  /** @param reason What was seen, as a phrase: "answered 503", "did not answer within 30 s". */
  constructor(
    readonly atsName: string,
    readonly reason: string,
    options?: HubErrorOptions,
  ) {
    super(`${atsName} ${reason}. It is tried again later; nothing needs to be done.`, {
      effect: 'unknown',
      ...options,
    });
  }
}

/** The answer is not what the ATS documents: an HTML page, cut off, too large, of another shape. */
export class AtsAnswerUnreadableError extends HubError {
  readonly code = 'ATS_ANSWER_UNREADABLE';
  readonly recovery = 'retry';

  /** @param what Which answer, as a phrase: "the list of jobs". */
  constructor(
    readonly atsName: string,
    readonly what: string,
    readonly reason: string,
    options?: HubErrorOptions,
  ) {
    super(`${atsName} sent something unreadable for ${what}: ${reason}. It is tried again later.`, {
      effect: 'unknown',
      ...options,
    });
  }
}

/** The answer is larger than the plugin takes: a file that is no use, while the rest goes on. */
export class AtsAnswerTooLargeError extends HubError {
  readonly code = 'ATS_ANSWER_TOO_LARGE';
  readonly recovery = 'skip';

  /**
   * @param what Which answer, as a phrase: "a résumé".
   * @param maxBytes What it may have at most.
   */
  constructor(
    readonly atsName: string,
    readonly what: string,
    readonly maxBytes: number,
    options?: HubErrorOptions,
  ) {
    super(
      `${atsName} sent more than ${maxBytes} bytes for ${what}. It is left out; look at it in ${atsName}.`,
      options,
    );
  }
}

/**
 * The ATS refuses a request that is about no candidate and no webhook: it does not serve it as the plugin's author
 * believed.
 */
export class RequestRefusedError extends HubError {
  readonly code = 'ATS_REQUEST_REFUSED';
  readonly recovery = 'fix';

  /**
   * @param action What was refused, as a phrase: "list jobs".
   * @param reason The vendor's, without personal data: "it answered 400".
   */
  constructor(
    readonly atsName: string,
    readonly action: string,
    readonly reason: string,
    options?: HubErrorOptions,
  ) {
    super(`${atsName} refuses the request to ${action}: ${reason}. Report this to the author of its plugin.`, options);
  }
}

/** The ATS refuses a webhook subscription, or could not reach the callback address. Polling goes on without it. */
export class WebhookRefusedError extends HubError {
  readonly code = 'WEBHOOK_REFUSED';
  readonly recovery = 'reconnect';

  /** @param reason What the ATS says, or was seen to do, as a clause: "it could not reach the callback address". */
  constructor(
    readonly atsName: string,
    readonly reason: string,
    options?: HubErrorOptions,
  ) {
    super(
      `${atsName} refuses the webhook: ${reason}. Check that the hub's public address can be reached from the Internet, over HTTPS and with a valid certificate, then verify again.`,
      options,
    );
  }
}

/** The ATS refuses this one candidate; the others go on. */
export class CandidateRejectedError extends HubError {
  readonly code = 'CANDIDATE_REJECTED';
  readonly recovery = 'skip';

  /**
   * @param reason The vendor's reason, without personal data.
   * @param field The field it is about, where the ATS says.
   */
  constructor(
    readonly atsName: string,
    readonly reason: string,
    readonly field?: string,
    options?: HubErrorOptions,
  ) {
    super(
      `${atsName} refused the candidate: ${reason}. Mend the profile or the set-up in ${atsName}, then retry this item.`,
      options,
    );
  }
}

/** The job is unknown to the ATS or takes no candidates (closed, filled, on hold). */
export class JobNotOpenError extends HubError {
  readonly code = 'JOB_NOT_OPEN';
  readonly recovery = 'skip';

  constructor(
    readonly atsName: string,
    readonly jobRemoteId: string,
    readonly reason?: string,
    options?: HubErrorOptions,
  ) {
    super(
      `${atsName} takes no candidates for job ${jobRemoteId}${reason ? ` (${reason})` : ''}. Choose another job from the list.`,
      options,
    );
  }
}

/** A record that was asked for by its id is not there. */
export class RecordNotFoundError extends HubError {
  readonly code = 'ATS_RECORD_NOT_FOUND';
  readonly recovery = 'skip';

  constructor(
    readonly atsName: string,
    readonly recordType: string,
    readonly remoteId: string,
    options?: HubErrorOptions,
  ) {
    super(`${atsName} has no ${recordType} ${remoteId}. It may have been deleted or merged there.`, options);
  }
}

/** A plugin asked for something that its manifest or the contract does not allow, or broke a promise of the contract. */
export class PluginFaultError extends HubError {
  readonly code = 'PLUGIN_FAULT';
  readonly recovery = 'fix';

  constructor(
    readonly pluginId: string,
    readonly fault: string,
    options?: HubErrorOptions,
  ) {
    super(`Plugin ${pluginId} ${fault}. Report this to its author.`, options);
  }
}
