import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Witness } from '../src/conformance/witness.js';

const SECRET = 'correct horse battery';

/** What the witness says after one call. */
async function leaks(call: () => Promise<unknown>, log: unknown = []): Promise<boolean> {
  const witness = new Witness();
  await witness
    .watch('plugin', { call })
    .call()
    .catch(() => undefined);
  try {
    witness.swear([SECRET], log);
    return false;
  } catch (error) {
    expect(String(error)).not.toContain(SECRET);
    return true;
  }
}

it.for([
  ['an answer', async () => ({ jobs: [{ title: `x ${SECRET} y` }] })],
  ['an answer, in base64', async () => Buffer.from(SECRET).toString('base64')],
  ['a file', async () => ({ filename: 'a.txt', bytes: new TextEncoder().encode(`x ${SECRET} y`) })],
  ['the name of a file', async () => ({ filename: SECRET, bytes: new Uint8Array() })],
  ['an error message', () => Promise.reject(new Error(`bad key ${SECRET}`))],
  [
    'the cause of a cause',
    () => Promise.reject(new Error('a', { cause: new Error('b', { cause: new Error(SECRET) }) })),
  ],
  ['a property of an error', () => Promise.reject(Object.assign(new Error('a'), { request: { headers: [SECRET] } }))],
  [
    'a hidden property of an error',
    () => Promise.reject(Object.defineProperty(new Error('a'), 'key', { value: SECRET, enumerable: false })),
  ],
] as const)('CON-4: sees a secret in %s, and does not repeat it', async ([, call]) => {
  expect(await leaks(call)).toBe(true);
});

it('CON-4: sees a secret in the request log', async () => {
  expect(await leaks(async () => 'fine', [{ path: `/users/${encodeURIComponent(SECRET)}` }])).toBe(true);
});

it('CON-4: sees no secret where there is none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (answer) => {
      expect(await leaks(async () => answer)).toBe(false);
      expect(await leaks(() => Promise.reject(new Error(JSON.stringify(answer))))).toBe(false);
    }),
  );
});

it('leaves answers, errors and properties as they are', async () => {
  const watched = new Witness().watch('plugin', {
    limits: { concurrency: 2 },
    double: async (value: number) => value * 2,
    fail: async () => {
      throw new TypeError('no');
    },
  });
  expect(watched.limits).toEqual({ concurrency: 2 });
  expect(await watched.double(21)).toBe(42);
  await expect(watched.fail()).rejects.toThrow(TypeError);
});
