import { isHubError } from '@talentbridge/contracts';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { eventName, RECORD_READER, refsOf } from './event-references.js';
import { type EventStore, eventKey } from './event-store.js';
import type { StoredSubscription } from './subscription-store.js';
import type { AskedConnection, VendorSubscriptions } from './vendor-subscriptions.js';
import type { WebhookSettings } from './webhook-settings.js';
import { type StandingParts, standingOf, type WebhookStanding } from './webhook-standing.js';

/** Pages of one reading of a log. */
const MOST_LOG_PAGES = 1_000;

/**
 * Sees to records of which no event told, because none could arrive for a while.
 * @returns `false`: not now; it is asked again.
 */
export type GapListener = (
  scope: OrganizationScope,
  connectionId: string,
  gap: { readonly since: Date },
) => Promise<boolean>;

/** What `MissedEvents` works with. */
export interface MissedEventsParts extends StandingParts {
  readonly events: EventStore;
  readonly vendor: VendorSubscriptions;
  readonly settings: WebhookSettings;
  readonly gap: GapListener;
}

/** A connection whose log is read. */
interface Logged extends AskedConnection {
  readonly logReadUntil: Date | null;
  /** When the look at the ATS began. */
  readonly now: Date;
}

/** Finds what no event told: in the log of the ATS, or by having records read again. */
export class MissedEvents {
  constructor(private readonly parts: MissedEventsParts) {}

  /** Stores what the ATS delivered, or tried to, since the last look, as if it arrived now. */
  async readLog(logged: Logged, { id, remoteId, token, createdAt }: StoredSubscription): Promise<void> {
    const { scope, connectionId, capability, logReadUntil, now } = logged;
    if (!capability.log || remoteId === null) return;
    const { keepEventsMs, logOverlapMs } = this.parts.settings;
    const from = (logReadUntil ?? createdAt).getTime() - logOverlapMs;
    const since = new Date(Math.max(from, now.getTime() - keepEventsMs)).toISOString();
    let cursor: string | undefined;
    for (let page = 0; page < MOST_LOG_PAGES; page += 1) {
      const request = cursor === undefined ? { remoteId, since } : { remoteId, since, cursor };
      const answer = await capability.log(await this.parts.vendor.call(logged), request);
      const events = answer.events.flatMap((event) => {
        const [refs, name] = [refsOf(event), eventName(event.name)];
        // Without its id it cannot be told whether it was delivered.
        if (refs.length === 0 || typeof event.id !== 'string') return [];
        return [{ connectionId, subscriptionId: id, key: eventKey(token, 'id', event.id), name, refs }];
      });
      if (events.length > 0) await this.parts.events.add(scope.organizationId, events);
      if (answer.cursor === undefined || answer.cursor === cursor) break;
      cursor = answer.cursor;
    }
    await scope.transaction((tx) =>
      tx.rows(
        `update talentbridge.webhook_state s set log_read_until = $2 where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId, now],
      ),
    );
  }

  /**
   * Has records that may have been missed read again. Where that cannot be now, it is tried again soon; where no records are read,
   * once they are.
   */
  async closeGap(scope: OrganizationScope, connectionId: string): Promise<void> {
    const gap = await scope.transaction(async (tx) =>
      readsRecords(await standingOf(tx, this.parts, connectionId))
        ? tx.row<{ since: Date }>(
            `select s.gap_since as since from talentbridge.webhook_state s
             where ${tx.own('s')} and s.connection_id = $1 and s.gap_since is not null`,
            [connectionId],
          )
        : undefined,
    );
    if (!gap) return;
    try {
      if (!(await this.parts.gap(scope, connectionId, gap))) return;
    } catch (error) {
      if (!isHubError(error)) throw error;
      return;
    }
    await scope.transaction((tx) =>
      tx.rows(
        `update talentbridge.webhook_state s set gap_since = null where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId],
      ),
    );
  }
}

/** Whether the records that events name are read now. */
export function readsRecords(standing: WebhookStanding): boolean {
  return standing.kind === 'USABLE' && standing.tells.includes(RECORD_READER);
}
