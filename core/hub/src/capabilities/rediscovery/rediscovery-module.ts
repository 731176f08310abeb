import { isHubError, type RediscoveryCapability } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import { failedCheck, verificationContext } from '../../connections/verification.js';
import type { CapabilityModule, Check, VerificationInput, VerificationPart } from '../../kernel/capabilities.js';
import type { JobPayload, JobQueue } from '../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../kernel/jobs/lost-jobs.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { DataCopyModule } from './data-copy/data-copy-module.js';
import { CLEAR_TASK, SYNC_TASK } from './ledger/sync-schedule.js';
import type { TakenRun } from './ledger/taken-run.js';
import { isUsable, usableConnection } from './ledger/usable-connection.js';
import { MirrorClearing } from './mirror-clearing.js';
import { rediscoverySchema } from './mirror-schema.js';
import { pruneOutboxes } from './outbox.js';
import type { SyncLedger } from './sync-ledger.js';
import { SyncRun, type SyncRunEnd, type SyncRunParts } from './sync-run.js';
import type { SyncSettings } from './sync-settings.js';

/** What the module works with. */
export interface RediscoveryModuleParts {
  readonly database: Database;
  readonly entitlements: Entitlements;
  readonly opener: SyncRunParts['opener'];
  readonly requests: SyncRunParts['requests'];
  readonly ledger: SyncLedger;
  readonly jobs: JobQueue;
  readonly settings: SyncSettings;
  /** Absent: none are imported. */
  readonly copies?: DataCopyModule;
  readonly logger: Logger;
  /** The files of candidates. Absent: nobody keeps any. */
  readonly files?: {
    /** Something of a mirror was read to its end. */
    mirrored(scope: OrganizationScope, connectionId: string): Promise<void>;
    /** The connection can be used again. */
    resume(tx: Transaction, connectionId: string): Promise<void>;
  };
  /** Who the candidates are. Absent: nobody is matched. */
  readonly matching?: {
    /** A connection can be used again. */
    resume(tx: Transaction): Promise<void>;
  };
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** Rediscovery, as the kernel and the connections know it. */
export class RediscoveryModule implements CapabilityModule {
  readonly name = 'rediscovery';
  readonly displayName = 'Rediscovery';
  readonly schema = rediscoverySchema;
  private readonly clearing: MirrorClearing;

  constructor(private readonly parts: RediscoveryModuleParts) {
    this.clearing = new MirrorClearing(parts.ledger.schedule);
  }

  get tasks(): Readonly<Record<string, JobTask>> {
    return {
      ...this.parts.copies?.tasks,
      [SYNC_TASK]: (payload, signal) => this.sync(payload, signal),
      [CLEAR_TASK]: (payload, signal) => this.clear(payload, signal),
    };
  }

  get due(): readonly DueWork[] {
    return [
      { dueBefore: 'talentbridge.mirrors_due', mayRun: (tx, task, id) => this.mayRun(tx, task, id) },
      ...(this.parts.copies?.due ?? []),
    ];
  }

  /** One first page is read and thrown away. What the credentials may do in detail is Permissions' part. */
  async verify({ connection, atsName }: VerificationInput): Promise<VerificationPart> {
    const capability = connection.capability('rediscovery');
    if (!capability) return { checks: [] };
    return { checks: [await canBeRead(capability, atsName)] };
  }

  /** Pauses what cannot go on and resumes what can again; where a connection has no mirror yet, its first load begins. */
  async reconsider(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
    for (const id of connectionIds) {
      const connection = await usableConnection(tx, this.parts.entitlements, id);
      if (!connection) continue;
      if (connection.unusable === undefined) {
        await this.parts.ledger.schedule.resume(tx, id);
        await this.parts.files?.resume(tx, id);
        await this.parts.matching?.resume(tx);
      } else await this.parts.ledger.schedule.pause(tx, id, connection.unusable);
    }
  }

  /** Stops the runs; a job deletes all that was mirrored. */
  async leave(tx: Transaction, connectionId: string): Promise<void> {
    await this.parts.ledger.schedule.beginClearing(tx, connectionId, 'The connection was removed.');
  }

  /** A mirror that may not be kept needs no job: it gets one when it may. What is to be deleted is, whatever may be. */
  private async mayRun(tx: Transaction, task: string, connectionId: string): Promise<boolean> {
    return task === CLEAR_TASK || isUsable(tx, this.parts.entitlements, connectionId);
  }

  private async clear({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    await this.parts.copies?.clear(scope, id);
    const done = await this.clearing.clear(scope, id, signal);
    if (!done) await scope.transaction((tx) => this.parts.jobs.add(tx, CLEAR_TASK, id));
  }

  private async sync({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    const { ledger, logger } = this.parts;
    const taken = await ledger.take(scope, id);
    if (!taken) return;
    const run = new SyncRun(this.parts, scope, taken);
    let end: SyncRunEnd;
    try {
      end = await run.run(signal);
    } catch (error) {
      // The text of an error of the database may quote rows.
      const name = isHubError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
      logger.error({ syncRunId: taken.id, error: name }, 'a sync run failed; it is tried again');
      throw error;
    }
    if (end.kind === 'LATER')
      await ledger.later(scope, taken, { ...end, requests: run.requests, limits: run.vendorLimits });
    else if (end.kind === 'FAILED') await ledger.ends.fail(scope, taken, end.reason, end.sinceLost);
    else if (end.kind === 'RESTART') await ledger.restart(scope, taken, end.reason);
    else if (end.kind === 'REFUSED') await this.refused(scope, taken, end.error);
    else {
      await this.parts.files?.mirrored(scope, taken.connectionId);
      await scope.transaction(pruneOutboxes);
    }
  }

  private async refused(scope: OrganizationScope, taken: TakenRun, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : 'The ATS refuses the connection.';
    const current = await scope.transaction(async (tx) => {
      const connection = await usableConnection(tx, this.parts.entitlements, taken.connectionId);
      if (connection?.credentialVersion !== taken.credentialVersion) return false;
      await this.parts.ledger.schedule.pause(tx, taken.connectionId, reason);
      return true;
    });
    // An admin was quicker: the refused credentials are not the connection's any more, so that the new ones are tried.
    if (current) await this.parts.reportFailure(scope, taken.connectionId, error);
    else await this.parts.ledger.later(scope, taken, { inMs: 0 });
  }
}

async function canBeRead(capability: RediscoveryCapability, atsName: string): Promise<Check> {
  const check = { id: 'rediscovery:read', label: 'Candidates can be read' };
  try {
    const page = await capability.pull(verificationContext(), { kind: 'all' });
    const any = page.candidates.length + page.jobs.length + page.applications.length > 0 || page.cursor !== undefined;
    return any
      ? { ...check, status: 'PASSED' }
      : {
          ...check,
          status: 'WARNED',
          reason: `${atsName} shows no candidate and no job to these credentials.`,
          remedy: `Where ${atsName} does hold some, widen what these credentials may see, then verify again.`,
        };
  } catch (error) {
    const failed = failedCheck(error);
    // Slowness proves nothing: the first load waits for the ATS anyway.
    return isHubError(error) && error.recovery === 'retry'
      ? { ...check, ...failed, status: 'UNKNOWN' }
      : { ...check, ...failed };
  }
}
