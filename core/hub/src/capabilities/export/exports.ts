import { createHash } from 'node:crypto';
import type { ExportCapability, ExportField, ExportTarget, Job } from '@talentbridge/contracts';
import { isHubError, JobNotOpenError } from '@talentbridge/contracts';
import type { Connection } from '../../connections/connection.entity.js';
import type { ConnectionOpener } from '../../connections/connection-opener.js';
import { connectionById } from '../../connections/connection-repository.js';
import type { ProfileStore } from '../../directory/profile-store.js';
import type { Projects } from '../../directory/projects.js';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { InvalidInputError, NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../../kernel/persistence/page.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import type { ExportCounts, ExportItemRecord, ExportOptions, ExportRecord, ItemOutcome } from './export-model.js';
import { type JobList, searchJobs } from './job-list.js';

/** The job that runs an export. */
export const RUN_EXPORT_TASK = 'export.run';

/** The topic under which changes of an export are announced. */
export const EXPORT_TOPIC = 'export';

/** Candidates in one export at most. */
const MOST_CANDIDATES = 10_000;

/** Which people: those named, and all of a project. */
export interface Selection {
  readonly profileIds?: readonly string[];
  readonly projectId?: string;
}

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

/** Where a person was exported to. */
export interface ExportedTo {
  readonly connectionId: string;
  readonly pluginId: string;
  readonly remoteId: string | null;
  readonly remoteUrl: string | null;
  readonly exportedAt: Date;
}

/** What `Exports` works with. */
export interface ExportsParts {
  readonly entitlements: Entitlements;
  readonly opener: ConnectionOpener;
  readonly profiles: ProfileStore;
  readonly projects: Projects;
  readonly jobLists: JobList;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
}

const EXPORT_COLUMNS = `e.id, e.connection_id as "connectionId", e.plugin_id as "pluginId", e.target, e.options, e.status,
  e.status_reason as "statusReason", e.requested_by as "requestedBy", e.created_at as "createdAt",
  e.started_at as "startedAt", e.finished_at as "finishedAt"`;

const ITEM_COLUMNS = `i.id, i.export_id as "exportId", i.position, i.profile_id as "profileId", i.state, i.outcome, i.code,
  i.reason, i.remedy, i.remote_id as "remoteId", i.remote_url as "remoteUrl", i.warnings, i.finished_at as "finishedAt"`;

/** Takes orders for exports, answers for their progress, and mends what went wrong. */
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
    const connection = await scope.transaction((tx) => this.usable(tx, order.connectionId));
    await this.checkTarget(scope, connection, order.target);
    return scope.transaction(async (tx) => {
      const current = await this.usable(tx, order.connectionId);
      const profileIds = await this.selected(tx, order);
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

  /** The open jobs of a connection, as the ATS lists them, by title. */
  async jobs(
    scope: OrganizationScope,
    connectionId: string,
    query: { readonly search?: string; readonly first: number; readonly after?: string },
  ): Promise<Page<Job>> {
    const connection = await scope.transaction((tx) => this.reachable(tx, connectionId));
    const exporter = await this.exporter(scope, connection);
    const jobs = searchJobs(await this.parts.jobLists.all(cacheKeyOf(connection), exporter), query.search ?? '');
    return pageOfList(jobs, query);
  }

  /** What is sent to this ATS, with its limits: the declaration that the exporter itself works by. */
  async fields(scope: OrganizationScope, connectionId: string): Promise<readonly ExportField[]> {
    const connection = await scope.transaction((tx) => this.reachable(tx, connectionId));
    return (await this.exporter(scope, connection)).fields;
  }

  /**
   * Sends failed items again; those named, or all.
   * @throws NotFoundError
   * @throws WrongStateError when there is nothing to retry.
   */
  async retry(scope: OrganizationScope, exportId: string, itemIds?: readonly string[]): Promise<ExportRecord> {
    return scope.transaction(async (tx) => {
      const record = await this.own(tx, exportId);
      await this.usable(tx, record.connectionId);
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
      if (again) await this.usable(tx, (await this.own(tx, item.exportId)).connectionId);
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

  /** The profiles of a selection, each once, in order. @throws InvalidInputError, NotFoundError */
  async selected(tx: Transaction, selection: Selection): Promise<readonly string[]> {
    const problems: { field: string; message: string }[] = [];
    const named = [...new Set(selection.profileIds ?? [])];
    for (const [index, id] of named.entries()) {
      if (!isUuid(id)) problems.push({ field: `profileIds[${index}]`, message: 'This id is malformed.' });
    }
    if (problems.length > 0) throw new InvalidInputError(problems);
    const known = await this.parts.profiles.byIds(tx, named);
    const unknown = named.find((id) => !known.has(id));
    if (unknown !== undefined) throw new NotFoundError('profile', unknown);
    const members =
      selection.projectId === undefined ? [] : await this.parts.projects.memberIds(tx, selection.projectId);
    const all = [...new Set([...named, ...members])];
    if (all.length === 0) {
      throw new InvalidInputError([
        { field: 'profileIds', message: 'Choose at least one candidate, or a project that has some.' },
      ]);
    }
    if (all.length > MOST_CANDIDATES) {
      throw new InvalidInputError([
        {
          field: 'profileIds',
          message: `An export takes at most ${MOST_CANDIDATES} candidates; these are ${all.length}.`,
        },
      ]);
    }
    return all;
  }

  /** The exporter of a connection. @throws WrongStateError when the connection does not have Export. */
  async exporter(scope: OrganizationScope, connection: Connection): Promise<ExportCapability> {
    const exporter = (await this.parts.opener.open(scope, connection.id)).capability('export');
    if (!exporter) throw new WrongStateError(connection.status, `${connection.name} has no Export.`);
    return exporter;
  }

  /** A connection whose Export may be used while it is being set up too. @throws NotFoundError, CapabilityOffError, WrongStateError */
  async reachable(tx: Transaction, connectionId: string): Promise<Connection> {
    const connection = await connectionById(tx, connectionId);
    if (!connection.capabilities.includes('export')) {
      throw new WrongStateError(
        connection.status,
        `${connection.name} was connected without Export. Edit it to add Export.`,
      );
    }
    await this.parts.entitlements.require(tx, connection.pluginId, 'export');
    return connection;
  }

  /** A connection that exports may go through now. @throws NotFoundError, CapabilityOffError, WrongStateError */
  async usable(tx: Transaction, connectionId: string): Promise<Connection> {
    const connection = await this.reachable(tx, connectionId);
    if (connection.status !== 'CONNECTED') {
      const why = {
        SETUP: 'is not finished yet. Verify and finish it first.',
        NEEDS_ATTENTION: `needs attention: ${connection.attentionReason ?? 'it stopped working'}`,
        REMOVING: 'is being removed.',
        REMOVED: 'was removed.',
      }[connection.status];
      throw new WrongStateError(connection.status, `${connection.name} ${why}`);
    }
    return connection;
  }

  private async checkTarget(scope: OrganizationScope, connection: Connection, target: ExportTarget): Promise<void> {
    const exporter = await this.exporter(scope, connection);
    if (target.kind === 'prospect') {
      if (exporter.limits.prospects === false) {
        throw new InvalidInputError([
          { field: 'target', message: `${connection.name} has no prospects: choose a job.` },
        ]);
      }
      return;
    }
    const key = cacheKeyOf(connection);
    try {
      if (await this.listsJob(key, exporter, target.jobRemoteId)) return;
      // A job that was opened within the last minute is not in a list that was kept.
      this.parts.jobLists.forget(key);
      if (await this.listsJob(key, exporter, target.jobRemoteId)) return;
    } catch (error) {
      // An ATS that is away for a moment does not stop the order; its run will tell.
      if (isHubError(error) && error.recovery === 'retry') return;
      throw error;
    }
    throw new JobNotOpenError(connection.name, target.jobRemoteId, 'it is not among the open jobs');
  }

  private async listsJob(key: string, exporter: ExportCapability, jobRemoteId: string): Promise<boolean> {
    return (await this.parts.jobLists.all(key, exporter)).some((job) => job.remoteId === jobRemoteId);
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
      `update talentbridge.export e set status = 'QUEUED', status_reason = null, finished_at = null
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

function findExport(tx: Transaction, id: string): Promise<ExportRecord | undefined> {
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

function cacheKeyOf(connection: Connection): string {
  return `${connection.id}/${connection.credentialVersion}`;
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

function pageOfList(jobs: readonly Job[], query: { readonly first: number; readonly after?: string }): Page<Job> {
  const start = query.after === undefined ? 0 : jobs.findIndex((job) => jobCursor(job) === query.after) + 1;
  if (query.after !== undefined && start === 0) {
    throw new InvalidInputError([
      { field: 'after', message: 'This is no cursor of this list, or the job is gone. Start from the first page.' },
    ]);
  }
  const items = jobs.slice(start, start + query.first);
  return {
    items,
    cursors: items.map(jobCursor),
    hasNextPage: start + items.length < jobs.length,
    total: async () => jobs.length,
  };
}

function jobCursor(job: Job): string {
  return Buffer.from(`job:${job.remoteId}`, 'utf8').toString('base64url');
}
