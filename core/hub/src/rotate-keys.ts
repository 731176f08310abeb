import { rotateErasureKeys } from './capabilities/rediscovery/erasure-key-rotation.js';
import { rotateSubscriptionKeys } from './capabilities/webhooks/subscription-key-rotation.js';
import { Connection } from './connections/connection.entity.js';
import { KeyRotation, type KeyRotationProgress, type KeyRotationReport } from './connections/key-rotation.js';
import { AuditLog } from './kernel/audit/audit-log.js';
import { Database } from './kernel/persistence/database.js';
import type { KeyRing } from './kernel/vault/key-ring.js';

/** What a rotation of keys needs. */
export interface RotateKeysOptions {
  /** A migrated database, as the role that migrated it. */
  readonly databaseUrl: string;
  /** The new key is the current one; the older ones open what they still wrap. */
  readonly keys: KeyRing;
  /** Called after each transaction that wrapped something. Default: nobody is told. */
  readonly progress?: (progress: KeyRotationProgress) => void;
}

/**
 * Wraps the credentials of all organizations, the keys of their erasures and the secrets of their webhooks under the current key,
 * while other processes work on the same database. It can be ended at any point and run again. Every process must have the new key before, or it cannot open what is wrapped with it.
 */
export async function rotateKeys({ databaseUrl, keys, progress }: RotateKeysOptions): Promise<KeyRotationReport> {
  const database = await Database.open({ url: databaseUrl, entities: [Connection], poolSize: 2 });
  try {
    const report = await new KeyRotation(database, keys, new AuditLog()).run(progress);
    const erasures = await rotateErasureKeys(database, keys);
    // Whoever looks at what is left must not miss these: without them erased people come back.
    const left = erasures.left.map((key) => ({ ...key, connectionId: 'erasures' }));
    const webhooks = await rotateSubscriptionKeys(database, keys);
    return {
      ...report,
      rewrapped: report.rewrapped + erasures.rewrapped + webhooks.rewrapped,
      left: [...report.left, ...left, ...webhooks.left],
    };
  } finally {
    await database.close();
  }
}
