import type { z } from 'zod';
import { checkEmail, checkLength, checkLengths, checkPlace } from './candidate-rules.js';
import { CandidateStore } from './candidate-store.js';
import { digitsOf } from './compare.js';
import { fromEastern, toEastern } from './eastern-clock.js';
import type {
  IgnoredField,
  SimulatedApplication,
  SimulatedCandidate,
  SimulatedJob,
  SimulatedRemoval,
  SimulatedSource,
  SimulatedSubmittal,
  SimulatedUser,
  SubmittalState,
} from './records.js';
import { badRequest, businessError, parameterRefused } from './refusal.js';
import type {
  createApplicationBody,
  createCandidateBody,
  updateCandidateBody,
  updateLinksBody,
  uploadResumeBody,
} from './request-bodies.js';
import { RECRUITERS, type TenantOptions } from './tenant.js';

/** What an account starts with. */
export interface AccountSeed {
  readonly clientId: number;
  readonly name: string;
  readonly users: readonly SimulatedUser[];
  readonly jobs: readonly SimulatedJob[];
  readonly sources: readonly SimulatedSource[];
  /** Candidates that are there from the start. */
  readonly tenant?: TenantOptions;
}

/** Networks that links may name (JobDiva sheet §6, CONFIRMED). */
export const SOCIAL_NETWORKS = [
  'Professional Website',
  'LinkedIn',
  'X',
  'Facebook',
  'YouTube',
  'StackOverflow',
  'Instagram',
  'GitHub',
] as const;

const MOST_PHONES = 4;
const RESUME_FILE = /\.(pdf|docx?|txt|rtf)$/i;

/** One customer's JobDiva: what it holds, and the rules by which it changes. */
export class SimulatedAccount {
  readonly clientId: number;
  readonly name: string;
  readonly users: SimulatedUser[];
  readonly sources: SimulatedSource[];
  readonly people = new CandidateStore();
  readonly applications: SimulatedApplication[] = [];
  readonly submittals: SimulatedSubmittal[] = [];
  readonly removals: SimulatedRemoval[] = [];
  readonly ignoredFields: IgnoredField[] = [];
  /** Requests that began while another of this account was under way. */
  overlapping = 0;
  underWay = 0;
  readonly #denied = new Set<string>();
  readonly #jobs = new Map<number, SimulatedJob>();
  readonly #applied = new Set<string>();
  /** What is done already and not to be seen yet. */
  readonly #late: { readonly at: number; readonly commit: () => void }[] = [];
  #lastSubmittalId = 90_000_000;

  constructor(seed: AccountSeed) {
    this.clientId = seed.clientId;
    this.name = seed.name;
    // Copies: a password can change and a job can be closed, and a reset starts from the seed again.
    this.users = seed.users.map((user) => ({ ...user }));
    this.sources = [...seed.sources];
    this.replaceJobs(seed.jobs.map((job) => ({ ...job })));
    if (seed.tenant) this.#addTenant(seed.tenant);
  }

  /** Applications of a generated candidate, to jobs that are there still. */
  generatedApplications(index: number): readonly SimulatedApplication[] {
    return this.people.tenant?.applications(index).filter(({ jobId }) => this.#jobs.has(jobId)) ?? [];
  }

  /** Submittals of a generated candidate, to jobs that are there still. */
  generatedSubmittals(index: number): readonly SimulatedSubmittal[] {
    return this.people.tenant?.submittals(index).filter(({ jobId }) => this.#jobs.has(jobId)) ?? [];
  }

  /** Other candidates and jobs instead of all that there are. */
  populate(options: TenantOptions): void {
    this.#applied.clear();
    for (const list of [this.applications, this.submittals, this.removals, this.#late]) list.length = 0;
    this.#jobs.clear();
    this.#addTenant(options);
  }

  /** Does now what a slow transaction shows only later; its time is the present one all the same. */
  commitLate(at: number, commit: () => void): void {
    this.#late.push({ at, commit });
  }

  /** Shows what has been committed by now. */
  settle(now: number): void {
    const due = this.#late.filter(({ at }) => at <= now);
    const left = this.#late.filter(({ at }) => at > now);
    this.#late.splice(0, this.#late.length, ...left);
    for (const { commit } of due) commit();
  }

  /** Adds a candidate by hand, past every rule of the API. */
  addCandidate(fields: Partial<SimulatedCandidate>, now: number): SimulatedCandidate {
    return this.people.add(fields, now);
  }

  /** Somebody edits a profile. */
  editCandidate(
    id: number,
    change: Partial<Pick<SimulatedCandidate, 'city' | 'lastName' | 'address1' | 'active' | 'userFields'>>,
    now: number,
  ): void {
    Object.assign(this.#known(id), change, { updatedAt: now });
  }

  /** A recruiter puts a candidate forward for a job, or does so again. */
  submit(candidateId: number, jobId: number, now: number, state: SubmittalState = 'submitted'): SimulatedSubmittal {
    this.#known(candidateId);
    this.#lastSubmittalId += 1;
    const [{ id: userId } = { id: 0 }] = RECRUITERS;
    const ids = { id: this.#lastSubmittalId, candidateId, jobId, userId };
    const submittal = { ...ids, state, rejectReason: '', submittedAt: now, touchedAt: now };
    this.submittals.push(submittal);
    return submittal;
  }

  /** A submittal goes on, or ends. */
  moveSubmittal(id: number, state: SubmittalState, now: number, rejectReason = ''): void {
    this.#adoptHolderOf(id);
    const submittal = this.submittals.find((one) => one.id === id);
    if (!submittal) throw new Error(`There is no submittal ${id}.`);
    Object.assign(submittal, { state, rejectReason: state === 'rejected' ? rejectReason : '', touchedAt: now });
  }

  /** Somebody acts on an application that nobody has submitted. */
  moveApplication(candidateId: number, jobId: number, status: string, now: number): void {
    this.#known(candidateId);
    const application = this.applications.find((one) => one.candidateId === candidateId && one.jobId === jobId);
    if (!application) throw new Error(`Nobody ${candidateId} applied to ${jobId}.`);
    Object.assign(application, { status, touchedAt: now });
  }

  /** Somebody applies, or applies again. */
  applyAt(candidateId: number, jobId: number, now: number): void {
    this.#known(candidateId);
    const known = this.applications.findIndex((one) => one.candidateId === candidateId && one.jobId === jobId);
    if (known >= 0) this.applications.splice(known, 1);
    this.#applied.add(`${candidateId}/${jobId}`);
    this.applications.push({ candidateId, jobId, dateApplied: toEastern(now), source: undefined, touchedAt: now });
  }

  /** Deletes a candidate with everything that hangs on it. */
  deleteCandidate(id: number, now: number): void {
    const candidate = this.#known(id);
    this.people.drop(candidate);
    removeWhere(this.applications, (one) => one.candidateId === id);
    removeWhere(this.submittals, (one) => one.candidateId === id);
    this.removals.push({ kind: 'candidate', id, at: now });
  }

  /** One candidate becomes part of another, who gets what hung on the first; all of it counts as changed (INFERRED). */
  mergeCandidates(id: number, into: number, now: number): void {
    const [from, target] = [this.#known(id), this.#known(into)];
    target.updatedAt = now;
    for (const application of this.applications.filter((one) => one.candidateId === id)) {
      if (this.applications.some((one) => one.candidateId === into && one.jobId === application.jobId)) continue;
      Object.assign(application, { candidateId: into, touchedAt: now });
    }
    removeWhere(this.applications, (one) => one.candidateId === id);
    for (const submittal of this.submittals.filter((one) => one.candidateId === id)) {
      Object.assign(submittal, { candidateId: into, touchedAt: now });
    }
    this.people.drop(from);
    this.removals.push({ kind: 'candidate', id, at: now, mergedInto: into });
  }

  /** Changes a job, as somebody who works on it would. */
  editJob(id: number, change: Partial<Pick<SimulatedJob, 'status'>>, now: number): void {
    const job = this.#jobs.get(id);
    if (!job) throw new Error(`There is no job ${id}.`);
    Object.assign(job, change, { updatedAt: now });
  }

  /** Deletes a job with its applications and submittals. */
  deleteJob(id: number, now: number, mergedInto?: number): void {
    this.#jobs.delete(id);
    removeWhere(this.applications, (one) => one.jobId === id);
    removeWhere(this.submittals, (one) => one.jobId === id);
    this.removals.push({ kind: 'job', id, at: now, ...(mergedInto === undefined ? {} : { mergedInto }) });
  }

  get jobs(): readonly SimulatedJob[] {
    return [...this.#jobs.values()];
  }

  /** Other jobs instead of all that there are. */
  replaceJobs(jobs: readonly SimulatedJob[]): void {
    this.#jobs.clear();
    for (const job of jobs) this.#jobs.set(job.id, job);
  }

  /** What an administrator does in Settings: allows the API user one method, or no longer. */
  allow(method: string, allowed: boolean): void {
    if (allowed) this.#denied.delete(method);
    else this.#denied.add(method);
  }

  isDenied(method: string): boolean {
    return this.#denied.has(method);
  }

  get deniedMethods(): readonly string[] {
    return [...this.#denied];
  }

  #addTenant(options: TenantOptions): void {
    for (const job of this.people.populate(options).jobs) this.#jobs.set(job.id, { ...job });
  }

  /** Holds a generated candidate in memory from now on, with everything that hangs on it. */
  #adopt(index: number): SimulatedCandidate {
    for (const application of this.generatedApplications(index)) {
      this.applications.push({ ...application });
      this.#applied.add(`${application.candidateId}/${application.jobId}`);
    }
    this.submittals.push(...this.generatedSubmittals(index).map((submittal) => ({ ...submittal })));
    return this.people.adopt(index);
  }

  #adoptHolderOf(submittalId: number): void {
    const index = this.people.generatedHolderOf(submittalId);
    if (index !== undefined) this.#adopt(index);
  }

  /** @throws Refusal with status 500, also for an address that another candidate has (JobDiva sheet §6). */
  createCandidate(body: z.output<typeof createCandidateBody>, now: number): SimulatedCandidate {
    if (!body.firstName?.trim()) throw parameterRefused('First Name is required');
    if (!body.lastName?.trim()) throw parameterRefused('Last Name is required');
    checkLengths(body);
    for (const held of body.titleskillcertifications ?? []) {
      checkLength('Title/Skill/Certification', held.titleskillcertification ?? '', 200);
      for (const date of [held.startDate, held.endDate]) {
        if (date !== undefined && fromEastern(date) === undefined) throw badRequest('Malformed JSON request');
      }
    }
    for (const { school = '', degree = '', major = '' } of body.educations ?? []) {
      for (const part of [school, degree, major]) checkLength('Education', part, 100);
    }
    checkPlace(body.state, body.countryid);
    this.#checkEmails([body.email, body.alternateemail]);
    if (body.resumeSource !== undefined) this.#checkSource(body.resumeSource);
    const phones = [
      { type: 'C', phone: body.cellphone },
      { type: 'H', phone: body.homephone },
      { type: 'W', phone: body.workphone },
    ].flatMap(({ type, phone }) => (phone ? [{ type, phone }] : []));
    const { educations = [], titleskillcertifications: titles = [], narrative = '', resumeSource, owner } = body;
    return this.people.add({ ...textsOf(body), phones, educations, titles, narrative, resumeSource, owner }, now);
  }

  /** @throws Refusal */
  updateCandidate(body: z.output<typeof updateCandidateBody>, now: number): void {
    const candidate = this.#known(body.candidateid);
    checkLengths(body);
    checkPlace(body.state, body.countryid ?? candidate.countryid);
    this.#checkEmails([body.email, body.alternateemail], candidate);
    const phones = candidate.phones.map((phone) => ({ ...phone }));
    for (const { action = 1, phone = '', type = '' } of body.phones ?? []) {
      const at = phones.findIndex((one) => digitsOf(one.phone) === digitsOf(phone));
      if (action === 2) phones.splice(at, at < 0 ? 0 : 1);
      else if (at >= 0) phones[at] = { phone, type };
      else phones.push({ phone, type });
    }
    if (phones.length > MOST_PHONES) throw parameterRefused(`more than ${MOST_PHONES} phones`);
    this.people.change(candidate, { ...textsOf(body), phones, updatedAt: now });
  }

  /** One link per network: the same network again replaces it (INFERRED). @throws Refusal */
  updateLinks(body: z.output<typeof updateLinksBody>, now: number): void {
    const candidate = this.#known(body.candidateid);
    for (const { name = '' } of body.socialnetworks ?? []) {
      if (!SOCIAL_NETWORKS.some((one) => one === name)) throw businessError(`Invalid Social Network Name (${name})`);
    }
    const links = Object.fromEntries((body.socialnetworks ?? []).map(({ name = '', link = '' }) => [name, link]));
    this.people.change(candidate, { links: { ...candidate.links, ...links }, updatedAt: now });
  }

  /**
   * Keeps a résumé. Without a candidate, JobDiva matches one by the address in the text, or makes one (JobDiva sheet §6).
   * @throws Refusal
   */
  uploadResume(
    body: z.output<typeof uploadResumeBody>,
    now: number,
  ): { readonly candidateId: number; readonly created?: SimulatedCandidate } {
    if (!body.filename || !RESUME_FILE.test(body.filename)) throw parameterRefused('filename is not valid');
    if (body.resumesource === undefined) throw parameterRefused('resumesource is required');
    if (!body.textfile?.trim()) throw parameterRefused('textfile is required');
    this.#checkSource(body.resumesource);
    const matched = body.candidateid === undefined ? this.#matchedByText(body.textfile) : this.#known(body.candidateid);
    const created = matched === undefined ? this.#fromText(body.textfile, now) : undefined;
    const candidate = matched ?? created;
    if (!candidate) throw new Error('unreachable');
    candidate.updatedAt = now;
    const { filename, resumesource: source, textfile: text } = body;
    const file = Buffer.from(body.filecontent ?? '', 'base64');
    this.people.addResume({ candidateId: candidate.id, filename, source, text, createdAt: now }, file);
    return { candidateId: candidate.id, ...(created ? { created } : {}) };
  }

  /** Puts a candidate onto a job; there already is as good as done (JobDiva sheet §6, INFERRED). @throws Refusal */
  apply(body: z.output<typeof createApplicationBody>, now: number): void {
    const { id } = this.#known(body.candidateid);
    if (body.jobid === undefined) throw parameterRefused('jobid is required');
    if (body.dateapplied !== undefined && !/T/.test(body.dateapplied)) throw badRequest('Malformed JSON request');
    const job = this.#jobs.get(body.jobid);
    if (!job) throw parameterRefused(`Job(${body.jobid}) does not exist`);
    if (job.status !== 'OPEN') throw businessError(`Job(${body.jobid}) is ${job.status}`);
    const key = `${id}/${job.id}`;
    if (this.#applied.has(key)) return;
    this.#applied.add(key);
    this.applications.push({
      candidateId: id,
      jobId: job.id,
      dateApplied: body.dateapplied,
      source: body.resumesource,
      touchedAt: now,
    });
  }

  #known(id: number | undefined): SimulatedCandidate {
    if (id === undefined) throw parameterRefused('candidateid is required');
    const index = this.people.generatedIndex(id);
    const candidate = index === undefined ? this.people.find(id) : this.#adopt(index);
    if (!candidate) throw parameterRefused(`Candidate(${id}) does not exist`);
    return candidate;
  }

  #checkSource(id: number): void {
    if (!this.sources.some((source) => source.id === id)) throw parameterRefused(`Resume Source(${id}) is not valid`);
  }

  #checkEmails(emails: readonly (string | undefined)[], owner?: SimulatedCandidate): void {
    for (const email of emails) {
      checkEmail(email);
      const holders = email ? this.people.holdersOf(email) : [];
      if (holders.some((one) => one !== owner)) throw parameterRefused(`Email(${email}) Already used`);
    }
  }

  #matchedByText(text: string): SimulatedCandidate | undefined {
    for (const [email] of text.matchAll(/[^\s@<>()]+@[^\s@<>()]+/g)) {
      const [found] = this.people.holdersOf(email);
      if (found) return this.#known(found.id);
    }
    return undefined;
  }

  /** Somebody made of a résumé alone, with a placeholder where no address could be read (JobDiva sheet §6). */
  #fromText(text: string, now: number): SimulatedCandidate {
    const [email = `Auto_${now}_${this.people.held.length}@jobdiva.invalid`] =
      /[^\s@<>()]+@[^\s@<>()]+/.exec(text) ?? [];
    const [first = 'Unknown', last = 'Unknown'] = (text.split('\n')[0] ?? '').split(' ');
    return this.people.add({ firstName: first, lastName: last, email }, now);
  }
}

/** The fields of a body that are texts of the candidate; those that are missing change nothing. */
function textsOf(body: z.output<typeof updateCandidateBody> | z.output<typeof createCandidateBody>) {
  const { firstName, lastName, email, alternateemail, address1, address2, city, state, zipCode, countryid } = body;
  const texts = { firstName, lastName, email, alternateemail, address1, address2, city, state, zipCode, countryid };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Partial<
    Record<keyof typeof texts, string>
  >;
}

function removeWhere<Item>(items: Item[], isGone: (item: Item) => boolean): void {
  items.splice(0, items.length, ...items.filter((item) => !isGone(item)));
}
