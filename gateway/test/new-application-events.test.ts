import type { NewApplication, OrganizationScope } from '@talentbridge/hub';
import { expect, it } from 'vitest';
import { newApplicationEvents } from '../src/system-connect/new-application-events.js';

const PAGE = 3;

/** Applications that are told of when the test says so, read in short pages. */
function source() {
  const told: NewApplication[] = [];
  const waiting: (() => void)[] = [];
  const hub = {
    notifications: {
      of: () => ({
        [Symbol.asyncIterator]() {
          return this;
        },
        next: async () => {
          await new Promise<void>((resolve) => waiting.push(resolve));
          return { done: false as const, value: undefined };
        },
      }),
    },
    systemConnect: {
      newApplications: async (_scope: OrganizationScope, since?: Date) =>
        told
          .filter(({ toldAt }) => !since || toldAt > since)
          .sort((one, other) => one.toldAt.getTime() - other.toldAt.getTime())
          .slice(0, PAGE),
    },
  };
  const tell = (id: string, secondsAgo: number): void => {
    told.push({ id, toldAt: new Date(Date.now() - secondsAgo * 1000) } as NewApplication);
  };
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const follow = async (since?: Date) =>
    (await newApplicationEvents(hub as never, { organizationId: 'one' } as OrganizationScope, since))[
      Symbol.asyncIterator
    ]();
  return { tell, wake, follow };
}

it('API-4: each application is told once, also many at once and one that becomes visible late', async () => {
  const { tell, wake, follow } = source();
  for (const [index, id] of ['a', 'b', 'c', 'd', 'e'].entries()) tell(id, 300 - index);
  const events = await follow(new Date(Date.now() - 3_600_000));
  const next = async () => (await events.next()).value?.id;
  for (const id of ['a', 'b', 'c', 'd', 'e']) expect(await next()).toBe(id);
  const following = next();
  for (const [index, id] of ['f', 'g', 'h', 'i'].entries()) tell(id, 10 - index);
  wake();
  expect([await following, await next(), await next(), await next()]).toEqual(['f', 'g', 'h', 'i']);
  const late = next();
  tell('late', 12);
  wake();
  expect(await late).toBe('late');
});

it('API-4: without a time only what comes from now on is told', async () => {
  const { tell, wake, follow } = source();
  tell('before', 5);
  const events = await follow();
  const first = events.next();
  tell('after', 1);
  wake();
  expect((await first).value).toMatchObject({ id: 'after' });
});
