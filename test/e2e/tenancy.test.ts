import { randomBytes, randomUUID } from 'node:crypto';
import type { LinkedInSimulator } from '@talentbridge/plugin-linkedin-recruiter/simulator';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSuperuser, databaseText } from '../support/database-text.ts';
import { type OrganizationClient, organizationOf } from '../support/organization-client.ts';
import {
  connectNetwork,
  enableIntegrations,
  NETWORK,
  networkPlugin,
  OTHER_NETWORK,
  pairWith,
  startNetwork,
} from '../support/paired-systems.ts';
import {
  type Answer,
  type RunningSystem,
  startSystem,
  startVendors,
  until,
  userOf,
  type Variables,
  type Vendors,
} from '../support/running-system.ts';
import { introspect, type RootField, rootFields, WIDE_LIMITS } from '../support/whole-operation.ts';

// The prober is made from the schema: every argument and every input field that takes an id, or a key or cursor that
// stands for a record, is called by organization B with what belongs to organization A, and with what belongs to nobody.

/** An organization and one of each of its records. */
interface Holder {
  readonly client: OrganizationClient;
  readonly organization: string;
  readonly connection: string;
  readonly export: string;
  readonly item: string;
  readonly profile: string;
  readonly project: string;
  readonly contactReveal: string;
  readonly syncRun: string;
  readonly dataCopy: string;
  readonly candidate: string;
  /** A file of that candidate, which was fetched and read. */
  readonly attachment: string;
  readonly erasure: string;
  /** The connection of a network, paired with `connection`. */
  readonly network: string;
  /** Somebody who came from there. */
  readonly arrival: string;
  /** One of its seats, as the network names it. */
  readonly seat: string;
  /** A job of its account at the vendor. */
  readonly job: string;
  readonly profileKey: string;
  /** Of another profile: what a probe upserts under it exists from then on. */
  readonly otherProfileKey: string;
  readonly projectKey: string;
  readonly idempotencyKey: string;
  /** A text that stands in its names, tags and addresses. */
  readonly mark: string;
}

/** What an argument names. */
type Kind = Exclude<keyof Holder, 'client' | 'mark' | 'seat'> | 'cursor' | { readonly nobodys: string };

/** By `field.argument`, or for any field by the argument's own name. What is missing here fails the test. */
const kinds: Readonly<Record<string, Kind>> = {
  'connection.id': 'connection',
  'cancelDataCopy.id': 'dataCopy',
  'contactReveal.id': 'contactReveal',
  'dataCopy.id': 'dataCopy',
  'export.id': 'export',
  'eraseCandidate.id': 'candidate',
  'erasureCertificate.id': 'erasure',
  'mirroredAttachment.id': 'attachment',
  'mirroredCandidate.id': 'candidate',
  'profile.id': 'profile',
  'project.id': 'project',
  'startDataCopy.id': 'dataCopy',
  'syncRun.id': 'syncRun',
  'upsertProfiles.key': 'otherProfileKey',
  'upsertProjects.key': 'projectKey',
  ...Object.fromEntries(
    [
      'systemConnection',
      'pairSystems',
      'unpairSystems',
      'refreshSystemConnection',
      'connectSeat',
      'disconnectSeat',
      'systemConnectionChanged',
    ].map((field) => [`${field}.connectionId`, 'network' as const]),
  ),
  'settleArrival.candidateRemoteId': { nobodys: 'an admin types what the ATS shows' },
  arrivalId: 'arrival',
  atsConnectionId: 'connection',
  candidateId: 'candidate',
  connectionId: 'connection',
  contactRevealId: 'contactReveal',
  exportId: 'export',
  itemId: 'item',
  itemIds: 'item',
  profileId: 'profile',
  profileIds: 'profile',
  projectId: 'project',
  profileKeys: 'profileKey',
  idempotencyKey: 'idempotencyKey',
  jobId: 'job',
  runId: 'syncRun',
  // An operator may name any organization, and nobody else any.
  organizationId: 'organization',
  after: 'cursor',
  pluginId: { nobodys: 'the catalog is the same for everybody' },
  remoteId: { nobodys: 'an admin types what a vendor shows' },
  seatId: { nobodys: 'networks name their seats' },
  member: { nobodys: 'networks name their members' },
  userId: { nobodys: 'the host platform names its users' },
};

/** Which record's cursor a list takes; a connection's, unless it stands here. */
const cursorRecords: Readonly<
  Record<string, 'candidate' | 'profile' | 'project' | 'export' | 'contactReveal' | 'syncRun' | 'dataCopy'>
> = {
  matchesToReview: 'candidate',
  contactReveals: 'contactReveal',
  profiles: 'profile',
  projects: 'project',
  exports: 'export',
  dataCopies: 'dataCopy',
  syncRuns: 'syncRun',
};

/** Each organization has a key of its own, so that traces of it can be looked for. */
const credentials = (holder: Holder) => [{ name: 'apiKey', value: keyOf(holder.client.id) }];

/** Arguments with which a field works for its own organization, by field. What is missing here fails the test. */
const validArguments: Readonly<Record<string, (own: Holder) => Variables>> = {
  connections: () => ({}),
  connection: ({ connection }) => ({ id: connection }),
  auditLog: () => ({}),
  requestLog: ({ connection }) => ({ connectionId: connection }),
  jobs: ({ connection }) => ({ connectionId: connection }),
  projects: () => ({}),
  project: ({ project }) => ({ id: project }),
  profiles: ({ project }) => ({ projectId: project }),
  profile: ({ profile }) => ({ id: profile }),
  exports: ({ connection }) => ({ connectionId: connection }),
  export: (own) => ({ id: own.export }),
  exportFields: ({ connection }) => ({ connectionId: connection }),
  exportPreflight: ({ connection }) => ({ connectionId: connection }),
  rediscoverySearch: ({ connection }) => ({ connectionId: connection }),
  rediscoverySearchFields: ({ connection }) => ({ connectionId: connection }),
  profileSearch: () => ({}),
  mirror: ({ connection }) => ({ connectionId: connection }),
  mirroredJobs: ({ connection }) => ({ connectionId: connection }),
  candidates: ({ connection }) => ({ connectionId: connection }),
  mirroredCandidate: ({ candidate }) => ({ id: candidate }),
  mirroredAttachment: ({ attachment }) => ({ id: attachment }),
  syncRuns: ({ connection }) => ({ connectionId: connection }),
  syncRun: ({ syncRun }) => ({ id: syncRun }),
  dataCopies: ({ connection }) => ({ connectionId: connection }),
  dataCopy: ({ dataCopy }) => ({ id: dataCopy }),
  // JobScore makes no copies: it gets as far as its connection.
  importDataCopy: ({ connection }) => ({ input: { connectionId: connection } }),
  startDataCopy: ({ dataCopy }) => ({ id: dataCopy }),
  cancelDataCopy: ({ dataCopy }) => ({ id: dataCopy }),
  startSync: ({ connection }) => ({ connectionId: connection }),
  cancelSync: ({ syncRun }) => ({ runId: syncRun }),
  approveDeletions: ({ syncRun }) => ({ runId: syncRun, approve: true }),
  eraseCandidate: ({ candidate }) => ({ id: candidate }),
  matchesToReview: ({ connection }) => ({ connectionId: connection }),
  confirmMatch: ({ candidate, profile }) => ({ candidateId: candidate, profileId: profile }),
  undoMatch: ({ candidate, profile }) => ({ candidateId: candidate, profileId: profile }),
  erasureCertificate: ({ erasure }) => ({ id: erasure }),
  syncProgress: ({ connection, syncRun }) => ({ connectionId: connection, runId: syncRun }),
  createConnection: () => ({ input: { pluginId: 'jobscore', capabilities: ['EXPORT'] } }),
  acknowledgeRequirements: ({ connection }) => ({ connectionId: connection }),
  submitCredentials: (own) => ({
    input: { connectionId: own.connection, credentials: credentials(own), testTarget: { jobId: own.job } },
  }),
  verifyConnection: (own) => ({ input: { connectionId: own.connection, testTarget: { jobId: own.job } } }),
  updateConnection: (own) => ({
    input: { connectionId: own.connection, credentials: credentials(own), testTarget: { jobId: own.job } },
  }),
  finishConnection: ({ connection }) => ({ connectionId: connection }),
  removeConnection: ({ connection }) => ({ connectionId: connection }),
  setCapability: () => ({ input: { pluginId: 'jobscore', capability: 'EXPORT', enabled: true } }),
  setEntitlement: ({ organization }) => ({ input: { organizationId: organization, tier: 'ENTERPRISE' } }),
  upsertProfiles: ({ profileKey }) => ({ profiles: [{ key: profileKey, fullName: 'Up Serted' }] }),
  upsertProjects: ({ projectKey, profileKey }) => ({
    projects: [{ key: projectKey, name: 'Upserted', profileKeys: [profileKey] }],
  }),
  revealContacts: ({ profile, project }) => ({
    input: { profileIds: [profile], projectId: project, kinds: ['EMAIL', 'PHONE'], idempotencyKey: randomUUID() },
  }),
  contactReveals: () => ({}),
  contactReveal: ({ contactReveal }) => ({ id: contactReveal }),
  cancelContactReveal: ({ contactReveal }) => ({ contactRevealId: contactReveal }),
  contactRevealProgress: ({ contactReveal }) => ({ contactRevealId: contactReveal }),
  previewExport: ({ connection, profile, project }) => ({
    input: { connectionId: connection, profileIds: [profile], projectId: project },
  }),
  exportCandidates: ({ connection, profile, project, job }) => ({
    input: {
      connectionId: connection,
      profileIds: [profile],
      projectId: project,
      target: { jobId: job },
      idempotencyKey: randomUUID(),
    },
  }),
  retryExport: (own) => ({ exportId: own.export }),
  cancelExport: (own) => ({ exportId: own.export }),
  settleExportItem: ({ item }) => ({ input: { itemId: item, verdict: 'NOT_ARRIVED' } }),
  exportProgress: (own) => ({ exportId: own.export }),
  systemConnections: () => ({}),
  systemConnection: ({ network }) => ({ connectionId: network }),
  pairSystems: ({ network, connection }) => ({ input: { connectionId: network, atsConnectionId: connection } }),
  unpairSystems: ({ network }) => ({ connectionId: network }),
  refreshSystemConnection: ({ network }) => ({ connectionId: network }),
  connectSeat: ({ network, seat }) => ({ input: { connectionId: network, seatId: seat } }),
  disconnectSeat: ({ network, seat }) => ({ input: { connectionId: network, seatId: seat } }),
  linkProfile: ({ candidate }) => ({ input: { candidateId: candidate, member: 'urn:li:person:a1b2c3d4' } }),
  unlinkProfile: ({ candidate }) => ({ candidateId: candidate }),
  retryArrival: ({ arrival }) => ({ arrivalId: arrival }),
  settleArrival: ({ arrival }) => ({ input: { arrivalId: arrival } }),
  recentApplications: () => ({}),
  systemConnectionChanged: ({ network }) => ({ connectionId: network }),
};

/**
 * Arguments of fields below the first level that look like ids. `items(after:)` holds a position, `issues(after:)` a bound
 * within the issues of one run, and those of `SystemConnection` one within its own network. Those of `explanation` are tried below.
 */
const argumentsBelow: readonly string[] = [
  'Export.items(after:)',
  'SyncRun.issues(after:)',
  'CandidatesFound.explanation(candidateId:)',
  'ProfilesFound.explanation(profileId:)',
  'SystemConnection.refusedRecords(after:)',
  'SystemConnection.arrivals(after:)',
];

/** A place of a field's arguments that takes an id. */
interface Place {
  /** `input`, `profileIds`, `[]`. */
  readonly path: readonly string[];
  readonly name: string;
}

/** Every place of an argument that takes an id, or what stands for a record. */
function placesIn(argument: GraphQLArgument | GraphQLInputField, above: readonly string[] = []): readonly Place[] {
  const path = [...above, argument.name];
  let type = argument.type;
  while (isNonNullType(type) || isListType(type)) {
    if (isListType(type)) path.push('[]');
    type = type.ofType;
  }
  if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap((field) => placesIn(field, path));
  const standsForARecord =
    getNamedType(type).name === 'ID' || /(^|[a-z])(id|ids|key|keys)$|^after$/i.test(argument.name);
  return standsForARecord ? [{ path, name: argument.name }] : [];
}

const kindOf = (field: RootField, { name }: Place): Kind | undefined => kinds[`${field.name}.${name}`] ?? kinds[name];

/** The same variables with another value in one place; a list holds that value alone. */
function withValue(variables: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (step === '[]') return [withValue(Array.isArray(variables) ? variables[0] : undefined, rest, value)];
  const object = typeof variables === 'object' && variables !== null ? variables : {};
  return { ...object, [step]: withValue(Reflect.get(object, step), rest, value) };
}

/** A value like this one that nobody has: a UUID keeps its time, so that nothing in sorted lists tells them apart. */
function nobodysLike(value: string): string {
  if (/^[0-9a-f-]{36}$/i.test(value)) return `${value.slice(0, 24)}${randomBytes(6).toString('hex')}`;
  return value.length === 22 ? randomBytes(16).toString('base64url') : `nobody-${randomBytes(6).toString('hex')}`;
}

const cursorOf = (value: string): string => Buffer.from(`v1:${value}`).toString('base64url');

/** An answer without what differs between any two answers: the value that was sent, new ids, times and cursors. */
function essenceOf({ status, contentType, text }: Answer, sent: string): object {
  const essence = text
    .replaceAll(new RegExp(RegExp.escape(sent), 'gi'), '<sent>')
    .replaceAll(/"((?:\w+_)?(?:cursor|startCursor|endCursor))":"[^"]*"/g, '"$1":"<cursor>"')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    // JobScore's ids of test candidates.
    .replaceAll(/(?<![\w-])[\w-]{22}(?![\w-])/g, '<remote id>');
  return { status, contentType, body: contentType.includes('json') ? JSON.parse(essence) : essence };
}

const keyOf = (organizationId: string): string => `key-of-${organizationId}`;

/**
 * An organization with a connection, profiles, a project, an export that has ended with an item that is unclear, a mirror, and a
 * network that the ATS is paired with.
 */
async function settle(
  system: RunningSystem,
  simulated: LinkedInSimulator,
  account: 'exampleco' | 'samplecorp',
): Promise<Holder> {
  const client = organizationOf(system);
  const mark = `mark${client.id.slice(0, 8)}`;
  // Without the mark: one host platform's keys may well be another's, so that B may use keys of A.
  const keyed = (what: string) => `${what}-${client.id.slice(-12)}`;
  const { jobscore } = system.vendors;
  const known = jobscore.account(account).keys.find(({ accessLevel }) => accessLevel === 'user');
  if (!known) throw new Error('The simulator has no user keys.');
  jobscore.account(account).keys.push({ ...known, token: keyOf(client.id) });
  const connection = await client.connect(keyOf(client.id), 'jobscore', ['EXPORT', 'REDISCOVERY']);
  const people = await client.people(
    ['1', '2', '3', '4'].map((digit) => ({
      key: keyed(`profile-${digit}`),
      firstName: `First${digit}${mark}`,
      emails: digit === '4' ? [] : [{ address: `person-${digit}@${mark}.example.com`, revealed: true }],
      tags: [`tag-${mark}`],
    })),
  );
  const upserted = await client.ask(
    `mutation ($projects: [ProjectInput!]!) { upsertProjects(projects: $projects) { ... on ProjectsUpserted { projects { id } } } }`,
    {
      projects: [
        { key: keyed('project'), name: `Project ${mark}`, profileKeys: [keyed('profile-1'), keyed('profile-2')] },
      ],
    },
  );
  await client.ask(`mutation ($names: [String!]!) { upsertOrganizationTags(names: $names) { __typename } }`, {
    names: [`tag-${mark}`],
  });
  await client.ask(`mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { __typename } }`, {
    input: { connectionId: connection, name: `Connection ${mark}` },
  });
  const idempotencyKey = keyed('order');
  const reveal = await client.ask(
    `mutation ($input: RevealContactsInput!) { revealContacts(input: $input) { ... on ContactRevealOrdered { contactReveal { id } } } }`,
    { input: { profileIds: people, kinds: ['EMAIL'], idempotencyKey } },
  );
  await until(
    () => client.ask(`query ($id: ID!) { contactReveal(id: $id) { status } }`, { id: reveal.contactReveal.id }),
    ({ status }) => status === 'COMPLETE',
  );
  const job = jobscore.account(account).jobs.find(({ status }) => status === 'open');
  const target = { jobId: job?.id };
  const ordered = await client.order({ connectionId: connection, profileIds: people, target, idempotencyKey });
  const ended = await client.untilExport(ordered.id, 'COMPLETE');
  const [item] = ended.items.nodes;
  // This vendor can be asked what became of a candidate, so that it leaves nothing unclear by itself.
  await asSuperuser(
    system.databaseUrl,
    `update talentbridge.export_item set outcome = 'UNCLEAR', code = 'OUTCOME_UNKNOWN', reason = $2 where id = $1`,
    [item.id, `It never said. ${mark}`],
  );
  const run = await client.sync(connection, 'FULL');
  const mirrored: readonly { readonly id: string; readonly firstName: string }[] = (await client.candidates(connection))
    .nodes;
  const idOf = (digit: string) => mirrored.find(({ firstName }) => firstName === `First${digit}${mark}`)?.id ?? '';
  const erased = await client.ask(
    `mutation ($id: ID!) { eraseCandidate(id: $id) { ... on CandidateErased { certificate { id } } } }`,
    { id: idOf('3') },
  );
  const { attachments } = await client.ask(
    `query ($id: ID!) { mirroredCandidate(id: $id) { attachments { id text { textState text } } } }`,
    { id: idOf('1') },
  );
  await client.ask(
    `mutation ($id: ID!, $profile: ID) { confirmMatch(candidateId: $id, profileId: $profile) { __typename } }`,
    { id: idOf('1'), profile: people[0] },
  );
  if (attachments[0]?.text.textState !== 'READ') throw new Error('The résumé was not read.');
  const dataCopy = randomUUID();
  await asSuperuser(
    system.databaseUrl,
    `insert into talentbridge.data_copy (organization_id, id, connection_id, status, status_reason, requested_by, expires_at)
     values ($1, $2, $3, 'FAILED', $4, $5, now() + interval '1 day')`,
    [client.id, dataCopy, connection, `It broke. ${mark}`, userOf(client.id)],
  );
  const customer = account === 'exampleco' ? NETWORK : OTHER_NETWORK;
  const network = await connectNetwork(client, customer);
  await pairWith(client, { connectionId: network, atsConnectionId: connection });
  await enableIntegrations({ organization: client, connectionId: network }, simulated, customer);
  const state = await until(
    () =>
      client.ask(
        `query ($id: ID!) { systemConnection(connectionId: $id) { seats { seatId active } progress { firstSync { endedAt } } } }`,
        { id: network },
      ),
    ({ seats, progress }) => seats.length > 0 && progress.firstSync.endedAt !== null,
    60_000,
  );
  const arrival = randomUUID();
  await asSuperuser(
    system.databaseUrl,
    `insert into talentbridge.network_arrival (organization_id, id, connection_id, source, request_key, state, reason, finished_at)
     values ($1, $2, $3, 'EXPORT', $4, 'REFUSED', $5, now())`,
    [client.id, arrival, network, `export/${mark}`, `They were refused. ${mark}`],
  );
  return {
    client,
    network,
    arrival,
    seat: state.seats.find(({ active }: { readonly active: boolean }) => active).seatId,
    organization: client.id,
    connection,
    export: ordered.id,
    item: item.id,
    profile: people[0] ?? '',
    project: upserted.projects[0].id,
    contactReveal: reveal.contactReveal.id,
    syncRun: run.id,
    dataCopy,
    candidate: idOf('1'),
    attachment: attachments[0].id,
    erasure: erased.certificate.id,
    job: job?.id ?? '',
    profileKey: keyed('profile-1'),
    otherProfileKey: keyed('profile-2'),
    projectKey: keyed('project'),
    idempotencyKey,
    mark,
  };
}

/** What must never be seen by another organization: ids of all of its rows, and all that names it or its people. */
function fingerprintsOf(holder: Holder, ownRows: string, otherRows: string, vendors: Vendors): readonly string[] {
  const uuids = (text: string) => new Set(text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g));
  const remoteIds = vendors.jobscore
    .candidates()
    .filter(({ email }) => email.includes(holder.mark))
    .map(({ id }) => id);
  const { mark, organization, profileKey, job } = holder;
  const named = [mark, userOf(organization), keyOf(organization), profileKey, job];
  return [...uuids(ownRows).difference(uuids(otherRows)), ...remoteIds, ...named];
}

/** The rows of an organization, as text. */
const rowsOf = (dump: string, organizationId: string): string =>
  dump
    .split('\n')
    .filter((row) => row.includes(`"organization_id":"${organizationId}"`))
    .join('\n');

describe.each(['filtersOnly', 'rowSecurityOnly'] as const)('with one wall between organizations, %s', (isolation) => {
  let vendors: Vendors;
  let simulated: LinkedInSimulator;
  let system: RunningSystem;
  let schema: GraphQLSchema;
  let fields: readonly RootField[];
  let a: Holder;
  let b: Holder;
  let rowsBefore: string;
  let fingerprints: readonly string[];

  beforeAll(async () => {
    vendors = await startVendors({ tags: ['golang'] });
    simulated = await startNetwork();
    const further = networkPlugin(simulated);
    const pace = { 'linkedin-recruiter': {} };
    const seeding = await startSystem({ vendors, further, pace });
    a = await settle(seeding, simulated, 'exampleco');
    b = await settle(seeding, simulated, 'samplecorp');
    await seeding[Symbol.asyncDispose]();
    const dump = await databaseText(seeding.databaseUrl);
    rowsBefore = rowsOf(dump, a.organization);
    fingerprints = fingerprintsOf(a, rowsBefore, rowsOf(dump, b.organization), vendors);
    // Another process of the same deployment, with one wall alone. Without a worker, so that nothing changes by itself.
    const { databaseUrl, encryptionKeys } = seeding;
    system = await startSystem({
      vendors,
      further,
      pace,
      databaseUrl,
      encryptionKeys,
      isolation,
      worker: false,
      settings: WIDE_LIMITS,
    });
    a = { ...a, client: organizationOf(system, a.organization) };
    b = { ...b, client: organizationOf(system, b.organization) };
    schema = await introspect(system, { organizationId: b.organization, roles: ['ADMIN'] });
    fields = rootFields(schema);
  });
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await vendors[Symbol.asyncDispose]();
    await simulated.close();
  });

  const ask = (field: RootField, variables: Variables, holder: Holder, operator = false) => {
    const roles = operator
      ? (['ADMIN', 'RECRUITER', 'OPERATOR'] as const)
      : (['ADMIN', 'RECRUITER', 'VIEWER'] as const);
    const send = field.kind === 'subscription' ? system.follow : system.query;
    return send(field.document, variables, { organizationId: holder.organization, roles });
  };
  const seenOfA = (text: string) => fingerprints.filter((print) => text.toLowerCase().includes(print.toLowerCase()));
  const idFields = () => fields.filter(({ args }) => args.some((argument) => placesIn(argument).length > 0));
  /** What B sends in a place: the value of A's and a value of nobody's, in every form that could make a difference. */
  const valuesOf = (
    field: RootField,
    kind: Exclude<Kind, object>,
  ): readonly (readonly [foreign: string, nobodys: string])[] => {
    if (kind === 'cursor') {
      const record = a[cursorRecords[field.name] ?? 'connection'];
      return [[cursorOf(record), cursorOf(nobodysLike(record))]];
    }
    const foreign = a[kind];
    const nobodys = nobodysLike(foreign);
    const isUuid = foreign.length === 36;
    return [[foreign, nobodys], ...(isUuid ? ([[foreign.toUpperCase(), nobodys.toUpperCase()]] as const) : [])];
  };

  it('API-1: the organizations hold what another could see, and the search for it finds it', async () => {
    expect(fingerprints.length).toBeGreaterThan(30);
    for (const table of [
      'connection',
      'profile',
      'project',
      'export',
      'export_item',
      'contact_reveal',
      'contact_reveal_item',
      'audit_event',
      'request_log_entry',
      'credential',
      'mirror_candidate',
      'mirror_job',
      'mirror_application',
      'mirror_attachment',
      'attachment_content',
      'attachment_text',
      'candidate_match',
      'match_verdict',
      'mirror_erasure',
      'sync_run',
      'data_copy',
      'system_pair',
      'network_integration',
      'network_seat',
      'network_record',
      'network_arrival',
    ]) {
      expect(rowsBefore).toContain(`talentbridge.${table} `);
    }
    const answers = await Promise.all(
      ['connections', 'profiles', 'projects', 'contactReveals', 'exports', 'auditLog', 'organizationTags'].map(
        async (name) => {
          const field = fields.find((one) => one.name === name);
          return field ? (await ask(field, {}, a)).text : '';
        },
      ),
    );
    for (const answer of answers) expect(seenOfA(answer)).not.toEqual([]);
  });

  it('API-1: this test knows every argument of the schema that takes an id, and how to call its field', () => {
    const unknown = idFields().flatMap((field) => [
      ...(validArguments[field.name] ? [] : [`${field.name}: add it to validArguments`]),
      ...field.args
        .flatMap((argument) => placesIn(argument))
        .filter((place) => kindOf(field, place) === undefined)
        .map((place) => `${field.name}(${place.path.join('.')}): add it to kinds`),
    ]);
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const below = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !roots.includes(type))
      .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
      .flatMap(({ type, field }) =>
        field.args.flatMap((argument) => placesIn(argument).map(({ name }) => `${type.name}.${field.name}(${name}:)`)),
      );
    expect(unknown).toEqual([]);
    expect(below).toEqual(argumentsBelow);
  });

  it("API-1: another organization's ids answer exactly like ids that do not exist, on every field", async () => {
    let probes = 0;
    for (const field of idFields()) {
      const valid = validArguments[field.name];
      if (!valid) continue;
      for (const place of field.args.flatMap((argument) => placesIn(argument))) {
        const kind = kindOf(field, place);
        if (kind === undefined || typeof kind === 'object') continue;
        for (const [foreign, nobodys] of valuesOf(field, kind)) {
          const send = (value: string) => ask(field, withValue(valid(b), place.path, value) as Variables, b);
          const theirs = await send(foreign);
          const nobody = await send(nobodys);
          const where = `${field.name}(${place.path.join('.')}: ${foreign})`;
          expect(essenceOf(theirs, foreign), where).toEqual(essenceOf(nobody, nobodys));
          expect(seenOfA(theirs.text.replaceAll(new RegExp(RegExp.escape(foreign), 'gi'), '<sent>')), where).toEqual(
            [],
          );
          // It got as far as looking for the record.
          expect(nobody.text, where).not.toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED|INTERNAL_SERVER_ERROR/);
          probes += 1;
        }
        // A job that is not there fails the verification: B's connection is mended for the next probe.
        if (kind === 'job') await b.client.submit(b.connection, keyOf(b.organization));
      }
    }
    expect(probes).toBeGreaterThan(50);
    // Nothing of A's was changed by all that, not even a time.
    expect(rowsOf(await databaseText(system.databaseUrl), a.organization)).toBe(rowsBefore);
  });

  it('API-1: the database itself confines each table that names an organization', async () => {
    const tables = await asSuperuser(
      system.databaseUrl,
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
         array(select p.polname::text from pg_policy p
           where p.polrelid = c.oid and p.polpermissive and (p.polroles = '{0}' or 'talentbridge_application'::regrole = any(p.polroles))) as policies
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
       where c.relnamespace = 'talentbridge'::regnamespace and c.relkind in ('r', 'p')`,
    );
    expect(tables.length).toBeGreaterThan(30);
    // Whatever else a policy of the application lets through would be let through beside it.
    const open = tables.filter(({ forced, policies }) => !forced || String(policies) !== 'organization');
    expect(open).toEqual([]);
  });

  it('API-1: a search explains nobody of another organization', async () => {
    for (const [name, argument] of [
      ['rediscoverySearch', 'candidateId'],
      ['profileSearch', 'profileId'],
    ] as const) {
      const type = name === 'profileSearch' ? 'ProfilesFound' : 'CandidatesFound';
      const document = `query ($id: ID) { ${name} { ... on ${type} { explanation(${argument}: $id) { query matched } } } }`;
      const explain = (id: string) =>
        system.query(document, { id }, { organizationId: b.organization, roles: ['ADMIN'] });
      const record = a[name === 'profileSearch' ? 'profile' : 'candidate'];
      const nobodys = nobodysLike(record);
      const theirs = await explain(record);
      expect(essenceOf(theirs, record), name).toEqual(essenceOf(await explain(nobodys), nobodys));
      expect(theirs.text, name).toContain('NOT_FOUND');
    }
  });

  it("API-1: a profile of another organization among one's own answers exactly like one that does not exist", async () => {
    for (const name of ['previewExport', 'exportCandidates', 'revealContacts']) {
      const field = fields.find((one) => one.name === name);
      if (!field) throw new Error(`The schema has no ${name}.`);
      const input = validArguments[name]?.(b)['input'] as Variables;
      const send = (profile: string) => ask(field, { input: { ...input, profileIds: [b.profile, profile] } }, b);
      const nobodys = nobodysLike(a.profile);
      expect(essenceOf(await send(a.profile), a.profile), name).toEqual(essenceOf(await send(nobodys), nobodys));
    }
  });

  it('API-1: lists show nothing of another organization, to members and to its operator', async () => {
    for (const field of fields.filter(({ kind }) => kind === 'query')) {
      for (const operator of [false, true]) {
        const answer = await ask(field, validArguments[field.name]?.(b) ?? {}, b, operator);
        expect(answer.errors, `${field.name}: ${answer.text}`).toBeUndefined();
        expect(seenOfA(answer.text), field.name).toEqual([]);
      }
    }
    for (const name of [
      'connections',
      'profiles',
      'projects',
      'contactReveals',
      'exports',
      'auditLog',
      'organizationTags',
    ]) {
      const field = fields.find((one) => one.name === name);
      if (field)
        expect((await ask(field, {}, b)).text, name).toMatch(
          new RegExp(`${b.mark}|${b.connection}|${b.export}|${b.contactReveal}`),
        );
    }
  });

  it('API-1: an organization that nobody has used sees nothing at all', async () => {
    const client = organizationOf(system);
    const nobody = { ...b, client, organization: client.id };
    for (const field of fields.filter(
      ({ kind, args }) => kind === 'query' && args.every(({ name }) => name === 'first' || name === 'after'),
    )) {
      const { text } = await ask(field, {}, nobody);
      expect(seenOfA(text), field.name).toEqual([]);
      expect(text, field.name).not.toContain(b.mark);
    }
    for (const list of ['connections', 'profiles', 'projects', 'contactReveals', 'exports', 'auditLog']) {
      expect(await client.ask(`{ ${list} { totalCount nodes { id } } }`)).toEqual({ totalCount: 0, nodes: [] });
    }
  });

  it('API-1: a subscription shows its own record', async () => {
    const { export: exportId, contactReveal: contactRevealId } = b;
    for (const [name, id] of [
      ['exportProgress', exportId],
      ['contactRevealProgress', contactRevealId],
      ['syncProgress', b.syncRun],
    ] as const) {
      const field = fields.find((one) => one.name === name);
      if (!field) throw new Error(`The schema has no ${name}.`);
      const own = await ask(field, { exportId, contactRevealId, connectionId: b.connection }, b);
      expect(own.text, name).toContain(id);
    }
  });

  // Last, because it changes and removes what the others look at.
  it('API-1: every one of these calls works for the organization that the records belong to', async () => {
    const last = ['eraseCandidate', 'retryExport', 'settleExportItem', 'unpairSystems', 'removeConnection'];
    const ordered = idFields().toSorted((one, other) => last.indexOf(one.name) - last.indexOf(other.name));
    for (const field of ordered.filter(({ kind }) => kind !== 'subscription')) {
      const answer = await ask(field, validArguments[field.name]?.(a) ?? {}, a, true);
      expect(answer.errors, `${field.name}: ${answer.text}`).toBeUndefined();
      expect(answer.text, field.name).not.toMatch(/NOT_FOUND|INVALID_INPUT|JOB_NOT_OPEN/);
      expect(Object.values(answer.data), field.name).not.toEqual([null]);
    }
  });
});
