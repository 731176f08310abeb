import {
  type CallContext,
  type CapabilityName,
  CredentialsRejectedError,
  isHubError,
  type PermissionResult,
  type PermissionsCapability,
} from '@talentbridge/contracts';
import type { SmartRecruitersClient } from './client.js';
import type { Subscriptions } from './subscriptions.js';

/** What rights are proven with. */
interface Probes {
  readonly client: SmartRecruitersClient;
  readonly subscriptions: Subscriptions;
}

/** A right that can be proven by reading. */
interface Provable {
  readonly permission: string;
  readonly label: string;
  readonly remedy: string;
  /** The capabilities that need it. Absent: every connection does. */
  readonly neededBy?: readonly CapabilityName[];
  /** Answers whether there was anything to see; `undefined` where that says nothing. */
  readonly prove: (probes: Probes, ctx: CallContext) => Promise<'some' | 'none' | undefined>;
}

const MAKE_KEY = 'make an API key as an administrator: Settings / Admin > Apps & Integrations > Credentials';

const IDENTITY: Provable = {
  permission: 'company.read',
  label: 'See whose account it is',
  remedy: `In SmartRecruiters, ${MAKE_KEY}. A credential with scopes needs company_read and configuration_read.`,
  prove: async ({ client }, ctx) => {
    await client.company(ctx);
    return undefined;
  },
};

// Scopes: SmartRecruiters sheet §15. An API key has none and passes everything; OAuth credentials can be narrower. The lists
// of reasons and hiring processes that the sheet has for Rediscovery are not asked for: candidates carry the words themselves.
const READING: readonly Provable[] = [
  {
    permission: 'jobs.read',
    label: 'List jobs',
    neededBy: ['export', 'rediscovery'],
    remedy: `In SmartRecruiters, ${MAKE_KEY}. A credential with scopes needs jobs_read, and a role that sees jobs.`,
    prove: ({ client }, ctx) => client.probe(ctx, '/jobs', 'list jobs'),
  },
  {
    permission: 'sources.read',
    label: 'List sources',
    neededBy: ['export'],
    remedy: `In SmartRecruiters, ${MAKE_KEY}. A credential with scopes needs configuration_read.`,
    prove: ({ client }, ctx) => client.probe(ctx, '/configuration/sources', 'list sources'),
  },
  {
    permission: 'candidates.read',
    label: 'Read candidates',
    neededBy: ['export', 'rediscovery'],
    remedy: `In SmartRecruiters, ${MAKE_KEY}. A credential with scopes needs candidates_read, and a role that sees candidates.`,
    prove: ({ client }, ctx) => client.probe(ctx, '/candidates', 'read candidates'),
  },
  {
    permission: 'webhooks.read',
    label: 'See webhook subscriptions',
    neededBy: ['webhooks'],
    remedy: `In SmartRecruiters, ${MAKE_KEY}. A credential with scopes needs webhooks_manage (or webhooks_read, webhooks_write and webhooks_delete), and the system role of an administrator.`,
    // None is what there is before the first: it says nothing.
    prove: async ({ subscriptions }, ctx) => {
      await subscriptions.probe(ctx);
      return undefined;
    },
  },
];

const WRITING: readonly Pick<PermissionResult, 'permission' | 'label'>[] = [
  { permission: 'candidates.create', label: 'Create candidates and add their résumés' },
];

/**
 * The rights that a connection needs. SmartRecruiters has no call that lists the rights of a credential, so each is proven by
 * the read that needs it; writing cannot be proven without leaving a record behind, which the test candidate does.
 */
export function smartRecruitersPermissions(
  client: SmartRecruitersClient,
  subscriptions: Subscriptions,
): PermissionsCapability {
  const probes = { client, subscriptions };
  return {
    async check(ctx, capabilities) {
      const exporting = capabilities.includes('export');
      const needed = READING.filter(({ neededBy = [] }) => neededBy.some((name) => capabilities.includes(name)));
      const proven = await Promise.allSettled([IDENTITY, ...needed].map((right) => outcomeOf(right, probes, ctx)));
      // The token is unknown when SmartRecruiters says so to the plainest question; a 401 to one list alone is that list's answer.
      const [identity] = proven;
      if (identity?.status === 'rejected') throw identity.reason;
      const results = proven.filter((one) => one.status === 'fulfilled').map((one) => one.value);
      return [...results, ...(exporting ? WRITING.map(unknownUntilWritten) : [])];
    },
  };
}

async function outcomeOf(right: Provable, probes: Probes, ctx: CallContext): Promise<PermissionResult> {
  const { permission, label, remedy } = right;
  try {
    const seen = await right.prove(probes, ctx);
    return { permission, label, status: 'granted', ...(seen === 'none' ? EMPTY : {}) };
  } catch (error) {
    if (right === IDENTITY && error instanceof CredentialsRejectedError) throw error;
    const refused = isHubError(error) && error.recovery === 'reconnect';
    const reason = error instanceof Error ? error.message : 'It could not be asked.';
    return refused
      ? { permission, label, status: 'missing', reason, remedy }
      : { permission, label, status: 'unknown', reason };
  }
}

/** A narrow role or access group answers empty lists, and so does a new account (SmartRecruiters sheet §15, INFERRED). */
const EMPTY: Pick<PermissionResult, 'reason' | 'remedy'> = {
  reason: 'SmartRecruiters answered an empty list.',
  remedy: 'If there should be some, look at the system role and the access group of the credential in SmartRecruiters.',
};

function unknownUntilWritten({ permission, label }: (typeof WRITING)[number]): PermissionResult {
  const reason = 'SmartRecruiters tells only when it is done. The test candidate shows it.';
  return { permission, label, status: 'unknown', reason };
}
