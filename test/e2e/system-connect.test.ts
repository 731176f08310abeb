import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LookedInto } from '../support/looked-into.ts';
import { USER_ERRORS } from '../support/organization-client.ts';
import {
  enableAll,
  MEMBERS,
  NETWORK,
  type PairedSystems,
  SEATS,
  startPairedSystems,
} from '../support/paired-systems.ts';
import { until } from '../support/running-system.ts';

/** The mutation that says who a candidate is, or takes it back. */
const LINKED = `${USER_ERRORS} ... on ProfileLinkChanged { candidate { id networkProfile { link { member how linkedBy } } } }`;

const WIDGET =
  'scriptUrl scriptSettings { name value } elementType attributes { name value } callbacks { attribute event }';

let pair: PairedSystems;
afterAll(() => pair[Symbol.asyncDispose]());

/** A step of switching on. */
const step = (state: LookedInto, id: string) => state.steps.find((one: { readonly id: string }) => one.id === id);

describe('switching on', () => {
  beforeAll(async () => {
    pair = await startPairedSystems({ upTo: 'connected' });
  }, 60_000);

  it('a network in no pair shows its steps, and lists none', async () => {
    const state = await pair.state();
    expect(state).toMatchObject({ id: pair.connectionId, ats: null, progress: null });
    expect(step(state, 'connect')).toMatchObject({ status: 'DONE', remedy: null });
    expect(step(state, 'pair')).toMatchObject({ status: 'TODO', remedy: expect.stringContaining('Choose') });
    expect(await pair.organization.ask('{ systemConnections { id } }')).toEqual([]);
    const none = await pair.organization.ask('query ($id: ID!) { systemConnection(connectionId: $id) { id } }', {
      id: pair.ats,
    });
    expect(none).toBeNull();
  });

  it('pairing refuses what cannot be paired, as data', async () => {
    const pairing = (atsConnectionId: string, roles?: readonly ('RECRUITER' | 'ADMIN')[]) =>
      pair.organization.answer(
        `mutation ($input: PairSystemsInput!) { pairSystems(input: $input) { ${USER_ERRORS} } }`,
        { input: { connectionId: pair.connectionId, atsConnectionId } },
        roles,
      );
    expect((await pairing(pair.connectionId)).data.pairSystems).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'atsConnectionId' }],
    });
    expect((await pairing('00000000-0000-4000-8000-00000000dead')).data.pairSystems).toMatchObject({
      __typename: 'NotFound',
      recordType: 'connection',
    });
    expect((await pairing(pair.ats, ['RECRUITER'])).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  it('the steps turn green by themselves while the administrator of the network enables everything', async () => {
    const { system, organization, connectionId } = pair;
    const watched = system.follow(
      'subscription ($id: ID!) { systemConnectionChanged(connectionId: $id) { steps { id status } } }',
      { id: connectionId },
      { organizationId: organization.id, roles: ['VIEWER'] },
      (streamed) => streamed.includes('"id":"firstSync","status":"DONE"'),
    );
    const { systemConnection } = await organization.ask(
      `mutation ($input: PairSystemsInput!) { pairSystems(input: $input) { ${USER_ERRORS} ... on SystemsPaired {
         systemConnection { id missingEmail ats { id } network { id } } } } }`,
      { input: { connectionId, atsConnectionId: pair.ats } },
    );
    expect(systemConnection).toMatchObject({
      missingEmail: 'DUMMY',
      ats: { id: pair.ats },
      network: { id: connectionId },
    });
    await enableAll(pair);
    const state = await pair.state();
    const open = state.steps.filter(({ status }: { readonly status: string }) => status !== 'DONE');
    expect(open.map(({ id }: { readonly id: string }) => id)).toEqual(['seats']);
    expect(state.seats.map(({ firstName }: { readonly firstName: string }) => firstName)).toEqual(
      expect.arrayContaining(['Rita', 'Tariq']),
    );
    const events = (await watched).data.map(
      ({ data }: LookedInto) => step(data.systemConnectionChanged, 'firstSync').status,
    );
    expect(events[0]).toBe('WAITING');
    expect(events.at(-1)).toBe('DONE');
  });

  it('a recruiter connects their own seat, an admin that of others', async () => {
    const { as, connectionId, state } = pair;
    const connect = (
      userId: string,
      seatId: string,
      of?: string,
      roles: readonly ('RECRUITER' | 'ADMIN')[] = ['RECRUITER'],
    ) =>
      as(userId, roles)(
        `mutation ($input: ConnectSeatInput!) { connectSeat(input: $input) { ${USER_ERRORS}
           ... on SeatChanged { seat { seatId userId confirmed } } } }`,
        { input: { connectionId, seatId, ...(of === undefined ? {} : { userId: of }) } },
      );
    const { seats } = await state();
    const [rita, tariq, emil] = ['Rita', 'Tariq', 'Emil'].map(
      (name) => seats.find(({ firstName }: { readonly firstName: string }) => firstName === name).seatId,
    );
    expect(await connect('rita', rita)).toMatchObject({ seat: { userId: 'rita', confirmed: false } });
    expect(await connect('somebody', rita)).toMatchObject({ __typename: 'WrongState', state: 'CONNECTED' });
    expect(await connect('somebody', tariq, 'tariq')).toMatchObject({ __typename: 'InvalidInput' });
    expect(await connect('boss', tariq, 'tariq', ['ADMIN'])).toMatchObject({
      seat: { userId: 'tariq', confirmed: true },
    });
    expect(await connect('emil', emil)).toMatchObject({ __typename: 'WrongState', state: 'INACTIVE' });
    expect(step(await state(), 'seats')).toMatchObject({ status: 'DONE' });
    const { seat } = await as('rita')(
      `mutation ($input: DisconnectSeatInput!) { disconnectSeat(input: $input) { ${USER_ERRORS} ... on SeatChanged { seat { userId } } } }`,
      { input: { connectionId, seatId: rita } },
    );
    expect(seat).toEqual({ userId: null });
  });
});

describe('RSC-1: candidates are connected to profiles', () => {
  const linkOf = async (lastName: string) => (await pair.candidate(lastName)).networkProfile.link;

  it('RSC-1: by the home email, without anybody doing anything', async () => {
    await until(
      () => linkOf('Quispe-a'),
      (link) => link !== null,
    );
    expect(await linkOf('Quispe-a')).toEqual({ member: MEMBERS.bo, how: 'MATCHED', linkedBy: null });
    expect((await pair.member(MEMBERS.bo)).inAts).toBe(true);
    expect(await linkOf('Okafor-f')).toBeNull();
  });

  it('RSC-1: by hand, and undone, which the network hears of', async () => {
    const { id } = await pair.candidate('Okafor-f');
    const link = () =>
      pair.as('somebody')(`mutation ($input: LinkProfileInput!) { linkProfile(input: $input) { ${LINKED} } }`, {
        input: { candidateId: id, member: MEMBERS.emre },
      });
    const unlink = () =>
      pair.as('somebody')(`mutation ($id: ID!) { unlinkProfile(candidateId: $id) { ${LINKED} } }`, { id });
    expect((await link()).candidate.networkProfile.link).toEqual({
      member: MEMBERS.emre,
      how: 'BY_HAND',
      linkedBy: 'somebody',
    });
    expect((await pair.member(MEMBERS.emre)).inAts).toBe(true);
    expect((await unlink()).candidate.networkProfile.link).toBeNull();
    // What was on its way when it was undone may arrive after that, and is put right by the next push.
    await until(
      () => pair.member(MEMBERS.emre),
      ({ inAts }) => !inAts,
    );
    expect(await unlink()).toMatchObject({ __typename: 'WrongState', code: 'WRONG_STATE' });
    const asViewer = await pair.answerAs('somebody', ['VIEWER'])(
      `mutation ($id: ID!) { unlinkProfile(candidateId: $id) { __typename } }`,
      { id },
    );
    expect(asViewer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    const { nodes } = await pair.organization.ask('{ auditLog(first: 50) { nodes { action } } }');
    const actions = nodes.map(({ action }: { readonly action: string }) => action);
    expect(actions).toEqual(expect.arrayContaining(['candidate.linkProfile', 'candidate.unlinkProfile']));
  });

  it("RSC-1: what a person took back is not found again, and the network's finding of somebody else is", async () => {
    const { id } = await pair.candidate('Quispe-a');
    const { candidate } = await pair.as('somebody')(
      `mutation ($id: ID!) { unlinkProfile(candidateId: $id) { ${LINKED} } }`,
      { id },
    );
    expect(candidate.networkProfile.link).toBeNull();
    await pair.throughAts(`/candidates/${(await pair.candidate('Quispe-a')).remoteId}/notes`, { body: 'Seen again.' });
    await until(
      () => pair.member(MEMBERS.bo),
      ({ previews }) => JSON.stringify(previews).includes('Seen again.'),
    );
    expect(await linkOf('Quispe-a')).toBeNull();
    await pair.as('somebody')(`mutation ($input: LinkProfileInput!) { linkProfile(input: $input) { __typename } }`, {
      input: { candidateId: id, member: MEMBERS.bo },
    });
  });
});

describe('RSC-2: what happens in the ATS shows at the network', () => {
  const previewOf = async (urn: string) => (await pair.member(urn)).previews[0];

  it('RSC-2: the spotlight counts past applicants, and the preview shows jobs, stages, notes, interviews and the way to the record', async () => {
    const { nodes } = await pair.organization.ask(
      `query ($id: ID!) { candidates(connectionId: $id, first: 100) { nodes { applications { id } networkProfile { link { member } } } } }`,
      { id: pair.ats },
    );
    const applied = nodes.filter((one: LookedInto) => one.networkProfile.link !== null && one.applications.length > 0);
    expect(applied.length).toBeGreaterThan(3);
    const { pastApplicants } = await pair.atNetwork(`/search?seat=${SEATS.rita}&q=`);
    expect(pastApplicants).toBe(applied.length);
    const preview = await previewOf(MEMBERS.bo);
    const { applications, remoteId } = await pair.candidate('Quispe-a');
    expect(preview.url).toContain(remoteId);
    expect(preview.jobs.map(({ title }: { readonly title: string }) => title)).toEqual(
      applications.map(({ jobTitle }: { readonly jobTitle: string }) => jobTitle),
    );
    expect(preview.jobs[0].stages.length).toBeGreaterThan(0);
  });

  it('RSC-2: a change of stage, a note and an interview go there at once', async () => {
    const { remoteId, applications } = await pair.candidate('Quispe-a');
    await pair.atAts(`/applications/${applications[0].remoteId}`, { status: 'active', stage: 'Offer' });
    await pair.throughAts(`/candidates/${remoteId}/notes`, { body: 'Can start in May.' });
    await pair.throughAts(`/candidates/${remoteId}/notes`, { body: 'Between us alone.', private: true });
    await pair.atAts(`/candidates/${remoteId}/interviews`, { feedback: 'Clear and kind.', recommendation: 'yes' });
    const preview = await until(
      () => previewOf(MEMBERS.bo),
      ({ jobs, notes, interviews }) =>
        jobs[0].currentStage === 'Offer' &&
        JSON.stringify(notes).includes('Can start in May.') &&
        JSON.stringify(interviews).includes('Clear and kind.'),
      30_000,
    );
    expect(JSON.stringify(preview)).not.toContain('Between us alone.');
  });

  it('RSC-2: what is deleted in the ATS is gone at the network', async () => {
    const { remoteId } = await pair.candidate('Nakamura-g');
    const hana = 'urn:li:person:h6n5g006';
    expect((await pair.member(hana)).inAts).toBe(true);
    await pair.atAts(`/candidates/${remoteId}/delete`, {});
    await until(
      () => pair.member(hana),
      ({ inAts }) => !inAts,
      30_000,
    );
    expect(pair.network.records().candidates.has(remoteId)).toBe(false);
  });
});

describe('RSC-7: the profile at the network', () => {
  const widgetOf = (userId: string, roles: readonly ('VIEWER' | 'RECRUITER')[], id: string) =>
    pair.as(userId, roles)(
      `query ($id: ID!) { mirroredCandidate(id: $id) { networkProfile { widget { ${WIDGET} } } } }`,
      {
        id,
      },
    );

  it('RSC-7: every user of the organization gets what a page shows it with, and nothing of it is copied', async () => {
    const { id, remoteId } = await pair.candidate('Quispe-a');
    const asViewer = await widgetOf('viewer', ['VIEWER'], id);
    expect(asViewer).toEqual(await widgetOf('tariq', ['RECRUITER'], id));
    const { widget } = asViewer.networkProfile;
    expect(widget.scriptUrl).toMatch(/^https:\/\//);
    expect(widget.scriptSettings).toContainEqual({ name: 'api_key', value: NETWORK.clientId });
    expect(widget.attributes).toContainEqual({ name: 'data-ats-candidate-id', value: remoteId });
    expect(widget.callbacks.map(({ event }: { readonly event: string }) => event)).toEqual(['LINK', 'UNLINK']);
  });

  it('RSC-7: what the page is called with links the candidate', async () => {
    const { id } = await pair.candidate('Okafor-f');
    const { candidate } = await pair.as('somebody')(
      `mutation ($input: LinkProfileInput!) { linkProfile(input: $input) { ${LINKED} } }`,
      { input: { candidateId: id, member: MEMBERS.emre } },
    );
    expect(candidate.networkProfile.link).toMatchObject({ member: MEMBERS.emre, how: 'BY_HAND' });
    expect(
      await pair.as('somebody')(
        `mutation ($input: LinkProfileInput!) { linkProfile(input: $input) { ${USER_ERRORS} } }`,
        { input: { candidateId: id, member: 'no\u0000member' } },
      ),
    ).toMatchObject({ __typename: 'InvalidInput', problems: [{ field: 'member' }] });
  });

  it('RSC-7: an admin gets what the integration is asked for with, and nobody else does', async () => {
    const document = `query ($id: ID!) { systemConnection(connectionId: $id) { setupWidget { ${WIDGET} } } }`;
    const { setupWidget } = await pair.organization.ask(document, { id: pair.connectionId });
    expect(setupWidget.callbacks.map(({ event }: { readonly event: string }) => event)).toEqual(['REQUEST']);
    const { errors } = await pair.answerAs('somebody')(document, { id: pair.connectionId });
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  it('RSC-7: while it is switched off at the network there is none', async () => {
    const { id } = await pair.candidate('Quispe-a');
    const set = (status: string) =>
      pair.atNetwork('/integrations', {
        clientId: NETWORK.clientId,
        type: 'PROFILE_PLUGIN',
        context: NETWORK.organization,
        status,
      });
    const widget = async () => (await widgetOf('viewer', ['VIEWER'], id)).networkProfile.widget;
    await set('DISABLED');
    await until(widget, (shown) => shown === null);
    const off = (await pair.state()).steps.filter(({ status }: { readonly status: string }) => status === 'TODO');
    expect(off).toHaveLength(1);
    await set('ENABLED');
    await until(widget, (shown) => shown !== null);
  });
});

describe('RSC-2: who sees jobs at the network', () => {
  it('RSC-2: everybody, or people on lists, as the pair says', async () => {
    const { organization, connectionId, ats, network } = pair;
    const letSee = (jobViewers: string) =>
      organization.ask(
        `mutation ($input: PairSystemsInput!) { pairSystems(input: $input) { ${USER_ERRORS} ... on SystemsPaired {
           systemConnection { jobViewers missingEmail } } } }`,
        { input: { connectionId, atsConnectionId: ats, jobViewers } },
      );
    const rights = () =>
      network
        .applications()
        .flatMap(({ integrations }) => integrations)
        .flatMap(({ configuration }) => [...configuration.keys()])
        .filter((name) => name.endsWith('_VIEWERS'));
    const { acls, assignees, jobs } = network.records();
    expect(rights()).toEqual(['JOB_POSTING_VIEWERS', 'APPLICATION_VIEWERS']);
    expect(acls.size).toBe(0);
    expect(await letSee('RECRUITERS')).toEqual({
      __typename: 'SystemsPaired',
      systemConnection: { jobViewers: 'RECRUITERS', missingEmail: 'DUMMY' },
    });
    await until(
      async () => new Set([...acls.values()].map(({ atsEntityId }) => atsEntityId)).size,
      (secured) => secured === jobs.size,
    );
    await until(
      async () => rights(),
      (left) => left.length === 0,
    );
    expect(assignees.size).toBeGreaterThan(1);
    await letSee('EVERYBODY');
    await until(
      async () => acls.size,
      (secured) => secured === 0,
    );
    await until(
      async () => rights(),
      (left) => left.length === 2,
    );
    await until(
      async () => assignees.size,
      (left) => left === 0,
    );
  });
});
