import type { SimulatedAccount } from './account.js';

/** Of how many records the events are. */
const RECORDS = 1000;

/** How often a portion goes out. */
const TICK_MS = 20;

/** How much traffic. */
export interface TrafficRate {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Events at a steady rate, of records that did not change: what a busy day of a large customer sends. */
export class Traffic {
  #timer: NodeJS.Timeout | undefined;

  /** Begins, in place of whatever is under way, and answers how many events there will be. */
  start(account: SimulatedAccount, { perSecond, seconds }: TrafficRate): number {
    this.stop();
    const people = account.listCandidates().slice(0, RECORDS);
    const all = Math.round(perSecond * seconds);
    const began = performance.now();
    let told = 0;
    this.#timer = setInterval(() => {
      const due = Math.min(all, Math.floor(((performance.now() - began) / 1000) * perSecond));
      for (; told < due; told += 1) tellOf(account, people[told % people.length]?.id, told);
      if (told === all) this.stop();
    }, TICK_MS);
    return all;
  }

  /** Sends no more. */
  stop(): void {
    clearInterval(this.#timer);
  }
}

function tellOf(account: SimulatedAccount, candidateId: string | undefined, number: number): void {
  if (candidateId !== undefined) {
    account.tell('candidate_updated', () => ({ candidate: { id: candidateId } }));
    return;
  }
  const job = account.jobs[number % account.jobs.length];
  if (job) account.tell('job_status_changed', () => ({ job: { id: job.id, status: job.status } }));
}
