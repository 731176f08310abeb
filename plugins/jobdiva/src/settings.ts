import { settingFields } from '@talentbridge/contracts';
import { z } from 'zod';
import { fromEastern } from './eastern-time.js';
import type { RediscoveryChoices } from './rediscovery.js';
import { LARGEST_WINDOW_MS } from './run-state.js';

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
  historyStart: {
    kind: 'text',
    label: 'Mirror from',
    help: 'The first day whose candidates, jobs and applications are read, such as 2020-01-31. Leave empty for ten years back.',
    placeholder: '2020-01-31',
    required: false,
    check: z.iso.date('Enter a day as year, month and day: 2020-01-31.'),
  },
  windowDays: {
    kind: 'choice',
    label: 'Days in one read',
    help: 'How much time one request to JobDiva spans. Choose less if JobDiva is slow to answer.',
    choices: [
      { value: '1', label: 'One day' },
      { value: '3', label: 'Three days' },
      { value: '7', label: 'A week' },
      { value: '14', label: 'Two weeks' },
    ],
    default: '7',
  },
  listResumes: {
    kind: 'switch',
    label: 'Mirror résumés',
    help: 'Lists the résumés of each candidate, so that they can be read and searched.',
    default: true,
  },
  readHistory: {
    kind: 'switch',
    label: 'Mirror education and experience',
    help: 'Helps to match people without a LinkedIn URL. JobDiva tells it one candidate at a time: about three seconds each.',
    default: false,
  },
  linkedInField: {
    kind: 'text',
    label: 'LinkedIn field',
    help: 'The name of the user-defined field of candidates that holds their LinkedIn URL. Leave empty if there is none.',
    required: false,
    check: z.string().regex(/^[^,]{1,100}$/, 'A field name has at most 100 characters and no comma.'),
  },
});

const DAY_MS = 86_400_000;

/** What the settings say about the mirror. */
export function mirrorChoices(settings: {
  readonly historyStart?: string | undefined;
  readonly windowDays: string;
  readonly listResumes: boolean;
  readonly readHistory: boolean;
  readonly linkedInField?: string | undefined;
}): RediscoveryChoices {
  const { historyStart, windowDays, listResumes, readHistory, linkedInField } = settings;
  return {
    historyStart: historyStart === undefined ? undefined : fromEastern(historyStart, 'earlier'),
    windowMs: Math.min(Number(windowDays) * DAY_MS, LARGEST_WINDOW_MS),
    listResumes,
    readHistory,
    linkedInField,
  };
}
