import {
  AtsAnswerUnreadableError,
  type CallContext,
  type CallDescription,
  CandidateRejectedError,
  type HttpRequest,
  MAX_ATTACHMENT_BYTES,
  type Page,
  PluginFaultError,
  type RemoteReference,
  type ResumeFile,
  readAnswer,
} from '@talentbridge/contracts';
import { z } from 'zod';
import { ATS, at, codesOf, describe, type Endpoint, isSuccess, type SmartRecruitersApi } from './api.js';
import type { PersonalDetails } from './contact.js';
import type { CandidateBody, SourceDetails } from './mapping.js';
import {
  type AttachmentAnswer,
  attachmentRecord,
  type CandidateAnswer,
  type CandidateDetails,
  candidateDetailsRecord,
  candidateRecord,
  candidateSummaryRecord,
  companyRecord,
  type JobAnswer,
  jobRecord,
  type StatusChange,
  sourceRecord,
  sourceTypeRecord,
  statusHistoryAnswer,
} from './vendor-records.js';

/** The largest page that SmartRecruiters serves (SmartRecruiters sheet §3, CONFIRMED). */
const MAX_PAGE_SIZE = 100;

/** What a list answers to a cursor that it knows no more (SmartRecruiters sheet §18: 400, INFERRED). */
const EXPIRED: ReadonlySet<number> = new Set([400, 404, 410, 422]);

/** Where links to files lead (SmartRecruiters sheet §9). */
const DOWNLOADS: readonly { readonly pattern: RegExp; readonly template: string }[] = [
  { pattern: /^\/candidates\/attachments\/[^/]+$/, template: '/candidates/attachments/{attachmentId}' },
  { pattern: /^\/candidates\/[^/]+\/attachments\/[^/]+$/, template: '/candidates/{id}/attachments/{attachmentId}' },
];

/** What became of a new candidate. A failure that is not about this candidate is thrown. */
export type AddOutcome =
  | { readonly kind: 'added'; readonly candidate: CandidateAnswer }
  /** Somebody there has this email address and last name. */
  | { readonly kind: 'conflict'; readonly codes: string }
  | { readonly kind: 'refused'; readonly codes: string };

/** What became of a change of a candidate. A failure that is not about this candidate is thrown. */
export type ChangeOutcome =
  | { readonly kind: 'changed' }
  | { readonly kind: 'gone' }
  /** Somebody else there has this email address and last name. */
  | { readonly kind: 'conflict'; readonly codes: string }
  | { readonly kind: 'refused'; readonly codes: string };

/** What became of an upload. */
export type UploadOutcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly codes: string };

/** One page of a list that is mirrored, or that its cursor leads nowhere any more. */
export type ListOutcome<Item> =
  | {
      readonly kind: 'page';
      readonly items: readonly Item[];
      /** Absent on the last page. */
      readonly cursor?: string;
      /** How many match in all. It drifts while pages are read (sheet §5), so nothing ends by it. */
      readonly total?: number;
      /** When SmartRecruiters answered, by its own clock, in milliseconds since the epoch. Absent: it did not say. */
      readonly servedAt?: number;
    }
  | { readonly kind: 'expired' };

/** Which part of a list that is mirrored. */
export interface ListQuery {
  /** ISO 8601: what changed after this moment alone. */
  readonly updatedAfter?: string | undefined;
  readonly cursor?: string | undefined;
  /** How many; at most 100 come. */
  readonly first: number;
}

/** A file as SmartRecruiters hands it out. */
export interface DownloadedFile {
  readonly bytes: Uint8Array;
  /** Absent: it did not say. */
  readonly contentType?: string;
}

/** Where files hang: on a candidate, or on one of the candidate's jobs. */
export interface AttachmentPlace {
  readonly candidateId: string;
  readonly jobId: string | undefined;
}

/** A source with its label. */
export interface LabelledSource {
  readonly label: string;
  readonly details: SourceDetails;
}

/**
 * Candidates, jobs and configuration, as far as the plugin needs them; subscriptions.ts has the webhooks, api.ts what both
 * send. No other file knows URLs, headers, paging and status codes.
 */
export class SmartRecruitersClient {
  constructor(
    private readonly api: SmartRecruitersApi,
    /** Where people open candidates. Absent: nobody knows. */
    private readonly candidatePages: string | undefined,
  ) {}

  /** A candidate as the hub remembers it, with the link where there is one. */
  referenceTo(candidateId: string): RemoteReference {
    const { candidatePages } = this;
    if (candidatePages === undefined) return { remoteId: candidateId };
    return { remoteId: candidateId, remoteUrl: `${candidatePages}/${encodeURIComponent(candidateId)}` };
  }

  /** Whose account it is: `GET /configuration/company` (SmartRecruiters sheet §10). */
  async company(ctx: CallContext): Promise<z.output<typeof companyRecord>> {
    const call = describe('see whose account it is');
    return readAnswer(await this.api.read(ctx, at('/configuration/company'), call), companyRecord, call);
  }

  /**
   * One page of jobs of every status: the list can be asked for one status at a time only (sheet §4).
   *
   * @param search Words of the title.
   * @param cursor What the page before answered; absent on the first.
   * @param first How many to ask for; at most 100 come.
   */
  async jobs(
    ctx: CallContext,
    { search, cursor, first = MAX_PAGE_SIZE }: { search?: string; cursor?: string; first?: number },
  ): Promise<Page<JobAnswer>> {
    const limit = Math.min(Math.max(Math.trunc(first), 1), MAX_PAGE_SIZE);
    const query = { limit, pageId: cursor, q: search === '' ? undefined : search };
    return this.#page(ctx, at('/jobs'), jobRecord, describe('list jobs'), query);
  }

  /** One job; `undefined` when there is none. */
  async job(ctx: CallContext, jobId: string): Promise<JobAnswer | undefined> {
    return this.#readOne(ctx, at('/jobs/{jobId}', jobId), jobRecord, describe('read jobs'));
  }

  /**
   * Everybody with an application whom a search by email address finds, and perhaps others: the caller compares (sheet §5:
   * the address must be quoted, because it falls into words otherwise, CONFIRMED). People in the talent pool alone never
   * come (CONFIRMED).
   */
  async candidatesByEmail(ctx: CallContext, email: string): Promise<readonly CandidateAnswer[]> {
    const found: CandidateAnswer[] = [];
    const call = describe('search candidates');
    const q = `"${email.replaceAll('"', ' ')}"`;
    for (let pageId: string | undefined; ; ) {
      const page = await this.#page(ctx, at('/candidates'), candidateRecord, call, { q, limit: MAX_PAGE_SIZE, pageId });
      found.push(...page.items);
      if (page.cursor === undefined) return found;
      pageId = page.cursor;
    }
  }

  /** One candidate, in the talent pool or not; `undefined` when there is none. */
  async candidate(ctx: CallContext, candidateId: string): Promise<CandidateAnswer | undefined> {
    return this.#readOne(ctx, at('/candidates/{id}', candidateId), candidateRecord, describe('read candidates'));
  }

  /** One page of jobs of every status, to be mirrored (SmartRecruiters sheet §4). */
  listJobs(ctx: CallContext, query: ListQuery): Promise<ListOutcome<JobAnswer>> {
    return this.#list(ctx, at('/jobs'), jobRecord, describe('list jobs'), query);
  }

  /**
   * One page of everybody with an application, to be mirrored: ids alone, because the list lacks most of what a mirror shows
   * (SmartRecruiters sheet §5, CONFIRMED).
   */
  listCandidates(ctx: CallContext, query: ListQuery): Promise<ListOutcome<{ readonly id: string }>> {
    return this.#list(ctx, at('/candidates'), candidateSummaryRecord, describe('read candidates'), query);
  }

  /** One candidate with everything that is mirrored (SmartRecruiters sheet §6); `undefined` when there is none. */
  async candidateDetails(ctx: CallContext, candidateId: string): Promise<CandidateDetails | undefined> {
    return this.#readOne(ctx, at('/candidates/{id}', candidateId), candidateDetailsRecord, describe('read candidates'));
  }

  /** The statuses that an application came to (SmartRecruiters sheet §7); `undefined` when there is no such application. */
  async statusHistory(
    ctx: CallContext,
    { candidateId, jobId }: { readonly candidateId: string; readonly jobId: string },
  ): Promise<readonly StatusChange[] | undefined> {
    const endpoint = at('/candidates/{id}/jobs/{jobId}/status/history', candidateId, jobId);
    const call = describe("read an application's history");
    return (await this.#readOne(ctx, endpoint, statusHistoryAnswer, call))?.content;
  }

  /** The files at a place (SmartRecruiters sheet §9); `undefined` when there is no such place. */
  async findAttachments(ctx: CallContext, place: AttachmentPlace): Promise<readonly AttachmentAnswer[] | undefined> {
    const answer = z.object({ content: z.array(attachmentRecord) });
    const found = await this.#readOne(ctx, attachmentsAt(place), answer, describe("list a candidate's attachments"));
    return found?.content;
  }

  /**
   * The file that a link of SmartRecruiters leads to; `undefined` when it is not there. The token goes to SmartRecruiters' own
   * host alone, wherever a link points (sheet §9).
   * @throws AtsAnswerTooLargeError
   * @throws PluginFaultError when the link leads elsewhere.
   */
  async download(ctx: CallContext, link: string): Promise<DownloadedFile | undefined> {
    const endpoint = this.#downloadAt(link);
    const parts = { answer: 'bytes', maxBytes: MAX_ATTACHMENT_BYTES } as const;
    const response = await this.api.send(ctx, 'GET', endpoint, parts, '*/*');
    const call = describe('download attachments');
    if (response.status === 404) return this.api.missing(response, call);
    const { bytes = new Uint8Array(), headers } = this.api.successful(response, call);
    const contentType = headers['content-type'];
    return { bytes, ...(contentType ? { contentType } : {}) };
  }

  /** Adds a candidate to a job, or to the talent pool (SmartRecruiters sheet §7). */
  async add(ctx: CallContext, jobId: string | undefined, body: CandidateBody): Promise<AddOutcome> {
    const endpoint = jobId === undefined ? at('/candidates') : at('/jobs/{jobId}/candidates', jobId);
    const call = describe('create candidates', 'candidate');
    const response = await this.api.send(ctx, 'POST', endpoint, { body: { json: body } });
    if (isSuccess(response)) return { kind: 'added', candidate: readAnswer(response, candidateRecord, call) };
    if (response.status === 409) return { kind: 'conflict', codes: codesOf(response) };
    const failure = this.api.failure(response, call);
    if (failure instanceof CandidateRejectedError) return { kind: 'refused', codes: codesOf(response) };
    throw failure;
  }

  /** Sets details of a candidate; the others stay (SmartRecruiters sheet §6, CONFIRMED). The same again changes nothing. */
  async change(ctx: CallContext, candidateId: string, details: PersonalDetails): Promise<ChangeOutcome> {
    const call = describe('change candidates', 'candidate');
    const parts = { body: { json: details }, repeatable: true } as const;
    const response = await this.api.send(ctx, 'PATCH', at('/candidates/{id}', candidateId), parts);
    if (isSuccess(response)) return { kind: 'changed' };
    if (response.status === 404) {
      this.api.missing(response, call);
      return { kind: 'gone' };
    }
    if (response.status === 409) return { kind: 'conflict', codes: codesOf(response) };
    const failure = this.api.failure(response, call);
    if (failure instanceof CandidateRejectedError) return { kind: 'refused', codes: codesOf(response) };
    throw failure;
  }

  /** The files at a place (SmartRecruiters sheet §9). */
  async attachments(ctx: CallContext, place: AttachmentPlace): Promise<readonly AttachmentAnswer[]> {
    const call = describe("list a candidate's attachments");
    const answer = z.object({ content: z.array(attachmentRecord) });
    return readAnswer(await this.api.read(ctx, attachmentsAt(place), call), answer, call).content;
  }

  /**
   * Uploads a résumé (SmartRecruiters sheet §9). A refusal is an answer, not an error, unless SmartRecruiters no longer knows
   * the token.
   */
  async uploadResume(ctx: CallContext, place: AttachmentPlace, resume: ResumeFile): Promise<UploadOutcome> {
    const { filename, contentType, bytes } = resume;
    const response = await this.api.send(ctx, 'POST', attachmentsAt(place), {
      body: {
        multipart: [
          { name: 'attachmentType', value: 'RESUME' },
          { name: 'file', value: bytes, filename, contentType },
        ],
      },
    });
    if (isSuccess(response)) return { kind: 'done' };
    const failure = this.api.failure(response, describe('upload résumés'));
    if (failure.recovery === 'retry' || response.status === 401) throw failure;
    return { kind: 'refused', codes: codesOf(response) };
  }

  /** Every source of every type, with the ids that a candidate carries (SmartRecruiters sheet §10). */
  async sources(ctx: CallContext): Promise<readonly LabelledSource[]> {
    const call = describe('list sources');
    const types = readAnswer(
      await this.api.read(ctx, at('/configuration/sources'), call),
      z.object({ content: z.array(sourceTypeRecord) }),
      call,
    ).content;
    const sources: LabelledSource[] = [];
    for (const { id: sourceTypeId } of types) {
      for (const { id: sourceId, label, sourceSubType } of await this.#sourceValues(ctx, sourceTypeId)) {
        const sourceSubTypeId = sourceSubType?.id;
        const subType = sourceSubTypeId == null ? {} : { sourceSubTypeId };
        sources.push({ label, details: { sourceTypeId, ...subType, sourceId } });
      }
    }
    return sources;
  }

  /** Asks for a list once, for one item: proves that the token may. Answers whether there was any. */
  async probe(
    ctx: CallContext,
    path: '/jobs' | '/candidates' | '/configuration/sources',
    action: string,
  ): Promise<'some' | 'none'> {
    const call = describe(action);
    const query = path === '/configuration/sources' ? {} : { limit: 1 };
    const response = await this.api.read(ctx, at(path), call, query);
    const { content } = readAnswer(response, z.object({ content: z.array(z.unknown()) }), call);
    return content.length > 0 ? 'some' : 'none';
  }

  /** Sources are the one list that is still paged by offset (sheet §3, CONFIRMED). */
  async #sourceValues(ctx: CallContext, typeId: string): Promise<readonly z.output<typeof sourceRecord>[]> {
    const call = describe('list sources');
    const endpoint = at('/configuration/sources/{sourceType}/values', typeId);
    const answer = z.object({ content: z.array(sourceRecord) });
    const values = new Map<string, z.output<typeof sourceRecord>>();
    for (let offset = 0; ; ) {
      const query = { limit: MAX_PAGE_SIZE, offset };
      const { content } = readAnswer(await this.api.read(ctx, endpoint, call, query), answer, call);
      const before = values.size;
      for (const value of content) values.set(value.id, value);
      offset += content.length;
      // A short page is the last. Without news the offset was not heeded, and the next page would say the same.
      if (content.length < MAX_PAGE_SIZE || values.size === before) return [...values.values()];
    }
  }

  /** One page; the last is the one without `nextPageId`, never told by `totalFound` (sheet §3 and §5). */
  async #page<Item extends z.ZodType>(
    ctx: CallContext,
    endpoint: Endpoint,
    item: Item,
    call: CallDescription,
    query: HttpRequest['query'],
  ): Promise<Page<z.output<Item>>> {
    const answer = z.object({ content: z.array(item), nextPageId: z.string().nullish() });
    const { content, nextPageId } = readAnswer(await this.api.read(ctx, endpoint, call, query), answer, call);
    return { items: content, ...(nextPageId ? { cursor: nextPageId } : {}) };
  }

  async #readOne<Item extends z.ZodType>(
    ctx: CallContext,
    endpoint: Endpoint,
    item: Item,
    call: CallDescription,
  ): Promise<z.output<Item> | undefined> {
    const response = await this.api.send(ctx, 'GET', endpoint);
    if (response.status === 404) return this.api.missing(response, call);
    return readAnswer(this.api.successful(response, call), item, call);
  }

  async #list<Item extends z.ZodType>(
    ctx: CallContext,
    endpoint: Endpoint,
    item: Item,
    call: CallDescription,
    { updatedAfter, cursor, first }: ListQuery,
  ): Promise<ListOutcome<z.output<Item>>> {
    const query = { limit: Math.min(first, MAX_PAGE_SIZE), pageId: cursor, updatedAfter };
    const response = await this.api.send(ctx, 'GET', endpoint, { query });
    if (cursor !== undefined && EXPIRED.has(response.status)) return { kind: 'expired' };
    const answer = z.object({
      content: z.array(item),
      nextPageId: z.string().nullish(),
      totalFound: z.number().int().nonnegative().nullish().catch(undefined),
    });
    const { content, nextPageId, totalFound } = readAnswer(this.api.successful(response, call), answer, call);
    if (nextPageId && nextPageId === cursor) {
      throw new AtsAnswerUnreadableError(ATS, `the request to ${call.action}`, 'the next page is the same one again');
    }
    const servedAt = Date.parse(response.headers['date'] ?? '');
    return {
      kind: 'page',
      items: content,
      ...(nextPageId ? { cursor: nextPageId } : {}),
      ...(typeof totalFound === 'number' ? { total: totalFound } : {}),
      ...(Number.isNaN(servedAt) ? {} : { servedAt }),
    };
  }

  #downloadAt(link: string): Endpoint {
    const { base } = this.api;
    const url = URL.canParse(link, base) ? new URL(link, base) : undefined;
    if (url?.origin !== base || url.username !== '' || url.password !== '') {
      const elsewhere = url === undefined ? 'something that is no address' : `${url.protocol}//${url.host}`;
      throw new PluginFaultError('smartrecruiters', `was sent to ${elsewhere} for a file, where no token may go`);
    }
    const template = DOWNLOADS.find(({ pattern }) => pattern.test(url.pathname))?.template ?? '(a file)';
    return { template, path: url.pathname + url.search };
  }
}

function attachmentsAt({ candidateId, jobId }: AttachmentPlace): Endpoint {
  return jobId === undefined
    ? at('/candidates/{id}/attachments', candidateId)
    : at('/candidates/{id}/jobs/{jobId}/attachments', candidateId, jobId);
}
