import type { Profiles } from '@talentbridge/hub';
import type { RevealContactsInput } from './profile.input.js';

/** Whose contact data is revealed, as the hub takes it: what is null was not given. */
export function toRevealRequest({
  profileIds,
  projectId,
  kinds,
}: RevealContactsInput): Parameters<Profiles['revealContacts']>[1] {
  return {
    kinds,
    ...(profileIds ? { profileIds: profileIds.map((id) => id.toLowerCase()) } : {}),
    ...(projectId ? { projectId: projectId.toLowerCase() } : {}),
  };
}
