import { expect, it } from 'vitest';
import { MadeUpPeople } from '../../../../../../test/bench/matching-people.ts';
import { compileCandidate, compileProfile } from '../../../../src/capabilities/rediscovery/matching/compiled-person.js';
import { decide } from '../../../../src/capabilities/rediscovery/matching/decide.js';
import { MatchIndex } from '../../../../src/capabilities/rediscovery/matching/match-index.js';

const options = { isDummyEmail: (address: string) => address.startsWith('no-email-') };

/** How many automatic matches are right and wrong, and how many there could be, of candidates with a history. */
function outcomeOf(people: MadeUpPeople, { withContactData }: { readonly withContactData: boolean }) {
  const index = new MatchIndex();
  for (const profile of people.profiles()) index.add(profile.key, compileProfile(profile, options));
  const outcome = { right: 0, wrong: 0, wanted: 0 };
  for (let number = 0; number < people.people; number += 1) {
    const candidate = people.candidate(number);
    if (candidate.workExperience.length + candidate.education.length === 0) continue;
    const { address, ...bare } = { ...candidate, emails: [], phones: [], socialUrls: [] };
    const truth = people.truth(number);
    if (truth !== undefined) outcome.wanted += 1;
    const { decision, match } = decide(index, compileCandidate(withContactData ? candidate : bare, options));
    if (decision !== 'MATCHED') continue;
    if (match?.profileId === `p-${truth}`) outcome.right += 1;
    else outcome.wrong += 1;
  }
  return { precision: outcome.right / (outcome.right + outcome.wrong), recall: outcome.right / outcome.wanted };
}

it('RED-4: matches people of a seed that the weights were not learned from, by all that is known', () => {
  const { precision, recall } = outcomeOf(new MadeUpPeople(5, 4_000), { withContactData: true });
  expect(precision).toBeGreaterThanOrEqual(0.999);
  expect(recall).toBeGreaterThanOrEqual(0.95);
});

it('RED-4: matches them by names, jobs and schools alone', () => {
  const { precision, recall } = outcomeOf(new MadeUpPeople(5, 4_000), { withContactData: false });
  expect(precision).toBeGreaterThanOrEqual(0.99);
  expect(recall).toBeGreaterThanOrEqual(0.9);
});
