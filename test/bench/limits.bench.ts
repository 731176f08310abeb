import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DiskFileStore, KeyRing, migrateHub, openHub } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import { pino } from 'pino';
import { loadDeployment } from '../../gateway/dist/deployment-file.js';
import { PACED_HOST, PACED_LIMIT } from '../support/paced-plugin.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';
import { printTable, spread } from './figures.ts';
import type { WorkerOrder, WorkerReport } from './limits-worker.ts';
import type { EndpointFigures } from './paced-simulator.ts';

/**
 * `npm run bench -- limits [--minutes 10] [--kills 20]`
 *
 * Three worker processes share one connection to a vendor that takes ten requests a second, and send as many as they may,
 * while workers are killed at random; then the vendor asks to wait, then it is down. All figures of requests are the vendor's.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, kills: { type: 'string', default: '20' } },
});
const WORKERS = 3;
const RUN_MS = Number(values.minutes) * 60_000;
const KILLS = Number(values.kills);
const { requests, perMs } = PACED_LIMIT.rate;
/** Each process counts its own failures: within this, one of them has seen five and told the others. */
const NOTICED_MS = 3_000;

interface LoggedRequest {
  readonly path: string;
  readonly at: string;
}

await using stack = new AsyncDisposableStack();
const dataDirectory = await temporaryDataDirectory();
stack.defer(() => rm(dataDirectory, { recursive: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
await migrateHub(postgres.url);
const vendor = startProgram('paced-simulator.ts', ['pipe', 'pipe', 'inherit', 'ipc']);
stack.defer(() => end(vendor));
const [line] = (await once(vendor.stdout ?? vendor, 'data')) as [Buffer];
const vendorUrl = (JSON.parse(String(line)) as { readonly url: string }).url;

const plugin = new URL('../support/paced-plugin.ts', import.meta.url).href;
const encryptionKeys = `bench:${randomBytes(32).toString('base64')}`;
const organizationId = randomUUID();
const [busy, calm] = [await connect('busy'), await connect('calm')];

const reports: WorkerReport[] = [];
const allErrors = new Map<string, number>();
const workers: ChildProcess[] = [];
stack.defer(async () => {
  await Promise.all(workers.map(end));
});
for (let count = 0; count < WORKERS; count += 1) workers.push(startWorker());

await sleep(3_000);
await forgetFigures();
const kills = await killWhile(RUN_MS);
const steady = await figuresOf('busy');
const before = latencies();
await restoreAll();

const seconds = (steady.lastAt - steady.firstAt) / 1000;
// A window may be full at both ends.
const allowed = requests * ((seconds * 1000) / perMs + 1);
console.log(
  `\n${WORKERS} processes, one credential, ${requests} requests in any ${perMs} ms; ${Math.round(seconds)} s, ${kills} kills.\n`,
);
printTable(
  ['', ''],
  [
    ['used of what is allowed', `${((steady.taken / allowed) * 100).toFixed(1)} %`],
    ['answers of 429', String(steady.refused)],
    ['largest window', String(steady.largestWindow)],
    ['errors that callers saw', JSON.stringify(errorsOf())],
  ],
);

console.log('\nThe vendor asks once to wait; the requests of all processes until then:\n');
const waits: (readonly string[])[] = [];
for (const [name, retryAfter, waitMs] of [
  ['Retry-After: 5', 5, 5_000],
  ['Retry-After: a date', 'date', 60_000],
] as const) {
  await fault({ path: '/busy/**', times: 1, fault: { kind: 'status', status: 429, retryAfter } });
  const askedAt = await until(async () => (await faultPlayed()) && Date.now());
  // Whatever was on its way when the vendor answered is no disobedience.
  await sleep(waitMs + 3_000);
  const later = (await requestsOf('busy')).filter((at) => at > askedAt + 100);
  const early = later.filter((at) => at < askedAt + waitMs - 1_500).length;
  waits.push([name, String(early), `${(((later[0] ?? Number.NaN) - askedAt) / 1000).toFixed(1)} s`]);
  await clearFaults();
}
printTable(['', 'sent meanwhile', 'went on after'], waits);

const quiet = latencies();
await fault({ path: '/busy/**', fault: { kind: 'status', status: 503 } });
const downAt = Date.now();
await sleep(NOTICED_MS + 30_000);
const meanwhile = (await requestsOf('busy')).filter((at) => at > downAt);
const probes = meanwhile.filter((at) => at > downAt + NOTICED_MS);
const closest = Math.min(...probes.slice(1).map((at, index) => at - (probes[index] ?? 0)));
const during = latencies();
await clearFaults();
const upAt = Date.now();
const backAt = await until(async () => {
  const after = (await requestsOf('busy')).filter((at) => at > upAt);
  return after.length > requests && after[1];
});
console.log('\nThe vendor answers 503 to one connection for 30 s:\n');
printTable(
  ['', ''],
  [
    [`requests within the first ${NOTICED_MS / 1000} s`, String(meanwhile.length - probes.length)],
    ['probes a second, all processes', (probes.length / 30).toFixed(2)],
    ['closest two probes', `${closest} ms`],
    ['going on after it was back', `${((backAt - upAt) / 1000).toFixed(1)} s`],
    ['calls of another connection, before', `${spread(quiet.length > 0 ? quiet : before, 1)} ms`],
    ['calls of another connection, meanwhile', `${spread(during, 1)} ms`],
  ],
);

function startProgram(file: string, stdio: ('pipe' | 'inherit' | 'ignore' | 'ipc')[]): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], { stdio });
}

function startWorker(): ChildProcess {
  const worker = startProgram('limits-worker.ts', ['ignore', 'inherit', 'inherit', 'ipc']);
  worker.on('message', (report: WorkerReport) => reports.push(report));
  worker.send({
    ...{ databaseUrl: postgres.url, encryptionKeys, plugin, vendorUrl, organizationId },
    ...{ busy, calm, callers: 8 },
  } satisfies WorkerOrder);
  return worker;
}

/** Kills a worker at random moments, and starts another in its place a moment later. */
async function killWhile(ms: number): Promise<number> {
  const endsAt = Date.now() + ms;
  const pauseMs = ms / (KILLS + 1);
  let killed = 0;
  for (; killed < KILLS; killed += 1) {
    await sleep(pauseMs * 0.5 + randomInt(Math.ceil(pauseMs * 0.5)));
    const index = randomInt(workers.length);
    const victim = workers[index];
    if (victim) await end(victim);
    await sleep(500);
    workers[index] = startWorker();
  }
  await sleep(Math.max(0, endsAt - Date.now()));
  return killed;
}

/** Lets every worker have started. */
async function restoreAll(): Promise<void> {
  await sleep(2_000);
  latencies();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Connects an account as an admin would. */
async function connect(account: string): Promise<string> {
  const deployment = await loadDeployment(
    {
      plugins: [plugin],
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: { [PACED_HOST]: vendorUrl },
      demo: { simulators: [] },
    },
    { brand: 'SeekOut', dummyEmailDomain: 'seekout.example.com' },
  );
  const hub = await openHub({
    databaseUrl: postgres.url,
    deployment,
    keys: KeyRing.parse(encryptionKeys),
    files: new DiskFileStore(throwawayFolder()),
    logger: pino({ level: 'silent' }),
  });
  const scope = hub.scope({ organizationId, userId: 'bench', roles: ['ADMIN'] });
  const { id } = await hub.connections.create(scope, { pluginId: 'paced', capabilities: ['export'] });
  await hub.connections.submitCredentials(scope, {
    connectionId: id,
    credentials: { account, apiKey: `key-of-${account}` },
  });
  await scope.close();
  await hub.close();
  return id;
}

/** What calls of the calm connection took since this was last asked, in milliseconds. */
function latencies(): readonly number[] {
  return reports.splice(0).flatMap(({ calmMs, errors }) => {
    for (const [code, count] of Object.entries(errors)) allErrors.set(code, (allErrors.get(code) ?? 0) + count);
    return calmMs;
  });
}

function errorsOf(): Readonly<Record<string, number>> {
  return Object.fromEntries(allErrors);
}

async function figuresOf(account: string): Promise<EndpointFigures> {
  const all = (await (await fetch(`${vendorUrl}/figures`)).json()) as Record<string, EndpointFigures>;
  const figures = all[`/${account}/jobs`];
  if (!figures) throw new Error('The vendor was never asked.');
  return figures;
}

async function forgetFigures(): Promise<void> {
  await fetch(`${vendorUrl}/figures`, { method: 'DELETE' });
}

async function fault(rule: object): Promise<void> {
  await fetch(`${vendorUrl}/_sim/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });
}

async function faultPlayed(): Promise<boolean> {
  const state = (await (await fetch(`${vendorUrl}/_sim/state`)).json()) as {
    readonly faults: readonly { readonly played: number }[];
  };
  return state.faults.some(({ played }) => played > 0);
}

async function clearFaults(): Promise<void> {
  await fetch(`${vendorUrl}/_sim/faults`, { method: 'DELETE' });
}

/** When requests to an account arrived, in milliseconds since the epoch; of the last ten thousand. */
async function requestsOf(account: string): Promise<readonly number[]> {
  const all = (await (await fetch(`${vendorUrl}/_sim/requests`)).json()) as readonly LoggedRequest[];
  return all.filter(({ path }) => path === `/${account}/jobs`).map(({ at }) => Date.parse(at));
}

async function until<Result>(look: () => Promise<Result | false | undefined>): Promise<Result> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error('It did not become so within 30 s.');
    await sleep(10);
  }
}
