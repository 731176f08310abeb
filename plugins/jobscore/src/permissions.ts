import {
  type CallContext,
  CredentialsRejectedError,
  isHubError,
  type PermissionResult,
  type PermissionsCapability,
} from '@talentbridge/contracts';
import type { JobScoreClient } from './client.js';
import { type JobScoreReader, unlessNotFound } from './reader.js';
import type { JobScoreSubscriptions } from './subscriptions.js';

/** A right that can be proven by reading. */
interface Provable {
  readonly permission: string;
  readonly label: string;
  readonly remedy: string;
  /** The mirror does without, so that its absence must hold up no connection: it is `unknown`, never `missing`. Default `false`. */
  readonly dispensable?: boolean;
  readonly prove: (clients: PermissionClients, ctx: CallContext) => Promise<Untold | undefined>;
}

/** JobScore let the key through and yet showed nothing, and why. */
interface Untold {
  readonly unknown: string;
}

/** What rights are proven with. */
export interface PermissionClients {
  readonly client: JobScoreClient;
  readonly reader: JobScoreReader;
  readonly subscriptions: JobScoreSubscriptions;
}

/** A right that only writing could prove. */
interface Unprovable extends Pick<PermissionResult, 'permission' | 'label'> {
  /** What shows it: "JobScore tells only when it is done. …" */
  readonly shownBy: string;
}

const IDENTITY: Provable = {
  permission: 'api.access',
  label: 'Use the API',
  // JobScore opens its API to the Enterprise plan and to partners (JobScore sheet §1, CONFIRMED).
  remedy:
    "Check that the account's JobScore plan includes the API, and that the connection acts as the user who made the key.",
  prove: ({ client }, ctx) => client.me(ctx).then(() => undefined),
};

const JOBS: Provable = {
  permission: 'jobs.read',
  label: 'List jobs',
  remedy: 'In JobScore, let the user who made the key see the jobs that candidates are exported to.',
  prove: ({ client }, ctx) => client.probe(ctx, '/jobs', 'list jobs'),
};

const CANDIDATES: Provable = {
  permission: 'candidates.read',
  label: 'Read candidates',
  remedy:
    'In JobScore, let the user who made the key see candidates: without it nothing can be mirrored, and an interrupted export has to be settled by hand.',
  prove: ({ client }, ctx) => client.probe(ctx, '/candidates', 'list candidates'),
};

const FOR_EXPORT: readonly Provable[] = [
  JOBS,
  {
    permission: 'sources.read',
    label: 'List database sources',
    remedy: 'In JobScore, let the user who made the key see Admin > Sources, or make a key as a user who does.',
    prove: ({ client }, ctx) => client.probe(ctx, '/sources/databases', 'list database sources'),
  },
  {
    permission: 'tags.read',
    label: 'List tags',
    remedy: 'In JobScore, let the user who made the key see Admin > Tags, or make a key as a user who does.',
    prove: ({ client }, ctx) => client.probe(ctx, '/tags', 'list tags'),
  },
  CANDIDATES,
];

// Any of the lists that are INFERRED may be missing in an account (JobScore sheet §9a): that is unknown, and no error.
const NOT_OFFERED = 'JobScore does not offer this to the account, so it is left out.';

const FOR_REDISCOVERY: readonly Provable[] = [
  JOBS,
  CANDIDATES,
  {
    permission: 'applications.read',
    label: 'Read applications',
    remedy: 'In JobScore, let the user who made the key see the applications of candidates.',
    prove: ({ reader }, ctx) => tried(reader, ctx, (id) => reader.applicationsOf(ctx, id)),
  },
  {
    permission: 'documents.read',
    label: 'Read résumés and other files',
    remedy: 'In JobScore, let the user who made the key see the documents of candidates.',
    prove: ({ reader }, ctx) => tried(reader, ctx, (id) => reader.documentsOf(ctx, id)),
  },
  {
    permission: 'notes.read',
    label: 'Read notes',
    remedy: 'In JobScore, let the user who made the key see the notes about candidates.',
    dispensable: true,
    prove: ({ reader }, ctx) => tried(reader, ctx, (id) => reader.notesOf(ctx, id)),
  },
  {
    permission: 'interviews.read',
    label: 'Read interviews and their feedback',
    remedy: 'In JobScore, let the user who made the key see the interviews of candidates.',
    dispensable: true,
    prove: ({ reader }, ctx) => tried(reader, ctx, (id) => reader.interviewsOf(ctx, id)),
  },
  {
    permission: 'dispositions.read',
    label: 'List the reasons for rejections',
    remedy: 'In JobScore, let the user who made the key see disposition codes.',
    prove: async ({ reader }, ctx) => ((await reader.dispositionNames(ctx)) ? undefined : { unknown: NOT_OFFERED }),
  },
];

const WEBHOOKS: Provable = {
  permission: 'webhooks.read',
  label: 'List webhooks',
  remedy: 'In JobScore, let the user who made the key see Integrations > JobScore API & Webhooks.',
  prove: async ({ subscriptions }, ctx) =>
    (await subscriptions.areOffered(ctx))
      ? undefined
      : { unknown: 'JobScore does not offer webhooks to the account; changes are seen when it is asked for them.' },
};

/** Asks for what hangs on a candidate, with the first one that there is. */
async function tried(
  reader: JobScoreReader,
  ctx: CallContext,
  ask: (candidateId: string) => Promise<unknown>,
): Promise<Untold | undefined> {
  const candidates = await reader.candidates(ctx, { number: 1, size: 1 }, undefined).catch(() => undefined);
  // Why is told by the right to read candidates.
  if (!candidates) return { unknown: 'It could not be tried, because candidates could not be listed.' };
  const [candidate] = candidates.items;
  if (!candidate) return { unknown: 'JobScore holds no candidate yet to try it with.' };
  return (await unlessNotFound(ask(candidate.id))) === undefined ? { unknown: NOT_OFFERED } : undefined;
}

const BY_TEST_CANDIDATE = 'The test candidate shows it.';

const WRITING: readonly Unprovable[] = [
  { permission: 'candidates.write', label: 'Create candidates', shownBy: BY_TEST_CANDIDATE },
  { permission: 'applications.write', label: 'Attach candidates to jobs', shownBy: BY_TEST_CANDIDATE },
];

const RESUME_WRITING: Unprovable = {
  permission: 'documents.write',
  label: 'Upload résumés',
  shownBy: BY_TEST_CANDIDATE,
};

const WEBHOOK_WRITING: Unprovable = {
  permission: 'webhooks.write',
  label: 'Make and remove webhooks',
  shownBy: 'The webhook that is made for the connection shows it.',
};

/**
 * The rights that a connection needs. JobScore has no call that lists the rights of a key, so each is proven by the
 * read that needs it; writing cannot be proven without leaving a record behind, which the test candidate does.
 */
export function jobScorePermissions(
  clients: PermissionClients,
  { sendResume }: { readonly sendResume: boolean },
): PermissionsCapability {
  return {
    async check(ctx, capabilities) {
      const exporting = capabilities.includes('export');
      const subscribing = capabilities.includes('webhooks');
      const reading = new Set([
        ...(exporting ? FOR_EXPORT : []),
        ...(capabilities.includes('rediscovery') ? FOR_REDISCOVERY : []),
        ...(subscribing ? [WEBHOOKS] : []),
      ]);
      const proven = await Promise.allSettled([IDENTITY, ...reading].map((right) => outcomeOf(right, clients, ctx)));
      // The key is unknown when JobScore says so to the plainest question; a 401 to one list alone is that list's answer.
      const [identity] = proven;
      if (identity?.status === 'rejected') throw identity.reason;
      const results = proven.filter((one) => one.status === 'fulfilled').map((one) => one.value);
      const unproven = [
        ...(exporting ? WRITING : []),
        ...(exporting && sendResume ? [RESUME_WRITING] : []),
        ...(subscribing ? [WEBHOOK_WRITING] : []),
      ];
      return [...results, ...unproven.map(unknownUntilWritten)];
    },
  };
}

async function outcomeOf(right: Provable, clients: PermissionClients, ctx: CallContext): Promise<PermissionResult> {
  const { permission, label, remedy, dispensable = false } = right;
  try {
    const untold = await right.prove(clients, ctx);
    return untold
      ? { permission, label, status: 'unknown', reason: untold.unknown }
      : { permission, label, status: 'granted' };
  } catch (error) {
    if (right === IDENTITY && error instanceof CredentialsRejectedError) throw error;
    const refused = isHubError(error) && error.recovery === 'reconnect';
    const reason = error instanceof Error ? error.message : 'It could not be asked.';
    if (!refused) return { permission, label, status: 'unknown', reason };
    if (dispensable) return { permission, label, status: 'unknown', reason: `${reason} ${remedy}` };
    return { permission, label, status: 'missing', reason, remedy };
  }
}

function unknownUntilWritten({ permission, label, shownBy }: Unprovable): PermissionResult {
  return { permission, label, status: 'unknown', reason: `JobScore tells only when it is done. ${shownBy}` };
}
