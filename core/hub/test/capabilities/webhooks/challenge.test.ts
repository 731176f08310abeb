import { createHmac } from 'node:crypto';
import type { WebhookChallenge } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengeAnswer } from '../../../dist/capabilities/webhooks/challenge.js';
import { isSigned } from '../../../dist/capabilities/webhooks/signature.js';

const KEY = 'the key of the subscription';
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.stringMatching(/^[\w-]{0,101}$/),
  fc.constantFrom('code\n', '123.{}', '{"records":[]}', 'x'.repeat(1_001), 'ünïcode', '__proto__'),
);
const asked = fc.record({
  signed: anyText,
  encoding: fc.constantFrom('hex' as const, 'base64' as const),
  answer: fc.record({ fields: fc.dictionary(anyText, anyText, { maxKeys: 12 }), signatureField: anyText }),
});

const challenge = (other: Partial<WebhookChallenge> = {}): WebhookChallenge => ({
  signed: '890e4665-4dfe-4ab1-b689-ed553bceeed0',
  encoding: 'hex',
  answer: { fields: { code: 'the code' }, signatureField: 'response' },
  ...other,
});

describe('RED-11: what a challenge is answered with', () => {
  it('is JSON of the fields and the signature, and within its bounds, whatever is asked', () => {
    fc.assert(
      fc.property(asked, (given) => {
        const body = challengeAnswer(given, KEY);
        const { fields, signatureField } = given.answer;
        const texts = [signatureField, ...Object.entries(fields).flat()];
        const admitted =
          /^[A-Za-z0-9_-]{1,100}$/.test(given.signed) &&
          Object.keys(fields).length <= 10 &&
          texts.every(({ length }) => length <= 1_000);
        expect(body !== undefined).toBe(admitted);
        if (body === undefined) return;
        const signature = createHmac('sha256', KEY).update(given.signed).digest(given.encoding);
        const expected = Object.fromEntries([...Object.entries(fields), [signatureField, signature]]);
        expect(JSON.parse(body)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never a signature that proves an event', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('hex' as const, 'base64' as const), (signed, encoding) => {
        const body = challengeAnswer(challenge({ signed, encoding }), KEY);
        const { response } = JSON.parse(body ?? '{}') as { readonly response?: string };
        const given = response === undefined ? [] : [response];
        expect(isSigned({ algorithm: 'hmac-sha256', signed, encoding, given }, [KEY])).toBe(false);
      }),
    );
  });

  it('is nothing where the plugin hands on what is no text', () => {
    const wrong: readonly unknown[] = [
      challenge({ signed: undefined as never }),
      challenge({ signed: ['code'] as never }),
      challenge({ encoding: 'latin1' as never }),
      challenge({ answer: { fields: { code: 1 as never }, signatureField: 'response' } }),
      challenge({ answer: { fields: {}, signatureField: undefined as never } }),
    ];
    for (const one of wrong) expect(challengeAnswer(one as WebhookChallenge, KEY)).toBeUndefined();
    expect(challengeAnswer(challenge(), KEY)).toBeDefined();
  });
});
