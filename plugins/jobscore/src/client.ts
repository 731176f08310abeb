import {
  type CallContext,
  type CallDescription,
  CandidateRejectedError,
  type HttpBody,
  type HttpResponse,
  type HubError,
  type JsonValue,
  type Page,
  type RemoteReference,
  type ResumeFile,
  readAnswer,
} from '@talentbridge/contracts';
import { z } from 'zod';
import { ATS, describe, isSuccess, type JobScoreApi, MAX_PAGE_SIZE } from './api.js';
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
  type JobScorePerson,
  jobRecord,
  mirroredCandidateRecord,
  namedRecord,
  userRecord,
} from './vendor-records.js';

/** Uploads carry a file; the others a few kilobytes. */
const UPLOAD_TIMEOUT_MS = 60_000;

/** What became of a step that JobScore may refuse without the candidate being lost. */
export type StepOutcome =
  | { readonly done: true }
  | {
      readonly done: false;
      /** JobScore's words. Absent: it gave none. */
      readonly reason?: string;
    };

/** What Export and the permission check ask of JobScore. Every method throws the errors of the contracts. */
export class JobScoreClient {
  constructor(private readonly api: JobScoreApi) {}

  /** The user whose rights the key has: `GET /users/me` (JobScore sheet §4.1). */
  async me(ctx: CallContext): Promise<{ readonly id: string }> {
    const call = describe('see whose key it is');
    return readAnswer(await this.api.get(ctx, '/users/me', call), userRecord, call);
  }

  /**
   * An id that stands for the account: that of its oldest user. JobScore names no account id, and the id of the user
   * who made the key would change with the key, so that everybody counted as not yet exported (INFERRED).
   * @throws PermissionMissingError when the key may not list users.
   */
  async oldestUserId(ctx: CallContext): Promise<string | undefined> {
    const users = await this.api.all(ctx, { path: '/users', item: userRecord, call: describe('list users') });
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
    const page = await this.api.page(
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
    const databases = await this.api.all(ctx, { path: '/sources/databases', item: namedRecord, call });
    return databases.map(({ name }) => name);
  }

  /** The names of all tags: `GET /tags` (JobScore sheet §4.4). */
  async tagNames(ctx: CallContext): Promise<readonly string[]> {
    const tags = await this.api.all(ctx, { path: '/tags', item: namedRecord, call: describe('list tags') });
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
    return this.api.all(ctx, { path: '/candidates', item: candidateRecord, call, query: { email } });
  }

  /** Asks for each list once, for one item: proves that the key may, without reading the account. */
  async probe(
    ctx: CallContext,
    path: '/jobs' | '/sources/databases' | '/tags' | '/candidates',
    action: string,
  ): Promise<undefined> {
    await this.api.page(ctx, { path, item: z.unknown(), call: describe(action) }, 1, 1);
  }

  /**
   * Creates a candidate, even when there is one with the same email address: JobScore looks for duplicates later
   * (JobScore sheet §4.5 and §6).
   * @throws CandidateRejectedError whose reason does not repeat the person.
   */
  async createCandidate(ctx: CallContext, body: CandidateBody): Promise<RemoteReference> {
    const call = { ...describe('create candidates'), about: 'candidate' } as const;
    const response = await this.api.post(ctx, '/candidates', { json: body });
    if (!isSuccess(response)) throw this.#refusalOf(response, call, personalValues(body));
    return referenceTo(readAnswer(response, createdCandidate, call));
  }

  /**
   * A candidate, whole: `GET /candidates/{id}` (JobScore sheet §4.8).
   * @throws RecordNotFoundError when the candidate is no more: deleted, or lost in a merge.
   */
  async candidate(ctx: CallContext, candidateId: string): Promise<JobScorePerson> {
    const call = describe('read candidates', { type: 'candidate', remoteId: candidateId });
    const response = await this.api.get(ctx, `/candidates/${encodeURIComponent(candidateId)}`, call);
    return readAnswer(response, mirroredCandidateRecord, call);
  }

  /**
   * Sets properties of a candidate; the others stay: `PATCH /candidates/{id}` (JobScore sheet §3, INFERRED).
   * @throws CandidateRejectedError whose reason does not repeat the person.
   */
  async changeCandidate(
    ctx: CallContext,
    candidateId: string,
    changes: Readonly<Record<string, string>>,
  ): Promise<void> {
    const call = { ...describe('change candidates'), about: 'candidate' } as const;
    const response = await this.api.patch(ctx, `/candidates/${encodeURIComponent(candidateId)}`, { json: changes });
    if (!isSuccess(response)) throw this.#refusalOf(response, call, Object.values(changes));
  }

  /**
   * Puts a candidate onto a job: `POST /applications` (JobScore sheet §4.6, INFERRED). JobScore refuses it alike when
   * the job is closed, when it does not exist, and when the candidate is on it already: `jobIdsOf` tells.
   */
  async apply(ctx: CallContext, candidateId: string, jobId: string): Promise<StepOutcome> {
    const call = { ...describe('attach candidates to jobs'), about: 'candidate' } as const;
    const response = await this.api.post(ctx, '/applications', { json: { candidate_id: candidateId, job_id: jobId } });
    if (isSuccess(response)) {
      readAnswer(response, createdRecord, call);
      return { done: true };
    }
    const failure = this.api.failure(response, call);
    if (failure instanceof CandidateRejectedError) return { done: false, ...reasonOf(response) };
    throw failure;
  }

  /**
   * The jobs that a candidate is on: `GET /candidates/{id}/applications` (JobScore sheet §4.8, SECONDARY).
   * @throws RecordNotFoundError when the candidate is no more: deleted, or lost in a merge.
   */
  async jobIdsOf(ctx: CallContext, candidateId: string): Promise<readonly string[]> {
    const applications = await this.api.all(ctx, {
      path: `/candidates/${encodeURIComponent(candidateId)}/applications`,
      item: applicationRecord,
      call: describe("list a candidate's applications", { type: 'candidate', remoteId: candidateId }),
      wrapper: 'applications',
    });
    return applications.map((application) => application.job_id);
  }

  /** The files of a candidate: `GET /candidates/{id}/documents` (JobScore sheet §3, SECONDARY). */
  documents(ctx: CallContext, candidateId: string): Promise<readonly JobScoreDocument[]> {
    return this.api.all(ctx, {
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
    const response = await this.api.post(
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
    const failure = this.api.failure(response, call);
    if (failure.recovery === 'retry' || response.status === 401) throw failure;
    return { done: false, reason: reasonOf(response).reason ?? `it answered ${response.status}` };
  }

  /** @param personal What was sent of the person: JobScore may quote it back. */
  #refusalOf(response: HttpResponse, call: CallDescription, personal: readonly string[]): HubError {
    const failure = this.api.failure(response, call);
    if (!(failure instanceof CandidateRejectedError)) return failure;
    const { reason, field } = candidateRefusal(response, personal);
    return new CandidateRejectedError(ATS, reason, field);
  }
}

function reasonOf(response: HttpResponse): { readonly reason?: string } {
  const { reason } = readRefusal(response);
  return reason === undefined ? {} : { reason };
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
