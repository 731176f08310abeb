import type { CandidateRecord, SocialNetwork } from '@talentbridge/contracts';
import type { SimulatedAccount } from '@talentbridge/testkit';
import {
  allSubmittals,
  type CandidateState,
  copyTablesOf,
  dataCopyOf,
  type JobDivaSimulator,
  SIMULATED_CREDENTIALS,
  type SimulatedJob,
} from '../simulator/index.js';
import { LINKEDIN_FIELD, mirroredApplications, mirroredCandidates, mirroredJobs } from './mirrored-account.js';

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
  'candidates.follow': ['NewUpdatedCandidateRecords'],
  'candidates.read': ['CandidatesDetail'],
  'jobs.follow': ['NewUpdatedJobRecords'],
  'jobs.details': ['JobsUsersDetail'],
  'applications.follow': ['CandidateApplicationRecords'],
  'applicants.read': ['JobApplicantsDetail'],
  'activities.follow': ['SubmittalInterviewHireActivitiesList'],
  'submittals.search': ['searchSubmittal'],
  'deletions.follow': ['MergedCandidates'],
  'resumes.fetch': ['ResumeDetail'],
};

const DAY_MS = 86_400_000;

/** How long the histories are that checks work with: every request takes its time. */
const HISTORY_DAYS = 60;

/** A simulated JobDiva as the conformance suite and connections of tests see it. */
export function subjectOf(simulator: JobDivaSimulator): SimulatedAccount {
  const { first, disabled } = SIMULATED_CREDENTIALS;
  const jobs = (): readonly SimulatedJob[] => simulator.account().jobs;
  const closed = jobs().find(({ status }) => status === 'CLOSED');
  return {
    simulator,
    hostOverrides: { 'api.jobdiva.com': simulator.url },
    credentials: first,
    settings: {
      sourceName: 'SeekOut',
      historyStart: new Date(Date.now() - 2 * HISTORY_DAYS * DAY_MS).toISOString().slice(0, 10),
      linkedInField: LINKEDIN_FIELD,
    },
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
    rediscovery: {
      addAttachment({ bytes }) {
        const account = simulator.account();
        const [person] = mirroredCandidates(account);
        const candidateid = Number(person?.remoteId);
        const [source] = account.sources;
        const filecontent = Buffer.from(bytes).toString('base64');
        // Nobody asks JobDiva for a type: it has none.
        account.uploadResume(
          { candidateid, filename: 'file.txt', filecontent, textfile: 'A text', resumesource: source?.id },
          simulator.clock.now(),
        );
        const remoteId = account.people.resumesOf(candidateid).at(-1)?.id ?? '';
        return { candidateRemoteId: String(candidateid), remoteId };
      },
      dataCopy() {
        const account = simulator.account();
        const paths = [...dataCopyOf(account)].map(({ path }) => path);
        const tables = [...copyTablesOf(account)].map(({ path: filename, rows: found }) => {
          const rows = [...found];
          return { filename, columns: Object.keys(rows[0] ?? {}), rows: rows.map((row) => Object.values(row)) };
        });
        return { paths, tables: tables.filter(({ rows }) => rows.length > 0) };
      },
      routes: [
        { method: 'GET', path: '/apiv2/bi/NewUpdatedCandidateRecords' },
        { method: 'GET', path: '/apiv2/bi/CandidatesDetail' },
        { method: 'GET', path: '/apiv2/bi/CandidatesResumesDetail' },
        { method: 'GET', path: '/apiv2/bi/NewUpdatedJobRecords' },
        { method: 'GET', path: '/apiv2/bi/JobsUsersDetail' },
        { method: 'GET', path: '/apiv2/bi/CandidateApplicationRecords' },
        { method: 'POST', path: '/apiv2/jobdiva/searchSubmittal' },
        { method: 'GET', path: '/apiv2/bi/SubmittalInterviewHireActivitiesList' },
      ],
      populate(candidates) {
        const until = simulator.clock.now() - DAY_MS;
        simulator.account().populate({ candidates, until, days: HISTORY_DAYS, jobs: 6 });
      },
      candidates: () => mirroredCandidates(simulator.account()),
      applications: () => mirroredApplications(simulator.account()),
      jobs: () => mirroredJobs(simulator.account()),
      changeCandidate(remoteId) {
        const now = simulator.clock.now();
        simulator.account().editCandidate(Number(remoteId), { address1: `${now} Main Street` }, now);
      },
      changeApplication(remoteId) {
        const [candidateId = 0, jobId = 0] = remoteId.split('/').map(Number);
        const account = simulator.account();
        const held = allSubmittals(account).filter((one) => one.candidateId === candidateId && one.jobId === jobId);
        const now = simulator.clock.now();
        const [submittal] = held.toSorted((a, b) => b.touchedAt - a.touchedAt || b.id - a.id);
        if (!submittal) account.submit(candidateId, jobId, now, 'interview');
        else account.moveSubmittal(submittal.id, submittal.state === 'hired' ? 'interview' : 'hired', now);
      },
      deleteCandidate(remoteId) {
        simulator.account().deleteCandidate(Number(remoteId), simulator.clock.now());
      },
      addCandidate({ firstName, lastName, emails: [email = '', alternateemail = ''] }) {
        const fields = { firstName, lastName, email, alternateemail };
        simulator.account().addCandidate(fields, simulator.clock.now());
      },
      tellsDeletions: true,
      pageSize: 200,
      attachment() {
        const [candidateRemoteId, attachment] =
          mirroredCandidates(simulator.account())
            .map(({ remoteId, attachments }) => [remoteId, attachments?.[0]] as const)
            .find(([, first]) => first !== undefined) ?? [];
        if (candidateRemoteId === undefined || !attachment) throw new Error('Nobody has a résumé.');
        const { remoteId, filename } = attachment;
        const resume = simulator
          .account()
          .people.resumesOf(Number(candidateRemoteId))
          .find(({ id }) => id === remoteId);
        const bytes = new TextEncoder().encode(resume?.text);
        return { candidateRemoteId, remoteId, filename, bytes };
      },
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
