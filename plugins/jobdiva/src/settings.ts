import { settingFields } from '@talentbridge/contracts';
import { z } from 'zod';

/** Where the API of each region lives. That of the United Kingdom is INFERRED: such a region is sold, its host is not public (JobDiva sheet §1). */
export const API_HOSTS = { us: 'api.jobdiva.com', uk: 'api.jobdiva.co.uk' } as const;

/** A region of JobDiva. */
export type Region = keyof typeof API_HOSTS;

/** Whether a choice is a region that has a host. */
export function isRegion(choice: string): choice is Region {
  return Object.hasOwn(API_HOSTS, choice);
}

/** The choices of a JobDiva connection that are no secrets. */
export const jobDivaSettings = settingFields({
  region: {
    kind: 'choice',
    label: 'Region',
    help: 'Where your JobDiva account lives. Ask JobDiva support if the sign-in finds no account.',
    choices: [
      { value: 'us', label: 'United States' },
      { value: 'uk', label: 'United Kingdom' },
    ],
    default: 'us',
  },
  webHost: {
    kind: 'choice',
    label: 'Web address',
    help: 'How the address begins when you are signed in to JobDiva. Links to candidates and jobs use it.',
    choices: [
      { value: 'www1', label: 'www1.jobdiva.com' },
      { value: 'www2', label: 'www2.jobdiva.com' },
    ],
    default: 'www1',
  },
  sourceName: {
    kind: 'text',
    label: 'Résumé source',
    help: 'The résumé source that exported candidates carry. It must exist in JobDiva; capitals do not matter.',
    default: { from: 'brand' },
  },
  ownerId: {
    kind: 'text',
    label: 'Owner',
    help: 'The JobDiva user number of the recruiter who owns exported candidates. Leave empty for none.',
    required: false,
    check: z.string().regex(/^[1-9]\d{0,14}$/, 'A user number has digits alone.'),
  },
  sendResume: {
    kind: 'switch',
    label: 'Send the generated résumé',
    help: 'Uploads the generated PDF to each exported candidate.',
    default: true,
  },
});
