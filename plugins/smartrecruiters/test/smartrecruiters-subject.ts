import type { SimulatedAccount, SimulatedRediscovery, SimulatedRoute, SimulatedWebhooks } from '@talentbridge/testkit';
import { SIMULATED_TOKENS, type SimulatedJob, type SmartRecruitersSimulator } from '../simulator/index.js';
import { applicationsOf, candidatesOf, jobOf, stageChangesOf } from './mirror-truth.js';
import { recordOf } from './simulated-record.js';

const OPEN: readonly string[] = ['CREATED', 'SOURCING', 'INTERVIEW', 'OFFER'];

/** Which scope a permission is, where it has one to itself. */
const SCOPE_OF_PERMISSION: Readonly<Record<string, string>> = {
  'jobs.read': 'jobs_read',
  'candidates.read': 'candidates_read',
  'candidates.create': 'candidates_create',
  'webhooks.read': 'webhooks_manage',
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
    rediscovery: rediscoveryOf(simulator),
    webhooks: webhooksOf(simulator),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** How many candidates the plugin puts on a page. */
const CANDIDATES_PER_PAGE = 30;

function rediscoveryOf(simulator: SmartRecruitersSimulator): SimulatedRediscovery {
  const now = (): string => simulator.clock.iso();
  return {
    routes: [
      { method: 'GET', path: '/jobs' },
      { method: 'GET', path: '/candidates' },
      { method: 'GET', path: '/candidates/*' },
      { method: 'GET', path: '/candidates/*/attachments' },
      { method: 'GET', path: '/candidates/*/jobs/*/attachments' },
    ],
    candidateRoute: (remoteId) => ({ method: 'GET', path: `/candidates/${remoteId}` }),
    populate: (listed) => simulator.account().populate({ listed, hidden: 3, seed: 1 }),
    candidates: () => candidatesOf(simulator.account()),
    applications: () => {
      const account = simulator.account();
      return account.candidates().flatMap((candidate) => applicationsOf(account, candidate));
    },
    jobs: () => simulator.account().jobs.map(jobOf),
    history: (candidateRemoteId) => ({
      notes: [],
      stageChanges: stageChangesOf(simulator.account().candidate(candidateRemoteId)),
      feedback: [],
    }),
    changeCandidate(remoteId) {
      const { firstName } = simulator.account().candidate(remoteId);
      simulator.account().change(remoteId, { firstName: `${firstName} Jr`, tags: ['changed'] }, now());
    },
    changeApplication(remoteId) {
      const [candidateId = '', jobId = ''] = remoteId.split('/');
      const { status } = simulator.account().assignment(candidateId, jobId);
      const next =
        status === 'REJECTED'
          ? ({ status: 'INTERVIEW', subStatus: 'Interview 1' } as const)
          : ({ status: 'REJECTED', reason: 'rejection-1' } as const);
      simulator.account().setStatus(candidateId, jobId, next, now());
    },
    deleteCandidate: (remoteId) => simulator.account().remove(remoteId),
    changeJob(remoteId) {
      const { status } = simulator.account().job(remoteId);
      simulator.account().setJobStatus(remoteId, OPEN.includes(status) ? 'FILLED' : 'SOURCING', now());
    },
    // On a job: who has no application is in no list.
    addCandidate({ firstName, lastName, emails: [email = ''] }) {
      const job = simulator.account().jobs.find(({ status }) => status === 'SOURCING');
      simulator.account().add({ firstName, lastName, email }, job?.id, now());
    },
    tellsDeletions: false,
    pageSize: CANDIDATES_PER_PAGE,
    addAttachment({ filename: name, contentType, bytes }) {
      const account = simulator.account();
      for (const { id } of account.candidates()) {
        const file = { name, type: 'GENERIC_FILE', contentType, bytes: Buffer.from(bytes) };
        return { candidateRemoteId: id, remoteId: account.attach(id, undefined, file, now()).id };
      }
      throw new Error('There is nobody to add a file to.');
    },
    attachment() {
      const account = simulator.account();
      for (const { id, attachments } of account.candidates()) {
        const file = attachments.find(({ type, jobId }) => type === 'RESUME' && jobId !== undefined);
        if (!file) continue;
        const { bytes } = account.file(file.id);
        return { candidateRemoteId: id, remoteId: `${file.jobId}/${file.id}`, filename: file.name, bytes };
      }
      throw new Error('Nobody has a file.');
    },
  };
}

/** As many as the plugin asks for at once. */
const LOG_PAGE_SIZE = 100;

function webhooksOf({ webhooks }: SmartRecruitersSimulator): SimulatedWebhooks {
  const prefix = '/webhooks-api/v201907/subscriptions';
  return {
    routes: {
      list: { method: 'GET', path: prefix },
      subscribe: { method: 'POST', path: prefix },
      unsubscribe: { method: 'DELETE', path: `${prefix}/*` },
      rotateSecret: { method: 'POST', path: `${prefix}/*/secret-key` },
      log: { method: 'GET', path: `${prefix}/*/callbacks-log` },
      activate: { method: 'PUT', path: `${prefix}/*/activation` },
    },
    subscriptions: () =>
      webhooks.subscriptions().map(({ id, callbackUrl, events, status }) => {
        return { remoteId: id, callbackUrl, events, active: status === 'active' };
      }),
    loseSubscription: (remoteId) => webhooks.remove(webhooks.subscription(remoteId)),
    switchOff: (remoteId) => webhooks.suspend(webhooks.subscription(remoteId)),
    settled: () => webhooks.settled(),
    waiting: () => webhooks.waiting,
    deliverAgain: (remoteId) => webhooks.deliverAgain(webhooks.subscription(remoteId)),
    logPageSize: LOG_PAGE_SIZE,
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
