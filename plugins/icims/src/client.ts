import {
  AtsAnswerTooLargeError,
  AtsAnswerUnreadableError,
  type CallContext,
  type CallDescription,
  type HttpBody,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type JsonValue,
  MAX_ATTACHMENT_BYTES,
  type RemoteReference,
  type ResumeFile,
  readAnswer,
  type Secret,
} from '@talentbridge/contracts';
import type { PersonBody } from './mapping.js';
import { ATS, icimsFailure, isGone, isHidden, type Refusal, readRefusal, saysGone } from './vendor-errors.js';
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
  profileRecord,
  searchAnswer,
  submittalSchema,
  type VendorProfile,
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

/** What can be searched, by the last segment of its path. A profile is read at the same segment. */
export type ProfileType = 'people' | 'jobs' | 'applicantworkflows';

/** What a search found. */
export interface Found {
  /** Ascending, at most `MAX_ROWS`. */
  readonly ids: readonly number[];
  /** When iCIMS answered, by its own clock, in milliseconds since the epoch. Absent: it did not say. */
  readonly servedAt?: number;
}

/** A profile, or why there is none: `gone` it is not there, `hidden` the API user may not see it (iCIMS sheet §4, CONFIRMED). */
export type ProfileAnswer = VendorProfile | 'gone' | 'hidden';

/** The fields that are asked for of a profile. */
export interface AskedFields {
  readonly fields: readonly string[];
  /** Fields whose ids are INFERRED: where iCIMS refuses a request with them, it is asked without. */
  readonly inferred: readonly string[];
}

/** A file as iCIMS served it. */
export interface ServedFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** The most rows that a search answers (iCIMS sheet §9, CONFIRMED). */
export const MAX_ROWS = 1000;

/** A list that goes on for ever is no list of statuses. */
const MAX_LIST_PAGES = 20;

/** How long a file may take, either way. */
const FILE_TIMEOUT_MS = 60_000;

/** An answer that says there is no résumé is far smaller. What is larger is one, and need not be read. */
const MAX_NO_RESUME_BYTES = 64 * 1024;

/** What of an answer is taken, and how long it may take. */
type AnswerWanted = Pick<HttpRequest, 'answer' | 'maxBytes' | 'timeoutMs'>;

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
  /** Types of profiles of which this customer's iCIMS refuses fields with inferred ids. */
  readonly #takesNoInferred = new Set<ProfileType>();

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

  /** Opens a job for a person (iCIMS sheet §6.8, CONFIRMED). */
  jobLink(jobId: number): string {
    return `${this.#base}/linkTo/jobs/${jobId}`;
  }

  /** Whether fields with inferred ids are asked for: not once iCIMS has refused them. */
  takesInferred(type: ProfileType): boolean {
    return !this.#takesNoInferred.has(type);
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

  /** Which members of a recruiting workflow the API user may see (iCIMS sheet §5, CONFIRMED); `undefined` when that is not told. */
  async workflowFields(ctx: CallContext): Promise<ReadonlySet<string> | undefined> {
    const call = describe('read the fields of a recruiting workflow');
    const response = await this.#get(ctx, '/profiledefinitions/v1/submittal/schema');
    if (isRefused(response)) return undefined;
    return new Set(Object.keys(readAnswer(succeeded(response, call), submittalSchema, call).properties));
  }

  /** Ids of people, jobs or workflows, ascending, at most `MAX_ROWS`. */
  async search(ctx: CallContext, type: ProfileType, group: FilterGroup): Promise<readonly number[]> {
    return (await this.find(ctx, type, group)).ids;
  }

  /** The same, with the time of the answer. */
  async find(ctx: CallContext, type: ProfileType, group: FilterGroup): Promise<Found> {
    const call = describe(`search ${NAMES[type]}`);
    const response = await this.#send(ctx, {
      method: 'POST',
      path: `/search/${type}`,
      query: { staleness: 0 },
      body: { json: asJson(group) },
      reads: true,
    });
    const found = readAnswer(succeeded(response, call), searchAnswer, call).searchResults ?? [];
    const servedAt = Date.parse(response.headers['date'] ?? '');
    return {
      ids: found.map(({ id }) => id).toSorted((a, b) => a - b),
      ...(Number.isNaN(servedAt) ? {} : { servedAt }),
    };
  }

  /** A person, job or workflow with these fields, as far as the API user sees them (iCIMS sheet §6.5, §7.2 and §8). */
  async profile(ctx: CallContext, type: ProfileType, id: number, asked: AskedFields): Promise<ProfileAnswer> {
    const call = describe(`read ${NAMES[type]}`);
    const { fields, inferred } = asked;
    const tries = !this.#takesNoInferred.has(type) && inferred.length > 0;
    const wanted = tries ? [...fields, ...inferred] : fields;
    const response = await this.#get(ctx, `/${type}/${id}`, { fields: wanted.join(',') });
    if (response.status === 400 && tries) {
      const answer = await this.profile(ctx, type, id, { fields, inferred: [] });
      this.#takesNoInferred.add(type);
      return answer;
    }
    const refusal = readRefusal(response);
    if (isHidden(refusal)) return 'hidden';
    if (saysGone(refusal)) return 'gone';
    // Somebody between us and iCIMS answers 404 as well, and means no record.
    if (response.status === 404) throw unreadable(call, 'it answered 404 without saying whether the record is there');
    return readAnswer(succeeded(response, call), profileRecord, call);
  }

  /**
   * The résumé of a person, byte for byte (iCIMS sheet §6.7, CONFIRMED: what comes as JSON is none); `undefined` when there is
   * none to be seen.
   * @throws AtsAnswerTooLargeError
   */
  async resume(ctx: CallContext, personId: string): Promise<ServedFile | undefined> {
    const file = { answer: 'bytes', maxBytes: MAX_ATTACHMENT_BYTES, timeoutMs: FILE_TIMEOUT_MS } as const;
    const response = await this.#get(ctx, resumePath(personId), undefined, file);
    if (response.status === 404) return undefined;
    const { headers, bytes = new Uint8Array() } = succeeded(response, describe('read résumés'));
    if (isJson(headers)) return undefined;
    const contentType = headers['content-type']?.split(';')[0]?.trim() ?? 'application/octet-stream';
    return { contentType, bytes };
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
    const call = describeWrite('create people');
    const response = await this.#send(ctx, { method: 'POST', path: '/people', body: { json: body } });
    return outcomeOf(response, call, () => idOfLocation(response, 'people', call));
  }

  /** Changes a person; what is not in the body stays (iCIMS sheet §6.4). A refusal with status 404 says that it is gone. */
  async updatePerson(ctx: CallContext, personId: string, body: PersonBody): Promise<WriteOutcome<undefined>> {
    const call = describeWrite('change people');
    const response = await this.#send(ctx, {
      method: 'PATCH',
      path: `/people/${encodeURIComponent(personId)}`,
      body: { json: body },
      // The same values again change nothing, and equal entries of a collection are ignored (iCIMS sheet §6.4, CONFIRMED).
      repeatable: true,
    });
    return outcomeOf(response, call, () => undefined);
  }

  /** Adds an entry to a collection of a person; one like it that is there is enough for iCIMS (iCIMS sheet §6.4, CONFIRMED). */
  async addEntry(
    ctx: CallContext,
    personId: string,
    collection: string,
    entry: PersonBody,
  ): Promise<WriteOutcome<undefined>> {
    const call = describeWrite('change people');
    const response = await this.#send(ctx, {
      method: 'POST',
      path: `/people/${encodeURIComponent(personId)}/fields/${encodeURIComponent(collection)}`,
      body: { json: entry },
      repeatable: true,
    });
    return outcomeOf(response, call, () => undefined);
  }

  /** Puts a person onto a job (iCIMS sheet §8, CONFIRMED). */
  async createWorkflow(ctx: CallContext, body: PersonBody): Promise<WriteOutcome<string>> {
    const call = describeWrite('create recruiting workflows');
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
   * Whether a person has a résumé: what is served as JSON is none (iCIMS sheet §6.7, CONFIRMED). The file itself is read no
   * further than it takes to tell; `unknown` when the API user may not see it.
   */
  async hasResume(ctx: CallContext, personId: string): Promise<'yes' | 'no' | 'unknown'> {
    try {
      const response = await this.#get(ctx, resumePath(personId), undefined, { maxBytes: MAX_NO_RESUME_BYTES });
      if (response.status === 403 || isHidden(readRefusal(response))) return 'unknown';
      if (response.status === 404 || (isSuccess(response) && isJson(response.headers))) return 'no';
      succeeded(response, describe('read résumés'));
      return 'yes';
    } catch (error) {
      if (error instanceof AtsAnswerTooLargeError) return 'yes';
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
      timeoutMs: FILE_TIMEOUT_MS,
    });
    // The candidate has arrived: a right that is missing here costs the résumé and nothing else.
    if (response.status === 403) return { done: false, refusal: readRefusal(response) };
    return outcomeOf(response, describeWrite('upload résumés'), () => undefined);
  }

  async #read(
    ctx: CallContext,
    path: string,
    call: CallDescription,
    query?: HttpRequest['query'],
  ): Promise<HttpResponse> {
    return succeeded(await this.#get(ctx, path, query), call);
  }

  #get(ctx: CallContext, path: string, query?: HttpRequest['query'], answer: AnswerWanted = {}): Promise<HttpResponse> {
    return this.#send(ctx, {
      method: 'GET',
      path,
      ...(query === undefined ? {} : { query }),
      ...answer,
      repeatable: true,
    });
  }

  async #send(
    ctx: CallContext,
    request: AnswerWanted & {
      readonly method: HttpRequest['method'];
      readonly path: string;
      readonly query?: NonNullable<HttpRequest['query']>;
      readonly headers?: NonNullable<HttpRequest['headers']>;
      readonly body?: HttpBody;
      readonly reads?: true;
      readonly repeatable?: boolean;
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

/** How types of profiles are called in messages. */
const NAMES: Readonly<Record<ProfileType, string>> = {
  people: 'people',
  jobs: 'jobs',
  applicantworkflows: 'recruiting workflows',
};

function describe(action: string, record?: CallDescription['record']): CallDescription {
  return { atsName: ATS, action, ...(record === undefined ? {} : { record }) };
}

/** The same, of a call that sends a candidate: what iCIMS refuses then is the candidate. */
function describeWrite(action: string): CallDescription {
  return { ...describe(action), about: 'candidate' };
}

function isJson(headers: HttpResponse['headers']): boolean {
  return /\bjson\b/i.test(headers['content-type'] ?? '');
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** Not served, or not to this user: for reads that the plugin can do without. */
function isRefused({ status }: HttpResponse): boolean {
  return status === 400 || status === 403 || status === 404;
}

/** The answer of a read, or its error. */
function succeeded(response: HttpResponse, call: CallDescription): HttpResponse {
  if (isSuccess(response)) return response;
  throw icimsFailure(response, call);
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
