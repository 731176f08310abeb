import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyMissingError, KeyRing } from '../../src/kernel/vault/key-ring.js';
import { SealBrokenError, Vault } from '../../src/kernel/vault/vault.js';

const place = {
  organizationId: '018f0000-0000-7000-8000-00000000000a',
  connectionId: '018f0000-0000-7000-8000-0000000000c1',
};

function ring(...ids: string[]): KeyRing {
  return new KeyRing(ids[0] ?? 'a', new Map(ids.map((id) => [id, randomBytes(32)])));
}

describe('the vault', () => {
  it('opens what it sealed, whatever the text', () => {
    const vault = new Vault(ring('k1'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(vault.open(vault.seal(text, place), place)).toBe(text);
      }),
    );
  });

  it('writes the id of the key into every ciphertext, and neither the text nor twice the same', () => {
    const vault = new Vault(ring('2026-11', 'older'));
    const first = vault.seal('canary-value', place);
    const second = vault.seal('canary-value', place);
    expect(first.keyId).toBe('2026-11');
    expect(first.ciphertext).not.toBe(second.ciphertext);
    expect(JSON.stringify(first)).not.toContain('canary-value');
    expect(Buffer.from(first.ciphertext, 'base64').toString('latin1')).not.toContain('canary-value');
  });

  it('opens nothing that was changed at any byte', () => {
    const vault = new Vault(ring('k1'));
    const sealed = vault.seal('a secret', place);
    fc.assert(
      fc.property(fc.constantFrom('dataKey', 'ciphertext'), fc.nat(), (part, at) => {
        const bytes = Buffer.from(sealed[part], 'base64');
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ 1;
        expect(() => vault.open({ ...sealed, [part]: bytes.toString('base64') }, place)).toThrow(SealBrokenError);
      }),
    );
  });

  it('opens nothing in the place of another connection or organization', () => {
    const vault = new Vault(ring('k1'));
    const sealed = vault.seal('a secret', place);
    expect(() => vault.open(sealed, { ...place, connectionId: place.organizationId })).toThrow(SealBrokenError);
    expect(() => vault.open(sealed, { ...place, organizationId: place.connectionId })).toThrow(SealBrokenError);
  });

  it('opens with an older key of the ring, and says which key is missing', () => {
    const keys = new Map([['old', randomBytes(32)]]);
    const sealed = new Vault(new KeyRing('old', keys)).seal('a secret', place);
    const rotated = new Vault(new KeyRing('new', new Map([...keys, ['new', randomBytes(32)]])));
    expect(rotated.open(sealed, place)).toBe('a secret');
    expect(() => new Vault(ring('new')).open(sealed, place)).toThrow(KeyMissingError);
    expect(() => new Vault(ring('new')).open(sealed, place)).toThrow(/key old is not configured/);
  });

  it('PROPERTY: wraps a data key anew, so that the new key alone opens the value and the old one alone does not', () => {
    const keys = new Map(['old', 'new'].map((id) => [id, randomBytes(32)]));
    const only = (id: string) => new Vault(new KeyRing(id, new Map([...keys].filter(([other]) => other === id))));
    const both = new Vault(new KeyRing('new', keys));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), fc.uuid(), (text, organizationId, connectionId) => {
        const own = { organizationId, connectionId };
        const sealed = only('old').seal(text, own);
        const rewrapped = both.rewrap(sealed, own);
        expect(rewrapped).toEqual({ ...sealed, keyId: 'new', dataKey: rewrapped.dataKey });
        expect(only('new').open(rewrapped, own)).toBe(text);
        expect(() => only('old').open(rewrapped, own)).toThrow(KeyMissingError);
        // Not even under the name of the old key.
        expect(() => only('old').open({ ...rewrapped, keyId: 'old' }, own)).toThrow(SealBrokenError);
        // Once more changes nothing that matters.
        expect(only('new').open(both.rewrap(rewrapped, own), own)).toBe(text);
      }),
    );
  });

  it('wraps nothing anew that it cannot unwrap, or that belongs elsewhere', () => {
    const keys = new Map(['old', 'new'].map((id) => [id, randomBytes(32)]));
    const sealed = new Vault(new KeyRing('old', keys)).seal('a secret', place);
    const both = new Vault(new KeyRing('new', keys));
    expect(() => new Vault(ring('new')).rewrap(sealed, place)).toThrow(/key old is not configured/);
    expect(() => both.rewrap(sealed, { ...place, connectionId: place.organizationId })).toThrow(SealBrokenError);
    const bytes = Buffer.from(sealed.dataKey, 'base64');
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    expect(() => both.rewrap({ ...sealed, dataKey: bytes.toString('base64') }, place)).toThrow(SealBrokenError);
  });

  it('reads keys from configuration, and refuses broken ones without showing them', () => {
    const key = randomBytes(32).toString('base64');
    expect(KeyRing.parse(`b:${key},a:${randomBytes(32).toString('base64')}`).currentKeyId).toBe('b');
    const short = randomBytes(16).toString('base64');
    for (const text of ['', 'only-an-id', `a:${short}`, `a:${key},a:${key}`, `a:${key}:more`]) {
      expect(() => KeyRing.parse(text)).toThrow();
      expect(() => KeyRing.parse(text)).not.toThrow(key);
      expect(() => KeyRing.parse(text)).not.toThrow(short);
    }
  });
});
