import type { JobPayload } from '../../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../../kernel/jobs/lost-jobs.js';
import { systemCaller } from '../../../kernel/organizations/caller.js';
import type { Database } from '../../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { linkedMembersOf } from '../linked-members.js';
import type { SystemPair } from '../system-connect-model.js';
import type { SystemConnectPart } from '../system-connect-part.js';
import type { ClosedMemberRecord } from './closed-members.js';
import type { PollState } from './poll-ledger.js';
import { PollRun, type PollRunParts } from './poll-run.js';
import { POLL_TASK } from './pulling-schema.js';

/** What `Pulling` works with. */
export interface PullingParts extends PollRunParts {
  readonly database: Database;
}

/** Fetches what recruiters and members write at the network, about every half hour. */
export class Pulling implements SystemConnectPart {
  readonly due: readonly DueWork[] = [{ dueBefore: 'talentbridge.network_polls_due' }];
  readonly keepers: NonNullable<SystemConnectPart['keepers']> = [
    {
      table: 'network_closed_member',
      forget: async (tx, candidate) => {
        let forgotten = 0;
        for (const { connectionId, members } of await linkedMembersOf(tx, candidate)) {
          forgotten += await this.parts.closedMembers.forgetMembers(tx, connectionId, members);
        }
        return forgotten;
      },
    },
  ];

  constructor(private readonly parts: PullingParts) {}

  get tasks(): Readonly<Record<string, JobTask>> {
    return { [POLL_TASK]: (payload, signal) => this.run(payload, signal) };
  }

  async resume(tx: Transaction, pair: SystemPair): Promise<void> {
    await this.parts.ledger.resume(tx, pair);
  }

  async end(tx: Transaction, { connectionId }: SystemPair): Promise<void> {
    await this.parts.ledger.forget(tx, connectionId);
    await this.parts.closedMembers.forget(tx, connectionId);
  }

  /** Has seats asked at once. */
  askNow(tx: Transaction, connectionId: string): Promise<void> {
    return this.parts.ledger.askNow(tx, connectionId);
  }

  /** When seats were asked last, and when they will be. */
  state(tx: Transaction, connectionId: string): Promise<PollState> {
    return this.parts.ledger.state(tx, connectionId);
  }

  /** Members who left the network, of those whom a candidate is linked with. Nothing of them is deleted by itself. */
  closedMembers(scope: OrganizationScope, connectionId: string): Promise<readonly ClosedMemberRecord[]> {
    return scope.read((tx) => this.parts.closedMembers.list(tx, connectionId));
  }

  private async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    await new PollRun(this.parts, scope, signal).run(id);
  }
}
