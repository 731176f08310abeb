import 'reflect-metadata';
import type { NonEmptyArray } from 'type-graphql';
import { AuditResolver } from './audit/audit.resolver.js';
import { CatalogResolver } from './catalog/catalog.resolver.js';
import { ConnectionResolver } from './connections/connection.resolver.js';
import { RequestLogResolver } from './connections/request-log.resolver.js';
import { ContactRevealResolver } from './contacts/contact-reveal.resolver.js';
import { EntitlementResolver } from './entitlements/entitlement.resolver.js';
import { ExportResolver } from './exports/export.resolver.js';
import { ExportItemResolver } from './exports/export-item.resolver.js';
import { PreviewedCandidateResolver } from './exports/previewed-candidate.resolver.js';
import { JobResolver } from './jobs/job.resolver.js';
import { JobSourceResolver } from './jobs/job-source.resolver.js';
import {
  CandidateMatchResolver,
  MatchCountsResolver,
  MatchedCandidateResolver,
  PossibleMatchResolver,
} from './matching/match-fields.resolver.js';
import { MatchingResolver } from './matching/matching.resolver.js';
import { DataCopyResolver } from './mirror/data-copy.resolver.js';
import { ErasureResolver } from './mirror/erasure.resolver.js';
import { MirrorResolver } from './mirror/mirror.resolver.js';
import { MirroredAttachmentResolver } from './mirror/mirrored-attachment.resolver.js';
import { MirroredCandidateResolver } from './mirror/mirrored-candidate.resolver.js';
import { SyncRunResolver } from './mirror/sync-run.resolver.js';
import { ProfileResolver } from './profiles/profile.resolver.js';
import { ProjectResolver } from './projects/project.resolver.js';
import { CandidateSearchResolver } from './search/candidate-search.resolver.js';
import { CandidateHitResolver, ProfileHitResolver } from './search/hit-highlights.resolver.js';
import { InsightsFileResolver } from './search/insights-file.resolver.js';
import { ProfileSearchResolver } from './search/profile-search.resolver.js';
import { NetworkCandidateResolver, NetworkProfileResolver } from './system-connect/network-profile.resolver.js';
import { NewApplicationResolver } from './system-connect/new-application.resolver.js';
import { SystemConnectResolver } from './system-connect/system-connect.resolver.js';
import {
  ClosedMemberResolver,
  NetworkArrivalResolver,
  SystemConnectionResolver,
} from './system-connect/system-connection.resolver.js';
import { ViewerResolver } from './viewer/viewer.resolver.js';
import { WebhookStateResolver } from './webhooks/webhook-state.resolver.js';

/** A class with decorated resolver methods. */
// biome-ignore lint/complexity/noBannedTypes: the type that TypeGraphQL takes.
export type ResolverClass = Function;

/** Every resolver of the API. A new one is added here, and nowhere else in the gateway. */
export const resolvers: NonEmptyArray<ResolverClass> = [
  ViewerResolver,
  CatalogResolver,
  ConnectionResolver,
  EntitlementResolver,
  AuditResolver,
  RequestLogResolver,
  JobResolver,
  JobSourceResolver,
  ProjectResolver,
  ProfileResolver,
  ContactRevealResolver,
  ExportResolver,
  ExportItemResolver,
  PreviewedCandidateResolver,
  MirrorResolver,
  SyncRunResolver,
  MirroredCandidateResolver,
  MirroredAttachmentResolver,
  CandidateSearchResolver,
  ProfileSearchResolver,
  CandidateHitResolver,
  ProfileHitResolver,
  InsightsFileResolver,
  ErasureResolver,
  MatchingResolver,
  MatchedCandidateResolver,
  PossibleMatchResolver,
  CandidateMatchResolver,
  MatchCountsResolver,
  DataCopyResolver,
  WebhookStateResolver,
  SystemConnectResolver,
  SystemConnectionResolver,
  NetworkArrivalResolver,
  ClosedMemberResolver,
  NetworkCandidateResolver,
  NetworkProfileResolver,
  NewApplicationResolver,
];
