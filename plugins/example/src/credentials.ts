import { credentialFields, settingFields } from '@talentbridge/contracts';

/** What an admin enters to connect Example ATS. */
export const exampleCredentials = credentialFields({
  apiKey: {
    kind: 'secret',
    label: 'API key',
    help: 'Settings > API keys in Example ATS. It is shown once, when it is made.',
  },
});

/** What an admin may choose for a connection. */
export const exampleSettings = settingFields({
  sourceName: {
    kind: 'text',
    label: 'Source name',
    help: 'Example ATS shows it as the source of every candidate that is exported.',
    default: { from: 'brand' },
  },
});
