import type {
  CandidateNote,
  InterviewFeedback,
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  StageChange,
} from '@talentbridge/contracts';

/** A job as a mirror has it. */
export function job(some: Partial<MirroredJob> = {}): MirroredJob {
  return {
    remoteId: 'JOB-1',
    title: 'Backend Engineer',
    open: true,
    location: 'Oakland, CA, United States',
    remoteUrl: 'https://ats.example/jobs/1',
    applyUrl: 'https://careers.example/jobs/1',
    createdAt: '2026-01-02T03:04:05.000Z',
    ...some,
  };
}

/** A candidate as a mirror has it. */
export function candidate(some: Partial<MirroredCandidate> = {}): MirroredCandidate {
  return {
    remoteId: 'C-1',
    firstName: 'Ada',
    lastName: 'Okafor',
    emails: ['ada@home.example', 'ada@work.example'],
    phones: [{ number: '+14155550100', type: 'mobile' }],
    address: { street1: '104 Example St', city: 'Oakland', region: 'CA', postalCode: '94607', country: 'US' },
    socialUrls: [{ network: 'linkedin', url: 'https://www.linkedin.com/in/ada-okafor' }],
    workExperience: [
      { employer: 'Contoso', title: 'Engineer', current: false },
      { employer: 'Northwind', title: 'Staff Engineer', current: true },
    ],
    education: [],
    tags: ['go'],
    source: 'Referral',
    createdAt: '2026-01-02T03:04:05.000Z',
    updatedAt: '2026-02-02T03:04:05.000Z',
    remoteUrl: 'https://ats.example/candidates/C-1',
    ...some,
  };
}

/** An application as a mirror has it. */
export function application(some: Partial<MirroredApplication> = {}): MirroredApplication {
  return {
    remoteId: 'A-1',
    candidateRemoteId: 'C-1',
    jobRemoteId: 'JOB-1',
    status: 'active',
    stage: 'Phone Interview',
    source: 'Referral',
    appliedAt: '2026-01-03T00:00:00.000Z',
    updatedAt: '2026-01-04T00:00:00.000Z',
    ...some,
  };
}

const RITA = { firstName: 'Rita', lastName: 'Moss' };

/** A note that a user of the ATS wrote. */
export function note(some: Partial<CandidateNote> = {}): CandidateNote {
  return {
    remoteId: 'N-1',
    text: 'Strong systems background.',
    author: RITA,
    createdAt: '2026-01-05T00:00:00.000Z',
    ...some,
  };
}

/** What an interviewer said. */
export function feedback(some: Partial<InterviewFeedback> = {}): InterviewFeedback {
  return {
    remoteId: 'IF-1',
    applicationRemoteId: 'A-1',
    interviewer: { firstName: 'Omar', lastName: 'Diaz' },
    kind: 'phone',
    text: 'Clear communicator.',
    recommendation: 'yes',
    createdAt: '2026-01-06T00:00:00.000Z',
    ...some,
  };
}

/** A stage that an application came to. */
export function stage(some: Partial<StageChange> = {}): StageChange {
  return { remoteId: 'ST-1', applicationRemoteId: 'A-1', stage: 'New', enteredAt: '2026-01-03T00:00:00.000Z', ...some };
}
