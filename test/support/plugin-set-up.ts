import { SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import { SIMULATED_KEYS } from '@talentbridge/plugin-jobscore/simulator';

/** What a test needs to know to connect a plugin to its simulator. */
export interface PluginSetUp {
  readonly pluginId: string;
  /** Its package; the simulator is beside it. */
  readonly package: string;
  /** The vendor's host that the simulator stands in for. */
  readonly host: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Arguments of the simulator with which it takes requests as fast as they come. */
  readonly unthrottled: readonly string[];
}

/** The plugins whose exports are put under load and killed. */
export const pluginSetUps: readonly PluginSetUp[] = [
  {
    pluginId: 'jobscore',
    package: '@talentbridge/plugin-jobscore',
    host: 'api.jobscore.com',
    credentials: { apiKey: SIMULATED_KEYS.user },
    unthrottled: ['--rate', '0'],
  },
  {
    pluginId: 'example',
    package: '@talentbridge/plugin-example',
    host: 'api.example-ats.test',
    credentials: { apiKey: SIMULATED_API_KEY },
    unthrottled: ['--rate', '1000000'],
  },
];

/** @throws Error that names the plugins there are. */
export function pluginSetUp(pluginId: string): PluginSetUp {
  const found = pluginSetUps.find((setUp) => setUp.pluginId === pluginId);
  if (!found) throw new Error(`There is no set-up for ${pluginId}; there is one for ${pluginSetUps.map((setUp) => setUp.pluginId).join(', ')}.`);
  return found;
}
