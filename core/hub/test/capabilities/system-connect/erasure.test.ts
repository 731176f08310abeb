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
import { KEYS, storeItem } from './network-world.ts';

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
});
