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
  MAX_ATTACHMENT_BYTES,
  type ResumeFile,
  readAnswer,
  type Secret,
  secretField,
  WebhookRefusedError,
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
  updated_at: z.string().nullish(),
});
const jobsSchema = z.object({ jobs: z.array(jobSchema), next_cursor: z.string().nullish() });
const applicationSchema = z.object({
  id: z.string(),
  candidate_id: z.string(),
  job_id: z.string(),
  status: z.string(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});
const referenceSchema = z.object({ id: z.string(), url: z.string().nullish() });
const candidateSchema = referenceSchema.extend({
  source: z.string().nullish(),
  first_name: z.string(),
  last_name: z.string(),
  emails: z.array(z.string()),
  phones: z.array(z.object({ number: z.string(), type: z.string() })),
  links: z.array(z.object({ network: z.string(), url: z.string() })),
  positions: z.array(
    z.object({
      employer: z.string(),
      title: z.string().nullish(),
      from: z.string().nullish(),
      to: z.string().nullish(),
    }),
  ),
  tags: z.array(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
  applications: z.array(applicationSchema),
  resume: z.object({ filename: z.string(), size: z.number().nullish() }).nullish(),
});
const historySchema = z.object({
  notes: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      author: z.object({ first_name: z.string(), last_name: z.string() }),
      readers: z.string(),
      created_at: z.string(),
    }),
  ),
  changes: z.array(z.object({ application_id: z.string(), status: z.string(), at: z.string() })),
});
const candidatesSchema = z.object({ candidates: z.array(candidateSchema), next_cursor: z.string().nullish() });
const deletedSchema = z.object({ deleted: z.array(z.object({ id: z.string() })), next_cursor: z.string().nullish() });
const webhookSchema = z.object({ id: z.string(), url: z.string(), events: z.array(z.string()), status: z.string() });
const webhooksSchema = z.object({ webhooks: z.array(webhookSchema), next_cursor: z.string().nullish() });
const secretSchema = z.object({ secret: secretField() });
const newWebhookSchema = secretSchema.extend({ id: z.string() });
/** An event of Example ATS: what is delivered, and what its log remembers. */
export const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  created_at: z.string(),
  data: z.object({
    candidate_id: z.string().nullish(),
    application_id: z.string().nullish(),
    job_id: z.string().nullish(),
  }),
});
const deliveriesSchema = z.object({
  deliveries: z.array(z.object({ event: eventSchema })),
  next_cursor: z.string().nullish(),
});
const errorSchema = z.object({ error: z.object({ code: z.string(), field: z.string().nullish() }) });

/** The account behind a key, and what the key may do. */
export type ExampleAccount = z.output<typeof meSchema>;
/** A job as Example ATS sends it. */
export type ExampleJob = z.output<typeof jobSchema>;
/** A candidate as Example ATS sends it. */
export type ExampleCandidate = z.output<typeof candidateSchema>;
/** What Example ATS keeps of a candidate's way. */
export type ExampleHistory = z.output<typeof historySchema>;
/** An application as Example ATS sends it. */
export type ExampleApplication = z.output<typeof applicationSchema>;
/** Where a candidate of Example ATS is. */
export type ExampleReference = z.output<typeof referenceSchema>;

/** A webhook as Example ATS sends it. */
export type ExampleWebhook = z.output<typeof webhookSchema>;
/** An event as Example ATS sends it. */
export type ExampleEvent = z.output<typeof eventSchema>;

/** Which part of a list. */
export interface ExampleList {
  /** Only what changed since then. */
  readonly since: string | undefined;
  readonly cursor: string | undefined;
}

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
  ): Promise<ExampleReference> {
    const call = { atsName: ATS, action: 'create candidates', about: 'candidate' } as const;
    const response = await this.#call(ctx, call, {
      method: 'POST',
      url: `${BASE_URL}/candidates`,
      body: { json: candidate },
      // The vendor knows a repetition by `external_id`.
      repeatable: true,
    });
    return readAnswer(response, referenceSchema, call);
  }

  /** The candidate that was created with this `external_id`. */
  async findCandidate(ctx: CallContext, externalId: string): Promise<ExampleReference | undefined> {
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
    const call = { atsName: ATS, action: 'attach candidates to jobs', about: 'candidate' } as const;
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

  /**
   * Sets properties of a candidate; the others stay.
   * @throws RecordNotFoundError
   */
  async changeCandidate(
    ctx: CallContext,
    candidateId: string,
    changes: { readonly [property: string]: JsonValue },
  ): Promise<void> {
    const record = { type: 'candidate', remoteId: candidateId };
    await this.#call(
      ctx,
      { atsName: ATS, action: 'change candidates', about: 'candidate', record },
      {
        method: 'PATCH',
        url: `${BASE_URL}/candidates/${encodeURIComponent(candidateId)}`,
        body: { json: changes },
        repeatable: true,
      },
    );
  }

  /** Puts the résumé in place of any earlier one. */
  async putResume(ctx: CallContext, candidateId: string, resume: ResumeFile): Promise<void> {
    await this.#call(
      ctx,
      { atsName: ATS, action: 'add résumés', about: 'candidate' },
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

  /** One page of the jobs, whatever their status. */
  async jobs(ctx: CallContext, list: ExampleList): Promise<z.output<typeof jobsSchema>> {
    return this.#get(ctx, '/jobs', jobsSchema, { atsName: ATS, action: 'list jobs' }, list);
  }

  /** One page of the candidates. */
  async candidates(ctx: CallContext, list: ExampleList): Promise<z.output<typeof candidatesSchema>> {
    return this.#get(ctx, '/candidates', candidatesSchema, { atsName: ATS, action: 'read candidates' }, list);
  }

  /** One page of the candidates that were deleted. */
  async deletedCandidates(ctx: CallContext, list: ExampleList): Promise<z.output<typeof deletedSchema>> {
    const call = { atsName: ATS, action: 'read deleted candidates' };
    return this.#get(ctx, '/candidates/deleted', deletedSchema, call, list);
  }

  /** @throws RecordNotFoundError */
  async job(ctx: CallContext, id: string): Promise<ExampleJob> {
    return this.#get(ctx, `/jobs/${encodeURIComponent(id)}`, jobSchema, reading('job', id));
  }

  /** @throws RecordNotFoundError */
  async candidate(ctx: CallContext, id: string): Promise<ExampleCandidate> {
    return this.#get(ctx, `/candidates/${encodeURIComponent(id)}`, candidateSchema, reading('candidate', id));
  }

  /** @throws RecordNotFoundError */
  async history(ctx: CallContext, candidateId: string): Promise<ExampleHistory> {
    const path = `/candidates/${encodeURIComponent(candidateId)}/history`;
    return this.#get(ctx, path, historySchema, reading('candidate', candidateId));
  }

  /** @throws RecordNotFoundError */
  async application(ctx: CallContext, id: string): Promise<ExampleApplication> {
    return this.#get(ctx, `/applications/${encodeURIComponent(id)}`, applicationSchema, reading('application', id));
  }

  /**
   * The résumé of a candidate, as it was uploaded.
   * @throws RecordNotFoundError
   * @throws AtsAnswerTooLargeError
   */
  async resume(
    ctx: CallContext,
    candidateId: string,
  ): Promise<{ readonly contentType: string; readonly bytes: Uint8Array }> {
    const call = reading('résumé of candidate', candidateId);
    const url = `${BASE_URL}/candidates/${encodeURIComponent(candidateId)}/resume`;
    const request = { method: 'GET', url, answer: 'bytes', maxBytes: MAX_ATTACHMENT_BYTES } as const;
    const { bytes = new Uint8Array(), headers } = await this.#call(ctx, call, request);
    return { contentType: headers['content-type'] ?? 'application/octet-stream', bytes };
  }

  /** Every webhook, whoever made it. */
  async webhooks(ctx: CallContext): Promise<readonly ExampleWebhook[]> {
    const all: ExampleWebhook[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await this.#get(ctx, '/webhooks', webhooksSchema, MANAGING, { cursor });
      all.push(...page.webhooks);
      if (!page.next_cursor) return all;
      cursor = page.next_cursor;
    }
  }

  /** Makes a webhook that delivers nothing yet. */
  async createWebhook(
    ctx: CallContext,
    webhook: { readonly url: string; readonly events: readonly string[] },
  ): Promise<z.output<typeof newWebhookSchema>> {
    const request = { method: 'POST', url: `${BASE_URL}/webhooks`, body: { json: webhook } } as const;
    // The secret is shown this once, and becomes a placeholder before it arrives here.
    const call = { ...MANAGING, about: 'webhook' } as const;
    return readAnswer(await this.#call(ctx, call, { ...request, secretsAt: ['/secret'] }), newWebhookSchema, call);
  }

  /** Lets a webhook deliver. Example ATS tries its address meanwhile. */
  async activateWebhook(ctx: CallContext, id: string): Promise<void> {
    const response = await this.#send(ctx, { method: 'POST', url: urlOfWebhook(id, '/activate'), repeatable: true });
    if (refusalOf(response).code === 'challenge_failed') {
      throw new WebhookRefusedError(ATS, 'it could not reach the callback address');
    }
    throwUnlessOk(response, { ...managing(id), about: 'webhook' });
  }

  /** Gives a webhook another secret. */
  async newWebhookSecret(ctx: CallContext, id: string): Promise<Secret> {
    const request = { method: 'POST', url: urlOfWebhook(id, '/secret'), secretsAt: ['/secret'] } as const;
    return readAnswer(await this.#call(ctx, managing(id), request), secretSchema, managing(id)).secret;
  }

  /** One page of what was delivered to a webhook, or could not be. */
  async webhookDeliveries(
    ctx: CallContext,
    id: string,
    query: { readonly since: string; readonly cursor: string | undefined },
  ): Promise<z.output<typeof deliveriesSchema>> {
    const request = { method: 'GET', url: urlOfWebhook(id, '/deliveries'), query } as const;
    return readAnswer(await this.#call(ctx, managing(id), request), deliveriesSchema, managing(id));
  }

  /** Removes a webhook; it may be gone already. */
  async deleteWebhook(ctx: CallContext, id: string): Promise<void> {
    const response = await this.#send(ctx, { method: 'DELETE', url: urlOfWebhook(id), repeatable: true });
    if (response.status !== 404) throwUnlessOk(response, managing(id));
  }

  async #get<Schema extends z.ZodType>(
    ctx: CallContext,
    path: string,
    schema: Schema,
    call: CallDescription,
    { since, cursor }: Partial<ExampleList> = {},
  ): Promise<z.output<Schema>> {
    const query = { updated_since: since, cursor };
    return readAnswer(await this.#call(ctx, call, { method: 'GET', url: `${BASE_URL}${path}`, query }), schema, call);
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

const MANAGING: CallDescription = { atsName: ATS, action: 'manage webhooks' };

function managing(remoteId: string): CallDescription {
  return { ...MANAGING, record: { type: 'webhook', remoteId } };
}

function urlOfWebhook(id: string, path = ''): string {
  return `${BASE_URL}/webhooks/${encodeURIComponent(id)}${path}`;
}

function reading(type: string, remoteId: string): CallDescription {
  return { atsName: ATS, action: `read a ${type}`, record: { type, remoteId } };
}

function throwUnlessOk(response: HttpResponse, call: CallDescription): void {
  if (response.status >= 200 && response.status < 300) return;
  const { code, field } = refusalOf(response);
  if (response.status === 422 && code && call.about === 'candidate') throw new CandidateRejectedError(ATS, code, field);
  throw failureOf(response, call, code);
}

// The vendor's `message` can repeat what was sent, which is personal data: the code says enough.
function refusalOf(response: HttpResponse): { readonly code?: string; readonly field?: string } {
  const parsed = errorSchema.safeParse(response.json);
  if (!parsed.success) return {};
  const { code, field } = parsed.data.error;
  return field ? { code, field } : { code };
}
