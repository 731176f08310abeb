import { CONTACT_REVEAL_TOPIC, type ContactRevealRecord } from '@talentbridge/hub';
import { changesOf } from '../graphql/record-changes.js';

/**
 * An order to reveal contact data at once, then after each change, until it has ended.
 * @throws NotFoundError
 */
export const contactRevealChanges = changesOf<ContactRevealRecord>(({ contactReveals }) => ({
  topic: CONTACT_REVEAL_TOPIC,
  recordType: 'contact reveal',
  read: (scope, id) => contactReveals.get(scope, id),
  hasEnded: ({ status }) => status === 'COMPLETE' || status === 'STOPPED',
}));
