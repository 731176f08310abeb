import type { Logger } from 'pino';
import type { FileStore } from '../../../kernel/files/file-store.js';
import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';

/** The job that deletes the files of an organization that belong to nothing any more. */
export const SWEEP_TASK = 'rediscovery.sweepFiles';

/** How long a file may take from being announced to being stored; what is older was left by a process that died. */
const WRITTEN_WITHIN_MS = 900_000;
const AT_ONCE = 200;
/** A store that is away is asked again soon: somebody may have been erased. */
const RETRY_MS = 5_000;

/** What `AbandonedFiles` works with. */
export interface AbandonedFilesParts {
  readonly files: FileStore;
  readonly jobs: JobQueue;
  readonly logger: Logger;
}

/**
 * Deletes files whose record is gone: after the commit that removed it, and what a process left behind that died while it
 * wrote. Every file is noted here before it is written, so that nothing has to be searched for.
 */
export class AbandonedFiles {
  constructor(private readonly parts: AbandonedFilesParts) {}

  /** Notes a file that is about to be written. Until it is `kept`, it counts as left behind after a while. */
  async announce(tx: Transaction, fileKey: string, attachmentId: string): Promise<void> {
    const row = await tx.row<{ first: boolean }>(
      `with noted as (
         insert into talentbridge.abandoned_file (organization_id, file_key, attachment_id, due_at, written_until)
         select $1, $2, $3, until, until from (select now() + $4 * interval '1 millisecond' as until) as writing
       )
       select not exists (select from talentbridge.abandoned_file f where ${tx.own('f')} and f.due_at > now()) as first`,
      [tx.organizationId, fileKey, attachmentId, WRITTEN_WITHIN_MS],
    );
    // Where others are noted already, a job for them is, and it moves on from one to the next.
    if (row?.first) await this.lookAgain(tx, new Date(Date.now() + WRITTEN_WITHIN_MS));
  }

  /**
   * The file has a record now, which is written in the same transaction, or will never be written.
   * @returns `false`: it took too long, and is deleted.
   */
  async keep(tx: Transaction, fileKey: string): Promise<boolean> {
    const rows = await tx.rows(
      `delete from talentbridge.abandoned_file f where ${tx.own('f')} and f.file_key = $1 returning f.file_key`,
      [fileKey],
    );
    return rows.length > 0;
  }

  /** The files lose their record in the same transaction, and nobody writes them any more. */
  async abandon(
    tx: Transaction,
    files: readonly { readonly fileKey: string; readonly attachmentId: string }[],
  ): Promise<void> {
    if (files.length === 0) return;
    await tx.rows(
      `insert into talentbridge.abandoned_file (organization_id, file_key, attachment_id, due_at)
       select $1, n."fileKey", n."attachmentId", now()
       from jsonb_to_recordset($2::jsonb) as n ("fileKey" text, "attachmentId" uuid)
       on conflict (organization_id, file_key) do update set due_at = excluded.due_at, written_until = null`,
      [tx.organizationId, JSON.stringify(files)],
    );
    await this.parts.jobs.add(tx, SWEEP_TASK, tx.organizationId);
  }

  /** Deletes what is due, and comes again for what will be. */
  async sweep(scope: OrganizationScope, signal: AbortSignal): Promise<void> {
    for (;;) {
      const due = await scope.transaction((tx) =>
        tx.rows<{ fileKey: string }>(
          `select f.file_key as "fileKey" from talentbridge.abandoned_file f
           where ${tx.own('f')} and f.due_at <= now() order by f.due_at limit ${AT_ONCE}`,
        ),
      );
      if (due.length === 0) break;
      const keys = due.map((row) => row.fileKey);
      try {
        await this.parts.files.delete(keys);
      } catch (error) {
        const name = error instanceof Error ? error.name : 'unknown';
        this.parts.logger.warn({ error: name, files: keys.length }, 'files could not be deleted; it is tried again');
        await scope.transaction((tx) =>
          this.parts.jobs.add(tx, SWEEP_TASK, tx.organizationId, { runAt: new Date(Date.now() + RETRY_MS) }),
        );
        return;
      }
      await scope.transaction((tx) => this.deleted(tx, keys));
      if (signal.aborted) break;
    }
    await scope.transaction(async (tx) => {
      const next = await tx.row<{ at: Date | null }>(
        `select min(f.due_at) as at from talentbridge.abandoned_file f where ${tx.own('f')}`,
      );
      if (next?.at) await this.lookAgain(tx, next.at);
    });
  }

  private async deleted(tx: Transaction, keys: readonly string[]): Promise<void> {
    await tx.rows(
      `update talentbridge.abandoned_file f set due_at = f.written_until
       where ${tx.own('f')} and f.file_key = any($1::text[]) and f.due_at <= now() and f.written_until > now()`,
      [keys],
    );
    await tx.rows(
      `delete from talentbridge.abandoned_file f where ${tx.own('f')} and f.file_key = any($1::text[]) and f.due_at <= now()`,
      [keys],
    );
  }

  /** A job of its own: were it the same one, what is due at once would wait with what is due later. */
  private async lookAgain(tx: Transaction, at: Date): Promise<void> {
    await this.parts.jobs.add(tx, SWEEP_TASK, `${tx.organizationId}/later`, { runAt: at });
  }
}
