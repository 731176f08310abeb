import type { ExportTarget, ExportWarning } from '@talentbridge/contracts';
import type { ProfileStore, StoredProfile } from '../../directory/profile-store.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { drawDummyNumber } from './dummy-email.js';
import type { ExportOptions, ItemOutcome } from './export-model.js';

/** An item that was opened for a try: durable before anything is sent. */
export interface OpenItem {
  readonly id: string;
  readonly profileId: string;
  /** `undefined` when the profile was deleted after the export was asked for. */
  readonly profile: StoredProfile | undefined;
  /** 1 for the first try. */
  readonly tries: number;
  /** An earlier try may have reached the ATS. */
  readonly reopened: boolean;
  readonly firstTriedAt: Date;
  /** When the earlier try was opened, for a reopened item. */
  readonly previousOpenedAt: Date | null;
  /** `null` when this export makes no dummy addresses. */
  readonly dummyNumber: number | null;
  readonly existing: { readonly remoteId: string; readonly remoteUrl: string | null } | undefined;
  /** Candidates that other items made of the same person in the same account. */
  readonly notThese: readonly string[];
  /** Outcomes of this person's other items in the account. */
  readonly earlierOutcomes: readonly ItemOutcome[];
}

/** How a try ended. */
export type Closing =
  | {
      readonly kind: 'DONE';
      readonly itemId: string;
      readonly outcome: ItemOutcome;
      readonly code?: string;
      readonly reason?: string;
      readonly remedy?: string;
      readonly remoteId?: string;
      readonly remoteUrl?: string;
      readonly warnings?: readonly ExportWarning[];
    }
  | {
      /** To be tried again: `PENDING` when certainly nothing was written, `OPEN` when the ATS has to be asked first. */
      readonly kind: 'AGAIN';
      readonly itemId: string;
      readonly state: 'PENDING' | 'OPEN';
      readonly delayMs: number;
      readonly existing?: { readonly remoteId: string; readonly remoteUrl?: string };
    };

/** An export that this worker has taken. */
export interface TakenExport {
  readonly id: string;
  readonly connectionId: string;
  readonly pluginId: string;
  readonly accountKey: string;
  readonly target: ExportTarget;
  readonly options: ExportOptions;
  readonly epoch: number;
  /** Which credentials the connection had then; it goes up with each change of them. */
  readonly credentialVersion: number;
}

/** What one turn of the ledger answers. */
export interface Turn {
  /** The export is not this worker's any more, or was paused or stopped: begin nothing new. */
  readonly halted: boolean;
  /** The connection has other credentials or settings than when the export was taken: take it again to go on. */
  readonly superseded: boolean;
  readonly opened: readonly OpenItem[];
  /** Items without a result, those under way included. */
  readonly remaining: number;
  /** When the next item is due, where none is now; in milliseconds. */
  readonly nextDueInMs: number | undefined;
}

/** Blocked by the same person's item in another export: looked at again after so long. */
const BLOCKED_RETRY_MS = 1_000;

/**
 * The intent ledger. An item is opened, durably, before its first request goes out, and closed with the definite
 * answer; whatever a worker leaves open, the next one asks the ATS about before it sends again.
 */
export class ExportLedger {
  constructor(private readonly profiles: ProfileStore) {}

  /** Takes an export over: from now on every write of an earlier worker is refused. `undefined`: nothing to run. */
  take(scope: OrganizationScope, exportId: string): Promise<TakenExport | undefined> {
    return scope.transaction((tx) =>
      tx.row<TakenExport>(
        `update talentbridge.export e
         set epoch = e.epoch + 1, status = 'RUNNING', status_reason = null, started_at = coalesce(e.started_at, now())
         where ${tx.own('e')} and e.id = $1 and e.status in ('QUEUED', 'RUNNING')
         returning e.id, e.connection_id as "connectionId", e.plugin_id as "pluginId", e.account_key as "accountKey", e.target, e.options, e.epoch,
           (${credentialVersionOf(tx, 'e')}) as "credentialVersion"`,
        [exportId],
      ),
    );
  }

  /**
   * Skips, in one statement, everybody of this export who must not be sent: exported to this account before (unless the
   * order includes them), or waiting for an admin to settle an earlier item. Items that were begun are finished instead.
   */
  async skipKnown(scope: OrganizationScope, taken: TakenExport): Promise<void> {
    await scope.transaction((tx) =>
      tx.rows(
        `update talentbridge.export_item i
         set state = 'DONE', outcome = 'SKIPPED', finished_at = now(), code = past.code, reason = past.reason, remedy = past.remedy
         from (
           select distinct on (other.profile_id) other.profile_id, skip.code, skip.reason, skip.remedy
           from talentbridge.export_item other
           join jsonb_to_recordset($4::jsonb) as skip (outcomes jsonb, code text, reason text, remedy text)
             on skip.outcomes ? other.outcome
           where ${tx.own('other')} and other.account_key = $2 and other.state = 'DONE' and other.export_id <> $1
           order by other.profile_id, (other.outcome = 'UNCLEAR') desc
         ) past
         where ${tx.own('i')} and i.export_id = $1 and i.state = 'PENDING' and i.existing_id is null
           and i.profile_id = past.profile_id
           and exists (select from talentbridge.export e where ${tx.own('e')} and e.id = $1 and e.epoch = $3)`,
        [taken.id, taken.accountKey, taken.epoch, JSON.stringify(reasonsToSkip(taken.options))],
      ),
    );
  }

  /**
   * One commit for a whole group: closes what has ended and opens up to `slots` items for a try.
   * @param underWay Items that this worker is trying right now.
   */
  turn(
    scope: OrganizationScope,
    taken: TakenExport,
    closings: readonly Closing[],
    slots: number,
    underWay: readonly string[],
  ): Promise<Turn> {
    return scope.transaction(async (tx) => {
      const still = await tx.row<{ status: string; credentialVersion: number }>(
        // The lock orders this turn against a takeover: either the epoch is still ours until we commit, or it is not.
        `select e.status, (${credentialVersionOf(tx, 'e')}) as "credentialVersion"
         from talentbridge.export e where ${tx.own('e')} and e.id = $1 and e.epoch = $2 for update`,
        [taken.id, taken.epoch],
      );
      if (!still) return { halted: true, superseded: false, opened: [], remaining: 0, nextDueInMs: undefined };
      await this.close(tx, taken, closings);
      const halted = still.status !== 'RUNNING';
      const superseded = still.credentialVersion !== taken.credentialVersion;
      const opened = halted || superseded || slots === 0 ? [] : await this.open(tx, taken, slots, underWay);
      const left = await tx.row<{ remaining: number; nextDueInMs: number | null }>(
        `select count(*)::int as remaining,
           (extract(epoch from min(coalesce(i.next_try_at, now())) filter (where i.id <> all($2::uuid[])) - now()) * 1000)::int
             as "nextDueInMs"
         from talentbridge.export_item i where ${tx.own('i')} and i.export_id = $1 and i.state <> 'DONE'`,
        [taken.id, [...underWay, ...opened.map((item) => item.id)]],
      );
      return {
        halted,
        superseded,
        opened,
        remaining: left?.remaining ?? 0,
        nextDueInMs: left?.nextDueInMs ?? undefined,
      };
    });
  }

  private async close(tx: Transaction, taken: TakenExport, closings: readonly Closing[]): Promise<void> {
    if (closings.length === 0) return;
    const rows = closings.map((closing) =>
      closing.kind === 'DONE'
        ? { ...closing, state: 'DONE', id: closing.itemId, warnings: closing.warnings ?? [] }
        : {
            id: closing.itemId,
            state: closing.state,
            delayMs: closing.delayMs,
            existingId: closing.existing?.remoteId,
            existingUrl: closing.existing?.remoteUrl,
            warnings: [],
          },
    );
    await tx.rows(
      `update talentbridge.export_item i
       set state = c.state, outcome = c.outcome, code = c.code, reason = c.reason, remedy = c.remedy,
         remote_id = c."remoteId", remote_url = c."remoteUrl", warnings = c.warnings,
         existing_id = coalesce(c."existingId", i.existing_id), existing_url = coalesce(c."existingUrl", i.existing_url),
         next_try_at = now() + c."delayMs" * interval '1 millisecond',
         finished_at = case when c.state = 'DONE' then now() end
       from jsonb_to_recordset($1::jsonb) as c (
         id uuid, state text, outcome text, code text, reason text, remedy text, "remoteId" text, "remoteUrl" text,
         warnings jsonb, "existingId" text, "existingUrl" text, "delayMs" int)
       where ${tx.own('i')} and i.export_id = $2 and i.id = c.id and i.epoch = $3 and i.state = 'OPEN'`,
      [JSON.stringify(rows), taken.id, taken.epoch],
    );
  }

  private async open(
    tx: Transaction,
    taken: TakenExport,
    slots: number,
    underWay: readonly string[],
  ): Promise<readonly OpenItem[]> {
    const due = await tx.rows<DueRow>(
      `select i.id, i.profile_id as "profileId", i.tries, i.state, i.first_tried_at as "firstTriedAt",
         i.opened_at as "previousOpenedAt", i.dummy_number as "dummyNumber", i.existing_id as "existingId",
         i.existing_url as "existingUrl"
       from talentbridge.export_item i
       where ${tx.own('i')} and i.export_id = $1 and i.state <> 'DONE' and i.id <> all($2::uuid[])
         and (i.next_try_at is null or i.next_try_at <= now())
       order by i.position limit $3`,
      [taken.id, underWay, slots],
    );
    const free = await this.withoutBlocked(tx, taken, due);
    if (free.length === 0) return [];
    const history = await this.history(tx, taken, free);
    const numbers = taken.options.generateDummyEmails
      ? await this.unusedNumbers(tx, taken, free.length)
      : free.map(() => null);
    const opened = await tx.rows<{ id: string; firstTriedAt: Date; dummyNumber: number | null }>(
      `update talentbridge.export_item i
       set state = 'OPEN', epoch = $2, tries = i.tries + 1, opened_at = now(), next_try_at = null,
         first_tried_at = coalesce(i.first_tried_at, now()),
         dummy_number = coalesce(i.dummy_number, o.number)
       from unnest($3::uuid[], $4::int[]) as o (id, number)
       where ${tx.own('i')} and i.export_id = $1 and i.id = o.id
       returning i.id, i.first_tried_at as "firstTriedAt", i.dummy_number as "dummyNumber"`,
      [taken.id, taken.epoch, free.map((item) => item.id), numbers],
    );
    const profiles = await this.profiles.byIds(
      tx,
      free.map((item) => item.profileId),
    );
    const openedById = new Map(opened.map((row) => [row.id, row]));
    return free.flatMap((item) => {
      const row = openedById.get(item.id);
      if (!row) return [];
      const past = history.get(item.id);
      return [
        {
          id: item.id,
          profileId: item.profileId,
          profile: profiles.get(item.profileId),
          tries: item.tries + 1,
          reopened: item.state === 'OPEN',
          firstTriedAt: row.firstTriedAt,
          previousOpenedAt: item.state === 'OPEN' ? item.previousOpenedAt : null,
          dummyNumber: row.dummyNumber,
          existing: item.existingId === null ? undefined : { remoteId: item.existingId, remoteUrl: item.existingUrl },
          notThese: past?.remoteIds ?? [],
          earlierOutcomes: past?.outcomes ?? [],
        },
      ];
    });
  }

  /** Numbers for dummy addresses that no export to this account ever used. */
  private async unusedNumbers(tx: Transaction, taken: TakenExport, count: number): Promise<readonly number[]> {
    const numbers = new Set<number>();
    while (numbers.size < count) {
      const drawn = Array.from({ length: count - numbers.size }, () => drawDummyNumber());
      const used = await tx.rows<{ number: number }>(
        `select i.dummy_number as number from talentbridge.export_item i
         where ${tx.own('i')} and i.account_key = $1 and i.dummy_number = any($2::int[])`,
        [taken.accountKey, drawn],
      );
      const usedNumbers = new Set(used.map((row) => row.number));
      for (const number of drawn) if (!usedNumbers.has(number)) numbers.add(number);
    }
    return [...numbers];
  }

  /** Items whose person is under way in another export wait a moment; the unique index is the last word. */
  private async withoutBlocked(
    tx: Transaction,
    taken: TakenExport,
    due: readonly DueRow[],
  ): Promise<readonly DueRow[]> {
    const pending = due.filter((item) => item.state === 'PENDING');
    if (pending.length === 0) return due;
    // Two exports that open the same person at the same moment meet here, one after the other, in one order.
    await tx.rows(
      `select pg_advisory_xact_lock(lock) from (
         select distinct hashtextextended($1 || person::text, 0) as lock from unnest($2::uuid[]) as person order by lock
       ) locks`,
      [`${tx.organizationId}/${taken.accountKey}/`, pending.map((item) => item.profileId)],
    );
    const others = await tx.rows<{ id: string }>(
      `update talentbridge.export_item i set next_try_at = now() + ${BLOCKED_RETRY_MS} * interval '1 millisecond'
       where ${tx.own('i')} and i.export_id = $1 and i.id = any($2::uuid[]) and exists (
         select from talentbridge.export_item other
         where ${tx.own('other')} and other.account_key = $3 and other.profile_id = i.profile_id
           and other.state = 'OPEN' and other.id <> i.id)
       returning i.id`,
      [taken.id, pending.map((item) => item.id), taken.accountKey],
    );
    const blocked = new Set(others.map((row) => row.id));
    return due.filter((item) => !blocked.has(item.id));
  }

  private async history(
    tx: Transaction,
    taken: TakenExport,
    items: readonly DueRow[],
  ): Promise<
    ReadonlyMap<string, { readonly remoteIds: readonly string[]; readonly outcomes: readonly ItemOutcome[] }>
  > {
    const rows = await tx.rows<{ id: string; remoteIds: readonly string[] | null; outcomes: readonly ItemOutcome[] }>(
      `select o.id,
         array_agg(past.remote_id) filter (where past.outcome in ('CREATED', 'UPDATED') and past.remote_id is not null) as "remoteIds",
         array_agg(distinct past.outcome) as outcomes
       from unnest($1::uuid[], $2::uuid[]) as o (id, profile_id)
       join talentbridge.export_item past
         on ${tx.own('past')} and past.profile_id = o.profile_id and past.account_key = $3 and past.state = 'DONE' and past.id <> o.id
       group by o.id`,
      [items.map((item) => item.id), items.map((item) => item.profileId), taken.accountKey],
    );
    return new Map(rows.map((row) => [row.id, { remoteIds: row.remoteIds ?? [], outcomes: row.outcomes }]));
  }
}

/** SQL for the version of the credentials of an export's connection. */
function credentialVersionOf(tx: Transaction, alias: string): string {
  return `select c.credential_version from talentbridge.connection c where ${tx.own('c')} and c.id = ${alias}.connection_id`;
}

/** Why a person is not sent, by the outcomes of their earlier items in the account. */
export function reasonsToSkip(options: ExportOptions): readonly SkipReason[] {
  const unclear: SkipReason = {
    outcomes: ['UNCLEAR'],
    code: 'EARLIER_EXPORT_UNCLEAR',
    reason: 'Whether an earlier export of this person arrived is not settled.',
    remedy: 'Settle the earlier item first.',
  };
  const exported: SkipReason = {
    outcomes: ['CREATED', 'UPDATED'],
    code: 'PREVIOUSLY_EXPORTED',
    reason: 'This person was exported to this ATS account before.',
    remedy: 'Include previously exported candidates to send it again.',
  };
  return options.includePreviouslyExported ? [unclear] : [unclear, exported];
}

/** A reason to skip a person. */
export interface SkipReason {
  readonly outcomes: readonly ItemOutcome[];
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
}

interface DueRow {
  readonly id: string;
  readonly profileId: string;
  readonly tries: number;
  readonly state: 'PENDING' | 'OPEN';
  readonly firstTriedAt: Date | null;
  readonly previousOpenedAt: Date | null;
  readonly dummyNumber: number | null;
  readonly existingId: string | null;
  readonly existingUrl: string | null;
}
