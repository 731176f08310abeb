import type { AuditLog } from '../../../kernel/audit/audit-log.js';
import { NotFoundError, WrongStateError } from '../../../kernel/errors.js';
import type { JobPayload, JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../../kernel/jobs/lost-jobs.js';
import { systemCaller } from '../../../kernel/organizations/caller.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { Database } from '../../../kernel/persistence/database.js';
import { isUuid, type OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../../../kernel/persistence/page.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { linkedMembersOf } from '../linked-members.js';
import type { MirrorContent } from '../mirror-content.js';
import type { NetworkTexts } from '../network-texts.js';
import { pairOf, requireOn } from '../pair-standing.js';
import type { SystemPair } from '../system-connect-model.js';
import type { SystemConnectPart } from '../system-connect-part.js';
import type { ArrivalIntake } from './arrival-intake.js';
import {
  ARRIVAL_COLUMNS,
  type ArrivalQuery,
  type ArrivalRecord,
  type ArrivingPerson,
  arrivingPerson,
  isUnassigned,
} from './arrival-model.js';
import { ArrivalRun, type ArrivalRunParts } from './arrival-run.js';
import { ARRIVALS_TASK } from './arrivals-schema.js';

const STORED_COLUMNS = `${ARRIVAL_COLUMNS}, a.person, a.hidden`;

/** What `Arrivals` works with. */
export interface ArrivalsParts extends ArrivalRunParts {
  readonly database: Database;
  readonly entitlements: Entitlements;
  readonly intake: ArrivalIntake;
  readonly texts: NetworkTexts;
  readonly jobs: JobQueue;
  readonly audit: AuditLog;
  readonly mirror: Pick<MirrorContent, 'idsNamed'>;
}

/** What a person knows of an arrival that is unclear. */
export type ArrivalSettlement =
  | { readonly arrived: true; readonly candidateRemoteId: string }
  /** It is sent again. */
  | { readonly arrived: false };

type StoredArrival = Omit<ArrivalRecord, 'name' | 'contact' | 'candidateId'> & {
  readonly person: Buffer | null;
  readonly hidden: boolean;
};

/** Of who is on no job, where the ATS shows people with an application alone. */
const HIDDEN = {
  reason: 'The ATS has them, and shows nobody here who is on no job.',
  remedy: 'Open them in the ATS and put them on a job: from then on they are here too.',
};

interface LockedArrival {
  readonly state: string;
  readonly connectionId: string;
  readonly member: string | null;
}

/** People who come from the network into the ATS: exported there in one click, or because they answered a message. */
export class Arrivals implements SystemConnectPart {
  readonly due: readonly DueWork[];
  readonly keepers: NonNullable<SystemConnectPart['keepers']> = [
    { table: 'network_arrival', forget: (tx, candidate) => forgetCandidate(tx, candidate) },
  ];

  constructor(private readonly parts: ArrivalsParts) {
    this.due = [
      {
        dueBefore: 'talentbridge.network_arrivals_due',
        mayRun: (tx, _task, connectionId) => this.parts.ledger.mayRun(tx, connectionId),
      },
    ];
  }

  get tasks(): Readonly<Record<string, JobTask>> {
    return { [ARRIVALS_TASK]: (payload, signal) => this.run(payload, signal) };
  }

  /** What waits may have waited for what was changed now: it is tried at once. */
  async resume(tx: Transaction, { connectionId }: SystemPair): Promise<void> {
    await tx.rows(
      // What a worker has at this moment does not wait.
      `with waiting as (
         select a.id from talentbridge.network_arrival a
         where ${tx.own('a')} and a.connection_id = $1 and a.resume_at > now() for update skip locked)
       update talentbridge.network_arrival a set resume_at = null from waiting w where ${tx.own('a')} and a.id = w.id`,
      [connectionId],
    );
    await this.parts.jobs.add(tx, ARRIVALS_TASK, connectionId);
  }

  async end(tx: Transaction, { connectionId }: SystemPair): Promise<void> {
    for (const table of ['network_arrival', 'network_arrival_run'] as const) {
      await tx.rows(`delete from talentbridge.${table} a where ${tx.own('a')} and a.connection_id = $1`, [
        connectionId,
      ]);
    }
  }

  /** People were exported at the network. Takes note of each, once. */
  async exported(scope: OrganizationScope, connectionId: string, requestIds: readonly string[]): Promise<void> {
    await scope.transaction((tx) => this.parts.intake.exported(tx, connectionId, requestIds));
  }

  /** Who came, newest first. Whoever sees people here that the ATS does not have is in the audit log. */
  async list(
    scope: OrganizationScope,
    connectionId: string,
    { unassigned = false }: ArrivalQuery,
    page: PageRequest,
  ): Promise<Page<ArrivalRecord>> {
    if (!isUuid(connectionId)) throw new NotFoundError('connection', connectionId);
    const { stored, items } = await scope.read(async (tx) => {
      const listed = await pageOf<StoredArrival>(tx, page, {
        select: STORED_COLUMNS,
        from: `talentbridge.network_arrival a
          where ${tx.own('a')} and a.connection_id = $1 and (not $2 or ${isUnassigned('a')})`,
        parameters: [connectionId, unassigned],
        order: 'a.id desc',
        after: { column: 'a.id', comparison: '<' },
      });
      return { stored: listed, items: await this.shown(tx, connectionId, listed.items) };
    });
    const arrivalIds = items.filter(({ name }) => name !== null).map(({ id }) => id);
    if (arrivalIds.length > 0) {
      const subject = { type: 'connection', id: connectionId };
      await scope.transaction((tx) =>
        this.parts.audit.record(tx, scope.caller, 'arrival.list', subject, { arrivalIds }),
      );
    }
    return { ...stored, items };
  }

  /** How many people each seat exported in this month (UTC), by the seat's id. */
  async exportsThisMonth(tx: Transaction, connectionId: string): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.rows<{ seatId: string; exports: number }>(
      `select a.seat_id as "seatId", count(*)::int as exports from talentbridge.network_arrival a
       where ${tx.own('a')} and a.connection_id = $1 and a.source = 'EXPORT' and a.seat_id is not null
         and a.exported_at >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC'
       group by a.seat_id`,
      [connectionId],
    );
    return new Map(rows.map(({ seatId, exports }) => [seatId, exports]));
  }

  /**
   * Tries again to add somebody whom the ATS refused, or of whom a person was asked whether they are to come back.
   * @throws NotFoundError
   * @throws CapabilityOffError while System Connect is off.
   * @throws WrongStateError when it was not refused.
   */
  retry(scope: OrganizationScope, id: string): Promise<ArrivalRecord> {
    return scope.transaction(async (tx) => {
      const { state, connectionId } = await this.locked(tx, id);
      if (state !== 'REFUSED') throw new WrongStateError(state, 'Only an arrival that was refused can be tried again.');
      await this.again(tx, id);
      return this.changed(tx, scope, 'arrival.retry', id, connectionId);
    });
  }

  /**
   * Says what became of an arrival of which nobody knew.
   * @throws NotFoundError
   * @throws CapabilityOffError while System Connect is off.
   * @throws WrongStateError when it is not unclear.
   */
  settle(scope: OrganizationScope, id: string, settlement: ArrivalSettlement): Promise<ArrivalRecord> {
    return scope.transaction(async (tx) => {
      const { state, connectionId, member } = await this.locked(tx, id);
      if (state !== 'UNCLEAR' || member === null) {
        throw new WrongStateError(state, 'Only an arrival that is unclear can be settled.');
      }
      if (settlement.arrived) {
        await this.parts.ledger.addedByHand(tx, { id, connectionId, member }, settlement.candidateRemoteId);
      } else {
        await this.again(tx, id);
      }
      // What waited for it.
      await this.parts.jobs.add(tx, ARRIVALS_TASK, connectionId);
      return this.changed(tx, scope, 'arrival.settle', id, connectionId);
    });
  }

  private async locked(tx: Transaction, id: string): Promise<LockedArrival> {
    const row = isUuid(id)
      ? await tx.row<LockedArrival>(
          `select a.state, a.connection_id as "connectionId", a.member from talentbridge.network_arrival a
           where ${tx.own('a')} and a.id = $1 for update`,
          [id],
        )
      : undefined;
    if (!row) throw new NotFoundError('arrival', id);
    await requireOn(tx, this.parts.entitlements, row.connectionId);
    return row;
  }

  private async again(tx: Transaction, id: string): Promise<void> {
    await tx.rows(
      `update talentbridge.network_arrival a
       set state = 'PENDING', outcome = null, reason = null, remedy = null, resume_at = null, finished_at = null, tries = 0
       where ${tx.own('a')} and a.id = $1`,
      [id],
    );
  }

  private async changed(
    tx: Transaction,
    scope: OrganizationScope,
    action: 'arrival.retry' | 'arrival.settle',
    id: string,
    connectionId: string,
  ): Promise<ArrivalRecord> {
    await this.parts.jobs.add(tx, ARRIVALS_TASK, connectionId);
    await this.parts.audit.record(tx, scope.caller, action, { type: 'arrival', id }, { connectionId });
    const rows = await tx.rows<StoredArrival>(
      `select ${STORED_COLUMNS} from talentbridge.network_arrival a where ${tx.own('a')} and a.id = $1`,
      [id],
    );
    const [record] = await this.shown(tx, connectionId, rows);
    if (!record) throw new NotFoundError('arrival', id);
    return record;
  }

  /** With who they are, as far as that is still kept, and where the mirror has them. */
  private async shown(
    tx: Transaction,
    connectionId: string,
    stored: readonly StoredArrival[],
  ): Promise<readonly ArrivalRecord[]> {
    const sealed = stored.flatMap(({ id, person }) => (person ? [{ id, sealed: person }] : []));
    const people = await this.parts.texts.open<ArrivingPerson>(tx, connectionId, sealed, arrivingPerson);
    const pair = await pairOf(tx, connectionId);
    const remoteIds = stored.flatMap(({ candidateRemoteId }) => candidateRemoteId ?? []);
    const mirrored = pair
      ? await this.parts.mirror.idsNamed(tx, pair.atsConnectionId, 'candidate', [...new Set(remoteIds)])
      : [];
    const candidateIds = new Map<string | null, string>(mirrored.map(({ id, remoteId }) => [remoteId, id]));
    return stored.map(({ person: _, hidden, ...record }) => {
      const { firstName = '', lastName = '', emails = [], phones = [] } = people.get(record.id) ?? {};
      const candidateId = candidateIds.get(record.candidateRemoteId) ?? null;
      return {
        ...record,
        ...(hidden && record.unassigned && candidateId === null ? HIDDEN : {}),
        candidateId,
        name: `${firstName} ${lastName}`.trim() || null,
        contact: emails.length + phones.length > 0 ? { emails, phones } : null,
      };
    });
  }

  private async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    await new ArrivalRun(this.parts, scope, signal).run(id);
  }
}

/** Of an erased candidate it stays known that somebody came, for the counts of seats, and nothing of who it was. */
async function forgetCandidate(
  tx: Transaction,
  candidate: { readonly connectionId: string; readonly remoteId: string; readonly pseudonym: string },
): Promise<number> {
  const linked = await linkedMembersOf(tx, candidate);
  const rows = await tx.rows(
    `update talentbridge.network_arrival a
     set member = $3, person = null, candidate_remote_id = null, existing_id = null, existing_url = null, mirrored = true,
       candidate_url = null,
       dummy_number = null, request_key = 'erased/' || a.id,
       state = case when a.state in ('PENDING', 'SENDING', 'UNCLEAR') then 'REFUSED' else a.state end,
       reason = 'The person was erased.', remedy = null
     from talentbridge.system_pair p
     where ${tx.own('a')} and ${tx.own('p')} and p.connection_id = a.connection_id and p.ats_connection_id = $1
       and (a.candidate_remote_id = $2 or a.existing_id = $2 or exists (
         select from jsonb_to_recordset($4::jsonb) as l ("connectionId" uuid, members text[])
         where l."connectionId" = a.connection_id and a.member = any(l.members)))
     returning a.id`,
    [candidate.connectionId, candidate.remoteId, candidate.pseudonym, JSON.stringify(linked)],
  );
  return rows.length;
}
