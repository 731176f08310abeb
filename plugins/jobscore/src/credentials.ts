import { credentialFields } from '@talentbridge/contracts';
import { z } from 'zod';

/**
 * What an admin enters to connect JobScore: one API key of access level User Key (JobScore sheet §1, CONFIRMED by the
 * set-up article).
 */
export const jobScoreCredentials = credentialFields({
  apiKey: {
    kind: 'secret',
    label: 'API key',
    help: 'JobScore shows it once, when it is made: Integrations > API Keys > Add API Key, with the access level User Key.',
    // A pasted key that brings a word along ("Key: abc") would otherwise look to JobScore like a revoked one.
    check: z.string().regex(/^[^\s"']+$/, 'An API key has no spaces or quotes: paste the key alone.'),
  },
});
