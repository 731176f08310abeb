import type {
  ApplicationStatus,
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  PhoneType,
} from '@talentbridge/contracts';
import type {
  CollectionEntry,
  SimulatedJob,
  SimulatedPerson,
  SimulatedTenant,
  SimulatedWorkflow,
} from '../simulator/index.js';

// What a mirror of a simulated iCIMS must hold, read without the plugin's help: of the standard customer, whose fields go by the
// ids of the fact sheet.

const LINK = 'https://api.icims.com/customers/1234/linkTo';

const STATUS: Readonly<Record<string, ApplicationStatus>> = {
  D10108: 'withdrawn',
  C10301: 'withdrawn',
  D10400: 'hired',
  D10500: 'rejected',
};

/** Everybody whom the API user sees and who is not in the Purge folder, by id. */
export function candidatesOf(tenant: SimulatedTenant): readonly MirroredCandidate[] {
  return [...tenant.people.values()]
    .filter((person) => !person.hidden && !tenant.isPurged(person))
    .map((person) => candidateOf(tenant, person));
}

/** A person with their workflows. */
function candidateOf(tenant: SimulatedTenant, person: SimulatedPerson): MirroredCandidate {
  const { id, fields, createdAt, updatedAt, resume } = person;
  const text = (field: string): string | undefined => textOf(fields.get(field));
  const [address] = entriesOf(fields.get('addresses'));
  const email = text('email');
  const source = text('source');
  return {
    remoteId: String(id),
    ...known({
      firstName: text('firstname'),
      lastName: text('lastname'),
      source: source?.startsWith('Other') ? text('sourcename') : source,
    }),
    emails: email === undefined ? [] : [email],
    phones: entriesOf(fields.get('phones')).map(({ phonenumber, phonetype }) => ({
      number: textOf(phonenumber) ?? '',
      type: PHONE[wordOf(phonetype) ?? ''] ?? 'other',
    })),
    ...(address
      ? {
          address: known({
            city: textOf(address['addresscity']),
            postalCode: textOf(address['addresszip']),
            region: abbreviationOf(address['addressstate']),
            country: abbreviationOf(address['addresscountry']),
          }),
        }
      : {}),
    socialUrls: entriesOf(fields.get('socialaccounts')).map(({ socialaccounturl }) => ({
      network: 'linkedin',
      url: textOf(socialaccounturl) ?? '',
    })),
    workExperience: entriesOf(fields.get('workexperience')).map((entry) => ({
      employer: textOf(entry['workemployer']) ?? '',
      ...known({
        title: textOf(entry['worktitle']),
        startDate: textOf(entry['workstartdate']),
        endDate: textOf(entry['workenddate']),
      }),
      current: entry['workenddate'] === undefined,
    })),
    education: entriesOf(fields.get('education')).map(({ school, degree, major, graduationdate }) => ({
      school: wordOf(school) ?? '',
      ...known({ degree: wordOf(degree), major: wordOf(major), graduationDate: textOf(graduationdate) }),
    })),
    tags: [],
    createdAt: minuteOf(createdAt),
    updatedAt: minuteOf(updatedAt),
    remoteUrl: `${LINK}/people/${id}`,
    attachments: resume ? [{ remoteId: 'resume', filename: resume.filename, kind: 'resume' }] : [],
    applications: [...tenant.workflowsOf(id)]
      .toSorted((a, b) => a - b)
      .flatMap((workflow) => tenant.workflows.get(workflow) ?? [])
      .map((workflow) => applicationOf(tenant, workflow)),
  };
}

/** A recruiting workflow. */
function applicationOf(tenant: SimulatedTenant, workflow: SimulatedWorkflow): MirroredApplication {
  const { id, jobId, personId, status, source, sourcename, createdAt, updatedAt } = workflow;
  const [bin = '', label = ''] = status.value.split(' - ');
  return {
    remoteId: String(id),
    candidateRemoteId: String(personId),
    jobRemoteId: String(jobId),
    status: STATUS[status.id] ?? 'active',
    statusLabel: label,
    stage: bin,
    ...known({
      jobTitle: tenant.jobs.get(jobId)?.jobtitle,
      source: source?.startsWith('Other') ? sourcename : source,
    }),
    appliedAt: minuteOf(createdAt),
    updatedAt: minuteOf(updatedAt),
  };
}

/** A job. */
export function jobOf(job: SimulatedJob): MirroredJob {
  const { id, jobtitle, jobid, folder, joblocation, positioncategory, recruiter, portals, createdAt, updatedAt } = job;
  const slug = jobtitle.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return {
    remoteId: String(id),
    title: jobtitle,
    code: jobid,
    open: portals.length > 0,
    statusLabel: folder.value,
    location: joblocation,
    ...known({ department: positioncategory?.value }),
    ...(recruiter ? { recruiter: { remoteId: String(recruiter.id), name: recruiter.name } } : {}),
    createdAt: minuteOf(createdAt),
    updatedAt: minuteOf(updatedAt),
    remoteUrl: portals.length > 0 ? `https://careers-example.icims.com/jobs/${id}/${slug}/job` : `${LINK}/jobs/${id}`,
  };
}

const PHONE: Readonly<Record<string, PhoneType>> = { Mobile: 'mobile', Home: 'home', Work: 'work' };

function minuteOf(at: number): string {
  return new Date(Math.floor(at / 60_000) * 60_000).toISOString();
}

function entriesOf(value: unknown): readonly CollectionEntry[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function wordOf(value: unknown): string | undefined {
  return memberOf(value, 'value') ?? textOf(value);
}

function abbreviationOf(value: unknown): string | undefined {
  return memberOf(value, 'abbrev') ?? wordOf(value);
}

function memberOf(value: unknown, member: string): string | undefined {
  return typeof value === 'object' && value !== null
    ? textOf(Object.entries(value).find(([key]) => key === member)?.[1])
    : undefined;
}

function known<Name extends string>(values: Readonly<Record<Name, string | undefined>>): Partial<Record<Name, string>> {
  const entries = Object.entries<string | undefined>(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}
