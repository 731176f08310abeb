import type { Job } from '@talentbridge/contracts';
import { InvalidInputError } from '../kernel/errors.js';
import { folded } from '../kernel/folded.js';
import type { Page } from '../kernel/persistence/page.js';

/** What is looked for, and which part of it is wanted. */
export interface JobPageQuery {
  /** Absent or empty: all. */
  readonly search?: string;
  readonly first: number;
  /** The cursor of the last job of the page before. */
  readonly after?: string;
}

/** What of a job decides whether it is found, and where it stands. */
export type FoundJob = Pick<Job, 'remoteId' | 'title' | 'code' | 'department' | 'location'>;

// A collator compares as `localeCompare` does and takes a tenth of the time: 20,000 jobs in 30 ms.
const { compare } = new Intl.Collator();

/** Where jobs stand in a list: by title. */
export function byTitle(one: FoundJob, other: FoundJob): number {
  return compare(one.title, other.title) || compare(one.remoteId, other.remoteId);
}

/** The jobs in which every word of the search occurs, in title, code, department or location; case and accents do not matter. */
export function searchJobs<Found extends FoundJob>(jobs: readonly Found[], search = ''): readonly Found[] {
  const words = folded(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return jobs;
  return jobs.filter((job) => {
    const text = folded([job.title, job.code, job.department, job.location].filter(Boolean).join(' '));
    return words.every((word) => text.includes(word));
  });
}

/**
 * One page of a list of jobs. Its cursors say nothing of where the list came from, so that one from the ATS can follow one
 * from the mirror in the middle.
 * @throws InvalidInputError when the cursor is none of this list.
 */
export function pageOfJobs<Found extends FoundJob>(
  jobs: readonly Found[],
  { first, after }: JobPageQuery,
): Page<Found> {
  const start = after === undefined ? 0 : jobs.findIndex((job) => jobCursor(job) === after) + 1;
  if (after !== undefined && start === 0) {
    throw new InvalidInputError([
      { field: 'after', message: 'This is no cursor of this list, or the job is gone. Start from the first page.' },
    ]);
  }
  const items = jobs.slice(start, start + first);
  return {
    items,
    cursors: items.map(jobCursor),
    hasNextPage: start + items.length < jobs.length,
    total: async () => jobs.length,
  };
}

function jobCursor({ remoteId }: FoundJob): string {
  return Buffer.from(`job:${remoteId}`, 'utf8').toString('base64url');
}
