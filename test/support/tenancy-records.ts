import { randomUUID } from 'node:crypto';
import type { LinkedInSimulator } from '@talentbridge/plugin-linkedin-recruiter/simulator';
import { asSuperuser } from './database-text.ts';
import { type OrganizationClient, organizationOf } from './organization-client.ts';
import { connectNetwork, enableIntegrations, NETWORK, OTHER_NETWORK, pairWith } from './paired-systems.ts';
import { type RunningSystem, until, userOf, type Vendors } from './running-system.ts';

/** An organization and one of each of its records. */
export interface Holder {
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

/** The API key of an organization: each has one of its own, so that traces of it can be looked for. */
export const keyOf = (organizationId: string): string => `key-of-${organizationId}`;

/**
 * An organization with a connection, profiles, a project, an export that has ended with an item that is unclear, a mirror, and a
 * network that the ATS is paired with.
 */
export async function settle(
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
export function fingerprintsOf(
  holder: Holder,
  ownRows: string,
  otherRows: string,
  vendors: Vendors,
): readonly string[] {
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
export const rowsOf = (dump: string, organizationId: string): string =>
  dump
    .split('\n')
    .filter((row) => row.includes(`"organization_id":"${organizationId}"`))
    .join('\n');
