import { credentialFields } from '@talentbridge/contracts';
import { z } from 'zod';

/** What an admin enters to connect SmartRecruiters: one API key, which SmartRecruiters calls SmartToken (sheet §1, CONFIRMED). */
export const smartRecruitersCredentials = credentialFields({
  smartToken: {
    kind: 'secret',
    label: 'SmartToken',
    help: 'An API key, made by an administrator: Settings / Admin > Apps & Integrations > Credentials > New Credential > API key. SmartRecruiters shows it once.',
    // Neither length nor beginning is checked: the documented example is longer than the documented length. A pasted
    // token that brings a word along ("Key: abc") would otherwise look to SmartRecruiters like a revoked one.
    check: z.string().regex(/^[^\s"']+$/, 'A SmartToken has no spaces or quotes: paste the token alone.'),
  },
});
