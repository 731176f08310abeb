import type { SimulatedAccount } from './account.js';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
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
      const published = shuffled(account.jobs.filter(({ status }) => status === 'open'));
      const jobs = published.filter((job) => department === undefined || job.department.name === department);
      return { company_name: account.companyName, jobs: jobs.map((job) => feedEntry(account, job)) };
    },
  );
}

function feedEntry({ slug, companyName }: SimulatedAccount, job: SimulatedJob): Readonly<Record<string, unknown>> {
  const { city, state, country } = job.location;
  const urlSlug = job.title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const site = `https://careers.jobscore.com/careers/${slug}`;
  return {
    id: job.id,
    title: job.title,
    description: '<p>…</p>',
    department: job.department.name,
    location: `${city}, ${state}`,
    city,
    state,
    country,
    opened_date: job.created_on,
    last_updated_date: job.updated_on,
    detail_url: `${site}/jobs/${urlSlug}-${job.id}`,
    apply_url: `${site}/apply/${job.id}`,
    url_slug: urlSlug,
    company_name: companyName,
    custom_fields: [],
  };
}
