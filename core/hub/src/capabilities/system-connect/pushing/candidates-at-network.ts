import type { Transaction } from '../../../kernel/persistence/transaction.js';

/** How long after so many fruitless questions the network is asked again whom it takes a candidate for: it may need time. */
const ASKED_AGAIN_AFTER = ["interval '5 minutes'", "interval '30 minutes'"];

/**
 * From then on daily, for as long as this after the candidate changed last, and after that once in so long: a member may have a
 * home email added at the network years later. A hundred fit into a question.
 */
const ASKED_DAILY_FOR = "interval '30 days'";

/** A candidate as the network has it. */
export interface CandidateAtNetwork {
  readonly remoteId: string;
  readonly mirrorId: string;
}

/** Notes that the network has candidates, anew or changed: soon it is asked whom it takes them for. */
export async function noteArrived(
  tx: Transaction,
  connectionId: string,
  candidates: readonly CandidateAtNetwork[],
): Promise<void> {
  await tx.rows(
    `insert into talentbridge.network_candidate (organization_id, connection_id, remote_id, mirror_id, sent_at, match_at)
     select $1, $2, n.remote_id, n.mirror_id, now(), now() from unnest($3::text[], $4::uuid[]) as n (remote_id, mirror_id)
     on conflict (organization_id, remote_id, connection_id) do update
       set mirror_id = excluded.mirror_id, sent_at = now(), match_at = now(), match_tries = 0`,
    [tx.organizationId, connectionId, candidates.map((one) => one.remoteId), candidates.map((one) => one.mirrorId)],
  );
}

/** Notes of candidates that were looked at whether an application is under way, and whether their history was read. */
export async function noteLookedAt(
  tx: Transaction,
  connectionId: string,
  candidates: readonly (CandidateAtNetwork & { readonly active: boolean; readonly historyRead: boolean })[],
): Promise<void> {
  await tx.rows(
    `update talentbridge.network_candidate n
     set mirror_id = w.mirror_id, active = w.active, history_at = case when w.history_read then now() else n.history_at end
     from unnest($2::text[], $3::uuid[], $4::bool[], $5::bool[]) as w (remote_id, mirror_id, active, history_read)
     where ${tx.own('n')} and n.connection_id = $1 and n.remote_id = w.remote_id and n.remote_id = any($2::text[])`,
    [
      connectionId,
      candidates.map(({ remoteId }) => remoteId),
      candidates.map(({ mirrorId }) => mirrorId),
      candidates.map(({ active }) => active),
      candidates.map(({ historyRead }) => historyRead),
    ],
  );
}

/** Forgets candidates that are not at the network any more. */
export async function noteGone(tx: Transaction, connectionId: string, remoteIds: readonly string[]): Promise<void> {
  if (remoteIds.length === 0) return;
  await tx.rows(
    `delete from talentbridge.network_candidate n
     where ${tx.own('n')} and n.connection_id = $1 and n.remote_id = any($2::text[])`,
    [connectionId, remoteIds],
  );
}

/** Forgets somebody who was erased, whether the network was told or not. @returns How many rows that were. */
export async function forgetCandidate(
  tx: Transaction,
  { id, remoteId }: { readonly id: string; readonly remoteId: string },
): Promise<number> {
  const rows = await tx.rows(
    `delete from talentbridge.network_candidate n
     where ${tx.own('n')} and n.remote_id = $1 and n.mirror_id = $2 returning 1`,
    [remoteId, id],
  );
  return rows.length;
}

/** Linked candidates with an application under way, those first whose history was read longest ago. */
export async function oldestHistories(tx: Transaction, connectionId: string, most: number): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: string }>(
    `select n.mirror_id as id from talentbridge.network_candidate n
     where ${tx.own('n')} and n.connection_id = $1 and n.active and exists (
       select from talentbridge.network_link l
       where ${tx.own('l')} and l.connection_id = $1 and l.candidate_remote_id = n.remote_id and l.member is not null)
     order by n.history_at nulls first, n.remote_id limit $2`,
    [connectionId, most],
  );
  return rows.map(({ id }) => id);
}

/** Of whom the network is to be asked now. @param only Of these alone. */
export async function toBeMatched(
  tx: Transaction,
  connectionId: string,
  most: number,
  only?: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.rows<{ remoteId: string }>(
    `select n.remote_id as "remoteId" from talentbridge.network_candidate n
     where ${tx.own('n')} and n.connection_id = $1 and n.match_at <= now() and ($3::text[] is null or n.remote_id = any($3::text[]))
     order by n.match_at, n.remote_id limit $2`,
    [connectionId, most, only ?? null],
  );
  return rows.map(({ remoteId }) => remoteId);
}

/** Notes that the network was asked about candidates, and about whom it is asked again because it said nobody. */
export async function noteAsked(
  tx: Transaction,
  connectionId: string,
  asked: readonly string[],
  matched: readonly string[],
): Promise<void> {
  const waits = ASKED_AGAIN_AFTER.map((wait, tries) => `when n.match_tries = ${tries} then now() + ${wait}`).join(' ');
  await tx.rows(
    `update talentbridge.network_candidate n
     set match_tries = n.match_tries + 1, match_at = case
       when n.remote_id = any($3::text[]) then null
       ${waits}
       when n.sent_at > now() - ${ASKED_DAILY_FOR} then now() + interval '1 day'
       else now() + ${ASKED_DAILY_FOR} end
     where ${tx.own('n')} and n.connection_id = $1 and n.remote_id = any($2::text[])`,
    [connectionId, asked, matched],
  );
}

/** When the network is next to be asked about somebody. */
export async function nextMatchAt(tx: Transaction, connectionId: string): Promise<Date | undefined> {
  const row = await tx.row<{ at: Date | null }>(
    `select min(n.match_at) as at from talentbridge.network_candidate n where ${tx.own('n')} and n.connection_id = $1`,
    [connectionId],
  );
  return row?.at ?? undefined;
}
