import type { CandidateRecord, SocialNetwork } from '@talentbridge/contracts';
import type { SimulatedAccount } from '@talentbridge/testkit';
import {
  type CandidateState,
  type JobDivaSimulator,
  SIMULATED_CREDENTIALS,
  type SimulatedJob,
} from '../simulator/index.js';

/** Which methods a permission takes. */
const METHODS_OF_PERMISSION: Readonly<Record<string, readonly string[]>> = {
  'api.access': ['login'],
  'jobs.read': ['SearchJob'],
  'candidates.search': ['searchCandidateProfile'],
  'sources.read': ['ResumeSourceList'],
  'resumes.read': ['CandidatesResumesDetail'],
  'candidates.write': ['createCandidate', 'updateCandidateProfile'],
  'links.write': ['updateCandidateSNLinks'],
  'applications.write': ['createJobApplication'],
  'resumes.write': ['uploadResume'],
};

/** A simulated JobDiva as the conformance suite and connections of tests see it. */
export function subjectOf(simulator: JobDivaSimulator): SimulatedAccount {
  const { first, disabled } = SIMULATED_CREDENTIALS;
  const jobs = (): readonly SimulatedJob[] => simulator.account().jobs;
  const closed = jobs().find(({ status }) => status === 'CLOSED');
  return {
    simulator,
    hostOverrides: { 'api.jobdiva.com': simulator.url },
    credentials: first,
    settings: { sourceName: 'SeekOut' },
    wrongCredentials: [
      { title: 'a wrong password', credentials: { ...first, password: 'sim-password-wrong' }, blames: 'password' },
      {
        title: 'a client ID that JobDiva does not know',
        credentials: { ...first, clientId: '999999' },
        blames: 'client ID',
      },
      { title: 'a user who is disabled', credentials: disabled, blames: 'disabled' },
    ],
    withoutPermission(permission) {
      const methods = METHODS_OF_PERMISSION[permission];
      if (!methods) throw new Error(`No method is known to need ${permission}.`);
      for (const method of methods) simulator.account().allow(method, false);
    },
    export: {
      routes: {
        listJobs: { method: 'POST', path: '/apiv2/jobdiva/SearchJob' },
        createCandidate: { method: 'POST', path: '/apiv2/jobdiva/createCandidate' },
        attachJob: { method: 'POST', path: '/apiv2/jobdiva/createJobApplication' },
        uploadResume: { method: 'POST', path: '/apiv2/jobdiva/uploadResume' },
      },
      creationsFor: ({ candidate }) => simulator.creations.of(candidate.emails[0]?.toLowerCase() ?? ''),
      candidates: () =>
        simulator.candidates().map((candidate) => ({
          remoteId: String(candidate.id),
          record: recordOf(candidate),
          jobRemoteIds: candidate.applications.map(({ jobId }) => String(jobId)),
          resumes: candidate.resumes.length,
        })),
      openJobIds: () =>
        jobs()
          .filter(({ status }) => status === 'OPEN')
          .map(({ id }) => String(id)),
      ...(closed === undefined ? {} : { closedJobId: String(closed.id) }),
      replaceJobs(count) {
        simulator.account().replaceJobs(Array.from({ length: count }, (_, index) => openJob(index)));
      },
      jobPageSize: 200,
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function openJob(index: number): SimulatedJob {
  const reference = `26-${String(50_000 + index)}`;
  const place = { company: 'Contoso', city: 'Boston', state: 'MA' };
  return { id: 32_500_000 + index, reference, title: `Welder ${index}`, ...place, status: 'OPEN' };
}

const NETWORKS: Readonly<Record<string, SocialNetwork>> = {
  LinkedIn: 'linkedin',
  GitHub: 'github',
  X: 'twitter',
  Facebook: 'facebook',
  StackOverflow: 'stackoverflow',
  'Professional Website': 'website',
};

/** A candidate of JobDiva in our words, read without the plugin's help. */
function recordOf(candidate: CandidateState): CandidateRecord {
  const { address1, address2, city, state, zipCode, countryid } = candidate;
  return {
    firstName: candidate.firstName,
    lastName: candidate.lastName,
    emails: [candidate.email, candidate.alternateemail].filter((email) => email !== ''),
    phones: candidate.phones.map(({ phone }) => ({ number: phone, type: 'other' })),
    address: known({
      street1: address1,
      street2: address2,
      city,
      region: state,
      postalCode: zipCode,
      country: countryid,
    }),
    socialUrls: Object.entries(candidate.links).map(([name, url]) => ({ network: NETWORKS[name] ?? 'other', url })),
    workExperience: candidate.titles.map(({ titleskillcertification = '', startDate, endDate }) => {
      const at = titleskillcertification.lastIndexOf(' at ');
      return {
        employer: titleskillcertification.slice(at + 4),
        title: titleskillcertification.slice(0, at),
        ...known({ startDate: startDate?.slice(0, 10), endDate: endDate?.slice(0, 10) }),
        current: endDate === undefined,
      };
    }),
    education: candidate.educations.map(({ school = '', degree, major, year }) => ({
      school,
      ...known({ degree, major, graduationDate: year?.toString() }),
    })),
    tags: [],
  };
}

function known<Name extends string>(values: Readonly<Record<Name, string | undefined>>): Partial<Record<Name, string>> {
  const entries = Object.entries<string | undefined>(values).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}
