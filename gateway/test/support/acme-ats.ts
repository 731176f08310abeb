import {
  AtsUnavailableError,
  type CallContext,
  CandidateRejectedError,
  credentialFields,
  definePlugin,
  type ExportRequest,
  failureOf,
  type HttpClient,
  type HttpRequest,
  type Job,
  JobNotOpenError,
  type MirroredCandidate,
  type RediscoveryCapability,
  readAnswer,
  settingFields,
} from '@talentbridge/contracts';
import Fastify from 'fastify';
import { z } from 'zod';

/** What the vendor holds of one candidate: exactly what it was sent. */
export interface AcmeCandidate {
  readonly id: string;
  readonly record: ExportRequest['candidate'];
  readonly jobId: string | null;
}

/** One account of Acme ATS, as a test sees and bends it. */
export interface AcmeAccount {
  readonly candidates: AcmeCandidate[];
  /** Everything that was sent to it, also what it refused. */
  readonly received: AcmeCandidate['record'][];
  readonly jobs: (Job & { open: boolean })[];
  /** Last names that it refuses. */
  readonly refused: Set<string>;
  /** Last names for which it stores the candidate and then hangs up. */
  readonly silent: Set<string>;
  /** How long it takes for one candidate, in milliseconds. */
  delayMs: number;
  /** Whom it lists, for Rediscovery. */
  people: MirroredCandidate[];
  /** Ids of people whom it says it deleted. */
  readonly deleted: string[];
  /** Waited for before people are listed, whenever somebody asks. */
  beforeListing: () => Promise<void>;
  /** Waited for before anything is answered. */
  beforeAnswering: () => Promise<void>;
}

/** A running Acme ATS: an account for every key that comes. */
export interface AcmeAts extends AsyncDisposable {
  readonly url: string;
  account(key: string): AcmeAccount;
}

/** Starts Acme ATS, a made-up vendor that can neither take a key of ours nor be asked what became of a request. */
export async function startAcmeAts(): Promise<AcmeAts> {
  const accounts = new Map<string, AcmeAccount>();
  const account = (key: string): AcmeAccount => {
    const known = accounts.get(key) ?? newAccount();
    accounts.set(key, known);
    return known;
  };
  const app = Fastify();
  const ofRequest = (header: string | undefined): AcmeAccount => account(header?.replace('Bearer ', '') ?? '');
  app.addHook('preHandler', ({ headers }) => ofRequest(headers.authorization).beforeAnswering());
  app.get('/me', async ({ headers }) => ({ id: headers.authorization?.replace('Bearer ', '') }));
  app.get('/tags', async () => ({ tags: ['Welding', 'Urgent'] }));
  app.get('/jobs', async ({ headers }) => ({ jobs: ofRequest(headers.authorization).jobs }));
  app.get<{ Querystring: { from: string } }>('/people', async ({ headers, query }) => {
    const own = ofRequest(headers.authorization);
    await own.beforeListing();
    const from = Number(query.from);
    return { people: own.people.slice(from, from + PAGE), total: own.people.length, deleted: own.deleted };
  });
  app.get<{ Params: { id: string } }>('/files/:id', async ({ params }) => ({ text: `The text of ${params.id}.` }));
  app.post<{ Body: Omit<AcmeCandidate, 'id'> }>('/candidates', async ({ headers, body, raw }, reply) => {
    const own = ofRequest(headers.authorization);
    await new Promise((resolve) => setTimeout(resolve, own.delayMs));
    own.received.push(body.record);
    if (own.refused.has(body.record.lastName)) return reply.code(422).send({ error: 'last name refused' });
    if (body.jobId !== null && !own.jobs.some(({ remoteId, open }) => remoteId === body.jobId && open)) {
      return reply.code(409).send({ error: 'job closed' });
    }
    const id = `acme-${own.candidates.length + 1}`;
    own.candidates.push({ ...body, id });
    if (own.silent.has(body.record.lastName)) {
      raw.socket.destroy();
      return reply;
    }
    return reply.code(201).send({ id });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, account, [Symbol.asyncDispose]: () => app.close() };
}

function newAccount(): AcmeAccount {
  const job = (remoteId: string, title: string, code: string, department: string): AcmeAccount['jobs'][number] => {
    return {
      remoteId,
      title,
      code,
      department,
      open: true,
      statusLabel: 'Live',
      remoteUrl: `https://acme.test/jobs/${remoteId}`,
    };
  };
  return {
    candidates: [],
    received: [],
    jobs: [
      job('job-1', 'Welder', 'R-1', 'Yard'),
      job('job-2', 'Night Nurse', 'R-2', 'Ward'),
      job('job-3', 'Senior Welder', 'R-3', 'Yard'),
    ],
    refused: new Set(),
    silent: new Set(),
    delayMs: 0,
    people: [],
    deleted: [],
    beforeListing: async () => undefined,
    beforeAnswering: async () => undefined,
  };
}

/** People of one page. */
const PAGE = 10;

const HOST = 'api.acme-ats.test';
const jobs = z.object({ jobs: z.array(z.custom<Job>((job) => typeof Object(job).remoteId === 'string')) });
const people = z.object({
  people: z.array(z.custom<MirroredCandidate>((person) => typeof Object(person).remoteId === 'string')),
  total: z.number(),
  deleted: z.array(z.string()),
});

/** Where the plugin's calls are led to. */
export const acmeOverrides = (vendor: AcmeAts): Readonly<Record<string, string>> => ({ [HOST]: vendor.url });

/** The plugin of Acme ATS. Needs an email, takes two of them, one phone, known tags alone, and titles of 20 characters. */
export const acmePlugin = definePlugin({
  id: 'acme',
  displayName: 'Acme ATS',
  description: 'A made-up vendor for tests.',
  contracts: '^1.0.0',
  hosts: [HOST],
  credentials: credentialFields({ apiKey: { kind: 'secret', label: 'API key' } }),
  settings: settingFields({}),
  requirements: [],
  connect: ({ credentials, http }) => ({ http, key: credentials.apiKey }),
  identify: async (client, ctx) => {
    const call = { atsName: 'Acme ATS', action: 'read the account' };
    return {
      accountId: readAnswer(await send(client, ctx, { method: 'GET', url: '/me' }), z.object({ id: z.string() }), call)
        .id,
    };
  },
  capabilities: {
    permissions: () => ({ check: async () => [{ permission: 'all', label: 'Do everything', status: 'granted' }] }),
    rediscovery: acmeRediscovery,
    export: (client) => ({
      fields: [
        { name: 'firstName', label: 'First name' },
        { name: 'lastName', label: 'Last name', required: true },
        { name: 'emails', label: 'Email addresses', required: true, maxCount: 2 },
        { name: 'phones', label: 'Phone numbers', maxCount: 1 },
        { name: 'tags', label: 'Tags', note: 'Only tags that exist there.' },
        { name: 'socialUrls', label: 'Social links', networks: ['linkedin'] },
        { name: 'workExperience', label: 'Work experience', maxLength: 20, datePrecision: 'month' },
      ],
      limits: { tagMatching: 'caseInsensitive', concurrency: 4 },
      async listJobs(ctx) {
        const call = { atsName: 'Acme ATS', action: 'list jobs' };
        return {
          items: readAnswer(await send(client, ctx, { method: 'GET', url: '/jobs' }), jobs, call).jobs,
        };
      },
      async listTags(ctx) {
        const call = { atsName: 'Acme ATS', action: 'list tags' };
        return readAnswer(
          await send(client, ctx, { method: 'GET', url: '/tags' }),
          z.object({ tags: z.array(z.string()) }),
          call,
        ).tags;
      },
      async exportCandidate(ctx, { candidate, target }) {
        const call = { atsName: 'Acme ATS', action: 'create candidates' };
        const jobId = target.kind === 'job' ? target.jobRemoteId : null;
        const response = await send(client, ctx, {
          method: 'POST',
          url: '/candidates',
          body: { json: JSON.parse(JSON.stringify({ record: candidate, jobId })) },
        });
        if (response.status === 409) throw new JobNotOpenError('Acme ATS', jobId ?? '');
        if (response.status === 422)
          throw new CandidateRejectedError('Acme ATS', 'it does not take this last name', 'lastName');
        if (response.status >= 500) throw new AtsUnavailableError('Acme ATS', 'is away');
        const { id } = readAnswer(response, z.object({ id: z.string() }), call);
        return { outcome: 'CREATED', remoteId: id, remoteUrl: `https://acme.test/candidates/${id}`, warnings: [] };
      },
    }),
  },
});

type AcmeClient = { readonly http: HttpClient; readonly key: string };

/** Jobs and people with everything of theirs; who is deleted is told in runs of changes. */
function acmeRediscovery(client: AcmeClient): RediscoveryCapability {
  return {
    limits: { completeWhenFull: true },
    filters: ['status', 'job'],
    async pull(ctx, { kind, cursor = '0' }) {
      const call = { atsName: 'Acme ATS', action: 'list people' };
      const listed = cursor === '0' ? await send(client, ctx, { method: 'GET', url: '/jobs' }) : undefined;
      const page = readAnswer(await send(client, ctx, { method: 'GET', url: `/people?from=${cursor}` }), people, call);
      const next = Number(cursor) + page.people.length;
      return {
        candidates: page.people,
        jobs: listed ? readAnswer(listed, jobs, call).jobs : [],
        applications: [],
        gone: kind === 'changes' ? page.deleted.map((remoteId) => ({ kind: 'candidate', remoteId })) : [],
        ...(next < page.total ? { cursor: String(next) } : {}),
        mark: 'always',
        progress: { candidates: page.total, jobs: 3 },
      };
    },
    read: async () => ({ candidates: [], jobs: [], applications: [], gone: [] }),
    async fetchAttachment(ctx, { remoteId, filename }) {
      const call = { atsName: 'Acme ATS', action: 'read files' };
      const response = await send(client, ctx, { method: 'GET', url: `/files/${remoteId}` });
      const { text } = readAnswer(response, z.object({ text: z.string() }), call);
      return { filename, contentType: 'text/plain', bytes: new TextEncoder().encode(text) };
    },
  };
}

async function send(
  client: AcmeClient,
  ctx: CallContext,
  request: HttpRequest,
): Promise<Awaited<ReturnType<HttpClient['send']>>> {
  const response = await client.http.send(ctx, {
    ...request,
    url: `https://${HOST}${request.url}`,
    headers: { authorization: `Bearer ${client.key}` },
  });
  if (response.status < 400 || response.status === 409 || response.status === 422) return response;
  throw failureOf(response, { atsName: 'Acme ATS', action: 'answer' });
}
