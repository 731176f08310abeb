import type { z } from 'zod';
import { checkEmail, checkLength, checkLengths, checkPlace } from './candidate-rules.js';
import { fromEastern, toEastern } from './eastern-clock.js';
import {
  type IgnoredField,
  JOB_STATUSES,
  type JobStatus,
  type SimulatedApplication,
  type SimulatedCandidate,
  type SimulatedJob,
  type SimulatedRemoval,
  type SimulatedResume,
  type SimulatedSource,
  type SimulatedSubmittal,
  type SimulatedUser,
  type SubmittalState,
} from './records.js';
import { badRequest, businessError, parameterRefused } from './refusal.js';
import type {
  createApplicationBody,
  createCandidateBody,
  searchCandidateBody,
  searchJobBody,
  updateCandidateBody,
  updateLinksBody,
  uploadResumeBody,
} from './request-bodies.js';
import { GeneratedTenant, RECRUITERS, type TenantOptions } from './tenant.js';

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
const DEFAULT_RETURNED = 100;
/** INFERRED: the largest page that a client was seen to ask for. */
const MOST_RETURNED = 200;
/** Enough for a demonstration, and little memory under load. */
const MOST_FILES = 500;
const RESUME_FILE = /\.(pdf|docx?|txt|rtf)$/i;

// Above every id of an earlier run, so that what a hub remembers of that run names nobody here; 14 digits.
let lastCandidateId = 18_000_000_000_000 + Date.now();

/** One customer's JobDiva: what it holds, and the rules by which it changes. */
export class SimulatedAccount {
  readonly clientId: number;
  readonly name: string;
  readonly users: SimulatedUser[];
  readonly sources: SimulatedSource[];
  readonly applications: SimulatedApplication[] = [];
  readonly submittals: SimulatedSubmittal[] = [];
  readonly removals: SimulatedRemoval[] = [];
  readonly ignoredFields: IgnoredField[] = [];
  /** Requests that began while another of this account was under way. */
  overlapping = 0;
  underWay = 0;
  readonly #denied = new Set<string>();
  readonly #jobs = new Map<number, SimulatedJob>();
  readonly #candidates = new Map<number, SimulatedCandidate>();
  readonly #byEmail = new Map<string, Set<SimulatedCandidate>>();
  readonly #byLinkedIn = new Map<string, Set<SimulatedCandidate>>();
  readonly #resumes = new Map<number, SimulatedResume[]>();
  readonly #applied = new Set<string>();
  /** Contents of résumés by id: of the last ones alone. */
  readonly #files = new Map<string, Buffer>();
  /** What is done already and not to be seen yet. */
  readonly #late: { readonly at: number; readonly commit: () => void }[] = [];
  #tenant: GeneratedTenant | undefined;
  /** Numbers of generated candidates that were changed, and are held in memory since; or that are gone. */
  readonly #adopted = new Set<number>();
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

  /** Candidates that are computed when they are asked for; `undefined`: there are none. */
  get tenant(): GeneratedTenant | undefined {
    return this.#tenant;
  }

  /** A generated candidate, unless it was changed or removed since. */
  generated(index: number): SimulatedCandidate | undefined {
    return this.#adopted.has(index) ? undefined : this.#tenant?.candidate(index);
  }

  /** Applications of a generated candidate, to jobs that are there still. */
  generatedApplications(index: number): readonly SimulatedApplication[] {
    return this.#tenant?.applications(index).filter(({ jobId }) => this.#jobs.has(jobId)) ?? [];
  }

  /** Submittals of a generated candidate, to jobs that are there still. */
  generatedSubmittals(index: number): readonly SimulatedSubmittal[] {
    return this.#tenant?.submittals(index).filter(({ jobId }) => this.#jobs.has(jobId)) ?? [];
  }

  /** Other candidates and jobs instead of all that there are. */
  populate(options: TenantOptions): void {
    for (const held of [this.#candidates, this.#byEmail, this.#byLinkedIn, this.#resumes, this.#files]) held.clear();
    for (const held of [this.#applied, this.#adopted]) held.clear();
    for (const list of [this.applications, this.submittals, this.removals, this.#late]) list.length = 0;
    this.#jobs.clear();
    this.#addTenant(options);
  }

  /** How many candidates there are, generated ones included. */
  get candidateCount(): number {
    return this.#candidates.size + (this.#tenant?.size ?? 0) - this.#adopted.size;
  }

  /** Somebody, by a number from 0 up to 1; `undefined` when that one is gone. */
  candidateAt(share: number): SimulatedCandidate | undefined {
    const index = Math.floor(share * (this.#candidates.size + (this.#tenant?.size ?? 0)));
    const held = index - (this.#tenant?.size ?? 0);
    return held >= 0 ? this.candidates[held] : this.candidate(this.#tenant?.idOf(index) ?? 0);
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
    return this.#add({ ...emptyCandidate(now), ...fields });
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
    this.#drop(candidate);
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
    this.#drop(from);
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

  /** The content of a résumé; `undefined` when only its text is kept. */
  fileOf(resumeId: string): Buffer | undefined {
    return this.#files.get(resumeId);
  }

  /** Oldest first; without those that are generated. */
  get candidates(): readonly SimulatedCandidate[] {
    return [...this.#candidates.values()];
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

  resumesOf(candidateId: number): readonly SimulatedResume[] {
    const index = this.#generatedIndex(candidateId);
    return index === undefined ? (this.#resumes.get(candidateId) ?? []) : (this.#tenant?.resumes(index) ?? []);
  }

  candidate(id: number): SimulatedCandidate | undefined {
    const index = this.#generatedIndex(id);
    return index === undefined ? this.#candidates.get(id) : this.#tenant?.candidate(index);
  }

  /** The number of a candidate who is computed still. */
  #generatedIndex(id: number): number | undefined {
    const index = this.#tenant?.indexOf(id);
    return index === undefined || this.#adopted.has(index) ? undefined : index;
  }

  #addTenant(options: TenantOptions): void {
    this.#tenant = new GeneratedTenant(options);
    for (const job of this.#tenant.jobs) this.#jobs.set(job.id, { ...job });
  }

  /** Holds a generated candidate in memory from now on, with everything that hangs on it. */
  #adopt(index: number): SimulatedCandidate {
    const tenant = this.#tenant;
    if (!tenant) throw new Error('unreachable');
    const candidate = tenant.candidate(index);
    this.#adopted.add(index);
    for (const application of this.generatedApplications(index)) {
      this.applications.push({ ...application });
      this.#applied.add(`${application.candidateId}/${application.jobId}`);
    }
    this.submittals.push(...this.generatedSubmittals(index).map((submittal) => ({ ...submittal })));
    this.#resumes.set(candidate.id, [...tenant.resumes(index)]);
    return this.#add(candidate);
  }

  #adoptHolderOf(submittalId: number): void {
    const index = this.#tenant?.holderOfSubmittal(submittalId);
    if (index !== undefined && !this.#adopted.has(index)) this.#adopt(index);
  }

  #drop(candidate: SimulatedCandidate): void {
    this.#unindex(candidate);
    this.#candidates.delete(candidate.id);
    this.#resumes.delete(candidate.id);
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
    return this.#add({
      ...emptyCandidate(now),
      ...textsOf(body),
      phones,
      educations: body.educations ?? [],
      titles: body.titleskillcertifications ?? [],
      narrative: body.narrative ?? '',
      resumeSource: body.resumeSource,
      owner: body.owner,
    });
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
    this.#unindex(candidate);
    Object.assign(candidate, textsOf(body), { phones, updatedAt: now });
    this.#index(candidate);
  }

  /** One link per network: the same network again replaces it (INFERRED). @throws Refusal */
  updateLinks(body: z.output<typeof updateLinksBody>, now: number): void {
    const candidate = this.#known(body.candidateid);
    for (const { name = '' } of body.socialnetworks ?? []) {
      if (!SOCIAL_NETWORKS.some((one) => one === name)) throw businessError(`Invalid Social Network Name (${name})`);
    }
    this.#unindex(candidate);
    for (const { name = '', link = '' } of body.socialnetworks ?? []) candidate.links[name] = link;
    candidate.updatedAt = now;
    this.#index(candidate);
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
    const bytes = Buffer.from(body.filecontent ?? '', 'base64').length;
    const matched = body.candidateid === undefined ? this.#matchedByText(body.textfile) : this.#known(body.candidateid);
    const created = matched === undefined ? this.#fromText(body.textfile, now) : undefined;
    const candidate = matched ?? created;
    if (!candidate) throw new Error('unreachable');
    const resumes = this.#resumes.get(candidate.id) ?? [];
    const id = `${candidate.id}_${resumes.length + 1}_11`;
    this.#keepFile(id, Buffer.from(body.filecontent ?? '', 'base64'));
    candidate.updatedAt = now;
    resumes.push({
      id,
      candidateId: candidate.id,
      filename: body.filename,
      source: body.resumesource,
      text: body.textfile,
      bytes,
      createdAt: now,
    });
    this.#resumes.set(candidate.id, resumes);
    return { candidateId: candidate.id, ...(created ? { created } : {}) };
  }

  #keepFile(id: string, file: Buffer): void {
    this.#files.set(id, file);
    const [oldest] = this.#files.keys();
    if (this.#files.size > MOST_FILES && oldest !== undefined) this.#files.delete(oldest);
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

  /** Candidates that every given filter fits; `createdDate` is the earliest day and time (INFERRED). */
  searchCandidates(body: z.output<typeof searchCandidateBody>): readonly SimulatedCandidate[] {
    const since = body.createdDate === undefined ? undefined : fromEastern(body.createdDate);
    if (body.createdDate !== undefined && since === undefined)
      throw badRequest('createdDate parameter is of the wrong type');
    const pool =
      body.email !== undefined
        ? this.#holdersOf(body.email)
        : body.linkedinProfile !== undefined
          ? (this.#byLinkedIn.get(linkKey(body.linkedinProfile)) ?? [])
          : this.#candidates.values();
    const found = [...pool].filter(
      (one) =>
        fits(one.firstName, body.firstName) &&
        fits(one.lastName, body.lastName) &&
        fits(one.city, body.city) &&
        fits(one.state, body.state) &&
        fits(one.zipCode, body.zipCode) &&
        fits(one.countryid, body.country) &&
        (since === undefined || one.createdAt >= since) &&
        (body.linkedinProfile === undefined ||
          linkKey(one.links['LinkedIn'] ?? '') === linkKey(body.linkedinProfile)) &&
        (body.phone === undefined || one.phones.some(({ phone }) => digitsOf(phone) === digitsOf(body.phone ?? ''))),
    );
    return pageOf(found, body.offset, body.maxreturned);
  }

  /**
   * Jobs that the filters fit. A reference or id that nobody has yields some job or other (JobDiva sheet §6, CONFIRMED).
   */
  searchJobs(
    body: z.output<typeof searchJobBody>,
    { ignoreOffset }: { readonly ignoreOffset: boolean },
  ): readonly SimulatedJob[] {
    if (body.jobId !== undefined) return this.#jobOrAny(this.#jobs.get(body.jobId));
    if (body.jobdivaref !== undefined) {
      return this.#jobOrAny(this.jobs.find(({ reference }) => reference === body.jobdivaref));
    }
    if (body.optionalref !== undefined) return this.#jobOrAny(undefined);
    const wanted = [...(body.status === undefined ? [] : [body.status]), ...(body.statuses ?? [])];
    const statuses = new Set<JobStatus | undefined>(wanted.map((status) => JOB_STATUSES[status]));
    const title = body.title?.trim().toLowerCase();
    const found = this.jobs.filter(
      (job) =>
        (wanted.length === 0 || statuses.has(job.status)) &&
        (body.showAllOpenJobs !== true || job.status === 'OPEN') &&
        (title === undefined || job.title.toLowerCase().includes(title)) &&
        (body.companyname === undefined || fits(job.company, body.companyname)) &&
        fits(job.city, body.city),
    );
    const shuffled = found.toSorted((a, b) => rankOf(a.id) - rankOf(b.id));
    return pageOf(shuffled, ignoreOffset ? 0 : body.offset, body.maxReturned);
  }

  #jobOrAny(job: SimulatedJob | undefined): readonly SimulatedJob[] {
    const [any] = this.#jobs.values();
    return job ? [job] : any ? [any] : [];
  }

  #known(id: number | undefined): SimulatedCandidate {
    if (id === undefined) throw parameterRefused('candidateid is required');
    const index = this.#generatedIndex(id);
    const candidate = index === undefined ? this.#candidates.get(id) : this.#adopt(index);
    if (!candidate) throw parameterRefused(`Candidate(${id}) does not exist`);
    return candidate;
  }

  /** Whoever has an address, in either place. */
  #holdersOf(email: string): readonly SimulatedCandidate[] {
    const wanted = email.trim().toLowerCase();
    const index = this.#tenant?.indexOfEmail(wanted);
    const generated = index === undefined ? undefined : this.generated(index);
    return [...(this.#byEmail.get(wanted) ?? []), ...(generated ? [generated] : [])];
  }

  #checkSource(id: number): void {
    if (!this.sources.some((source) => source.id === id)) throw parameterRefused(`Resume Source(${id}) is not valid`);
  }

  #checkEmails(emails: readonly (string | undefined)[], owner?: SimulatedCandidate): void {
    for (const email of emails) {
      checkEmail(email);
      const holders = email ? this.#holdersOf(email) : [];
      if (holders.some((one) => one !== owner)) throw parameterRefused(`Email(${email}) Already used`);
    }
  }

  #matchedByText(text: string): SimulatedCandidate | undefined {
    for (const [email] of text.matchAll(/[^\s@<>()]+@[^\s@<>()]+/g)) {
      const [found] = this.#holdersOf(email);
      if (found) return this.#known(found.id);
    }
    return undefined;
  }

  /** Somebody made of a résumé alone, with a placeholder where no address could be read (JobDiva sheet §6). */
  #fromText(text: string, now: number): SimulatedCandidate {
    const [email = `Auto_${now}_${this.#candidates.size}@jobdiva.invalid`] = /[^\s@<>()]+@[^\s@<>()]+/.exec(text) ?? [];
    const [first = 'Unknown', last = 'Unknown'] = (text.split('\n')[0] ?? '').split(' ');
    return this.#add({ ...emptyCandidate(now), firstName: first, lastName: last, email });
  }

  #add(candidate: SimulatedCandidate): SimulatedCandidate {
    this.#candidates.set(candidate.id, candidate);
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

/** The fields of a body that are texts of the candidate; those that are missing change nothing. */
function textsOf(body: z.output<typeof updateCandidateBody> | z.output<typeof createCandidateBody>) {
  const { firstName, lastName, email, alternateemail, address1, address2, city, state, zipCode, countryid } = body;
  const texts = { firstName, lastName, email, alternateemail, address1, address2, city, state, zipCode, countryid };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Partial<
    Record<keyof typeof texts, string>
  >;
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

function removeWhere<Item>(items: Item[], isGone: (item: Item) => boolean): void {
  items.splice(0, items.length, ...items.filter((item) => !isGone(item)));
}

function setOf<Value>(map: Map<string, Set<Value>>, key: string): Set<Value> {
  const values = map.get(key) ?? new Set<Value>();
  map.set(key, values);
  return values;
}

function fits(value: string, wanted: string | undefined): boolean {
  return wanted === undefined || value.toLowerCase() === wanted.trim().toLowerCase();
}

/** A profile URL without what varies: scheme, `www`, capitals, a slash at the end. */
function linkKey(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/[/?#]+$/, '');
}

function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '');
}

function pageOf<Item>(items: readonly Item[], offset = 0, most = DEFAULT_RETURNED): readonly Item[] {
  return items.slice(offset, offset + Math.min(most, MOST_RETURNED));
}

/** An order that has nothing to do with when jobs were made, and is always the same. */
function rankOf(id: number): number {
  return Math.imul(id, 0x9e3779b1) >>> 0;
}
