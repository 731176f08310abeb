import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LookedInto } from '../support/looked-into.ts';
import { USER_ERRORS } from '../support/organization-client.ts';
import { MEMBERS, NETWORK, type PairedSystems, startPairedSystems } from '../support/paired-systems.ts';
import { until } from '../support/running-system.ts';

let pair: PairedSystems;
beforeAll(async () => {
  pair = await startPairedSystems();
  await pair.atAts('/jobs', { title: 'Harbour Pilot' });
  await pair.organization.sync(pair.ats, 'FULL');
  // Recruiters choose among the jobs that the network has.
  await until(
    () => [...pair.network.records().jobs.values()],
    (jobs) => [FIRST_JOB, 'Harbour Pilot'].every((wanted) => jobs.some(({ title }) => title === wanted)),
    30_000,
  );
}, 120_000);
afterAll(() => pair[Symbol.asyncDispose]());

const MIRA = MEMBERS.mira;
/** The one job of the sample account that its careers site shows. */
const FIRST_JOB = 'Backend Engineer';

/** The candidate of the mirror, once there is one. */
const mirrored = (lastName: string): Promise<LookedInto> =>
  until(
    () => pair.candidate(lastName),
    (found) => found !== undefined,
    30_000,
  );

const jobsOf = ({ applications }: LookedInto): readonly string[] =>
  applications.map(({ jobTitle }: { readonly jobTitle: string }) => jobTitle).sort();

describe('RSC-3: one-click export from the network', () => {
  it('RSC-3: adds the person to the ATS and to the chosen job, with name, title and employer alone', async () => {
    await pair.exportTo(MIRA, FIRST_JOB);
    const arrival = await pair.arrived(1);
    expect(arrival).toMatchObject({ source: 'EXPORT', state: 'ADDED', outcome: 'CREATED', unassigned: false });
    const candidate = await mirrored('Vance');
    expect(jobsOf(candidate)).toEqual([FIRST_JOB]);
    const stored = await pair.organization.ask(
      `query ($id: ID!) { mirroredCandidate(id: $id) { firstName lastName emails phones { number } address { city } socialUrls { url }
         workExperience { employer title } education { school } } }`,
      { id: candidate.id },
    );
    expect(stored).toEqual({
      firstName: 'Mira',
      lastName: 'Vance',
      // The ATS demands an address: a placeholder stands for none.
      emails: [expect.stringMatching(/@/)],
      phones: [],
      address: null,
      socialUrls: [],
      workExperience: [{ employer: 'Litware', title: 'Backend Engineer' }],
      education: [],
    });
    expect(stored.emails[0]).not.toContain('mira');
  });

  it('RSC-1: who was added from the network is connected, and the network shows the ATS record', async () => {
    const { networkProfile, remoteId } = await pair.candidate('Vance');
    expect(networkProfile.link).toMatchObject({ member: MIRA, how: 'ADDED' });
    const { inAts, previews } = await until(
      () => pair.member(MIRA),
      (view) => view.inAts && view.previews[0]?.jobs.length === 1,
      30_000,
    );
    expect(inAts).toBe(true);
    expect(previews[0].url).toContain(remoteId);
    expect(previews[0].jobs[0].title).toBe(FIRST_JOB);
  });

  it('RSC-3: exported to a second job it is the same candidate with two applications', async () => {
    await pair.exportTo(MIRA, 'Harbour Pilot');
    const arrival = await pair.arrived(2);
    expect(arrival).toMatchObject({ state: 'ADDED', outcome: 'UPDATED' });
    await until(
      () => pair.candidate('Vance'),
      (candidate) => jobsOf(candidate).length === 2,
      30_000,
    );
    expect(jobsOf(await pair.candidate('Vance'))).toEqual([FIRST_JOB, 'Harbour Pilot'].sort());
    const { jobscore } = pair.system.vendors;
    expect(jobscore.candidates().filter(({ last_name }: LookedInto) => last_name === 'Vance')).toHaveLength(1);
  });

  it('RSC-3: a notification that comes twice adds nobody twice', async () => {
    const [{ id }] = await pair.atNetwork('/pushes');
    await pair.atNetwork('/mishaps', { double: 1 });
    await pair.exportTo(MIRA, FIRST_JOB);
    await pair.arrived(3);
    await pair.network.pushes.settled();
    expect(id).toBeDefined();
    expect((await pair.arrivals()).totalCount).toBe(3);
    const { jobscore } = pair.system.vendors;
    expect(jobscore.candidates().filter(({ last_name }: LookedInto) => last_name === 'Vance')).toHaveLength(1);
  });

  it('RSC-3: an address may be refused instead of made up, which is said, and tried again by hand', async () => {
    const rule = (missingEmail: string) =>
      pair.organization.ask(
        `mutation ($input: PairSystemsInput!) { pairSystems(input: $input) { ${USER_ERRORS} ... on SystemsPaired { systemConnection { missingEmail } } } }`,
        { input: { connectionId: pair.connectionId, atsConnectionId: pair.ats, missingEmail } },
      );
    expect(await rule('REFUSE')).toMatchObject({ systemConnection: { missingEmail: 'REFUSE' } });
    await pair.exportTo(MEMBERS.tove, FIRST_JOB);
    const arrival = await pair.arrived(4);
    expect(arrival).toMatchObject({ state: 'REFUSED', name: 'Tove Wilder', candidate: null });
    expect(arrival.reason).toMatch(/email/i);
    expect(arrival.remedy).toMatch(/\S/);
    await rule('DUMMY');
    const retried = await pair.organization.ask(
      `mutation ($id: ID!) { retryArrival(arrivalId: $id) { ${USER_ERRORS} ... on ArrivalChanged { arrival { id state } } } }`,
      { id: arrival.id },
    );
    expect(retried.arrival.id).toBe(arrival.id);
    expect(await pair.arrived(4)).toMatchObject({ state: 'ADDED', outcome: 'CREATED' });
    await mirrored('Wilder');
  });

  it('RSC-3: what a seat used of its exports is known', async () => {
    const rita = (await pair.state()).seats.find(
      ({ firstName }: { readonly firstName: string }) => firstName === 'Rita',
    );
    expect(rita).toMatchObject({ exportsThisMonth: 4, exportsPerMonth: 300 });
  });

  it('RSC-3: switched off at the network, nobody is exported', async () => {
    const set = (status: string) =>
      pair.atNetwork('/integrations', {
        clientId: NETWORK.clientId,
        type: 'ONE_CLICK_EXPORT',
        context: NETWORK.organization,
        status,
      });
    await set('DISABLED');
    await expect(pair.exportTo(MIRA, FIRST_JOB)).rejects.toThrow('409');
    await set('ENABLED');
  });
});
