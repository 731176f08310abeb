import { z } from 'zod';
import type { Transaction } from '../kernel/persistence/transaction.js';
import { KeyMissingError } from '../kernel/vault/key-ring.js';
import { SealBrokenError, type SealedPlace, type SealedValue, sealedValue, type Vault } from '../kernel/vault/vault.js';

const credentialValues = z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())]));

/** The values of a connection's credential fields, in the clear. Never leave this process, never stay long. */
export type CredentialValues = z.infer<typeof credentialValues>;

/** The credentials of a connection that cannot be opened. */
export interface UnreadableCredential {
  readonly organizationId: string;
  readonly connectionId: string;
  /** The key that wraps them. */
  readonly keyId: string;
  /** `KEY_MISSING`: this process does not have that key. `BROKEN`: they were changed, or belong to another connection. */
  readonly reason: 'KEY_MISSING' | 'BROKEN';
}

/** Keeps credentials sealed. What goes in comes out to the opener of a connection and to nobody else. */
export class CredentialStore {
  constructor(private readonly vault: Vault) {}

  /** Seals and stores all values of a connection, in place of those before. */
  async save(tx: Transaction, connectionId: string, values: CredentialValues): Promise<void> {
    const sealed = this.vault.seal(JSON.stringify(values), { organizationId: tx.organizationId, connectionId });
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
    const text = this.vault.open(sealedValue.parse(row.sealed), { organizationId: tx.organizationId, connectionId });
    return credentialValues.parse(JSON.parse(text));
  }

  /**
   * Wraps the credentials of connections under the current key, of those that another key wraps. Their rows are locked
   * meanwhile, so that what an admin saves at the same moment is either wrapped too or comes afterwards.
   */
  async rewrap(
    tx: Transaction,
    connectionIds: readonly string[],
    currentKeyId: string,
  ): Promise<{ readonly rewrapped: number; readonly unreadable: readonly UnreadableCredential[] }> {
    const rows = await tx.rows<SealedRow>(
      `select c.connection_id as "connectionId", c.key_id as "keyId", c.sealed from talentbridge.credential c
       where ${tx.own('c')} and c.connection_id = any($1::uuid[]) and c.key_id <> $2 order by c.connection_id for update`,
      [connectionIds, currentKeyId],
    );
    const wrapped: { readonly connectionId: string; readonly sealed: SealedValue }[] = [];
    const unreadable = this.unreadableOf(tx, rows, (sealed, place) => {
      wrapped.push({ connectionId: place.connectionId, sealed: this.vault.rewrap(sealed, place) });
    });
    await tx.rows(
      `update talentbridge.credential c set key_id = w.key_id, sealed = w.sealed
       from unnest($1::uuid[], $2::text[], $3::jsonb[]) as w (connection_id, key_id, sealed)
       where ${tx.own('c')} and c.connection_id = w.connection_id`,
      [
        wrapped.map(({ connectionId }) => connectionId),
        wrapped.map(({ sealed }) => sealed.keyId),
        wrapped.map(({ sealed }) => JSON.stringify(sealed)),
      ],
    );
    return { rewrapped: wrapped.length, unreadable };
  }

  /** Which credentials of these connections do not open. */
  async unreadable(tx: Transaction, connectionIds: readonly string[]): Promise<readonly UnreadableCredential[]> {
    const rows = await tx.rows<SealedRow>(
      `select c.connection_id as "connectionId", c.key_id as "keyId", c.sealed from talentbridge.credential c
       where ${tx.own('c')} and c.connection_id = any($1::uuid[])`,
      [connectionIds],
    );
    return this.unreadableOf(tx, rows, (sealed, place) => void this.vault.open(sealed, place));
  }

  private unreadableOf(
    { organizationId }: Transaction,
    rows: readonly SealedRow[],
    use: (sealed: SealedValue, place: SealedPlace) => void,
  ): readonly UnreadableCredential[] {
    return rows.flatMap(({ connectionId, keyId, sealed }): UnreadableCredential[] => {
      const read = sealedValue.safeParse(sealed);
      if (!read.success) return [{ organizationId, connectionId, keyId, reason: 'BROKEN' }];
      try {
        use(read.data, { organizationId, connectionId });
        return [];
      } catch (error) {
        const named = { organizationId, connectionId, keyId: read.data.keyId };
        if (error instanceof KeyMissingError) return [{ ...named, reason: 'KEY_MISSING' }];
        if (error instanceof SealBrokenError) return [{ ...named, reason: 'BROKEN' }];
        throw error;
      }
    });
  }

  /** Destroys the values of a connection. */
  async destroy(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(`delete from talentbridge.credential c where ${tx.own('c')} and c.connection_id = $1`, [
      connectionId,
    ]);
  }
}

interface SealedRow {
  readonly connectionId: string;
  readonly keyId: string;
  readonly sealed: unknown;
}
