import { z } from 'zod';
import type { Transaction } from '../kernel/persistence/transaction.js';
import type { SealedKind } from '../kernel/vault/sealed-kind.js';
import { type SealedValue, sealedValue, type Vault } from '../kernel/vault/vault.js';

const credentialValues = z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())]));

/** The values of a connection's credential fields, in the clear. Never leave this process, never stay long. */
export type CredentialValues = z.infer<typeof credentialValues>;

/** Where credentials lie, for a rotation of keys. */
export const sealedCredentials: SealedKind = {
  name: 'credentials',
  table: 'credential',
  idColumn: 'connection_id',
  connectionId: 't.connection_id',
  places:
    'select k.organization_id, k.connection_id as id, k.key_id from talentbridge.credential_keys($1, $2, $3, $4) k',
  placeOf: (organizationId, connectionId) => ({ organizationId, connectionId }),
};

/** Keeps credentials sealed. What goes in comes out to the opener of a connection and to nobody else. */
export class CredentialStore {
  constructor(private readonly vault: Vault) {}

  /** Seals and stores all values of a connection, in place of those before. */
  async save(tx: Transaction, connectionId: string, values: CredentialValues): Promise<void> {
    const sealed = this.vault.seal(JSON.stringify(values), sealedCredentials.placeOf(tx.organizationId, connectionId));
    await tx.rows(
      `insert into talentbridge.credential (organization_id, connection_id, key_id, sealed) values ($1, $2, $3, $4)
       on conflict (organization_id, connection_id)
         do update set key_id = excluded.key_id, sealed = excluded.sealed, updated_at = now()`,
      [tx.organizationId, connectionId, sealed.keyId, JSON.stringify(sealed)],
    );
  }

  /** Opens the values of a connection; empty when there are none. */
  async load(tx: Transaction, connectionId: string): Promise<CredentialValues> {
    const row = await tx.row<{ sealed: SealedValue }>(
      `select c.sealed from talentbridge.credential c where ${tx.own('c')} and c.connection_id = $1`,
      [connectionId],
    );
    if (!row) return {};
    const text = this.vault.open(
      sealedValue.parse(row.sealed),
      sealedCredentials.placeOf(tx.organizationId, connectionId),
    );
    return credentialValues.parse(JSON.parse(text));
  }

  /** Destroys the values of a connection. */
  async destroy(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(`delete from talentbridge.credential c where ${tx.own('c')} and c.connection_id = $1`, [
      connectionId,
    ]);
  }
}
