import type { CandidateRecord } from '@talentbridge/contracts';

let people = 0;

/**
 * A candidate with something in every field. Every call makes another person with another email address and other
 * links, so that two of them are never duplicates by accident. Nobody in it exists.
 */
export function candidateRecord(overrides: Partial<CandidateRecord> = {}): CandidateRecord {
  people += 1;
  // Letters alone, because some systems refuse digits in a name.
  const suffix = [...String(people)].map((digit) => 'abcdefghij'.charAt(Number(digit))).join('');
  return {
    firstName: 'Ada',
    lastName: `Okafor-${suffix}`,
    emails: [`ada.okafor.${people}@home.example`],
    phones: [{ number: `+1415555${String(people % 10_000).padStart(4, '0')}`, type: 'mobile' }],
    address: { street1: '104 Example St', city: 'Oakland', region: 'CA', postalCode: '94607', country: 'US' },
    socialUrls: [{ network: 'linkedin', url: `https://www.linkedin.com/in/ada-okafor-${people}` }],
    workExperience: [
      { employer: 'Northwind', title: 'Staff Engineer', startDate: '2021-03', current: true },
      { employer: 'Contoso', title: 'Engineer', startDate: '2016-09', endDate: '2021-02', current: false },
    ],
    education: [
      { school: 'Example University', degree: 'Bachelor', major: 'Computer Science', graduationDate: '2014-06-30' },
    ],
    tags: [],
    ...overrides,
  };
}
