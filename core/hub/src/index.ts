/**
 * The hub: everything between the gateway and the plugins, without GraphQL and without the name of any vendor.
 *
 * @packageDocumentation
 */

export type { Adjustment } from '@talentbridge/plugin-host';
export type { ExportDestinations } from './capabilities/export/export-destinations.js';
export type { ExportedTo, ExportHistory } from './capabilities/export/export-history.js';
export {
  EXPORT_STATUSES,
  type ExportCounts,
  type ExportItemRecord,
  type ExportOptions,
  type ExportRecord,
  type ExportStatus,
  ITEM_OUTCOMES,
  type ItemOutcome,
} from './capabilities/export/export-model.js';
export type { ExportPreflight, Preflight } from './capabilities/export/export-preflight.js';
export type {
  Expectation,
  ExportPreview,
  PreviewedCandidate,
  PreviewOrder,
} from './capabilities/export/export-preview.js';
export type { ExportOrder, Exports, Settlement } from './capabilities/export/exports.js';
export { EXPORT_TOPIC } from './capabilities/export/exports.js';
export type { Selection } from './capabilities/export/selections.js';
export {
  ATTACHMENT_STATES,
  type AttachmentContent,
  type AttachmentLink,
  type AttachmentState,
  type LinkedAttachment,
  type ReadAttachmentText,
  TEXT_STATES,
  type TextState,
} from './capabilities/rediscovery/attachments/attachment-model.js';
export type { Attachments, OpenedFile } from './capabilities/rediscovery/attachments/attachments.js';
export {
  FileLinkExpiredError,
  FileLinkInvalidError,
  type FileTicket,
} from './capabilities/rediscovery/attachments/file-links.js';
export type { DataCopies } from './capabilities/rediscovery/data-copy/data-copies.js';
export {
  DATA_COPY_FILE_STATUSES,
  DATA_COPY_STATUSES,
  DATA_COPY_TOPIC,
  type DataCopyCounts,
  type DataCopyFileRecord,
  type DataCopyFileStatus,
  type DataCopyRecord,
  type DataCopyStatus,
  type UploadedFile,
} from './capabilities/rediscovery/data-copy/data-copy-model.js';
export type { Field as MatchField, Level as MatchLevel } from './capabilities/rediscovery/matching/levels.js';
export { LEVELS as MATCH_LEVELS } from './capabilities/rediscovery/matching/levels.js';
export type {
  Decision,
  Evidence,
  MatchBasis,
  ReviewReason,
  ScoredProfile,
  UnmatchedReason,
} from './capabilities/rediscovery/matching/match-decision.js';
export {
  MATCHING_TOPIC,
  type MatchCounts,
  type MatchingState,
  type MatchRecord,
} from './capabilities/rediscovery/matching/upkeep/match-model.js';
export type { Matching } from './capabilities/rediscovery/matching/upkeep/matching.js';
export type { MatchingSettings } from './capabilities/rediscovery/matching/upkeep/matching-run.js';
export type { Mirror } from './capabilities/rediscovery/mirror.js';
export {
  type CandidateData,
  type ErasureCertificate,
  MIRROR_TOPIC,
  type MirrorApplicationRecord,
  type MirrorAttachmentRecord,
  type MirrorCandidateRecord,
  type MirrorJobQuery,
  type MirrorJobRecord,
  type MirrorState,
  type PendingDeletions,
  SYNC_KINDS,
  SYNC_RUN_TOPIC,
  SYNC_STATUSES,
  SYNC_TRIGGERS,
  type SyncCounts,
  type SyncCountsByKind,
  type SyncIssueRecord,
  type SyncKind,
  type SyncRunRecord,
  type SyncStatus,
  type SyncTrigger,
  type WakeReport,
} from './capabilities/rediscovery/mirror-model.js';
export type { CandidateQuery, CandidateSearch } from './capabilities/rediscovery/search/candidate-search.js';
export type { InsightsRequest } from './capabilities/rediscovery/search/count-insights.js';
export {
  type EmbeddedIndexes,
  type EmbeddedIndexesOptions,
  embeddedIndexes,
} from './capabilities/rediscovery/search/embedded/embedded-indexes.js';
export type { ExplainedClause } from './capabilities/rediscovery/search/explain-query.js';
export type { FieldKind } from './capabilities/rediscovery/search/fields.js';
export type { SearchFilter } from './capabilities/rediscovery/search/filters.js';
export type { IndexingProgress } from './capabilities/rediscovery/search/index/live-index.js';
export { SearchBusyError } from './capabilities/rediscovery/search/index/search-turns.js';
export type { InsightDimension, Insights, InsightValue } from './capabilities/rediscovery/search/insights.js';
export type { OfferedFilter, OfferedValue } from './capabilities/rediscovery/search/offered-filters.js';
export type { SearchSettings } from './capabilities/rediscovery/search/open-search.js';
export type {
  PeopleFound,
  PeopleQuery,
  PeopleSearched,
  PreparedSearch,
  QueryRefused,
  SearchWish,
} from './capabilities/rediscovery/search/people-search.js';
export type { ProfileSearch } from './capabilities/rediscovery/search/profile-search.js';
export {
  QUERY_PROBLEMS,
  type QueryProblem,
  type QueryProblemCode,
} from './capabilities/rediscovery/search/query/query-problem.js';
export {
  type SearchEngine,
  type SearchIndexes,
  type SearchOrder,
  SearchTooLongError,
} from './capabilities/rediscovery/search/search-engine.js';
export type { Snippet } from './capabilities/rediscovery/search/snippets.js';
export {
  INSIGHTS_FORMATS,
  type InsightsFiles,
  type InsightsFormat,
  type InsightsLink,
  type OpenedInsights,
} from './capabilities/rediscovery/search/workbook/insights-files.js';
export type { InsightsAbout, InsightsPaper } from './capabilities/rediscovery/search/workbook/insights-report.js';
export type { SyncSettings } from './capabilities/rediscovery/sync-settings.js';
export {
  ARRIVAL_SOURCES,
  ARRIVAL_STATES,
  type ArrivalOutcome,
  type ArrivalQuery,
  type ArrivalRecord,
  type ArrivalSource,
  type ArrivalState,
} from './capabilities/system-connect/arrivals/arrival-model.js';
export type { ArrivalSettlement } from './capabilities/system-connect/arrivals/arrivals.js';
export type { CandidateOfPair } from './capabilities/system-connect/links.js';
export type { MirroredPerson } from './capabilities/system-connect/network-profiles.js';
export type { NewApplication } from './capabilities/system-connect/new-applications.js';
export type { PairOrder } from './capabilities/system-connect/pairs.js';
export type { ClosedMemberRecord } from './capabilities/system-connect/pulling/closed-members.js';
export type { PollState } from './capabilities/system-connect/pulling/poll-ledger.js';
export type { PullingSettings } from './capabilities/system-connect/pulling/poll-run.js';
export type {
  KindProgress,
  PushProgress,
  PushSettings,
  RefusedRecord,
} from './capabilities/system-connect/pushing/push-model.js';
export type { SeatOrder } from './capabilities/system-connect/seats.js';
export type { PairProgress, SystemConnect } from './capabilities/system-connect/system-connect.js';
export {
  type ConnectStep,
  ITEM_KINDS,
  ITEM_REFUSALS,
  type ItemContent,
  type ItemKind,
  type ItemRefusal,
  JOB_VIEWERS,
  type JobViewers,
  LINK_KINDS,
  type LinkKind,
  MISSING_EMAIL_RULES,
  type MissingEmailRule,
  NEW_APPLICATIONS_TOPIC,
  type NetworkItem,
  type NetworkLink,
  type NetworkProfile,
  type SeatRecord,
  type ShownSeat,
  type ShownWidget,
  STEP_STATUSES,
  type StepStatus,
  SYSTEM_CONNECT_TOPIC,
  type SystemPair,
} from './capabilities/system-connect/system-connect-model.js';
export type { DeliveryAnswer } from './capabilities/webhooks/webhook-intake.js';
export { WEBHOOK_STATUSES, type WebhookState, type WebhookStatus } from './capabilities/webhooks/webhook-model.js';
export type { WebhookSettings } from './capabilities/webhooks/webhook-settings.js';
export type { Webhooks } from './capabilities/webhooks/webhooks.js';
export { CONNECTION_STATUSES, type Connection, type ConnectionStatus } from './connections/connection.entity.js';
export type { EnteredFields } from './connections/connection-form.js';
export type { Connections } from './connections/connections.js';
export type { RequestLog, RequestLogEntry } from './connections/request-log.js';
export { requirementsOf, SETUP_STEPS, type SetupStep, setupStepOf } from './connections/setup-step.js';
export type { VerificationReport } from './connections/verification-report.js';
export {
  CONTACT_REVEAL_STATUSES,
  type ContactRevealFailure,
  type ContactRevealRecord,
  type ContactRevealStatus,
} from './directory/contacts/contact-reveal.js';
export { CONTACT_REVEAL_TOPIC } from './directory/contacts/contact-reveal-ledger.js';
export type { ContactRevealOrder, ContactReveals } from './directory/contacts/contact-reveals.js';
export type {
  ContactAnswer,
  ContactFailure,
  ContactKind,
  ContactQuestion,
  ContactReply,
  ContactSource,
  ContactSourceClosed,
  FoundEmail,
  FoundPhone,
} from './directory/contacts/contact-source.js';
export { isDummyEmail } from './directory/dummy-email.js';
export { ImportFileError } from './directory/import/import-file-error.js';
export type { ByteSource, RefusedRow } from './directory/import/import-row.js';
export type { ImportFormat } from './directory/import/read-import.js';
export { refusedRowsCsv } from './directory/import/refused-rows-csv.js';
export type { Profile } from './directory/profile.js';
export type { ImportReport, ProfileImport } from './directory/profile-import.js';
export type { RefusalReason } from './directory/profile-input.js';
export type { StoredProfile, UpsertCounts } from './directory/profile-store.js';
export type { Profiles } from './directory/profiles.js';
export type { Project, ProjectInput, Projects } from './directory/projects.js';
export type { Tags } from './directory/tags.js';
export { type Hub, type HubOptions, migrateHub, openHub, type WorkerOptions } from './hub.js';
export type { AuditEvent, AuditLog } from './kernel/audit/audit-log.js';
export {
  type Check,
  type CheckStatus,
  comesAlong,
  type TestCandidate,
  type TestTarget,
} from './kernel/capabilities.js';
export { type Deployment, installedPlugin, TIERS, type Tier, type TierGrants } from './kernel/deployment.js';
export {
  CapabilityOffError,
  type InputProblem,
  InvalidInputError,
  NotFoundError,
  type SwitchHolder,
  WrongStateError,
} from './kernel/errors.js';
export { DiskFileStore } from './kernel/files/disk-file-store.js';
export { FileMissingError, type FileStore, FileTooLargeError, type StoredFile } from './kernel/files/file-store.js';
export type { Notifications } from './kernel/notifications.js';
export { type Caller, ROLES, type Role } from './kernel/organizations/caller.js';
export type {
  Availability,
  AvailabilityOf,
  EntitlementOverview,
  Entitlements,
  OrganizationEntitlement,
} from './kernel/organizations/entitlements.js';
export { isUuid, type OrganizationScope } from './kernel/persistence/organization-scope.js';
export type { Page, PageRequest } from './kernel/persistence/page.js';
export { type Telemetry, traced } from './kernel/telemetry.js';
export { KeyRing } from './kernel/vault/key-ring.js';
export type { KeyRotationProgress, KeyRotationReport, LeftCredential } from './kernel/vault/key-rotation.js';
export { type RotateKeysOptions, rotateKeys } from './rotate-keys.js';
