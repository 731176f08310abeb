import { lookAlike } from './duplicate-check.js';
import { GENERATED_UNTIL, GeneratedTenant, generatedFile } from './generated-tenant.js';
import { DISPOSITIONS, STAGES, stageOf } from './hiring-words.js';
import { NumbersLeft } from './numbers-left.js';
import { type ItemList, shuffled } from './paging.js';
import type {
  CandidateFolder,
  CandidateInput,
  JobStatus,
  SimulatedApplication,
  SimulatedCandidate,
  SimulatedDocument,
  SimulatedJob,
  SimulatedKey,
  SimulatedName,
  SimulatedStatus,
  SimulatedUser,
  SimulatedWebhook,
  Stamped,
  SuspectedDuplicate,
} from './records.js';
import { notFound, Refusal } from './refusal.js';
import { newId } from './vendor-id.js';

/** What an account starts with. */
export interface AccountSeed {
  /** As it stands in the address of its careers site: `exampleco`. */
  readonly slug: string;
  readonly companyName: string;
  readonly users: readonly SimulatedUser[];
  readonly keys: readonly SimulatedKey[];
  readonly jobs: readonly SimulatedJob[];
  readonly databases: readonly SimulatedName[];
  readonly tags: readonly SimulatedName[];
}

/** An uploaded file, before it is a document. */
export interface Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly documentType: string;
  readonly bytes: Buffer;
}

/** Who goes onto which job. */
export interface Placement {
  readonly candidate_id: string;
  readonly job_id: string;
  /** Whether the same again makes another application. */
  readonly mayRepeat: boolean;
}

/** Which candidates a list is asked for. */
export interface CandidateFilter {
  /** In lower case. */
  readonly email?: string | undefined;
  /** Changed since then, ISO 8601 in UTC. */
  readonly since?: string | undefined;
}

/** Where an application goes. */
export interface ApplicationMove {
  readonly status: SimulatedStatus;
  /** Default: it stays where it is. */
  readonly stage?: (typeof STAGES)[number];
}

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
  readonly webhooks: SimulatedWebhook[] = [];
  readonly duplicates: SuspectedDuplicate[] = [];
  #tenant: GeneratedTenant | undefined;
  /** Generated candidates that are not deleted, by number. */
  #left = new NumbersLeft(0);
  /** Generated candidates that somebody changed: they are among `candidates` now, and keep their place in lists. */
  readonly #touched = new Map<number, string>();
  readonly #files = new Map<string, Buffer>();
  #lastSince: { readonly since: string; readonly numbers: readonly number[] } | undefined;

  /** @param dating Whether a change of an application or a document dates its candidate anew. */
  constructor(
    seed: AccountSeed,
    private readonly dating: { readonly byParts: boolean } = { byParts: true },
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
    for (const list of [this.candidates, this.applications, this.documents, this.duplicates]) list.length = 0;
    this.#touched.clear();
    this.#files.clear();
    const jobIds = this.jobs.map(({ id }) => id);
    const tags = this.tags.map(({ name }) => name);
    this.#tenant = new GeneratedTenant({ seed, candidates, jobIds, tags });
    this.#left = new NumbersLeft(candidates);
    this.#lastSince = undefined;
  }

  /** How many candidates there are. */
  get size(): number {
    return this.#left.count + this.candidates.length - this.#touched.size;
  }

  /**
   * The candidates of a list: generated ones by number, then the others, shuffled. None of it tells when a record was made
   * or changed.
   */
  listCandidates(filter: CandidateFilter = {}): ItemList<SimulatedCandidate> {
    const numbers = this.#numbersOf(filter);
    const own = new Set(this.#touched.values());
    const others = shuffled(this.candidates.filter((one) => !own.has(one.id) && meets(one, filter)));
    return {
      length: numbers.length + others.length,
      slice: (start, end) => [
        ...Array.from(
          { length: Math.max(0, Math.min(end, numbers.length) - start) },
          (_, index) => this.#numbered(numbers.at(start + index)).candidate,
        ),
        ...others.slice(Math.max(0, start - numbers.length), Math.max(0, end - numbers.length)),
      ],
    };
  }

  /** Every candidate with what hangs on it, one by one. */
  *folders(): Generator<CandidateFolder> {
    for (let position = 0; position < this.#left.count; position += 1) yield this.#numbered(this.#left.at(position));
    const touched = new Set(this.#touched.values());
    for (const candidate of this.candidates) if (!touched.has(candidate.id)) yield this.folder(candidate.id);
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
      };
    }
    const folder = this.#untouched('candidate', id);
    if (!folder) throw notFound('Candidate');
    return folder;
  }

  /** @throws Refusal with status 404 */
  application(id: string): SimulatedApplication {
    const application =
      this.applications.find((one) => one.id === id) ??
      this.#untouched('application', id)?.applications.find((one) => one.id === id);
    if (!application) throw notFound('Application');
    return application;
  }

  /** @throws Refusal with status 404 */
  document(id: string): SimulatedDocument {
    const document =
      this.documents.find((one) => one.id === id) ??
      this.#untouched('document', id)?.documents.find((one) => one.id === id);
    if (!document) throw notFound('Document');
    return document;
  }

  /**
   * The bytes of a document.
   * @throws Refusal with status 404
   */
  file(id: string): Buffer {
    const document = this.document(id);
    if (this.#tenant?.numberOf('document', id) !== undefined) return generatedFile(document.id);
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
    return candidate;
  }

  /** The candidate as changed by a client. */
  changeCandidate(id: string, input: CandidateInput, now: string): SimulatedCandidate {
    return Object.assign(this.#own(id), input, { updated_on: now });
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
    const workflow_stage = stageOf(jobId, 'New');
    const { id, ...stamps } = stamped(now);
    const application: SimulatedApplication = {
      id,
      candidate_id: candidateId,
      job_id: jobId,
      workflow_stage,
      status: 'active',
      disposition: null,
      stage_history: [{ stage: workflow_stage, entered_on: now }],
      ...stamps,
    };
    this.applications.push(application);
    this.#date(candidate, now);
    return application;
  }

  /** What a user does who rejects somebody, hires somebody, or moves somebody along. */
  moveApplication(id: string, { status, stage }: ApplicationMove, now: string): SimulatedApplication {
    const candidate = this.#own(this.application(id).candidate_id);
    const application = this.application(id);
    const reasons = status === 'rejected' || status === 'withdrawn' ? DISPOSITIONS[status] : [];
    Object.assign(application, { status, disposition: reasons[0] ?? null, updated_on: now });
    if (stage !== undefined) {
      application.workflow_stage = stageOf(application.job_id, stage);
      application.stage_history.push({ stage: application.workflow_stage, entered_on: now });
    }
    this.#date(candidate, now);
    return application;
  }

  /** What a user does who publishes a job or closes it. */
  changeJob(id: string, status: JobStatus, now: string): SimulatedJob {
    return Object.assign(this.job(id), { status, updated_on: now });
  }

  /** What a user does who deletes a candidate: applications and documents go along. */
  deleteCandidate(id: string): void {
    const { candidate } = this.folder(id);
    const number = this.#tenant?.numberOf('candidate', id);
    if (number !== undefined) {
      this.#left.remove(number);
      this.#touched.delete(number);
    }
    remove(this.candidates, (one) => one === candidate);
    remove(this.applications, ({ candidate_id }) => candidate_id === id);
    remove(this.documents, ({ candidate_id }) => candidate_id === id);
  }

  /** Keeps a file; the first résumé becomes the primary one (JobScore sheet §4.7). */
  addDocument(candidateId: string, upload: Upload, now: string): SimulatedDocument {
    const candidate = this.#own(candidateId);
    const { filename, documentType, contentType, bytes } = upload;
    const { id, ...stamps } = stamped(now);
    const document: SimulatedDocument = {
      id,
      candidate_id: candidateId,
      filename,
      document_type: documentType,
      content_type: contentType,
      size: bytes.length,
      ...stamps,
    };
    this.documents.push(document);
    this.#files.set(id, bytes);
    const [oldest] = this.#files.keys();
    if (oldest !== undefined && this.#files.size > FILES_KEPT) this.#files.delete(oldest);
    this.#date(candidate, now);
    if (documentType === 'resume') candidate.primary_resume_id ??= id;
    return document;
  }

  /** Keeps a webhook. Nothing is ever delivered. */
  addWebhook(targetUrl: string, eventTypes: readonly string[], now: string): SimulatedWebhook {
    const webhook = { ...stamped(now), target_url: targetUrl, event_types: eventTypes };
    this.webhooks.push(webhook);
    return webhook;
  }

  /** @throws Refusal with status 404 */
  removeWebhook(id: string): void {
    const index = this.webhooks.findIndex((one) => one.id === id);
    if (index < 0) throw notFound('Webhook');
    this.webhooks.splice(index, 1);
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
    for (const document of this.documents) {
      if (document.candidate_id === loserId) document.candidate_id = winnerId;
    }
    winner.primary_resume_id ??= loser.primary_resume_id;
    winner.updated_on = now;
    this.deleteCandidate(loserId);
    return winner;
  }

  #pairOf(a: string, b: string): SuspectedDuplicate | undefined {
    return this.duplicates.find(({ candidate_ids }) => candidate_ids.includes(a) && candidate_ids.includes(b));
  }

  /** The generated folder that a record is in, as long as nobody changed or deleted it. */
  #untouched(kind: Parameters<GeneratedTenant['numberOf']>[0], id: string): CandidateFolder | undefined {
    const number = this.#tenant?.numberOf(kind, id);
    if (number === undefined || !this.#left.has(number) || this.#touched.has(number)) return undefined;
    return this.#tenant?.folder(number);
  }

  #numbered(number: number): CandidateFolder {
    const touched = this.#touched.get(number);
    const folder = touched === undefined ? this.#tenant?.folder(number) : this.folder(touched);
    if (!folder) throw new Error(`There is no generated candidate ${number}.`);
    return folder;
  }

  #numbersOf(filter: CandidateFilter): { readonly length: number; at(position: number): number } {
    const tenant = this.#tenant;
    if (!tenant || (filter.email === undefined && filter.since === undefined)) {
      return { length: this.#left.count, at: (position) => this.#left.at(position) };
    }
    const found = new Set(this.#generatedOf(tenant, filter).filter((number) => this.#left.has(number)));
    for (const number of this.#touched.keys()) {
      if (meets(this.#numbered(number).candidate, filter)) found.add(number);
      else found.delete(number);
    }
    const numbers = [...found].sort((a, b) => a - b);
    return { length: numbers.length, at: (position) => numbers[position] ?? Number.NaN };
  }

  /** Generated candidates that met a filter before anybody touched them, without looking at all where that is possible. */
  #generatedOf(tenant: GeneratedTenant, { email, since }: CandidateFilter): readonly number[] {
    if (email !== undefined) {
      // A generated address holds the number.
      const number = Number(/\.(\d+)@/.exec(email)?.[1] ?? Number.NaN);
      return this.#left.has(number) && meets(tenant.folder(number).candidate, { email, since }) ? [number] : [];
    }
    if (since === undefined || since > GENERATED_UNTIL) return [];
    // Whoever pages through asks for the same time again and again.
    if (this.#lastSince?.since !== since) {
      const all = Array.from({ length: tenant.size }, (_, number) => number);
      this.#lastSince = { since, numbers: all.filter((number) => tenant.updatedOn(number) >= since) };
    }
    return this.#lastSince.numbers;
  }

  /** The record itself, so that it can be changed: what was generated is kept from now on. */
  #own(id: string, field?: string): SimulatedCandidate {
    const own = this.candidates.find((one) => one.id === id);
    if (own) return own;
    const folder = this.#untouched('candidate', id);
    const number = this.#tenant?.numberOf('candidate', id);
    if (!folder || number === undefined) throw notFound('Candidate', field);
    this.#touched.set(number, id);
    this.candidates.push(folder.candidate);
    this.applications.push(...folder.applications);
    this.documents.push(...folder.documents);
    return folder.candidate;
  }

  #date(candidate: SimulatedCandidate, now: string): void {
    if (this.dating.byParts) candidate.updated_on = now;
  }

  #suspected(id: string): SuspectedDuplicate {
    const pair = this.duplicates.find((one) => one.id === id && one.state === 'suspected');
    if (!pair) throw notFound('Suspected duplicate');
    return pair;
  }
}

function meets({ email, work_email, updated_on }: SimulatedCandidate, filter: CandidateFilter): boolean {
  return (
    (filter.email === undefined || [email, work_email].some((one) => one?.toLowerCase() === filter.email)) &&
    (filter.since === undefined || updated_on >= filter.since)
  );
}

function remove<Item>(items: Item[], goes: (item: Item) => boolean): void {
  const left = items.filter((item) => !goes(item));
  if (left.length < items.length) items.splice(0, items.length, ...left);
}

function stamped(now: string): Stamped {
  return { id: newId(), created_on: now, updated_on: now };
}
