import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { SyncSchedule } from './ledger/sync-schedule.js';
import { announceChanges } from './writing/notes.js';

/** Rows in one transaction. */
const AT_ONCE = 1_000;

/** Tables with rows of connections, the largest first. What is erased stays erased, whoever leaves. */
const TABLES = [
  'mirror_attachment',
  'mirror_application',
  'mirror_candidate',
  'mirror_job',
  'mirror_read',
  'mirror_gone',
  'sync_issue',
  'sync_doubt',
  'data_copy_refusal',
  'data_copy_file',
  'data_copy',
] as const;

/** Deletes the mirror of a connection. */
export class MirrorClearing {
  constructor(private readonly schedule: SyncSchedule) {}

  /**
   * Deletes, in small transactions, all that is mirrored of a connection that is being cleared. One that was removed leaves
   * nothing; any other begins with a new first load. @returns `false`: it was stopped before it was done.
   */
  async clear(scope: OrganizationScope, connectionId: string, signal: AbortSignal): Promise<boolean> {
    for (const table of TABLES) {
      for (let after: string | null = FIRST; after !== null; ) {
        if (signal.aborted) return false;
        const from: string = after;
        after = await scope.transaction(async (tx) =>
          (await isCleared(tx, connectionId)) ? deleteSome(tx, table, connectionId, from) : null,
        );
      }
    }
    await scope.transaction((tx) => this.end(tx, connectionId));
    return true;
  }

  private async end(tx: Transaction, connectionId: string): Promise<void> {
    if (!(await isCleared(tx, connectionId))) return;
    await tx.rows(`delete from talentbridge.mirror_change m where ${tx.own('m')} and m.connection_id = $1`, [
      connectionId,
    ]);
    await announceChanges(tx, connectionId, { CLEARED: [] });
    await tx.rows(`delete from talentbridge.mirror_state s where ${tx.own('s')} and s.connection_id = $1`, [
      connectionId,
    ]);
    const connection = await tx.row<{ status: string }>(
      `select c.status from talentbridge.connection c where ${tx.own('c')} and c.id = $1`,
      [connectionId],
    );
    if (connection && connection.status !== 'REMOVING' && connection.status !== 'REMOVED') {
      await this.schedule.resume(tx, connectionId);
    } else {
      await tx.rows(`delete from talentbridge.sync_run r where ${tx.own('r')} and r.connection_id = $1`, [
        connectionId,
      ]);
    }
  }
}

async function isCleared(tx: Transaction, connectionId: string): Promise<boolean> {
  const state = await tx.row<{ clearing: boolean }>(
    `select s.clearing from talentbridge.mirror_state s where ${tx.own('s')} and s.connection_id = $1 for update`,
    [connectionId],
  );
  return state?.clearing === true;
}

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Deletes rows in the order of their ids. @returns The last one; `null`: there are no more. */
async function deleteSome(
  tx: Transaction,
  table: (typeof TABLES)[number],
  connectionId: string,
  after: string,
): Promise<string | null> {
  const row = await tx.row<{ last: string | null }>(
    `with batch as materialized (
       select x.id from talentbridge.${table} x
       where ${tx.own('x')} and x.connection_id = $1 and x.id > $2 order by x.id limit ${AT_ONCE}
     ), gone as (
       delete from talentbridge.${table} x using batch where ${tx.own('x')} and x.id = batch.id
     )
     select batch.id as last from batch order by batch.id desc limit 1`,
    [connectionId, after],
  );
  return row?.last ?? null;
}
