import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { PushTarget } from './push-sender.js';

/** An address is asked again after so long, and gets nothing more after so many failures on end (LinkedIn sheet §6.1, CONFIRMED). */
const ASKED_EVERY_MS = 2 * 60 * 60_000;
const BLOCKED_AFTER = 3;
const ANSWER_WITHIN_MS = 3_000;

const answerShape = z.looseObject({ challengeCode: z.string(), challengeResponse: z.string() });

/** How an address stands. */
export interface OwnershipReport {
  readonly host: string;
  readonly askedAt: number;
  readonly failuresOnEnd: number;
  readonly blocked: boolean;
  /** Why the last answer was no proof. Absent: it was one. */
  readonly complaint?: string;
}

/** Asks callback addresses to prove whose they are (LinkedIn sheet §6.1; that RSC does is INFERRED). */
export class OwnershipChecks {
  readonly #reports = new Map<string, OwnershipReport>();

  constructor(private readonly now: () => number) {}

  /** Asks now. */
  async check(target: PushTarget, applicationId: string): Promise<OwnershipReport> {
    const complaint = await complaintAbout(target, applicationId);
    const before = this.#reports.get(target.url);
    const failuresOnEnd = complaint === undefined ? 0 : (before?.failuresOnEnd ?? 0) + 1;
    const report: OwnershipReport = {
      host: new URL(target.url).host,
      askedAt: this.now(),
      failuresOnEnd,
      blocked: failuresOnEnd >= BLOCKED_AFTER,
      ...(complaint === undefined ? {} : { complaint }),
    };
    this.#reports.set(target.url, report);
    return report;
  }

  /** Whether it is time to ask an address again. */
  isDue(url: string): boolean {
    return (this.#reports.get(url)?.askedAt ?? 0) + ASKED_EVERY_MS <= this.now();
  }

  /** Whether an address gets nothing any more. */
  isBlocked(url: string): boolean {
    return this.#reports.get(url)?.blocked ?? false;
  }

  /** How the addresses stand, named by their hosts: the rest of an address is a secret. */
  report(): readonly OwnershipReport[] {
    return [...this.#reports.values()];
  }

  /** Forgets everything. */
  reset(): void {
    this.#reports.clear();
  }
}

async function complaintAbout({ url, secret }: PushTarget, applicationId: string): Promise<string | undefined> {
  const challengeCode = randomUUID();
  const asked = new URL(url);
  asked.searchParams.set('challengeCode', challengeCode);
  asked.searchParams.set('applicationId', applicationId);
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(asked, { redirect: 'error', signal });
    if (response.status !== 200) return `answered ${response.status}`;
    if (!/^application\/json\b/.test(response.headers.get('content-type') ?? '')) return 'is not application/json';
    const answer = answerShape.safeParse(await response.json());
    if (!answer.success || answer.data.challengeCode !== challengeCode) return 'does not repeat the challenge';
    const expected = createHmac('sha256', secret).update(challengeCode).digest('hex');
    return answer.data.challengeResponse === expected ? undefined : 'is signed with another secret';
  } catch {
    return 'did not answer in time';
  }
}
