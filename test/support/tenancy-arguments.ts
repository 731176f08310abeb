import { randomUUID } from 'node:crypto';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Variables } from './running-system.ts';
import { type Holder, keyOf } from './tenancy-records.ts';
import type { RootField } from './whole-operation.ts';

// Every root field has its place here: as long as one is missing, test/e2e/tenancy.test.ts fails.

/** What an argument names. */
export type Kind = Exclude<keyof Holder, 'client' | 'mark' | 'seat'> | 'cursor' | { readonly nobodys: string };

/** By `field.argument`, or for any field by the argument's own name. What is missing here fails the test. */
const kinds: Readonly<Record<string, Kind>> = {
  'connection.id': 'connection',
  'cancelDataCopy.id': 'dataCopy',
  'contactReveal.id': 'contactReveal',
  'dataCopy.id': 'dataCopy',
  'export.id': 'export',
  'eraseCandidate.id': 'candidate',
  'erasureCertificate.id': 'erasure',
  'mirroredAttachment.id': 'attachment',
  'mirroredCandidate.id': 'candidate',
  'profile.id': 'profile',
  'project.id': 'project',
  'startDataCopy.id': 'dataCopy',
  'syncRun.id': 'syncRun',
  'upsertProfiles.key': 'otherProfileKey',
  'upsertProjects.key': 'projectKey',
  ...Object.fromEntries(
    [
      'systemConnection',
      'pairSystems',
      'unpairSystems',
      'refreshSystemConnection',
      'connectSeat',
      'disconnectSeat',
      'systemConnectionChanged',
    ].map((field) => [`${field}.connectionId`, 'network' as const]),
  ),
  'settleArrival.candidateRemoteId': { nobodys: 'an admin types what the ATS shows' },
  arrivalId: 'arrival',
  atsConnectionId: 'connection',
  candidateId: 'candidate',
  connectionId: 'connection',
  contactRevealId: 'contactReveal',
  exportId: 'export',
  itemId: 'item',
  itemIds: 'item',
  profileId: 'profile',
  profileIds: 'profile',
  projectId: 'project',
  profileKeys: 'profileKey',
  idempotencyKey: 'idempotencyKey',
  jobId: 'job',
  runId: 'syncRun',
  // An operator may name any organization, and nobody else any.
  organizationId: 'organization',
  after: 'cursor',
  pluginId: { nobodys: 'the catalog is the same for everybody' },
  remoteId: { nobodys: 'an admin types what a vendor shows' },
  seatId: { nobodys: 'networks name their seats' },
  member: { nobodys: 'networks name their members' },
  userId: { nobodys: 'the host platform names its users' },
};

/** Which record's cursor a list takes; a connection's, unless it stands here. */
export const cursorRecords: Readonly<
  Record<string, 'candidate' | 'profile' | 'project' | 'export' | 'contactReveal' | 'syncRun' | 'dataCopy'>
> = {
  matchesToReview: 'candidate',
  contactReveals: 'contactReveal',
  profiles: 'profile',
  projects: 'project',
  exports: 'export',
  dataCopies: 'dataCopy',
  syncRuns: 'syncRun',
};

/** Each organization has a key of its own, so that traces of it can be looked for. */
const credentials = (holder: Holder) => [{ name: 'apiKey', value: keyOf(holder.client.id) }];

/** Arguments with which a field works for its own organization, by field. What is missing here fails the test. */
export const validArguments: Readonly<Record<string, (own: Holder) => Variables>> = {
  connections: () => ({}),
  connection: ({ connection }) => ({ id: connection }),
  auditLog: () => ({}),
  requestLog: ({ connection }) => ({ connectionId: connection }),
  jobs: ({ connection }) => ({ connectionId: connection }),
  projects: () => ({}),
  project: ({ project }) => ({ id: project }),
  profiles: ({ project }) => ({ projectId: project }),
  profile: ({ profile }) => ({ id: profile }),
  exports: ({ connection }) => ({ connectionId: connection }),
  export: (own) => ({ id: own.export }),
  exportFields: ({ connection }) => ({ connectionId: connection }),
  exportPreflight: ({ connection }) => ({ connectionId: connection }),
  rediscoverySearch: ({ connection }) => ({ connectionId: connection }),
  rediscoverySearchFields: ({ connection }) => ({ connectionId: connection }),
  profileSearch: () => ({}),
  mirror: ({ connection }) => ({ connectionId: connection }),
  mirroredJobs: ({ connection }) => ({ connectionId: connection }),
  candidates: ({ connection }) => ({ connectionId: connection }),
  mirroredCandidate: ({ candidate }) => ({ id: candidate }),
  mirroredAttachment: ({ attachment }) => ({ id: attachment }),
  syncRuns: ({ connection }) => ({ connectionId: connection }),
  syncRun: ({ syncRun }) => ({ id: syncRun }),
  dataCopies: ({ connection }) => ({ connectionId: connection }),
  dataCopy: ({ dataCopy }) => ({ id: dataCopy }),
  // JobScore makes no copies: it gets as far as its connection.
  importDataCopy: ({ connection }) => ({ input: { connectionId: connection } }),
  startDataCopy: ({ dataCopy }) => ({ id: dataCopy }),
  cancelDataCopy: ({ dataCopy }) => ({ id: dataCopy }),
  startSync: ({ connection }) => ({ connectionId: connection }),
  cancelSync: ({ syncRun }) => ({ runId: syncRun }),
  approveDeletions: ({ syncRun }) => ({ runId: syncRun, approve: true }),
  eraseCandidate: ({ candidate }) => ({ id: candidate }),
  matchesToReview: ({ connection }) => ({ connectionId: connection }),
  confirmMatch: ({ candidate, profile }) => ({ candidateId: candidate, profileId: profile }),
  undoMatch: ({ candidate, profile }) => ({ candidateId: candidate, profileId: profile }),
  erasureCertificate: ({ erasure }) => ({ id: erasure }),
  syncProgress: ({ connection, syncRun }) => ({ connectionId: connection, runId: syncRun }),
  createConnection: () => ({ input: { pluginId: 'jobscore', capabilities: ['EXPORT'] } }),
  acknowledgeRequirements: ({ connection }) => ({ connectionId: connection }),
  submitCredentials: (own) => ({
    input: { connectionId: own.connection, credentials: credentials(own), testTarget: { jobId: own.job } },
  }),
  verifyConnection: (own) => ({ input: { connectionId: own.connection, testTarget: { jobId: own.job } } }),
  updateConnection: (own) => ({
    input: { connectionId: own.connection, credentials: credentials(own), testTarget: { jobId: own.job } },
  }),
  finishConnection: ({ connection }) => ({ connectionId: connection }),
  removeConnection: ({ connection }) => ({ connectionId: connection }),
  setCapability: () => ({ input: { pluginId: 'jobscore', capability: 'EXPORT', enabled: true } }),
  setEntitlement: ({ organization }) => ({ input: { organizationId: organization, tier: 'ENTERPRISE' } }),
  upsertProfiles: ({ profileKey }) => ({ profiles: [{ key: profileKey, fullName: 'Up Serted' }] }),
  upsertProjects: ({ projectKey, profileKey }) => ({
    projects: [{ key: projectKey, name: 'Upserted', profileKeys: [profileKey] }],
  }),
  revealContacts: ({ profile, project }) => ({
    input: { profileIds: [profile], projectId: project, kinds: ['EMAIL', 'PHONE'], idempotencyKey: randomUUID() },
  }),
  contactReveals: () => ({}),
  contactReveal: ({ contactReveal }) => ({ id: contactReveal }),
  cancelContactReveal: ({ contactReveal }) => ({ contactRevealId: contactReveal }),
  contactRevealProgress: ({ contactReveal }) => ({ contactRevealId: contactReveal }),
  previewExport: ({ connection, profile, project }) => ({
    input: { connectionId: connection, profileIds: [profile], projectId: project },
  }),
  exportCandidates: ({ connection, profile, project, job }) => ({
    input: {
      connectionId: connection,
      profileIds: [profile],
      projectId: project,
      target: { jobId: job },
      idempotencyKey: randomUUID(),
    },
  }),
  retryExport: (own) => ({ exportId: own.export }),
  cancelExport: (own) => ({ exportId: own.export }),
  settleExportItem: ({ item }) => ({ input: { itemId: item, verdict: 'NOT_ARRIVED' } }),
  exportProgress: (own) => ({ exportId: own.export }),
  systemConnections: () => ({}),
  systemConnection: ({ network }) => ({ connectionId: network }),
  pairSystems: ({ network, connection }) => ({ input: { connectionId: network, atsConnectionId: connection } }),
  unpairSystems: ({ network }) => ({ connectionId: network }),
  refreshSystemConnection: ({ network }) => ({ connectionId: network }),
  connectSeat: ({ network, seat }) => ({ input: { connectionId: network, seatId: seat } }),
  disconnectSeat: ({ network, seat }) => ({ input: { connectionId: network, seatId: seat } }),
  linkProfile: ({ candidate }) => ({ input: { candidateId: candidate, member: 'urn:li:person:a1b2c3d4' } }),
  unlinkProfile: ({ candidate }) => ({ candidateId: candidate }),
  retryArrival: ({ arrival }) => ({ arrivalId: arrival }),
  settleArrival: ({ arrival }) => ({ input: { arrivalId: arrival } }),
  recentApplications: () => ({}),
  systemConnectionChanged: ({ network }) => ({ connectionId: network }),
};

/**
 * Arguments of fields below the first level that look like ids. `items(after:)` holds a position, `issues(after:)` a bound
 * within the issues of one run, and those of `SystemConnection` one within its own network. Those of `explanation` are tried below.
 */
export const argumentsBelow: readonly string[] = [
  'Export.items(after:)',
  'SyncRun.issues(after:)',
  'CandidatesFound.explanation(candidateId:)',
  'ProfilesFound.explanation(profileId:)',
  'SystemConnection.refusedRecords(after:)',
  'SystemConnection.arrivals(after:)',
];

/** A place of a field's arguments that takes an id. */
export interface Place {
  /** `input`, `profileIds`, `[]`. */
  readonly path: readonly string[];
  readonly name: string;
}

/** Every place of an argument that takes an id, or what stands for a record. */
export function placesIn(
  argument: GraphQLArgument | GraphQLInputField,
  above: readonly string[] = [],
): readonly Place[] {
  const path = [...above, argument.name];
  let type = argument.type;
  while (isNonNullType(type) || isListType(type)) {
    if (isListType(type)) path.push('[]');
    type = type.ofType;
  }
  if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap((field) => placesIn(field, path));
  const standsForARecord =
    getNamedType(type).name === 'ID' || /(^|[a-z])(id|ids|key|keys)$|^after$/i.test(argument.name);
  return standsForARecord ? [{ path, name: argument.name }] : [];
}

/** What a place of a field takes; `undefined`: nobody said so. */
export const kindOf = (field: RootField, { name }: Place): Kind | undefined =>
  kinds[`${field.name}.${name}`] ?? kinds[name];

/** The same variables with another value in one place; a list holds that value alone. */
export function withValue(variables: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (step === '[]') return [withValue(Array.isArray(variables) ? variables[0] : undefined, rest, value)];
  const object = typeof variables === 'object' && variables !== null ? variables : {};
  return { ...object, [step]: withValue(Reflect.get(object, step), rest, value) };
}
