import type { CallContext } from './context.js';
import type { Effect } from './errors.js';
import type { Secret } from './secret.js';

/** A value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One part of a multipart body: a plain value, or a file when it has a `filename`. */
export interface MultipartPart {
  readonly name: string;
  readonly value: string | Uint8Array;
  readonly filename?: string;
  /** Default: `text/plain` for a string, `application/octet-stream` for bytes. */
  readonly contentType?: string;
}

/** The body of a request, by its encoding. The client sets the content type. */
export type HttpBody =
  | { readonly json: JsonValue }
  | { readonly form: Readonly<Record<string, string>> }
  | { readonly multipart: readonly MultipartPart[] }
  | { readonly bytes: Uint8Array; readonly contentType: string };

/** What a plugin asks the vendor. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, HTTPS, on a host of the plugin's manifest. Build paths with `encodeURIComponent`. */
  readonly url: string;
  /** Appended to the URL; `undefined` values are left out, arrays repeat the name. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined | readonly (string | number)[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** HTTP Basic, encoded by the client because the plugin cannot see the secret. */
  readonly basic?: { readonly username: Secret | string; readonly password: Secret | string };
  readonly body?: HttpBody;
  /**
   * Nothing is written, whatever the method: a search by POST, a sign-in. Silence or a 5xx then leaves nothing open.
   * Default: a GET reads, anything else may write.
   */
  readonly reads?: true;
  /**
   * Sending the request twice does no more than sending it once, so that the client may repeat it after silence.
   * Default: `true` for what reads, otherwise `false`.
   */
  readonly repeatable?: boolean;
  /** What the ATS counts this request with, where the plugin's `pace` has lanes: one name per endpoint, for example. */
  readonly lane?: string;
  /** Milliseconds until the client gives up. Default 30,000; at most 120,000. */
  readonly timeoutMs?: number;
  /**
   * Most bytes of the answer, on the wire and unpacked alike. Default 10 MiB; at most 36 MiB, in which 25 MiB go as base64.
   * For what reads alone: what is larger is skipped.
   */
  readonly maxBytes?: number;
  /**
   * `bytes`: the body of a success arrives as `bytes`, whatever type the vendor gives it: a file is never decoded, nor is
   * anything in it concealed. A refusal is read as ever. Default: the content type decides.
   */
  readonly answer?: 'bytes';
  /**
   * JSON pointers (RFC 6901) to string values of the answer that are secrets, such as `/access_token`: they arrive as
   * `Secret` placeholders; the empty pointer is the whole answer, for a login that returns bare text. The client keeps them for the life of the plugin's client object.
   */
  readonly secretsAt?: readonly string[];
}

/** What the vendor answered. Every status arrives here; only the absence of an answer is thrown. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values of one name joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body when the vendor labelled it as JSON and it parses within the depth limit, otherwise `undefined`. */
  readonly json: unknown;
  /** The body as text, with any secret of this connection replaced by its placeholder. Empty for binary bodies. */
  readonly text: string;
  /** The body as bytes, for content types that are neither text nor JSON, and where the request asks for them. */
  readonly bytes?: Uint8Array;
  /** What is left open when this answer is of no use: `none` after what reads. Absent: `unknown`. */
  readonly effect?: Effect;
}

/**
 * The only way out for a plugin. Guards every call: HTTPS, hosts of the manifest, public addresses only, no redirect
 * to another host, limits on time, size and JSON depth, rate limit and circuit breaker per connection, and a redacted
 * log that an admin can read.
 */
export interface HttpClient {
  /**
   * Sends one request. Repeats it by itself only where that is safe.
   * @throws AtsUnavailableError when no answer came; `effect` is `none` when the request never left.
   * @throws AtsAnswerUnreadableError when the answer was cut off, or is larger than the client takes.
   * @throws AtsAnswerTooLargeError when it is larger than `maxBytes`.
   * @throws AtsRateLimitedError after the last allowed repetition of a 429.
   * @throws PluginFaultError when the request is not allowed (host, scheme, header).
   */
  send(ctx: CallContext, request: HttpRequest): Promise<HttpResponse>;
}
