import type { CopyTable } from '@talentbridge/contracts';
import { isUuid } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import {
  type DataCopyCounts,
  type DataCopyFileRecord,
  type DataCopyRecord,
  NO_ROWS,
  sumOfRows,
} from './data-copy-model.js';

/** A table as the plugin read its header. */
export type ReadTable = Extract<CopyTable, { readonly kind: 'table' }>;

/** The columns of a `StoredCopy`, of a table that is called `d`. */
export const COPY_COLUMNS = `d.id, d.connection_id as "connectionId", d.status, d.status_reason as "statusReason",
  d.requested_by as "requestedBy", d.created_at as "createdAt", d.started_at as "startedAt", d.progress_at as "progressAt",
  d.finished_at as "finishedAt", d.expires_at as "expiresAt", d.attachments`;

/** An import as it is stored. */
export type StoredCopy = Omit<DataCopyRecord, 'counts' | 'attachments'> & {
  readonly attachments: DataCopyRecord['attachments'] | null;
};

interface StoredFile {
  readonly id: string;
  readonly dataCopyId: string;
  readonly path: string;
  readonly size: number;
  readonly table: ReadTable | null;
  readonly reason: string | null;
  readonly line: number;
  readonly done: boolean;
  readonly counts: DataCopyCounts;
}

/** One import, or `undefined` when there is none. @param lock `for update`, where it is to be changed. */
export async function findCopy(tx: Transaction, id: string, lock = ''): Promise<DataCopyRecord | undefined> {
  if (!isUuid(id)) return undefined;
  const row = await tx.row<StoredCopy>(
    `select ${COPY_COLUMNS} from talentbridge.data_copy d where ${tx.own('d')} and d.id = $1 ${lock}`,
    [id],
  );
  return row && (await withCounts(tx, [row]))[0];
}

/** Imports with the counts of their files. */
export async function withCounts(tx: Transaction, copies: readonly StoredCopy[]): Promise<readonly DataCopyRecord[]> {
  const rows = await tx.rows<{
    id: string;
    isCsv: boolean;
    files: number;
    size: number;
    named: number;
    counts: readonly DataCopyCounts[] | null;
  }>(
    `select f.data_copy_id as id, f.is_csv as "isCsv", count(*)::int as files, sum(f.size)::float8 as size,
       (count(*) filter (where f.named))::int as named, json_agg(f.counts) filter (where f.is_csv) as counts
     from talentbridge.data_copy_file f
     where ${tx.own('f')} and f.data_copy_id = any($1::uuid[]) and f.uploaded group by f.data_copy_id, f.is_csv`,
    [copies.map((copy) => copy.id)],
  );
  return copies.map((copy) => {
    const own = rows.filter((row) => row.id === copy.id);
    const others = own.find((row) => !row.isCsv);
    return {
      ...copy,
      counts: own.flatMap((row) => row.counts ?? []).reduce(sumOfRows, NO_ROWS),
      attachments: copy.attachments ?? {
        uploaded: others?.files ?? 0,
        size: others?.size ?? 0,
        named: others?.named ?? 0,
      },
    };
  });
}

/** The CSV files of imports, by path. */
export async function csvFiles(
  tx: Transaction,
  dataCopyIds: readonly string[],
): Promise<readonly DataCopyFileRecord[]> {
  const rows = await tx.rows<StoredFile>(
    `select f.id, f.data_copy_id as "dataCopyId", f.path, f.size::float8 as size, f.copy_table as "table",
       f.unreadable_reason as reason, f.line, f.done, f.counts
     from talentbridge.data_copy_file f
     where ${tx.own('f')} and f.data_copy_id = any($1::uuid[]) and f.is_csv and f.uploaded order by f.path`,
    [dataCopyIds],
  );
  return rows.map(({ table, line, done, ...file }) => ({
    ...file,
    table: table?.label ?? null,
    columns: table?.columns ?? [],
    status: table === null ? 'UNREADABLE' : done ? 'DONE' : line > 0 ? 'READING' : 'READY',
  }));
}

/** Keeps everybody else from writing to the mirror of a connection. `undefined`: there is none. */
export function lockMirror(
  tx: Transaction,
  connectionId: string,
): Promise<{ readonly accountId: string | null; readonly clearing: boolean } | undefined> {
  return tx.row(
    `select s.account_id as "accountId", s.clearing from talentbridge.mirror_state s
     where ${tx.own('s')} and s.connection_id = $1 for update`,
    [connectionId],
  );
}
