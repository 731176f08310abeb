import { credentialFields } from '@talentbridge/contracts';
import { z } from 'zod';

/** What an admin enters to connect JobDiva (JobDiva sheet §2, CONFIRMED by the set-up article). */
export const jobDivaCredentials = credentialFields({
  clientId: {
    kind: 'text',
    label: 'Client ID',
    help: 'The number of your JobDiva account. JobDiva support tells it on request.',
    placeholder: '123456',
    check: z.string().regex(/^[1-9]\d{0,14}$/, 'A client ID is a number: paste the digits alone.'),
  },
  username: {
    kind: 'text',
    label: 'Username',
    help: 'The user name of the API user, which is an email address: Settings > My Team.',
    placeholder: 'api@example.com',
  },
  password: { kind: 'secret', label: 'Password', help: 'The password of the API user.' },
});
