import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { defineEntity, MikroORM } from '@mikro-orm/postgresql';
import {
  credentialFields,
  definePlugin,
  type MirroredCandidate,
  type PulledPage,
  type RediscoveryCapability,
  settingFields,
} from '@talentbridge/contracts';
import { DiskFileStore, KeyRing, migrateHub, openHub } from '@talentbridge/hub';
import { freePort, startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import { PluginRegistry } from '@talentbridge/plugin-host';
import pg from 'pg';
import { pino } from 'pino';
import { request } from 'undici';
import { defaultSyncSettings } from '../../core/hub/dist/capabilities/rediscovery/sync-settings.js';
import { openMirrorDatabase } from '../../core/hub/test/capabilities/rediscovery/mirror-world.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';
import { median, printTable } from './figures.ts';
import { madeUpCandidates } from './made-up-candidates.ts';
import { answering, startProcess } from './measured-process.ts';

/**
 * `npm run bench -- sync [--candidates 100000] [--rounds 1] [--load]`
 *
 * How fast a mirror is written, at 10,000 candidates and at so many:
 *
 * - the whole write path (checks, hashes, page and cursor in one durable transaction, row-level security) against `upsertMany` of
 *   MikroORM into tables of the same columns and indexes, with candidates that are new and candidates that did not change; each
 *   has two applications and a file
 * - a first load through hub, job runner and guarded client against the slower of two that do nothing else: a loop that reads the
 *   same pages over HTTP, and COPY of the same rows; and how much the memory of the process grew. `--load`: this alone
 *
 * All of it is done with a few candidates before anything is measured: whoever syncs has run for days, and the first seconds of a
 * process go to compiling it.
 */
const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '1' },
    load: { type: 'boolean', default: false },
  },
});
const SIZES = [...new Set([Math.min(10_000, Number(values.candidates)), Number(values.candidates)])];
const ROUNDS = Number(values.rounds);
const WARM_UP = 4_000;
const PAGE = 200;

const RIVAL_ID = randomUUID();
const RIVAL_TABLES = ['candidate', 'application', 'attachment'].map((table) => `rival.${table}`).join(', ');
const p = defineEntity.properties;
const keys = {
  organizationId: p.uuid().primary(),
  id: p.uuid().primary(),
  connectionId: p.uuid(),
  remoteId: p.text(),
  hash: p.uuid(),
  remoteUpdatedAt: p.datetime().nullable(),
};
const RivalCandidate = defineEntity({
  name: 'RivalCandidate',
  tableName: 'candidate',
  properties: { ...keys, data: p.json<object>(), emails: p.array(), sortedAt: p.datetime() },
});
const RivalApplication = defineEntity({
  name: 'RivalApplication',
  tableName: 'application',
  properties: {
    ...keys,
    candidateRemoteId: p.text(),
    jobRemoteId: p.text(),
    jobTitle: p.text().nullable(),
    status: p.text(),
    statusLabel: p.text().nullable(),
    stage: p.text().nullable(),
    rejectionReason: p.text().nullable(),
    source: p.text().nullable(),
    recruiterRemoteId: p.text().nullable(),
    recruiterName: p.text().nullable(),
    appliedAt: p.datetime().nullable(),
  },
});
const RivalAttachment = defineEntity({
  name: 'RivalAttachment',
  tableName: 'attachment',
  properties: {
    ...keys,
    candidateRemoteId: p.text(),
    filename: p.text(),
    kind: p.text(),
    contentType: p.text().nullable(),
    size: p.bigint().nullable(),
  },
});

await using stack = new AsyncDisposableStack();
const dataDirectory = await temporaryDataDirectory();
stack.defer(() => rm(dataDirectory, { recursive: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
await migrateHub(postgres.url);
const port = await freePort();
stack.use(startProcess(new URL('candidate-server.ts', import.meta.url), { PORT: String(port) }));
const vendor = `http://127.0.0.1:${port}`;
await answering(`${vendor}/candidates?from=0&to=1`);
const client = new pg.Client({ connectionString: postgres.url });
await client.connect();
stack.defer(() => client.end());
await createRivalTables();

const measure = async (size: number) => ({ ...(values.load ? {} : await writing(size)), ...(await endToEnd(size)) });
await measure(WARM_UP);
const figures: Record<string, number>[] = [];
for (const size of SIZES) {
  const rounds: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = await measure(size);
    for (const [name, value] of Object.entries(measured)) rounds[name] = [...(rounds[name] ?? []), value];
    console.log(`${size.toLocaleString('en')} candidates, round ${round + 1} of ${ROUNDS} measured`);
  }
  figures.push({ size, ...Object.fromEntries(Object.entries(rounds).map(([name, all]) => [name, median(all)])) });
}
report();

/** Rows a second of both write paths, on new rows and on the same again. */
async function writing(size: number): Promise<Record<string, number>> {
  const db = await openMirrorDatabase(postgres.url);
  // New connections for both, which plan their statements for the first time.
  const entities = [RivalCandidate, RivalApplication, RivalAttachment];
  const orm = await MikroORM.init({ clientUrl: postgres.url, entities, schema: 'rival', debug: false });
  try {
    const world = await db.connect(pages(size), { settings: defaultSyncSettings });
    const fresh = await seconds(() => world.workOff());
    const unchanged = await seconds(async () => void (await world.next('FULL')));
    await client.query(`truncate ${RIVAL_TABLES}`);
    const rivalFresh = await seconds(() => upsertAll(orm, size));
    const rivalUnchanged = await seconds(() => upsertAll(orm, size));
    return {
      fresh: size / fresh,
      unchanged: size / unchanged,
      rivalFresh: size / rivalFresh,
      rivalUnchanged: size / rivalUnchanged,
    };
  } finally {
    await emptyMirror();
    await db[Symbol.asyncDispose]();
    await orm.close(true);
  }
}

/** Rows a second of a first load through everything, and of its two halves alone. */
async function endToEnd(size: number): Promise<Record<string, number>> {
  const http = await seconds(() => readAll(size));
  await client.query(`truncate ${RIVAL_TABLES}`);
  const copy = await seconds(() => copyAll(size));
  await client.query(`truncate ${RIVAL_TABLES}`);
  const { load, grownMiB } = await firstLoad(size);
  await emptyMirror();
  return { http: size / http, copy: size / copy, load: size / load, grownMiB };
}

async function firstLoad(size: number): Promise<{ readonly load: number; readonly grownMiB: number }> {
  const hub = await openHub({
    databaseUrl: postgres.url,
    deployment: {
      brand: 'Bench',
      dummyEmailDomain: 'dummy.example',
      plugins: new PluginRegistry([pluginOf(size)]),
      tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] } },
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: { 'api.bench.test': vendor },
      pace: { bench: {} },
    },
    keys: KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`),
    files: new DiskFileStore(throwawayFolder()),
    logger: pino({ level: 'silent' }),
  });
  try {
    const scope = hub.scope({ organizationId: randomUUID(), userId: 'bench', roles: ['ADMIN'] });
    const { id } = await hub.connections.create(scope, { pluginId: 'bench', capabilities: ['rediscovery'] });
    await hub.connections.acknowledgeRequirements(scope, id);
    await hub.connections.submitCredentials(scope, { connectionId: id, credentials: {} });
    await hub.startWorker();
    collectGarbage();
    const before = process.memoryUsage.rss();
    let most = before;
    const load = await seconds(async () => {
      await hub.connections.finish(scope, id);
      for (;;) {
        await sleep(20);
        most = Math.max(most, process.memoryUsage.rss());
        const { rows } = await client.query<{ status: string }>(
          'select status from talentbridge.sync_run where connection_id = $1',
          [id],
        );
        if (rows[0]?.status === 'COMPLETE') return;
        if (rows[0]?.status === 'FAILED') throw new Error('The first load failed.');
      }
    });
    await scope.close();
    return { load, grownMiB: (most - before) / 2 ** 20 };
  } finally {
    await hub.close();
  }
}

/** A vendor that is asked over HTTP, through the guarded client. */
function pluginOf(size: number) {
  return definePlugin({
    id: 'bench',
    displayName: 'Bench ATS',
    description: 'Lists made-up candidates.',
    contracts: '^1.0.0',
    hosts: ['api.bench.test'],
    credentials: credentialFields({}),
    settings: settingFields({}),
    requirements: [],
    connect: ({ http }) => http,
    identify: async () => ({ accountId: 'bench' }),
    capabilities: {
      permissions: () => ({ check: async () => [] }),
      rediscovery: (http): RediscoveryCapability => ({
        limits: {},
        filters: [],
        async pull(ctx, { cursor = '0' }) {
          const from = Number(cursor);
          const url = `https://api.bench.test/candidates?from=${from}&to=${Math.min(size, from + PAGE)}`;
          const answer = await http.send(ctx, { method: 'GET', url });
          return pageOf(answer.json as readonly MirroredCandidate[], from, size);
        },
        read: async () => ({ candidates: [], jobs: [], applications: [], gone: [] }),
      }),
    },
  });
}

/** The same pages from this process. */
function pages(size: number): RediscoveryCapability {
  return {
    limits: {},
    filters: [],
    async pull(_ctx, { cursor = '0' }) {
      const from = Number(cursor);
      return pageOf(madeUpCandidates(from, Math.min(size, from + PAGE)), from, size);
    },
    read: async () => ({ candidates: [], jobs: [], applications: [], gone: [] }),
  };
}

function pageOf(candidates: readonly MirroredCandidate[], from: number, size: number): PulledPage {
  const next = from + PAGE;
  return {
    candidates,
    jobs: [],
    applications: [],
    gone: [],
    mark: '1',
    progress: { candidates: size },
    ...(next < size ? { cursor: String(next) } : {}),
  };
}

async function readAll(size: number): Promise<void> {
  for (let from = 0; from < size; from += PAGE) {
    const { body } = await request(`${vendor}/candidates?from=${from}&to=${Math.min(size, from + PAGE)}`);
    JSON.parse(await body.text());
  }
}

/** Tables of the columns and indexes that the mirror has. */
async function createRivalTables(): Promise<void> {
  const common = `organization_id uuid not null, id uuid not null, connection_id uuid not null,
    remote_id text collate "C" not null, hash uuid not null, remote_updated_at timestamptz,`;
  await client.query(`
    create schema rival;
    create table rival.candidate (${common} data json not null, emails text[] not null, sorted_at timestamptz not null,
      primary key (organization_id, id), unique (organization_id, connection_id, remote_id));
    create index on rival.candidate (organization_id, connection_id, sorted_at desc, id desc);
    create table rival.application (${common} candidate_remote_id text collate "C" not null,
      job_remote_id text collate "C" not null, job_title text, status text not null, status_label text, stage text,
      rejection_reason text, source text, recruiter_remote_id text, recruiter_name text, applied_at timestamptz,
      primary key (organization_id, id), unique (organization_id, connection_id, remote_id));
    create index on rival.application (organization_id, connection_id, candidate_remote_id);
    create table rival.attachment (${common} candidate_remote_id text collate "C" not null, filename text not null,
      kind text not null, content_type text, size bigint, primary key (organization_id, id),
      unique (organization_id, connection_id, candidate_remote_id, remote_id))`);
}

/** The rows of a candidate, in all three tables. */
function rivalRows(candidate: MirroredCandidate) {
  const { applications = [], attachments = [], ...data } = candidate;
  const keysOf = (remoteId: string, updatedAt: string | undefined) => ({
    organizationId: RIVAL_ID,
    id: randomUUID(),
    connectionId: RIVAL_ID,
    remoteId,
    hash: RIVAL_ID,
    remoteUpdatedAt: updatedAt === undefined ? null : new Date(updatedAt),
  });
  return {
    candidate: {
      ...keysOf(data.remoteId, data.updatedAt),
      data,
      emails: [...data.emails],
      sortedAt: new Date(data.updatedAt ?? 0),
    },
    applications: applications.map((application) => ({
      ...keysOf(application.remoteId, application.updatedAt),
      candidateRemoteId: data.remoteId,
      jobRemoteId: application.jobRemoteId,
      jobTitle: application.jobTitle ?? null,
      status: application.status,
      statusLabel: application.statusLabel ?? null,
      stage: application.stage ?? null,
      rejectionReason: application.rejectionReason ?? null,
      source: application.source ?? null,
      recruiterRemoteId: application.recruiter?.remoteId ?? null,
      recruiterName: application.recruiter?.name ?? null,
      appliedAt: application.appliedAt === undefined ? null : new Date(application.appliedAt),
    })),
    attachments: attachments.map((attachment) => ({
      ...keysOf(attachment.remoteId, attachment.updatedAt),
      candidateRemoteId: data.remoteId,
      filename: attachment.filename,
      kind: attachment.kind,
      contentType: attachment.contentType ?? null,
      size: BigInt(attachment.size ?? 0),
    })),
  };
}

async function upsertAll(orm: MikroORM, size: number): Promise<void> {
  for (let from = 0; from < size; from += PAGE) {
    const rows = madeUpCandidates(from, Math.min(size, from + PAGE)).map(rivalRows);
    const onConflictExcludeFields = ['id', 'organizationId'] as const;
    const byRemoteId = ['organizationId', 'connectionId', 'remoteId'] as const;
    await orm.em.fork().transactional(async (em) => {
      await em.upsertMany(
        RivalCandidate,
        rows.map((row) => row.candidate),
        { onConflictFields: [...byRemoteId], onConflictExcludeFields: [...onConflictExcludeFields] },
      );
      await em.upsertMany(
        RivalApplication,
        rows.flatMap((row) => row.applications),
        { onConflictFields: [...byRemoteId], onConflictExcludeFields: [...onConflictExcludeFields] },
      );
      await em.upsertMany(
        RivalAttachment,
        rows.flatMap((row) => row.attachments),
        {
          onConflictFields: ['organizationId', 'connectionId', 'candidateRemoteId', 'remoteId'],
          onConflictExcludeFields: [...onConflictExcludeFields],
        },
      );
    });
  }
}

async function copyAll(size: number): Promise<void> {
  for (let from = 0; from < size; from += 5_000) {
    const rows = madeUpCandidates(from, Math.min(size, from + 5_000)).map(rivalRows);
    await copy(
      'candidate',
      rows.map((row) => row.candidate),
    );
    await copy(
      'application',
      rows.flatMap((row) => row.applications),
    );
    await copy(
      'attachment',
      rows.flatMap((row) => row.attachments),
    );
  }
}

/** COPY of rows whose members are called as the columns are, but for the case. */
function copy(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).join(', ');
  const lines = rows.map((row) => names.map((name) => copyText(row[name])).join('\t'));
  return send(`copy rival.${table} (${columns}) from stdin`, Buffer.from(`${lines.join('\n')}\n`));
}

function copyText(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.join(',')}}`;
  return typeof value === 'object' ? JSON.stringify(value).replaceAll('\\', '\\\\') : String(value);
}

/** COPY through the client, which has no method for it but lets anybody speak the protocol. */
function send(statement: string, data: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const copying = {
    submit: (connection: pg.Connection) => connection.query(statement),
    handleCopyInResponse(connection: pg.Connection & { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }) {
      connection.sendCopyFromChunk(data);
      connection.endCopyFrom();
    },
    handleCommandComplete: () => undefined,
    handleReadyForQuery: () => resolve(),
    handleError: reject,
  };
  client.query(copying as pg.Submittable);
  return promise;
}

async function emptyMirror(): Promise<void> {
  const tables = [
    'mirror_candidate',
    'mirror_application',
    'mirror_attachment',
    'mirror_job',
    'mirror_read',
    'mirror_change',
  ];
  await client.query(`truncate ${tables.map((table) => `talentbridge.${table}`).join(', ')}`);
}

/** How long it takes, begun with nothing left of what was measured before it: no garbage, no page that is still to be written. */
async function seconds(work: () => Promise<void>): Promise<number> {
  await client.query('checkpoint');
  collectGarbage();
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

function report(): void {
  const show = (value = Number.NaN): string =>
    value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
  const rows: [string, (figure: Record<string, number>) => number][] = [
    ['candidates/s, write path, new', (f) => f['fresh'] ?? Number.NaN],
    ['candidates/s, upsertMany, new', (f) => f['rivalFresh'] ?? Number.NaN],
    ['ratio, new (goal 5)', (f) => (f['fresh'] ?? 0) / (f['rivalFresh'] ?? 0)],
    ['candidates/s, write path, unchanged', (f) => f['unchanged'] ?? Number.NaN],
    ['candidates/s, upsertMany, unchanged', (f) => f['rivalUnchanged'] ?? Number.NaN],
    ['ratio, unchanged (goal 9)', (f) => (f['unchanged'] ?? 0) / (f['rivalUnchanged'] ?? 0)],
    ['candidates/s, bare HTTP', (f) => f['http'] ?? Number.NaN],
    ['candidates/s, bare COPY', (f) => f['copy'] ?? Number.NaN],
    ['candidates/s, first load', (f) => f['load'] ?? Number.NaN],
    ['ratio to the slower (goal 0.6)', (f) => (f['load'] ?? 0) / Math.min(f['http'] ?? 0, f['copy'] ?? 0)],
    ['memory grown, MiB (at most 256)', (f) => f['grownMiB'] ?? Number.NaN],
  ];
  printTable(
    ['', ...figures.map((figure) => show(figure['size']))],
    rows
      .map(([name, of]) => [name, ...figures.map((figure) => show(of(figure)))])
      // What was not measured.
      .filter((row) => !row.includes(show(Number.NaN))),
  );
}
