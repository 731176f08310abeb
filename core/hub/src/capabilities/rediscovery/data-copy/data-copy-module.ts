import type { OpenConnection } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import type { FileStore } from '../../../kernel/files/file-store.js';
import type { JobPayload, JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../../kernel/jobs/lost-jobs.js';
import { systemCaller } from '../../../kernel/organizations/caller.js';
import type { Database } from '../../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { ErasureKeeper } from '../erasures.js';
import { DATA_COPY_TASK, EXPIRE_TASK, endCopies } from './data-copies.js';
import type { DataCopyLedger } from './data-copy-ledger.js';
import { lockMirror, withCounts } from './data-copy-queries.js';
import { DataCopyRun } from './data-copy-run.js';

/** Files in one go. */
const FILES_AT_ONCE = 1_000;

/** What `DataCopyModule` works with. */
export interface DataCopyModuleParts {
  readonly database: Database;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  readonly ledger: DataCopyLedger;
  readonly files: FileStore;
  readonly jobs: JobQueue;
  readonly logger: Logger;
}

/** The part of Rediscovery that imports data copies: its jobs, and what it does when people and connections go. */
export class DataCopyModule {
  readonly due: readonly DueWork[] = [{ dueBefore: 'talentbridge.data_copies_due' }];

  constructor(private readonly parts: DataCopyModuleParts) {}

  get tasks(): Readonly<Record<string, JobTask>> {
    return {
      [DATA_COPY_TASK]: (payload, signal) => this.work(payload, signal),
      [EXPIRE_TASK]: (payload) => this.expire(payload),
    };
  }

  /** Whoever keeps something of people who are erased. */
  get keepers(): readonly ErasureKeeper[] {
    return [
      // A copy has everybody in it. Rows of its files are found only by reading all of them again: it is uploaded anew instead.
      { table: 'data_copy', forget: (tx) => endCopies(tx, this.parts.jobs, ERASED) },
      { table: 'data_copy_file', forget: (tx) => forgetPaths(tx) },
      { table: 'data_copy_refusal', forget: (tx) => forgetRefusedRows(tx) },
      { table: 'mirror_gone', forget: (tx, { connectionId, remoteId }) => forgetGone(tx, connectionId, remoteId) },
    ];
  }

  /** Deletes the files of a connection that is being cleared. Their records go with its others. */
  async clear(scope: OrganizationScope, connectionId: string): Promise<void> {
    const ids = await scope.transaction(async (tx) => {
      if (!(await lockMirror(tx, connectionId))?.clearing) return undefined;
      await tx.rows(
        `update talentbridge.data_copy d set status = 'CANCELLED', status_reason = 'Its mirror was deleted.',
           finished_at = now(), epoch = d.epoch + 1
         where ${tx.own('d')} and d.connection_id = $1 and d.status not in ('COMPLETE', 'CANCELLED')`,
        [connectionId],
      );
      return tx.rows<{ id: string }>(
        `select d.id from talentbridge.data_copy d where ${tx.own('d')} and d.connection_id = $1`,
        [connectionId],
      );
    });
    if (!ids) return;
    for (const { id } of ids) await this.deleteFiles(scope, id);
    await this.parts.files.deleteBelow(`${scope.organizationId}/data-copies/${connectionId}`);
  }

  private async work({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    const { ledger, logger } = this.parts;
    const found = await ledger.take(scope, id);
    if (found.kind === 'ENDED') await this.deleteFiles(scope, id);
    if (found.kind !== 'READ') return;
    try {
      const end = await new DataCopyRun(this.parts, scope, found.copy).run(signal);
      if (end === 'COMPLETE') await this.deleteFiles(scope, id);
      else if (end === 'MORE') await ledger.later(scope, id);
      else if (end !== 'HALTED') await ledger.giveUp(scope, found.copy, end.failed);
    } catch (error) {
      // The text of an error of the database may quote rows.
      const name = error instanceof Error ? error.name : 'unknown';
      logger.error({ dataCopyId: id, error: name }, 'importing a data copy failed; it is tried again');
      throw error;
    }
  }

  /** Deletes what was uploaded and is nobody else's, and keeps the counts. What began to arrive meanwhile goes as well. */
  private async deleteFiles(scope: OrganizationScope, id: string): Promise<void> {
    await scope.transaction(async (tx) => {
      const [copy] = await withCounts(tx, [{ id, attachments: null } as Parameters<typeof withCounts>[1][number]]);
      await tx.rows(
        `update talentbridge.data_copy d set attachments = $2 where ${tx.own('d')} and d.id = $1 and d.attachments is null`,
        [id, JSON.stringify(copy?.attachments)],
      );
    });
    for (;;) {
      const files = await scope.transaction((tx) =>
        tx.rows<{ id: string; key: string | null }>(
          `select f.id, f.key from talentbridge.data_copy_file f
           where ${tx.own('f')} and f.data_copy_id = $1 and (f.key is not null or not f.is_csv) limit ${FILES_AT_ONCE}`,
          [id],
        ),
      );
      if (files.length === 0) return;
      await this.parts.files.delete(files.flatMap(({ key }) => key ?? []));
      const ids = files.map((file) => file.id);
      await scope.transaction(async (tx) => {
        await tx.rows(
          `delete from talentbridge.data_copy_file f
           where ${tx.own('f')} and f.id = any($1::uuid[]) and (not f.is_csv or not f.uploaded)`,
          [ids],
        );
        await tx.rows(
          `update talentbridge.data_copy_file f set key = null where ${tx.own('f')} and f.id = any($1::uuid[])`,
          [ids],
        );
      });
    }
  }

  private async expire({ organizationId, id }: JobPayload): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    const due = await scope.transaction((tx) =>
      tx.row<{ id: string }>(
        `update talentbridge.data_copy d
         set epoch = d.epoch + 1,
           status = case when d.status = 'COMPLETE' then d.status else 'CANCELLED' end
         where ${tx.own('d')} and d.id = $1 and d.expires_at <= now() returning d.id`,
        [id],
      ),
    );
    if (!due) return;
    await this.deleteFiles(scope, id);
    await scope.transaction(async (tx) => {
      for (const table of ['data_copy_refusal', 'data_copy_file']) {
        await tx.rows(`delete from talentbridge.${table} x where ${tx.own('x')} and x.data_copy_id = $1`, [id]);
      }
      await tx.rows(`delete from talentbridge.data_copy d where ${tx.own('d')} and d.id = $1`, [id]);
    });
  }
}

const ERASED =
  'Somebody was erased who may stand in these files, so that they were deleted. Upload the copy again: nothing is doubled, and who was erased stays away.';

/** The report keeps lines and reasons, and not the rows themselves: whom they name nobody can tell for certain. */
async function forgetRefusedRows(tx: Transaction): Promise<number> {
  const rows = await tx.rows(
    `update talentbridge.data_copy_refusal r set cells = '{}' where ${tx.own('r')} and r.cells <> '{}' returning r.id`,
  );
  return rows.length;
}

/** Files may be called after people: those of reports are called after what they were read as. @returns How many were not. */
async function forgetPaths(tx: Transaction): Promise<number> {
  const renamed = (path: string): string => `update talentbridge.data_copy_file f set path = ${path}
     from (
       select o.id, concat_ws(' ', coalesce(o.copy_table ->> 'label', 'Unreadable'),
           nullif(row_number() over (partition by o.data_copy_id, o.copy_table ->> 'label' order by o.id), 1)) || '.csv' as path
       from talentbridge.data_copy_file o where ${tx.own('o')} and o.is_csv and o.uploaded
     ) as plain
     where ${tx.own('f')} and f.id = plain.id and f.path <> plain.path returning f.id`;
  // In two steps: one may be called already what another one is to be called.
  await tx.rows(renamed('f.id::text'));
  return (await tx.rows(renamed('plain.path'))).length;
}

async function forgetGone(tx: Transaction, connectionId: string, remoteId: string): Promise<number> {
  const rows = await tx.rows(
    `delete from talentbridge.mirror_gone g
     where ${tx.own('g')} and g.connection_id = $1 and g.kind = 'candidate' and g.remote_id = $2 returning g.id`,
    [connectionId, remoteId],
  );
  return rows.length;
}
