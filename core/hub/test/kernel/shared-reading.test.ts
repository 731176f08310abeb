import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { Database } from '../../src/kernel/persistence/database.js';
import { OrganizationScope } from '../../src/kernel/persistence/organization-scope.js';
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

  it('is one for everything that follows from what was read', async () => {
    const scope = newScope();
    const begun = () => scope.read((tx) => tx.row<{ at: string }>(`select now()::text as at, pg_backend_pid() as pid`));
    const first = await begun();
    const beside = await Promise.all([begun(), begun().then(begun)]);
    await new Promise((resolve) => process.nextTick(resolve));
    expect([...beside, await begun()]).toEqual([first, first, first]);
    await scope.close();
  });

  it('keeps no connection from others while its operation waits for something else', async () => {
    // More than the pool has connections, and none of them is closed.
    const scopes = Array.from({ length: 10 }, newScope);
    const elsewhere = Promise.withResolvers<void>();
    const waiting = scopes.map(async (scope) => {
      await scope.read((tx) => tx.rows('select 1'));
      await elsewhere.promise;
      return await scope.read((tx) => tx.row('select 2 as two'));
    });
    const other = newScope();
    expect(await other.transaction((tx) => tx.row('select 1 as one'))).toEqual({ one: 1 });
    elsewhere.resolve();
    expect(await Promise.all(waiting)).toEqual(scopes.map(() => ({ two: 2 })));
  });

  it('that could not be opened is opened anew by whoever reads next', async () => {
    let refused = 0;
    const scope = new OrganizationScope(
      {
        transaction: (caller, work) => database.transaction(caller, work),
        beginReading: async (caller, reader) => {
          if (refused > 0) return await database.beginReading(caller, reader);
          refused += 1;
          throw new Error('The database is away.');
        },
      },
      { organizationId: randomUUID(), userId: 'test', roles: [] },
    );
    await expect(scope.read(async () => 1)).rejects.toThrow('The database is away.');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await scope.read((tx) => tx.row('select 1 as one'))).toEqual({ one: 1 });
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
