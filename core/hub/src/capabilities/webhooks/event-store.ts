import { createHmac } from 'node:crypto';
import type { CapabilityName } from '@talentbridge/contracts';
import type { Database } from '../../kernel/persistence/database.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import { addresseeInSql } from './event-references.js';

/** An event on its way into the store. */
export interface NewEvent {
  readonly connectionId: string;
  readonly subscriptionId: string;
  /** Of `eventKey`. */
  readonly key: string;
  readonly name: string;
  /** `candidate/17`, `notice/export/17`; at least one. */
  readonly refs: readonly string[];
}

/** An event that waits. */
export interface WaitingEvent {
  readonly subscriptionId: string;
  readonly key: string;
  readonly refs: readonly string[];
  readonly receivedAt: Date;
  /** How often it was tried by itself, and in vain. */
  readonly tries: number;
}

const WAITING = `e.subscription_id as "subscriptionId", encode(e.event_key, 'base64') as key, e.refs,
  e.received_at as "receivedAt", e.tries`;

/** Events that say nothing to these capabilities. @param parameter Of the names, as `$2`. */
function sayingNothingTo(parameter: string): string {
  return `(cardinality(${parameter}::text[]) = 0 or not exists (
    select from unnest(e.refs) as ref where ${addresseeInSql('ref')} = any(${parameter}::text[])))`;
}

/** Deletions in one transaction. */
const DELETIONS_AT_ONCE = 5_000;

/** What tells one event of a subscription from another, in base64. `said` are its id, or its name and body. */
export function eventKey(token: string, ...said: readonly string[]): string {
  return createHmac('sha256', token).update(said.join('\u0000'), 'utf8').digest('base64');
}

/**
 * Keeps which records events are about and what else they say, until they are seen to. Where capabilities are `paused`, events that
 * say anything to them are left waiting as a whole.
 */
export class EventStore {
  constructor(private readonly database: Database) {}

  /**
   * Stores events of an organization, and with them the job that sees to them, unless one is waiting to; it is committed when this
   * resolves. One that is known already is not stored again, and events of connections that are on their way out are not stored
   * at all.
   * @returns How many were stored.
   */
  async add(organizationId: string, events: readonly NewEvent[]): Promise<number> {
    const [row] = await this.database.once<{ readonly added: number }>(
      'select talentbridge.store_webhook_events($1, $2, $3, $4, $5, $6, $7) as added',
      [
        organizationId,
        events.map((event) => event.subscriptionId),
        events.map((event) => event.key),
        events.map(() => uuidv7()),
        events.map((event) => event.connectionId),
        events.map((event) => event.name),
        events.map((event) => event.refs.join('\n')),
      ],
    );
    return row?.added ?? 0;
  }

  /** Events of a connection that wait, oldest first, without those that wait by themselves. */
  waiting(
    tx: Transaction,
    connectionId: string,
    most: number,
    paused: readonly CapabilityName[],
  ): Promise<readonly WaitingEvent[]> {
    return tx.rows<WaitingEvent>(
      `select ${WAITING} from talentbridge.webhook_event e
       where ${tx.own('e')} and e.connection_id = $1 and e.done_at is null and e.tries = 0 and ${sayingNothingTo('$3')}
       order by e.id limit $2`,
      [connectionId, most, paused],
    );
  }

  /** Events that waited by themselves and are to be tried again now. */
  dueAgain(
    tx: Transaction,
    connectionId: string,
    most: number,
    paused: readonly CapabilityName[],
  ): Promise<readonly WaitingEvent[]> {
    return tx.rows<WaitingEvent>(
      `select ${WAITING} from talentbridge.webhook_event e
       where ${tx.own('e')} and e.connection_id = $1 and e.done_at is null and e.tries > 0 and e.resume_at <= now()
         and ${sayingNothingTo('$3')}
       order by e.resume_at limit $2`,
      [connectionId, most, paused],
    );
  }

  /** Which references wait by themselves, due or not, and when the next of them is due. */
  async apart(
    tx: Transaction,
    connectionId: string,
    paused: readonly CapabilityName[],
  ): Promise<{ readonly refs: ReadonlySet<string>; readonly nextAt: Date | null }> {
    const row = await tx.row<{ refs: readonly string[] | null; nextAt: Date | null }>(
      `select array_agg(distinct ref) as refs, min(e.resume_at) as "nextAt"
       from talentbridge.webhook_event e cross join unnest(e.refs) as ref
       where ${tx.own('e')} and e.connection_id = $1 and e.done_at is null and e.tries > 0 and ${sayingNothingTo('$2')}`,
      [connectionId, paused],
    );
    return { refs: new Set(row?.refs ?? []), nextAt: row?.nextAt ?? null };
  }

  /** Whether any event of a connection waits. */
  async anyWaiting(tx: Transaction, connectionId: string, paused: readonly CapabilityName[] = []): Promise<boolean> {
    const row = await tx.row(
      `select from talentbridge.webhook_event e
       where ${tx.own('e')} and e.connection_id = $1 and e.done_at is null and ${sayingNothingTo('$2')} limit 1`,
      [connectionId, paused],
    );
    return row !== undefined;
  }

  /** How many events wait, of all organizations. */
  async waitingInAll(): Promise<number> {
    const { rows } = await this.database.owner.query<{ waiting: number }>(
      'select talentbridge.webhook_events_waiting()::int as waiting',
    );
    return rows[0]?.waiting ?? 0;
  }

  /** These were tried by themselves, and are tried again at these times. */
  async tryAgain(tx: Transaction, events: readonly (WaitingEvent & { readonly at: Date })[]): Promise<void> {
    if (events.length === 0) return;
    await tx.rows(
      `update talentbridge.webhook_event e set tries = e.tries + 1, resume_at = d.at
       from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as d (subscription_id, key, at)
       where ${tx.own('e')} and e.subscription_id = d.subscription_id and e.event_key = decode(d.key, 'base64')
         and e.done_at is null`,
      [
        events.map((event) => event.subscriptionId),
        events.map((event) => event.key),
        events.map(({ at }) => at.toISOString()),
      ],
    );
  }

  /**
   * These were seen to, and which records they named is forgotten: who is erased later, or was before, leaves nothing here.
   * @param reasons By reference: why a record could not be read, without any value of it.
   */
  async done(tx: Transaction, events: readonly WaitingEvent[], reasons: ReadonlyMap<string, string>): Promise<void> {
    if (events.length === 0) return;
    await tx.rows(
      `update talentbridge.webhook_event e set done_at = clock_timestamp(), refs = '{}', reason = d.reason
       from unnest($1::uuid[], $2::text[], $3::text[]) as d (subscription_id, key, reason)
       where ${tx.own('e')} and e.subscription_id = d.subscription_id and e.event_key = decode(d.key, 'base64')
         and e.done_at is null`,
      [
        events.map((event) => event.subscriptionId),
        events.map((event) => event.key),
        events.map(({ refs }) => refs.flatMap((ref) => reasons.get(ref) ?? [])[0] ?? null),
      ],
    );
  }

  /** Deletes events that were seen to before they were this old. @returns `false`: there are more. */
  async prune(tx: Transaction, connectionId: string, olderThanMs: number): Promise<boolean> {
    return this.deleteSome(
      tx,
      connectionId,
      `o.done_at is not null and o.received_at < now() - ${Math.round(olderThanMs)} * interval '1 millisecond'`,
    );
  }

  /** Deletes all events of a connection that is gone. @returns `false`: there are more. */
  clear(tx: Transaction, connectionId: string): Promise<boolean> {
    return this.deleteSome(tx, connectionId, 'true');
  }

  /** Takes a candidate out of the events of a connection that wait. The events stay, so that none of them is taken for new. */
  async forget(tx: Transaction, connectionId: string, refs: readonly string[]): Promise<number> {
    const rows = await tx.rows(
      `update talentbridge.webhook_event e
       set refs = array(select ref from unnest(e.refs) as ref where ref <> all($2::text[]))
       where ${tx.own('e')} and e.connection_id = $1 and e.refs && $2::text[] returning e.id`,
      [connectionId, refs],
    );
    return rows.length;
  }

  /** @param condition On `o`. */
  private async deleteSome(tx: Transaction, connectionId: string, condition: string): Promise<boolean> {
    const rows = await tx.rows(
      `delete from talentbridge.webhook_event e
       where ${tx.own('e')} and e.ctid = any(array(
         select o.ctid from talentbridge.webhook_event o
         where ${tx.own('o')} and o.connection_id = $1 and ${condition} limit ${DELETIONS_AT_ONCE}))
       returning e.id`,
      [connectionId],
    );
    return rows.length < DELETIONS_AT_ONCE;
  }
}
