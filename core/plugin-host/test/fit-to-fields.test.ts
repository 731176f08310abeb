import type { CandidateRecord, ExportField } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitToFields } from '../src/export/fit-to-fields.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const date = fc.constantFrom('2019', '2019-03', '2019-03-05');
const network = fc.constantFrom('linkedin' as const, 'github' as const, 'website' as const);

function optional<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T & string)[]) {
  return fc.record<T, keyof T & string>(model, { requiredKeys: required });
}

const record: fc.Arbitrary<CandidateRecord> = fc.record(
  {
    firstName: text,
    lastName: fc.oneof(text, fc.constant('')),
    emails: fc.array(text, { maxLength: 5 }),
    phones: fc.array(fc.record({ number: text, type: fc.constantFrom('mobile' as const, 'other' as const) }), {
      maxLength: 4,
    }),
    address: fc.record({ city: text, country: text }, { requiredKeys: [] }),
    socialUrls: fc.array(fc.record({ network, url: text }), { maxLength: 4 }),
    workExperience: fc.array(
      optional({ employer: text, title: text, startDate: date, endDate: date, current: fc.boolean() }, [
        'employer',
        'current',
      ]),
      { maxLength: 5 },
    ),
    education: fc.array(optional({ school: text, degree: text, major: text, graduationDate: date }, ['school']), {
      maxLength: 4,
    }),
    tags: fc.array(text, { maxLength: 5 }),
  },
  { requiredKeys: ['firstName', 'lastName', 'emails', 'phones', 'socialUrls', 'workExperience', 'education', 'tags'] },
);

const names = [
  'firstName',
  'lastName',
  'address',
  'emails',
  'phones',
  'tags',
  'socialUrls',
  'workExperience',
  'education',
] as const;

const fields: fc.Arbitrary<ExportField[]> = fc.subarray([...names]).chain((chosen) =>
  fc.tuple(
    ...chosen.map((name) =>
      fc.record(
        {
          name: fc.constant(name),
          label: fc.constant(`the ${name}`),
          required: fc.boolean(),
          maxCount: fc.integer({ min: 0, max: 4 }),
          maxLength: fc.integer({ min: 1, max: 30 }),
          datePrecision: fc.constantFrom('year' as const, 'month' as const, 'day' as const),
          parts: fc.subarray(['title', 'startDate', 'degree', 'city', 'number']),
          networks: fc.subarray(['linkedin', 'github']),
        },
        { requiredKeys: ['name', 'label'] },
      ),
    ),
  ),
);

const length = (value: string): number => [...value].length;

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('EXP-11: a candidate is cut to the declared fields', () => {
  it('never exceeds a limit, and sends nothing undeclared', () => {
    fc.assert(
      fc.property(record, fields, (candidate, declared) => {
        const fitted = fitToFields(candidate, declared).record;
        for (const name of names) {
          const field = declared.find((each) => each.name === name);
          const value = fitted[name];
          const list = Array.isArray(value) ? value : [];
          if (!field) expect(textsOf(value)).toEqual(textsOf(name === 'firstName' || name === 'lastName' ? '' : []));
          if (field?.maxCount !== undefined) expect(list.length).toBeLessThanOrEqual(field.maxCount);
          const limit = field?.maxLength;
          if (limit === undefined) continue;
          const texts =
            name === 'socialUrls'
              ? fitted.socialUrls.map(({ url }) => url)
              : name === 'phones'
                ? fitted.phones.map(({ number }) => number)
                : textsOf(value);
          // Dates are bounded by their own shape.
          for (const each of texts) if (!/^2019/.test(each)) expect(length(each)).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('loses nothing without saying so', () => {
    fc.assert(
      fc.property(record, fields, (candidate, declared) => {
        const { record: fitted, adjustments } = fitToFields(candidate, declared);
        const left = new Map<string, number>();
        const count = (value: string, by: number) => left.set(value, (left.get(value) ?? 0) + by);
        // Types of phones, names of networks and empty texts are no values of their own.
        const values = (each: CandidateRecord) =>
          names.flatMap((name) => {
            if (name === 'socialUrls') return each.socialUrls.map(({ url }) => url);
            if (name === 'phones') return each.phones.map(({ number }) => number);
            return textsOf(each[name]);
          });
        for (const value of values(candidate)) count(value, 1);
        for (const value of values(fitted)) count(value, -1);
        const told = adjustments.map(({ value }) => value).join('\n');
        for (const [value, missing] of left) if (missing > 0 && value !== '') expect(told).toContain(value);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing about a fitted candidate', () => {
    fc.assert(
      fc.property(record, fields, (candidate, declared) => {
        const once = fitToFields(candidate, declared);
        const twice = fitToFields(once.record, declared);
        expect(twice.record).toEqual(once.record);
        expect(twice.adjustments).toEqual([]);
        expect(twice.missing).toEqual(once.missing);
      }),
      { numRuns: 500 },
    );
  });

  const ada: CandidateRecord = {
    firstName: 'Ada',
    lastName: '',
    emails: ['a@example.com', 'b@example.com', 'c@example.com'],
    phones: [{ number: '+12125550142', type: 'mobile' }],
    socialUrls: [
      { network: 'website', url: 'https://ada.example.com/' },
      { network: 'linkedin', url: 'https://www.linkedin.com/in/ada-example' },
    ],
    workExperience: [{ employer: 'Fern', title: 'Lead', startDate: '2019-03-05', current: true }],
    education: [],
    tags: ['Golang'],
  };

  it('drops from the end, shortens dates, keeps to networks and names what is missing', () => {
    const {
      record: fitted,
      adjustments,
      missing,
    } = fitToFields(ada, [
      { name: 'firstName', label: 'First name' },
      { name: 'lastName', label: 'Last name', required: true },
      { name: 'emails', label: 'Emails', maxCount: 2 },
      { name: 'socialUrls', label: 'URLs', maxCount: 1, networks: ['linkedin'] },
      { name: 'workExperience', label: 'Work', datePrecision: 'month', parts: ['employer', 'startDate'] },
    ]);
    expect(fitted).toEqual({
      ...ada,
      emails: ['a@example.com', 'b@example.com'],
      phones: [],
      socialUrls: [{ network: 'linkedin', url: 'https://www.linkedin.com/in/ada-example' }],
      workExperience: [{ employer: 'Fern', startDate: '2019-03', current: true }],
      tags: [],
    });
    expect(adjustments.map(({ field, part, kind, value }) => [field, part, kind, value])).toEqual([
      ['emails', undefined, 'DROPPED', 'c@example.com'],
      ['phones', undefined, 'NOT_SENT', '+12125550142'],
      ['socialUrls', undefined, 'NOT_SENT', 'https://ada.example.com/'],
      ['workExperience', 'title', 'NOT_SENT', 'Lead'],
      ['workExperience', 'startDate', 'SHORTENED', '2019-03-05'],
      ['tags', undefined, 'NOT_SENT', 'Golang'],
    ]);
    expect(missing.map(({ label }) => label)).toEqual(['Last name']);
  });

  it('cuts between characters as a reader sees them', () => {
    const cut = (firstName: string, maxLength: number) =>
      fitToFields({ ...ada, firstName }, [{ name: 'firstName', label: 'First name', maxLength }]).record.firstName;
    expect(cut('A👩‍💻B', 3)).toBe('A');
    expect(cut('प्रिया', 4)).toBe('प्रि');
    expect(cut('𝒜𝒷𝒸', 2)).toBe('𝒜𝒷');
    expect(cut('Ada Maria', 4)).toBe('Ada');
  });

  it('drops rather than cuts what makes no sense cut', () => {
    const { record: fitted, adjustments } = fitToFields(
      { ...ada, emails: ['a-long-one@example.com', 'b@example.com'] },
      [{ name: 'emails', label: 'Emails', maxLength: 15, maxCount: 1 }],
    );
    expect(fitted.emails).toEqual(['b@example.com']);
    expect(adjustments).toContainEqual(
      expect.objectContaining({ field: 'emails', kind: 'DROPPED', value: 'a-long-one@example.com' }),
    );
  });

  it('keeps personal data out of the reasons', () => {
    const { adjustments } = fitToFields({ ...ada, firstName: 'Wilhelmina' }, [
      { name: 'firstName', label: 'First name', maxLength: 3 },
    ]);
    expect(adjustments.map(({ reason }) => reason).join(' ')).not.toMatch(/Wilhelmina|example|Fern/);
  });
});
