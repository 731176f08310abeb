import type { Requirement } from '@talentbridge/contracts';

/** What is arranged in iCIMS before connecting (iCIMS sheet §2, §3, §6.2, §8, §9 and §12). */
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
    capabilities: ['export', 'rediscovery'],
  },
  {
    id: 'addresses',
    title: 'The addresses that may use the API',
    steps: [
      'Ask iCIMS, or an administrator who may edit the API user, to enter these addresses under its IP address restrictions.',
      'Calls from any other address are refused.',
    ],
    allowList: true,
    capabilities: ['export', 'rediscovery'],
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
    id: 'reading',
    title: 'What the API user reads',
    steps: [
      'Let the login group of the API user see the people, jobs and recruiting workflows that are to be found here: what it does not see never arrives.',
      'Of a person, let it see names, email, phones, addresses, folder, source, work experience, education, the field for the LinkedIn URL and the résumé.',
      'Of a recruiting workflow, let it see the associated profile, the base profile and the status: without the first two there is no application.',
    ],
    capabilities: ['rediscovery'],
  },
  {
    id: 'daily-calls',
    title: 'Calls a day for the first load',
    steps: [
      'iCIMS hands out people one by one: each person is one call of your daily number, and each recruiting workflow another.',
      'The standard license has 10,000 calls a day, of which a fifth is kept for exports unless the settings say otherwise. With the other 8,000, people alone take about two weeks for each 100,000, and with two recruiting workflows each about five and a half.',
      'The first load stops for the day when its share is used up, goes on by itself after 00:00 UTC, and loses nothing in between. Exports work meanwhile.',
      'To be done sooner, ask iCIMS for more calls a day before you connect: ten times as many is a tenth of the time.',
    ],
    capabilities: ['rediscovery'],
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
