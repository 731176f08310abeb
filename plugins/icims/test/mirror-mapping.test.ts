import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERSON_SCHEMAS } from '../simulator/index.js';
import { partialDateIn, readDateTime, timeIn } from '../src/field-values.js';
import { dateTime } from '../src/mapping.js';
import { resolveMirrorFields } from '../src/mirror-fields.js';
import { applicationOf, candidateOf, labelsOf, mirroredJobOf, purgedOf, statusOf } from '../src/mirror-mapping.js';
import { personSchema } from '../src/vendor-records.js';

const STANDARD = resolveMirrorFields(personSchema.parse(PERSON_SCHEMAS.standard));
const VARIANT = resolveMirrorFields(personSchema.parse(PERSON_SCHEMAS.variant));
const URL_OF_PERSON = 'https://api.icims.com/customers/1234/linkTo/people/2468';

function candidate(person: Readonly<Record<string, unknown>>, fields = STANDARD) {
  return candidateOf(2468, person, { fields, remoteUrl: URL_OF_PERSON });
}

describe('times of iCIMS', () => {
  it.each([
    ['2026-11-20 04:10 PM', '2026-11-20T16:10:00.000Z'],
    ['2026-11-20 12:00 AM', '2026-11-20T00:00:00.000Z'],
    ['2026-11-20 12:59 PM', '2026-11-20T12:59:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['2026-02-31 01:00 AM', undefined],
    ['2026-11-20 13:00 PM', undefined],
    ['2026-11-20 00:10 AM', undefined],
    ['20 November', undefined],
  ])('reads %s', (text, expected) => {
    expect(timeIn({ updateddate: text }, 'updateddate')).toBe(expected);
  });

  it('come back as they went out, to the minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 130 * 365 * 24 * 60 }), (minutes) => {
        expect(readDateTime(dateTime(minutes * 60_000))).toBe(minutes * 60_000);
      }),
    );
  });

  it.each([
    ['2020-01-31', '2020-01-31'],
    ['2020-01', '2020-01'],
    ['2020', '2020'],
    ['2020-13', undefined],
    ['2020-01-31 12:00 AM', '2020-01-31'],
    ['last year', undefined],
  ])('a date of a life reads %s', (text, expected) => {
    expect(partialDateIn({ workstartdate: text }, 'workstartdate')).toBe(expected);
  });
});

describe('statuses, which are each tenant’s own words', () => {
  it.each([
    ['New Submissions - Recruiter Submitted', 'active', 'New Submissions', 'Recruiter Submitted'],
    ['Interview - Hiring Manager Review', 'active', 'Interview', 'Hiring Manager Review'],
    ['Withdrawn - Self-Withdrew', 'withdrawn', 'Withdrawn', 'Self-Withdrew'],
    ['Offer - Declined by Candidate', 'withdrawn', 'Offer', 'Declined by Candidate'],
    ['Candidate Declined Offer', 'withdrawn', undefined, 'Candidate Declined Offer'],
    ['Not Selected - Position Filled', 'rejected', 'Not Selected', 'Position Filled'],
    ['Phone Screen: Rejected', 'rejected', undefined, 'Phone Screen: Rejected'],
    ['Hired - Start Date Set', 'hired', 'Hired', 'Start Date Set'],
    ['Hire', 'hired', undefined, 'Hire'],
    ['Ready to Hire', 'active', undefined, 'Ready to Hire'],
    ['Not Hired', 'rejected', undefined, 'Not Hired'],
    ['Disclosure Sent', 'active', undefined, 'Disclosure Sent'],
    ['Job Cancelled', 'other', undefined, 'Job Cancelled'],
    ['Entretien - Appel', 'active', 'Entretien', 'Appel'],
  ] as const)('%s is %s', (label, status, stage, statusLabel) => {
    expect(statusOf(label)).toBe(status);
    expect(labelsOf(label)).toStrictEqual({ ...(stage === undefined ? {} : { stage }), statusLabel });
  });

  it('never fail, whatever a tenant calls them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (label) => {
        expect(['active', 'hired', 'rejected', 'withdrawn', 'other']).toContain(statusOf(label));
        const { stage = '', statusLabel } = labelsOf(label);
        expect(label.replace(' - ', '').includes(stage.trim())).toBe(true);
        expect(label.includes(statusLabel)).toBe(true);
      }),
    );
  });
});

describe('a person', () => {
  it('RED-8: is read from the fields of the sheet', () => {
    expect(
      candidate({
        firstname: 'Ada',
        lastname: 'Byron',
        email: 'ada@example.org',
        folder: { id: 'D32004', value: 'Active', formattedvalue: 'Active' },
        phones: [
          { entry: 332, phonetype: { id: 'D83001', value: 'Mobile' }, phonenumber: '+1 555 0100' },
          { entry: 333, phonetype: { value: 'Fax' }, phonenumber: '+1 555 0101' },
          { entry: 334, phonetype: { value: 'Work' } },
        ],
        addresses: [
          { entry: 1, addresscity: 'Old Town' },
          {
            entry: 2,
            primary: true,
            addressstreet1: '1 Main Street',
            addresscity: 'Boston',
            addressstate: { id: 'D41001024', abbrev: 'MA', value: 'Massachusetts' },
            addresscountry: { id: 'D41001', abbrev: 'US', value: 'United States' },
          },
        ],
        socialaccounts: [
          { socialaccounttype: { value: 'Other' }, socialaccounturl: 'https://github.com/ada' },
          { socialaccounttype: { value: 'LinkedIn' }, socialaccounturl: 'ada-byron' },
        ],
        workexperience: [
          { workemployer: 'Engine Co', worktitle: 'Analyst', workstartdate: '2020-01-01' },
          { workemployer: { value: 'Loom Co' }, workstartdate: '2018-01-01', workenddate: '2019-06-30' },
          { worktitle: 'Nobody knows where' },
        ],
        education: [{ school: { value: 'Example University' }, degree: 'BSc', graduationdate: '2017-06-30' }],
        source: 'Other (Please Specify)',
        sourcename: 'Spring Fair',
        createddate: '2026-01-02 08:00 AM',
        updateddate: '2026-11-20 04:10 PM',
        resume: { filename: 'ada.pdf' },
      }),
    ).toStrictEqual({
      remoteId: '2468',
      firstName: 'Ada',
      lastName: 'Byron',
      emails: ['ada@example.org'],
      phones: [
        { number: '+1 555 0100', type: 'mobile' },
        { number: '+1 555 0101', type: 'other' },
      ],
      address: { street1: '1 Main Street', city: 'Boston', region: 'MA', country: 'US' },
      socialUrls: [
        { network: 'github', url: 'https://github.com/ada' },
        { network: 'linkedin', url: 'ada-byron' },
      ],
      workExperience: [
        { employer: 'Engine Co', title: 'Analyst', startDate: '2020-01-01', current: true },
        { employer: 'Loom Co', startDate: '2018-01-01', endDate: '2019-06-30', current: false },
      ],
      education: [{ school: 'Example University', degree: 'BSc', graduationDate: '2017-06-30' }],
      tags: [],
      source: 'Spring Fair',
      createdAt: '2026-01-02T08:00:00.000Z',
      updatedAt: '2026-11-20T16:10:00.000Z',
      remoteUrl: URL_OF_PERSON,
      attachments: [{ remoteId: 'resume', filename: 'ada.pdf', kind: 'resume' }],
    });
  });

  it('is read from the fields of a tenant that calls them otherwise', () => {
    expect(VARIANT.asked.fields).toEqual(expect.arrayContaining(['rcf3000', 'field2201', 'addresses', 'folder']));
    expect(VARIANT.asked.fields).not.toContain('workexperience');
    const { workExperience, socialUrls } = candidate(
      {
        rcf3000: [{ rcf3001: 'Engine Co', rcf3002: 'Analyst', rcf3003: '2020-01-01' }],
        field2201: 'https://www.linkedin.com/in/ada',
      },
      VARIANT,
    );
    expect(workExperience).toStrictEqual([
      { employer: 'Engine Co', title: 'Analyst', startDate: '2020-01-01', current: true },
    ]);
    expect(socialUrls).toStrictEqual([{ network: 'linkedin', url: 'https://www.linkedin.com/in/ada' }]);
  });

  it('reads its LinkedIn URL where an admin says that it is', () => {
    const fields = resolveMirrorFields(personSchema.parse(PERSON_SCHEMAS.standard), 'field1234');
    expect(fields.asked.fields).toContain('field1234');
    expect(candidate({ field1234: 'https://www.linkedin.com/in/ada' }, fields).socialUrls).toHaveLength(1);
  });

  it('shows a résumé whatever a file looks like in a profile, under a name that is one', () => {
    const names = [
      { filename: '../../secret/ada.pdf' },
      'https://api.icims.com/customers/1234/people/1/fields/resume/binary',
      { links: [] },
      true,
    ].map((resume) => candidate({ resume }).attachments?.map(({ filename }) => filename));
    expect(names).toStrictEqual([['ada.pdf'], ['resume'], ['resume'], ['resume']]);
    expect(candidate({ resume: null }).attachments).toStrictEqual([]);
  });

  it('is read from whatever comes, without failing', () => {
    const person = fc.dictionary(fc.constantFrom(...STANDARD.asked.fields, ...STANDARD.asked.inferred), fc.jsonValue());
    fc.assert(
      fc.property(person, (values) => {
        const { remoteId, emails, phones, socialUrls } = candidate(values);
        expect(remoteId).toBe('2468');
        for (const text of [...emails, ...phones.map(({ number }) => number), ...socialUrls.map(({ url }) => url)]) {
          expect(text).toEqual(expect.any(String));
        }
        expect(applicationOf(1, values)).toBeUndefined();
        expect(mirroredJobOf(1, values, { posting: undefined, linkUrl: URL_OF_PERSON }).open).toBe(false);
      }),
    );
  });
});

describe('somebody in the Purge folder', () => {
  it.each(['firstname', 'lastname'])('RED-12: names in %s whom they were merged into', (field) => {
    const person = { [field]: 'Merged with 2470 - 2026-11-20', folder: { id: 'D32099', value: 'Purge' } };
    expect(purgedOf(person, STANDARD)).toStrictEqual({ mergedInto: 2470 });
  });

  it('RED-12: is known by that name where the API user does not see folders', () => {
    expect(purgedOf({ firstname: 'Merged with 2470 - 2026-11-20' }, STANDARD)).toStrictEqual({ mergedInto: 2470 });
    expect(purgedOf({ firstname: 'Ada' }, STANDARD)).toBeUndefined();
  });

  it('RED-12: is gone without a merge as well; a name alone proves nothing', () => {
    expect(purgedOf({ firstname: 'Ada', folder: { value: ' purge ' } }, STANDARD)).toStrictEqual({});
    expect(
      purgedOf({ firstname: 'Merged with 2470 - 2026-11-20', folder: { value: 'Active' } }, STANDARD),
    ).toBeUndefined();
  });
});

describe('a workflow', () => {
  it('RED-8: is read as iCIMS serves it', () => {
    expect(
      applicationOf(13, {
        baseprofile: { id: 1709, value: 'Data Engineer', profile: 'https://api.icims.com/customers/1234/jobs/1709' },
        associatedprofile: { id: '2468', value: 'Ada Byron' },
        status: { id: 'D10105', value: 'New Submissions - Recruiter Submitted' },
        source: 'SeekOut',
        sourcename: 'SeekOut',
        updateddate: '2026-11-20 04:10 PM',
        links: [],
      }),
    ).toStrictEqual({
      remoteId: '13',
      candidateRemoteId: '2468',
      jobRemoteId: '1709',
      jobTitle: 'Data Engineer',
      status: 'active',
      stage: 'New Submissions',
      statusLabel: 'Recruiter Submitted',
      source: 'SeekOut',
      updatedAt: '2026-11-20T16:10:00.000Z',
    });
  });

  it('is none without person or job, and of unknown standing without status', () => {
    const [baseprofile, associatedprofile] = [{ id: 1709 }, { id: 2468 }];
    expect(applicationOf(13, { baseprofile })).toBeUndefined();
    expect(applicationOf(13, { associatedprofile })).toBeUndefined();
    expect(applicationOf(13, { baseprofile, associatedprofile })).toMatchObject({ status: 'other' });
  });
});

describe('a job', () => {
  it('is open when it stands on a portal of the connection', () => {
    const linkUrl = 'https://api.icims.com/customers/1234/linkTo/jobs/1709';
    const job = {
      jobtitle: 'Data Engineer',
      jobid: '2026-1709',
      folder: { value: 'Approved' },
      joblocation: { id: 5, companyid: 6, value: 'Oakland, CA' },
      recruiter: { id: 121, value: 'Rita Moss' },
    };
    const expected = {
      remoteId: '1709',
      title: 'Data Engineer',
      code: '2026-1709',
      statusLabel: 'Approved',
      location: 'Oakland, CA',
      recruiter: { remoteId: '121', name: 'Rita Moss' },
    };
    const portalUrl = 'https://careers-example.icims.com/jobs/1709/data-engineer/job';
    const posting = { id: 1709, portalUrl, updatedDate: undefined };
    expect(mirroredJobOf(1709, job, { posting, linkUrl })).toStrictEqual({
      ...expected,
      open: true,
      remoteUrl: portalUrl,
    });
    expect(mirroredJobOf(1709, job, { posting: undefined, linkUrl })).toStrictEqual({
      ...expected,
      open: false,
      remoteUrl: linkUrl,
    });
    const odd = { ...posting, portalUrl: 'javascript:alert(1)' };
    expect(mirroredJobOf(1709, job, { posting: odd, linkUrl }).remoteUrl).toBe(linkUrl);
  });
});
