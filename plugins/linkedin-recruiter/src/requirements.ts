import type { Requirement } from '@talentbridge/contracts';

/** What must be there before connecting (LinkedIn sheet §3, CONFIRMED by the set-up article on the side of JobScore). */
export const linkedInRequirements: readonly Requirement[] = [
  {
    id: 'contract',
    title: 'A Recruiter Corporate contract',
    steps: [
      'Recruiter System Connect comes with Recruiter Corporate. Recruiter Lite does not have it.',
      'You need somebody who is an administrator of Recruiter, to ask for the package and to enable it.',
    ],
    capabilities: ['systemConnect'],
  },
  {
    id: 'application',
    title: 'The application that LinkedIn made for you',
    steps: [
      'A LinkedIn Talent Solutions partner gets an application for each customer. A company with its own ATS may have one of its own.',
      'Copy the client ID and the client secret of the application, or get them from whoever provisioned it.',
      'Add the address of this product to the allowed domains of the application, without a slash at the end: else widgets stay blank.',
    ],
    capabilities: ['systemConnect', 'webhooks'],
  },
  {
    id: 'contexts',
    title: 'The ids of your company and of the contract',
    steps: [
      'Ask whoever provisioned the application, or your contact at LinkedIn, for the two: urn:li:organization:1234 and urn:li:contract:42.',
      'The numbers alone will do.',
      'The integrations that the set-up widget asks for must belong to these two: else they stay missing here.',
    ],
    capabilities: ['systemConnect', 'webhooks'],
  },
];
