import {
  isHubError,
  NETWORK_KINDS,
  type NetworkMatch,
  type RediscoveryCapability,
  type SystemConnectCapability,
} from '@talentbridge/contracts';
import { toldToWait } from '../../../kernel/jobs/wait-after.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Links } from '../links.js';
import type { MirrorContent } from '../mirror-content.js';
import { readMatches } from '../network-answers.js';
import type { PairStanding } from '../pair-standing.js';
import { candidateChunk, finishCandidates } from './candidate-chunk.js';
import { nextMatchAt, noteArrived, noteAsked, oldestHistories, toBeMatched } from './candidates-at-network.js';
import { dueNow, makeDue, nextDueAt } from './due-records.js';
import { jobsWithOtherApplications } from './job-access.js';
import { finishJobs, jobChunk } from './job-chunk.js';
import { candidatesOfJobs } from './network-records.js';
import { withoutMember } from './outgoing-records.js';
import type { PushLedger, PushState, TakenPush } from './push-ledger.js';
import { type Chunk, type DueRecord, keyOf, type OutgoingRecord, type PushSettings } from './push-model.js';
import { pushContext } from './push-waits.js';
import { type AlongsideSending, RecordSender, removeRecords, SideFailedError } from './record-sender.js';

/** Calls that failed in a row, after which the record that causes it is looked for. */
const TRIES_TOGETHER = 3;
const DEFAULT_BATCH = 100;

/** What a run works with. */
export interface PushRunParts {
  readonly ledger: PushLedger;
  readonly mirror: MirrorContent;
  readonly links: Links;
  readonly settings: PushSettings;
  readonly isPlaceholder: (address: string) => boolean;
}

/** The two sides of a pair, as they were opened. */
export interface OpenedPair {
  readonly network: SystemConnectCapability;
  readonly ats: RediscoveryCapability | undefined;
  readonly standing: Extract<PairStanding, { kind: 'WORKING' }>;
}

/** When a run goes on by itself. */
export type PushRest = { readonly at?: Date; readonly reason?: string };

/**
 * Pushes what is due of one pair: jobs before candidates, and of candidates each with all that belongs to them, in the order
 * that references need. What the network has already is not sent again. May be stopped and repeated at any point.
 */
export class PushRun {
  constructor(
    private readonly parts: PushRunParts,
    private readonly scope: OrganizationScope,
    private readonly taken: TakenPush,
    private readonly pair: OpenedPair,
    /** Until when it may take, in milliseconds of `Date.now()`, and what stops it before. */
    private readonly limits: { readonly deadline?: number; readonly signal?: AbortSignal } = {},
  ) {}

  /** Does one thing that is to be done now. @returns When to go on, where nothing is. */
  async step(state: PushState): Promise<PushRest | undefined> {
    const { ledger, settings } = this.parts;
    if (state.phase === 'WAITING') {
      if (await ledger.beginSeed(this.scope, this.taken, state.atsConnectionId)) return undefined;
      return { at: new Date(state.now.getTime() + settings.firstLoadMs), reason: FIRST_LOAD };
    }
    if (await this.pushDue(state)) return undefined;
    if (await this.readMatches(state)) return undefined;
    if (state.phase === 'SEEDING') await ledger.seed(this.scope, this.taken, state);
    else if (state.firstSyncAt === null) await ledger.endFirstSync(this.scope, this.taken);
    else if (!(await this.historiesAgain(state))) return this.restUntil(state);
    return undefined;
  }

  /** Pushes candidates by their ids in the mirror, with the jobs of their applications, and reads whom the network takes them for. */
  async some(state: PushState, candidateIds: readonly string[], jobIds: readonly string[]): Promise<void> {
    await this.pushDue(state, 'job', jobIds);
    await this.pushDue(state, 'candidate', candidateIds);
    const { atsConnectionId } = state;
    const people = await this.scope.transaction((tx) =>
      this.parts.mirror.candidates(tx, atsConnectionId, candidateIds),
    );
    await this.readMatches(
      state,
      people.map(({ candidate }) => candidate.remoteId),
    );
  }

  /** @returns `false`: nothing was due. */
  private async pushDue(state: PushState, kind?: 'job' | 'candidate', only?: readonly string[]): Promise<boolean> {
    const { connectionId } = this.taken;
    for (const one of kind ? [kind] : (['job', 'candidate'] as const)) {
      const due = await this.scope.transaction((tx) => dueNow(tx, connectionId, one, this.parts.settings.atOnce, only));
      if (due.length === 0) continue;
      if (one === 'job') await this.pushJobs(state, due);
      else await this.pushCandidates(state, due);
      return true;
    }
    return false;
  }

  private async pushJobs(state: PushState, due: readonly DueRecord[]): Promise<void> {
    const { connectionId } = this.taken;
    const { mirror, ledger } = this.parts;
    const { atsConnectionId } = state;
    const chunk = await this.scope.transaction((tx) => jobChunk(tx, { mirror, connectionId, atsConnectionId }, due));
    const sender = this.sender(state, due);
    await this.send(sender, chunk, {
      // An application carries the title of its job.
      before: async (tx, records) => {
        const some = records.flatMap(({ kind, remoteId }) =>
          kind === 'job' && chunk.retitled.has(remoteId) ? [remoteId] : [],
        );
        if (some.length > 0)
          await makeDue(tx, connectionId, 'candidate', await candidatesOfJobs(tx, connectionId, some));
      },
    });
    await ledger.write(this.scope, this.taken, (tx) => finishJobs(tx, connectionId, chunk, sender.held));
  }

  private async pushCandidates(state: PushState, due: readonly DueRecord[]): Promise<void> {
    const { connectionId } = this.taken;
    const { ledger, links, mirror, settings, isPlaceholder } = this.parts;
    const chunk = await candidateChunk(
      {
        scope: this.scope,
        connectionId,
        atsConnectionId: state.atsConnectionId,
        mirror,
        links,
        ats: this.pair.ats,
        historiesAtOnce: settings.historiesAtOnce,
        deadline: this.limits.deadline,
        signal: this.limits.signal,
        isPlaceholder,
      },
      due,
    );
    const sender = this.sender(state, due);
    for (const [mirrorId, error] of chunk.unread) sender.held.set(mirrorId, error);
    await this.lookAtJobsOf(state, chunk);
    const members = new Map<OutgoingRecord, string>();
    await this.send(sender, chunk, {
      // Whoever left the network takes nothing along.
      instead: (record) => {
        const other = withoutMember(record);
        if (other) members.set(other, other.member);
        return other;
      },
      after: async (tx, arrived) => {
        const people = arrived.filter(({ kind }) => kind === 'candidate');
        if (people.length > 0) await noteArrived(tx, connectionId, people);
        for (const record of people) {
          const member = members.get(record);
          if (member !== undefined) await links.refused(tx, connectionId, record.remoteId, member);
        }
      },
    });
    await ledger.write(this.scope, this.taken, (tx) => finishCandidates(tx, connectionId, chunk, sender.held, links));
  }

  /** Who works on applications decides who sees their jobs, where not everybody does. */
  private async lookAtJobsOf({ atsConnectionId }: PushState, chunk: Chunk): Promise<void> {
    const { connectionId } = this.taken;
    // Where that changes at this moment all jobs become due.
    if (this.pair.standing.pair.jobViewers === 'EVERYBODY') return;
    const jobs = [...jobsWithOtherApplications(chunk)];
    if (jobs.length === 0) return;
    await this.parts.ledger.write(this.scope, this.taken, async (tx) => {
      const named = await this.parts.mirror.idsNamed(tx, atsConnectionId, 'job', jobs);
      await makeDue(
        tx,
        connectionId,
        'job',
        named.map(({ id }) => id),
      );
    });
  }

  /** Removes what is to go, then sends what differs, kind by kind. */
  private async send(
    sender: RecordSender,
    { outgoing, removals, stored }: Chunk,
    alongside: AlongsideSending,
  ): Promise<void> {
    const left = await removeRecords(sender, removals);
    if (left > 0) {
      await this.parts.ledger.write(this.scope, this.taken, (tx) =>
        this.parts.ledger.leave(tx, this.taken.connectionId, left),
      );
    }
    const known = new Map(stored.map((record) => [keyOf(record), record]));
    const refused = new Set<string>();
    for (const kind of NETWORK_KINDS) {
      const toSend: OutgoingRecord[] = [];
      for (const record of outgoing) {
        if (record.kind !== kind) continue;
        const key = keyOf(record);
        const was = known.get(key);
        const isBarred = record.belongsTo !== undefined && refused.has(keyOf(record.belongsTo));
        const isKnown = was?.digest === record.digest;
        if (isBarred || (isKnown && was.status === 'REFUSED')) refused.add(key);
        else if (!isKnown) toSend.push(record);
      }
      const refusedNow = await sender.push(kind, toSend, alongside);
      const instead = refusedNow.flatMap((record) => alongside.instead?.(record) ?? []);
      for (const record of refusedNow) refused.add(keyOf(record));
      if (instead.length === 0) continue;
      const refusedAgain = new Set((await sender.push(kind, instead, alongside)).map(keyOf));
      for (const key of instead.map(keyOf)) if (!refusedAgain.has(key)) refused.delete(key);
    }
  }

  /** Reads whom the network takes candidates for. @returns `false`: about nobody. */
  private async readMatches(state: PushState, only?: readonly string[]): Promise<boolean> {
    const { connectionId } = this.taken;
    const { network } = this.pair;
    const most = Math.max(1, network.limits.batch ?? DEFAULT_BATCH);
    const asked = await this.scope.transaction((tx) => toBeMatched(tx, connectionId, most, only));
    if (asked.length === 0) return false;
    let matches: readonly NetworkMatch[] | undefined;
    try {
      matches = readMatches(await network.matches(pushContext(this.limits.deadline), asked), asked);
    } catch (error) {
      if (!isHubError(error)) throw error;
      const mayPass = error.recovery === 'retry' && (state.tries < TRIES_TOGETHER || toldToWait(error) !== undefined);
      if (mayPass || error.recovery === 'reconnect') throw new SideFailedError('network', error);
      // A question that the network does not answer keeps nothing from being pushed: it is asked again later.
    }
    await this.parts.ledger.write(this.scope, this.taken, async (tx) => {
      if (!matches) return noteAsked(tx, connectionId, asked, []);
      // Who went meanwhile, or was erased, leaves no link.
      const { atsConnectionId } = this.pair.standing.pair;
      const there = (await this.parts.mirror.idsNamed(tx, atsConnectionId, 'candidate', asked)).map(
        ({ remoteId }) => remoteId,
      );
      await this.parts.links.takeOver(
        tx,
        connectionId,
        there,
        matches.filter(({ candidateRemoteId }) => there.includes(candidateRemoteId)),
      );
      const matched = matches.flatMap(({ candidateRemoteId, member }) => (member ? [candidateRemoteId] : []));
      await noteAsked(tx, connectionId, asked, matched);
      await this.parts.ledger.announce(tx, connectionId);
    });
    return true;
  }

  /** Notes and interviews change without a change of the candidate: those that were read longest ago are read again. */
  private async historiesAgain(state: PushState): Promise<boolean> {
    const at = this.historiesDueAt(state);
    if (!at || at > state.now) return false;
    await this.parts.ledger.write(this.scope, this.taken, async (tx) => {
      const { connectionId } = this.taken;
      await makeDue(
        tx,
        connectionId,
        'candidate',
        await oldestHistories(tx, connectionId, this.parts.settings.histories),
      );
      await tx.rows(
        `update talentbridge.network_push p set histories_at = now() where ${tx.own('p')} and p.connection_id = $1`,
        [connectionId],
      );
    });
    return true;
  }

  private historiesDueAt({ historiesAt, now }: PushState): Date | undefined {
    if (!this.pair.ats?.readHistory) return undefined;
    return new Date((historiesAt ?? now).getTime() + this.parts.settings.historiesEveryMs);
  }

  private restUntil(state: PushState): Promise<PushRest> {
    const { connectionId } = this.taken;
    return this.scope.transaction(async (tx) => {
      const times = [
        await nextDueAt(tx, connectionId),
        await nextMatchAt(tx, connectionId),
        this.historiesDueAt(state),
      ];
      const next = times.flatMap((at) => (at ? [at.getTime()] : []));
      return next.length === 0 ? {} : { at: new Date(Math.min(...next)) };
    });
  }

  /** Where something failed before, the record that causes it is looked for at once. */
  private sender(state: PushState, due: readonly DueRecord[]): RecordSender {
    return new RecordSender({
      ledger: this.parts.ledger,
      scope: this.scope,
      taken: this.taken,
      pluginId: this.pair.standing.network.pluginId,
      network: this.pair.network,
      together: state.tries < TRIES_TOGETHER && due.every(({ tries }) => tries === 0),
      deadline: this.limits.deadline,
    });
  }
}

const FIRST_LOAD = "The ATS's first load has to be complete before anything is pushed.";
