import {
  AtsAnswerUnreadableError,
  type CallContext,
  type HttpResponse,
  type NetworkResult,
  readAnswer,
} from '@talentbridge/contracts';
import { SPOILT, sendInBatches } from './batches.js';
import type { LinkedInApi } from './client.js';
import type { Entities } from './collections.js';
import { PLAIN_KEYS } from './keys.js';
import { answeredRecords, DONE, demandAllowed, failed, type Outcomes, refused, resultOf } from './outcomes.js';
import { ATS, failure, isSuccess, reasonOf, type VendorError, vendorErrorOf } from './vendor-errors.js';
import { jobElement, jobTask, pageOf } from './vendor-records.js';

/** Pauses before LinkedIn is asked what became of jobs, in milliseconds. What takes longer is sent again later. */
const PAUSES_MS = [0, 250, 1_000];

const SEND = 'send jobs';
const FOLLOW = 'follow jobs';

/**
 * Jobs at LinkedIn, which takes them first and looks at them later (LinkedIn sheet §5.1: CONFIRMED, the bodies INFERRED).
 */
export class JobPostings {
  constructor(private readonly api: LinkedInApi) {}

  /** Puts jobs in the place of those before, and waits a little for what LinkedIn says of them. */
  write(ctx: CallContext, jobs: Entities): Promise<Outcomes> {
    return sendInBatches([...jobs.keys()], SEND, async (ids) => {
      const response = await this.api.send(ctx, {
        method: 'POST',
        restli: 'batch_create',
        resource: 'simpleJobPostings',
        body: { elements: ids.map((id) => jobs.get(id) ?? null) },
        lane: 'jobs',
      });
      if (SPOILT.has(response.status)) return vendorErrorOf(response);
      return this.#follow(ctx, ids, elementsOf(response, ids.length));
    });
  }

  /** What becomes of jobs that were taken, as far as it shows soon. */
  async #follow(ctx: CallContext, ids: readonly string[], elements: readonly Taken[]): Promise<Outcomes> {
    const outcomes = new Map<string, NetworkResult>();
    const tasks = new Map<string, string>();
    for (const [index, id] of ids.entries()) {
      const { task, error } = elements[index] ?? {};
      if (task !== undefined) tasks.set(task, id);
      outcomes.set(id, error ? resultOf(error) : failed(`${ATS} has not finished with the job yet`));
    }
    for (const pause of PAUSES_MS) {
      if (tasks.size === 0 || Date.now() + pause >= ctx.deadline) break;
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      for (const [task, result] of await this.#settled(ctx, [...tasks.keys()])) {
        const id = tasks.get(task);
        if (id !== undefined) outcomes.set(id, result);
        tasks.delete(task);
      }
    }
    return outcomes;
  }

  /** Those tasks that are over, with what came of them. */
  async #settled(ctx: CallContext, tasks: readonly string[]): Promise<Outcomes> {
    const query = tasks.map(PLAIN_KEYS.query).join('&');
    const response = await this.api.send(ctx, {
      method: 'GET',
      restli: 'batch_get',
      resource: 'simpleJobPostingTasks',
      query,
      lane: 'jobs',
    });
    if (!isSuccess(response)) throw failure(response, FOLLOW);
    return new Map(
      answeredRecords(response, PLAIN_KEYS, FOLLOW).flatMap(({ id, value }) => {
        const { status, errorMessage } = jobTask.parse(value);
        // A task that LinkedIn does not find, or has no word for, is not over.
        if (status === 'SUCCEEDED') return [[id, DONE]];
        if (status !== 'FAILED') return [];
        return [[id, refused(`${ATS} refused the job: ${reasonOf({ status: 422, message: errorMessage })}`)]];
      }),
    );
  }
}

/** What LinkedIn said of one element at first: the task that looks at it, or why there is none. */
interface Taken {
  readonly task?: string;
  readonly error?: VendorError;
}

/** The elements of the answer, in the order of the request (LinkedIn sheet §5.1, INFERRED). */
function elementsOf(response: HttpResponse, count: number): readonly Taken[] {
  if (!isSuccess(response)) throw failure(response, SEND);
  const { elements } = readAnswer(response, pageOf(jobElement), { atsName: ATS, action: SEND });
  if (elements.length !== count) {
    throw new AtsAnswerUnreadableError(ATS, 'the jobs that were sent', 'it does not have one answer for each');
  }
  const taken = elements.map(({ id: task, status, error }): Taken => {
    if (task !== undefined && (status === undefined || status < 300)) return { task };
    const { status: inError, serviceErrorCode: code, message } = error ?? {};
    const known = inError ?? status ?? 500;
    // It was taken, and nobody can say what becomes of it.
    return { error: { status: known < 300 ? 500 : known, code, message } };
  });
  demandAllowed(taken, SEND);
  return taken;
}
