import type { Database } from '../../kernel/persistence/database.js';
import { KeyMissingError, type KeyRing } from '../../kernel/vault/key-ring.js';
import { SealBrokenError, Vault } from '../../kernel/vault/vault.js';
import { ErasedPeople } from './erased-people.js';

/** The key of an organization's erasures that cannot be wrapped anew. */
export interface LeftErasureKey {
  readonly organizationId: string;
  /** The key that wraps it. */
  readonly keyId: string;
  readonly reason: 'KEY_MISSING' | 'BROKEN';
}

/** What the rotation did. */
export interface ErasureKeyRotation {
  readonly rewrapped: number;
  /** Empty: every other key of the ring can be removed. */
  readonly left: readonly LeftErasureKey[];
}

/** Wraps the keys of erasures of all organizations under the current key. It may be ended at any point and run again. */
export async function rotateErasureKeys(database: Database, keys: KeyRing): Promise<ErasureKeyRotation> {
  const erased = new ErasedPeople(new Vault(keys));
  const { rows } = await database.owner.query<{ organizationId: string; keyId: string }>(
    'select organization_id as "organizationId", key_id as "keyId" from talentbridge.erasure_keys()',
  );
  let rewrapped = 0;
  const left: LeftErasureKey[] = [];
  for (const { organizationId, keyId } of rows) {
    if (keyId === keys.currentKeyId) continue;
    try {
      const caller = { organizationId, userId: 'rotate-keys', roles: ['OPERATOR'] as const };
      await database.transaction(caller, (tx) => erased.rewrap(tx));
      rewrapped += 1;
    } catch (error) {
      if (error instanceof KeyMissingError) left.push({ organizationId, keyId, reason: 'KEY_MISSING' });
      else if (error instanceof SealBrokenError) left.push({ organizationId, keyId, reason: 'BROKEN' });
      else throw error;
    }
  }
  return { rewrapped, left };
}
