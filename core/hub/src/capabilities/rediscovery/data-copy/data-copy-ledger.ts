import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../../kernel/notifications.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import { accountKeyOf, usableConnection } from '../ledger/usable-connection.js';
import type { MirrorPlace } from '../writing/mirror-write.js';
import type { CopiedRows, RefusedLine } from './copied-rows.js';
import type { CopyWriter } from './copy-writer.js';
import { DATA_COPY_TASK } from './data-copies.js';
import { DATA_COPY_TOPIC, type DataCopyCounts, type DataCopyStatus, sumOfRows } from './data-copy-model.js';
import { lockMirror, type ReadTable } from './data-copy-queries.js';

/** An import that this worker has taken. */
export interface TakenCopy extends MirrorPlace {
  readonly id: string;
  readonly epoch: number;
  readonly accountId: string;
}

/** What a worker finds. */
export type CopyToDo =
  | { readonly kind: 'READ'; readonly copy: TakenCopy }
  /** Its files are to be deleted. */
  | { readonly kind: 'ENDED' }
  | { readonly kind: 'NOTHING' };

/** A table on its way into the mirror. */
export interface TableFile {
  readonly id: string;
  readonly path: string;
  readonly key: string;
  readonly table: ReadTable;
  readonly turn: number;
  /** What begins up to this line is dealt with. */
  readonly line: number;
  readonly counts: DataCopyCounts;
}

/** Rows of one table that were read. */
export interface ReadBatch {
  readonly rows: CopiedRows;
  /** What was refused before the plugin saw it. */
  readonly refused: readonly RefusedLine[];
  /** The last line of them. */
  readonly line: number;
}

/** What `DataCopyLedger` works with. */
export interface DataCopyLedgerParts {
  readonly entitlements: Entitlements;
  readonly writer: CopyWriter;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
}

/** Rows of the report of one import. More are counted and not kept. */
const MOST_REPORTED = 100_000;

/**
 * Where the import of a data copy stands, durably. Rows, the line up to which they were written and what was refused among them
 * are one transaction, by the worker that has the import, so that whoever goes on doubles nothing.
 */
export class DataCopyLedger {
  constructor(private readonly parts: DataCopyLedgerParts) {}

  /** Takes an import, if it is to run. From now on every write of an earlier worker is refused. */
  take(scope: OrganizationScope, id: string): Promise<CopyToDo> {
    return scope.transaction(async (tx) => {
      const copy = await tx.row<{ connectionId: string; status: DataCopyStatus; accountId: string | null }>(
        `select d.connection_id as "connectionId", d.status, d.account_id as "accountId"
         from talentbridge.data_copy d where ${tx.own('d')} and d.id = $1`,
        [id],
      );
      if (copy?.status === 'COMPLETE' || copy?.status === 'CANCELLED') return { kind: 'ENDED' };
      if (copy?.status !== 'QUEUED' && copy?.status !== 'RUNNING') return { kind: 'NOTHING' };
      const { connectionId } = copy;
      const connection = await usableConnection(tx, this.parts.entitlements, connectionId);
      const state = await lockMirror(tx, connectionId);
      const problem = !connection || !state || state.clearing ? LEFT : connection.unusable;
      if (problem !== undefined || !connection) {
        await this.fail(tx, id, problem ?? LEFT);
        return { kind: 'NOTHING' };
      }
      const { accountId } = connection;
      if ((state?.accountId ?? accountId) !== accountId || (copy.accountId ?? accountId) !== accountId) {
        await this.fail(tx, id, ANOTHER_ACCOUNT);
        return { kind: 'NOTHING' };
      }
      // The first load has not begun. It will find its own account here.
      await tx.rows(
        `update talentbridge.mirror_state s set account_id = $2
         where ${tx.own('s')} and s.connection_id = $1 and s.account_id is null`,
        [connectionId, accountId],
      );
      const taken = await tx.row<{ epoch: number }>(
        `update talentbridge.data_copy d
         set epoch = d.epoch + 1, status = 'RUNNING', status_reason = null, account_id = $2,
           started_at = coalesce(d.started_at, now())
         where ${tx.own('d')} and d.id = $1 and d.status in ('QUEUED', 'RUNNING') returning d.epoch`,
        [id, accountId],
      );
      if (!taken) return { kind: 'NOTHING' };
      await this.parts.notifications.announce(tx, DATA_COPY_TOPIC, id);
      const place = { connectionId, accountKey: accountKeyOf(connection) };
      return { kind: 'READ', copy: { ...place, id, accountId, epoch: taken.epoch } };
    });
  }

  /** The table that comes next: what others refer to comes first. */
  nextTable(scope: OrganizationScope, copy: TakenCopy): Promise<TableFile | undefined> {
    return scope.transaction((tx) =>
      tx.row<TableFile>(
        `select f.id, f.path, f.key, f.copy_table as "table", f.turn, f.line, f.counts from talentbridge.data_copy_file f
         where ${tx.own('f')} and f.data_copy_id = $1 and f.uploaded and f.copy_table is not null and not f.done
         order by f.turn, f.path limit 1`,
        [copy.id],
      ),
    );
  }

  /** Has a table wait until those of earlier turns were read. */
  postpone(scope: OrganizationScope, copy: TakenCopy, file: TableFile, turn: number): Promise<boolean> {
    return this.ours(scope, copy, async (tx) => {
      await tx.rows(`update talentbridge.data_copy_file f set turn = $2 where ${tx.own('f')} and f.id = $1`, [
        file.id,
        turn,
      ]);
    });
  }

  /** Writes rows, and how far the table was read. @returns `false`: the import is not this worker's any more, or was ended. */
  save(scope: OrganizationScope, copy: TakenCopy, file: TableFile, batch: ReadBatch): Promise<boolean> {
    return this.ours(scope, copy, async (tx) => {
      const from = { dataCopyId: copy.id, path: file.path };
      const { counts, refused } = await this.parts.writer.write(tx, copy, from, batch.rows, batch.refused);
      await this.report(tx, copy, file, refused);
      await tx.rows(
        `update talentbridge.data_copy_file f set line = $2, counts = $3 where ${tx.own('f')} and f.id = $1`,
        [file.id, batch.line, JSON.stringify(sumOfRows(await countsOf(tx, file.id), counts))],
      );
    });
  }

  /** The whole table was read. */
  close(scope: OrganizationScope, copy: TakenCopy, file: TableFile): Promise<boolean> {
    return this.ours(scope, copy, async (tx) => {
      await tx.rows(`update talentbridge.data_copy_file f set done = true where ${tx.own('f')} and f.id = $1`, [
        file.id,
      ]);
    });
  }

  /** Every table was read. Its files are deleted next. */
  complete(scope: OrganizationScope, copy: TakenCopy): Promise<boolean> {
    return this.ours(scope, copy, async (tx) => {
      await tx.rows(
        `update talentbridge.data_copy d set status = 'COMPLETE', status_reason = null, finished_at = now()
         where ${tx.own('d')} and d.id = $1`,
        [copy.id],
      );
    });
  }

  /** Gives it up for now: started again, it goes on where it was. */
  giveUp(scope: OrganizationScope, copy: TakenCopy, reason: string): Promise<boolean> {
    return this.ours(scope, copy, (tx) => this.fail(tx, copy.id, reason));
  }

  /** Gives the worker back. */
  later(scope: OrganizationScope, id: string): Promise<void> {
    return scope.transaction((tx) => this.parts.jobs.add(tx, DATA_COPY_TASK, id));
  }

  private async fail(tx: Transaction, id: string, reason: string): Promise<void> {
    await tx.rows(
      `update talentbridge.data_copy d set status = 'FAILED', status_reason = $2 where ${tx.own('d')} and d.id = $1`,
      [id, reason],
    );
    await this.parts.notifications.announce(tx, DATA_COPY_TOPIC, id);
  }

  /** Does something for an import while nobody else writes to its mirror, if it is this worker's still. */
  private ours(
    scope: OrganizationScope,
    { id, connectionId, epoch, accountId }: TakenCopy,
    work: (tx: Transaction) => Promise<void>,
  ): Promise<boolean> {
    return scope.transaction(async (tx) => {
      const state = await lockMirror(tx, connectionId);
      const copy = await tx.row<{ epoch: number; status: DataCopyStatus }>(
        `select d.epoch, d.status from talentbridge.data_copy d where ${tx.own('d')} and d.id = $1 for update`,
        [id],
      );
      if (copy?.status !== 'RUNNING' || copy.epoch !== epoch) return false;
      if (!state || state.clearing || state.accountId !== accountId) {
        await this.fail(tx, id, !state || state.clearing ? LEFT : ANOTHER_ACCOUNT);
        return false;
      }
      await work(tx);
      await tx.rows(`update talentbridge.data_copy d set progress_at = now() where ${tx.own('d')} and d.id = $1`, [id]);
      await this.parts.notifications.announce(tx, DATA_COPY_TOPIC, id);
      return true;
    });
  }

  private async report(
    tx: Transaction,
    { id, connectionId }: TakenCopy,
    file: TableFile,
    refused: readonly RefusedLine[],
  ): Promise<void> {
    if (refused.length === 0) return;
    const before = await tx.row<{ count: number }>(
      `select coalesce(sum((f.counts ->> 'refused')::int), 0)::int as count from talentbridge.data_copy_file f
       where ${tx.own('f')} and f.data_copy_id = $1 and f.is_csv`,
      [id],
    );
    const kept = refused.slice(0, Math.max(0, MOST_REPORTED - (before?.count ?? 0)));
    if (kept.length === 0) return;
    await tx.rows(
      `insert into talentbridge.data_copy_refusal
         (organization_id, id, data_copy_id, connection_id, file_id, line, header, reason, cells)
       select $1, n.id, $2, $3, $4, n.line, n.header, n.reason, n.cells
       from jsonb_to_recordset($5::jsonb) as n (id uuid, line int, header text, reason text, cells text[])`,
      [
        tx.organizationId,
        id,
        connectionId,
        file.id,
        JSON.stringify(
          kept.map(({ line, header, reason, cells }) => ({ id: uuidv7(), line, header, reason: shown(reason), cells })),
        ),
      ],
    );
  }
}

const LEFT = 'The mirror of this connection is being deleted.';
const ANOTHER_ACCOUNT =
  'The connection leads to another account now. Cancel this import, and upload the copy of that account.';

async function countsOf(tx: Transaction, fileId: string): Promise<DataCopyCounts> {
  const row = await tx.row<{ counts: DataCopyCounts }>(
    `select f.counts from talentbridge.data_copy_file f where ${tx.own('f')} and f.id = $1`,
    [fileId],
  );
  if (!row) throw new Error('The file that is being read has no record.');
  return row.counts;
}

/** A plugin's own words, as they can be stored. */
function shown(reason: string): string {
  return reason.toWellFormed().replaceAll('\u0000', '').slice(0, 500);
}
