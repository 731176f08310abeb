import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { KeyRing, migrateHub } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Vault } from '../../core/hub/dist/kernel/vault/vault.js';
import { asSuperuser } from '../support/database-text.ts';
import { organizationOf } from '../support/organization-client.ts';
import { freshDatabase } from '../support/postgres.ts';
import { startSystem, startVendors, until } from '../support/running-system.ts';

const COMMAND = fileURLToPath(new URL('../../gateway/dist/rotate-keys.js', import.meta.url));
const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

function begin(settings: Readonly<Record<string, string>>): ChildProcess {
  const { DATABASE_URL: _url, ENCRYPTION_KEYS: _keys, TALENTBRIDGE_DATA_DIR: _directory, ...inherited } = process.env;
  return spawn(process.execPath, [COMMAND], { env: { ...inherited, NODE_ENV: 'test', ...settings } });
}

/** Runs the command as an operator does. */
async function rotate(settings: Readonly<Record<string, string>>) {
  const command = begin(settings);
  if (!command.stdout || !command.stderr) throw new Error('The command has no output.');
  const [output, errors, [code]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'exit') as Promise<[number]>,
  ]);
  return { code, output, errors };
}

/** Seals credentials of connections that nobody uses, each in an organization of its own. */
async function sealMany(databaseUrl: string, keys: string, count: number): Promise<void> {
  const vault = new Vault(KeyRing.parse(keys));
  const places = Array.from({ length: count }, () => ({ organizationId: randomUUID(), connectionId: randomUUID() }));
  const columns = [places.map((place) => place.organizationId), places.map((place) => place.connectionId)];
  await asSuperuser(
    databaseUrl,
    `insert into talentbridge.connection (organization_id, id, plugin_id, name, status, capabilities, settings, credential_names,
       credential_version, left_behind, created_at, updated_at)
     select o, c, 'p', 'n', 'CONNECTED', '{}', '{}', '{}', 1, '{}', now(), now() from unnest($1::uuid[], $2::uuid[]) as row (o, c)`,
    columns,
  );
  const sealed = places.map((place) => vault.seal(JSON.stringify({ apiKey: place.connectionId }), place));
  await asSuperuser(
    databaseUrl,
    `insert into talentbridge.credential (organization_id, connection_id, key_id, sealed)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[])`,
    [...columns, sealed.map(({ keyId }) => keyId), sealed.map((value) => JSON.stringify(value))],
  );
}

const keysOf = async (databaseUrl: string) =>
  Object.fromEntries(
    (
      await asSuperuser(
        databaseUrl,
        'select key_id as id, count(*)::int as count from talentbridge.credential group by 1',
      )
    ).map(({ id, count }) => [id, count]),
  );

describe('OPS-3: npm run rotate-keys', () => {
  it('changes the key under an export that runs; the gateway then exports with the new key alone', async () => {
    await using vendors = await startVendors();
    const [oldKey, rotatedKey] = [newKey('2026-01'), newKey('2026-11')];
    const databaseUrl = await freshDatabase();
    let organizationId: string;
    let connectionId: string;
    {
      await using before = await startSystem({ vendors, databaseUrl, encryptionKeys: oldKey });
      const organization = organizationOf(before);
      organizationId = organization.id;
      connectionId = await organization.connect();
    }
    {
      // 1. All processes get both keys, the new one first.
      await using both = await startSystem({ vendors, databaseUrl, encryptionKeys: `${rotatedKey},${oldKey}` });
      const organization = organizationOf(both, organizationId);
      const profileIds = await organization.people(60);
      vendors.jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: { kind: 'delay', ms: 2_000 } });
      const ordered = await organization.order({ connectionId, profileIds });
      await until(
        () => organization.export(ordered.id),
        ({ counts }) => counts.created > 0,
      );
      // 2. The command, while the export runs.
      const rotated = await rotate({ DATABASE_URL: databaseUrl, ENCRYPTION_KEYS: `${rotatedKey},${oldKey}` });
      expect(rotated).toMatchObject({ code: 0, errors: '' });
      expect(rotated.output).toContain('1 credentials were wrapped again');
      expect((await organization.export(ordered.id)).status).toBe('RUNNING');
      vendors.jobscore.faults.clear();
      expect((await organization.untilExport(ordered.id, 'COMPLETE')).counts).toMatchObject({ created: 60, failed: 0 });
      const log = await organization.ask('{ auditLog(first: 50) { nodes { action actorId details } } }');
      expect(log.nodes).toContainEqual({
        action: 'credentials.rotateKey',
        actorId: 'rotate-keys',
        details: { credentials: 1, keyId: '2026-11' },
      });
    }
    {
      // 3. The old key is removed.
      await using after = await startSystem({ vendors, databaseUrl, encryptionKeys: rotatedKey });
      const organization = organizationOf(after, organizationId);
      const profileIds = await organization.people(3);
      const ordered = await organization.order({ connectionId, profileIds, includePreviouslyExported: true });
      expect((await organization.untilExport(ordered.id, 'COMPLETE')).counts).toMatchObject({ created: 3 });
    }
    // And useless.
    await using stale = await startSystem({ vendors, databaseUrl, encryptionKeys: oldKey, worker: false });
    const answer = await organizationOf(stale, organizationId).answer(
      `query ($id: ID!) { jobs(connectionId: $id) { nodes { id } } }`,
      { id: connectionId },
    );
    expect(answer.errors?.length).toBe(1);
    expect(await rotate({ DATABASE_URL: databaseUrl, ENCRYPTION_KEYS: oldKey })).toMatchObject({
      code: 2,
      output: expect.stringContaining('needs the key 2026-11, which is not configured'),
    });
  });

  it('goes on where it was killed with SIGKILL', async () => {
    const [oldKey, rotatedKey] = [newKey('old'), newKey('new')];
    const settings = { DATABASE_URL: await freshDatabase(), ENCRYPTION_KEYS: `${rotatedKey},${oldKey}` };
    await sealMany(settings.DATABASE_URL, oldKey, 301);
    const holder = new pg.Client({ connectionString: settings.DATABASE_URL });
    await holder.connect();
    // Whoever comes to the row in the middle waits for us: the command is killed there.
    await holder.query('begin');
    await holder.query(
      `select from talentbridge.credential where connection_id = (
         select connection_id from talentbridge.credential order by organization_id, connection_id offset 150 limit 1) for update`,
    );
    const killed = begin(settings);
    await until(
      () =>
        asSuperuser(
          settings.DATABASE_URL,
          `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        ),
      (waiting) => waiting.length > 0,
    );
    const exited = once(killed, 'exit');
    killed.kill('SIGKILL');
    await exited;
    await holder.query('rollback');
    await holder.end();
    const half = await keysOf(settings.DATABASE_URL);
    expect(half['new']).toBeGreaterThan(100);
    expect(half['old']).toBeGreaterThan(100);

    const { code, output } = await rotate(settings);
    expect(code).toBe(0);
    expect(output).toContain(`${half['old']} credentials were wrapped again`);
    expect(output).toContain('Key new: 301 of 301 credentials.');
    expect(await keysOf(settings.DATABASE_URL)).toEqual({ new: 301 });
  });

  it('works on the embedded database, whether a gateway runs it or nobody does', async () => {
    const dataDirectory = await temporaryDataDirectory();
    const settings = { TALENTBRIDGE_DATA_DIR: dataDirectory, ENCRYPTION_KEYS: `${newKey('new')},${newKey('old')}` };
    const [, oldKey = ''] = settings.ENCRYPTION_KEYS.split(',');
    try {
      expect(await rotate(settings)).toMatchObject({
        code: 1,
        errors: expect.stringContaining('there is no embedded database'),
      });
      {
        await using server = await startEmbeddedPostgres({ dataDirectory, durable: false });
        await migrateHub(server.url);
        await sealMany(server.url, oldKey, 2);
        expect(await rotate(settings)).toMatchObject({ code: 0, output: expect.stringContaining('2 credentials') });
        expect(await keysOf(server.url)).toEqual({ new: 2 });
        await sealMany(server.url, oldKey, 3);
      }
      expect(await rotate(settings)).toMatchObject({ code: 0, output: expect.stringContaining('3 credentials') });
    } finally {
      await rm(dataDirectory, { recursive: true });
    }
  });

  it('says what is wrong with its keys, and shows none', async () => {
    const databaseUrl = await freshDatabase();
    const without = await rotate({ DATABASE_URL: databaseUrl });
    expect(without).toMatchObject({ code: 1, errors: expect.stringContaining('ENCRYPTION_KEYS is needed') });
    const short = randomBytes(16).toString('base64');
    const wrong = await rotate({ DATABASE_URL: databaseUrl, ENCRYPTION_KEYS: `a:${short}` });
    expect(wrong).toMatchObject({ code: 1, errors: expect.stringContaining('a key-encryption key has 32') });
    expect(wrong.errors).not.toContain(short);
  });
});
