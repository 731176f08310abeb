import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { Database } from '../../src/kernel/persistence/database.js';

it('transactions that the server cuts off cost the pool no place', async () => {
  const database = await Database.open({ url: await freshDatabase(), entities: [Connection], poolSize: 2 });
  const caller = { organizationId: randomUUID(), userId: 'test', roles: [] };
  const cutOff = () =>
    database.scope(caller).transaction(async (tx) => {
      const row = await tx.row<{ pid: number }>('select pg_backend_pid() as pid');
      await database.owner.query('select pg_terminate_backend($1)', [row?.pid]);
      await tx.rows('select 1');
    });
  const broken = await Promise.allSettled([cutOff(), cutOff()]);
  expect(broken.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await database.scope(caller).transaction((tx) => tx.row('select 1 as one'))).toEqual({ one: 1 });
  await database.close();
});
