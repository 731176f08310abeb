import type { MirroredCandidate } from '@talentbridge/contracts';

const WORDS = ['Example', 'Northwind', 'Bright', 'Harbor', 'Granite', 'Meadow', 'Copper', 'Signal', 'Willow', 'Summit'];
const TITLES = ['Welder', 'Software Engineer', 'Nurse', 'Account Manager', 'Data Analyst', 'Electrician'];

/** A candidate with a history, some 1.5 kB as JSON; the same number gives the same candidate. */
export function madeUpCandidate(number: number): MirroredCandidate {
  const word = (offset: number): string => WORDS[(number * 7 + offset * 3) % WORDS.length] ?? '';
  const title = (offset: number): string => TITLES[(number + offset) % TITLES.length] ?? '';
  return {
    remoteId: `c-${number}`,
    firstName: `${word(1)}${number}`,
    lastName: word(2),
    emails: [`person-${number}@mail.example`],
    phones: [{ number: `+1555${String(number).padStart(7, '0')}`, type: 'mobile' }],
    address: { city: `${word(3)} City`, region: 'WA', country: 'US' },
    socialUrls: [{ network: 'linkedin', url: `https://www.linkedin.com/in/person-${number}` }],
    workExperience: Array.from({ length: 6 }, (_, index) => ({
      employer: `${word(index)} ${word(index + 5)} Inc`,
      title: title(index),
      startDate: `${2024 - 2 * index}-03`,
      ...(index === 0 ? {} : { endDate: `${2026 - 2 * index}-02` }),
      current: index === 0,
    })),
    education: [{ school: `University of ${word(4)}`, degree: 'BSc', major: title(3) }],
    tags: [word(5), word(6), word(7)],
    source: word(8),
    createdAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
    updatedAt: new Date(1_760_000_000_000 + number * 1_000).toISOString(),
    remoteUrl: `https://ats.example/candidates/c-${number}`,
  };
}

/** Candidates from one number up to another, which is left out. */
export function madeUpCandidates(from: number, to: number): readonly MirroredCandidate[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => madeUpCandidate(from + index));
}
