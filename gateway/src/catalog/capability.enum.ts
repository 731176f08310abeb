import type { CapabilityName } from '@talentbridge/contracts';
import { describedEnum } from '../graphql/described-enum.js';

/** The capabilities as GraphQL names them. A capability that the contracts add and this lacks does not compile. */
export const Capability = describedEnum<CapabilityName>('Capability', 'What a plugin can do with its ATS.', {
  export: 'Sends candidates into the ATS, as prospects or to a job.',
  permissions: 'Tells which rights a connection has in the ATS. Comes along with every other capability.',
  rediscovery: 'Mirrors what the ATS holds, so that it can be searched.',
  systemConnect:
    'Joins a mirrored ATS with a professional network: what the ATS holds goes there, what recruiters do there comes back.',
  webhooks: 'Hears from the ATS at once what changed there. Comes along with what needs it.',
});
