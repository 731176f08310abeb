import { setTimeout as sleep } from 'node:timers/promises';
import type { Entitlements } from '../../../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import { type NotedChanges, type OutboxPosition, readOutbox } from '../../outbox.js';
import { type Decided, STORED_COLUMNS, type StoredMatch, unmatched } from './match-store.js';
import type { MatchThread } from './match-thread.js';
import {
  type MatchingLedger,
  MatchingOvertakenError,
  type MatchingProgress,
  type TakenMatching,
} from './matching-ledger.js';
import type { ProfileIndexes } from './profile-indexes.js';
import { mirroredConnections } from './shown-connections.js';
import { type JudgedCandidate, judgedCandidates } from './verdicts.js';

/** How matching works. */
export interface MatchingSettings {
  /** Candidates in one transaction. */
  readonly batch: number;
  /**
   * How much longer nothing is decided anew by itself than it took the last time, so that profiles that change all the time take a
   * small part of a processor. What a person asks for is not put off.
   */
  readonly restFactor: number;
  /** Profiles in the indexes of one process, some 400 bytes each. */
  readonly mostProfiles: number;
}

/** A tenth of a processor, and half a gigabyte. */
export const defaultMatchingSettings: MatchingSettings = { batch: 200, restFactor: 9, mostProfiles: 1_250_000 };

/** What a run works with. */
export interface MatchingRunParts {
  readonly entitlements: Entitlements;
  readonly indexes: ProfileIndexes;
  readonly thread: MatchThread;
  readonly ledger: MatchingLedger;
  readonly settings: MatchingSettings;
}

/** After how long the job comes again where somebody was writing when it began. */
const COME_AGAIN_MS = 1_000;
/** Rows of an outbox that are read at once. */
const CHANGES_AT_ONCE = 20;
/** While there is no profile to match anybody with, what a load of a mirror writes is passed over so far apart, and not page by page. */
const NOBODY_PAUSE_MS = 250;

/** Candidates as they were read, and what they were read with. */
interface Read {
  readonly candidates: readonly JudgedCandidate[];
  /** The last one, whether Rediscovery is on for them or not. */
  readonly last: string | undefined;
  readonly passedOver: boolean;
  readonly verdicts: number;
}

/**
 * Matches candidates of one organization with its profiles: those that changed, and all of them where profiles changed or
 * somebody asked, because every profile counts in how much a name or an employer says. May be stopped and repeated at any point.
 */
export class MatchingRun {
  private mirror: OutboxPosition = { from: '0', seen: new Map() };
  private profiles: OutboxPosition = { from: '0', seen: new Map() };

  constructor(
    private readonly parts: MatchingRunParts,
    private readonly scope: OrganizationScope,
    private readonly signal: AbortSignal,
  ) {}

  /** Works until nothing is left to do now. */
  async run(): Promise<void> {
    const taken = await this.parts.ledger.take(this.scope);
    if (!taken) return;
    this.mirror = { from: taken.mirrorFrom, seen: new Map() };
    this.profiles = { from: taken.profilesFrom, seen: new Map() };
    try {
      const next = await this.work(taken);
      const soon = new Date(taken.now.getTime() + COME_AGAIN_MS);
      await this.parts.ledger.rest(this.scope, taken, taken.comesAgain && !(next && next < soon) ? soon : next);
    } finally {
      this.parts.indexes.release(this.scope.organizationId);
    }
  }

  /** @returns When there will be something to do again. `undefined`: once something changes, or somebody else sees to it. */
  private async work(taken: TakenMatching): Promise<Date | undefined> {
    try {
      for (;;) {
        if (this.signal.aborted) return taken.now;
        const state = await this.parts.ledger.current(this.scope, taken);
        if (!state) return undefined;
        const end = await this.step(state);
        if (end) return end.at;
      }
    } catch (error) {
      if (this.signal.aborted) return taken.now;
      throw error;
    }
  }

  /** Does what comes next. @returns Nothing, while there is more to do. */
  private async step(state: TakenMatching): Promise<{ readonly at: Date | undefined } | undefined> {
    const { ledger } = this.parts;
    const dueAt = this.passDueAt(state);
    const isDue = dueAt !== undefined && dueAt <= state.now;
    const { changes, profiles } = await this.scope.transaction(async (tx) => ({
      changes: await readOutbox(tx, 'mirror_change', this.mirror, CHANGES_AT_ONCE),
      profiles: await readOutbox(tx, 'profile_change', this.profiles, CHANGES_AT_ONCE),
    }));
    const idle = changes.changes.length === 0 && profiles.changes.length === 0 && state.passAfter === null && !isDue;
    if (idle) return { at: dueAt };
    const differs = (await this.anybody()) && (await this.parts.indexes.refresh(this.scope, this.signal));
    if (profiles.changes.length > 0) {
      await ledger.profilesSeen(this.scope, state, profiles.next.from, differs);
      this.parts.indexes.acknowledge(this.scope.organizationId);
      this.profiles = profiles.next;
    }
    try {
      if (changes.changes.length > 0) await this.follow(state, changes);
      if (state.passAfter !== null) await this.passOn(state, state.passAfter);
      else if (isDue) await ledger.beginPass(this.scope, state);
    } catch (error) {
      // A verdict came between, or another worker: the next look tells.
      if (!(error instanceof MatchingOvertakenError)) throw error;
    }
    const isBehind = changes.changes.length === CHANGES_AT_ONCE;
    if (!isBehind && this.parts.indexes.isEmpty(this.scope.organizationId))
      await sleep(NOBODY_PAUSE_MS, undefined, { signal: this.signal });
    return undefined;
  }

  private passDueAt({ passWantedAt, passAfter, passEndedAt, passWorkedMs }: TakenMatching): Date | undefined {
    if (passWantedAt === null || passAfter !== null) return undefined;
    return new Date((passEndedAt?.getTime() ?? 0) + passWorkedMs * this.parts.settings.restFactor);
  }

  /** Whether there is anybody to match: an organization without candidates needs no index. */
  private anybody(): Promise<boolean> {
    return this.scope.transaction(async (tx) => {
      const row = await tx.row(`select from talentbridge.mirror_candidate c where ${tx.own('c')} limit 1`);
      return row !== undefined;
    });
  }

  /** Decides about candidates that changed, and forgets those that went. */
  private async follow(state: TakenMatching, { changes, next }: NotedChanges): Promise<void> {
    const { ledger, settings } = this.parts;
    const cleared = changes.flatMap(({ change, connectionId }) =>
      change === 'CLEARED' && connectionId ? [connectionId] : [],
    );
    if (cleared.length > 0) await this.scope.transaction((tx) => ledger.forgetCleared(tx, cleared));
    const ids = [
      ...new Set(
        changes.flatMap(({ change, ids: concerned }) =>
          change === 'CANDIDATES_WRITTEN' || change === 'CANDIDATES_DELETED' ? concerned : [],
        ),
      ),
    ];
    let from = 0;
    do {
      // Nobody is matched where there is no profile, such as while a mirror is loaded before the first one comes: then all are.
      const isEmpty = this.parts.indexes.isEmpty(this.scope.organizationId);
      const some = ids.slice(from, isEmpty ? undefined : from + settings.batch);
      from += some.length;
      const wanted = isEmpty ? [] : some;
      const read = await this.read(() => 'select w.id from unnest($1::uuid[]) as w (id)', [wanted]);
      const gone = await this.scope.transaction((tx) => matchesOfGone(tx, some));
      // The position is stored with the last of them.
      await this.decide(state, read, gone, () => (from >= ids.length ? { mirrorFrom: next.from } : {}));
    } while (from < ids.length);
    this.mirror = next;
  }

  /** Decides about the next candidates of all. */
  private async passOn(state: TakenMatching, after: string): Promise<void> {
    const began = performance.now();
    const read = await this.read(
      (tx) => `select c.id from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id > $1
        order by c.id limit ${this.parts.settings.batch}`,
      [after],
    );
    const { last } = read;
    if (last === undefined) await this.parts.ledger.endPass(this.scope, state);
    else {
      await this.decide(state, read, [], () => ({
        pass: { after: last, more: read.candidates.length, workedMs: performance.now() - began },
      }));
    }
  }

  private read(wanted: (tx: Transaction) => string, parameters: readonly unknown[]): Promise<Read> {
    return this.scope.transaction(async (tx) => {
      // Before the candidates: a verdict that comes between has them read again.
      const verdicts = await verdictCount(tx);
      const { shown } = await mirroredConnections(tx, this.parts.entitlements);
      const found = await judgedCandidates(tx, wanted(tx), parameters);
      const candidates = found.filter(({ connectionId }) => shown.includes(connectionId));
      return { candidates, last: found.at(-1)?.id, passedOver: candidates.length < found.length, verdicts };
    });
  }

  private async decide(
    state: TakenMatching,
    { candidates, passedOver, verdicts }: Read,
    gone: readonly StoredMatch[],
    progress: () => MatchingProgress,
  ): Promise<void> {
    const { organizationId } = this.scope;
    const decisions =
      candidates.length === 0 ? [] : await this.parts.thread.ask({ organizationId, kind: 'decide', candidates });
    const decided: Decided[] = candidates.flatMap(({ id, connectionId }, index) => {
      const decision = decisions[index];
      return decision ? [{ candidateId: id, connectionId, decision }] : [];
    });
    await this.parts.ledger.write(this.scope, state, verdicts, [...decided, ...unmatched(gone)], {
      ...progress(),
      passedOver,
    });
  }
}

/** The matches of those of the candidates whom the mirror does not have. */
function matchesOfGone(tx: Transaction, ids: readonly string[]): Promise<readonly StoredMatch[]> {
  return tx.rows<StoredMatch>(
    `select ${STORED_COLUMNS} from talentbridge.candidate_match m
     where ${tx.own('m')} and m.candidate_id = any($1::uuid[])
       and not exists (select from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = m.candidate_id)`,
    [ids],
  );
}

async function verdictCount(tx: Transaction): Promise<number> {
  const row = await tx.row<{ verdicts: number }>(
    `select s.verdicts from talentbridge.matching_state s where ${tx.own('s')}`,
  );
  return row?.verdicts ?? 0;
}
