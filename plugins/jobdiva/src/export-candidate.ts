import {
  type CallContext,
  type CandidateRecord,
  CandidateRejectedError,
  ExportInterruptedError,
  type ExportReceipt,
  type ExportRequest,
  type ExportWarning,
  isHubError,
  JobNotOpenError,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import type { JobDivaClient, Outcome } from './client.js';
import { fromEastern } from './eastern-time.js';
import { earliestTrace, findByEmail, findOwn, findPerson } from './find-candidate.js';
import {
  type Body,
  completionBody,
  createBody,
  isOpen,
  type KnownCandidate,
  resumeText,
  socialLinks,
} from './mapping.js';
import type { ExportSource } from './resume-sources.js';
import { type Refusal, withoutPersonalData } from './vendor-errors.js';

const ATS = 'JobDiva';

/** What the export writes beside the candidate itself. */
export interface ExportChoices {
  /** JobDiva's number of the user who owns new candidates. Absent: nobody. */
  readonly ownerId: number | undefined;
  readonly sendResume: boolean;
}

/** The candidate in JobDiva, and what is left to do to it. */
interface Arrival {
  readonly id: string;
  readonly outcome: ExportReceipt['outcome'];
  /** As JobDiva had it, where something may be missing. Absent: it was made whole just now. */
  readonly known?: KnownCandidate;
  readonly warnings: readonly ExportWarning[];
}

/**
 * One candidate into JobDiva (JobDiva sheet §6, export flow): found or created, completed, then links, résumé and job, in
 * this order, because an application goes with the résumé that is there.
 */
export class CandidateExport {
  readonly #warnings: ExportWarning[] = [];

  constructor(
    private readonly client: JobDivaClient,
    private readonly source: ExportSource,
    private readonly choices: ExportChoices,
    private readonly ctx: CallContext,
    private readonly request: ExportRequest,
  ) {}

  /** Runs all steps. What `exportCandidate` of the contract promises and throws. */
  async run(): Promise<ExportReceipt> {
    const { existing } = this.request;
    // JobDiva takes people without an address, but nobody could find them again after silence.
    if (!existing && !this.request.candidate.emails.some((email) => email.trim() !== '')) {
      throw new CandidateRejectedError(ATS, 'it knows people by email, and this candidate has none', 'emails');
    }
    const sourceId = await this.source.id(this.ctx);
    const arrival = existing ? undefined : await this.#arrive(sourceId);
    const reference = this.client.candidateReference(arrival?.id ?? existing?.remoteId ?? '');
    try {
      const { id, outcome, known, warnings } = arrival ?? (await this.#return(reference.remoteId, sourceId));
      this.#warnings.push(...warnings);
      if (known) await this.#complete(known, outcome);
      await this.#addLinks(id);
      await this.#addResume(id, sourceId);
      await this.#attach(id, sourceId);
      return { ...reference, outcome, warnings: this.#warnings };
    } catch (failure) {
      throw new ExportInterruptedError(reference, failure);
    }
  }

  /** Finds the person, or makes the candidate. */
  async #arrive(sourceId: number): Promise<Arrival> {
    const known = await findPerson(this.client, this.ctx, this.request);
    if (known) return { id: known.id, outcome: 'UPDATED', known, warnings: [] };
    const { content, warnings } = createBody(this.request.candidate, { sourceId, ownerId: this.choices.ownerId });
    const created = await this.#evenWithoutState(content, (body) => this.client.createCandidate(this.ctx, body));
    if (created.done) return { id: created.value, outcome: 'CREATED', warnings };
    if (created.refusal.kind !== 'emailUsed') throw this.#rejected(created.refusal);
    // Somebody came in between, or has one of the other addresses.
    const taken = await findByEmail(this.client, this.ctx, this.request, 'any');
    if (taken) return { id: taken.id, outcome: 'UPDATED', known: taken, warnings: [] };
    const reason = 'a candidate whom the API does not show has this address (look for a deleted or inactive one)';
    throw new CandidateRejectedError(ATS, reason, 'emails');
  }

  /**
   * The candidate who is there, as JobDiva has them now.
   * @throws RecordNotFoundError when they are no more.
   */
  async #return(id: string, sourceId: number): Promise<Arrival> {
    const own = await findOwn(this.client, this.ctx, { ...this.request, notThese: [] });
    // What stayed out when it was made stays out: the receipt of that try was lost with it.
    const { warnings } = createBody(this.request.candidate, { sourceId, ownerId: this.choices.ownerId });
    if (own?.id === id) return { id, outcome: 'CREATED', known: own, warnings };
    const person = await findPerson(this.client, this.ctx, this.request);
    if (person?.id === id) return { id, outcome: 'UPDATED', known: person, warnings: [] };
    if (await this.#isGone(id)) throw new RecordNotFoundError(ATS, 'candidate', id);
    return { id, outcome: 'UPDATED', warnings: [] };
  }

  /** Whether JobDiva certainly has nobody by this id: reading candidates by id is a right of its own. */
  async #isGone(id: string): Promise<boolean> {
    try {
      return (await this.client.personOnFile(this.ctx, id)) === undefined;
    } catch (error) {
      if (isHubError(error) && error.code === 'ATS_PERMISSION_MISSING') return false;
      throw error;
    }
  }

  /** Adds what JobDiva does not have of the person. */
  async #complete(known: KnownCandidate, outcome: ExportReceipt['outcome']): Promise<void> {
    const { candidate } = this.request;
    const { content, warnings } = completionBody(known, candidate);
    this.#warnings.push(...warnings);
    if (content) {
      const { alternateemail: _taken, ...withoutAlternate } = content;
      const update = (body: Body): Promise<Outcome<true>> => this.client.updateCandidate(this.ctx, body);
      const first = await this.#evenWithoutState(content, update);
      const usedElsewhere = !first.done && first.refusal.kind === 'emailUsed' && 'alternateemail' in content;
      if (usedElsewhere) {
        this.#warn(
          'EMAIL_TAKEN',
          'Another candidate in JobDiva has the second email address. It was left out.',
          'emails',
        );
      }
      const done = usedElsewhere ? await this.#evenWithoutState(withoutAlternate, update) : first;
      if (!done.done) throw this.#rejected(done.refusal);
    }
    if (outcome === 'UPDATED' && candidate.workExperience.length + candidate.education.length > 0) {
      const message =
        'JobDiva takes titles and education with a new candidate alone. Those of this one stay as they are.';
      this.#warn('HISTORY_NOT_UPDATED', message, 'workExperience');
    }
  }

  /** Sends a body, and once more without the state when JobDiva thinks that it does not fit the country. */
  async #evenWithoutState<Value>(
    content: Body,
    send: (body: Body) => Promise<Outcome<Value>>,
  ): Promise<Outcome<Value>> {
    const outcome = await send(content);
    if (outcome.done || outcome.refusal.kind !== 'state' || !('state' in content)) return outcome;
    const { state: _refused, ...rest } = content;
    this.#warn('STATE_REFUSED', 'JobDiva does not know the state in this country. It was left out.', 'address');
    return send(rest);
  }

  /** Links are an extra: a refusal is a warning. */
  async #addLinks(id: string): Promise<void> {
    const { content: links, warnings } = socialLinks(this.request.candidate);
    this.#warnings.push(...warnings);
    if (links.length === 0) return;
    const outcome = await this.#unlessNotAllowed(this.client.updateLinks(this.ctx, id, links));
    if (outcome.done) return;
    if (outcome.refusal.kind !== 'network' || links.length === 1) return this.#warnOfLinks(outcome.refusal);
    // One name that this JobDiva does not know spoils the others.
    for (const link of links) {
      const single = await this.client.updateLinks(this.ctx, id, [link]);
      if (!single.done) this.#warnOfLinks(single.refusal, link.name);
    }
  }

  /** Adds the résumé once. Only a definite refusal is a warning: after silence the next try completes it. */
  async #addResume(id: string, sourceId: number): Promise<void> {
    const { resume: file, candidate, existing } = this.request;
    if (!file || !this.choices.sendResume) return;
    if (existing) {
      const arrived = await this.#resumeArrived(id);
      if (arrived === 'yes') return;
      if (arrived === 'unknown') {
        const message = 'JobDiva does not let us see whether the résumé arrived. Look at the candidate there.';
        return this.#warn('RESUME_UNCLEAR', message, 'resume');
      }
    }
    const upload = this.client.uploadResume(this.ctx, id, { file, text: resumeText(candidate), sourceId });
    const outcome = await this.#unlessNotAllowed(upload);
    if (outcome.done) return;
    const reason = this.#impersonal(outcome.refusal.reason);
    const message = `JobDiva did not take the résumé: ${reason}. Add it there by hand if it is needed.`;
    this.#warn('RESUME_REFUSED', message, 'resume');
  }

  /** Whether an earlier try of this item has left its résumé: one that is as young as the item. */
  async #resumeArrived(id: string): Promise<'yes' | 'no' | 'unknown'> {
    try {
      const dates = await this.client.resumeDates(this.ctx, id);
      const earliest = earliestTrace(this.request);
      // The hour that comes twice in autumn is read as the later one: a missing résumé is seen, a second one is not.
      const readings = dates.map((date) => fromEastern(date, 'later'));
      if (readings.some((at) => at !== undefined && at >= earliest)) return 'yes';
      return readings.includes(undefined) ? 'unknown' : 'no';
    } catch (error) {
      // Reading résumés is a right of its own, and must not fail the candidate.
      if (isHubError(error) && (error.code === 'ATS_PERMISSION_MISSING' || error.code === 'ATS_REQUEST_REFUSED'))
        return 'unknown';
      throw error;
    }
  }

  /** Puts the candidate onto the job. Why JobDiva refuses is read from the job, not from its words. */
  async #attach(candidateId: string, sourceId: number): Promise<void> {
    const { target, firstTriedAt } = this.request;
    if (target.kind !== 'job') return;
    const { jobRemoteId: jobId } = target;
    if (!/^[1-9]\d{0,14}$/.test(jobId)) throw new JobNotOpenError(ATS, jobId, 'it is no number of a job');
    // The time of the first try, so that a repeated try says the same.
    const ids = { candidateId, jobId, sourceId };
    const outcome = await this.client.apply(this.ctx, ids, Date.parse(firstTriedAt));
    if (outcome.done) return;
    const job = await this.client.jobById(this.ctx, jobId);
    if (job && isOpen(job)) throw this.#rejected(outcome.refusal);
    throw new JobNotOpenError(ATS, jobId, job ? `its status is ${job.status}` : 'it is not there');
  }

  /** A right that is missing for an extra is a refusal of that extra. */
  async #unlessNotAllowed(call: Promise<Outcome<true>>): Promise<Outcome<true>> {
    try {
      return await call;
    } catch (error) {
      if (!isHubError(error) || error.code !== 'ATS_PERMISSION_MISSING') throw error;
      const reason = 'its method is not enabled for the API user';
      return { done: false, refusal: { kind: 'notAllowed', reason } };
    }
  }

  #warnOfLinks({ reason }: Refusal, name?: string): void {
    const which = name === undefined ? 'the social links' : `the link to ${name}`;
    this.#warn('LINKS_REFUSED', `JobDiva did not take ${which}: ${this.#impersonal(reason)}.`, 'socialUrls');
  }

  #warn(code: string, message: string, field: ExportWarning['field']): void {
    this.#warnings.push({ code, message, ...(field === undefined ? {} : { field }) });
  }

  #rejected({ reason, field }: Refusal): CandidateRejectedError {
    return new CandidateRejectedError(ATS, this.#impersonal(reason), field);
  }

  #impersonal(reason: string): string {
    return withoutPersonalData(reason, personalValues(this.request.candidate, this.request.resume?.filename));
  }
}

/** What a refusal must not repeat. */
function personalValues(candidate: CandidateRecord, filename = ''): readonly string[] {
  const { firstName, lastName, emails, phones, address = {}, socialUrls, workExperience, education } = candidate;
  return [
    firstName,
    lastName,
    filename,
    ...emails,
    ...phones.map(({ number }) => number),
    ...socialUrls.map(({ url }) => url),
    ...Object.values(address).filter((part) => typeof part === 'string'),
    ...workExperience.flatMap(({ employer, title = '' }) => [employer, title]),
    ...education.flatMap(({ school, degree = '', major = '' }) => [school, degree, major]),
  ];
}
