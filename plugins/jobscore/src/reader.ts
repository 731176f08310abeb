import {
  type CallContext,
  type CallDescription,
  type HttpResponse,
  isHubError,
  MAX_ATTACHMENT_BYTES,
  readAnswer,
} from '@talentbridge/contracts';
import type { z } from 'zod';
import { describe, type JobScoreApi, type ListPage } from './api.js';
import {
  documentLink,
  interviewRecord,
  type JobScoreApplication,
  type JobScoreFile,
  type JobScoreInterview,
  type JobScoreNote,
  type JobScorePerson,
  type JobScorePosting,
  loneApplicationRecord,
  mirroredApplicationRecord,
  mirroredCandidateRecord,
  mirroredDocumentRecord,
  mirroredJobRecord,
  namedRecord,
  noteRecord,
} from './vendor-records.js';

/** A page of a list: which one, and how large. */
export interface PageRequest {
  /** From 1. */
  readonly number: number;
  readonly size: number;
}

/** Files can be large, and are taken as they are, whatever their type. */
const DOWNLOAD = { accept: '*/*', answer: 'bytes', maxBytes: MAX_ATTACHMENT_BYTES, timeoutMs: 60_000 } as const;

/** A file as it was sent. */
interface DownloadedFile {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

/** What Rediscovery asks of JobScore; it writes nothing. Every method throws the errors of the contracts. */
export class JobScoreReader {
  constructor(private readonly api: JobScoreApi) {}

  /** One page of all jobs, of any status: `GET /jobs` (JobScore sheet §4.2). */
  jobs(ctx: CallContext, { number, size }: PageRequest): Promise<ListPage<JobScorePosting>> {
    return this.api.page(ctx, { path: '/jobs', item: mirroredJobRecord, call: describe('list jobs') }, number, size);
  }

  /**
   * One page of the candidates: `GET /candidates` (JobScore sheet §9a).
   *
   * @param since Asks for those that were changed since then. JobScore may ignore it (INFERRED): compare.
   */
  candidates(
    ctx: CallContext,
    { number, size }: PageRequest,
    since: string | undefined,
  ): Promise<ListPage<JobScorePerson>> {
    const list = { path: '/candidates', item: mirroredCandidateRecord, call: describe('list candidates') };
    return this.api.page(ctx, { ...list, query: { updated_since: since } }, number, size);
  }

  /** @throws RecordNotFoundError also for the losing record of a merge (JobScore sheet §4.8, INFERRED). */
  candidate(ctx: CallContext, id: string): Promise<JobScorePerson> {
    return this.#one(ctx, 'candidate', `/candidates/${encodeURIComponent(id)}`, id, mirroredCandidateRecord);
  }

  /** @throws RecordNotFoundError */
  job(ctx: CallContext, id: string): Promise<JobScorePosting> {
    return this.#one(ctx, 'job', `/jobs/${encodeURIComponent(id)}`, id, mirroredJobRecord);
  }

  /** @throws RecordNotFoundError */
  application(ctx: CallContext, id: string): Promise<z.output<typeof loneApplicationRecord>> {
    return this.#one(ctx, 'application', `/applications/${encodeURIComponent(id)}`, id, loneApplicationRecord);
  }

  /**
   * All applications of a candidate: `GET /candidates/{id}/applications` (JobScore sheet §9a).
   * @throws RecordNotFoundError when the candidate is no more, or the account does not have this list.
   */
  applicationsOf(ctx: CallContext, candidateId: string): Promise<readonly JobScoreApplication[]> {
    return this.api.all(ctx, {
      path: `/candidates/${encodeURIComponent(candidateId)}/applications`,
      item: mirroredApplicationRecord,
      call: describe("list a candidate's applications", { type: 'candidate', remoteId: candidateId }),
      wrapper: 'applications',
    });
  }

  /**
   * All files of a candidate: `GET /candidates/{id}/documents` (JobScore sheet §3, SECONDARY).
   * @throws RecordNotFoundError when the candidate is no more, or the account does not have this list.
   */
  documentsOf(ctx: CallContext, candidateId: string): Promise<readonly JobScoreFile[]> {
    return this.api.all(ctx, {
      path: `/candidates/${encodeURIComponent(candidateId)}/documents`,
      item: mirroredDocumentRecord,
      call: describe("list a candidate's documents", { type: 'candidate', remoteId: candidateId }),
    });
  }

  /**
   * All notes about a candidate: `GET /candidates/{id}/notes` (JobScore sheet §9a, INFERRED).
   * @throws RecordNotFoundError when the candidate is no more, or the account does not have this list.
   */
  notesOf(ctx: CallContext, candidateId: string): Promise<readonly JobScoreNote[]> {
    return this.api.all(ctx, {
      path: `/candidates/${encodeURIComponent(candidateId)}/notes`,
      item: noteRecord,
      call: describe("list a candidate's notes", { type: 'candidate', remoteId: candidateId }),
    });
  }

  /**
   * All interviews of a candidate, planned ones too: `GET /candidates/{id}/interviews` (JobScore sheet §9a, INFERRED).
   * @throws RecordNotFoundError when the candidate is no more, or the account does not have this list.
   */
  interviewsOf(ctx: CallContext, candidateId: string): Promise<readonly JobScoreInterview[]> {
    return this.api.all(ctx, {
      path: `/candidates/${encodeURIComponent(candidateId)}/interviews`,
      item: interviewRecord,
      call: describe("list a candidate's interviews", { type: 'candidate', remoteId: candidateId }),
    });
  }

  /**
   * What dispositions are called, by id: `GET /disposition_codes` (JobScore sheet §9a, SECONDARY). `undefined`: the
   * account does not have this list.
   */
  async dispositionNames(ctx: CallContext): Promise<ReadonlyMap<string, string> | undefined> {
    const call = describe('list disposition codes', { type: 'list of', remoteId: 'disposition codes' });
    const codes = await unlessNotFound(this.api.all(ctx, { path: '/disposition_codes', item: namedRecord, call }));
    return codes && new Map(codes.map(({ id, name }) => [id, name]));
  }

  /**
   * The bytes of a file. `GET /documents/{id}` tells where they are, because every answer of the API is JSON (JobScore
   * sheet §2); should it be the file itself, that is taken as well (both INFERRED).
   * @throws RecordNotFoundError
   * @throws AtsAnswerTooLargeError
   */
  async file(ctx: CallContext, id: string): Promise<DownloadedFile> {
    const call = describe('read a document', { type: 'document', remoteId: id });
    const path = `/documents/${encodeURIComponent(id)}`;
    const answer = await this.api.get(ctx, path, call, {}, { maxBytes: MAX_ATTACHMENT_BYTES });
    if (answer.bytes) return fileOf(answer);
    // A text was decoded on its way here: it is asked for once more, as it is.
    if (answer.json === undefined) return this.#download(ctx, path, call);
    const { url, content_type } = readAnswer(answer, documentLink, call);
    const { bytes, contentType } = await this.#download(ctx, url, call);
    return { bytes, contentType: content_type ?? contentType };
  }

  async #download(ctx: CallContext, path: string, call: CallDescription): Promise<DownloadedFile> {
    return fileOf(await this.api.get(ctx, path, call, {}, DOWNLOAD));
  }

  async #one<Schema extends z.ZodType>(
    ctx: CallContext,
    type: string,
    path: string,
    remoteId: string,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const call = describe(`read a ${type}`, { type, remoteId });
    return readAnswer(await this.api.get(ctx, path, call), schema, call);
  }
}

function fileOf({ bytes = new Uint8Array(), headers }: HttpResponse): DownloadedFile {
  return { bytes, contentType: headers['content-type'] };
}

/** An answer, or `undefined` where JobScore says that there is no such thing. */
export async function unlessNotFound<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isHubError(error) && error.code === 'ATS_RECORD_NOT_FOUND') return undefined;
    throw error;
  }
}
