import { setTimeout as sleep } from 'node:timers/promises';
import { type HubError, isHubError, type WebhookSubscription } from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import type { Logger } from 'pino';
import type { JobPayload, JobQueue } from '../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../kernel/notifications.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { KeyMissingError } from '../../kernel/vault/key-ring.js';
import { SealBrokenError } from '../../kernel/vault/vault.js';
import { callbackUrl } from './callback-token.js';
import { waitAfterFailure } from './event-processing.js';
import type { EventStore } from './event-store.js';
import { type GapListener, MissedEvents, readsRecords } from './missed-events.js';
import type { StoredSubscription, SubscriptionStore } from './subscription-store.js';
import { type AskedConnection, type OurSubscriptions, TENDED_MS, VendorSubscriptions } from './vendor-subscriptions.js';
import { PROCESS_TASK, TEND_TASK, WEBHOOKS_TOPIC } from './webhook-model.js';
import type { WebhookSettings } from './webhook-settings.js';
import { isGone, type StandingParts, standingOf, type WebhookStanding } from './webhook-standing.js';

/** Before the address is known at which this deployment is reached, it is looked again so soon. */
const ADDRESS_RETRY_MS = 2_000;
/** What arrived just before a connection was removed is stored by then. */
const AFTER_LAST_DELIVERY_MS = 5_000;
/** So often a refusal is tried again soon: the handshake of an ATS fails in a moment in which the network or a proxy does. */
const QUICK_TRIES = 2;
/** A run that is under way is waited for. */
const GAP_RETRY_MS = 300_000;

/** What `SubscriptionTending` works with. */
export interface SubscriptionTendingParts extends StandingParts {
  readonly database: Database;
  readonly store: SubscriptionStore;
  readonly events: EventStore;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  /** Where this deployment is reached from outside, without a slash at its end. Answers `undefined` while nobody knows yet. */
  readonly publicUrl: (() => string | undefined) | undefined;
  readonly settings: WebhookSettings;
  readonly logger: Logger;
  readonly gap: GapListener;
}

/** What is known of a connection when somebody begins to look after it. */
interface Begun {
  readonly wanted: boolean;
  readonly known: readonly StoredSubscription[];
  readonly checkedAt: Date | null;
  readonly logReadUntil: Date | null;
  readonly now: Date;
}

/** A connection whose ATS can be asked. */
interface Tended extends Begun, AskedConnection {}

/** The connection is on its way out, or was edited: whoever is responsible now begins anew. */
class NotWantedError extends Error {
  override readonly name = 'NotWantedError';
}

/**
 * The job that keeps one subscription of a connection at its ATS: it makes it, finds out when it has vanished, was switched off or
 * is there twice, replaces its key, and reads what the ATS could not deliver. Whatever a killed process leaves is known by its
 * callback URL, because the token in it is stored before the ATS hears of it.
 */
export class SubscriptionTending {
  private readonly vendor: VendorSubscriptions;
  private readonly missed: MissedEvents;

  constructor(private readonly parts: SubscriptionTendingParts) {
    this.vendor = new VendorSubscriptions(parts.store);
    this.missed = new MissedEvents({ ...parts, vendor: this.vendor });
  }

  /** Looks after the subscription of a connection once, and says when to look again. */
  async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    try {
      const begun = await this.begin(scope, id);
      if (!begun) return await this.tidy(scope, id, signal);
      await this.tend(scope, id, begun);
      await this.settle(scope, id);
      await this.tidy(scope, id, signal);
    } catch (error) {
      if (error instanceof NotWantedError) return this.release(scope, id);
      if (doesNotOpen(error)) {
        this.parts.logger.error(
          { connectionId: id, error: error.name },
          'secrets of a webhook subscription do not open',
        );
        return this.failed(scope, id, { message: notOpened(error), recovery: 'fix' });
      }
      if (!isHubError(error)) {
        const name = error instanceof Error ? error.name : 'unknown';
        this.parts.logger.error({ connectionId: id, error: name }, 'webhooks were not looked after; it is tried again');
        throw error;
      }
      await this.failed(scope, id, error);
    }
  }

  /**
   * Removes everything of a connection that is going from its ATS, once nobody else is busy there, and destroys the secrets.
   * @returns What was left behind, as sentences.
   */
  async leave(scope: OrganizationScope, connectionId: string): Promise<readonly string[]> {
    const leftBehind: string[] = [];
    try {
      const known = await scope.transaction((tx) => this.parts.store.known(tx, connectionId));
      if (known.length === 0) return [];
      await this.untilNobodyTends(scope, connectionId);
      const opened = await this.parts.opener.open(scope, connectionId);
      const capability = opened.capability('webhooks');
      if (capability) {
        const before = await scope.transaction((tx) => this.parts.store.known(tx, connectionId));
        const asked = { scope, connectionId, opened, capability };
        const { ours } = await this.vendor.ours(asked, before);
        for (const { remoteId } of ours) {
          const error = await this.vendor.remove(asked, remoteId);
          if (error) leftBehind.push(`The webhook subscription ${remoteId} is still there: ${error.message}`);
        }
      }
    } catch (error) {
      if (!isHubError(error) && !doesNotOpen(error)) throw error;
      leftBehind.push(`Webhook subscriptions may still be there: ${error.message}`);
    }
    await scope.transaction((tx) => this.parts.store.destroyAllSecrets(tx, connectionId));
    return leftBehind;
  }

  /** What is to be done. `undefined`: nothing at the ATS. */
  private begin(scope: OrganizationScope, connectionId: string): Promise<Begun | undefined> {
    return scope.transaction(async (tx) => {
      const standing = await this.standing(tx, connectionId);
      if (standing.kind === 'NONE' || standing.kind === 'PAUSED') return undefined;
      const known = await this.parts.store.known(tx, connectionId);
      const wanted = standing.kind === 'USABLE';
      if (!wanted && known.length === 0) return undefined;
      if (wanted && this.baseUrl() === undefined) {
        await this.noAddress(tx, connectionId);
        return undefined;
      }
      if (!wanted && (await this.parts.store.retire(tx, connectionId))) {
        await this.parts.notifications.announce(tx, WEBHOOKS_TOPIC, connectionId);
      }
      const state = await tx.row<Pick<Begun, 'checkedAt' | 'logReadUntil' | 'now'>>(
        `insert into talentbridge.webhook_state as s (organization_id, connection_id, tended_until)
         values ($1, $2, clock_timestamp() + ${TENDED_MS} * interval '1 millisecond')
         on conflict (organization_id, connection_id) do update set tended_until = excluded.tended_until
         returning s.checked_at as "checkedAt", s.log_read_until as "logReadUntil", clock_timestamp() as now`,
        [tx.organizationId, connectionId],
      );
      if (!state) throw new Error('The state that was stored a moment ago is not there.');
      return { wanted, known, ...state };
    });
  }

  private async tend(scope: OrganizationScope, connectionId: string, begun: Begun): Promise<void> {
    const opened = await this.parts.opener.open(scope, connectionId);
    const capability = opened.capability('webhooks');
    if (!capability) return;
    const tended = { ...begun, scope, connectionId, opened, capability };
    const found = await this.vendor.ours(tended, begun.known);
    const current = begun.known.find(({ status }) => status === 'ACTIVE');
    if (begun.wanted && current && this.isRight(current, found)) {
      await this.checked(tended);
      await this.rotate(tended, current);
      await this.missed.readLog(tended, current);
    } else await this.makeAnew(tended, found.ours);
  }

  /** Makes a subscription in place of whatever there is; or removes that alone, where none is wanted any more. */
  private async makeAnew(tended: Tended, ours: readonly WebhookSubscription[]): Promise<void> {
    const { scope, wanted, known } = tended;
    const next = wanted ? await this.replace(tended) : undefined;
    for (const { remoteId } of ours) {
      const error = await this.vendor.remove(tended, remoteId);
      if (error) throw error;
    }
    await scope.transaction((tx) =>
      this.parts.store.destroySecrets(
        tx,
        known.map(({ id }) => id),
      ),
    );
    if (next) await this.subscribe(tended, next);
  }

  /** Whether there is one subscription of ours, and that the right one. */
  private isRight(current: StoredSubscription, { ours, mine }: OurSubscriptions): boolean {
    const [found] = ours;
    return (
      ours.length === 1 &&
      found !== undefined &&
      found.intact &&
      found.remoteId === current.remoteId &&
      mine(found) === current.id &&
      current.baseUrl === this.baseUrl()
    );
  }

  /** Gives up what there was and makes a new subscription here, before anything happens at the ATS. */
  private replace({
    scope,
    connectionId,
    checkedAt,
  }: Tended): Promise<{ readonly id: string; readonly token: string }> {
    const baseUrl = this.baseUrl();
    if (baseUrl === undefined) throw new NotWantedError();
    return scope.transaction(async (tx) => {
      if ((await this.standing(tx, connectionId)).kind !== 'USABLE') throw new NotWantedError();
      await this.parts.store.retire(tx, connectionId);
      const next = await this.parts.store.create(tx, connectionId, baseUrl);
      await tx.rows(
        `update talentbridge.webhook_state s
         set gap_since = coalesce(s.gap_since, $2), reason = null, refused = false
         where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId, checkedAt],
      );
      await this.parts.notifications.announce(tx, WEBHOOKS_TOPIC, connectionId);
      return next;
    });
  }

  private async subscribe(
    tended: Tended,
    { id, token }: { readonly id: string; readonly token: string },
  ): Promise<void> {
    const { scope, connectionId, opened, capability } = tended;
    const baseUrl = this.baseUrl();
    if (baseUrl === undefined) throw new NotWantedError();
    const made = await capability.subscribe(await this.vendor.call(tended), {
      callbackUrl: callbackUrl(baseUrl, opened.secrets.conceal('webhook', token)),
    });
    const { remoteId } = made;
    const wanted = await scope.transaction(async (tx) => {
      const stored = await this.parts.store.made(
        tx,
        { id, connectionId, token },
        {
          status: capability.activate ? 'ACTIVATING' : 'ACTIVE',
          remoteId,
          events: capability.events,
          ...(made.secret === undefined ? {} : { secret: opened.secrets.reveal(made.secret) }),
        },
      );
      await this.parts.notifications.announce(tx, WEBHOOKS_TOPIC, connectionId);
      return stored;
    });
    if (wanted && capability.activate) await capability.activate(await this.vendor.call(tended), remoteId);
    const stillWanted =
      wanted &&
      (await scope.transaction(async (tx) => {
        const active = !capability.activate || (await this.parts.store.activated(tx, id));
        await tx.rows(
          `update talentbridge.webhook_state s set checked_at = clock_timestamp(), log_read_until = clock_timestamp()
           where ${tx.own('s')} and s.connection_id = $1`,
          [connectionId],
        );
        await this.parts.notifications.announce(tx, WEBHOOKS_TOPIC, connectionId);
        return active;
      }));
    if (!stillWanted) {
      // The connection left meanwhile. Whoever removes it waits for us.
      await this.vendor.withdraw(tended, token);
      throw new NotWantedError();
    }
    await this.missed.closeGap(scope, connectionId);
  }

  /** The subscription is as it should be; what was missed before it was, somebody sees to now. */
  private async checked({ scope, connectionId, now }: Tended): Promise<void> {
    await scope.transaction((tx) =>
      tx.rows(`update talentbridge.webhook_state s set checked_at = $2 where ${tx.own('s')} and s.connection_id = $1`, [
        connectionId,
        now,
      ]),
    );
    await this.missed.closeGap(scope, connectionId);
  }

  private async rotate(tended: Tended, current: StoredSubscription): Promise<void> {
    const { scope, connectionId, opened, capability, now } = tended;
    const { id, remoteId, secret, secretMadeAt, rotatingAt } = current;
    if (!capability.rotateSecret || remoteId === null || secret === undefined) return;
    const age = now.getTime() - (secretMadeAt ?? current.createdAt).getTime();
    // One that somebody began to replace may not be the one that signs.
    if (rotatingAt === null && age < this.parts.settings.rotateSecretAfterMs) return;
    const announce = (tx: Transaction): Promise<void> =>
      this.parts.notifications.announce(tx, WEBHOOKS_TOPIC, connectionId);
    await scope.transaction(async (tx) => {
      await this.parts.store.rotating(tx, id);
      await announce(tx);
    });
    const made = await capability.rotateSecret(await this.vendor.call(tended), remoteId);
    await scope.transaction(async (tx) => {
      const livesMs = capability.limits.replacedSecretLivesMs ?? 0;
      await this.parts.store.rotated(tx, current, opened.secrets.reveal(made), livesMs);
      await announce(tx);
    });
  }

  /** Ends a look that went well. */
  private settle(scope: OrganizationScope, connectionId: string): Promise<void> {
    return scope.transaction(async (tx) => {
      const state = await tx.row<{ gap: boolean }>(
        `update talentbridge.webhook_state s set reason = null, refused = false, tries = 0, tended_until = null
         where ${tx.own('s')} and s.connection_id = $1 returning s.gap_since is not null as gap`,
        [connectionId],
      );
      await this.processWaiting(tx, connectionId);
      const inMs = this.parts.settings.tendEveryMs * (0.8 + 0.4 * Math.random());
      const soon = state?.gap && readsRecords(await standingOf(tx, this.parts, connectionId));
      await this.again(tx, connectionId, soon ? Math.min(inMs, GAP_RETRY_MS) : inMs);
    });
  }

  /** Ends a look that met an error of the ATS. What it cannot do now does not break the connection: polling goes on. */
  private failed(
    scope: OrganizationScope,
    connectionId: string,
    error: Pick<HubError, 'message' | 'recovery'> & Partial<Pick<HubError, 'code'>>,
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      const quickTries = error.recovery === 'retry' ? null : error.code === 'WEBHOOK_REFUSED' ? QUICK_TRIES : 0;
      const state = await tx.row<{ tries: number; refused: boolean }>(
        `update talentbridge.webhook_state s
         set reason = $2, refused = coalesce(s.tries >= $3, false), tries = s.tries + 1, tended_until = null
         where ${tx.own('s')} and s.connection_id = $1 returning s.tries, s.refused`,
        [connectionId, error.message, quickTries],
      );
      const hourly = this.parts.settings.tendEveryMs * (0.8 + 0.4 * Math.random());
      const wait = state?.refused ? hourly : Math.min(hourly, waitAfterFailure(error, (state?.tries ?? 1) + 3));
      await this.again(tx, connectionId, wait);
    });
  }

  private release(scope: OrganizationScope, connectionId: string): Promise<void> {
    return scope.transaction(async (tx) => {
      await tx.rows(
        `update talentbridge.webhook_state s set tended_until = null where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId],
      );
    });
  }

  private async noAddress(tx: Transaction, connectionId: string): Promise<void> {
    const later = this.parts.publicUrl !== undefined;
    await tx.rows(
      `insert into talentbridge.webhook_state as s (organization_id, connection_id, reason, refused) values ($1, $2, $3, $4)
       on conflict (organization_id, connection_id) do update set reason = excluded.reason, refused = excluded.refused`,
      [tx.organizationId, connectionId, later ? null : NO_ADDRESS, !later],
    );
    await this.again(tx, connectionId, later ? ADDRESS_RETRY_MS : this.parts.settings.tendEveryMs);
  }

  /** Has the next look come later. Whoever wants one at once since this one began has it. */
  private again(tx: Transaction, connectionId: string, inMs: number): Promise<void> {
    return this.parts.jobs.putOff(tx, TEND_TASK, connectionId, new Date(Date.now() + inMs));
  }

  /** Deletes events that nobody needs any more. */
  private async tidy(scope: OrganizationScope, connectionId: string, signal: AbortSignal): Promise<void> {
    const gone = await scope.transaction((tx) => isGone(tx, connectionId));
    const { events, settings } = this.parts;
    for (let done = false; !done && !signal.aborted; ) {
      done = await scope.transaction((tx) =>
        gone ? events.clear(tx, connectionId) : events.prune(tx, connectionId, settings.keepEventsMs),
      );
    }
    if (signal.aborted && gone) await scope.transaction((tx) => this.parts.jobs.add(tx, TEND_TASK, connectionId));
  }

  /** What may be done now, and that does not change before the transaction has ended. */
  private async standing(tx: Transaction, connectionId: string): Promise<WebhookStanding> {
    await tx.rows(`select from talentbridge.connection c where ${tx.own('c')} and c.id = $1 for share`, [connectionId]);
    return standingOf(tx, this.parts, connectionId);
  }

  /** What is being made at this moment has to be there, or nobody would remove it. */
  private async untilNobodyTends(scope: OrganizationScope, connectionId: string): Promise<void> {
    for (;;) {
      const busy = await scope.transaction((tx) =>
        tx.row(
          `select from talentbridge.webhook_state s
           where ${tx.own('s')} and s.connection_id = $1 and s.tended_until > clock_timestamp()`,
          [connectionId],
        ),
      );
      if (!busy) return;
      await sleep(200);
    }
  }

  private baseUrl(): string | undefined {
    return this.parts.publicUrl?.()?.replace(/\/+$/, '');
  }

  /** Has what is stored of a connection that is going deleted, once nothing of it arrives any more. */
  async clearLater(tx: Transaction, connectionId: string): Promise<void> {
    const runAt = new Date(Date.now() + AFTER_LAST_DELIVERY_MS);
    await this.parts.jobs.add(tx, TEND_TASK, connectionId, { runAt });
  }

  /** Has a connection looked after, and what waits for it seen to, at once. */
  async wake(tx: Transaction, connectionId: string): Promise<void> {
    await this.parts.jobs.add(tx, TEND_TASK, connectionId);
    await this.processWaiting(tx, connectionId);
  }

  private async processWaiting(tx: Transaction, connectionId: string): Promise<void> {
    if (await this.parts.events.anyWaiting(tx, connectionId)) await this.parts.jobs.add(tx, PROCESS_TASK, connectionId);
  }
}

/** Why nothing is subscribed, as a sentence. */
export const NO_ADDRESS = 'This deployment has no public address to which the ATS could send what changes.';

function doesNotOpen(error: unknown): error is SealBrokenError | KeyMissingError {
  return error instanceof SealBrokenError || error instanceof KeyMissingError;
}

/** Why a subscription cannot be looked after whose secrets do not open, as a sentence; what arrives for it is refused meanwhile. */
function notOpened(error: SealBrokenError | KeyMissingError): string {
  const why =
    error instanceof KeyMissingError
      ? `were sealed with the key ${error.keyId}, which is not among the encryption keys. Add it to them.`
      : 'do not open, because they were changed. Restore the database, or remove the connection and connect again.';
  return `The secrets of the webhook subscription ${why} Until then nothing that the ATS tells is taken.`;
}
