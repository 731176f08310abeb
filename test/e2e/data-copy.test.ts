import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JobDivaSimulator, startSimulator } from '@talentbridge/plugin-jobdiva/simulator';
import {
  AcknowledgeRequirementsDocument,
  CancelDataCopyDocument,
  CandidatesDocument,
  CreateConnectionDocument,
  DataCopiesDocument,
  DataCopyDocument,
  FinishConnectionDocument,
  ImportDataCopyDocument,
  MirrorDocument,
  MirroredCandidateDocument,
  StartDataCopyDocument,
  StartSyncDocument,
  SubmitCredentialsDocument,
  SyncRunDocument,
} from '@talentbridge/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { type Asker, type RunningSystem, startSystem, until } from '../support/running-system.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

const admin: Asker = { organizationId: randomUUID(), roles: ['ADMIN', 'RECRUITER'] };
const ACTIVE = 20;
const INACTIVE = 6;

/** Connects JobDiva for Rediscovery. @returns The id of the connection. */
async function connect(run: TypedClient): Promise<string> {
  const { pluginId, credentials } = pluginSetUp('jobdiva');
  const { createConnection } = await run(CreateConnectionDocument, {
    input: { pluginId, capabilities: ['REDISCOVERY'] },
  });
  const { id: connectionId } = succeeded(createConnection, 'Connection');
  await run(AcknowledgeRequirementsDocument, { connectionId });
  const { submitCredentials } = await run(SubmitCredentialsDocument, {
    input: {
      connectionId,
      credentials: Object.entries(credentials).map(([name, value]) => ({ name, value })),
      settings: [
        { name: 'historyStart', value: new Date(Date.now() - 70 * 86_400_000).toISOString().slice(0, 10) },
        { name: 'windowDays', value: '14' },
      ],
    },
  });
  expect(succeeded(submitCredentials, 'ConnectionVerified').report).toMatchObject({ allGood: true });
  await run(FinishConnectionDocument, { connectionId });
  return connectionId;
}

describe("RED-3: JobDiva's data copy", () => {
  let jobdiva: JobDivaSimulator;
  let system: RunningSystem;
  let run: TypedClient;
  let connectionId: string;
  let folder: string;
  let paths: readonly string[];

  beforeAll(async () => {
    jobdiva = await startSimulator({ rate: 0, candidates: ACTIVE, inactive: INACTIVE, seed: 7, days: 60 });
    const { package: plugin, host } = pluginSetUp('jobdiva');
    system = await startSystem({
      further: [{ package: plugin, host, url: jobdiva.url }],
      pace: { jobdiva: {} },
    });
    run = typedClient(system, admin);
    connectionId = await connect(run);
    await untilSynced();
    folder = await mkdtemp(join(tmpdir(), 'jobdiva-copy-'));
    const written = await fetch(`${jobdiva.url}/_sim/data-copy`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ folder }),
    });
    paths = ((await written.json()) as { files: readonly string[] }).files;
  }, 120_000);
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await jobdiva.close();
    await rm(folder, { recursive: true, force: true });
  });

  const mirror = async () => (await run(MirrorDocument, { connectionId })).mirror;
  const untilSynced = () => until(mirror, (state) => state.completeAt !== null && state.currentRun === null, 60_000);
  const send = async (as: Asker, method: 'PUT' | 'GET', path: string, body?: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${system.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${await system.token(as)}` },
      ...(body === undefined ? {} : { body }),
    });
  const open = async () => {
    const { importDataCopy } = await run(ImportDataCopyDocument, { input: { connectionId } });
    return succeeded(importDataCopy, 'DataCopyOpened').dataCopy;
  };
  const finish = async (id: string) => {
    const { startDataCopy } = await run(StartDataCopyDocument, { id });
    succeeded(startDataCopy, 'DataCopyStarted');
    return until(
      async () => (await run(DataCopyDocument, { id })).dataCopy,
      (copy) => copy?.status === 'COMPLETE' || copy?.status === 'FAILED',
      60_000,
    );
  };
  const uploadAll = async (uploadUrl: string) => {
    for (const path of paths) {
      const response = await send(admin, 'PUT', `${uploadUrl}${encodeURI(path)}`, await readFile(join(folder, path)));
      expect(response.status, path).toBe(200);
    }
  };

  it('brings the candidates whom the API keeps back, with their files, and nothing twice', {
    timeout: 90_000,
  }, async () => {
    expect((await mirror()).candidates).toBe(ACTIVE);
    const opened = await open();
    expect(opened).toMatchObject({ status: 'WAITING_FOR_FILES', files: [] });
    await uploadAll(opened.uploadUrl);
    const { dataCopy: waiting } = await run(DataCopyDocument, { id: opened.id });
    const table = waiting?.files.find(({ path }) => path === 'candidates.csv');
    expect(table).toMatchObject({ table: 'Candidates', status: 'READY' });
    expect(table?.columns).toContainEqual({ header: 'CANDIDATEID', field: 'CANDIDATEID' });

    const done = await finish(opened.id);
    expect(done).toMatchObject({ status: 'COMPLETE', rows: { refused: 0 } });
    // Files are called after people.
    expect(system.log()).toContain(`/imports/data-copies/${opened.id}/files/[path]`);
    for (const path of paths) expect(system.log()).not.toContain(path);
    expect(done?.attachments.named).toBe(done?.attachments.uploaded);
    expect((await mirror()).candidates).toBe(ACTIVE + INACTIVE);
    const { candidates } = await run(CandidatesDocument, { connectionId, first: 100 });
    const dormant = candidates.nodes.filter(({ firstName }) => firstName === 'Dormant');
    expect(dormant).toHaveLength(INACTIVE);
    const { mirroredCandidate } = await run(MirroredCandidateDocument, { id: dormant[0]?.id ?? '' });
    expect(mirroredCandidate).toMatchObject({
      applications: [{ statusLabel: 'Active' }],
      attachments: [{ filename: 'Cover Letter.txt', kind: 'COVER_LETTER' }],
    });

    const again = await open();
    await uploadAll(again.uploadUrl);
    expect(await finish(again.id)).toMatchObject({ status: 'COMPLETE', rows: { written: 0, refused: 0 } });

    // A run of everything does not miss whom the API never shows.
    const { startSync } = await run(StartSyncDocument, { connectionId, kind: 'FULL' });
    const { syncRun } = succeeded(startSync, 'SyncStarted');
    const ended = await until(
      async () => (await run(SyncRunDocument, { id: syncRun.id })).syncRun,
      (state) => state?.status === 'COMPLETE',
      60_000,
    );
    expect(ended?.counts.candidates.deleted).toBe(0);
    expect((await mirror()).candidates).toBe(ACTIVE + INACTIVE);
    const { mirroredCandidate: later } = await run(MirroredCandidateDocument, { id: dormant[0]?.id ?? '' });
    expect(later?.attachments).toHaveLength(1);
    // JobDiva hands such files out to nobody; the copy brought it.
    const answer = await system.query(
      'query ($id: ID!) { mirroredAttachment(id: $id) { state contentType text { text } link { url } } }',
      { id: later?.attachments[0]?.id },
      admin,
    );
    expect(answer.data?.mirroredAttachment).toMatchObject({
      state: 'STORED',
      text: { text: expect.stringContaining('I can start at once.') },
    });
    const file = await fetch(new URL(answer.data?.mirroredAttachment.link.url, system.url));
    expect(file.status).toBe(200);
    expect(await file.text()).toContain('Dear recruiter,');
  });

  it('reports the rows that are refused, and no cell of the report is live', async () => {
    const { id, uploadUrl, refusedRowsUrl } = await open();
    const csv =
      'CANDIDATEID,LASTNAME,DATEUPDATED\r\n=1+1,"@SUM(1,2)",2026-01-01\r\n7001,Fine,2026-01-01\r\n7002,"x"y,\r\n';
    const answer = await send(admin, 'PUT', `${uploadUrl}people.csv`, csv);
    expect(await answer.json()).toMatchObject({
      path: 'people.csv',
      table: 'Candidates',
      columns: [{ field: 'CANDIDATEID' }, { field: 'LASTNAME' }, { field: 'DATEUPDATED' }],
    });
    const done = await finish(id);
    expect(done?.rows).toEqual({ read: 3, written: 1, unchanged: 0, older: 0, refused: 2 });
    const report = await send(admin, 'GET', refusedRowsUrl);
    expect(report.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = (await report.text()).split('\r\n');
    expect(lines).toEqual([
      '"file","line","column","reason","CANDIDATEID","LASTNAME","DATEUPDATED"',
      `"people.csv","2","CANDIDATEID","The value is no id: JobDiva has digits alone.","'=1+1","'@SUM(1,2)","2026-01-01"`,
      expect.stringContaining('"people.csv","4","","The row holds a quotation mark in the wrong place'),
      '',
    ]);
  });

  it('is for whoever may manage connections, and for their organization alone', async () => {
    const { id, uploadUrl, refusedRowsUrl } = await open();
    const recruiter: Asker = { ...admin, roles: ['RECRUITER'] };
    const stranger: Asker = { organizationId: randomUUID(), roles: ['ADMIN'] };
    for (const [as, status] of [
      [recruiter, 403],
      [stranger, 404],
    ] as const) {
      expect((await send(as, 'PUT', `${uploadUrl}a.csv`, 'CANDIDATEID\n7\n')).status).toBe(status);
      expect((await send(as, 'GET', refusedRowsUrl)).status).toBe(status);
    }
    expect((await fetch(`${system.url}${uploadUrl}a.csv`, { method: 'PUT', body: 'x' })).status).toBe(401);
    expect((await run(DataCopyDocument, { id })).dataCopy?.files).toEqual([]);
    await run(CancelDataCopyDocument, { id });
    expect((await send(admin, 'PUT', `${uploadUrl}a.csv`, 'CANDIDATEID\n7\n')).status).toBe(409);
    expect((await send(admin, 'PUT', `/imports/data-copies/${id}/files/..%2Fout.csv`, 'x')).status).toBe(400);
    const { dataCopies } = await run(DataCopiesDocument, { connectionId, first: 50 });
    expect(dataCopies.nodes[0]).toMatchObject({ id, status: 'CANCELLED' });
  });

  it('takes a file again in place of the one before, and shows what it is read as', async () => {
    const { id, uploadUrl } = await open();
    await send(admin, 'PUT', `${uploadUrl}data/a.csv`, 'Nothing,known\n');
    expect((await run(DataCopyDocument, { id })).dataCopy?.files).toMatchObject([
      { status: 'UNREADABLE', table: null },
    ]);
    const { startDataCopy } = await run(StartDataCopyDocument, { id });
    expect(startDataCopy).toMatchObject({ __typename: 'WrongState' });
    await send(admin, 'PUT', `${uploadUrl}data/a.csv`, 'jobid,Title,Shoe size\n');
    expect((await run(DataCopyDocument, { id })).dataCopy?.files).toMatchObject([
      {
        path: 'data/a.csv',
        status: 'READY',
        table: 'Jobs',
        columns: [
          { header: 'jobid', field: 'JOBID' },
          { header: 'Title', field: 'TITLE' },
          { header: 'Shoe size', field: null },
        ],
      },
    ]);
    await run(CancelDataCopyDocument, { id });
  });
});

describe('RED-3: an import whose worker is killed with SIGKILL', () => {
  const ROWS = 12_000;
  const MAIN = fileURLToPath(new URL('../../gateway/dist/main.js', import.meta.url));

  it('goes on in another process, and writes every row once', { timeout: 120_000 }, async () => {
    await using jobdiva = await startSimulator({ rate: 0 });
    const { package: plugin, host } = pluginSetUp('jobdiva');
    const folder = await mkdtemp(join(tmpdir(), 'killed-import-'));
    const settings = { FILE_STORE: `disk:${join(folder, 'files')}` };
    const further = [{ package: plugin, host, url: jobdiva.url }];
    await using system = await startSystem({ further, settings, worker: false });
    const run = typedClient(system, admin);
    const connectionId = await connect(run);
    const { importDataCopy } = await run(ImportDataCopyDocument, { input: { connectionId } });
    const { id, uploadUrl } = succeeded(importDataCopy, 'DataCopyOpened').dataCopy;
    const rows = Array.from({ length: ROWS }, (_, index) => `${7_000_000 + index},Row ${index},2020-01-01,\r\n`);
    const body = `CANDIDATEID,LASTNAME,DATEUPDATED,JUNK\r\n${rows.join('')}no id,Refused,,\r\n`;
    const headers = { authorization: `Bearer ${await system.token(admin)}` };
    await fetch(`${system.url}${uploadUrl}candidates.csv`, { method: 'PUT', headers, body });
    await run(StartDataCopyDocument, { id });

    await writeFile(
      join(folder, 'deployment.json'),
      JSON.stringify({ plugins: [plugin], hostOverrides: { [host]: jobdiva.url } }),
    );
    const env = {
      ...process.env,
      ...settings,
      NODE_ENV: 'test',
      PORT: '0',
      LOG_LEVEL: 'fatal',
      DATABASE_URL: system.databaseUrl,
      ENCRYPTION_KEYS: system.encryptionKeys,
      DEPLOYMENT_FILE: join(folder, 'deployment.json'),
      JOB_TAKEOVER_SECONDS: '1',
    };
    const look = async () => (await run(DataCopyDocument, { id })).dataCopy;
    let before = 0;
    for (const isLast of [false, true]) {
      const worker = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'inherit'] });
      const seen = await until(
        look,
        (copy) => copy?.status === 'COMPLETE' || (!isLast && (copy?.rows.read ?? 0) > before),
        60_000,
      );
      before = seen?.rows.read ?? 0;
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }
    expect(await look()).toMatchObject({
      status: 'COMPLETE',
      rows: { read: ROWS + 1, written: ROWS, unchanged: 0, older: 0, refused: 1 },
    });
    expect((await run(MirrorDocument, { connectionId })).mirror.candidates).toBe(ROWS);
    const report = await fetch(`${system.url}/imports/data-copies/${id}/refused-rows`, { headers });
    expect((await report.text()).match(/Refused/g)).toHaveLength(1);
    await rm(folder, { recursive: true, force: true });
  });
});
