import { settingFields } from '@talentbridge/contracts';

/** Where each environment is: production CONFIRMED, the sandbox SECONDARY (SmartRecruiters sheet §2). */
export const ENVIRONMENT_HOSTS = {
  production: 'api.smartrecruiters.com',
  sandbox: 'api.sandbox.smartrecruiters.com',
} as const;

/**
 * Where people open candidates in production. The vendor documents no such page; public clients of its API link to this one by the
 * id that the API gives (SECONDARY). Where the sandbox has it, nobody says.
 */
export const CANDIDATE_PAGES = 'https://www.smartrecruiters.com/app/people/candidates';

/** The environments an account can be in. */
export type Environment = keyof typeof ENVIRONMENT_HOSTS;

/** The choices of a SmartRecruiters connection that are no secrets. */
export const smartRecruitersSettings = settingFields({
  environment: {
    kind: 'choice',
    label: 'Environment',
    help: 'Where the account is. The address of the sandbox is not published by SmartRecruiters: if it does not answer, ask their support.',
    choices: [
      { value: 'production', label: 'Production' },
      { value: 'sandbox', label: 'Sandbox' },
    ],
    default: 'production',
  },
  sourceName: {
    kind: 'text',
    label: 'Source name',
    help: 'The source that exported candidates carry. It must exist in SmartRecruiters, as a custom source; without it candidates arrive with the source "API".',
    default: { from: 'brand' },
  },
  mirrorAttachments: {
    kind: 'choice',
    label: 'Attachments of candidates',
    help: 'Whether the files of each candidate are listed when candidates are downloaded. It takes a request for each candidate and one for each of their applications.',
    choices: [
      { value: 'metadata', label: 'List them' },
      { value: 'off', label: 'Leave them out' },
    ],
    default: 'metadata',
  },
});

/** The environment that a choice stands for. */
export function environmentOf(choice: string): Environment {
  return choice === 'sandbox' ? 'sandbox' : 'production';
}
