import { createHash } from 'node:crypto';
import type { ExportTarget } from '@talentbridge/contracts';
import type { Connection } from '../../connections/connection.entity.js';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { InvalidInputError, NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../kernel/notifications.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import type { ExportDestinations } from './export-destinations.js';
import { EXPORT_COLUMNS, findExport, ITEM_COLUMNS } from './export-history.js';
import type { ExportItemRecord, ExportOptions, ExportRecord } from './export-model.js';
import type { Selection, Selections } from './selections.js';

/** The job that runs an export. */
export const RUN_EXPORT_TASK = 'export.run';

/** The topic under which changes of an export are announced. */
export const EXPORT_TOPIC = 'export';

/** What a recruiter asks for. */
export interface ExportOrder extends Selection {
  readonly connectionId: string;
  readonly target: ExportTarget;
  readonly options: ExportOptions;
  /** Chosen by the client: asking twice with the same key exports once. */
  readonly idempotencyKey: string;
}

/** What an admin knows of an item that is unclear. */
export type Settlement =
  | { readonly arrived: true; readonly remoteId: string; readonly remoteUrl?: string }
  | { readonly arrived: false; readonly sendAgain: boolean };

/** What `Exports` works with. */
export interface ExportsParts {
  readonly destinations: ExportDestinations;
  readonly selections: Selections;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
}

/** Takes orders for exports, and mends what went wrong with them. */
export class Exports {
  constructor(private readonly parts: ExportsParts) {}

  /**
   * Orders an export. Its items and its job are stored in one transaction, and nothing is sent before that.
   * @throws InvalidInputError, NotFoundError, CapabilityOffError, WrongStateError, JobNotOpenError
   */
  async order(scope: OrganizationScope, order: ExportOrder): Promise<ExportRecord> {
    const problems = orderProblems(order);
    if (problems.length > 0) throw new InvalidInputError(problems);
    const hash = requestHash(order);
    const earlier = await scope.transaction((tx) => this.sameOrder(tx, order.idempotencyKey, hash));
    if (earlier) return earlier;
    const connection = await scope.transaction((tx) => this.parts.destinations.usable(tx, order.connectionId));
    await this.parts.destinations.checkTarget(scope, connection, order.target);
    return scope.transaction(async (tx) => {
      const current = await this.parts.destinations.usable(tx, order.connectionId);
      const profileIds = await this.parts.selections.profileIds(tx, order);
      const record = await tx.row<ExportRecord>(
        `insert into talentbridge.export as e
           (organization_id, id, connection_id, plugin_id, account_key, target, options, status, idempotency_key, request_hash, requested_by)
         values ($1, $2, $3, $4, $5, $6, $7, 'QUEUED', $8, $9, $10)
         on conflict (organization_id, idempotency_key) do nothing
         returning ${EXPORT_COLUMNS}`,
        [
          tx.organizationId,
          uuidv7(),
          current.id,
          current.pluginId,
          accountKeyOf(current),
          JSON.stringify(order.target),
          JSON.stringify(order.options),
          order.idempotencyKey,
          hash,
          scope.caller.userId,
        ],
      );
      if (!record) {
        const same = await this.sameOrder(tx, order.idempotencyKey, hash);
        if (same) return same;
        throw new WrongStateError(
          'QUEUED',
          'The same order is being taken at this moment. Ask for its export in a second.',
        );
      }
      await tx.rows(
        `insert into talentbridge.export_item (organization_id, id, export_id, position, account_key, profile_id)
         select $1, o.id, $2, o.position, $3, o.profile_id from unnest($4::uuid[], $5::int[], $6::uuid[]) as o (id, position, profile_id)`,
        [
          tx.organizationId,
          record.id,
          accountKeyOf(current),
          profileIds.map(() => uuidv7()),
          profileIds.map((_, index) => index),
          profileIds,
        ],
      );
      await this.parts.jobs.add(tx, RUN_EXPORT_TASK, record.id);
      await this.parts.audit.record(
        tx,
        scope.caller,
        'export.order',
        { type: 'export', id: record.id },
        {
          connectionId: current.id,
          candidates: profileIds.length,
          target: order.target.kind,
        },
      );
      return record;
    });
  }

  /**
   * Sends failed items again; those named, or all.
   * @throws NotFoundError
   * @throws WrongStateError when there is nothing to retry.
   */
  async retry(scope: OrganizationScope, exportId: string, itemIds?: readonly string[]): Promise<ExportRecord> {
    return scope.transaction(async (tx) => {
      const record = await this.own(tx, exportId);
      await this.parts.destinations.usable(tx, record.connectionId);
      const malformed = itemIds?.findIndex((id) => !isUuid(id)) ?? -1;
      if (malformed >= 0) {
        throw new InvalidInputError([{ field: `itemIds[${malformed}]`, message: 'This id is malformed.' }]);
      }
      const retried = await tx.rows<{ id: string }>(
        `update talentbridge.export_item i
         set state = 'PENDING', outcome = null, code = null, reason = null, remedy = null, warnings = '[]', finished_at = null,
           tries = 0, next_try_at = null, first_tried_at = null,
           existing_id = coalesce(i.existing_id, i.remote_id), existing_url = coalesce(i.existing_url, i.remote_url),
           remote_id = null, remote_url = null
         where ${tx.own('i')} and i.export_id = $1 and i.outcome = 'FAILED' and ($2::uuid[] is null or i.id = any($2))
         returning i.id`,
        [exportId, itemIds ?? null],
      );
      const ids = new Set(retried.map((row) => row.id));
      const others = (itemIds ?? []).flatMap((id, index) => (ids.has(id.toLowerCase()) ? [] : [`itemIds[${index}]`]));
      if (others.length > 0 && ids.size > 0) {
        const message = 'This is no failed item of this export. Nothing was retried.';
        throw new InvalidInputError(others.map((field) => ({ field, message })));
      }
      if (ids.size === 0) {
        throw new WrongStateError(record.status, 'None of these candidates failed, so that there is nothing to retry.');
      }
      await this.parts.audit.record(
        tx,
        scope.caller,
        'export.retry',
        { type: 'export', id: exportId },
        { items: ids.size },
      );
      return this.queue(tx, exportId);
    });
  }

  /**
   * Cancels an export: whom it has not begun is not sent; what is under way is finished first, so that nobody is left in
   * doubt. Where nothing can be finished because the export is paused, what was begun is unclear.
   * @throws NotFoundError
   * @throws WrongStateError when it has ended.
   */
  async cancel(scope: OrganizationScope, exportId: string): Promise<ExportRecord> {
    return scope.transaction(async (tx) => {
      const { id } = await this.own(tx, exportId);
      // The lock orders this against a turn of the ledger: it opens nobody after this, and closes whom it opened before.
      const record = await tx.row<ExportRecord>(
        `select ${EXPORT_COLUMNS} from talentbridge.export e where ${tx.own('e')} and e.id = $1 for update`,
        [id],
      );
      if (!record || record.status === 'COMPLETE' || record.status === 'STOPPED') {
        throw new WrongStateError(
          record?.status ?? 'STOPPED',
          'This export has ended, so that there is nothing to cancel.',
        );
      }
      const paused = record.status === 'PAUSED';
      const cancelled = await tx.rows(
        `update talentbridge.export_item i
         set state = 'DONE', finished_at = now(), code = 'EXPORT_CANCELLED',
           outcome = case when i.state = 'OPEN' then 'UNCLEAR' when i.existing_id is null then 'SKIPPED' else 'FAILED' end,
           remote_id = i.existing_id, remote_url = i.existing_url,
           reason = case
             when i.state = 'OPEN' then 'The export was cancelled before the ATS said whether this candidate arrived.'
             when i.existing_id is null then 'The export was cancelled before this candidate was sent.'
             else 'The export was cancelled while this candidate was in the ATS, but not complete.' end,
           remedy = case when i.state = 'OPEN' then 'Look the candidate up in the ATS, then settle this item.'
             when i.existing_id is null then 'Export again.' else 'Retry this item to complete it.' end
         where ${tx.own('i')} and i.export_id = $1 and (i.state = 'PENDING' or (i.state = 'OPEN' and $2)) returning i.id`,
        [id, paused],
      );
      await this.parts.audit.record(
        tx,
        scope.caller,
        'export.cancel',
        { type: 'export', id },
        { items: cancelled.length },
      );
      const after = await tx.row<ExportRecord>(
        `update talentbridge.export e set cancelled_at = now(), status_reason = 'The export was cancelled.',
           status = case when $2 then 'STOPPED' else e.status end, finished_at = case when $2 then now() end
         where ${tx.own('e')} and e.id = $1 returning ${EXPORT_COLUMNS}`,
        [id, paused],
      );
      // A worker that waits for its next candidate finds that there is none.
      if (!paused) await this.parts.jobs.add(tx, RUN_EXPORT_TASK, id);
      await this.parts.notifications.announce(tx, EXPORT_TOPIC, id);
      return after ?? record;
    });
  }

  /**
   * Settles an item that is unclear: it arrived, or it did not.
   * @throws NotFoundError
   * @throws WrongStateError when the item is not unclear.
   */
  async settle(scope: OrganizationScope, itemId: string, settlement: Settlement): Promise<ExportItemRecord> {
    return scope.transaction(async (tx) => {
      const item = isUuid(itemId)
        ? await tx.row<ExportItemRecord>(
            `select ${ITEM_COLUMNS} from talentbridge.export_item i where ${tx.own('i')} and i.id = $1 for update`,
            [itemId],
          )
        : undefined;
      if (!item) throw new NotFoundError('export item', itemId);
      if (item.outcome !== 'UNCLEAR')
        throw new WrongStateError(
          item.outcome ?? item.state,
          'Only an unclear item is settled; this one is not unclear.',
        );
      const again = !settlement.arrived && settlement.sendAgain;
      if (again) await this.parts.destinations.usable(tx, (await this.own(tx, item.exportId)).connectionId);
      const settled = await tx.row<ExportItemRecord>(
        `update talentbridge.export_item i
         set state = $2, outcome = $3, code = $4, reason = $5, remedy = null, remote_id = $6, remote_url = $7,
           tries = 0, next_try_at = null, first_tried_at = null, finished_at = case when $2 = 'DONE' then now() end
         where ${tx.own('i')} and i.id = $1 returning ${ITEM_COLUMNS}`,
        [
          itemId,
          again ? 'PENDING' : 'DONE',
          again ? null : settlement.arrived ? 'CREATED' : 'FAILED',
          again ? null : 'SETTLED_BY_HAND',
          again
            ? null
            : settlement.arrived
              ? 'An admin found the candidate in the ATS.'
              : 'An admin did not find the candidate in the ATS.',
          settlement.arrived ? settlement.remoteId : null,
          settlement.arrived ? (settlement.remoteUrl ?? null) : null,
        ],
      );
      if (!settled) throw new NotFoundError('export item', itemId);
      await this.parts.audit.record(
        tx,
        scope.caller,
        'export.settle',
        { type: 'export', id: item.exportId },
        {
          itemId,
          arrived: settlement.arrived,
          sendAgain: again,
        },
      );
      if (again) await this.queue(tx, item.exportId);
      else await this.parts.notifications.announce(tx, EXPORT_TOPIC, item.exportId);
      return settled;
    });
  }

  private async sameOrder(tx: Transaction, idempotencyKey: string, hash: string): Promise<ExportRecord | undefined> {
    const found = await tx.row<ExportRecord & { readonly requestHash: string }>(
      `select ${EXPORT_COLUMNS}, e.request_hash as "requestHash" from talentbridge.export e
       where ${tx.own('e')} and e.idempotency_key = $1`,
      [idempotencyKey],
    );
    if (found && found.requestHash !== hash) {
      throw new InvalidInputError([
        {
          field: 'idempotencyKey',
          message: `This key belongs to another order (export ${found.id}). Use a new key for a new order.`,
        },
      ]);
    }
    return found;
  }

  private async own(tx: Transaction, id: string): Promise<ExportRecord> {
    const record = await findExport(tx, id);
    if (!record) throw new NotFoundError('export', id);
    return record;
  }

  private async queue(tx: Transaction, exportId: string): Promise<ExportRecord> {
    const record = await tx.row<ExportRecord>(
      `update talentbridge.export e set status = 'QUEUED', status_reason = null, finished_at = null, cancelled_at = null
       where ${tx.own('e')} and e.id = $1 returning ${EXPORT_COLUMNS}`,
      [exportId],
    );
    if (!record) throw new NotFoundError('export', exportId);
    await this.parts.jobs.add(tx, RUN_EXPORT_TASK, exportId);
    await this.parts.notifications.announce(tx, EXPORT_TOPIC, exportId);
    return record;
  }
}

/** Names an account of an ATS: what "already exported there" is about. Outlives the connection. */
export function accountKeyOf(connection: Pick<Connection, 'pluginId' | 'accountId' | 'id'>): string {
  return `${connection.pluginId}/${connection.accountId ?? connection.id}`;
}

function orderProblems(order: ExportOrder): { field: string; message: string }[] {
  const problems: { field: string; message: string }[] = [];
  const key = order.idempotencyKey.trim();
  if (key.length < 8 || key.length > 200) {
    problems.push({
      field: 'idempotencyKey',
      message: 'Send 8 to 200 characters that no other order has, such as a UUID.',
    });
  }
  if (
    order.target.kind === 'job' &&
    (order.target.jobRemoteId.trim() === '' || order.target.jobRemoteId.length > 200)
  ) {
    problems.push({ field: 'target.jobId', message: 'Choose a job from the list of jobs.' });
  }
  return problems;
}

function requestHash(order: ExportOrder): string {
  const { connectionId, target, options, profileIds, projectId } = order;
  const essence = [
    connectionId,
    target,
    options.generateDummyEmails,
    options.includePreviouslyExported,
    // The same people in another order are the same order.
    profileIds ? [...new Set(profileIds)].sort() : null,
    projectId ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(essence)).digest('hex');
}
