import type { Profile } from '../../../../directory/profile.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';

/**
 * The profiles that candidates are matched with, by the candidate's id: beyond doubt, or by a person's word. Who is not matched,
 * or waits for review, is left out. Contact data is in it whether it is revealed or not.
 */
export async function matchedProfiles(
  tx: Transaction,
  candidateIds: readonly string[],
): Promise<ReadonlyMap<string, Profile>> {
  const rows = await tx.rows<{ candidateId: string; data: Profile }>(
    `select m.candidate_id as "candidateId", p.data from talentbridge.candidate_match m
     join talentbridge.profile p on ${tx.own('p')} and p.id = m.profile_id
     where ${tx.own('m')} and m.candidate_id = any($1::uuid[]) and m.decision = 'MATCHED'`,
    [candidateIds],
  );
  return new Map(rows.map(({ candidateId, data }) => [candidateId, data]));
}

/** The candidates that are matched with one of these profiles. */
export async function candidatesMatchedWith(
  tx: Transaction,
  profileIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.rows<{ candidateId: string }>(
    `select m.candidate_id as "candidateId" from talentbridge.candidate_match m
     where ${tx.own('m')} and m.profile_id = any($1::uuid[]) and m.decision = 'MATCHED'`,
    [profileIds],
  );
  return rows.map((row) => row.candidateId);
}
