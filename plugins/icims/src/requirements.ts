import type { Requirement } from '@talentbridge/contracts';

/** What is arranged in iCIMS before connecting (iCIMS sheet §2, §9, §6.2 and §8). */
export const icimsRequirements: readonly Requirement[] = [
  {
    id: 'api-user',
    title: 'An API user in the Integration User group',
    steps: [
      'Ask iCIMS for an integration of this product: its staff issue the credentials, nobody can make them alone.',
      'Have them put the API user into the Integration User group, without which it may not search.',
      'Note the customer ID, the user name and the password that they send.',
      'Ask for direct links (linkTo) to be enabled, so that "View in iCIMS" opens the candidate.',
    ],
    capabilities: ['export'],
  },
  {
    id: 'addresses',
    title: 'The addresses that may use the API',
    steps: [
      'Ask iCIMS, or an administrator who may edit the API user, to enter these addresses under its IP address restrictions.',
      'Calls from any other address are refused.',
    ],
    allowList: true,
    capabilities: ['export'],
  },
  {
    id: 'fields',
    title: 'The fields of the API user’s login group',
    steps: [
      'Let the login group of the API user see and edit: first name, last name, email, phones, work experience, education, and the field for the LinkedIn URL.',
      'Make no other field of a person required for that group: a candidate without a required field is refused.',
      'What the group cannot see is left out of an export, with a warning.',
    ],
    capabilities: ['export'],
  },
  {
    id: 'workflow',
    title: 'Source and status of exported candidates',
    steps: [
      'Let the login group create recruiting workflows and choose the status "Recruiter Submitted".',
      'If your iCIMS keeps a list of sources, add the source name of this connection, or keep "Other (Please Specify)".',
    ],
    capabilities: ['export'],
  },
];
