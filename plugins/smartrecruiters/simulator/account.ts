import { randomUUID } from 'node:crypto';
import type {
  CandidateInput,
  CandidateStatus,
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
} from './records.js';
import { badRequest, notFound, Refusal } from './refusal.js';
import { TextSearch } from './text-search.js';

/** What `POST` does about a candidate with the same email address and last name (SmartRecruiters sheet §7, NOT FOUND). */
export type DuplicatePolicy =
  | 'existing' // 201 with the candidate that is there, put onto the job
  | 'new' // 201 with one more candidate
  | 'conflict'; // 409

/** What an account starts with. */
export interface AccountSeed {
  readonly identifier: string;
  readonly name: string;
  readonly tokens: readonly SimulatedToken[];
  readonly jobs: readonly SimulatedJob[];
  readonly sourceTypes: readonly SimulatedSourceType[];
}

/** Jobs that take candidates. That the others refuse them is INFERRED (sheet §4). */
const OPEN: ReadonlySet<JobStatus> = new Set(['CREATED', 'SOURCING', 'INTERVIEW', 'OFFER']);

/** The source of a candidate that came without one (sheet §7, CONFIRMED). */
const DEFAULT_SOURCE = 'API';

/** One customer's SmartRecruiters: what it holds, and the rules by which it changes. */
export class SimulatedAccount {
  readonly identifier: string;
  readonly name: string;
  readonly tokens: SimulatedToken[];
  readonly jobs: SimulatedJob[];
  readonly sourceTypes: SimulatedSourceType[];
  readonly #candidates = new Map<string, SimulatedCandidate>();
  /** The candidates of each email address, lower case. */
  readonly #byEmail = new Map<string, Set<SimulatedCandidate>>();
  readonly #search = new TextSearch<SimulatedCandidate>(searchedTexts);

  constructor(
    seed: AccountSeed,
    private readonly policy: DuplicatePolicy,
  ) {
    this.identifier = seed.identifier;
    this.name = seed.name;
    // Copies: a job can be closed and a token revoked, and a reset starts from the seed again.
    this.tokens = seed.tokens.map((token) => ({ ...token, scopes: new Set(token.scopes) }));
    this.jobs = seed.jobs.map((job) => ({ ...job, history: [...job.history] }));
    this.sourceTypes = seed.sourceTypes.map((type) => ({ ...type, values: [...type.values] }));
  }

  /** Everybody, newest first: the API promises no order. */
  candidates(): readonly SimulatedCandidate[] {
    return [...this.#candidates.values()].reverse();
  }

  /** Those that a query finds, in no particular order. */
  search(query: string): readonly SimulatedCandidate[] {
    return [...this.#search.find(query)].map((id) => this.candidate(id));
  }

  /** @throws Refusal with status 404 */
  candidate(id: string): SimulatedCandidate {
    const candidate = this.#candidates.get(id);
    if (!candidate) throw notFound('Candidate');
    return candidate;
  }

  /** @throws Refusal with status 404 */
  job(id: string): SimulatedJob {
    const job = this.jobs.find((one) => one.id === id);
    if (!job) throw notFound('Job');
    return job;
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
    const known = this.#namesakes(input)[0];
    if (known && this.policy === 'conflict') {
      throw new Refusal(409, 'CANDIDATE_DATA_CONFLICT', `Candidate ${input.email} ${input.lastName} already exists`);
    }
    const isNew = known === undefined || this.policy === 'new';
    const candidate = isNew ? this.#create(input, source, now) : known;
    if (jobId !== undefined) this.#assign(candidate, jobId, source, now);
    return { candidate, isNew };
  }

  /**
   * Changes a candidate.
   * @throws Refusal with status 409 when another candidate has the email address and last name (sheet §6, CONFIRMED)
   */
  change(id: string, details: Partial<PersonalDetails>, now: string): SimulatedCandidate {
    const candidate = this.candidate(id);
    const others = this.#namesakes({ ...candidate, ...details }).filter((one) => one !== candidate);
    if (others.length > 0) throw new Refusal(409, 'CANDIDATE_DATA_CONFLICT', 'Another candidate has these details');
    this.#unlist(candidate);
    Object.assign(candidate, details, { updatedOn: now });
    this.#list(candidate);
    return candidate;
  }

  /** Deletes a candidate with all that hangs on it. */
  remove(id: string): void {
    this.#unlist(this.candidate(id));
    this.#candidates.delete(id);
  }

  /** Moves an application on. */
  setStatus(candidateId: string, jobId: string, status: CandidateStatus, now: string, subStatus?: string): void {
    const assignment = this.assignment(candidateId, jobId);
    const entry = { status, ...(subStatus === undefined ? {} : { subStatus }) };
    Object.assign(assignment, { subStatus: undefined, ...entry });
    assignment.history.push({ changedOn: now, ...entry });
    this.candidate(candidateId).updatedOn = now;
  }

  /** Keeps a file: on the candidate, or on one of the candidate's jobs. */
  attach(
    candidateId: string,
    jobId: string | undefined,
    file: Pick<SimulatedAttachment, 'name' | 'type' | 'contentType' | 'size'>,
    now: string,
  ): SimulatedAttachment {
    if (jobId !== undefined) this.assignment(candidateId, jobId);
    const attachment = { id: randomUUID(), ...file, ...(jobId === undefined ? {} : { jobId }) };
    const candidate = this.candidate(candidateId);
    candidate.attachments.push(attachment);
    candidate.updatedOn = now;
    return attachment;
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
    this.#candidates.set(candidate.id, candidate);
    this.#list(candidate);
    return candidate;
  }

  /** Puts a candidate onto a job, once. That it begins as a lead is INFERRED (sheet §7). */
  #assign(candidate: SimulatedCandidate, jobId: string, source: string, now: string): void {
    if (candidate.assignments.some((one) => one.jobId === jobId)) return;
    const status = 'LEAD';
    const history = [{ changedOn: now, status } as const];
    candidate.assignments.push({ applicationId: randomUUID(), jobId, status, source, history: [...history] });
    candidate.updatedOn = now;
  }

  /** Those with the same email address and last name, oldest first: the pair that is unique (sheet §6, CONFIRMED). */
  #namesakes({ email, lastName }: Pick<PersonalDetails, 'email' | 'lastName'>): readonly SimulatedCandidate[] {
    return [...(this.#byEmail.get(email.toLowerCase()) ?? [])].filter(
      (one) => one.lastName.toLowerCase() === lastName.toLowerCase(),
    );
  }

  #list(candidate: SimulatedCandidate): void {
    const key = candidate.email.toLowerCase();
    this.#byEmail.set(key, (this.#byEmail.get(key) ?? new Set()).add(candidate));
    this.#search.put(candidate);
  }

  #unlist(candidate: SimulatedCandidate): void {
    this.#byEmail.get(candidate.email.toLowerCase())?.delete(candidate);
    this.#search.remove(candidate.id);
  }
}

function searchedTexts(candidate: SimulatedCandidate): readonly (string | undefined)[] {
  const { firstName, lastName, email, phoneNumber, location, tags, experience, education } = candidate;
  return [
    `${firstName} ${lastName}`,
    email,
    phoneNumber,
    location?.city,
    ...tags,
    ...experience.flatMap(({ title, company }) => [title, company]),
    ...education.flatMap(({ institution, major }) => [institution, major]),
  ];
}
