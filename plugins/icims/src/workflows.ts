import {
  type CallContext,
  CandidateRejectedError,
  type ExportWarning,
  JobNotOpenError,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import type { IcimsClient } from './client.js';
import type { PersonBody } from './mapping.js';
import { ATS, isAbout, isDuplicate, isGone, type Refusal, reasonOf } from './vendor-errors.js';

/** The status that the set-up article names. */
const STATUS_LABEL = 'Recruiter Submitted';

/** That this is its id everywhere is INFERRED (iCIMS sheet §8), so it comes last. */
const STATUS_ID = 'D10105';

/** What a tenant with a list of sources offers for all others (iCIMS sheet §8: the label was seen, the fallback is INFERRED). */
const OTHER_SOURCE = 'Other (Please Specify)';

/** How the status is named in a request; `undefined` leaves it to iCIMS. */
type StatusValue =
  | { readonly id: string }
  | { readonly value: string }
  | { readonly id: string; readonly value: string };

/** Lists change when an admin changes them: what was read is good for so long. */
const STATUSES_MS = 60 * 60_000;

/** What a workflow is tried with. */
interface Attempt {
  /** The place of the status among those to try. */
  readonly status: number;
  readonly sourceIsListed: boolean;
}

/** What a workflow is written with. */
export interface WorkflowChoices {
  readonly sourceName: string;
  /** Absent: it is looked up. */
  readonly recruiterSubmittedStatusId: string | undefined;
}

/** Recruiting workflows: a person on a job, once for each pair (iCIMS sheet §8). */
export class Workflows {
  #statuses: { readonly at: number; readonly values: Promise<readonly (StatusValue | undefined)[]> } | undefined;
  /** Which of the statuses is taken, and whether the source must be one of a list: learnt by what was accepted in the end. */
  #taken: Attempt = { status: 0, sourceIsListed: false };

  constructor(
    private readonly client: IcimsClient,
    private readonly choices: WorkflowChoices,
  ) {}

  /** Reads what every workflow needs, so that it does not fail between a person and their workflow. Once an hour. */
  async prepare(ctx: CallContext): Promise<readonly (StatusValue | undefined)[]> {
    const kept = this.#statuses;
    if (kept && Date.now() - kept.at < STATUSES_MS) return kept.values;
    const statuses = { at: Date.now(), values: this.#readStatuses(ctx) };
    this.#statuses = statuses;
    this.#taken = { status: 0, sourceIsListed: false };
    statuses.values.catch(() => {
      if (this.#statuses === statuses) this.#statuses = undefined;
    });
    return statuses.values;
  }

  /** Whether the person is on the job already. */
  async isThere(ctx: CallContext, personId: string, jobId: string): Promise<boolean> {
    const found = await this.client.search(ctx, 'applicantworkflows', {
      filters: [
        { name: 'applicantworkflow.person.id', value: [personId], operator: '=' },
        { name: 'applicantworkflow.job.id', value: [jobId], operator: '=' },
      ],
      operator: '&',
    });
    return found.length > 0;
  }

  /**
   * Puts the person onto the job; there already is as good as done.
   * @throws JobNotOpenError
   */
  async attach(ctx: CallContext, personId: string, jobId: string): Promise<readonly ExportWarning[]> {
    const statuses = await this.prepare(ctx);
    let attempt = this.#taken;
    for (;;) {
      const status = statuses[attempt.status];
      const outcome = await this.client.createWorkflow(ctx, {
        baseprofile: Number(jobId),
        associatedprofile: Number(personId),
        ...this.#source(attempt.sourceIsListed),
        ...(status === undefined ? {} : { status }),
      });
      if (outcome.done) {
        this.#taken = attempt;
        return status === undefined ? [statusNotSet()] : [];
      }
      const { refusal } = outcome;
      if (isDuplicate(refusal) && (await this.isThere(ctx, personId, jobId))) return [];
      if (isAbout('source', refusal) && !attempt.sourceIsListed) attempt = { ...attempt, sourceIsListed: true };
      else if (isAbout('status', refusal) && status !== undefined) attempt = { ...attempt, status: attempt.status + 1 };
      else throw refusalOf(refusal, personId, jobId);
    }
  }

  #source(isListed: boolean): PersonBody {
    const { sourceName } = this.choices;
    return { source: isListed ? OTHER_SOURCE : sourceName, sourcename: sourceName };
  }

  /** What to try, best first (iCIMS sheet §8): the setting, the tenant's own list, the label, the inferred id, none. */
  async #readStatuses(ctx: CallContext): Promise<readonly (StatusValue | undefined)[]> {
    const { recruiterSubmittedStatusId: chosen } = this.choices;
    const guesses = [{ value: STATUS_LABEL }, { id: STATUS_ID, value: STATUS_LABEL }, undefined];
    if (chosen !== undefined) return [{ id: chosen }, ...guesses];
    const listed = await this.#listedStatus(ctx);
    return listed === undefined ? guesses : [{ id: listed }, ...guesses];
  }

  /** The id in the tenant's lists of workflow statuses; how those are called is INFERRED. */
  async #listedStatus(ctx: CallContext): Promise<string | undefined> {
    const names = (await this.client.listNames(ctx)) ?? [];
    const wanted = names.filter((name) => /status/i.test(name) && /workflow|submittal|recruiting/i.test(name));
    for (const name of wanted) {
      const nodes = (await this.client.list(ctx, name)) ?? [];
      // Labels may carry the bin in front: "New Submissions - Recruiter Submitted" (iCIMS sheet §8, CONFIRMED).
      const found = nodes.find(({ value, hidden }) => hidden !== true && value.trim().endsWith(STATUS_LABEL));
      if (found) return found.id;
    }
    return undefined;
  }
}

function refusalOf(refusal: Refusal, personId: string, jobId: string): Error {
  const aboutJob = isAbout('baseprofile', refusal) || isAbout('job', refusal);
  if (isGone(refusal) && /person|people|candidate|associatedprofile/i.test(refusal.text)) {
    return new RecordNotFoundError(ATS, 'person', personId);
  }
  if (aboutJob || refusal.status === 404) return new JobNotOpenError(ATS, jobId, reasonOf(refusal));
  return new CandidateRejectedError(
    ATS,
    `it made the person and refused the recruiting workflow: ${reasonOf(refusal)}`,
  );
}

function statusNotSet(): ExportWarning {
  return {
    code: 'STATUS_NOT_SET',
    message: `iCIMS does not take the status "${STATUS_LABEL}" and chose one by itself. Enter the id of that status in the settings of the connection.`,
  };
}
