import type { SimulatedAccount } from './account.js';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { isPublished, postingOf } from './job-posting.js';
import { shuffled } from './paging.js';
import type { SimulatedJob } from './records.js';

/** The careers site has a host name of its own: `careers.jobscore.com`, or `careers.localhost` on this machine. */
const CAREERS_HOST = /^careers\./i;

/** The public feed of published jobs, which needs no key (JobScore sheet §8 and §10.7). */
export function registerFeed(app: SimulatorApp, world: SimulatedWorld): void {
  app.get<{ Params: { account: string }; Querystring: { department?: string } }>(
    '/jobs/:account/feed.json',
    async (request, reply) => {
      const account = CAREERS_HOST.test(request.hostname)
        ? world.accounts.find(({ slug }) => slug === request.params.account)
        : undefined;
      if (!account) return reply.code(404).send({ error: 'Not found' });
      const { department } = request.query;
      const published = shuffled(account.jobs.filter(isPublished));
      const jobs = published.filter((job) => department === undefined || job.department.name === department);
      return { company_name: account.companyName, jobs: jobs.map((job) => feedEntry(account, job)) };
    },
  );
}

function feedEntry(account: SimulatedAccount, job: SimulatedJob): Readonly<Record<string, unknown>> {
  const { city, state, country } = job.location;
  return {
    id: job.id,
    title: job.title,
    department: job.department.name,
    location: `${city}, ${state}`,
    city,
    state,
    country,
    opened_date: job.created_on,
    last_updated_date: job.updated_on,
    company_name: account.companyName,
    custom_fields: [],
    ...postingOf(account, job),
  };
}
