import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { KeyRing } from './key-ring.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * A sealed value as it is stored: the data key, wrapped by a key-encryption key, beside the ciphertext. Every field is
 * base64 but the key id, which is plain so that a rotation finds what an old key still wraps.
 */
export const sealedValue = z.object({
  version: z.literal(1),
  keyId: z.string(),
  dataKey: z.string(),
  ciphertext: z.string(),
});

/** A sealed value as it is stored. */
export type SealedValue = z.infer<typeof sealedValue>;

/** Where a sealed value belongs. It cannot be opened as anything else, even by somebody who moves rows about. */
export interface SealedPlace {
  readonly organizationId: string;
  readonly connectionId: string;
}

/**
 * Envelope encryption: each value has a data key of its own (AES-256-GCM), which a key-encryption key wraps. Rotation
 * re-wraps the data keys and leaves the ciphertexts as they are.
 */
export class Vault {
  constructor(private readonly keys: KeyRing) {}

  /** The key that seals from now on. */
  get currentKeyId(): string {
    return this.keys.currentKeyId;
  }

  /** Seals a text under the current key. */
  seal(text: string, place: SealedPlace): SealedValue {
    const dataKey = randomBytes(KEY_BYTES);
    try {
      return {
        version: 1,
        keyId: this.keys.currentKeyId,
        dataKey: encrypt(this.keys.key(this.keys.currentKeyId), dataKey, keyBoundTo(place)).toString('base64'),
        ciphertext: encrypt(dataKey, Buffer.from(text, 'utf8'), valueBoundTo(place)).toString('base64'),
      };
    } finally {
      dataKey.fill(0);
    }
  }

  /**
   * Opens a sealed value.
   * @throws KeyMissingError when the key that wraps it is not in the ring.
   * @throws SealBrokenError when it was changed or belongs elsewhere.
   */
  open(sealed: SealedValue, place: SealedPlace): string {
    const dataKey = decrypt(this.keys.key(sealed.keyId), sealed.dataKey, keyBoundTo(place));
    try {
      return decrypt(dataKey, sealed.ciphertext, valueBoundTo(place)).toString('utf8');
    } finally {
      dataKey.fill(0);
    }
  }

  /**
   * Wraps the data key of a sealed value with the current key, whichever key wraps it now. The ciphertext stays as it is, and
   * the value in it is not opened.
   * @throws KeyMissingError when the key that wraps it is not in the ring.
   * @throws SealBrokenError when the wrapped key was changed or belongs elsewhere.
   */
  rewrap(sealed: SealedValue, place: SealedPlace): SealedValue {
    const bound = keyBoundTo(place);
    const dataKey = decrypt(this.keys.key(sealed.keyId), sealed.dataKey, bound);
    try {
      const keyId = this.keys.currentKeyId;
      return { ...sealed, keyId, dataKey: encrypt(this.keys.key(keyId), dataKey, bound).toString('base64') };
    } finally {
      dataKey.fill(0);
    }
  }
}

/** A sealed value does not open: it was changed, cut, or moved from another connection. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';

  constructor(options?: ErrorOptions) {
    super(
      'A sealed credential does not open: it was changed or belongs to another connection. Enter the credentials again.',
      options,
    );
  }
}

function keyBoundTo(place: SealedPlace): string {
  return `key:talentbridge:${place.organizationId}:${place.connectionId}`;
}

function valueBoundTo(place: SealedPlace): string {
  return `value:talentbridge:${place.organizationId}:${place.connectionId}`;
}

function encrypt(key: Buffer, clear: Buffer, place: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(place));
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: string, place: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new SealBrokenError({ cause });
  }
}
