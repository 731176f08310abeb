import {
  type CallContext,
  CredentialsRejectedError,
  isHubError,
  type PermissionResult,
  type PermissionsCapability,
} from '@talentbridge/contracts';
import type { JobScoreClient } from './client.js';

/** A right that can be proven by reading. */
interface Provable {
  readonly permission: string;
  readonly label: string;
  readonly remedy: string;
  readonly prove: (client: JobScoreClient, ctx: CallContext) => Promise<unknown>;
}

/** A right that only writing could prove. */
type Unprovable = Pick<PermissionResult, 'permission' | 'label'>;

const IDENTITY: Provable = {
  permission: 'api.access',
  label: 'Use the API',
  // JobScore opens its API to the Enterprise plan and to partners (JobScore sheet §1, CONFIRMED).
  remedy:
    "Check that the account's JobScore plan includes the API, and that the connection acts as the user who made the key.",
  prove: (client, ctx) => client.me(ctx),
};

const READING: readonly Provable[] = [
  {
    permission: 'jobs.read',
    label: 'List jobs',
    remedy: 'In JobScore, let the user who made the key see the jobs that candidates are exported to.',
    prove: (client, ctx) => client.probe(ctx, '/jobs', 'list jobs'),
  },
  {
    permission: 'sources.read',
    label: 'List database sources',
    remedy: 'In JobScore, let the user who made the key see Admin > Sources, or make a key as a user who does.',
    prove: (client, ctx) => client.probe(ctx, '/sources/databases', 'list database sources'),
  },
  {
    permission: 'tags.read',
    label: 'List tags',
    remedy: 'In JobScore, let the user who made the key see Admin > Tags, or make a key as a user who does.',
    prove: (client, ctx) => client.probe(ctx, '/tags', 'list tags'),
  },
  {
    permission: 'candidates.read',
    label: 'Find candidates again after an interruption',
    remedy:
      'In JobScore, let the user who made the key see candidates: without it, an interrupted export has to be settled by hand.',
    prove: (client, ctx) => client.probe(ctx, '/candidates', 'list candidates'),
  },
];

const WRITING: readonly Unprovable[] = [
  { permission: 'candidates.write', label: 'Create candidates' },
  { permission: 'applications.write', label: 'Attach candidates to jobs' },
];

const RESUME_WRITING: Unprovable = { permission: 'documents.write', label: 'Upload résumés' };

/**
 * The rights that a connection needs. JobScore has no call that lists the rights of a key, so each is proven by the
 * read that needs it; writing cannot be proven without leaving a record behind, which the test candidate does.
 */
export function jobScorePermissions(
  client: JobScoreClient,
  { sendResume }: { readonly sendResume: boolean },
): PermissionsCapability {
  return {
    async check(ctx, capabilities) {
      const exporting = capabilities.includes('export');
      const proven = await Promise.allSettled(
        [IDENTITY, ...(exporting ? READING : [])].map((right) => outcomeOf(right, client, ctx)),
      );
      // The key is unknown when JobScore says so to the plainest question; a 401 to one list alone is that list's answer.
      const [identity] = proven;
      if (identity?.status === 'rejected') throw identity.reason;
      const results = proven.filter((one) => one.status === 'fulfilled').map((one) => one.value);
      const unproven = exporting ? [...WRITING, ...(sendResume ? [RESUME_WRITING] : [])].map(unknownUntilWritten) : [];
      return [...results, ...unproven];
    },
  };
}

async function outcomeOf(right: Provable, client: JobScoreClient, ctx: CallContext): Promise<PermissionResult> {
  const { permission, label, remedy } = right;
  try {
    await right.prove(client, ctx);
    return { permission, label, status: 'granted' };
  } catch (error) {
    if (right === IDENTITY && error instanceof CredentialsRejectedError) throw error;
    const refused = isHubError(error) && error.recovery === 'reconnect';
    const reason = error instanceof Error ? error.message : 'It could not be asked.';
    return refused
      ? { permission, label, status: 'missing', reason, remedy }
      : { permission, label, status: 'unknown', reason };
  }
}

function unknownUntilWritten({ permission, label }: Unprovable): PermissionResult {
  const reason = 'JobScore tells only when it is done. The test candidate shows it.';
  return { permission, label, status: 'unknown', reason };
}
