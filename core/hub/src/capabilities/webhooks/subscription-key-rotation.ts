import type { Database } from '../../kernel/persistence/database.js';
import { KeyMissingError, type KeyRing } from '../../kernel/vault/key-ring.js';
import { SealBrokenError, Vault } from '../../kernel/vault/vault.js';
import { SubscriptionStore } from './subscription-store.js';

/** The secrets of a subscription that do not open with the current key alone. */
export interface LeftSubscriptionKey {
  readonly organizationId: string;
  readonly connectionId: string;
  /** The key that wraps them. */
  readonly keyId: string;
  /** `OLD_KEY`: a process that still seals with it saved them meanwhile. */
  readonly reason: 'KEY_MISSING' | 'BROKEN' | 'OLD_KEY';
}

/** What the rotation did. */
export interface SubscriptionKeyRotation {
  readonly rewrapped: number;
  /** Empty: every other key of the ring can be removed. */
  readonly left: readonly LeftSubscriptionKey[];
}

interface Place {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly id: string;
  readonly keyId: string;
}

/**
 * Wraps tokens and signing keys of the subscriptions of all organizations under the current key. It may be ended at any point
 * and run again.
 */
export async function rotateSubscriptionKeys(database: Database, keys: KeyRing): Promise<SubscriptionKeyRotation> {
  const store = new SubscriptionStore(new Vault(keys));
  let rewrapped = 0;
  const unreadable = new Map<string, LeftSubscriptionKey['reason']>();
  for (const { organizationId, id } of await wrappedByOthers(database, keys)) {
    try {
      const caller = { organizationId, userId: 'rotate-keys', roles: ['OPERATOR'] as const };
      if (await database.transaction(caller, (tx) => store.rewrap(tx, id))) rewrapped += 1;
    } catch (error) {
      if (error instanceof KeyMissingError) unreadable.set(id, 'KEY_MISSING');
      else if (error instanceof SealBrokenError) unreadable.set(id, 'BROKEN');
      else throw error;
    }
  }
  const left = (await wrappedByOthers(database, keys)).map(({ organizationId, connectionId, id, keyId }) => ({
    organizationId,
    connectionId,
    keyId,
    reason: unreadable.get(id) ?? ('OLD_KEY' as const),
  }));
  return { rewrapped, left };
}

async function wrappedByOthers(database: Database, { currentKeyId }: KeyRing): Promise<readonly Place[]> {
  const { rows } = await database.owner.query<Place>(
    `select organization_id as "organizationId", connection_id as "connectionId", id, key_id as "keyId"
     from talentbridge.webhook_keys() where key_id is distinct from $1`,
    [currentKeyId],
  );
  return rows;
}
