import { settingFields } from '@talentbridge/contracts';
import { z } from 'zod';

/** The choices of a JobScore connection that are no secrets. */
export const jobScoreSettings = settingFields({
  sourceName: {
    kind: 'text',
    label: 'Source name',
    help: 'The database source that exported candidates carry. It must exist in JobScore under Admin > Sources > Database, with the same capitals.',
    default: { from: 'brand' },
  },
  onBehalfOfUserId: {
    kind: 'text',
    label: 'Act on behalf of user',
    help: 'The 22-character id of the JobScore user to act as. It needs an account key: JobScore refuses it to a User Key. Leave empty to act as the user who made the key.',
    required: false,
    // Every JobScore id has 22 characters (JobScore sheet §2, CONFIRMED); the alphabet is SECONDARY.
    check: z
      .string()
      .regex(/^[A-Za-z0-9_-]{22}$/, 'A JobScore user id has 22 letters, digits, hyphens or underscores.'),
  },
  sendResume: {
    kind: 'switch',
    label: 'Send the generated résumé',
    help: 'Uploads the generated PDF to each exported candidate.',
    default: true,
  },
});
