import type { OpenedConnection } from '@talentbridge/plugin-host';
import type { Logger } from 'pino';
import type { CapabilityModule } from '../../kernel/capabilities.js';
import type { Deployment } from '../../kernel/deployment.js';
import type { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { noTelemetry, type Telemetry } from '../../kernel/telemetry.js';
import type { Vault } from '../../kernel/vault/vault.js';
import { EventProcessing, type RecordsListener } from './event-processing.js';
import { EventStore } from './event-store.js';
import { LiveSubscriptions } from './live-subscriptions.js';
import type { GapListener } from './missed-events.js';
import { SubscriptionStore } from './subscription-store.js';
import { SubscriptionTending } from './subscription-tending.js';
import { WebhookIntake } from './webhook-intake.js';
import { defaultWebhookSettings, type WebhookSettings } from './webhook-settings.js';
import { Webhooks } from './webhooks.js';
import { WebhooksModule } from './webhooks-module.js';

/** What webhooks are opened with. */
export interface OpenWebhooksOptions {
  readonly database: Database;
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  /** All capabilities that there are, these among them once they are open. */
  readonly modules: () => readonly CapabilityModule[];
  readonly vault: Vault;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly logger: Logger;
  /** Default: none. */
  readonly telemetry?: Telemetry;
  /** Where this deployment is reached from outside; answers `undefined` while nobody knows yet. Absent: nowhere. */
  readonly publicUrl: (() => string | undefined) | undefined;
  /** Default of each: `defaultWebhookSettings`. */
  readonly settings: Partial<WebhookSettings> | undefined;
  /** Reads records anew that an event named. */
  readonly records: RecordsListener;
  /** Sees to what no event told. */
  readonly gap: GapListener;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** Webhooks that are open. */
export interface OpenedWebhooks {
  readonly module: WebhooksModule;
  readonly webhooks: Webhooks;
  close(): void;
}

/** Puts webhooks together. */
export function openWebhooks(options: OpenWebhooksOptions): OpenedWebhooks {
  const { database, opener, notifications, publicUrl } = options;
  const settings = { ...defaultWebhookSettings, ...options.settings };
  const store = new SubscriptionStore(options.vault);
  const events = new EventStore(database);
  const live = new LiveSubscriptions({ database, store, opener, notifications, believeMs: settings.believeMs });
  const tending = new SubscriptionTending({ ...options, store, events, settings });
  const processing = new EventProcessing({ ...options, events });
  const intake = new WebhookIntake({
    subscriptions: live,
    events,
    telemetry: options.telemetry ?? noTelemetry,
    logger: options.logger,
  });
  return {
    module: new WebhooksModule({
      ...options,
      store,
      events,
      live,
      tending,
      processing,
      hasAddress: () => publicUrl?.() !== undefined,
    }),
    webhooks: new Webhooks({ ...options, intake, events }),
    close: () => live.close(),
  };
}
