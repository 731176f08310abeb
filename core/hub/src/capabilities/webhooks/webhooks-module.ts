import { type CapabilityName, isHubError, type WebhooksCapability } from '@talentbridge/contracts';
import { failedCheck, verificationContext } from '../../connections/verification.js';
import type { CapabilityModule, Check, VerificationInput, VerificationPart } from '../../kernel/capabilities.js';
import type { JobTask } from '../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../kernel/jobs/lost-jobs.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { EventProcessing } from './event-processing.js';
import type { EventStore } from './event-store.js';
import type { LiveSubscriptions } from './live-subscriptions.js';
import type { SubscriptionStore } from './subscription-store.js';
import { NO_ADDRESS, type SubscriptionTending } from './subscription-tending.js';
import { PROCESS_TASK, TEND_TASK, WEBHOOKS_TOPIC } from './webhook-model.js';
import { isGone, type StandingParts, standingOf, standingsOf, toldCapabilities } from './webhook-standing.js';
import { webhooksSchema } from './webhooks-schema.js';

/** What the module works with. */
export interface WebhooksModuleParts extends StandingParts {
  readonly store: SubscriptionStore;
  readonly events: EventStore;
  readonly live: LiveSubscriptions;
  readonly tending: SubscriptionTending;
  readonly processing: EventProcessing;
  readonly notifications: Notifications;
  /** Whether there is an address at which the ATS could reach this deployment. */
  readonly hasAddress: () => boolean;
}

/** Webhooks, as the kernel and the connections know them. */
export class WebhooksModule implements CapabilityModule {
  readonly name = 'webhooks';
  readonly displayName = 'Webhooks';
  readonly schema = webhooksSchema;

  constructor(private readonly parts: WebhooksModuleParts) {}

  get comesAlongWith(): readonly CapabilityName[] {
    return toldCapabilities(this.parts.modules());
  }

  get tasks(): Readonly<Record<string, JobTask>> {
    return {
      [TEND_TASK]: (payload, signal) => this.parts.tending.run(payload, signal),
      [PROCESS_TASK]: (payload, signal) => this.parts.processing.run(payload, signal),
    };
  }

  get due(): readonly DueWork[] {
    return [{ dueBefore: 'talentbridge.webhooks_due', mayRun: (tx, task, id) => this.mayRun(tx, task, id) }];
  }

  /** Without webhooks changes are polled, or wait, so that nothing here fails a connection. */
  async verify({ connection, atsName }: VerificationInput): Promise<VerificationPart> {
    const capability = connection.capability('webhooks');
    if (!capability) return { checks: [] };
    return { checks: [await this.canTell(capability, atsName)] };
  }

  /** Looks after what may be usable again, or is not wanted any more. Jobs of what cannot be used end by themselves. */
  async reconsider(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
    for (const [id, { kind }] of await standingsOf(tx, this.parts, connectionIds)) {
      if (kind === 'USABLE' || kind === 'UNWANTED') await this.parts.tending.wake(tx, id);
    }
  }

  /** What arrives from now on is refused; a job deletes what had arrived. */
  async leave(tx: Transaction, connectionId: string): Promise<void> {
    this.parts.live.forget(connectionId);
    await this.parts.store.retire(tx, connectionId);
    await this.parts.notifications.announce(tx, WEBHOOKS_TOPIC, connectionId);
    await this.parts.tending.clearLater(tx, connectionId);
  }

  /** Removes the subscriptions at the ATS. */
  leaveVendor(scope: OrganizationScope, connectionId: string): Promise<readonly string[]> {
    return this.parts.tending.leave(scope, connectionId);
  }

  /** What is paused is resumed by `reconsider`; of what is not wanted, or gone, only the rest is seen to. */
  private async mayRun(tx: Transaction, task: string, connectionId: string): Promise<boolean> {
    const standing = await standingOf(tx, this.parts, connectionId);
    const { kind } = standing;
    if (task === PROCESS_TASK && kind === 'USABLE' && standing.paused.length > 0) {
      return this.parts.events.anyWaiting(tx, connectionId, standing.paused);
    }
    if (task === PROCESS_TASK || kind === 'USABLE' || kind === 'PAUSED') return kind === 'USABLE';
    return kind === 'NONE' ? isGone(tx, connectionId) : this.parts.store.anyKnown(tx, connectionId);
  }

  private async canTell(capability: WebhooksCapability, atsName: string): Promise<Check> {
    const check = { id: 'webhooks:subscribe', label: 'Changes are told at once' };
    const untold = `Until then what changes in ${atsName} is found later, by asking where that is possible.`;
    if (!this.parts.hasAddress()) {
      const remedy = `The operator gives the deployment a public address (PUBLIC_URL). ${untold}`;
      return { ...check, status: 'WARNED', reason: NO_ADDRESS, remedy };
    }
    try {
      await capability.list(verificationContext());
      return { ...check, status: 'PASSED' };
    } catch (error) {
      const { reason = `${atsName} does not answer.`, remedy = '' } = failedCheck(error);
      return isHubError(error) && error.recovery === 'retry'
        ? { ...check, status: 'UNKNOWN', reason, remedy }
        : { ...check, status: 'WARNED', reason, remedy: `${remedy} ${untold}`.trim() };
    }
  }
}
