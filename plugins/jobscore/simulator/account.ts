import { lookAlike } from './duplicate-check.js';
import type {
  CandidateInput,
  JobStatus,
  SimulatedApplication,
  SimulatedCandidate,
  SimulatedDocument,
  SimulatedJob,
  SimulatedKey,
  SimulatedName,
  SimulatedUser,
  SimulatedWebhook,
  Stamped,
  SuspectedDuplicate,
} from './records.js';
import { notFound, Refusal } from './refusal.js';
import { newId, seedId } from './vendor-id.js';

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
  readonly size: number;
}

/** Who goes onto which job. */
export interface Placement {
  readonly candidate_id: string;
  readonly job_id: string;
  /** Whether the same again makes another application. */
  readonly mayRepeat: boolean;
}

/** The stage in which everybody begins (JobScore sheet §4.6: its name is CONFIRMED). */
const FIRST_STAGE = 'New';
const STAGES = [FIRST_STAGE, 'Screen', 'Interview', 'Offer', 'Hired'];

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

  constructor(seed: AccountSeed) {
    this.slug = seed.slug;
    this.companyName = seed.companyName;
    this.users = [...seed.users];
    // Copies: a job can be closed and a key revoked, and a reset starts from the seed again.
    this.keys = seed.keys.map((key) => ({ ...key }));
    this.jobs = seed.jobs.map((job) => ({ ...job }));
    this.databases = [...seed.databases];
    this.tags = [...seed.tags];
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
    return Object.assign(this.candidate(id), input, { updated_on: now });
  }

  /** @throws Refusal with status 404, also for the losing record of a merge (JobScore sheet §4.8, INFERRED). */
  candidate(id: string): SimulatedCandidate {
    const candidate = this.candidates.find((one) => one.id === id);
    if (!candidate) throw notFound('Candidate');
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
    return STAGES.map((name) => ({ id: seedId(`${jobId} stage ${name}`), name }));
  }

  /** Puts a candidate onto a job (JobScore sheet §4.6). */
  apply({ candidate_id: candidateId, job_id: jobId, mayRepeat }: Placement, now: string): SimulatedApplication {
    if (!this.candidates.some(({ id }) => id === candidateId)) throw notFound('Candidate', 'candidate_id');
    const job = this.jobs.find(({ id }) => id === jobId);
    if (!job) throw notFound('Job', 'job_id');
    if (TAKES_NOBODY.has(job.status)) {
      throw new Refusal(422, { code: 'invalid', field: 'job_id', message: `Job is ${job.status}` });
    }
    const isThere = this.applications.some((one) => one.candidate_id === candidateId && one.job_id === jobId);
    if (isThere && !mayRepeat) {
      throw new Refusal(422, { code: 'taken', field: 'candidate_id', message: 'Candidate is already on this job' });
    }
    const workflow_stage = { id: seedId(`${jobId} stage ${FIRST_STAGE}`), name: FIRST_STAGE };
    const { id, ...stamps } = stamped(now);
    const application: SimulatedApplication = {
      id,
      candidate_id: candidateId,
      job_id: jobId,
      workflow_stage,
      status: 'active',
      ...stamps,
    };
    this.applications.push(application);
    return application;
  }

  /** Keeps a file; the first résumé becomes the primary one (JobScore sheet §4.7). */
  addDocument(candidateId: string, upload: Upload, now: string): SimulatedDocument {
    const candidate = this.candidate(candidateId);
    const { filename, documentType, contentType, size } = upload;
    const { id, ...stamps } = stamped(now);
    const document: SimulatedDocument = {
      id,
      candidate_id: candidateId,
      filename,
      document_type: documentType,
      content_type: contentType,
      size,
      ...stamps,
    };
    this.documents.push(document);
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
    const winner = this.candidate(winnerId);
    const loser = this.candidate(loserId);
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
    this.candidates.splice(this.candidates.indexOf(loser), 1);
    pair.state = 'merged';
    return winner;
  }

  #pairOf(a: string, b: string): SuspectedDuplicate | undefined {
    return this.duplicates.find(({ candidate_ids }) => candidate_ids.includes(a) && candidate_ids.includes(b));
  }

  #suspected(id: string): SuspectedDuplicate {
    const pair = this.duplicates.find((one) => one.id === id && one.state === 'suspected');
    if (!pair) throw notFound('Suspected duplicate');
    return pair;
  }
}

function stamped(now: string): Stamped {
  return { id: newId(), created_on: now, updated_on: now };
}
