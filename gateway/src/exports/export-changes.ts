import { EXPORT_TOPIC, type ExportRecord, type Hub, type OrganizationScope } from '@talentbridge/hub';
import { recordChanges } from '../graphql/record-changes.js';

/**
 * An export at once, then after each change, until it has ended.
 * @throws NotFoundError
 */
export function exportChanges(hub: Hub, scope: OrganizationScope, id: string): Promise<AsyncIterable<ExportRecord>> {
  return recordChanges(
    hub,
    scope,
    {
      topic: EXPORT_TOPIC,
      recordType: 'export',
      read: (own, exportId) => hub.exportHistory.get(own, exportId),
      hasEnded: ({ status }) => status === 'COMPLETE' || status === 'STOPPED',
    },
    id,
  );
}
