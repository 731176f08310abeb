import {
  AtsAnswerTooLargeError,
  AtsAnswerUnreadableError,
  type AttachmentFile,
  type CallContext,
  MAX_ATTACHMENT_BYTES,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import { APPLICATION_READS, CANDIDATE_READS, type JobDivaClient } from './client.js';
import { easternBound } from './eastern-time.js';
import { idOf, type VendorRow } from './vendor-rows.js';

const ATS = 'JobDiva';

/** What JobDiva lists by the time at which it changed (JobDiva sheet §5). */
export const FEEDS = {
  candidates: { method: 'NewUpdatedCandidateRecords', action: 'list candidates that changed', lane: CANDIDATE_READS },
  jobs: { method: 'NewUpdatedJobRecords', action: 'list jobs that changed' },
  applications: { method: 'CandidateApplicationRecords', action: 'list applications', lane: APPLICATION_READS },
  activities: { method: 'SubmittalInterviewHireActivitiesList', action: 'list submittals, interviews and hires' },
  deletedCandidates: { method: 'DeletedCandidateRecords', action: 'list deleted candidates' },
  deletedJobs: { method: 'DeletedJobRecords', action: 'list deleted jobs' },
  mergedCandidates: { method: 'MergedCandidates', action: 'list merged candidates' },
  mergedJobs: { method: 'MergedJobs', action: 'list merged jobs' },
} as const;

/** The name of a feed. */
export type FeedName = keyof typeof FEEDS;

/** A time, both ends included, in milliseconds since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Most ids in one read by ids (JobDiva sheet §3: 100 work, two clients keep to 50). */
export const DETAIL_BATCH = 50;

/** Applications on a page: small, because a vendor that caps pages at less would end the list early. */
export const APPLICATIONS_PAGE = 100;

/** The largest file in base64, with line breaks in it and JSON around it. */
const MOST_OF_A_RESUME = 36 * 1024 * 1024;

/** A week of activities was seen to take 50 seconds (JobDiva sheet §3); more than two minutes no request may take. */
const FEED_PATIENCE_MS = 120_000;

/** The records of a JobDiva account, as rows, by the methods that read them. */
export class JobDivaRecords {
  constructor(
    readonly client: JobDivaClient,
    private readonly options: {
      /** Name of the user-defined field of candidates that holds their LinkedIn URL. */
      readonly linkedInField: string | undefined;
      /** Most milliseconds to wait for one window. Default: 120,000. */
      readonly patienceMs?: number;
    },
  ) {}

  /**
   * The rows of a feed in a window.
   * @param page Of the paged feed, counted from 1 (JobDiva sheet §3: one client counts from 0, another from 1).
   * @throws TooMuchAtOnce when the window is too large for JobDiva.
   */
  changed(ctx: CallContext, feed: FeedName, window: Window, page = 1): Promise<readonly VendorRow[]> {
    const { method, action, ...rest } = FEEDS[feed];
    return this.client.read(ctx, method, action, {
      ...rest,
      patienceMs: this.options.patienceMs ?? FEED_PATIENCE_MS,
      query: {
        fromDate: easternBound(window.from, 'from'),
        toDate: easternBound(window.to, 'to'),
        ...(feed === 'applications' ? { pageNumber: page, pageSize: APPLICATIONS_PAGE } : {}),
      },
    });
  }

  /** Candidates by their ids; JobDiva leaves out those that it does not show. */
  candidates(ctx: CallContext, ids: readonly string[]): Promise<readonly VendorRow[]> {
    const { linkedInField } = this.options;
    const userFieldsName = linkedInField === undefined ? {} : { userFieldsName: linkedInField };
    return this.#byIds(ids, (candidateIds) =>
      this.client.read(ctx, 'CandidatesDetail', 'read candidates', {
        lane: CANDIDATE_READS,
        query: { candidateIds, ...userFieldsName },
      }),
    );
  }

  /** What is known of the résumés of candidates. */
  resumes(ctx: CallContext, ids: readonly string[]): Promise<readonly VendorRow[]> {
    return this.#byIds(ids, (candidateIds) =>
      this.client.read(ctx, 'CandidatesResumesDetail', "list candidates' résumés", {
        lane: CANDIDATE_READS,
        query: { candidateIds },
      }),
    );
  }

  /** Schools of one candidate: there is no read for several. */
  education(ctx: CallContext, candidateId: string): Promise<readonly VendorRow[]> {
    const query = { employeeId: candidateId };
    return this.client.read(ctx, 'CandidateEducationDetail', 'read education', { lane: CANDIDATE_READS, query });
  }

  /** Work of one candidate: there is no read for several. */
  experience(ctx: CallContext, candidateId: string): Promise<readonly VendorRow[]> {
    const query = { employeeId: candidateId };
    return this.client.read(ctx, 'CandidateExperienceDetail', 'read work experience', { lane: CANDIDATE_READS, query });
  }

  /** Jobs by their ids, in whatever state. */
  jobs(ctx: CallContext, ids: readonly string[]): Promise<readonly VendorRow[]> {
    return this.#byIds(ids, (jobIds) => this.client.read(ctx, 'JobsDetail', 'read jobs', { query: { jobIds } }));
  }

  /** Users who work on jobs. */
  jobUsers(ctx: CallContext, ids: readonly string[]): Promise<readonly VendorRow[]> {
    return this.#byIds(ids, (jobIds) =>
      this.client.read(ctx, 'JobsUsersDetail', 'read who works on jobs', { query: { jobIds } }),
    );
  }

  /** Everybody who applied to a job. */
  applicants(ctx: CallContext, jobId: string): Promise<readonly VendorRow[]> {
    return this.client.read(ctx, 'JobApplicantsDetail', 'list applicants of jobs', { query: { jobId } });
  }

  /**
   * A résumé whole: the file, or its text where there is no file.
   * @throws RecordNotFoundError
   * @throws AtsAnswerTooLargeError
   */
  async resumeFile(ctx: CallContext, resumeId: string): Promise<AttachmentFile> {
    const action = 'read résumés';
    const request = { lane: CANDIDATE_READS, query: { resumeId }, maxBytes: MOST_OF_A_RESUME };
    const rows = await this.client.read(ctx, 'ResumeDetail', action, request);
    const row = rows.find((one) => one('filecontentbase64encoded') !== '' || one('plaintext') !== '');
    if (!row) throw new RecordNotFoundError(ATS, 'résumé', resumeId);
    const filename = row('filename');
    const content = row('filecontentbase64encoded');
    if (content !== '') {
      const bytes = fromBase64(content);
      if (!bytes) throw new AtsAnswerUnreadableError(ATS, `the request to ${action}`, 'the file is no base64');
      if (bytes.length > MAX_ATTACHMENT_BYTES) throw new AtsAnswerTooLargeError(ATS, 'a résumé', MAX_ATTACHMENT_BYTES);
      return { filename: filename || 'resume', contentType: contentTypeOf(filename), bytes };
    }
    const bytes = new TextEncoder().encode(row('plaintext'));
    return { filename: `${filename.replace(/\.[^.]*$/, '') || 'resume'}.txt`, contentType: 'text/plain', bytes };
  }

  async #byIds(
    ids: readonly string[],
    read: (batch: readonly string[]) => Promise<readonly VendorRow[]>,
  ): Promise<readonly VendorRow[]> {
    const rows: VendorRow[] = [];
    for (let at = 0; at < ids.length; at += DETAIL_BATCH) rows.push(...(await read(ids.slice(at, at + DETAIL_BATCH))));
    return rows;
  }
}

/** The id of a row of a feed, by the kind of record; `undefined` in a row that names nothing. */
export function idOfRow(feed: FeedName, row: VendorRow): string | undefined {
  if (feed === 'jobs' || feed === 'deletedJobs' || feed === 'mergedJobs') return idOf(row, 'jobid', 'id');
  return idOf(row, 'candidateid', 'id');
}

const TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  rtf: 'application/rtf',
  odt: 'application/vnd.oasis.opendocument.text',
  txt: 'text/plain',
  html: 'text/html',
  htm: 'text/html',
};

/** JobDiva names no content type, so the file's name has to do. */
function contentTypeOf(filename: string): string {
  const extension = /\.([a-z]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  return TYPES[extension] ?? 'application/octet-stream';
}

/** `undefined` for a text that is none; line breaks within are as usual, and padding may lack. */
function fromBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, '').replace(/={1,2}$/, '');
  if (digits === '' || digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits)) return undefined;
  return new Uint8Array(Buffer.from(digits, 'base64'));
}
