import type { OpenedConnection } from '@talentbridge/plugin-host';
import type { Logger } from 'pino';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { callContext } from '../../kernel/call-context.js';
import type { CapabilityModule } from '../../kernel/capabilities.js';
import type { Deployment } from '../../kernel/deployment.js';
import type { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { PersonExporter } from '../../kernel/person-exporter.js';
import type { Vault } from '../../kernel/vault/vault.js';
import { ErasedMembers, type ErasedPeople } from './erased-members.js';
import type { MirrorContent } from './mirror-content.js';
import { networkKeepers } from './network-keepers.js';
import { NetworkProfiles } from './network-profiles.js';
import { NetworkTexts } from './network-texts.js';
import { type OpenInboundOptions, openInbound } from './open-inbound.js';
import { Pairs } from './pairs.js';
import type { PullingSettings } from './pulling/poll-run.js';
import { openPushing } from './pushing/open-pushing.js';
import type { PushSettings } from './pushing/push-model.js';
import { Seats } from './seats.js';
import { SystemConnect, type SystemConnectParts } from './system-connect.js';
import { SystemConnectModule } from './system-connect-module.js';
import type { NetworkKeeper, SystemConnectPart } from './system-connect-part.js';
import { Watch } from './watch.js';

/** How long a network may take to tell its seats, when one of them turned out to be none any more. */
const SEATS_WITHIN_MS = 30_000;

/** What System Connect is opened with. */
export interface OpenSystemConnectOptions {
  readonly database: Database;
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  readonly vault: Vault;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly logger: Logger;
  readonly webhooks: SystemConnectParts['webhooks'];
  /** Has the network told once more where the hub is reached: what it refused before it may take now. */
  readonly tellAddress: (tx: Transaction, connectionId: string) => Promise<void>;
  /** What mirrors hold. */
  readonly mirror: MirrorContent;
  readonly erased: ErasedPeople;
  /** Whether an address stands for none. */
  readonly isPlaceholder: (address: string) => boolean;
  /** What sends people into an ATS. */
  readonly exporter: PersonExporter;
  /** Has records of an ATS read anew. */
  readonly wake: OpenInboundOptions['wake'];
  /** Default of each: `defaultPushSettings`. */
  readonly pushing?: Partial<PushSettings> | undefined;
  /** Default of each: `defaultPullingSettings`. */
  readonly pulling?: Partial<PullingSettings> | undefined;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** System Connect, put together. */
export interface OpenedSystemConnect {
  readonly module: CapabilityModule;
  readonly systemConnect: SystemConnect;
  readonly keepers: readonly NetworkKeeper[];
}

/** Puts System Connect together. */
export function openSystemConnect(options: OpenSystemConnectOptions): OpenedSystemConnect {
  const texts = new NetworkTexts(options.vault);
  const erasedMembers = new ErasedMembers(options.erased);
  const { pushing, links } = openPushing({ ...options, settings: options.pushing });
  const { pulling, arrivals, newApplications } = openInbound({
    ...options,
    texts,
    erasedMembers,
    pulling: options.pulling ?? {},
    setAdded: (tx, connectionId, remoteId, member) => links.setAdded(tx, connectionId, remoteId, member),
    forgetLink: (tx, connectionId, remoteId) => links.forget(tx, connectionId, [remoteId]),
    connectNow: (scope, connectionId, remoteIds, limitMs) =>
      pushing.connectNow(scope, connectionId, remoteIds, limitMs),
    seatGone: (scope, connectionId) =>
      watch.lookAtOldSeats(scope, connectionId, callContext('background', SEATS_WITHIN_MS), 0),
  });
  const parts: readonly SystemConnectPart[] = [pushing, pulling, arrivals, newApplications];
  const pairs: Pairs = new Pairs({
    ...options,
    texts,
    parts,
    paired: (tx, connectionId) => watch.begin(tx, connectionId),
    viewersChanged: (tx, connectionId) => pushing.viewersChanged(tx, connectionId),
  });
  const watch = new Watch({
    ...options,
    name: options.deployment.brand,
    seatsChanged: (tx, connectionId) => pushing.seatsChanged(tx, connectionId),
    switched: async (tx, connectionId) => {
      await options.tellAddress(tx, connectionId);
      await pairs.resume(tx, connectionId);
    },
  });
  return {
    module: new SystemConnectModule({
      ...options,
      pairs,
      watch,
      parts,
      exported: (scope, connectionId, requestIds) => arrivals.exported(scope, connectionId, requestIds),
    }),
    systemConnect: new SystemConnect({
      ...options,
      pairs,
      watch,
      seats: new Seats(options),
      profiles: new NetworkProfiles({ ...options, texts, watch }),
      links,
      pulling,
      arrivals,
      newApplications,
    }),
    // Who finds what they keep by a link comes before the links go.
    keepers: [...parts.flatMap(({ keepers }) => keepers ?? []), ...networkKeepers(erasedMembers)],
  };
}
