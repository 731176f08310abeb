import { expect, it } from 'vitest';
import { readProfile } from '../../src/directory/profile-input.js';
import { toCandidateRecord } from '../../src/directory/to-candidate-record.js';

function profileOf(fields: object) {
  const read = readProfile({ key: 'p-1', ...fields });
  if (!read.ok) throw new Error(JSON.stringify(read.reasons));
  return read.profile;
}

it('EXP-3: lets only revealed contact data out', () => {
  const record = toCandidateRecord(
    profileOf({
      fullName: 'Ada Example',
      emails: [{ address: 'hidden@example.com' }, { address: 'shown@example.com', revealed: true }],
      phones: [{ number: '+12125550142', type: 'mobile', revealed: true }, { number: '+12125550199' }],
    }),
  );
  expect(record.emails).toEqual(['shown@example.com']);
  expect(record.phones).toEqual([{ number: '+12125550142', type: 'mobile' }]);
});

it('puts histories newest first, what goes on before all, and the undated last', () => {
  const record = toCandidateRecord(
    profileOf({
      fullName: 'Ada Example',
      workExperience: [
        { employer: 'Undated' },
        { employer: 'Old', startDate: '2001', endDate: '2003' },
        { employer: 'Present', startDate: '1999', current: true },
        { employer: 'Recent', startDate: '2010', endDate: '2020-05' },
      ],
    }),
  );
  expect(record.workExperience.map(({ employer }) => employer)).toEqual(['Present', 'Recent', 'Old', 'Undated']);
});

it('leaves coordinates out, which an ATS finds itself', () => {
  const location = { city: 'Porto', coordinates: { latitude: 41.15, longitude: -8.61 } };
  expect(toCandidateRecord(profileOf({ fullName: 'Ada Example', location })).address).toEqual({ city: 'Porto' });
});

it('invents no last name for a person known by one', () => {
  expect(toCandidateRecord(profileOf({ fullName: 'Suharti' }))).toMatchObject({ firstName: 'Suharti', lastName: '' });
});

it('adds the tags it is given to the profile’s own, each once', () => {
  const profile = profileOf({ fullName: 'Ada Example', tags: ['Golang'] });
  expect(toCandidateRecord(profile, { tags: ['golang', 'Remote'] }).tags).toEqual(['Golang', 'Remote']);
});
