import type { Transaction } from '../../kernel/persistence/transaction.js';

/** Members of one network connection. */
export interface LinkedMembers {
  /** Of the network. */
  readonly connectionId: string;
  readonly members: readonly string[];
}

/** Whom a candidate of an ATS is linked with. */
export function linkedMembersOf(
  tx: Transaction,
  candidate: {
    /** Of the ATS. */
    readonly connectionId: string;
    readonly remoteId: string;
  },
): Promise<readonly LinkedMembers[]> {
  return tx.rows<LinkedMembers>(
    `select l.connection_id as "connectionId", array_agg(l.member) as members
     from talentbridge.network_link l
     join talentbridge.system_pair p on ${tx.own('p')} and p.connection_id = l.connection_id
     where ${tx.own('l')} and p.ats_connection_id = $1 and l.candidate_remote_id = $2 and l.member is not null
     group by l.connection_id`,
    [candidate.connectionId, candidate.remoteId],
  );
}
