import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { Database } from '../../src/kernel/persistence/database.js';
import type { OrganizationScope } from '../../src/kernel/persistence/organization-scope.js';
import { pageOf } from '../../src/kernel/persistence/page.js';

describe('the read-only transaction that the fields of one operation share', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open({ url: await freshDatabase(), entities: [Connection], poolSize: 3 });
  });
  afterAll(() => database.close());

  const newScope = (): OrganizationScope => database.scope({ organizationId: randomUUID(), userId: 'test', roles: [] });

  it('goes on while one field still reads, whatever another one writes', async () => {
    const scope = newScope();
    const wrote = Promise.withResolvers<void>();
    const reading = scope.read(async (tx) => {
      const [first] = await tx.rows<{ pid: number }>('select pg_backend_pid() as pid');
      await wrote.promise;
      const [second] = await tx.rows<{ pid: number }>('select pg_backend_pid() as pid');
      return [first?.pid, second?.pid];
    });
    await scope.transaction((tx) => tx.rows('select 1'));
    wrote.resolve();
    const [first, second] = await reading;
    expect(second).toBe(first);
    await scope.close();
  });

  it('counts a page although the transaction that read it has ended', async () => {
    const scope = newScope();
    await scope.transaction((tx) =>
      tx.rows(`insert into talentbridge.organization_tag (organization_id, name) values ($1, 'a'), ($1, 'b')`, [
        tx.organizationId,
      ]),
    );
    const page = await scope.read((tx) =>
      pageOf(
        tx,
        { first: 1 },
        {
          select: 't.name',
          from: `talentbridge.organization_tag t where ${tx.own('t')}`,
          order: 't.name',
          after: { column: 't.name', comparison: '>' },
        },
      ),
    );
    await scope.close();
    expect(await page.total()).toBe(2);
    await scope.close();
  });

  it('gives its connection back once the last field has read', async () => {
    // More scopes than the pool has connections: one that is kept would stop the others.
    for (let round = 0; round < 10; round += 1) {
      const scope = newScope();
      const reading = scope.read((tx) => tx.rows('select pg_sleep(0.01)'));
      await scope.close();
      await reading;
    }
  });
});
