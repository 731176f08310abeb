import { AtsAnswerUnreadableError, type CallContext, type HttpResponse, readAnswer } from '@talentbridge/contracts';
import type { z } from 'zod';
import type { ApiFamily } from './api-family.js';
import { type ApiCall, queryOf, requestFor } from './requests.js';
import type { LinkedInSession } from './session.js';
import { ATS, failure, isSuccess } from './vendor-errors.js';
import { anyPage } from './vendor-records.js';

/** How many elements of a list come at once: the most that the sheet's samples ask for (LinkedIn sheet §7). */
const PAGE_SIZE = 100;

/** The customer whom everything is about. */
export interface Customer {
  /** The public id of their application. */
  readonly clientId: string;
  readonly organization: string;
  readonly contract: string;
  /** Stands in for the page of a job that the ATS has none of. */
  readonly careersUrl?: string;
}

/** What a list is asked for. */
export interface ListCall {
  readonly resource: string;
  /** Beside `start` and `count`. */
  readonly parameters: Readonly<Record<string, string | number | readonly string[]>>;
  /** What was tried, as a phrase: "list seats". */
  readonly action: string;
  readonly lane?: string;
  /** As the last page gave it. Absent: the first page. */
  readonly cursor?: string | undefined;
  /** How much of a page the next one repeats. Default 0. */
  readonly overlap?: number;
}

/** A page of a list. */
export interface ListPage<Element> {
  readonly elements: readonly Element[];
  /** Absent: it was the last one. */
  readonly cursor?: string;
}

/** LinkedIn's API for one customer. */
export class LinkedInApi {
  constructor(
    private readonly session: LinkedInSession,
    readonly customer: Customer,
    readonly family: ApiFamily,
  ) {}

  /** Proves that LinkedIn knows the application. @throws CredentialsRejectedError */
  signIn(ctx: CallContext): Promise<void> {
    return this.session.signIn(ctx);
  }

  /** Sends a call. Every status is the caller's business but 429, which is thrown. */
  send(ctx: CallContext, call: ApiCall): Promise<HttpResponse> {
    return this.session.send(ctx, requestFor(this.family, call));
  }

  /** Sends a call whose answer must be a success, and reads it. */
  async read<Schema extends z.ZodType>(
    ctx: CallContext,
    call: ApiCall,
    schema: Schema,
    action: string,
  ): Promise<z.output<Schema>> {
    const response = await this.send(ctx, call);
    if (!isSuccess(response)) throw failure(response, action);
    return readAnswer(response, schema, { atsName: ATS, action });
  }

  /** One page of a list (LinkedIn sheet §7). Elements that cannot be read are left out. */
  async list<Schema extends z.ZodType>(
    ctx: CallContext,
    { resource, parameters, action, lane, cursor, overlap = 0 }: ListCall,
    element: Schema,
  ): Promise<ListPage<z.output<Schema>>> {
    const start = startOf(cursor);
    const query = queryOf({ ...parameters, start, count: PAGE_SIZE });
    const call: ApiCall = { method: 'GET', resource, query, ...(lane === undefined ? {} : { lane }) };
    const { elements: answered } = await this.read(ctx, call, anyPage, action);
    // One element that cannot be read must not hold up all others for ever; if none can, the list is another one than we know.
    const elements = answered.flatMap((one) => element.safeParse(one).data ?? []);
    if (answered.length > 0 && elements.length === 0) {
      throw new AtsAnswerUnreadableError(ATS, `the request to ${action}`, 'none of its elements can be read');
    }
    // Fewer than asked for: that was the end. Links to a next page are not promised.
    const isLast = answered.length < PAGE_SIZE;
    return { elements, ...(isLast ? {} : { cursor: String(start + PAGE_SIZE - overlap) }) };
  }
}

/** A cursor is the number of elements that came before. Anything else is none of ours: then from the beginning. */
function startOf(cursor: string | undefined): number {
  return cursor !== undefined && /^\d{1,12}$/.test(cursor) ? Number(cursor) : 0;
}
