import { AtsAnswerUnreadableError, type ExportCapability, type Job } from '@talentbridge/contracts';
import { callContext } from '../../kernel/call-context.js';
import { byTitle } from '../job-search.js';

const FRESH_MS = 60_000;
const CALL_LIMIT_MS = 30_000;
/** An ATS with more open jobs than this answers only the first of them. */
const MOST_JOBS = 20_000;

/**
 * The open jobs of connections, as the ATS lists them, kept for a minute: a recruiter who types into a search box must
 * not cost the vendor a full listing per letter.
 */
export class JobList {
  private readonly lists = new Map<string, { readonly at: number; readonly jobs: Promise<readonly Job[]> }>();

  /** All open jobs of a connection, each once, by title. @param cacheKey Connection and credential version. */
  async all(cacheKey: string, exporter: ExportCapability): Promise<readonly Job[]> {
    const kept = this.lists.get(cacheKey);
    if (kept && Date.now() - kept.at < FRESH_MS) return kept.jobs;
    const jobs = openJobs(exporter);
    this.lists.set(cacheKey, { at: Date.now(), jobs });
    jobs.catch(() => this.lists.delete(cacheKey));
    for (const [key, list] of this.lists) if (Date.now() - list.at >= FRESH_MS) this.lists.delete(key);
    return jobs;
  }

  /** Throws away what was kept, because the ATS contradicted it. */
  forget(cacheKey: string): void {
    this.lists.delete(cacheKey);
  }
}

/** All open jobs, each once, by title, as the ATS lists them at this moment. */
export async function openJobs(exporter: ExportCapability): Promise<readonly Job[]> {
  const ctx = callContext('interactive', CALL_LIMIT_MS);
  const jobs = new Map<string, Job>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await exporter.listJobs(ctx, cursor === undefined ? {} : { cursor });
    // Lists that change while they are read repeat jobs on later pages.
    for (const job of page.items) if (job.open) jobs.set(job.remoteId, job);
    cursor = page.cursor;
    if (cursor !== undefined && cursors.has(cursor))
      throw new AtsAnswerUnreadableError('The ATS', 'the list of jobs', 'its pages go round in a circle');
    if (cursor !== undefined) cursors.add(cursor);
  } while (cursor !== undefined && jobs.size < MOST_JOBS);
  return [...jobs.values()].sort(byTitle);
}
