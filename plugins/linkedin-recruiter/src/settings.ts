import { settingFields } from '@talentbridge/contracts';
import { z } from 'zod';

/** The choices of a connection to LinkedIn Recruiter that are no secrets. */
export const linkedInSettings = settingFields({
  careersUrl: {
    kind: 'text',
    label: 'Careers site',
    help: 'The web address of your careers site. LinkedIn takes no job without an address: this one stands in for jobs that have no page of their own, such as closed and internal ones. Without it those are not sent.',
    required: false,
    check: z.url({
      protocol: /^https?$/,
      error: 'Enter a whole web address, such as https://careers.example.com.',
    }),
  },
});
