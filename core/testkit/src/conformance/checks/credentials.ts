import { expect } from 'vitest';
import { listChecks } from '../check.js';
import { rejectionOf } from '../export-world.js';
import { textOf } from '../witness.js';

/** The manifest, and who is behind a set of credentials: for every plugin. */
export const credentialChecks = listChecks([
  {
    name: 'credentials.accepted',
    title: 'CON-5: names the account behind good credentials, the same on every connection',
    async run({ connection, connect }) {
      const account = await connection.identify(connection.ctx);
      expect(account.accountId).not.toBe('');
      const again = await connect();
      expect(await again.identify(again.ctx)).toEqual(account);
    },
  },
  {
    name: 'credentials.rejected',
    title: 'CON-4, CON-6: asks for other credentials when the vendor refuses these, and blames the right thing',
    async run({ account, connect }) {
      expect(account.wrongCredentials, 'the subject names credentials that the vendor refuses').not.toHaveLength(0);
      for (const { title, credentials, blames } of account.wrongCredentials) {
        const { identify, permissions, ctx } = await connect({ credentials });
        for (const call of [identify(ctx), permissions.check(ctx, ['permissions'])]) {
          const error = await rejectionOf(call);
          expect(error, `with ${title}`).toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED', recovery: 'reconnect' });
          if (blames !== undefined) expect(textOf(error), `with ${title}`).toContain(blames);
        }
      }
    },
  },
]);
