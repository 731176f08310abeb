import { SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import { SIMULATED_LOGINS } from '@talentbridge/plugin-icims/simulator';
import { SIMULATED_CREDENTIALS } from '@talentbridge/plugin-jobdiva/simulator';
import { SIMULATED_KEYS } from '@talentbridge/plugin-jobscore/simulator';
import { SIMULATED_TOKENS } from '@talentbridge/plugin-smartrecruiters/simulator';

/** A candidate that a simulated vendor holds. */
export interface HeldCandidate {
  readonly email: string;
  readonly applications: number;
  readonly resumes: number;
}

/** What a test needs to know to connect a plugin to its simulator. */
export interface PluginSetUp {
  /** What commands call it. */
  readonly name: string;
  readonly pluginId: string;
  /** What the deployment loads it by: its package, or the URL of a file. */
  readonly specifier: string;
  /** The package that its simulator is in. */
  readonly package: string;
  /** Where exports under load go. Default: to a job. */
  readonly target?: 'prospect';
  /** Whether the ATS takes a key or can be asked, so that no outcome stays unclear. */
  readonly clear: boolean;
  /** How many candidates the plugin has under way at once. */
  readonly slots: number;
  /** The vendor's host that the simulator stands in for. */
  readonly host: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Arguments of the simulator with which it takes requests as fast as they come. */
  readonly unthrottled: readonly string[];
  /** The candidates in the simulator's state. */
  readonly heldBy: (state: unknown) => readonly HeldCandidate[];
}

const exampleAts = {
  pluginId: 'example',
  package: '@talentbridge/plugin-example',
  host: 'api.example-ats.test',
  slots: 2,
  credentials: { apiKey: SIMULATED_API_KEY },
  unthrottled: ['--rate', '1000000'],
  heldBy: (state: unknown) =>
    (state as { candidates: { emails: string[]; job_ids: unknown[]; resume?: unknown }[] }).candidates.map(
      ({ emails, job_ids: jobs, resume }) => ({
        email: emails[0] ?? '',
        applications: jobs.length,
        resumes: resume ? 1 : 0,
      }),
    ),
};

const smartRecruiters = {
  pluginId: 'smartrecruiters',
  specifier: '@talentbridge/plugin-smartrecruiters',
  package: '@talentbridge/plugin-smartrecruiters',
  host: 'api.smartrecruiters.com',
  slots: 8,
  credentials: { smartToken: SIMULATED_TOKENS.full },
  unthrottled: ['--rate', '0'],
  heldBy: (state: unknown) =>
    (state as { candidates: { email: string; assignments: unknown[]; attachments: unknown[] }[] }).candidates.map(
      ({ email, assignments, attachments }) => ({
        email,
        applications: assignments.length,
        resumes: attachments.length,
      }),
    ),
};

/** The plugins whose exports are put under load and killed. */
const pluginSetUps: readonly PluginSetUp[] = [
  {
    name: 'jobscore',
    pluginId: 'jobscore',
    specifier: '@talentbridge/plugin-jobscore',
    package: '@talentbridge/plugin-jobscore',
    clear: true,
    slots: 2,
    host: 'api.jobscore.com',
    credentials: { apiKey: SIMULATED_KEYS.user },
    unthrottled: ['--rate', '0'],
    heldBy: (state) =>
      (state as { candidates: { email: string; applications: unknown[]; documents: unknown[] }[] }).candidates.map(
        ({ email, applications, documents }) => ({
          email,
          applications: applications.length,
          resumes: documents.length,
        }),
      ),
  },
  {
    name: 'icims',
    pluginId: 'icims',
    specifier: '@talentbridge/plugin-icims',
    package: '@talentbridge/plugin-icims',
    clear: true,
    slots: 4,
    host: 'api.icims.com',
    credentials: {
      customerId: SIMULATED_LOGINS.example.customerId,
      username: SIMULATED_LOGINS.example.username,
      password: SIMULATED_LOGINS.example.password,
      jobUrls: '1',
    },
    unthrottled: ['--rate', '0', '--quota', '0'],
    heldBy: (state) =>
      (
        state as { people: { fields: { email?: string }; workflows: unknown[]; resume?: { uploads: number } }[] }
      ).people.map(({ fields, workflows, resume }) => ({
        email: fields.email ?? '',
        applications: workflows.length,
        resumes: resume?.uploads ?? 0,
      })),
  },
  { name: 'smartrecruiters', clear: true, ...smartRecruiters },
  // People in the pool alone cannot be found again, so that few are under way at once.
  { name: 'smartrecruiters-prospects', clear: false, target: 'prospect', ...smartRecruiters, slots: 2 },
  {
    name: 'jobdiva',
    pluginId: 'jobdiva',
    specifier: '@talentbridge/plugin-jobdiva',
    package: '@talentbridge/plugin-jobdiva',
    clear: true,
    slots: 1,
    host: 'api.jobdiva.com',
    credentials: SIMULATED_CREDENTIALS.first,
    unthrottled: ['--rate', '0'],
    heldBy: (state) =>
      (state as { candidates: { email: string; applications: unknown[]; resumes: unknown[] }[] }).candidates.map(
        ({ email, applications, resumes }) => ({
          email,
          applications: applications.length,
          resumes: resumes.length,
        }),
      ),
  },
  { name: 'example', specifier: '@talentbridge/plugin-example', clear: true, ...exampleAts },
  {
    name: 'unaskable',
    specifier: new URL('./unaskable-plugin.ts', import.meta.url).href,
    clear: false,
    ...exampleAts,
  },
];

/** @throws Error that names the set-ups there are. */
export function pluginSetUp(name: string): PluginSetUp {
  const found = pluginSetUps.find((setUp) => setUp.name === name);
  if (!found)
    throw new Error(`There is no set-up ${name}; there are ${pluginSetUps.map((setUp) => setUp.name).join(', ')}.`);
  return found;
}
