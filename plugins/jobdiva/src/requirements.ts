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

/** What an admin sets up in JobDiva before connecting (JobDiva sheet §2 and §11; the content of the step is INFERRED). */
export const jobDivaRequirements: readonly Requirement[] = [
  {
    id: 'client-id',
    title: 'Your JobDiva client ID',
    steps: ['Ask JobDiva support for the client ID of your account. It is a number.'],
    capabilities: ['export'],
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
    capabilities: ['export'],
  },
  {
    id: 'api-methods',
    title: 'The API methods of that user',
    steps: [
      'JobDiva can switch each API method on or off for a user. Ask your JobDiva administrator or JobDiva support to enable these:',
      `${EXPORT_METHODS.join(', ')}.`,
    ],
    capabilities: ['export'],
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
