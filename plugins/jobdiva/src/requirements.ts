import type { Requirement } from '@talentbridge/contracts';

/** Methods that an export calls, as the administration of API users names them. */
export const EXPORT_METHODS = [
  'SearchJob',
  'searchCandidateProfile',
  'createCandidate',
  'updateCandidateProfile',
  'updateCandidateSNLinks',
  'uploadResume',
  'createJobApplication',
  'ResumeSourceList',
  'CandidatesResumesDetail',
] as const;

/** Methods that the mirror calls; the last two only when education and experience are read. */
export const REDISCOVERY_METHODS = [
  'NewUpdatedCandidateRecords',
  'CandidatesDetail',
  'CandidatesResumesDetail',
  'ResumeDetail',
  'NewUpdatedJobRecords',
  'JobsDetail',
  'JobsUsersDetail',
  'CandidateApplicationRecords',
  'JobApplicantsDetail',
  'SearchJob',
  'SubmittalInterviewHireActivitiesList',
  'searchSubmittal',
  'DeletedCandidateRecords',
  'DeletedJobRecords',
  'MergedCandidates',
  'MergedJobs',
  'CandidateEducationDetail',
  'CandidateExperienceDetail',
] as const;

/** What an admin sets up in JobDiva before connecting (JobDiva sheet §2 and §11; the content of the step is INFERRED). */
export const jobDivaRequirements: readonly Requirement[] = [
  {
    id: 'client-id',
    title: 'Your JobDiva client ID',
    steps: ['Ask JobDiva support for the client ID of your account. It is a number.'],
    capabilities: ['export', 'rediscovery'],
  },
  {
    id: 'api-user',
    title: 'A user for the API alone',
    steps: [
      'In JobDiva, open Settings, then My Team, and choose Add User.',
      'Enter an email address as the user name, and a password that nobody else uses.',
      'Of the permissions, tick "Only allow access to JobDiva API Calls" and nothing else.',
      'Keep the user name and the password at hand.',
    ],
    capabilities: ['export', 'rediscovery'],
  },
  {
    id: 'api-methods',
    title: 'The API methods of that user, for exports',
    steps: [
      'JobDiva can switch each API method on or off for a user. Ask your JobDiva administrator or JobDiva support to enable these:',
      `${EXPORT_METHODS.join(', ')}.`,
    ],
    capabilities: ['export'],
  },
  {
    id: 'api-methods-mirror',
    title: 'The API methods of that user, for reading what JobDiva holds',
    steps: [
      'Have your JobDiva administrator or JobDiva support enable these as well:',
      `${REDISCOVERY_METHODS.join(', ')}.`,
      'The last two are needed only if education and experience are mirrored.',
    ],
    capabilities: ['rediscovery'],
  },
  {
    id: 'inactive-candidates',
    title: 'Candidates whom JobDiva deems inactive',
    steps: [
      "JobDiva's API shows active candidates alone. The others come with a copy of your data.",
      'As a Super Admin, open Settings, then Process, then Request Data Access, and tick Data, Attachments (All) and Resumes (All).',
      'JobDiva makes copies on weekends. Keep the files when they arrive.',
    ],
    capabilities: ['rediscovery'],
  },
  {
    id: 'resume-source',
    title: 'A résumé source for exported candidates',
    steps: [
      'Have your JobDiva administrator add a résumé source with the name that this connection uses: the name of this product, unless you change it.',
      'Capitals do not matter.',
    ],
    capabilities: ['export'],
  },
];
