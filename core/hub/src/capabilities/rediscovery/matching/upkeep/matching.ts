import type { Logger } from 'pino';
import type { AuditLog } from '../../../../kernel/audit/audit-log.js';
import { InvalidInputError, NotFoundError, WrongStateError } from '../../../../kernel/errors.js';
import type { JobPayload } from '../../../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../../../kernel/jobs/lost-jobs.js';
import type { Entitlements } from '../../../../kernel/organizations/entitlements.js';
import { isUuid, type OrganizationScope } from '../../../../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../../../../kernel/persistence/page.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import { requireShownMirror } from '../../shown-mirror.js';
import { announceChanges } from '../../writing/notes.js';
import type { MatchDecision, UnmatchedReason } from '../match-decision.js';
import type { MatchCounts, MatchingState, MatchRecord } from './match-model.js';
import { lockMatching, MATCH_COLUMNS, matchOf, storedMatches, writeDecisions } from './match-store.js';
import type { MatchingLedger } from './matching-ledger.js';
import { MATCH_LATER_TASK, MATCH_TASK } from './matching-schema.js';
import { mirroredConnections } from './shown-connections.js';
import { storeVerdict, type Verdict } from './verdicts.js';

/** What `Matching` works with. */
export interface MatchingParts {
  readonly entitlements: Entitlements;
  readonly ledger: MatchingLedger;
  readonly audit: AuditLog;
  readonly logger: Logger;
  /** Matches what is to be matched in an organization. */
  readonly work: (organizationId: string, signal: AbortSignal) => Promise<void>;
  /** Adds the job that does. */
  readonly workNow: (organizationId: string) => Promise<void>;
}

/** A match of a page of those that wait for a person. */
export interface MatchToReview extends MatchRecord {
  readonly reason: NonNullable<MatchRecord['reason']>;
}

/** Who the candidates of the mirrors are: shows matches, and takes what people say of them. */
export class Matching {
  readonly due: DueWork = { dueBefore: 'talentbridge.matching_due' };

  constructor(private readonly parts: MatchingParts) {}

  /** The jobs that match. */
  get tasks(): Readonly<Record<string, JobTask>> {
    return {
      [MATCH_LATER_TASK]: ({ organizationId }) => this.parts.workNow(organizationId),
      [MATCH_TASK]: async ({ organizationId }: JobPayload, signal) => {
        try {
          await this.parts.work(organizationId, signal);
        } catch (error) {
          // The text of an error may quote a person.
          const name = error instanceof Error ? error.name : 'unknown';
          this.parts.logger.error({ organizationId, error: name }, 'matching failed; it is tried again');
          throw error;
        }
      },
    };
  }

  /**
   * The matches of candidates, by candidate. Who has none is left out.
   * @throws CapabilityOffError, WrongStateError while a mirror is not shown.
   */
  of(scope: OrganizationScope, candidateIds: readonly string[]): Promise<ReadonlyMap<string, MatchRecord>> {
    return scope.read(async (tx) => {
      const rows = await tx.rows<MatchRecord>(
        `select ${MATCH_COLUMNS} from talentbridge.candidate_match m ${stillThere(tx)}
           and m.candidate_id = any($1::uuid[])`,
        [candidateIds.filter(isUuid)],
      );
      for (const connectionId of new Set(rows.map((row) => row.connectionId))) await this.shown(tx, connectionId);
      return new Map(rows.map((match) => [match.candidateId, match]));
    });
  }

  /**
   * What kept candidates from being found, by candidate. Who is matched or waits for a person is left out, and so is whom nothing is
   * known of.
   * @throws CapabilityOffError, WrongStateError while a mirror is not shown.
   */
  unmatched(scope: OrganizationScope, candidateIds: readonly string[]): Promise<ReadonlyMap<string, UnmatchedReason>> {
    return scope.read(async (tx) => {
      const rows = (await storedMatches(tx, candidateIds.filter(isUuid))).filter(({ decision }) => decision === 'NONE');
      for (const connectionId of new Set(rows.map((row) => row.connectionId))) await this.shown(tx, connectionId);
      return new Map(
        rows.flatMap(({ candidateId, unmatchedBecause: reason }) => (reason === null ? [] : [[candidateId, reason]])),
      );
    });
  }

  /**
   * Matches that wait for a person, of one connection or of all whose mirror is shown; those of who came to the mirror first come
   * first.
   * @throws NotFoundError, CapabilityOffError, WrongStateError
   */
  toReview(scope: OrganizationScope, page: PageRequest, connectionId?: string): Promise<Page<MatchToReview>> {
    return scope.read(async (tx) => {
      if (connectionId !== undefined) await this.shown(tx, connectionId);
      const connections =
        connectionId === undefined ? (await mirroredConnections(tx, this.parts.entitlements)).shown : [connectionId];
      return pageOf<MatchToReview>(tx, page, {
        select: MATCH_COLUMNS,
        from: `talentbridge.candidate_match m ${stillThere(tx)} and m.decision = 'REVIEW' and m.connection_id = any($1::uuid[])`,
        parameters: [connections],
        order: 'm.candidate_id',
        after: { column: 'm.candidate_id', comparison: '>' },
      });
    });
  }

  /** How the candidates of connections are matched, by connection. */
  counts(scope: OrganizationScope, connectionIds: readonly string[]): Promise<ReadonlyMap<string, MatchCounts>> {
    return scope.read(async (tx) => {
      for (const id of connectionIds) await this.shown(tx, id);
      const rows = await tx.rows<MatchCounts & { readonly connectionId: string }>(
        `select m.connection_id as "connectionId",
           (count(*) filter (where m.decision = 'MATCHED' and m.decided_by = 'ENGINE'))::int as automatic,
           (count(*) filter (where m.decision = 'MATCHED' and m.decided_by = 'PERSON'))::int as confirmed,
           (count(*) filter (where m.decision = 'REVIEW'))::int as "toReview"
         from talentbridge.candidate_match m where ${tx.own('m')} and m.connection_id = any($1::uuid[])
         group by m.connection_id`,
        [connectionIds],
      );
      const none = { automatic: 0, confirmed: 0, toReview: 0 };
      const found = new Map(rows.map(({ connectionId, ...counts }) => [connectionId, counts]));
      return new Map(connectionIds.map((id) => [id, found.get(id) ?? none]));
    });
  }

  /** How far the matching of the organization is. */
  state(scope: OrganizationScope): Promise<MatchingState> {
    return scope.read((tx) => this.parts.ledger.state(tx));
  }

  /** Has all candidates of the organization matched anew; what people said holds. */
  rematch(scope: OrganizationScope): Promise<MatchingState> {
    return scope.transaction(async (tx) => {
      await this.parts.ledger.want(tx);
      await this.parts.audit.record(tx, scope.caller, 'matching.rematch', {
        type: 'organization',
        id: tx.organizationId,
      });
      return this.parts.ledger.state(tx);
    });
  }

  /**
   * Says that a candidate is a profile: the one that was found, or any other. It holds whatever is found later.
   * @param profileId Default: the one that was found.
   * @throws NotFoundError
   * @throws InvalidInputError when there is no such profile.
   * @throws WrongStateError when none was found and none is named.
   */
  confirm(scope: OrganizationScope, candidateId: string, profileId?: string): Promise<MatchRecord | undefined> {
    return this.judge(scope, candidateId, profileId, 'CONFIRMED');
  }

  /**
   * Says that a candidate is not a profile: it is never offered for them again, unless somebody chooses it.
   * @param profileId Default: the one that was found.
   * @throws NotFoundError, InvalidInputError, WrongStateError as `confirm`.
   */
  reject(scope: OrganizationScope, candidateId: string, profileId?: string): Promise<MatchRecord | undefined> {
    return this.judge(scope, candidateId, profileId, 'REJECTED');
  }

  private judge(
    scope: OrganizationScope,
    candidateId: string,
    named: string | undefined,
    verdict: Verdict,
  ): Promise<MatchRecord | undefined> {
    return scope.transaction(async (tx) => {
      const candidate = isUuid(candidateId)
        ? await tx.row<{ connectionId: string }>(
            `select c.connection_id as "connectionId" from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = $1`,
            [candidateId],
          )
        : undefined;
      if (!candidate) throw new NotFoundError('candidate', candidateId);
      const { connectionId } = candidate;
      await this.shown(tx, connectionId);
      await lockMatching(tx, [connectionId]);
      const before = matchOf((await storedMatches(tx, [candidateId]))[0]);
      const profileId = named ?? before?.profileId;
      if (profileId === undefined) {
        throw new WrongStateError('UNMATCHED', 'This candidate has no match. Choose a profile for them.');
      }
      await requireProfile(tx, profileId);
      await storeVerdict(tx, { candidateId, profileId, verdict, decidedBy: scope.caller.userId });
      await tx.rows(`update talentbridge.matching_state s set verdicts = s.verdicts + 1 where ${tx.own('s')}`);
      const decision = judged(before, profileId, verdict);
      if (decision) await writeDecisions(tx, [{ candidateId, connectionId, decision }]);
      // The job looks at them once more: evidence of a profile that was chosen, or the next best one.
      await announceChanges(tx, connectionId, { CANDIDATES_WRITTEN: [candidateId] });
      await this.parts.audit.record(
        tx,
        scope.caller,
        verdict === 'CONFIRMED' ? 'match.confirm' : 'match.reject',
        { type: 'candidate', id: candidateId },
        { connectionId, profileId },
      );
      return matchOf((await storedMatches(tx, [candidateId]))[0]);
    });
  }

  private shown(tx: Transaction, connectionId: string): Promise<void> {
    return requireShownMirror(tx, this.parts.entitlements, connectionId);
  }
}

/** What holds until the candidate is compared again. `undefined`: nothing changes. */
function judged(before: MatchRecord | undefined, profileId: string, verdict: Verdict): MatchDecision | undefined {
  if (verdict === 'REJECTED') {
    return before?.profileId === profileId ? unmatchedDecision : undefined;
  }
  const known = [before, ...(before?.others ?? [])].find((one) => one?.profileId === profileId);
  const { score, evidence } = known ?? { score: 0, evidence: [] };
  return {
    decision: 'MATCHED',
    decidedBy: 'PERSON',
    match: { profileId, score, evidence },
    basis: before?.profileId === profileId ? before.basis : 'EVIDENCE',
    others: [],
  };
}

const unmatchedDecision: MatchDecision = { decision: 'NONE', decidedBy: 'ENGINE', others: [] };

async function requireProfile(tx: Transaction, id: string): Promise<void> {
  const profile = isUuid(id)
    ? await tx.row(`select from talentbridge.profile p where ${tx.own('p')} and p.id = $1`, [id])
    : undefined;
  if (!profile) throw new InvalidInputError([{ field: 'profileId', message: 'There is no such profile.' }]);
}

/** Matches `m` whose candidate and profile are there. */
function stillThere(tx: Transaction): string {
  return `where ${tx.own('m')}
    and exists (select from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = m.candidate_id)
    and exists (select from talentbridge.profile p where ${tx.own('p')} and p.id = m.profile_id)`;
}
