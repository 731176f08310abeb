import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSigned } from '../../../dist/capabilities/webhooks/signature.js';

const sign = (key: string, signed: string, encoding: 'hex' | 'base64') =>
  createHmac('sha256', key).update(signed, 'utf8').digest(encoding);
const encodings = fc.constantFrom('hex' as const, 'base64' as const);
const texts = fc.string({ unit: 'binary' });
/** What whoever asks can have signed. */
const codes = fc.stringMatching(/^[\w-]{1,100}$/);
const signedTexts = texts.filter((text) => !/^[\w-]{1,100}$/.test(text));
const keys = fc.string({ unit: 'binary', minLength: 1 });

describe('RED-11: signatures', () => {
  it('are accepted when they are right, whatever is signed, among any others, with any live key', () => {
    fc.assert(
      fc.property(
        signedTexts,
        keys,
        keys,
        encodings,
        fc.array(texts, { maxLength: 15 }),
        (signed, key, other, encoding, noise) => {
          const given = [...noise, sign(key, signed, encoding)];
          expect(isSigned({ algorithm: 'hmac-sha256', signed, encoding, given }, [other, key])).toBe(true);
        },
      ),
    );
  });

  it('are refused when anything differs', () => {
    fc.assert(
      fc.property(
        texts,
        keys,
        encodings,
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (signed, key, encoding, at, character) => {
          const right = sign(key, signed, encoding);
          const end = encoding === 'hex' ? 64 : 42;
          const place = at % end;
          const changed = right.slice(0, place) + character + right.slice(place + 1);
          fc.pre(changed.toLowerCase() !== right.toLowerCase());
          // The two alphabets of base64 mean the same.
          fc.pre(!['-', '_'].includes(character));
          expect(isSigned({ algorithm: 'hmac-sha256', signed, encoding, given: [changed] }, [key])).toBe(false);
          expect(
            isSigned({ algorithm: 'hmac-sha256', signed: `${signed}\u0000`, encoding, given: [right] }, [key]),
          ).toBe(false);
          expect(isSigned({ algorithm: 'hmac-sha256', signed, encoding, given: [right] }, [`${key}x`])).toBe(false);
        },
      ),
    );
  });

  it('are refused whatever nonsense is given, and nothing throws', () => {
    fc.assert(
      fc.property(texts, encodings, fc.array(fc.anything(), { maxLength: 8 }), (signed, encoding, given) => {
        expect(isSigned({ algorithm: 'hmac-sha256', signed, encoding, given: given as string[] }, ['key'])).toBe(false);
      }),
    );
    expect(isSigned(undefined, ['key'])).toBe(false);
    expect(isSigned({ algorithm: 'hmac-sha256', signed: '', encoding: 'hex', given: [] }, ['key'])).toBe(false);
    expect(isSigned({ algorithm: 'hmac-sha256', signed: '', encoding: 'hex', given: [sign('', '', 'hex')] }, [])).toBe(
      false,
    );
  });

  it('prove no event where the text is one that is signed for whoever asks', () => {
    fc.assert(
      fc.property(codes, encodings, (signed, encoding) => {
        const given = [sign('key', signed, encoding)];
        expect(isSigned({ algorithm: 'hmac-sha256', signed, encoding, given }, ['key'])).toBe(false);
      }),
    );
  });

  it('are no matter of capitals in hexadecimal', () => {
    const given = [sign('key', 'a text', 'hex').toUpperCase()];
    expect(isSigned({ algorithm: 'hmac-sha256', signed: 'a text', encoding: 'hex', given }, ['key'])).toBe(true);
  });
});
