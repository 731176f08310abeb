import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LookedInto } from '../support/looked-into.ts';
import { USER_ERRORS } from '../support/organization-client.ts';
import { MEMBERS, type PairedSystems, SEATS, startPairedSystems } from '../support/paired-systems.ts';
import { until } from '../support/running-system.ts';

let pair: PairedSystems;
beforeAll(async () => {
  pair = await startPairedSystems();
  await pair.giveSeat(SEATS.rita, 'rita');
  await pair.giveSeat(SEATS.tariq, 'tariq');
}, 120_000);
afterAll(() => pair[Symbol.asyncDispose]());

const asRita = (lastName: string) => pair.candidate(lastName, 'rita', ['RECRUITER']);
const write = (member: string, note: string, visibility = 'PUBLIC') =>
  pair.atNetwork('/notes', { seat: SEATS.rita, member, note, visibility });
const send = (member: string, subject: string, body: string) =>
  pair.atNetwork('/inmails', { seat: SEATS.rita, member, subject, body });
const textsOf = (items: readonly LookedInto[]): readonly string[] => items.map(({ content }) => content.text);

/** A candidate, once the mirror has them. */
const arrived = (lastName: string): Promise<LookedInto> =>
  until(
    () => asRita(lastName),
    (candidate) => candidate !== undefined,
    30_000,
  );

describe('RSC-5: what recruiters write at the network appears with the candidate', () => {
  it('RSC-5: notes and InMails after the next poll, with marks in lists', async () => {
    await write(MEMBERS.bo, 'Looks for part time.');
    await send(MEMBERS.bo, 'A role for you', 'Would you like to talk?');
    await pair.poll();
    const { networkProfile } = await asRita('Quispe-a');
    expect(networkProfile.counts).toEqual({ notes: 1, inMails: 1 });
    expect(networkProfile.notes).toMatchObject([
      { authorName: 'Rita Moss', isPublic: true, content: { __typename: 'NetworkText', text: 'Looks for part time.' } },
    ]);
    expect(networkProfile.inMails).toMatchObject([
      {
        authorName: 'Rita Moss',
        byCandidate: false,
        content: { subject: 'A role for you', text: 'Would you like to talk?' },
      },
    ]);
    // A list with counts alone reads nothing.
    const { nodes } = await pair.as('viewer', ['VIEWER'])(
      `query ($id: ID!) { candidates(connectionId: $id, first: 100) { nodes { lastName networkProfile { counts { notes inMails } } } } }`,
      { id: pair.ats },
    );
    const marked = nodes.filter((one: LookedInto) => one.networkProfile.counts.notes > 0);
    expect(marked.map((one: LookedInto) => one.lastName)).toEqual(['Quispe-a']);
  });

  it('RSC-5: changed and deleted there, changed and deleted here', async () => {
    const { id } = await write(MEMBERS.bo, 'Wants to move to Boise.');
    await pair.poll();
    expect(textsOf((await asRita('Quispe-a')).networkProfile.notes)).toContain('Wants to move to Boise.');
    await pair.atNetwork(`/notes/${id}`, { seat: SEATS.rita, note: 'Wants to move to Oakland.' });
    await pair.poll();
    const changed = textsOf((await asRita('Quispe-a')).networkProfile.notes);
    expect(changed).toContain('Wants to move to Oakland.');
    expect(changed).not.toContain('Wants to move to Boise.');
    await pair.atNetwork(`/notes/${id}`, { seat: SEATS.rita, action: 'delete' });
    await pair.poll();
    expect(textsOf((await asRita('Quispe-a')).networkProfile.notes)).toEqual(['Looks for part time.']);
  });

  it('API-4, RSC-5: a new application is told of with the history that the network had before', async () => {
    const { system, organization } = pair;
    await write(MEMBERS.ada, 'Met at a fair.');
    await send(MEMBERS.ada, 'Hello', 'We met at the fair.');
    await pair.poll();
    expect(await asRita('Okafor')).toBeUndefined();
    const told = system.follow(
      `subscription ($since: DateTime!) { newApplications(since: $since) { applicationId candidateRemoteId toldAt connection { id } application { id jobTitle }
         candidate { lastName networkProfile { link { member how } counts { notes inMails } } } } }`,
      // It may come in before the subscription has begun.
      { since: new Date().toISOString() },
      { organizationId: organization.id, roles: ['RECRUITER'], userId: 'rita' },
      (streamed) => streamed.includes('newApplications'),
    );
    const job = system.vendors.jobscore.account().jobs.find(({ status }) => status === 'open');
    const { id } = await pair.throughAts('/candidates', {
      first_name: 'Ada',
      last_name: 'Okafor',
      email: 'ada@home.example',
    });
    await pair.throughAts('/applications', { candidate_id: id, job_id: job?.id });
    const recent = await until(
      () =>
        pair.as('rita')(
          'query { recentApplications { candidateRemoteId toldAt candidate { networkProfile { counts { notes inMails } } } } }',
        ),
      (applications) => applications.length > 0,
      30_000,
    );
    expect(recent).toMatchObject([
      { candidateRemoteId: id, candidate: { networkProfile: { counts: { notes: 1, inMails: 1 } } } },
    ]);
    const events = (await told).data.map(({ data }: LookedInto) => data.newApplications);
    expect(events).toMatchObject([
      {
        candidateRemoteId: id,
        connection: { id: pair.ats },
        application: { jobTitle: job?.title },
        candidate: {
          lastName: 'Okafor',
          networkProfile: { link: { member: MEMBERS.ada, how: 'MATCHED' }, counts: { notes: 1, inMails: 1 } },
        },
      },
    ]);
    const [{ toldAt }] = recent;
    const later = await pair.as('rita')('query ($since: DateTime) { recentApplications(since: $since) { id } }', {
      since: toldAt,
    });
    expect(later).toEqual([]);
  });
});

describe('RSC-4: an answer to an InMail makes a candidate', () => {
  it('RSC-4: without consent nothing is shared, and they are listed as unassigned', async () => {
    const { conversation } = await send(MEMBERS.mira, 'A role', 'Are you looking?');
    await pair.poll();
    expect((await pair.arrivals()).totalCount).toBe(0);
    await pair.atNetwork('/replies', { conversation, body: 'Perhaps.', consent: false });
    await pair.poll();
    const { nodes } = await until(
      () => pair.arrivals(true),
      ({ nodes: found }) => found.length === 1,
      30_000,
    );
    expect(nodes[0]).toMatchObject({
      source: 'REPLY',
      state: 'ADDED',
      outcome: 'CREATED',
      unassigned: true,
      jobRemoteId: null,
      contact: null,
    });
    const made = await until(
      async () => (await pair.arrivals(true)).nodes[0].candidate,
      (candidate) => candidate !== null,
      30_000,
    );
    const stored = await pair.as('rita')(
      `query ($id: ID!) { mirroredCandidate(id: $id) { emails phones { number } applications { id }
         networkProfile { link { member how } inMails { byCandidate content { __typename ... on NetworkText { text } } } } } }`,
      { id: made.id },
    );
    expect(stored).toMatchObject({
      phones: [],
      applications: [],
      networkProfile: {
        link: { member: MEMBERS.mira, how: 'ADDED' },
        inMails: [
          { byCandidate: false, content: { text: 'Are you looking?' } },
          { byCandidate: true, content: { text: 'Perhaps.' } },
        ],
      },
    });
    expect(JSON.stringify(stored.emails)).not.toContain('mira.vance@mail.example');
  });

  it('RSC-4: with consent their address and number come along', async () => {
    const { conversation } = await send(MEMBERS.tove, 'A role', 'Are you looking?');
    await pair.atNetwork('/replies', { conversation, body: 'Yes! Call me.', consent: true });
    await pair.poll();
    const { id } = await arrived('Wilder');
    const stored = await pair.as('rita')(
      `query ($id: ID!) { mirroredCandidate(id: $id) { firstName emails applications { id } workExperience { employer title } } }`,
      { id },
    );
    expect(stored).toEqual({
      firstName: 'Tove',
      emails: ['tove.wilder@mail.example'],
      applications: [],
      workExperience: [{ employer: 'Proseware', title: 'Talent Partner' }],
    });
    const { nodes } = await pair.arrivals(true);
    expect(nodes.map(({ source }: { readonly source: string }) => source)).toEqual(['REPLY', 'REPLY']);
  });

  it('RSC-4: put on a job in the ATS they are not unassigned any more', async () => {
    const { remoteId } = await arrived('Wilder');
    const job = pair.system.vendors.jobscore.account().jobs.find(({ status }) => status === 'open');
    await pair.throughAts('/applications', { candidate_id: remoteId, job_id: job?.id });
    await until(
      () => pair.arrivals(true),
      ({ nodes: found }) => found.length === 1,
      30_000,
    );
    expect((await pair.arrivals(true)).nodes).toMatchObject([{ candidate: { lastName: 'member' } }]);
  });
});

describe('parting', () => {
  it('deletes here what came from the network, and there what went to it', async () => {
    const { remoteId } = await asRita('Quispe-a');
    expect(pair.network.records().candidates.has(remoteId)).toBe(true);
    const parted = await pair.organization.ask(
      `mutation ($id: ID!) { unpairSystems(connectionId: $id) { ${USER_ERRORS} ... on SystemsUnpaired { systemConnection { id ats { id } } } } }`,
      { id: pair.connectionId },
    );
    expect(parted).toMatchObject({ systemConnection: { id: pair.connectionId, ats: null } });
    expect((await asRita('Quispe-a')).networkProfile).toBeNull();
    await until(
      () => pair.network.records().candidates.size,
      (left) => left === 0,
      30_000,
    );
    // The candidates who came stay the ATS's.
    expect(await asRita('Wilder')).toBeDefined();
    expect(await pair.organization.ask('{ systemConnections { id } }')).toEqual([]);
  });
});
