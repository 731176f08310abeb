import { readFile, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrateHub } from '@talentbridge/hub';
import { freePort, startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import pg from 'pg';
import { printTable, ratio, spread } from './figures.ts';
import { answering, type MeasuredProcess, startProcess } from './measured-process.ts';
import { load } from './webhooks-load.ts';
import { startTellingVendor } from './webhooks-vendor.ts';

/**
 * `npm run bench -- webhooks [--rounds 7] [--seconds 2] [--connections 50]`
 *
 * Deliveries a second that the gateway acknowledges, each after the commit of its event, against the very same server that
 * counts every event as stored at once. Both are the product in a process of its own: route, token, plugin, signature. Every
 * delivery has an id of its own. They take turns, without a worker; the product with its worker comes last, because what it
 * leaves to be read would go on into the rounds of the others.
 *
 * 50 connections: a vendor that tells 500 events a second over 0.1 s of network has as many under way.
 *
 * What the ratio says depends on the machine. Where gateway, PostgreSQL and load share two cores, processor time decides: the
 * server without storing has the core that PostgreSQL needs to itself. With a core for each of them it is the gateway's own
 * time that is compared, the event loop being one thread, and the ratio is higher. Answers that leave together after a commit also
 * cost gateway and load less than answers that leave one by one, which pays for part of the storing. Hence the processor time of
 * each beside it. Other programs on the machine meanwhile hurt the one that waits for the disk and for PostgreSQL more.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '50' },
  },
});
const ROUNDS = Number(values.rounds);
const SECONDS = Number(values.seconds);
const CONNECTIONS = Number(values.connections);
/** No server here answers more. */
const MOST_A_SECOND = 15_000;
const WARM_UP_SECONDS = 1.5;
const ROUNDS_WITH_WORKER = 2;

/** One of those that are compared. */
interface Contender {
  readonly name: string;
  readonly process: MeasuredProcess;
  readonly url: string;
  readonly perSecond: number[];
  readonly p50: number[];
  readonly p99: number[];
  /** Processor time in microseconds for an event: of the gateway, of PostgreSQL, of the load. */
  readonly cpu: { readonly gateway: number[]; readonly postgres: number[]; readonly load: number[] };
}

await using stack = new AsyncDisposableStack();
const dataDirectory = await temporaryDataDirectory();
stack.defer(() => rm(dataDirectory, { recursive: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
await migrateHub(postgres.url);
const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
stack.defer(() => pool.end());
const PRODUCT = new URL('../../gateway/dist/main.js', import.meta.url);
const WITHOUT_STORING = new URL('webhooks-without-storing.ts', import.meta.url);
const port = await freePort();
const vendor = stack.use(await startTellingVendor(postgres.url, `http://127.0.0.1:${port}`));

let path = '';
{
  await using subscriber = (await start('subscriber', PRODUCT, { PORT: String(port) })).process;
  ({ path } = await vendor.subscribed());
  void subscriber;
}
const withoutStoring = stack.adopt(await start('stored at once', WITHOUT_STORING, { WORKER: 'off' }), end);
const storing = stack.adopt(await start('TalentBridge gateway', PRODUCT, { WORKER: 'off' }), end);
const before = loadavg();
for (const one of [withoutStoring, storing]) await deliver(one, WARM_UP_SECONDS);
for (let round = 0; round < ROUNDS; round += 1) {
  const both = [withoutStoring, storing];
  for (const one of round % 2 === 0 ? both : both.toReversed()) await measure(one);
}
await end(withoutStoring);
await end(storing);
// Its worker has no more to do than what arrives.
await pool.query('truncate talentbridge.webhook_event');
const working = stack.adopt(await start('with its worker', PRODUCT, { WORKER: 'on' }), end);
await deliver(working, WARM_UP_SECONDS);
for (let round = 0; round < ROUNDS_WITH_WORKER; round += 1) {
  await measure(working);
  await allSeenTo();
}
report();

async function start(name: string, program: URL, settings: Readonly<Record<string, string>>): Promise<Contender> {
  const own = { PORT: String(await freePort()), ...settings };
  const url = `http://127.0.0.1:${own.PORT}`;
  const process = startProcess(program, { ...vendor.environment, ...own });
  await answering(`${url}/ready`);
  return { name, process, url, perSecond: [], p50: [], p99: [], cpu: { gateway: [], postgres: [], load: [] } };
}

function end({ process }: Contender): Promise<void> {
  return Promise.resolve(process[Symbol.asyncDispose]());
}

async function deliver({ name, url }: Contender, seconds: number): ReturnType<typeof load> {
  const deliveries = Array.from({ length: MOST_A_SECOND * seconds }, () => vendor.sign());
  const result = await load(`${url}${path}`, deliveries, { seconds, connections: CONNECTIONS });
  if (result.statuses[202] !== result.answered) throw new Error(`${name} answered ${JSON.stringify(result.statuses)}.`);
  return result;
}

async function measure(one: Contender): Promise<void> {
  const [gateway, database] = [await one.process.cpu(), await postgresCpu()];
  const { answered, seconds, cpu, latencies } = await deliver(one, SECONDS);
  one.cpu.gateway.push(((await one.process.cpu()) - gateway) / answered);
  one.cpu.postgres.push(((await postgresCpu()) - database) / answered);
  one.cpu.load.push(cpu / answered);
  one.perSecond.push(answered / seconds);
  one.p50.push(latencies[Math.floor(answered * 0.5)] ?? Number.NaN);
  one.p99.push(latencies[Math.floor(answered * 0.99)] ?? Number.NaN);
}

/** Processor time of all processes of PostgreSQL so far, in microseconds; `NaN` where the system does not tell. */
async function postgresCpu(): Promise<number> {
  const [master = ''] = (await readFile(join(dataDirectory, 'cluster', 'postmaster.pid'), 'utf8')).split('\n');
  const text = (file: string): Promise<string> => readFile(`/proc/${master}/${file}`, 'utf8').catch(() => '');
  const children = (await text(`task/${master}/children`)).split(' ').filter((pid) => pid !== '');
  if (children.length === 0) return Number.NaN;
  const stats = await Promise.all(
    [master, ...children].map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
  );
  const ticks = stats.reduce((sum, stat, index) => {
    // "4711 (postgres) S ...": time of its own and, for the parent, of children that have ended.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return sum + fields.slice(11, index === 0 ? 15 : 13).reduce((own, ticksOfKind) => own + ticksOfKind, 0);
  }, 0);
  return ticks * 10_000;
}

async function allSeenTo(): Promise<void> {
  for (const deadline = Date.now() + 120_000; ; await sleep(50)) {
    const { rows } = await pool.query('select from talentbridge.webhook_event where done_at is null limit 1');
    if (rows.length === 0) return;
    if (Date.now() > deadline) throw new Error('The worker did not see to all events within two minutes.');
  }
}

function report(): void {
  const rounded = (loads: readonly number[]): string => loads.map((value) => value.toFixed(1)).join(' ');
  console.log(
    `\nDeliveries over ${CONNECTIONS} connections: ${ROUNDS} rounds of ${SECONDS} s in turn, medians (lowest–highest); ratios are of each round.`,
  );
  console.log(`Load average before: ${rounded(before)}; in the end: ${rounded(loadavg())}.\n`);
  printTable(
    ['', 'events/s', '/ stored at once', 'p50 ms', 'p99 ms', 'gateway µs', 'PostgreSQL µs', 'load µs'],
    [withoutStoring, storing, working].map(({ name, perSecond, p50, p99, cpu }) => [
      name,
      spread(perSecond),
      ratio(perSecond, withoutStoring.perSecond),
      spread(p50, 1),
      spread(p99, 1),
      spread(cpu.gateway),
      spread(cpu.postgres),
      spread(cpu.load),
    ]),
  );
  console.log('\nProcessor time is that of an event. Acknowledged means committed, but for the first.');
}
