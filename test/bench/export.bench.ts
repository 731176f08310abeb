import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EXPORT_TOPIC, migrateHub } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import pg from 'pg';
import { readProfile } from '../../core/hub/dist/directory/profile-input.js';
import { renderResume } from '../../core/hub/dist/directory/resume/render-resume.js';
import { startSimulators } from '../../gateway/dist/demo/simulators.js';
import { connectHub } from '../support/connected-hub.ts';
import { madeUpProfiles } from '../support/made-up-profiles.ts';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import type { BareCandidate, BareOrder, BareReport } from './bare-loop.ts';
import { median, printTable, ratio, spread } from './figures.ts';
import { type MeasuredProcess, type Stalls, startProcess, startProduct } from './measured-process.ts';

/**
 * `npm run bench -- export [--rounds 5] [--candidates 600]`
 *
 * An export through the whole engine (job queue, ledger, guarded client, request log) on a durable PostgreSQL against a bare loop
 * of the same calls, to the same simulated vendor that takes requests as fast as they come; with and without résumés.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, candidates: { type: 'string', default: '600' } },
});
const CANDIDATES = Number(values.candidates);
const ROUNDS = Number(values.rounds);
/** What the plugin declares in its `limits.concurrency`. */
const CONCURRENCY = 2;

/** One of those that are compared. */
interface Contender {
  readonly name: string;
  /** Sends the candidates of a round; the seconds it took. */
  readonly run: (round: string) => Promise<number>;
  readonly process: MeasuredProcess;
  readonly stalls: Stalls[];
  readonly perSecond: number[];
  readonly cpu: number[];
  readonly commits: number[];
}

await using stack = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), 'talentbridge-bench-'));
stack.defer(() => rm(directory, { recursive: true }));
const dataDirectory = await temporaryDataDirectory();
stack.defer(() => rm(dataDirectory, { recursive: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
await migrateHub(postgres.url);
const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
stack.defer(() => pool.end());

const setUp = pluginSetUp('jobscore');
const [simulator] = await startSimulators([
  { plugin: setUp.package, hosts: [setUp.host], arguments: setUp.unthrottled },
]);
if (!simulator) throw new Error('The simulator did not start.');
stack.defer(() => simulator.stop());
const connected = stack.use(await connectHub(postgres.url, setUp, simulator.url));
const { hub, scope, connectionId } = connected;
const jobId = (await hub.exportDestinations.jobs(scope, connectionId, { first: 1 })).items[0]?.remoteId;
if (jobId === undefined) throw new Error('The simulator has no open job.');
await scope.close();

const deploymentFile = join(directory, 'deployment.json');
await writeFile(
  deploymentFile,
  JSON.stringify({ plugins: [setUp.package], hostOverrides: { [setUp.host]: simulator.url } }),
);
const product = stack.use(
  await startProduct({
    // Production would want an identity provider, and nobody asks this process anything.
    NODE_ENV: 'test',
    DATABASE_URL: postgres.url,
    ENCRYPTION_KEYS: connected.encryptionKeys,
    FILE_STORE: `disk:${join(directory, 'files')}`,
    DEPLOYMENT_FILE: deploymentFile,
  }),
);
const bare = stack.use(startProcess(new URL('bare-loop.ts', import.meta.url), {}));

let resume = '';
const plain = [contender('bare loop', (round) => runBare(round)), contender('export', (round) => runExport(round))];
const withResume = [
  contender('bare loop, one ready résumé', (round) => runBare(round, resume)),
  contender('export, résumés drawn', (round) => runExport(round)),
];

await switchResume(true);
await withResume[1]?.run('warm-up-resume');
resume = await anyResume();
await withResume[0]?.run('warm-up-resume');
await switchResume(false);
for (const one of plain) await one.run('warm-up');
for (let round = 0; round < ROUNDS; round += 1) {
  for (const one of plain) await measure(one, `plain-${round}`);
}
await switchResume(true);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const one of withResume) await measure(one, `resume-${round}`);
}
report();

function contender(name: string, run: Contender['run']): Contender {
  const process = name.startsWith('bare') ? bare : product;
  return { name, run, process, perSecond: [], cpu: [], commits: [], stalls: [] };
}

async function measure(one: Contender, round: string): Promise<void> {
  // What the round before left to do, such as its request log, is not this one's.
  await sleep(700);
  await fetch(`${simulator?.url}/_sim/reset`, { method: 'POST' });
  const [cpu, commits] = [await one.process.cpu(), await writingCommits()];
  await one.process.stalls();
  const seconds = await one.run(round);
  one.perSecond.push(CANDIDATES / seconds);
  one.stalls.push(await one.process.stalls());
  one.cpu.push(((await one.process.cpu()) - cpu) / CANDIDATES);
  one.commits.push(((await writingCommits()) - commits) / CANDIDATES);
}

/** Transactions that wrote something, ever: each waits for the disk once. */
async function writingCommits(): Promise<number> {
  const { rows } = await pool.query<{ next: string }>('select pg_snapshot_xmax(pg_current_snapshot()) as next');
  return Number(rows[0]?.next);
}

async function runBare(round: string, file?: string): Promise<number> {
  const order: BareOrder = {
    url: simulator?.url ?? '',
    apiKey: setUp.credentials['apiKey'] ?? '',
    jobId: jobId ?? '',
    concurrency: CONCURRENCY,
    candidates: profilesOf(round).map(bareCandidate),
    ...(file === undefined ? {} : { resume: file }),
  };
  return (await bare.ask<BareReport>(order)).seconds;
}

/** Orders an export as the gateway does and waits for its end; from the order to the last result, by the database's clock. */
async function runExport(round: string): Promise<number> {
  const profileIds: string[] = [];
  const all = profilesOf(round);
  for (let from = 0; from < all.length; from += 500) {
    const { profiles } = await hub.profiles.upsert(scope, all.slice(from, from + 500));
    profileIds.push(...profiles.map((profile) => profile.id));
  }
  const { id } = await hub.exports.order(scope, {
    connectionId,
    profileIds,
    target: { kind: 'job', jobRemoteId: jobId ?? '' },
    options: { generateDummyEmails: false, includePreviouslyExported: false },
    idempotencyKey: randomUUID(),
  });
  const changes = hub.notifications.of(scope.organizationId, EXPORT_TOPIC, id);
  try {
    for (;;) {
      const { rows } = await pool.query<{ seconds: number | null }>(
        'select extract(epoch from finished_at - created_at)::float8 as seconds from talentbridge.export where id = $1',
        [id],
      );
      const seconds = rows[0]?.seconds;
      if (typeof seconds === 'number') {
        const created = await createdBy(id);
        if (created !== CANDIDATES) throw new Error(`Only ${created} of ${CANDIDATES} candidates were created.`);
        return seconds;
      }
      // Now and then is enough: looking costs what is measured.
      await Promise.race([changes.next(), sleep(250)]);
      await sleep(100);
    }
  } finally {
    await changes.return?.();
  }
}

async function createdBy(exportId: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    "select count(*)::int as count from talentbridge.export_item where export_id = $1 and outcome = 'CREATED'",
    [exportId],
  );
  return rows[0]?.count ?? 0;
}

async function switchResume(on: boolean): Promise<void> {
  await hub.connections.update(scope, { connectionId, settings: { sendResume: on }, testTarget: { kind: 'prospect' } });
}

/** People of one round; nobody was exported before. */
function profilesOf(round: string): readonly MadeUpProfile[] {
  return madeUpProfiles(CANDIDATES).map((profile, index) => ({
    ...profile,
    key: `${round}-${index}`,
    firstName: `First${index}`,
    lastName: `Last${index}`,
    emails: [{ address: `${round}-${index}@example.com`, revealed: true }],
  }));
}

interface MadeUpProfile {
  readonly key: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly emails: readonly { readonly address: string; readonly revealed: boolean }[];
  readonly workExperience?: readonly { readonly employer: string; readonly title: string }[];
  readonly education?: readonly { readonly school: string }[];
}

/** Much as the plugin writes it. */
function bareCandidate({ firstName, lastName, emails, workExperience, education }: MadeUpProfile): BareCandidate {
  return {
    first_name: firstName,
    last_name: lastName,
    email: emails[0]?.address,
    source: 'database',
    source_detail: 'SeekOut',
    ...(workExperience
      ? {
          employers: workExperience.map(({ employer, title }) => ({
            employer_name: employer,
            titles: [{ title, start_year: 2019 }],
          })),
        }
      : {}),
    ...(education
      ? { schools: education.map(({ school }) => ({ name: school, degree_type: 'Bachelor', graduation_year: '2018' })) }
      : {}),
  };
}

/** A résumé as the product draws it, for the loop to upload. */
async function anyResume(): Promise<string> {
  const read = readProfile(profilesOf('resume')[0]);
  if (!read.ok) throw new Error('The made-up profile is none.');
  return Buffer.from(await renderResume(read.profile)).toString('base64');
}

function report(): void {
  console.log(
    `\n${CANDIDATES} candidates to a job, ${CONCURRENCY} at once, ${ROUNDS} rounds in turn; the vendor answers at once. Medians (lowest–highest).`,
  );
  console.log(
    "Processor time is that of the worker process, and of the loop's; commits are those that wrote something.\n",
  );
  printTable(
    [
      '',
      'candidates/s',
      'of the bare loop',
      'CPU-µs a candidate',
      'commits a candidate',
      'loop held up, ms: longest',
      'all but 1 in 1,000',
    ],
    [plain, withResume].flatMap((pair) =>
      pair.map(({ name, perSecond, cpu, commits, stalls }) => [
        name,
        spread(perSecond),
        ratio(perSecond, pair[0]?.perSecond ?? []),
        spread(cpu),
        median(commits) < 0.01 ? 'none' : spread(commits, 2),
        spread(stalls.map(({ longestMs }) => longestMs)),
        spread(stalls.map(({ usualMs }) => usualMs)),
      ]),
    ),
  );
}
