import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startSimulators } from '../../gateway/dist/demo/simulators.js';
import { type ConnectedHub, connectHub } from '../support/connected-hub.ts';
import { madeUpProfiles } from '../support/made-up-profiles.ts';
import type { PluginSetUp } from '../support/plugin-set-up.ts';

/** How an export is tormented. */
export interface ExportChaosOptions {
  /** A migrated database of its own. */
  readonly databaseUrl: string;
  readonly setUp: PluginSetUp;
  /** How often the worker process is killed with SIGKILL while it exports. */
  readonly kills: number;
  readonly candidates: number;
  /** Milliseconds that each answer of the vendor takes: the longer, the more kills hit a request under way. */
  readonly latencyMs: number;
  readonly takeoverSeconds: number;
  readonly progress?: (line: string) => void;
}

/** Whether a report shows what must hold: nothing lost, nothing created twice, and unclear only what nobody can know. */
export function holds(report: ExportChaosReport, setUp: PluginSetUp): boolean {
  const { CREATED: created = 0, UNCLEAR: unclear = 0 } = report.outcomes;
  // Each kill can leave as many candidates without an answer as were under way.
  const mostUnclear = setUp.clear ? 0 : report.kills * setUp.slots;
  return (
    report.lost === 0 &&
    report.createdTwice === 0 &&
    report.incomplete === 0 &&
    created + unclear === report.candidates &&
    unclear <= mostUnclear
  );
}

/** What was found in the end. */
export interface ExportChaosReport {
  readonly kills: number;
  readonly candidates: number;
  /** Items by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** People whom the vendor never got, though the hub says that it has them. */
  readonly lost: number;
  /** People whom the vendor was made to create more than once. */
  readonly createdTwice: number;
  /** Candidates that have not exactly one application, or more than one résumé. */
  readonly incomplete: number;
  /** Tries beyond the first, over all items: what the kills cost. */
  readonly repeatedTries: number;
}

const MAIN = fileURLToPath(new URL('../../gateway/dist/main.js', import.meta.url));

/**
 * Exports candidates while the worker process is killed again and again at random moments, a new one taking over each
 * time. Everything is real: PostgreSQL, worker processes, and a vendor in a process of its own that counts what it creates.
 */
export async function exportChaos(options: ExportChaosOptions): Promise<ExportChaosReport> {
  const { setUp, databaseUrl } = options;
  const [simulator] = await startSimulators([
    { plugin: setUp.package, hosts: [setUp.host], arguments: setUp.unthrottled },
  ]);
  if (!simulator) throw new Error('The simulator did not start.');
  await fetch(`${simulator.url}/_sim/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault: { kind: 'delay', ms: options.latencyMs } }),
  });
  const directory = await mkdtemp(join(tmpdir(), 'talentbridge-chaos-'));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const connected = await connectHub(databaseUrl, setUp, simulator.url);
  let worker: ChildProcess | undefined;
  try {
    const deploymentFile = join(directory, 'deployment.json');
    await writeFile(
      deploymentFile,
      JSON.stringify({
        plugins: [setUp.specifier],
        hostOverrides: { [setUp.host]: simulator.url },
        // As fast as the vendor answers: what is tested is what happens between its answers.
        pace: { [setUp.pluginId]: {} },
      }),
    );
    const environment = {
      ...process.env,
      NODE_ENV: 'test',
      PORT: '0',
      LOG_LEVEL: 'fatal',
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEYS: connected.encryptionKeys,
      FILE_STORE: `disk:${join(directory, 'files')}`,
      DEPLOYMENT_FILE: deploymentFile,
      WORKER_CONCURRENCY: '1',
      JOB_TAKEOVER_SECONDS: String(options.takeoverSeconds),
    };
    const exportId = await order(connected, options);
    let kills = 0;
    while (!(await isComplete(connected, exportId))) {
      const epoch = await epochOf(pool, exportId);
      worker = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
      await takenOver(pool, exportId, epoch, worker);
      if (kills === options.kills) {
        await completed(connected, exportId, worker);
        break;
      }
      // Most kills hit requests under way; some hit a worker that still waits to ask about what the one before it left.
      if (Math.random() < 0.8) await moved(pool, exportId, worker, setUp.slots, options.kills - kills);
      await sleep(Math.random() * 5 * Math.max(5, options.latencyMs));
      await kill(worker);
      kills += 1;
      if (kills % 10 === 0)
        options.progress?.(
          `${kills} kills, ${(await connected.hub.exportHistory.counts(connected.scope, [exportId])).get(exportId)?.created ?? 0} created`,
        );
      await connected.scope.close();
    }
    return { kills, ...(await findings(pool, exportId, simulator.url, options)) };
  } finally {
    if (worker) await kill(worker);
    await connected[Symbol.asyncDispose]();
    await pool.end();
    await simulator.stop();
    await rm(directory, { recursive: true });
  }
}

async function order(
  { hub, scope, connectionId }: ConnectedHub,
  { candidates, setUp }: ExportChaosOptions,
): Promise<string> {
  const profileIds: string[] = [];
  const all = madeUpProfiles(candidates);
  for (let from = 0; from < all.length; from += 500) {
    const { profiles } = await hub.profiles.upsert(scope, all.slice(from, from + 500));
    profileIds.push(...profiles.map((profile) => profile.id));
  }
  const [job] = (await hub.exportDestinations.jobs(scope, connectionId, { first: 1 })).items;
  if (!job) throw new Error('The simulator has no open job.');
  const { id } = await hub.exports.order(scope, {
    connectionId,
    profileIds,
    target: setUp.target === 'prospect' ? { kind: 'prospect' } : { kind: 'job', jobRemoteId: job.remoteId },
    options: { generateDummyEmails: false, includePreviouslyExported: false },
    idempotencyKey: randomUUID(),
  });
  return id;
}

async function isComplete({ hub, scope }: ConnectedHub, exportId: string): Promise<boolean> {
  await scope.close();
  return (await hub.exportHistory.get(scope, exportId))?.status === 'COMPLETE';
}

async function epochOf(pool: pg.Pool, exportId: string): Promise<number> {
  const { rows } = await pool.query<{ epoch: number }>('select epoch from talentbridge.export where id = $1', [
    exportId,
  ]);
  return rows[0]?.epoch ?? 0;
}

/** Waits until a new worker has taken the export. */
async function takenOver(pool: pg.Pool, exportId: string, epoch: number, worker: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  while ((await epochOf(pool, exportId)) === epoch) {
    if (worker.exitCode !== null) throw new Error(`The worker left by itself with code ${worker.exitCode}.`);
    if (Date.now() > deadline) throw new Error('No worker took the export over within a minute.');
    await sleep(20);
  }
}

/**
 * Waits until a random number of candidates got results, or nobody is left to get one; so many that what is left lasts for
 * the kills that are left.
 */
async function moved(
  pool: pg.Pool,
  exportId: string,
  worker: ChildProcess,
  slots: number,
  killsLeft: number,
): Promise<void> {
  const look = async (): Promise<{ readonly done: number; readonly left: number }> => {
    const { rows } = await pool.query<{ done: number; left: number }>(
      `select count(*) filter (where state = 'DONE')::int as done, count(*) filter (where state <> 'DONE')::int as left
       from talentbridge.export_item where export_id = $1`,
      [exportId],
    );
    return rows[0] ?? { done: 0, left: 0 };
  };
  const before = await look();
  // By the time it is seen, as many again as are under way have got one.
  const share = before.left / Math.max(1, killsLeft) - slots;
  if (share < 0) return;
  const enough = before.done + Math.max(1, Math.round(Math.random() * 2 * share));
  const deadline = Date.now() + 60_000;
  for (let now = before; now.left > 0 && now.done < enough && worker.exitCode === null; now = await look()) {
    if (Date.now() > deadline)
      throw new Error(`No candidate got a result within a minute. ${await stateOf(pool, exportId)}`);
    await sleep(10);
  }
}

/** Where an export stands, for whoever has to find out why it does not go on. */
async function stateOf(pool: pg.Pool, exportId: string): Promise<string> {
  const { rows } = await pool.query(
    `select e.status, e.status_reason, e.epoch, i.state, i.epoch as item_epoch, count(*)::int, max(i.tries) as tries,
       min(i.next_try_at - now())::text as due
     from talentbridge.export e join talentbridge.export_item i on i.export_id = e.id
     where e.id = $1 and i.state <> 'DONE' group by 1, 2, 3, 4, 5 order by 5 desc limit 10`,
    [exportId],
  );
  return JSON.stringify(rows);
}

async function completed(connected: ConnectedHub, exportId: string, worker: ChildProcess): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await isComplete(connected, exportId))) {
    if (worker.exitCode !== null) throw new Error(`The worker left by itself with code ${worker.exitCode}.`);
    if (Date.now() > deadline) throw new Error('The export did not end within five minutes.');
    await sleep(50);
  }
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, 'exit');
  worker.kill('SIGKILL');
  await exited;
}

/** What a simulator shows of itself; the parts that all of them have. */
interface SimulatorState {
  readonly creations: Readonly<Record<string, number>>;
  readonly state: unknown;
}

async function findings(
  pool: pg.Pool,
  exportId: string,
  simulatorUrl: string,
  { candidates, setUp }: ExportChaosOptions,
): Promise<Omit<ExportChaosReport, 'kills'>> {
  const { rows } = await pool.query<{ email: string; outcome: string; tries: number }>(
    `select p.data -> 'emails' -> 0 ->> 'address' as email, i.outcome, i.tries
     from talentbridge.export_item i join talentbridge.profile p on p.id = i.profile_id where i.export_id = $1`,
    [exportId],
  );
  const { creations, state } = (await (await fetch(`${simulatorUrl}/_sim/state`)).json()) as SimulatorState;
  const exported = setUp.heldBy(state).filter(({ email }) => email.endsWith('@example.com'));
  const outcomes = Map.groupBy(rows, (row) => row.outcome);
  return {
    candidates,
    outcomes: Object.fromEntries([...outcomes].map(([outcome, items]) => [outcome, items.length])),
    lost:
      rows.filter(({ email, outcome }) => outcome !== 'UNCLEAR' && !creations[email]).length + candidates - rows.length,
    createdTwice: rows.filter(({ email }) => (creations[email] ?? 0) > 1).length,
    // A candidate whose outcome is unclear may lack what was to follow.
    incomplete: (setUp.clear ? exported : []).filter(
      ({ applications, resumes }) => applications !== (setUp.target === 'prospect' ? 0 : 1) || resumes > 1,
    ).length,
    repeatedTries: rows.reduce((sum, row) => sum + row.tries - 1, 0),
  };
}
