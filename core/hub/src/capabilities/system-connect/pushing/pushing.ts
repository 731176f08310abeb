import { isHubError, type OpenConnection } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import type { AuditLog } from '../../../kernel/audit/audit-log.js';
import type { JobPayload, JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../../kernel/jobs/lost-jobs.js';
import { systemCaller } from '../../../kernel/organizations/caller.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { Database } from '../../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { Links } from '../links.js';
import type { MirrorContent } from '../mirror-content.js';
import { type PairStanding, pairStanding } from '../pair-standing.js';
import type { SystemPair } from '../system-connect-model.js';
import type { SystemConnectPart } from '../system-connect-part.js';
import { forgetCandidate } from './candidates-at-network.js';
import { connectNow } from './connect-now.js';
import { makeJobsDue } from './due-records.js';
import { jobViewers } from './job-access.js';
import { countPending, keepIdsAlone, lookAtRefusedAgain } from './network-records.js';
import { type PushLedger, PushOvertakenError, type PushState, type TakenPush } from './push-ledger.js';
import type { PushSettings } from './push-model.js';
import { type PushRest, PushRun } from './push-run.js';
import { waitFor } from './push-waits.js';
import { PUSH_LATER_TASK, PUSH_TASK } from './pushing-schema.js';
import { RecordSender, SideFailedError } from './record-sender.js';
import { RemovalRun } from './removal-run.js';

/** After how long the job comes again where somebody was writing when it began. */
const COME_AGAIN_MS = 1_000;
/** Failed tries in a row after which what is left at the network is left there: of a job, about two days, and while somebody waits. */
const MOST_TRIES = 300;
const MOST_TRIES_AT_ONCE = 3;

/** What `Pushing` works with. */
export interface PushingParts {
  readonly database: Pick<Database, 'scope'>;
  readonly entitlements: Entitlements;
  readonly ledger: PushLedger;
  readonly links: Links;
  readonly mirror: MirrorContent;
  readonly jobs: JobQueue;
  readonly audit: AuditLog;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  readonly settings: PushSettings;
  readonly logger: Logger;
  /** Whether an address stands for none. */
  readonly isPlaceholder: (address: string) => boolean;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** Pushes what the mirror of an ATS holds to the network that it is paired with. */
export class Pushing implements SystemConnectPart {
  readonly due: readonly DueWork[];
  readonly keepers: NonNullable<SystemConnectPart['keepers']> = [
    { table: 'network_record', forget: keepIdsAlone, pending: countPending },
    { table: 'network_candidate', forget: forgetCandidate },
  ];

  constructor(private readonly parts: PushingParts) {
    this.due = [{ dueBefore: 'talentbridge.network_pushes_due', mayRun: (tx, _task, id) => this.mayRun(tx, id) }];
  }

  get tasks(): Readonly<Record<string, JobTask>> {
    return {
      [PUSH_TASK]: (payload, signal) => this.run(payload, signal),
      [PUSH_LATER_TASK]: ({ organizationId, id }) => this.now(organizationId, id.split('/')[0] ?? id),
    };
  }

  async resume(tx: Transaction, { connectionId, atsConnectionId }: SystemPair): Promise<void> {
    // First, as a worker has it: neither waits for the other then.
    await this.parts.ledger.wake(tx, connectionId, atsConnectionId);
    await lookAtRefusedAgain(tx, connectionId);
  }

  /** Others see jobs at the network from now on. Comes after `resume`. */
  async viewersChanged(tx: Transaction, connectionId: string): Promise<void> {
    await makeJobsDue(tx, connectionId);
  }

  /** Other people have seats from now on. Comes after `resume`. */
  async seatsChanged(tx: Transaction, connectionId: string): Promise<void> {
    if ((await jobViewers(tx, connectionId)) === 'RECRUITERS') await makeJobsDue(tx, connectionId);
  }

  /** What is at the network is removed by a job; where the network's connection goes, by `leaveVendor`. */
  async end(tx: Transaction, { connectionId }: SystemPair): Promise<void> {
    const connection = await tx.row<{ status: string }>(
      `select c.status from talentbridge.connection c where ${tx.own('c')} and c.id = $1`,
      [connectionId],
    );
    await this.parts.ledger.beginRemoval(tx, connectionId, connection?.status === 'REMOVING' ? 'BY_ITSELF' : 'JOB');
  }

  async leaveVendor(scope: OrganizationScope, connectionId: string): Promise<readonly string[]> {
    const taken = await this.parts.ledger.overtake(scope, connectionId);
    if (!taken) return [];
    for (let tries = 0; ; ) {
      const state = await scope.transaction((tx) => this.parts.ledger.current(tx, taken));
      const step = await this.removeSome(scope, taken, state).catch(asFailed);
      if (step === 'DONE') break;
      if (step === 'MORE') continue;
      tries += 1;
      if (tries < MOST_TRIES_AT_ONCE) continue;
      await new RemovalRun({ ...this.parts, scope, taken }).giveUp();
      break;
    }
    const left = await this.endRemoval(scope, taken);
    return left === 0
      ? []
      : [`Records of candidates and jobs that are still at the network: ${left}. Ask the network to delete them.`];
  }

  /**
   * Pushes candidates ahead of all others, and reads whom the network takes them for, so far as that can be done now: nothing of
   * it is lost otherwise, it comes with the next push.
   * @param limitMs How long it may take.
   */
  async connectNow(
    scope: OrganizationScope,
    connectionId: string,
    candidateRemoteIds: readonly string[],
    limitMs = 10_000,
  ): Promise<void> {
    await connectNow(
      { ...this.parts, open: (standing) => this.open(scope, standing) },
      scope,
      connectionId,
      candidateRemoteIds,
      Date.now() + limitMs,
    );
  }

  private async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    try {
      const taken = await this.parts.ledger.take(scope, id);
      if (!taken) return;
      const { at, reason } = await this.work(scope, taken, signal);
      const soon = new Date(taken.now.getTime() + COME_AGAIN_MS);
      await this.parts.ledger.rest(scope, taken, taken.comesAgain && !(at && at < soon) ? soon : at, reason);
    } catch (error) {
      // Whoever has the work now goes on with it.
      if (error instanceof PushOvertakenError) return;
      // The text of an error of the database may quote rows.
      const name = isHubError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
      this.parts.logger.error({ connectionId: id, error: name }, 'a push failed; it is tried again');
      throw error;
    }
  }

  /** Works until nothing is left to do now. */
  private async work(scope: OrganizationScope, taken: TakenPush, signal: AbortSignal): Promise<PushRest> {
    for (;;) {
      const { state, standing } = await scope.transaction(async (tx) => ({
        state: await this.parts.ledger.current(tx, taken),
        standing: await pairStanding(tx, this.parts.entitlements, taken.connectionId),
      }));
      if (signal.aborted) return { at: state.now };
      if (state.resumeAt) return { at: state.resumeAt, ...(state.reason === null ? {} : { reason: state.reason }) };
      try {
        if (state.phase === 'REMOVING') {
          if (await this.removal(scope, taken, state)) continue;
          return standing.kind === 'NONE' ? {} : { at: state.now };
        }
        if (standing.kind === 'NONE') return {};
        if (standing.kind === 'PAUSED') return { reason: standing.reason };
        if (!standing.enabled.has('push')) return { reason: NOT_ENABLED };
        const rest = await new PushRun(this.parts, scope, taken, await this.open(scope, standing), { signal }).step(
          state,
        );
        if (rest) return rest;
      } catch (error) {
        if (!(error instanceof SideFailedError)) throw error;
        return this.failed(scope, taken, standing, error);
      }
    }
  }

  private async open(scope: OrganizationScope, standing: Extract<PairStanding, { kind: 'WORKING' }>) {
    const { opener } = this.parts;
    const [network, ats] = await Promise.all([
      opener.open(scope, standing.network.id),
      opener.open(scope, standing.ats.id),
    ]);
    const capability = network.capability('systemConnect');
    if (!capability) throw new Error('The connection of a network has no System Connect.');
    return { network: capability, ats: ats.capability('rediscovery'), standing };
  }

  /** One of the two sides does not do what it is asked. */
  private async failed(
    scope: OrganizationScope,
    taken: TakenPush,
    standing: PairStanding,
    { side, cause }: SideFailedError,
  ): Promise<PushRest> {
    if (cause.recovery !== 'reconnect' || standing.kind !== 'WORKING') {
      const at = await this.parts.ledger.later(scope, taken, cause.message, (tries) => waitFor(cause, tries));
      return { at, reason: cause.message };
    }
    const used = standing[side];
    const now = await scope.transaction((tx) => pairStanding(tx, this.parts.entitlements, taken.connectionId));
    // An admin was quicker: the refused credentials are not the connection's any more, so that the new ones are tried.
    if (now.kind === 'WORKING' && now[side].credentialVersion !== used.credentialVersion) return { at: taken.now };
    await this.parts.reportFailure(scope, used.id, cause);
    return { reason: cause.message };
  }

  /** @returns `false`: nothing is left to remove. */
  private async removal(scope: OrganizationScope, taken: TakenPush, state: PushState): Promise<boolean> {
    const { ledger } = this.parts;
    const step = await this.removeSome(scope, taken, state).catch(asFailed);
    if (step === 'MORE') {
      await ledger.write(scope, taken, (tx) => ledger.worked(tx, taken.connectionId));
      return true;
    }
    if (step !== 'DONE' && state.tries < MOST_TRIES) {
      await ledger.later(scope, taken, REMOVING_FAILED, (tries) => waitFor(step === 'FAILED' ? {} : step, tries));
      return true;
    }
    if (step !== 'DONE') await new RemovalRun({ ...this.parts, scope, taken }).giveUp();
    await this.endRemoval(scope, taken);
    return false;
  }

  private async removeSome(scope: OrganizationScope, taken: TakenPush, state: PushState) {
    const network = (await this.parts.opener.open(scope, taken.connectionId)).capability('systemConnect');
    if (!network) return 'FAILED';
    const sender = new RecordSender({ ...this.parts, scope, taken, pluginId: '', network, together: state.tries < 3 });
    return new RemovalRun({ ...this.parts, scope, taken }).step(sender);
  }

  private endRemoval(scope: OrganizationScope, taken: TakenPush): Promise<number> {
    const { connectionId } = taken;
    return this.parts.ledger.write(scope, taken, async (tx) => {
      const left = await this.parts.ledger.endRemoval(tx, connectionId);
      const subject = { type: 'connection', id: connectionId };
      await this.parts.audit.record(tx, scope.caller, 'systemConnect.removedFromNetwork', subject, { left });
      return left;
    });
  }

  /** What is paused is resumed by whoever allows it again; what is to be removed is, whatever may be. */
  private async mayRun(tx: Transaction, connectionId: string): Promise<boolean> {
    const row = await tx.row<{ phase: string }>(
      `select p.phase from talentbridge.network_push p where ${tx.own('p')} and p.connection_id = $1`,
      [connectionId],
    );
    if (row?.phase === 'REMOVING') return true;
    return (await pairStanding(tx, this.parts.entitlements, connectionId)).kind === 'WORKING';
  }

  private async now(organizationId: string, connectionId: string): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    await scope.transaction((tx) => this.parts.ledger.now(tx, connectionId));
  }
}

const NOT_ENABLED = 'Nothing of the integration that takes records is enabled at the network.';
const REMOVING_FAILED = 'The network does not remove records at the moment.';

/** What the network, or opening its connection, answers instead of doing it. */
function asFailed(error: unknown): object {
  if (error instanceof SideFailedError) return error.cause;
  if (isHubError(error)) return error;
  throw error;
}
