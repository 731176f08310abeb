import {
  type CallContext,
  type CapabilityName,
  CredentialsRejectedError,
  isHubError,
  type PermissionResult,
  type PermissionsCapability,
} from '@talentbridge/contracts';
import type { Filter, FilterGroup, IcimsClient } from './client.js';
import { identify } from './identify.js';
import type { PortalJobs } from './jobs.js';
import { dateTime } from './mapping.js';
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
  /** The share of a day's calls, 0 to 1, that the mirror leaves to others. */
  readonly backgroundReserve: number;
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
      const access = await outcomeOf(ctx, accessOf(rights, capabilities));
      const uses = { exports: capabilities.includes('export'), mirrors: capabilities.includes('rediscovery') };
      if (!uses.exports && !uses.mirrors) return [access];
      const results = await Promise.all([
        ...readingOf(rights, uses).map((right) => outcomeOf(ctx, right)),
        fieldsOf(ctx, rights.people, uses),
        ...(uses.mirrors ? [workflowFieldsOf(ctx, rights.client)] : []),
      ]);
      const unproven = uses.exports ? [...WRITING, ...(sendResume ? [RESUME_WRITING] : [])] : [];
      return [access, ...results.flat(), ...unproven.map(unknownUntilWritten)];
    },
  };
}

function accessOf(
  { client, customerId, region, backgroundReserve }: IcimsRights,
  capabilities: readonly CapabilityName[],
): Provable {
  return {
    permission: 'api.access',
    label: 'Use the API',
    remedy:
      'Ask iCIMS to enter the outgoing addresses of this product under the IP address restrictions of the API user, and to let that user use web services.',
    async prove(ctx) {
      const { quota } = await identify(client, ctx, { customerId, region });
      if (!quota) return undefined;
      const left = `${quota.remaining} of ${quota.limit} calls are left until 00:00 UTC.`;
      if (!capabilities.includes('rediscovery')) return left;
      const mirrored = Math.floor(quota.limit * (1 - backgroundReserve));
      return `${left} The first load may use ${mirrored} a day: at a call for each person and each recruiting workflow, about ${Math.floor(mirrored / 2)} people with a workflow each.`;
    },
  };
}

function readingOf({ client, portals }: IcimsRights, { mirrors }: Uses): readonly Provable[] {
  return [
    {
      permission: 'people.search',
      label: 'Search people',
      remedy: INTEGRATION_GROUP,
      async prove(ctx) {
        await client.search(ctx, 'people', everything('person', mirrors));
        return undefined;
      },
    },
    {
      permission: 'workflows.search',
      label: 'Search recruiting workflows',
      remedy: INTEGRATION_GROUP,
      async prove(ctx) {
        await client.search(ctx, 'applicantworkflows', everything('applicantworkflow', mirrors));
        return undefined;
      },
    },
    ...(mirrors
      ? [
          {
            permission: 'jobs.search',
            label: 'Search jobs',
            remedy: INTEGRATION_GROUP,
            async prove(ctx: CallContext) {
              await client.search(ctx, 'jobs', everything('job', mirrors));
              return undefined;
            },
          },
        ]
      : []),
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

/** A search that finds all records. With `byDate` it uses the date as well, which the API user has to be allowed to search by. */
function everything(profile: string, byDate: boolean): FilterGroup {
  const all: Filter = { name: `${profile}.id`, value: ['0'], operator: '>' };
  const dated: Filter = { name: `${profile}.updateddate`, value: [dateTime(Date.now())], operator: '>=' };
  return { filters: byDate ? [all, dated] : [all], operator: '&' };
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
  { part: 'linkedin', permission: 'fields.linkedin', what: 'the LinkedIn URL' },
  { part: 'workExperience', permission: 'fields.work', what: 'work experience' },
  { part: 'education', permission: 'fields.education', what: 'education' },
] as const;

/** What of a recruiting workflow makes an application. */
const WORKFLOW = [
  { field: 'associatedprofile', name: 'its person' },
  { field: 'baseprofile', name: 'its job' },
  { field: 'status', name: 'its status' },
] as const;

const WORKFLOW_FIELDS: Named = {
  permission: 'workflows.fields',
  label: 'Read person, job and status of recruiting workflows',
};
const WORKFLOW_REMEDY =
  'In iCIMS, let the login group of the API user see the associated profile, the base profile and the status of recruiting workflows.';

/** What the fields are needed for. */
interface Uses {
  readonly exports: boolean;
  readonly mirrors: boolean;
}

function verbOf({ exports, mirrors }: Uses): string {
  if (exports && mirrors) return 'Read and write';
  return exports ? 'Write' : 'Read';
}

/** Which fields the API user sees: one call tells of all. */
async function fieldsOf(ctx: CallContext, people: People, uses: Uses): Promise<readonly PermissionResult[]> {
  const verb = verbOf(uses);
  const named: Named = { permission: 'fields.basic', label: `${verb} names, email address and phone numbers` };
  const wished = WISHED.map(({ what, ...field }) => ({ ...field, label: `${verb} ${what}` }));
  let fields: PersonFields;
  try {
    fields = await people.readFields(ctx);
  } catch (error) {
    // One refused call is one missing right; the others cannot be told without it.
    const reason = 'The fields of a person could not be read.';
    return [
      notGranted(named, error, LOGIN_GROUP),
      ...wished.map(({ permission, label }) => ({ permission, label, status: 'unknown' as const, reason })),
    ];
  }
  const hidden = NEEDED.filter(({ part }) => fields[part] === undefined).map(({ name }) => name);
  const basic: PermissionResult =
    hidden.length === 0
      ? { ...named, status: 'granted' }
      : { ...named, status: 'missing', reason: `Not visible: ${hidden.join(', ')}.`, remedy: LOGIN_GROUP };
  return [
    basic,
    ...wished.map(({ part, permission, label }): PermissionResult => {
      if (fields[part] !== undefined) return { permission, label, status: 'granted' };
      const left = [...(uses.exports ? ['exports'] : []), ...(uses.mirrors ? ['the mirror'] : [])].join(' and ');
      const reason = `No such field is visible to the API user: ${left} leave${uses.exports ? '' : 's'} it out${uses.exports ? ', with a warning' : ''}.`;
      const remedy =
        part === 'linkedin'
          ? `${LOGIN_GROUP} Or name another field for the LinkedIn URL in the settings.`
          : LOGIN_GROUP;
      return { permission, label, status: 'unknown', reason, remedy };
    }),
  ];
}

/** Which members of a workflow the API user sees: without person and job there is no application (iCIMS sheet §8, CONFIRMED). */
async function workflowFieldsOf(ctx: CallContext, client: IcimsClient): Promise<readonly PermissionResult[]> {
  try {
    const visible = await client.workflowFields(ctx);
    if (!visible) {
      return [
        { ...WORKFLOW_FIELDS, status: 'unknown', reason: 'iCIMS does not tell this user the fields of workflows.' },
      ];
    }
    const hidden = WORKFLOW.filter(({ field }) => !visible.has(field)).map(({ name }) => name);
    if (hidden.length === 0) return [{ ...WORKFLOW_FIELDS, status: 'granted' }];
    const reason = `Not visible: ${hidden.join(', ')}.`;
    return [{ ...WORKFLOW_FIELDS, status: 'missing', reason, remedy: WORKFLOW_REMEDY }];
  } catch (error) {
    return [notGranted(WORKFLOW_FIELDS, error, WORKFLOW_REMEDY)];
  }
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
