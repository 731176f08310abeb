import type {
  CandidateRecord,
  MirroredApplication,
  MirroredCandidate,
  PhoneType,
  SocialNetwork,
} from '@talentbridge/contracts';
import type {
  SimulatedAccount,
  SimulatedHistory,
  SimulatedRediscovery,
  SimulatedRoute,
  SimulatedWebhooks,
} from '@talentbridge/testkit';
import {
  type CandidateFolder,
  type JobScoreSimulator,
  SIMULATED_KEYS,
  type SimulatedApplication,
  type SimulatedAuthor,
  type SimulatedCandidate,
  type SimulatedJob,
} from '../simulator/index.js';

/** Which request needs which permission. */
const ROUTE_OF_PERMISSION: Readonly<Record<string, SimulatedRoute>> = {
  'api.access': { method: 'GET', path: '/v2/users/me' },
  'jobs.read': { method: 'GET', path: '/v2/jobs' },
  'sources.read': { method: 'GET', path: '/v2/sources/databases' },
  'tags.read': { method: 'GET', path: '/v2/tags' },
  'candidates.read': { method: 'GET', path: '/v2/candidates' },
  'candidates.write': { method: 'POST', path: '/v2/candidates' },
  'applications.write': { method: 'POST', path: '/v2/applications' },
  'applications.read': { method: 'GET', path: '/v2/candidates/*/applications' },
  'documents.read': { method: 'GET', path: '/v2/candidates/*/documents' },
  'notes.read': { method: 'GET', path: '/v2/candidates/*/notes' },
  'interviews.read': { method: 'GET', path: '/v2/candidates/*/interviews' },
  'dispositions.read': { method: 'GET', path: '/v2/disposition_codes' },
  'documents.write': { method: 'POST', path: '/v2/candidates/*/documents' },
  'webhooks.read': { method: 'GET', path: '/v2/webhooks' },
  'webhooks.write': { method: 'POST', path: '/v2/webhooks' },
};

/** A simulated JobScore as the conformance suite and connections of tests see it. */
export function subjectOf(simulator: JobScoreSimulator): SimulatedAccount {
  const jobs = (): SimulatedJob[] => simulator.account().jobs;
  const closedJobId = jobs().find(({ status }) => status === 'closed')?.id;
  return {
    simulator,
    hostOverrides: { 'api.jobscore.com': simulator.url },
    credentials: { apiKey: SIMULATED_KEYS.user },
    settings: { sourceName: 'SeekOut' },
    wrongCredentials: [{ title: 'a key that JobScore does not know', credentials: { apiKey: 'sim-user-key-nobody' } }],
    withoutPermission(permission) {
      const route = ROUTE_OF_PERMISSION[permission];
      if (!route) throw new Error(`No route is known to need ${permission}.`);
      simulator.faults.add({ ...route, fault: { kind: 'status', status: 403 } });
    },
    export: {
      routes: {
        listJobs: { method: 'GET', path: '/v2/jobs' },
        createCandidate: { method: 'POST', path: '/v2/candidates' },
        attachJob: { method: 'POST', path: '/v2/applications' },
        uploadResume: { method: 'POST', path: '/v2/candidates/*/documents' },
      },
      creationsFor: ({ candidate }) => simulator.creations.of(candidate.emails[0]?.toLowerCase() ?? ''),
      candidates: () =>
        simulator.candidates().map((candidate) => ({
          remoteId: candidate.id,
          record: recordOf(candidate),
          jobRemoteIds: candidate.applications.map(({ job_id }) => job_id),
          resumes: candidate.documents.filter(({ document_type }) => document_type === 'resume').length,
        })),
      openJobIds: () =>
        jobs()
          .filter(({ status }) => status === 'open' || status === 'internal')
          .map(({ id }) => id),
      ...(closedJobId === undefined ? {} : { closedJobId }),
      replaceJobs(count) {
        const [first] = jobs();
        if (!first) throw new Error('The simulator starts with jobs.');
        const replaced = Array.from({ length: count }, (_, index) => openJob(first, index));
        jobs().splice(0, Number.POSITIVE_INFINITY, ...replaced);
      },
      jobPageSize: 100,
      tags: simulator.account().tags.map(({ name }) => name),
    },
    rediscovery: rediscoveryOf(simulator),
    webhooks: webhooksOf(simulator),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function openJob(like: SimulatedJob, index: number): SimulatedJob {
  return { ...like, id: `job-${index}`.padEnd(22, '_'), title: `Welder ${index}`, status: 'open' };
}

const PHONE_TYPES: readonly PhoneType[] = ['mobile', 'home', 'work'];
const NETWORKS: Readonly<Record<string, SocialNetwork>> = {
  linkedin: 'linkedin',
  github: 'github',
  twitter: 'twitter',
  facebook: 'facebook',
  website: 'website',
};

/** A candidate of JobScore in our words, read without the plugin's help. */
function recordOf(candidate: SimulatedCandidate): CandidateRecord {
  const { home_street1: street1, home_street2: street2, home_city: city, home_state: region } = candidate;
  const { home_postal_code: postalCode, home_country: country } = candidate;
  return {
    firstName: candidate.first_name,
    lastName: candidate.last_name,
    emails: present([candidate.email, candidate.work_email]),
    phones: PHONE_TYPES.flatMap((type) =>
      present([candidate[`${type}_phone` as 'mobile_phone' | 'home_phone' | 'work_phone']]).map((number) => ({
        number,
        type,
      })),
    ),
    address: known({ street1, street2, city, region, postalCode, country }),
    socialUrls: (candidate.profile_links ?? []).map(({ type, url }) => ({ network: NETWORKS[type] ?? 'other', url })),
    workExperience: (candidate.employers ?? []).flatMap(({ employer_name: employer, titles }) =>
      titles.map(({ title, start_year, end_year }) => ({
        employer,
        ...known({ title, startDate: start_year?.toString(), endDate: end_year?.toString() }),
        current: end_year === null,
      })),
    ),
    education: (candidate.schools ?? []).map(({ name: school, degree_type, degree_major, graduation_year }) => ({
      school,
      ...known({ degree: degree_type, major: degree_major, graduationDate: graduation_year }),
    })),
    tags: candidate.tags ?? [],
  };
}

function present<Value>(values: readonly (Value | null | undefined)[]): Value[] {
  return values.filter((value) => value !== null && value !== undefined);
}

function known<Name extends string>(
  values: Readonly<Record<Name, string | null | undefined>>,
): Partial<Record<Name, string>> {
  const entries = Object.entries<string | null | undefined>(values).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

/** How the suite fills JobScore with candidates, acts as its users, and sees what it holds. */
function rediscoveryOf(simulator: JobScoreSimulator): SimulatedRediscovery {
  const account = () => simulator.account();
  const folders = (): readonly CandidateFolder[] => [...account().folders()];
  const { clock } = simulator;
  return {
    routes: [
      { method: 'GET', path: '/v2/candidates' },
      { method: 'GET', path: '/v2/jobs' },
      { method: 'GET', path: '/v2/candidates/*/applications' },
      { method: 'GET', path: '/v2/candidates/*/documents' },
    ],
    candidateRoute: (remoteId) => ({ method: 'GET', path: `/v2/candidates/${remoteId}/applications` }),
    populate: (candidates) => account().populate({ candidates, seed: 7 }),
    candidates: () => folders().map(mirroredOf),
    applications: () => folders().flatMap(({ applications }) => applications.map(applicationOf)),
    jobs: () =>
      account().jobs.map(({ id, title, status, updated_on }) => {
        const open = status === 'open' || status === 'internal';
        return { remoteId: id, title, open, statusLabel: status, updatedAt: updated_on };
      }),
    history: (candidateRemoteId) => historyOf(account().folder(candidateRemoteId)),
    changeCandidate(remoteId) {
      const { candidate } = account().folder(remoteId);
      account().changeCandidate(remoteId, { ...candidate, last_name: `${candidate.last_name}-Lund` }, clock.iso());
    },
    changeApplication(remoteId) {
      const { status } = account().application(remoteId);
      account().moveApplication(remoteId, { status: status === 'rejected' ? 'hired' : 'rejected' }, clock.iso());
    },
    deleteCandidate: (remoteId) => account().deleteCandidate(remoteId),
    changeJob(remoteId) {
      const { status } = account().job(remoteId);
      account().changeJob(remoteId, status === 'closed' ? 'open' : 'closed', clock.iso());
    },
    addCandidate({ firstName, lastName, emails }) {
      const [email = ''] = emails;
      account().addCandidate({ first_name: firstName, last_name: lastName, email }, clock.iso());
    },
    tellsDeletions: false,
    pageSize: 25,
    addAttachment(file) {
      const [folder] = folders();
      if (!folder) throw new Error('There is nobody to add a file to.');
      const candidateRemoteId = folder.candidate.id;
      const upload = { ...file, documentType: 'other', bytes: Buffer.from(file.bytes) };
      return { candidateRemoteId, remoteId: account().addDocument(candidateRemoteId, upload, clock.iso()).id };
    },
    attachment() {
      const document = folders().flatMap(({ documents }) => documents)[0];
      if (!document) throw new Error('Some of the generated candidates have documents.');
      const { id: remoteId, candidate_id: candidateRemoteId, filename } = document;
      return { candidateRemoteId, remoteId, filename, bytes: account().file(remoteId) };
    },
  };
}

/** How the suite sees JobScore's webhooks and interferes with them. */
function webhooksOf(simulator: JobScoreSimulator): SimulatedWebhooks {
  const { deliveries, clock } = simulator;
  const account = () => simulator.account();
  return {
    routes: {
      list: { method: 'GET', path: '/v2/webhooks' },
      subscribe: { method: 'POST', path: '/v2/webhooks' },
      unsubscribe: { method: 'DELETE', path: '/v2/webhooks/*' },
    },
    subscriptions: () =>
      account().webhooks.map(({ id, target_url, event_types, enabled }) => ({
        remoteId: id,
        callbackUrl: target_url,
        events: event_types,
        active: enabled,
      })),
    loseSubscription: (remoteId) => account().removeWebhook(remoteId),
    switchOff: (remoteId) => void account().disableWebhook(remoteId, clock.iso()),
    settled: () => deliveries.settled(),
    waiting: () => deliveries.counts().waiting,
    deliverAgain: (remoteId) => deliveries.sendAgain(account().webhook(remoteId)),
  };
}

function historyOf({ applications, notes, interviews }: CandidateFolder): SimulatedHistory {
  const nameOf = ({ first_name: firstName = '', last_name: lastName = '' }: Partial<SimulatedAuthor> = {}) => ({
    firstName,
    lastName,
  });
  return {
    notes: notes
      .filter((note) => !note.private)
      .map(({ id, body, author }) => ({ remoteId: id, text: body, author: nameOf(author) })),
    stageChanges: applications.flatMap(({ id, stage_history }) =>
      stage_history.map(({ stage, entered_on }) => ({
        applicationRemoteId: id,
        stage: stage.name,
        enteredAt: entered_on,
      })),
    ),
    feedback: interviews
      .filter(({ feedback, recommendation }) => feedback !== null || recommendation !== null)
      .map(({ id, application_id, interviewers, feedback }) => ({
        remoteId: id,
        applicationRemoteId: application_id,
        interviewer: nameOf(interviewers[0]),
        ...(feedback === null ? {} : { text: feedback }),
      })),
  };
}

function mirroredOf({ candidate, documents }: CandidateFolder): MirroredCandidate {
  return {
    remoteId: candidate.id,
    ...recordOf(candidate),
    createdAt: candidate.created_on,
    updatedAt: candidate.updated_on,
    attachments: documents.map(({ id, filename }) => ({ remoteId: id, filename, kind: 'other' })),
  };
}

function applicationOf(application: SimulatedApplication): MirroredApplication {
  const { id, candidate_id, job_id, status, workflow_stage: stage, updated_on } = application;
  return {
    remoteId: id,
    candidateRemoteId: candidate_id,
    jobRemoteId: job_id,
    status,
    statusLabel: status,
    stage: stage.name,
    updatedAt: updated_on,
  };
}
