import { CONTACT_REVEAL_TOPIC, type ContactRevealRecord, type Hub, type OrganizationScope } from '@talentbridge/hub';
import { recordChanges } from '../graphql/record-changes.js';

/**
 * An order to reveal contact data at once, then after each change, until it has ended.
 * @throws NotFoundError
 */
export function contactRevealChanges(
  hub: Hub,
  scope: OrganizationScope,
  id: string,
): Promise<AsyncIterable<ContactRevealRecord>> {
  return recordChanges(
    hub,
    scope,
    {
      topic: CONTACT_REVEAL_TOPIC,
      recordType: 'contact reveal',
      read: (own, revealId) => hub.contactReveals.get(own, revealId),
      hasEnded: ({ status }) => status === 'COMPLETE' || status === 'STOPPED',
    },
    id,
  );
}
