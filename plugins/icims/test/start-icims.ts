import { type PluginConnection, type StartConnectionOptions, startConnection } from '@talentbridge/testkit';
import {
  type IcimsSimulator,
  type IcimsSimulatorOptions,
  SIMULATED_LOGINS,
  startSimulator,
} from '../simulator/index.js';
import plugin from '../src/index.js';
import { subjectOf } from './icims-subject.js';

/** A simulated iCIMS of its own for one test, and connections to it. */
export interface StartedIcims extends AsyncDisposable {
  readonly simulator: IcimsSimulator;
  readonly connection: PluginConnection;
  connect(options: StartConnectionOptions): Promise<PluginConnection>;
  /** As the customer whose fields go by other ids. */
  connectVariant(settings?: Readonly<Record<string, unknown>>): Promise<PluginConnection>;
}

/** Starts iCIMS, and connects as customer 1234 with both portals and the source `SeekOut`. */
export async function startIcims(options: IcimsSimulatorOptions = {}): Promise<StartedIcims> {
  const started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator(options));
  const connect = async (changes: StartConnectionOptions): Promise<PluginConnection> =>
    started.use(await startConnection(plugin, subjectOf(simulator), changes));
  const { customerId, username, password } = SIMULATED_LOGINS.variant;
  return {
    simulator,
    connection: await connect({}),
    connect,
    connectVariant: (settings = {}) =>
      connect({
        credentials: { customerId, username, password, jobUrls: '1' },
        settings: { sourceName: 'SeekOut', ...settings },
      }),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** What iCIMS was asked since the last time, as `METHOD /path` below the customer. */
export function callsSince(simulator: IcimsSimulator, before: number = 0): readonly string[] {
  return simulator.requests
    .all()
    .slice(before)
    .map(({ method, path }) => `${method} ${path.replace(/^\/customers\/\d+/, '')}`);
}
