import { isHubError, type SystemConnectCapability } from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import { z } from 'zod';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { callContext } from '../../kernel/call-context.js';
import type { Caller } from '../../kernel/organizations/caller.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { missing, type ReadableItem, type ReadingSeat, refusalOf, seatOf } from './item-rules.js';
import { readWidget } from './network-answers.js';
import type { NetworkTexts } from './network-texts.js';
import { pairStanding } from './pair-standing.js';
import type {
  ItemContent,
  ItemKind,
  NetworkItem,
  NetworkLink,
  NetworkProfile,
  ShownWidget,
} from './system-connect-model.js';
import type { Watch } from './watch.js';

/** Items of one candidate that are shown, the newest. */
const MOST_ITEMS = 1_000;
/** How long somebody who reads waits for the network to tell of seats. */
const SEATS_WITHIN_MS = 8_000;
/** How long the plugin may take to describe a widget. */
const WIDGET_WITHIN_MS = 5_000;

const itemContent: z.ZodType<ItemContent> = z.object({ subject: z.string().exactOptional(), text: z.string() });

/** A candidate of a mirror. */
export interface MirroredPerson {
  /** The mirror's. */
  readonly id: string;
  /** Of the ATS. */
  readonly connectionId: string;
  /** The ATS's. */
  readonly remoteId: string;
}

/** What `NetworkProfiles` works with. */
export interface NetworkProfilesParts {
  readonly entitlements: Entitlements;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly audit: AuditLog;
  readonly texts: NetworkTexts;
  readonly watch: Watch;
}

/** A candidate of a pair, with the network that it leads to. */
interface PairedPerson extends MirroredPerson {
  readonly network: string;
  readonly pluginId: string;
}

interface ItemRow extends ReadableItem {
  readonly id: string;
  readonly connectionId: string;
  readonly candidateId: string;
  readonly kind: ItemKind;
  readonly conversationId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly authorName: string | null;
  readonly byMember: boolean;
}

/**
 * What is known of candidates at the network. That something was written, when and by whom is for everybody; what it says is for
 * users with a seat. The database decides that by itself, and this once more, so that neither is the only wall.
 */
export class NetworkProfiles {
  /** Whose items the audit log names as read already, by operation. */
  private readonly recorded = new WeakMap<OrganizationScope, Set<string>>();

  constructor(private readonly parts: NetworkProfilesParts) {}

  /** Who candidates are at the network, and how much was written about them, by candidate. Those of no pair are left out. */
  async profiles(
    scope: OrganizationScope,
    candidates: readonly MirroredPerson[],
  ): Promise<ReadonlyMap<string, NetworkProfile>> {
    return scope.read(async (tx) => {
      const people = await this.paired(tx, candidates);
      if (people.length === 0) return new Map();
      const rows = await tx.rows<
        NetworkLink & { readonly candidateId: string; readonly notes: number; readonly messages: number }
      >(
        `select given.id as "candidateId", l.connection_id as "connectionId", l.candidate_remote_id as "candidateRemoteId",
           l.member, l.how, l.linked_by as "linkedBy", l.linked_at as "linkedAt", n.notes, n.messages
         from unnest($1::uuid[], $2::uuid[], $3::text[]) as given (id, connection_id, remote_id)
         join talentbridge.network_link l
           on ${tx.own('l')} and l.connection_id = given.connection_id and l.candidate_remote_id = given.remote_id
             and l.member is not null
         cross join lateral (
           select (count(*) filter (where i.kind = 'NOTE'))::int as notes,
             (count(*) filter (where i.kind = 'MESSAGE'))::int as messages
           from talentbridge.network_item i
           where ${tx.own('i')} and i.connection_id = l.connection_id and i.member = l.member
         ) n`,
        columnsOf(people),
      );
      const linked = new Map(rows.map(({ candidateId, ...row }) => [candidateId, row]));
      return new Map(
        people.map(({ id, network }) => {
          const { notes = 0, messages = 0, ...link } = linked.get(id) ?? {};
          const known = 'member' in link ? link : null;
          return [id, { candidateId: id, connectionId: network, link: known, notes, messages }];
        }),
      );
    });
  }

  /**
   * What was written about candidates, by candidate, oldest first. Where the caller reads what something says, the audit log says so.
   */
  async items(
    scope: OrganizationScope,
    candidates: readonly MirroredPerson[],
  ): Promise<ReadonlyMap<string, readonly NetworkItem[]>> {
    const networks = await scope.read(async (tx) => {
      const people = await this.paired(tx, candidates);
      return [...new Set(people.map(({ network }) => network))];
    });
    for (const network of networks) await this.recheckSeat(scope, network);
    const recorded = this.recorded.get(scope) ?? new Set<string>();
    const items = await scope.transaction(async (tx) => {
      const people = await this.paired(tx, candidates);
      const rows = await itemsOf(tx, people);
      const contents = await this.contents(tx, rows);
      const seats = await readingSeats(tx, scope.caller.userId);
      const shown = rows.map(({ connectionId, contractId, ownerSeatId, askWhom, ...row }): NetworkItem => {
        const rule = { contractId, ownerSeatId, askWhom, isPublic: row.isPublic };
        const content = refusalOf(rule, seats.get(connectionId)) ?? contents.get(row.id) ?? missing(rule);
        return { ...row, content };
      });
      const read = shown.filter(({ content, candidateId }) => 'text' in content && !recorded.has(candidateId));
      await this.record(tx, scope.caller, read);
      return shown;
    });
    // Only what was written down is: whatever fails before is not shown to anybody either.
    for (const { candidateId, content } of items) if ('text' in content) recorded.add(candidateId);
    this.recorded.set(scope, recorded);
    return Map.groupBy(items, ({ candidateId }) => candidateId);
  }

  /** What a page shows candidates' profiles at the network with, by candidate. Where that is not switched on, there is none. */
  async widgets(
    scope: OrganizationScope,
    candidates: readonly MirroredPerson[],
  ): Promise<ReadonlyMap<string, ShownWidget>> {
    const people = await scope.read((tx) => this.paired(tx, candidates, 'widget'));
    const shown = new Map<string, ShownWidget>();
    for (const [network, group] of Map.groupBy(people, (person) => person.network)) {
      const capability = await this.capability(scope, network);
      if (!capability) continue;
      for (const { id, remoteId, pluginId } of group) {
        const widget = await capability.profileWidget(callContext('interactive', WIDGET_WITHIN_MS), remoteId);
        shown.set(id, { ...readWidget(pluginId, widget), connectionId: network });
      }
    }
    return shown;
  }

  private async capability(
    scope: OrganizationScope,
    connectionId: string,
  ): Promise<SystemConnectCapability | undefined> {
    try {
      return (await this.parts.opener.open(scope, connectionId)).capability('systemConnect');
    } catch (error) {
      // Without a widget the rest is still of use.
      if (isHubError(error)) return undefined;
      throw error;
    }
  }

  /** Those of candidates whose pair is shown. @param service Only those for whom it works now. */
  private async paired(
    tx: Transaction,
    candidates: readonly MirroredPerson[],
    service?: 'widget',
  ): Promise<readonly PairedPerson[]> {
    const networks = await this.networks(tx, [...new Set(candidates.map(({ connectionId }) => connectionId))], service);
    return candidates.flatMap((candidate) => {
      const network = networks.get(candidate.connectionId);
      return network === undefined ? [] : [{ ...candidate, ...network }];
    });
  }

  private async networks(
    tx: Transaction,
    atsConnectionIds: readonly string[],
    service?: 'widget',
  ): Promise<ReadonlyMap<string, Pick<PairedPerson, 'network' | 'pluginId'>>> {
    const rows = await tx.rows<{ ats: string; network: string; pluginId: string }>(
      `select p.ats_connection_id as ats, p.connection_id as network, c.plugin_id as "pluginId"
       from talentbridge.system_pair p
       join talentbridge.connection c on ${tx.own('c')} and c.id = p.connection_id
       where ${tx.own('p')} and p.ats_connection_id = any($1::uuid[]) and 'systemConnect' = any(c.capabilities)
         and c.status not in ('REMOVING', 'REMOVED')`,
      [atsConnectionIds],
    );
    if (rows.length === 0) return new Map();
    const availabilityOf = await this.parts.entitlements.availabilities(tx);
    const shown = new Map<string, Pick<PairedPerson, 'network' | 'pluginId'>>();
    for (const { ats, network, pluginId } of rows) {
      // While it is off its data is hidden, and nothing of it is deleted.
      if (!availabilityOf(pluginId, 'systemConnect').on) continue;
      if (service) {
        const standing = await pairStanding(tx, this.parts.entitlements, network);
        if (standing.kind !== 'WORKING' || !standing.enabled.has(service)) continue;
      }
      shown.set(ats, { network, pluginId });
    }
    return shown;
  }

  /** Whoever reads first on a day has the network say whether their seat is still theirs. */
  private async recheckSeat(scope: OrganizationScope, connectionId: string): Promise<void> {
    const seat = await scope.read(async (tx) => (await readingSeats(tx, scope.caller.userId)).get(connectionId));
    if (!seat?.isOld) return;
    try {
      await this.parts.watch.lookAtOldSeats(scope, connectionId, callContext('interactive', SEATS_WITHIN_MS));
    } catch (error) {
      // Nobody can say. What was known holds for a while longer, which the database measures.
      if (!isHubError(error)) throw error;
    }
  }

  /** What items say, as far as the database hands it to this caller. */
  private async contents(tx: Transaction, items: readonly ItemRow[]): Promise<ReadonlyMap<string, ItemContent>> {
    const rows = await tx.rows<{ id: string; connectionId: string; sealed: Buffer }>(
      `select t.item_id as id, t.connection_id as "connectionId", t.sealed from talentbridge.network_text t
       where ${tx.own('t')} and t.item_id = any($1::uuid[])`,
      [items.map(({ id }) => id)],
    );
    const contents = new Map<string, ItemContent>();
    for (const [connectionId, sealed] of Map.groupBy(rows, (row) => row.connectionId)) {
      const opened = await this.parts.texts.open(tx, connectionId, sealed, itemContent);
      for (const [id, content] of opened) contents.set(id, content);
    }
    return contents;
  }

  private async record(tx: Transaction, caller: Caller, read: readonly NetworkItem[]): Promise<void> {
    for (const [candidateId, items] of Map.groupBy(read, (item) => item.candidateId)) {
      const subject = { type: 'candidate', id: candidateId };
      await this.parts.audit.record(tx, caller, 'networkItem.read', subject, { items: items.length });
    }
  }
}

/** Items of linked candidates, the newest of each, oldest first. */
function itemsOf(tx: Transaction, people: readonly PairedPerson[]): Promise<readonly ItemRow[]> {
  return tx.rows<ItemRow>(
    `select i.id, i.connection_id as "connectionId", given.id as "candidateId", i.kind, i.conversation_id as "conversationId",
       i.created_at as "createdAt", i.updated_at as "updatedAt", i.contract_id as "contractId",
       i.owner_seat_id as "ownerSeatId", i.is_public as "isPublic", i.author_seat_id is null as "byMember",
       coalesce(i.author_name, author.name) as "authorName",
       case when i.author_seat_id is null then owner.name else coalesce(author.name, i.author_name, owner.name) end as "askWhom"
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as given (id, connection_id, remote_id)
     join talentbridge.network_link l
       on ${tx.own('l')} and l.connection_id = given.connection_id and l.candidate_remote_id = given.remote_id
     cross join lateral (
       select i.* from talentbridge.network_item i
       where ${tx.own('i')} and i.connection_id = l.connection_id and i.member = l.member
       order by i.created_at desc, i.id desc limit ${MOST_ITEMS}
     ) i
     left join lateral (${nameOfSeat(tx, 'i.author_seat_id')}) author on true
     left join lateral (${nameOfSeat(tx, 'i.owner_seat_id')}) owner on true
     order by given.id, i.created_at, i.id`,
    columnsOf(people),
  );
}

function nameOfSeat(tx: Transaction, seatId: string): string {
  return `select nullif(trim(s.first_name || ' ' || s.last_name), '') as name from talentbridge.network_seat s
    where ${tx.own('s')} and s.connection_id = i.connection_id and s.seat_id = ${seatId}`;
}

/** The seats of a user, by connection. */
async function readingSeats(tx: Transaction, userId: string): Promise<ReadonlyMap<string, ReadingSeat>> {
  const rows = await tx.rows<ReadingSeat & { readonly connectionId: string }>(seatOf(tx), [userId]);
  return new Map(rows.map((row) => [row.connectionId, row]));
}

function columnsOf(people: readonly PairedPerson[]): readonly unknown[] {
  return [people.map(({ id }) => id), people.map(({ network }) => network), people.map(({ remoteId }) => remoteId)];
}
