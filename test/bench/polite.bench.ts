import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { migrateHub } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import { startSimulators } from '../../gateway/dist/demo/simulators.js';
import { connectHub } from '../support/connected-hub.ts';
import { madeUpProfiles } from '../support/made-up-profiles.ts';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { printTable } from './figures.ts';

/**
 * `npm run bench -- polite [--candidates 900] [--kills 3]`
 *
 * Three processes of the product, each with an export to the same SmartRecruiters account, while processes are killed and
 * replaced. What each endpoint saw, by the simulated vendor's own count of any second, against the ten that it takes.
 */
const { values } = parseArgs({
  options: { candidates: { type: 'string', default: '900' }, kills: { type: 'string', default: '3' } },
});
const PROCESSES = 3;
const PER_SECOND = 10;
const KILLS = Number(values.kills);
const MAIN = fileURLToPath(new URL('../../gateway/dist/main.js', import.meta.url));

/** What the simulator says of one endpoint. */
interface EndpointTraffic {
  readonly endpoint: string;
  readonly requests: number;
  readonly refused: number;
  readonly peakPerSecond: number;
  /** From the first to the last. */
  readonly requestsPerSecond: number;
}

await using stack = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), 'talentbridge-bench-'));
stack.defer(() => rm(directory, { recursive: true }));
const dataDirectory = await temporaryDataDirectory();
stack.defer(() => rm(dataDirectory, { recursive: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
await migrateHub(postgres.url);
const setUp = pluginSetUp('smartrecruiters');
const [simulator] = await startSimulators([{ plugin: setUp.package, hosts: [setUp.host], arguments: [] }]);
if (!simulator) throw new Error('The simulator did not start.');
stack.defer(() => simulator.stop());
const connected = stack.use(await connectHub(postgres.url, setUp, simulator.url, { paced: true }));
const { hub, scope, connectionId } = connected;
const deploymentFile = join(directory, 'deployment.json');
await writeFile(
  deploymentFile,
  JSON.stringify({ plugins: [setUp.package], hostOverrides: { [setUp.host]: simulator.url } }),
);

const profileIds: string[] = [];
const people = madeUpProfiles(Number(values.candidates));
for (let from = 0; from < people.length; from += 500) {
  const { profiles } = await hub.profiles.upsert(scope, people.slice(from, from + 500));
  profileIds.push(...profiles.map(({ id }) => id));
}
const [job] = (await hub.exportDestinations.jobs(scope, connectionId, { first: 1 })).items;
if (!job) throw new Error('The simulator has no open job.');
const share = Math.ceil(profileIds.length / PROCESSES);
const exportIds: string[] = [];
for (let part = 0; part < PROCESSES; part += 1) {
  const { id } = await hub.exports.order(scope, {
    connectionId,
    profileIds: profileIds.slice(part * share, (part + 1) * share),
    target: { kind: 'job', jobRemoteId: job.remoteId },
    options: { generateDummyEmails: false, includePreviouslyExported: false },
    idempotencyKey: randomUUID(),
  });
  exportIds.push(id);
}

const processes: ChildProcess[] = [];
stack.defer(() => Promise.all(processes.map(kill)).then(() => undefined));
const startedAt = Date.now();
for (let count = 0; count < PROCESSES; count += 1) processes.push(start());
let kills = 0;
for (;;) {
  await sleep(1_000);
  const done = await progress();
  if (done === 1) break;
  if (kills < KILLS && done > (kills + 1) / (KILLS + 1.5)) {
    const victim = processes.shift();
    if (victim) await kill(victim);
    processes.push(start());
    kills += 1;
  }
}
const seconds = (Date.now() - startedAt) / 1000;
const traffic = (await (await fetch(`${simulator.url}/_sim/traffic`)).json()) as readonly EndpointTraffic[];
console.log(
  `\n${profileIds.length} candidates by ${PROCESSES} processes with one SmartToken, ${kills} kills, ${seconds.toFixed(0)} s.\n`,
);
printTable(
  ['endpoint', 'requests', 'of ten a second', 'most in any second', 'answers of 429'],
  traffic.map(({ endpoint, requests, refused, peakPerSecond, requestsPerSecond }) => [
    endpoint,
    String(requests),
    `${((requestsPerSecond / PER_SECOND) * 100).toFixed(1)} %`,
    String(peakPerSecond),
    String(refused),
  ]),
);

/** The share of candidates that have a result. */
async function progress(): Promise<number> {
  await scope.close();
  const counts = await hub.exportHistory.counts(scope, exportIds);
  const left = [...counts.values()].reduce((sum, { remaining }) => sum + remaining, 0);
  return 1 - left / profileIds.length;
}

function start(): ChildProcess {
  return spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      NODE_ENV: 'test',
      PORT: '0',
      LOG_LEVEL: 'fatal',
      DATABASE_URL: postgres.url,
      ENCRYPTION_KEYS: connected.encryptionKeys,
      FILE_STORE: `disk:${join(directory, 'files')}`,
      DEPLOYMENT_FILE: deploymentFile,
      WORKER_CONCURRENCY: '1',
      JOB_TAKEOVER_SECONDS: '2',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
