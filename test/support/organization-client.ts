import { randomUUID } from 'node:crypto';
import type { Role } from '@talentbridge/hub';
import { SIMULATED_KEYS } from '@talentbridge/plugin-jobscore/simulator';
import type { LookedInto } from './looked-into.ts';
import { type Answer, type RunningSystem, until, type Variables } from './running-system.ts';

/** What tests look at of a connection. */
const CONNECTION = `id name status setupStep attentionReason leftBehind
  capabilities { capability availability { on reason switchedOnBy } }
  credentials { isSet field { name } } settings { value field { name } }
  lastVerification { allGood complete checks { id label status reason remedy } testCandidate { id name url reused } }`;

/** What tests look at of an export. */
const EXPORT = `id status statusReason message
  counts { total remaining created updated skipped failed unclear }
  items(first: 100) { nodes {
    id profileId state outcome code reason remedy remoteId warnings { code message field } profile { key } } }`;

/** What tests look at of a sync run. */
const SYNC_RUN = `id kind status statusReason counts { candidates { read written unchanged deleted refused } }`;

/** Every error that is data. */
export const USER_ERRORS = `__typename ... on UserError { code message }
  ... on InvalidInput { problems { field message } } ... on NotFound { recordType } ... on WrongState { state }
  ... on CapabilityOff { pluginId capability switchedOnBy } ... on JobNotOpen { jobId }
  ... on AtsFailure { retryable }`;

/** One organization's users, as clients of the API. */
export interface OrganizationClient {
  readonly id: string;
  /** As admin and recruiter unless other roles are named. */
  answer(document: string, variables?: Variables, roles?: readonly Role[]): Promise<Answer>;
  /** The single field of an operation that must not have failed. */
  ask(document: string, variables?: Variables, roles?: readonly Role[]): Promise<LookedInto>;
  /** A connection that is set up as far as its credentials are due. */
  begin(pluginId?: string, capabilities?: readonly string[]): Promise<string>;
  /** Submits credentials and sends the test candidate to the pool. */
  submit(connectionId: string, apiKey?: string, more?: Variables): Promise<LookedInto>;
  finish(connectionId: string): Promise<LookedInto>;
  /** A connection that is connected, with Export unless told otherwise. */
  connect(apiKey?: string, pluginId?: string, capabilities?: readonly string[]): Promise<string>;
  connection(id: string): Promise<LookedInto>;
  /** Makes profiles with one revealed email address each, and answers their ids. `changes` replace what is said here. */
  people(changes: readonly Variables[] | number): Promise<readonly string[]>;
  /** Orders an export to the pool, unless told otherwise; answers the export or the error. */
  order(input: Variables): Promise<LookedInto>;
  export(id: string): Promise<LookedInto>;
  /** Waits for an export to stand in one of these ways. */
  untilExport(id: string, ...statuses: readonly string[]): Promise<LookedInto>;
  remove(connectionId: string): Promise<LookedInto>;
  /** Reads what the ATS holds into the mirror, and answers the run once it has ended or asks. */
  sync(connectionId: string, kind: 'FULL' | 'CHANGES'): Promise<LookedInto>;
  /** The last hundred candidates of the mirror. */
  candidates(connectionId: string): Promise<LookedInto>;
  /** The paths of the last hundred requests to the ATS. All that was asked before is written down then. */
  requests(connectionId: string): Promise<readonly string[]>;
}

/** The users of one organization that nobody has used before. */
export function organizationOf(system: RunningSystem, id: string = randomUUID()): OrganizationClient {
  const answer: OrganizationClient['answer'] = (document, variables = {}, roles = ['ADMIN', 'RECRUITER']) =>
    system.query(document, variables, { organizationId: id, roles });
  const ask: OrganizationClient['ask'] = async (document, variables, roles) => {
    const { data, errors, text } = await answer(document, variables, roles);
    if (errors || !data) throw new Error(`${document} failed: ${text}`);
    return Object.values(data)[0];
  };
  const prefix = id.slice(0, 8);
  const self: OrganizationClient = {
    id,
    answer,
    ask,
    async begin(pluginId = 'jobscore', capabilities = ['EXPORT']) {
      const created = await ask(
        `mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { ${USER_ERRORS} ... on Connection { id } } }`,
        { input: { pluginId, capabilities } },
      );
      if (!created.id) throw new Error(JSON.stringify(created));
      await ask(
        `mutation ($id: ID!) { acknowledgeRequirements(connectionId: $id) { ${USER_ERRORS} ... on Connection { id } } }`,
        { id: created.id },
      );
      return created.id;
    },
    submit: (connectionId, apiKey = SIMULATED_KEYS.user, more = {}) =>
      ask(
        `mutation ($input: SubmitCredentialsInput!) { submitCredentials(input: $input) {
           ${USER_ERRORS} ... on ConnectionVerified { connection { ${CONNECTION} }
           report { allGood complete checks { id label status reason remedy } testCandidate { id name url reused } } } } }`,
        {
          input: {
            connectionId,
            credentials: [{ name: 'apiKey', value: apiKey }],
            testTarget: { prospect: true },
            ...more,
          },
        },
      ),
    finish: (connectionId) =>
      ask(
        `mutation ($id: ID!) { finishConnection(connectionId: $id) { ${USER_ERRORS} ... on Connection { ${CONNECTION} } } }`,
        { id: connectionId },
      ),
    async connect(apiKey, pluginId, capabilities) {
      const connectionId = await self.begin(pluginId, capabilities);
      await self.submit(connectionId, apiKey);
      const finished = await self.finish(connectionId);
      if (finished.status !== 'CONNECTED') throw new Error(JSON.stringify(finished));
      return connectionId;
    },
    connection: (connectionId) =>
      ask(`query ($id: ID!) { connection(id: $id) { ${CONNECTION} } }`, { id: connectionId }),
    async people(changes) {
      const each = typeof changes === 'number' ? Array.from({ length: changes }, () => ({})) : changes;
      const profiles = each.map((change, index) => ({
        key: `${prefix}-${index}`,
        firstName: `First${index}`,
        lastName: `Last${prefix}`,
        emails: [{ address: `person-${index}@${prefix}.example.com`, revealed: true }],
        ...change,
      }));
      const upserted = await ask(
        `mutation ($profiles: [ProfileInput!]!) { upsertProfiles(profiles: $profiles) {
           ${USER_ERRORS} ... on ProfilesUpserted { profiles { id } } } }`,
        { profiles },
      );
      if (!upserted.profiles) throw new Error(JSON.stringify(upserted));
      return upserted.profiles.map((profile: { readonly id: string }) => profile.id);
    },
    async order(input) {
      const ordered = await ask(
        `mutation ($input: ExportCandidatesInput!) { exportCandidates(input: $input) {
           ${USER_ERRORS} ... on ExportOrdered { export { ${EXPORT} } } } }`,
        { input: { target: { prospect: true }, idempotencyKey: randomUUID(), ...input } },
      );
      return ordered.export ?? ordered;
    },
    export: (exportId) => ask(`query ($id: ID!) { export(id: $id) { ${EXPORT} } }`, { id: exportId }),
    untilExport: (exportId, ...statuses) =>
      until(
        () => self.export(exportId),
        ({ status }) => statuses.includes(status),
      ),
    remove: (connectionId) =>
      ask(
        `mutation ($id: ID!) { removeConnection(connectionId: $id) { ${USER_ERRORS} ... on Connection { ${CONNECTION} } } }`,
        { id: connectionId },
      ),
    async sync(connectionId, kind) {
      // The first load begins by itself, and no run begins before it has ended.
      await until(
        () =>
          ask(`query ($id: ID!) { mirror(connectionId: $id) { completeAt currentRun { id } } }`, { id: connectionId }),
        ({ completeAt, currentRun }) => completeAt !== null && currentRun === null,
      );
      const started = await ask(
        `mutation ($id: ID!, $kind: SyncKind) { startSync(connectionId: $id, kind: $kind) {
           ${USER_ERRORS} ... on SyncStarted { syncRun { id } } } }`,
        { id: connectionId, kind },
      );
      if (!started.syncRun) throw new Error(JSON.stringify(started));
      return until(
        () => ask(`query ($id: ID!) { syncRun(id: $id) { ${SYNC_RUN} } }`, { id: started.syncRun.id }),
        ({ status }) => !['QUEUED', 'RUNNING'].includes(status),
      );
    },
    candidates: (connectionId) =>
      ask(
        `query ($id: ID!) { candidates(connectionId: $id, first: 100) {
           totalCount nodes { id remoteId firstName lastName emails applications { jobTitle status } } } }`,
        { id: connectionId },
      ),
    async requests(connectionId) {
      const { nodes } = await ask('query ($id: ID!) { requestLog(connectionId: $id, first: 100) { nodes { path } } }', {
        id: connectionId,
      });
      return nodes.map(({ path }: { readonly path: string }) => path);
    },
  };
  return self;
}
