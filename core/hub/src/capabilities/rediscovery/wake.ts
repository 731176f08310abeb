import type { RecordReference, RediscoveryCapability } from '@talentbridge/contracts';
import { callContext } from '../../kernel/call-context.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { WakeReport } from './mirror-model.js';
import type { MirrorWriter } from './mirror-writer.js';
import { readAlready, readRecords } from './read-records.js';
import type { MirrorPlace } from './writing/mirror-write.js';

const CALL_LIMIT_MS = 60_000;
const DEFAULT_BATCH = 50;

/** What named records are read and written with. */
export interface WakeParts {
  readonly scope: OrganizationScope;
  readonly writer: MirrorWriter;
  readonly capability: RediscoveryCapability;
  readonly place: MirrorPlace;
  /** Whose data the connection leads to now. */
  readonly accountId: string;
}

/** Reads records by their ids and writes them as a page is written, ordered with whatever a run writes meanwhile. */
export async function wakeRecords(
  { scope, writer, capability, place, accountId }: WakeParts,
  references: readonly RecordReference[],
): Promise<WakeReport> {
  const total = { written: 0, unchanged: 0, deleted: 0, refused: 0 };
  const each = [
    ...new Map(references.map((reference) => [`${reference.kind}/${reference.remoteId}`, reference])).values(),
  ];
  const most = Math.max(1, capability.limits.readBatch ?? DEFAULT_BATCH);
  for (let from = 0; from < each.length; from += most) {
    const batch = each.slice(from, from + most);
    const began = await scope.transaction((tx) => tx.row<{ now: Date }>('select clock_timestamp() as now'));
    const read = await capability.read(callContext('work', CALL_LIMIT_MS), batch);
    const records = readRecords(read);
    await scope.transaction(async (tx) => {
      const state = await tx.row<{ accountId: string | null; clearing: boolean }>(
        `select s.account_id as "accountId", s.clearing from talentbridge.mirror_state s
         where ${tx.own('s')} and s.connection_id = $1 for update`,
        [place.connectionId],
      );
      // Before the first load nothing is mirrored, and of another account nothing is wanted.
      if (!state || state.clearing || state.accountId !== accountId) return;
      const { counts } = await writer.write(tx, place, { beganAt: began?.now ?? new Date(0) }, readAlready(records));
      for (const kind of [counts.candidates, counts.jobs, counts.applications]) {
        total.written += kind.written;
        total.unchanged += kind.unchanged;
        total.deleted += kind.deleted;
        total.refused += kind.refused;
      }
    });
  }
  return total;
}
