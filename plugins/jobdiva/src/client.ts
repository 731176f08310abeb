import {
  AtsRateLimitedError,
  type CallContext,
  type CallDescription,
  CandidateRejectedError,
  failureOf,
  type HttpResponse,
  type HubError,
  isHubError,
  PermissionMissingError,
  type RemoteReference,
  RequestRefusedError,
  type ResumeFile,
  readAnswer,
} from '@talentbridge/contracts';
import { z } from 'zod';
import { toEastern } from './eastern-time.js';
import type { Body, KnownCandidate, VendorJob } from './mapping.js';
import type { ApiRequest, JobDivaSession } from './session.js';
import {
  describeRefusal,
  isSuccess,
  messageOf,
  queueWaitMs,
  type Refusal,
  refusalOf,
  withoutPersonalData,
} from './vendor-errors.js';
import { biRows, idIn, idOf, searchRows, type VendorRow } from './vendor-rows.js';

const ATS = 'JobDiva';

/** The lane of BI reads of candidates, which want a pause between them (JobDiva sheet §4). */
export const CANDIDATE_READS = 'candidate-reads';

/** The lane of the list of applications, whose quota is used up first; those who wait for it hold nobody else up. */
export const APPLICATION_READS = 'application-reads';

/** Uploads carry a file in base64; the others a few kilobytes. */
const UPLOAD_TIMEOUT_MS = 90_000;

/** BI reads were seen to take their time (JobDiva sheet §4 and §5). */
const BI_TIMEOUT_MS = 60_000;

/** `status` of open jobs in `SearchJob` (JobDiva sheet §6, CONFIRMED). */
const STATUS_OPEN = 0;

/** How many candidates a search for one person may answer (JobDiva sheet §6). */
const MOST_MATCHES = 10;

/** Of the time that is left, so much may go into one patient read: the rest is for telling what came of it. */
const PATIENT_SHARE = 0.7;

/** Whoever waits for less than this learns nothing from silence. */
const LEAST_PATIENCE_MS = 10_000;

/** Statuses of a server, or of what stands before it, that gave up waiting or finds the answer too large. */
const GAVE_UP: ReadonlySet<number> = new Set([408, 413, 504, 524]);

/** A BI read, beside its method. */
export interface BiRequest extends Pick<ApiRequest, 'query' | 'lane' | 'maxBytes'> {
  /** Most milliseconds to wait for a read that can be asked for in smaller parts. */
  readonly patienceMs?: number;
}

/** A read asked for more than JobDiva serves at once: ask for less. Never leaves the plugin. */
export class TooMuchAtOnce extends Error {
  constructor(readonly failure: HubError) {
    super(failure.message, { cause: failure });
  }
}

/** What became of a write that JobDiva may refuse for good. */
export type Outcome<Value> =
  | { readonly done: true; readonly value: Value }
  | { readonly done: false; readonly refusal: Refusal };

/** A résumé source: where candidates come from. */
export interface ResumeSource {
  readonly id: number;
  readonly name: string;
}

/** A candidate's name and contact data, place by place; what is unknown is empty. */
export interface PersonOnFile {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly alternateEmail: string;
  readonly cellPhone: string;
  readonly homePhone: string;
  readonly workPhone: string;
}

/** That a candidate was submitted to a job. */
export interface SubmittalMention {
  readonly candidateId: string;
  /** US Eastern wall clock; empty when it does not say. */
  readonly date: string;
}

/** Which open jobs, and which of them. */
export interface OpenJobsQuery {
  readonly offset: number;
  readonly size: number;
  /** Words of the title. Absent: all. */
  readonly title?: string;
}

/**
 * JobDiva's API as far as the plugin needs it: with the session, the only place that knows paths, methods and status
 * codes. Every method throws the errors of the contracts.
 */
export class JobDivaClient {
  constructor(
    private readonly session: JobDivaSession,
    /** `www1` or `www2`, by customer (JobDiva sheet §7). */
    private readonly webHost: string,
  ) {}

  /** Proves that JobDiva knows the credentials. @throws CredentialsRejectedError */
  signIn(ctx: CallContext): Promise<void> {
    return this.session.signIn(ctx);
  }

  /** Some of the open jobs, in JobDiva's own order; fewer than asked for at the end (JobDiva sheet §6). */
  openJobs(ctx: CallContext, { offset, size, title }: OpenJobsQuery): Promise<readonly VendorJob[]> {
    const filter = title === undefined ? {} : { title };
    return this.#searchJobs(ctx, { status: STATUS_OPEN, maxReturned: size, offset, ...filter });
  }

  /** The job with a reference number, such as `26-02701`. JobDiva answers some other job when there is none. */
  async jobByReference(ctx: CallContext, reference: string): Promise<VendorJob | undefined> {
    const jobs = await this.#searchJobs(ctx, { jobdivaref: reference, maxReturned: 1 });
    return jobs.find((job) => job.reference.toUpperCase() === reference.toUpperCase());
  }

  /** The job with an id. JobDiva answers some other job when there is none. */
  async jobById(ctx: CallContext, id: string): Promise<VendorJob | undefined> {
    const jobs = await this.#searchJobs(ctx, { jobId: Number(id), maxReturned: 1 });
    return jobs.find((job) => job.id === id);
  }

  /**
   * Candidates whom JobDiva finds by an address; the caller compares for itself.
   *
   * @param createdSince Milliseconds since the epoch. That `createdDate` means "no earlier than" is INFERRED.
   */
  candidatesByEmail(ctx: CallContext, email: string, createdSince?: number): Promise<readonly KnownCandidate[]> {
    const since = createdSince === undefined ? {} : { createdDate: toEastern(createdSince) };
    return this.#searchCandidates(ctx, { email, ...since });
  }

  /** Candidates whom JobDiva finds by a LinkedIn URL. It does not answer the URL, so nobody can compare it. */
  candidatesByLinkedIn(ctx: CallContext, linkedinProfile: string): Promise<readonly KnownCandidate[]> {
    return this.#searchCandidates(ctx, { linkedinProfile });
  }

  /** Name and contact data of a candidate (JobDiva sheet §5); `undefined` when JobDiva shows nobody by this id. */
  async personOnFile(ctx: CallContext, candidateId: string): Promise<PersonOnFile | undefined> {
    if (!/^[1-9]\d{0,15}$/.test(candidateId)) return undefined;
    const rows = await this.read(ctx, 'CandidatesDetail', 'read candidates', {
      query: { candidateIds: [candidateId] },
      lane: CANDIDATE_READS,
    });
    const row = rows.find((one) => idOf(one, 'candidateid', 'id') === candidateId);
    return (
      row && {
        firstName: row('firstname'),
        lastName: row('lastname'),
        email: row('email'),
        alternateEmail: row('alternateemail'),
        // Two accounts were seen to call it differently (JobDiva sheet §5).
        cellPhone: row('cellphone') || row('phone1'),
        homePhone: row('homephone'),
        workPhone: row('workphone'),
      }
    );
  }

  /** Creates a candidate; the value is its id. */
  async createCandidate(ctx: CallContext, body: Body): Promise<Outcome<string>> {
    const call = describe('create candidates');
    const outcome = await this.#post(ctx, 'createCandidate', body, call);
    return outcome.done ? { done: true, value: readAnswer(outcome.value, recordId, call) } : outcome;
  }

  /** Changes the fields that the body has, and no other. */
  updateCandidate(ctx: CallContext, body: Body): Promise<Outcome<true>> {
    return this.#set(ctx, 'updateCandidateProfile', body, 'update candidates');
  }

  /** Sets the link of each network that is named. */
  updateLinks(
    ctx: CallContext,
    candidateId: string,
    links: readonly { readonly name: string; readonly link: string }[],
  ): Promise<Outcome<true>> {
    const body = { candidateid: Number(candidateId), socialnetworks: links };
    return this.#set(ctx, 'updateCandidateSNLinks', body, 'add social links to candidates');
  }

  /** Adds a résumé to a candidate. What the number in the answer means is not known, so it is not used (JobDiva sheet §6). */
  async uploadResume(
    ctx: CallContext,
    candidateId: string,
    { file, text, sourceId }: { readonly file: ResumeFile; readonly text: string; readonly sourceId: number },
  ): Promise<Outcome<true>> {
    const call = describe('upload résumés');
    const body = {
      // Never without: JobDiva would look for somebody in the text, or make somebody new (JobDiva sheet §6).
      candidateid: Number(candidateId),
      filename: file.filename,
      filecontent: base64(file.bytes),
      textfile: text,
      resumesource: sourceId,
    };
    const outcome = await this.#post(ctx, 'uploadResume', body, call, { timeoutMs: UPLOAD_TIMEOUT_MS });
    if (!outcome.done) return outcome;
    readAnswer(outcome.value, recordId, call);
    return { done: true, value: true };
  }

  /**
   * Puts a candidate onto a job. That the same again is no error is INFERRED (JobDiva sheet §6).
   *
   * @param appliedAt Milliseconds since the epoch.
   */
  apply(
    ctx: CallContext,
    ids: { readonly candidateId: string; readonly jobId: string; readonly sourceId: number },
    appliedAt: number,
  ): Promise<Outcome<true>> {
    const body = {
      candidateid: Number(ids.candidateId),
      jobid: Number(ids.jobId),
      dateapplied: toEastern(appliedAt),
      resumesource: ids.sourceId,
    };
    return this.#set(ctx, 'createJobApplication', body, 'attach candidates to jobs');
  }

  /**
   * A BI read: rows of a report (JobDiva sheet §3).
   *
   * @throws PermissionMissingError in each of the ways in which such a read was seen to be denied.
   * @throws TooMuchAtOnce when JobDiva needs too long for it, or the answer is too large; only for a read that says `patienceMs`.
   */
  async read(ctx: CallContext, method: string, action: string, request: BiRequest = {}): Promise<readonly VendorRow[]> {
    const call = describe(action);
    const path = `/apiv2/bi/${method}`;
    const { patienceMs, ...rest } = request;
    const response = await (patienceMs === undefined
      ? this.session.send(ctx, { method: 'GET', path, timeoutMs: BI_TIMEOUT_MS, ...rest })
      : this.#sendPatiently(ctx, { method: 'GET', path, ...rest }, patienceMs));
    const waitMs = queueWaitMs(messageOf(response));
    if (waitMs !== undefined) throw new AtsRateLimitedError(ATS, waitMs);
    if (isSuccess(response)) return biRows(response, call);
    if (refusalOf(response)?.kind === 'notAllowed' || response.status === 403) throw notAllowed(call, method);
    const failure = failureOf(response, call);
    if (patienceMs !== undefined && GAVE_UP.has(response.status)) throw new TooMuchAtOnce(failure);
    throw failure;
  }

  /**
   * Submittals of one job: all, or those of one candidate.
   * @throws PermissionMissingError
   */
  async submittals(ctx: CallContext, jobId: string, candidateId?: string): Promise<readonly SubmittalMention[]> {
    const call = describe('search submittals');
    const one = candidateId === undefined ? {} : { candidateid: Number(candidateId) };
    const rows = await this.#search(ctx, 'searchSubmittal', { jobid: Number(jobId), ...one }, call);
    // JobDiva was seen to answer something else for a filter that fits nothing (JobDiva sheet §6).
    return rows
      .filter((row) => idOf(row, 'jobidinjd', 'jobid') === jobId)
      .map((row) => ({ candidateId: idOf(row, 'candidateidinjd', 'candidateid') ?? '', date: row('submittaldate') }))
      .filter((mention) => mention.candidateId !== '');
  }

  /**
   * The present by our clock and by JobDiva's, in milliseconds since the epoch: the earlier and the later of the two. Asks
   * for the one thing that exists and says nothing (JobDiva sheet §4), because every answer tells the time.
   */
  async now(ctx: CallContext): Promise<{ readonly earliest: number; readonly latest: number }> {
    const before = Date.now();
    try {
      await this.session.send(ctx, { method: 'GET', path: '/apiv2/bi/ApiLimits', lane: 'clock' });
    } catch (error) {
      // Whoever is over a quota was told the time a moment ago.
      if (!isHubError(error) || error.code !== 'ATS_RATE_LIMITED') throw error;
    }
    const { earliest, latest } = this.session.now();
    return { earliest: Math.min(before, earliest), latest };
  }

  /** When each résumé of a candidate arrived: US Eastern wall clock, as JobDiva writes it; empty when it does not say. */
  async resumeDates(ctx: CallContext, candidateId: string): Promise<readonly string[]> {
    const rows = await this.read(ctx, 'CandidatesResumesDetail', "list a candidate's résumés", {
      query: { candidateIds: [candidateId] },
      lane: CANDIDATE_READS,
    });
    return rows
      .filter((row) => row('candidateid') === '' || row('candidateid') === candidateId)
      .map((row) => row('datecreated'));
  }

  /** All résumé sources (JobDiva sheet §5: the columns ID and NAME are INFERRED from other lists). */
  async resumeSources(ctx: CallContext): Promise<readonly ResumeSource[]> {
    const action = 'list résumé sources';
    const rows = await this.read(ctx, 'ResumeSourceList', action);
    return rows.map((row) => ({ id: Number(idIn(row, describe(action), 'id', 'resumesourceid')), name: row('name') }));
  }

  /** A candidate as the hub remembers it, with the link (JobDiva sheet §7, CONFIRMED). */
  candidateReference(id: string): RemoteReference {
    const path = `/employers/myreports/viewcandidate2_real.jsp?docids=-1&candidateid=${id}`;
    return { remoteId: id, remoteUrl: `https://${this.webHost}.jobdiva.com${path}` };
  }

  /** Where a person can look at a job (JobDiva sheet §7, CONFIRMED). */
  jobUrl(id: string): string {
    return `https://${this.webHost}.jobdiva.com/employers/myjobs/vieweditjobform.jsp?jobid=${id}`;
  }

  async #searchJobs(ctx: CallContext, body: Body): Promise<readonly VendorJob[]> {
    const call = describe('search jobs');
    const rows = await this.#search(ctx, 'SearchJob', body, call);
    return rows.map((row) => ({
      id: idIn(row, call, 'id', 'jobid'),
      title: row('jobtitle') || row('title'),
      reference: row('reference') || row('jobdivano'),
      status: row('jobstatus'),
      company: row('company') || row('companyname'),
      city: row('city'),
      state: row('state'),
    }));
  }

  async #searchCandidates(ctx: CallContext, filter: Body): Promise<readonly KnownCandidate[]> {
    const call = describe('search candidates');
    const body = { ...filter, maxreturned: MOST_MATCHES };
    const rows = await this.#search(ctx, 'searchCandidateProfile', body, call, (reason) => {
      const asked = Object.values(filter).filter((value) => typeof value === 'string');
      return new CandidateRejectedError(ATS, withoutPersonalData(reason, asked));
    });
    return rows.map((row) => ({
      id: idIn(row, call, 'id', 'candidateid'),
      firstName: row('firstname'),
      lastName: row('lastname'),
      email: row('email'),
      alternateEmail: row('alternateemail'),
      hasAddress: ['address1', 'address2', 'city', 'state', 'zipcode'].some((name) => row(name) !== ''),
      phones: PHONES.map((name) => row(name)).filter((number) => number !== ''),
    }));
  }

  /** A read by POST. */
  async #search(
    ctx: CallContext,
    method: string,
    body: Body,
    call: CallDescription,
    refused = (reason: string): HubError => new RequestRefusedError(ATS, call.action, reason),
  ): Promise<readonly VendorRow[]> {
    const outcome = await this.#post(ctx, method, body, call, { reads: true });
    if (outcome.done) return searchRows(outcome.value, call);
    throw refused(outcome.refusal.reason);
  }

  async #set(ctx: CallContext, method: string, body: Body, action: string): Promise<Outcome<true>> {
    const call = describe(action);
    const outcome = await this.#post(ctx, method, body, call);
    if (!outcome.done) return outcome;
    return readAnswer(outcome.value, z.boolean(), call)
      ? { done: true, value: true }
      : { done: false, refusal: { kind: 'other', reason: 'it answered "false"' } };
  }

  async #post(
    ctx: CallContext,
    method: string,
    body: Body,
    call: CallDescription,
    options: Pick<ApiRequest, 'reads' | 'timeoutMs'> = {},
  ): Promise<Outcome<HttpResponse>> {
    const response = await this.session.send(ctx, {
      method: 'POST',
      path: `/apiv2/jobdiva/${method}`,
      body: { json: body },
      ...options,
    });
    const refusal = refusalOf(response);
    if (refusal?.kind === 'notAllowed') throw notAllowed(call, method);
    if (refusal) return { done: false, refusal };
    if (isSuccess(response)) return { done: true, value: response };
    const failure = failureOf(response, call);
    if (failure instanceof PermissionMissingError) throw notAllowed(call, method);
    if (!(failure instanceof RequestRefusedError)) throw failure;
    return { done: false, refusal: describeRefusal(messageOf(response) ?? `it answered ${response.status}`) };
  }

  /**
   * Sends a read whose time JobDiva needs grows with what is asked for. It is not repeated as it is: the caller asks for less.
   * @throws TooMuchAtOnce
   */
  async #sendPatiently(ctx: CallContext, request: ApiRequest, patienceMs: number): Promise<HttpResponse> {
    const left = ctx.deadline - Date.now();
    const timeoutMs = Math.min(patienceMs, left * PATIENT_SHARE);
    const begun = Date.now();
    try {
      return await this.session.send(ctx, { ...request, timeoutMs, repeatable: false });
    } catch (error) {
      const isTooLong = Date.now() - begun >= timeoutMs * 0.95;
      // With little time left, silence says nothing about how much was asked for.
      const tells = isTooLong && timeoutMs >= Math.min(LEAST_PATIENCE_MS, patienceMs);
      if (isHubError(error) && (tells || error.code === 'ATS_ANSWER_UNREADABLE')) throw new TooMuchAtOnce(error);
      throw error;
    }
  }
}

/** Where a search answers phone numbers (JobDiva sheet §6: the first two were seen). */
const PHONES = ['phone1', 'phone2', 'phone3', 'phone4'];

/** What creating answers: the id alone, as a number or in quotes (JobDiva sheet §6). */
const recordId = z
  .union([z.number().int().positive(), z.string().regex(/^[1-9]\d*$/)])
  .refine((id) => Number.isSafeInteger(Number(id)))
  .transform(String);

function describe(action: string): CallDescription {
  return { atsName: ATS, action };
}

function notAllowed({ atsName, action }: CallDescription, method: string): PermissionMissingError {
  return new PermissionMissingError(atsName, action, `the method ${method} is not enabled for the API user`);
}

/** In pieces, because a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(pieces.join(''));
}
