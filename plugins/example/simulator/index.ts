import {
  createSimulator,
  DIGITS,
  readMultipart,
  type Simulator,
  withUnknownProperties,
} from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import { found, type ListQuery, pageOf, Refusal, type WithId } from './answers.js';
import { SimulatedWebhooks, webhookRoutes } from './webhooks.js';

export { dataCopyOf } from './data-copy.js';

/** A job as the simulator holds it. */
export interface SimulatedJob {
  readonly id: string;
  readonly title: string;
  readonly number: string;
  readonly status: 'open' | 'closed';
  readonly city: string;
  /** Absent: since the account was opened. */
  readonly updated_at?: string;
}

/** A candidate as the simulator holds it. */
export interface SimulatedCandidate extends z.output<typeof newCandidate> {
  readonly id: string;
  readonly url: string;
  readonly created_at: string;
  updated_at: string;
  readonly job_ids: string[];
  resume?: {
    readonly filename: string;
    /** Of the media, where it is no PDF: the API takes none other, but a user of Example ATS can add what they like. */
    readonly content_type?: string;
    readonly size: number;
    /** In base64. */
    readonly content: string;
  };
}

/** A candidate on a job, as the simulator holds it. */
export interface SimulatedApplication {
  readonly id: string;
  readonly candidate_id: string;
  readonly job_id: string;
  readonly created_at: string;
  status: 'active' | 'hired' | 'rejected' | 'withdrawn';
  updated_at: string;
}

/** What a user wrote about a candidate. */
export interface SimulatedNote {
  readonly id: string;
  readonly candidate_id: string;
  readonly text: string;
  readonly author: { readonly first_name: string; readonly last_name: string };
  /** Who may read it: every user, or the author alone. */
  readonly readers: 'all' | 'author';
  readonly created_at: string;
}

/** A key and what it may do. */
export interface SimulatedKey {
  readonly key: string;
  readonly scopes: Set<string>;
}

/** A running Example ATS, with its data within reach of tests. */
export interface ExampleSimulator extends Simulator {
  readonly jobs: SimulatedJob[];
  readonly candidates: SimulatedCandidate[];
  readonly applications: SimulatedApplication[];
  readonly notes: SimulatedNote[];
  readonly keys: SimulatedKey[];
  /** `tell` it what a test changes by hand. */
  readonly webhooks: SimulatedWebhooks;
  /** Deletes a candidate with all applications, as a user of Example ATS does. */
  deleteCandidate(id: string): void;
}

/** Settings of the simulator. */
export interface ExampleSimulatorOptions {
  readonly port?: number;
  readonly host?: string;
  /** Default: two open jobs and a closed one. */
  readonly jobs?: readonly SimulatedJob[];
  /** Requests a minute for each key. Default 600. */
  readonly requestsPerMinute?: number;
}

/** The key that a fresh simulator knows. It opens nothing but a simulator. */
export const SIMULATED_API_KEY = 'example-key-0123456789abcdef';

const FIRST_JOBS: readonly SimulatedJob[] = [
  { id: 'job-1', title: 'Welder', number: 'R-1', status: 'open', city: 'Bremen' },
  { id: 'job-2', title: 'Data Engineer', number: 'R-2', status: 'open', city: 'Leeds' },
  { id: 'job-3', title: 'Night Nurse', number: 'R-3', status: 'closed', city: 'Porto' },
];
const ACCOUNT_OPENED = '2024-01-01T00:00:00.000Z';

const newCandidate = z.object({
  external_id: z.string().min(1),
  source: z.string(),
  first_name: z.string().max(100),
  last_name: z.string().min(1).max(100),
  emails: z.array(z.string()).max(3),
  phones: z.array(z.object({ number: z.string(), type: z.string() })).max(3),
  links: z.array(z.object({ network: z.string(), url: z.string() })),
  positions: z.array(
    z.object({
      employer: z.string(),
      title: z.string().nullable(),
      from: z.string().nullable(),
      to: z.string().nullable(),
    }),
  ),
  tags: z.array(z.string()),
});
const changedCandidate = newCandidate.pick({ first_name: true, last_name: true, emails: true, phones: true }).partial();
const newApplication = z.object({ candidate_id: z.string(), job_id: z.string() });

/** Everybody begins as active. */
export function changesOf({ id, status, created_at, updated_at }: SimulatedApplication) {
  const changes = [{ application_id: id, status: 'active', at: created_at }];
  return status === 'active' ? changes : [...changes, { application_id: id, status, at: updated_at }];
}

/** Starts Example ATS as ../README.md describes its API. */
export async function startSimulator(options: ExampleSimulatorOptions = {}): Promise<ExampleSimulator> {
  const jobs: SimulatedJob[] = [];
  const candidates: SimulatedCandidate[] = [];
  const applications: SimulatedApplication[] = [];
  const notes: SimulatedNote[] = [];
  const deleted: { readonly id: string; readonly deleted_at: string }[] = [];
  const keys: SimulatedKey[] = [];
  const webhooks = new SimulatedWebhooks(() => simulator);
  const reset = (): void => {
    jobs.splice(0, Infinity, ...(options.jobs ?? FIRST_JOBS));
    for (const list of [candidates, applications, notes, deleted]) list.length = 0;
    webhooks.reset();
    keys.splice(0, Infinity, {
      key: SIMULATED_API_KEY,
      scopes: new Set(['jobs:read', 'candidates:read', 'candidates:write', 'webhooks:manage']),
    });
  };
  reset();

  const simulator = await createSimulator({
    name: 'Example ATS',
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    rateLimit: { requests: options.requestsPerMinute ?? 600, windowMs: 60_000 },
    errorBody: (status, message) => ({ error: { code: `status_${status}`, message } }),
    snapshot: () => ({ jobs, candidates, applications, notes, deleted, webhooks: webhooks.shown() }),
    reset,
    register(app, kit) {
      app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
        const { status, code, field } =
          error instanceof Refusal ? error : { status: error.statusCode ?? 500, code: 'bad_request', field: undefined };
        return reply.code(status).send({ error: { code, message: error.message, ...(field ? { field } : {}) } });
      });
      const authorized = (header: string | undefined, scope?: string): SimulatedKey => {
        const key = keys.find(({ key }) => header === `Bearer ${key}`);
        if (!key) throw new Refusal(401, 'unknown_key');
        if (scope && !key.scopes.has(scope)) throw new Refusal(403, 'scope_missing');
        return key;
      };

      app.get('/v1/me', async ({ headers }) => {
        const { scopes } = authorized(headers.authorization);
        return withUnknownProperties({ account: { id: 'acc-1', name: 'Example Co' }, scopes: [...scopes] });
      });

      app.get<ListQuery>('/v1/jobs', async ({ headers, query }) => {
        authorized(headers.authorization, 'jobs:read');
        const { status: wanted, q = '', updated_since: since = '' } = query;
        const found = jobs.filter(
          ({ title, number, status, updated_at = ACCOUNT_OPENED }) =>
            (wanted === undefined || status === wanted) &&
            `${title} ${number}`.toLowerCase().includes(q.toLowerCase()) &&
            updated_at >= since,
        );
        const { items, next_cursor } = pageOf(found, query);
        return withUnknownProperties({ jobs: items, next_cursor });
      });
      app.get<WithId>('/v1/jobs/:id', async ({ headers, params }) => {
        authorized(headers.authorization, 'jobs:read');
        return withUnknownProperties(found(jobs, params.id, 'job_not_found'));
      });

      const shown = ({ resume, ...candidate }: SimulatedCandidate) => ({
        ...candidate,
        applications: applications.filter(({ candidate_id }) => candidate_id === candidate.id),
        resume: resume ? { filename: resume.filename, size: resume.size } : null,
      });
      app.get<ListQuery>('/v1/candidates', async ({ headers, query }) => {
        authorized(headers.authorization, 'candidates:read');
        const { external_id: wanted, updated_since: since = '' } = query;
        const matching = candidates.filter(
          ({ external_id, updated_at }) => (wanted === undefined || external_id === wanted) && updated_at >= since,
        );
        const { items, next_cursor } = pageOf(matching, query);
        return withUnknownProperties({ candidates: items.map(shown), next_cursor });
      });
      app.get<ListQuery>('/v1/candidates/deleted', async ({ headers, query }) => {
        authorized(headers.authorization, 'candidates:read');
        const { updated_since: since = '' } = query;
        const { items, next_cursor } = pageOf(
          deleted.filter(({ deleted_at }) => deleted_at >= since),
          query,
        );
        return withUnknownProperties({ deleted: items, next_cursor });
      });
      app.get<WithId>('/v1/candidates/:id', async ({ headers, params }) => {
        authorized(headers.authorization, 'candidates:read');
        return withUnknownProperties(shown(found(candidates, params.id, 'candidate_not_found')));
      });
      app.get<WithId>('/v1/candidates/:id/history', async ({ headers, params }) => {
        authorized(headers.authorization, 'candidates:read');
        const { id } = found(candidates, params.id, 'candidate_not_found');
        const isTheirs = ({ candidate_id }: { readonly candidate_id: string }) => candidate_id === id;
        const changes = applications.filter(isTheirs).flatMap(changesOf);
        return withUnknownProperties({ notes: kit.random.shuffle(notes.filter(isTheirs)), changes });
      });
      app.get<WithId>('/v1/applications/:id', async ({ headers, params }) => {
        authorized(headers.authorization, 'candidates:read');
        return withUnknownProperties(found(applications, params.id, 'application_not_found'));
      });

      app.post('/v1/candidates', async ({ headers, body }, reply) => {
        authorized(headers.authorization, 'candidates:write');
        const sent = newCandidate.safeParse(body);
        if (!sent.success) throw new Refusal(422, 'invalid', sent.error.issues[0]?.path.join('.'));
        const known = candidates.find(({ external_id }) => external_id === sent.data.external_id);
        if (known) return withUnknownProperties(shown(known));
        const id = kit.random.id(8, DIGITS);
        const url = `https://app.example-ats.test/candidates/${id}`;
        const now = kit.clock.iso();
        const candidate = { ...sent.data, id, url, created_at: now, updated_at: now, job_ids: [] };
        candidates.push(candidate);
        webhooks.tell('candidate.created', { candidate_id: id });
        for (const email of candidate.emails) kit.creations.count(email);
        return reply.code(201).send(withUnknownProperties(shown(candidate)));
      });

      app.patch<WithId>('/v1/candidates/:id', async ({ headers, body, params }) => {
        authorized(headers.authorization, 'candidates:write');
        const candidate = found(candidates, params.id, 'candidate_not_found');
        const sent = changedCandidate.safeParse(body);
        if (!sent.success) throw new Refusal(422, 'invalid', sent.error.issues[0]?.path.join('.'));
        Object.assign(candidate, sent.data, { updated_at: kit.clock.iso() });
        webhooks.tell('candidate.updated', { candidate_id: candidate.id });
        return withUnknownProperties(shown(candidate));
      });

      app.post('/v1/applications', async ({ headers, body }, reply) => {
        authorized(headers.authorization, 'candidates:write');
        const { candidate_id, job_id } = newApplication.parse(body);
        const candidate = found(candidates, candidate_id, 'candidate_not_found');
        const job = found(jobs, job_id, 'job_not_found');
        if (job.status === 'closed') throw new Refusal(422, 'job_closed');
        if (candidate.job_ids.includes(job_id)) throw new Refusal(409, 'already_attached');
        candidate.job_ids.push(job_id);
        const now = kit.clock.iso();
        candidate.updated_at = now;
        const id = kit.random.id(8, DIGITS);
        applications.push({ id, candidate_id, job_id, status: 'active', created_at: now, updated_at: now });
        webhooks.tell('application.created', { application_id: id, candidate_id, job_id });
        return reply.code(201).send(withUnknownProperties({ id, candidate_id, job_id }));
      });

      app.put<WithId>('/v1/candidates/:id/resume', async (request) => {
        authorized(request.headers.authorization, 'candidates:write');
        const candidate = found(candidates, request.params.id, 'candidate_not_found');
        const [file] = (await readMultipart(request)).files;
        if (file?.bytes.subarray(0, 5).toString() !== '%PDF-') throw new Refusal(422, 'not_a_pdf', 'file');
        const { filename, bytes } = file;
        candidate.resume = { filename, size: bytes.length, content: bytes.toString('base64') };
        candidate.updated_at = kit.clock.iso();
        webhooks.tell('candidate.updated', { candidate_id: candidate.id });
        return withUnknownProperties({ filename, size: bytes.length });
      });
      app.get<WithId>('/v1/candidates/:id/resume', async ({ headers, params }, reply) => {
        authorized(headers.authorization, 'candidates:read');
        const { resume } = found(candidates, params.id, 'candidate_not_found');
        if (!resume) throw new Refusal(404, 'resume_not_found');
        return reply.type(resume.content_type ?? 'application/pdf').send(Buffer.from(resume.content, 'base64'));
      });
      webhookRoutes(app, webhooks, (header) => authorized(header, 'webhooks:manage'));
    },
  });
  simulator.clock.onAdvance((now) => webhooks.retry(now));
  return {
    ...simulator,
    jobs,
    candidates,
    applications,
    notes,
    keys,
    webhooks,
    deleteCandidate(id) {
      candidates.splice(candidates.indexOf(found(candidates, id, 'candidate_not_found')), 1);
      const left = applications.filter(({ candidate_id }) => candidate_id !== id);
      applications.splice(0, Infinity, ...left);
      deleted.push({ id, deleted_at: simulator.clock.iso() });
      webhooks.tell('candidate.deleted', { candidate_id: id });
    },
  };
}
