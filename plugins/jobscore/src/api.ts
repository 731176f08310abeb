import {
  type CallContext,
  type CallDescription,
  failureOf,
  type HttpBody,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type HubError,
  PermissionMissingError,
  readAnswer,
  type Secret,
} from '@talentbridge/contracts';
import { z } from 'zod';
import { readRefusal } from './vendor-errors.js';
import { pageMeta } from './vendor-records.js';

/** As errors name the vendor. */
export const ATS = 'JobScore';

/** JobScore's API, version 2: the one that can create (JobScore sheet §1, CONFIRMED). */
const BASE_URL = 'https://api.jobscore.com/v2';

/** The largest page JobScore serves (JobScore sheet §2, SECONDARY). */
export const MAX_PAGE_SIZE = 100;

/** How to act towards JobScore. */
export interface JobScoreAccess {
  readonly apiKey: Secret;
  /** Absent: as the user who made the key. */
  readonly onBehalfOfUserId: string | undefined;
}

/** What is asked of a list. */
export interface ListRequest<Item extends z.ZodType> {
  readonly path: string;
  readonly item: Item;
  readonly call: CallDescription;
  readonly query?: HttpRequest['query'];
  /** The property that holds the items. Default `items` (JobScore sheet §2, SECONDARY). */
  readonly wrapper?: 'items' | 'applications';
}

/** One page of a list. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly last: boolean;
  /** Items in all. Absent: JobScore did not count them. */
  readonly total?: number;
  /** JobScore said how many pages there are. */
  readonly counted: boolean;
  /** When JobScore answered, in milliseconds since the epoch, by its own clock. Absent: it did not say. */
  readonly answeredAt?: number;
}

/** How to read what is no list. */
interface ReadOptions extends Pick<HttpRequest, 'timeoutMs' | 'answer' | 'maxBytes'> {
  /** Default: JSON. */
  readonly accept?: string;
}

/** How to talk to JobScore: base address, headers, paging and failures. What there is to say is in the clients above it. */
export class JobScoreApi {
  constructor(
    private readonly http: HttpClient,
    private readonly access: JobScoreAccess,
  ) {}

  /** Every item of a list, over all pages, each once. */
  async all<Item extends z.ZodType<{ readonly id: string }>>(
    ctx: CallContext,
    list: ListRequest<Item>,
  ): Promise<readonly z.output<Item>[]> {
    const found = new Map<string, z.output<Item>>();
    for (let number = 1; ; number += 1) {
      const page = await this.page(ctx, list, number, MAX_PAGE_SIZE);
      const before = found.size;
      for (const item of page.items) found.set(item.id, item);
      // Uncounted pages without news mean that JobScore ignores the page number; the next one would say the same.
      if (page.last || (!page.counted && found.size === before)) return [...found.values()];
    }
  }

  /** One page of a list. Pages count from 1; the last is told by `meta`, or else by being short (JobScore sheet §2, INFERRED for v2). */
  async page<Item extends z.ZodType>(
    ctx: CallContext,
    list: ListRequest<Item>,
    number: number,
    size: number,
  ): Promise<ListPage<z.output<Item>>> {
    const query = { ...list.query, 'page[number]': number, 'page[size]': size };
    const response = await this.get(ctx, list.path, list.call, query);
    const { items, meta } = readAnswer(response, answerOf(list.item, list.wrapper ?? 'items'), list.call);
    // More items than asked for: the whole list came, whatever was asked.
    const last = items.length === 0 || (meta === undefined ? items.length !== size : number >= meta.pagination.pages);
    const total = meta?.pagination.resources;
    const answeredAt = Date.parse(response.headers['date'] ?? '');
    return {
      items,
      last,
      counted: meta !== undefined,
      ...(total === undefined ? {} : { total }),
      ...(Number.isNaN(answeredAt) ? {} : { answeredAt }),
    };
  }

  /**
   * Reads one thing; whatever is no success is thrown.
   * @param path Of the API, or a whole address.
   */
  async get(
    ctx: CallContext,
    path: string,
    call: CallDescription,
    query: HttpRequest['query'] = {},
    { accept = 'application/json', ...options }: ReadOptions = {},
  ): Promise<HttpResponse> {
    const response = await this.http.send(ctx, {
      method: 'GET',
      url: URL.canParse(path) ? path : `${BASE_URL}${path}`,
      query,
      headers: this.#headers(accept),
      ...options,
    });
    if (isSuccess(response)) return response;
    throw this.failure(response, call);
  }

  /** Sends one thing; a refusal is an answer, which `failure` puts into words. */
  post(ctx: CallContext, path: string, body: HttpBody, timeoutMs?: number): Promise<HttpResponse> {
    return this.http.send(ctx, {
      method: 'POST',
      url: `${BASE_URL}${path}`,
      headers: this.#headers('application/json'),
      body,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  /** Sets properties of one thing, so that a repetition does no more; a refusal is an answer, which `failure` puts into words. */
  patch(ctx: CallContext, path: string, body: HttpBody): Promise<HttpResponse> {
    const headers = this.#headers('application/json');
    return this.http.send(ctx, { method: 'PATCH', url: `${BASE_URL}${path}`, headers, body, repeatable: true });
  }

  /** Removes one thing; a refusal is an answer, which `failure` puts into words. */
  delete(ctx: CallContext, path: string): Promise<HttpResponse> {
    const headers = this.#headers('application/json');
    // What is removed twice is removed.
    return this.http.send(ctx, { method: 'DELETE', url: `${BASE_URL}${path}`, headers, repeatable: true });
  }

  /** An answer that is no success, as an error of the contracts. */
  failure(response: HttpResponse, call: CallDescription): HubError {
    const { reason } = readRefusal(response);
    if (response.status === 403 && this.access.onBehalfOfUserId !== undefined) {
      // That a User Key may not impersonate is INFERRED (JobScore sheet §1).
      const hint = 'the connection acts on behalf of another user, which takes an account key';
      return new PermissionMissingError(ATS, call.action, reason === undefined ? hint : `${reason}; ${hint}`);
    }
    return failureOf(response, call, reason);
  }

  /** Sent with every request (JobScore sheet §1, CONFIRMED; that a User Key travels the same way is INFERRED). */
  #headers(accept: string): Readonly<Record<string, string>> {
    const { apiKey, onBehalfOfUserId } = this.access;
    return {
      accept,
      authorization: `Token token=${apiKey}`,
      ...(onBehalfOfUserId === undefined ? {} : { 'x-on-behalf-of': onBehalfOfUserId }),
    };
  }
}

/** What a call does, for its failures. */
export function describe(action: string, record?: CallDescription['record']): CallDescription {
  return { atsName: ATS, action, ...(record === undefined ? {} : { record }) };
}

/** Whether JobScore did what was asked. */
export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

function answerOf<Item extends z.ZodType>(item: Item, wrapper: 'items' | 'applications') {
  const items = z.array(item);
  return wrapper === 'items'
    ? z.object({ items, meta: pageMeta })
    : z
        .object({ applications: items, meta: pageMeta })
        .transform(({ applications, meta }) => ({ items: applications, meta }));
}
