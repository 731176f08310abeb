import { createHash } from 'node:crypto';
import { cursorPage, linkHeader, momentOf } from './paging.js';
import { JOB_STATUSES, type SimulatedJob } from './records.js';
import { badRequest } from './refusal.js';
import type { RouteRegistrar, SimulatedWorld } from './routes.js';
import { TextSearch } from './text-search.js';
import { jobOf } from './views.js';

const STATUSES: readonly string[] = JOB_STATUSES;

/** Jobs (SmartRecruiters sheet §4). */
export function registerJobs(route: RouteRegistrar, world: SimulatedWorld): void {
  route('GET', '/jobs', ['jobs_read'], ({ account, query }) => {
    const { q: [text] = [], status: [status] = [], department, city } = query;
    if (status !== undefined && !STATUSES.includes(status)) throw badRequest('status is unknown');
    const since = momentOf(query, 'updatedAfter');
    const matching = text === undefined || text === '' ? undefined : titleSearch(account.jobs).find(text);
    const found = account.jobs.filter(
      (job) =>
        (matching?.has(job.id) ?? true) &&
        (status === undefined || job.status === status) &&
        (department?.includes(job.department) ?? true) &&
        (city?.includes(job.city) ?? true) &&
        (since === undefined || Date.parse(job.updatedOn) > since),
    );
    const page = cursorPage(inNoOrder(found), query, world.cursors);
    return { body: { ...page, content: page.content.map(jobOf) }, headers: { link: linkHeader('/jobs', page) } };
  });
  route('GET', '/jobs/:jobId', ['jobs_read'], ({ account, param }) => {
    const job = account.job(param('jobId'));
    return {
      body: {
        ...jobOf(job),
        creator: { id: 'user-1', firstName: 'Rita', lastName: 'Moss' },
        jobAd: { sections: {}, language: { code: 'en' } },
        properties: [],
      },
    };
  });
  route('GET', '/jobs/:jobId/status/history', ['jobs_read'], ({ account, param }) => {
    const content = account.job(param('jobId')).history.map((entry) => ({ ...entry, actions: {} }));
    return { body: { totalFound: content.length, content } };
  });
}

function titleSearch(jobs: readonly SimulatedJob[]): TextSearch<SimulatedJob> {
  const search = new TextSearch<SimulatedJob>(({ title }) => [title]);
  for (const job of jobs) search.put(job);
  return search;
}

/** In an order that has nothing to do with when they were made, the same each time. */
function inNoOrder(jobs: readonly SimulatedJob[]): readonly SimulatedJob[] {
  return jobs
    .map((job) => ({ job, rank: rankOf(job) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ job }) => job);
}

const RANKS = new WeakMap<SimulatedJob, string>();

function rankOf(job: SimulatedJob): string {
  const rank = RANKS.get(job) ?? createHash('sha256').update(job.id).digest('hex');
  RANKS.set(job, rank);
  return rank;
}
