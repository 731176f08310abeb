import type { z } from 'zod';
import { checkEmail, checkLength, checkLengths, checkPlace } from './candidate-rules.js';
import { fromEastern } from './eastern-clock.js';
import {
  type IgnoredField,
  JOB_STATUSES,
  type JobStatus,
  type SimulatedApplication,
  type SimulatedCandidate,
  type SimulatedJob,
  type SimulatedResume,
  type SimulatedSource,
  type SimulatedUser,
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

/** What an account starts with. */
export interface AccountSeed {
  readonly clientId: number;
  readonly name: string;
  readonly users: readonly SimulatedUser[];
  readonly jobs: readonly SimulatedJob[];
  readonly sources: readonly SimulatedSource[];
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

  constructor(seed: AccountSeed) {
    this.clientId = seed.clientId;
    this.name = seed.name;
    // Copies: a password can change and a job can be closed, and a reset starts from the seed again.
    this.users = seed.users.map((user) => ({ ...user }));
    this.sources = [...seed.sources];
    this.replaceJobs(seed.jobs.map((job) => ({ ...job })));
  }

  /** Oldest first. */
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
    return this.#resumes.get(candidateId) ?? [];
  }

  candidate(id: number): SimulatedCandidate | undefined {
    return this.#candidates.get(id);
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
    resumes.push({
      id: `${candidate.id}_${resumes.length + 1}_11`,
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

  /** Puts a candidate onto a job; there already is as good as done (JobDiva sheet §6, INFERRED). @throws Refusal */
  apply(body: z.output<typeof createApplicationBody>): void {
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
    });
  }

  /** Candidates that every given filter fits; `createdDate` is the earliest day and time (INFERRED). */
  searchCandidates(body: z.output<typeof searchCandidateBody>): readonly SimulatedCandidate[] {
    const since = body.createdDate === undefined ? undefined : fromEastern(body.createdDate);
    if (body.createdDate !== undefined && since === undefined)
      throw badRequest('createdDate parameter is of the wrong type');
    const pool =
      body.email !== undefined
        ? (this.#byEmail.get(body.email.trim().toLowerCase()) ?? [])
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
    const candidate = this.#candidates.get(id);
    if (!candidate) throw parameterRefused(`Candidate(${id}) does not exist`);
    return candidate;
  }

  #checkSource(id: number): void {
    if (!this.sources.some((source) => source.id === id)) throw parameterRefused(`Resume Source(${id}) is not valid`);
  }

  #checkEmails(emails: readonly (string | undefined)[], owner?: SimulatedCandidate): void {
    for (const email of emails) {
      checkEmail(email);
      const holders = email ? this.#byEmail.get(email.trim().toLowerCase()) : undefined;
      if (holders && [...holders].some((one) => one !== owner)) throw parameterRefused(`Email(${email}) Already used`);
    }
  }

  #matchedByText(text: string): SimulatedCandidate | undefined {
    for (const [email] of text.matchAll(/[^\s@<>()]+@[^\s@<>()]+/g)) {
      const [found] = this.#byEmail.get(email.toLowerCase()) ?? [];
      if (found) return found;
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
