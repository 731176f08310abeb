import {
  type CallContext,
  type CallDescription,
  CandidateRejectedError,
  failureOf,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  JobNotOpenError,
  type JobQuery,
  type JsonValue,
  type ResumeFile,
  readAnswer,
  type Secret,
} from '@talentbridge/contracts';
import { z } from 'zod';

const ATS = 'Example ATS';
const BASE_URL = 'https://api.example-ats.test/v1';

const meSchema = z.object({ account: z.object({ id: z.string(), name: z.string() }), scopes: z.array(z.string()) });
const jobSchema = z.object({
  id: z.string(),
  title: z.string(),
  number: z.string().nullish(),
  status: z.string(),
  city: z.string().nullish(),
});
const jobsSchema = z.object({ jobs: z.array(jobSchema), next_cursor: z.string().nullish() });
const candidateSchema = z.object({ id: z.string(), url: z.string().nullish() });
const candidatesSchema = z.object({ candidates: z.array(candidateSchema) });
const errorSchema = z.object({ error: z.object({ code: z.string(), field: z.string().nullish() }) });

/** The account behind a key, and what the key may do. */
export type ExampleAccount = z.output<typeof meSchema>;
/** A job as Example ATS sends it. */
export type ExampleJob = z.output<typeof jobSchema>;
/** A candidate as Example ATS sends it. */
export type ExampleCandidate = z.output<typeof candidateSchema>;

/** Speaks to Example ATS: the only file that knows its URLs, headers, paging and status codes. */
export class ExampleClient {
  constructor(
    private readonly http: HttpClient,
    private readonly apiKey: Secret,
    /** What Example ATS shows as the source of an exported candidate. */
    readonly sourceName: string,
  ) {}

  /** Whose key this is. */
  async whoAmI(ctx: CallContext): Promise<ExampleAccount> {
    const call = { atsName: ATS, action: 'read the account' };
    return readAnswer(await this.#call(ctx, call, { method: 'GET', url: `${BASE_URL}/me` }), meSchema, call);
  }

  /** One page of open jobs. */
  async openJobs(ctx: CallContext, query: JobQuery): Promise<z.output<typeof jobsSchema>> {
    const call = { atsName: ATS, action: 'list jobs' };
    const response = await this.#call(ctx, call, {
      method: 'GET',
      url: `${BASE_URL}/jobs`,
      query: { status: 'open', q: query.search || undefined, cursor: query.cursor, limit: query.first },
    });
    return readAnswer(response, jobsSchema, call);
  }

  /** Creates a candidate, or answers the one that already has this `external_id`. */
  async createCandidate(
    ctx: CallContext,
    candidate: { readonly [property: string]: JsonValue },
  ): Promise<ExampleCandidate> {
    const call = { atsName: ATS, action: 'create candidates' };
    const response = await this.#call(ctx, call, {
      method: 'POST',
      url: `${BASE_URL}/candidates`,
      body: { json: candidate },
      // The vendor knows a repetition by `external_id`.
      repeatable: true,
    });
    return readAnswer(response, candidateSchema, call);
  }

  /** The candidate that was created with this `external_id`. */
  async findCandidate(ctx: CallContext, externalId: string): Promise<ExampleCandidate | undefined> {
    const call = { atsName: ATS, action: 'read candidates' };
    const response = await this.#call(ctx, call, {
      method: 'GET',
      url: `${BASE_URL}/candidates`,
      query: { external_id: externalId },
    });
    return readAnswer(response, candidatesSchema, call).candidates[0];
  }

  /** Attaches a candidate to a job. Attaching twice is the same as once. */
  async attachJob(ctx: CallContext, candidateId: string, jobId: string): Promise<void> {
    const call = { atsName: ATS, action: 'attach candidates to jobs' };
    const response = await this.#send(ctx, {
      method: 'POST',
      url: `${BASE_URL}/applications`,
      body: { json: { candidate_id: candidateId, job_id: jobId } },
      repeatable: true,
    });
    if (response.status === 409) return;
    const { code } = refusalOf(response);
    if (code === 'job_not_found' || code === 'job_closed') throw new JobNotOpenError(ATS, jobId, code);
    throwUnlessOk(response, call);
  }

  /** Puts the résumé in place of any earlier one. */
  async putResume(ctx: CallContext, candidateId: string, resume: ResumeFile): Promise<void> {
    await this.#call(
      ctx,
      { atsName: ATS, action: 'add résumés' },
      {
        method: 'PUT',
        url: `${BASE_URL}/candidates/${encodeURIComponent(candidateId)}/resume`,
        body: {
          multipart: [
            { name: 'file', value: resume.bytes, filename: resume.filename, contentType: resume.contentType },
          ],
        },
        repeatable: true,
      },
    );
  }

  #send(ctx: CallContext, request: HttpRequest): Promise<HttpResponse> {
    return this.http.send(ctx, { ...request, headers: { authorization: `Bearer ${this.apiKey}` } });
  }

  async #call(ctx: CallContext, call: CallDescription, request: HttpRequest): Promise<HttpResponse> {
    const response = await this.#send(ctx, request);
    throwUnlessOk(response, call);
    return response;
  }
}

function throwUnlessOk(response: HttpResponse, call: CallDescription): void {
  if (response.status >= 200 && response.status < 300) return;
  const { code, field } = refusalOf(response);
  if (response.status === 422 && code) throw new CandidateRejectedError(ATS, code, field);
  throw failureOf(response, call, code);
}

// The vendor's `message` can repeat what was sent, which is personal data: the code says enough.
function refusalOf(response: HttpResponse): { readonly code?: string; readonly field?: string } {
  const parsed = errorSchema.safeParse(response.json);
  if (!parsed.success) return {};
  const { code, field } = parsed.data.error;
  return field ? { code, field } : { code };
}
