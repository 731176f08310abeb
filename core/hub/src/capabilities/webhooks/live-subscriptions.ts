import type { WebhooksCapability } from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import type { Notifications } from '../../kernel/notifications.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { digestOf } from './callback-token.js';
import type { StoredSubscription, SubscriptionStore } from './subscription-store.js';
import { WEBHOOKS_TOPIC } from './webhook-model.js';

/** Tokens that a process remembers at most, good ones and bad ones. */
const MOST_REMEMBERED = 10_000;

/** What is known of a token. */
export type LiveSubscription =
  /** Nobody gave it out. */
  | { readonly kind: 'UNKNOWN' }
  /** The subscription was removed. */
  | { readonly kind: 'REMOVED' }
  | {
      readonly kind: 'LIVE';
      readonly organizationId: string;
      readonly subscription: Pick<StoredSubscription, 'id' | 'connectionId' | 'status'>;
      /** What deliveries may be signed with now, the newest first. Empty: there is no key, or it is not known yet. */
      readonly keys: readonly string[];
      /** The key before, until it is worth nothing any more. */
      readonly replaced?: { readonly key: string; readonly until: number };
      /** Which key signs is not known for sure at the moment. */
      readonly unsettled: boolean;
      readonly capability: WebhooksCapability;
    };

interface Remembered {
  readonly at: number;
  readonly found: Promise<LiveSubscription>;
  connectionId?: string;
}

interface Place {
  readonly organizationId: string;
  readonly id: string;
}

/** What `LiveSubscriptions` works with. */
export interface LiveSubscriptionsParts {
  readonly database: Database;
  readonly store: SubscriptionStore;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly notifications: Notifications;
  /** How long something is believed without another look. */
  readonly believeMs: number;
}

/** Finds out whose a token is, and remembers it for a moment, so that a delivery costs no query of its own. */
export class LiveSubscriptions {
  private readonly remembered = new Map<string, Remembered>();
  /** Tokens whose place is asked for together with that of others, once the question under way is answered. */
  private readonly wanted = new Map<string, PromiseWithResolvers<Place | undefined>>();
  private asking = false;
  private readonly stopListening: () => void;

  constructor(private readonly parts: LiveSubscriptionsParts) {
    this.stopListening = parts.notifications.listen(({ topic, id }) => {
      if (id === '*') this.remembered.clear();
      else if (topic === WEBHOOKS_TOPIC) this.forget(id);
    });
  }

  /**
   * What is known of a token.
   * @param notBefore What was found out before this time, in milliseconds since the epoch, does not count.
   */
  of(token: string, notBefore = Date.now() - this.parts.believeMs): Promise<LiveSubscription> {
    const known = this.remembered.get(token);
    if (known && known.at >= notBefore) return known.found;
    const remembered: Remembered = { at: Date.now(), found: this.find(token, (id) => (remembered.connectionId = id)) };
    // A failure is nothing to remember.
    remembered.found.catch(() => {
      if (this.remembered.get(token) === remembered) this.remembered.delete(token);
    });
    this.remembered.delete(token);
    this.remembered.set(token, remembered);
    if (this.remembered.size > MOST_REMEMBERED) {
      const [oldest] = this.remembered.keys();
      if (oldest !== undefined) this.remembered.delete(oldest);
    }
    return remembered.found;
  }

  /** What is known of the subscriptions of a connection does not count any more. */
  forget(connectionId: string): void {
    for (const [token, known] of this.remembered) {
      // Whose it is may just be being found out.
      if (known.connectionId === undefined || known.connectionId === connectionId) this.remembered.delete(token);
    }
  }

  close(): void {
    this.stopListening();
  }

  private async find(token: string, belongsTo: (connectionId: string) => void): Promise<LiveSubscription> {
    const place = await this.placeOf(digestOf(token));
    if (!place) return { kind: 'UNKNOWN' };
    const { organizationId } = place;
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    const found = await scope.transaction((tx) => this.parts.store.get(tx, place.id));
    if (!found || found.status === 'REMOVED') return { kind: 'REMOVED' };
    belongsTo(found.connectionId);
    const opened = await this.parts.opener.open(scope, found.connectionId);
    const capability = opened.capability('webhooks');
    if (!capability) return { kind: 'REMOVED' };
    const { id, connectionId, status, replaced, replacedUntil, rotatingAt } = found;
    const { signingKey } = capability;
    const key = signingKey === undefined ? found.secret : opened.secrets.reveal(signingKey);
    return {
      kind: 'LIVE',
      organizationId,
      subscription: { id, connectionId, status },
      keys: key === undefined ? [] : [key],
      ...(replaced !== undefined && replacedUntil
        ? { replaced: { key: replaced, until: replacedUntil.getTime() } }
        : {}),
      unsettled: status === 'PENDING' || rotatingAt !== null,
      capability,
    };
  }

  /** Whose a token is. However many are asked about, one question at a time goes to the database. */
  private placeOf(digest: string): Promise<Place | undefined> {
    const wanted = this.wanted.get(digest) ?? Promise.withResolvers<Place | undefined>();
    this.wanted.set(digest, wanted);
    if (!this.asking) void this.askForPlaces();
    return wanted.promise;
  }

  private async askForPlaces(): Promise<void> {
    this.asking = true;
    while (this.wanted.size > 0) {
      const asked = new Map(this.wanted);
      this.wanted.clear();
      try {
        const { rows } = await this.parts.database.owner.query<Place & { readonly digest: string }>(
          `select p.digest, p.organization_id as "organizationId", p.id from talentbridge.webhook_places($1::text[]) p`,
          [[...asked.keys()]],
        );
        const places = new Map(rows.map(({ digest, organizationId, id }) => [digest, { organizationId, id }]));
        for (const [digest, { resolve }] of asked) resolve(places.get(digest));
      } catch (error) {
        for (const { reject } of asked.values()) reject(error);
      }
    }
    this.asking = false;
  }
}
