import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import { announceChanges } from '../../writing/notes.js';
import type { Decision, MatchDecision, UnmatchedReason } from '../match-decision.js';
import { type Claim, settleClaims } from '../settle-claims.js';
import type { MatchRecord } from './match-model.js';

/** The columns of a `MatchRecord`, of a table that is called `m`. */
export const MATCH_COLUMNS = `m.candidate_id as "candidateId", m.connection_id as "connectionId", m.profile_id as "profileId",
  m.decision, m.decided_by as "decidedBy", m.basis, m.reason, m.score, m.evidence, m.others, m.decided_at as "decidedAt"`;

/** The columns of a `StoredMatch`, of a table that is called `m`. */
export const STORED_COLUMNS = `${MATCH_COLUMNS}, m.alone, m.unmatched_because as "unmatchedBecause"`;

/** Nobody is matched with them, whoever they were. */
export function unmatched(matches: readonly Pick<StoredMatch, 'candidateId' | 'connectionId'>[]): readonly Decided[] {
  return matches.map(({ candidateId, connectionId }) => ({
    candidateId,
    connectionId,
    decision: { decision: 'NONE', decidedBy: 'ENGINE', others: [] },
  }));
}

/** What was decided of a candidate, as it lies in the table. `NONE` lies there where it is known why. */
export type StoredMatch =
  | (MatchRecord & {
      /** What it would be without the others who claim the profile. */
      readonly alone: Decision;
      readonly unmatchedBecause: null;
    })
  | (Omit<MatchRecord, 'decision' | 'profileId' | 'basis'> & {
      readonly alone: Decision;
      readonly decision: 'NONE';
      readonly profileId: null;
      readonly basis: null;
      readonly unmatchedBecause: UnmatchedReason;
    });

/** What of it is a match. */
export function matchOf(stored: StoredMatch | undefined): (StoredMatch & MatchRecord) | undefined {
  return stored === undefined || stored.decision === 'NONE' ? undefined : stored;
}

/** What was decided of a candidate. */
export interface Decided extends Claim {
  readonly connectionId: string;
}

/** What orders those who write matches. */
export interface MatchingLock {
  readonly epoch: number;
  /** How many verdicts there were. */
  readonly verdicts: number;
}

/**
 * Locks the matching of an organization against whoever else writes matches, and the mirrors of connections against whoever
 * deletes candidates: these first, as everybody does.
 */
export async function lockMatching(tx: Transaction, connectionIds: readonly string[]): Promise<MatchingLock> {
  await tx.rows(
    `select s.connection_id from talentbridge.mirror_state s
     where ${tx.own('s')} and s.connection_id = any($1::uuid[]) order by s.connection_id for share`,
    [[...new Set(connectionIds)]],
  );
  await tx.rows(
    `insert into talentbridge.matching_state (organization_id) select $1
     where not exists (select from talentbridge.matching_state s where ${tx.own('s')}) on conflict do nothing`,
    [tx.organizationId],
  );
  const state = await tx.row<MatchingLock>(
    `select s.epoch, s.verdicts from talentbridge.matching_state s where ${tx.own('s')} for update`,
  );
  if (!state) throw new Error('The state of matching that was stored a moment ago is not there.');
  return state;
}

/**
 * Writes what was decided of candidates, settles who claims a profile among the others of their connection, and tells whoever
 * keeps something of it. Candidates that the mirror does not have any more get no match. The caller has locked the matching.
 * @returns How many candidates are shown with another profile than before, or with none.
 */
export async function writeDecisions(tx: Transaction, decided: readonly Decided[]): Promise<number> {
  if (decided.length === 0) return 0;
  const ids = decided.map(({ candidateId }) => candidateId);
  const before = new Map((await storedMatches(tx, ids)).map((match) => [match.candidateId, match]));
  const others = await otherClaims(tx, decided, [...before.values()]);
  const settled = settle(decided, others);
  const changed = settled.filter((one) => !isSame(before.get(one.candidateId) ?? others.get(one.candidateId), one));
  await remove(tx, changed);
  await upsert(tx, changed);
  const matched = changed.filter((one) => {
    const was = before.get(one.candidateId) ?? others.get(one.candidateId);
    return (
      profileShown(was?.decision, was?.profileId ?? undefined) !== profileShown(one.decision.decision, profileOf(one))
    );
  });
  for (const [connectionId, some] of Map.groupBy(matched, (one) => one.connectionId)) {
    await announceChanges(tx, connectionId, { CANDIDATES_MATCHED: some.map(({ candidateId }) => candidateId) });
  }
  return matched.length;
}

/** The matches of candidates. */
export function storedMatches(tx: Transaction, candidateIds: readonly string[]): Promise<readonly StoredMatch[]> {
  return tx.rows<StoredMatch>(
    `select ${STORED_COLUMNS} from talentbridge.candidate_match m
     where ${tx.own('m')} and m.candidate_id = any($1::uuid[])`,
    [candidateIds],
  );
}

/** Who else claims one of the profiles that are won or lost, by candidate. */
async function otherClaims(
  tx: Transaction,
  decided: readonly Decided[],
  before: readonly StoredMatch[],
): Promise<ReadonlyMap<string, StoredMatch & MatchRecord>> {
  const won = decided.flatMap((one) => {
    const profileId = profileOf(one);
    return profileId === undefined ? [] : [{ connectionId: one.connectionId, profileId }];
  });
  const pairs = [...won, ...before.flatMap((match) => matchOf(match) ?? [])];
  const rows = await tx.rows<StoredMatch & MatchRecord>(
    `select ${STORED_COLUMNS}
     from (select distinct w.* from unnest($1::uuid[], $2::uuid[]) as w (profile_id, connection_id)) as wanted
     cross join lateral (
       select m.* from talentbridge.candidate_match m
       where ${tx.own('m')} and m.profile_id = wanted.profile_id and m.connection_id = wanted.connection_id offset 0
     ) as m
     where m.alone = 'MATCHED' and m.candidate_id <> all($3::uuid[])`,
    [
      pairs.map(({ profileId }) => profileId),
      pairs.map(({ connectionId }) => connectionId),
      decided.map(({ candidateId }) => candidateId),
    ],
  );
  return new Map(rows.map((match) => [match.candidateId, match]));
}

/** A decision beside those of the others, with what it was by itself. */
interface Settled extends Decided {
  readonly alone: MatchDecision['decision'];
}

function settle(
  decided: readonly Decided[],
  others: ReadonlyMap<string, StoredMatch & MatchRecord>,
): readonly Settled[] {
  const all = [...decided, ...[...others.values()].map(decidedBefore)];
  const claims = Map.groupBy(
    all.filter(({ decision }) => decision.decision === 'MATCHED'),
    (one) => `${one.connectionId}/${profileOf(one)}`,
  );
  const settled = new Map<string, Claim>();
  for (const some of claims.values()) for (const claim of settleClaims(some)) settled.set(claim.candidateId, claim);
  return all.map((one) => ({
    ...one,
    alone: one.decision.decision,
    decision: settled.get(one.candidateId)?.decision ?? one.decision,
  }));
}

/** What a match was decided to be, before the others were looked at. */
function decidedBefore(match: StoredMatch & MatchRecord): Decided {
  const { candidateId, connectionId, decidedBy, basis, profileId, score, evidence, others } = match;
  return {
    candidateId,
    connectionId,
    decision: { decision: match.alone, decidedBy, basis, match: { profileId, score, evidence }, others },
  };
}

function profileOf({ decision }: Claim): string | undefined {
  return decision.match?.profileId;
}

/** The profile that a candidate is shown with. */
function profileShown(decision: string | undefined, profileId: string | undefined): string | undefined {
  return decision === 'MATCHED' ? profileId : undefined;
}

function isSame(was: StoredMatch | undefined, { decision, alone }: Settled): boolean {
  const { match, others, unmatchedBecause } = decision;
  if (!was || !match) {
    return !match && !matchOf(was) && (was?.unmatchedBecause ?? null) === (unmatchedBecause ?? null);
  }
  return (
    was.profileId === match.profileId &&
    was.alone === alone &&
    was.decision === decision.decision &&
    was.decidedBy === decision.decidedBy &&
    was.basis === decision.basis &&
    was.reason === (decision.reason ?? null) &&
    was.score === match.score &&
    JSON.stringify(was.evidence.map(evidenceKey)) === JSON.stringify(match.evidence.map(evidenceKey)) &&
    JSON.stringify(was.others.map(otherKey)) === JSON.stringify(others.map(otherKey))
  );
}

// PostgreSQL does not keep the order of the names of an object.
function evidenceKey({ field, level, weight }: MatchRecord['evidence'][number]): readonly unknown[] {
  return [field, level, weight];
}

function otherKey({ profileId, score, evidence }: MatchRecord['others'][number]): readonly unknown[] {
  return [profileId, score, evidence.map(evidenceKey)];
}

/** Whether there is anything to keep of a decision. */
function isStored({ match, unmatchedBecause }: MatchDecision): boolean {
  return match !== undefined || unmatchedBecause !== undefined;
}

async function remove(tx: Transaction, changed: readonly Settled[]): Promise<void> {
  const ids = changed.filter(({ decision }) => !isStored(decision)).map(({ candidateId }) => candidateId);
  if (ids.length === 0) return;
  await tx.rows(
    `delete from talentbridge.candidate_match m where ${tx.own('m')} and m.candidate_id = any($1::uuid[])`,
    [ids],
  );
}

async function upsert(tx: Transaction, changed: readonly Settled[]): Promise<void> {
  const rows = changed
    .filter(({ decision }) => isStored(decision))
    .map(({ candidateId, alone, decision: { match, ...decision } }) => {
      const { profileId, score = 0, evidence = [] } = match ?? {};
      return { candidateId, alone, ...decision, profileId, score, evidence };
    });
  if (rows.length === 0) return;
  await tx.rows(
    `insert into talentbridge.candidate_match as m
       (organization_id, candidate_id, connection_id, profile_id, alone, decision, decided_by, basis, reason, unmatched_because,
        score, evidence, others)
     select $1, c.id, c.connection_id, n."profileId", n.alone, n.decision, n."decidedBy", n.basis, n.reason, n."unmatchedBecause",
       n.score, n.evidence, n.others
     from jsonb_to_recordset($2::jsonb) as n ("candidateId" uuid, "profileId" uuid, alone text, decision text, "decidedBy" text,
       basis text, reason text, "unmatchedBecause" text, score double precision, evidence jsonb, others jsonb)
     join talentbridge.mirror_candidate c on ${tx.own('c')} and c.id = n."candidateId"
     on conflict (organization_id, candidate_id) do update
       set profile_id = excluded.profile_id, alone = excluded.alone, decision = excluded.decision,
         decided_by = excluded.decided_by, basis = excluded.basis, reason = excluded.reason,
         unmatched_because = excluded.unmatched_because, score = excluded.score, evidence = excluded.evidence,
         others = excluded.others,
         decided_at = case when (m.profile_id, m.decision, m.decided_by)
           is not distinct from (excluded.profile_id, excluded.decision, excluded.decided_by) then m.decided_at else now() end`,
    [tx.organizationId, JSON.stringify(rows)],
  );
}
