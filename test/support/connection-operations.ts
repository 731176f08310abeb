import { SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import pg from 'pg';
import type { Organization, World } from './connections-world.ts';

const ERROR = '... on UserError { code message }';

/** Begins a connection. */
export const CREATE = `mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { __typename
  ... on Connection { id name status setupStep } ${ERROR}
  ... on CapabilityOff { pluginId capability switchedOnBy } ... on InvalidInput { problems { field message } } } }`;

/** Says that the requirements are met. */
export const ACKNOWLEDGE = `mutation ($id: ID!) { acknowledgeRequirements(connectionId: $id) { __typename
  ... on Connection { id status setupStep requirementsAcknowledgedAt } ${ERROR} ... on NotFound { recordType id } } }`;

const REPORT = `report { verifiedAt allGood complete checks { id label status reason remedy } testCandidate { name id url reused } }`;

/** Hands in credentials, and verifies them. */
export const SUBMIT = `mutation ($input: SubmitCredentialsInput!) { submitCredentials(input: $input) { __typename
  ... on ConnectionVerified { connection { id status setupStep accountLabel attentionReason } ${REPORT} } ${ERROR}
  ... on InvalidInput { problems { field message } } ... on WrongState { state } ... on NotFound { recordType id } } }`;

/** Verifies again. */
export const VERIFY = `mutation ($input: VerifyConnectionInput!) { verifyConnection(input: $input) { __typename
  ... on ConnectionVerified { connection { id status setupStep attentionReason } ${REPORT} } ${ERROR}
  ... on CapabilityOff { pluginId capability switchedOnBy } ... on WrongState { state } ... on NotFound { recordType id } } }`;

/** Ends the set-up. */
export const FINISH = `mutation ($id: ID!) { finishConnection(connectionId: $id) { __typename
  ... on Connection { id status setupStep } ${ERROR} ... on WrongState { state } ... on NotFound { recordType id } } }`;

/** Changes name, credentials or settings. */
export const UPDATE = `mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { __typename
  ... on ConnectionUpdated { connection { id name status attentionReason settings { field { name } value } } ${REPORT} } ${ERROR}
  ... on InvalidInput { problems { field message } } ... on WrongState { state } ... on NotFound { recordType id } } }`;

/** Removes a connection. */
export const REMOVE = `mutation ($id: ID!) { removeConnection(connectionId: $id) { __typename
  ... on Connection { id status } ${ERROR} ... on NotFound { recordType id } } }`;

/** An admin's switch of a capability. */
export const SWITCH = `mutation ($input: SetCapabilityInput!) { setCapability(input: $input) { __typename
  ... on PluginCapability { capability availability { on reason switchedOnBy } } ${ERROR}
  ... on CapabilityOff { pluginId capability switchedOnBy } ... on InvalidInput { problems { field message } } } }`;

/** What an operator lets an organization use. */
export const ENTITLE = `mutation ($input: SetEntitlementInput!) { setEntitlement(input: $input) { __typename
  ... on Entitlement { organizationId tier integrationsEnabled
    plugins { pluginId displayName capabilities { capability comesAlong availability { on reason switchedOnBy } } } } ${ERROR} } }`;

/** All that is shown of a connection. */
export const CONNECTION = `query ($id: ID!) { connection(id: $id) { id name status setupStep attentionReason accountLabel leftBehind
  plugin { id displayName installed } capabilities { capability availability { on reason switchedOnBy } }
  requirements { id title steps capabilities } requirementsAcknowledgedAt outgoingAddresses
  credentials { field { name label kind secret required } isSet } settings { field { name kind defaultValue } value }
  lastVerification { allGood complete checks { id status } } createdAt updatedAt } }`;

/** A page of connections. */
export const LIST = `query ($first: Int! = 50, $after: String) { connections(first: $first, after: $after) {
  nodes { id name } edges { cursor node { id } } totalCount pageInfo { hasNextPage hasPreviousPage endCursor } } }`;

/** A connection that was begun, and its requirements acknowledged. */
export async function begun(organization: Organization, name = 'Main'): Promise<string> {
  const input = { pluginId: 'example', capabilities: ['EXPORT'], name };
  const { id } = await organization.field('ADMIN', CREATE, { input });
  await organization.field('ADMIN', ACKNOWLEDGE, { id });
  return id;
}

/** Credentials to hand in. */
export function submission(
  connectionId: string,
  apiKey = SIMULATED_API_KEY,
  testTarget: object | null = { prospect: true },
) {
  return { input: { connectionId, credentials: [{ name: 'apiKey', value: apiKey }], testTarget } };
}

/** A connection whose set-up has ended. */
export async function connected(organization: Organization, name = 'Main'): Promise<string> {
  const id = await begun(organization, name);
  await organization.field('ADMIN', SUBMIT, submission(id));
  await organization.field('ADMIN', FINISH, { id });
  return id;
}

/** Rows of the database, read as its owner. */
export async function rowsOf<Row extends object>(
  { databaseUrl }: World,
  sql: string,
  parameters: unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}
