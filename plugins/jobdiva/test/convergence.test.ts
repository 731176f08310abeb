import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allSubmittals, type SimulatedAccount, type SubmittalState } from '../simulator/index.js';
import { Mirror } from './mirror.js';
import { startJobDiva } from './start-jobdiva.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const CANDIDATES = 8;

type Act =
  | { readonly act: 'edit' | 'delete'; readonly who: number }
  | { readonly act: 'merge'; readonly who: number; readonly into: number }
  | { readonly act: 'apply' | 'submit'; readonly who: number; readonly job: number }
  | { readonly act: 'move'; readonly which: number; readonly state: SubmittalState }
  | { readonly act: 'review'; readonly which: number }
  | { readonly act: 'job'; readonly job: number }
  | { readonly act: 'wait'; readonly minutes: number }
  | { readonly act: 'changes' }
  | { readonly act: 'all'; readonly pages: number };

const who = fc.nat(CANDIDATES - 1);
const job = fc.nat(2);
const state = fc.constantFrom<SubmittalState>('internal', 'submitted', 'interview', 'rejected', 'hired');
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constantFrom('edit' as const, 'delete' as const), who }),
  fc.record({ act: fc.constant('merge' as const), who, into: who }),
  fc.record({ act: fc.constantFrom('apply' as const, 'submit' as const), who, job }),
  fc.record({ act: fc.constantFrom('apply' as const, 'submit' as const), who, job }),
  fc.record({ act: fc.constant('move' as const), which: fc.nat(20), state }),
  fc.record({ act: fc.constant('review' as const), which: fc.nat(20) }),
  fc.record({ act: fc.constant('job' as const), job }),
  fc.record({ act: fc.constant('wait' as const), minutes: fc.constantFrom(0, 5, 40, 600, 20_000) }),
  fc.constant({ act: 'changes' as const }),
  fc.record({ act: fc.constant('all' as const), pages: fc.integer({ min: 1, max: 3 }) }),
);

/** Does what a user of JobDiva does, where it can be done. */
function perform(account: SimulatedAccount, act: Act, now: number): void {
  const idOf = (index: number): number => account.people.tenant?.idOf(index) ?? 0;
  const isThere = (index: number): boolean => account.people.find(idOf(index)) !== undefined;
  if ('who' in act && !isThere(act.who)) return;
  switch (act.act) {
    case 'edit':
      account.editCandidate(idOf(act.who), { address1: `${now} Main Street` }, now);
      return;
    case 'delete':
      account.deleteCandidate(idOf(act.who), now);
      return;
    case 'merge':
      if (act.who !== act.into && isThere(act.into)) account.mergeCandidates(idOf(act.who), idOf(act.into), now);
      return;
    case 'apply':
      account.applyAt(idOf(act.who), account.jobs[act.job]?.id ?? 0, now);
      return;
    case 'submit':
      account.submit(idOf(act.who), account.jobs[act.job]?.id ?? 0, now);
      return;
    case 'move': {
      const submittal = account.submittals[act.which % Math.max(1, account.submittals.length)];
      if (submittal) account.moveSubmittal(submittal.id, act.state, now, 'Salary');
      return;
    }
    case 'review': {
      const application = account.applications[act.which % Math.max(1, account.applications.length)];
      if (application) account.moveApplication(application.candidateId, application.jobId, 'Reviewed', now);
      return;
    }
    case 'job': {
      const one = account.jobs[act.job];
      if (one) account.editJob(one.id, { status: one.status === 'OPEN' ? 'CLOSED' : 'OPEN' }, now);
    }
  }
}

/** Whether somebody was submitted to a job more than once: such a pair needs a run of everything whole (README, "Known limits"). */
function isSubmittedTwice(account: SimulatedAccount): boolean {
  const pairs = allSubmittals(account).map(({ candidateId, jobId }) => `${candidateId}/${jobId}`);
  return new Set(pairs).size < pairs.length;
}

describe('RED-2: however people work and runs are ended and repeated,', () => {
  it('the mirror ends up as JobDiva is, every pair of candidate and job being one application', {
    timeout: 120_000,
  }, async () => {
    await using jobdiva = await startJobDiva();
    const { simulator } = jobdiva;
    const settings = {
      historyStart: new Date(Date.now() - 40 * DAY_MS).toISOString().slice(0, 10),
      linkedInField: 'LinkedIn URL',
    };
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 14 }), fc.integer({ min: 1, max: 1000 }), async (schedule, seed) => {
        simulator.reset();
        const account = simulator.account();
        account.populate({ candidates: CANDIDATES, until: Date.now() - DAY_MS, days: 20, jobs: 3, seed });
        const connection = await jobdiva.connect({ settings });
        const mirror = new Mirror();
        let since = await mirror.follow(connection, { kind: 'all' });
        for (const act of schedule) {
          if (act.act === 'wait') simulator.clock.advance(act.minutes * MINUTE_MS);
          else if (act.act === 'changes') since = await mirror.follow(connection, { kind: 'changes', since });
          // Somebody begins a run of everything, and may end it: but for a pair of several submittals, anywhere.
          else if (act.act === 'all') {
            await mirror.follow(connection, { kind: 'all' }, isSubmittedTwice(account) ? undefined : act.pages);
          } else perform(account, act, simulator.clock.now());
        }
        await mirror.follow(connection, { kind: 'changes', since });
        mirror.expectEqual(account);
        expect(mirror.applications.size).toBe(
          new Set([...mirror.applications.values()].map((one) => `${one.candidateRemoteId}/${one.jobRemoteId}`)).size,
        );
      }),
      { numRuns: 40 },
    );
  });
});
