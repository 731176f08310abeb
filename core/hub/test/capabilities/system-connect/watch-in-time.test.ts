import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { unavailable } from './network-plugin.ts';
import { type NetworkDatabase, NetworkDesk, openNetworkDatabase } from './network-world.ts';

let database: NetworkDatabase;
beforeAll(async () => {
  database = openNetworkDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

it.each(['answers', 'fails'])(
  'RSC-1: a network that is paired while somebody looks at it, and %s, is looked at once more at once',
  async (how) => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    let paired = false;
    desk.before = async () => {
      if (paired) return;
      paired = true;
      await world.systemConnect.pair(world.admin, { connectionId: world.network, atsConnectionId: world.ats });
      if (how === 'fails') throw unavailable();
    };
    await world.look();
    expect(paired).toBe(true);
    expect(await world.nextLook()).toBeLessThanOrEqual(1);
  },
);
