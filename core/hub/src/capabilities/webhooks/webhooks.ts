import type { Delivery } from '@talentbridge/contracts';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { isUuid } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { EventStore } from './event-store.js';
import type { DeliveryAnswer, WebhookIntake } from './webhook-intake.js';
import type { WebhookState, WebhookStatus } from './webhook-model.js';
import { type StandingParts, standingsOf, type WebhookStanding } from './webhook-standing.js';

/** What `Webhooks` works with. */
export interface WebhooksParts extends StandingParts {
  readonly intake: WebhookIntake;
  readonly events: EventStore;
}

interface StateRow {
  readonly connectionId: string;
  readonly active: boolean;
  readonly refused: boolean;
  readonly reason: string | null;
  readonly events: readonly string[];
  readonly lastEventAt: Date | null;
  readonly waiting: number;
  readonly checkedAt: Date | null;
}

/** What the systems tell of their changes: takes it in, and shows how it stands. */
export class Webhooks {
  constructor(private readonly parts: WebhooksParts) {}

  /**
   * Takes a delivery to a callback address. An event is acknowledged once it is stored. Never throws.
   * @param token What stands in the callback URL.
   */
  receive(token: string, delivery: Delivery): Promise<DeliveryAnswer> {
    return this.parts.intake.receive(token, delivery);
  }

  /** How the webhooks of connections stand, by connection. Those that have none, or are to have none, are left out. */
  async states(scope: OrganizationScope, connectionIds: readonly string[]): Promise<ReadonlyMap<string, WebhookState>> {
    return scope.read(async (tx) => {
      const standings = await standingsOf(tx, this.parts, connectionIds.filter(isUuid));
      const ids = [...standings].flatMap(([id, { kind }]) => (kind === 'USABLE' || kind === 'PAUSED' ? [id] : []));
      if (ids.length === 0) return new Map();
      const rows = await tx.rows<StateRow>(
        `select given.id as "connectionId", u.id is not null as active, coalesce(s.refused, false) as refused, s.reason,
           coalesce(u.events, '{}') as events, greatest(s.last_event_at, w.last) as "lastEventAt", w.waiting,
           s.checked_at as "checkedAt"
         from unnest($1::uuid[]) as given (id)
         left join talentbridge.webhook_state s on ${tx.own('s')} and s.connection_id = given.id
         left join talentbridge.webhook_subscription u
           on ${tx.own('u')} and u.connection_id = given.id and u.status = 'ACTIVE'
         cross join lateral (
           select count(*)::int as waiting, max(e.received_at) as last from talentbridge.webhook_event e
           where ${tx.own('e')} and e.connection_id = given.id and e.done_at is null
         ) w`,
        [ids],
      );
      return new Map(rows.map((row) => [row.connectionId, stateOf(row, standings.get(row.connectionId))]));
    });
  }

  /** How many events of the whole deployment wait. `undefined`: the database does not answer. */
  waiting(): Promise<number | undefined> {
    return this.parts.events.waitingInAll().catch(() => undefined);
  }

  /** Takes an erased candidate with all applications out of what events said. @returns Of how many. */
  forget(
    tx: Transaction,
    erased: { readonly connectionId: string; readonly remoteId: string; readonly applicationIds: readonly string[] },
  ): Promise<number> {
    const refs = [`candidate/${erased.remoteId}`, ...erased.applicationIds.map((id) => `application/${id}`)];
    return this.parts.events.forget(tx, erased.connectionId, refs);
  }
}

function stateOf({ active, refused, ...row }: StateRow, standing: WebhookStanding | undefined): WebhookState {
  if (standing?.kind === 'PAUSED') return { ...row, status: 'PAUSED', reason: standing.reason };
  const status: WebhookStatus = active ? 'ACTIVE' : refused ? 'NOT_SET_UP' : 'PENDING';
  return { ...row, status };
}
