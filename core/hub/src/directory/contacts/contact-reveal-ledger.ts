import type { Notifications } from '../../kernel/notifications.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { ProfileStore, StoredProfile } from '../profile-store.js';
import type { ContactAnswer, ContactKind } from './contact-source.js';
import { mergeContacts } from './merge-contacts.js';

/** The topic under which changes of an order to reveal contact data are announced. */
export const CONTACT_REVEAL_TOPIC = 'contactReveal';

/** An order that this worker has taken. */
export interface TakenReveal {
  readonly id: string;
  readonly kinds: readonly ContactKind[];
  readonly epoch: number;
}

/** A person about whom the source is to be asked now. */
export interface OpenPerson {
  readonly position: number;
  readonly stored: StoredProfile;
  /** Failed tries so far. */
  readonly tries: number;
  /** Of the kinds of the order those without an answer that still stands. */
  readonly kinds: readonly ContactKind[];
}

/** What became of one question. */
export type PersonResult =
  | { readonly kind: 'ANSWER'; readonly answer: Exclude<ContactAnswer, { readonly kind: 'FAILED' }> }
  | { readonly kind: 'FAILED'; readonly code: string }
  | { readonly kind: 'AGAIN'; readonly delayMs: number }
  /** It was not asked: it does not count as a try. */
  | { readonly kind: 'UNTRIED' };

/** What one look for people to ask about answers. */
export interface Opening {
  /** The order is not this worker's any more, or has ended. */
  readonly halted: boolean;
  /** Somebody cancelled it: nobody else is asked about. */
  readonly cancelled: boolean;
  readonly people: readonly OpenPerson[];
  /** Whether anybody has no result yet, when nobody can be asked about now. */
  readonly remaining: boolean;
  /** When to look again, in milliseconds, when nobody can be asked about now. */
  readonly nextInMs: number;
}

/** What `ContactRevealLedger` works with. */
export interface ContactRevealLedgerParts {
  readonly profiles: ProfileStore;
  readonly notifications: Notifications;
  /** Whether an address is a placeholder that exports make up. */
  readonly isPlaceholder: (address: string) => boolean;
  /** How long answers to other orders stand, in milliseconds. */
  readonly answersStandForMs: number;
}

/** An item that another order left open longer ago than this belongs to nobody: no source has so long to answer. */
const OPEN_FOR_MS = 600_000;
/** Somebody whom another order asks about at this moment: looked at again after so long. */
const BLOCKED_RETRY_MS = 500;

interface Item {
  readonly position: number;
  readonly profileId: string;
  readonly tries: number;
}

interface Closing extends Item {
  readonly state: 'PENDING' | 'DONE';
  readonly outcome: 'CONTACT' | 'NONE' | 'FAILED' | 'DELETED' | null;
  readonly code: string | null;
  readonly answered: readonly ContactKind[];
  readonly nextTryInMs: number | null;
}

/** What a batch adds to the counts of its order. */
interface Counts {
  done: number;
  withContact: number;
  revealed: number;
  failed: number;
  deleted: number;
}

/**
 * Who of an order has been asked about. People are opened, durably, before the source is asked, and an answer is stored in
 * the transaction that counts it: what a worker leaves open, the next one asks again, with the same idempotency keys.
 */
export class ContactRevealLedger {
  constructor(private readonly parts: ContactRevealLedgerParts) {}

  /** Takes an order over: from now on every write of an earlier worker is refused. `undefined`: nothing to run. */
  take(scope: OrganizationScope, id: string): Promise<TakenReveal | undefined> {
    return scope.transaction((tx) =>
      tx.row<TakenReveal>(
        `update talentbridge.contact_reveal r
         set epoch = r.epoch + 1, status = 'RUNNING', status_reason = null, started_at = coalesce(r.started_at, now())
         where ${tx.own('r')} and r.id = $1 and r.status in ('QUEUED', 'RUNNING')
         returning r.id, r.kinds, r.epoch`,
        [id],
      ),
    );
  }

  /**
   * Opens up to `most` people. Who needs no question gets a result at once: their profile is gone, or everything was
   * answered for another order. Nobody is open for two orders at the same time.
   */
  open(scope: OrganizationScope, taken: TakenReveal, most: number): Promise<Opening> {
    return scope.transaction(async (tx) => {
      // Two orders that look at the same moment would not see what the other opens.
      await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`contacts/${tx.organizationId}`]);
      const own = await this.own(tx, taken);
      const nobody = { halted: false, cancelled: false, people: [], remaining: true, nextInMs: 0 };
      if (!own) return { ...nobody, halted: true };
      if (own.cancelled) return { ...nobody, cancelled: true };
      const items = await this.due(tx, taken, most);
      if (items.length === 0) return { ...nobody, ...(await this.outlook(tx, taken)) };
      const ids = items.map((item) => item.profileId);
      const answered = await this.answeredFor(tx, taken, ids);
      const kindsOf = ({ profileId }: Item): readonly ContactKind[] =>
        taken.kinds.filter((kind) => !answered.get(profileId)?.has(kind));
      // Locked where a result is stored at once; the others are read again with the answer.
      const stored = await this.parts.profiles.byIds(tx, ids, 'for update');
      const atOnce = items.filter((item) => !stored.has(item.profileId) || kindsOf(item).length === 0);
      const known: PersonResult = { kind: 'ANSWER', answer: { kind: 'NONE' } };
      await this.close(tx, taken, stored, new Map(atOnce.map((item) => [item, { result: known, asked: [] }])));
      const people = items
        .filter((item) => !atOnce.includes(item))
        .flatMap((item): OpenPerson[] => {
          const found = stored.get(item.profileId);
          return found ? [{ position: item.position, stored: found, tries: item.tries, kinds: kindsOf(item) }] : [];
        });
      await tx.rows(
        `update talentbridge.contact_reveal_item i set state = 'OPEN', opened_at = now()
         where ${tx.own('i')} and i.reveal_id = $1 and i.position = any($2::int[])`,
        [taken.id, people.map((person) => person.position)],
      );
      return { ...nobody, people };
    });
  }

  /**
   * Stores the results of people that were opened, and counts them.
   * @returns How many entries of the answers were no contact data; `undefined` when the order is not this worker's any more and
   * nothing was stored.
   */
  store(
    scope: OrganizationScope,
    taken: TakenReveal,
    results: ReadonlyMap<OpenPerson, PersonResult>,
  ): Promise<number | undefined> {
    return scope.transaction(async (tx) => {
      if (!(await this.own(tx, taken))) return undefined;
      const ids = [...results.keys()].map((person) => person.stored.id);
      const stored = await this.parts.profiles.byIds(tx, ids, 'for update');
      const items = [...results].map(
        ([{ position, tries, kinds, ...person }, result]) =>
          [
            { position, tries, profileId: person.stored.id },
            { result, asked: kinds },
          ] as const,
      );
      return this.close(tx, taken, stored, new Map(items));
    });
  }

  /** The order, as long as it is this worker's. */
  private own(tx: Transaction, { id, epoch }: TakenReveal): Promise<{ readonly cancelled: boolean } | undefined> {
    return tx.row<{ cancelled: boolean }>(
      `select r.cancelled_at is not null as cancelled from talentbridge.contact_reveal r
       where ${tx.own('r')} and r.id = $1 and r.epoch = $2 and r.status = 'RUNNING' for update`,
      [id, epoch],
    );
  }

  /**
   * In the order of positions alone, so that the index of the unfinished is read no further than needed: sorted by anything else,
   * 100,000 people took 155 s instead of 95 s. What an earlier worker left open stands at the beginning anyway.
   */
  private due(tx: Transaction, { id }: TakenReveal, most: number): Promise<readonly Item[]> {
    return tx.rows<Item>(
      `select i.position, i.profile_id as "profileId", i.tries from talentbridge.contact_reveal_item i
       where ${tx.own('i')} and i.reveal_id = $1 and i.state <> 'DONE'
         and (i.state = 'OPEN' or i.next_try_at is null or i.next_try_at <= now())
         and not exists (
           select from talentbridge.contact_reveal_item o
           where ${tx.own('o')} and o.profile_id = i.profile_id and o.reveal_id <> i.reveal_id and o.state = 'OPEN'
             and o.opened_at > now() - $3 * interval '1 millisecond')
       order by i.position limit $2`,
      [id, most, OPEN_FOR_MS],
    );
  }

  private async outlook(tx: Transaction, { id }: TakenReveal): Promise<Pick<Opening, 'remaining' | 'nextInMs'>> {
    const row = await tx.row<{ remaining: boolean; inMs: number | null }>(
      `select count(*) > 0 as remaining,
         (extract(epoch from min(coalesce(i.next_try_at, now())) - now()) * 1000)::float8 as "inMs"
       from talentbridge.contact_reveal_item i where ${tx.own('i')} and i.reveal_id = $1 and i.state <> 'DONE'`,
      [id],
    );
    const inMs = row?.inMs ?? 0;
    // Due and yet not to be had: another order asks about them.
    return { remaining: row?.remaining ?? false, nextInMs: inMs > 0 ? inMs : BLOCKED_RETRY_MS };
  }

  private async answeredFor(
    tx: Transaction,
    { id }: TakenReveal,
    profileIds: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlySet<ContactKind>>> {
    if (this.parts.answersStandForMs <= 0) return new Map();
    const rows = await tx.rows<{ profileId: string; answered: readonly ContactKind[] }>(
      `select o.profile_id as "profileId", o.answered from talentbridge.contact_reveal_item o
       where ${tx.own('o')} and o.profile_id = any($1::uuid[]) and o.reveal_id <> $2 and o.answered <> '{}'
         and o.finished_at > now() - $3 * interval '1 millisecond'`,
      [profileIds, id, this.parts.answersStandForMs],
    );
    const byProfile = Map.groupBy(rows, (row) => row.profileId);
    return new Map([...byProfile].map(([profileId, own]) => [profileId, new Set(own.flatMap((row) => row.answered))]));
  }

  /** @returns How many entries of the answers were no contact data. */
  private async close(
    tx: Transaction,
    taken: TakenReveal,
    stored: ReadonlyMap<string, StoredProfile>,
    results: ReadonlyMap<Item, { readonly result: PersonResult; readonly asked: readonly ContactKind[] }>,
  ): Promise<number> {
    if (results.size === 0) return 0;
    const counts: Counts = { done: 0, withContact: 0, revealed: 0, failed: 0, deleted: 0 };
    const closings: Closing[] = [];
    const changed: StoredProfile[] = [];
    let unusable = 0;
    for (const [item, { result, asked }] of results) {
      const base = { ...item, state: 'DONE', outcome: null, code: null, answered: [], nextTryInMs: null } as const;
      const found = stored.get(item.profileId);
      if (result.kind === 'UNTRIED') closings.push({ ...base, state: 'PENDING' });
      else if (!found) {
        counts.deleted += 1;
        closings.push({ ...base, outcome: 'DELETED' });
      } else if (result.kind === 'AGAIN') {
        closings.push({ ...base, state: 'PENDING', tries: item.tries + 1, nextTryInMs: result.delayMs });
      } else if (result.kind === 'FAILED') {
        counts.failed += 1;
        closings.push({ ...base, tries: item.tries + 1, outcome: 'FAILED', code: result.code });
      } else {
        const merged = mergeContacts(found.profile, result.answer, asked, taken.kinds, this.parts.isPlaceholder);
        changed.push({ ...found, profile: merged.profile });
        unusable += merged.unusable;
        counts.revealed += merged.revealed;
        counts.withContact += merged.hasContact ? 1 : 0;
        closings.push({ ...base, outcome: merged.hasContact ? 'CONTACT' : 'NONE', answered: asked });
      }
    }
    counts.done = closings.filter((closing) => closing.state === 'DONE').length;
    await this.parts.profiles.replace(tx, changed);
    await this.write(tx, taken, closings);
    await this.count(tx, taken, counts);
    if (counts.done > 0) await this.parts.notifications.announce(tx, CONTACT_REVEAL_TOPIC, taken.id);
    return unusable;
  }

  private async write(tx: Transaction, { id }: TakenReveal, closings: readonly Closing[]): Promise<void> {
    await tx.rows(
      `update talentbridge.contact_reveal_item i
       set state = c.state, outcome = c.outcome, code = c.code, answered = string_to_array(c.answered, ','), tries = c.tries,
         next_try_at = now() + c.next_try_in_ms * interval '1 millisecond',
         finished_at = case when c.state = 'DONE' then now() end
       from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::float8[])
         as c (position, state, outcome, code, answered, tries, next_try_in_ms)
       where ${tx.own('i')} and i.reveal_id = $1 and i.position = c.position`,
      [
        id,
        closings.map((closing) => closing.position),
        closings.map((closing) => closing.state),
        closings.map((closing) => closing.outcome),
        closings.map((closing) => closing.code),
        closings.map((closing) => closing.answered.join(',')),
        closings.map((closing) => closing.tries),
        closings.map((closing) => closing.nextTryInMs),
      ],
    );
  }

  private async count(tx: Transaction, { id }: TakenReveal, counts: Counts): Promise<void> {
    await tx.rows(
      `update talentbridge.contact_reveal r
       set done = r.done + $2, with_contact = r.with_contact + $3, revealed = r.revealed + $4, failed = r.failed + $5,
         deleted = r.deleted + $6
       where ${tx.own('r')} and r.id = $1`,
      [id, counts.done, counts.withContact, counts.revealed, counts.failed, counts.deleted],
    );
  }
}
