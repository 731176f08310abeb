import { isHubError } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import type { ConnectionOpener } from '../../connections/connection-opener.js';
import { connectionToChange, findConnection } from '../../connections/connection-repository.js';
import type { ResumeRenderer } from '../../directory/resume/resume-renderer.js';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import type { CapabilityModule, VerificationInput, VerificationPart } from '../../kernel/capabilities.js';
import type { Deployment } from '../../kernel/deployment.js';
import type { JobPayload, JobQueue } from '../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../kernel/jobs/lost-jobs.js';
import type { Notifications } from '../../kernel/notifications.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { Telemetry } from '../../kernel/telemetry.js';
import type { ExportLedger, TakenExport } from './export-ledger.js';
import { ExportRun } from './export-run.js';
import { exportSchema } from './export-schema.js';
import type { ExportVerification } from './export-verification.js';
import { accountKeyOf, EXPORT_TOPIC, RUN_EXPORT_TASK } from './exports.js';

/** What the module works with. */
export interface ExportModuleParts {
  readonly database: Database;
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  readonly opener: ConnectionOpener;
  readonly ledger: ExportLedger;
  readonly resumes: ResumeRenderer;
  readonly verification: ExportVerification;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** Export, as the kernel and the connections know it. */
export class ExportModule implements CapabilityModule {
  readonly name = 'export';
  readonly displayName = 'Export';
  readonly schema = exportSchema;
  readonly due: readonly DueWork[] = [{ dueBefore: 'talentbridge.exports_due' }];

  constructor(private readonly parts: ExportModuleParts) {}

  get tasks(): Readonly<Record<string, JobTask>> {
    return { [RUN_EXPORT_TASK]: (payload, signal) => this.run(payload, signal) };
  }

  verify(input: VerificationInput): Promise<VerificationPart> {
    return this.parts.verification.verify(input);
  }

  /** Pauses what cannot go on and resumes what can again. */
  async reconsider(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
    const availability = await this.parts.entitlements.availabilities(tx);
    for (const id of connectionIds) {
      const connection = await findConnection(tx, id);
      if (!connection) continue;
      const available = availability(connection.pluginId, 'export');
      const chosen = connection.capabilities.includes('export');
      if (connection.status === 'CONNECTED' && available.on && chosen) await this.resume(tx, id);
      else {
        const reason = !available.on
          ? available.reason
          : !chosen
            ? `${connection.name} no longer has Export.`
            : (connection.attentionReason ?? `${connection.name} is not connected.`);
        await this.pause(tx, id, reason);
      }
    }
  }

  /** What had no result when the connection was removed has failed; nothing is sent any more. */
  async leave(tx: Transaction, connectionId: string): Promise<void> {
    const stopped = await tx.rows<{ id: string }>(
      `update talentbridge.export e
       set status = 'STOPPED', status_reason = 'The connection was removed.', finished_at = now(), epoch = e.epoch + 1
       where ${tx.own('e')} and e.connection_id = $1 and e.status not in ('COMPLETE', 'STOPPED') returning e.id`,
      [connectionId],
    );
    const ids = stopped.map((row) => row.id);
    if (ids.length === 0) return;
    // What was open may have arrived: saying "failed" would be a guess.
    await tx.rows(
      `update talentbridge.export_item i
       set state = 'DONE', finished_at = now(), code = 'CONNECTION_REMOVED',
         outcome = case when i.state = 'OPEN' then 'UNCLEAR' else 'FAILED' end,
         reason = 'The connection was removed before this candidate had a result.',
         remedy = case when i.state = 'OPEN' then 'Look the candidate up in the ATS, then settle this item.'
           else 'Connect again and export again.' end
       where ${tx.own('i')} and i.export_id = any($1::uuid[]) and i.state <> 'DONE'`,
      [ids],
    );
    for (const id of ids) await this.parts.notifications.announce(tx, EXPORT_TOPIC, id);
  }

  private async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    const taken = await this.parts.ledger.take(scope, id);
    if (!taken || !(await this.mayRun(scope, taken))) return;
    await this.progress(scope, id);
    let end: Awaited<ReturnType<ExportRun['run']>>;
    try {
      end = await new ExportRun(
        {
          ledger: this.parts.ledger,
          opener: this.parts.opener,
          resumes: this.parts.resumes,
          dummyEmailDomain: this.parts.deployment.dummyEmailDomain,
          telemetry: this.parts.telemetry,
          progress: (own, exportId) => this.progress(own, exportId),
        },
        scope,
        taken,
      ).run(signal);
    } catch (error) {
      this.parts.logger.error({ exportId: id, error: describe(error) }, 'an export run failed; it is tried again');
      throw error;
    }
    if (end.kind === 'COMPLETE') await this.complete(scope, id, taken.epoch);
    else if (end.kind === 'LATER') await this.later(scope, id, end.inMs, end.reason);
    else if (end.kind === 'REFUSED') await this.refused(scope, taken, end.error);
    else if (signal.aborted) await this.later(scope, id, 0);
  }

  /**
   * Whether an export that was taken may send: to the account that it was ordered for alone, because "exported before" is
   * noted of that one. Only a verification tells whose account new credentials open.
   */
  private mayRun(scope: OrganizationScope, { id, connectionId, accountKey, epoch }: TakenExport): Promise<boolean> {
    return scope.transaction(async (tx) => {
      // Locked, so that a verification that ends at this moment is either seen here, or resumes what is paused here.
      const connection = await connectionToChange(tx, connectionId);
      if (connection.verification && accountKeyOf(connection) === accountKey) return true;
      const reason = connection.verification
        ? `${connection.name} leads to another account than the one this export was ordered for. Enter credentials of that account again, or export anew.`
        : `${connection.name} was edited and is not verified yet.`;
      await tx.rows(
        `update talentbridge.export e set status = 'PAUSED', status_reason = $3
         where ${tx.own('e')} and e.id = $1 and e.epoch = $2 and e.status = 'RUNNING'`,
        [id, epoch, reason],
      );
      await this.parts.notifications.announce(tx, EXPORT_TOPIC, id);
      return false;
    });
  }

  private complete(scope: OrganizationScope, id: string, epoch: number): Promise<void> {
    return scope.transaction(async (tx) => {
      const completed = await tx.row<{ id: string }>(
        `update talentbridge.export e
         set finished_at = now(), status = case when e.cancelled_at is null then 'COMPLETE' else 'STOPPED' end,
           status_reason = case when e.cancelled_at is not null then 'The export was cancelled.' end
         where ${tx.own('e')} and e.id = $1 and e.epoch = $2 and e.status = 'RUNNING' and not exists (
           select from talentbridge.export_item i where ${tx.own('i')} and i.export_id = e.id and i.state <> 'DONE')
         returning e.id`,
        [id, epoch],
      );
      if (!completed) return;
      await this.parts.audit.record(tx, scope.caller, 'export.complete', { type: 'export', id });
      await this.parts.notifications.announce(tx, EXPORT_TOPIC, id);
    });
  }

  /** Goes on after a while. @param reason What it waits for, where whoever watches should know. */
  private later(scope: OrganizationScope, id: string, inMs: number, reason?: string): Promise<void> {
    return scope.transaction(async (tx) => {
      await this.parts.jobs.add(tx, RUN_EXPORT_TASK, id, { runAt: new Date(Date.now() + inMs) });
      if (reason === undefined) return;
      await tx.rows(
        `update talentbridge.export e set status_reason = $2 where ${tx.own('e')} and e.id = $1 and e.status = 'RUNNING'`,
        [id, reason],
      );
      await this.parts.notifications.announce(tx, EXPORT_TOPIC, id);
    });
  }

  /** The connection refuses everybody (an admin must act), or the job does (the rest fails with the same reason, unsent). */
  private async refused(
    scope: OrganizationScope,
    { id, connectionId, epoch, credentialVersion }: TakenExport,
    error: unknown,
  ): Promise<void> {
    if (isHubError(error) && error.recovery === 'reconnect') {
      const current = await scope.transaction(async (tx) => {
        const connection = await findConnection(tx, connectionId);
        if (connection?.credentialVersion !== credentialVersion) return false;
        await this.pause(tx, connectionId, error.message);
        return true;
      });
      // An admin was quicker: the refused credentials are not the connection's any more, so that the new ones are tried.
      if (current) await this.parts.reportFailure(scope, connectionId, error);
      else await this.later(scope, id, 0);
      return;
    }
    if (!isHubError(error)) throw error;
    await scope.transaction(async (tx) => {
      const own = await tx.row(
        `select e.id from talentbridge.export e where ${tx.own('e')} and e.id = $1 and e.epoch = $2 for update`,
        [id, epoch],
      );
      if (!own) return;
      await tx.rows(
        `update talentbridge.export_item i
         set state = 'DONE', outcome = 'FAILED', code = $2, reason = $3, remedy = $4, finished_at = now()
         where ${tx.own('i')} and i.export_id = $1 and i.state = 'PENDING'`,
        [id, error.code, error.message, 'Correct what the reason names, then export again.'],
      );
      await this.parts.jobs.add(tx, RUN_EXPORT_TASK, id);
      await this.parts.notifications.announce(tx, EXPORT_TOPIC, id);
    });
  }

  private async pause(tx: Transaction, connectionId: string, reason: string): Promise<void> {
    const paused = await tx.rows<{ id: string }>(
      `update talentbridge.export e set status = 'PAUSED', status_reason = $2
       where ${tx.own('e')} and e.connection_id = $1 and e.status in ('QUEUED', 'RUNNING') returning e.id`,
      [connectionId, reason],
    );
    for (const { id } of paused) await this.parts.notifications.announce(tx, EXPORT_TOPIC, id);
  }

  private async resume(tx: Transaction, connectionId: string): Promise<void> {
    const resumed = await tx.rows<{ id: string }>(
      `update talentbridge.export e set status = 'QUEUED', status_reason = null
       where ${tx.own('e')} and e.connection_id = $1 and e.status = 'PAUSED' returning e.id`,
      [connectionId],
    );
    for (const { id } of resumed) {
      await this.parts.jobs.add(tx, RUN_EXPORT_TASK, id);
      await this.parts.notifications.announce(tx, EXPORT_TOPIC, id);
    }
  }

  private progress(scope: OrganizationScope, id: string): Promise<void> {
    return scope.transaction((tx) => this.parts.notifications.announce(tx, EXPORT_TOPIC, id));
  }
}

function describe(error: unknown): string {
  return isHubError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
}
