import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { ErasedMembers } from './erased-members.js';
import type { ErasedCandidate, NetworkKeeper } from './system-connect-part.js';

interface Erased {
  readonly connectionId: string;
  readonly member: string | null;
}

/**
 * For an erased candidate: what they said and what was written about them at the network, and who they are there. Those first
 * who find what they keep by what comes after them.
 */
export function networkKeepers(members: ErasedMembers): readonly NetworkKeeper[] {
  return [
    { table: 'network_text', forget: (tx, candidate) => countTexts(tx, candidate) },
    { table: 'network_item', forget: (tx, candidate) => forgetItems(tx, candidate, members) },
    { table: 'network_link', forget: (tx, candidate) => forgetLinks(tx, candidate) },
  ];
}

/** Texts go with their items, one with each; nobody may look at them here. */
async function countTexts(tx: Transaction, candidate: ErasedCandidate): Promise<number> {
  const row = await tx.row<{ count: number }>(
    `select count(*)::int as count from talentbridge.network_item i
     join unnest($1::uuid[], $2::text[]) as gone (connection_id, member) using (connection_id, member) where ${tx.own('i')}`,
    listed(await erasedMembers(tx, candidate)),
  );
  return row?.count ?? 0;
}

async function forgetItems(tx: Transaction, candidate: ErasedCandidate, members: ErasedMembers): Promise<number> {
  const gone = await erasedMembers(tx, candidate);
  for (const { connectionId, member } of gone) if (member) await members.add(tx, connectionId, [member]);
  const rows = await tx.rows(
    `delete from talentbridge.network_item i using unnest($1::uuid[], $2::text[]) as gone (connection_id, member)
     where ${tx.own('i')} and i.connection_id = gone.connection_id and i.member = gone.member returning i.id`,
    listed(gone),
  );
  return rows.length;
}

async function forgetLinks(tx: Transaction, candidate: ErasedCandidate): Promise<number> {
  const rows = await tx.rows(
    `delete from talentbridge.network_link l using talentbridge.system_pair p
     where ${tx.own('l')} and ${tx.own('p')} and p.connection_id = l.connection_id and p.ats_connection_id = $1
       and l.candidate_remote_id = $2 returning l.connection_id`,
    [candidate.connectionId, candidate.remoteId],
  );
  return rows.length;
}

function erasedMembers(tx: Transaction, candidate: ErasedCandidate): Promise<readonly Erased[]> {
  return tx.rows<Erased>(
    `select l.connection_id as "connectionId", l.member from talentbridge.network_link l
     join talentbridge.system_pair p on ${tx.own('p')} and p.connection_id = l.connection_id and p.ats_connection_id = $1
     where ${tx.own('l')} and l.candidate_remote_id = $2 and l.member is not null`,
    [candidate.connectionId, candidate.remoteId],
  );
}

function listed(gone: readonly Erased[]): readonly unknown[] {
  return [gone.map(({ connectionId }) => connectionId), gone.map(({ member }) => member)];
}
