import type { CandidateRecord } from '@talentbridge/contracts';
import { HOSTILE_STRINGS } from '@talentbridge/testkit';
import fc from 'fast-check';

const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom('', ' ', 'US', 'CA', 'California', 'Canada', ...HOSTILE_STRINGS.map((hostile) => hostile.text)),
);
const optional = fc.option(text, { nil: undefined });
const date = fc.option(fc.constantFrom('2016', '2016-09', '2016-09-30', 'soon', ''), { nil: undefined });
const few = { maxLength: 5 };

/** Anybody: blank, odd and overlong values included. */
export const arbitraryCandidate: fc.Arbitrary<CandidateRecord> = fc
  .record({
    firstName: text,
    lastName: text,
    emails: fc.array(fc.oneof(text, fc.emailAddress()), few),
    phones: fc.array(
      fc.record({
        number: fc.oneof(text, fc.constantFrom('+14155550100', '020 7946 0000')),
        type: fc.constantFrom('mobile', 'home', 'work', 'other'),
      }),
      few,
    ),
    address: fc.option(
      fc.record({
        street1: optional,
        street2: optional,
        city: optional,
        region: optional,
        postalCode: optional,
        country: optional,
      }),
      { nil: undefined },
    ),
    socialUrls: fc.array(
      fc.record({
        network: fc.constantFrom('linkedin', 'github', 'twitter', 'facebook', 'stackoverflow', 'website', 'other'),
        url: text,
      }),
      few,
    ),
    workExperience: fc.array(
      fc.record({ employer: text, title: optional, startDate: date, endDate: date, current: fc.boolean() }),
      few,
    ),
    education: fc.array(fc.record({ school: text, degree: optional, major: optional, graduationDate: date }), few),
  })
  .map((candidate) => withoutUndefined({ ...candidate, tags: [] }));

/** The types say that what is unknown is left out. */
function withoutUndefined(candidate: unknown): CandidateRecord {
  return JSON.parse(JSON.stringify(candidate)) as CandidateRecord;
}
