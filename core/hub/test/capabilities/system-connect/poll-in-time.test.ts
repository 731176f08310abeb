import { AtsUnavailableError } from '@talentbridge/contracts';
import { beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { POLL_TASK } from '../../../dist/capabilities/system-connect/pulling/pulling-schema.js';
import { joinInbound } from './inbound-world.ts';

let url = '';
beforeAll(async () => {
  url = await freshDatabase();
});

it.each(['answers', 'fails'])(
  'RSC-5: who has seats asked while they are being asked has them asked once more at once, whether the network %s',
  async (how) => {
    await using world = await joinInbound(url);
    const { connectionId } = world.pair;
    let asked: Promise<void> | undefined;
    world.network.before = async (call) => {
      if (call !== 'pull') return;
      asked ??= world.write((tx) => world.pulling.askNow(tx, connectionId));
      await asked;
      if (how === 'fails') throw new AtsUnavailableError('The Network', 'did not answer');
    };
    await world.poll();
    expect(asked).toBeDefined();
    const at = await world.jobAt(POLL_TASK);
    expect(at !== undefined && at <= new Date()).toBe(true);
  },
);
