import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { placesListedBy, type SealedKind } from '../../kernel/vault/sealed-kind.js';
import { SealBrokenError, sealedValue, type Vault } from '../../kernel/vault/vault.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where the keys of network connections lie, one a connection, for a rotation of keys. */
export const networkKeys: SealedKind = {
  name: 'networkKeys',
  table: 'network_key',
  idColumn: 'connection_id',
  connectionId: 't.connection_id',
  places: placesListedBy('network_keys', 'connection_id'),
  // Apart from the credentials of the connection, so that neither opens as the other.
  placeOf: (organizationId, connectionId) => ({ organizationId, connectionId: `network:${connectionId}` }),
};

/**
 * Encrypts what recruiters write and whom they export. Each network connection has a key of its own, sealed as credentials are,
 * and each value is bound to the record that it belongs to, so that it opens nowhere else.
 */
export class NetworkTexts {
  constructor(private readonly vault: Vault) {}

  /** Encrypts values of one connection, each for the record with its id. They are JSON. */
  async seal(
    tx: Transaction,
    connectionId: string,
    values: readonly { readonly id: string; readonly value: unknown }[],
  ): Promise<readonly Buffer[]> {
    if (values.length === 0) return [];
    const key = (await this.key(tx, connectionId)) ?? (await this.newKey(tx, connectionId));
    try {
      return values.map(({ id, value }) => encrypt(key, JSON.stringify(value), boundTo(tx, connectionId, id)));
    } finally {
      key.fill(0);
    }
  }

  /**
   * Decrypts values of one connection, and reads each.
   * @throws SealBrokenError when one was changed or belongs to another record.
   */
  async open<Value>(
    tx: Transaction,
    connectionId: string,
    sealed: readonly { readonly id: string; readonly sealed: Buffer }[],
    shape: z.ZodType<Value>,
  ): Promise<ReadonlyMap<string, Value>> {
    if (sealed.length === 0) return new Map();
    const key = await this.key(tx, connectionId);
    if (!key) throw new SealBrokenError();
    try {
      return new Map(
        sealed.map((one) => {
          const clear = decrypt(key, one.sealed, boundTo(tx, connectionId, one.id));
          return [one.id, shape.parse(JSON.parse(clear))];
        }),
      );
    } finally {
      key.fill(0);
    }
  }

  /** Destroys the key of a connection: nothing that it encrypted opens any more, wherever a copy of it lies. */
  async destroyKey(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(`delete from talentbridge.network_key k where ${tx.own('k')} and k.connection_id = $1`, [
      connectionId,
    ]);
  }

  private async key(tx: Transaction, connectionId: string): Promise<Buffer | undefined> {
    const row = await tx.row<{ sealed: unknown }>(
      `select k.sealed from talentbridge.network_key k where ${tx.own('k')} and k.connection_id = $1`,
      [connectionId],
    );
    if (!row) return undefined;
    const place = networkKeys.placeOf(tx.organizationId, connectionId);
    return Buffer.from(this.vault.open(sealedValue.parse(row.sealed), place), 'base64');
  }

  private async newKey(tx: Transaction, connectionId: string): Promise<Buffer> {
    const place = networkKeys.placeOf(tx.organizationId, connectionId);
    const sealed = this.vault.seal(randomBytes(KEY_BYTES).toString('base64'), place);
    // Of two who make one at once, the second waits and takes the first one's.
    await tx.rows(
      `insert into talentbridge.network_key (organization_id, connection_id, key_id, sealed) values ($1, $2, $3, $4)
       on conflict (organization_id, connection_id) do nothing`,
      [tx.organizationId, connectionId, sealed.keyId, JSON.stringify(sealed)],
    );
    const key = await this.key(tx, connectionId);
    if (!key) throw new Error('The key that was stored a moment ago is not there.');
    return key;
  }
}

function boundTo(tx: Transaction, connectionId: string, id: string): Buffer {
  return Buffer.from(`network:talentbridge:${tx.organizationId}:${connectionId}:${id}`);
}

function encrypt(key: Buffer, text: string, bound: Buffer): Buffer {
  const clear = Buffer.from(text, 'utf8');
  try {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bound);
    return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
  } finally {
    clear.fill(0);
  }
}

function decrypt(key: Buffer, sealed: Buffer, bound: Buffer): string {
  let clear: Buffer | undefined;
  try {
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES)).setAAD(bound);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    clear = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
    return clear.toString('utf8');
  } catch (cause) {
    throw new SealBrokenError({ cause });
  } finally {
    clear?.fill(0);
  }
}
