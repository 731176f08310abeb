import type { WebhookChallenge } from '@talentbridge/contracts';
import { isChallenge, signatureOf } from './signature.js';

const MOST_FIELDS = 10;
const LONGEST = 1_000;

/**
 * What a challenge is answered with: JSON, signed with this key. `undefined`: it is none that may be answered.
 * @param challenge As a plugin made it of what anybody may have sent.
 */
export function challengeAnswer({ signed, encoding, answer }: WebhookChallenge, key: string): string | undefined {
  if (!isChallenge(signed) || (encoding !== 'hex' && encoding !== 'base64')) return undefined;
  const { fields, signatureField } = answer;
  const entries = Object.entries(fields);
  const texts: readonly unknown[] = [signatureField, ...entries.flat()];
  if (entries.length > MOST_FIELDS || !texts.every((text) => typeof text === 'string' && text.length <= LONGEST)) {
    return undefined;
  }
  return JSON.stringify(Object.fromEntries([...entries, [signatureField, signatureOf(signed, key, encoding)]]));
}
