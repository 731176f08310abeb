import {
  createSimulator,
  DIGITS,
  readMultipart,
  type Simulator,
  withUnknownProperties,
} from '@talentbridge/testkit/simulator';
import { z } from 'zod';

/** A job as the simulator holds it. */
export interface SimulatedJob {
  readonly id: string;
  readonly title: string;
  readonly number: string;
  readonly status: 'open' | 'closed';
  readonly city: string;
}

/** A candidate as the simulator holds it. */
export interface SimulatedCandidate extends z.output<typeof newCandidate> {
  readonly id: string;
  readonly url: string;
  readonly created_at: string;
  readonly job_ids: string[];
  resume?: { readonly filename: string; readonly bytes: number };
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
  readonly keys: SimulatedKey[];
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
const PAGE_SIZE = 50;

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
const newApplication = z.object({ candidate_id: z.string(), job_id: z.string() });

/** Starts Example ATS as ../README.md describes its API. */
export async function startSimulator(options: ExampleSimulatorOptions = {}): Promise<ExampleSimulator> {
  const jobs: SimulatedJob[] = [];
  const candidates: SimulatedCandidate[] = [];
  const keys: SimulatedKey[] = [];
  const reset = (): void => {
    jobs.splice(0, Infinity, ...(options.jobs ?? FIRST_JOBS));
    candidates.length = 0;
    keys.splice(0, Infinity, {
      key: SIMULATED_API_KEY,
      scopes: new Set(['jobs:read', 'candidates:read', 'candidates:write']),
    });
  };
  reset();

  const simulator = await createSimulator({
    name: 'Example ATS',
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    rateLimit: { requests: options.requestsPerMinute ?? 600, windowMs: 60_000 },
    errorBody: (status, message) => ({ error: { code: `status_${status}`, message } }),
    snapshot: () => ({ jobs, candidates }),
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

      app.get<{ Querystring: { status?: string; q?: string; cursor?: string; limit?: string } }>(
        '/v1/jobs',
        async ({ headers, query }) => {
          authorized(headers.authorization, 'jobs:read');
          const word = query.q?.toLowerCase() ?? '';
          const found = jobs.filter(
            ({ title, number, status }) =>
              (query.status === undefined || status === query.status) &&
              (title.toLowerCase().includes(word) || number.toLowerCase().includes(word)),
          );
          const start = query.cursor ? Number(Buffer.from(query.cursor, 'base64url').toString()) : 0;
          const end = start + Math.min(Number(query.limit ?? PAGE_SIZE), PAGE_SIZE);
          const nextCursor = end < found.length ? Buffer.from(String(end)).toString('base64url') : null;
          return withUnknownProperties({ jobs: found.slice(start, end), next_cursor: nextCursor });
        },
      );

      app.get<{ Querystring: { external_id?: string } }>('/v1/candidates', async ({ headers, query }) => {
        authorized(headers.authorization, 'candidates:read');
        const found = candidates.filter(({ external_id }) => external_id === query.external_id);
        return withUnknownProperties({ candidates: found });
      });

      app.post('/v1/candidates', async ({ headers, body }, reply) => {
        authorized(headers.authorization, 'candidates:write');
        const sent = newCandidate.safeParse(body);
        if (!sent.success) throw new Refusal(422, 'invalid', sent.error.issues[0]?.path.join('.'));
        const known = candidates.find(({ external_id }) => external_id === sent.data.external_id);
        if (known) return withUnknownProperties(known);
        const id = kit.random.id(8, DIGITS);
        const url = `https://app.example-ats.test/candidates/${id}`;
        const candidate = { ...sent.data, id, url, created_at: kit.clock.iso(), job_ids: [] };
        candidates.push(candidate);
        for (const email of candidate.emails) kit.creations.count(email);
        return reply.code(201).send(withUnknownProperties(candidate));
      });

      app.post('/v1/applications', async ({ headers, body }, reply) => {
        authorized(headers.authorization, 'candidates:write');
        const { candidate_id, job_id } = newApplication.parse(body);
        const candidate = candidates.find(({ id }) => id === candidate_id);
        if (!candidate) throw new Refusal(404, 'candidate_not_found');
        const job = jobs.find(({ id }) => id === job_id);
        if (!job) throw new Refusal(404, 'job_not_found');
        if (job.status === 'closed') throw new Refusal(422, 'job_closed');
        if (candidate.job_ids.includes(job_id)) throw new Refusal(409, 'already_attached');
        candidate.job_ids.push(job_id);
        return reply.code(201).send(withUnknownProperties({ id: kit.random.id(8, DIGITS), candidate_id, job_id }));
      });

      app.put<{ Params: { id: string } }>('/v1/candidates/:id/resume', async (request) => {
        authorized(request.headers.authorization, 'candidates:write');
        const candidate = candidates.find(({ id }) => id === request.params.id);
        if (!candidate) throw new Refusal(404, 'candidate_not_found');
        const [file] = (await readMultipart(request)).files;
        if (file?.bytes.subarray(0, 5).toString() !== '%PDF-') throw new Refusal(422, 'not_a_pdf', 'file');
        candidate.resume = { filename: file.filename, bytes: file.bytes.length };
        return withUnknownProperties(candidate.resume);
      });
    },
  });
  return { ...simulator, jobs, candidates, keys };
}

/** An answer that is no success, in the vendor's error shape. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly field?: string,
  ) {
    super(`Example ATS says: ${code}.`);
  }
}
