import { SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import { SIMULATED_KEYS } from '@talentbridge/plugin-jobscore/simulator';

/** What a test needs to know to connect a plugin to its simulator. */
export interface PluginSetUp {
  /** What commands call it. */
  readonly name: string;
  readonly pluginId: string;
  /** What the deployment loads it by: its package, or the URL of a file. */
  readonly specifier: string;
  /** The package that its simulator is in. */
  readonly package: string;
  /** Whether the ATS takes a key or can be asked, so that no outcome stays unclear. */
  readonly clear: boolean;
  /** The vendor's host that the simulator stands in for. */
  readonly host: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Arguments of the simulator with which it takes requests as fast as they come. */
  readonly unthrottled: readonly string[];
}

const exampleAts = {
  package: '@talentbridge/plugin-example',
  host: 'api.example-ats.test',
  credentials: { apiKey: SIMULATED_API_KEY },
  unthrottled: ['--rate', '1000000'],
};

/** The plugins whose exports are put under load and killed. */
const pluginSetUps: readonly PluginSetUp[] = [
  {
    name: 'jobscore',
    pluginId: 'jobscore',
    specifier: '@talentbridge/plugin-jobscore',
    package: '@talentbridge/plugin-jobscore',
    clear: true,
    host: 'api.jobscore.com',
    credentials: { apiKey: SIMULATED_KEYS.user },
    unthrottled: ['--rate', '0'],
  },
  {
    name: 'example',
    pluginId: 'example',
    specifier: '@talentbridge/plugin-example',
    clear: true,
    ...exampleAts,
  },
  {
    name: 'unaskable',
    pluginId: 'example',
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
