import type { ExportTarget, ExportWarning } from '@talentbridge/contracts';
import { drawDummyNumber } from '../../directory/dummy-email.js';
import type { ProfileStore, StoredProfile } from '../../directory/profile-store.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
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

/** An item that will be opened soon. */
export interface UpcomingItem {
  readonly id: string;
  readonly profile: StoredProfile;
  /** `null`: it has none yet, or gets none. */
  readonly dummyNumber: number | null;
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
      /** Nothing was sent, nor asked: it does not count as a try. */
      readonly untried?: true;
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
  /** Items without a result. Counted when none is under way: before that nobody has to know. */
  readonly remaining: number | undefined;
  /** When the next item is due, where none is now and none is under way; in milliseconds. */
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
        // Each person is looked up by the index, whatever the planner thinks of a table that was filled a moment ago: as a
        // plain join, every item was compared with every other, which took a second for a thousand.
        `with known as materialized (
           select mine.id, past.code, past.reason, past.remedy
           from talentbridge.export_item mine
           cross join lateral (
             select skip.code, skip.reason, skip.remedy
             from talentbridge.export_item other
             join jsonb_to_recordset($4::jsonb) as skip (outcomes jsonb, code text, reason text, remedy text)
               on skip.outcomes ? other.outcome
             where ${tx.own('other')} and other.profile_id = mine.profile_id and other.account_key = $2
               and other.state = 'DONE' and other.export_id <> $1
             order by (other.outcome = 'UNCLEAR') desc limit 1
           ) past
           where ${tx.own('mine')} and mine.export_id = $1 and mine.state = 'PENDING' and mine.existing_id is null
             and exists (select from talentbridge.export e where ${tx.own('e')} and e.id = $1 and e.epoch = $3)
         )
         update talentbridge.export_item i
         set state = 'DONE', outcome = 'SKIPPED', finished_at = now(),
           code = known.code, reason = known.reason, remedy = known.remedy
         from known
         where ${tx.own('i')} and i.id = known.id and i.state = 'PENDING'`,
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
      if (opened.length + underWay.length > 0) {
        return { halted, superseded, opened, remaining: undefined, nextDueInMs: undefined };
      }
      const left = await tx.row<{ remaining: number; nextDueInMs: number | null }>(
        `select count(*)::int as remaining,
           (extract(epoch from min(coalesce(i.next_try_at, now())) - now()) * 1000)::int as "nextDueInMs"
         from talentbridge.export_item i where ${tx.own('i')} and i.export_id = $1 and i.state <> 'DONE'`,
        [taken.id],
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

  /** Whether this worker may still send: a process that slept may have lost the export to another. */
  async isOurs(scope: OrganizationScope, { id, epoch }: TakenExport): Promise<boolean> {
    const ours = await scope.transaction((tx) =>
      tx.row(
        `select e.id from talentbridge.export e
         where ${tx.own('e')} and e.id = $1 and e.epoch = $2 and e.status = 'RUNNING'`,
        [id, epoch],
      ),
    );
    return ours !== undefined;
  }

  /** The tags of everybody in this export. */
  async tagsOf(scope: OrganizationScope, taken: TakenExport): Promise<readonly string[]> {
    const rows = await scope.transaction((tx) =>
      tx.rows<{ tag: string }>(
        `select distinct tag from talentbridge.export_item i
         join talentbridge.profile p on ${tx.own('p')} and p.id = i.profile_id
         cross join lateral jsonb_array_elements_text(p.data->'tags') as tag
         where ${tx.own('i')} and i.export_id = $1 and i.state <> 'DONE'`,
        [taken.id],
      ),
    );
    return rows.map((row) => row.tag);
  }

  /** Items that will be opened next, after those that are named; as they stand, without opening them. */
  next(
    scope: OrganizationScope,
    taken: TakenExport,
    named: readonly string[],
    most: number,
  ): Promise<readonly UpcomingItem[]> {
    return scope.transaction(async (tx) => {
      const rows = await tx.rows<{ id: string; profileId: string; dummyNumber: number | null }>(
        `select i.id, i.profile_id as "profileId", i.dummy_number as "dummyNumber"
         from talentbridge.export_item i
         where ${tx.own('i')} and i.export_id = $1 and i.existing_id is null and (i.id = any($2::uuid[]) or (
           i.state = 'PENDING' and (i.next_try_at is null or i.next_try_at <= now())))
         order by i.id <> all($2::uuid[]), i.position limit $3`,
        [taken.id, named, most],
      );
      const profiles = await this.profiles.byIds(
        tx,
        rows.map((row) => row.profileId),
      );
      return rows.flatMap(({ id, profileId, dummyNumber }) => {
        const profile = profiles.get(profileId);
        return profile ? [{ id, profile, dummyNumber }] : [];
      });
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
            untried: closing.untried ? 1 : 0,
            warnings: [],
          },
    );
    await tx.rows(
      `update talentbridge.export_item i
       set state = c.state, outcome = c.outcome, code = c.code, reason = c.reason, remedy = c.remedy,
         remote_id = c."remoteId", remote_url = c."remoteUrl", warnings = c.warnings,
         existing_id = coalesce(c."existingId", i.existing_id), existing_url = coalesce(c."existingUrl", i.existing_url),
         tries = i.tries - coalesce(c.untried, 0), next_try_at = now() + c."delayMs" * interval '1 millisecond',
         finished_at = case when c.state = 'DONE' then now() end
       from jsonb_to_recordset($1::jsonb) as c (
         id uuid, state text, outcome text, code text, reason text, remedy text, "remoteId" text, "remoteUrl" text,
         warnings jsonb, "existingId" text, "existingUrl" text, "delayMs" int, untried int)
       where ${tx.own('i')} and i.id = c.id and i.epoch = $2 and i.state = 'OPEN'`,
      [JSON.stringify(rows), taken.epoch],
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
    if (due.length === 0) return [];
    await this.lockPersons(tx, taken, due);
    const others = await this.othersOf(tx, taken, due);
    const blocked = due.filter((item) => others.get(item.id)?.underWay);
    if (blocked.length > 0) await this.postpone(tx, blocked);
    const free = due.filter((item) => !blocked.includes(item));
    if (free.length === 0) return [];
    const numbers = taken.options.generateDummyEmails
      ? await this.unusedNumbers(tx, taken, free.length)
      : free.map(() => null);
    const opened = await tx.rows<{ id: string; firstTriedAt: Date; dummyNumber: number | null }>(
      `update talentbridge.export_item i
       set state = 'OPEN', epoch = $1, tries = i.tries + 1, opened_at = now(), next_try_at = null,
         first_tried_at = coalesce(i.first_tried_at, now()),
         dummy_number = coalesce(i.dummy_number, o.number)
       from unnest($2::uuid[], $3::int[]) as o (id, number)
       where ${tx.own('i')} and i.id = o.id
       returning i.id, i.first_tried_at as "firstTriedAt", i.dummy_number as "dummyNumber"`,
      [taken.epoch, free.map((item) => item.id), numbers],
    );
    const profiles = await this.profiles.byIds(
      tx,
      free.map((item) => item.profileId),
    );
    const openedById = new Map(opened.map((row) => [row.id, row]));
    return free.flatMap((item) => {
      const row = openedById.get(item.id);
      if (!row) return [];
      const past = others.get(item.id);
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

  /** Numbers for dummy addresses that nobody in this account ever had. */
  private async unusedNumbers(tx: Transaction, taken: TakenExport, count: number): Promise<readonly number[]> {
    const numbers = new Set<number>();
    while (numbers.size < count) {
      const drawn = Array.from({ length: count - numbers.size }, () => drawDummyNumber());
      const used = await tx.rows<{ number: number }>(
        `select i.dummy_number as number from talentbridge.export_item i
         where ${tx.own('i')} and i.account_key = $1 and i.dummy_number = any($2::int[])
         union
         select o.number from talentbridge.export_dummy_number o
         where ${tx.own('o')} and o.account_key = $1 and o.number = any($2::int[])`,
        [taken.accountKey, drawn],
      );
      const usedNumbers = new Set(used.map((row) => row.number));
      for (const number of drawn) if (!usedNumbers.has(number)) numbers.add(number);
    }
    return [...numbers];
  }

  /** Two exports that open the same person at the same moment meet here, one after the other, in one order. */
  private async lockPersons(tx: Transaction, taken: TakenExport, due: readonly DueRow[]): Promise<void> {
    const pending = due.filter((item) => item.state === 'PENDING');
    if (pending.length === 0) return;
    await tx.rows(
      `select pg_advisory_xact_lock(lock) from (
         select distinct hashtextextended($1 || person::text, 0) as lock from unnest($2::uuid[]) as person order by lock
       ) locks`,
      [`${tx.organizationId}/${taken.accountKey}/`, pending.map((item) => item.profileId)],
    );
  }

  /** A statement after the lock, so that it sees what the lock has waited for. */
  private async othersOf(
    tx: Transaction,
    taken: TakenExport,
    due: readonly DueRow[],
  ): Promise<ReadonlyMap<string, OthersOfPerson>> {
    const rows = await tx.rows<{ id: string } & OthersOfPerson>(
      // Aggregated inside, so that each person is looked up by the index, as in `skipKnown`.
      `select o.id, past.*
       from unnest($1::uuid[], $2::uuid[]) as o (id, profile_id)
       cross join lateral (
         select coalesce(bool_or(other.state = 'OPEN'), false) as "underWay",
           coalesce(array_agg(distinct other.outcome) filter (where other.state = 'DONE'), '{}') as outcomes,
           coalesce(array_agg(other.remote_id) filter (
             where other.state = 'DONE' and other.outcome in ('CREATED', 'UPDATED') and other.remote_id is not null
           ), '{}') as "remoteIds"
         from talentbridge.export_item other
         where ${tx.own('other')} and other.profile_id = o.profile_id and other.account_key = $3 and other.id <> o.id
       ) past`,
      [due.map((item) => item.id), due.map((item) => item.profileId), taken.accountKey],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Items whose person is under way in another export wait a moment; the unique index is the last word. */
  private async postpone(tx: Transaction, items: readonly DueRow[]): Promise<void> {
    await tx.rows(
      `update talentbridge.export_item i set next_try_at = now() + ${BLOCKED_RETRY_MS} * interval '1 millisecond'
       where ${tx.own('i')} and i.id = any($1::uuid[])`,
      [items.map((item) => item.id)],
    );
  }
}

/** What the other items of one person in the same account tell. */
interface OthersOfPerson {
  /** One of them is being tried. */
  readonly underWay: boolean;
  readonly outcomes: readonly ItemOutcome[];
  /** Candidates that they made. */
  readonly remoteIds: readonly string[];
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
