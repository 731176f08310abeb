import type { NetworkContact, NetworkMessage, SeatPage } from '@talentbridge/contracts';
import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { ErasedMembers } from '../erased-members.js';
import type { NetworkTexts } from '../network-texts.js';
import { type ArrivingPerson, namedFor } from './arrival-model.js';
import { ARRIVALS_TASK } from './arrivals-schema.js';

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
   * created without one. Whoever did both comes once. Whoever was erased does not come back by themselves.
   * @param networkName What the network is called, for those of whom no name is told.
   */
  async pulled(tx: Transaction, connectionId: string, networkName: string, page: SeatPage): Promise<void> {
    const contacts = page.contacts.filter(({ emails, phones }) => emails.length + phones.length > 0);
    const agreed = new Set(contacts.map(({ person }) => person.member));
    const answers = firstReplies(page.messages).filter(({ member }) => !agreed.has(member));
    if (contacts.length + answers.length === 0) return;
    const told = [
      ...contacts.map((contact) => arrivalOfContact(contact, networkName)),
      ...(await ofNobodyKnown(tx, connectionId, answers)).map((message) => arrivalOfReply(message, networkName)),
    ];
    const isErased = await this.parts.erased.find(tx, connectionId, [...new Set(told.map(({ member }) => member))]);
    const arrivals = told.filter(({ member }) => !isErased(member));
    const known = await tx.rows<{ key: string }>(
      `select a.request_key as key from talentbridge.network_arrival a
       where ${tx.own('a')} and a.connection_id = $1 and a.request_key = any($2::text[])`,
      [connectionId, arrivals.map(({ key }) => key)],
    );
    const knownKeys = new Set(known.map(({ key }) => key));
    const fresh = arrivals.filter(({ key }) => !knownKeys.has(key));
    const answered = await this.completeReplies(tx, connectionId, fresh);
    const noted = await this.note(
      tx,
      connectionId,
      fresh.filter(({ key }) => !answered.has(key)),
    );
    if (answered.size + noted > 0) await this.parts.jobs.add(tx, ARRIVALS_TASK, connectionId);
  }

  /** @returns How many. */
  private async note(tx: Transaction, connectionId: string, arrivals: readonly NewArrival[]): Promise<number> {
    if (arrivals.length === 0) return 0;
    const fresh = arrivals.map((arrival) => ({ ...arrival, id: uuidv7() }));
    const sealed = await this.parts.texts.seal(
      tx,
      connectionId,
      fresh.map(({ id, person }) => ({ id, value: person })),
    );
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
    return noted.length;
  }

  /**
   * Who answered and is not in the ATS yet comes with what they agree to share now: still one arrival.
   * @returns The keys of those contacts.
   */
  private async completeReplies(
    tx: Transaction,
    connectionId: string,
    arrivals: readonly NewArrival[],
  ): Promise<ReadonlySet<string>> {
    const contacts = new Map(arrivals.filter(({ hasContact }) => hasContact).map((one) => [one.member, one]));
    if (contacts.size === 0) return new Set();
    const waiting = await tx.rows<{ id: string; member: string }>(
      `select a.id, a.member from talentbridge.network_arrival a
       where ${tx.own('a')} and a.connection_id = $1 and a.member = any($2::text[]) and a.source = 'REPLY'
         and not a.has_contact and a.state in ('PENDING', 'REFUSED') and a.existing_id is null for update`,
      [connectionId, [...contacts.keys()]],
    );
    const completed = waiting.flatMap(({ id, member }) => {
      const contact = contacts.get(member);
      return contact ? [{ id, key: contact.key, value: contact.person }] : [];
    });
    const sealed = await this.parts.texts.seal(tx, connectionId, completed);
    await tx.rows(
      `update talentbridge.network_arrival a
       set request_key = n.key, person = n.person, has_contact = true, state = 'PENDING', reason = null, remedy = null,
         resume_at = null, finished_at = null, tries = 0
       from unnest($1::uuid[], $2::text[], $3::bytea[]) as n (id, key, person) where ${tx.own('a')} and a.id = n.id`,
      [completed.map(({ id }) => id), completed.map(({ key }) => key), sealed],
    );
    return new Set(completed.map(({ key }) => key));
  }
}

/** The first message of each member that they wrote themselves. */
function firstReplies(messages: readonly NetworkMessage[]): readonly NetworkMessage[] {
  const replies = messages.filter(({ author, member }) => author.kind === 'member' && author.member === member);
  const byTime = replies.toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt));
  return [...new Map(byTime.toReversed().map((reply) => [reply.member, reply])).values()];
}

/** Of who is a candidate already, or comes with what they agreed to share, an answer says nothing new. */
async function ofNobodyKnown(
  tx: Transaction,
  connectionId: string,
  replies: readonly NetworkMessage[],
): Promise<readonly NetworkMessage[]> {
  if (replies.length === 0) return [];
  const known = await tx.rows<{ member: string }>(
    `select l.member from talentbridge.network_link l
     where ${tx.own('l')} and l.connection_id = $1 and l.member = any($2::text[])
     union
     select a.member from talentbridge.network_arrival a
     where ${tx.own('a')} and a.connection_id = $1 and a.member = any($2::text[]) and a.has_contact`,
    [connectionId, replies.map(({ member }) => member)],
  );
  const members = new Set(known.map(({ member }) => member));
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
