import type { Logger } from 'pino';
import { ExportDestinations } from './capabilities/export/export-destinations.js';
import { ExportHistory } from './capabilities/export/export-history.js';
import { ExportLedger } from './capabilities/export/export-ledger.js';
import { ExportModule } from './capabilities/export/export-module.js';
import { ExportPreflight } from './capabilities/export/export-preflight.js';
import { ExportPreview } from './capabilities/export/export-preview.js';
import { exportSchema } from './capabilities/export/export-schema.js';
import { ExportVerification } from './capabilities/export/export-verification.js';
import { Exports } from './capabilities/export/exports.js';
import { JobList } from './capabilities/export/job-list.js';
import { Selections } from './capabilities/export/selections.js';
import { SinglePeople } from './capabilities/export/single-people.js';
import { AbandonedFiles } from './capabilities/rediscovery/attachments/abandoned-files.js';
import { attachmentSchema } from './capabilities/rediscovery/attachments/attachment-schema.js';
import type { Attachments } from './capabilities/rediscovery/attachments/attachments.js';
import { openAttachments } from './capabilities/rediscovery/attachments/open-attachments.js';
import { catchUp } from './capabilities/rediscovery/catch-up.js';
import { AttachmentContents } from './capabilities/rediscovery/data-copy/attachment-contents.js';
import { CopyWriter } from './capabilities/rediscovery/data-copy/copy-writer.js';
import { DataCopies } from './capabilities/rediscovery/data-copy/data-copies.js';
import { DataCopyLedger } from './capabilities/rediscovery/data-copy/data-copy-ledger.js';
import { DataCopyModule } from './capabilities/rediscovery/data-copy/data-copy-module.js';
import { dataCopySchema } from './capabilities/rediscovery/data-copy/data-copy-schema.js';
import { ErasedPeople, erasureKeys } from './capabilities/rediscovery/erased-people.js';
import { Erasures } from './capabilities/rediscovery/erasures.js';
import { candidatesMatchedWith, matchedProfiles } from './capabilities/rediscovery/matching/upkeep/matched-profiles.js';
import type { Matching } from './capabilities/rediscovery/matching/upkeep/matching.js';
import type { MatchingSettings } from './capabilities/rediscovery/matching/upkeep/matching-run.js';
import { matchingSchema } from './capabilities/rediscovery/matching/upkeep/matching-schema.js';
import { openMatching } from './capabilities/rediscovery/matching/upkeep/open-matching.js';
import { Mirror } from './capabilities/rediscovery/mirror.js';
import { mirrorContent } from './capabilities/rediscovery/mirror-content.js';
import { rediscoverySchema } from './capabilities/rediscovery/mirror-schema.js';
import { MirrorWriter } from './capabilities/rediscovery/mirror-writer.js';
import { RediscoveryModule } from './capabilities/rediscovery/rediscovery-module.js';
import type { CandidateSearch } from './capabilities/rediscovery/search/candidate-search.js';
import { openSearch, type SearchSettings } from './capabilities/rediscovery/search/open-search.js';
import type { ProfileSearch } from './capabilities/rediscovery/search/profile-search.js';
import { noSearchIndexes, type SearchIndexes } from './capabilities/rediscovery/search/search-engine.js';
import { searchSchema } from './capabilities/rediscovery/search/search-schema.js';
import { InsightsDrawing } from './capabilities/rediscovery/search/workbook/insights-drawing.js';
import { InsightsFiles } from './capabilities/rediscovery/search/workbook/insights-files.js';
import { SyncLedger } from './capabilities/rediscovery/sync-ledger.js';
import { defaultSyncSettings, type SyncSettings } from './capabilities/rediscovery/sync-settings.js';
import { arrivalsSchema } from './capabilities/system-connect/arrivals/arrivals-schema.js';
import { networkKeys } from './capabilities/system-connect/network-texts.js';
import { openSystemConnect } from './capabilities/system-connect/open-system-connect.js';
import type { PullingSettings } from './capabilities/system-connect/pulling/poll-run.js';
import { pullingSchema } from './capabilities/system-connect/pulling/pulling-schema.js';
import type { PushSettings } from './capabilities/system-connect/pushing/push-model.js';
import { pushingSchema } from './capabilities/system-connect/pushing/pushing-schema.js';
import type { SystemConnect } from './capabilities/system-connect/system-connect.js';
import { systemConnectSchema } from './capabilities/system-connect/system-connect-schema.js';
import { openWebhooks } from './capabilities/webhooks/open-webhooks.js';
import { sealedSecrets } from './capabilities/webhooks/subscription-store.js';
import type { WebhookSettings } from './capabilities/webhooks/webhook-settings.js';
import type { Webhooks } from './capabilities/webhooks/webhooks.js';
import { webhooksSchema } from './capabilities/webhooks/webhooks-schema.js';
import { Connection } from './connections/connection.entity.js';
import { ConnectionOpener } from './connections/connection-opener.js';
import { connectionSchema } from './connections/connection-schema.js';
import { Connections } from './connections/connections.js';
import { CredentialStore, sealedCredentials } from './connections/credential-store.js';
import { RequestLog } from './connections/request-log.js';
import { ContactReveals } from './directory/contacts/contact-reveals.js';
import { type ContactSource, storedContacts } from './directory/contacts/contact-source.js';
import { directorySchema } from './directory/directory-schema.js';
import { isDummyEmail } from './directory/dummy-email.js';
import { ProfileImport } from './directory/profile-import.js';
import { ProfileStore } from './directory/profile-store.js';
import { Profiles } from './directory/profiles.js';
import { Projects } from './directory/projects.js';
import { ResumeRenderer } from './directory/resume/resume-renderer.js';
import { Tags } from './directory/tags.js';
import { AuditLog } from './kernel/audit/audit-log.js';
import type { CapabilityModule } from './kernel/capabilities.js';
import type { Deployment } from './kernel/deployment.js';
import type { FileStore } from './kernel/files/file-store.js';
import { JobQueue } from './kernel/jobs/job-queue.js';
import { JobRunner } from './kernel/jobs/job-runner.js';
import { LostJobs } from './kernel/jobs/lost-jobs.js';
import { kernelSchema } from './kernel/kernel-schema.js';
import { Notifications } from './kernel/notifications.js';
import type { Caller } from './kernel/organizations/caller.js';
import { Entitlements } from './kernel/organizations/entitlements.js';
import { Paces } from './kernel/pace/paces.js';
import { Database, type DatabaseOptions } from './kernel/persistence/database.js';
import { migrate } from './kernel/persistence/migrate.js';
import type { OrganizationScope } from './kernel/persistence/organization-scope.js';
import { noTelemetry, type Telemetry } from './kernel/telemetry.js';
import type { KeyRing } from './kernel/vault/key-ring.js';
import type { SealedKind } from './kernel/vault/sealed-kind.js';
import { Vault } from './kernel/vault/vault.js';

/** What a hub is made of. */
export interface HubOptions {
  /** PostgreSQL, as a role that may create tables and roles. */
  readonly databaseUrl: string;
  readonly deployment: Deployment;
  readonly keys: KeyRing;
  /** Where files lie: those of mirrored candidates, and those that are uploaded. All processes have the same. */
  readonly files: FileStore;
  /** When the files of candidates are fetched: once somebody wants one, or as soon as the ATS lists it. Default: `lazy`. */
  readonly fetchFiles?: 'lazy' | 'eager';
  readonly logger: Logger;
  /** Default: none. */
  readonly telemetry?: Telemetry;
  /** Whom contact data is asked from. Default: what the host platform has stored with the profiles. */
  readonly contactSource?: ContactSource;
  /** How mirrors are kept. Default: `defaultSyncSettings`. */
  readonly sync?: Partial<SyncSettings>;
  /** Where this process keeps what it searches; no other process uses the same. Absent: it serves no searches. */
  readonly searchIndexes?: SearchIndexes;
  /** How people are searched. Default: `defaultSearchSettings`. */
  readonly search?: Partial<SearchSettings>;
  /** How candidates are matched with profiles. Default: `defaultMatchingSettings`. */
  readonly matching?: Partial<MatchingSettings>;
  /** How webhooks are kept. Default: `defaultWebhookSettings`. */
  readonly webhooks?: Partial<WebhookSettings>;
  /** How ATSs and networks are joined. Default of each: as System Connect has it. */
  readonly systemConnect?: { readonly pushing?: Partial<PushSettings>; readonly pulling?: Partial<PullingSettings> };
  /**
   * Where vendors reach this deployment, as `https://hub.example.com`; answers `undefined` while nobody knows yet. Absent: nowhere,
   * so that no webhooks are asked for.
   */
  readonly publicUrl?: () => string | undefined;
  /** Connections of the application's pool. Default 10. */
  readonly poolSize?: number;
  /** For the tests that prove each wall between organizations alone. */
  readonly isolation?: DatabaseOptions['isolation'];
}

/** How jobs run in this process. */
export interface WorkerOptions {
  /** Jobs at once. Default 4. */
  readonly concurrency?: number;
  /** Within which time another process takes over the jobs of one that died, in milliseconds. Default 30,000. */
  readonly takeoverMs?: number;
}

/** Everything the gateway may use: the services of the hub, put together once. */
export interface Hub {
  readonly deployment: Deployment;
  readonly connections: Connections;
  readonly entitlements: Entitlements;
  readonly exports: Exports;
  readonly exportDestinations: ExportDestinations;
  readonly exportHistory: ExportHistory;
  readonly exportPreview: ExportPreview;
  readonly exportPreflight: ExportPreflight;
  readonly mirror: Mirror;
  readonly attachments: Attachments;
  readonly dataCopies: DataCopies;
  readonly matching: Matching;
  readonly candidateSearch: CandidateSearch;
  readonly profileSearch: ProfileSearch;
  readonly insightsFiles: InsightsFiles;
  readonly webhooks: Webhooks;
  readonly systemConnect: SystemConnect;
  readonly profiles: Profiles;
  readonly contactReveals: ContactReveals;
  readonly profileImport: ProfileImport;
  readonly projects: Projects;
  readonly tags: Tags;
  readonly audit: AuditLog;
  readonly requests: RequestLog;
  readonly notifications: Notifications;
  /** One caller's way to the data of their organization. Close it when the operation ends. */
  scope(caller: Caller): OrganizationScope;
  isReady(): Promise<boolean>;
  /** Runs jobs in this process until the hub is closed. */
  startWorker(options?: WorkerOptions): Promise<void>;
  close(): Promise<void>;
}

/** Brings the database of a hub up to date. */
export function migrateHub(databaseUrl: string): Promise<void> {
  return migrate(databaseUrl, [
    ...kernelSchema,
    ...directorySchema,
    ...connectionSchema,
    ...exportSchema,
    ...rediscoverySchema,
    ...attachmentSchema,
    ...searchSchema,
    ...dataCopySchema,
    ...matchingSchema,
    ...webhooksSchema,
    ...systemConnectSchema,
    ...pushingSchema,
    ...pullingSchema,
    ...arrivalsSchema,
  ]);
}

/** Everything that a rotation of keys has to wrap anew. */
export const sealedKinds: readonly SealedKind[] = [sealedCredentials, erasureKeys, sealedSecrets, networkKeys];

/** Puts a hub together on a migrated database. */
export async function openHub(options: HubOptions): Promise<Hub> {
  const { deployment, logger, telemetry = noTelemetry } = options;
  const database = await Database.open({
    url: options.databaseUrl,
    entities: [Connection],
    ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
    ...(options.isolation === undefined ? {} : { isolation: options.isolation }),
  });
  const audit = new AuditLog();
  const jobs = new JobQueue();
  const notifications = new Notifications(options.databaseUrl, logger);
  await notifications.start();
  const entitlements = new Entitlements(deployment, audit);
  const vault = new Vault(options.keys);
  const credentials = new CredentialStore(vault);
  const erased = new ErasedPeople(vault);
  const requests = new RequestLog(database, logger, erased);
  const paces = new Paces(options.databaseUrl, notifications, logger);
  const opener = new ConnectionOpener(
    deployment,
    credentials,
    requests,
    paces,
    `${deployment.brand.replace(/[^\w.-]+/g, '')}/1.0 (TalentBridge)`,
    telemetry,
  );
  const profileStore = new ProfileStore();
  const projects = new Projects();
  const tags = new Tags();
  const resumes = new ResumeRenderer();
  const destinations = new ExportDestinations(entitlements, opener, new JobList());
  const selections = new Selections(profileStore, projects);
  const exports = new Exports({ destinations, selections, jobs, notifications, audit });
  const modules: CapabilityModule[] = [];
  const connections = new Connections({
    database,
    deployment,
    entitlements,
    credentials,
    opener,
    audit,
    jobs,
    modules,
  });
  modules.push(
    new ExportModule({
      database,
      deployment,
      entitlements,
      opener,
      ledger: new ExportLedger(profileStore),
      resumes,
      verification: new ExportVerification(deployment, tags),
      jobs,
      notifications,
      audit,
      logger,
      telemetry,
      reportFailure: (scope, connectionId, error) => connections.reportFailure(scope, connectionId, error),
    }),
  );
  const settings = { ...defaultSyncSettings, ...options.sync };
  const abandoned = new AbandonedFiles({ files: options.files, jobs, logger });
  const kept = openAttachments({
    database,
    entitlements,
    jobs,
    opener,
    audit,
    abandoned,
    logger,
    files: options.files,
    keys: options.keys,
    fetch: options.fetchFiles,
    reportFailure: (scope, connectionId, error) => connections.reportFailure(scope, connectionId, error),
  });
  const writer = new MirrorWriter(erased, kept.ledger, (tx, ids) => requests.forget(tx, ids));
  const ledger = new SyncLedger({ writer, erased, entitlements, jobs, notifications, settings });
  const copies = new DataCopyModule({
    database,
    opener,
    ledger: new DataCopyLedger({
      entitlements,
      writer: new CopyWriter(writer, erased, new AttachmentContents(abandoned, kept.ledger)),
      jobs,
      notifications,
    }),
    files: options.files,
    jobs,
    logger,
  });
  const matched = openMatching({
    database,
    entitlements,
    jobs,
    notifications,
    audit,
    logger,
    dummyEmailDomain: deployment.dummyEmailDomain,
    settings: options.matching,
  });
  modules.push(
    new RediscoveryModule({
      database,
      entitlements,
      opener,
      requests,
      ledger,
      jobs,
      settings,
      copies,
      files: kept.attachments,
      matching: matched,
      logger,
      reportFailure: (scope, connectionId, error) => connections.reportFailure(scope, connectionId, error),
    }),
  );
  const opened = openWebhooks({
    database,
    deployment,
    entitlements,
    modules: () => modules,
    vault,
    jobs,
    notifications,
    opener,
    logger,
    telemetry,
    publicUrl: options.publicUrl,
    settings: options.webhooks,
    records: (scope, connectionId, references) => hub.mirror.wake(scope, connectionId, references),
    gap: (scope, connectionId, gap) => catchUp(hub.mirror, scope, connectionId, gap),
    reportFailure: (scope, connectionId, error) => connections.reportFailure(scope, connectionId, error),
  });
  modules.push(opened.module);
  const isPlaceholder = (address: string): boolean => isDummyEmail(address, deployment.dummyEmailDomain);
  const joined = openSystemConnect({
    database,
    deployment,
    entitlements,
    vault,
    jobs,
    notifications,
    audit,
    opener,
    logger,
    mirror: mirrorContent,
    erased,
    webhooks: opened.webhooks,
    tellAddress: (tx, connectionId) => opened.module.reconsider(tx, [connectionId]),
    isPlaceholder,
    exporter: new SinglePeople(destinations, deployment.dummyEmailDomain),
    wake: (scope, connectionId, references) => hub.mirror.wake(scope, connectionId, references),
    pushing: options.systemConnect?.pushing,
    pulling: options.systemConnect?.pulling,
    reportFailure: (scope, connectionId, error) => connections.reportFailure(scope, connectionId, error),
  });
  modules.push(joined.module);
  const contactReveals = new ContactReveals({
    database,
    profiles: profileStore,
    projects,
    source: options.contactSource ?? storedContacts,
    isPlaceholder,
    jobs,
    notifications,
    audit,
    logger,
  });
  const search = openSearch({
    indexes: options.searchIndexes ?? noSearchIndexes,
    database,
    notifications,
    entitlements,
    opener,
    audit,
    logger,
    isPlaceholder,
    matchedProfiles,
    candidatesMatchedWith,
    settings: options.search,
  });
  const exportHistory = new ExportHistory();
  let worker: JobRunner | undefined;
  let lostJobs: LostJobs | undefined;
  const hub: Hub = {
    deployment,
    connections,
    entitlements,
    exports,
    exportDestinations: destinations,
    exportHistory,
    exportPreflight: new ExportPreflight(destinations, tags),
    exportPreview: new ExportPreview(destinations, selections, profileStore, deployment),
    mirror: new Mirror({
      entitlements,
      opener,
      ledger,
      writer,
      erasures: new Erasures({
        erased,
        writer,
        audit,
        keepers: [
          {
            table: 'request_log_entry',
            forget: (tx, { remoteId, applicationIds }) => requests.forget(tx, [remoteId, ...applicationIds]),
          },
          { table: 'export_item', forget: (tx, candidate) => exportHistory.forget(tx, candidate) },
          ...kept.keepers,
          ...copies.keepers,
          ...matched.keepers,
          { table: 'webhook_event', forget: (tx, candidate) => opened.webhooks.forget(tx, candidate) },
          ...joined.keepers,
        ],
      }),
      audit,
    }),
    attachments: kept.attachments,
    dataCopies: new DataCopies({ entitlements, opener, files: options.files, jobs, notifications, audit }),
    insightsFiles: new InsightsFiles({
      files: options.files,
      abandoned,
      keys: options.keys,
      drawing: new InsightsDrawing(),
      audit,
      entitlements,
    }),
    candidateSearch: search.candidateSearch,
    profileSearch: search.profileSearch,
    matching: matched.matching,
    webhooks: opened.webhooks,
    systemConnect: joined.systemConnect,
    profiles: new Profiles(profileStore, projects),
    contactReveals,
    profileImport: new ProfileImport(profileStore, audit),
    projects,
    tags,
    audit,
    requests,
    notifications,
    scope: (caller) => database.scope(caller),
    isReady: () => database.isReady(),
    startWorker: async (workerOptions = {}) => {
      const tasks = Object.assign(
        {},
        connections.tasks,
        contactReveals.tasks,
        kept.attachments.tasks,
        matched.matching.tasks,
        ...modules.map((module) => module.tasks),
      );
      worker ??= await JobRunner.start(database, { tasks, logger, telemetry, ...workerOptions });
      const work = [
        contactReveals.due,
        kept.attachments.due,
        matched.matching.due,
        ...modules.flatMap(({ due }) => due ?? []),
      ];
      lostJobs ??= new LostJobs({ database, work, jobs, logger });
    },
    close: async () => {
      await lostJobs?.close();
      await worker?.stop();
      await kept.attachments.close();
      await search.close();
      await hub.insightsFiles.close();
      opened.close();
      await opener.close();
      await paces.close();
      await requests.close();
      await resumes.close();
      await notifications.close();
      await database.close();
    },
  };
  return hub;
}
