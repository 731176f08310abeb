import { type PluginConnection, type StartConnectionOptions, startConnection } from '@talentbridge/testkit';
import {
  type SmartRecruitersSimulator,
  type SmartRecruitersSimulatorOptions,
  startSimulator,
} from '../simulator/index.js';
import plugin from '../src/index.js';
import { subjectOf } from './smartrecruiters-subject.js';

/** A simulated SmartRecruiters of its own for one test, and connections to it. */
export interface StartedSmartRecruiters extends AsyncDisposable {
  readonly simulator: SmartRecruitersSimulator;
  readonly connection: PluginConnection;
  /** The id of a job that takes candidates. */
  readonly jobId: string;
  /** The id of another. */
  readonly otherJobId: string;
  connect(options: StartConnectionOptions): Promise<PluginConnection>;
}

/** Starts SmartRecruiters without limits, and connects with a good SmartToken and the source `SeekOut`. */
export async function startSmartRecruiters(
  options: SmartRecruitersSimulatorOptions = {},
): Promise<StartedSmartRecruiters> {
  const started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ rate: 0, ...options }));
  const subject = subjectOf(simulator);
  const connect = async (changes: StartConnectionOptions): Promise<PluginConnection> =>
    started.use(await startConnection(plugin, subject, changes));
  const connection = await connect({});
  const [jobId = '', otherJobId = ''] = subject.export?.openJobIds() ?? [];
  return { simulator, connection, jobId, otherJobId, connect, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
