import { Connection } from './connections/connection.entity.js';
import { sealedKinds } from './hub.js';
import { AuditLog } from './kernel/audit/audit-log.js';
import { Database } from './kernel/persistence/database.js';
import type { KeyRing } from './kernel/vault/key-ring.js';
import { KeyRotation, type KeyRotationProgress, type KeyRotationReport } from './kernel/vault/key-rotation.js';

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
 * Wraps the credentials of all organizations, and whatever else is sealed as they are, under the current key, while other processes
 * work on the same database. It can be ended at any point and run again. Every process must have the new key before, or it cannot
 * open what is wrapped with it.
 */
export async function rotateKeys({ databaseUrl, keys, progress }: RotateKeysOptions): Promise<KeyRotationReport> {
  const database = await Database.open({ url: databaseUrl, entities: [Connection], poolSize: 2 });
  try {
    return await new KeyRotation(database, keys, sealedKinds, new AuditLog()).run(progress);
  } finally {
    await database.close();
  }
}
