import type { Requirement } from '@talentbridge/contracts';

/** What an admin sets up in JobScore before connecting (JobScore sheet §1, §4.3 and §4.4, CONFIRMED by the set-up article). */
export const jobScoreRequirements: readonly Requirement[] = [
  {
    id: 'user-key',
    title: 'An API key with the access level User Key',
    steps: [
      'Sign in to JobScore as a user who may see and create candidates, and open Integrations in the left-hand menu.',
      'Under API Keys, choose Add API Key.',
      'Select User Key as the access level, enter a description that names this product, and choose Add.',
      'Copy the key now: JobScore does not show it again.',
    ],
    capabilities: ['export', 'rediscovery', 'webhooks'],
  },
  {
    id: 'source-database',
    title: 'A database source for exported candidates',
    steps: [
      'In JobScore, open Admin, then Sources under Configuration.',
      'Choose the edit icon beside Database, then Add Database.',
      'Enter the source name of this connection, which is the name of this product unless you change it. Capitals matter.',
      'Choose Add, and see the name in the list of databases.',
    ],
    capabilities: ['export'],
  },
  {
    id: 'tags',
    title: 'The tags that you use',
    steps: [
      'In JobScore, open Admin, then Tags under Workflow.',
      "Add each of your organization's tags with Add Tag. Capitals do not matter: JobScore shows tags in lower case.",
      'A tag that JobScore does not have is left out of an export, with a warning.',
    ],
    capabilities: ['export'],
  },
];
