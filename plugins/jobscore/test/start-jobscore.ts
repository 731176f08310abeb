import { type PluginConnection, type StartConnectionOptions, startConnection } from '@talentbridge/testkit';
import { type JobScoreSimulator, type JobScoreSimulatorOptions, startSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';
import { subjectOf } from './jobscore-subject.js';

/** A simulated JobScore of its own for one test, and connections to it. */
export interface StartedJobScore extends AsyncDisposable {
  readonly simulator: JobScoreSimulator;
  readonly connection: PluginConnection;
  connect(options: StartConnectionOptions): Promise<PluginConnection>;
}

/** Starts JobScore without a rate limit, and connects with a good User Key and the source `SeekOut`. */
export async function startJobScore(options: JobScoreSimulatorOptions = {}): Promise<StartedJobScore> {
  const started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ rate: 0, ...options }));
  const connect = async (changes: StartConnectionOptions): Promise<PluginConnection> =>
    started.use(await startConnection(plugin, subjectOf(simulator), changes));
  const connection = await connect({});
  return { simulator, connection, connect, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
