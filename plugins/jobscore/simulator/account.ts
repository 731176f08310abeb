import type { AccountBehaviour, Happening } from './account-behaviour.js';
import type {
  ApplicationMove,
  FeedbackInput,
  InterviewInput,
  JobInput,
  NoteInput,
  Placement,
  Upload,
} from './account-input.js';
import { type CandidateFilter, meets } from './candidate-filter.js';
import { lookAlike } from './duplicate-check.js';
import { GeneratedFolders } from './generated-folders.js';
import { GeneratedTenant, generatedFile } from './generated-tenant.js';
import { DISPOSITIONS, STAGES, stageOf } from './hiring-words.js';
import { authorOf, newApplication, newDocument, newInterview, newNote, stamped } from './new-records.js';
import { type ItemList, newestFirst, shuffled } from './paging.js';
import type {
  CandidateFolder,
  CandidateInput,
  EventType,
  JobStatus,
  SimulatedApplication,
  SimulatedCandidate,
  SimulatedDocument,
  SimulatedInterview,
  SimulatedJob,
  SimulatedKey,
  SimulatedName,
  SimulatedNote,
  SimulatedUser,
  SimulatedWebhook,
  SuspectedDuplicate,
} from './records.js';
import { notFound, Refusal } from './refusal.js';
import type { AccountSeed } from './seed-accounts.js';
import { newId } from './vendor-id.js';

/** Uploaded files whose bytes are kept; older ones are forgotten, so that long runs stay small. */
const FILES_KEPT = 1000;

/** Jobs in these states take nobody (JobScore sheet §4.6, INFERRED). */
const TAKES_NOBODY: ReadonlySet<JobStatus> = new Set(['closed', 'filled']);

/** One customer's JobScore: what it holds, and the rules by which it changes. */
export class SimulatedAccount {
  readonly slug: string;
  readonly companyName: string;
  readonly users: SimulatedUser[];
  readonly keys: SimulatedKey[];
  readonly jobs: SimulatedJob[];
  readonly databases: SimulatedName[];
  readonly tags: SimulatedName[];
  readonly candidates: SimulatedCandidate[] = [];
  readonly applications: SimulatedApplication[] = [];
  readonly documents: SimulatedDocument[] = [];
  readonly notes: SimulatedNote[] = [];
  readonly interviews: SimulatedInterview[] = [];
  readonly webhooks: SimulatedWebhook[] = [];
  readonly duplicates: SuspectedDuplicate[] = [];
  #generated = new GeneratedFolders(new GeneratedTenant({ seed: 0, candidates: 0, jobIds: [], tags: [], users: [] }));
  readonly #files = new Map<string, Buffer>();

  constructor(
    seed: AccountSeed,
    private readonly behaviour: AccountBehaviour,
  ) {
    this.slug = seed.slug;
    this.companyName = seed.companyName;
    this.users = [...seed.users];
    // Copies: a job can be closed and a key revoked, and a reset starts from the seed again.
    this.keys = seed.keys.map((key) => ({ ...key }));
    this.jobs = seed.jobs.map((job) => ({ ...job }));
    this.databases = [...seed.databases];
    this.tags = [...seed.tags];
  }

  /** Replaces all candidates by generated ones, the same for the same seed. */
  populate({ candidates, seed }: { readonly candidates: number; readonly seed: number }): void {
    for (const list of [this.candidates, ...this.#parts, this.duplicates]) list.length = 0;
    this.#files.clear();
    const jobIds = this.jobs.map(({ id }) => id);
    const tags = this.tags.map(({ name }) => name);
    const users = this.users.map(authorOf);
    this.#generated = new GeneratedFolders(new GeneratedTenant({ seed, candidates, jobIds, tags, users }));
  }

  /** How many candidates there are. */
  get size(): number {
    return this.#generated.count + this.candidates.length - this.#generated.held.size;
  }

  /**
   * The candidates of a list: generated ones by number, then the others, shuffled. None of it tells when a record was made
   * or changed.
   */
  listCandidates(filter: CandidateFilter = {}): ItemList<SimulatedCandidate> {
    if (this.behaviour.newestFirst) return this.#byLastChange(filter);
    const ofHeld = (id: string): CandidateFolder => this.folder(id);
    const numbers = this.#generated.matching(filter, ofHeld);
    const { held } = this.#generated;
    const others = shuffled(this.candidates.filter((one) => !held.has(one.id) && meets(one, filter)));
    return {
      length: numbers.length + others.length,
      slice: (start, end) => [
        ...Array.from(
          { length: Math.max(0, Math.min(end, numbers.length) - start) },
          (_, index) => this.#generated.numbered(numbers.at(start + index), ofHeld).candidate,
        ),
        ...others.slice(Math.max(0, start - numbers.length), Math.max(0, end - numbers.length)),
      ],
    };
  }

  /** In one go, so that it is for small accounts. */
  #byLastChange(filter: CandidateFilter): ItemList<SimulatedCandidate> {
    return newestFirst([...this.folders()].map(({ candidate }) => candidate).filter((one) => meets(one, filter)));
  }

  /** Every candidate with what hangs on it, one by one. */
  *folders(): Generator<CandidateFolder> {
    const ofHeld = (id: string): CandidateFolder => this.folder(id);
    const numbers = this.#generated.matching({}, ofHeld);
    for (let position = 0; position < this.#generated.count; position += 1) {
      yield this.#generated.numbered(numbers.at(position), ofHeld);
    }
    const { held } = this.#generated;
    for (const candidate of this.candidates) if (!held.has(candidate.id)) yield this.folder(candidate.id);
  }

  /**
   * A candidate with what hangs on it.
   * @throws Refusal with status 404, also for the losing record of a merge (JobScore sheet §4.8, INFERRED).
   */
  folder(id: string): CandidateFolder {
    const candidate = this.candidates.find((one) => one.id === id);
    if (candidate) {
      return {
        candidate,
        applications: this.applications.filter(({ candidate_id }) => candidate_id === id),
        documents: this.documents.filter(({ candidate_id }) => candidate_id === id),
        notes: this.notes.filter(({ candidate_id }) => candidate_id === id),
        interviews: this.interviews.filter(({ candidate_id }) => candidate_id === id),
      };
    }
    const folder = this.#generated.untouched('candidate', id);
    if (!folder) throw notFound('Candidate');
    return folder;
  }

  /** @throws Refusal with status 404 */
  application(id: string): SimulatedApplication {
    const application =
      this.applications.find((one) => one.id === id) ??
      this.#generated.untouched('application', id)?.applications.find((one) => one.id === id);
    if (!application) throw notFound('Application');
    return application;
  }

  /** @throws Refusal with status 404 */
  document(id: string): SimulatedDocument {
    const document =
      this.documents.find((one) => one.id === id) ??
      this.#generated.untouched('document', id)?.documents.find((one) => one.id === id);
    if (!document) throw notFound('Document');
    return document;
  }

  /** @throws Refusal with status 404 */
  note(id: string): SimulatedNote {
    const note =
      this.notes.find((one) => one.id === id) ??
      this.#generated.untouched('note', id)?.notes.find((one) => one.id === id);
    if (!note) throw notFound('Note');
    return note;
  }

  /** @throws Refusal with status 404 */
  interview(id: string): SimulatedInterview {
    const interview =
      this.interviews.find((one) => one.id === id) ??
      this.#generated.untouched('interview', id)?.interviews.find((one) => one.id === id);
    if (!interview) throw notFound('Interview');
    return interview;
  }

  /**
   * The bytes of a document.
   * @throws Refusal with status 404
   */
  file(id: string): Buffer {
    const document = this.document(id);
    if (this.#generated.has('document', id)) return generatedFile(document.id);
    const bytes = this.#files.get(id);
    if (!bytes) throw notFound('Document');
    return bytes;
  }

  /** A new candidate, whoever is there already: uniqueness is not checked (JobScore sheet §4.5). */
  addCandidate(input: CandidateInput, now: string): SimulatedCandidate {
    const { id, ...stamps } = stamped(now);
    const url = `https://hire.jobscore.com/candidates/${id}`;
    const candidate: SimulatedCandidate = { id, ...input, primary_resume_id: null, url, ...stamps };
    this.candidates.push(candidate);
    this.tell('candidate_created', () => ({ candidate: personIn(candidate) }));
    return candidate;
  }

  /** The candidate as changed by a client. */
  changeCandidate(id: string, input: CandidateInput, now: string): SimulatedCandidate {
    const candidate = Object.assign(this.#own(id), input);
    this.#update(candidate, now);
    return candidate;
  }

  /** @throws Refusal with status 404 */
  job(id: string): SimulatedJob {
    const job = this.jobs.find((one) => one.id === id);
    if (!job) throw notFound('Job');
    return job;
  }

  /** The stages of a job's workflow. */
  stagesOf(jobId: string): readonly { readonly id: string; readonly name: string }[] {
    return STAGES.map((name) => stageOf(jobId, name));
  }

  /** Puts a candidate onto a job (JobScore sheet §4.6). */
  apply({ candidate_id: candidateId, job_id: jobId, mayRepeat }: Placement, now: string): SimulatedApplication {
    const candidate = this.#own(candidateId, 'candidate_id');
    const job = this.jobs.find(({ id }) => id === jobId);
    if (!job) throw notFound('Job', 'job_id');
    if (TAKES_NOBODY.has(job.status)) {
      throw new Refusal(422, { code: 'invalid', field: 'job_id', message: `Job is ${job.status}` });
    }
    const isThere = this.applications.some((one) => one.candidate_id === candidateId && one.job_id === jobId);
    if (isThere && !mayRepeat) {
      throw new Refusal(422, { code: 'taken', field: 'candidate_id', message: 'Candidate is already on this job' });
    }
    const application = newApplication(candidateId, jobId, now);
    this.applications.push(application);
    this.tell('candidate_applied', () => ({
      candidate: personIn(candidate),
      application: placeIn(application),
      job: { id: job.id, title: job.title },
    }));
    this.#updateByPart(candidate, now);
    return application;
  }

  /** What a user does who rejects somebody, hires somebody, or moves somebody along. */
  moveApplication(id: string, { status, stage }: ApplicationMove, now: string): SimulatedApplication {
    const candidate = this.#own(this.application(id).candidate_id);
    const application = this.application(id);
    const previous = application.workflow_stage;
    const reasons = status === 'rejected' || status === 'withdrawn' ? DISPOSITIONS[status] : [];
    Object.assign(application, { status, disposition: reasons[0] ?? null, updated_on: now });
    if (stage !== undefined && stage !== previous.name) {
      application.workflow_stage = stageOf(application.job_id, stage);
      application.stage_history.push({ stage: application.workflow_stage, entered_on: now });
      this.tell('application_stage_changed', () => ({
        application: { ...placeIn(application), previous_workflow_stage: previous },
      }));
    }
    this.#updateByPart(candidate, now);
    return application;
  }

  /** What a user does who adds a job. It is in no particular department. */
  addJob({ title, status = 'open' }: JobInput, now: string): SimulatedJob {
    const [like] = this.jobs;
    if (!like) throw new Error('An account has jobs from the start.');
    const job = { ...like, ...stamped(now), title, status };
    this.jobs.push(job);
    this.tell('job_added', () => ({ job: { id: job.id, title, status } }));
    return job;
  }

  /** What a user does who publishes a job or closes it. */
  changeJob(id: string, status: JobStatus, now: string): SimulatedJob {
    const job = this.job(id);
    const { status: previous_status } = job;
    Object.assign(job, { status, updated_on: now });
    if (status !== previous_status) this.tell('job_status_changed', () => ({ job: { id, status, previous_status } }));
    return job;
  }

  /** What a user does who deletes a candidate: all that hangs on it goes along. */
  deleteCandidate(id: string): void {
    const { candidate } = this.folder(id);
    this.#generated.remove(id);
    remove(this.candidates, (one) => one === candidate);
    for (const part of this.#parts) remove<{ candidate_id: string }>(part, ({ candidate_id }) => candidate_id === id);
    this.tell('candidate_deleted', () => ({ candidate: { id } }));
  }

  /** Keeps a file; the first résumé becomes the primary one (JobScore sheet §4.7). */
  addDocument(candidateId: string, upload: Upload, now: string): SimulatedDocument {
    const candidate = this.#own(candidateId);
    const document = newDocument(candidateId, upload, now);
    this.documents.push(document);
    this.#files.set(document.id, upload.bytes);
    const [oldest] = this.#files.keys();
    if (oldest !== undefined && this.#files.size > FILES_KEPT) this.#files.delete(oldest);
    if (upload.documentType === 'resume') candidate.primary_resume_id ??= document.id;
    this.#updateByPart(candidate, now);
    return document;
  }

  /** Keeps what somebody wrote about a candidate. */
  addNote(candidateId: string, input: NoteInput, now: string): SimulatedNote {
    const candidate = this.#own(candidateId);
    const note = newNote(candidateId, input, now);
    this.notes.push(note);
    this.#updateByPart(candidate, now);
    return note;
  }

  /**
   * What a user does who deletes a note.
   * @throws Refusal with status 404
   */
  deleteNote(id: string, now: string): void {
    const candidate = this.#own(this.note(id).candidate_id);
    remove(this.notes, (one) => one.id === id);
    this.#updateByPart(candidate, now);
  }

  /** What a user does who plans an interview, or enters what was said of one. */
  addInterview(candidateId: string, input: InterviewInput, now: string): SimulatedInterview {
    const candidate = this.#own(candidateId);
    const { applications } = this.folder(candidateId);
    const application = applications.find(({ id }) => id === (input.application ?? id));
    if (!application) throw notFound('Application', 'application');
    const interview = newInterview(application, { interviewer: this.users[0], ...input }, now);
    this.interviews.push(interview);
    this.#updateByPart(candidate, now);
    return interview;
  }

  /** What an interviewer does. */
  giveFeedback(id: string, { feedback, recommendation }: FeedbackInput, now: string): SimulatedInterview {
    const candidate = this.#own(this.interview(id).candidate_id);
    const words = { feedback: feedback ?? null, recommendation: recommendation ?? null, updated_on: now };
    const interview = Object.assign(this.interview(id), words);
    this.#updateByPart(candidate, now);
    return interview;
  }

  /** Keeps a webhook, which is told of what happens from now on. */
  addWebhook(targetUrl: string, eventTypes: readonly string[], now: string): SimulatedWebhook {
    const webhook = { ...stamped(now), target_url: targetUrl, event_types: eventTypes, enabled: true };
    this.webhooks.push(webhook);
    return webhook;
  }

  /** @throws Refusal with status 404 */
  webhook(id: string): SimulatedWebhook {
    const webhook = this.webhooks.find((one) => one.id === id);
    if (!webhook) throw notFound('Webhook');
    return webhook;
  }

  /** @throws Refusal with status 404 */
  removeWebhook(id: string): void {
    const webhook = this.webhook(id);
    // Whatever still waits to be delivered to it is not delivered any more.
    webhook.enabled = false;
    remove(this.webhooks, (one) => one === webhook);
  }

  /** Keeps a webhook and delivers nothing more to it. */
  disableWebhook(id: string, now: string): SimulatedWebhook {
    return Object.assign(this.webhook(id), { enabled: false, updated_on: now });
  }

  /** Tells the webhooks that want to know of it. What it holds is made only if there are any. */
  tell(event_type: EventType, data: () => Happening['data']): void {
    const webhooks = this.webhooks.filter((one) => one.enabled && one.event_types.includes(event_type));
    if (webhooks.length > 0) this.behaviour.tell(webhooks, { event_type, data: data() });
  }

  /** The background check: each pair that looks like one person is suspected once, and never again when dismissed. */
  findDuplicates(): void {
    for (const [index, newer] of this.candidates.entries()) {
      for (const older of this.candidates.slice(0, index)) {
        if (!lookAlike(older, newer) || this.#pairOf(older.id, newer.id)) continue;
        this.duplicates.push({ id: newId(), candidate_ids: [older.id, newer.id], state: 'suspected' });
      }
    }
  }

  /** What a user does who says "not a duplicate". */
  dismissDuplicate(id: string): SuspectedDuplicate {
    return Object.assign(this.#suspected(id), { state: 'dismissed' as const });
  }

  /** What a user does who merges: one record keeps its id and takes what the other has; the other is gone. */
  mergeDuplicate(id: string, now: string, keep: 'older' | 'newer' = 'older'): SimulatedCandidate {
    const pair = this.#suspected(id);
    const [older, newer] = pair.candidate_ids;
    const [winnerId, loserId] = keep === 'older' ? [older, newer] : [newer, older];
    const winner = this.merge(winnerId, loserId, now);
    pair.state = 'merged';
    return winner;
  }

  /** Makes one record of two: the winner keeps its id and takes what the loser has; the loser is gone. */
  merge(winnerId: string, loserId: string, now: string): SimulatedCandidate {
    const winner = this.#own(winnerId);
    const loser = this.#own(loserId);
    const jobsOfWinner = new Set(
      this.applications.filter((one) => one.candidate_id === winnerId).map((one) => one.job_id),
    );
    for (const application of this.applications) {
      if (application.candidate_id === loserId && !jobsOfWinner.has(application.job_id))
        application.candidate_id = winnerId;
    }
    const moved = new Set(this.applications.filter((one) => one.candidate_id === winnerId).map(({ id }) => id));
    for (const part of [...this.documents, ...this.notes, ...this.interviews]) {
      const stays = 'application_id' in part && !moved.has(part.application_id);
      if (part.candidate_id === loserId && !stays) part.candidate_id = winnerId;
    }
    winner.primary_resume_id ??= loser.primary_resume_id;
    this.#update(winner, now);
    this.deleteCandidate(loserId);
    return winner;
  }

  #pairOf(a: string, b: string): SuspectedDuplicate | undefined {
    return this.duplicates.find(({ candidate_ids }) => candidate_ids.includes(a) && candidate_ids.includes(b));
  }

  /** The record itself, so that it can be changed: what was generated is kept from now on. */
  #own(id: string, field?: string): SimulatedCandidate {
    const own = this.candidates.find((one) => one.id === id);
    if (own) return own;
    const folder = this.#generated.hold(id);
    if (!folder) throw notFound('Candidate', field);
    this.candidates.push(folder.candidate);
    this.applications.push(...folder.applications);
    this.documents.push(...folder.documents);
    this.notes.push(...folder.notes);
    this.interviews.push(...folder.interviews);
    return folder.candidate;
  }

  /** What hangs on candidates. */
  get #parts() {
    return [this.applications, this.documents, this.notes, this.interviews];
  }

  #update(candidate: SimulatedCandidate, now: string): void {
    candidate.updated_on = now;
    this.tell('candidate_updated', () => ({ candidate: personIn(candidate) }));
  }

  #updateByPart(candidate: SimulatedCandidate, now: string): void {
    if (this.behaviour.datesByParts) this.#update(candidate, now);
  }

  #suspected(id: string): SuspectedDuplicate {
    const pair = this.duplicates.find((one) => one.id === id && one.state === 'suspected');
    if (!pair) throw notFound('Suspected duplicate');
    return pair;
  }
}

function remove<Item>(items: Item[], goes: (item: Item) => boolean): void {
  const left = items.filter((item) => !goes(item));
  if (left.length < items.length) items.splice(0, items.length, ...left);
}

/** A person as a delivery tells of one (INFERRED). */
function personIn({ id, first_name, last_name, email }: SimulatedCandidate): object {
  return { id, first_name, last_name, email };
}

/** An application as a delivery tells of it (INFERRED). */
function placeIn({ id, candidate_id, job_id, status, workflow_stage }: SimulatedApplication): object {
  return { id, candidate_id, job_id, status, workflow_stage };
}
