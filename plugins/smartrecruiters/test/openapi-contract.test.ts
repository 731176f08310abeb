import type { HttpClient, HttpRequest, HttpResponse, MirroredCandidate } from '@talentbridge/contracts';
import { CallbackReceiver, exportRequest, resumeFile, startConnection } from '@talentbridge/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { SIMULATED_TOKENS, type SmartRecruitersSimulatorOptions, startSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';
import { loadOpenApiContract, type OpenApiContract } from './openapi-contract.js';
import { type Exchange, startRecordingProxy } from './recording-proxy.js';
import { subjectOf } from './smartrecruiters-subject.js';

let contract: OpenApiContract;
beforeAll(async () => {
  contract = await loadOpenApiContract();
});

/** A simulator behind a proxy that writes everything down, and a connection through it. */
async function startRecorded(options: SmartRecruitersSimulatorOptions = {}) {
  const started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ rate: 0, jobs: 120, candidates: 35, ...options }));
  const proxy = started.use(await startRecordingProxy(simulator.url));
  const subject = subjectOf(simulator);
  const connection = started.use(
    await startConnection(plugin, { ...subject, hostOverrides: { 'api.smartrecruiters.com': proxy.url } }),
  );
  const [jobId = '', otherJobId = ''] = subject.export?.openJobIds() ?? [];
  return {
    simulator,
    proxy,
    connection,
    jobId,
    otherJobId,
    async ask(path: string, init: RequestInit = {}): Promise<Exchange> {
      const headers = { 'x-smarttoken': SIMULATED_TOKENS.full, ...Object(init.headers) };
      await (await fetch(`${proxy.url}${path}`, { ...init, headers })).arrayBuffer();
      const exchange = proxy.exchanges.at(-1);
      if (!exchange) throw new Error('Nothing passed the proxy.');
      return exchange;
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

type Recorded = Awaited<ReturnType<typeof startRecorded>>;

/** What the repertoire is run with. */
interface Stage extends Pick<Recorded, 'simulator' | 'jobId' | 'otherJobId'> {
  readonly connection: Pick<
    Recorded['connection'],
    'ctx' | 'exporter' | 'identify' | 'permissions' | 'rediscovery' | 'webhooks'
  >;
}

/** Everything that the plugin can do, the way the hub asks for it. */
async function runRepertoire(stage: Stage): Promise<void> {
  const { identify, permissions, ctx } = stage.connection;
  await identify(ctx);
  await permissions.check(ctx, ['permissions', 'export', 'rediscovery', 'webhooks']);
  await listen(stage);
  await mirror(stage);
  await exportAll(stage);
}

/** Everything that is done for webhooks. */
async function listen({ connection: { webhooks, ctx }, simulator, jobId }: Stage): Promise<void> {
  await using receiver = await CallbackReceiver.start(async (delivery) => {
    const read = await webhooks.read(ctx, delivery);
    return read.kind === 'handshake' ? read.answer : { status: webhooks.limits.acknowledgeWith ?? 200 };
  });
  const { remoteId } = await webhooks.subscribe(ctx, { callbackUrl: receiver.urlWith(receiver.token) });
  await webhooks.activate?.(ctx, remoteId);
  await webhooks.rotateSecret?.(ctx, remoteId);
  for (let times = 0; times < 60; times += 1) simulator.churn({ change: 1, status: 1 });
  simulator.account().setJobStatus(jobId, 'SOURCING', simulator.clock.iso());
  await simulator.webhooks.settled();
  const since = new Date(simulator.clock.now() - 60_000).toISOString();
  let cursor: string | undefined;
  do {
    const page = await webhooks.log?.(ctx, cursor === undefined ? { remoteId, since } : { remoteId, since, cursor });
    cursor = page?.cursor;
  } while (cursor !== undefined);
  await webhooks.list(ctx);
  await webhooks.unsubscribe(ctx, remoteId);
  await webhooks.unsubscribe(ctx, remoteId);
  await expect(webhooks.activate?.(ctx, remoteId)).rejects.toThrow();
}

/** Everything that is read for a mirror. */
async function mirror({ connection: { rediscovery, ctx }, simulator, jobId }: Stage): Promise<void> {
  const since = simulator.clock.iso();
  simulator.churn({ remove: 1, among: 'listed', pages: 1 });
  const held: MirroredCandidate[] = [];
  for (const run of [{ kind: 'all' }, { kind: 'changes', since }] as const) {
    let cursor: string | undefined;
    do {
      const page = await rediscovery.pull(ctx, cursor === undefined ? run : { ...run, cursor });
      held.push(...page.candidates);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  await rediscovery.read(ctx, [
    { kind: 'candidate', remoteId: held[0]?.remoteId ?? '' },
    { kind: 'candidate', remoteId: 'nobody' },
    { kind: 'job', remoteId: jobId },
    { kind: 'job', remoteId: 'no-job' },
  ]);
  for (const { remoteId: candidateRemoteId, attachments = [] } of held.slice(0, 10)) {
    for (const file of attachments) await rediscovery.fetchAttachment?.(ctx, { candidateRemoteId, ...file });
  }
}

/** Everything that is done for exports. */
async function exportAll({ connection, simulator, jobId, otherJobId }: Stage): Promise<void> {
  const { exporter, ctx } = connection;
  await exporter.checkSource?.(ctx);
  for (const search of [undefined, 'engineer']) {
    let cursor: string | undefined;
    do {
      const query = { ...(search === undefined ? {} : { search }), ...(cursor === undefined ? {} : { cursor }) };
      ({ cursor } = await exporter.listJobs(ctx, query));
    } while (cursor !== undefined);
  }

  const resume = resumeFile();
  const target = { kind: 'job', jobRemoteId: jobId } as const;
  const tags = ['golang', 'backend'];
  const toJob = exportRequest({ target, resume, candidate: { tags } });
  const { remoteId } = await exporter.exportCandidate(ctx, toJob);
  await exporter.exportCandidate(ctx, exportRequest({ target }));
  await exporter.exportCandidate(ctx, exportRequest({ resume }));
  const bare = { phones: [], socialUrls: [], workExperience: [], education: [], address: {} };
  await exporter.exportCandidate(ctx, exportRequest({ candidate: bare }));
  // Once more, to another job, by what the hub looked up, and after an interruption.
  await exporter.exportCandidate(ctx, exportRequest({ target, candidate: toJob.candidate }));
  const elsewhere = { kind: 'job', jobRemoteId: otherJobId } as const;
  await exporter.exportCandidate(ctx, exportRequest({ target: elsewhere, candidate: toJob.candidate }));
  await exporter.exportCandidate(ctx, { ...toJob, lookedUp: { found: { remoteId } } });
  await exporter.exportCandidate(ctx, { ...toJob, existing: { remoteId } });
  await exporter.findExported?.(ctx, toJob);
  await exporter.findExported?.(ctx, exportRequest({ target }));
  // What is refused.
  const gone = { kind: 'job', jobRemoteId: 'job-of-nobody' } as const;
  await expect(exporter.exportCandidate(ctx, exportRequest({ target: gone }))).rejects.toThrow();
  await expect(
    exporter.exportCandidate(ctx, exportRequest({ candidate: { emails: ['no address'] } })),
  ).rejects.toThrow();
  simulator.account().job(jobId).status = 'FILLED';
  await expect(exporter.exportCandidate(ctx, exportRequest({ target }))).rejects.toThrow();
}

describe('the OpenAPI document of SmartRecruiters', () => {
  it.each(['existing', 'new', 'conflict'] as const)(
    'PLG-4: describes every request of the plugin, and every answer of the simulator that says "%s"',
    async (duplicates) => {
      await using recorded = await startRecorded({ duplicates });
      const { proxy } = recorded;
      if (duplicates === 'conflict') {
        await runRepertoire(recorded).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'CANDIDATE_REJECTED' });
        });
      } else {
        await runRepertoire(recorded);
      }
      expect(await breachesIn(proxy.exchanges)).toEqual([]);
      const asked = new Set(proxy.exchanges.map(({ method, target }) => `${method} ${templateOf(target)}`));
      expect([...asked].toSorted()).toEqual(expect.arrayContaining(duplicates === 'conflict' ? [] : REPERTOIRE));
    },
  );

  it('OPS-1: knows every lane that the plugin names, as the very endpoint that is asked', async () => {
    await using recorded = await startRecorded();
    const { simulator, connection } = recorded;
    const lanes = new Set<string>();
    const http: HttpClient = {
      async send(_ctx, request) {
        const { lane = 'none', method, url } = request;
        lanes.add(lane);
        expect(lane).toBe(contract.endpointOf(method, new URL(url).pathname));
        const response = await forward(simulator.url, request);
        // As the client conceals what a request names as secret.
        return request.secretsAt ? { ...response, json: { secretKey: '[secret secretKey 0]' } } : response;
      },
    };
    const credentials = { smartToken: SIMULATED_TOKENS.full };
    const settings = { environment: 'production', sourceName: 'SeekOut', mirrorAttachments: 'metadata' };
    const opened = plugin.open({ credentials, settings, http });
    const exporter = opened.capability('export');
    const permissions = opened.capability('permissions');
    const rediscovery = opened.capability('rediscovery');
    const webhooks = opened.capability('webhooks');
    if (!exporter || !permissions || !rediscovery || !webhooks) throw new Error('The plugin has them all.');
    const { ctx } = connection;
    await runRepertoire({
      ...recorded,
      connection: {
        ctx,
        exporter,
        permissions,
        rediscovery,
        webhooks,
        identify: (context) => opened.identify(context),
      },
    });
    expect([...lanes]).toEqual(expect.arrayContaining(Object.keys(plugin.pace({}).lanes ?? {})));
    // The simulator counts by the same names.
    expect([...lanes].toSorted()).toEqual(
      simulator
        .traffic()
        .map(({ endpoint }) => endpoint)
        .toSorted(),
    );
  });

  it('PLG-4: describes what the simulator refuses: unknown tokens, missing rights, and too much at once', async () => {
    await using recorded = await startRecorded({ rate: 1 });
    const { ask, simulator } = recorded;
    const unknown = await ask('/jobs', { headers: { 'x-smarttoken': 'nobody' } });
    for (const { scopes } of simulator.account().tokens) scopes.delete('candidates_read');
    const exchanges = [
      unknown,
      await ask('/candidates'),
      await ask('/candidates'),
      await ask('/candidates/nobody/attachments'),
      await ask('/jobs/nobody'),
      await ask('/jobs?limit=100'),
    ];
    expect(exchanges.map(({ answer }) => answer.status)).toEqual([401, 403, 429, 403, 404, 200]);
    expect(await breachesIn(exchanges)).toEqual([]);
  });

  it('PLG-4: describes the rest of what the simulator serves', async () => {
    await using recorded = await startRecorded();
    const { ask, connection, jobId } = recorded;
    const request = exportRequest({ target: { kind: 'job', jobRemoteId: jobId }, resume: resumeFile() });
    const { remoteId } = await connection.exporter.exportCandidate(connection.ctx, request);
    const json = (method: string, body: unknown): RequestInit => ({
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const at = `/candidates/${remoteId}`;
    const fileId = recorded.simulator.account().candidate(remoteId).attachments[0]?.id;
    const exchanges = [
      await ask(`/jobs/${jobId}/status/history`),
      await ask(`${at}/jobs/${jobId}`),
      await ask(`${at}/jobs/${jobId}/status`, json('PUT', { status: 'REJECTED', reason: 'rejection-1' })),
      await ask(at),
      await ask(`${at}/jobs/${jobId}/status`, json('PUT', { status: 'INTERVIEW', subStatus: 'Interview 1' })),
      await ask(`${at}/jobs/${jobId}/status/history`),
      await ask(`${at}/jobs/${jobId}/source`, json('PUT', sourceIn(recorded.simulator))),
      await ask('/candidates?status=INTERVIEW&status=LEAD&subStatus=Interview%201&limit=1'),
      await ask(`/candidates?jobId=${jobId}&updatedAfter=2020-01-01T00:00:00.000Z`),
      await ask(at, json('PATCH', { firstName: 'Ida' })),
      await ask('/jobs?updatedAfter=2020-01-01T00:00:00.000Z'),
      await ask(`${at}/attachments/${fileId}`),
      await ask(`/candidates/attachments/${fileId}`, { method: 'DELETE' }),
      await ask(`/candidates/attachments/${fileId}`),
      await ask('/configuration/departments'),
      await ask('/configuration/rejection-reasons'),
      await ask('/configuration/withdrawal-reasons'),
      await ask('/configuration/hiring-processes'),
      await ask(at, { method: 'DELETE' }),
    ];
    expect(exchanges.map(({ answer }) => answer.status)).toEqual([
      200, 200, 204, 200, 204, 200, 204, 200, 200, 200, 200, 200, 204, 404, 200, 200, 200, 200, 204,
    ]);
    expect(await breachesIn(exchanges)).toEqual([]);
  });

  it('PLG-4: describes what the simulator serves of webhooks beside what the plugin asks for', async () => {
    await using recorded = await startRecorded();
    await using receiver = await CallbackReceiver.start(async ({ headers }) => ({
      status: 200,
      headers: { 'x-hook-secret': headers['x-hook-secret'] ?? '' },
    }));
    const { ask, simulator } = recorded;
    const prefix = '/webhooks-api/v201907/subscriptions';
    const post = (body: unknown): RequestInit => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const callbackUrl = receiver.urlWith(receiver.token);
    const created = await ask(prefix, post({ callbackUrl, events: ['candidate.deleted', 'offer.created'] }));
    const [subscription] = simulator.webhooks.subscriptions();
    const at = `${prefix}/${subscription?.id}`;
    const exchanges = [
      created,
      await ask(at),
      await ask(`${at}/secret-key`),
      await ask(`${at}/secret-key`, { method: 'POST' }),
      await ask(`${at}/secret-key`),
      await ask(`${at}/activation`, { method: 'PUT' }),
      await ask(`${prefix}?limit=1`),
      await ask(`${at}/callbacks-log?callbackStatus=failed&before=2030-01-01T00:00:00.000Z`),
      await ask(prefix, post({ callbackUrl: 'http://hub.example/hooks', events: ['candidate.deleted'] })),
      await ask(`${prefix}/nobody`),
    ];
    if (subscription) simulator.webhooks.suspend(subscription);
    exchanges.push(await ask(at), await ask(at, { method: 'DELETE' }), await ask(at));
    expect(exchanges.map(({ answer }) => answer.status)).toEqual([
      201, 200, 404, 201, 200, 204, 200, 200, 400, 404, 200, 204, 404,
    ]);
    expect(await breachesIn(exchanges)).toEqual([]);
  });
});

/** Sends a request of the plugin to the simulator as it is, with none of the hub's client between them. */
async function forward(
  to: string,
  { method, url, query = {}, headers = {}, body }: HttpRequest,
): Promise<HttpResponse> {
  const { pathname } = new URL(url);
  const target = new URL(pathname, to);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) target.searchParams.set(name, String(value));
  const init: RequestInit = { method, headers: { ...headers } };
  if (body && 'json' in body) {
    init.headers = { ...headers, 'content-type': 'application/json' };
    init.body = JSON.stringify(body.json);
  }
  if (body && 'multipart' in body) {
    const form = new FormData();
    for (const { name, value, filename } of body.multipart) {
      if (typeof value === 'string') form.set(name, value);
      else form.set(name, new Blob([new Uint8Array(value)]), filename);
    }
    init.body = form;
  }
  const response = await fetch(target, init);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    return { status, headers: Object.fromEntries(response.headers), json: undefined, text: '', bytes };
  }
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), json: JSON.parse(text), text };
}

/** Every operation that the plugin uses. */
const REPERTOIRE = [
  'GET /candidates',
  'GET /candidates/attachments/{id}',
  'GET /candidates/{id}',
  'GET /candidates/{id}/attachments',
  'GET /candidates/{id}/jobs/{id}/attachments',
  'GET /configuration/company',
  'GET /configuration/sources',
  'GET /configuration/sources/{id}/values',
  'GET /jobs',
  'GET /jobs/{id}',
  'POST /candidates',
  'POST /candidates/{id}/attachments',
  'POST /candidates/{id}/jobs/{id}/attachments',
  'POST /jobs/{id}/candidates',
  'DELETE /webhooks-api/v201907/subscriptions/{id}',
  'GET /webhooks-api/v201907/subscriptions',
  'GET /webhooks-api/v201907/subscriptions/{id}/callbacks-log',
  'POST /webhooks-api/v201907/subscriptions',
  'POST /webhooks-api/v201907/subscriptions/{id}/secret-key',
  'PUT /webhooks-api/v201907/subscriptions/{id}/activation',
];

describe('the validator', () => {
  const valid: Exchange = {
    method: 'POST',
    target: '/candidates',
    headers: { 'content-type': 'application/json', 'x-smarttoken': 'one' },
    body: json({ firstName: 'Ada', lastName: 'Okafor', email: 'ada@mail.example' }),
    answer: {
      status: 201,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-ratelimit-limit': '10',
        'x-ratelimit-remaining': '9',
        'x-ratelimit-concurrent-limit': '8',
        'x-ratelimit-concurrent-remaining': '7',
      },
      body: json({ id: 'c-1', createdOn: '2026-01-01T00:00:00.000Z' }),
    },
  };
  const answering = (change: Partial<Exchange['answer']>): Exchange => ({
    ...valid,
    answer: { ...valid.answer, ...change },
  });

  it('lets an exchange pass that keeps to the document', async () => {
    expect(await contract.breaches(valid)).toEqual([]);
  });

  it.each<[string, Exchange, string]>([
    ['an unknown operation', { ...valid, target: '/candidates/c-1/messages' }, 'is no operation'],
    ['a method that the path does not have', { ...valid, method: 'PUT' }, 'is no operation'],
    ['a body without a required property', { ...valid, body: json({ firstName: 'Ada', lastName: 'O' }) }, 'email'],
    [
      'a body with a misspelt property',
      { ...valid, body: json({ firstName: 'A', lastName: 'O', email: 'a@b.c', web: { linkedIn: 'x' } }) },
      'must NOT have additional properties',
    ],
    [
      'a body with a date of another form',
      {
        ...valid,
        body: json({ firstName: 'A', lastName: 'O', email: 'a@b.c', experience: [{ startDate: '3/2020' }] }),
      },
      'must match pattern',
    ],
    ['a body that is missing', { ...valid, body: Buffer.alloc(0) }, 'requestBody'],
    ['a body of another type', { ...valid, headers: { 'content-type': 'text/plain' } }, 'takes no text/plain'],
    [
      'an attachment without its type',
      {
        ...valid,
        target: '/candidates/c-1/attachments',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: Buffer.from(
          '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF\r\n--x--\r\n',
        ),
      },
      'attachmentType',
    ],
    [
      'a query parameter that nobody knows',
      { ...valid, target: '/candidates?dryRun=true' },
      'must NOT have additional',
    ],
    ['an answer of an undeclared status', answering({ status: 418 }), 'does not answer 418'],
    ['an answer of another shape', answering({ body: json({ id: 7 }) }), 'must be string'],
    [
      'an answer with a date of another form',
      answering({ body: json({ id: 'c-1', createdOn: 'yesterday' }) }),
      'must match format',
    ],
    [
      'an answer of another type',
      answering({ headers: { ...valid.answer.headers, 'content-type': 'text/html' } }),
      'text/html',
    ],
    [
      'an answer without the rate limit',
      answering({ headers: { 'content-type': 'application/json' } }),
      'lacks x-ratelimit-limit',
    ],
  ])('PLG-4: finds %s', async (_what, exchange, breach) => {
    expect((await contract.breaches(exchange)).join('\n')).toContain(breach);
  });

  it.each(['?limit=0', '?limit=101', '?limit=many', '?status=ACTIVE', '?updatedAfter=yesterday', '?offset=10'])(
    'PLG-4: finds the wrong query %s of a list',
    async (query) => {
      const list = { ...valid, method: 'GET', target: `/candidates${query}`, headers: {}, body: Buffer.alloc(0) };
      const body = json({ limit: 10, offset: 0, totalFound: 0, content: [] });
      const exchange = { ...list, answer: { ...valid.answer, status: 200, body } };
      expect(await contract.breaches({ ...exchange, target: '/candidates?limit=10' })).toEqual([]);
      expect(await contract.breaches(exchange)).not.toEqual([]);
    },
  );
});

function sourceIn(simulator: Recorded['simulator']): unknown {
  const type = simulator.account().sourceTypes.at(-1);
  return { sourceTypeId: type?.id, sourceId: type?.values[0]?.id };
}

async function breachesIn(exchanges: readonly Exchange[]): Promise<readonly string[]> {
  expect(exchanges).not.toHaveLength(0);
  return (await Promise.all(exchanges.map((exchange) => contract.breaches(exchange)))).flat();
}

function templateOf(target: string): string {
  const [path = ''] = target.split('?');
  return path.replace(/\/[0-9a-f]{8}-[0-9a-f-]{27}/g, '/{id}');
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
