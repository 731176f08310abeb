import type { OrganizationScope } from '@talentbridge/hub';
import { expect, it } from 'vitest';
import { batched } from '../src/graphql/batched.js';

const newScope = (): OrganizationScope => ({}) as OrganizationScope;

function recording(): {
  readonly asked: (readonly number[])[];
  readonly double: ReturnType<typeof batched<number, number>>;
} {
  const asked: (readonly number[])[] = [];
  const double = batched(async (_scope, keys: readonly number[]) => {
    asked.push(keys);
    return new Map(keys.filter((key) => key > 0).map((key) => [key, key * 2]));
  });
  return { asked, double };
}

it('asks once for everything that is wanted at the same moment, each key once', async () => {
  const { asked, double } = recording();
  const scope = newScope();
  expect(await Promise.all([1, 2, 2, -3].map((key) => double(scope, key)))).toEqual([2, 4, 4, undefined]);
  expect(asked).toEqual([[1, 2, -3]]);
});

it('waits for fields that become ready in the same turn', async () => {
  const { asked, double } = recording();
  const scope = newScope();
  const later = Promise.resolve()
    .then(() => Promise.resolve())
    .then(() => double(scope, 2));
  expect(await Promise.all([double(scope, 1), later])).toEqual([2, 4]);
  expect(asked).toEqual([[1, 2]]);
});

it('keeps operations apart, and remembers nothing', async () => {
  const { asked, double } = recording();
  const [one, other] = [newScope(), newScope()];
  await Promise.all([double(one, 1), double(other, 2)]);
  await double(one, 1);
  expect(asked).toEqual([[1], [2], [1]]);
});

it('fails for all who asked, and asks anew afterwards', async () => {
  let failing = true;
  const fickle = batched(async (_scope, keys: readonly number[]) => {
    if (failing) throw new Error('away');
    return new Map(keys.map((key) => [key, key]));
  });
  const scope = newScope();
  expect(await Promise.allSettled([fickle(scope, 1), fickle(scope, 2)])).toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ]);
  failing = false;
  expect(await fickle(scope, 1)).toBe(1);
});
