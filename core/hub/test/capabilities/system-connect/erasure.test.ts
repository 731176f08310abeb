import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { ErasedPeople } from '../../../dist/capabilities/rediscovery/erased-people.js';
import { ErasedMembers } from '../../../dist/capabilities/system-connect/erased-members.js';
import { networkKeepers } from '../../../dist/capabilities/system-connect/network-keepers.js';
import { NetworkTexts } from '../../../dist/capabilities/system-connect/network-texts.js';
import { uuidv7 } from '../../../dist/kernel/persistence/uuidv7.js';
import { Vault } from '../../../dist/kernel/vault/vault.js';
import { InMemoryAts } from '../rediscovery/in-memory-ats.ts';
import { type MirrorDatabase, openMirrorDatabase } from '../rediscovery/mirror-world.ts';
import { unavailable } from './network-plugin.ts';
import { KEYS, storeItem } from './network-world.ts';
import { openPushWorld, somebody } from './push-world.ts';

let mirrors: MirrorDatabase;
beforeAll(async () => {
  mirrors = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => mirrors[Symbol.asyncDispose]());

describe('RED-12: an erased candidate at the network', () => {
  it('loses link, items and texts, with a certificate that counts them, and nobody else loses anything', async () => {
    const vault = new Vault(KEYS);
    const members = new ErasedMembers(new ErasedPeople(vault));
    const texts = new NetworkTexts(vault);
    const ats = new InMemoryAts();
    const [erased, other] = [ats.addCandidate(), ats.addCandidate()];
    const world = await mirrors.connect(ats, { keepers: networkKeepers(members), keys: KEYS });
    await world.workOff();
    const network = uuidv7();
    await world.write(async (tx) => {
      await tx.rows(
        `insert into talentbridge.system_pair (organization_id, connection_id, ats_connection_id, created_by)
         values ($1, $2, $3, 'test')`,
        [tx.organizationId, network, world.connectionId],
      );
      for (const [remoteId, member] of [
        [erased, 'member-1'],
        [other, 'member-2'],
      ]) {
        await tx.rows(
          `insert into talentbridge.network_link (organization_id, connection_id, candidate_remote_id, member, how)
           values ($1, $2, $3, $4, 'MATCHED')`,
          [tx.organizationId, network, remoteId, member],
        );
      }
      const item = { contractId: 'contract', ownerSeatId: 'seat', isPublic: true, text: 'words' };
      for (const member of ['member-1', 'member-1', 'member-2'])
        await storeItem(tx, texts, network, { ...item, member });
    });

    const id = await world.write(async (tx) => {
      const row = await tx.row<{ id: string }>(
        `select c.id from talentbridge.mirror_candidate c where ${tx.own('c')} and c.remote_id = $1`,
        [erased],
      );
      return row?.id ?? '';
    });
    const certificate = await world.mirror.eraseCandidate(world.scope, id);
    expect(Object.fromEntries(certificate.removed.map(({ table, rows }) => [table, rows]))).toMatchObject({
      network_text: 2,
      network_item: 2,
      network_link: 1,
    });
    const { rows } = await mirrors.database.owner.query(
      `select (select array_agg(member) from talentbridge.network_item where connection_id = $1) as items,
         (select array_agg(member) from talentbridge.network_link where connection_id = $1) as links,
         (select count(*)::int from talentbridge.network_text where connection_id = $1) as texts`,
      [network],
    );
    expect(rows).toEqual([{ items: ['member-2'], links: ['member-2'], texts: 1 }]);
    // What the network tells of them later is known to be theirs, without their id being kept.
    const isErased = await world.write((tx) => members.find(tx, network, ['member-1', 'member-2']));
    expect([isErased('member-1'), isErased('member-2')]).toEqual([true, false]);
  });

  it('is ids alone while the network is down, as the certificate says, and nothing once it was told', async () => {
    const world = await openPushWorld(mirrors);
    const { candidate, job } = somebody(world);
    const other = somebody(world, 'bea');
    await world.settle();
    world.network.before = () => {
      throw unavailable();
    };
    const certificate = await world.mirror.mirror.eraseCandidate(world.scope, await world.idOf(candidate));
    await world.push();
    const pending = async (): Promise<number | undefined> =>
      (await world.mirror.look((scope) => world.mirror.mirror.erasure(scope, certificate.id)))?.pending;
    // Themselves, an application, and what belongs to them.
    expect(certificate.removed).toContainEqual({ table: 'network_record', rows: 6 });
    expect(certificate.removed).toContainEqual({ table: 'network_candidate', rows: 1 });
    expect([certificate.pending, await pending()]).toEqual([6, 6]);
    const kept = await world.rows(
      'select to_jsonb(r) as record from talentbridge.network_record r where remote_id like $1 or parent_id like $1',
      [`${candidate}%`],
    );
    expect(kept.length).toBeGreaterThan(0);
    for (const { record } of kept) {
      expect(record).toMatchObject({ digest: null, reason: null, job_remote_id: null, copy: null });
    }
    world.network.before = () => undefined;
    await world.settle();
    expect(await pending()).toBe(0);
    expect(world.network.of('candidate').map(({ remoteId }) => remoteId)).toEqual([other.candidate]);
    expect(world.network.of('job').map(({ remoteId }) => remoteId)).toEqual([job, other.job]);
    const left = await world.rows(
      `select r.remote_id from talentbridge.network_record r where erasure_id is not null or remote_id like $1
       union all select d.mirror_id::text from talentbridge.network_due d`,
      [`${candidate}%`],
    );
    expect(left).toEqual([]);
  });

  it('is not written down again by a worker that hears of the erasure late', async () => {
    const world = await openPushWorld(mirrors);
    const { candidate, application } = somebody(world);
    await world.settle();
    world.ats.changeApplication(application, { stage: 'Offer' });
    await world.mirror.next();
    const id = await world.idOf(candidate);
    let erased = false;
    world.network.after = async () => {
      if (erased) return;
      erased = true;
      await world.mirror.look((scope) => world.mirror.mirror.eraseCandidate(scope, id));
      world.network.before = () => {
        throw unavailable();
      };
    };
    await world.push();
    expect(erased).toBe(true);
    const kept = await world.rows('select r.digest, r.copy from talentbridge.network_record r where mirror_id = $1', [
      id,
    ]);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every(({ digest, copy }) => digest === null && copy === null)).toBe(true);
    world.network.before = () => undefined;
    await world.settle();
    expect(world.network.of('candidate')).toEqual([]);
    expect(await world.rows('select from talentbridge.network_record r where mirror_id = $1', [id])).toEqual([]);
  });
});
