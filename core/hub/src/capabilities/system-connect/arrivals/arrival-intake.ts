import type { NetworkContact, NetworkMessage, SeatPage } from '@talentbridge/contracts';
import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { ErasedMembers } from '../erased-members.js';
import type { NetworkTexts } from '../network-texts.js';
import { type ArrivingPerson, namedFor } from './arrival-model.js';
import { ARRIVALS_TASK } from './arrivals-schema.js';
import { lockArrivals } from './due-arrivals.js';

/** What `ArrivalIntake` works with. */
export interface ArrivalIntakeParts {
  readonly erased: ErasedMembers;
  readonly texts: NetworkTexts;
  readonly jobs: JobQueue;
}

interface NewArrival {
  readonly key: string;
  readonly member: string;
  readonly person: ArrivingPerson;
  readonly hasContact: boolean;
}

/** Notes who comes from the network, once for each reason there is. */
export class ArrivalIntake {
  constructor(private readonly parts: ArrivalIntakeParts) {}

  /** Somebody was exported. Who it is, is asked later. */
  async exported(tx: Transaction, connectionId: string, requestIds: readonly string[]): Promise<void> {
    await lockArrivals(tx, connectionId);
    const noted = await tx.rows(
      `insert into talentbridge.network_arrival (organization_id, id, connection_id, source, request_key)
       select $1, n.id, $2, 'EXPORT', n.key from unnest($3::uuid[], $4::text[]) as n (id, key)
       where exists (select from talentbridge.system_pair p where ${tx.own('p')} and p.connection_id = $2)
       on conflict (organization_id, connection_id, request_key) do nothing returning id`,
      [tx.organizationId, connectionId, requestIds.map(() => uuidv7()), requestIds.map((id) => `export/${id}`)],
    );
    if (noted.length > 0) await this.parts.jobs.add(tx, ARRIVALS_TASK, connectionId);
  }

  /**
   * A page of a seat: who agreed to share an address is completed or created, and who answered and is nobody's candidate is
   * created without one. Whoever was erased does not come back by themselves.
   * @param networkName What the network is called, for those of whom no name is told.
   */
  async pulled(tx: Transaction, connectionId: string, networkName: string, page: SeatPage): Promise<void> {
    const contacts = page.contacts.filter(({ emails, phones }) => emails.length + phones.length > 0);
    const replies = await withoutLink(tx, connectionId, firstReplies(page.messages));
    const told = [
      ...contacts.map((contact) => arrivalOfContact(contact, networkName)),
      ...replies.map((message) => arrivalOfReply(message, networkName)),
    ];
    if (told.length === 0) return;
    const isErased = await this.parts.erased.find(tx, connectionId, [...new Set(told.map(({ member }) => member))]);
    const arrivals = told.filter(({ member }) => !isErased(member));
    const known = await tx.rows<{ key: string }>(
      `select a.request_key as key from talentbridge.network_arrival a
       where ${tx.own('a')} and a.connection_id = $1 and a.request_key = any($2::text[])`,
      [connectionId, arrivals.map(({ key }) => key)],
    );
    const knownKeys = new Set(known.map(({ key }) => key));
    const fresh = arrivals.filter(({ key }) => !knownKeys.has(key)).map((arrival) => ({ ...arrival, id: uuidv7() }));
    if (fresh.length === 0) return;
    const sealed = await this.parts.texts.seal(
      tx,
      connectionId,
      fresh.map(({ id, person }) => ({ id, value: person })),
    );
    await lockArrivals(tx, connectionId);
    const noted = await tx.rows(
      `insert into talentbridge.network_arrival
         (organization_id, id, connection_id, source, request_key, member, person, has_contact)
       select $1, n.id, $2, 'REPLY', n.key, n.member, n.person, n.has_contact
       from unnest($3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::boolean[]) as n (id, key, member, person, has_contact)
       order by n.key
       on conflict (organization_id, connection_id, request_key) do nothing returning id`,
      [
        tx.organizationId,
        connectionId,
        fresh.map(({ id }) => id),
        fresh.map(({ key }) => key),
        fresh.map(({ member }) => member),
        sealed,
        fresh.map(({ hasContact }) => hasContact),
      ],
    );
    if (noted.length > 0) await this.parts.jobs.add(tx, ARRIVALS_TASK, connectionId);
  }
}

/** The first message of each member that they wrote themselves. */
function firstReplies(messages: readonly NetworkMessage[]): readonly NetworkMessage[] {
  const replies = messages.filter(({ author, member }) => author.kind === 'member' && author.member === member);
  const byTime = replies.toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt));
  return [...new Map(byTime.toReversed().map((reply) => [reply.member, reply])).values()];
}

async function withoutLink(
  tx: Transaction,
  connectionId: string,
  replies: readonly NetworkMessage[],
): Promise<readonly NetworkMessage[]> {
  if (replies.length === 0) return [];
  const linked = await tx.rows<{ member: string }>(
    `select distinct l.member from talentbridge.network_link l
     where ${tx.own('l')} and l.connection_id = $1 and l.member = any($2::text[])`,
    [connectionId, replies.map(({ member }) => member)],
  );
  const members = new Set(linked.map(({ member }) => member));
  return replies.filter(({ member }) => !members.has(member));
}

function arrivalOfContact({ remoteId, person, emails, phones }: NetworkContact, networkName: string): NewArrival {
  const { member, ...told } = person;
  return {
    key: `contact/${remoteId}`,
    member,
    hasContact: true,
    person: { ...told, ...namedFor(networkName, told), emails: [...emails], phones: [...phones] },
  };
}

function arrivalOfReply({ member, authorName = {} }: NetworkMessage, networkName: string): NewArrival {
  return {
    key: `reply/${member}`,
    member,
    hasContact: false,
    person: { ...namedFor(networkName, authorName), emails: [], phones: [] },
  };
}
