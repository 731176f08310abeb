import {
  type CallContext,
  type CapabilityName,
  CredentialsRejectedError,
  isHubError,
  PermissionMissingError,
  type PermissionResult,
  type PermissionsCapability,
} from '@talentbridge/contracts';
import type { JobDivaClient } from './client.js';

/** A right that can be proven by reading. */
interface Provable {
  readonly permission: string;
  readonly label: string;
  readonly remedy: string;
  readonly prove: (client: JobDivaClient, ctx: CallContext) => Promise<unknown>;
}

/** A right that only writing could prove, and the methods that it takes. */
type Unprovable = Pick<PermissionResult, 'permission' | 'label'> & { readonly methods: string };

/** Of nobody: `.invalid` is reserved. */
const IMPOSSIBLE_EMAIL = 'nobody@permission-check.invalid';

const API_ACCESS: Provable = {
  permission: 'api.access',
  label: 'Use the API',
  remedy: 'In JobDiva, open Settings > My Team and tick "Only allow access to JobDiva API Calls" for the user.',
  prove: (client, ctx) => client.signIn(ctx),
};

const READING: readonly Provable[] = [
  {
    permission: 'jobs.read',
    label: 'List jobs',
    remedy: remedyFor('SearchJob'),
    prove: (client, ctx) => client.openJobs(ctx, { offset: 0, size: 1 }),
  },
  {
    permission: 'candidates.search',
    label: 'Find candidates who are there already',
    remedy: remedyFor('searchCandidateProfile'),
    prove: (client, ctx) => client.candidatesByEmail(ctx, IMPOSSIBLE_EMAIL),
  },
  {
    permission: 'sources.read',
    label: 'List résumé sources',
    remedy: remedyFor('ResumeSourceList'),
    async prove(client, ctx) {
      const sources = await client.resumeSources(ctx);
      // Every account has some, and an empty list is one of the ways in which JobDiva was seen to refuse.
      if (sources.length === 0) throw new PermissionMissingError('JobDiva', 'list résumé sources', 'the list is empty');
    },
  },
];

/** Takes an id that nobody has (INFERRED): the read goes well and finds nothing. */
const RESUME_READING: Provable = {
  permission: 'resumes.read',
  label: 'See whether a résumé arrived, after an interruption',
  remedy: remedyFor('CandidatesResumesDetail'),
  prove: (client, ctx) => client.resumeDates(ctx, '1'),
};

const WRITING: readonly Unprovable[] = [
  {
    permission: 'candidates.write',
    label: 'Create and update candidates',
    methods: 'createCandidate and updateCandidateProfile',
  },
  { permission: 'links.write', label: 'Add social links to candidates', methods: 'updateCandidateSNLinks' },
  { permission: 'applications.write', label: 'Attach candidates to jobs', methods: 'createJobApplication' },
];

const RESUME_WRITING: Unprovable = { permission: 'resumes.write', label: 'Upload résumés', methods: 'uploadResume' };

/**
 * The rights that a connection needs. JobDiva switches each method on or off for an API user and has no list to ask for,
 * so each is proven by the read that needs it (JobDiva sheet §11), one after the other, as JobDiva wants it. Writing cannot
 * be proven without leaving a record behind, which the test candidate does.
 */
export function jobDivaPermissions(
  client: JobDivaClient,
  { sendResume }: { readonly sendResume: boolean },
): PermissionsCapability {
  return {
    async check(ctx, capabilities) {
      const access = await outcomeOf(API_ACCESS, client, ctx);
      const results = [access];
      for (const right of provable(capabilities, sendResume)) {
        // Whoever cannot sign in cannot ask, and would hear the same each time.
        results.push(access.status === 'granted' ? await outcomeOf(right, client, ctx) : unasked(right, access));
      }
      return [...results, ...unprovable(capabilities, sendResume)];
    },
  };
}

function provable(capabilities: readonly CapabilityName[], sendResume: boolean): readonly Provable[] {
  if (!capabilities.includes('export')) return [];
  return sendResume ? [...READING, RESUME_READING] : READING;
}

function unprovable(capabilities: readonly CapabilityName[], sendResume: boolean): readonly PermissionResult[] {
  if (!capabilities.includes('export')) return [];
  return (sendResume ? [...WRITING, RESUME_WRITING] : WRITING).map(({ permission, label, methods }) => ({
    permission,
    label,
    status: 'unknown',
    reason: `JobDiva tells only when it is done. The test candidate shows whether ${methods} can be used.`,
  }));
}

async function outcomeOf(right: Provable, client: JobDivaClient, ctx: CallContext): Promise<PermissionResult> {
  const { permission, label, remedy } = right;
  try {
    await right.prove(client, ctx);
    return { permission, label, status: 'granted' };
  } catch (error) {
    if (right === API_ACCESS && error instanceof CredentialsRejectedError) throw error;
    const refused = isHubError(error) && error.recovery === 'reconnect';
    const reason = error instanceof Error ? error.message : 'It could not be asked.';
    return refused
      ? { permission, label, status: 'missing', reason, remedy }
      : { permission, label, status: 'unknown', reason };
  }
}

function unasked({ permission, label }: Provable, { reason }: PermissionResult): PermissionResult {
  return { permission, label, status: 'unknown', reason: reason ?? 'It could not be asked.' };
}

function remedyFor(method: string): string {
  return `Have a JobDiva administrator, or JobDiva support, enable the API method ${method} for the API user.`;
}
