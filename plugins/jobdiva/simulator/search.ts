import type { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import { digitsOf, fits, linkKey } from './compare.js';
import { fromEastern } from './eastern-clock.js';
import { JOB_STATUSES, type JobStatus, type SimulatedCandidate, type SimulatedJob } from './records.js';
import { badRequest } from './refusal.js';
import type { searchCandidateBody, searchJobBody } from './request-bodies.js';

const DEFAULT_RETURNED = 100;
/** INFERRED: the largest page that a client was seen to ask for. */
const MOST_RETURNED = 200;

/** Candidates that every given filter fits; `createdDate` is the earliest day and time (INFERRED). */
export function searchCandidates(
  { people }: SimulatedAccount,
  body: z.output<typeof searchCandidateBody>,
): readonly SimulatedCandidate[] {
  const since = body.createdDate === undefined ? undefined : fromEastern(body.createdDate);
  if (body.createdDate !== undefined && since === undefined)
    throw badRequest('createdDate parameter is of the wrong type');
  const pool =
    body.email !== undefined
      ? people.holdersOf(body.email)
      : body.linkedinProfile !== undefined
        ? people.holdersOfLinkedIn(body.linkedinProfile)
        : people.held;
  const found = pool.filter(
    (one) =>
      fits(one.firstName, body.firstName) &&
      fits(one.lastName, body.lastName) &&
      fits(one.city, body.city) &&
      fits(one.state, body.state) &&
      fits(one.zipCode, body.zipCode) &&
      fits(one.countryid, body.country) &&
      (since === undefined || one.createdAt >= since) &&
      (body.linkedinProfile === undefined || linkKey(one.links['LinkedIn'] ?? '') === linkKey(body.linkedinProfile)) &&
      (body.phone === undefined || one.phones.some(({ phone }) => digitsOf(phone) === digitsOf(body.phone ?? ''))),
  );
  return pageOf(found, body.offset, body.maxreturned);
}

/** Jobs that the filters fit. A reference or id that nobody has yields some job or other (JobDiva sheet §6, CONFIRMED). */
export function searchJobs(
  { jobs }: SimulatedAccount,
  body: z.output<typeof searchJobBody>,
  { ignoreOffset }: { readonly ignoreOffset: boolean },
): readonly SimulatedJob[] {
  if (body.jobId !== undefined) return oneOrAny(jobs, ({ id }) => id === body.jobId);
  if (body.jobdivaref !== undefined) return oneOrAny(jobs, ({ reference }) => reference === body.jobdivaref);
  if (body.optionalref !== undefined) return oneOrAny(jobs, () => false);
  const wanted = [...(body.status === undefined ? [] : [body.status]), ...(body.statuses ?? [])];
  const statuses = new Set<JobStatus | undefined>(wanted.map((status) => JOB_STATUSES[status]));
  const title = body.title?.trim().toLowerCase();
  const found = jobs.filter(
    (job) =>
      (wanted.length === 0 || statuses.has(job.status)) &&
      (body.showAllOpenJobs !== true || job.status === 'OPEN') &&
      (title === undefined || job.title.toLowerCase().includes(title)) &&
      (body.companyname === undefined || fits(job.company, body.companyname)) &&
      fits(job.city, body.city),
  );
  const shuffled = found.toSorted((a, b) => rankOf(a.id) - rankOf(b.id));
  return pageOf(shuffled, ignoreOffset ? 0 : body.offset, body.maxReturned);
}

function oneOrAny(jobs: readonly SimulatedJob[], isWanted: (job: SimulatedJob) => boolean): readonly SimulatedJob[] {
  const job = jobs.find(isWanted) ?? jobs[0];
  return job ? [job] : [];
}

function pageOf<Item>(items: readonly Item[], offset = 0, most = DEFAULT_RETURNED): readonly Item[] {
  return items.slice(offset, offset + Math.min(most, MOST_RETURNED));
}

/** An order that has nothing to do with when jobs were made, and is always the same. */
function rankOf(id: number): number {
  return Math.imul(id, 0x9e3779b1) >>> 0;
}
