import type { Transaction } from '../../../kernel/persistence/transaction.js';

/** An arrival of which something is to be done. */
export interface DueArrival {
  readonly id: string;
  readonly requestKey: string;
  readonly member: string | null;
  readonly person: Buffer | null;
  readonly hasContact: boolean;
  readonly jobRemoteId: string | null;
  readonly state: string;
  readonly candidateRemoteId: string | null;
  readonly existingId: string | null;
  readonly existingUrl: string | null;
  readonly dummyNumber: number | null;
  readonly tries: number;
  /** What became of an earlier try to add the same member is not settled. */
  readonly unsettled: boolean;
  /** The candidate of the ATS that the member is linked with. */
  readonly linkedId: string | null;
}

/**
 * The oldest arrival of which something is to be done now, locked. Of one member no second is due while one is on its way.
 */
export function dueArrival(tx: Transaction, connectionId: string): Promise<DueArrival | undefined> {
  return tx.row<DueArrival>(
    `select a.id, a.request_key as "requestKey", a.member, a.person, a.has_contact as "hasContact",
       a.job_remote_id as "jobRemoteId", a.state, a.candidate_remote_id as "candidateRemoteId",
       a.existing_id as "existingId", a.existing_url as "existingUrl", a.dummy_number as "dummyNumber", a.tries,
       exists (select from talentbridge.network_arrival u where ${tx.own('u')} and u.connection_id = a.connection_id
         and u.member = a.member and u.state = 'UNCLEAR') as unsettled,
       (select l.candidate_remote_id from talentbridge.network_link l
         where ${tx.own('l')} and l.connection_id = a.connection_id and l.member = a.member
         order by (l.how = 'BY_HAND') desc, l.linked_at limit 1) as "linkedId"
     from talentbridge.network_arrival a
     where ${tx.own('a')} and a.connection_id = $1
       and (a.state in ('PENDING', 'SENDING') or (a.state = 'ADDED' and not a.mirrored))
       and (a.resume_at is null or a.resume_at <= now())
       -- Before everything was sent, nobody knows which of those who answer are candidates already.
       and (a.source = 'EXPORT' or exists (select from talentbridge.network_push p
         where ${tx.own('p')} and p.connection_id = a.connection_id and p.first_sync_at is not null))
       and not exists (select from talentbridge.network_arrival b where ${tx.own('b')}
         and b.connection_id = a.connection_id and b.member = a.member and b.state = 'SENDING' and b.id <> a.id)
     order by a.id limit 1 for update of a`,
    [connectionId],
  );
}

/**
 * The number of the placeholder address that an arrival drew for the candidate that it made; `null`: none. `undefined`: no arrival
 * made this candidate, so that nothing of it is made up.
 */
export async function dummyNumberOf(
  tx: Transaction,
  connectionId: string,
  candidateRemoteId: string,
): Promise<number | null | undefined> {
  const made = await tx.row<{ dummyNumber: number | null }>(
    `select a.dummy_number as "dummyNumber" from talentbridge.network_arrival a
     where ${tx.own('a')} and a.connection_id = $1 and a.candidate_remote_id = $2 and a.outcome = 'CREATED'
     order by a.dummy_number nulls last limit 1`,
    [connectionId, candidateRemoteId],
  );
  return made?.dummyNumber;
}
