import {
  type CallContext,
  type CallDescription,
  CandidateRejectedError,
  failureOf,
  type HttpBody,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type HubError,
  type JsonValue,
  type Page,
  PermissionMissingError,
  PluginFaultError,
  type RemoteReference,
  type ResumeFile,
  readAnswer,
  type Secret,
} from '@talentbridge/contracts';
import { z } from 'zod';
import type { CandidateBody } from './mapping.js';
import { candidateRefusal, readRefusal } from './vendor-errors.js';
import {
  applicationRecord,
  candidateRecord,
  createdCandidate,
  createdRecord,
  documentRecord,
  type JobScoreCandidate,
  type JobScoreDocument,
  type JobScoreJob,
  jobRecord,
  namedRecord,
  pageMeta,
  userRecord,
} from './vendor-records.js';

const ATS = 'JobScore';

/** JobScore's API, version 2: the one that can create (JobScore sheet §1, CONFIRMED). */
const BASE_URL = 'https://api.jobscore.com/v2';

/** The largest page JobScore serves (JobScore sheet §2, SECONDARY). */
const MAX_PAGE_SIZE = 100;

/** Uploads carry a file; the others a few kilobytes. */
const UPLOAD_TIMEOUT_MS = 60_000;

/** How to act towards JobScore. */
export interface JobScoreAccess {
  readonly apiKey: Secret;
  /** Absent: as the user who made the key. */
  readonly onBehalfOfUserId: string | undefined;
}

/** What became of a step that JobScore may refuse without the candidate being lost. */
export type StepOutcome =
  | { readonly done: true }
  | {
      readonly done: false;
      /** JobScore's words. Absent: it gave none. */
      readonly reason?: string;
    };

/** What is asked of a list. */
interface ListRequest<Item extends z.ZodType> {
  readonly path: string;
  readonly item: Item;
  readonly call: CallDescription;
  readonly query?: HttpRequest['query'];
  /** The property that holds the items. Default `items` (JobScore sheet §2, SECONDARY). */
  readonly wrapper?: 'items' | 'applications';
}

/** One page of a list. */
interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly last: boolean;
  /** JobScore said how many pages there are. */
  readonly counted: boolean;
}

/**
 * JobScore's API as far as the plugin needs it: the only place that knows URLs, headers, paging and status codes.
 * Every method throws the errors of the contracts.
 */
export class JobScoreClient {
  constructor(
    private readonly http: HttpClient,
    private readonly access: JobScoreAccess,
  ) {}

  /** The user whose rights the key has: `GET /users/me` (JobScore sheet §4.1). */
  async me(ctx: CallContext): Promise<{ readonly id: string }> {
    const call = describe('see whose key it is');
    return readAnswer(await this.#read(ctx, '/users/me', call), userRecord, call);
  }

  /**
   * An id that stands for the account: that of its oldest user. JobScore names no account id, and the id of the user
   * who made the key would change with the key, so that everybody counted as not yet exported (INFERRED).
   * @throws PermissionMissingError when the key may not list users.
   */
  async oldestUserId(ctx: CallContext): Promise<string | undefined> {
    const users = await this.#readAll(ctx, { path: '/users', item: userRecord, call: describe('list users') });
    return oldestFirst(users)[0]?.id;
  }

  /**
   * One page of all jobs, of any status: whether `GET /jobs` can be asked for several statuses at once is not known
   * (JobScore sheet §4.2), and it cannot search.
   *
   * @param cursor What the page before answered; absent on the first.
   * @param first How many to ask for. JobScore serves at most 100.
   */
  async jobs(ctx: CallContext, cursor?: string, first?: number): Promise<Page<JobScoreJob>> {
    const { number, size } = readCursor(cursor, first);
    const page = await this.#readPage(
      ctx,
      { path: '/jobs', item: jobRecord, call: describe('list jobs') },
      number,
      size,
    );
    return page.last ? { items: page.items } : { items: page.items, cursor: writeCursor(number + 1, size) };
  }

  /** The names of all database sources: `GET /sources/databases` (JobScore sheet §4.3). */
  async databaseNames(ctx: CallContext): Promise<readonly string[]> {
    const call = describe('list database sources');
    const databases = await this.#readAll(ctx, { path: '/sources/databases', item: namedRecord, call });
    return databases.map(({ name }) => name);
  }

  /** The names of all tags: `GET /tags` (JobScore sheet §4.4). */
  async tagNames(ctx: CallContext): Promise<readonly string[]> {
    const tags = await this.#readAll(ctx, { path: '/tags', item: namedRecord, call: describe('list tags') });
    return tags.map(({ name }) => name);
  }

  /**
   * All candidates of an email address, and perhaps others: that `GET /candidates` can be filtered by `email` is
   * INFERRED (JobScore sheet §6), so the caller compares for itself.
   *
   * @param email Absent: all candidates of the account.
   */
  candidates(ctx: CallContext, email: string | undefined): Promise<readonly JobScoreCandidate[]> {
    const call = describe('list candidates');
    return this.#readAll(ctx, { path: '/candidates', item: candidateRecord, call, query: { email } });
  }

  /** Asks for each list once, for one item: proves that the key may, without reading the account. */
  async probe(
    ctx: CallContext,
    path: '/jobs' | '/sources/databases' | '/tags' | '/candidates',
    action: string,
  ): Promise<void> {
    await this.#readPage(ctx, { path, item: z.unknown(), call: describe(action) }, 1, 1);
  }

  /**
   * Creates a candidate, even when there is one with the same email address: JobScore looks for duplicates later
   * (JobScore sheet §4.5 and §6).
   * @throws CandidateRejectedError whose reason does not repeat the person.
   */
  async createCandidate(ctx: CallContext, body: CandidateBody): Promise<RemoteReference> {
    const call = describe('create candidates');
    const response = await this.#write(ctx, '/candidates', { json: body });
    if (!isSuccess(response)) {
      const failure = this.#failure(response, call);
      if (!(failure instanceof CandidateRejectedError)) throw failure;
      const { reason, field } = candidateRefusal(response, personalValues(body));
      throw new CandidateRejectedError(ATS, reason, field);
    }
    return referenceTo(readAnswer(response, createdCandidate, call));
  }

  /**
   * Puts a candidate onto a job: `POST /applications` (JobScore sheet §4.6, INFERRED). JobScore refuses it alike when
   * the job is closed, when it does not exist, and when the candidate is on it already: `jobIdsOf` tells.
   */
  async apply(ctx: CallContext, candidateId: string, jobId: string): Promise<StepOutcome> {
    const call = describe('attach candidates to jobs');
    const response = await this.#write(ctx, '/applications', { json: { candidate_id: candidateId, job_id: jobId } });
    if (isSuccess(response)) {
      readAnswer(response, createdRecord, call);
      return { done: true };
    }
    const failure = this.#failure(response, call);
    if (failure instanceof CandidateRejectedError) return { done: false, ...reasonOf(response) };
    throw failure;
  }

  /**
   * The jobs that a candidate is on: `GET /candidates/{id}/applications` (JobScore sheet §4.8, SECONDARY).
   * @throws RecordNotFoundError when the candidate is no more: deleted, or lost in a merge.
   */
  async jobIdsOf(ctx: CallContext, candidateId: string): Promise<readonly string[]> {
    const applications = await this.#readAll(ctx, {
      path: `/candidates/${encodeURIComponent(candidateId)}/applications`,
      item: applicationRecord,
      call: describe("list a candidate's applications", { type: 'candidate', remoteId: candidateId }),
      wrapper: 'applications',
    });
    return applications.map((application) => application.job_id);
  }

  /** The files of a candidate: `GET /candidates/{id}/documents` (JobScore sheet §3, SECONDARY). */
  documents(ctx: CallContext, candidateId: string): Promise<readonly JobScoreDocument[]> {
    return this.#readAll(ctx, {
      path: `/candidates/${encodeURIComponent(candidateId)}/documents`,
      item: documentRecord,
      call: describe("list a candidate's documents", { type: 'candidate', remoteId: candidateId }),
    });
  }

  /**
   * Uploads a résumé; the first one becomes the candidate's primary résumé (JobScore sheet §4.7, INFERRED). A refusal
   * is an answer, not an error, unless JobScore no longer knows the key.
   */
  async uploadResume(ctx: CallContext, candidateId: string, resume: ResumeFile): Promise<StepOutcome> {
    const { filename, contentType, bytes } = resume;
    const body: HttpBody = {
      multipart: [
        { name: 'document_type', value: 'resume' },
        { name: 'file', value: bytes, filename, contentType },
      ],
    };
    const response = await this.#write(
      ctx,
      `/candidates/${encodeURIComponent(candidateId)}/documents`,
      body,
      UPLOAD_TIMEOUT_MS,
    );
    const call = describe('upload résumés');
    if (isSuccess(response)) {
      readAnswer(response, createdRecord, call);
      return { done: true };
    }
    const failure = this.#failure(response, call);
    if (failure.recovery === 'retry' || response.status === 401) throw failure;
    return { done: false, reason: reasonOf(response).reason ?? `it answered ${response.status}` };
  }

  async #readAll<Item extends z.ZodType<{ readonly id: string }>>(
    ctx: CallContext,
    list: ListRequest<Item>,
  ): Promise<readonly z.output<Item>[]> {
    const found = new Map<string, z.output<Item>>();
    for (let number = 1; ; number += 1) {
      const page = await this.#readPage(ctx, list, number, MAX_PAGE_SIZE);
      const before = found.size;
      for (const item of page.items) found.set(item.id, item);
      // Uncounted pages without news mean that JobScore ignores the page number; the next one would say the same.
      if (page.last || (!page.counted && found.size === before)) return [...found.values()];
    }
  }

  /** Pages count from 1; the last is told by `meta`, or else by being short (JobScore sheet §2, INFERRED for v2). */
  async #readPage<Item extends z.ZodType>(
    ctx: CallContext,
    list: ListRequest<Item>,
    number: number,
    size: number,
  ): Promise<ListPage<z.output<Item>>> {
    const query = { ...list.query, 'page[number]': number, 'page[size]': size };
    const response = await this.#read(ctx, list.path, list.call, query);
    const { items, meta } = readAnswer(response, answerOf(list.item, list.wrapper ?? 'items'), list.call);
    // More items than asked for: the whole list came, whatever was asked.
    const last = items.length === 0 || (meta === undefined ? items.length !== size : number >= meta.pagination.pages);
    return { items, last, counted: meta !== undefined };
  }

  async #read(
    ctx: CallContext,
    path: string,
    call: CallDescription,
    query: HttpRequest['query'] = {},
  ): Promise<HttpResponse> {
    const response = await this.http.send(ctx, {
      method: 'GET',
      url: `${BASE_URL}${path}`,
      query,
      headers: this.#headers(),
    });
    if (isSuccess(response)) return response;
    const failure = this.#failure(response, call);
    // Nothing was sent of a candidate, so none was refused: JobScore does not serve this list as the fact sheet says.
    if (failure instanceof CandidateRejectedError) {
      throw new PluginFaultError('jobscore', `asked JobScore to ${call.action}, which it refuses (${failure.reason})`);
    }
    throw failure;
  }

  #write(ctx: CallContext, path: string, body: HttpBody, timeoutMs?: number): Promise<HttpResponse> {
    return this.http.send(ctx, {
      method: 'POST',
      url: `${BASE_URL}${path}`,
      headers: this.#headers(),
      body,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  /** Sent with every request (JobScore sheet §1, CONFIRMED; that a User Key travels the same way is INFERRED). */
  #headers(): Readonly<Record<string, string>> {
    const { apiKey, onBehalfOfUserId } = this.access;
    return {
      accept: 'application/json',
      authorization: `Token token=${apiKey}`,
      ...(onBehalfOfUserId === undefined ? {} : { 'x-on-behalf-of': onBehalfOfUserId }),
    };
  }

  #failure(response: HttpResponse, call: CallDescription): HubError {
    const { reason } = readRefusal(response);
    if (response.status === 403 && this.access.onBehalfOfUserId !== undefined) {
      // That a User Key may not impersonate is INFERRED (JobScore sheet §1).
      const hint = 'the connection acts on behalf of another user, which takes an account key';
      return new PermissionMissingError(ATS, call.action, reason === undefined ? hint : `${reason}; ${hint}`);
    }
    return failureOf(response, call, reason);
  }
}

function describe(action: string, record?: CallDescription['record']): CallDescription {
  return { atsName: ATS, action, ...(record === undefined ? {} : { record }) };
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

function reasonOf(response: HttpResponse): { readonly reason?: string } {
  const { reason } = readRefusal(response);
  return reason === undefined ? {} : { reason };
}

function answerOf<Item extends z.ZodType>(item: Item, wrapper: 'items' | 'applications') {
  const items = z.array(item);
  return wrapper === 'items'
    ? z.object({ items, meta: pageMeta })
    : z
        .object({ applications: items, meta: pageMeta })
        .transform(({ applications, meta }) => ({ items: applications, meta }));
}

/** The page size travels along, because a page number means nothing without it. */
function writeCursor(number: number, size: number): string {
  return `${number}/${size}`;
}

function readCursor(
  cursor: string | undefined,
  first = MAX_PAGE_SIZE,
): { readonly number: number; readonly size: number } {
  const [, number, size] = /^(\d{1,9})\/(\d{1,3})$/.exec(cursor ?? '') ?? [];
  if (number === undefined || size === undefined)
    return { number: 1, size: Math.min(Math.max(Math.trunc(first), 1), MAX_PAGE_SIZE) };
  return { number: Number(number), size: Number(size) };
}

/** Sorts records by when they were made; those of one instant by id, so that the order is always the same. */
export function oldestFirst<Entry extends { readonly id: string; readonly created_on: string }>(
  records: readonly Entry[],
): readonly Entry[] {
  return [...records].sort((a, b) => Date.parse(a.created_on) - Date.parse(b.created_on) || (a.id < b.id ? -1 : 1));
}

/** A candidate as the hub remembers it, with the link when a person can be sent there. */
export function referenceTo({ id, url }: Pick<JobScoreCandidate, 'id' | 'url'>): RemoteReference {
  const isLink = url != null && URL.canParse(url) && new URL(url).protocol === 'https:';
  return isLink ? { remoteId: id, remoteUrl: url } : { remoteId: id };
}

/** What a refusal must not repeat. Names of sources and tags are set-up, and needed to mend it. */
function personalValues({
  source: _source,
  source_detail: _detail,
  tags: _tags,
  ...personal
}: CandidateBody): readonly string[] {
  return textsIn(personal);
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}
