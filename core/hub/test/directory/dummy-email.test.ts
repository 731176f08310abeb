import { expect, it } from 'vitest';
import { drawDummyNumber, dummyEmail, isDummyEmail } from '../../src/directory/dummy-email.js';

const domain = 'placeholders.example.com';

it('EXP-4: makes placeholder addresses of signed 32-bit integers', () => {
  expect(dummyEmail({ domain, number: -352_233_856 })).toBe('no-email--352233856@placeholders.example.com');
  expect(dummyEmail({ domain, number: 1_047_659_244 })).toBe('no-email-1047659244@placeholders.example.com');
  expect(() => dummyEmail({ domain, number: 2 ** 31 })).toThrow(RangeError);
  expect(() => dummyEmail({ domain, number: 0.5 })).toThrow(RangeError);
});

it('EXP-4: draws numbers of either sign that hardly ever repeat', () => {
  const drawn = Array.from({ length: 1000 }, drawDummyNumber);
  expect(new Set(drawn).size).toBeGreaterThan(995);
  expect(drawn.some((number) => number < 0) && drawn.some((number) => number > 0)).toBe(true);
  expect(drawn.every((number) => isDummyEmail(dummyEmail({ domain, number }), domain))).toBe(true);
});

it.each([
  'no-email-12@example.com',
  'no-email-@placeholders.example.com',
  'no-email-007@placeholders.example.com',
  'no-email-4294967296@placeholders.example.com',
  'x-no-email-12@placeholders.example.com',
  'no-email-12@placeholders.example.com.example.org',
  'no-email-12',
])('EXP-4: %s is not one of ours', (address) => {
  expect(isDummyEmail(address, domain)).toBe(false);
});

it('EXP-4: knows its own in any case', () => {
  expect(isDummyEmail('NO-EMAIL--5@Placeholders.Example.com', domain)).toBe(true);
});
