import { describe, expect, it } from 'vitest';
import { mirroredApplication, mirroredCandidate, mirroredJob } from '../src/mirror-mapping.js';
import { mirroredApplicationRecord, mirroredCandidateRecord, mirroredJobRecord } from '../src/vendor-records.js';

const ADA = {
  id: 'IvV2eM3TnFb2X5J7nlW35g',
  first_name: 'Ada',
  last_name: 'Okafor',
  email: 'ada@home.example',
  work_email: 'ada@work.example',
  home_phone: '+1 415 555 0100',
  mobile_phone: '+1 415 555 0101',
  home_street1: '104 Example St',
  home_city: 'Oakland',
  home_state: 'CA',
  home_postal_code: '94607',
  home_country: 'US',
  source: 'database',
  source_detail: 'SeekOut',
  tags: ['golang', { id: 't', name: 'backend' }],
  profile_links: [
    { type: 'linkedin', url: 'https://www.linkedin.com/in/ada-okafor' },
    { type: 'myspace', url: 'https://elsewhere.example/ada' },
  ],
  employers: [
    { employer_name: 'Northwind', titles: [{ title: 'Staff Engineer', start_year: 2021, end_year: null }] },
    {
      employer_name: 'Contoso',
      titles: [{ title: 'Engineer', start_year: '2016', end_year: 2021 }, { start_year: 2014 }],
    },
    { employer_name: 'Fabrikam', titles: [] },
  ],
  schools: [{ name: 'Example University', degree_type: 'Bachelor', degree_major: 'Physics', graduation_year: '2014' }],
  url: 'https://hire.jobscore.com/candidates/IvV2eM3TnFb2X5J7nlW35g',
  created_on: '2025-06-01T10:00:00Z',
  updated_on: '2025-06-02T10:00:00.5Z',
};

const NOTHING_MORE = { applications: undefined, documents: undefined, dispositions: new Map<string, string>() };

describe('RED-8: a candidate of JobScore in the mirror', () => {
  it('has everything that JobScore has', () => {
    expect(mirroredCandidate(mirroredCandidateRecord.parse(ADA), NOTHING_MORE)).toStrictEqual({
      remoteId: 'IvV2eM3TnFb2X5J7nlW35g',
      firstName: 'Ada',
      lastName: 'Okafor',
      emails: ['ada@home.example', 'ada@work.example'],
      phones: [
        { number: '+1 415 555 0101', type: 'mobile' },
        { number: '+1 415 555 0100', type: 'home' },
      ],
      address: { street1: '104 Example St', city: 'Oakland', region: 'CA', postalCode: '94607', country: 'US' },
      source: 'SeekOut',
      tags: ['golang', 'backend'],
      socialUrls: [
        { network: 'linkedin', url: 'https://www.linkedin.com/in/ada-okafor' },
        { network: 'other', url: 'https://elsewhere.example/ada' },
      ],
      workExperience: [
        { employer: 'Northwind', title: 'Staff Engineer', startDate: '2021', current: true },
        { employer: 'Contoso', title: 'Engineer', startDate: '2016', endDate: '2021', current: false },
        { employer: 'Contoso', startDate: '2014', current: false },
        { employer: 'Fabrikam', current: false },
      ],
      education: [{ school: 'Example University', degree: 'Bachelor', major: 'Physics', graduationDate: '2014' }],
      remoteUrl: 'https://hire.jobscore.com/candidates/IvV2eM3TnFb2X5J7nlW35g',
      createdAt: '2025-06-01T10:00:00.000Z',
      updatedAt: '2025-06-02T10:00:00.500Z',
    });
  });

  it('loses odd parts, and nothing else', () => {
    const odd = {
      ...ADA,
      tags: 'none',
      employers: [7, { titles: [] }],
      work_email: 3,
      updated_on: 'yesterday',
      schools: null,
    };
    const mirrored = mirroredCandidate(mirroredCandidateRecord.parse(odd), NOTHING_MORE);
    expect(mirrored).toMatchObject({ lastName: 'Okafor', emails: ['ada@home.example'], tags: [], workExperience: [] });
    expect(mirrored).not.toHaveProperty('updatedAt');
  });

  it('needs nothing but an id', () => {
    expect(mirroredCandidate(mirroredCandidateRecord.parse({ id: 'x' }), NOTHING_MORE)).toStrictEqual({
      remoteId: 'x',
      emails: [],
      phones: [],
      socialUrls: [],
      workExperience: [],
      education: [],
      tags: [],
    });
  });

  it('is linked to no address that is not a web page', () => {
    const odd = mirroredCandidateRecord.parse({ ...ADA, url: 'javascript:alert(1)' });
    expect(mirroredCandidate(odd, NOTHING_MORE)).not.toHaveProperty('remoteUrl');
  });
});

describe('RED-7: an application of JobScore in the mirror', () => {
  const record = {
    id: 'a1',
    job_id: 'j1',
    workflow_stage: { id: 's', name: 'Interview' },
    created_on: '2025-06-01T10:00:00Z',
    updated_on: '2025-06-02T10:00:00Z',
  };
  const mirrored = (more: object) =>
    mirroredApplication(mirroredApplicationRecord.parse({ ...record, ...more }), 'c1', new Map([['d', 'Salary']]));

  it.each([
    [
      { status: 'active', disposition: null },
      { status: 'active', statusLabel: 'active' },
    ],
    [
      { status: 'Rejected', disposition: { id: 'x', name: 'Too far' } },
      { status: 'rejected', statusLabel: 'Rejected', rejectionReason: 'Too far' },
    ],
    [
      { status: 'withdrawn', disposition: { id: 'd' } },
      { status: 'withdrawn', statusLabel: 'withdrawn', withdrawalReason: 'Salary' },
    ],
    [
      { status: 'rejected', disposition: { id: 'unknown' } },
      { status: 'rejected', statusLabel: 'rejected' },
    ],
    [{ status: 'hired' }, { status: 'hired', statusLabel: 'hired' }],
    [
      { status: 'paused', disposition: { id: 'x', name: 'On leave' } },
      { status: 'other', statusLabel: 'paused', subStatus: 'On leave' },
    ],
    [{}, { status: 'other' }],
  ])('reads %j', (more, expected) => {
    expect(mirrored(more)).toStrictEqual([
      {
        remoteId: 'a1',
        candidateRemoteId: 'c1',
        jobRemoteId: 'j1',
        stage: 'Interview',
        appliedAt: '2025-06-01T10:00:00.000Z',
        updatedAt: '2025-06-02T10:00:00.000Z',
        ...expected,
      },
    ]);
  });

  it('is none without a job', () => {
    expect(mirrored({ job_id: null })).toEqual([]);
  });
});

it('RSC-2: a job of JobScore says in plain text what it is about, and where to apply', () => {
  const job = { id: 'j', title: 'Welder', status: 'open', description: '<p>You weld &amp; cut.</p>' };
  const posted = (more: object) => mirroredJob(mirroredJobRecord.parse({ ...job, ...more }));
  const page = 'https://careers.jobscore.com/careers/exampleco/jobs/welder-j';
  const form = 'https://careers.jobscore.com/careers/exampleco/apply/j';
  expect(posted({ apply_url: form, detail_url: page })).toMatchObject({
    description: 'You weld & cut.',
    applyUrl: form,
  });
  expect(posted({ apply_url: null, detail_url: page }).applyUrl).toBe(page);
  expect(posted({ apply_url: 'javascript:alert(1)' })).not.toHaveProperty('applyUrl');
  expect(posted({ description: '<p> </p>' })).not.toHaveProperty('description');
});

it('RED-1: a job of JobScore keeps its stamps in the mirror', () => {
  const job = { id: 'j', title: 'Welder', status: 'filled', created_on: '2025-06-01T10:00:00Z', updated_on: null };
  expect(mirroredJob(mirroredJobRecord.parse(job))).toStrictEqual({
    remoteId: 'j',
    title: 'Welder',
    open: false,
    statusLabel: 'filled',
    createdAt: '2025-06-01T10:00:00.000Z',
  });
});
