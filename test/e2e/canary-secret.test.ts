import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { LinkedInSimulator } from '@talentbridge/plugin-linkedin-recruiter/simulator';
import type { FaultRule } from '@talentbridge/testkit/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseText } from '../support/database-text.ts';
import { type OrganizationClient, organizationOf } from '../support/organization-client.ts';
import {
  connectNetwork,
  enableIntegrations,
  MEMBERS,
  NETWORK,
  networkPlugin,
  startNetwork,
} from '../support/paired-systems.ts';
import { type RunningSystem, startSystem, until, type Variables } from '../support/running-system.ts';
import { introspect, type RootField, rootFields, WIDE_LIMITS } from '../support/whole-operation.ts';

/** Taken by the vendors. Every common encoding changes some part of it, and none changes its middle. */
const CANARY = 'Key+/\\=&<%>~cAnArY7SeCrEt3ThAtWoRkS~<%>&=\\/+';
/** Refused by the vendors. */
const WRONG_CANARY = 'Key+/\\=&<%>~cAnArY9SeCrEt5ThAtIsWrOnG~<%>&=\\/+';

/** How a text can look in logs, answers, dumps and payloads. */
function formsOf(text: string): readonly string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    // What depends on the neighbours is cut off.
    return padded.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6));
  });
  return [
    text,
    encodeURIComponent(text),
    new URLSearchParams([['', text]]).toString().slice(1),
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    Buffer.from(text).toString('hex'),
  ];
}

const middleOf = (canary: string): string => canary.split('~')[1] ?? canary;
const traces = [CANARY, WRONG_CANARY].flatMap((canary) => [...formsOf(canary), ...formsOf(middleOf(canary))]);

/** The traces of a canary in a text, whatever the case of hexadecimal digits and escapes. */
function tracesIn(text: string): readonly string[] {
  const lower = text.toLowerCase();
  return [...new Set(traces)].filter((trace) => lower.includes(trace.toLowerCase()));
}

let network: LinkedInSimulator;
let system: RunningSystem;
let fields: ReadonlyMap<string, RootField>;
let organization: OrganizationClient;
const used = new Set<string>();
const printed: string[] = [];
const dumps: string[] = [];
const thrown: unknown[] = [];

/** Subscriptions that do not end by themselves. */
const ENDLESS: ReadonlySet<string> = new Set(['newApplications', 'systemConnectionChanged']);

/** Asks for a field with everything below it. */
async function call(
  name: string,
  variables: Variables = {},
  roles: readonly ('ADMIN' | 'RECRUITER' | 'OPERATOR')[] = ['ADMIN', 'RECRUITER'],
) {
  const field = fields.get(name);
  if (!field) throw new Error(`The schema has no field ${name}.`);
  used.add(name);
  const asker = { organizationId: organization.id, roles };
  const answer =
    field.kind === 'subscription'
      ? await system.follow(field.document, variables, asker, ENDLESS.has(name) ? 300 : undefined)
      : await system.query(field.document, variables, asker);
  if (answer.status >= 500) throw new Error(`${name}: ${answer.text}`);
  return answer.data?.[name];
}

/** Joins an ATS with a network whose secret is the canary, and asks for everything that there is about the two. */
async function joinNetwork(atsConnectionId: string, candidateId: string): Promise<void> {
  const connectionId = await connectNetwork(organization, { ...NETWORK, clientSecret: CANARY });
  const input = (value: Variables) => ({ input: value });
  await call('pairSystems', input({ connectionId, atsConnectionId }));
  await enableIntegrations({ organization, connectionId }, network, NETWORK);
  await call('refreshSystemConnection', { connectionId });
  await call('systemConnections');
  await call('systemConnection', { connectionId });
  await call('systemConnectionChanged', { connectionId });
  const seatId = 'urn:li:seat:555';
  await call('connectSeat', input({ connectionId, seatId }));
  await call('disconnectSeat', input({ connectionId, seatId }));
  await call('linkProfile', input({ candidateId, member: MEMBERS.ada }));
  await call('unlinkProfile', { candidateId });
  await call('recentApplications');
  await call('newApplications');
  // Signed with the canary.
  await fetch(`${network.url}/_sim/recruiter/exports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ seat: 555, member: MEMBERS.mira }),
  });
  const { arrivals } = await until(
    () => call('systemConnection', { connectionId }),
    ({ arrivals: { nodes } }) => nodes.length > 0,
  );
  const arrivalId = arrivals.nodes[0].id;
  await call('retryArrival', { arrivalId });
  await call('settleArrival', input({ arrivalId }));
  await call('requestLog', { connectionId, first: 100 });
  await call('unpairSystems', { connectionId });
}

const write = process.stdout.write;
const complain = process.stderr.write;
beforeAll(async () => {
  // Whatever goes around the logger.
  process.stdout.write = ((chunk: string, ...rest: []) => {
    printed.push(String(chunk));
    return write.call(process.stdout, chunk, ...rest);
  }) as typeof write;
  process.stderr.write = ((chunk: string, ...rest: []) => {
    printed.push(String(chunk));
    return complain.call(process.stderr, chunk, ...rest);
  }) as typeof complain;
  network = await startNetwork();
  for (const application of network.applications()) {
    if (application.clientId === NETWORK.clientId) Object.assign(application, { clientSecret: CANARY });
  }
  system = await startSystem({
    logLevel: 'trace',
    settings: WIDE_LIMITS,
    further: networkPlugin(network),
    pace: { 'linkedin-recruiter': {} },
  });
  organization = organizationOf(system);
  const schema = await introspect(system, { organizationId: organization.id, roles: ['ADMIN'] });
  fields = new Map(rootFields(schema).map((field) => [field.name, field]));
  const { jobscore, example } = system.vendors;
  const [key] = jobscore.account().keys;
  const [job] = jobscore.account().jobs;
  if (!key || !job) throw new Error('The simulator has no keys or no jobs.');
  jobscore.account().keys.push({ ...key, token: CANARY, accessLevel: 'account' });
  // A vendor that shows the key where nobody looks for it.
  jobscore.account().jobs.push({ ...job, id: 'job-that-echoes-the-key', title: `Echo ${CANARY} of ${btoa(CANARY)}` });
  const [exampleKey] = example.keys;
  if (exampleKey) example.keys.push({ ...exampleKey, key: CANARY });
});
afterAll(async () => {
  process.stdout.write = write;
  process.stderr.write = complain;
  await system[Symbol.asyncDispose]();
  await network.close();
});

it('OPS-3: the search for a canary finds it in every form', () => {
  for (const form of [...formsOf(CANARY), ...formsOf(middleOf(WRONG_CANARY))]) {
    expect(tracesIn(`before ${form} after`)).not.toEqual([]);
  }
  expect(tracesIn(JSON.stringify({ header: `Basic ${btoa(`user:${CANARY}`)}` }))).not.toEqual([]);
  expect(tracesIn('nothing of the kind')).toEqual([]);
});

describe('CON-4: a canary that is entered as a credential', () => {
  it('works with every query, mutation and subscription of the API', async () => {
    const { jobscore } = system.vendors;
    const input = (value: Variables) => ({ input: value });
    const credentials = [{ name: 'apiKey', value: CANARY }];
    await call('setEntitlement', input({ organizationId: organization.id, tier: 'ENTERPRISE' }), ['OPERATOR']);
    await call('setCapability', input({ pluginId: 'jobscore', capability: 'EXPORT', enabled: true }));
    const created = await call(
      'createConnection',
      input({ pluginId: 'jobscore', capabilities: ['EXPORT', 'REDISCOVERY'] }),
    );
    const connectionId = created.Connection_id;
    await call('acknowledgeRequirements', { connectionId });
    const submitted = await call(
      'submitCredentials',
      input({ connectionId, credentials, testTarget: { prospect: true } }),
    );
    // The vendor has taken it: what follows is about a secret that was really on the wire.
    expect(submitted.ConnectionVerified_report).toMatchObject({ allGood: true, complete: true });
    await call('verifyConnection', input({ connectionId, testTarget: { prospect: true } }));
    await call('finishConnection', { connectionId });
    await call('updateConnection', input({ connectionId, name: 'Mine', credentials, testTarget: { prospect: true } }));
    await call('upsertOrganizationTags', { names: ['golang'] });
    const profileIds = await organization.people([{}, {}, { emails: [] }, ...Array.from({ length: 5 }, () => ({}))]);
    const keys = profileIds.map((_, index) => `${organization.id.slice(0, 8)}-${index}`);
    await call('upsertProfiles', { profiles: [{ key: 'one-more', fullName: 'One More' }] });
    await call('importProfiles', { format: 'NDJSON', content: '{"key":"imported","fullName":"Im Ported"}\n{"key":' });
    const revealed = await call(
      'revealContacts',
      input({ profileIds, kinds: ['EMAIL', 'PHONE'], idempotencyKey: randomUUID() }),
    );
    const contactRevealId = revealed.ContactRevealOrdered_contactReveal.id;
    await call('contactRevealProgress', { contactRevealId });
    await call('cancelContactReveal', { contactRevealId });
    await call('contactReveal', { id: contactRevealId });
    await call('contactReveals');
    const projects = await call('upsertProjects', { projects: [{ key: 'p', name: 'P', profileKeys: keys }] });
    const projectId = projects.ProjectsUpserted_projects[0].id;
    await call('jobs', { connectionId });
    await call('previewExport', input({ connectionId, projectId }));
    const slow = { kind: 'delay', ms: 2_000 } as const;
    const hurry = jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: slow });
    // Silence after the write: JobScore is asked by the candidate's email address.
    jobscore.faults.add({
      method: 'POST',
      path: '/v2/candidates/*/documents',
      nth: 2,
      fault: { kind: 'dropAfterWrite' },
    });
    const ordered = await call(
      'exportCandidates',
      input({ connectionId, projectId, target: { prospect: true }, idempotencyKey: randomUUID() }),
    );
    const exportId = ordered.ExportOrdered_export.id;
    // While its job is in the queue.
    dumps.push(await databaseText(system.databaseUrl));
    expect(dumps[0]).toMatch(/graphile_worker\._private_jobs .*export/);
    hurry();
    await call('exportProgress', { exportId });
    const ended = await organization.untilExport(exportId, 'COMPLETE');
    expect(ended.counts).toMatchObject({ created: 7, failed: 1 });
    await call('retryExport', { exportId });
    await organization.untilExport(exportId, 'COMPLETE');
    await call('settleExportItem', input({ itemId: ended.items.nodes[0].id, verdict: 'NOT_ARRIVED' }));
    await call('cancelExport', { exportId });
    await call('export', { id: exportId });
    await call('exportFields', { connectionId });
    await call('exportPreflight', { connectionId });
    await call('connection', { id: connectionId });
    await call('syncProgress', { connectionId });
    const synced = await organization.sync(connectionId, 'FULL');
    await call('syncRun', { id: synced.id });
    await call('syncRuns', { connectionId });
    await call('mirror', { connectionId });
    await call('mirroredJobs', { connectionId });
    const mirrored = await call('candidates', { connectionId });
    await call('mirroredCandidate', { id: mirrored.nodes[0].id });
    await call('mirroredAttachment', { id: mirrored.nodes[0].attachments[0]?.id ?? randomUUID() });
    await call('rediscoverySearch', { connectionId, query: 'engineer' });
    await call('rediscoverySearchFields', { connectionId });
    await call('profileSearch', { query: 'NOT engineer' });
    await call('profileSearchFields');
    await call('startSync', { connectionId });
    await call('cancelSync', { runId: synced.id });
    await call('approveDeletions', { runId: synced.id, approve: true });
    await call('importDataCopy', input({ connectionId }));
    await call('dataCopies', { connectionId });
    const dataCopy = { id: randomUUID() };
    for (const name of ['dataCopy', 'startDataCopy', 'cancelDataCopy']) await call(name, dataCopy);
    const candidateId = mirrored.nodes[0].id;
    await call('rematch');
    await call('matching');
    await call('matchingProgress');
    await call('matchesToReview', { connectionId });
    await call('confirmMatch', { candidateId, profileId: profileIds[0] });
    await call('undoMatch', { candidateId });
    await joinNetwork(connectionId, candidateId);
    const erased = await call('eraseCandidate', { id: mirrored.nodes[0].id });
    await call('erasureCertificate', { id: erased.CandidateErased_certificate.id });
    await call('profile', { id: profileIds[0] });
    await call('project', { id: projectId });
    await call('requestLog', { connectionId, first: 100 });
    for (const list of ['viewer', 'catalog', 'connections', 'exports', 'profiles', 'projects', 'organizationTags'])
      await call(list);
    await call('auditLog', { first: 100 });
    await call('entitlement');
    await organization.connect(CANARY, 'example');
    jobscore.faults.clear();
    await call('removeConnection', { connectionId: await organization.connect(CANARY) });
    const unused = [...fields.keys()].filter((name) => !used.has(name));
    expect(unused, 'fields of the API that this test does not use').toEqual([]);
  });

  const echo = (status: number, body: unknown, contentType = 'application/json', headers = {}): FaultRule['fault'] => ({
    kind: 'status',
    status,
    body,
    headers: { 'content-type': contentType, 'x-your-token': encodeURIComponent(WRONG_CANARY), ...headers },
  });
  const said = `Authorization: Token token=${WRONG_CANARY}`;
  const echoes: readonly (readonly [string, FaultRule['fault']])[] = [
    ['401', echo(401, { errors: [{ code: 'unauthorized', message: `invalid: ${said}` }] })],
    ['403', echo(403, { errors: [{ code: 'forbidden', message: `${said} ${btoa(WRONG_CANARY)}` }] })],
    ['404', echo(404, { error: said, hex: Buffer.from(WRONG_CANARY).toString('base64url') })],
    ['422', echo(422, { errors: [{ field: WRONG_CANARY, message: `${encodeURIComponent(WRONG_CANARY)} is wrong` }] })],
    ['429', echo(429, { message: said }, 'application/json', { 'retry-after': '0' })],
    ['500', echo(500, { message: said })],
    ['a page', echo(500, `<html><body><h1>Error</h1><pre>${said}</pre></body></html>`, 'text/html')],
    ['a page that says 200', echo(200, `<html><body>${said}</body></html>`, 'text/html')],
    ['200 with other data', echo(200, { items: [{ id: 7, name: said }], id: [said] })],
    [
      'a redirect',
      echo(302, '', 'text/plain', { location: `https://elsewhere.example/?key=${encodeURIComponent(WRONG_CANARY)}` }),
    ],
    ['a redirect within', echo(302, '', 'text/plain', { location: `/v2/users/${encodeURIComponent(WRONG_CANARY)}` })],
  ];
  it.each(echoes)('is not repeated when a vendor that refuses it echoes it: %s', async (_name, fault) => {
    const { jobscore } = system.vendors;
    jobscore.faults.clear();
    // Of a 429 the client tries again by itself, which would take long.
    // Jobs of other connections go on meanwhile: a vendor echoes to each the key that it sent.
    jobscore.faults.add({
      path: '/v2/**',
      authorization: WRONG_CANARY,
      fault,
      ...(fault.kind === 'status' && fault.status === 429 ? { times: 1 } : {}),
    });
    const connectionId = await organization.begin();
    const input = {
      connectionId,
      credentials: [{ name: 'apiKey', value: WRONG_CANARY }],
      testTarget: { prospect: true },
    };
    const submitted = await call('submitCredentials', { input });
    expect(submitted.ConnectionVerified_report).toMatchObject({ allGood: false });
    await call('connection', { id: connectionId });
    await call('jobs', { connectionId });
    await call('exportFields', { connectionId });
    await call('exportPreflight', { connectionId });
    await call('previewExport', { input: { connectionId, profileIds: [randomUUID()] } });
    const scope = system.hub.scope({ organizationId: organization.id, userId: 'test', roles: ['ADMIN'] });
    await system.hub.exportDestinations
      .jobs(scope, connectionId, { first: 5 })
      .catch((error: unknown) => thrown.push(error));
    await scope.close();
    jobscore.faults.clear();
  });

  it('is not repeated when an export that runs meets the echoes', async () => {
    const { jobscore } = system.vendors;
    const [key] = jobscore.account().keys;
    if (key) jobscore.account().keys.push({ ...key, token: WRONG_CANARY });
    const connectionId = await organization.connect(WRONG_CANARY);
    const profileIds = await organization.people(3);
    for (const [index, [, fault]] of echoes.slice(2, 5).entries()) {
      jobscore.faults.add({ method: 'POST', path: '/v2/candidates', nth: index + 1, fault });
    }
    jobscore.faults.add({
      method: 'POST',
      path: '/v2/candidates/*/documents',
      nth: 1,
      fault: echoes[3]?.[1] ?? { kind: 'hang' },
    });
    const ordered = await organization.order({ connectionId, profileIds, includePreviouslyExported: true });
    const ended = await organization.untilExport(ordered.id, 'COMPLETE', 'PAUSED');
    expect(ended.counts.failed).toBeGreaterThan(0);
    await call('export', { id: ordered.id });

    for (const credential of jobscore.account().keys) credential.revoked = true;
    jobscore.faults.add({ path: '/v2/**', authorization: WRONG_CANARY, fault: echoes[0]?.[1] ?? { kind: 'hang' } });
    const last = await organization.order({ connectionId, profileIds, includePreviouslyExported: true });
    const paused = await organization.untilExport(last.id, 'PAUSED');
    expect(paused.statusReason).toContain('JobScore');
    await until(
      () => organization.connection(connectionId),
      ({ status }) => status === 'NEEDS_ATTENTION',
    );
    await call('connections');
    jobscore.faults.clear();
    for (const credential of jobscore.account().keys) credential.revoked = false;
  });

  it('is not repeated when it is entered in a wrong place or form', async () => {
    const connectionId = await organization.begin();
    const wrong: readonly unknown[] = [
      WRONG_CANARY,
      { connectionId, credentials: WRONG_CANARY },
      { connectionId, credentials: [{ name: 'apiKey', value: [WRONG_CANARY] }] },
      { connectionId, credentials: [{ name: 'apiKey', value: { secret: WRONG_CANARY } }] },
      { connectionId, credentials: [{ name: 'apiKey', value: `${WRONG_CANARY} with a space` }] },
      { connectionId, credentials: [{ name: 'apiKey', value: WRONG_CANARY.repeat(1_000) }] },
      {
        connectionId,
        credentials: [
          { name: 'apiKey', value: WRONG_CANARY },
          { name: 'apiKey', value: WRONG_CANARY },
        ],
      },
      { connectionId, credentials: [{ name: 'password', value: WRONG_CANARY }] },
      { connectionId: randomUUID(), credentials: [{ name: 'apiKey', value: WRONG_CANARY }] },
      { connectionId, credentials: [{ name: 'apiKey', value: WRONG_CANARY }], testTarget: { prospect: WRONG_CANARY } },
      { connectionId, credentials: [], settings: [{ name: 'onBehalfOfUserId', value: WRONG_CANARY }] },
    ];
    for (const input of wrong) {
      await call('submitCredentials', { input });
      await call('updateConnection', { input });
    }
    const literal = JSON.stringify(WRONG_CANARY);
    for (const document of [
      `mutation { submitCredentials(input: { connectionId: "${connectionId}", credentials: ${literal} }) { __typename } }`,
      `mutation { submitCredentials(input: { connectionId: ${literal}, credentials: [] }) { __typename } }`,
      `mutation { submitCredentials(input: { connectionId: "x", credentials: [{ name: 7, value: ${literal} }] }) { __typename } }`,
      `mutation { submitCredentials(input: { connectionId: "x", credentials: [{ name: "apiKey", value: [${literal}] }] }) { __typename } }`,
      `mutation { submitCredentials(input: { connectionId: "x", testTarget: { prospect: ${literal} }, credentials: [] }) { __typename } }`,
      `mutation ($input: SubmitCredentialsInput = ${literal}) { submitCredentials(input: $input) { __typename } }`,
      `mutation { submitCredentials(${literal}) { __typename } }`,
      `mutation { submitCredentials(input: { credentials: [{ name: "apiKey", value: ${literal}`,
      `mutation { setCapability(input: { pluginId: "jobscore", capability: ${literal}, enabled: true }) { __typename } }`,
    ]) {
      const { status, errors } = await organization.answer(document);
      expect(errors, document).toBeDefined();
      expect(status).toBeLessThan(500);
    }
    const asRecruiter = fields.get('submitCredentials')?.document ?? '';
    await organization.answer(asRecruiter, { input: wrong[4] }, ['RECRUITER']);
    await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query": "mutation { x }", "variables": {"input": ${JSON.stringify(WRONG_CANARY)}`,
    });
    await fetch(
      `${system.url}/graphql?${new URLSearchParams({ query: '{ viewer { userId } }', variables: JSON.stringify({ WRONG_CANARY }) })}`,
    );
  });

  it('is found nowhere afterwards: no log, answer, error, job, table or figure', async () => {
    dumps.push(await databaseText(system.databaseUrl));
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    expect(thrown.length).toBeGreaterThan(5);
    const places = {
      log: system.log(),
      answers: system.answers(),
      output: printed.join(''),
      'thrown errors': inspect(thrown, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
      'database while jobs were queued': dumps[0] ?? '',
      database: dumps.at(-1) ?? '',
      metrics,
    };
    for (const [place, text] of Object.entries(places)) {
      if (place !== 'output') expect(text.length, place).toBeGreaterThan(100);
      expect(tracesIn(text), place).toEqual([]);
    }
    // What was looked through is what it should be.
    expect(places.log).toContain('"answered');
    expect(places.database).toMatch(/talentbridge\.credential .*sealed/);
    expect(places.database).toContain('talentbridge.request_log_entry');
    expect(places.answers).toContain('/v2/candidates');
    expect(places.answers).toContain('[secret apiKey]');
    expect(places.database).toContain('[secret apiKey]');
  });
});

it("OPS-3: a candidate's email address stands in no log line", () => {
  const log = system.log();
  const domain = `${organization.id.slice(0, 8)}.example.com`;
  expect(system.answers()).toContain(`@${domain}`);
  for (const form of [domain, encodeURIComponent(`@${domain}`), `Last${organization.id.slice(0, 8)}`]) {
    expect(log).not.toContain(form);
  }
});
