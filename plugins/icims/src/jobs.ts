import { type CallContext, type Job, JobNotOpenError, type JobQuery, type Page } from '@talentbridge/contracts';
import type { IcimsClient } from './client.js';
import { jobOf } from './mapping.js';
import { ATS } from './vendor-errors.js';
import type { JobProfile, PortalJob } from './vendor-records.js';

/** Jobs on one page, unless fewer are asked for. */
const PAGE_SIZE = 500;

/**
 * Up to so many jobs on a page get their own title, number and place, at one call each; longer pages go by the slugs of their job
 * pages. A portal lists no titles and the day has 10,000 calls: 500 profiles for each look at a list would be a twentieth of it.
 */
const MOST_PROFILES = 50;

/** Pages of one listing come from one reading, so that they fit together. */
const LISTING_MS = 60_000;

/** How long a job that was on a portal counts as open without asking again. */
const OPEN_MS = 10 * 60_000;

/** How soon a job that was on no portal is looked for again. */
const RECHECK_MS = 5_000;

/** What the portals showed, and what kept one of them from showing anything. */
interface Shown {
  readonly jobs: ReadonlyMap<number, PortalJob>;
  readonly failure?: unknown;
}

interface Reading {
  readonly at: number;
  readonly shown: Promise<Shown>;
}

/** The jobs of a connection's portals: what recruiters choose from, and what exports are checked against. */
export class PortalJobs {
  #reading: Reading | undefined;
  /** Profiles that were read, until a portal dates the job anew. */
  readonly #profiles = new Map<
    number,
    { readonly updated: string | undefined; readonly profile: JobProfile | undefined }
  >();

  constructor(
    private readonly client: IcimsClient,
    private readonly portals: readonly string[],
  ) {}

  /**
   * One page of the jobs on all portals, each once. A search goes by what is known without asking: slug, number, and the
   * profiles that were read before.
   */
  async page(ctx: CallContext, { cursor, first, search = '' }: JobQuery): Promise<Page<Job>> {
    const { jobs, failure } = await this.#read(ctx, cursor === undefined ? 0 : LISTING_MS);
    // Half a list would look like all of it.
    if (failure !== undefined) throw failure;
    const after = /^\d{1,15}$/.test(cursor ?? '') ? Number(cursor) : 0;
    const rest = [...jobs.values()]
      .filter((job) => job.id > after && isFoundBy(search, jobOf(job, this.#knownProfile(job))))
      .sort((a, b) => a.id - b.id);
    const size = Math.min(Math.max(Math.trunc(first ?? PAGE_SIZE), 1), PAGE_SIZE);
    const page = rest.slice(0, size);
    const unknown = page.filter((job) => !this.#isKnown(job));
    if (unknown.length <= MOST_PROFILES) await Promise.all(unknown.map((job) => this.#readProfile(ctx, job)));
    const items = page.map((job) => jobOf(job, this.#knownProfile(job)));
    const last = page.at(-1);
    return rest.length > size && last ? { items, cursor: String(last.id) } : { items };
  }

  /**
   * Makes sure that a job is on a portal, whatever ails the others. One reading serves all candidates of an export.
   * @throws JobNotOpenError
   */
  async requireOpen(ctx: CallContext, jobRemoteId: string): Promise<void> {
    const id = /^\d{1,15}$/.test(jobRemoteId) ? Number(jobRemoteId) : undefined;
    if (id !== undefined) {
      if ((await this.#read(ctx, OPEN_MS)).jobs.has(id)) return;
      const { jobs, failure } = await this.#read(ctx, RECHECK_MS);
      if (jobs.has(id)) return;
      if (failure !== undefined) throw failure;
    }
    throw new JobNotOpenError(ATS, jobRemoteId, 'it is on none of the job portals of this connection');
  }

  /** The jobs that stand on a portal of the connection now, by id. */
  async posted(ctx: CallContext): Promise<ReadonlyMap<number, PortalJob>> {
    const { jobs, failure } = await this.#read(ctx, 0);
    // Jobs of a portal that could not be read would look closed.
    if (failure !== undefined) throw failure;
    return jobs;
  }

  /** Forgets what was read, because iCIMS contradicted it. */
  forget(): void {
    this.#reading = undefined;
  }

  #read(ctx: CallContext, maxAgeMs: number): Promise<Shown> {
    const kept = this.#reading;
    if (kept && Date.now() - kept.at < maxAgeMs) return kept.shown;
    const shown = this.#readPortals(ctx).then((read) => {
      // Nothing was learnt that would be worth keeping.
      if (read.failure !== undefined && read.jobs.size === 0 && this.#reading?.shown === shown) this.forget();
      return read;
    });
    this.#reading = { at: Date.now(), shown };
    return shown;
  }

  async #readPortals(ctx: CallContext): Promise<Shown> {
    const lists = await Promise.allSettled(this.portals.map((portal) => this.client.portalJobs(ctx, portal)));
    const jobs = new Map<number, PortalJob>();
    for (const list of lists) {
      if (list.status === 'fulfilled') for (const job of list.value) if (!jobs.has(job.id)) jobs.set(job.id, job);
    }
    const failed = lists.find((list) => list.status === 'rejected');
    return failed ? { jobs, failure: failed.reason } : { jobs };
  }

  #isKnown({ id, updatedDate }: PortalJob): boolean {
    const known = this.#profiles.get(id);
    return known !== undefined && known.updated === updatedDate;
  }

  #knownProfile({ id }: PortalJob): JobProfile | undefined {
    return this.#profiles.get(id)?.profile;
  }

  async #readProfile(ctx: CallContext, { id, updatedDate: updated }: PortalJob): Promise<void> {
    this.#profiles.set(id, { updated, profile: await this.client.job(ctx, id) });
  }
}

/** Every word occurs in title, number or place; capitals do not matter. */
function isFoundBy(search: string, { title, code = '', location = '', remoteId }: Job): boolean {
  const text = `${title} ${code} ${location} ${remoteId}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
