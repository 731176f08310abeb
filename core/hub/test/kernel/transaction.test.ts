import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { Database } from '../../src/kernel/persistence/database.js';
import type { Transaction } from '../../src/kernel/persistence/transaction.js';

let database: Database;
beforeAll(async () => {
  // One connection, so that all of them see which plans it keeps.
  database = await Database.open({ url: await freshDatabase(), entities: [Connection], poolSize: 1 });
});
afterAll(() => database.close());

const run = <Result>(
  work: (tx: Transaction) => Promise<Result>,
  organizationId: string = randomUUID(),
): Promise<Result> => database.scope({ organizationId, userId: 'test', roles: [] }).transaction(work);
const tag = (tx: Transaction, name: string): Promise<unknown> =>
  tx.rows('insert into talentbridge.organization_tag (organization_id, name) values ($1, $2)', [
    tx.organizationId,
    name,
  ]);

const tagsOf = (tx: Transaction): string =>
  `select t.name from talentbridge.organization_tag t where ${tx.own('t')} order by t.name`;
const tags = (tx: Transaction): Promise<readonly object[]> => tx.rows(tagsOf(tx));

describe('statements of a transaction that are not waited for', () => {
  it('run one after the other, and each sees what those before it wrote', async () => {
    const seen = await run(async (tx) => {
      const writing = Promise.all(['a', 'b', 'c'].map((name) => tag(tx, name)));
      const rows = await tags(tx);
      await writing;
      return rows;
    });
    expect(seen).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
  });

  it('fail with the error of the first that failed, and nothing of them stays', async () => {
    const organizationId = randomUUID();
    const failing = run(async (tx) => {
      const writing = tag(tx, 'a');
      const repeating = tag(tx, 'a');
      repeating.catch(() => undefined);
      await writing;
      await tags(tx);
    }, organizationId);
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await run(tags, organizationId)).toEqual([]);
  });
});

describe('statements whose plans are kept', () => {
  const kept = (tx: Transaction, like: string): Promise<readonly { readonly statement: string }[]> =>
    tx.rows('select p.statement from pg_prepared_statements p where p.statement like $1', [like]);

  it('show each organization its own rows, and have one plan for all of them', async () => {
    const organizations = [randomUUID(), randomUUID()];
    for (const id of organizations) await run((tx) => tag(tx, `of ${id}`), id);
    for (const id of [...organizations, ...organizations]) {
      expect(await run((tx) => tx.preparedRows(tagsOf(tx)), id)).toEqual([{ name: `of ${id}` }]);
    }
    expect(await run((tx) => kept(tx, '%organization_tag t where%'))).toHaveLength(1);
  });

  it('take values besides the organization', async () => {
    const named = (tx: Transaction, name: string): Promise<readonly object[]> =>
      tx.preparedRows(`select t.name from talentbridge.organization_tag t where t.name = $1 and ${tx.own('t')}`, [
        name,
      ]);
    const found = run(async (tx) => {
      await tag(tx, 'a');
      await tag(tx, 'b');
      return [await named(tx, 'a'), await named(tx, 'b'), await named(tx, 'c')];
    });
    expect(await found).toEqual([[{ name: 'a' }], [{ name: 'b' }], []]);
  });

  it('fail as others do, and can be run again', async () => {
    const divide = (by: number) => run((tx) => tx.preparedRows('select 6 / $1::int as share', [by]));
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
    expect(await divide(2)).toEqual([{ share: 3 }]);
  });

  it('are planned each time once there are too many of them', async () => {
    await run(async (tx) => {
      for (let number = 0; number < 300; number += 1) {
        expect(await tx.preparedRows(`select $1::int + ${number} as sum`, [1])).toEqual([{ sum: number + 1 }]);
      }
      expect((await kept(tx, '%')).length).toBeLessThanOrEqual(100);
    });
  });
});
