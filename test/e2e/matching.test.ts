import { readFile } from 'node:fs/promises';
import { startSimulator } from '@talentbridge/plugin-smartrecruiters/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OrganizationClient, organizationOf, USER_ERRORS } from '../support/organization-client.ts';
import { type RunningSystem, startSystem, startVendors, until } from '../support/running-system.ts';

interface Evidence {
  readonly text: string;
  readonly agrees: boolean;
}

/** What this test looks at of a candidate. */
interface Candidate {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly emails: readonly string[];
  readonly socialUrls: readonly { readonly network: string; readonly url: string }[];
  readonly workExperience: readonly object[];
  readonly education: readonly object[];
  readonly match: {
    readonly decision: string;
    readonly basis: string;
    readonly reason: string | null;
    readonly decidedBy: string;
    readonly evidence: readonly Evidence[];
    readonly profile: { readonly id: string } | null;
  } | null;
  readonly unmatchedBecause: string | null;
  readonly profile: { readonly id: string; readonly headline: string | null } | null;
}

const CANDIDATE = `id firstName lastName emails socialUrls { network url }
  workExperience { employer title startDate endDate current } education { school degree major graduationDate }
  match { decision basis reason decidedBy score decidedAt evidence { field level text agrees weight } profile { id }
    others { score profile { id } } }
  unmatchedBecause
  profile { id headline socialUrls { url } workExperience { employer } education { school } }`;

describe('RED-4, RED-5: candidates of an ATS are matched with the profiles of the organization', () => {
  let system: RunningSystem;
  let organization: OrganizationClient;
  let connectionId: string;

  beforeAll(async () => {
    system = await startSystem({ vendors: await startVendors({ candidates: 20, seed: 7 }) });
    organization = organizationOf(system);
    connectionId = await organization.connect(undefined, 'jobscore', ['REDISCOVERY']);
    await until(
      () => organization.ask('query ($id: ID!) { mirror(connectionId: $id) { completeAt } }', { id: connectionId }),
      ({ completeAt }) => completeAt !== null,
      60_000,
    );
  }, 120_000);
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await system.vendors[Symbol.asyncDispose]();
  });

  const candidates = async (): Promise<readonly Candidate[]> =>
    (
      await organization.ask(
        `query ($id: ID!) { candidates(connectionId: $id, first: 100) { nodes { ${CANDIDATE} } } }`,
        { id: connectionId },
      )
    ).nodes;
  const candidate = (id: string): Promise<Candidate> =>
    organization.ask(`query ($id: ID!) { mirroredCandidate(id: $id) { ${CANDIDATE} } }`, { id });
  const matched = (id: string, is: (now: Candidate) => boolean): Promise<Candidate> =>
    until(() => candidate(id), is, 20_000);
  const pageOf = ({ socialUrls }: Candidate): string | undefined =>
    socialUrls.find(({ network }) => network === 'LINKEDIN')?.url;
  const decide = (mutation: 'confirmMatch' | 'undoMatch', candidateId: string, profileId?: string) =>
    organization.ask(
      `mutation ($candidateId: ID!, $profileId: ID) { ${mutation}(candidateId: $candidateId, profileId: $profileId) {
         ${USER_ERRORS} ... on MatchDecided { candidate { ${CANDIDATE} } } } }`,
      { candidateId, profileId },
    );

  /** Somebody with a LinkedIn page, and what the host platform knows of them. */
  async function somebodyWithPage(place: number): Promise<{ readonly id: string; readonly profileId: string }> {
    const found = (await candidates()).filter((one) => pageOf(one) !== undefined)[place];
    if (!found) throw new Error('The simulated ATS has nobody with a page.');
    const [profileId = ''] = await organization.people([
      {
        key: `page-${place}`,
        firstName: found.firstName,
        lastName: found.lastName,
        headline: 'Keeps bees',
        socialUrls: [{ network: 'LINKEDIN', url: `${pageOf(found)}/?trk=people` }],
        workExperience: [{ employer: 'Beekeepers United', title: 'Beekeeper', current: true }],
      },
    ]);
    return { id: found.id, profileId };
  }

  it('by page, with the evidence in words and the profile beside what the ATS has', async () => {
    const [before] = await candidates();
    expect(before).toMatchObject({ match: null, profile: null });
    const { id, profileId } = await somebodyWithPage(0);
    const now = await matched(id, ({ match }) => match !== null);
    expect(now).toMatchObject({
      match: {
        decision: 'MATCHED',
        basis: 'LINKEDIN',
        reason: null,
        decidedBy: 'ENGINE',
        profile: { id: profileId },
      },
      profile: { id: profileId, headline: 'Keeps bees', workExperience: [{ employer: 'Beekeepers United' }] },
    });
    expect(now.match?.evidence).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: 'LINKED_IN', level: 'SAME', text: 'Same LinkedIn page', agrees: true }),
        expect.objectContaining({ field: 'FIRST_NAME', text: 'Same first name', agrees: true }),
        expect.objectContaining({ field: 'EMAIL', text: 'Different email addresses', agrees: false }),
      ]),
    );
    const { matches } = await organization.ask(
      'query ($id: ID!) { mirror(connectionId: $id) { matches { automatic confirmed toReview unmatched } } }',
      { id: connectionId },
    );
    expect(matches).toEqual({ automatic: 1, confirmed: 0, toReview: 0, unmatched: 19 });
  });

  it('an admin undoes a match, which outlives a re-sync and a rematch; then chooses it by hand', async () => {
    const { id, profileId } = await somebodyWithPage(1);
    await matched(id, ({ match }) => match !== null);
    expect(await decide('undoMatch', id)).toMatchObject({ candidate: { match: null, profile: null } });
    await organization.sync(connectionId, 'FULL');
    await organization.ask(`mutation { rematch { ${USER_ERRORS} ... on RematchStarted { matching { wantedAt } } } }`);
    await until(
      () => organization.ask('{ matching { wantedAt pass { done total } passEndedAt } }'),
      ({ wantedAt, pass }) => wantedAt === null && pass === null,
      20_000,
    );
    expect(await candidate(id)).toMatchObject({ match: null, profile: null });
    expect(await decide('confirmMatch', id, profileId)).toMatchObject({
      candidate: { match: { decision: 'MATCHED', decidedBy: 'PERSON' }, profile: { id: profileId } },
    });
    const { nodes } = await organization.ask('{ auditLog(first: 20) { nodes { action } } }');
    const actions = nodes.map(({ action }: { readonly action: string }) => action);
    expect(actions).toEqual(expect.arrayContaining(['match.reject', 'match.confirm', 'matching.rematch']));
  });

  it('who is not sure waits for somebody, and is not shown with the profile', async () => {
    const [found] = (await candidates()).filter(({ match }) => match === null);
    if (!found) throw new Error('Everybody is matched.');
    // The mailbox agrees, and the name does not.
    const [profileId] = await organization.people([
      {
        key: 'mailbox',
        firstName: 'Zebulon',
        lastName: 'Quartz',
        emails: [{ address: found.emails[0], revealed: false }],
      },
    ]);
    const now = await matched(found.id, ({ match }) => match !== null);
    expect(now).toMatchObject({
      match: { decision: 'REVIEW', reason: 'OTHER_NAME', profile: { id: profileId } },
      profile: null,
    });
    const review = await organization.ask(
      `query ($id: ID) { matchesToReview(connectionId: $id, first: 10) { totalCount nodes { reason candidate { id lastName }
         profile { id emails { address } } } } }`,
      { id: connectionId },
    );
    expect(review).toMatchObject({
      totalCount: 1,
      nodes: [{ candidate: { id: found.id }, profile: { id: profileId, emails: [] } }],
    });
    const { nodes } = await organization.ask('{ auditLog(first: 1) { nodes { action } } }');
    expect(nodes).toEqual([{ action: 'match.list' }]);
    expect(await decide('confirmMatch', found.id)).toMatchObject({ candidate: { profile: { id: profileId } } });
  });

  it('whose address so many have that it says nothing is matched to nobody, and that is said', async () => {
    const [found] = (await candidates()).filter(({ match }) => match === null);
    if (!found) throw new Error('Everybody is matched.');
    await organization.people(
      Array.from({ length: 60 }, (_, number) => ({
        key: `agency-${number}`,
        firstName: `Zeb${'abcdefghij'[number % 10]}`,
        lastName: `Quar${'klmnop'[number % 6]}tz`,
        emails: [{ address: found.emails[0], revealed: false }],
      })),
    );
    const now = await matched(found.id, ({ unmatchedBecause }) => unmatchedBecause !== null);
    expect(now).toMatchObject({ match: null, profile: null, unmatchedBecause: 'SHARED_CONTACT' });
  });

  it('progress is followed, and what cannot be is said', async () => {
    await organization.ask('mutation { rematch { __typename } }');
    const followed = await system.follow(
      'subscription { matchingProgress { wantedAt pass { done total } } }',
      {},
      {
        organizationId: organization.id,
        roles: ['VIEWER'],
      },
    );
    expect(followed.errors).toBeUndefined();
    expect(followed.text).toContain('"wantedAt":null,"pass":null');
    const [someone] = (await candidates()).filter(({ match }) => match === null);
    expect(await decide('undoMatch', someone?.id ?? '')).toMatchObject({
      __typename: 'WrongState',
      code: 'WRONG_STATE',
    });
    const denied = await organization.answer('mutation { rematch { __typename } }', {}, ['RECRUITER', 'VIEWER']);
    expect(denied.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

it('the sample profiles have people whom the ATS of the demo has, so that the tour shows matches', async () => {
  interface Sample {
    readonly lastName: string;
    readonly workExperience: readonly { readonly employer: string }[];
  }
  const text = await readFile(new URL('../../samples/people-of-the-ats.ndjson', import.meta.url), 'utf8');
  const samples = text
    .trim()
    .split('\n')
    .map((line): Sample => JSON.parse(line));
  const simulator = await startSimulator({ candidates: 120 });
  const known = new Set(
    simulator
      .account('ExampleCo')
      .candidates()
      .map(({ lastName, experience }) => JSON.stringify([lastName, experience.map(({ company }) => company)])),
  );
  await simulator.close();
  const keyOf = ({ lastName, workExperience }: Sample) =>
    JSON.stringify([lastName, workExperience.map(({ employer }) => employer)]);
  expect(samples.filter((sample) => known.has(keyOf(sample)))).toHaveLength(32);
});
