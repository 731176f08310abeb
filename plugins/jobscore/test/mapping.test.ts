import type { CandidateRecord, Phone, WorkExperience } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateBody, employersOf, isOffered, jobOf, tagNames, yearOf } from '../src/mapping.js';

const ADA: CandidateRecord = {
  firstName: 'Ada',
  lastName: 'Okafor',
  emails: ['ada@home.example', 'ada@work.example'],
  phones: [{ number: '+14155550100', type: 'home' }],
  address: {
    street1: '104 Example St',
    street2: 'Apt. 2',
    city: 'Oakland',
    region: 'CA',
    postalCode: '94607',
    country: 'US',
  },
  socialUrls: [
    { network: 'linkedin', url: 'https://www.linkedin.com/in/ada-okafor' },
    { network: 'stackoverflow', url: 'https://stackoverflow.com/users/1' },
  ],
  workExperience: [
    { employer: 'Northwind', title: 'Staff Engineer', startDate: '2021-03', current: true },
    { employer: 'Contoso', title: 'Engineer', startDate: '2016', endDate: '2021-02-28', current: false },
  ],
  education: [
    { school: 'Example University', degree: 'Bachelor', major: 'Computer Science', graduationDate: '2014-06' },
  ],
  tags: ['GoLang', ' backend '],
};

describe('EXP-8: a candidate in the words of JobScore', () => {
  it('goes out as the fact sheet describes', () => {
    expect(candidateBody(ADA, 'SeekOut')).toStrictEqual({
      first_name: 'Ada',
      last_name: 'Okafor',
      email: 'ada@home.example',
      work_email: 'ada@work.example',
      home_phone: '+14155550100',
      home_street1: '104 Example St',
      home_street2: 'Apt. 2',
      home_city: 'Oakland',
      home_state: 'CA',
      home_postal_code: '94607',
      home_country: 'US',
      source: 'database',
      source_detail: 'SeekOut',
      tags: ['golang', 'backend'],
      profile_links: [
        { type: 'linkedin', url: 'https://www.linkedin.com/in/ada-okafor' },
        { type: 'other', url: 'https://stackoverflow.com/users/1' },
      ],
      employers: [
        { employer_name: 'Northwind', titles: [{ title: 'Staff Engineer', start_year: 2021, end_year: null }] },
        { employer_name: 'Contoso', titles: [{ title: 'Engineer', start_year: 2016, end_year: 2021 }] },
      ],
      schools: [
        {
          name: 'Example University',
          degree_type: 'Bachelor',
          degree_major: 'Computer Science',
          graduation_year: '2014',
        },
      ],
    });
  });

  it('leaves out what nobody knows', () => {
    const { firstName, lastName } = ADA;
    const bare: CandidateRecord = {
      firstName,
      lastName,
      emails: ['ada@home.example'],
      phones: [],
      address: { street1: ' ' },
      socialUrls: [],
      workExperience: [],
      education: [{ school: ' ' }],
      tags: [' '],
    };
    expect(candidateBody(bare, 'SeekOut')).toStrictEqual({
      first_name: 'Ada',
      last_name: 'Okafor',
      email: 'ada@home.example',
      source: 'database',
      source_detail: 'SeekOut',
    });
  });

  it('keeps the source name as it is, capitals included', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(candidateBody(ADA, name).source_detail).toBe(name);
      }),
    );
  });

  it('RSC-3: names where somebody comes from who is not ours, which is no database', () => {
    const body = candidateBody(ADA, 'SeekOut', 'A Network');
    expect(body).toMatchObject({ source: 'other', source_detail: 'A Network' });
  });
});

describe('phone numbers', () => {
  it('go to the slot of their type', () => {
    const phones: Phone[] = [
      { number: '1', type: 'work' },
      { number: '2', type: 'mobile' },
      { number: '3', type: 'home' },
    ];
    expect(candidateBody({ ...ADA, phones }, 'SeekOut')).toMatchObject({
      work_phone: '1',
      mobile_phone: '2',
      home_phone: '3',
    });
  });

  it('fill free slots in order when their own is taken or they have none', () => {
    const phones: Phone[] = [
      { number: '1', type: 'other' },
      { number: '2', type: 'home' },
      { number: '3', type: 'home' },
    ];
    expect(candidateBody({ ...ADA, phones }, 'SeekOut')).toMatchObject({
      home_phone: '2',
      mobile_phone: '1',
      work_phone: '3',
    });
  });
});

describe('work experience', () => {
  it('gathers the titles of one employer, in order, under its first mention', () => {
    const experience: WorkExperience[] = [
      { employer: 'Northwind', title: 'Director', startDate: '2022', current: true },
      { employer: 'Contoso', title: 'Lead', startDate: '2020', endDate: '2022', current: false },
      { employer: 'Northwind', title: 'Engineer', startDate: '2018', endDate: '2020', current: false },
    ];
    expect(employersOf(experience)).toStrictEqual([
      {
        employer_name: 'Northwind',
        titles: [
          { title: 'Director', start_year: 2022, end_year: null },
          { title: 'Engineer', start_year: 2018, end_year: 2020 },
        ],
      },
      { employer_name: 'Contoso', titles: [{ title: 'Lead', start_year: 2020, end_year: 2022 }] },
    ]);
  });

  it('says "until now" only of what goes on: an unknown end is left out', () => {
    expect(employersOf([{ employer: 'Northwind', title: 'Engineer', current: false }])).toStrictEqual([
      { employer_name: 'Northwind', titles: [{ title: 'Engineer' }] },
    ]);
  });

  it('loses no employer and no title', () => {
    const name = fc.stringMatching(/^[A-Z][a-z]{0,3}$/);
    const held = fc.record({ employer: name, title: name, current: fc.boolean() });
    fc.assert(
      fc.property(fc.array(held), (experience) => {
        const sent = employersOf(experience).flatMap(({ employer_name, titles }) =>
          titles.map(({ title }) => [employer_name, title]),
        );
        expect(sent.toSorted()).toStrictEqual(experience.map(({ employer, title }) => [employer, title]).toSorted());
      }),
    );
  });
});

describe('years', () => {
  it.each([
    ['2014', 2014],
    ['2014-06', 2014],
    ['2014-06-30', 2014],
    [undefined, undefined],
    ['', undefined],
    ['summer 2014', undefined],
    ['20145', undefined],
  ])('of %j is %j', (date, year) => {
    expect(yearOf(date)).toBe(year);
  });
});

describe('tags', () => {
  it('are trimmed, in lower case, and each there once', () => {
    expect(tagNames(['Golang', ' golang', '', 'Back End'])).toStrictEqual(['golang', 'back end']);
  });

  it('stay the same when they are read again', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (tags) => {
        const once = tagNames(tags);
        expect(tagNames(once)).toStrictEqual(once);
      }),
    );
  });
});

describe('jobs', () => {
  const job = { id: 'd02lIpZW9pVBUlBdjtK6_f', title: 'Welder', status: 'open' };

  it('carry department and place as one line each', () => {
    const whole = {
      ...job,
      department: { name: 'Engineering' },
      location: { city: 'Oakland', state: 'CA', country: 'US' },
    };
    expect(jobOf(whole)).toStrictEqual({
      remoteId: job.id,
      title: 'Welder',
      open: true,
      statusLabel: 'open',
      department: 'Engineering',
      location: 'Oakland, CA, US',
    });
  });

  it('do without what JobScore leaves out', () => {
    expect(jobOf({ ...job, department: null, location: { city: null, state: 'CA' } })).toStrictEqual({
      remoteId: job.id,
      title: 'Welder',
      open: true,
      statusLabel: 'open',
      location: 'CA',
    });
  });

  it.each([
    ['open', true],
    ['internal', true],
    ['draft', false],
    ['on_hold', false],
    ['closed', false],
    ['filled', false],
    ['something new', false],
  ])('in state %s are offered: %s', (status, offered) => {
    expect(isOffered({ ...job, status })).toBe(offered);
  });
});
