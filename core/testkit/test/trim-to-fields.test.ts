import type { CandidateRecord, ExportField } from '@talentbridge/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { candidateRecord } from '../src/builders/candidate-record.js';
import { trimToFields } from '../src/conformance/trim-to-fields.js';

it('EXP-11: keeps the declared fields, and nothing that is not declared', () => {
  const trimmed = trimToFields(candidateRecord(), [
    { name: 'lastName', label: 'Last name' },
    { name: 'education', label: 'Education', parts: ['school', 'graduationDate'], datePrecision: 'year' },
    { name: 'socialUrls', label: 'Links', networks: ['github'] },
  ]);
  expect(trimmed).toEqual({
    firstName: '',
    lastName: expect.stringMatching(/^Okafor-/),
    emails: [],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [{ school: 'Example University', graduationDate: '2014' }],
    tags: [],
  });
});

const text = fc.string({ unit: 'binary', maxLength: 40 });
const candidate: fc.Arbitrary<CandidateRecord> = fc.record({
  firstName: text,
  lastName: text,
  emails: fc.array(text),
  phones: fc.array(fc.record({ number: text, type: fc.constantFrom('mobile', 'work') })),
  socialUrls: fc.array(fc.record({ network: fc.constantFrom('linkedin', 'other'), url: text })),
  workExperience: fc.array(fc.record({ employer: text, current: fc.boolean() })),
  education: fc.array(fc.record({ school: text })),
  tags: fc.array(text),
});

it('EXP-11: never exceeds a limit, never cuts a character in half, and changes nothing the second time', () => {
  fc.assert(
    fc.property(candidate, fc.nat(6), fc.integer({ min: 1, max: 20 }), (record, maxCount, maxLength) => {
      const names = ['firstName', 'lastName', 'emails', 'workExperience', 'education', 'tags'] as const;
      const fields: ExportField[] = names.map((name) => ({ name, label: name, maxCount, maxLength }));
      const trimmed = trimToFields(record, fields);
      const texts = [
        ...[trimmed.firstName, trimmed.lastName, ...trimmed.emails, ...trimmed.tags],
        ...trimmed.workExperience.map(({ employer }) => employer),
        ...trimmed.education.map(({ school }) => school),
      ];
      for (const each of texts) {
        expect(each.length).toBeLessThanOrEqual(maxLength);
        expect(each.isWellFormed()).toBe(true);
      }
      for (const list of [trimmed.emails, trimmed.tags, trimmed.workExperience, trimmed.education]) {
        expect(list.length).toBeLessThanOrEqual(maxCount);
      }
      expect(record.firstName.startsWith(trimmed.firstName)).toBe(true);
      expect(trimToFields(trimmed, fields)).toEqual(trimmed);
    }),
  );
});
