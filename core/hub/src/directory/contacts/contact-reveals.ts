import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { type InputProblem, InvalidInputError, NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { JobPayload, JobQueue } from '../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../kernel/jobs/lost-jobs.js';
import type { Notifications } from '../../kernel/notifications.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Database } from '../../kernel/persistence/database.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../../kernel/persistence/page.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import type { ProfileStore } from '../profile-store.js';
import type { Projects } from '../projects.js';
import {
  CONTACT_REVEAL_COLUMNS,
  type ContactRevealFailure,
  type ContactRevealRecord,
  findContactReveal,
} from './contact-reveal.js';
import { CONTACT_REVEAL_TOPIC, ContactRevealLedger, type TakenReveal } from './contact-reveal-ledger.js';
import { type ContactRevealEnd, ContactRevealRun } from './contact-reveal-run.js';
import type { ContactKind, ContactSource, ContactSourceClosed } from './contact-source.js';

/** The job that runs an order. */
export const REVEAL_TASK = 'contacts.reveal';

/** People in one order at most. */
const MOST_PEOPLE = 100_000;

/** What a recruiter asks for: those named, and all of a project. */
export interface ContactRevealOrder {
  readonly profileIds?: readonly string[];
  readonly projectId?: string;
  readonly kinds: readonly ContactKind[];
  /** Chosen by the client: asking twice with the same key asks once. */
  readonly idempotencyKey: string;
}

/** What `ContactReveals` works with. */
export interface ContactRevealsParts {
  readonly database: Database;
  readonly profiles: ProfileStore;
  readonly projects: Projects;
  readonly source: ContactSource;
  /** Whether an address is a placeholder that exports make up: such are no contact data. */
  readonly isPlaceholder: (address: string) => boolean;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
  readonly logger: Logger;
}

const CLOSED_REASONS: Readonly<Record<ContactSourceClosed, string>> = {
  BUDGET_SPENT:
    'The budget for contact data is spent. What was answered is kept; order the rest anew once there is budget again.',
  NOT_ALLOWED:
    'The contact service does not serve this organization. What was answered is kept; the operator of this deployment can change that.',
};

const FAILURE_REASONS: Readonly<Record<string, string>> = {
  CONTACT_SOURCE_UNAVAILABLE:
    'The contact service did not answer, though it was asked several times. Order again later.',
  CONTACT_SOURCE_RATE_LIMITED: 'The contact service asked to be asked more slowly, again and again. Order again later.',
  CONTACT_SOURCE_REFUSED: 'The contact service gives no contact data of this person.',
};

/** Reveals contact data ("get email for all", "get phone for all"), so that it is shown and exports may carry it. */
export class ContactReveals {
  readonly due: DueWork = { dueBefore: 'talentbridge.contact_reveals_due' };
  private readonly ledger: ContactRevealLedger;

  constructor(private readonly parts: ContactRevealsParts) {
    this.ledger = new ContactRevealLedger({
      profiles: parts.profiles,
      notifications: parts.notifications,
      isPlaceholder: parts.isPlaceholder,
      answersStandForMs: parts.source.answersStandForMs ?? 0,
    });
  }

  /** The jobs that run orders. */
  get tasks(): Readonly<Record<string, JobTask>> {
    return { [REVEAL_TASK]: (payload, signal) => this.run(payload, signal) };
  }

  /**
   * Orders that contact data be revealed. The order and its job are stored in one transaction; nobody is asked before that.
   * @throws InvalidInputError, NotFoundError, WrongStateError
   */
  async order(scope: OrganizationScope, order: ContactRevealOrder): Promise<ContactRevealRecord> {
    const problems = orderProblems(order);
    if (problems.length > 0) throw new InvalidInputError(problems);
    const hash = requestHash(order);
    return scope.transaction(async (tx) => {
      const earlier = await this.sameOrder(tx, order.idempotencyKey, hash);
      if (earlier) return earlier;
      const profileIds = await this.people(tx, order);
      const kinds = [...new Set(order.kinds)].sort();
      const record = await tx.row<ContactRevealRecord>(
        `insert into talentbridge.contact_reveal as r
           (organization_id, id, kinds, project_id, status, idempotency_key, request_hash, requested_by, total)
         values ($1, $2, $3, $4, 'QUEUED', $5, $6, $7, $8)
         on conflict (organization_id, idempotency_key) do nothing
         returning ${CONTACT_REVEAL_COLUMNS}`,
        [
          tx.organizationId,
          uuidv7(),
          kinds,
          order.projectId ?? null,
          order.idempotencyKey,
          hash,
          scope.caller.userId,
          profileIds.length,
        ],
      );
      if (!record) {
        const same = await this.sameOrder(tx, order.idempotencyKey, hash);
        if (same) return same;
        throw new WrongStateError('QUEUED', 'The same order is being taken at this moment. Ask for it in a second.');
      }
      await tx.rows(
        `insert into talentbridge.contact_reveal_item (organization_id, reveal_id, position, profile_id)
         select $1, $2, o.position - 1, o.profile_id from unnest($3::uuid[]) with ordinality as o (profile_id, position)`,
        [tx.organizationId, record.id, profileIds],
      );
      await this.parts.jobs.add(tx, REVEAL_TASK, record.id);
      await this.parts.audit.record(tx, scope.caller, 'contactReveal.order', subjectOf(record.id), {
        kinds,
        profiles: profileIds.length,
        ...(order.projectId === undefined ? {} : { projectId: order.projectId }),
      });
      return record;
    });
  }

  /**
   * Cancels an order: nobody else is asked about. What the source is asked at this moment is kept, because it may cost money;
   * the order stops after that.
   * @throws NotFoundError
   * @throws WrongStateError when it has ended.
   */
  async cancel(scope: OrganizationScope, id: string): Promise<ContactRevealRecord> {
    return scope.transaction(async (tx) => {
      const record = await findContactReveal(tx, id, 'for update');
      if (!record) throw new NotFoundError('contact reveal', id);
      if (record.status === 'COMPLETE' || record.status === 'STOPPED') {
        throw new WrongStateError(record.status, 'This order has ended, so that there is nothing to cancel.');
      }
      const cancelled = await tx.row(
        `update talentbridge.contact_reveal r set cancelled_at = now()
         where ${tx.own('r')} and r.id = $1 and r.cancelled_at is null returning r.id`,
        [id],
      );
      if (cancelled) {
        await this.parts.audit.record(tx, scope.caller, 'contactReveal.cancel', subjectOf(id));
        // A run that waits for its next try begins at once, and finds that nobody is left to ask about.
        await this.parts.jobs.add(tx, REVEAL_TASK, id);
      }
      return record;
    });
  }

  /** One order, or `undefined` when there is none. */
  get(scope: OrganizationScope, id: string): Promise<ContactRevealRecord | undefined> {
    return scope.read((tx) => findContactReveal(tx, id));
  }

  /** Newest first. */
  list(scope: OrganizationScope, page: PageRequest): Promise<Page<ContactRevealRecord>> {
    return scope.read((tx) =>
      pageOf<ContactRevealRecord>(tx, page, {
        select: CONTACT_REVEAL_COLUMNS,
        from: `talentbridge.contact_reveal r where ${tx.own('r')}`,
        order: 'r.id desc',
        after: { column: 'r.id', comparison: '<' },
      }),
    );
  }

  /** Why people of orders failed, by the id of the order. Orders of which nobody failed are left out. */
  async failures(
    scope: OrganizationScope,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ContactRevealFailure[]>> {
    const rows = await scope.read((tx) =>
      tx.rows<{ id: string; code: string; count: number }>(
        `select i.reveal_id as id, i.code, count(*)::int as count from talentbridge.contact_reveal_item i
         where ${tx.own('i')} and i.reveal_id = any($1::uuid[]) and i.outcome = 'FAILED'
         group by i.reveal_id, i.code order by count(*) desc, i.code`,
        [ids.filter(isUuid)],
      ),
    );
    const byOrder = Map.groupBy(rows, (row) => row.id);
    return new Map(
      [...byOrder].map(([id, own]) => [
        id,
        own.map(({ code, count }) => ({ code, reason: FAILURE_REASONS[code] ?? 'It failed.', count })),
      ]),
    );
  }

  private async sameOrder(
    tx: Transaction,
    idempotencyKey: string,
    hash: string,
  ): Promise<ContactRevealRecord | undefined> {
    const found = await tx.row<ContactRevealRecord & { readonly requestHash: string }>(
      `select ${CONTACT_REVEAL_COLUMNS}, r.request_hash as "requestHash" from talentbridge.contact_reveal r
       where ${tx.own('r')} and r.idempotency_key = $1`,
      [idempotencyKey],
    );
    if (found && found.requestHash !== hash) {
      throw new InvalidInputError([
        {
          field: 'idempotencyKey',
          message: `This key belongs to another order (${found.id}). Use a new key for a new order.`,
        },
      ]);
    }
    return found;
  }

  /** Whom an order is about, each once. @throws InvalidInputError, NotFoundError */
  private async people(tx: Transaction, order: ContactRevealOrder): Promise<readonly string[]> {
    const named = [...new Set(order.profileIds ?? [])];
    const known = await this.parts.profiles.existing(tx, named);
    const unknown = named.find((id) => !known.has(id));
    if (unknown !== undefined) throw new NotFoundError('profile', unknown);
    const members = order.projectId === undefined ? [] : await this.parts.projects.memberIds(tx, order.projectId);
    const all = [...new Set([...named, ...members])];
    if (all.length === 0 || all.length > MOST_PEOPLE) {
      throw new InvalidInputError([
        { field: 'profileIds', message: `Choose 1 to ${MOST_PEOPLE} profiles, or a project that has some.` },
      ]);
    }
    return all;
  }

  private async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    const taken = await this.ledger.take(scope, id);
    if (!taken) return;
    await scope.transaction((tx) => this.parts.notifications.announce(tx, CONTACT_REVEAL_TOPIC, id));
    const { source, logger } = this.parts;
    let end: ContactRevealEnd;
    try {
      end = await new ContactRevealRun({ ledger: this.ledger, source, logger }, scope, taken).run(signal);
    } catch (error) {
      // The text of an error of the database may quote rows.
      logger.error(
        { contactRevealId: id, error: error instanceof Error ? error.name : 'unknown' },
        'revealing contact data failed; it is tried again',
      );
      throw error;
    }
    if (end.kind === 'COMPLETE') await this.end(scope, taken, 'COMPLETE', null);
    else if (end.kind === 'CANCELLED') await this.end(scope, taken, 'STOPPED', 'It was cancelled.');
    else if (end.kind === 'CLOSED') await this.end(scope, taken, 'STOPPED', CLOSED_REASONS[end.closed]);
    else if (end.kind === 'LATER') await this.later(scope, taken, end.inMs);
  }

  private end(
    scope: OrganizationScope,
    { id, epoch }: TakenReveal,
    status: 'COMPLETE' | 'STOPPED',
    reason: string | null,
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      const ended = await tx.row<ContactRevealRecord>(
        `update talentbridge.contact_reveal r set status = $3, status_reason = $4, finished_at = now()
         where ${tx.own('r')} and r.id = $1 and r.epoch = $2 and r.status = 'RUNNING' returning ${CONTACT_REVEAL_COLUMNS}`,
        [id, epoch, status, reason],
      );
      if (!ended) return;
      const { total, done, withContact, revealed, failed, deleted } = ended;
      await this.parts.audit.record(
        tx,
        scope.caller,
        status === 'COMPLETE' ? 'contactReveal.complete' : 'contactReveal.stop',
        subjectOf(id),
        { total, done, withContact, revealed, failed, deleted, ...(reason === null ? {} : { reason }) },
      );
      await this.parts.notifications.announce(tx, CONTACT_REVEAL_TOPIC, id);
    });
  }

  /** Goes on after a while, and says what it waits for when that is longer than a moment. */
  private later(scope: OrganizationScope, { id, epoch }: TakenReveal, inMs: number): Promise<void> {
    return scope.transaction(async (tx) => {
      await this.parts.jobs.add(tx, REVEAL_TASK, id, { runAt: new Date(Date.now() + inMs) });
      if (inMs === 0) return;
      await tx.rows(
        `update talentbridge.contact_reveal r set status_reason = $3 where ${tx.own('r')} and r.id = $1 and r.epoch = $2`,
        [id, epoch, 'The contact service did not answer about everybody; the rest is asked again shortly.'],
      );
      await this.parts.notifications.announce(tx, CONTACT_REVEAL_TOPIC, id);
    });
  }
}

function subjectOf(id: string): { readonly type: string; readonly id: string } {
  return { type: 'contactReveal', id };
}

function orderProblems(order: ContactRevealOrder): readonly InputProblem[] {
  const problems: InputProblem[] = [];
  const key = order.idempotencyKey.trim();
  if (key.length < 8 || key.length > 200) {
    problems.push({
      field: 'idempotencyKey',
      message: 'Send 8 to 200 characters that no other order has, such as a UUID.',
    });
  }
  if (order.kinds.length === 0) problems.push({ field: 'kinds', message: 'Choose emails, phones or both.' });
  const named = order.profileIds ?? [];
  if (named.length > MOST_PEOPLE) {
    problems.push({ field: 'profileIds', message: `At most ${MOST_PEOPLE} profiles in one order.` });
  }
  const malformed = named.findIndex((id) => !isUuid(id));
  if (malformed >= 0) problems.push({ field: `profileIds[${malformed}]`, message: 'This id is malformed.' });
  return problems;
}

function requestHash({ profileIds, projectId, kinds }: ContactRevealOrder): string {
  const essence = [
    [...new Set(kinds)].sort(),
    // The same people in another order are the same order.
    profileIds ? [...new Set(profileIds)].sort() : null,
    projectId ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(essence)).digest('hex');
}
