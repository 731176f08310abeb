import type { CapabilityName } from '@talentbridge/contracts';
import { registerEnumType } from 'type-graphql';

/** The capabilities as GraphQL names them. A capability that the contracts add and this lacks does not compile. */
export const Capability = {
  EXPORT: 'export',
  PERMISSIONS: 'permissions',
  REDISCOVERY: 'rediscovery',
  WEBHOOKS: 'webhooks',
} as const satisfies Readonly<Record<Uppercase<CapabilityName>, CapabilityName>>;

registerEnumType(Capability, {
  name: 'Capability',
  description: 'What a plugin can do with its ATS.',
  valuesConfig: {
    EXPORT: { description: 'Sends candidates into the ATS, as prospects or to a job.' },
    REDISCOVERY: { description: 'Mirrors what the ATS holds, so that it can be searched.' },
    WEBHOOKS: {
      description: 'Hears from the ATS at once what changed there. Comes along with what needs it.',
    },
    PERMISSIONS: {
      description: 'Tells which rights a connection has in the ATS. Comes along with every other capability.',
    },
  },
});
