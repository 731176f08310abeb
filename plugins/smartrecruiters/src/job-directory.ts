import type { CallContext } from '@talentbridge/contracts';
import type { SmartRecruitersClient } from './client.js';
import { isOpen } from './mapping.js';

/** Candidates go to one job by the hundred; whether it is open is asked once for those of half a minute. */
const KEPT_MS = 30_000;

/** Knows which jobs take candidates. */
export class JobDirectory {
  readonly #kept = new Map<string, { readonly answer: Promise<JobState>; readonly until: number }>();

  constructor(private readonly client: SmartRecruitersClient) {}

  /** How a job stands, as it was moments ago. Exports that run at once share one reading. */
  find(ctx: CallContext, jobId: string): Promise<JobState> {
    const kept = this.#kept.get(jobId);
    return kept !== undefined && Date.now() < kept.until ? kept.answer : this.findNow(ctx, jobId);
  }

  /** How a job stands now. */
  findNow(ctx: CallContext, jobId: string): Promise<JobState> {
    for (const [id, { until }] of this.#kept) if (Date.now() >= until) this.#kept.delete(id);
    const kept = { answer: this.#read(ctx, jobId), until: Date.now() + KEPT_MS };
    this.#kept.set(jobId, kept);
    kept.answer.catch(() => {
      if (this.#kept.get(jobId) === kept) this.#kept.delete(jobId);
    });
    return kept.answer;
  }

  async #read(ctx: CallContext, jobId: string): Promise<JobState> {
    const job = await this.client.job(ctx, jobId);
    if (!job) return { open: false, reason: 'it does not exist' };
    if (isOpen(job)) return { open: true };
    return {
      open: false,
      reason: job.template === true ? 'it is a template' : `its status is ${job.status ?? 'unknown'}`,
    };
  }
}

/** Whether a job takes candidates. */
export type JobState = { readonly open: true } | { readonly open: false; readonly reason: string };
