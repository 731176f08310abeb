import type { Job, OpenConnection, RecordReference } from '@talentbridge/contracts';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageFrom, pageOf } from '../../kernel/persistence/page.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { byTitle, type FoundJob, type JobPageQuery, pageOfJobs, searchJobs } from '../job-search.js';
import type { Erasures } from './erasures.js';
import { forgetPage } from './ledger/kept-pages.js';
import { accountKeyOf, type UsableConnection, usableConnection } from './ledger/usable-connection.js';
import type {
  ErasureCertificate,
  MirrorApplicationRecord,
  MirrorAttachmentRecord,
  MirrorCandidateRecord,
  MirrorJobQuery,
  MirrorJobRecord,
  MirrorState,
  SyncIssueRecord,
  SyncKind,
  SyncRunRecord,
  SyncTrigger,
  WakeReport,
} from './mirror-model.js';
import {
  APPLICATION_COLUMNS,
  ATTACHMENT_COLUMNS,
  CANDIDATE_COLUMNS,
  candidateAfter,
  candidateCursor,
  JOB_COLUMNS,
} from './mirror-queries.js';
import type { MirrorWriter } from './mirror-writer.js';
import { requireKeptMirror, requireShownMirror } from './shown-mirror.js';
import type { SyncLedger } from './sync-ledger.js';
import { findRun, RUN_COLUMNS, runRecord, type StoredRun } from './sync-queries.js';
import { wakeRecords } from './wake.js';

/** What `Mirror` works with. */
export interface MirrorParts {
  readonly entitlements: Entitlements;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  readonly ledger: SyncLedger;
  readonly writer: MirrorWriter;
  readonly erasures: Erasures;
  readonly audit: AuditLog;
}

/** What an ATS holds, as we know it: starts and stops the runs that keep it true, and shows what it holds. */
export class Mirror {
  /** Reads of candidates that are in the audit log, or on their way there, by operation. */
  private readonly audited = new WeakMap<OrganizationScope, Map<string, Promise<unknown>>>();

  constructor(private readonly parts: MirrorParts) {}

  /**
   * Begins a run now. One that waits for its worker already is answered as it is.
   * @param kind Default: changes, where there was a complete run.
   * @param trigger Default: somebody asked for it.
   * @throws NotFoundError, CapabilityOffError
   * @throws WrongStateError when one is under way, or the connection cannot be used.
   */
  start(
    scope: OrganizationScope,
    connectionId: string,
    kind?: SyncKind,
    trigger: SyncTrigger = 'PERSON',
  ): Promise<SyncRunRecord> {
    return scope.transaction(async (tx) => {
      await this.usable(tx, connectionId);
      const state = await tx.row<{ clearing: boolean; running: string | null; status: string | null }>(
        `select s.clearing, r.id as running, r.status from talentbridge.mirror_state s
         left join talentbridge.sync_run r on ${tx.own('r')} and r.connection_id = s.connection_id
           and r.status in ('QUEUED', 'RUNNING', 'PAUSED')
         where ${tx.own('s')} and s.connection_id = $1 for update of s`,
        [connectionId],
      );
      if (!state || state.clearing) {
        throw new WrongStateError(
          'CLEARING',
          'The mirror of this connection is being prepared. Try again in a minute.',
        );
      }
      if (state.running !== null && state.status === 'QUEUED') return this.mustFind(tx, state.running);
      if (state.running !== null) {
        throw new WrongStateError(
          state.status ?? 'RUNNING',
          'A sync of this connection is under way. Wait for its end, or cancel it first.',
        );
      }
      const id = await this.parts.ledger.schedule.queue(tx, connectionId, {
        ...(kind === undefined ? {} : { kind }),
        trigger,
        requestedBy: scope.caller.userId,
      });
      await this.parts.ledger.schedule.wakeUp(tx, connectionId);
      const run = await this.mustFind(tx, id);
      await this.parts.audit.record(
        tx,
        scope.caller,
        'sync.start',
        { type: 'syncRun', id },
        { connectionId, kind: run.kind },
      );
      await this.parts.ledger.schedule.announce(tx, connectionId, id);
      return run;
    });
  }

  /**
   * Ends a run; what it wrote stays, and the schedule goes on.
   * @throws NotFoundError
   * @throws WrongStateError when it has ended.
   */
  cancel(scope: OrganizationScope, runId: string): Promise<SyncRunRecord> {
    return scope.transaction(async (tx) => {
      const run = await this.mustFind(tx, runId);
      await lockState(tx, run.connectionId);
      const cancelled = await tx.row<{ before: string }>(
        `update talentbridge.sync_run r
         set status = 'CANCELLED', status_reason = 'It was cancelled.', finished_at = now(), pending_deletions = null, cursor = null
         from (select o.id, o.status as before from talentbridge.sync_run o where ${tx.own('o')} and o.id = $1 for update) as old
         where ${tx.own('r')} and r.id = old.id and r.finished_at is null returning old.before`,
        [runId],
      );
      if (!cancelled) throw new WrongStateError(run.status, 'This sync has ended, so that there is nothing to cancel.');
      await this.parts.audit.record(
        tx,
        scope.caller,
        'sync.cancel',
        { type: 'syncRun', id: runId },
        {
          connectionId: run.connectionId,
        },
      );
      await forgetPage(tx, run.connectionId, runId);
      // A run that asks has a successor already.
      if (cancelled.before !== 'AWAITING_APPROVAL') await this.parts.ledger.schedule.setNext(tx, run.connectionId);
      await this.parts.ledger.schedule.announce(tx, run.connectionId, runId);
      return this.mustFind(tx, runId);
    });
  }

  /**
   * Decides about a run that would delete much: `approve: true` deletes, `false` keeps what the run did not bring.
   * @throws NotFoundError
   * @throws WrongStateError when it does not ask.
   */
  approveDeletions(
    scope: OrganizationScope,
    runId: string,
    { approve }: { readonly approve: boolean },
  ): Promise<SyncRunRecord> {
    return scope.transaction(async (tx) => {
      const run = await this.mustFind(tx, runId);
      await lockState(tx, run.connectionId);
      const decided = await tx.row(
        approve
          ? `update talentbridge.sync_run r
             set deletions_allowed = true, status_reason = 'An admin approved it; the records are being deleted.'
             where ${tx.own('r')} and r.id = $1 and r.status = 'AWAITING_APPROVAL' returning r.id`
          : `update talentbridge.sync_run r set status = 'COMPLETE', finished_at = now(), pending_deletions = null,
               status_reason = 'An admin kept the records that the ATS does not have any more.'
             where ${tx.own('r')} and r.id = $1 and r.status = 'AWAITING_APPROVAL' returning r.id`,
        [runId],
      );
      if (!decided) throw new WrongStateError(run.status, 'This sync does not ask about deletions.');
      await this.parts.audit.record(
        tx,
        scope.caller,
        approve ? 'sync.approveDeletions' : 'sync.keepRecords',
        { type: 'syncRun', id: runId },
        { connectionId: run.connectionId, ...run.pendingDeletions },
      );
      if (approve) await this.parts.ledger.schedule.runNow(tx, run.connectionId);
      await this.parts.ledger.schedule.announce(tx, run.connectionId, runId);
      return this.mustFind(tx, runId);
    });
  }

  /** One run, or `undefined` when there is none. */
  run(scope: OrganizationScope, id: string): Promise<SyncRunRecord | undefined> {
    return scope.read(async (tx) => {
      const run = await findRun(tx, id);
      if (run) await this.shown(tx, run.connectionId);
      return run;
    });
  }

  /**
   * The run that whoever follows a connection sees: the one that is named, else the newest. `undefined`: there is none. It is
   * shown on while Rediscovery is off, because it says that it waits for that; it holds nothing of a single record.
   */
  followedRun(scope: OrganizationScope, connectionId: string, runId?: string): Promise<SyncRunRecord | undefined> {
    return scope.read(async (tx) => {
      const newest = async (): Promise<string | undefined> => {
        const row = await tx.row<{ id: string }>(
          `select r.id from talentbridge.sync_run r
           where ${tx.own('r')} and r.connection_id = $1 order by r.id desc limit 1`,
          [connectionId],
        );
        return row?.id;
      };
      const id = runId ?? (await newest());
      const run = id === undefined ? undefined : await findRun(tx, id);
      return run?.connectionId === connectionId ? run : undefined;
    });
  }

  /** The runs of a connection, newest first. @throws NotFoundError when there is no such connection. */
  async runs(scope: OrganizationScope, connectionId: string, page: PageRequest): Promise<Page<SyncRunRecord>> {
    const stored = await scope.read(async (tx) => {
      await this.shown(tx, connectionId);
      return pageOf<StoredRun>(tx, page, {
        select: RUN_COLUMNS,
        from: `talentbridge.sync_run r where ${tx.own('r')} and r.connection_id = $1`,
        parameters: [connectionId],
        order: 'r.id desc',
        after: { column: 'r.id', comparison: '<' },
      });
    });
    return { ...stored, items: stored.items.map(runRecord) };
  }

  /** What a run could not use: the first thousand. @throws NotFoundError when there is no such run. */
  issues(scope: OrganizationScope, runId: string, page: PageRequest): Promise<Page<SyncIssueRecord>> {
    return scope.read(async (tx) => {
      const { connectionId } = await this.mustFind(tx, runId);
      await this.shown(tx, connectionId);
      return pageOf<SyncIssueRecord>(tx, page, {
        select: 'i.id, i.run_id as "runId", i.kind, i.remote_id as "remoteId", i.reason, i.at',
        from: `talentbridge.sync_issue i where ${tx.own('i')} and i.run_id = $1`,
        parameters: [runId],
        order: 'i.id',
        after: { column: 'i.id', comparison: '>' },
      });
    });
  }

  /** What the mirror of a connection holds. @throws NotFoundError when there is no such connection. */
  state(scope: OrganizationScope, connectionId: string): Promise<MirrorState> {
    return scope.read(async (tx) => {
      await this.shown(tx, connectionId);
      const row = await tx.row<MirrorState>(
        `select $1::uuid as "connectionId", coalesce(s.candidates, 0) as candidates, coalesce(s.jobs, 0) as jobs,
           coalesce(s.applications, 0) as applications, s.complete_at as "completeAt", s.full_at as "fullAt", s.next_due_at as "nextDueAt",
           (select r.id from talentbridge.sync_run r
             where ${tx.own('r')} and r.connection_id = $1 and r.finished_at is null
             order by (r.status = 'AWAITING_APPROVAL'), r.id desc limit 1) as "currentRunId"
         from (values (1)) as one (n)
         left join talentbridge.mirror_state s on ${tx.own('s')} and s.connection_id = $1`,
        [connectionId],
      );
      if (!row) throw new NotFoundError('connection', connectionId);
      return row;
    });
  }

  /**
   * One candidate, or `undefined` when the mirror has none. Who read whom is audited, once an operation.
   * @throws CapabilityOffError, WrongStateError while its mirror is not shown: so do all that show something of it.
   */
  async candidate(scope: OrganizationScope, id: string): Promise<MirrorCandidateRecord | undefined> {
    if (!isUuid(id)) return undefined;
    const find = async (tx: Transaction): Promise<MirrorCandidateRecord | undefined> => {
      const row = await tx.row<MirrorCandidateRecord>(
        `select ${CANDIDATE_COLUMNS} from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = $1`,
        [id],
      );
      if (row) await this.shown(tx, row.connectionId);
      return row;
    };
    const audited = this.audited.get(scope) ?? new Map<string, Promise<unknown>>();
    this.audited.set(scope, audited);
    const before = audited.get(id);
    if (before && (await before)) return scope.read(find);
    const reading = scope.transaction(async (tx) => {
      const row = await find(tx);
      if (!row) return undefined;
      const { connectionId } = row;
      await this.parts.audit.record(tx, scope.caller, 'candidate.read', { type: 'candidate', id }, { connectionId });
      return row;
    });
    audited.set(
      id,
      reading.catch(() => undefined),
    );
    return reading;
  }

  /** The candidates of a connection, last updated first. Who read whom is audited. @throws NotFoundError when there is no such connection. */
  candidates(scope: OrganizationScope, connectionId: string, page: PageRequest): Promise<Page<MirrorCandidateRecord>> {
    const after = page.after === undefined ? undefined : candidateAfter(page.after);
    return scope.transaction(async (tx) => {
      await this.shown(tx, connectionId);
      const rows = await tx.rows<MirrorCandidateRecord & { readonly sortedAt: string }>(
        `select ${CANDIDATE_COLUMNS}, (extract(epoch from c.sorted_at) * 1000000)::bigint::text as "sortedAt"
         from talentbridge.mirror_candidate c
         where ${tx.own('c')} and c.connection_id = $1 and c.sorted_at > '-infinity'
           and ($2::bigint is null or (c.sorted_at, c.id) < (to_timestamp(0) + $2 * interval '1 microsecond', $3::uuid))
         order by c.sorted_at desc, c.id desc limit $4`,
        [connectionId, after?.sortedAt ?? null, after?.id ?? null, page.first + 1],
      );
      const { items, ...rest } = pageFrom(rows, page, {
        cursorValue: candidateCursor,
        total: async () => {
          const counted = await scope.read((now) =>
            now.row<{ count: number }>(
              `select s.candidates as count from talentbridge.mirror_state s
               where ${now.own('s')} and s.connection_id = $1`,
              [connectionId],
            ),
          );
          return counted?.count ?? 0;
        },
      });
      if (items.length > 0) {
        const candidateIds = items.map(({ id }) => id);
        const subject = { type: 'connection', id: connectionId };
        await this.parts.audit.record(tx, scope.caller, 'candidate.list', subject, { candidateIds });
      }
      return { ...rest, items: items.map(({ sortedAt: _, ...item }) => item) };
    });
  }

  /**
   * Those of the candidates whom the mirror has, by id: what a search found, whose matches are listed, or of whom a network told. Who read
   * whom is audited.
   * @param action What the audit log calls it.
   * @throws CapabilityOffError, WrongStateError while a mirror of theirs is not shown.
   */
  found(
    scope: OrganizationScope,
    ids: readonly string[],
    action: 'candidate.search' | 'match.list' | 'networkCandidate.list',
  ): Promise<ReadonlyMap<string, MirrorCandidateRecord>> {
    if (ids.length === 0) return Promise.resolve(new Map());
    return scope.transaction(async (tx) => {
      const rows = await tx.rows<MirrorCandidateRecord>(
        `select ${CANDIDATE_COLUMNS} from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = any($1::uuid[])`,
        [ids.filter(isUuid)],
      );
      for (const { connectionId } of rows) await this.shown(tx, connectionId);
      if (rows.length > 0) {
        const candidateIds = rows.map(({ id }) => id);
        const subject = { type: 'organization', id: tx.organizationId };
        await this.parts.audit.record(tx, scope.caller, action, subject, { candidateIds });
      }
      return new Map(rows.map((row) => [row.id, row]));
    });
  }

  /** The applications of candidates, by the candidate's id, last updated first. Who has none is left out. */
  async applicationsOf(
    scope: OrganizationScope,
    candidateIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly MirrorApplicationRecord[]>> {
    const ids = candidateIds.filter(isUuid);
    const rows = await scope.read(async (tx) => {
      await this.requireShownOf(tx, ids);
      return tx.rows<MirrorApplicationRecord & { readonly candidateId: string }>(
        `select ${APPLICATION_COLUMNS}
         from talentbridge.mirror_candidate c
         join talentbridge.mirror_application a
           on ${tx.own('a')} and a.connection_id = c.connection_id and a.candidate_remote_id = c.remote_id
         left join talentbridge.mirror_job j
           on ${tx.own('j')} and j.connection_id = a.connection_id and j.remote_id = a.job_remote_id
         where ${tx.own('c')} and c.id = any($1::uuid[])
         order by coalesce(a.remote_updated_at, a.applied_at) desc nulls last, a.id`,
        [ids],
      );
    });
    return Map.groupBy(rows, (row) => row.candidateId);
  }

  /** The files of candidates, by the candidate's id. Who has none is left out. */
  async attachmentsOf(
    scope: OrganizationScope,
    candidateIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly MirrorAttachmentRecord[]>> {
    const ids = candidateIds.filter(isUuid);
    const rows = await scope.read(async (tx) => {
      await this.requireShownOf(tx, ids);
      return tx.rows<MirrorAttachmentRecord>(
        `select ${ATTACHMENT_COLUMNS}
         from talentbridge.mirror_candidate c
         join talentbridge.mirror_attachment f
           on ${tx.own('f')} and f.connection_id = c.connection_id and f.candidate_remote_id = c.remote_id
         where ${tx.own('c')} and c.id = any($1::uuid[])
         order by f.remote_updated_at desc nulls last, f.filename, f.id`,
        [ids],
      );
    });
    return Map.groupBy(rows, (row) => row.candidateId);
  }

  /** The jobs of a connection, newest in the mirror first, open or not. @throws NotFoundError when there is no such connection. */
  jobs(
    scope: OrganizationScope,
    connectionId: string,
    query: MirrorJobQuery,
    page: PageRequest,
  ): Promise<Page<MirrorJobRecord>> {
    return scope.read(async (tx) => {
      await this.shown(tx, connectionId);
      return pageOf<MirrorJobRecord>(tx, page, {
        select: JOB_COLUMNS,
        from: `talentbridge.mirror_job j where ${tx.own('j')} and j.connection_id = $1 and (j.open or not $2)
          and not exists (select from unnest($3::text[]) as word
            where strpos(lower(concat_ws(' ', j.title, j.code)), word) = 0)`,
        parameters: [connectionId, query.openOnly ?? false, wordsOf(query.search)],
        order: 'j.id desc',
        after: { column: 'j.id', comparison: '<' },
      });
    });
  }

  /**
   * The open jobs of a connection by title, in the words of the contract, for whoever would otherwise ask the ATS.
   * `undefined`: the mirror is not complete or not kept at the moment: ask the ATS.
   * @throws InvalidInputError when the cursor is none of this list.
   */
  mirroredJobs(scope: OrganizationScope, connectionId: string, query: JobPageQuery): Promise<Page<Job> | undefined> {
    return scope.transaction(async (tx) => {
      const connection = await usableConnection(tx, this.parts.entitlements, connectionId);
      if (!connection || connection.unusable !== undefined) return undefined;
      const state = await tx.row<{ kept: boolean }>(
        `select s.complete_at is not null and not s.clearing and s.account_id = $2 as kept
         from talentbridge.mirror_state s where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId, connection.accountId],
      );
      if (!state?.kept) return undefined;
      // Searched and ordered here as the list of the ATS is, and not by the database, whose idea of letters is another one.
      const open = await tx.rows<FoundJob & { readonly id: string }>(
        `select j.id, j.remote_id as "remoteId", j.title, j.code, j.data ->> 'department' as department,
           j.data ->> 'location' as location
         from talentbridge.mirror_job j where ${tx.own('j')} and j.connection_id = $1 and j.open`,
        [connectionId],
      );
      const page = pageOfJobs(searchJobs(open, query.search).toSorted(byTitle), query);
      const rows = await tx.rows<{ id: string; data: Job }>(
        `select j.id, j.data from talentbridge.mirror_job j where ${tx.own('j')} and j.id = any($1::uuid[])`,
        [page.items.map(({ id }) => id)],
      );
      const dataById = new Map(rows.map(({ id, data }) => [id, data]));
      return { ...page, items: page.items.flatMap(({ id }) => dataById.get(id) ?? []) };
    });
  }

  /**
   * Reads the named records anew and writes them: what a webhook makes us do. Records that the ATS does not have go, and
   * nobody asks for people who were erased. What a webhook says is never taken for the record itself.
   * @throws NotFoundError, CapabilityOffError, WrongStateError when the connection cannot be used.
   * @throws HubError when the ATS does not answer: the caller repeats it later.
   */
  async wake(
    scope: OrganizationScope,
    connectionId: string,
    references: readonly RecordReference[],
  ): Promise<WakeReport> {
    const { usable, place, wanted } = await scope.transaction(async (tx) => {
      const usable = await this.usable(tx, connectionId);
      const place = { connectionId, accountKey: accountKeyOf(usable) };
      return { usable, place, wanted: await this.parts.erasures.withoutErased(tx, place, references) };
    });
    const connection = await this.parts.opener.open(scope, connectionId);
    const capability = connection.capability('rediscovery');
    if (!capability) throw new WrongStateError('CONNECTED', `${usable.name} has no Rediscovery.`);
    return wakeRecords({ scope, writer: this.parts.writer, capability, place, accountId: usable.accountId }, wanted);
  }

  /**
   * Removes a person from the mirror for good: re-syncs and late webhooks do not bring them back. Not undone.
   * @throws NotFoundError
   */
  eraseCandidate(scope: OrganizationScope, id: string): Promise<ErasureCertificate> {
    return this.parts.erasures.erase(scope, id);
  }

  /** A certificate that was given before, or `undefined` when there is none. */
  erasure(scope: OrganizationScope, id: string): Promise<ErasureCertificate | undefined> {
    return this.parts.erasures.certificate(scope, id);
  }

  /**
   * For what is shown beside the mirror: whether that of a connection may be.
   * @throws NotFoundError, CapabilityOffError, WrongStateError
   */
  requireShown(scope: OrganizationScope, connectionId: string): Promise<void> {
    return scope.read((tx) => this.shown(tx, connectionId));
  }

  private shown(tx: Transaction, connectionId: string): Promise<void> {
    return requireShownMirror(tx, this.parts.entitlements, connectionId);
  }

  private async requireShownOf(tx: Transaction, candidateIds: readonly string[]): Promise<void> {
    const rows = await tx.rows<{ id: string }>(
      `select distinct c.connection_id as id from talentbridge.mirror_candidate c
       where ${tx.own('c')} and c.id = any($1::uuid[])`,
      [candidateIds],
    );
    for (const { id } of rows) await this.shown(tx, id);
  }

  private usable(tx: Transaction, connectionId: string): Promise<UsableConnection> {
    return requireKeptMirror(tx, this.parts.entitlements, connectionId);
  }

  private async mustFind(tx: Transaction, id: string): Promise<SyncRunRecord> {
    const run = await findRun(tx, id);
    if (!run) throw new NotFoundError('sync run', id);
    return run;
  }
}

async function lockState(tx: Transaction, connectionId: string): Promise<void> {
  await tx.rows(
    `select s.connection_id from talentbridge.mirror_state s where ${tx.own('s')} and s.connection_id = $1 for update`,
    [connectionId],
  );
}

function wordsOf(search = ''): readonly string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}
