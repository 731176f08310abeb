import type { CandidateRecord, SocialNetwork } from '@talentbridge/contracts';
import type { SimulatedAccount, SimulatedRoute } from '@talentbridge/testkit';
import {
  type CandidateState,
  SIMULATED_TOKENS,
  type SimulatedJob,
  type SmartRecruitersSimulator,
} from '../simulator/index.js';

const OPEN: readonly string[] = ['CREATED', 'SOURCING', 'INTERVIEW', 'OFFER'];

/** Which scope a permission is, where it has one to itself. */
const SCOPE_OF_PERMISSION: Readonly<Record<string, string>> = {
  'jobs.read': 'jobs_read',
  'candidates.read': 'candidates_read',
  'candidates.create': 'candidates_create',
};

/** Which request needs a permission that shares its scope with another. */
const ROUTE_OF_PERMISSION: Readonly<Record<string, SimulatedRoute>> = {
  'company.read': { method: 'GET', path: '/configuration/company' },
  'sources.read': { method: 'GET', path: '/configuration/sources' },
};

/** A simulated SmartRecruiters as the conformance suite and connections of tests see it. */
export function subjectOf(simulator: SmartRecruitersSimulator): SimulatedAccount {
  const jobs = (): SimulatedJob[] => simulator.account().jobs;
  const closedJobId = jobs().find(({ status }) => status === 'FILLED')?.id;
  return {
    simulator,
    hostOverrides: { 'api.smartrecruiters.com': simulator.url, 'api.sandbox.smartrecruiters.com': simulator.url },
    credentials: { smartToken: SIMULATED_TOKENS.full },
    settings: { sourceName: 'SeekOut' },
    wrongCredentials: [
      { title: 'a token that SmartRecruiters does not know', credentials: { smartToken: 'sim-smarttoken-nobody' } },
    ],
    withoutPermission(permission) {
      const scope = SCOPE_OF_PERMISSION[permission];
      if (scope !== undefined) for (const { scopes } of simulator.account().tokens) scopes.delete(scope);
      else simulator.faults.add({ ...routeOf(permission), fault: { kind: 'status', status: 403 } });
    },
    export: {
      routes: {
        listJobs: { method: 'GET', path: '/jobs' },
        // Into the talent pool, or onto a job.
        createCandidate: { method: 'POST', path: '/**candidates' },
        uploadResume: { method: 'POST', path: '/candidates/**attachments' },
      },
      creationsFor: ({ candidate }) => simulator.creations.of(candidate.emails[0]?.toLowerCase() ?? ''),
      candidates: () =>
        simulator.candidates().map((candidate) => ({
          remoteId: candidate.id,
          record: recordOf(candidate),
          jobRemoteIds: candidate.assignments.map(({ jobId }) => jobId),
          resumes: candidate.attachments.filter(({ type }) => type === 'RESUME').length,
        })),
      openJobIds: () =>
        jobs()
          .filter(({ status, template }) => !template && OPEN.includes(status))
          .map(({ id }) => id),
      ...(closedJobId === undefined ? {} : { closedJobId }),
      replaceJobs(count) {
        const [first] = jobs();
        if (!first) throw new Error('The simulator starts with jobs.');
        const replaced = Array.from({ length: count }, (_, index) => openJob(first, index));
        jobs().splice(0, Number.POSITIVE_INFINITY, ...replaced);
      },
      jobPageSize: 100,
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function routeOf(permission: string): SimulatedRoute {
  const route = ROUTE_OF_PERMISSION[permission];
  if (!route) throw new Error(`No route is known to need ${permission}.`);
  return route;
}

function openJob(like: SimulatedJob, index: number): SimulatedJob {
  return { ...like, id: `job-${index}`, title: `Welder ${index}`, status: 'SOURCING' };
}

const NETWORKS: readonly SocialNetwork[] = ['linkedin', 'facebook', 'twitter', 'website'];

/** A candidate of SmartRecruiters in our words, read without the plugin's help. */
function recordOf(candidate: CandidateState): CandidateRecord {
  const { firstName, lastName, email, phoneNumber, location = {}, web = {}, tags } = candidate;
  const { city, region, regionCode, country, countryCode } = location;
  return {
    firstName,
    lastName,
    emails: [email],
    phones: phoneNumber === undefined ? [] : [{ number: phoneNumber, type: 'other' }],
    address: known({ city, region: region ?? regionCode, country: country ?? countryCode?.toUpperCase() }),
    socialUrls: NETWORKS.flatMap((network) => {
      const url = web[network as keyof typeof web];
      return url === undefined ? [] : [{ network, url }];
    }),
    workExperience: candidate.experience.map(({ company = '', title, startDate, endDate, current = false }) => ({
      employer: company,
      ...known({ title, startDate, endDate }),
      current,
    })),
    education: candidate.education.map(({ institution = '', degree, major, endDate }) => ({
      school: institution,
      ...known({ degree, major, graduationDate: endDate }),
    })),
    tags,
  };
}

function known<Name extends string>(values: Readonly<Record<Name, string | undefined>>): Partial<Record<Name, string>> {
  const entries = Object.entries<string | undefined>(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}
