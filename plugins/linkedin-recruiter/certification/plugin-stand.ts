import { type PluginConnection, startConnection } from '@talentbridge/testkit';
import { type LinkedInSimulator, SIMULATED_APPLICATIONS, startSimulator } from '../dist/simulator/index.js';
import plugin from '../dist/src/index.js';
import { Concealment } from './concealment.ts';
import { Recorder } from './recorder.ts';
import { CUSTOMERS, type Customer, INTEGRATIONS, PAGE_ORIGIN, RecruiterPages } from './recruiter-pages.ts';

/** A simulated LinkedIn, and connections of the plugin to it whose every word is recorded. */
export interface PluginStand extends AsyncDisposable {
  readonly simulator: LinkedInSimulator;
  readonly recorder: Recorder;
  readonly concealment: Concealment;
  /** What people do and see in LinkedIn. */
  readonly pages: RecruiterPages;
  /** That of the first customer. */
  readonly connection: PluginConnection;
  /** Opens a connection through the plugin host, as the hub does. */
  connect(customer: Customer, opened?: typeof plugin): Promise<PluginConnection>;
  /** Walks a customer through the steps until everything is enabled. */
  onboard(customer: Customer, connection: PluginConnection): Promise<void>;
}

/** Where notifications go while nobody takes them. */
const NOWHERE = 'http://127.0.0.1:9/webhooks';

/** Starts one whose first customer has everything enabled, or nothing. */
export async function startPluginStand({ enabled = true } = {}): Promise<PluginStand> {
  const simulator = await startSimulator({ members: 50, widgetDomains: [PAGE_ORIGIN] });
  const concealment = new Concealment(SECRETS);
  const recorder = await Recorder.start(() => simulator.url, concealment);
  const pages = new RecruiterPages(recorder.url);
  const connections: PluginConnection[] = [];
  const connect: PluginStand['connect'] = async (customer, opened = plugin) => {
    const { clientId: childClientId, clientSecret: childClientSecret, organizationUrn, contractUrn } = customer;
    const connection = await startConnection(opened, {
      hostOverrides: { 'www.linkedin.com': recorder.url, 'api.linkedin.com': recorder.url },
      credentials: { childClientId, childClientSecret, organizationUrn, contractUrn },
    });
    connections.push(connection);
    return connection;
  };
  const onboard: PluginStand['onboard'] = async (customer, { systemConnect, webhooks, ctx }) => {
    await pages.askForPackage(customer);
    await systemConnect.prepare(ctx, { name: `TalentBridge for ${customer.name}`, jobViewers: 'everybody' });
    await webhooks.subscribe(ctx, { callbackUrl: `${NOWHERE}/${customer.clientId}` });
    for (const type of INTEGRATIONS) await pages.enable(customer, type);
    await simulator.pushes.settled();
  };
  const connection = await connect(CUSTOMERS.exampleco);
  if (enabled) await onboard(CUSTOMERS.exampleco, connection);
  return {
    simulator,
    recorder,
    concealment,
    pages,
    connection,
    connect,
    onboard,
    async [Symbol.asyncDispose]() {
      for (const one of connections) await one[Symbol.asyncDispose]();
      await recorder[Symbol.asyncDispose]();
      await simulator.close();
    },
  };
}

/** What never stands in the evidence, by the name that does. */
export const SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SIMULATED_APPLICATIONS).map(([slug, { clientSecret }]) => [`secret of ${slug}`, clientSecret]),
);
