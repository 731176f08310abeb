import type { MirroredCandidate } from '@talentbridge/contracts';

const WORDS = ['Example', 'Northwind', 'Bright', 'Harbor', 'Granite', 'Meadow', 'Copper', 'Signal', 'Willow', 'Summit'];
const TITLES = ['Welder', 'Software Engineer', 'Nurse', 'Account Manager', 'Data Analyst', 'Electrician'];

/** After so many candidates words and titles come again. */
const PERIOD = WORDS.length * TITLES.length;
/** Histories by number, so that making candidates up takes little of the time that is measured. */
const HISTORIES = Array.from({ length: PERIOD }, (_, number) => historyOf(number));

/** A candidate with a history, two applications and a file, some 2.3 kB as JSON; the same number gives the same candidate. */
export function madeUpCandidate(number: number): MirroredCandidate {
  const word = (offset: number): string => wordOf(number, offset);
  const appliedAt = new Date(1_750_000_000_000 + number * 1_000).toISOString();
  const movedAt = new Date(1_755_000_000_000 + number * 1_000).toISOString();
  return {
    remoteId: `c-${number}`,
    firstName: `${word(1)}${number}`,
    lastName: word(2),
    emails: [`person-${number}@mail.example`],
    phones: [{ number: `+1555${String(number).padStart(7, '0')}`, type: 'mobile' }],
    address: { city: `${word(3)} City`, region: 'WA', country: 'US' },
    socialUrls: [{ network: 'linkedin', url: `https://www.linkedin.com/in/person-${number}` }],
    workExperience: HISTORIES[number % PERIOD] ?? [],
    education: [{ school: `University of ${word(4)}`, degree: 'BSc', major: titleOf(number, 3) }],
    tags: [word(5), word(6), word(7)],
    source: word(8),
    createdAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
    updatedAt: new Date(1_760_000_000_000 + number * 1_000).toISOString(),
    remoteUrl: `https://ats.example/candidates/c-${number}`,
    applications: [0, 1].map((index) => ({
      remoteId: `a-${number}-${index}`,
      candidateRemoteId: `c-${number}`,
      jobRemoteId: `j-${(number * 13 + index * 7) % 500}`,
      jobTitle: titleOf(number, index),
      status: index === 0 ? 'active' : 'rejected',
      statusLabel: index === 0 ? 'In review' : 'Rejected',
      stage: `Stage ${number % 5}`,
      ...(index === 0 ? {} : { rejectionReason: 'Other candidate chosen' }),
      source: word(8),
      recruiter: { remoteId: `u-${number % 40}`, name: `${word(2)} Recruiter` },
      appliedAt,
      updatedAt: movedAt,
    })),
    attachments: [{ remoteId: `f-${number}`, filename: `resume-${number}.pdf`, kind: 'resume', size: 90_000 + number }],
  };
}

function historyOf(number: number): MirroredCandidate['workExperience'] {
  return Array.from({ length: 6 }, (_, index) => ({
    employer: `${wordOf(number, index)} ${wordOf(number, index + 5)} Inc`,
    title: titleOf(number, index),
    startDate: `${2024 - 2 * index}-03`,
    ...(index === 0 ? {} : { endDate: `${2026 - 2 * index}-02` }),
    current: index === 0,
  }));
}

function wordOf(number: number, offset: number): string {
  return WORDS[(number * 7 + offset * 3) % WORDS.length] ?? '';
}

function titleOf(number: number, offset: number): string {
  return TITLES[(number + offset) % TITLES.length] ?? '';
}

/** Candidates from one number up to another, which is left out. */
export function madeUpCandidates(from: number, to: number): readonly MirroredCandidate[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => madeUpCandidate(from + index));
}
