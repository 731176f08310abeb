import type { NetworkAuthor, NetworkMessage, NetworkRecruiterNote, SeatPage } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { ErasedMembers } from '../erased-members.js';
import type { NetworkTexts } from '../network-texts.js';
import type { ItemContent, ItemKind } from '../system-connect-model.js';

/** Whose page it is. */
export interface PageOwner {
  readonly connectionId: string;
  readonly seatId: string;
  readonly contractId: string;
}

/** What nobody is linked with is kept for so long, because a link may come later. */
const KEPT_UNLINKED = "interval '2 years'";

/** An item as it is to be stored. */
interface PulledItem {
  readonly kind: ItemKind;
  readonly remoteId: string;
  readonly member: string;
  readonly conversationId: string | null;
  readonly authorSeatId: string | null;
  readonly authorMember: string | null;
  readonly authorName: string | null;
  readonly isPublic: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly content: ItemContent;
}

interface KnownItem {
  readonly id: string;
  readonly kind: ItemKind;
  readonly remoteId: string;
  readonly ownerSeatId: string;
  readonly contractId: string;
  readonly isPublic: boolean;
  readonly updatedAt: Date;
}

/** Stores messages and notes. An item is known by the network's id: whoever's page brought it first owns it. */
export class NetworkItems {
  constructor(
    private readonly texts: NetworkTexts,
    private readonly erased: ErasedMembers,
  ) {}

  /** Stores what a page brought: new items, and changed ones in the place of what they were. What was deleted there goes. Of people who were erased nothing is stored. */
  async store(tx: Transaction, owner: PageOwner, page: SeatPage): Promise<void> {
    const deleted = page.notes.filter(({ active }) => !active).map(({ remoteId }) => remoteId);
    if (deleted.length > 0) await deleteItems(tx, owner.connectionId, 'NOTE', deleted);
    const told = lastOfEach([
      ...page.messages.map(itemOfMessage),
      ...page.notes.filter(({ active }) => active).map(itemOfNote),
    ]);
    if (told.length === 0) return;
    const isErased = await this.erased.find(tx, owner.connectionId, [...new Set(told.map(({ member }) => member))]);
    const items = told.filter(({ member }) => !isErased(member));
    const known = await lockKnown(tx, owner.connectionId, items);
    const changed = items.filter((item) => isNews(item, known.get(keyOf(item))));
    await this.replace(tx, owner, changed, known);
  }

  /** Deletes what was stored long ago of members whom nobody is linked with. */
  async prune(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(
      `delete from talentbridge.network_item i
       where ${tx.own('i')} and i.connection_id = $1 and i.created_at < now() - ${KEPT_UNLINKED} and not exists (
         select from talentbridge.network_link l
         where ${tx.own('l')} and l.connection_id = i.connection_id and l.member = i.member)`,
      [connectionId],
    );
  }

  /** Texts are written and never changed, so that an item which changed makes way for another one of the same id. */
  private async replace(
    tx: Transaction,
    owner: PageOwner,
    items: readonly PulledItem[],
    known: ReadonlyMap<string, KnownItem>,
  ): Promise<void> {
    if (items.length === 0) return;
    const { connectionId } = owner;
    const rows = items.map((item) => {
      const before = known.get(keyOf(item));
      const { content: _, ...told } = item;
      return {
        ...told,
        id: before?.id ?? uuidv7(),
        ownerSeatId: before?.ownerSeatId ?? owner.seatId,
        contractId: before?.contractId ?? owner.contractId,
      };
    });
    await tx.rows(`delete from talentbridge.network_item i where ${tx.own('i')} and i.id = any($1::uuid[])`, [
      rows.map(({ id }) => id),
    ]);
    const stored = await tx.rows<{ id: string }>(
      // A page of another seat may bring the same item at this moment: it is stored by then, and this one waits for that.
      `insert into talentbridge.network_item (organization_id, id, connection_id, kind, remote_id, member, conversation_id,
         contract_id, owner_seat_id, author_seat_id, author_member, author_name, is_public, created_at, updated_at)
       select $1, n.id, $2, n.kind, n."remoteId", n.member, n."conversationId", n."contractId", n."ownerSeatId",
         n."authorSeatId", n."authorMember", coalesce(n."authorName", nullif(trim(s.first_name || ' ' || s.last_name), '')), n."isPublic", n."createdAt", n."updatedAt"
       from jsonb_to_recordset($3::jsonb) as n (id uuid, kind text, "remoteId" text, member text, "conversationId" text,
         "contractId" text, "ownerSeatId" text, "authorSeatId" text, "authorMember" text, "authorName" text,
         "isPublic" boolean, "createdAt" timestamptz, "updatedAt" timestamptz)
       left join talentbridge.network_seat s
         on ${tx.own('s')} and s.connection_id = $2 and s.seat_id = n."authorSeatId"
       order by n.kind, n."remoteId"
       on conflict (organization_id, connection_id, kind, remote_id) do nothing
       returning id`,
      [tx.organizationId, connectionId, JSON.stringify(rows)],
    );
    const storedIds = new Set(stored.map(({ id }) => id));
    const toSeal = rows.flatMap(({ id }, index) => {
      const content = items[index]?.content;
      return content && storedIds.has(id) ? [{ id, value: content }] : [];
    });
    const sealed = await this.texts.seal(tx, connectionId, toSeal);
    await tx.rows(
      `insert into talentbridge.network_text
         (organization_id, item_id, connection_id, contract_id, owner_seat_id, is_public, sealed)
       select $1, i.id, i.connection_id, i.contract_id, i.owner_seat_id, i.is_public, n.sealed
       from unnest($2::uuid[], $3::bytea[]) as n (id, sealed)
       join talentbridge.network_item i on ${tx.own('i')} and i.id = n.id`,
      [tx.organizationId, toSeal.map(({ id }) => id), sealed],
    );
  }
}

/** Those that are stored already, so that nobody else changes them meanwhile; in one order, so that nobody waits in a circle. */
async function lockKnown(
  tx: Transaction,
  connectionId: string,
  items: readonly PulledItem[],
): Promise<ReadonlyMap<string, KnownItem>> {
  const rows = await tx.rows<KnownItem>(
    `select i.id, i.kind, i.remote_id as "remoteId", i.owner_seat_id as "ownerSeatId", i.contract_id as "contractId",
       i.is_public as "isPublic", i.updated_at as "updatedAt"
     from talentbridge.network_item i
     join unnest($2::text[], $3::text[]) as n (kind, remote_id) on n.kind = i.kind and n.remote_id = i.remote_id
     where ${tx.own('i')} and i.connection_id = $1 order by i.kind, i.remote_id for update of i`,
    [connectionId, items.map(({ kind }) => kind), items.map(({ remoteId }) => remoteId)],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Pages overlap, and those of two seats hold the same: what says nothing new is left as it is. */
function isNews(item: PulledItem, known: KnownItem | undefined): boolean {
  if (!known) return true;
  const updatedAt = Date.parse(item.updatedAt);
  const knownAt = known.updatedAt.getTime();
  return updatedAt > knownAt || (updatedAt === knownAt && item.isPublic !== known.isPublic);
}

async function deleteItems(
  tx: Transaction,
  connectionId: string,
  kind: ItemKind,
  remoteIds: readonly string[],
): Promise<void> {
  await tx.rows(
    `delete from talentbridge.network_item i
     where ${tx.own('i')} and i.connection_id = $1 and i.kind = $2 and i.remote_id = any($3::text[])`,
    [connectionId, kind, remoteIds],
  );
}

function itemOfMessage(message: NetworkMessage): PulledItem {
  const { remoteId, member, conversationId, isPublic, createdAt, subject, text, authorName } = message;
  const name = [authorName?.firstName, authorName?.lastName].filter(Boolean).join(' ');
  return {
    kind: 'MESSAGE',
    remoteId,
    member,
    conversationId,
    isPublic,
    createdAt,
    updatedAt: createdAt,
    ...authorOf(message.author),
    authorName: name || null,
    content: { text, ...(subject === undefined ? {} : { subject }) },
  };
}

function itemOfNote(note: NetworkRecruiterNote): PulledItem {
  const { remoteId, member, isPublic, createdAt, updatedAt, text } = note;
  return {
    kind: 'NOTE',
    remoteId,
    member,
    conversationId: null,
    isPublic,
    createdAt,
    updatedAt,
    ...authorOf(note.author),
    authorName: null,
    content: { text },
  };
}

function authorOf(author: NetworkAuthor): Pick<PulledItem, 'authorSeatId' | 'authorMember'> {
  return author.kind === 'seat'
    ? { authorSeatId: author.seatId, authorMember: null }
    : { authorSeatId: null, authorMember: author.member };
}

function keyOf({ kind, remoteId }: Pick<KnownItem, 'kind' | 'remoteId'>): string {
  return `${kind}/${remoteId}`;
}

function lastOfEach(items: readonly PulledItem[]): readonly PulledItem[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
