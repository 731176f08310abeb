import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DeliverySignature } from '@talentbridge/contracts';

const BYTES = 32;
/** Signatures of one delivery that are looked at: an ATS sends one for each of its keys, two as a rule. */
const MOST_GIVEN = 16;

const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;
const CHALLENGE = /^[\w-]{1,100}$/;

/**
 * Whether a text is signed for whoever asks, as the answer to a challenge. Such a text never proves an event, whatever the plugin
 * says, so that what was signed on request is worth nothing.
 */
export function isChallenge(signed: unknown): signed is string {
  return typeof signed === 'string' && CHALLENGE.test(signed);
}

/** The signature of a text. @param key As text; its bytes are UTF-8. */
export function signatureOf(signed: string, key: string, encoding: DeliverySignature['encoding']): string {
  return hmacOf(signed, key).toString(encoding);
}

/**
 * Whether a delivery was signed with one of these keys. Takes as long for a signature that is nearly right as for any other.
 * @param keys As text; their bytes are UTF-8.
 */
export function isSigned(signature: DeliverySignature | undefined, keys: readonly string[]): boolean {
  if (!signature || isChallenge(signature.signed)) return false;
  const given = signature.given.slice(0, MOST_GIVEN).flatMap((text) => bytesOf(text, signature.encoding) ?? []);
  if (given.length === 0) return false;
  return keys.some((key) => {
    const expected = hmacOf(signature.signed, key);
    return given.some((bytes) => timingSafeEqual(bytes, expected));
  });
}

function hmacOf(signed: string, key: string): Buffer {
  return createHmac('sha256', key).update(signed, 'utf8').digest();
}

/** The bytes of a signature; `undefined`: it is none. */
function bytesOf(text: unknown, encoding: DeliverySignature['encoding']): Buffer | undefined {
  if (typeof text !== 'string' || !(encoding === 'hex' ? HEX : BASE64).test(text)) return undefined;
  const bytes = Buffer.from(text, encoding);
  return bytes.length === BYTES ? bytes : undefined;
}
