import type { NetworkExport } from '@talentbridge/contracts';
import { type Deployment, installedPlugin } from '../../../kernel/deployment.js';
import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { PersonExporter } from '../../../kernel/person-exporter.js';
import type { ErasedMembers } from '../erased-members.js';
import { pairStanding } from '../pair-standing.js';
import type { SystemPair } from '../system-connect-model.js';
import { ArrivalEndings, type ArrivalEndingsParts, type ArrivalSent } from './arrival-endings.js';
import { type ArrivingPerson, arrivingPerson, namedFor } from './arrival-model.js';
import { ARRIVALS_TASK } from './arrivals-schema.js';
import { type DueArrival, dueArrival, dummyNumberOf } from './due-arrivals.js';
import type { NextArrival, OpenArrival } from './next-arrival.js';

/** Another worker sees to the arrivals: this one stops. */
export class ArrivalsOvertakenError extends Error {
  override readonly name = 'ArrivalsOvertakenError';
}

/** A pair that works, with its network. */
export interface WorkingPair extends SystemPair {
  readonly pluginId: string;
  /** What the network is called. */
  readonly networkName: string;
}

/** What `ArrivalLedger` works with. */
export interface ArrivalLedgerParts extends ArrivalEndingsParts {
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  readonly erased: ErasedMembers;
  readonly exporter: PersonExporter;
  readonly jobs: JobQueue;
}

const ERASED = {
  reason: 'This person was erased here, and does not come back by an export alone.',
  remedy: 'Ask the recruiter who exported them. If they are to be a candidate again, try this one again.',
};
/** After so long whatever waits for something else is looked at again. */
const LOOK_AGAIN_MS = 300_000;

/**
 * The ledger of arrivals: one is opened, durably, before its first request goes out, and closed with the definite answer;
 * whatever a worker leaves open, the next one asks the ATS about before it sends again.
 */
export class ArrivalLedger {
  private readonly endings: ArrivalEndings;

  constructor(private readonly parts: ArrivalLedgerParts) {
    this.endings = new ArrivalEndings(parts);
  }

  /** The pair whose arrivals may be seen to now, with its network. `undefined`: whoever resumes it has them go on. */
  async pair(scope: OrganizationScope, connectionId: string): Promise<WorkingPair | undefined> {
    const standing = await scope.transaction((tx) => pairStanding(tx, this.parts.entitlements, connectionId));
    if (standing.kind !== 'WORKING') return undefined;
    const { name, pluginId } = standing.network;
    const networkName = installedPlugin(this.parts.deployment, pluginId)?.displayName ?? name;
    return { ...standing.pair, pluginId, networkName };
  }

  /** Whether arrivals of a network connection may be seen to now. */
  async mayRun(tx: Transaction, connectionId: string): Promise<boolean> {
    return (await pairStanding(tx, this.parts.entitlements, connectionId)).kind === 'WORKING';
  }

  /** Takes the arrivals of a pair over: from now on what an earlier worker still does is refused. */
  async take(scope: OrganizationScope, connectionId: string): Promise<number> {
    const taken = await scope.transaction((tx) =>
      tx.row<{ epoch: number }>(
        `insert into talentbridge.network_arrival_run as r (organization_id, connection_id, epoch) values ($1, $2, 1)
         on conflict (organization_id, connection_id) do update set epoch = r.epoch + 1 returning r.epoch`,
        [tx.organizationId, connectionId],
      ),
    );
    return taken?.epoch ?? 0;
  }

  /**
   * Opens the next arrival of which something is to be done now. `undefined`: there is none.
   * @throws ArrivalsOvertakenError
   */
  next(scope: OrganizationScope, pair: SystemPair, epoch: number): Promise<NextArrival | undefined> {
    return scope.transaction(async (tx) => {
      const own = await tx.row(
        `select r.epoch from talentbridge.network_arrival_run r
         where ${tx.own('r')} and r.connection_id = $1 and r.epoch = $2 for share`,
        [pair.connectionId, epoch],
      );
      if (!own) throw new ArrivalsOvertakenError('Another worker sees to the arrivals of this pair.');
      const due = await dueArrival(tx, pair.connectionId);
      if (!due) return undefined;
      const { id, tries, state, candidateRemoteId, requestKey } = due;
      if (state === 'ADDED' && candidateRemoteId !== null) return { kind: 'MIRROR', id, candidateRemoteId, tries };
      if (due.member === null || due.person === null) {
        return { kind: 'READ', id, requestId: requestKey.slice(requestKey.indexOf('/') + 1), tries };
      }
      if (due.linkedId !== null && due.existingId === null && due.jobRemoteId === null) {
        if (due.hasContact) {
          const open = await this.open(tx, pair, epoch, due, due.member, due.person);
          const madeWith = await dummyNumberOf(tx, pair.connectionId, due.linkedId);
          const made = madeWith === undefined ? {} : { madeWith };
          return { kind: 'ADD_CONTACT', open, candidateRemoteId: due.linkedId, ...made };
        }
        await this.endings.added(tx, pair.connectionId, { id, member: due.member }, 'KNOWN', {
          remoteId: due.linkedId,
        });
        return { kind: 'DONE' };
      }
      if (due.unsettled && due.linkedId === null && due.existingId === null) {
        await this.endings.ended(tx, pair.connectionId, id, 'UNCLEAR', {
          reason: 'Whether an earlier try to add this person arrived is not settled.',
          remedy: 'Settle the earlier one first, then try this one again.',
        });
        return { kind: 'DONE' };
      }
      return { kind: 'SEND', open: await this.open(tx, pair, epoch, due, due.member, due.person) };
    });
  }

  /** Notes whom a recruiter exported. Whoever was erased comes back by nobody's click alone: a person is asked, and nothing of them kept. */
  async identified(
    scope: OrganizationScope,
    connectionId: string,
    id: string,
    exported: NetworkExport,
    networkName: string,
  ): Promise<void> {
    const { person, jobRemoteId, exportedBy, exportedAt } = exported;
    const { member, ...told } = person;
    const value: ArrivingPerson = { ...told, ...namedFor(networkName, told), emails: [], phones: [] };
    await scope.transaction(async (tx) => {
      const isToBeAsked = await this.isToBeAsked(tx, connectionId, id, member);
      const [sealed] = isToBeAsked ? [] : await this.parts.texts.seal(tx, connectionId, [{ id, value }]);
      await tx.rows(
        `update talentbridge.network_arrival a
         set member = $2, person = $3, job_remote_id = $4, seat_id = $5, exported_at = $6, erased = a.erased or $7, tries = 0,
           resume_at = null
         where ${tx.own('a')} and a.id = $1 and a.member is null`,
        [
          id,
          isToBeAsked ? null : member,
          sealed ?? null,
          jobRemoteId ?? null,
          exportedBy ?? null,
          exportedAt,
          isToBeAsked,
        ],
      );
      if (isToBeAsked) await this.endings.ended(tx, connectionId, id, 'REFUSED', ERASED);
    });
  }

  /** Whether this worker may still send: a process that slept may have lost the arrivals to another. */
  async isOurs(scope: OrganizationScope, connectionId: string, { id, epoch }: OpenArrival): Promise<boolean> {
    const row = await scope.transaction((tx) =>
      tx.row(
        `select a.id from talentbridge.network_arrival a
         join talentbridge.network_arrival_run r
           on ${tx.own('r')} and r.connection_id = a.connection_id and r.epoch = a.epoch
         where ${tx.own('a')} and a.connection_id = $1 and a.id = $2 and a.epoch = $3 and a.state = 'SENDING'`,
        [connectionId, id, epoch],
      ),
    );
    return row !== undefined;
  }

  /** Notes how a try ended, together with whom the ATS has now. Refused where another worker has the arrival. */
  async close(scope: OrganizationScope, connectionId: string, open: OpenArrival, sent: ArrivalSent): Promise<void> {
    await scope.transaction(async (tx) => {
      const own = await tx.row(
        `select a.id from talentbridge.network_arrival a
         where ${tx.own('a')} and a.id = $1 and a.epoch = $2 and a.state = 'SENDING' for update`,
        [open.id, open.epoch],
      );
      if (!own) return;
      await this.endings.note(tx, connectionId, open, sent);
    });
  }

  /** The network cannot say who it is, or does not want to at the moment. */
  async refuse(
    scope: OrganizationScope,
    connectionId: string,
    id: string,
    why: { readonly reason: string; readonly remedy: string },
  ): Promise<void> {
    await scope.transaction((tx) => this.endings.ended(tx, connectionId, id, 'REFUSED', why));
  }

  /** Tries something of an arrival again later. @param reason What it waits for. */
  async later(scope: OrganizationScope, id: string, inMs: number, reason?: string): Promise<void> {
    await scope.transaction((tx) =>
      tx.rows(
        `update talentbridge.network_arrival a
         set tries = a.tries + 1, reason = coalesce($3, a.reason), resume_at = now() + $2 * interval '1 millisecond'
         where ${tx.own('a')} and a.id = $1`,
        [id, Math.round(inMs), reason ?? null],
      ),
    );
  }

  /** The mirror has them, or will have them by itself. */
  async mirrored(scope: OrganizationScope, id: string): Promise<void> {
    await scope.transaction((tx) =>
      tx.rows(
        `update talentbridge.network_arrival a set mirrored = true, resume_at = null where ${tx.own('a')} and a.id = $1`,
        [id],
      ),
    );
  }

  /** Has the job come at once: this process shuts down. */
  async again(scope: OrganizationScope, connectionId: string): Promise<void> {
    await scope.transaction((tx) => this.parts.jobs.add(tx, ARRIVALS_TASK, connectionId));
  }

  /** Nothing is due now: has the job come once something is, if anything will be. */
  async rest(scope: OrganizationScope, connectionId: string): Promise<void> {
    await scope.transaction(async (tx) => {
      const row = await tx.row<{ at: Date | null }>(
        // What is due already waits for something else.
        `select min(case when a.resume_at > now() then a.resume_at
           else now() + ${LOOK_AGAIN_MS} * interval '1 millisecond' end) as at
         from talentbridge.network_arrival a
         where ${tx.own('a')} and a.connection_id = $1
           and (a.state in ('PENDING', 'SENDING') or (a.state = 'ADDED' and not a.mirrored))`,
        [connectionId],
      );
      if (row?.at) await this.parts.jobs.putOff(tx, ARRIVALS_TASK, connectionId, row.at);
    });
  }

  /** Whom a person knows to be in the ATS, or who is to be tried again. */
  async addedByHand(
    tx: Transaction,
    arrival: { readonly id: string; readonly connectionId: string; readonly member: string },
    candidateRemoteId: string,
  ): Promise<void> {
    await this.endings.added(tx, arrival.connectionId, arrival, 'CREATED', { remoteId: candidateRemoteId });
  }

  /** Whether somebody was erased, is nobody's profile now, and no person was asked about this arrival yet. */
  private async isToBeAsked(tx: Transaction, connectionId: string, id: string, member: string): Promise<boolean> {
    const isErased = await this.parts.erased.find(tx, connectionId, [member]);
    if (!isErased(member)) return false;
    const answered = await tx.row(
      `select from talentbridge.network_arrival a
       where ${tx.own('a')} and a.id = $2 and (a.erased or exists (
         select from talentbridge.network_link l
         where ${tx.own('l')} and l.connection_id = $1 and l.member = $3))`,
      [connectionId, id, member],
    );
    return answered === undefined;
  }

  private async open(
    tx: Transaction,
    pair: SystemPair,
    epoch: number,
    due: DueArrival,
    member: string,
    sealed: Buffer,
  ): Promise<OpenArrival> {
    const { id, existingId, existingUrl, linkedId, jobRemoteId } = due;
    const people = await this.parts.texts.open(tx, pair.connectionId, [{ id, sealed }], arrivingPerson);
    const person = people.get(id);
    if (!person) throw new Error('Who arrives was opened a moment ago and is not there.');
    const remoteId = existingId ?? linkedId;
    // Durable before it goes out, so that a retry has the same.
    const wantsNumber = pair.missingEmail === 'DUMMY' && person.emails.length === 0 && remoteId === null;
    const dummyNumber =
      due.dummyNumber ?? (wantsNumber ? await this.parts.exporter.reserveDummyNumber(tx, pair.atsConnectionId) : null);
    const opened = await tx.row<Pick<OpenArrival, 'epoch' | 'tries' | 'firstTriedAt'>>(
      `update talentbridge.network_arrival a
       set state = 'SENDING', epoch = $3, tries = a.tries + 1, opened_at = now(), resume_at = null, reason = null,
         remedy = null, first_tried_at = coalesce(a.first_tried_at, now()), dummy_number = $2
       where ${tx.own('a')} and a.id = $1 returning a.epoch, a.tries, a.first_tried_at as "firstTriedAt"`,
      [id, dummyNumber, epoch],
    );
    if (!opened) throw new Error('An arrival that was locked is not there.');
    return {
      id,
      member,
      person,
      jobRemoteId,
      dummyNumber,
      ...opened,
      reopened: due.state === 'SENDING',
      existing:
        remoteId === null
          ? undefined
          : { remoteId, ...(existingId !== null && existingUrl !== null ? { remoteUrl: existingUrl } : {}) },
    };
  }
}
