import { type Hub, MIRROR_TOPIC, type OrganizationScope, type SyncRunRecord } from '@talentbridge/hub';
import { recordChanges } from '../graphql/record-changes.js';

/** What is seen of a run that is followed. */
export interface FollowedSync {
  /** Absent: the first load has not begun. */
  readonly run?: SyncRunRecord | undefined;
}

const ENDED: ReadonlySet<SyncRunRecord['status'] | undefined> = new Set(['COMPLETE', 'FAILED', 'CANCELLED']);

/**
 * A sync run at once, then after each change, until it has ended.
 * @param runId Absent: the newest run of the connection, or the first one as soon as it begins.
 */
export function syncChanges(
  hub: Hub,
  scope: OrganizationScope,
  connectionId: string,
  runId?: string,
): Promise<AsyncIterable<FollowedSync>> {
  let followed = runId;
  return recordChanges<FollowedSync>(
    hub,
    scope,
    {
      topic: MIRROR_TOPIC,
      recordType: 'sync run',
      read: async (own) => {
        const run = await hub.mirror.followedRun(own, connectionId, followed);
        if (followed !== undefined) return run && { run };
        followed = run?.id;
        return { run };
      },
      hasEnded: ({ run }) => ENDED.has(run?.status),
    },
    connectionId,
  );
}
