import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import type { ErasureKeeper } from '../../erasures.js';
import { lockMatching, type StoredMatch, unmatched, writeDecisions } from './match-store.js';
import type { CandidateToDecide } from './match-worker.js';

/** What somebody said of a candidate and a profile. */
export type Verdict = 'CONFIRMED' | 'REJECTED';

/** A candidate on the way into the thread that matches. */
export interface JudgedCandidate extends CandidateToDecide {
  readonly connectionId: string;
}

/** An address of a page of LinkedIn or GitHub in a text. */
const PAGE = '((?:linkedin\\.com/(?:in|pub)|github\\.com)/[^[:space:]<>()",;|]+)';

/** Pages that are read of one text. */
const MOST_PAGES = 10;

/** The candidates `c` with the key of the account that their mirror is of, as exports and erasures name it. */
function candidatesOfAccounts(tx: Transaction): string {
  return `(select c.*, n.plugin_id || '/' || coalesce(s.account_id, n.id::text) as account_key
     from talentbridge.mirror_candidate c
     join talentbridge.connection n on ${tx.own('n')} and n.id = c.connection_id
     left join talentbridge.mirror_state s on ${tx.own('s')} and s.connection_id = c.connection_id
     where ${tx.own('c')}) as c`;
}

/**
 * Candidates with what people said of them, and with the pages that stand in their files, in the order of their ids.
 * @param wanted A query for ids.
 */
export function judgedCandidates(
  tx: Transaction,
  wanted: string,
  parameters: readonly unknown[],
): Promise<readonly JudgedCandidate[]> {
  // Everybody is looked up by themselves: before the first statistics the planner would read whole tables for a list.
  return tx.rows<JudgedCandidate>(
    `with wanted as materialized (${wanted})
     select c.id, c.connection_id as "connectionId", c.data::text as data, v.confirmed, v.rejected, t.pages
     from wanted
     cross join lateral (
       select c.* from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = wanted.id offset 0
     ) as c
     join lateral (
       select n.plugin_id || '/' || coalesce(s.account_id, n.id::text) as key from talentbridge.connection n
       left join talentbridge.mirror_state s on ${tx.own('s')} and s.connection_id = n.id
       where ${tx.own('n')} and n.id = c.connection_id offset 0
     ) as account on true
     cross join lateral (
       select coalesce(array_agg(page.url order by f.kind = 'resume' desc, f.id, page.place), '{}') as pages
       from (
         select f.id, f.kind from talentbridge.mirror_attachment f
         where ${tx.own('f')} and f.candidate_remote_id = c.remote_id and f.connection_id = c.connection_id
           and f.kind in ('resume', 'coverLetter') offset 0
       ) as f
       cross join lateral (
         select t.text from talentbridge.attachment_text t where ${tx.own('t')} and t.attachment_id = f.id offset 0
       ) as t
       cross join lateral (
         select found[1] as url, place
         from regexp_matches(t.text, '${PAGE}', 'gi') with ordinality as pages (found, place) limit ${MOST_PAGES}
       ) as page
     ) as t
     cross join lateral (
       select max(v.profile_id::text) filter (where v.verdict = 'CONFIRMED') as confirmed,
         coalesce(array_agg(v.profile_id::text) filter (where v.verdict = 'REJECTED'), '{}') as rejected
       from talentbridge.match_verdict v
       where ${tx.own('v')} and v.account_key = account.key and v.remote_id = c.remote_id
     ) as v
     order by c.id`,
    parameters,
  );
}

/** Stores what somebody said, in place of what was said of the two before. Of several profiles the last confirmed one holds. */
export async function storeVerdict(
  tx: Transaction,
  verdict: {
    readonly candidateId: string;
    readonly profileId: string;
    readonly verdict: Verdict;
    readonly decidedBy: string;
  },
): Promise<void> {
  const { candidateId, profileId, decidedBy } = verdict;
  if (verdict.verdict === 'CONFIRMED') {
    await tx.rows(
      `delete from talentbridge.match_verdict v using ${candidatesOfAccounts(tx)}
       where ${tx.own('v')} and c.id = $1 and v.account_key = c.account_key and v.remote_id = c.remote_id and v.verdict = 'CONFIRMED'`,
      [candidateId],
    );
  }
  await tx.rows(
    `insert into talentbridge.match_verdict (organization_id, account_key, remote_id, profile_id, verdict, decided_by)
     select $1, c.account_key, c.remote_id, $3, $4, $5 from ${candidatesOfAccounts(tx)} where c.id = $2
     on conflict (organization_id, account_key, remote_id, profile_id) do update
       set verdict = excluded.verdict, decided_by = excluded.decided_by, decided_at = now()`,
    [tx.organizationId, candidateId, profileId, verdict.verdict, decidedBy],
  );
}

/** Whoever is erased leaves no match and no verdict. */
export const matchKeepers: readonly ErasureKeeper[] = [
  {
    table: 'candidate_match',
    forget: async (tx, { connectionId, remoteId }) => {
      await lockMatching(tx, [connectionId]);
      const matches = await tx.rows<Pick<StoredMatch, 'candidateId' | 'connectionId'>>(
        `select m.candidate_id as "candidateId", m.connection_id as "connectionId" from talentbridge.candidate_match m
         join talentbridge.mirror_candidate c on ${tx.own('c')} and c.id = m.candidate_id
         where ${tx.own('m')} and c.connection_id = $1 and c.remote_id = $2`,
        [connectionId, remoteId],
      );
      await writeDecisions(tx, unmatched(matches));
      return matches.length;
    },
  },
  {
    table: 'match_verdict',
    forget: async (tx, { accountKey, remoteId }) => {
      const rows = await tx.rows(
        `delete from talentbridge.match_verdict v where ${tx.own('v')} and v.account_key = $1 and v.remote_id = $2
         returning v.profile_id`,
        [accountKey, remoteId],
      );
      return rows.length;
    },
  },
];
