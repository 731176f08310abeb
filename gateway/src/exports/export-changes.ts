import { EXPORT_TOPIC, type ExportRecord } from '@talentbridge/hub';
import { changesOf } from '../graphql/record-changes.js';

/**
 * An export at once, then after each change, until it has ended.
 * @throws NotFoundError
 */
export const exportChanges = changesOf<ExportRecord>(({ exportHistory }) => ({
  topic: EXPORT_TOPIC,
  recordType: 'export',
  read: (scope, id) => exportHistory.get(scope, id),
  hasEnded: ({ status }) => status === 'COMPLETE' || status === 'STOPPED',
}));
