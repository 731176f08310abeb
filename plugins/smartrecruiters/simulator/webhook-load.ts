import { randomUUID } from 'node:crypto';
import type { SimulatedAccount } from './account.js';
import { applicationEvent, candidateEvent, jobEvent, type VendorEvent } from './webhook-events.js';

const TICK_MS = 20;

/** So many events a second, for so long. */
export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  /** What the events are called. */
  readonly name: string;
}

/** Fires events that nothing causes, so many a second: load. */
export class LoadSource {
  #timer: NodeJS.Timeout | undefined;

  /** @param fire Fires one event. */
  constructor(private readonly fire: (name: string) => void) {}

  /** Fires a first part at once; another plan takes the place of this one. */
  start({ perSecond, seconds, name }: Load): void {
    this.stop();
    const all = Math.round(perSecond * seconds);
    const startedAt = performance.now();
    let fired = 0;
    const fireDue = (): void => {
      const due = Math.min(all, Math.ceil(((performance.now() - startedAt + TICK_MS) / 1000) * perSecond));
      for (; fired < due; fired += 1) this.fire(name);
      if (fired >= all) this.stop();
    };
    this.#timer = setInterval(fireDue, TICK_MS).unref();
    fireDue();
  }

  /** Fires no more. */
  stop(): void {
    clearInterval(this.#timer);
  }
}

/** An event of somebody or something at random, by a number of at least 0 and below 1; of nobody where there is nobody. */
export function eventLike(name: string, account: SimulatedAccount, random: number): VendorEvent {
  const job = account.jobs[Math.floor(random * account.jobs.length)];
  if (name === 'job.status.updated') return jobEvent('status.updated', job?.id ?? randomUUID());
  const candidate = account.pick(random);
  const id = candidate?.id ?? randomUUID();
  if (name === 'candidate.deleted') return candidateEvent('deleted', id);
  const application = candidate?.assignments[0];
  if (name === 'application.status.updated' && application) return applicationEvent('status.updated', id, application);
  return candidateEvent('updated', id);
}
