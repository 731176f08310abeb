import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { Database } from '../../src/kernel/persistence/database.js';
import type { Transaction } from '../../src/kernel/persistence/transaction.js';

describe('statements of a transaction that are not waited for', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open({ url: await freshDatabase(), entities: [Connection] });
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

  const tags = (tx: Transaction): Promise<readonly object[]> =>
    tx.rows(`select t.name from talentbridge.organization_tag t where ${tx.own('t')} order by t.name`);

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
