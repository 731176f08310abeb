import type { ClosedMember, SystemConnectCapability } from '@talentbridge/contracts';
import { callContext } from '../../../kernel/call-context.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { MirrorContent } from '../mirror-content.js';
import { pagesOf, readClosedMembers } from '../network-answers.js';
import { pairOf } from '../pair-standing.js';
import type { PollLedger, TakenPoll } from './poll-ledger.js';

/** Somebody who left the network, for the admin to decide what becomes of the copies here. */
export interface ClosedMemberRecord {
  readonly connectionId: string;
  readonly member: string;
  readonly closedAt: Date;
  /** The candidates of the ATS that are linked with them, by the ATS's ids. */
  readonly candidateRemoteIds: readonly string[];
  /** Those of them that the mirror has, by its ids. */
  readonly candidateIds: readonly string[];
}

/** The network wants to be asked every 30 days at most. */
const ASK_EVERY_MS = 7 * 86_400_000;
const CALL_LIMIT_MS = 60_000;

/** Keeps who left the network. Nothing is deleted for it: that is for the customer to decide. */
export class ClosedMembers {
  constructor(
    private readonly ledger: PollLedger,
    private readonly mirror: Pick<MirrorContent, 'idsNamed'>,
  ) {}

  /** Asks once a week, in the course of a poll. @throws HubError as the network has it. */
  async askWhenDue(
    scope: OrganizationScope,
    taken: TakenPoll,
    pluginId: string,
    capability: SystemConnectCapability,
  ): Promise<void> {
    const { closedAskedAt, now, connectionId } = taken;
    if (closedAskedAt && now.getTime() - closedAskedAt.getTime() < ASK_EVERY_MS) return;
    const pages = pagesOf(pluginId, async (cursor) =>
      readClosedMembers(
        await capability.closedMembers(
          callContext('background', CALL_LIMIT_MS),
          cursor === undefined ? {} : { cursor },
        ),
      ),
    );
    for await (const { entries } of pages) {
      await scope.transaction(async (tx) => {
        await this.ledger.hold(tx, taken);
        await store(tx, connectionId, entries);
      });
    }
    await scope.transaction((tx) =>
      tx.rows(
        `update talentbridge.network_poll p set closed_asked_at = now()
         where ${tx.own('p')} and p.connection_id = $1 and p.epoch = $2`,
        [connectionId, taken.epoch],
      ),
    );
  }

  /** Who left, of those whom somebody here is linked with, last first. */
  async list(tx: Transaction, connectionId: string): Promise<readonly ClosedMemberRecord[]> {
    const rows = await tx.rows<Omit<ClosedMemberRecord, 'candidateIds'>>(
      `select c.connection_id as "connectionId", c.member, c.closed_at as "closedAt",
         array_agg(l.candidate_remote_id order by l.candidate_remote_id) as "candidateRemoteIds"
       from talentbridge.network_closed_member c
       join talentbridge.network_link l on ${tx.own('l')} and l.connection_id = c.connection_id and l.member = c.member
       where ${tx.own('c')} and c.connection_id = $1
       group by c.connection_id, c.member, c.closed_at order by c.closed_at desc, c.member`,
      [connectionId],
    );
    const pair = await pairOf(tx, connectionId);
    const remoteIds = rows.flatMap(({ candidateRemoteIds }) => candidateRemoteIds);
    const mirrored = pair ? await this.mirror.idsNamed(tx, pair.atsConnectionId, 'candidate', remoteIds) : [];
    const ids = new Map(mirrored.map(({ id, remoteId }) => [remoteId, id]));
    return rows.map((row) => ({
      ...row,
      candidateIds: row.candidateRemoteIds.flatMap((remoteId) => ids.get(remoteId) ?? []),
    }));
  }

  /** Forgets members: they were erased here. @returns How many rows that were. */
  async forgetMembers(tx: Transaction, connectionId: string, members: readonly string[]): Promise<number> {
    const rows = await tx.rows(
      `delete from talentbridge.network_closed_member c
       where ${tx.own('c')} and c.connection_id = $1 and c.member = any($2::text[]) returning c.member`,
      [connectionId, members],
    );
    return rows.length;
  }

  /** The pair ends. */
  async forget(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(`delete from talentbridge.network_closed_member c where ${tx.own('c')} and c.connection_id = $1`, [
      connectionId,
    ]);
  }
}

async function store(tx: Transaction, connectionId: string, members: readonly ClosedMember[]): Promise<void> {
  await tx.rows(
    `insert into talentbridge.network_closed_member (organization_id, connection_id, member, closed_at)
     select $1, $2, n.member, max(n."closedAt") from jsonb_to_recordset($3::jsonb) as n (member text, "closedAt" timestamptz)
     group by n.member
     on conflict (organization_id, connection_id, member) do update set closed_at = excluded.closed_at`,
    [tx.organizationId, connectionId, JSON.stringify(members)],
  );
}
