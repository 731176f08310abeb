import type { OpenedConnection } from '@talentbridge/plugin-host';
import type { Logger } from 'pino';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { type Deployment, installedPlugin } from '../../kernel/deployment.js';
import type { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { PersonExporter } from '../../kernel/person-exporter.js';
import { ArrivalIntake } from './arrivals/arrival-intake.js';
import { ArrivalLedger, type ArrivalLedgerParts } from './arrivals/arrival-ledger.js';
import type { ArrivalRunParts } from './arrivals/arrival-run.js';
import { Arrivals } from './arrivals/arrivals.js';
import type { ErasedMembers } from './erased-members.js';
import type { MirrorContent } from './mirror-content.js';
import type { NetworkTexts } from './network-texts.js';
import { NewApplications, type NewApplicationsParts } from './new-applications.js';
import { ClosedMembers } from './pulling/closed-members.js';
import { NetworkItems } from './pulling/network-items.js';
import { PollLedger } from './pulling/poll-ledger.js';
import { defaultPullingSettings, type PollRunParts, type PullingSettings } from './pulling/poll-run.js';
import { Pulling } from './pulling/pulling.js';

/** What everything that comes from the network works with. */
export interface OpenInboundOptions {
  readonly database: Database;
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
  readonly logger: Logger;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
  readonly texts: NetworkTexts;
  readonly erasedMembers: ErasedMembers;
  readonly mirror: Pick<MirrorContent, 'idsNamed'>;
  /** What sends people into an ATS. */
  readonly exporter: PersonExporter;
  readonly wake: ArrivalRunParts['wake'];
  readonly setAdded: ArrivalLedgerParts['setAdded'];
  readonly forgetLink: ArrivalLedgerParts['forgetLink'];
  readonly connectNow: NewApplicationsParts['connectNow'];
  readonly seatGone: PollRunParts['seatGone'];
  /** Default of each: `defaultPullingSettings`. */
  readonly pulling?: Partial<PullingSettings>;
}

/** Everything that comes from the network. */
export interface Inbound {
  readonly pulling: Pulling;
  readonly arrivals: Arrivals;
  readonly newApplications: NewApplications;
}

/** Puts together what comes from the network. */
export function openInbound(options: OpenInboundOptions): Inbound {
  const { deployment, texts, erasedMembers } = options;
  const intake = new ArrivalIntake({ ...options, erased: erasedMembers });
  const polls = new PollLedger(options);
  return {
    pulling: new Pulling({
      ...options,
      ledger: polls,
      items: new NetworkItems(texts, erasedMembers),
      closedMembers: new ClosedMembers(polls, options.mirror),
      settings: { ...defaultPullingSettings, ...options.pulling },
      pulled: (tx, { id, name, pluginId }, page) =>
        intake.pulled(tx, id, installedPlugin(deployment, pluginId)?.displayName ?? name, page),
    }),
    arrivals: new Arrivals({ ...options, intake, ledger: new ArrivalLedger({ ...options, erased: erasedMembers }) }),
    newApplications: new NewApplications(options),
  };
}
