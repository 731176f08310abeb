import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { migrateHub } from '@talentbridge/hub';
import {
  type EmbeddedPostgres,
  freePort,
  startEmbeddedPostgres,
  temporaryDataDirectory,
} from '@talentbridge/hub/embedded-postgres';
import pg from 'pg';
import { Pool } from 'undici';
import { answering } from '../bench/measured-process.ts';
import { type SignedDelivery, startTellingVendor } from '../bench/webhooks-vendor.ts';

/** What is killed. */
export type Victim = 'gateway' | 'database';

/** How intake is tormented. */
export interface WebhookChaosOptions {
  readonly victim: Victim;
  readonly kills: number;
  /** Deliveries a second, beside those that are repeated. */
  readonly rate: number;
  readonly progress?: (line: string) => void;
}

/** What was found in the end. */
export interface WebhookChaosReport {
  readonly victim: Victim;
  readonly kills: number;
  /** Events of the vendor, and how many a second it had. */
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Processes of the product that ended without having been killed. */
  readonly gaveUp: number;
  /** Deliveries, with those that were repeated. */
  readonly deliveries: number;
  readonly acknowledged: number;
  /** Deliveries that were answered otherwise, or not at all. */
  readonly notAcknowledged: number;
  /** Rows in the store. */
  readonly stored: number;
  /** Acknowledged events that are not in the store. */
  readonly missing: number;
  /** Events that are in the store and were never told. */
  readonly unknown: number;
  /** Stored events that nobody has seen to in the end, or that could not be read. */
  readonly notSeenTo: number;
  /** What is known of why: reasons of events, and what the queue holds. */
  readonly left: readonly string[];
}

/** Whether nothing that was acknowledged is missing, nothing is there twice, all of it was seen to, and no process gave up. */
export function intakeHolds(report: WebhookChaosReport): boolean {
  return (
    report.gaveUp === 0 &&
    report.acknowledged === report.events &&
    report.stored === report.events &&
    report.missing === 0 &&
    report.unknown === 0 &&
    report.notSeenTo === 0
  );
}

const MAIN = fileURLToPath(new URL('../../gateway/dist/main.js', import.meta.url));
const CONNECTIONS = 100;
const TICK_MS = 20;
/** What was not acknowledged is delivered again after this time, as vendors do. */
const AGAIN_AFTER_MS = 500;
const ANSWER_WITHIN_MS = 5_000;
/** Of the deliveries that were acknowledged, the vendor repeats some all the same. */
const REPEATED_ANYWAY = 0.02;
const PATIENCE_MS = 120_000;
const SEEN_TO_WITHIN_MS = 120_000;

/**
 * A vendor delivers at a steady rate, and what is not acknowledged again and again, while the product (gateway and worker in one
 * process) or its database is killed at random moments. Everything is real: processes, PostgreSQL with all its care for
 * durability, SIGKILL. Of the database, in turn, a process that serves a connection is killed, upon which the server ends all
 * others and recovers by itself, and the server, which is started again. The machine stays up: what a power cut takes away, no
 * kill does.
 */
export async function webhookChaos({
  victim,
  kills,
  rate,
  progress,
}: WebhookChaosOptions): Promise<WebhookChaosReport> {
  await using stack = new AsyncDisposableStack();
  const dataDirectory = await temporaryDataDirectory();
  stack.defer(() => rm(dataDirectory, { recursive: true }));
  const database = await Server.start(dataDirectory);
  stack.defer(() => database.end());
  await migrateHub(database.url);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const vendor = stack.use(await startTellingVendor(database.url, origin));
  const environment = { ...vendor.environment, PORT: String(port), LOG_LEVEL: 'fatal', JOB_TAKEOVER_SECONDS: '1' };
  const product = await Product.start(environment, origin);
  stack.defer(() => product.end());
  const { path, token } = await vendor.subscribed();

  const teller = new Teller(origin, path, () => vendor.sign());
  stack.defer(() => teller.close());
  const began = performance.now();
  teller.tellEvery(rate);
  for (let killed = 0; killed < kills; killed += 1) {
    // It takes deliveries again, and is in the middle of some.
    await teller.acknowledges(Math.ceil(rate / 10));
    await sleep(Math.random() * 500);
    if (victim === 'gateway') await product.kill();
    else if (killed % 2 === 0) await database.killConnection();
    else await database.killServer();
    if ((killed + 1) % 5 === 0) progress?.(`${killed + 1} kills, ${teller.acknowledged.size} acknowledged`);
  }
  await teller.acknowledges(Math.ceil(rate / 10));
  teller.stop();
  const seconds = (performance.now() - began) / 1_000;
  await teller.allAcknowledged();
  const seenTo = await allSeenTo(database.url);
  const { events, acknowledged, deliveries, failed } = teller;
  const stored = new Set(seenTo.rows);
  const keyOf = (id: string): string => createHmac('sha256', token).update(`id\u0000${id}`).digest('base64');
  const told = new Set([...events].map(keyOf));
  return {
    victim,
    kills,
    events: events.size,
    eventsPerSecond: Math.round(events.size / seconds),
    deliveries,
    gaveUp: product.gaveUp,
    acknowledged: acknowledged.size,
    notAcknowledged: failed,
    stored: seenTo.rows.length,
    missing: [...acknowledged].filter((id) => !stored.has(keyOf(id))).length,
    unknown: seenTo.rows.filter((key) => !told.has(key)).length,
    notSeenTo: seenTo.left,
    left: seenTo.left === 0 ? [] : await whyLeft(database.url),
  };
}

/** A vendor's way of delivering: steadily, and again what was not acknowledged. */
class Teller {
  /** Ids of all events. */
  readonly events = new Set<string>();
  readonly acknowledged = new Set<string>();
  deliveries = 0;
  failed = 0;
  private readonly pool: Pool;
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly path: string;
  private readonly sign: () => SignedDelivery;

  constructor(origin: string, path: string, sign: () => SignedDelivery) {
    this.path = path;
    this.sign = sign;
    this.pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1, headersTimeout: ANSWER_WITHIN_MS });
  }

  /** Has events happen from now on, so many a second. Where this process was held up, it makes up for it. */
  tellEvery(rate: number): void {
    const began = performance.now();
    let told = 0;
    this.timer = setInterval(() => {
      const due = ((performance.now() - began) / 1_000) * rate;
      for (; told < due; told += 1) {
        const delivery = this.sign();
        this.events.add(delivery.eventId);
        const telling = this.tell(delivery).finally(() => this.underWay.delete(telling));
        this.underWay.add(telling);
      }
    }, TICK_MS);
  }

  /** Nothing more happens; what is not acknowledged is delivered on. */
  stop(): void {
    clearInterval(this.timer);
  }

  /** Waits until so many more events are acknowledged. */
  async acknowledges(more: number): Promise<void> {
    const enough = this.acknowledged.size + more;
    await patiently(() => this.acknowledged.size >= enough, 'Nothing is acknowledged');
  }

  async allAcknowledged(): Promise<void> {
    await patiently(() => this.underWay.size === 0, 'Not everything is acknowledged');
  }

  async close(): Promise<void> {
    this.stop();
    this.closed = true;
    await this.pool.destroy();
    await Promise.all(this.underWay);
  }

  private async tell(delivery: SignedDelivery): Promise<void> {
    while (!this.closed && !(await this.deliver(delivery))) await sleep(AGAIN_AFTER_MS);
    if (Math.random() < REPEATED_ANYWAY) await this.deliver(delivery);
  }

  private async deliver({ eventId, headers, body }: SignedDelivery): Promise<boolean> {
    this.deliveries += 1;
    try {
      const answer = await this.pool.request({ method: 'POST', path: this.path, headers, body });
      await answer.body.dump();
      if (answer.statusCode === 202) {
        this.acknowledged.add(eventId);
        return true;
      }
    } catch {
      // Nobody knows whether it arrived.
    }
    this.failed += 1;
    return false;
  }
}

/** A PostgreSQL server that can be killed. */
class Server {
  private readonly dataDirectory: string;
  private running: EmbeddedPostgres;

  private constructor(dataDirectory: string, running: EmbeddedPostgres) {
    this.dataDirectory = dataDirectory;
    this.running = running;
  }

  static async start(dataDirectory: string): Promise<Server> {
    return new Server(dataDirectory, await startEmbeddedPostgres({ dataDirectory }));
  }

  get url(): string {
    return this.running.url;
  }

  end(): PromiseLike<void> {
    return this.running[Symbol.asyncDispose]();
  }

  /** Kills a process that serves a connection of the application: the server ends all others and recovers. */
  async killConnection(): Promise<void> {
    const pids = await query<{ pid: number }>(
      this.url,
      `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    const victim = pids[Math.floor(Math.random() * pids.length)];
    if (!victim) throw new Error('Nobody is connected to the database.');
    process.kill(victim.pid, 'SIGKILL');
  }

  /** Kills the server, and starts it again where it was. */
  async killServer(): Promise<void> {
    const [pid] = (await readFile(join(this.dataDirectory, 'cluster', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await this.running[Symbol.asyncDispose]();
    const port = Number(new URL(this.url).port);
    for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(100)) {
      try {
        this.running = await startEmbeddedPostgres({ dataDirectory: this.dataDirectory, port });
        return;
      } catch (error) {
        // Until the last process of the one before has noticed, no other may touch the data.
        if (Date.now() > deadline) throw error;
      }
    }
  }
}

/** The product as an operator runs it: when its process ends, another is started. */
class Product {
  /** Processes that ended without having been killed. */
  gaveUp = 0;
  private readonly environment: Readonly<Record<string, string>>;
  private child: ChildProcess;
  private ended = false;

  private constructor(environment: Readonly<Record<string, string>>) {
    this.environment = environment;
    this.child = this.spawn();
  }

  static async start(environment: Readonly<Record<string, string>>, url: string): Promise<Product> {
    const product = new Product(environment);
    await answering(`${url}/ready`);
    return product;
  }

  async kill(): Promise<void> {
    const { child } = this;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async end(): Promise<void> {
    this.ended = true;
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
  }

  private spawn(): ChildProcess {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('exit', (code) => {
      if (code !== null) this.gaveUp += 1;
      if (!this.ended) this.child = this.spawn();
    });
    return child;
  }
}

async function patiently(isSo: () => boolean, otherwise: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !isSo(); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`${otherwise} within two minutes.`);
  }
}

/** The keys of all events, once they are seen to, or patience ends. */
async function allSeenTo(url: string): Promise<{ readonly rows: readonly string[]; readonly left: number }> {
  const look = async (): Promise<number> => {
    const [row] = await query<{ left: number }>(
      url,
      'select count(*)::int as left from talentbridge.webhook_event where done_at is null or reason is not null',
    );
    return row?.left ?? 0;
  };
  let left = await look();
  for (const deadline = Date.now() + SEEN_TO_WITHIN_MS; left > 0 && Date.now() < deadline; await sleep(100)) {
    left = await look();
  }
  const rows = await query<{ key: string }>(
    url,
    `select encode(event_key, 'base64') as key from talentbridge.webhook_event`,
  );
  return { rows: rows.map(({ key }) => key), left };
}

/** Why events are left. Neither reasons nor the queue hold anything of a person. */
async function whyLeft(url: string): Promise<readonly string[]> {
  const rows = await query<{ line: string }>(
    url,
    `select 'events ' || coalesce(reason, 'waiting') || ', tries ' || tries || ': ' || count(*) as line
     from talentbridge.webhook_event where done_at is null or reason is not null group by reason, tries
     union all
     select 'job ' || key || ', attempts ' || attempts || ', runs in ' || round(extract(epoch from run_at - now())) || ' s, locked '
       || coalesce(locked_at::text, 'no') || ', failed ' || (last_error is not null)
     from graphile_worker.jobs
     union all
     select 'state resumes ' || coalesce(round(extract(epoch from resume_at - now()))::text || ' s', 'never') || ', queued '
       || queued || ', tries ' || process_tries
     from talentbridge.webhook_state
     union all
     select 'connection ' || status from talentbridge.connection`,
  );
  return rows.map(({ line }) => line);
}

/** Asks over a connection of its own: any other may just be killed. */
async function query<Row extends object>(url: string, sql: string): Promise<readonly Row[]> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql)).rows;
    } catch (error) {
      // It recovers.
      if (Date.now() > deadline) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
