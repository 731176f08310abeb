import { type PluginConnection, type StartConnectionOptions, startConnection } from '@talentbridge/testkit';
import { type JobDivaSimulator, type JobDivaSimulatorOptions, startSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';
import { subjectOf } from './jobdiva-subject.js';

/** A simulated JobDiva of its own for one test, and connections to it. */
export interface StartedJobDiva extends AsyncDisposable {
  readonly simulator: JobDivaSimulator;
  readonly connection: PluginConnection;
  connect(options: StartConnectionOptions): Promise<PluginConnection>;
}

/** Starts JobDiva without quotas, and connects the API user of its first account with the source `SeekOut`. */
export async function startJobDiva(options: JobDivaSimulatorOptions = {}): Promise<StartedJobDiva> {
  const started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ rate: 0, ...options }));
  const connect = async (changes: StartConnectionOptions): Promise<PluginConnection> =>
    started.use(await startConnection(plugin, subjectOf(simulator), changes));
  const connection = await connect({});
  return { simulator, connection, connect, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
