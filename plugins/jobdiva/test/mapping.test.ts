import type { CandidateRecord } from '@talentbridge/contracts';
import { candidateRecord } from '@talentbridge/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completionBody,
  createBody,
  hasWords,
  type KnownCandidate,
  resumeText,
  socialLinks,
  titleOf,
} from '../src/mapping.js';
import { countryCode, stateOf } from '../src/places.js';
import { arbitraryCandidate } from './arbitrary-candidate.js';
import { bodyProblems } from './vendor-swagger.js';

const IDS = { sourceId: 7000, ownerId: 42 };

const ADA: CandidateRecord = {
  firstName: ' Ada ',
  lastName: 'Okafor',
  emails: ['ada@home.example', 'ada@work.example'],
  phones: [{ number: '+14155550100', type: 'home' }],
  address: { street1: '104 Example St', city: 'Oakland', region: 'California', postalCode: '94607', country: 'USA' },
  socialUrls: [{ network: 'linkedin', url: 'https://www.linkedin.com/in/ada-okafor' }],
  workExperience: [
    { employer: 'Northwind', title: 'Staff Engineer', startDate: '2021-03', current: true },
    { employer: 'Contoso', title: 'Engineer', startDate: '2016', endDate: '2021', current: false },
    { employer: 'Fabrikam', current: false },
  ],
  education: [
    { school: 'Example University', degree: 'Bachelor', major: 'Computer Science', graduationDate: '2014-06' },
    { school: ' ' },
  ],
  tags: [],
};

const STRANGER: KnownCandidate = {
  id: '19500000000001',
  firstName: 'Ada',
  lastName: 'Okafor',
  email: 'ADA@home.example',
  alternateEmail: '',
  hasAddress: false,
  phones: [],
};

/** What says nothing in it, at any depth. */
function blanksOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.trim() === '' ? [value] : [];
  if (typeof value !== 'object') return [];
  const inner: readonly unknown[] = Object.values(value ?? {});
  return inner.length === 0 ? [value] : inner.flatMap(blanksOf);
}

describe('EXP-10: a new candidate in the words of JobDiva', () => {
  it('goes out as the fact sheet describes', () => {
    expect(createBody(ADA, IDS)).toStrictEqual({
      content: {
        firstName: 'Ada',
        lastName: 'Okafor',
        email: 'ada@home.example',
        alternateemail: 'ada@work.example',
        homephone: '+14155550100',
        address1: '104 Example St',
        city: 'Oakland',
        state: 'CA',
        zipCode: '94607',
        countryid: 'US',
        educations: [{ school: 'Example University', degree: 'Bachelor', major: 'Computer Science', year: 2014 }],
        titleskillcertifications: [
          { titleskillcertification: 'Staff Engineer at Northwind', startDate: '2021-03-01T00:00:00' },
          {
            titleskillcertification: 'Engineer at Contoso',
            startDate: '2016-01-01T00:00:00',
            endDate: '2021-12-01T00:00:00',
          },
        ],
        resumeSource: 7000,
        owner: 42,
      },
      warnings: [],
    });
  });

  it('has nothing in it that the vendor would ignore or refuse, whoever it is', () => {
    fc.assert(
      fc.property(arbitraryCandidate, (candidate) => {
        const { content } = createBody(candidate, { sourceId: 7000, ownerId: undefined });
        expect(bodyProblems('createCandidate', content)).toStrictEqual([]);
      }),
    );
  });

  it('has no blank value in it', () => {
    fc.assert(
      fc.property(arbitraryCandidate, (candidate) => {
        const { firstName: _first, lastName: _last, ...optional } = createBody(candidate, IDS).content;
        expect(blanksOf(optional)).toStrictEqual([]);
      }),
    );
  });

  it('may have in it what looks like a blank value inside a text', () => {
    const candidate = { ...ADA, workExperience: [{ employer: '', title: 'Engineer:{}', current: false }] };
    const { content } = createBody(candidate, IDS);
    expect(content).toMatchObject({ titleskillcertifications: [{ titleskillcertification: 'Engineer:{}' }] });
    expect(blanksOf(content)).toStrictEqual([]);
  });

  it.each([
    ['a country that nobody knows, with its state', { country: 'Atlantis', region: 'Reef' }, ['country', 'state']],
    ['a postal code that is too long', { postalCode: '9'.repeat(21) }, ['postal code']],
  ])('EXP-6: leaves out %s, with a warning', (_what, address, parts) => {
    const { content, warnings } = createBody({ ...ADA, address: { city: 'Oakland', ...address } }, IDS);
    expect(content).toMatchObject({ city: 'Oakland' });
    for (const part of parts) expect(warnings.map(({ message }) => message).join()).toContain(part);
    expect(Object.keys(content).filter((name) => ['countryid', 'state', 'zipCode'].includes(name))).toStrictEqual([]);
  });
});

describe('what JobDiva lacks of somebody it knows', () => {
  it('is added', () => {
    expect(completionBody(STRANGER, ADA).content).toStrictEqual({
      candidateid: 19_500_000_000_001,
      alternateemail: 'ada@work.example',
      phones: [{ phone: '+14155550100', type: 'H', action: 1 }],
      address1: '104 Example St',
      city: 'Oakland',
      state: 'CA',
      zipCode: '94607',
      countryid: 'US',
    });
  });

  it('is nothing when JobDiva has it all, however it writes it', () => {
    const known = { ...STRANGER, alternateEmail: 'Ada@Work.example', hasAddress: true, phones: ['(415) 555-0100'] };
    expect(completionBody(known, ADA)).toStrictEqual({ content: undefined, warnings: [] });
  });

  it('EXP-4: is never a placeholder address', () => {
    const known = { ...STRANGER, email: '', hasAddress: true, phones: ['4155550100'] };
    const candidate = { ...ADA, emails: ['no-email--352233856@seekout.example.com'] };
    expect(completionBody(known, candidate).content).toBeUndefined();
  });

  it('is no more phone numbers than there is room for, with a warning', () => {
    const known = { ...STRANGER, phones: ['1', '2', '3', '4'] };
    const { content, warnings } = completionBody(known, ADA);
    expect(content).not.toHaveProperty('phones');
    expect(warnings).toMatchObject([{ code: 'PHONE_DROPPED', field: 'phones' }]);
  });

  it('changes nothing that is there, blanks nothing, and is understood by the vendor', () => {
    const filledOrNot = fc.constantFrom('', 'someone@else.example');
    const arbitraryKnown = fc.record({
      email: filledOrNot,
      alternateEmail: filledOrNot,
      hasAddress: fc.boolean(),
      phones: fc.array(fc.constantFrom('+1 415 555 0100', '12', '34'), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(arbitraryCandidate, arbitraryKnown, (candidate, parts) => {
        const known = { ...STRANGER, ...parts };
        const { content } = completionBody(known, candidate);
        if (content === undefined) return;
        expect(bodyProblems('updateCandidateProfile', content)).toStrictEqual([]);
        expect(content).not.toHaveProperty('firstName');
        expect(content).not.toHaveProperty('lastName');
        if (known.email !== '') expect(content).not.toHaveProperty('email');
        if (known.alternateEmail !== '') expect(content).not.toHaveProperty('alternateemail');
        if (known.hasAddress) expect(content).not.toHaveProperty('city');
        expect(blanksOf(content)).toStrictEqual([]);
        expect(JSON.stringify(content)).not.toContain('"action":2');
      }),
    );
  });
});

describe('parts of a candidate', () => {
  it('phones: each takes the place of its type, the others what is free, three in all', () => {
    const phones = ['1', '2', '3', '4'].map((number) => ({ number, type: 'work' as const }));
    const { content } = createBody({ ...ADA, phones }, IDS);
    expect(content).toMatchObject({ workphone: '1', cellphone: '2', homephone: '3' });
    expect(Object.values(content)).not.toContain('4');
  });

  it('links: one for each network, the first, with a warning', () => {
    const { content, warnings } = socialLinks(
      candidateRecord({
        socialUrls: [
          { network: 'twitter', url: 'https://x.com/ada' },
          { network: 'website', url: 'https://ada.example' },
          { network: 'website', url: 'https://blog.ada.example' },
          { network: 'website', url: 'https://ada.example' },
        ],
      }),
    );
    expect(content).toStrictEqual([
      { name: 'X', link: 'https://x.com/ada' },
      { name: 'Professional Website', link: 'https://ada.example' },
    ]);
    expect(warnings).toMatchObject([{ code: 'LINK_DROPPED', field: 'socialUrls' }]);
  });

  it('titles: an employer alone is none', () => {
    expect(titleOf({ employer: 'Northwind', current: true })).toBeUndefined();
    expect(titleOf({ employer: ' ', title: 'Welder', current: true })).toStrictEqual({
      titleskillcertification: 'Welder',
    });
  });

  it('EXP-4: the text beside a résumé has no address in it by which JobDiva could match somebody', () => {
    const text = resumeText(ADA);
    expect(text).toContain('Staff Engineer, Northwind, 2021-03 to now');
    expect(text).not.toMatch(/@|\+1415/);
  });
});

describe('places', () => {
  it.each([
    ['US', 'US'],
    ['us', 'US'],
    ['U.S.A.', 'US'],
    ['United States', 'US'],
    ['United Kingdom', 'GB'],
    ['UK', 'GB'],
    ["Cote d'Ivoire", 'CI'],
    ['Türkiye', 'TR'],
    ['Atlantis', undefined],
    ['EU', undefined],
  ])('the country %s is %s', (name, code) => {
    expect(countryCode(name)).toBe(code);
  });

  it.each([
    ['California', 'US', 'CA'],
    ['ca', undefined, 'CA'],
    ['Québec', 'CA', 'QC'],
    ['Bavaria', 'DE', 'Bavaria'],
    ['Ontario', 'US', 'Ontario'],
  ])('the state %s of %s is %s', (region, country, state) => {
    expect(stateOf(region, country)).toBe(state);
  });
});

it('EXP-2: finds jobs by all words, in title, reference or client', () => {
  const job = {
    id: '1',
    title: 'Data Engineer',
    reference: '26-02701',
    status: 'OPEN',
    company: 'Acme',
    city: '',
    state: '',
  };
  expect(hasWords(job, 'engineer acme 02701')).toBe(true);
  expect(hasWords(job, 'engineer globex')).toBe(false);
  expect(hasWords(job, '')).toBe(true);
});
