import type { AuditLog } from '../kernel/audit/audit-log.js';
import type { OrganizationScope } from '../kernel/persistence/organization-scope.js';
import type { ByteSource, ReadRow, RefusedRow } from './import/import-row.js';
import { type ImportFormat, readImport } from './import/read-import.js';
import type { Profile } from './profile.js';
import type { ProfileStore } from './profile-store.js';

/** Rows written in one transaction: enough for speed, few enough to start over. */
const BATCH = 500;

/** Refused rows that a report lists; the count is of all. */
const MOST_LISTED = 1_000;

/** What became of a file. */
export interface ImportReport {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Rows that were refused as a whole. */
  readonly refused: number;
  /** The first thousand of them, with every reason. */
  readonly refusedRows: readonly RefusedRow[];
  /** Rows that were taken without some part that could not be used: the first thousand. */
  readonly notes: readonly Pick<ReadRow, 'line' | 'notes'>[];
}

/** Imports files of profiles: streamed, batch by batch, a broken row never in the way of a good one. */
export class ProfileImport {
  constructor(
    private readonly store: ProfileStore,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Imports one file. What was imported stays, should the file break off.
   * @throws ImportFileError when nothing of the file can be read.
   */
  async run(scope: OrganizationScope, format: ImportFormat, source: ByteSource): Promise<ImportReport> {
    const report = { created: 0, updated: 0, unchanged: 0, refused: 0 };
    const refusedRows: RefusedRow[] = [];
    const notes: Pick<ReadRow, 'line' | 'notes'>[] = [];
    // By key: the last row of a key wins, within a batch as across batches.
    let batch = new Map<string, Profile>();
    const write = async (): Promise<void> => {
      const profiles = [...batch.values()];
      batch = new Map();
      const { counts } = await scope.transaction((tx) => this.store.upsert(tx, profiles));
      report.created += counts.created;
      report.updated += counts.updated;
      report.unchanged += counts.unchanged;
    };
    for await (const row of readImport(format, source)) {
      if (!row.ok) {
        report.refused += 1;
        if (refusedRows.length < MOST_LISTED) refusedRows.push(row);
        continue;
      }
      if (row.notes.length > 0 && notes.length < MOST_LISTED) notes.push({ line: row.line, notes: row.notes });
      batch.set(row.profile.key, row.profile);
      if (batch.size >= BATCH) await write();
    }
    if (batch.size > 0) await write();
    await scope.transaction((tx) =>
      this.audit.record(
        tx,
        scope.caller,
        'profiles.import',
        { type: 'organization', id: scope.organizationId },
        { format, ...report },
      ),
    );
    return { ...report, refusedRows, notes };
  }
}
