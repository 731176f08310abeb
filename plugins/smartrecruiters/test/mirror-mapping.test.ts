import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applicationId,
  candidateOfApplication,
  mirroredAttachment,
  mirroredCandidate,
  mirroredJob,
  momentOf,
  partialDateOf,
  placeOfAttachment,
  statusOf,
} from '../src/mirror-mapping.js';
import { attachmentRecord, candidateDetailsRecord, jobRecord } from '../src/vendor-records.js';

/** A candidate as the plugin reads it out of an answer. */
function mirrored(answer: object) {
  return mirroredCandidate(candidateDetailsRecord.parse({ id: 'c-1', ...answer }));
}

const EMPTY = {
  remoteId: 'c-1',
  emails: [],
  phones: [],
  socialUrls: [],
  workExperience: [],
  education: [],
  tags: [],
  applications: [],
};

describe('a candidate', () => {
  it('RED-8: is mirrored with all that SmartRecruiters tells of the person', () => {
    expect(
      mirrored({
        firstName: ' Ada ',
        lastName: 'Okafor',
        email: 'ada@mail.example',
        phoneNumber: '+1 415 555 0100',
        location: {
          country: 'United States',
          countryCode: 'us',
          regionCode: 'CA',
          region: 'California',
          city: 'Oakland',
          lat: 37.8,
          lng: -122.27,
        },
        web: {
          skype: 'ada.okafor',
          linkedin: 'https://www.linkedin.com/in/ada',
          website: 'github.com/ada',
          twitter: 'https://x.com/ada',
        },
        createdOn: '2026-01-02T03:04:05.678Z',
        updatedOn: '2026-02-03T05:05:06.000+0100',
        tags: ['golang', 'golang', ''],
        education: [{ institution: 'Lakeside', degree: 'BSc', major: 'Maths', startDate: '2004', endDate: '2010-06' }],
        experience: [
          { title: 'Engineer', company: 'Contoso', current: true, startDate: '2016-11-29', endDate: '2030' },
          { title: 'Intern', company: 'Fabrikam', startDate: '2014', endDate: '2016-02' },
        ],
        primaryAssignment: {
          job: { id: 'j-1', title: 'Welder' },
          status: 'REJECTED',
          source: 'Indeed',
          reasonOfRejection: { id: '1', label: 'Too far away' },
        },
        secondaryAssignments: [{ job: { id: 'j-2' }, status: 'INTERVIEW', subStatus: 'Phone Screen 3', source: 'API' }],
      }),
    ).toEqual({
      remoteId: 'c-1',
      firstName: 'Ada',
      lastName: 'Okafor',
      emails: ['ada@mail.example'],
      phones: [{ number: '+1 415 555 0100', type: 'other' }],
      address: {
        city: 'Oakland',
        region: 'California',
        country: 'US',
        coordinates: { latitude: 37.8, longitude: -122.27 },
      },
      socialUrls: [
        { network: 'linkedin', url: 'https://www.linkedin.com/in/ada' },
        { network: 'github', url: 'https://github.com/ada' },
        { network: 'twitter', url: 'https://x.com/ada' },
      ],
      workExperience: [
        { employer: 'Contoso', title: 'Engineer', startDate: '2016-11-29', current: true },
        { employer: 'Fabrikam', title: 'Intern', startDate: '2014', endDate: '2016-02', current: false },
      ],
      education: [{ school: 'Lakeside', degree: 'BSc', major: 'Maths', graduationDate: '2010-06' }],
      tags: ['golang'],
      source: 'Indeed',
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: '2026-02-03T04:05:06.000Z',
      applications: [
        {
          remoteId: 'c-1/j-1',
          candidateRemoteId: 'c-1',
          jobRemoteId: 'j-1',
          jobTitle: 'Welder',
          status: 'rejected',
          statusLabel: 'REJECTED',
          rejectionReason: 'Too far away',
          source: 'Indeed',
        },
        {
          remoteId: 'c-1/j-2',
          candidateRemoteId: 'c-1',
          jobRemoteId: 'j-2',
          status: 'active',
          statusLabel: 'INTERVIEW',
          subStatus: 'Phone Screen 3',
          source: 'API',
        },
      ],
    });
  });

  it('is mirrored with nothing that SmartRecruiters does not tell', () => {
    expect(mirrored({})).toEqual(EMPTY);
    expect(mirrored({ location: {}, web: {}, primaryAssignment: {}, secondaryAssignments: [{}], email: '' })).toEqual(
      EMPTY,
    );
  });

  it('RED-1: is read whatever SmartRecruiters puts beside its id', () => {
    const shapes = Object.keys(candidateDetailsRecord.shape).filter((name) => name !== 'id');
    const answer = fc.dictionary(fc.constantFrom(...shapes), fc.jsonValue());
    fc.assert(
      fc.property(answer, (given) => {
        const candidate = mirrored(given);
        expect(candidate).toMatchObject({ remoteId: 'c-1' });
        for (const moment of [candidate.createdAt, candidate.updatedAt]) {
          if (moment !== undefined) expect(new Date(moment).toISOString()).toBe(moment);
        }
      }),
    );
  });

  it('keeps what can be read of a list that has something else in it', () => {
    const { tags, workExperience } = mirrored({
      tags: ['a', 7, null],
      experience: [null, { company: 'Contoso' }, 'x'],
    });
    expect({ tags, workExperience }).toEqual({
      tags: ['a'],
      workExperience: [{ employer: 'Contoso', current: false }],
    });
  });

  it('keeps a title without an employer, and a degree without a school', () => {
    const { workExperience, education } = mirrored({
      experience: [{ title: 'Nurse' }, {}],
      education: [{ degree: 'MD' }, {}],
    });
    expect(workExperience).toEqual([{ employer: '', title: 'Nurse', current: false }]);
    expect(education).toEqual([{ school: '', degree: 'MD' }]);
  });
});

describe('links', () => {
  it.each([
    ['website', 'https://www.linkedin.com/in/ada', 'linkedin'],
    ['website', 'https://ada.github.io', 'github'],
    ['website', 'https://notgithub.com/ada', 'website'],
    ['linkedin', 'linkedin.com/in/ada', 'linkedin'],
    ['linkedin', 'https://ada.example', 'other'],
    ['facebook', 'https://www.facebook.com/ada', 'facebook'],
  ])('RED-4: of the slot %s, %s is a page of %s', (slot, url, network) => {
    expect(mirrored({ web: { [slot]: url } }).socialUrls).toMatchObject([{ network }]);
  });

  it('are addresses of the web and nothing else, each once', () => {
    const url = fc.oneof(
      fc.webUrl(),
      fc.string(),
      fc.constantFrom('javascript:alert(1)', '@ada', 'data:,x', 'ada', '0', '127.1'),
    );
    fc.assert(
      fc.property(fc.record({ linkedin: url, facebook: url, twitter: url, website: url }), (web) => {
        const urls = mirrored({ web }).socialUrls.map((link) => link.url);
        for (const each of urls) {
          expect(each).toMatch(/^https?:/i);
          expect(URL.parse(each)).toMatchObject({
            hostname: expect.stringMatching(/[a-z0-9]\.[a-z][a-z0-9-]+$/),
            username: '',
            password: '',
          });
        }
        expect(new Set(urls).size).toBe(urls.length);
      }),
    );
  });
});

describe('an application', () => {
  it.each([
    ['LEAD', 'active'],
    ['NEW', 'active'],
    ['IN_REVIEW', 'active'],
    ['INTERVIEW', 'active'],
    ['OFFERED', 'active'],
    ['HIRED', 'hired'],
    ['REJECTED', 'rejected'],
    ['WITHDRAWN', 'withdrawn'],
    ['TRANSFERRED', 'other'],
    ['INVENTED_LATER', 'other'],
    ['constructor', 'other'],
    [undefined, 'other'],
  ])('RED-7: in the status %s is %s', (status, expected) => {
    expect(statusOf(status)).toBe(expected);
  });

  it('RED-8: says why somebody turned away', () => {
    const primaryAssignment = {
      job: { id: 'j' },
      status: 'WITHDRAWN',
      reasonOfWithdrawal: { id: '1', label: 'Moved' },
    };
    expect(mirrored({ primaryAssignment }).applications).toMatchObject([{ withdrawalReason: 'Moved' }]);
  });

  it('stands there once for each job, and by the id of its candidate and its job alone', () => {
    const assignment = fc.record({ job: fc.record({ id: fc.constantFrom('a', 'b', 'c') }), status: fc.string() });
    fc.assert(
      fc.property(assignment, fc.array(assignment), (primaryAssignment, secondaryAssignments) => {
        const { applications = [] } = mirrored({ primaryAssignment, secondaryAssignments });
        const jobs = [primaryAssignment, ...secondaryAssignments].map(({ job }) => job.id);
        expect(applications.map(({ jobRemoteId }) => jobRemoteId)).toEqual([...new Set(jobs)]);
        for (const { remoteId, jobRemoteId } of applications) {
          expect(remoteId).toBe(applicationId('c-1', jobRemoteId));
          expect(candidateOfApplication(remoteId)).toBe('c-1');
        }
        // The primary one counts where both name a job.
        expect(applications[0]?.status).toBe(statusOf(primaryAssignment.status));
      }),
    );
  });
});

describe('dates', () => {
  it.each([
    ['2004', '2004'],
    ['2010-06', '2010-06'],
    ['2016-11-29', '2016-11-29'],
    ['2016-11-29T10:00:00.000Z', '2016-11-29'],
    ['2015-02-29', '2015-02'],
    ['2015-13', '2015'],
    ['2015-00-00', '2015'],
    ['0000', undefined],
    ['03/2015', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s, as exact as it is one of the calendar', (written, expected) => {
    expect(partialDateOf(written)).toBe(expected);
  });

  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.678+02:00', '2026-01-02T01:04:05.678Z'],
    ['2026-01-02T03:04:05.678+0200', '2026-01-02T01:04:05.678Z'],
    ['2026-13-02T03:04:05Z', undefined],
    ['yesterday', undefined],
    ['1', undefined],
    [null, undefined],
  ])('%s is the moment %s', (written, expected) => {
    expect(momentOf(written)).toBe(expected);
  });
});

describe('a job', () => {
  it('RED-1: is mirrored open or not, in the words of SmartRecruiters', () => {
    const job = jobRecord.parse({
      id: 'j-1',
      title: 'Welder',
      refNumber: 'REF1A',
      status: 'ON_HOLD',
      createdOn: '2026-01-02T03:04:05Z',
      department: { label: 'Hulls' },
      location: { city: 'Oakland', regionCode: 'CA', countryCode: 'us' },
    });
    expect(mirroredJob(job)).toEqual({
      remoteId: 'j-1',
      title: 'Welder',
      code: 'REF1A',
      open: false,
      statusLabel: 'ON_HOLD',
      department: 'Hulls',
      location: 'Oakland, CA, US',
      createdAt: '2026-01-02T03:04:05.000Z',
    });
    expect(mirroredJob({ ...job, status: 'OFFER' })).toMatchObject({ open: true });
    expect(mirroredJob({ ...job, status: 'CREATED', template: true })).toMatchObject({ open: false });
  });
});

describe('an attachment', () => {
  const file = attachmentRecord.parse({
    id: 'f-1',
    name: 'Résumé.pdf',
    type: 'RESUME',
    contentType: 'application/pdf',
  });

  it('RED-8: is known by where it hangs', () => {
    expect(mirroredAttachment(file)).toEqual({
      remoteId: 'f-1',
      filename: 'Résumé.pdf',
      kind: 'resume',
      contentType: 'application/pdf',
    });
    const onJob = mirroredAttachment(file, 'j-1')?.remoteId ?? '';
    expect(placeOfAttachment(onJob)).toEqual({ jobId: 'j-1', fileId: 'f-1' });
    expect(placeOfAttachment('f-1')).toEqual({ jobId: undefined, fileId: 'f-1' });
  });

  it.each([
    ['COVER_LETTER', 'coverLetter'],
    ['GENERIC_FILE', 'other'],
    ['toString', 'other'],
    [null, 'other'],
  ])('of the type %s is a %s', (type, kind) => {
    expect(mirroredAttachment({ ...file, type })).toMatchObject({ kind });
  });

  it('is no photograph', () => {
    expect(mirroredAttachment({ ...file, type: 'AVATAR' })).toBeUndefined();
  });
});
