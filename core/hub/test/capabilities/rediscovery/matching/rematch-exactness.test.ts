import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
import { type MatchingDatabase, type MatchingWorld, type MatchRow, openMatchingDatabase } from './matching-world.ts';

let kept: MatchingDatabase;
beforeAll(async () => {
  kept = await openMatchingDatabase(await freshDatabase());
});
afterAll(() => kept[Symbol.asyncDispose]());

const people = 6;
const slot = fc.nat({ max: people - 1 });

/** People who share names, employers and pages, so that every profile counts for every candidate. */
const person = fc.record({
  firstName: fc.constantFrom('Ada', 'Adah', 'Grace', 'Wei'),
  lastName: fc.constantFrom('Example', 'Zhang', 'Exampel'),
  page: fc.option(fc.constantFrom('ada', 'grace', 'wei'), { nil: undefined }),
  employers: fc.uniqueArray(fc.constantFrom('Northwind', 'Bright Harbor', 'Contoso'), { maxLength: 2 }),
  school: fc.option(fc.constantFrom('University of Turin', 'MIT'), { nil: undefined }),
});
type Person = typeof person extends fc.Arbitrary<infer Value> ? Value : never;

const crowd = fc.array(person, { minLength: people, maxLength: people });

const step = fc.oneof(
  fc.record({ kind: fc.constant('profile' as const), slot, person }),
  fc.record({ kind: fc.constant('profileGone' as const), slot }),
  fc.record({ kind: fc.constant('candidate' as const), slot, person }),
  fc.record({ kind: fc.constant('candidateGone' as const), slot }),
  fc.record({ kind: fc.constantFrom('confirm' as const, 'reject' as const), slot, profile: slot }),
  fc.record({ kind: fc.constant('match' as const) }),
);

function personData({ firstName, lastName, page, employers, school }: Person) {
  return {
    firstName,
    lastName,
    emails: [],
    phones: [],
    socialUrls:
      page === undefined ? [] : [{ network: 'linkedin' as const, url: `https://www.linkedin.com/in/${page}` }],
    workExperience: employers.map((employer) => ({
      employer,
      title: 'Engineer',
      startDate: '2019-03',
      current: false,
    })),
    education: school === undefined ? [] : [{ school, degree: 'MSc', graduationDate: '2014' }],
  };
}

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function apply(world: MatchingWorld, made: Step, profileIds: Map<number, string>): Promise<void> {
  const { ats, mirror, matching } = world;
  if (made.kind === 'profile') {
    const [id = ''] = await world.profiles([{ key: `p${made.slot}`, ...personData(made.person) }]);
    profileIds.set(made.slot, id);
  } else if (made.kind === 'profileGone') {
    const id = profileIds.get(made.slot);
    if (id === undefined) return;
    profileIds.delete(made.slot);
    await mirror.write((tx) => tx.rows(`delete from talentbridge.profile p where ${tx.own('p')} and p.id = $1`, [id]));
  } else if (made.kind === 'candidate') {
    const remoteId = `c${made.slot}`;
    if (ats.candidates.has(remoteId)) ats.changeCandidate(remoteId, personData(made.person));
    else ats.addCandidate({ remoteId, ...personData(made.person) });
  } else if (made.kind === 'candidateGone') {
    if (ats.candidates.has(`c${made.slot}`)) ats.delete('candidate', `c${made.slot}`);
  } else if (made.kind === 'match') {
    await mirror.next('CHANGES');
    await world.match();
  } else {
    const profileId = profileIds.get(made.profile);
    const candidateId = await world.idOf(`c${made.slot}`).catch(() => undefined);
    if (profileId === undefined || candidateId === undefined) return;
    await mirror.look((scope) => matching[made.kind](scope, candidateId, profileId));
  }
}

/** No profile has two candidates, unless people said so of each, or all rest on the same strong trace; then each says so. */
function expectOneEach(rows: readonly MatchRow[]): void {
  const matched = rows.filter(({ decision }) => decision === 'MATCHED');
  for (const some of Map.groupBy(matched, ({ profileId }) => profileId).values()) {
    const reason = some.length > 1 ? 'CLAIMED_TWICE' : null;
    const [first] = some;
    const alike = first?.decidedBy === 'PERSON' ? { decidedBy: 'PERSON' } : { basis: first?.basis };
    for (const one of some) expect(one).toMatchObject(some.length > 1 ? { ...alike, reason } : { reason });
  }
}

it('RED-4: matching what changed comes to the same as matching everything anew, in whatever order it changed', {
  timeout: 180_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      crowd,
      crowd,
      fc.array(step, { minLength: 4, maxLength: 24 }),
      async (profiles, candidates, steps) => {
        const world = await kept.world();
        const profileIds = new Map<number, string>();
        for (const [slot, person] of profiles.entries())
          await apply(world, { kind: 'profile', slot, person }, profileIds);
        for (const [slot, person] of candidates.entries())
          await apply(world, { kind: 'candidate', slot, person }, profileIds);
        await world.sync();
        for (const made of steps) await apply(world, made, profileIds);
        await apply(world, { kind: 'match' }, profileIds);
        const followed = await world.rows();
        expectOneEach(Object.values(followed));

        const anew = kept.open({ batch: 100 });
        await world.mirror.write(async (tx) => {
          await tx.rows(`delete from talentbridge.candidate_match m where ${tx.own('m')}`);
          await tx.rows(`delete from talentbridge.matching_state s where ${tx.own('s')}`);
        });
        await world.mirror.look((scope) => anew.matching.rematch(scope));
        await anew.matching.tasks['rediscovery.match']?.(
          { organizationId: world.organizationId, id: world.organizationId },
          new AbortController().signal,
        );
        expect(followed).toEqual(await world.rows());
        await anew.close();
      },
    ),
    { numRuns: Number(process.env['MATCHING_RUNS'] ?? 8), endOnFailure: true },
  );
});
