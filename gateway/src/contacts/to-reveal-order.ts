import type { ContactRevealOrder } from '@talentbridge/hub';
import type { RevealContactsInput } from './contact-reveal.input.js';

/** Whose contact data is revealed, as the hub takes it: what is null was not given. */
export function toRevealOrder({
  profileIds,
  projectId,
  kinds,
  idempotencyKey,
}: RevealContactsInput): ContactRevealOrder {
  return {
    kinds,
    idempotencyKey,
    ...(profileIds ? { profileIds: profileIds.map((id) => id.toLowerCase()) } : {}),
    ...(projectId ? { projectId: projectId.toLowerCase() } : {}),
  };
}
