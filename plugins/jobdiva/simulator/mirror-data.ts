import type { SimulatedAccount } from './account.js';
import type { SimulatedApplication, SimulatedCandidate, SimulatedJob, SimulatedSubmittal } from './records.js';

/** A span of instants that is certain to hold everything that a filter by wall clock may mean. */
export interface Instants {
  readonly from: number;
  readonly to: number;
}

/** The candidates that the API shows who may have been updated within a time; the caller looks at the exact time. */
export function* candidatesIn(account: SimulatedAccount, { from, to }: Instants): Generator<SimulatedCandidate> {
  yield* account.people.held.filter(({ active }) => active);
  for (const index of account.people.tenant?.updatedBetween(from, to) ?? []) {
    const candidate = account.people.generated(index);
    if (candidate) yield candidate;
  }
}

/** Applications that may have been touched within a time. */
export function* applicationsIn(account: SimulatedAccount, { from, to }: Instants): Generator<SimulatedApplication> {
  yield* account.applications.filter(({ candidateId }) => isShown(account, candidateId));
  for (const index of account.people.tenant?.workedOnBetween(from, to) ?? []) {
    if (account.people.generated(index)) yield* account.generatedApplications(index);
  }
}

/** Submittals that may have been touched within a time. */
export function* submittalsIn(account: SimulatedAccount, { from, to }: Instants): Generator<SimulatedSubmittal> {
  yield* account.submittals.filter(({ candidateId }) => isShown(account, candidateId));
  for (const index of account.people.tenant?.workedOnBetween(from, to) ?? []) {
    if (account.people.generated(index)) yield* account.generatedSubmittals(index);
  }
}

/** Applications to one job. */
export function applicationsTo(account: SimulatedAccount, jobId: number): readonly SimulatedApplication[] {
  return considered(account, jobId, account.applications, (index) => account.generatedApplications(index));
}

/** Submittals to one job. */
export function submittalsTo(account: SimulatedAccount, jobId: number): readonly SimulatedSubmittal[] {
  return considered(account, jobId, account.submittals, (index) => account.generatedSubmittals(index));
}

/** Everybody whom the API shows. All at once: for tests of small accounts. */
export function everybody(account: SimulatedAccount): readonly SimulatedCandidate[] {
  return [...candidatesIn(account, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })];
}

/** Every application of whom the API shows. */
export function allApplications(account: SimulatedAccount): readonly SimulatedApplication[] {
  return [...applicationsIn(account, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })];
}

/** Every submittal of whom the API shows. */
export function allSubmittals(account: SimulatedAccount): readonly SimulatedSubmittal[] {
  return [...submittalsIn(account, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })];
}

/** When a job was last touched; one that was there from the start says nothing else. */
export function jobTouchedAt(job: SimulatedJob): number {
  return job.updatedAt ?? Date.UTC(2026, 0, 15, 15);
}

function considered<Record extends { readonly jobId: number; readonly candidateId: number }>(
  account: SimulatedAccount,
  jobId: number,
  held: readonly Record[],
  generated: (index: number) => readonly Record[],
): readonly Record[] {
  const own = held.filter((one) => one.jobId === jobId && isShown(account, one.candidateId));
  const indexes = new Set(account.people.tenant?.consideredFor(jobId) ?? []);
  const others = [...indexes].filter((index) => account.people.generated(index)).flatMap((index) => generated(index));
  return [...own, ...others.filter((one) => one.jobId === jobId)];
}

function isShown(account: SimulatedAccount, candidateId: number): boolean {
  return account.people.find(candidateId)?.active ?? false;
}
