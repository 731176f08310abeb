import { expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { TEND_TASK } from '../../../dist/capabilities/webhooks/webhook-model.js';
import { TellingAts } from './telling-ats.ts';
import { connectWebhooks } from './webhook-world.ts';

it.each(['answers', 'fails'])(
  'RED-11: a connection that changes while its subscription is looked after, and the ATS %s, is looked after once more at once',
  async (how) => {
    await using ats = await TellingAts.start();
    await using world = await connectWebhooks(await freshDatabase(), ats);
    let isChanged = false;
    ats.before = async () => {
      if (isChanged) return undefined;
      isChanged = true;
      await world.change({ credentialVersion: 2 });
      return how === 'fails' ? 503 : undefined;
    };
    await world.tend();
    expect(isChanged).toBe(true);
    const at = await world.jobAt(TEND_TASK);
    expect(at !== undefined && at <= new Date()).toBe(true);
  },
);
