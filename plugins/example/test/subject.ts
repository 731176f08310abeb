import type { PluginSubject, SimulatedRediscovery, SimulatedWebhooks, StoredCandidate } from '@talentbridge/testkit';
import {
  changesOf,
  dataCopyOf,
  type ExampleSimulator,
  SIMULATED_API_KEY,
  type SimulatedApplication,
  type SimulatedCandidate,
  type SimulatedJob,
  startSimulator,
} from '../simulator/index.js';

/** How the conformance suite starts Example ATS and looks into it. */
export const subject: PluginSubject = {
  async start() {
    const simulator = await startSimulator();
    const { jobs, candidates, keys } = simulator;
    return {
      simulator,
      hostOverrides: { 'api.example-ats.test': simulator.url },
      credentials: { apiKey: SIMULATED_API_KEY },
      wrongCredentials: [
        { title: 'a key that never was', credentials: { apiKey: 'example-key-of-nobody' }, blames: 'unknown_key' },
        { title: 'a key of odd characters', credentials: { apiKey: 'żółć "quoted" key' } },
      ],
      withoutPermission(permission) {
        for (const { scopes } of keys) scopes.delete(permission.replace('.', ':'));
      },
      export: {
        routes: {
          listJobs: { method: 'GET', path: '/v1/jobs' },
          createCandidate: { method: 'POST', path: '/v1/candidates' },
          attachJob: { method: 'POST', path: '/v1/applications' },
          uploadResume: { method: 'PUT', path: '/v1/candidates/*/resume' },
        },
        creationsFor: ({ candidate }) => simulator.creations.of(candidate.emails[0] ?? ''),
        candidates: () => candidates.map(stored),
        openJobIds: () => jobs.filter(({ status }) => status === 'open').map(({ id }) => id),
        closedJobId: 'job-3',
        replaceJobs(count) {
          jobs.splice(0, Infinity, ...Array.from({ length: count }, (_, index) => job(index)));
        },
        jobPageSize: 50,
      },
      rediscovery: rediscoveryOf(simulator),
      webhooks: webhooksOf(simulator),
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};

function job(index: number): SimulatedJob {
  return { id: `many-${index}`, title: `Welder ${index}`, number: `M-${index}`, status: 'open', city: 'Bremen' };
}

function stored(candidate: SimulatedCandidate): StoredCandidate {
  return {
    remoteId: candidate.id,
    record: {
      firstName: candidate.first_name,
      lastName: candidate.last_name,
      emails: candidate.emails,
      phones: candidate.phones.map(({ number }) => ({ number, type: 'other' })),
      socialUrls: candidate.links.map(({ url }) => ({ network: 'other', url })),
      workExperience: candidate.positions.map(({ employer, title, from, to }) => ({
        employer,
        ...(title === null ? {} : { title }),
        ...(from === null ? {} : { startDate: from }),
        ...(to === null ? {} : { endDate: to }),
        current: to === null,
      })),
      tags: candidate.tags,
    },
    jobRemoteIds: candidate.job_ids,
    resumes: candidate.resume ? 1 : 0,
  };
}

/** How the suite fills Example ATS with candidates, acts as its users, and sees what it holds. */
function rediscoveryOf(simulator: ExampleSimulator): SimulatedRediscovery {
  const { jobs, candidates, applications, notes, clock, webhooks } = simulator;
  const add = (candidate: Pick<SimulatedCandidate, 'id' | 'first_name' | 'last_name' | 'emails' | 'updated_at'>) => {
    candidates.push({
      external_id: `external-${candidate.id}`,
      source: 'Career page',
      phones: [{ number: '+49421555010', type: 'mobile' }],
      links: [{ network: 'linkedin', url: `https://www.linkedin.com/in/${candidate.id}` }],
      positions: [{ employer: 'Northwind', title: 'Welder', from: '2020-01', to: null }],
      tags: [],
      url: `https://app.example-ats.test/candidates/${candidate.id}`,
      created_at: LONG_AGO,
      job_ids: [],
      ...candidate,
    });
  };
  const apply = (candidate_id: string, job_id: string): void => {
    const id = `${candidate_id}-${job_id}`;
    applications.push({ id, candidate_id, job_id, status: 'active', created_at: LONG_AGO, updated_at: LONG_AGO });
  };
  const write = (candidate_id: string, readers: 'all' | 'author'): void => {
    const author = { first_name: 'Rita', last_name: 'Moss' };
    const text = `For ${readers} to read.`;
    notes.push({ id: `${candidate_id}-${readers}`, candidate_id, text, author, readers, created_at: LONG_AGO });
  };
  return {
    routes: [
      { method: 'GET', path: '/v1/candidates' },
      { method: 'GET', path: '/v1/jobs' },
      { method: 'GET', path: '/v1/candidates/deleted' },
    ],
    populate(count) {
      for (const list of [candidates, applications, notes]) list.length = 0;
      for (let index = 0; index < count; index += 1) {
        const id = `c-${String(index).padStart(6, '0')}`;
        const emails = [`ada.${index}@home.example`];
        add({ id, first_name: 'Ada', last_name: `Okafor-${index}`, emails, updated_at: LONG_AGO });
        for (const job of jobs.slice(0, index % 3)) apply(id, job.id);
        for (const readers of ['all', 'author'] as const) write(id, readers);
      }
      const [first] = candidates;
      if (first) first.resume = { filename: 'résumé "1".pdf', size: RESUME.length, content: RESUME.toString('base64') };
    },
    candidates: () =>
      candidates.map((candidate) => {
        const { record } = stored(candidate);
        const { phones = [], socialUrls = [], workExperience = [], tags = [] } = record;
        const { id: remoteId, first_name: firstName, last_name: lastName, emails, updated_at: updatedAt } = candidate;
        const person = { remoteId, firstName, lastName, emails, updatedAt };
        return { ...person, phones, socialUrls, workExperience, education: [], tags };
      }),
    applications: () => applications.map(mirrored),
    jobs: () => jobs.map(({ id, title, status }) => ({ remoteId: id, title, open: status === 'open' })),
    history: (candidateRemoteId) => ({
      notes: notes
        .filter(({ candidate_id, readers }) => candidate_id === candidateRemoteId && readers === 'all')
        .map(({ id, text }) => ({ remoteId: id, text, author: { firstName: 'Rita', lastName: 'Moss' } })),
      stageChanges: applications
        .filter(({ candidate_id }) => candidate_id === candidateRemoteId)
        .flatMap(changesOf)
        .map(({ application_id, status, at }) => ({
          applicationRemoteId: application_id,
          stage: status,
          enteredAt: at,
        })),
      feedback: [],
    }),
    changeCandidate(remoteId) {
      const index = candidates.findIndex(({ id }) => id === remoteId);
      const [before] = candidates.splice(index, 1);
      if (before) candidates.push({ ...before, last_name: `${before.last_name}-Lund`, updated_at: clock.iso() });
      webhooks.tell('candidate.updated', { candidate_id: remoteId });
    },
    changeApplication(remoteId) {
      const application = applications.find(({ id }) => id === remoteId);
      const candidate = candidates.find(({ id }) => id === application?.candidate_id);
      Object.assign(application ?? {}, { status: 'rejected', updated_at: clock.iso() });
      Object.assign(candidate ?? {}, { updated_at: clock.iso() });
      webhooks.tell('application.updated', { application_id: remoteId });
    },
    deleteCandidate: (remoteId) => simulator.deleteCandidate(remoteId),
    changeJob(remoteId) {
      const index = jobs.findIndex(({ id }) => id === remoteId);
      const [before] = jobs.splice(index, 1);
      const status = before?.status === 'open' ? 'closed' : 'open';
      if (before) jobs.push({ ...before, status, updated_at: clock.iso() });
      webhooks.tell('job.updated', { job_id: remoteId });
    },
    addCandidate({ firstName, lastName, emails }) {
      const id = `n-${String(candidates.length).padStart(6, '0')}`;
      add({ id, first_name: firstName, last_name: lastName, emails: [...emails], updated_at: clock.iso() });
      webhooks.tell('candidate.created', { candidate_id: id });
    },
    tellsDeletions: true,
    pageSize: 50,
    addAttachment({ filename, contentType, bytes }) {
      const candidate = candidates[0];
      if (!candidate) throw new Error('There is nobody to add a file to.');
      const content = Buffer.from(bytes).toString('base64');
      candidate.resume = { filename, content_type: contentType, size: bytes.length, content };
      return { candidateRemoteId: candidate.id, remoteId: 'resume' };
    },
    dataCopy() {
      const tables = dataCopyOf(candidates);
      return { tables, paths: tables.slice(1).flatMap(({ rows }) => rows.map(([, , path = '']) => path)) };
    },
    attachment() {
      const [{ id = '', resume } = {}] = candidates.filter((candidate) => candidate.resume);
      return { candidateRemoteId: id, remoteId: 'resume', filename: resume?.filename ?? '', bytes: RESUME };
    },
  };
}

/** How the suite looks at the webhooks of Example ATS, and breaks them. */
function webhooksOf({ webhooks }: ExampleSimulator): SimulatedWebhooks {
  const webhookOf = (remoteId: string) => webhooks.all.findIndex(({ id }) => id === remoteId);
  return {
    routes: {
      list: { method: 'GET', path: '/v1/webhooks' },
      subscribe: { method: 'POST', path: '/v1/webhooks' },
      activate: { method: 'POST', path: '/v1/webhooks/*/activate' },
      unsubscribe: { method: 'DELETE', path: '/v1/webhooks/*' },
      rotateSecret: { method: 'POST', path: '/v1/webhooks/*/secret' },
      log: { method: 'GET', path: '/v1/webhooks/*/deliveries' },
    },
    subscriptions: () =>
      webhooks.all.map(({ id, url, events, status }) => {
        return { remoteId: id, callbackUrl: url, events, active: status === 'active' };
      }),
    loseSubscription: (remoteId) => void webhooks.all.splice(webhookOf(remoteId), 1),
    switchOff: (remoteId) => void Object.assign(webhooks.all[webhookOf(remoteId)] ?? {}, { status: 'disabled' }),
    settled: () => webhooks.settled(),
    waiting: () => webhooks.deliveries.filter(({ again }) => again !== undefined).length,
    deliverAgain: (remoteId) => webhooks.deliverAgain(remoteId),
    challenge: async (remoteId) => {
      const webhook = webhooks.all[webhookOf(remoteId)];
      return webhook !== undefined && webhooks.challenge(webhook);
    },
    listPageSize: 50,
    logPageSize: 50,
  };
}

const LONG_AGO = '2024-03-01T09:00:00.000Z';

/** A résumé of which every byte counts: it holds all there are. */
const RESUME = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))]);

function mirrored({ id, candidate_id, job_id, status }: SimulatedApplication) {
  return { remoteId: id, candidateRemoteId: candidate_id, jobRemoteId: job_id, status, statusLabel: status };
}
