import { credentialFields } from '@talentbridge/contracts';
import { z } from 'zod';

/**
 * What an admin enters to connect LinkedIn Recruiter: the application that LinkedIn made for this customer, and the
 * organization and the contract that the integration is for (LinkedIn sheet §1, §3).
 */
export const linkedInCredentials = credentialFields({
  childClientId: {
    kind: 'text',
    label: 'Client ID',
    help: 'Of the developer application for this customer: from its page at LinkedIn, or from whoever provisioned it.',
    check: z.string().regex(/^[\w-]{1,100}$/, 'A client ID has letters, digits and hyphens: paste it alone.'),
  },
  childClientSecret: {
    kind: 'secret',
    label: 'Client secret',
    help: 'Of the same application. LinkedIn also signs its notifications with it.',
    check: z.string().regex(/^[^\s"']+$/, 'A client secret has no spaces or quotes: paste the secret alone.'),
  },
  organizationUrn: {
    kind: 'text',
    label: 'Organization',
    help: 'The URN of the company at LinkedIn, or its number. Exports, the indicator and the profile belong to it.',
    placeholder: 'urn:li:organization:1234',
    complete: urnOf('organization'),
    check: z
      .string()
      .regex(/^urn:li:organization:\d{1,20}$/, 'Enter the URN, such as urn:li:organization:1234, or its number.'),
  },
  contractUrn: {
    kind: 'text',
    label: 'Recruiter contract',
    help: 'The URN of the Recruiter contract, or its number. Seats, InMails and notes belong to it.',
    placeholder: 'urn:li:contract:42',
    complete: urnOf('contract'),
    check: z.string().regex(/^urn:li:contract:\d{1,20}$/, 'Enter the URN, such as urn:li:contract:42, or its number.'),
  },
});

/** Makes a URN of a bare number; anything else stays as it is. */
function urnOf(entity: 'organization' | 'contract'): (entry: string) => string {
  return (entry) => (/^\d+$/.test(entry) ? `urn:li:${entity}:${entry}` : entry);
}
