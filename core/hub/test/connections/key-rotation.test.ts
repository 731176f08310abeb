import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { someoneWaitsForALock } from '../../../../test/support/lock-waiting.ts';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { CredentialStore, type CredentialValues } from '../../src/connections/credential-store.js';
import { migrateHub } from '../../src/hub.js';
import { Database } from '../../src/kernel/persistence/database.js';
import { KeyRing } from '../../src/kernel/vault/key-ring.js';
import { Vault } from '../../src/kernel/vault/vault.js';
import { rotateKeys } from '../../src/rotate-keys.js';

const key = (id: string): readonly [string, Buffer] => [id, Buffer.alloc(32, id)];
/** A ring of these keys, the current one first. The same id is the same key. */
const ringOf = (...ids: readonly string[]): KeyRing => new KeyRing(ids[0] ?? '', new Map(ids.map(key)));
const storeOf = (...ids: readonly string[]): CredentialStore => new CredentialStore(new Vault(ringOf(...ids)));

let url: string;
let database: Database;
let owner: pg.Pool;

beforeAll(async () => {
  url = await freshDatabase();
  database = await Database.open({ url, entities: [Connection] });
  owner = new pg.Pool({ connectionString: url });
});
afterAll(async () => {
  await owner.end();
  await database.close();
});
beforeEach(() => owner.query('truncate talentbridge.credential, talentbridge.audit_event'));

/** A connection of an organization. */
interface Place {
  readonly organizationId: string;
  readonly connectionId: string;
}

const inside = <Result>({ organizationId }: Place, work: Parameters<typeof database.transaction<Result>>[1]) =>
  database.transaction({ organizationId, userId: 'test', roles: [] }, work);
const save = (store: CredentialStore, place: Place, values: CredentialValues) =>
  inside(place, (tx) => store.save(tx, place.connectionId, values));
const load = (store: CredentialStore, place: Place) => inside(place, (tx) => store.load(tx, place.connectionId));
const secretOf = ({ connectionId }: Place): CredentialValues => ({ apiKey: `secret of ${connectionId}` });

async function connection(organizationId: string): Promise<Place> {
  const connectionId = randomUUID();
  await owner.query(
    `insert into talentbridge.connection (organization_id, id, plugin_id, name, status, capabilities, settings, credential_names,
       credential_version, left_behind, created_at, updated_at)
     values ($1, $2, 'p', 'n', 'CONNECTED', '{}', '{}', '{}', 1, '{}', now(), now())`,
    [organizationId, connectionId],
  );
  return { organizationId, connectionId };
}

/** Organizations with credentials that the old key wraps. */
async function sealed(organizations: number, each: number): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (let index = 0; index < organizations; index += 1) {
    const organizationId = randomUUID();
    for (let one = 0; one < each; one += 1) places.push(await connection(organizationId));
  }
  for (const place of places) await save(storeOf('old'), place, secretOf(place));
  return places;
}

describe('OPS-3: rotating the key that seals credentials', () => {
  it('wraps hundreds of credentials of many organizations; the old key alone opens nothing, the new one everything', async () => {
    // One organization has more than a transaction takes.
    const places = [...(await sealed(20, 11)), ...(await sealed(1, 120))];
    const before = await owner.query(
      `select connection_id, sealed ->> 'ciphertext' as text from talentbridge.credential order by 1`,
    );
    const seen: number[] = [];
    const report = await rotateKeys({
      databaseUrl: url,
      keys: ringOf('new', 'old'),
      progress: ({ rewrapped }) => seen.push(rewrapped),
    });
    expect(report).toEqual({
      currentKeyId: 'new',
      rewrapped: 340,
      byKey: new Map([['new', 340]]),
      left: [],
    });
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(seen.at(-1)).toBe(340);
    for (const place of places) {
      expect(await load(storeOf('new'), place)).toEqual(secretOf(place));
      await expect(load(storeOf('old'), place)).rejects.toThrow(/key new is not configured/);
    }
    const after = await owner.query(
      `select connection_id, sealed ->> 'ciphertext' as text from talentbridge.credential order by 1`,
    );
    expect(after.rows).toEqual(before.rows);
  });

  it('writes down in every organization how many were wrapped, and nothing where nothing was to do', async () => {
    const [place] = await sealed(1, 3);
    const keys = ringOf('new', 'old');
    await rotateKeys({ databaseUrl: url, keys });
    expect(await rotateKeys({ databaseUrl: url, keys })).toMatchObject({ rewrapped: 0, left: [] });
    const { rows } = await owner.query(
      'select organization_id, actor_id, actor_roles, action, details from talentbridge.audit_event',
    );
    expect(rows).toEqual([
      {
        organization_id: place?.organizationId,
        actor_id: 'rotate-keys',
        actor_roles: ['OPERATOR'],
        action: 'credentials.rotateKey',
        details: { credentials: 3, keyId: 'new' },
      },
    ]);
  });

  it('leaves alone what it cannot read, names it, and says that its key is still needed', async () => {
    const [good, lost, broken, moved] = await sealed(1, 4);
    if (!good || !lost || !broken || !moved) throw new Error('There are four.');
    await save(storeOf('forgotten'), lost, { apiKey: 'x' });
    const change = (place: Place, sealedValue: string) =>
      owner.query(`update talentbridge.credential set sealed = ${sealedValue} where connection_id = $1`, [
        place.connectionId,
      ]);
    await change(broken, `'{"version": 1}'`);
    await change(moved, `(select sealed from talentbridge.credential where connection_id = '${good.connectionId}')`);
    const untouched = async () =>
      (
        await owner.query(
          'select sealed from talentbridge.credential where connection_id = any($1) order by connection_id',
          [[lost, broken, moved].map((place) => place.connectionId)],
        )
      ).rows;
    const before = await untouched();
    const report = await rotateKeys({ databaseUrl: url, keys: ringOf('new', 'old') });
    expect(report).toMatchObject({ rewrapped: 1 });
    expect(new Map(report.left.map((each) => [each.connectionId, [each.keyId, each.reason]]))).toEqual(
      new Map([
        [lost.connectionId, ['forgotten', 'KEY_MISSING']],
        [broken.connectionId, ['old', 'BROKEN']],
        [moved.connectionId, ['old', 'BROKEN']],
      ]),
    );
    expect(report.byKey).toEqual(
      new Map([
        ['new', 1],
        ['old', 2],
        ['forgotten', 1],
      ]),
    );
    expect(await untouched()).toEqual(before);
  });

  it('says so when the current key has other bytes than it had', async () => {
    const [place] = await sealed(1, 1);
    const mistyped = new KeyRing('old', new Map([['old', randomBytes(32)]]));
    const report = await rotateKeys({ databaseUrl: url, keys: mistyped });
    expect(report.left).toEqual([{ ...place, keyId: 'old', reason: 'BROKEN' }]);
  });

  it('never puts older credentials in place of what an admin saves at the same moment', async () => {
    const places = await sealed(5, 20);
    const edits = new Map<string, CredentialValues>();
    let over = false;
    const editing = (async () => {
      for (let round = 0; !over || round < places.length; round += 1) {
        const place = places[(round * 7) % places.length];
        if (!place) continue;
        const values = { apiKey: `edit ${round}` };
        // Half of the processes have the new key first already, the other half not yet.
        await save(round % 2 === 0 ? storeOf('new', 'old') : storeOf('old', 'new'), place, values);
        edits.set(place.connectionId, values);
      }
    })();
    await rotateKeys({ databaseUrl: url, keys: ringOf('new', 'old') });
    over = true;
    await editing;
    // What was saved with the old key last, another run finds.
    expect(await rotateKeys({ databaseUrl: url, keys: ringOf('new', 'old') })).toMatchObject({ left: [] });
    for (const place of places) {
      expect(await load(storeOf('new'), place)).toEqual(edits.get(place.connectionId) ?? secretOf(place));
    }
  });

  it('waits for an admin who is saving, and wraps what was saved', async () => {
    const [place] = await sealed(1, 1);
    if (!place) throw new Error('There is one.');
    let rotating: Promise<unknown> | undefined;
    await inside(place, async (tx) => {
      await storeOf('old').save(tx, place.connectionId, { apiKey: 'saved meanwhile' });
      rotating = rotateKeys({ databaseUrl: url, keys: ringOf('new', 'old') });
      await someoneWaitsForALock(owner);
    });
    await rotating;
    expect(await load(storeOf('new'), place)).toEqual({ apiKey: 'saved meanwhile' });
  });

  it('sees all organizations also as an owner whom row-level security binds, and nobody else may look', async () => {
    const name = `plain_${randomUUID().replaceAll('-', '')}`;
    const other = `other_${randomUUID().replaceAll('-', '')}`;
    for (const role of [name, other]) await owner.query(`create role ${role} login createrole password 'secret'`);
    await owner.query(`grant talentbridge_application to ${name} with admin option`);
    await owner.query(`grant talentbridge_application to ${other}`);
    await owner.query(`create database ${name} owner ${name}`);
    const as = (role: string): string => {
      const own = new URL(url);
      own.pathname = `/${name}`;
      own.username = role;
      own.password = 'secret';
      return own.href;
    };
    await migrateHub(as(name));
    const plain = await Database.open({ url: as(name), entities: [Connection], isolation: 'both' });
    try {
      const place: Place = { organizationId: randomUUID(), connectionId: randomUUID() };
      await plain.transaction({ ...place, userId: 'test', roles: [] }, async (tx) => {
        await tx.rows(
          `insert into talentbridge.connection (organization_id, id, plugin_id, name, status, capabilities, settings, credential_names,
             credential_version, left_behind, created_at, updated_at)
           values ($1, $2, 'p', 'n', 'CONNECTED', '{}', '{}', '{}', 1, '{}', now(), now())`,
          [place.organizationId, place.connectionId],
        );
        await storeOf('old').save(tx, place.connectionId, { apiKey: 'x' });
      });
      await expect(rotateKeys({ databaseUrl: as(other), keys: ringOf('new', 'old') })).rejects.toThrow(
        /permission denied/,
      );
      expect(await rotateKeys({ databaseUrl: as(name), keys: ringOf('new', 'old') })).toMatchObject({ rewrapped: 1 });
      // The application's own role looks at one organization at a time, as before.
      const seen = await plain.transaction({ organizationId: randomUUID(), userId: 'test', roles: [] }, (tx) =>
        tx.rows('select from talentbridge.credential'),
      );
      expect(seen).toHaveLength(0);
    } finally {
      await plain.close();
    }
  });
});
