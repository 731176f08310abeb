import { NotFoundError } from '../../kernel/errors.js';
import { idsInText, MASKED_ID } from '../../kernel/persistence/ids-in-text.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../../kernel/persistence/page.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { ExportCounts, ExportItemRecord, ExportRecord, ItemOutcome } from './export-model.js';

/** Where a person was exported to. */
export interface ExportedTo {
  readonly connectionId: string;
  readonly pluginId: string;
  readonly remoteId: string | null;
  readonly remoteUrl: string | null;
  readonly exportedAt: Date;
}

/** The columns of an `ExportRecord`, of a table that is called `e`. */
export const EXPORT_COLUMNS = `e.id, e.connection_id as "connectionId", e.plugin_id as "pluginId", e.target, e.options, e.status,
  e.status_reason as "statusReason", e.requested_by as "requestedBy", e.created_at as "createdAt",
  e.started_at as "startedAt", e.finished_at as "finishedAt"`;

/** The columns of an `ExportItemRecord`, of a table that is called `i`. */
export const ITEM_COLUMNS = `i.id, i.export_id as "exportId", i.position, i.profile_id as "profileId", i.state, i.outcome, i.code,
  i.reason, i.remedy, i.remote_id as "remoteId", i.remote_url as "remoteUrl", i.warnings, i.finished_at as "finishedAt"`;

/** Answers for exports that were ordered: how far they are, and what became of whom. */
export class ExportHistory {
  /** One export, or `undefined` when there is none. */
  get(scope: OrganizationScope, id: string): Promise<ExportRecord | undefined> {
    return scope.read((tx) => findExport(tx, id));
  }

  /** Newest first; of one connection, where one is named. */
  list(scope: OrganizationScope, page: PageRequest, connectionId?: string): Promise<Page<ExportRecord>> {
    if (connectionId !== undefined && !isUuid(connectionId)) throw new NotFoundError('connection', connectionId);
    return scope.read((tx) =>
      pageOf<ExportRecord>(tx, page, {
        select: EXPORT_COLUMNS,
        from: `talentbridge.export e where ${tx.own('e')} and ($1::uuid is null or e.connection_id = $1)`,
        parameters: [connectionId ?? null],
        order: 'e.id desc',
        after: { column: 'e.id', comparison: '<' },
      }),
    );
  }

  /**
   * Puts a pseudonym in the place of a candidate who was erased at an account, and ends the items that were about to complete them:
   * with the id forgotten, another try would make another candidate. @returns How many items named them.
   */
  async forget(
    tx: Transaction,
    erased: { readonly accountKey: string; readonly remoteId: string; readonly pseudonym: string },
  ): Promise<number> {
    await tx.rows(
      `update talentbridge.export_item i
       set state = 'DONE', outcome = 'FAILED', finished_at = now(), code = 'CANDIDATE_ERASED',
         reason = 'The person was erased here while they were in the ATS, but not complete.',
         remedy = 'Look them up in the ATS. Exporting again makes another candidate there.'
       where ${tx.own('i')} and i.account_key = $1 and i.existing_id = $2 and i.state <> 'DONE'`,
      [erased.accountKey, erased.remoteId],
    );
    const rows = await tx.rows(
      `update talentbridge.export_item i
       set remote_id = case when i.remote_id = $2 then $3 else i.remote_id end,
         remote_url = case when i.remote_id = $2 then null else i.remote_url end,
         existing_id = case when i.existing_id = $2 then null else i.existing_id end,
         existing_url = case when i.existing_id = $2 then null else i.existing_url end,
         reason = regexp_replace(i.reason, $4, '${MASKED_ID}', 'g')
       where ${tx.own('i')} and i.account_key = $1 and ($2 in (i.remote_id, i.existing_id) or i.reason ~ $4) returning i.id`,
      [erased.accountKey, erased.remoteId, `erased:${erased.pseudonym}`, idsInText([erased.remoteId])],
    );
    return rows.length;
  }

  /** How far exports are, by id. */
  async counts(scope: OrganizationScope, exportIds: readonly string[]): Promise<ReadonlyMap<string, ExportCounts>> {
    const rows = await scope.read((tx) =>
      tx.rows<{ exportId: string; outcome: ItemOutcome | null; count: number }>(
        `select i.export_id as "exportId", i.outcome, count(*)::int as count from talentbridge.export_item i
         where ${tx.own('i')} and i.export_id = any($1::uuid[]) group by i.export_id, i.outcome`,
        [exportIds.filter(isUuid)],
      ),
    );
    const byExport = Map.groupBy(rows, (row) => row.exportId);
    return new Map([...byExport].map(([id, own]) => [id, countsOf(own)]));
  }

  /** The candidates of an export in their order; only those with certain outcomes, where some are named. */
  items(
    scope: OrganizationScope,
    exportId: string,
    page: PageRequest,
    outcomes?: readonly ItemOutcome[],
  ): Promise<Page<ExportItemRecord>> {
    return scope.read((tx) =>
      pageOf<ExportItemRecord>(tx, page, {
        select: ITEM_COLUMNS,
        from: `talentbridge.export_item i where ${tx.own('i')} and i.export_id = $1 and ($2::text[] is null or i.outcome = any($2))`,
        parameters: [exportId, outcomes ?? null],
        order: 'i.position',
        after: { column: 'i.position', comparison: '>', kind: 'number' },
      }),
    );
  }

  /** Where people were exported to, newest first, by profile id. */
  async exportedTo(
    scope: OrganizationScope,
    profileIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ExportedTo[]>> {
    const rows = await scope.read((tx) =>
      tx.rows<ExportedTo & { readonly profileId: string }>(
        `select i.profile_id as "profileId", e.connection_id as "connectionId", e.plugin_id as "pluginId",
           i.remote_id as "remoteId", i.remote_url as "remoteUrl", i.finished_at as "exportedAt"
         from talentbridge.export_item i
         join talentbridge.export e on ${tx.own('e')} and e.id = i.export_id
         where ${tx.own('i')} and i.profile_id = any($1::uuid[]) and i.outcome in ('CREATED', 'UPDATED')
         order by i.finished_at desc`,
        [profileIds],
      ),
    );
    return Map.groupBy(rows, (row) => row.profileId);
  }
}

/** One export of the organization of a transaction, or `undefined` when there is none. */
export function findExport(tx: Transaction, id: string): Promise<ExportRecord | undefined> {
  if (!isUuid(id)) return Promise.resolve(undefined);
  return tx.row<ExportRecord>(
    `select ${EXPORT_COLUMNS} from talentbridge.export e where ${tx.own('e')} and e.id = $1`,
    [id],
  );
}

function countsOf(rows: readonly { readonly outcome: ItemOutcome | null; readonly count: number }[]): ExportCounts {
  const of = (outcome: ItemOutcome | null): number => rows.find((row) => row.outcome === outcome)?.count ?? 0;
  return {
    total: rows.reduce((sum, row) => sum + row.count, 0),
    remaining: of(null),
    created: of('CREATED'),
    updated: of('UPDATED'),
    skipped: of('SKIPPED'),
    failed: of('FAILED'),
    unclear: of('UNCLEAR'),
  };
}
