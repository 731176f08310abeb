import type { PluginSubject, StoredCandidate } from '@talentbridge/testkit';
import { SIMULATED_API_KEY, type SimulatedCandidate, type SimulatedJob, startSimulator } from '../simulator/index.js';

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
