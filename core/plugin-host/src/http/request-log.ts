import type { HttpRequest } from '@talentbridge/contracts';

/** One request as it may be kept and shown to an admin: never a header, a body or a query value. */
export interface RequestLogEntry {
  /** The call of the plugin that it belongs to. */
  readonly callId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly method: HttpRequest['method'];
  readonly host: string;
  /** With the vendor's ids, without secrets and email addresses. */
  readonly path: string;
  readonly queryNames: readonly string[];
  /** Absent when the request named none. */
  readonly lane?: string;
  /** 1 for the first try. A redirect that is followed is an entry of its own within the same try. */
  readonly attempt: number;
  readonly durationMs: number;
  /** Absent when no answer came. */
  readonly status?: number;
  /** Size of the answer on the wire. */
  readonly bytes: number;
  /** Why no answer came, such as `ECONNREFUSED` or `TIMEOUT`. */
  readonly errorCode?: string;
}

/** Where the requests of a connection are noted down. */
export interface RequestLog {
  /** Must not throw and returns at once: it stands in the way of every request. */
  record(entry: RequestLogEntry): void;
}
