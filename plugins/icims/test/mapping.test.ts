import { candidateRecord } from '@talentbridge/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERSON_SCHEMAS } from '../simulator/index.js';
import { dateOnly, dateTime, jobOf, personBody, slugTitle } from '../src/mapping.js';
import { namedFields } from '../src/people.js';
import { resolveFields, withoutFields } from '../src/person-fields.js';
import { readRefusal } from '../src/vendor-errors.js';
import { personSchema } from '../src/vendor-records.js';

const STANDARD = resolveFields(personSchema.parse(PERSON_SCHEMAS.standard));
const VARIANT = resolveFields(personSchema.parse(PERSON_SCHEMAS.variant));

describe('the fields of a tenant', () => {
  it('go by the ids of the fact sheet where those are there', () => {
    expect(STANDARD).toMatchObject({
      firstName: { id: 'firstname' },
      phones: { id: 'phones', parts: { number: 'phonenumber', type: 'phonetype' } },
      linkedin: { kind: 'collection', id: 'socialaccounts' },
      workExperience: { id: 'workexperience' },
      education: { id: 'education', parts: { school: 'school', degree: 'degree' } },
    });
  });

  it('are found by name where they are not, and missing where they are not even that', () => {
    expect(VARIANT).toMatchObject({
      linkedin: { kind: 'text', id: 'field2201' },
      workExperience: { id: 'rcf3000', parts: { employer: 'rcf3001', endDate: 'rcf3004' } },
      education: { parts: { school: 'school' } },
    });
    expect(VARIANT.education?.parts).not.toHaveProperty('degree');
    expect(resolveFields({ properties: {} })).toStrictEqual({ titles: new Map() });
  });

  it('are a collection with its usual parts where the schema does not look inside', () => {
    const fields = resolveFields(personSchema.parse({ properties: { workexperience: { type: 'array' } } }));
    expect(fields.workExperience).toMatchObject({ parts: { employer: 'workemployer', endDate: 'workenddate' } });
  });

  it('hold the LinkedIn URL where an admin says, or nowhere', () => {
    const schema = personSchema.parse(PERSON_SCHEMAS.standard);
    expect(resolveFields(schema, 'field1234').linkedin).toStrictEqual({ kind: 'text', id: 'field1234' });
    expect(resolveFields(schema, 'field9').linkedin).toBeUndefined();
  });

  it('lose a collection with the part that it cannot do without, and another part alone', () => {
    expect(withoutFields(STANDARD, new Set(['school'])).education).toBeUndefined();
    expect(withoutFields(STANDARD, new Set(['degree'])).education?.parts).toStrictEqual({ school: 'school' });
  });
});

describe('a candidate in the words of iCIMS', () => {
  it('EXP-9: reads as the fact sheet shows it', () => {
    const candidate = candidateRecord({
      firstName: ' Ada ',
      lastName: 'Byron',
      emails: ['ada@example.org'],
      phones: [
        { number: '+1 555 0100', type: 'mobile' },
        { number: '+1 555 0101', type: 'other' },
      ],
      socialUrls: [
        { network: 'github', url: 'https://github.com/ada' },
        { network: 'linkedin', url: 'https://www.linkedin.com/in/ada' },
      ],
      workExperience: [
        { employer: 'Engine Co', title: 'Analyst', startDate: '2020', endDate: '2023-06-30', current: false },
      ],
      education: [{ school: 'Example University', degree: 'BSc' }, { school: ' ' }],
    });
    expect(personBody(candidate, STANDARD, 'create')).toStrictEqual({
      notSent: [],
      body: {
        firstname: 'Ada',
        lastname: 'Byron',
        email: 'ada@example.org',
        phones: [{ phonenumber: '+1 555 0100', phonetype: { value: 'Mobile' } }, { phonenumber: '+1 555 0101' }],
        socialaccounts: [
          { socialaccounturl: 'https://www.linkedin.com/in/ada', socialaccounttype: { value: 'LinkedIn' } },
        ],
        workexperience: [
          { workemployer: 'Engine Co', worktitle: 'Analyst', workstartdate: '2020-01-01', workenddate: '2023-06-30' },
        ],
        education: [{ school: 'Example University', degree: 'BSc' }],
      },
    });
  });

  it('EXP-9: leaves work experience, education and address out of an update', () => {
    const { body } = personBody(candidateRecord(), STANDARD, 'update');
    expect(Object.keys(body).toSorted()).toStrictEqual(['firstname', 'lastname', 'phones', 'socialaccounts']);
  });

  it('holds neither null nor blank text, whatever the candidate is', () => {
    const blank = fc.constantFrom('', ' ', '\t', 'x');
    const candidate = fc.record({
      firstName: blank,
      lastName: blank,
      emails: fc.array(blank),
      phones: fc.array(fc.record({ number: blank, type: fc.constantFrom('mobile' as const, 'other' as const) })),
      socialUrls: fc.array(fc.record({ network: fc.constant('linkedin' as const), url: blank })),
      workExperience: fc.array(fc.record({ employer: blank, title: blank, startDate: blank, current: fc.boolean() })),
      education: fc.array(fc.record({ school: blank, degree: blank })),
      tags: fc.constant([]),
    });
    fc.assert(
      fc.property(
        candidate,
        fc.constantFrom(STANDARD, VARIANT, resolveFields({ properties: {} })),
        (record, fields) => {
          const text = JSON.stringify({ always: 'there', ...personBody(record, fields, 'create').body });
          expect(text).not.toMatch(/null|"\s*"|\{\}|\[\]/);
        },
      ),
    );
  });

  it('EXP-6: names what has no field to go to, once for all entries', () => {
    const candidate = candidateRecord({
      education: [
        { school: 'A', degree: 'B' },
        { school: 'C', degree: 'D' },
      ],
    });
    expect(personBody(candidate, VARIANT, 'create').notSent).toStrictEqual([{ field: 'education', what: 'degrees' }]);
    expect(personBody(candidate, withoutFields(STANDARD, new Set(['workexperience'])), 'create').notSent).toStrictEqual(
      [{ field: 'workExperience', what: 'work experience' }],
    );
  });
});

describe('dates', () => {
  it('are whole days: a year or a month is its first', () => {
    expect([
      dateOnly('2020'),
      dateOnly('2020-07'),
      dateOnly('2020-07-09'),
      dateOnly('July'),
      dateOnly(undefined),
    ]).toStrictEqual(['2020-01-01', '2020-07-01', '2020-07-09', undefined, undefined]);
  });

  it.each([
    ['2026-11-22T15:45:59Z', '2026-11-22 03:45 PM'],
    ['2026-11-22T00:00:00Z', '2026-11-22 12:00 AM'],
    ['2026-11-22T12:30:00Z', '2026-11-22 12:30 PM'],
    ['2026-11-22T11:59:59Z', '2026-11-22 11:59 AM'],
  ])('%s is %s in a filter', (at, written) => {
    expect(dateTime(Date.parse(at))).toBe(written);
  });
});

describe('a job', () => {
  it.each([
    ['https://careers-acme.icims.com/jobs/1709/data-engineer/job', 'Data Engineer'],
    ['https://careers-acme.icims.com/jobs/1709/r%26d-lead/job?mode=view', 'R&d Lead'],
    ['https://careers-acme.icims.com/jobs/1709/100%-remote/job', '100% Remote'],
    ['https://careers-acme.icims.com/jobs/1709/job', undefined],
    [undefined, undefined],
  ])('is called by the slug of %s without its profile', (url, title) => {
    expect(slugTitle(url)).toBe(title);
  });

  it('has a title in any case, and only a link that a person can follow', () => {
    expect(jobOf({ id: 7, portalUrl: 'javascript:alert(1)', updatedDate: undefined }, undefined)).toStrictEqual({
      remoteId: '7',
      title: 'Job 7',
      code: '7',
      open: true,
    });
  });
});

describe('a refusal', () => {
  const answer = (messages: readonly string[], header = ''): ReturnType<typeof readRefusal> =>
    readRefusal({
      status: 400,
      headers: header === '' ? {} : { 'x-error': header },
      json: { errors: messages.map((errorMessage) => ({ errorCode: 1, errorMessage })) },
      text: '',
    });

  it('names fields in its header lines, commas or not', () => {
    const refusal = answer([], '1:lastname:Last Name, please., 1:field1234:Required.');
    expect(namedFields(refusal, STANDARD)).toStrictEqual(['lastname', 'field1234']);
  });

  it('names fields by id or title in its messages', () => {
    expect(namedFields(answer(['Middle Name is a required field.']), STANDARD)).toStrictEqual(['middlename']);
    expect(namedFields(answer(['field1234: required']), STANDARD)).toStrictEqual(['field1234']);
  });

  it('OPS-3: names nothing that is no field', () => {
    expect(namedFields(answer(['Ada Byron <ada@example.org> is invalid']), STANDARD)).toStrictEqual([]);
  });
});
