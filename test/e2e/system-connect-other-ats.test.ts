import { SIMULATED_TOKENS, startSimulator } from '@talentbridge/plugin-smartrecruiters/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LookedInto } from '../support/looked-into.ts';
import { MEMBERS, type PairedSystems, SEATS, startPairedSystems } from '../support/paired-systems.ts';
import { until } from '../support/running-system.ts';

const CANDIDATES = 20;
/** Open jobs of the sample account. */
const [FIRST_JOB, SECOND_JOB] = ['Backend Engineer', 'Platform Engineer'];

// An ATS that demands an address, has one place for it, and shows people with an application alone.
let smartRecruiters: Awaited<ReturnType<typeof startSimulator>>;
let pair: PairedSystems;
beforeAll(async () => {
  smartRecruiters = await startSimulator({ rate: 0, candidates: CANDIDATES });
  pair = await startPairedSystems({
    careersUrl: 'https://careers.example.com',
    ats: {
      plugins: [
        {
          package: '@talentbridge/plugin-smartrecruiters',
          host: 'api.smartrecruiters.com',
          url: smartRecruiters.url,
        },
      ],
      async connect(organization) {
        const connectionId = await organization.begin('smartrecruiters', ['EXPORT', 'REDISCOVERY']);
        const submitted = await organization.submit(connectionId, '', {
          credentials: [{ name: 'smartToken', value: SIMULATED_TOKENS.full }],
          settings: [{ name: 'sourceName', value: 'SeekOut' }],
        });
        if (!submitted.report?.complete) throw new Error(JSON.stringify(submitted));
        const finished = await organization.finish(connectionId);
        if (finished.status !== 'CONNECTED') throw new Error(JSON.stringify(finished));
        return connectionId;
      },
    },
  });
}, 120_000);
afterAll(async () => {
  await pair[Symbol.asyncDispose]();
  await smartRecruiters.close();
});

/** A candidate of the mirror, once it is so. */
const mirrored = (lastName: string, isSo: (candidate: LookedInto) => boolean = () => true): Promise<LookedInto> =>
  until(
    () => pair.candidate(lastName),
    (found) => found !== undefined && isSo(found),
    30_000,
  );

const titlesOf = ({ applications }: LookedInto): readonly string[] =>
  applications.map(({ jobTitle }: { readonly jobTitle: string }) => jobTitle).toSorted();

/** Somebody at the ATS, as it keeps them. */
const atAts = (lastName: string) => smartRecruiters.candidates().filter((one) => one.lastName === lastName);

describe('System Connect over an ATS that demands an address and shows applicants alone', () => {
  it('RSC-2: candidates, applications and their stages are at the network, and nothing was refused', async () => {
    const { progress, refusedRecords } = await pair.state();
    expect(refusedRecords.nodes).toEqual([]);
    expect(progress.firstSync).toMatchObject({ done: progress.firstSync.total });
    const { candidates, applications } = pair.network.records();
    expect(candidates.size).toBe(CANDIDATES);
    expect(applications.size).toBeGreaterThanOrEqual(CANDIDATES);
  });

  it('RSC-3: one-click export adds the person to the job, with a placeholder address', async () => {
    await pair.exportTo(MEMBERS.mira, FIRST_JOB);
    expect(await pair.arrived(1)).toMatchObject({
      source: 'EXPORT',
      state: 'ADDED',
      outcome: 'CREATED',
      unassigned: false,
    });
    const candidate = await mirrored('Vance');
    expect(titlesOf(candidate)).toEqual([FIRST_JOB]);
    expect(candidate.networkProfile.link).toMatchObject({ member: MEMBERS.mira, how: 'ADDED' });
    expect(atAts('Vance')).toMatchObject([
      {
        firstName: 'Mira',
        email: expect.stringMatching(/^no-email-/),
        experience: [{ company: 'Litware', title: 'Backend Engineer', current: true }],
        education: [],
        tags: [],
      },
    ]);
    expect(atAts('Vance')[0]?.phoneNumber).toBeUndefined();
  });

  it('RSC-3: exported to a second job it is the same candidate with two applications', async () => {
    await pair.exportTo(MEMBERS.mira, SECOND_JOB);
    expect(await pair.arrived(2)).toMatchObject({ state: 'ADDED', outcome: 'UPDATED' });
    const candidate = await mirrored('Vance', (found) => found.applications.length === 2);
    expect(titlesOf(candidate)).toEqual([FIRST_JOB, SECOND_JOB].toSorted());
    expect(atAts('Vance')).toHaveLength(1);
  });

  it('RSC-4, RSC-5: an answer with consent puts address and number where the placeholder was, and is counted', async () => {
    const sent = await pair.atNetwork('/inmails', {
      seat: SEATS.rita,
      member: MEMBERS.mira,
      subject: 'A role',
      body: 'Are you looking?',
    });
    await pair.atNetwork('/replies', { conversation: sent.conversation, body: 'Yes, call me.', consent: true });
    await pair.poll();
    expect(await pair.arrived(3)).toMatchObject({ state: 'ADDED', outcome: 'UPDATED' });
    const [known] = atAts('Vance');
    expect(known).toMatchObject({ email: 'mira.vance@mail.example', phoneNumber: expect.stringMatching(/\d/) });
    const candidate = await mirrored('Vance', ({ emails }) => emails[0] === known?.email);
    expect(candidate.networkProfile.counts).toEqual({ notes: 0, inMails: 2 });
  });

  it('RSC-4: who answers and is in no job is in the talent pool, where nobody but the ATS can show them', async () => {
    const sent = await pair.atNetwork('/inmails', {
      seat: SEATS.rita,
      member: MEMBERS.tove,
      subject: 'A role',
      body: 'Are you looking?',
    });
    await pair.atNetwork('/replies', { conversation: sent.conversation, body: 'Yes, call me.', consent: true });
    await pair.poll();
    const arrival = await pair.arrived(4);
    const [known] = atAts('Wilder');
    expect(arrival).toMatchObject({ source: 'REPLY', state: 'ADDED', unassigned: true, candidateRemoteId: known?.id });
    // Until somebody puts them on a job there, the mirror cannot have them: it is said where they are.
    expect(arrival).toMatchObject({
      candidate: null,
      candidateUrl: expect.stringContaining(`/${known?.id}`),
      reason: expect.stringMatching(/on no job/),
      remedy: expect.stringMatching(/Open them/),
    });
    expect((await pair.arrivals(true)).nodes).toMatchObject([{ id: arrival.id }]);
    expect(known).toMatchObject({ email: 'tove.wilder@mail.example', assignments: [] });
  });
});
