import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTypo } from '../../../../src/capabilities/rediscovery/matching/compare.js';
import {
  type CompiledPerson,
  compileCandidate,
  compileProfile,
} from '../../../../src/capabilities/rediscovery/matching/compiled-person.js';
import { e164Of, mailboxOf } from '../../../../src/capabilities/rediscovery/matching/contact-keys.js';
import { decide } from '../../../../src/capabilities/rediscovery/matching/decide.js';
import { foldWord, soundOf } from '../../../../src/capabilities/rediscovery/matching/fold-name.js';
import { FIELDS, type Field } from '../../../../src/capabilities/rediscovery/matching/levels.js';
import type { MatchDecision } from '../../../../src/capabilities/rediscovery/matching/match-decision.js';
import { MatchIndex } from '../../../../src/capabilities/rediscovery/matching/match-index.js';
import { settleClaims } from '../../../../src/capabilities/rediscovery/matching/settle-claims.js';
import type { CandidateData } from '../../../../src/capabilities/rediscovery/mirror-model.js';

const options = { isDummyEmail: (address: string) => /^no-email-\d+@placeholder\.example$/.test(address) };

const ada = {
  firstName: 'Ada',
  lastName: 'Example',
  emails: ['ada@mail.example'],
  phones: [],
  socialUrls: [{ network: 'linkedin' as const, url: 'https://www.linkedin.com/in/ada-example' }],
  workExperience: [
    { employer: 'Northwind', title: 'Engineer', startDate: '2019-03', current: true },
    { employer: 'Bright Harbor', title: 'Analyst', startDate: '2015-01', current: false },
  ],
  education: [{ school: 'University of Turin', degree: 'MSc', major: 'Physics', graduationDate: '2014' }],
  tags: [],
};

type Person = Partial<Omit<CandidateData, 'remoteId'>>;

const candidateOf = (person: Person): CompiledPerson =>
  compileCandidate({ remoteId: 'c-1', ...ada, ...person }, options);

const profileOf = (person: Person): CompiledPerson => {
  const { emails = ada.emails, phones = [], firstName = ada.firstName, ...rest } = person;
  return compileProfile(
    {
      ...ada,
      ...rest,
      firstName,
      emails: emails.map((address) => ({ address, revealed: false })),
      phones: phones.map((phone) => ({ ...phone, revealed: false })),
      ...{ skills: [], certifications: [], languages: [], groups: [], interests: [], honors: [], diversity: [] },
    },
    options,
  );
};

/** An index of these, and of two thousand others who share nothing with them. */
function indexOf(profiles: Readonly<Record<string, Person>>): MatchIndex {
  const index = new MatchIndex();
  for (let number = 0; number < 2_000; number += 1) index.add(`other-${number}`, strangerOf(number));
  for (const [id, profile] of Object.entries(profiles)) index.add(id, profileOf(profile));
  return index;
}

const letters = (number: number): string =>
  number.toString(26).replace(/./g, (digit) => 'bcdfghjklmnpqrstvwxzaeiouy'[Number.parseInt(digit, 26)] ?? '');

const strangerOf = (number: number): CompiledPerson =>
  profileOf({
    firstName: `Q${letters(number)}`,
    lastName: `W${letters(number * 7)}`,
    emails: [`other-${number}@mail.example`],
    socialUrls: [{ network: 'linkedin', url: `https://www.linkedin.com/in/other-${number}` }],
    workExperience: [{ employer: `Firm ${number % 50}`, title: 'Clerk', current: true }],
    education: [],
  });

const decisionOf = (candidate: Person, profiles: Readonly<Record<string, Person>>) =>
  decide(indexOf(profiles), candidateOf(candidate));

const levelsOf = (candidate: Person, profile: Person): Partial<Record<Field, string>> => {
  const index = new MatchIndex();
  index.add('p', profileOf(profile));
  const { match } = decide(index, candidateOf(candidate), { confirmed: 'p' });
  return Object.fromEntries(match?.evidence.map(({ field, level }) => [field, level]) ?? []);
};

const bare = { emails: [], socialUrls: [] };

describe('RED-4: what identifies', () => {
  it('a placeholder of the hub never matches, on neither side', () => {
    const emails = ['no-email-17@placeholder.example'];
    const nobody = { emails, socialUrls: [], workExperience: [], education: [] };
    const decision = decisionOf({ ...nobody, firstName: 'Grace' }, { p: { ...nobody, firstName: 'Ada' } });
    expect(decision.decision).toBe('NONE');
    expect(levelsOf({ emails }, { emails }).email).toBeUndefined();
  });

  it.each([
    ['Ada@Mail.Example', 'ada@mail.example'],
    ['mailto:ada@mail.example', 'ada@mail.example'],
    ['a.d.a+jobs@gmail.com', 'ada@gmail.com'],
    ['ada@googlemail.com', 'ada@gmail.com'],
    ['ada+jobs@outlook.com', 'ada@outlook.com'],
    // Elsewhere a plus may be part of the name.
    ['ada+jobs@mail.example', 'ada+jobs@mail.example'],
  ])('the mailbox of %s is %s', (address, mailbox) => {
    expect(mailboxOf(address, options.isDummyEmail)).toBe(mailbox);
    expect(mailboxOf(mailbox, options.isDummyEmail)).toBe(mailbox);
  });

  it.each([
    'info@firm.example',
    'jobs@firm.example',
    'hr2@firm.example',
    'no-reply@firm.example',
    'none@none.com',
    'noemail@mail.example',
    'x@mail.invalid',
    'ada',
  ])('%s is nobody’s', (address) => expect(mailboxOf(address, options.isDummyEmail)).toBeUndefined());

  it.each([
    ['+49 30 123456', undefined, '+4930123456'],
    ['(212) 555-0142', 'US', '+12125550142'],
    ['(212) 555-0142', undefined, undefined],
    ['+44 (0)20 7946 0958', undefined, '+442079460958'],
    ['0049 30 901820', 'DE', '+4930901820'],
    ['＋４９３０９０１８２０', undefined, '+4930901820'],
    ['٠٣٠ ٩٠١٨٢٠', 'DE', '+4930901820'],
    ['000000000', 'US', undefined],
    ['+1 111 111 1111', undefined, undefined],
  ])('the number of %s in %s is %s', (number, country, e164) => expect(e164Of(number, country)).toBe(e164));
});

describe('RED-4: names', () => {
  it.each([
    ['Robert', 'Bob', 'NICKNAME'],
    ['Katherine', 'Kate', 'NICKNAME'],
    ['Giovanni', 'John', 'NICKNAME'],
    ['Yuri', 'Юрий', 'EXACT|NICKNAME|SOUND'],
    ['Mohammed', 'Muhammad', 'NICKNAME|SOUND'],
    ['Jonathan', 'Jonahtan', 'SIMILAR|SOUND'],
    ['Ada', 'A.', 'INITIAL'],
    ['Ada', 'Ada Maria', 'EXACT'],
    ['Jean-Pierre', 'Jean Pierre', 'EXACT'],
    ['Xiao Ming', 'Xiaoming', 'EXACT'],
    ['José', 'Jose', 'EXACT'],
    ['Ada', 'Grace', 'DIFFERENT'],
  ])('%s and %s are %s', (one, other, level) => {
    expect(level.split('|')).toContain(levelsOf({ firstName: one }, { firstName: other }).firstName);
    expect(level.split('|')).toContain(levelsOf({ firstName: other }, { firstName: one }).firstName);
  });

  it.each([
    ['Müller', 'Mueller', 'SOUND'],
    ['Müller', 'Muller', 'EXACT'],
    ['van der Berg', 'Berg', 'EXACT'],
    ['Smith', 'Smith-Jones', 'PART'],
    ['García López', 'Garcia', 'PART'],
    ['Kuznetsov', 'Кузнецов', 'EXACT|SOUND'],
    ['Anderson', 'Andreson', 'SIMILAR|SOUND'],
    ['Smith', 'Novak', 'DIFFERENT'],
  ])('%s and %s are %s', (one, other, level) => {
    expect(level.split('|')).toContain(levelsOf({ lastName: one }, { lastName: other }).lastName);
  });

  it('sees names in the places of each other', () => {
    const swapped = levelsOf({ firstName: 'Example', lastName: 'Ada' }, {});
    expect(swapped).toMatchObject({ firstName: 'SWAPPED', lastName: 'SWAPPED' });
  });

  it('takes one slip, two in a long word, none in a short one', () => {
    expect([isTypo('anderson', 'andersson'), isTypo('lee', 'lea'), isTypo('smith', 'smyht')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('folding twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (word) => {
        expect(foldWord(foldWord(word))).toBe(foldWord(word));
      }),
    );
    expect(soundOf('li')).not.toBe(soundOf('lu'));
  });
});

describe('RED-4: what decides', () => {
  it('the LinkedIn page decides before mailbox and history', () => {
    const decision = decisionOf(
      {},
      { page: { emails: [], workExperience: [], education: [] }, rest: { socialUrls: [] } },
    );
    expect(decision).toMatchObject({
      decision: 'MATCHED',
      basis: 'LINKEDIN',
      match: { profileId: 'page' },
      others: [{ profileId: 'rest' }],
    });
  });

  it('names, jobs and schools are enough where there is nothing else', () => {
    expect(decisionOf(bare, { p: bare })).toMatchObject({
      decision: 'MATCHED',
      basis: 'EVIDENCE',
      match: { profileId: 'p' },
    });
  });

  it('a name alone is not, however rare', () => {
    const nothing = { ...bare, workExperience: [], education: [] };
    const decision = decisionOf(nothing, { p: nothing });
    expect(decision.decision).not.toBe('MATCHED');
  });

  it('a family that shares a mailbox is shown to a person', () => {
    const alone = { socialUrls: [], workExperience: [], education: [] };
    expect(decisionOf({ ...alone, firstName: 'Charles' }, { p: alone })).toMatchObject({
      decision: 'REVIEW',
      reason: 'OTHER_NAME',
    });
  });

  it('somebody else’s page is shown to a person', () => {
    const alone = { emails: [], workExperience: [], education: [] };
    expect(decisionOf({ ...alone, firstName: 'Grace', lastName: 'Sample' }, { p: alone })).toMatchObject({
      decision: 'REVIEW',
      reason: 'OTHER_NAME',
    });
  });

  it('another LinkedIn page outweighs any history, and not the same mailbox with it', () => {
    const other = { socialUrls: [{ network: 'linkedin' as const, url: 'linkedin.com/in/ada-other' }] };
    expect(decisionOf({ ...other, emails: [] }, { p: {} })).toMatchObject({ decision: 'REVIEW', reason: 'OTHER_PAGE' });
    expect(decisionOf(other, { p: {} })).toMatchObject({ decision: 'MATCHED', basis: 'EMAIL' });
  });

  it('two profiles close together are shown, never guessed', () => {
    const decision = decisionOf({}, { a: {}, b: {} });
    expect(decision).toMatchObject({ decision: 'REVIEW', reason: 'TWO_PROFILES' });
    expect([decision.match?.profileId, decision.others[0]?.profileId].toSorted()).toEqual(['a', 'b']);
  });

  it('the evidence card adds up to the score', () => {
    const index = indexOf({ p: {} });
    const { match } = decide(index, candidateOf({}));
    const sum = match?.evidence.reduce((total, { weight }) => total + weight, index.priorBits);
    expect(sum).toBeCloseTo(match?.score ?? 0, 0);
    expect(match?.evidence.map(({ field }) => field)).toEqual(
      FIELDS.filter((field) => match?.evidence.some((each) => each.field === field)),
    );
  });

  it('a frequent name says less than a rare one', () => {
    const nothing = { ...bare, workExperience: [] };
    const index = indexOf({
      p: nothing,
      ...Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [
          `n-${at}`,
          { ...nothing, firstName: 'John', lastName: 'Smith', education: [] },
        ]),
      ),
      j: { ...nothing, firstName: 'John', lastName: 'Smith' },
    });
    const scoreOf = (person: Person) => decide(index, candidateOf(person)).match?.score ?? Number.NaN;
    expect(scoreOf(nothing)).toBeGreaterThan(scoreOf({ ...nothing, firstName: 'John', lastName: 'Smith' }) + 3);
  });
});

describe('RED-4: what people said', () => {
  it('a confirmed match holds against the engine, and an undone one is never offered again', () => {
    const index = indexOf({ p: {}, chosen: { firstName: 'Grace', ...bare, workExperience: [], education: [] } });
    expect(decide(index, candidateOf({}), { confirmed: 'chosen' })).toMatchObject({
      decision: 'MATCHED',
      decidedBy: 'PERSON',
      match: { profileId: 'chosen' },
    });
    expect(decide(index, candidateOf({}), { rejected: new Set(['p']) })).toMatchObject({ decision: 'NONE' });
  });

  it('a confirmed profile that is gone leaves the decision to the engine', () => {
    expect(decide(indexOf({ p: {} }), candidateOf({}), { confirmed: 'gone' })).toMatchObject({
      decidedBy: 'ENGINE',
      match: { profileId: 'p' },
    });
  });

  it('of candidates who claim one profile, those with the strongest claim keep it, the others are shown', () => {
    const claim = (
      candidateId: string,
      basis: MatchDecision['basis'],
      decidedBy: MatchDecision['decidedBy'] = 'ENGINE',
    ) => ({
      candidateId,
      decision: { decision: 'MATCHED' as const, decidedBy, ...(basis ? { basis } : {}), others: [] },
    });
    const outcome = (...claims: ReturnType<typeof claim>[]) =>
      settleClaims(claims).map(({ decision: { decision, reason } }) => (reason ? `${decision} ${reason}` : decision));
    const [kept, doubled, doubted] = ['MATCHED', 'MATCHED CLAIMED_TWICE', 'REVIEW CLAIMED_TWICE'];
    expect(outcome(claim('a', 'EVIDENCE'))).toEqual([kept]);
    expect(outcome(claim('a', 'EVIDENCE'), claim('b', 'EVIDENCE'))).toEqual([doubted, doubted]);
    expect(outcome(claim('a', 'EMAIL'), claim('b', 'PHONE'), claim('c', 'LINKEDIN'))).toEqual([doubted, doubted, kept]);
    expect(outcome(claim('b', 'EMAIL'), claim('a', 'EMAIL'))).toEqual([doubled, doubled]);
    expect(outcome(claim('a', 'LINKEDIN'), claim('b', 'EVIDENCE', 'PERSON'))).toEqual([doubted, kept]);
    expect(outcome(claim('a', 'EVIDENCE', 'PERSON'), claim('b', 'EVIDENCE'))).toEqual([kept, doubted]);
  });
});

describe('RED-4: one profile is one person of a connection', () => {
  const claims = fc
    .array(
      fc.record({
        basis: fc.constantFrom<NonNullable<MatchDecision['basis']>>('LINKEDIN', 'GITHUB', 'EMAIL', 'PHONE', 'EVIDENCE'),
        decidedBy: fc.constantFrom('ENGINE' as const, 'ENGINE' as const, 'PERSON' as const),
      }),
      { maxLength: 6 },
    )
    .map((all) =>
      all.map(({ basis, decidedBy }, at) => ({
        candidateId: `c-${at}`,
        decision: { decision: 'MATCHED' as const, basis, decidedBy, others: [] },
      })),
    );

  it('no profile has two candidates, unless people or the same strong trace say so of all of them, and then each says so', () => {
    fc.assert(
      fc.property(claims, fc.gen(), (all, gen) => {
        const settled = settleClaims(all);
        const matched = settled.filter(({ decision }) => decision.decision === 'MATCHED');
        const chosen = all.filter(({ decision }) => decision.decidedBy === 'PERSON');
        if (matched.length > 1 && chosen.length > 0)
          expect(matched.map(({ candidateId }) => candidateId)).toEqual(chosen.map((one) => one.candidateId));
        else if (matched.length > 1) expect(new Set(matched.map(({ decision }) => decision.basis)).size).toBe(1);
        expect(matched.every(({ decision }) => (decision.reason === 'CLAIMED_TWICE') === matched.length > 1)).toBe(
          true,
        );
        const others = settled.filter(({ decision }) => decision.decision !== 'MATCHED');
        expect(others.every(({ decision }) => decision.reason === 'CLAIMED_TWICE')).toBe(true);
        // Whoever comes first in the list makes no difference.
        const order = (one: { readonly candidateId: string }) => one.candidateId;
        const shuffled = gen(fc.shuffledSubarray, all, { minLength: all.length });
        expect(settleClaims(shuffled).toSorted((one, other) => (order(one) < order(other) ? -1 : 1))).toEqual(settled);
      }),
    );
  });
});

describe('RED-4: what so many have that it says nothing', () => {
  const agency = { emails: ['desk7@agency.example'], socialUrls: [], education: [] };
  const people = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [
      `a-${at}`,
      { ...agency, firstName: `K${letters(at)}`, lastName: `V${letters(at * 3)}`, workExperience: [] },
    ]),
  );

  it('whom nothing else tells is matched to nobody, and it is said why', () => {
    expect(decisionOf({ ...agency, firstName: 'Grace', lastName: 'Unheard', workExperience: [] }, people)).toEqual({
      decision: 'NONE',
      decidedBy: 'ENGINE',
      unmatchedBecause: 'SHARED_CONTACT',
      others: [],
    });
    expect(
      decisionOf({ ...bare, firstName: 'Grace', lastName: 'Unheard', workExperience: [] }, people),
    ).not.toHaveProperty('unmatchedBecause');
  });

  it('whom something else tells is found by it, and the address is shown with no weight', () => {
    const decision = decisionOf(agency, { ...people, p: { ...agency } });
    expect(decision).toMatchObject({ decision: 'MATCHED', basis: 'EVIDENCE', match: { profileId: 'p' } });
    expect(decision.match?.evidence).toContainEqual({ field: 'email', level: 'SHARED', weight: 0 });
    // An address of their own beside it counts as ever.
    const own = { emails: [...agency.emails, 'ada@mail.example'], socialUrls: [] };
    expect(decisionOf(own, { ...people, p: own })).toMatchObject({ decision: 'MATCHED', basis: 'EMAIL' });
  });
});

describe('RED-4: the index', () => {
  const people = fc.record({
    firstName: fc.constantFrom('Ada', 'Adah', 'Bob', 'Robert', 'Юрий', 'Yuri', 'Xiao Ming', ''),
    lastName: fc.constantFrom('Example', 'Exampel', 'Smith', 'Smith-Jones', 'van Berg', 'Li', ''),
    emails: fc.subarray(['a@mail.example', 'b@mail.example', 'info@firm.example']),
    socialUrls: fc.subarray([
      { network: 'linkedin' as const, url: 'linkedin.com/in/a' },
      { network: 'github' as const, url: 'github.com/b' },
    ]),
    workExperience: fc.subarray([
      { employer: 'Northwind', title: 'Engineer', startDate: '2019-03', current: true },
      { employer: 'Northwind Inc.', title: 'Sr. Engineer', startDate: '2020', current: true },
      { employer: 'Granite', current: false },
    ]),
    education: fc.subarray([
      { school: 'University of Turin', major: 'Physics', graduationDate: '2014' },
      { school: 'Turin Univ.' },
    ]),
    address: fc.constantFrom(
      { city: 'Turin', country: 'IT' },
      { region: 'California' },
      { region: 'CA', country: 'US' },
      {},
    ),
  });

  it('gives the same decision whatever the order, and whatever came and went before', () => {
    fc.assert(
      fc.property(
        fc.array(people, { maxLength: 12 }),
        people,
        fc.array(people, { maxLength: 5 }),
        (profiles, candidate, gone) => {
          const [one, other] = [new MatchIndex(), new MatchIndex()];
          const entries = profiles.map((profile, at) => [`p-${at}`, profile] as const);
          for (const [id, profile] of entries) one.add(id, profileOf(profile));
          for (const [at, profile] of gone.entries()) other.add(`p-${at}`, profileOf(profile));
          for (const [at, profile] of gone.entries()) other.add(`gone-${at}`, profileOf(profile));
          for (const [id, profile] of entries.toReversed()) other.add(id, profileOf(profile));
          for (const at of gone.keys()) other.remove(`gone-${at}`);
          for (const at of gone.keys()) if (at >= profiles.length) other.remove(`p-${at}`);
          expect(other.size).toBe(one.size);
          expect(decide(other, candidateOf(candidate))).toEqual(decide(one, candidateOf(candidate)));
        },
      ),
    );
  });

  it('sees the same whichever of two people is the candidate', () => {
    fc.assert(
      fc.property(people, people, (one, other) => {
        expect(levelsOf(one, other)).toEqual(levelsOf(other, one));
      }),
    );
  });

  it('says whether a profile that is added again differs in anything that is compared', () => {
    const index = indexOf({});
    expect(index.add('ada', profileOf({}))).toBe(true);
    expect(index.add('ada', profileOf({ emails: ['ADA@mail.example'] }))).toBe(false);
    expect(index.add('ada', profileOf({ lastName: 'Sample' }))).toBe(true);
    expect(index.remove('ada')).toBeUndefined();
    expect(index.add('ada', profileOf({ lastName: 'Sample' }))).toBe(true);
  });

  it('drops what was removed, and finds the rest after it was tidied', () => {
    const index = new MatchIndex();
    for (let number = 0; number < 5_000; number += 1) index.add(`p-${number}`, strangerOf(number));
    for (let number = 0; number < 4_990; number += 1) index.remove(`p-${number}`);
    expect(index.size).toBe(10);
    for (let number = 4_980; number < 5_000; number += 1) {
      const { match } = decide(index, strangerOf(number));
      expect(match?.profileId).toBe(number < 4_990 ? undefined : `p-${number}`);
    }
  });
});
