import {
  type CallContext,
  CredentialsRejectedError,
  isHubError,
  type PermissionResult,
  type PermissionsCapability,
} from '@talentbridge/contracts';
import type { IcimsClient } from './client.js';
import { identify } from './identify.js';
import type { PortalJobs } from './jobs.js';
import type { People } from './people.js';
import type { PersonFields } from './person-fields.js';

/** What is asked about. */
export interface IcimsRights {
  readonly client: IcimsClient;
  readonly people: People;
  readonly jobs: PortalJobs;
  readonly customerId: string;
  readonly region: string;
  readonly portals: readonly string[];
  readonly sendResume: boolean;
}

/** A right that can be proven by reading. */
interface Provable {
  readonly permission: string;
  readonly label: string;
  readonly remedy: string;
  /** Answers a remark on the proof, where there is one. */
  readonly prove: (ctx: CallContext) => Promise<string | undefined>;
}

type Named = Pick<PermissionResult, 'permission' | 'label'>;

const WRITING: readonly Named[] = [
  { permission: 'people.write', label: 'Create and change people' },
  { permission: 'workflows.write', label: 'Create recruiting workflows' },
];
const RESUME_WRITING: Named = { permission: 'resume.write', label: 'Upload résumés' };

const INTEGRATION_GROUP = 'Ask iCIMS to put the API user into the Integration User group.';
const LOGIN_GROUP = 'In iCIMS, let the login group of the API user see and edit these fields.';

/**
 * The rights that a connection needs (iCIMS sheet §11). Each is proven by the read that needs it; writing cannot be proven without
 * leaving a record behind, which the test candidate does.
 */
export function icimsPermissions(rights: IcimsRights): PermissionsCapability {
  const { sendResume } = rights;
  return {
    async check(ctx, capabilities) {
      // First and alone: an unknown user or customer makes all the others pointless.
      const access = await outcomeOf(ctx, accessOf(rights));
      if (!capabilities.includes('export')) return [access];
      const results = await Promise.all([
        ...readingOf(rights).map((right) => outcomeOf(ctx, right)),
        fieldsOf(ctx, rights.people),
      ]);
      const unproven = [...WRITING, ...(sendResume ? [RESUME_WRITING] : [])].map(unknownUntilWritten);
      return [access, ...results.flat(), ...unproven];
    },
  };
}

function accessOf({ client, customerId, region }: IcimsRights): Provable {
  return {
    permission: 'api.access',
    label: 'Use the API',
    remedy:
      'Ask iCIMS to enter the outgoing addresses of this product under the IP address restrictions of the API user, and to let that user use web services.',
    async prove(ctx) {
      const { quota } = await identify(client, ctx, { customerId, region });
      return quota && `${quota.remaining} of ${quota.limit} calls are left until 00:00 UTC.`;
    },
  };
}

function readingOf({ client, portals }: IcimsRights): readonly Provable[] {
  return [
    {
      permission: 'people.search',
      label: 'Search people',
      remedy: INTEGRATION_GROUP,
      async prove(ctx) {
        await client.search(ctx, 'people', {
          filters: [{ name: 'person.id', value: ['0'], operator: '>' }],
          operator: '&',
        });
        return undefined;
      },
    },
    {
      permission: 'workflows.search',
      label: 'Search recruiting workflows',
      remedy: INTEGRATION_GROUP,
      async prove(ctx) {
        await client.search(ctx, 'applicantworkflows', {
          filters: [{ name: 'applicantworkflow.id', value: ['0'], operator: '>' }],
          operator: '&',
        });
        return undefined;
      },
    },
    ...portals.map((portal) => ({
      permission: `jobs.read.${portal}`,
      label: `List the jobs of portal ${portal}`,
      remedy: `Check the job URL of portal ${portal}, and ask iCIMS to let the API user see that portal.`,
      async prove(ctx: CallContext) {
        await client.portalJobs(ctx, portal);
        return undefined;
      },
    })),
  ];
}

async function outcomeOf(ctx: CallContext, right: Provable): Promise<PermissionResult> {
  const { permission, label, remedy } = right;
  try {
    const reason = await right.prove(ctx);
    return { permission, label, status: 'granted', ...(reason === undefined ? {} : { reason }) };
  } catch (error) {
    if (permission === 'api.access' && error instanceof CredentialsRejectedError) throw error;
    return notGranted({ permission, label }, error, remedy);
  }
}

/** Without these no candidate can be sent as promised; the others are left out with a warning. */
const NEEDED = [
  { part: 'firstName', name: 'first name' },
  { part: 'lastName', name: 'last name' },
  { part: 'email', name: 'email' },
  { part: 'phones', name: 'phones' },
] as const;

const WISHED = [
  { part: 'linkedin', permission: 'fields.linkedin', label: 'Write the LinkedIn URL' },
  { part: 'workExperience', permission: 'fields.work', label: 'Write work experience' },
  { part: 'education', permission: 'fields.education', label: 'Write education' },
] as const;

const BASIC: Named = { permission: 'fields.basic', label: 'Write names, email address and phone numbers' };

/** Which fields the API user sees: one call tells of all. */
async function fieldsOf(ctx: CallContext, people: People): Promise<readonly PermissionResult[]> {
  let fields: PersonFields;
  try {
    fields = await people.readFields(ctx);
  } catch (error) {
    // One refused call is one missing right; the others cannot be told without it.
    const reason = 'The fields of a person could not be read.';
    return [
      notGranted(BASIC, error, LOGIN_GROUP),
      ...WISHED.map(({ permission, label }) => ({ permission, label, status: 'unknown' as const, reason })),
    ];
  }
  const hidden = NEEDED.filter(({ part }) => fields[part] === undefined).map(({ name }) => name);
  const basic: PermissionResult =
    hidden.length === 0
      ? { ...BASIC, status: 'granted' }
      : { ...BASIC, status: 'missing', reason: `Not visible: ${hidden.join(', ')}.`, remedy: LOGIN_GROUP };
  return [
    basic,
    ...WISHED.map(({ part, permission, label }): PermissionResult => {
      if (fields[part] !== undefined) return { permission, label, status: 'granted' };
      const reason = 'No such field is visible to the API user: exports leave it out, with a warning.';
      const remedy =
        part === 'linkedin'
          ? `${LOGIN_GROUP} Or name another field for the LinkedIn URL in the settings.`
          : LOGIN_GROUP;
      return { permission, label, status: 'unknown', reason, remedy };
    }),
  ];
}

function notGranted(named: Named, error: unknown, remedy: string): PermissionResult {
  const reason = error instanceof Error ? error.message : 'It could not be asked.';
  // What iCIMS does not serve to this user is refused with 401, 403 or 404 alike (iCIMS sheet §11).
  const refused = isHubError(error) && (error.recovery === 'reconnect' || error.code === 'ATS_RECORD_NOT_FOUND');
  return refused ? { ...named, status: 'missing', reason, remedy } : { ...named, status: 'unknown', reason };
}

function unknownUntilWritten(named: Named): PermissionResult {
  return { ...named, status: 'unknown', reason: 'iCIMS tells only when it is done. The test candidate shows it.' };
}
