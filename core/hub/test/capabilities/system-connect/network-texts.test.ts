import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { NetworkTexts } from '../../../dist/capabilities/system-connect/network-texts.js';
import { Connection } from '../../../dist/connections/connection.entity.js';
import { Database } from '../../../dist/kernel/persistence/database.js';
import type { Transaction } from '../../../dist/kernel/persistence/transaction.js';
import { KeyRing } from '../../../dist/kernel/vault/key-ring.js';
import { Vault } from '../../../dist/kernel/vault/vault.js';
import { rotateKeys } from '../../../dist/rotate-keys.js';

const ringOf = (...ids: readonly string[]): KeyRing =>
  new KeyRing(ids[0] ?? '', new Map(ids.map((id) => [id, Buffer.alloc(32, id)])));
const textsOf = (...ids: readonly string[]): NetworkTexts => new NetworkTexts(new Vault(ringOf(...ids)));

let url: string;
let database: Database;
beforeAll(async () => {
  url = await freshDatabase();
  database = await Database.open({ url, entities: [Connection] });
});
afterAll(() => database.close());

/** One network connection of an organization of its own. */
function place() {
  const [organizationId, connectionId] = [randomUUID(), randomUUID()];
  const inside = <Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
    database.transaction({ organizationId, userId: 'system', roles: [] }, work);
  return {
    organizationId,
    connectionId,
    inside,
    seal: (texts: NetworkTexts, id: string, value: unknown) =>
      inside(async (tx) => {
        const [sealed] = await texts.seal(tx, connectionId, [{ id, value }]);
        return sealed ?? Buffer.alloc(0);
      }),
    open: (texts: NetworkTexts, id: string, sealed: Buffer, from = connectionId) =>
      inside(async (tx) => (await texts.open(tx, from, [{ id, sealed }], z.unknown())).get(id)),
  };
}

describe('RSC-6: encrypting what recruiters write', () => {
  it('gives back whatever was sealed', async () => {
    const { seal, open } = place();
    const texts = textsOf('k');
    await fc.assert(
      fc.asyncProperty(fc.uuid(), fc.string({ unit: 'binary' }), async (id, text) => {
        expect(await open(texts, id, await seal(texts, id, { text }))).toEqual({ text });
      }),
      { numRuns: 50 },
    );
  });

  it('opens nothing that was changed, cut, or belongs to another record, connection or organization', async () => {
    const [here, there] = [place(), place()];
    const texts = textsOf('k');
    const sealed = await here.seal(texts, 'item-1', { text: 'words' });
    await there.seal(texts, 'item-1', { text: 'other words' });
    const broken = { name: 'SealBrokenError' };
    await expect(here.open(texts, 'item-2', sealed)).rejects.toMatchObject(broken);
    await expect(there.open(texts, 'item-1', sealed)).rejects.toMatchObject(broken);
    await expect(here.open(texts, 'item-1', sealed, there.connectionId)).rejects.toMatchObject(broken);
    await expect(here.open(texts, 'item-1', sealed.subarray(0, 10))).rejects.toMatchObject(broken);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ by;
        await expect(here.open(texts, 'item-1', changed)).rejects.toMatchObject(broken);
      }),
      { numRuns: 30 },
    );
  });

  it('makes one key of two that are made at once', async () => {
    const { seal, open } = place();
    const texts = textsOf('k');
    const sealed = await Promise.all(['a', 'b', 'c'].map(async (id) => [id, await seal(texts, id, id)] as const));
    for (const [id, one] of sealed) expect(await open(texts, id, one)).toBe(id);
  });

  it('opens nothing any more once the key is destroyed', async () => {
    const { seal, open, inside, connectionId } = place();
    const texts = textsOf('k');
    const sealed = await seal(texts, 'item-1', 'words');
    await inside((tx) => texts.destroyKey(tx, connectionId));
    await expect(open(texts, 'item-1', sealed)).rejects.toMatchObject({ name: 'SealBrokenError' });
    await seal(texts, 'item-2', 'another key now');
    await expect(open(texts, 'item-1', sealed)).rejects.toMatchObject({ name: 'SealBrokenError' });
  });

  it('OPS-3: is opened by the new key alone once keys were rotated, and the texts stay as they are', async () => {
    const { seal, open } = place();
    const sealed = await seal(textsOf('old'), 'item-1', 'words');
    const report = await rotateKeys({ databaseUrl: url, keys: ringOf('new', 'old', 'k') });
    expect(report.left).toEqual([]);
    expect(await open(textsOf('new'), 'item-1', sealed)).toBe('words');
    await expect(open(textsOf('old'), 'item-1', sealed)).rejects.toMatchObject({ name: 'KeyMissingError' });
  });
});
