import type { CandidateRecord, PhoneType } from '@talentbridge/contracts';
import type { SimulatedAccount, SimulatedRediscovery, SimulatedRoute } from '@talentbridge/testkit';
import {
  type CollectionEntry,
  type IcimsSimulator,
  type PersonState,
  SIMULATED_LOGINS,
  type SimulatedJob,
} from '../simulator/index.js';
import { candidatesOf, jobOf } from './mirror-truth.js';

const C = '/customers/1234';
const CREATE: SimulatedRoute = { method: 'POST', path: `${C}/people` };
const ATTACH: SimulatedRoute = { method: 'POST', path: `${C}/applicantworkflows` };
const UPLOAD: SimulatedRoute = { method: 'PATCH', path: `${C}/people/*/fields/resume/binary` };

/** Rights that a request shows to be missing; the others are switches of the simulator. */
const ROUTE_OF_PERMISSION: Readonly<Record<string, SimulatedRoute>> = {
  'people.search': { method: 'POST', path: `${C}/search/people` },
  'jobs.search': { method: 'POST', path: `${C}/search/jobs` },
  'workflows.search': { method: 'POST', path: `${C}/search/applicantworkflows` },
  'jobs.read.1': { method: 'GET', path: `${C}/search/portals/1` },
  'jobs.read.2': { method: 'GET', path: `${C}/search/portals/2` },
  'people.write': CREATE,
  'workflows.write': ATTACH,
  'resume.write': UPLOAD,
};

const FIELD_OF_PERMISSION: Readonly<Record<string, string>> = {
  'fields.basic': 'phones',
  'fields.linkedin': 'socialaccounts',
  'fields.work': 'workexperience',
  'fields.education': 'education',
};

/** A simulated iCIMS as the conformance suite and connections of tests see it. */
export function subjectOf(
  simulator: IcimsSimulator,
  settings: Readonly<Record<string, unknown>> = {},
): SimulatedAccount {
  const { username, password } = SIMULATED_LOGINS.example;
  const jobs = (): readonly SimulatedJob[] => [...simulator.tenant().jobs.values()];
  const closedJob = jobs().find(({ portals }) => portals.length === 0);
  const credentials = { customerId: '1234', username, password, jobUrls: '1, 2' };
  return {
    simulator,
    hostOverrides: { 'api.icims.com': simulator.url },
    credentials,
    settings: { sourceName: 'SeekOut', ...settings },
    wrongCredentials: [
      {
        title: 'another password',
        credentials: { ...credentials, password: 'sim-password-of-nobody' },
        blames: 'password',
      },
      { title: 'an unknown customer ID', credentials: { ...credentials, customerId: '9999' }, blames: 'customer ID' },
    ],
    withoutPermission(permission) {
      const { user } = simulator.tenant();
      const field = FIELD_OF_PERMISSION[permission];
      const route = ROUTE_OF_PERMISSION[permission];
      if (permission === 'api.access')
        simulator.faults.add({ method: 'GET', path: C, fault: { kind: 'status', status: 403 } });
      else if (permission === 'workflows.fields') user.hiddenWorkflowFields.add('associatedprofile');
      else if (field !== undefined) user.hiddenFields.add(field);
      else if (route) simulator.faults.add({ ...route, fault: { kind: 'status', status: 403 } });
      else throw new Error(`Nobody knows how to take away ${permission}.`);
    },
    export: {
      routes: {
        listJobs: { method: 'GET', path: `${C}/search/portals/*` },
        createCandidate: CREATE,
        attachJob: ATTACH,
        uploadResume: UPLOAD,
      },
      creationsFor: ({ candidate }) => simulator.creations.of(candidate.emails[0]?.toLowerCase() ?? ''),
      candidates: () =>
        simulator.people().map((person) => ({
          remoteId: String(person.id),
          record: recordOf(person),
          jobRemoteIds: person.workflows.map(({ jobId }) => String(jobId)),
          resumes: person.resume ? 1 : 0,
        })),
      openJobIds: () =>
        jobs()
          .filter(({ portals }) => portals.length > 0)
          .map(({ id }) => String(id)),
      ...(closedJob === undefined ? {} : { closedJobId: String(closedJob.id) }),
      replaceJobs(count) {
        const [first] = jobs();
        if (!first) throw new Error('The simulator starts with jobs.');
        const { jobs: held } = simulator.tenant();
        held.clear();
        for (let index = 0; index < count; index += 1) {
          const id = 5000 + index;
          held.set(id, { ...first, id, jobid: `2026-${id}`, jobtitle: `Welder ${index}`, portals: ['1', '2'] });
        }
      },
      jobPageSize: 500,
    },
    rediscovery: rediscoveryOf(simulator),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function rediscoveryOf(simulator: IcimsSimulator): SimulatedRediscovery {
  const tenant = () => simulator.tenant();
  const now = (): number => simulator.clock.now();
  return {
    routes: [
      { method: 'GET', path: `${C}/profiledefinitions/v1/person/schema` },
      { method: 'POST', path: `${C}/search/people` },
      { method: 'POST', path: `${C}/search/jobs` },
      { method: 'POST', path: `${C}/search/applicantworkflows` },
      { method: 'GET', path: `${C}/search/portals/*` },
      { method: 'GET', path: `${C}/people/*` },
      { method: 'GET', path: `${C}/jobs/*` },
      { method: 'GET', path: `${C}/applicantworkflows/*` },
    ],
    candidateRoute: (remoteId) => ({ method: 'GET', path: `${C}/people/${remoteId}` }),
    populate: (candidates) => tenant().populate({ candidates, seed: 1 }),
    candidates: () => candidatesOf(tenant()),
    applications: () => candidatesOf(tenant()).flatMap(({ applications = [] }) => applications),
    jobs: () => [...tenant().jobs.values()].map(jobOf),
    changeCandidate: (remoteId) =>
      tenant().edit(
        Number(remoteId),
        { firstname: 'Changed', phones: [{ entry: 9_000_000, phonenumber: '+14155550100' }] },
        now(),
      ),
    changeApplication(remoteId) {
      const workflow = tenant().workflows.get(Number(remoteId));
      if (!workflow) throw new Error(`There is no workflow ${remoteId}.`);
      const status = tenant().statuses.find(({ id }) => id !== workflow.status.id);
      if (status) tenant().moveWorkflow(workflow.id, status, now());
    },
    changeJob(remoteId) {
      const { portals } = tenant().job(Number(remoteId));
      tenant().changeJob(Number(remoteId), { portals: portals.length > 0 ? [] : ['1'] }, now());
    },
    // Users delete into the Purge folder.
    deleteCandidate: (remoteId) => tenant().purge(Number(remoteId), now()),
    addCandidate({ firstName, lastName, emails: [email = ''] }) {
      const { id } = tenant().addPerson({ lastname: 'New', email }, tenant().user, now()).person;
      tenant().edit(id, { firstname: firstName, lastname: lastName }, now());
    },
    tellsDeletions: true,
    pageSize: PEOPLE_PER_PAGE,
    addAttachment({ filename, contentType, bytes }) {
      const [person] = tenant().people.values();
      const id = person?.id ?? 0;
      // What iCIMS serves as JSON is no file (sheet §6.7, CONFIRMED): one of that kind has another type there.
      const type = /json/.test(contentType) ? 'application/octet-stream' : contentType;
      tenant().putResume(id, { filename, contentType: type, bytes: Buffer.from(bytes) }, now());
      return { candidateRemoteId: String(id), remoteId: 'resume' };
    },
    attachment() {
      for (const person of tenant().people.values()) {
        if (!person.resume) continue;
        const { filename, bytes } = person.resume;
        return { candidateRemoteId: String(person.id), remoteId: 'resume', filename, bytes };
      }
      throw new Error('Nobody has a résumé.');
    },
  };
}

/** How many people the plugin puts on a page. */
const PEOPLE_PER_PAGE = 40;

const TYPE_OF_PHONE: Readonly<Record<string, PhoneType>> = { Mobile: 'mobile', Home: 'home', Work: 'work' };

/** A person of iCIMS in our words, read without the plugin's help. */
export function recordOf({ fields }: PersonState): CandidateRecord {
  return {
    firstName: textOf(fields['firstname']) ?? '',
    lastName: textOf(fields['lastname']) ?? '',
    emails: present([textOf(fields['email'])]),
    phones: entriesOf(fields['phones']).map(({ phonenumber, phonetype }) => ({
      number: textOf(phonenumber) ?? '',
      type: TYPE_OF_PHONE[optionOf(phonetype) ?? ''] ?? 'other',
    })),
    socialUrls: entriesOf(fields['socialaccounts']).map(({ socialaccounturl }) => ({
      network: 'linkedin',
      url: textOf(socialaccounturl) ?? '',
    })),
    workExperience: entriesOf(fields['workexperience']).map((entry) => ({
      employer: textOf(entry['workemployer']) ?? '',
      ...known({
        title: textOf(entry['worktitle']),
        startDate: dateOf(entry['workstartdate']),
        endDate: dateOf(entry['workenddate']),
      }),
      current: entry['workenddate'] === undefined,
    })),
    education: entriesOf(fields['education']).map(({ school, degree }) => ({
      school: optionOf(school) ?? '',
      ...known({ degree: optionOf(degree) }),
    })),
    tags: [],
  };
}

function entriesOf(value: unknown): readonly CollectionEntry[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function optionOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'value' in value ? textOf(value.value) : textOf(value);
}

/** A first of a month stands for the month: iCIMS takes whole dates alone. */
function dateOf(value: unknown): string | undefined {
  return textOf(value)?.replace(/-01$/, '');
}

function present<Value>(values: readonly (Value | undefined)[]): Value[] {
  return values.filter((value) => value !== undefined);
}

function known<Name extends string>(values: Readonly<Record<Name, string | undefined>>): Partial<Record<Name, string>> {
  const entries = Object.entries<string | undefined>(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}
