import type { SeededRandom } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import type { CandidateStatus, JobStatus, SimulatedCandidate } from './records.js';
import { REJECTION_REASONS, SUB_STATUSES, WITHDRAWAL_REASONS } from './vocabulary.js';

const count = z.number().int().min(0).max(100_000).default(0);

/** What users of SmartRecruiters do all at once, each to so many people chosen at random. */
export const churnPlanSchema = z.strictObject({
  /** New details: a name, a phone number, a tag. */
  change: count,
  /** An application moves on. */
  status: count,
  /** Somebody has changed, and nobody can see what: they move to another page. */
  touch: count,
  remove: count,
  /** Two become one. */
  merge: count,
  /** Somebody new applies. */
  create: count,
  /** A job moves on. */
  jobs: count,
  /** `listed`: those on the page that was just answered, where there is one. */
  among: z.enum(['everybody', 'listed']).default('everybody'),
  /** Not now, but after each of the next so many pages of candidates. */
  pages: count,
});

/** What happens to an account. */
export type ChurnPlan = z.output<typeof churnPlanSchema>;

/** Whom it happened to, by what it was. */
export type ChurnReport = Readonly<
  Record<'change' | 'status' | 'touch' | 'remove' | 'merge' | 'create' | 'jobs', string[]>
>;

const STATUSES: readonly CandidateStatus[] = ['IN_REVIEW', 'INTERVIEW', 'OFFERED', 'HIRED', 'REJECTED', 'WITHDRAWN'];
const JOB_STATUSES: readonly JobStatus[] = ['SOURCING', 'INTERVIEW', 'OFFER', 'FILLED', 'CANCELLED', 'ON_HOLD'];

/** Lets a plan happen to an account. The same random sequence does the same to the same account. */
export function churn(
  account: SimulatedAccount,
  plan: ChurnPlan,
  random: SeededRandom,
  now: string,
  listed: readonly string[] = [],
): ChurnReport {
  const report: ChurnReport = { change: [], status: [], touch: [], remove: [], merge: [], create: [], jobs: [] };
  const there = new Set(listed);
  const somebody = (): SimulatedCandidate | undefined => {
    if (plan.among !== 'listed' || listed.length === 0) return account.pick(random.next());
    const id = [...there][random.below(there.size)];
    return id === undefined ? undefined : account.candidate(id);
  };
  const repeat = (times: number, act: () => void): void => {
    for (let done = 0; done < times; done += 1) act();
  };
  const to = (ids: string[], times: number, act: (candidate: SimulatedCandidate) => void): void =>
    repeat(times, () => {
      const candidate = somebody();
      if (!candidate) return;
      act(candidate);
      ids.push(candidate.id);
    });

  to(report.change, plan.change, ({ id, tags }) => {
    const number = random.below(1_000_000);
    const phoneNumber = `+1415${String(number).padStart(7, '0')}`;
    account.change(id, { firstName: `Ann ${number}`, phoneNumber, tags: [...tags.slice(-5), `tag ${number}`] }, now);
  });
  to(report.status, plan.status, ({ id, assignments }) => {
    const { jobId = '' } = assignments[random.below(assignments.length)] ?? {};
    const status = STATUSES[random.below(STATUSES.length)] ?? 'NEW';
    const [reason] = status === 'REJECTED' ? REJECTION_REASONS : status === 'WITHDRAWN' ? WITHDRAWAL_REASONS : [];
    account.setStatus(id, jobId, { status, subStatus: SUB_STATUSES[status]?.[0], reason: reason?.id }, now);
  });
  to(report.touch, plan.touch, ({ id }) => account.change(id, {}, now));
  to(report.remove, plan.remove, ({ id }) => {
    account.remove(id);
    there.delete(id);
  });
  to(report.merge, plan.merge, ({ id }) => {
    const into = account.pick(random.next());
    if (!into || into.id === id) return;
    account.merge(into.id, id, now);
    there.delete(id);
  });
  repeat(plan.create, () => {
    const number = random.below(1_000_000_000);
    const open = account.jobs.filter(({ status, template }) => !template && status === 'SOURCING');
    const job = open[random.below(open.length)];
    const email = `new.${number}@mail.example`;
    if (job)
      report.create.push(
        account.add({ firstName: 'Nell', lastName: `New ${number}`, email }, job.id, now).candidate.id,
      );
  });
  repeat(plan.jobs, () => {
    const job = account.jobs[random.below(account.jobs.length)];
    if (!job) return;
    account.setJobStatus(job.id, JOB_STATUSES[random.below(JOB_STATUSES.length)] ?? 'FILLED', now);
    report.jobs.push(job.id);
  });
  return report;
}
