import {
  AtsAnswerUnreadableError,
  AtsUnavailableError,
  type CallContext,
  type CallDescription,
  type HttpBody,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type JsonValue,
  PluginFaultError,
  type RemoteReference,
  type ResumeFile,
  readAnswer,
  type Secret,
} from '@talentbridge/contracts';
import type { PersonBody } from './mapping.js';
import { ATS, icimsFailure, isGone, isHidden, type Refusal, readRefusal } from './vendor-errors.js';
import {
  type JobProfile,
  jobProfile,
  type ListNode,
  listNames,
  listNodes,
  type PersonProfile,
  type PersonSchema,
  type PortalJob,
  personProfile,
  personSchema,
  portalAnswer,
  searchAnswer,
} from './vendor-records.js';

/** Whose iCIMS it is, and as whom to call. */
export interface IcimsAccess {
  readonly host: string;
  readonly customerId: string;
  readonly username: string;
  readonly password: Secret;
}

/** What became of a write that iCIMS may refuse. */
export type WriteOutcome<Value> =
  | { readonly done: true; readonly value: Value }
  | { readonly done: false; readonly refusal: Refusal };

/** One condition of a search. */
export interface Filter {
  readonly name: string;
  readonly value: readonly string[];
  readonly operator: '=' | '==' | '>' | '<' | '>=';
}

/** Conditions that all hold (`&`), or one of which does (`|`) (iCIMS sheet §9, CONFIRMED). */
export interface FilterGroup {
  readonly filters?: readonly Filter[];
  readonly children?: readonly FilterGroup[];
  readonly operator: '&' | '|';
}

/** The most rows that a search answers (iCIMS sheet §9, CONFIRMED). */
export const MAX_ROWS = 1000;

/** A list that goes on for ever is no list of statuses. */
const MAX_LIST_PAGES = 20;

const UPLOAD_TIMEOUT_MS = 60_000;

/** What a customer's start page says beside that the credentials are known. */
export interface CustomerAnswer {
  /** Calls that are left today, and calls a day. Absent: the answer did not say. */
  readonly quota?: { readonly remaining: number; readonly limit: number };
}

/**
 * The API of iCIMS as far as the plugin needs it: the only place that knows URLs, headers, paging and status codes. Every method
 * throws the errors of the contracts. Searches are live (`staleness=0`): the default answers from a cache that is up to
 * 15 minutes old (iCIMS sheet §7.1, CONFIRMED).
 */
export class IcimsClient {
  readonly #base: string;

  constructor(
    private readonly http: HttpClient,
    private readonly access: IcimsAccess,
  ) {
    this.#base = `https://${access.host}/customers/${encodeURIComponent(access.customerId)}`;
  }

  /** A candidate as the hub remembers it: `linkTo` opens the record for a person (iCIMS sheet §6.8, CONFIRMED). */
  referenceTo(personId: number | string): RemoteReference {
    return { remoteId: String(personId), remoteUrl: `${this.#base}/linkTo/people/${personId}` };
  }

  /**
   * The start page of the customer, which clients use as a health check (iCIMS sheet §5).
   * @throws RecordNotFoundError when there is no such customer.
   */
  async customer(ctx: CallContext): Promise<CustomerAnswer> {
    const call = describe('use the API', { type: 'customer', remoteId: this.access.customerId });
    const response = await this.#read(ctx, '', call);
    if (response.json === undefined) throw unreadable(call, 'it is not JSON');
    const remaining = count(response.headers['x-ratelimit-remaining']);
    const limit = count(response.headers['x-ratelimit-limit']);
    return remaining === undefined || limit === undefined ? {} : { quota: { remaining, limit } };
  }

  /** The fields of a person that the API user may see (iCIMS sheet §5, CONFIRMED). */
  async personSchema(ctx: CallContext): Promise<PersonSchema> {
    const call = describe('read the fields of a person');
    return readAnswer(await this.#read(ctx, '/profiledefinitions/v1/person/schema', call), personSchema, call);
  }

  /** Ids of people or workflows, ascending, at most `MAX_ROWS`. */
  async search(
    ctx: CallContext,
    type: 'people' | 'applicantworkflows',
    group: FilterGroup,
  ): Promise<readonly number[]> {
    const call = describe(type === 'people' ? 'search people' : 'search recruiting workflows');
    const response = await this.#send(ctx, {
      method: 'POST',
      path: `/search/${type}`,
      query: { staleness: 0 },
      body: { json: asJson(group) },
      // It reads, whatever its method.
      repeatable: true,
    });
    const found = readAnswer(succeeded(response, call), searchAnswer, call).searchResults ?? [];
    return found.map(({ id }) => id).toSorted((a, b) => a - b);
  }

  /** What tells whether a person is still in use. */
  async person(ctx: CallContext, personId: number): Promise<PersonProfile | 'gone' | 'hidden'> {
    const call = describe('read people');
    const response = await this.#get(ctx, `/people/${personId}`, { fields: 'email,folder' });
    const refusal = readRefusal(response);
    if (isHidden(refusal)) return 'hidden';
    if (isGone(refusal)) return 'gone';
    return readAnswer(succeeded(response, call), personProfile, call);
  }

  /** Makes a person, whoever is there already, and answers the id (iCIMS sheet §6.2: 201, no body, `Location`). */
  async createPerson(ctx: CallContext, body: PersonBody): Promise<WriteOutcome<string>> {
    const call = describe('create people');
    const response = await this.#send(ctx, { method: 'POST', path: '/people', body: { json: body } });
    return outcomeOf(response, call, () => idOfLocation(response, 'people', call));
  }

  /** Changes a person; what is not in the body stays (iCIMS sheet §6.4). A refusal with status 404 says that it is gone. */
  async updatePerson(ctx: CallContext, personId: string, body: PersonBody): Promise<WriteOutcome<undefined>> {
    const call = describe('change people');
    const response = await this.#send(ctx, {
      method: 'PATCH',
      path: `/people/${encodeURIComponent(personId)}`,
      body: { json: body },
      // The same values again change nothing, and equal entries of a collection are ignored (iCIMS sheet §6.4, CONFIRMED).
      repeatable: true,
    });
    return outcomeOf(response, call, () => undefined);
  }

  /** Puts a person onto a job (iCIMS sheet §8, CONFIRMED). */
  async createWorkflow(ctx: CallContext, body: PersonBody): Promise<WriteOutcome<string>> {
    const call = describe('create recruiting workflows');
    const response = await this.#send(ctx, { method: 'POST', path: '/applicantworkflows', body: { json: body } });
    return outcomeOf(response, call, () => idOfLocation(response, 'applicantworkflows', call));
  }

  /**
   * All jobs of a portal (iCIMS sheet §7.1). An answer is full with 1,000 rows, and the next begin beyond its last id; whether
   * ids rise as in a search or fall as in the vendor's example is not certain, so both ends are followed.
   */
  async portalJobs(ctx: CallContext, portal: string): Promise<readonly PortalJob[]> {
    const first = await this.#portalPage(ctx, portal);
    if (first.length < MAX_ROWS) return first;
    const jobs = [...first];
    for (const direction of ['>', '<'] as const) {
      for (let page = first; page.length >= MAX_ROWS; ) {
        const ids = jobs.map(({ id }) => id);
        const edge = ids.reduce((a, b) => (direction === '>' ? Math.max(a, b) : Math.min(a, b)));
        page = await this.#portalPage(ctx, portal, { name: 'job.id', value: [String(edge)], operator: direction });
        jobs.push(...page);
      }
    }
    return jobs;
  }

  async #portalPage(ctx: CallContext, portal: string, filter?: Filter): Promise<readonly PortalJob[]> {
    const call = describe('list the jobs of a portal', { type: 'job portal', remoteId: portal });
    const searchJson = filter && JSON.stringify({ filters: [filter], operator: '&' });
    const path = `/search/portals/${encodeURIComponent(portal)}`;
    const response = await this.#read(ctx, path, call, { staleness: 0, searchJson });
    return readAnswer(response, portalAnswer, call).searchResults ?? [];
  }

  /** The profile of a job (iCIMS sheet §7.2, CONFIRMED); `undefined` when the API user may not see it. */
  async job(ctx: CallContext, jobId: number): Promise<JobProfile | undefined> {
    const call = describe('read jobs');
    const response = await this.#get(ctx, `/jobs/${jobId}`, { fields: 'jobtitle,jobid,folder,joblocation' });
    if (response.status === 403 || response.status === 404) return undefined;
    return readAnswer(succeeded(response, call), jobProfile, call);
  }

  /** The names of the tenant's lists; `undefined` when this user or tenant has no List API. */
  async listNames(ctx: CallContext): Promise<readonly string[] | undefined> {
    const call = describe('read lists');
    const response = await this.#get(ctx, '/v2/lists');
    if (isRefused(response)) return undefined;
    return readAnswer(succeeded(response, call), listNames, call).lists;
  }

  /** The top level of a list, over all pages (iCIMS sheet §5, INFERRED); `undefined` when it is not served. */
  async list(ctx: CallContext, name: string): Promise<readonly ListNode[] | undefined> {
    const call = describe('read lists');
    const nodes: ListNode[] = [];
    let page: string | undefined;
    for (let pages = 0; pages < MAX_LIST_PAGES; pages += 1) {
      const response = await this.#get(ctx, `/v2/lists/${encodeURIComponent(name)}`, { page });
      if (isRefused(response)) return undefined;
      const answer = readAnswer(succeeded(response, call), listNodes, call);
      nodes.push(...answer.nodes);
      const next = pageOf(answer.next);
      if (next === undefined || next === page) break;
      page = next;
    }
    return nodes;
  }

  /**
   * Whether a person has a résumé: what is served as JSON is none (iCIMS sheet §6.7, CONFIRMED). A file that is too large for
   * us is one; `unknown` when the API user may not see it.
   */
  async hasResume(ctx: CallContext, personId: string): Promise<'yes' | 'no' | 'unknown'> {
    try {
      const response = await this.#get(ctx, resumePath(personId));
      if (response.status === 403 || isHidden(readRefusal(response))) return 'unknown';
      if (response.status === 404 || (isSuccess(response) && response.json !== undefined)) return 'no';
      succeeded(response, describe('read résumés'));
      return 'yes';
    } catch (error) {
      if (error instanceof AtsAnswerUnreadableError && /larger/.test(error.reason)) return 'yes';
      throw error;
    }
  }

  /** Puts the file where the person's résumé is, replacing what is there (iCIMS sheet §6.7, CONFIRMED; the part's name is INFERRED). */
  async uploadResume(ctx: CallContext, personId: string, resume: ResumeFile): Promise<WriteOutcome<undefined>> {
    const { bytes, contentType } = resume;
    const filename = headerSafe(resume.filename);
    const response = await this.#send(ctx, {
      method: 'PATCH',
      path: resumePath(personId),
      headers: { 'content-disposition': `attachment;filename="${filename}"` },
      body: { multipart: [{ name: 'file', value: bytes, filename, contentType }] },
      repeatable: true,
      timeoutMs: UPLOAD_TIMEOUT_MS,
    });
    // The candidate has arrived: a right that is missing here costs the résumé and nothing else.
    if (response.status === 403) return { done: false, refusal: readRefusal(response) };
    return outcomeOf(response, describe('upload résumés'), () => undefined);
  }

  async #read(
    ctx: CallContext,
    path: string,
    call: CallDescription,
    query?: HttpRequest['query'],
  ): Promise<HttpResponse> {
    return succeeded(await this.#get(ctx, path, query), call);
  }

  #get(ctx: CallContext, path: string, query?: HttpRequest['query']): Promise<HttpResponse> {
    return this.#send(ctx, { method: 'GET', path, ...(query === undefined ? {} : { query }), repeatable: true });
  }

  async #send(
    ctx: CallContext,
    request: {
      readonly method: HttpRequest['method'];
      readonly path: string;
      readonly query?: NonNullable<HttpRequest['query']>;
      readonly headers?: NonNullable<HttpRequest['headers']>;
      readonly body?: HttpBody;
      readonly repeatable?: boolean;
      readonly timeoutMs?: number;
    },
  ): Promise<HttpResponse> {
    const { path, headers, ...rest } = request;
    const { username, password } = this.access;
    return this.http.send(ctx, {
      ...rest,
      url: `${this.#base}${path}`,
      headers: { accept: 'application/json, */*;q=0.5', ...headers },
      basic: { username, password },
    });
  }
}

function describe(action: string, record?: CallDescription['record']): CallDescription {
  return { atsName: ATS, action, ...(record === undefined ? {} : { record }) };
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** Not served, or not to this user: for reads that the plugin can do without. */
function isRefused({ status }: HttpResponse): boolean {
  return status === 400 || status === 403 || status === 404;
}

/** The answer of a read, or its error: a read that fails has written nothing. */
function succeeded(response: HttpResponse, call: CallDescription): HttpResponse {
  if (isSuccess(response)) return response;
  const failure = icimsFailure(response, call);
  if (failure.code === 'CANDIDATE_REJECTED') {
    // No candidate was sent, so none was refused: iCIMS does not serve this as the fact sheet says.
    throw new PluginFaultError('icims', `asked iCIMS to ${call.action}, which it refuses with ${response.status}`);
  }
  if (failure instanceof AtsUnavailableError) {
    throw new AtsUnavailableError(ATS, failure.reason, { effect: 'none', cause: failure });
  }
  throw failure;
}

/** What became of a write: refusals of what was sent are answers, everything else is thrown. */
function outcomeOf<Value>(response: HttpResponse, call: CallDescription, read: () => Value): WriteOutcome<Value> {
  if (isSuccess(response)) {
    // iCIMS answers writes with an empty body, or JSON with warnings. Anything else comes from somebody between us and it.
    if (response.json === undefined && (response.text !== '' || response.bytes !== undefined)) {
      throw unreadable(call, 'it is neither empty nor JSON');
    }
    return { done: true, value: read() };
  }
  const refusal = readRefusal(response);
  const failure = icimsFailure(response, call);
  if (failure.recovery === 'skip' || isHidden(refusal)) return { done: false, refusal };
  throw failure;
}

/** The id of what was made: the last segment of `Location` (iCIMS sheet §6.2, CONFIRMED for workflows). */
function idOfLocation(response: HttpResponse, type: string, call: CallDescription): string {
  const { location = '' } = response.headers;
  const id = new RegExp(`/${type}/([1-9]\\d*)/?$`).exec(location.split(/[?#]/, 1)[0] ?? '')?.[1];
  if (id === undefined) throw unreadable(call, 'it does not name what was made');
  return id;
}

function unreadable(call: CallDescription, reason: string): AtsAnswerUnreadableError {
  return new AtsAnswerUnreadableError(ATS, `the request to ${call.action}`, reason);
}

function asJson({ filters, children, operator }: FilterGroup): JsonValue {
  return {
    ...(filters ? { filters: filters.map(({ name, value, operator: how }) => ({ name, value, operator: how })) } : {}),
    ...(children ? { children: children.map(asJson) } : {}),
    operator,
  };
}

/** `next` as the value of `page`: bare, or within the URL of the next page (INFERRED). */
function pageOf(next: string | null | undefined): string | undefined {
  if (next === null || next === undefined || next === '') return undefined;
  return URL.canParse(next) ? (new URL(next).searchParams.get('page') ?? undefined) : next;
}

function count(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

function resumePath(personId: string): string {
  return `/people/${encodeURIComponent(personId)}/fields/resume/binary`;
}

/** A file name that a header can carry. */
function headerSafe(filename: string): string {
  const plain = filename
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w .()-]+/g, '_')
    .trim();
  return /\w/.test(plain) ? plain : 'resume.pdf';
}
