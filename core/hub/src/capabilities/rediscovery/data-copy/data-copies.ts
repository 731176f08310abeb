import { MAX_ATTACHMENT_BYTES, type OpenConnection } from '@talentbridge/contracts';
import type { ByteSource } from '../../../directory/import/import-row.js';
import { csvLine } from '../../../directory/import/refused-rows-csv.js';
import type { AuditLog } from '../../../kernel/audit/audit-log.js';
import { callContext } from '../../../kernel/call-context.js';
import { InvalidInputError, NotFoundError, WrongStateError } from '../../../kernel/errors.js';
import type { FileStore } from '../../../kernel/files/file-store.js';
import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../../kernel/notifications.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import { isUuid, type OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../../../kernel/persistence/page.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import { mediaTypeOf } from '../attachments/text/file-type.js';
import { requireKeptMirror, requireShownMirror } from '../shown-mirror.js';
import { openCopyCsv } from './copy-csv.js';
import {
  DATA_COPY_TOPIC,
  type DataCopyFileRecord,
  type DataCopyRecord,
  type DataCopyStatus,
  NO_ROWS,
  type UploadedFile,
} from './data-copy-model.js';
import {
  COPY_COLUMNS,
  csvFiles,
  findCopy,
  lockMirror,
  type ReadTable,
  type StoredCopy,
  withCounts,
} from './data-copy-queries.js';

/** The job that reads the files of a data copy, and deletes them when it has ended. */
export const DATA_COPY_TASK = 'rediscovery.dataCopy';

/** The job that deletes an import with its report. */
export const EXPIRE_TASK = 'rediscovery.dataCopy.expire';

/** How long an import is kept with its report, after it was made or last started. */
const KEPT_DAYS = 30;

/** Tables of one import. */
const MOST_TABLES = 200;
const LONGEST_PATH = 1_000;
const HEADER_LIMIT_MS = 20_000;
/** Bytes of a file that are looked at to tell what it is. */
const REMEMBERED = 65_536;
/** Rows of a report that are read at once. */
const REPORTED_AT_ONCE = 500;

/** What `DataCopies` works with. */
export interface DataCopiesParts {
  readonly entitlements: Entitlements;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  readonly files: FileStore;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
}

/**
 * Imports copies of an ATS's data that an admin got from the vendor, for what no API hands out: files are uploaded one by one,
 * their headers are shown, and a job writes their rows into the mirror.
 */
export class DataCopies {
  constructor(private readonly parts: DataCopiesParts) {}

  /**
   * Makes an import that waits for its files.
   * @throws NotFoundError, CapabilityOffError
   * @throws WrongStateError when the connection cannot be used, or its ATS makes no copies that can be read.
   */
  async open(scope: OrganizationScope, connectionId: string): Promise<DataCopyRecord> {
    await scope.transaction((tx) => this.requireUsable(tx, connectionId));
    const connection = await this.parts.opener.open(scope, connectionId);
    if (!connection.capability('rediscovery')?.readCopyHeader) {
      throw new WrongStateError('CONNECTED', 'The plugin of this connection reads no data copies.');
    }
    return scope.transaction(async (tx) => {
      await this.requireUsable(tx, connectionId);
      const id = uuidv7();
      await tx.rows(
        `insert into talentbridge.data_copy (organization_id, id, connection_id, status, requested_by, expires_at)
         values ($1, $2, $3, 'WAITING_FOR_FILES', $4, $5)`,
        [tx.organizationId, id, connectionId, scope.caller.userId, inDays(KEPT_DAYS)],
      );
      await this.parts.jobs.add(tx, EXPIRE_TASK, id, { runAt: inDays(KEPT_DAYS) });
      await this.parts.audit.record(tx, scope.caller, 'dataCopy.open', subjectOf(id), { connectionId });
      return this.mustFind(tx, id);
    });
  }

  /**
   * Stores one file of a copy, in place of the one before with the same path, and reads its header where it is a CSV.
   * @param path Relative, with slashes; it only says what rows may call the file.
   * @param limit In bytes. A file that is no CSV has at most 25 MiB, as those that the ATS hands out.
   * @throws InvalidInputError when the path is none.
   * @throws NotFoundError, CapabilityOffError
   * @throws WrongStateError when the import was started or has ended, or its mirror is not shown.
   * @throws FileTooLargeError
   */
  async upload(
    scope: OrganizationScope,
    id: string,
    path: string,
    content: ByteSource,
    limit: number,
  ): Promise<UploadedFile> {
    const problem = pathProblem(path);
    if (problem !== undefined) throw new InvalidInputError([{ field: 'path', message: problem }]);
    const isCsv = /\.csv$/i.test(path);
    const fileId = uuidv7();
    const { connectionId, key } = await this.expect(scope, id, fileId, isCsv);
    try {
      const beginning = new Beginning(content);
      const most = isCsv ? limit : Math.min(limit, MAX_ATTACHMENT_BYTES);
      const stored = await this.parts.files.put(key, beginning, { limit: most });
      const read = isCsv
        ? await this.readHeader(scope, connectionId, path, key)
        : { contentType: beginning.mediaType(stored.size) };
      const replaced = await this.settle(scope, id, { fileId, path, ...stored, ...read });
      await this.parts.files.delete(replaced);
    } catch (error) {
      await this.forget(scope, fileId, key);
      throw error;
    }
    return scope.transaction(async (tx) => {
      const row = await tx.row<{ size: number; sha256: string }>(
        `select f.size::float8 as size, f.sha256 from talentbridge.data_copy_file f where ${tx.own('f')} and f.id = $1`,
        [fileId],
      );
      const csv = isCsv ? (await csvFiles(tx, [id])).find((file) => file.id === fileId) : undefined;
      return { path, size: row?.size ?? 0, sha256: row?.sha256 ?? '', ...(csv ? { csv } : {}) };
    });
  }

  /**
   * Begins to write the rows, or goes on after a failure. One that is under way is answered as it is.
   * @throws NotFoundError, CapabilityOffError
   * @throws WrongStateError when it has ended, no file can be read, or another import of the connection is under way.
   */
  start(scope: OrganizationScope, id: string): Promise<DataCopyRecord> {
    return scope.transaction(async (tx) => {
      const { connectionId } = await this.mustFind(tx, id);
      await this.requireUsable(tx, connectionId);
      // Of two that are started at once, one finds the other.
      await lockMirror(tx, connectionId);
      const copy = await this.mustFind(tx, id, 'for update');
      if (isUnderWay(copy.status)) return copy;
      if (copy.status !== 'WAITING_FOR_FILES' && copy.status !== 'FAILED') {
        throw new WrongStateError(copy.status, 'This import has ended. Make a new one, and upload the files again.');
      }
      const files = await csvFiles(tx, [id]);
      if (!files.some((file) => file.table !== null)) {
        throw new WrongStateError(copy.status, 'No file of this import can be read. Upload a CSV file with a header.');
      }
      const other = await tx.row<{ id: string }>(
        `select d.id from talentbridge.data_copy d
         where ${tx.own('d')} and d.connection_id = $1 and d.status in ('QUEUED', 'RUNNING')`,
        [connectionId],
      );
      if (other) {
        throw new WrongStateError(
          copy.status,
          'Another data copy of this connection is being imported. Wait for its end, or cancel it first.',
        );
      }
      await tx.rows(
        `update talentbridge.data_copy d set status = 'QUEUED', status_reason = null, expires_at = $2
         where ${tx.own('d')} and d.id = $1`,
        [id, inDays(KEPT_DAYS)],
      );
      await this.parts.jobs.add(tx, EXPIRE_TASK, id, { runAt: inDays(KEPT_DAYS) });
      await this.parts.jobs.add(tx, DATA_COPY_TASK, id);
      await this.parts.audit.record(tx, scope.caller, 'dataCopy.start', subjectOf(id), {
        connectionId,
        files: files.length,
      });
      await this.parts.notifications.announce(tx, DATA_COPY_TOPIC, id);
      return this.mustFind(tx, id);
    });
  }

  /**
   * Ends an import; what it wrote stays, and its files are deleted.
   * @throws NotFoundError
   * @throws WrongStateError when it has ended.
   */
  cancel(scope: OrganizationScope, id: string): Promise<DataCopyRecord> {
    return scope.transaction(async (tx) => {
      const copy = await this.mustFind(tx, id, 'for update');
      if (copy.status === 'COMPLETE' || copy.status === 'CANCELLED') {
        throw new WrongStateError(copy.status, 'This import has ended, so that there is nothing to cancel.');
      }
      await endCopies(tx, this.parts.jobs, 'It was cancelled.', id);
      await this.parts.audit.record(tx, scope.caller, 'dataCopy.cancel', subjectOf(id), {
        connectionId: copy.connectionId,
      });
      await this.parts.notifications.announce(tx, DATA_COPY_TOPIC, id);
      return this.mustFind(tx, id);
    });
  }

  /**
   * One import, or `undefined` when there is none.
   * @throws CapabilityOffError, WrongStateError while its mirror is not shown: so do all that show something of an import.
   */
  get(scope: OrganizationScope, id: string): Promise<DataCopyRecord | undefined> {
    return scope.read(async (tx) => {
      const copy = await findCopy(tx, id);
      if (copy) await this.requireShown(tx, copy.connectionId);
      return copy;
    });
  }

  /** The imports of a connection, newest first. @throws NotFoundError when there is no such connection. */
  list(scope: OrganizationScope, connectionId: string, page: PageRequest): Promise<Page<DataCopyRecord>> {
    return scope.read(async (tx) => {
      await this.requireShown(tx, connectionId);
      const found = await pageOf<StoredCopy>(tx, page, {
        select: COPY_COLUMNS,
        from: `talentbridge.data_copy d where ${tx.own('d')} and d.connection_id = $1`,
        parameters: [connectionId],
        order: 'd.id desc',
        after: { column: 'd.id', comparison: '<' },
      });
      return { ...found, items: await withCounts(tx, found.items) };
    });
  }

  /** The CSV files of imports, by the import's id. Who has none is left out. */
  async filesOf(
    scope: OrganizationScope,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly DataCopyFileRecord[]>> {
    const own = ids.filter(isUuid);
    const files = await scope.read(async (tx) => {
      const connections = await tx.rows<{ id: string }>(
        `select distinct d.connection_id as id from talentbridge.data_copy d where ${tx.own('d')} and d.id = any($1::uuid[])`,
        [own],
      );
      for (const { id } of connections) await this.requireShown(tx, id);
      return csvFiles(tx, own);
    });
    return Map.groupBy(files, (file) => file.dataCopyId);
  }

  /**
   * The refused rows as CSV, as they are read: for each file a header of its own and its rows, with the line, the column and the
   * reason before the row as it was. No cell is live in a spreadsheet. `undefined`: there is no such import.
   */
  async refusedRows(scope: OrganizationScope, id: string): Promise<AsyncIterable<string> | undefined> {
    const copy = await this.get(scope, id);
    if (!copy) return undefined;
    const files = await scope.read((tx) => csvFiles(tx, [id]));
    return this.report(scope, id, files);
  }

  private async *report(
    scope: OrganizationScope,
    id: string,
    files: readonly DataCopyFileRecord[],
  ): AsyncGenerator<string> {
    // Without the mark spreadsheets misread anything but English.
    yield '\ufeff';
    for (const file of files.filter(({ counts }) => counts.refused > 0)) {
      yield csvLine('file', 'line', 'column', 'reason', ...file.columns.map(({ header }) => header));
      let after = { line: 0, id: FIRST_ID };
      for (;;) {
        const from = after;
        const rows = await scope.read((tx) =>
          tx.rows<{ id: string; line: number; header: string | null; reason: string; cells: readonly string[] }>(
            `select r.id, r.line, r.header, r.reason, r.cells from talentbridge.data_copy_refusal r
             where ${tx.own('r')} and r.data_copy_id = $1 and r.file_id = $2 and (r.line, r.id) > ($3, $4)
             order by r.line, r.id limit ${REPORTED_AT_ONCE}`,
            [id, file.id, from.line, from.id],
          ),
        );
        for (const { line, header, reason, cells } of rows) {
          yield csvLine(file.path, String(line), header ?? '', reason, ...cells);
        }
        const last = rows.at(-1);
        if (!last || rows.length < REPORTED_AT_ONCE) break;
        after = { line: last.line, id: last.id };
      }
    }
  }

  /** Notes that a file is coming, so that what lies in the file store is known whatever happens. */
  private expect(
    scope: OrganizationScope,
    id: string,
    fileId: string,
    isCsv: boolean,
  ): Promise<{ readonly connectionId: string; readonly key: string }> {
    return scope.transaction(async (tx) => {
      const { connectionId } = await this.requireWaiting(tx, id);
      await this.requireShown(tx, connectionId);
      const key = isCsv
        ? `${tx.organizationId}/data-copies/${connectionId}/${id}/${fileId}`
        : // Whoever keeps the content of attachments may take it over as it lies.
          `${tx.organizationId}/attachments/${connectionId}/${fileId}`;
      await tx.rows(
        `insert into talentbridge.data_copy_file (organization_id, id, data_copy_id, connection_id, path, key, is_csv, counts)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [tx.organizationId, fileId, id, connectionId, fileId, key, isCsv, JSON.stringify(NO_ROWS)],
      );
      return { connectionId, key };
    });
  }

  private async readHeader(
    scope: OrganizationScope,
    connectionId: string,
    path: string,
    key: string,
  ): Promise<{ readonly table?: ReadTable; readonly reason?: string }> {
    const csv = await openCopyCsv(await this.parts.files.read(key));
    if ('unreadable' in csv) return { reason: csv.unreadable };
    await csv.close();
    const connection = await this.parts.opener.open(scope, connectionId);
    const capability = connection.capability('rediscovery');
    const filename = path.slice(path.lastIndexOf('/') + 1);
    const read = await capability?.readCopyHeader?.(callContext('interactive', HEADER_LIMIT_MS), {
      filename,
      columns: csv.columns,
    });
    if (read?.kind === 'unreadable') return { reason: read.reason };
    if (read?.kind === 'table' && read.columns.length === csv.columns.length) return { table: read };
    return { reason: 'The plugin could not say what the columns are.' };
  }

  /** Puts a file that has arrived in its place. @returns The keys of what it replaced. */
  private settle(
    scope: OrganizationScope,
    id: string,
    file: {
      readonly fileId: string;
      readonly path: string;
      readonly size: number;
      readonly sha256: string;
      readonly table?: ReadTable;
      readonly reason?: string;
      readonly contentType?: string | undefined;
    },
  ): Promise<readonly string[]> {
    return scope.transaction(async (tx) => {
      await this.requireWaiting(tx, id);
      const replaced = await tx.rows<{ key: string | null }>(
        `delete from talentbridge.data_copy_file f
         where ${tx.own('f')} and f.data_copy_id = $1 and f.path = $2 and f.uploaded returning f.key`,
        [id, file.path],
      );
      if (file.table && (await csvFiles(tx, [id])).length >= MOST_TABLES) {
        const message = `An import takes at most ${MOST_TABLES} tables. Start it, and make another for the rest.`;
        throw new WrongStateError('WAITING_FOR_FILES', message);
      }
      await tx.rows(
        `update talentbridge.data_copy_file f
         set path = $2, size = $3, sha256 = $4, copy_table = $5, unreadable_reason = $6, content_type = $7,
           uploaded = true
         where ${tx.own('f')} and f.id = $1`,
        [
          file.fileId,
          file.path,
          file.size,
          file.sha256,
          file.table ? JSON.stringify(file.table) : null,
          file.reason ?? null,
          file.contentType ?? null,
        ],
      );
      await this.parts.notifications.announce(tx, DATA_COPY_TOPIC, id);
      return replaced.flatMap(({ key }) => key ?? []);
    });
  }

  private async forget(scope: OrganizationScope, fileId: string, key: string): Promise<void> {
    await this.parts.files.delete([key]);
    await scope.transaction((tx) =>
      tx.rows(`delete from talentbridge.data_copy_file f where ${tx.own('f')} and f.id = $1`, [fileId]),
    );
  }

  private async requireWaiting(tx: Transaction, id: string): Promise<DataCopyRecord> {
    const copy = await this.mustFind(tx, id, 'for update');
    if (copy.status === 'WAITING_FOR_FILES') return copy;
    throw new WrongStateError(copy.status, 'This import takes no more files. Make a new one for further files.');
  }

  private requireShown(tx: Transaction, connectionId: string): Promise<void> {
    return requireShownMirror(tx, this.parts.entitlements, connectionId);
  }

  private async requireUsable(tx: Transaction, connectionId: string): Promise<void> {
    await requireKeptMirror(tx, this.parts.entitlements, connectionId);
  }

  private async mustFind(tx: Transaction, id: string, lock?: string): Promise<DataCopyRecord> {
    const copy = await findCopy(tx, id, lock);
    if (!copy) throw new NotFoundError('data copy', id);
    return copy;
  }
}

/** A file that is passed on, of which the beginning is remembered. */
class Beginning implements AsyncIterable<Uint8Array> {
  private readonly chunks: Uint8Array[] = [];
  private size = 0;

  constructor(private readonly content: ByteSource) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.content) {
      if (this.size < REMEMBERED) this.chunks.push(chunk);
      this.size += chunk.byteLength;
      yield chunk;
    }
  }

  /** What it is, where that can be told. @param size Of the whole file. */
  mediaType(size: number): string | undefined {
    const type = mediaTypeOf(Buffer.concat(this.chunks));
    // Word documents say so further on.
    return type === 'application/octet-stream' && size > REMEMBERED ? undefined : type;
  }
}

/** Ends imports that have not ended: one, or all of the organization. Their files are deleted by their jobs. @returns How many. */
export async function endCopies(tx: Transaction, jobs: JobQueue, reason: string, id?: string): Promise<number> {
  const ended = await tx.rows<{ id: string }>(
    `update talentbridge.data_copy d set status = 'CANCELLED', status_reason = $2, finished_at = now(), epoch = d.epoch + 1
     where ${tx.own('d')} and ($1::uuid is null or d.id = $1) and d.status not in ('COMPLETE', 'CANCELLED') returning d.id`,
    [id ?? null, reason],
  );
  for (const copy of ended) await jobs.add(tx, DATA_COPY_TASK, copy.id);
  return ended.length;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

function isUnderWay(status: DataCopyStatus): boolean {
  return status === 'QUEUED' || status === 'RUNNING';
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function subjectOf(id: string): { readonly type: string; readonly id: string } {
  return { type: 'dataCopy', id };
}

function pathProblem(path: string): string | undefined {
  const parts = path.split('/');
  const isPath = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPath || /[\p{Cc}\\]/u.test(path) || !path.isWellFormed()) {
    return 'Name the file by a relative path with slashes, such as resumes/17.pdf.';
  }
  return path.length > LONGEST_PATH ? `A path has at most ${LONGEST_PATH} characters.` : undefined;
}
