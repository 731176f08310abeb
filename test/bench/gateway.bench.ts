import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateHub } from '@talentbridge/hub';
import { freePort, startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import autocannon from 'autocannon';
import { DevelopmentIssuer } from '../../gateway/dist/auth/development-issuer.js';
import { startSimulators } from '../../gateway/dist/demo/simulators.js';
import { type ConnectedHub, connectHub } from '../support/connected-hub.ts';
import { type PluginSetUp, pluginSetUp } from '../support/plugin-set-up.ts';
import { printTable, ratio, spread } from './figures.ts';
import { answering, type MeasuredProcess, startProcess, startProduct } from './measured-process.ts';

/**
 * `npm run bench -- gateway [--rounds 7] [--seconds 3] [--clients 8] [--plugin jobscore]`
 *
 * A list of 50 connections through the whole gateway, as it runs in production (HTTP, token, limits, log, executor),
 * against the same schema, resolvers and hub on stock Apollo Server. Every server is a process of its own; they take turns.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '8' },
    plugin: { type: 'string', default: 'jobscore' },
  },
});

const CONNECTIONS = 50;

const QUERY = `query Connections($first: Int!) {
  connections(first: $first) {
    edges {
      cursor
      node {
        id name status setupStep attentionReason accountLabel createdAt
        plugin { id displayName installed }
        capabilities { capability comesAlong availability { on reason switchedOnBy } }
        lastVerification {
          verifiedAt allGood complete
          checks { id label status reason remedy }
          testCandidate { id name url reused }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** One of those that are compared. */
interface Contender {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly process: MeasuredProcess;
  readonly cpu: number[];
  readonly throughput: number[];
  readonly p99: number[];
}

await using stack = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), 'talentbridge-bench-'));
stack.defer(() => rm(directory, { recursive: true }));
const dataDirectory = await temporaryDataDirectory();
stack.defer(() => rm(dataDirectory, { recursive: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
await migrateHub(postgres.url);

const setUp = pluginSetUp(values.plugin);
const [simulator] = await startSimulators([
  { plugin: setUp.package, hosts: [setUp.host], arguments: setUp.unthrottled },
]);
if (!simulator) throw new Error('The simulator did not start.');
stack.defer(() => simulator.stop());
const connected = stack.use(await connectHub(postgres.url, setUp, simulator.url));
for (let made = 1; made < CONNECTIONS; made += 1) await addConnection(connected, setUp);
await connected.scope.close();

const issuer = await DevelopmentIssuer.create({
  environment: 'bench',
  identity: { organizationId: connected.organizationId, userId: 'bench', roles: ['ADMIN'] },
});
const identityProvider = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.publicKeys));
}).listen(await freePort(), '127.0.0.1');
await once(identityProvider, 'listening');
stack.defer(() => void identityProvider.close());
const address = identityProvider.address();
const deploymentFile = join(directory, 'deployment.json');
await writeFile(
  deploymentFile,
  JSON.stringify({ plugins: [setUp.package], hostOverrides: { [setUp.host]: simulator.url } }),
);
const environment = {
  DATABASE_URL: postgres.url,
  ENCRYPTION_KEYS: connected.encryptionKeys,
  FILE_STORE: `disk:${join(directory, 'files')}`,
  DEPLOYMENT_FILE: deploymentFile,
  WORKER: 'off',
  AUTH_JWKS_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
  AUTH_ISSUER: 'talentbridge-development',
  AUTH_AUDIENCE: 'talentbridge',
  ORGANIZATION_ID: connected.organizationId,
};
const { token } = await issuer.issue();
const json = { 'content-type': 'application/json' };
const ours = stack.use(await startProduct(environment));
const contenders: readonly Contender[] = [
  contender('stock Apollo Server', await startStock(environment)),
  contender('stock, cache-control plugin off', await startStock({ ...environment, CACHE_CONTROL: 'off' })),
  contender(
    'TalentBridge gateway',
    { process: ours, url: `${ours.url}/graphql` },
    { authorization: `Bearer ${token}` },
  ),
];

const answers = await Promise.all(contenders.map(once50));
if (new Set(answers).size !== 1) throw new Error('The servers do not give the same answer.');
for (const one of contenders) await load(one, 2);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const one of contenders) await measure(one);
}
report();

async function addConnection({ hub, scope }: ConnectedHub, { pluginId, credentials }: PluginSetUp): Promise<void> {
  const { id: connectionId } = await hub.connections.create(scope, { pluginId, capabilities: ['export'] });
  await hub.connections.acknowledgeRequirements(scope, connectionId);
  await hub.connections.submitCredentials(scope, { connectionId, credentials, testTarget: { kind: 'prospect' } });
  await hub.connections.finish(scope, connectionId);
}

async function startStock(
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly process: MeasuredProcess; readonly url: string }> {
  const port = String(await freePort());
  const process = stack.use(
    startProcess(new URL('stock-apollo.ts', import.meta.url), { HOST: '127.0.0.1', PORT: port, ...settings }),
  );
  const url = `http://127.0.0.1:${port}/`;
  await answering(`${url}?query=%7B__typename%7D`, { 'apollo-require-preflight': 'true' });
  return { process, url };
}

function contender(
  name: string,
  server: { readonly process: MeasuredProcess; readonly url: string },
  headers: Readonly<Record<string, string>> = {},
): Contender {
  return { name, ...server, headers: { ...json, ...headers }, cpu: [], throughput: [], p99: [] };
}

function body(): string {
  return JSON.stringify({ query: QUERY, operationName: 'Connections', variables: { first: CONNECTIONS } });
}

/** The answer, once, in full: all of them have to give the same. */
async function once50({ url, headers, name }: Contender): Promise<string> {
  const answer = await fetch(url, { method: 'POST', headers, body: body() });
  const text = await answer.text();
  const { data, errors } = JSON.parse(text);
  if (errors || data.connections.edges.length !== CONNECTIONS)
    throw new Error(`${name} answered ${text.slice(0, 500)}`);
  return JSON.stringify(data);
}

function load({ url, headers }: Contender, seconds: number): Promise<autocannon.Result> {
  return autocannon({
    url,
    method: 'POST',
    headers: { ...headers },
    body: body(),
    connections: Number(values.clients),
    duration: seconds,
  });
}

async function measure(one: Contender): Promise<void> {
  const before = await one.process.cpu();
  const result = await load(one, Number(values.seconds));
  const used = (await one.process.cpu()) - before;
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${one.name} failed ${result.non2xx + result.errors} times.`);
  one.cpu.push(used / result['2xx']);
  one.throughput.push(result['2xx'] / result.duration);
  one.p99.push(result.latency.p99);
}

function report(): void {
  const [stock] = contenders;
  if (!stock) return;
  const size = Math.round(Buffer.byteLength(answers[0] ?? '') / 1024);
  console.log(
    `\nA list of ${CONNECTIONS} connections, ${size} KiB of JSON: ${values.rounds} rounds of ${values.seconds} s each in turn, ${values.clients} clients.`,
  );
  console.log(
    'Processor time of the server process alone. Medians (lowest–highest); ratios are of each round. All gave the same answer.\n',
  );
  printTable(
    ['', 'CPU-µs a request', 'requests/s', 'p99 ms', 'stock CPU / this', 'requests/s / stock'],
    contenders.map(({ name, cpu, throughput, p99 }) => [
      name,
      spread(cpu),
      spread(throughput),
      spread(p99),
      ratio(stock.cpu, cpu),
      ratio(throughput, stock.throughput),
    ]),
  );
  console.log(
    '\nThe gateway runs as in production: token checked, limits, one log line a request. Stock checks nothing and writes no log.',
  );
}
