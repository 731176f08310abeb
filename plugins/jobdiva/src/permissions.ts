import {
  type CallContext,
  type CapabilityName,
  CredentialsRejectedError,
  isHubError,
  PermissionMissingError,
  type PermissionResult,
  type PermissionsCapability,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import { type JobDivaClient, TooMuchAtOnce } from './client.js';
import { FEEDS, type FeedName, type JobDivaRecords, type Window } from './records.js';

/** A right that can be proven by reading. */
interface Provable {
  readonly permission: string;
  readonly label: string;
  readonly remedy: string;
  readonly prove: (account: Account, ctx: CallContext) => Promise<unknown>;
}

/** What can be asked. */
interface Account {
  readonly client: JobDivaClient;
  readonly records: JobDivaRecords;
}

/** What an admin chose decides what is needed. */
interface Choices {
  readonly sendResume: boolean;
  readonly listResumes: boolean;
  readonly readHistory: boolean;
}

/** A right that only writing could prove, and the methods that it takes. */
type Unprovable = Pick<PermissionResult, 'permission' | 'label'> & { readonly methods: string };

/** Of nobody: `.invalid` is reserved. */
const IMPOSSIBLE_EMAIL = 'nobody@permission-check.invalid';

const API_ACCESS: Provable = {
  permission: 'api.access',
  label: 'Use the API',
  remedy: 'In JobDiva, open Settings > My Team and tick "Only allow access to JobDiva API Calls" for the user.',
  prove: ({ client }, ctx) => client.signIn(ctx),
};

const JOB_LISTING: Provable = {
  permission: 'jobs.read',
  label: 'List jobs',
  remedy: remedyFor('SearchJob'),
  prove: ({ client }, ctx) => client.openJobs(ctx, { offset: 0, size: 1 }),
};

const EXPORTING: readonly Provable[] = [
  {
    permission: 'candidates.search',
    label: 'Find candidates who are there already',
    remedy: remedyFor('searchCandidateProfile'),
    prove: ({ client }, ctx) => client.candidatesByEmail(ctx, IMPOSSIBLE_EMAIL),
  },
  {
    permission: 'sources.read',
    label: 'List résumé sources',
    remedy: remedyFor('ResumeSourceList'),
    async prove({ client }, ctx) {
      const sources = await client.resumeSources(ctx);
      // Every account has some, and an empty list is one of the ways in which JobDiva was seen to refuse.
      if (sources.length === 0) throw new PermissionMissingError('JobDiva', 'list résumé sources', 'the list is empty');
    },
  },
];

/** An id that nobody has (INFERRED): the read goes well and finds nothing. */
const NOBODY = '1';

const RESUME_READING: Provable = {
  permission: 'resumes.read',
  label: "List candidates' résumés",
  remedy: remedyFor('CandidatesResumesDetail'),
  prove: ({ records }, ctx) => records.resumes(ctx, [NOBODY]),
};

/** The feeds by what they tell, each asked for its last minute (JobDiva sheet §11). */
const FOLLOWING: readonly Provable[] = [
  following('candidates.follow', 'Follow candidates', 'candidates'),
  {
    permission: 'candidates.read',
    label: 'Read candidates',
    remedy: remedyFor('CandidatesDetail'),
    prove: ({ records }, ctx) => records.candidates(ctx, [NOBODY]),
  },
  following('jobs.follow', 'Follow jobs', 'jobs'),
  {
    permission: 'jobs.details',
    label: 'Read jobs and who works on them',
    remedy: remedyFor('JobsDetail', 'JobsUsersDetail'),
    async prove({ records }, ctx) {
      await records.jobs(ctx, [NOBODY]);
      await records.jobUsers(ctx, [NOBODY]);
    },
  },
  following('applications.follow', 'Follow applications', 'applications'),
  {
    permission: 'applicants.read',
    label: 'Read applicants of a job',
    remedy: remedyFor('JobApplicantsDetail'),
    prove: ({ records }, ctx) => records.applicants(ctx, NOBODY),
  },
  following('activities.follow', 'Follow submittals, interviews and hires', 'activities'),
  {
    permission: 'submittals.search',
    label: 'Find the submittals of a job',
    remedy: remedyFor('searchSubmittal'),
    prove: ({ client }, ctx) => client.submittals(ctx, NOBODY),
  },
  {
    ...following('deletions.follow', 'Follow what is deleted or merged', 'deletedCandidates'),
    remedy: remedyFor('DeletedCandidateRecords', 'DeletedJobRecords', 'MergedCandidates', 'MergedJobs'),
    async prove({ records }, ctx) {
      const window = lastMinute();
      for (const feed of ['deletedCandidates', 'deletedJobs', 'mergedCandidates', 'mergedJobs'] as const) {
        await records.changed(ctx, feed, window);
      }
    },
  },
];

const RESUME_FETCHING: Provable = {
  permission: 'resumes.fetch',
  label: 'Read résumés',
  remedy: remedyFor('ResumeDetail'),
  async prove({ records }, ctx) {
    try {
      await records.resumeFile(ctx, NOBODY);
    } catch (error) {
      if (!(error instanceof RecordNotFoundError)) throw error;
    }
  },
};

const HISTORY_READING: Provable = {
  permission: 'history.read',
  label: 'Read education and experience',
  remedy: remedyFor('CandidateEducationDetail', 'CandidateExperienceDetail'),
  async prove({ records }, ctx) {
    await records.education(ctx, NOBODY);
    await records.experience(ctx, NOBODY);
  },
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
  records: JobDivaRecords,
  choices: Choices,
): PermissionsCapability {
  const account = { client, records };
  return {
    async check(ctx, capabilities) {
      const access = await outcomeOf(API_ACCESS, account, ctx);
      const results = [access];
      for (const right of provable(capabilities, choices)) {
        // Whoever cannot sign in cannot ask, and would hear the same each time.
        results.push(access.status === 'granted' ? await outcomeOf(right, account, ctx) : unasked(right, access));
      }
      return [...results, ...unprovable(capabilities, choices.sendResume)];
    },
  };
}

function provable(capabilities: readonly CapabilityName[], choices: Choices): readonly Provable[] {
  const rights = new Set<Provable>();
  if (capabilities.includes('export')) {
    for (const right of [JOB_LISTING, ...EXPORTING, ...(choices.sendResume ? [RESUME_READING] : [])]) rights.add(right);
  }
  if (capabilities.includes('rediscovery')) {
    const files = choices.listResumes ? [RESUME_READING, RESUME_FETCHING] : [];
    const history = choices.readHistory ? [HISTORY_READING] : [];
    for (const right of [JOB_LISTING, ...FOLLOWING, ...files, ...history]) rights.add(right);
  }
  return [...rights];
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

async function outcomeOf(right: Provable, account: Account, ctx: CallContext): Promise<PermissionResult> {
  const { permission, label, remedy } = right;
  try {
    await right.prove(account, ctx);
    return { permission, label, status: 'granted' };
  } catch (thrown) {
    const error = thrown instanceof TooMuchAtOnce ? thrown.failure : thrown;
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

function following(permission: string, label: string, feed: FeedName): Provable {
  return {
    permission,
    label,
    remedy: remedyFor(FEEDS[feed].method),
    prove: ({ records }, ctx) => records.changed(ctx, feed, lastMinute()),
  };
}

function lastMinute(): Window {
  const now = Date.now();
  return { from: now - 60_000, to: now };
}

function remedyFor(...methods: readonly [string, ...string[]]): string {
  const [method, ...others] = methods;
  const named = others.length === 0 ? `method ${method}` : `methods ${methods.join(', ')}`;
  return `Have a JobDiva administrator, or JobDiva support, enable the API ${named} for the API user.`;
}
