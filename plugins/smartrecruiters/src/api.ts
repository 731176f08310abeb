import {
  AtsAnswerUnreadableError,
  type CallContext,
  type CallDescription,
  failureOf,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type HubError,
  type Secret,
} from '@talentbridge/contracts';
import { refusalCodes } from './vendor-errors.js';

/** What SmartRecruiters is called in messages. */
export const ATS = 'SmartRecruiters';

/** SmartRecruiters may work on a request for 128 s (sheet §13, SECONDARY); this is the longest that the hub waits. */
const TIMEOUT_MS = 120_000;

/** How to reach one account. */
export interface SmartRecruitersAccess {
  readonly smartToken: Secret;
  readonly host: string;
}

/** A path, with the template that SmartRecruiters counts its requests by. */
export interface Endpoint {
  readonly template: string;
  readonly path: string;
}

/** What a request is made of beside where it goes. */
export type RequestParts = Pick<HttpRequest, 'query' | 'body' | 'repeatable' | 'secretsAt' | 'answer' | 'maxBytes'>;

/** Fills a template: `/jobs/{jobId}` with the ids in order. */
export function at(template: string, ...ids: readonly string[]): Endpoint {
  const rest = [...ids];
  return { template, path: template.replace(/\{\w+\}/g, () => encodeURIComponent(rest.shift() ?? '')) };
}

/** Requests to SmartRecruiters' API, and what its answers mean by their status. Throws the errors of the contracts. */
export class SmartRecruitersApi {
  constructor(
    private readonly http: HttpClient,
    private readonly access: SmartRecruitersAccess,
  ) {}

  /** Where the account is, as `https://host`. */
  get base(): string {
    return `https://${this.access.host}`;
  }

  /** Every request names its endpoint as lane. The token travels in a header of its own (sheet §1, CONFIRMED). */
  send(
    ctx: CallContext,
    method: HttpRequest['method'],
    { template, path }: Endpoint,
    rest: RequestParts = {},
    accept = 'application/json',
  ): Promise<HttpResponse> {
    return this.http.send(ctx, {
      method,
      url: `${this.base}${path}`,
      headers: { accept, 'x-smarttoken': this.access.smartToken },
      lane: `${method} ${template}`,
      timeoutMs: TIMEOUT_MS,
      ...rest,
    });
  }

  /** Sends a GET that must succeed. */
  async read(
    ctx: CallContext,
    endpoint: Endpoint,
    call: CallDescription,
    query: HttpRequest['query'] = {},
  ): Promise<HttpResponse> {
    return this.successful(await this.send(ctx, 'GET', endpoint, { query }), call);
  }

  /** The answer, when it is a success. */
  successful(response: HttpResponse, call: CallDescription): HttpResponse {
    if (isSuccess(response)) return response;
    throw this.failure(response, call);
  }

  /**
   * `undefined`, when it is SmartRecruiters itself that says 404. A gateway that has lost its way says so too, and a record must
   * not be taken for deleted by that. SmartRecruiters answers JSON, and counts in every answer (sheet §13 and §14, CONFIRMED).
   */
  missing({ json, headers }: HttpResponse, call: CallDescription): undefined {
    if ((typeof json === 'object' && json !== null) || 'x-ratelimit-limit' in headers) return undefined;
    const reason = 'it answered 404, and not as SmartRecruiters does';
    throw new AtsAnswerUnreadableError(ATS, `the request to ${call.action}`, reason, { effect: 'none' });
  }

  /** The error that an answer stands for, with SmartRecruiters' codes. */
  failure(response: HttpResponse, call: CallDescription): HubError {
    return failureOf(response, call, refusalCodes(response));
  }
}

/** A call, for messages: `list jobs`. What it is `about` is refused when the call is. */
export function describe(action: string, about?: CallDescription['about']): CallDescription {
  return { atsName: ATS, action, ...(about && { about }) };
}

/** Whether the answer is a success. */
export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** The codes of a refusal, or its status where it gives none. */
export function codesOf(response: HttpResponse): string {
  return refusalCodes(response) ?? `it answered ${response.status}`;
}
