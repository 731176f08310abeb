import type { Requirement } from '@talentbridge/contracts';

/** Where a customer adds a source of their own; the API cannot (SmartRecruiters sheet §10, CONFIRMED). */
export const CUSTOM_SOURCES_PAGE = 'https://www.smartrecruiters.com/settings/configuration/custom-sources';

/** What an admin sets up in SmartRecruiters before connecting (SmartRecruiters sheet §1 and §10, CONFIRMED). */
export const smartRecruitersRequirements: readonly Requirement[] = [
  {
    id: 'smart-token',
    title: 'An API key (SmartToken)',
    steps: [
      'Sign in to SmartRecruiters as an administrator: nobody else can make an API key.',
      'Choose your user icon at the top right, then Settings / Admin, then Apps & Integrations under Administration.',
      'On the tab Credentials choose New Credential, then API key, then Next.',
      'Enter a name that says what it is for, and choose Generate.',
      'Copy the key now: SmartRecruiters does not show it again. Use it for this connection alone, because everything that shares a key shares its rate limit.',
    ],
    capabilities: ['export', 'rediscovery', 'webhooks'],
  },
  {
    id: 'custom-source',
    title: 'A custom source for exported candidates',
    steps: [
      `In SmartRecruiters open ${CUSTOM_SOURCES_PAGE}.`,
      'Add a source with the source name of this connection, which is the name of this product unless you change it.',
    ],
    capabilities: ['export'],
  },
];
