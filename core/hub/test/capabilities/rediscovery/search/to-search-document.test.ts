import type { WorkExperience } from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { yearsInRole, yearsOfExperience } from '../../../../src/capabilities/rediscovery/search/experience-years.js';
import { DIMENSIONS } from '../../../../src/capabilities/rediscovery/search/fields.js';
import { seniorityOf } from '../../../../src/capabilities/rediscovery/search/seniority.js';
import {
  type SearchedPerson,
  toSearchDocument,
} from '../../../../src/capabilities/rediscovery/search/to-search-document.js';
import type { Profile } from '../../../../src/directory/profile.js';

const options = { now: new Date('2026-06-15'), isPlaceholder: (address: string) => address.startsWith('no-email-') };

const candidate: SearchedPerson['candidate'] = {
  connectionId: 'connection-1',
  data: {
    remoteId: 'c-1',
    firstName: 'Ada',
    lastName: 'Example',
    emails: ['ada@mail.example', 'no-email-7@placeholder.example'],
    phones: [{ number: '+4930901820', type: 'home' }],
    address: { street1: 'Somewhere 1', city: 'Porto', country: 'PT' },
    socialUrls: [{ network: 'github', url: 'https://github.com/ada-example' }],
    workExperience: [
      { employer: 'Example Co', title: 'Senior Welder', startDate: '2023-06', current: true },
      { employer: 'Other Co', title: 'Welder', startDate: '2018', endDate: '2023', current: false },
    ],
    education: [{ school: 'Example University', degree: 'MSc', major: 'Physics' }],
    tags: ['priority'],
    source: 'Referral',
    createdAt: '2025-01-01T00:00:00Z',
    updatedAt: '2026-01-02T03:04:05Z',
  },
  applications: [
    {
      jobTitle: 'Welder',
      jobId: null,
      jobRemoteId: 'j-7',
      status: 'rejected',
      statusLabel: 'Declined',
      subStatus: null,
      stage: 'Interview',
      rejectionReason: 'Salary',
      withdrawalReason: null,
      source: null,
      recruiterName: 'Grace Example',
      appliedAt: new Date('2026-01-01'),
      remoteUpdatedAt: null,
    },
  ],
  fileTexts: ['Welds ships.'],
};

const profile: Profile = {
  key: 'p-1',
  firstName: 'Ada',
  lastName: 'Example',
  headline: 'Welds',
  emails: [
    { address: 'hidden@mail.example', revealed: false },
    { address: 'ADA@mail.example', revealed: true },
  ],
  phones: [{ number: '+15550100', type: 'mobile', revealed: false }],
  socialUrls: [{ network: 'linkedin', url: 'https://www.linkedin.com/in/ada-example' }],
  workExperience: [{ employer: 'EXAMPLE CO', title: 'Lead', current: true, companySize: '51-200', industry: 'Ships' }],
  education: [],
  skills: ['TIG', 'tig'],
  certifications: [],
  languages: ['Portuguese'],
  groups: [],
  interests: [],
  honors: [],
  diversity: [{ attribute: 'veteran status', value: 'veteran', source: 'self-declared' }],
  tags: [],
};

it('RED-6: people are found near where the ATS and the profile say that they are', () => {
  const [oakland, porto] = [
    { latitude: 37.8, longitude: -122.27 },
    { latitude: 41.15, longitude: -8.61 },
  ];
  const settled = { ...candidate, data: { ...candidate.data, address: { city: 'Porto', coordinates: porto } } };
  const moved = { ...profile, location: { city: 'Oakland', coordinates: oakland } };
  expect(toSearchDocument({ id: 'm-1', candidate: settled, profile: moved }, options).places).toEqual([porto, oakland]);
  expect(toSearchDocument({ id: 'm-1', candidate }, options).places).toEqual([]);
});

it('RED-6: a candidate is searched by what the ATS has, the texts of files included', () => {
  expect(toSearchDocument({ id: 'm-1', candidate }, options)).toEqual({
    id: 'm-1',
    texts: {
      name: ['Ada Example'],
      email: ['ada@mail.example'],
      phone: ['+4930901820', '30901820'],
      github: ['https://github.com/ada-example'],
      location: ['Porto, Portugal'],
      school: ['Example University'],
      degree: ['MSc'],
      major: ['Physics'],
      tag: ['priority'],
      source: ['Referral'],
      connection: ['connection-1'],
      resume: ['Welds ships.'],
      applicationType: ['Candidate'],
      currentTitle: ['Senior Welder'],
      currentCompany: ['Example Co'],
      pastTitle: ['Welder'],
      pastCompany: ['Other Co'],
      seniority: ['senior'],
    },
    numbers: {
      updated: [Date.parse('2026-01-02T03:04:05Z')],
      created: [Date.parse('2025-01-01')],
      years: [8],
      yearsInRole: [3],
    },
    places: [],
    applications: [
      {
        texts: {
          job: ['Welder'],
          jobId: ['j-7'],
          status: ['Declined'],
          outcome: ['rejected'],
          stage: ['Interview'],
          rejectionReason: ['Salary'],
          recruiter: ['Grace Example'],
        },
        numbers: { applied: [Date.parse('2026-01-01')] },
      },
    ],
  });
});

it('RED-7: whoever is on no job is a prospect, and a profile by itself is neither', () => {
  const typeOf = (person: Parameters<typeof toSearchDocument>[0]) =>
    toSearchDocument(person, options).texts['applicationType'];
  expect(typeOf({ id: 'm-1', candidate })).toEqual(['Candidate']);
  expect(typeOf({ id: 'm-1', candidate: { ...candidate, applications: [] } })).toEqual(['Prospect']);
  expect(typeOf({ id: 'p-1', profile })).toBeUndefined();
});

it('RED-5: the profile of a matched candidate adds what it has, and nothing twice', () => {
  const { texts } = toSearchDocument({ id: 'm-1', candidate, profile }, options);
  expect(texts).toMatchObject({
    email: ['ada@mail.example'],
    linkedin: ['https://www.linkedin.com/in/ada-example'],
    currentTitle: ['Senior Welder', 'Lead'],
    currentCompany: ['Example Co'],
    companySize: ['51-200'],
    industry: ['Ships'],
    skill: ['TIG'],
  });
});

it('EXP-3: nobody is found by contact data that was not revealed, nor (EXP-4) by a placeholder', () => {
  const document = JSON.stringify(toSearchDocument({ id: 'm-1', candidate, profile }, options));
  expect(document).not.toMatch(/hidden@|5550100|no-email/);
});

it('RED-6: self-declared attributes are searched as they were supplied, and only then', () => {
  expect(toSearchDocument({ id: 'p-1', profile }, options).texts['diversity']).toEqual(['veteran status: veteran']);
  expect(toSearchDocument({ id: 'm-1', candidate }, options).texts).not.toHaveProperty('diversity');
});

it('RED-9: there are 19 dimensions', () => {
  expect(DIMENSIONS.map(({ name }) => name)).toHaveLength(19);
});

it('RED-9: months at work count once, gaps and jobs without dates not at all', () => {
  const job = (startDate?: string, endDate?: string): WorkExperience => ({
    employer: 'Example Co',
    current: endDate === undefined && startDate !== undefined,
    ...(startDate ? { startDate } : {}),
    ...(endDate ? { endDate } : {}),
  });
  expect(
    yearsOfExperience([job('2010-01', '2012-01'), job('2011-01', '2013-01'), job('2015-01', '2016-01')], options.now),
  ).toBe(4);
  expect(yearsOfExperience([job('2025-07')], options.now)).toBe(0);
  expect(yearsOfExperience([job(), job(undefined, '2020')], options.now)).toBeUndefined();
  expect(yearsOfExperience([job('2020', '2010')], options.now)).toBeUndefined();
  expect(yearsInRole([job('2015', '2020'), job('2021-06'), job('2024-01')], options.now)).toBe(2);
});

it.each([
  ['Chief Technology Officer', 'executive'],
  ['CTO', 'executive'],
  ['Co-Founder & CEO', 'executive'],
  ['Senior Vice President, Sales', 'vice president'],
  ['VP Engineering', 'vice president'],
  ['Sales Director', 'director'],
  ['Head of People', 'director'],
  ['Senior Engineering Manager', 'manager'],
  ['Principal Engineer', 'lead'],
  ['Sr. Software Engineer', 'senior'],
  ['Junior Developer', 'entry'],
  ['Marketing Intern', 'intern'],
  ['Intern to the Director', 'intern'],
  ['Executive Assistant', undefined],
  ['Welder', undefined],
])('RED-6: the title %s names the level %s', (title, seniority) => {
  expect(seniorityOf(title)).toBe(seniority);
});
