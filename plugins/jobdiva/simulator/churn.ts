import type { SimulatorKit } from '@talentbridge/testkit/simulator';
import type { SimulatedAccount } from './account.js';
import { submittalsTo } from './mirror-data.js';
import type { SimulatedCandidate, SubmittalState } from './records.js';

/** How many records something happens to. */
export interface Churn {
  /** Profiles that are edited. */
  readonly change: number;
  /** Candidates whose submittal goes on, or who are submitted. */
  readonly move: number;
  readonly delete: number;
  readonly merge: number;
  /** Jobs that are opened or closed. */
  readonly jobs: number;
}

const STATES: readonly SubmittalState[] = ['internal', 'submitted', 'interview', 'rejected', 'hired'];

/** Lets an account's users work for a while: everything happens now. Answers how much of it could be done. */
export function churn(account: SimulatedAccount, wanted: Churn, kit: SimulatorKit): Churn {
  const { clock, random } = kit;
  const now = clock.now();
  const somebody = (): SimulatedCandidate | undefined => account.people.at(random.next());
  const happen = (times: number, act: (candidate: SimulatedCandidate) => void): number => {
    let done = 0;
    // Some draws find somebody who is gone already.
    for (let draws = 0; done < times && draws < times * 4 + 10; draws += 1) {
      const candidate = somebody();
      if (!candidate) continue;
      act(candidate);
      done += 1;
    }
    return done;
  };
  return {
    change: happen(wanted.change, ({ id }) =>
      account.editCandidate(id, { address1: `${1 + random.below(9000)} Churn Road` }, now),
    ),
    move: happen(wanted.move, ({ id }) => {
      const { [random.below(account.jobs.length)]: job } = account.jobs;
      if (!job) return;
      const state = STATES[random.below(STATES.length)] ?? 'submitted';
      const [submittal] = submittalsTo(account, job.id).filter(({ candidateId }) => candidateId === id);
      if (submittal) account.moveSubmittal(submittal.id, state, now);
      else account.submit(id, job.id, now, state);
    }),
    delete: happen(wanted.delete, ({ id }) => account.deleteCandidate(id, now)),
    merge: happen(wanted.merge, ({ id }) => {
      const target = somebody();
      if (target && target.id !== id) account.mergeCandidates(id, target.id, now);
    }),
    jobs: editJobs(account, wanted.jobs, kit),
  };
}

function editJobs(account: SimulatedAccount, times: number, { clock, random }: SimulatorKit): number {
  if (account.jobs.length === 0) return 0;
  for (let done = 0; done < times; done += 1) {
    const { [random.below(account.jobs.length)]: job } = account.jobs;
    if (job) account.editJob(job.id, { status: job.status === 'OPEN' ? 'CLOSED' : 'OPEN' }, clock.now());
  }
  return times;
}
