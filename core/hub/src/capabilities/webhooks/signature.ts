import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DeliverySignature } from '@talentbridge/contracts';

const BYTES = 32;
/** Signatures of one delivery that are looked at: an ATS sends one for each of its keys, two as a rule. */
const MOST_GIVEN = 16;

const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * Whether a delivery was signed with one of these keys. Takes as long for a signature that is nearly right as for any other.
 * @param keys As text; their bytes are UTF-8.
 */
export function isSigned(signature: DeliverySignature | undefined, keys: readonly string[]): boolean {
  if (!signature) return false;
  const given = signature.given.slice(0, MOST_GIVEN).flatMap((text) => bytesOf(text, signature.encoding) ?? []);
  if (given.length === 0) return false;
  return keys.some((key) => {
    const expected = createHmac('sha256', key).update(signature.signed, 'utf8').digest();
    return given.some((bytes) => timingSafeEqual(bytes, expected));
  });
}

/** The bytes of a signature; `undefined`: it is none. */
function bytesOf(text: unknown, encoding: DeliverySignature['encoding']): Buffer | undefined {
  if (typeof text !== 'string' || !(encoding === 'hex' ? HEX : BASE64).test(text)) return undefined;
  const bytes = Buffer.from(text, encoding);
  return bytes.length === BYTES ? bytes : undefined;
}
