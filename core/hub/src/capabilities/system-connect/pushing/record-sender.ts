import {
  type HubError,
  isHubError,
  NETWORK_KINDS,
  type NetworkBatch,
  type NetworkKey,
  type NetworkKind,
  type NetworkResult,
  type SystemConnectCapability,
} from '@talentbridge/contracts';
import { toldToWait } from '../../../kernel/jobs/wait-after.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { readResults } from '../network-answers.js';
import { makeDue } from './due-records.js';
import { distrust, forgetRecords, saveIntended, saveSent } from './network-records.js';
import { type PushLedger, PushOvertakenError, type TakenPush } from './push-ledger.js';
import { dueKindOf, type OutgoingRecord, type StoredRecord } from './push-model.js';
import { pushContext } from './push-waits.js';

/** So many records that fail one after the other are not to blame. */
const FAILING_IN_A_ROW = 3;

/** The network, or the ATS, does not do what is asked, whatever it is asked for. */
export class SideFailedError extends Error {
  override readonly name = 'SideFailedError';

  constructor(
    readonly side: 'network' | 'ats',
    override readonly cause: HubError,
  ) {
    super(cause.message);
  }
}

/** What `RecordSender` works with. */
export interface RecordSenderParts {
  readonly ledger: PushLedger;
  readonly scope: OrganizationScope;
  readonly taken: TakenPush;
  readonly pluginId: string;
  readonly network: SystemConnectCapability;
  /** `false`: calls failed so often that the record which causes it is looked for. */
  readonly together: boolean;
  /** Until when all calls have to have ended, in milliseconds of `Date.now()`. Absent: each has a minute. */
  readonly deadline?: number | undefined;
}

/** What else is written when records are sent. */
export interface AlongsideSending {
  /** With the note that they are about to be sent. */
  before?(tx: Transaction, records: readonly OutgoingRecord[]): Promise<void>;
  /** What to send in the place of one that the network refuses. */
  instead?(record: OutgoingRecord): OutgoingRecord | undefined;
  /** With what became of them. */
  after?(tx: Transaction, arrived: readonly OutgoingRecord[]): Promise<void>;
}

interface Outcome<Sent> {
  readonly record: Sent;
  readonly result: NetworkResult;
}

/**
 * Sends records of one kind in batches, one after the other. What is about to be sent is noted before, so that a process that
 * dies leaves nothing at the network that nobody knows of; what became of it is one commit for each batch.
 */
export class RecordSender {
  /** Candidates or jobs of the mirror of which something failed: nothing that comes later of them is sent. */
  readonly held = new Map<string, HubError | undefined>();
  private failedInARow = 0;

  constructor(private readonly parts: RecordSenderParts) {}

  /** @returns Those that the network refuses as they are. @throws SideFailedError, PushOvertakenError */
  async push(
    kind: NetworkKind,
    records: readonly OutgoingRecord[],
    alongside: AlongsideSending = {},
  ): Promise<readonly OutgoingRecord[]> {
    const refused: OutgoingRecord[] = [];
    for (const batch of this.batchesOf(records)) {
      const some = batch.filter(({ mirrorId }) => !this.held.has(mirrorId));
      if (some.length === 0) continue;
      await this.write(async (tx) => {
        await saveIntended(tx, this.parts.taken.connectionId, some);
        await alongside.before?.(tx, some);
      });
      await this.hand(
        some,
        // Whoever made the records made each after its kind.
        (part) =>
          this.parts.network.push(pushContext(this.parts.deadline), {
            kind,
            records: part.map(({ value }) => value),
          } as NetworkBatch),
        async (outcomes) => {
          await this.sent(some, outcomes, alongside);
          refused.push(...outcomes.flatMap(({ record, result }) => (result.ok || result.retry ? [] : [record])));
        },
      );
    }
    return refused;
  }

  /** @returns How many the network refuses to remove: nobody asks for them again. @throws SideFailedError, PushOvertakenError */
  async remove(kind: NetworkKind, records: readonly StoredRecord[]): Promise<number> {
    let left = 0;
    for (const batch of this.batchesOf(records)) {
      await this.hand(
        batch.filter(({ mirrorId }) => !this.held.has(mirrorId)),
        (part) => this.parts.network.remove(pushContext(this.parts.deadline), kind, part.map(networkKey)),
        async (outcomes) => {
          const gone = outcomes.filter(({ result }) => result.ok || !result.retry).map(({ record }) => record);
          left += outcomes.filter(({ result }) => !result.ok && !result.retry).length;
          this.hold(outcomes);
          await this.write((tx) => forgetRecords(tx, this.parts.taken.connectionId, gone));
        },
      );
    }
    return left;
  }

  private batchesOf<Sent>(records: readonly Sent[]): readonly (readonly Sent[])[] {
    const most = Math.max(1, Math.floor(this.parts.network.limits.batch ?? DEFAULT_BATCH));
    return Array.from({ length: Math.ceil(records.length / most) }, (_, index) =>
      records.slice(index * most, (index + 1) * most),
    );
  }

  /** Makes one call. Where it fails because of one record, that one is found by halves. */
  private async hand<Sent extends { readonly mirrorId: string }>(
    records: readonly Sent[],
    call: (some: readonly Sent[]) => Promise<unknown>,
    settle: (outcomes: readonly Outcome<Sent>[]) => Promise<void>,
  ): Promise<void> {
    const [first] = records;
    if (!first) return;
    let outcomes: readonly Outcome<Sent>[];
    try {
      const results = readResults(this.parts.pluginId, await call(records), records.length);
      outcomes = records.flatMap((record, index) => {
        const result = results[index];
        return result ? [{ record, result }] : [];
      });
      this.failedInARow = 0;
    } catch (error) {
      if (!isHubError(error)) throw error;
      const isEverybodys = this.parts.together || toldToWait(error) !== undefined;
      if (error.recovery === 'reconnect' || (error.recovery === 'retry' && isEverybodys)) {
        throw new SideFailedError('network', error);
      }
      if (records.length > 1) {
        const half = Math.ceil(records.length / 2);
        await this.hand(records.slice(0, half), call, settle);
        return this.hand(
          records.slice(half).filter(({ mirrorId }) => !this.held.has(mirrorId)),
          call,
          settle,
        );
      }
      if (error.recovery === 'skip')
        outcomes = [{ record: first, result: { ok: false, retry: false, reason: error.code } }];
      else {
        this.held.set(first.mirrorId, error);
        this.failedInARow += 1;
        if (this.failedInARow >= FAILING_IN_A_ROW) throw new SideFailedError('network', error);
        return;
      }
    }
    await settle(outcomes);
  }

  private async sent(
    batch: readonly OutgoingRecord[],
    outcomes: readonly Outcome<OutgoingRecord>[],
    { after }: AlongsideSending,
  ): Promise<void> {
    this.hold(outcomes);
    const { connectionId } = this.parts.taken;
    const arrived = outcomes.filter(({ result }) => result.ok).map(({ record }) => record);
    try {
      await this.write(async (tx) => {
        await saveSent(
          tx,
          connectionId,
          outcomes.flatMap(({ record, result }) => {
            if (result.ok) return [{ record }];
            return result.retry ? [] : [{ record, refusedBecause: result.reason }];
          }),
        );
        if (arrived.length === 0) return;
        await after?.(tx, arrived);
        await this.parts.ledger.worked(tx, connectionId);
      });
    } catch (error) {
      if (error instanceof PushOvertakenError) await this.distrust(batch);
      throw error;
    }
  }

  /**
   * Somebody else sent or removed the same meanwhile, and nobody knows whose came last: they are sent once more, or removed where
   * they are not to be there any more.
   */
  private distrust(batch: readonly OutgoingRecord[]): Promise<void> {
    const { ledger, taken } = this.parts;
    const { connectionId } = taken;
    return this.parts.scope.transaction(async (tx) => {
      if (!(await ledger.reopen(tx, taken))) return;
      await distrust(tx, connectionId, batch);
      for (const [kind, some] of Map.groupBy(batch, (record) => dueKindOf(record.kind))) {
        await makeDue(
          tx,
          connectionId,
          kind,
          some.map(({ mirrorId }) => mirrorId),
        );
      }
    });
  }

  private hold(outcomes: readonly Outcome<{ readonly mirrorId: string }>[]): void {
    for (const { record, result } of outcomes) {
      if (!result.ok && result.retry) this.held.set(record.mirrorId, undefined);
    }
  }

  private write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.parts.ledger.write(this.parts.scope, this.parts.taken, work);
  }
}

const DEFAULT_BATCH = 100;

function networkKey({ remoteId, parentId }: StoredRecord): NetworkKey {
  return parentId === '' ? { remoteId } : { remoteId, parentId };
}

/** The order in which records are removed: what belongs to another goes before it. Jobs are closed instead. */
const REMOVAL_ORDER = NETWORK_KINDS.toReversed().filter((kind) => kind !== 'job');

/** Removes records. What belongs to an application goes along with it. @returns How many the network refuses to remove. */
export async function removeRecords(sender: RecordSender, records: readonly StoredRecord[]): Promise<number> {
  const applications = new Set(records.flatMap(({ kind, remoteId }) => (kind === 'application' ? [remoteId] : [])));
  let left = 0;
  for (const kind of REMOVAL_ORDER) {
    const goesAlong = ({ parentId }: StoredRecord): boolean => kind !== 'candidateNote' && applications.has(parentId);
    left += await sender.remove(
      kind,
      records.filter((record) => record.kind === kind && !goesAlong(record)),
    );
  }
  return left;
}
