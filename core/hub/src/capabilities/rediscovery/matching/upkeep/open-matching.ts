import type { Logger } from 'pino';
import type { AuditLog } from '../../../../kernel/audit/audit-log.js';
import type { JobQueue } from '../../../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../../../kernel/notifications.js';
import { systemCaller } from '../../../../kernel/organizations/caller.js';
import type { Entitlements } from '../../../../kernel/organizations/entitlements.js';
import type { Database } from '../../../../kernel/persistence/database.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import type { ErasureKeeper } from '../../erasures.js';
import { MatchThread } from './match-thread.js';
import { Matching } from './matching.js';
import { MatchingLedger } from './matching-ledger.js';
import { defaultMatchingSettings, MatchingRun, type MatchingSettings } from './matching-run.js';
import { ProfileIndexes } from './profile-indexes.js';
import { matchKeepers } from './verdicts.js';

/** What candidates are matched with. */
export interface MatchingOptions {
  readonly database: Database;
  readonly entitlements: Entitlements;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
  readonly logger: Logger;
  /** The domain of the addresses that exports make up: these match nobody. */
  readonly dummyEmailDomain: string;
  /** Default: `defaultMatchingSettings`. */
  readonly settings?: Partial<MatchingSettings> | undefined;
}

/** Matching, put together. */
export interface OpenedMatching {
  readonly matching: Matching;
  readonly keepers: readonly ErasureKeeper[];
  /** Connections can be used again. */
  resume(tx: Transaction): Promise<void>;
  close(): Promise<void>;
}

/** Puts together what matches the candidates of mirrors with profiles. */
export function openMatching(options: MatchingOptions): OpenedMatching {
  const { database, entitlements, audit, logger, dummyEmailDomain } = options;
  const settings = { ...defaultMatchingSettings, ...options.settings };
  const ledger = new MatchingLedger(options);
  const thread = new MatchThread({ dummyEmailDomain });
  const indexes = new ProfileIndexes(thread, settings.mostProfiles);
  const matching = new Matching({
    entitlements,
    ledger,
    audit,
    logger,
    work: async (organizationId, signal) => {
      await using scope = database.scope(systemCaller(organizationId));
      const run = new MatchingRun({ entitlements, indexes, thread, ledger, settings }, scope, signal);
      await run.run();
    },
    workNow: async (organizationId) => {
      await using scope = database.scope(systemCaller(organizationId));
      await ledger.now(scope);
    },
  });
  return {
    matching,
    keepers: matchKeepers,
    resume: (tx) => ledger.resume(tx),
    close: () => thread.close(),
  };
}
