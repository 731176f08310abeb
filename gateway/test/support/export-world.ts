import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Hub, Role } from '@talentbridge/hub';
import { PluginRegistry } from '@talentbridge/plugin-host';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import type { LookedInto } from '../../../test/support/looked-into.ts';
import { freshDatabase } from '../../../test/support/postgres.ts';
import { throwawayFolder } from '../../../test/support/throwaway-files.ts';
import { createApplication } from '../../src/application.js';
import { readConfiguration } from '../../src/configuration.js';
import { type AcmeAccount, acmeOverrides, acmePlugin, startAcmeAts } from './acme-ats.js';

const EVERYTHING = { '*': ['*' as const] };

/** An application on a database of its own, with Acme ATS behind it. */
export interface ExportWorld extends AsyncDisposable {
  readonly url: string;
  readonly databaseUrl: string;
  readonly hub: Hub;
  /** A new organization with a connection to an account of its own in Acme ATS, with Export unless told otherwise. */
  organization(options?: OrganizationOptions): Promise<TestOrganization>;
}

/** How an organization begins. */
export interface OrganizationOptions {
  readonly capabilities?: readonly ('EXPORT' | 'REDISCOVERY')[];
  /** Bends the account before it is connected. */
  readonly prepare?: (acme: AcmeAccount) => void;
}

/** An answer of the API. */
export interface Answer {
  readonly data: LookedInto;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

type Variables = Readonly<Record<string, unknown>>;

/** One organization, its users, and its account in Acme ATS. */
export interface TestOrganization {
  readonly connectionId: string;
  readonly acme: AcmeAccount;
  token(role: Role): Promise<string>;
  /** As a recruiter, unless another role is named. */
  ask(query: string, variables?: Variables, role?: Role): Promise<Answer>;
  /** Everything that a subscription sends until it ends. */
  follow(query: string, variables?: Variables): Promise<Answer[]>;
  /** Makes profiles with one revealed email address each, and answers their ids. `changes` replace what is said here. */
  people(changes: readonly Variables[]): Promise<string[]>;
  /** Orders an export, to the pool unless told otherwise. */
  order(input: Variables): Promise<LookedInto>;
  /** Asks for an export until it has ended. */
  ended(id: string): Promise<LookedInto>;
}

/** What tests look at of an export. */
export const EXPORT = `id status statusReason message target { kind jobId } options { generateDummyEmails includePreviouslyExported }
  requestedBy createdAt startedAt finishedAt
  connection { id name plugin { displayName } }
  counts { total remaining created updated skipped failed unclear }
  items(first: 100) { totalCount nodes {
    id position profileId state outcome code reason remedy remoteId remoteUrl finishedAt
    warnings { code message field } profile { key exportedTo { atsName connectionId remoteId url exportedAt } } } }`;

/** Every error that is data. */
export const ERRORS = `__typename ... on UserError { code message } ... on InvalidInput { problems { field message } }
  ... on NotFound { recordType id } ... on WrongState { state } ... on JobNotOpen { jobId }
  ... on CapabilityOff { pluginId capability switchedOnBy }`;

/** Starts everything that the end-to-end tests of exports need. */
export async function startExportWorld({ poolSize }: { readonly poolSize?: number } = {}): Promise<ExportWorld> {
  const vendor = await startAcmeAts();
  const databaseUrl = await freshDatabase();
  const configuration = readConfiguration({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    FILE_STORE: `disk:${throwawayFolder()}`,
    DUMMY_EMAIL_DOMAIN: 'dummy.example.com',
  });
  const application = await createApplication({
    configuration,
    ...(poolSize === undefined ? {} : { poolSize }),
    deployment: {
      brand: 'Brand',
      dummyEmailDomain: configuration.hub.dummyEmailDomain,
      plugins: new PluginRegistry([acmePlugin]),
      tiers: { ESSENTIAL: EVERYTHING, PROFESSIONAL: EVERYTHING, ENTERPRISE: EVERYTHING },
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: acmeOverrides(vendor),
    },
    logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
  });
  const url = await application.gateway.listen();
  return {
    url,
    databaseUrl,
    hub: application.hub,
    async organization({ capabilities = ['EXPORT'], prepare } = {}) {
      const key = `acme-key-${randomUUID()}`;
      const organizationId = randomUUID();
      const token = async (role: Role): Promise<string> => {
        const issued = await application.gateway.issuer?.issue({
          organizationId,
          userId: role.toLowerCase(),
          roles: [role],
        });
        return issued?.token ?? '';
      };
      const ask = async (query: string, variables: Variables = {}, role: Role = 'RECRUITER'): Promise<Answer> => {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${await token(role)}` },
          body: JSON.stringify({ query, variables }),
        });
        return (await response.json()) as Answer;
      };
      const acme = vendor.account(key);
      prepare?.(acme);
      const connectionId = await connect(ask, key, capabilities);
      // The test candidate of the verification.
      acme.candidates.length = 0;
      acme.received.length = 0;
      return {
        connectionId,
        acme,
        token,
        ask,
        async follow(query, variables = {}) {
          const client = createClient({
            url: `${url.replace('http', 'ws')}/graphql`,
            webSocketImpl: WebSocket,
            connectionParams: { authorization: `Bearer ${await token('RECRUITER')}` },
          });
          const answers: Answer[] = [];
          for await (const answer of client.iterate({ query, variables })) answers.push(answer as Answer);
          await client.dispose();
          return answers;
        },
        async people(changes) {
          const profiles = changes.map((change, index) => ({
            key: `p-${index}`,
            firstName: `First${index}`,
            lastName: `Last${index}`,
            emails: [{ address: `p${index}@mail.example`, revealed: true }],
            ...change,
          }));
          const { data } = await ask(
            `mutation ($profiles: [ProfileInput!]!) { upsertProfiles(profiles: $profiles) {
               ${ERRORS} ... on ProfilesUpserted { profiles { id } } } }`,
            { profiles },
            'ADMIN',
          );
          return data.upsertProfiles.profiles.map(({ id }: { id: string }) => id);
        },
        async order(input) {
          const { data, errors } = await ask(
            `mutation ($input: ExportCandidatesInput!) { exportCandidates(input: $input) {
               ${ERRORS} ... on ExportOrdered { export { ${EXPORT} } } } }`,
            { input: { connectionId, target: { prospect: true }, idempotencyKey: randomUUID(), ...input } },
          );
          if (!data) throw new Error(JSON.stringify(errors));
          return data.exportCandidates.export ?? data.exportCandidates;
        },
        async ended(id) {
          for (;;) {
            const { data } = await ask(`query ($id: ID!) { export(id: $id) { ${EXPORT} } }`, { id });
            if (['COMPLETE', 'STOPPED', 'PAUSED'].includes(data.export.status)) return data.export;
            await new Promise((resolve) => setTimeout(resolve, 25));
          }
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await application.close();
      await vendor[Symbol.asyncDispose]();
    },
  };
}

/** Adds and finishes a connection the way an admin's front end does. */
async function connect(ask: TestOrganization['ask'], apiKey: string, capabilities: readonly string[]): Promise<string> {
  const created = await ask(
    `mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { ${ERRORS} ... on Connection { id } } }`,
    { input: { pluginId: 'acme', name: 'Acme of tests', capabilities } },
    'ADMIN',
  );
  const connectionId: string = created.data.createConnection.id;
  await ask(
    `mutation ($input: SubmitCredentialsInput!) { submitCredentials(input: $input) { ${ERRORS} } }`,
    {
      input: { connectionId, credentials: [{ name: 'apiKey', value: apiKey }], testTarget: { prospect: true } },
    },
    'ADMIN',
  );
  const finished = await ask(
    `mutation ($id: ID!) { finishConnection(connectionId: $id) { ${ERRORS} ... on Connection { status } } }`,
    { id: connectionId },
    'ADMIN',
  );
  if (finished.data?.finishConnection.status !== 'CONNECTED') throw new Error(JSON.stringify(finished));
  return connectionId;
}
