import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { ExportHistory } from '../../../src/capabilities/export/export-history.js';
import { Connection } from '../../../src/connections/connection.entity.js';
import { systemCaller } from '../../../src/kernel/organizations/caller.js';
import { Database } from '../../../src/kernel/persistence/database.js';

const organizationId = randomUUID();
const ACCOUNT = 'ats/account';

let database: Database;
beforeAll(async () => {
  database = await Database.open({ url: await freshDatabase(), entities: [Connection] });
});
afterAll(() => database.close());

/** Items of one export, by what the ledger has of each; forgotten; and what it has then, in their order. */
async function afterErasing(remoteId: string, items: readonly object[]): Promise<readonly object[]> {
  return database.transaction(systemCaller(organizationId), async (tx) => {
    const exportId = randomUUID();
    await tx.rows(
      `insert into talentbridge.export (organization_id, id, connection_id, plugin_id, account_key, target, options, status,
         idempotency_key, request_hash, requested_by)
       values ($1, $2, gen_random_uuid(), 'ats', $3, '{}', '{}', 'RUNNING', gen_random_uuid()::text, '', 'admin')`,
      [organizationId, exportId, ACCOUNT],
    );
    await tx.rows(
      `insert into talentbridge.export_item (organization_id, id, export_id, position, account_key, profile_id, state, outcome,
         existing_id, remote_id, reason)
       select $1, gen_random_uuid(), $2, n.at, $3, gen_random_uuid(), n.state, n.outcome, n.existing_id, n.remote_id, n.reason
       from rows from (jsonb_to_recordset($4::jsonb) as (state text, outcome text, existing_id text, remote_id text, reason text))
         with ordinality as n (state, outcome, existing_id, remote_id, reason, at)`,
      [organizationId, exportId, ACCOUNT, JSON.stringify(items)],
    );
    await new ExportHistory().forget(tx, { accountKey: ACCOUNT, remoteId, pseudonym: 'p1' });
    return tx.rows(
      `select i.state, i.outcome, i.code, i.existing_id, i.remote_id, i.reason from talentbridge.export_item i
       where ${tx.own('i')} and i.export_id = $1 order by i.position`,
      [exportId],
    );
  });
}

it('RED-12, EXP-12: who is erased while they are being exported is not made anew, and no item says who they are', async () => {
  const others = { state: 'PENDING', outcome: null, code: null, existing_id: 'c-170', remote_id: null, reason: null };
  const rows = await afterErasing('c-17', [
    { state: 'PENDING', existing_id: 'c-17' },
    { state: 'OPEN', existing_id: 'c-17' },
    { state: 'DONE', outcome: 'CREATED', remote_id: 'c-17' },
    { state: 'DONE', outcome: 'FAILED', reason: 'The ATS has no candidate c-17.' },
    { state: 'PENDING', existing_id: 'c-170' },
  ]);
  const ended = { state: 'DONE', outcome: 'FAILED', code: 'CANDIDATE_ERASED', existing_id: null, remote_id: null };
  expect(rows).toMatchObject([
    ended,
    ended,
    { state: 'DONE', outcome: 'CREATED', remote_id: 'erased:p1' },
    { state: 'DONE', outcome: 'FAILED', reason: 'The ATS has no candidate [erased].' },
    others,
  ]);
});
