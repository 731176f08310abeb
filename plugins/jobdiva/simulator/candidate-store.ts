import { linkKey } from './compare.js';
import type { SimulatedCandidate, SimulatedResume } from './records.js';
import { GeneratedTenant, type TenantOptions } from './tenant.js';

/** Enough for a demonstration, and little memory under load. */
const MOST_FILES = 500;

// Above every id of an earlier run, so that what a hub remembers of that run names nobody here; 14 digits.
let lastCandidateId = 18_000_000_000_000 + Date.now();

/**
 * The people of an account and their résumés: those who are held in memory, and generated ones, who are computed when they are
 * asked for until somebody changes them.
 */
export class CandidateStore {
  readonly #held = new Map<number, SimulatedCandidate>();
  readonly #byEmail = new Map<string, Set<SimulatedCandidate>>();
  readonly #byLinkedIn = new Map<string, Set<SimulatedCandidate>>();
  readonly #resumes = new Map<number, SimulatedResume[]>();
  /** Contents of résumés by id: of the last ones alone. */
  readonly #files = new Map<string, Buffer>();
  #tenant: GeneratedTenant | undefined;
  /** Numbers of generated candidates that were changed, and are held in memory since; or that are gone. */
  readonly #adopted = new Set<number>();

  /** Generated candidates instead of all that there are. */
  populate(options: TenantOptions): GeneratedTenant {
    for (const kept of [this.#held, this.#byEmail, this.#byLinkedIn, this.#resumes, this.#files]) kept.clear();
    this.#adopted.clear();
    this.#tenant = new GeneratedTenant(options);
    return this.#tenant;
  }

  /** Candidates that are computed when they are asked for; `undefined`: there are none. */
  get tenant(): GeneratedTenant | undefined {
    return this.#tenant;
  }

  /** How many there are, generated ones included. */
  get count(): number {
    return this.#held.size + (this.#tenant?.size ?? 0) - this.#adopted.size;
  }

  /** Oldest first; without those that are generated. */
  get held(): readonly SimulatedCandidate[] {
    return [...this.#held.values()];
  }

  /** Somebody, by a number from 0 up to 1; `undefined` when that one is gone. */
  at(share: number): SimulatedCandidate | undefined {
    const generated = this.#tenant?.size ?? 0;
    const index = Math.floor(share * (this.#held.size + generated));
    return index >= generated ? this.held[index - generated] : this.find(this.#tenant?.idOf(index) ?? 0);
  }

  find(id: number): SimulatedCandidate | undefined {
    const index = this.generatedIndex(id);
    return index === undefined ? this.#held.get(id) : this.#tenant?.candidate(index);
  }

  /** A generated candidate, unless it was changed or removed since. */
  generated(index: number): SimulatedCandidate | undefined {
    return this.#adopted.has(index) ? undefined : this.#tenant?.candidate(index);
  }

  /** The number of a candidate who is computed still. */
  generatedIndex(id: number): number | undefined {
    return this.#unlessAdopted(this.#tenant?.indexOf(id));
  }

  /** The number of a candidate who is computed still, by one of their submittals. */
  generatedHolderOf(submittalId: number): number | undefined {
    return this.#unlessAdopted(this.#tenant?.holderOfSubmittal(submittalId));
  }

  /** Whoever has an address, in either place. */
  holdersOf(email: string): readonly SimulatedCandidate[] {
    const wanted = email.trim().toLowerCase();
    const index = this.#tenant?.indexOfEmail(wanted);
    const generated = index === undefined ? undefined : this.generated(index);
    return [...(this.#byEmail.get(wanted) ?? []), ...(generated ? [generated] : [])];
  }

  /** Whose profile on LinkedIn that is. */
  holdersOfLinkedIn(url: string): readonly SimulatedCandidate[] {
    return [...(this.#byLinkedIn.get(linkKey(url)) ?? [])];
  }

  /** Holds a new candidate. */
  add(fields: Partial<SimulatedCandidate>, now: number): SimulatedCandidate {
    return this.#hold({ ...emptyCandidate(now), ...fields });
  }

  /** Holds a generated candidate in memory from now on. */
  adopt(index: number): SimulatedCandidate {
    if (!this.#tenant) throw new Error('unreachable');
    const candidate = this.#tenant.candidate(index);
    this.#adopted.add(index);
    this.#resumes.set(candidate.id, [...this.#tenant.resumes(index)]);
    return this.#hold(candidate);
  }

  /** Changes somebody who is held. */
  change(candidate: SimulatedCandidate, change: Partial<SimulatedCandidate>): void {
    this.#unindex(candidate);
    Object.assign(candidate, change);
    this.#index(candidate);
  }

  /** Forgets somebody who is held, with their résumés. */
  drop(candidate: SimulatedCandidate): void {
    this.#unindex(candidate);
    this.#held.delete(candidate.id);
    this.#resumes.delete(candidate.id);
  }

  resumesOf(candidateId: number): readonly SimulatedResume[] {
    const index = this.generatedIndex(candidateId);
    return index === undefined ? (this.#resumes.get(candidateId) ?? []) : (this.#tenant?.resumes(index) ?? []);
  }

  /** Keeps a résumé of somebody who is held. */
  addResume(resume: Omit<SimulatedResume, 'id' | 'bytes'>, file: Buffer): void {
    const resumes = this.#resumes.get(resume.candidateId) ?? [];
    const id = `${resume.candidateId}_${resumes.length + 1}_11`;
    this.#resumes.set(resume.candidateId, [...resumes, { ...resume, id, bytes: file.length }]);
    this.#files.set(id, file);
    const [oldest] = this.#files.keys();
    if (this.#files.size > MOST_FILES && oldest !== undefined) this.#files.delete(oldest);
  }

  /** The content of a résumé; `undefined` when only its text is kept. */
  fileOf(resumeId: string): Buffer | undefined {
    return this.#files.get(resumeId);
  }

  #unlessAdopted(index: number | undefined): number | undefined {
    return index === undefined || this.#adopted.has(index) ? undefined : index;
  }

  #hold(candidate: SimulatedCandidate): SimulatedCandidate {
    this.#held.set(candidate.id, candidate);
    this.#index(candidate);
    return candidate;
  }

  #index(candidate: SimulatedCandidate): void {
    for (const email of emailsOf(candidate)) setOf(this.#byEmail, email).add(candidate);
    const linkedIn = candidate.links['LinkedIn'];
    if (linkedIn !== undefined) setOf(this.#byLinkedIn, linkKey(linkedIn)).add(candidate);
  }

  #unindex(candidate: SimulatedCandidate): void {
    for (const email of emailsOf(candidate)) this.#byEmail.get(email)?.delete(candidate);
    const linkedIn = candidate.links['LinkedIn'];
    if (linkedIn !== undefined) this.#byLinkedIn.get(linkKey(linkedIn))?.delete(candidate);
  }
}

function emptyCandidate(now: number): SimulatedCandidate {
  lastCandidateId += 1;
  return {
    id: lastCandidateId,
    firstName: '',
    lastName: '',
    email: '',
    alternateemail: '',
    address1: '',
    address2: '',
    city: '',
    state: '',
    zipCode: '',
    countryid: '',
    phones: [],
    educations: [],
    titles: [],
    narrative: '',
    resumeSource: undefined,
    owner: undefined,
    links: {},
    userFields: {},
    active: true,
    createdAt: now,
    updatedAt: now,
  };
}

function emailsOf({ email, alternateemail }: SimulatedCandidate): readonly string[] {
  return [email, alternateemail].filter((one) => one !== '').map((one) => one.trim().toLowerCase());
}

function setOf<Value>(map: Map<string, Set<Value>>, key: string): Set<Value> {
  const values = map.get(key) ?? new Set<Value>();
  map.set(key, values);
  return values;
}
