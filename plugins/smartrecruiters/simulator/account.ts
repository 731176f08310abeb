import { randomUUID } from 'node:crypto';
import { CandidateStore, type ListOrder, type ListPart, type ListWish } from './candidate-store.js';
import { Population, type PopulationOptions } from './population.js';
import type {
  CandidateInput,
  JobStatus,
  PersonalDetails,
  SimulatedAssignment,
  SimulatedAttachment,
  SimulatedCandidate,
  SimulatedJob,
  SimulatedSource,
  SimulatedSourceType,
  SimulatedToken,
  SourceDetails,
  StatusInput,
} from './records.js';
import { badRequest, notFound, Refusal } from './refusal.js';
import { REJECTION_REASONS, WITHDRAWAL_REASONS } from './vocabulary.js';
import { applicationEvent, candidateEvent, jobEvent, type VendorEvent } from './webhook-events.js';

/** What `POST` does about a candidate with the same email address and last name (SmartRecruiters sheet §7, NOT FOUND). */
export type DuplicatePolicy =
  | 'existing' // 201 with the candidate that is there, put onto the job
  | 'new' // 201 with one more candidate
  | 'conflict'; // 409

/** What SmartRecruiters leaves open, and a simulated one has to decide. */
export interface AccountBehaviour {
  readonly duplicates: DuplicatePolicy;
  readonly order: ListOrder;
  /** Whether a new status or source of an application shows in the candidate's `updatedOn` (SmartRecruiters sheet §5, NOT FOUND). */
  readonly statusMovesUpdatedOn: boolean;
}

/** How many people are generated, and from which seed. */
export type GeneratedPeople = Pick<PopulationOptions, 'listed' | 'hidden' | 'seed'>;

/** What an account starts with. */
export interface AccountSeed {
  readonly identifier: string;
  readonly name: string;
  readonly tokens: readonly SimulatedToken[];
  readonly jobs: readonly SimulatedJob[];
  readonly sourceTypes: readonly SimulatedSourceType[];
  /** Default: nobody. */
  readonly people?: GeneratedPeople | undefined;
}

/** Jobs that take candidates. That the others refuse them is INFERRED (sheet §4). */
const OPEN: ReadonlySet<JobStatus> = new Set(['CREATED', 'SOURCING', 'INTERVIEW', 'OFFER']);

/** The source of a candidate that came without one (sheet §7, CONFIRMED). */
const DEFAULT_SOURCE = 'API';

/** Room for the bytes of uploaded files. */
const BYTES_KEPT = 64 * 1024 * 1024;

/** One customer's SmartRecruiters: what it holds, and the rules by which it changes. */
export class SimulatedAccount {
  readonly identifier: string;
  readonly name: string;
  readonly tokens: SimulatedToken[];
  readonly jobs: SimulatedJob[];
  readonly sourceTypes: SimulatedSourceType[];
  #store: CandidateStore;
  /** The bytes of uploaded files, by id, as far as there is room. */
  readonly #bytes = new Map<string, Buffer>();
  #bytesKept = 0;
  /** Where each job stands in `jobs`, as it was when it was last looked for. */
  readonly #jobIndex = new Map<string, number>();

  /** @param tell Told of everything that happens here, after it has. */
  constructor(
    seed: AccountSeed,
    private readonly behaviour: AccountBehaviour,
    private readonly tell: (event: VendorEvent) => void = () => undefined,
  ) {
    this.identifier = seed.identifier;
    this.name = seed.name;
    // Copies: a job can be closed and a token revoked, and a reset starts from the seed again.
    this.tokens = seed.tokens.map((token) => ({ ...token, scopes: new Set(token.scopes) }));
    this.jobs = seed.jobs.map((job) => ({ ...job, history: [...job.history] }));
    this.sourceTypes = seed.sourceTypes.map((type) => ({ ...type, values: [...type.values] }));
    this.#store = this.#storeOf(seed.people ?? { listed: 0, hidden: 0, seed: 1 });
  }

  /** Replaces everybody by generated people, who applied to the jobs that there are. */
  populate(people: GeneratedPeople): void {
    this.#store = this.#storeOf(people);
    this.#bytes.clear();
    this.#bytesKept = 0;
  }

  /** Everybody, hidden ones included, made as they are asked for. */
  everybody(): Iterable<SimulatedCandidate> {
    return this.#store.everybody();
  }

  /** Everybody, those who were created newest first: the API promises no order. */
  candidates(): readonly SimulatedCandidate[] {
    return [...this.#store.everybody()];
  }

  /** Those who were created or changed: what a large tenant holds beside what it was generated with. */
  ownCandidates(): readonly SimulatedCandidate[] {
    return this.#store.own();
  }

  /** How many generated people are there as they were. */
  get untouched(): number {
    return this.#store.untouched;
  }

  /** A part of the list of candidates. */
  list(wish: ListWish): ListPart {
    return this.#store.list(wish);
  }

  /** The ids of those that a query finds. */
  search(query: string): ReadonlySet<string> {
    return this.#store.search(query);
  }

  /** Somebody whom the list shows, by a number of at least 0 and below 1. */
  pick(share: number): SimulatedCandidate | undefined {
    return this.#store.pick(share);
  }

  /** @throws Refusal with status 404 */
  candidate(id: string): SimulatedCandidate {
    const candidate = this.#store.find(id);
    if (!candidate) throw notFound('Candidate');
    return candidate;
  }

  /** @throws Refusal with status 404 */
  job(id: string): SimulatedJob {
    const job = this.findJob(id);
    if (!job) throw notFound('Job');
    return job;
  }

  /** The job, if it is there: tests replace jobs. */
  findJob(id: string): SimulatedJob | undefined {
    const known = this.jobs[this.#jobIndex.get(id) ?? -1];
    if (known?.id === id) return known;
    this.#jobIndex.clear();
    for (const [index, job] of this.jobs.entries()) this.#jobIndex.set(job.id, index);
    return this.jobs[this.#jobIndex.get(id) ?? -1];
  }

  /** Moves a job on. */
  setJobStatus(id: string, status: JobStatus, now: string): void {
    const job = this.job(id);
    job.status = status;
    job.updatedOn = now;
    job.history.push({ changedOn: now, status });
    this.tell(jobEvent('status.updated', id));
  }

  /** Opens a job like the first one. */
  addJob(title: string, now: string): SimulatedJob {
    const [like] = this.jobs;
    if (!like) throw notFound('Job');
    const history = [{ changedOn: now, status: 'SOURCING' as const }];
    const own = { id: randomUUID(), title, refNumber: `REF${this.jobs.length + 1}A`, status: 'SOURCING' as const };
    const job: SimulatedJob = { ...like, ...own, template: false, createdOn: now, updatedOn: now, history };
    this.jobs.push(job);
    this.tell(jobEvent('created', job.id));
    return job;
  }

  /** Gives a job another title. */
  renameJob(id: string, title: string, now: string): void {
    const job = this.job(id);
    job.title = title;
    job.updatedOn = now;
    this.tell(jobEvent('updated', id));
  }

  /** Deletes a job. There is no event of its own for that (sheet §12); that its status is told to have changed is INFERRED. */
  removeJob(id: string): void {
    this.jobs.splice(this.jobs.indexOf(this.job(id)), 1);
    this.tell(jobEvent('status.updated', id));
  }

  /** @throws Refusal with status 404 when the candidate is not on the job */
  assignment(candidateId: string, jobId: string): SimulatedAssignment {
    const found = this.candidate(candidateId).assignments.find((one) => one.jobId === jobId);
    if (!found) throw notFound('Application');
    return found;
  }

  /**
   * Takes a candidate in, onto a job or into the talent pool. `isNew` tells whether one was made.
   * @throws Refusal with status 400, 404 or 409
   */
  add(
    input: CandidateInput,
    jobId: string | undefined,
    now: string,
  ): { readonly candidate: SimulatedCandidate; readonly isNew: boolean } {
    if (jobId !== undefined) {
      const { status, template } = this.job(jobId);
      if (template || !OPEN.has(status)) throw badRequest('The job takes no candidates');
    }
    const source = input.sourceDetails === undefined ? DEFAULT_SOURCE : this.#source(input.sourceDetails).label;
    const known = this.#store.namesakes(input.email, input.lastName)[0];
    if (known && this.behaviour.duplicates === 'conflict') {
      throw new Refusal(409, 'CANDIDATE_DATA_CONFLICT', `Candidate ${input.email} ${input.lastName} already exists`);
    }
    const isNew = known === undefined || this.behaviour.duplicates === 'new';
    const { id } = isNew ? this.#create(input, source, now) : known;
    if (jobId !== undefined) this.#assign(id, jobId, source, now);
    return { candidate: this.candidate(id), isNew };
  }

  /**
   * Changes a candidate.
   * @throws Refusal with status 409 when another candidate has the email address and last name (sheet §6, CONFIRMED)
   */
  change(
    id: string,
    details: Partial<PersonalDetails> & { readonly tags?: readonly string[] },
    now: string,
  ): SimulatedCandidate {
    const candidate = this.candidate(id);
    const { email, lastName } = { ...candidate, ...details };
    const others = this.#store.namesakes(email, lastName).filter((one) => one.id !== id);
    if (others.length > 0) throw new Refusal(409, 'CANDIDATE_DATA_CONFLICT', 'Another candidate has these details');
    const changed = this.#changed(id, now, (own) => Object.assign(own, details));
    this.tell(candidateEvent('updated', id));
    return changed;
  }

  /** Deletes a candidate with all that hangs on it. */
  remove(id: string): void {
    for (const file of this.candidate(id).attachments) this.#forget(file.id);
    this.#store.remove(id);
    this.tell(candidateEvent('deleted', id));
  }

  /**
   * Makes one candidate of two: the first keeps their details and gets the applications and files of the second, who is
   * gone from then on. What SmartRecruiters answers about the second is NOT FOUND; here it is 404. So is what it tells; here
   * that the first was updated and the second deleted.
   */
  merge(intoId: string, id: string, now: string): void {
    const { assignments, attachments } = this.candidate(id);
    this.#changed(intoId, now, (own) => {
      const jobs = new Set(own.assignments.map(({ jobId }) => jobId));
      own.assignments.push(...assignments.filter(({ jobId }) => !jobs.has(jobId)).map((one) => ({ ...one })));
      own.attachments.push(...attachments);
    });
    this.#store.remove(id);
    this.tell(candidateEvent('updated', intoId));
    this.tell(candidateEvent('deleted', id));
  }

  /** Moves an application on. */
  setStatus(
    candidateId: string,
    jobId: string,
    { status, subStatus, startsOn, reason }: StatusInput,
    now: string,
  ): void {
    const application = this.assignment(candidateId, jobId);
    const reasonOfRejection = REJECTION_REASONS.find(({ id }) => id === reason);
    const reasonOfWithdrawal = WITHDRAWAL_REASONS.find(({ id }) => id === reason);
    const moves = this.behaviour.statusMovesUpdatedOn;
    this.#changed(candidateId, moves ? now : undefined, ({ assignments }) => {
      for (const assignment of assignments) {
        if (assignment.jobId !== jobId) continue;
        Object.assign(assignment, { status, subStatus, startsOn, reasonOfRejection, reasonOfWithdrawal });
        assignment.history.push({ changedOn: now, status, ...(subStatus === undefined ? {} : { subStatus }) });
      }
    });
    this.tell(applicationEvent('status.updated', candidateId, application));
  }

  /**
   * Says where an application came from.
   * @throws Refusal with status 400 or 404
   */
  setSource(candidateId: string, jobId: string, details: SourceDetails, now: string): void {
    const application = this.assignment(candidateId, jobId);
    const { label } = this.#source(details);
    this.#changed(candidateId, this.behaviour.statusMovesUpdatedOn ? now : undefined, ({ assignments }) => {
      for (const assignment of assignments) if (assignment.jobId === jobId) assignment.source = label;
    });
    this.tell(applicationEvent('source.updated', candidateId, application));
  }

  /** Keeps a file: on the candidate, of which there is no event (sheet §12), or on one of the candidate's jobs. */
  attach(
    candidateId: string,
    jobId: string | undefined,
    { bytes, ...file }: Pick<SimulatedAttachment, 'name' | 'type' | 'contentType'> & { readonly bytes: Buffer },
    now: string,
  ): SimulatedAttachment {
    const application = jobId === undefined ? undefined : this.assignment(candidateId, jobId);
    const attachment = { id: randomUUID(), ...file, size: bytes.length, ...(jobId === undefined ? {} : { jobId }) };
    this.#changed(candidateId, now, ({ attachments }) => attachments.push(attachment));
    if (this.#bytesKept + bytes.length <= BYTES_KEPT) {
      this.#bytes.set(attachment.id, bytes);
      this.#bytesKept += bytes.length;
    }
    if (application) this.tell(applicationEvent('attachment.created', candidateId, application, attachment.id));
    return attachment;
  }

  /** @throws Refusal with status 404, also for an upload for which there was no room */
  file(fileId: string, candidateId?: string): { readonly file: SimulatedAttachment; readonly bytes: Buffer } {
    const held = this.#store.ownerOfFile(fileId);
    const bytes = this.#bytes.get(fileId) ?? this.#store.generatedBytes(fileId);
    if (!held || !bytes || (candidateId !== undefined && held.candidate.id !== candidateId))
      throw notFound('Attachment');
    return { file: held.file, bytes };
  }

  /** @throws Refusal with status 404 */
  removeFile(fileId: string, now: string): void {
    const held = this.#store.ownerOfFile(fileId);
    if (!held) throw notFound('Attachment');
    this.#changed(held.candidate.id, now, ({ attachments }) => {
      attachments.splice(
        attachments.findIndex(({ id }) => id === fileId),
        1,
      );
    });
    this.#forget(fileId);
  }

  /** @throws Refusal with status 404 */
  sourceType(id: string): SimulatedSourceType {
    const type = this.sourceTypes.find((one) => one.id === id);
    if (!type) throw notFound('Source type');
    return type;
  }

  #source({ sourceTypeId, sourceSubTypeId, sourceId }: SourceDetails): SimulatedSource {
    const source = this.sourceType(sourceTypeId).values.find(({ id }) => id === sourceId);
    if (!source) throw badRequest('sourceDetails.sourceId is unknown');
    if (sourceSubTypeId !== undefined && source.subType !== sourceSubTypeId) {
      throw badRequest('sourceDetails.sourceSubTypeId does not belong to the source');
    }
    return source;
  }

  #create(input: CandidateInput, source: string, now: string): SimulatedCandidate {
    const {
      tags = [],
      education = [],
      experience = [],
      internal = false,
      sourceDetails: _details,
      ...personal
    } = input;
    const candidate: SimulatedCandidate = {
      id: randomUUID(),
      internal,
      ...personal,
      createdOn: now,
      updatedOn: now,
      tags,
      education,
      experience,
      source,
      assignments: [],
      attachments: [],
    };
    this.#store.add(candidate);
    this.tell(candidateEvent('created', candidate.id));
    return candidate;
  }

  /** Puts a candidate onto a job, once. That it begins as a lead is INFERRED (sheet §7). */
  #assign(id: string, jobId: string, source: string, now: string): void {
    if (this.candidate(id).assignments.some((one) => one.jobId === jobId)) return;
    const history = [{ changedOn: now, status: 'LEAD' as const }];
    const application: SimulatedAssignment = { applicationId: randomUUID(), jobId, status: 'LEAD', source, history };
    this.#changed(id, now, ({ assignments }) => assignments.push(application));
    this.tell(applicationEvent('created', id, application));
  }

  /** @param now Absent: the change does not show in `updatedOn`. */
  #changed(id: string, now: string | undefined, change: (own: SimulatedCandidate) => unknown): SimulatedCandidate {
    const own = this.#store.take(id);
    if (!own) throw notFound('Candidate');
    const act = (): void => {
      change(own);
      if (now !== undefined) own.updatedOn = now;
    };
    this.#store.changed(own, act, { moves: now !== undefined });
    return own;
  }

  #forget(fileId: string): void {
    this.#bytesKept -= this.#bytes.get(fileId)?.length ?? 0;
    this.#bytes.delete(fileId);
  }

  #storeOf(people: GeneratedPeople): CandidateStore {
    const jobIds = this.jobs.filter(({ template }) => !template).map(({ id }) => id);
    const sources = [DEFAULT_SOURCE, ...this.sourceTypes.flatMap(({ values }) => values.slice(0, 5))].map((source) =>
      typeof source === 'string' ? source : source.label,
    );
    return new CandidateStore(new Population({ ...people, jobIds, sources }), this.behaviour.order);
  }
}
