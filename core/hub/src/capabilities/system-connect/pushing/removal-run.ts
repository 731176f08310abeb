import type { NetworkKind } from '@talentbridge/contracts';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import { noteGone } from './candidates-at-network.js';
import { closedJob } from './job-chunk.js';
import { forgetAll, forgetRecords, OF_APPLICATIONS, someRecords } from './network-records.js';
import type { PushLedger, TakenPush } from './push-ledger.js';
import type { StoredRecord } from './push-model.js';
import type { RecordSender } from './record-sender.js';

/** Records in one transaction. */
const AT_ONCE = 500;

/** What belongs to applications goes along with them; what is left of it comes after them. */
const ORDER = [
  'application',
  ...OF_APPLICATIONS,
  'candidateNote',
  'candidate',
  'access',
  'job',
] as const satisfies readonly NetworkKind[];

/** What a removal works with. */
export interface RemovalRunParts {
  readonly ledger: PushLedger;
  readonly scope: OrganizationScope;
  readonly taken: TakenPush;
}

/** Removes everything that is at the network, bit by bit. May be stopped and repeated at any point. */
export class RemovalRun {
  constructor(private readonly parts: RemovalRunParts) {}

  /**
   * Removes some records.
   * @returns `DONE`: there are none. `FAILED`: the network would not take some of them away this time.
   * @throws SideFailedError, PushOvertakenError
   */
  async step(sender: RecordSender): Promise<'DONE' | 'MORE' | 'FAILED'> {
    const { scope, taken } = this.parts;
    for (const kind of ORDER) {
      const records = await scope.transaction((tx) => someRecords(tx, taken.connectionId, kind, AT_ONCE));
      if (records.length === 0) continue;
      if (kind === 'job') await this.close(sender, records);
      else await this.remove(sender, kind, records);
      return sender.held.size === 0 ? 'MORE' : 'FAILED';
    }
    return 'DONE';
  }

  /** Gives up on what is left. @returns How many records that are. */
  giveUp(): Promise<number> {
    const { ledger, scope, taken } = this.parts;
    return ledger.write(scope, taken, async (tx) => {
      const left = await forgetAll(tx, taken.connectionId);
      await ledger.leave(tx, taken.connectionId, left);
      return left;
    });
  }

  private async close(sender: RecordSender, records: readonly StoredRecord[]): Promise<void> {
    const { ledger, scope, taken } = this.parts;
    const closing = records.flatMap((record) => closedJob(record) ?? []);
    const refused = await sender.push('job', closing);
    const seenTo = records.filter(({ mirrorId }) => !sender.held.has(mirrorId));
    await ledger.write(scope, taken, async (tx) => {
      await ledger.leave(tx, taken.connectionId, records.length - closing.length + refused.length);
      await forgetRecords(tx, taken.connectionId, seenTo);
    });
  }

  private async remove(sender: RecordSender, kind: NetworkKind, records: readonly StoredRecord[]): Promise<void> {
    const { ledger, scope, taken } = this.parts;
    const left = await sender.remove(kind, records);
    const gone = records.flatMap(({ remoteId, mirrorId }) => (sender.held.has(mirrorId) ? [] : [remoteId]));
    await ledger.write(scope, taken, async (tx) => {
      await ledger.leave(tx, taken.connectionId, left);
      if (kind === 'candidate') await noteGone(tx, taken.connectionId, gone);
    });
  }
}
