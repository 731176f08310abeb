import { tooMany } from './refusal.js';

/** How much LinkedIn takes (LinkedIn sheet §4). */
export interface Limits {
  /** Requests of an application in a UTC day to each kind of resource. */
  readonly dailyRequests: number;
  /** The same for integrations and their configuration. */
  readonly dailyIntegrationRequests: number;
  /** Records of each kind in any minute. */
  readonly recordsPerMinute: number;
  /** InMail histories of one seat in any minute. */
  readonly conversationsPerMinute: number;
  /** One-click exports of one seat in a UTC month. */
  readonly exportsPerMonth: number;
  /** Stubs that one question may find. */
  readonly stubsFound: number;
}

/** The limits as published (LinkedIn sheet §4, §7.3, CONFIRMED). */
export const PUBLISHED_LIMITS: Limits = {
  dailyRequests: 100_000,
  dailyIntegrationRequests: 5_000,
  recordsPerMinute: 10_000,
  conversationsPerMinute: 12,
  exportsPerMonth: 300,
  stubsFound: 20_000,
};

const MINUTE_MS = 60_000;

interface Day {
  /** `2026-01-31`. */
  day: string;
  requests: number;
}

/** Counts what applications ask for, by the simulator's clock. Daily counters start anew at 00:00 UTC. */
export class Throttles {
  readonly #days = new Map<string, Day>();
  readonly #minutes = new Map<string, { readonly at: number; readonly count: number }[]>();

  constructor(readonly limits: Limits) {}

  /**
   * Takes one request of an application to a group of resources that are counted together.
   * @throws Refusal with status 429 when the day's requests are spent.
   */
  request(application: string, group: string, now: number): void {
    const key = `${application} ${group}`;
    const day = new Date(now).toISOString().slice(0, 10);
    const counter = this.#days.get(key);
    const requests = counter?.day === day ? counter.requests : 0;
    const limit = group === 'integrations' ? this.limits.dailyIntegrationRequests : this.limits.dailyRequests;
    if (requests >= limit) throw tooMany(`Resource level throttle DAY limit for calls to ${group} is reached`);
    this.#days.set(key, { day, requests: requests + 1 });
  }

  /**
   * Takes so many units within a sliding minute.
   * @throws Refusal with status 429 when they are too many; none of them is counted then.
   */
  perMinute(key: string, count: number, limit: number, now: number): void {
    const recent = (this.#minutes.get(key) ?? []).filter(({ at }) => at > now - MINUTE_MS);
    const taken = recent.reduce((sum, each) => sum + each.count, 0);
    this.#minutes.set(key, recent);
    if (taken + count > limit) throw tooMany(`Resource level throttle MINUTE limit of ${limit} is reached`);
    recent.push({ at: now, count });
  }

  /** The requests of the current day, for the state. */
  report(now: number): readonly { readonly counter: string; readonly requestsToday: number }[] {
    const today = new Date(now).toISOString().slice(0, 10);
    return [...this.#days].map(([counter, { day, requests }]) => ({
      counter,
      requestsToday: day === today ? requests : 0,
    }));
  }

  /** Forgets everything. */
  reset(): void {
    this.#days.clear();
    this.#minutes.clear();
  }
}
