import type { CandidateRecord, SocialUrl } from '@talentbridge/contracts';
import { candidateRecord } from '@talentbridge/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateBody, dateOf, isOpen, jobOf, linksOf, locationOf, SENT_NETWORKS } from '../src/mapping.js';

const source = { sourceTypeId: 'type', sourceSubTypeId: 'sub', sourceId: 'source' };

describe('a candidate', () => {
  it('EXP-10: goes out whole, in the words of SmartRecruiters', () => {
    const candidate = candidateRecord({
      firstName: ' Ada ',
      lastName: 'Okafor',
      emails: ['ada@mail.example', 'second@mail.example'],
      phones: [{ number: '+14155550100', type: 'mobile' }],
      socialUrls: [{ network: 'linkedin', url: 'https://www.linkedin.com/in/ada' }],
      tags: ['golang', ' golang ', ''],
    });
    expect(candidateBody(candidate, source)).toEqual({
      firstName: 'Ada',
      lastName: 'Okafor',
      email: 'ada@mail.example',
      phoneNumber: '+14155550100',
      location: { city: 'Oakland', regionCode: 'CA', countryCode: 'us' },
      web: { linkedin: 'https://www.linkedin.com/in/ada' },
      tags: ['golang'],
      experience: [
        { company: 'Northwind', title: 'Staff Engineer', startDate: '2021-03', current: true },
        { company: 'Contoso', title: 'Engineer', startDate: '2016-09', endDate: '2021-02', current: false },
      ],
      education: [
        { institution: 'Example University', degree: 'Bachelor', major: 'Computer Science', endDate: '2014-06-30' },
      ],
      sourceDetails: source,
    });
  });

  it('EXP-10: goes out without what is not known', () => {
    const bare: CandidateRecord = {
      firstName: 'Ada',
      lastName: 'Okafor',
      emails: [' ', 'ada@mail.example'],
      phones: [{ number: ' ', type: 'home' }],
      socialUrls: [],
      workExperience: [{ employer: ' ', current: true }],
      education: [{ school: '' }],
      tags: [' '],
    };
    expect(candidateBody(bare, undefined)).toEqual({
      firstName: 'Ada',
      lastName: 'Okafor',
      email: 'ada@mail.example',
    });
  });

  it('EXP-10: sends no end of a title that goes on', () => {
    const [held] = candidateBody(
      candidateRecord({ workExperience: [{ employer: 'Contoso', endDate: '2020', current: true }] }),
      undefined,
    ).experience ?? [{ company: '', current: false }];
    expect(held).toEqual({ company: 'Contoso', current: true });
  });

  it('EXP-10: fits into the body that SmartRecruiters takes, whatever is known of the person', () => {
    const word = fc.string();
    const date = fc.oneof(fc.constantFrom('2020', '2020-03', '2020-03-04', '', 'soon'), word);
    const record = fc.record({
      firstName: word,
      lastName: word,
      emails: fc.array(word),
      phones: fc.array(fc.record({ number: word, type: fc.constantFrom('mobile', 'home', 'work', 'other') })),
      address: fc.record({ city: word, region: word, country: word }, { requiredKeys: [] }),
      socialUrls: fc.array(fc.record({ network: fc.constantFrom(...SENT_NETWORKS), url: word })),
      workExperience: fc.array(
        fc.record({ employer: word, title: word, startDate: date, endDate: date, current: fc.boolean() }),
      ),
      education: fc.array(fc.record({ school: word, degree: word, major: word, graduationDate: date })),
      tags: fc.array(word),
    });
    fc.assert(
      fc.property(record, (candidate) => {
        const body = candidateBody(candidate, undefined);
        for (const text of textsIn(body)) {
          expect(text).toBe(text.trim());
          if (text === '') expect([body.firstName, body.lastName, body.email]).toContain('');
        }
        const dates = [
          ...(body.experience ?? []).flatMap(({ startDate, endDate }) => [startDate, endDate]),
          ...(body.education ?? []).map(({ endDate }) => endDate),
        ];
        for (const day of dates) if (day !== undefined) expect(day).toMatch(/^\d{4}(-\d{2}(-\d{2})?)?$/);
        expect(new Set(body.tags).size).toBe(body.tags?.length ?? 0);
      }),
    );
  });
});

describe('links', () => {
  it('EXP-10: take the first of each network, and GitHub as website when there is none', () => {
    const urls: readonly SocialUrl[] = [
      { network: 'linkedin', url: 'https://l.example/1' },
      { network: 'linkedin', url: 'https://l.example/2' },
      { network: 'github', url: 'https://github.com/ada' },
      { network: 'twitter', url: 'https://x.example/ada' },
    ];
    expect(linksOf({ socialUrls: urls })).toEqual({
      web: { linkedin: 'https://l.example/1', website: 'https://github.com/ada', twitter: 'https://x.example/ada' },
      homeless: 1,
    });
    const withWebsite = [...urls, { network: 'website', url: 'https://ada.example' } as const];
    expect(linksOf({ socialUrls: withWebsite })).toMatchObject({
      web: { website: 'https://ada.example' },
      homeless: 2,
    });
  });

  it('EXP-6: are all either sent or counted', () => {
    const url = fc.record({ network: fc.constantFrom(...SENT_NETWORKS), url: fc.webUrl() });
    fc.assert(
      fc.property(fc.array(url), (socialUrls) => {
        const { web, homeless } = linksOf({ socialUrls });
        const different = new Set(socialUrls.map((one) => one.url.trim()));
        expect(new Set(Object.values(web)).size + homeless).toBe(different.size);
      }),
    );
  });
});

describe('a place', () => {
  it.each([
    [
      { city: 'Oakland', region: 'CA', country: 'US' },
      { city: 'Oakland', regionCode: 'CA', countryCode: 'us' },
    ],
    [
      { region: 'California', country: 'US' },
      { region: 'California', countryCode: 'us' },
    ],
    [
      { region: 'CA', country: 'United States' },
      { region: 'CA', country: 'United States' },
    ],
    [{ street1: '104 Example St', postalCode: '94607' }, {}],
    [undefined, {}],
  ])('EXP-10: keeps codes apart from names: %j', (address, location) => {
    expect(locationOf(address)).toEqual(location);
  });
});

describe('a date', () => {
  it.each([
    ['2020', '2020'],
    ['2020-03', '2020-03'],
    ['2020-03-04', '2020-03-04'],
    ['2020-3', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('EXP-10: is sent as exact as it is known: %s', (known, sent) => {
    expect(dateOf(known)).toBe(sent);
  });
});

describe('a job', () => {
  it.each([
    ['CREATED', true],
    ['SOURCING', true],
    ['INTERVIEW', true],
    ['OFFER', true],
    ['FILLED', false],
    ['CANCELLED', false],
    ['ON_HOLD', false],
    ['OTHER', false],
    [undefined, false],
  ])('EXP-2: that is %s takes candidates: %s', (status, open) => {
    expect(isOpen({ id: '1', title: 'Welder', status })).toBe(open);
    expect(isOpen({ id: '1', title: 'Welder', status, template: true })).toBe(false);
  });

  it('EXP-2: is told with what is known of it', () => {
    expect(jobOf({ id: '1', title: 'Welder', status: 'OFFER', refNumber: null, location: null })).toEqual({
      remoteId: '1',
      title: 'Welder',
      open: true,
      statusLabel: 'OFFER',
    });
  });
});

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
