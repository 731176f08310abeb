import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SecretPlaceholders } from '../src/index.js';

const VALUE = 'p@ss/w"ord+1 é&<x>';

it('gives a placeholder that says the name and nothing of the value', () => {
  const secrets = new SecretPlaceholders();
  expect(secrets.conceal('apiKey', VALUE)).toMatch(/^\[secret apiKey [\w-]{22}\]$/);
});

it('gives the same placeholder for the same name and value, and another for each other', () => {
  const secrets = new SecretPlaceholders();
  const one = secrets.conceal('a', 'value-1');
  expect(secrets.conceal('a', 'value-1')).toBe(one);
  expect(secrets.conceal('a', 'value-2')).not.toBe(one);
  expect(secrets.conceal('b', 'value-1')).not.toBe(one);
});

it('reveals its own placeholders and nobody else’s', () => {
  const [mine, theirs] = [new SecretPlaceholders(), new SecretPlaceholders()];
  const placeholder = mine.conceal('apiKey', VALUE);
  expect(mine.reveal(`Bearer ${placeholder}!`)).toBe(`Bearer ${VALUE}!`);
  expect(theirs.reveal(placeholder)).toBe(placeholder);
  expect(theirs.mentions(placeholder)).toBe(false);
});

it('leaves what merely looks like a placeholder as it is', () => {
  const secrets = new SecretPlaceholders();
  secrets.conceal('apiKey', VALUE);
  const hostile = '[secret apiKey AAAAAAAAAAAAAAAAAAAAAA] [secret ] [secret apiKey]';
  expect(secrets.reveal(hostile)).toBe(hostile);
  expect(secrets.redact(hostile)).toBe(hostile);
});

it('does not search a value for further placeholders', () => {
  const secrets = new SecretPlaceholders();
  const inner = secrets.conceal('inner', 'the inner value');
  const outer = secrets.conceal('outer', `before ${inner} after $& $1`);
  expect(secrets.reveal(outer)).toBe(`before ${inner} after $& $1`);
});

it.each([
  ['as it is', VALUE],
  ['percent-encoded', encodeURIComponent(VALUE)],
  ['percent-encoded in lower case', encodeURIComponent(VALUE).toLowerCase()],
  ['as a form value', new URLSearchParams({ v: VALUE }).toString().slice(2)],
  ['in base64', Buffer.from(VALUE).toString('base64')],
  ['in base64 for URLs', Buffer.from(VALUE).toString('base64url')],
  ['in JSON', JSON.stringify(VALUE).slice(1, -1)],
  ['in JSON with escaped slashes', JSON.stringify(VALUE).slice(1, -1).replaceAll('/', '\\/')],
  ['in HTML', 'p@ss/w&quot;ord+1 é&amp;&lt;x&gt;'],
  ['in HTML with its quotes', 'p@ss/w"ord+1 é&amp;&lt;x&gt;'],
  ['in HTML by numbers', 'p@ss/w"ord+1 é&#38;&#60;x&#62;'],
  ['in HTML by hexadecimal numbers', 'p@ss/w&#x22;ord+1 é&#x26;&#x3c;x&#x3e;'],
])('redacts a value %s', (_how, form) => {
  const secrets = new SecretPlaceholders();
  secrets.conceal('apiKey', VALUE);
  expect(secrets.redact(`before ${form} after`)).toBe('before [secret apiKey] after');
});

it('redacts a value inside a longer base64 text, wherever it begins', () => {
  const secrets = new SecretPlaceholders();
  secrets.conceal('password', 'correct-horse-battery');
  for (const user of ['u', 'us', 'use', 'user']) {
    const basic = Buffer.from(`${user}:correct-horse-battery!`).toString('base64');
    const redacted = secrets.redact(basic);
    expect(redacted).toContain('[secret password]');
    expect(Buffer.from(redacted.replace('[secret password]', ''), 'base64').toString()).not.toContain('horse');
  }
});

it('redacts its placeholders too: their random part is of no use to a reader', () => {
  const secrets = new SecretPlaceholders();
  expect(secrets.redact(`with ${secrets.conceal('apiKey', VALUE)}`)).toBe('with [secret apiKey]');
});

it('redacts the longer of two values that overlap, and never its own marks', () => {
  const secrets = new SecretPlaceholders();
  secrets.conceal('short', 'secret');
  secrets.conceal('long', 'secret-and-more');
  expect(secrets.redact('a secret-and-more b secret c')).toBe('a [secret long] b [secret short] c');
});

it('passes over whole placeholders, even where their name is a value', () => {
  const secrets = new SecretPlaceholders();
  const placeholder = secrets.conceal('letmeinplease', 'letmeinplease');
  const text = `${placeholder} letmeinplease [secret letmeinplease AAAAAAAAAAAAAAAAAAAAAA]`;
  expect(secrets.concealEchoes(text)).toBe(
    `${placeholder} ${placeholder} [secret letmeinplease AAAAAAAAAAAAAAAAAAAAAA]`,
  );
  expect(secrets.redact(text)).toBe(
    '[secret letmeinplease] [secret letmeinplease] [secret letmeinplease AAAAAAAAAAAAAAAAAAAAAA]',
  );
});

it('leaves values of under four characters alone', () => {
  const secrets = new SecretPlaceholders();
  const placeholder = secrets.conceal('pin', '123');
  expect(secrets.redact('123')).toBe('123');
  expect(secrets.reveal(placeholder)).toBe('123');
});

it('conceals a short value in an answer only where it stands alone, because ids contain it', () => {
  const secrets = new SecretPlaceholders();
  const placeholder = secrets.conceal('pin', '12345');
  expect(secrets.concealEchoes('id 9912345, pin 12345.')).toBe(`id 9912345, pin ${placeholder}.`);
});

it('shows no value when it is printed, inspected or serialised', () => {
  const secrets = new SecretPlaceholders();
  secrets.conceal('apiKey', VALUE);
  const shown = [
    inspect(secrets, { depth: null, showHidden: true }),
    JSON.stringify(secrets),
    String(secrets),
    inspect(structuredClone(secrets)),
  ];
  for (const text of shown) expect(text).not.toContain('p@ss');
});

/** Text that is built to confuse: pieces of placeholders, brackets and replacement patterns. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('[secret ', '[secret apiKey ', '[', ']', '$&', '$1', ' ', 'A'.repeat(22), '\\', '%5B', '"'),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

it('PROPERTY: a placeholder between any two texts is revealed to its value, and nothing else changes', () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (before, value, after) => {
      const secrets = new SecretPlaceholders();
      const placeholder = secrets.conceal('apiKey', value);
      expect(secrets.reveal(`${before}${placeholder}${after}`)).toBe(`${before}${value}${after}`);
    }),
    { numRuns: 1000 },
  );
});

it('PROPERTY: text without a placeholder of ours is never changed by revealing', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (text, value) => {
      const secrets = new SecretPlaceholders();
      secrets.conceal('apiKey', value);
      expect(secrets.reveal(text)).toBe(text);
    }),
  );
});

it('PROPERTY: no value of eight characters or more survives redaction or concealing', () => {
  const value = fc.string({ unit: 'binary', minLength: 8, maxLength: 40 }).filter((text) => !text.includes('secret'));
  fc.assert(
    fc.property(hostileText, value, hostileText, (before, secret, after) => {
      const secrets = new SecretPlaceholders();
      const placeholder = secrets.conceal('k', secret);
      // What the texts around it and the value make together may hold the value once more, and that is hidden as well.
      for (const form of [secret, JSON.stringify(secret)]) {
        expect(secrets.redact(before + form + after).replaceAll('[secret k]', '')).not.toContain(secret);
        expect(secrets.concealEchoes(before + form + after).replaceAll(placeholder, '')).not.toContain(secret);
      }
    }),
    { numRuns: 500 },
  );
});

it('PROPERTY: what a vendor echoes can be sent back unchanged', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (secret, before, after) => {
      const secrets = new SecretPlaceholders();
      secrets.conceal('k', secret);
      const echoed = secrets.concealEchoes(`${before} ${secret} ${after}`);
      expect(secrets.reveal(echoed)).toBe(`${before} ${secret} ${after}`);
    }),
  );
});
