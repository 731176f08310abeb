import type {
  CallContext,
  MirroredApplication,
  MirroredAttachment,
  MirroredCandidate,
  MirroredJob,
  PassedOver,
  PulledPage,
  RecordReference,
  RecordsRead,
} from '@talentbridge/contracts';
import { TooMuchAtOnce } from './client.js';
import { keyed, pairOf, referencesOf, touchedAt } from './feed-rows.js';
import {
  applicationId,
  applicationOf,
  attachmentOf,
  type CandidateExtras,
  candidateOf,
  educationOf,
  instantOf,
  isPrimaryRecruiter,
  mirroredJobOf,
  type Recruiter,
  submittalOf,
  userOf,
  workOf,
} from './mirror-mapping.js';
import { type FeedName, idOfRow, type JobDivaRecords, type Window } from './records.js';
import { LARGEST_WINDOW_MS } from './run-state.js';
import { idOf, type VendorRow } from './vendor-rows.js';

/** What an admin chose about the records of the mirror. */
export interface RecordChoices {
  /** How much time one read spans, in milliseconds. */
  readonly windowMs: number;
  /** Name of the user-defined field of candidates that holds their LinkedIn URL. */
  readonly linkedInField: string | undefined;
  /** Whether the résumés of each candidate are listed. */
  readonly listResumes: boolean;
  /** Whether education and experience are read: two requests for each candidate. */
  readonly readHistory: boolean;
}

/** A list of submittals as long as this may have been cut off (INFERRED: other searches of JobDiva answer 100 by default). */
const WHOLE_LIST = 100;

/** Jobs that are remembered within a run. */
const MOST_REMEMBERED = 5_000;

/** A call that reads a page says what of it cannot be read; in any other that is thrown. */
export type PageContext = CallContext & { readonly passedOver?: PassedOver };

/** What a page tells. */
export type Told = Pick<PulledPage, 'candidates' | 'jobs' | 'applications' | 'gone'>;

/** What is read of each candidate by itself. */
type History = Pick<CandidateExtras, 'education' | 'workExperience'>;

/** Windows that are looked through for submittals that are read by their ids: about a year. */
const WINDOWS_LOOKED_THROUGH = 26;

/** A page without anything on it. */
export const NOTHING: Told = { candidates: [], jobs: [], applications: [], gone: [] };

/** Who of a job's candidates went on as a submittal. */
interface Submitted {
  readonly ids: ReadonlySet<string>;
  /** `false`: the list may have been cut off, so that who is missing in it may be one all the same. */
  readonly isWhole: boolean;
}

/** Makes records of rows, and asks for what rows do not say: details, résumés, education, recruiters, submittals. */
export class RecordReader {
  /** What a run learnt about jobs. */
  #learnt = { run: 0, recruiters: new Map<string, Recruiter | undefined>(), submitted: new Map<string, Submitted>() };

  constructor(
    private readonly records: JobDivaRecords,
    private readonly choices: RecordChoices,
  ) {}

  /** Forgets what an earlier run learnt, whose jobs may have changed. */
  begin(run: number): void {
    if (this.#learnt.run !== run) this.#learnAnew(run);
  }

  /** Records by their ids. What JobDiva does not show may be inactive: gone is only what it says is deleted or merged. */
  async read(ctx: CallContext, references: readonly RecordReference[]): Promise<RecordsRead> {
    const idsOf = (kind: RecordReference['kind']): readonly string[] => [
      ...new Set(references.filter((one) => one.kind === kind).map(({ remoteId }) => remoteId)),
    ];
    const [candidateIds, jobIds] = [idsOf('candidate').filter(isId), idsOf('job').filter(isId)];
    this.#learnAnew(Date.now());
    try {
      return await this.#read(ctx, candidateIds, jobIds, idsOf('application'));
    } catch (error) {
      throw error instanceof TooMuchAtOnce ? error.failure : error;
    }
  }

  async #read(
    ctx: CallContext,
    candidateIds: readonly string[],
    jobIds: readonly string[],
    applicationIds: readonly string[],
  ): Promise<RecordsRead> {
    const candidates = await this.#candidates(ctx, await this.records.candidates(ctx, candidateIds));
    const jobs = await this.#jobs(ctx, await this.records.jobs(ctx, jobIds));
    const applications = await this.#applicationsById(ctx, applicationIds);
    const missing = {
      candidate: without(candidateIds, candidates),
      job: without(jobIds, jobs),
    };
    const gone = [
      ...(await this.#gone(ctx, 'candidate', missing.candidate)),
      ...(await this.#gone(ctx, 'job', missing.job)),
    ];
    return { candidates, jobs, applications, gone };
  }

  /** The records that rows of a feed speak of. */
  async tell(ctx: PageContext, feed: FeedName, rows: readonly VendorRow[]): Promise<Told> {
    switch (feed) {
      case 'candidates':
        return { ...NOTHING, candidates: await this.#candidatesOfFeed(ctx, rows) };
      case 'jobs':
        return { ...NOTHING, jobs: await this.#jobs(ctx, rows) };
      case 'applications':
        return { ...NOTHING, applications: await this.#applications(ctx, rows) };
      case 'activities':
        return { ...NOTHING, applications: rows.map(submittalOf).filter((one) => one !== undefined) };
      case 'deletedCandidates':
      case 'mergedCandidates':
        return { ...NOTHING, gone: referencesOf('candidate', rows) };
      case 'deletedJobs':
      case 'mergedJobs':
        return { ...NOTHING, gone: referencesOf('job', rows) };
    }
  }

  /** The feed says who changed; the details say what they are like now, their country and confirmed phone numbers included. */
  async #candidatesOfFeed(ctx: PageContext, rows: readonly VendorRow[]): Promise<readonly MirroredCandidate[]> {
    const ids = rows.map((row) => idOfRow('candidates', row)).filter((id) => id !== undefined);
    const details = new Map(
      (await this.records.candidates(ctx, ids)).map((row) => [idOf(row, 'id', 'candidateid'), row]),
    );
    return this.#candidates(
      ctx,
      rows.map((row) => details.get(idOfRow('candidates', row)) ?? row),
    );
  }

  async #candidates(ctx: PageContext, rows: readonly VendorRow[]): Promise<readonly MirroredCandidate[]> {
    const attachments = await this.#attachments(ctx, rows);
    const candidates: MirroredCandidate[] = [];
    for (const row of rows) {
      const id = idOfRow('candidates', row);
      if (id === undefined) continue;
      const history = await this.#historyOf(ctx, id);
      if (history === 'unreadable') continue;
      const extras: CandidateExtras = {
        remoteUrl: this.records.client.candidateReference(id).remoteUrl ?? '',
        linkedInField: this.choices.linkedInField,
        attachments: attachments?.get(id) ?? (attachments && []),
        ...history,
      };
      const candidate = candidateOf(row, extras);
      if (candidate) candidates.push(candidate);
    }
    return candidates;
  }

  /** Résumés by candidate; `undefined` when they are not listed. */
  async #attachments(
    ctx: CallContext,
    rows: readonly VendorRow[],
  ): Promise<ReadonlyMap<string, readonly MirroredAttachment[]> | undefined> {
    if (!this.choices.listResumes) return undefined;
    const ids = rows
      .filter((row) => row('resumecount') !== '0')
      .map((row) => idOfRow('candidates', row))
      .filter((id) => id !== undefined);
    const lists = new Map<string, MirroredAttachment[]>();
    for (const row of await this.records.resumes(ctx, ids)) {
      const id = idOf(row, 'candidateid');
      const attachment = attachmentOf(row);
      if (id === undefined || !attachment) continue;
      const list = lists.get(id) ?? [];
      if (!list.some(({ remoteId }) => remoteId === attachment.remoteId)) list.push(attachment);
      lists.set(id, list);
    }
    return lists;
  }

  /** Education and experience, where they are read; `unreadable`: the candidate is passed over. */
  async #historyOf(ctx: PageContext, remoteId: string): Promise<History | 'unreadable'> {
    if (!this.choices.readHistory) return {};
    const read = () => this.#readHistory(ctx, remoteId);
    if (!ctx.passedOver) return read();
    const history = await ctx.passedOver.read({ kind: 'candidate', remoteId }, read);
    return history ? history.answer : 'unreadable';
  }

  async #readHistory(ctx: CallContext, id: string): Promise<History> {
    const education = (await this.records.education(ctx, id)).map(educationOf).filter((one) => one !== undefined);
    const workExperience = (await this.records.experience(ctx, id)).map(workOf).filter((one) => one !== undefined);
    return { education, workExperience };
  }

  async #jobs(ctx: CallContext, rows: readonly VendorRow[]): Promise<readonly MirroredJob[]> {
    const ids = rows.map((row) => idOfRow('jobs', row)).filter((id) => id !== undefined);
    const recruiters = await this.#recruiters(ctx, ids);
    return rows
      .map((row) => {
        const id = idOfRow('jobs', row) ?? '';
        return mirroredJobOf(row, this.records.client.jobUrl(id), recruiters.get(id));
      })
      .filter((job) => job !== undefined);
  }

  /**
   * Applications that nobody has submitted. Of one that somebody has, the submittal tells, which never loses to it: whichever
   * of the two is read later, the mirror ends up with the submittal.
   */
  async #applications(ctx: CallContext, rows: readonly VendorRow[]): Promise<readonly MirroredApplication[]> {
    const newest = new Map<string, VendorRow>();
    for (const row of rows) {
      const known = newest.get(pairOf(row));
      if (!known || touchedAt(row) >= touchedAt(known)) newest.set(pairOf(row), row);
    }
    const byJob = Map.groupBy(newest.values(), (row) => idOf(row, 'jobid') ?? '');
    byJob.delete('');
    const recruiters = await this.#recruiters(ctx, [...byJob.keys()]);
    const applications: MirroredApplication[] = [];
    for (const [jobId, ofJob] of byJob) {
      for (const row of ofJob) {
        const application = applicationOf(row, recruiters.get(jobId));
        if (application && !(await this.#isSubmitted(ctx, application))) applications.push(application);
      }
    }
    return applications;
  }

  async #applicationsById(ctx: CallContext, ids: readonly string[]): Promise<readonly MirroredApplication[]> {
    const jobIds = new Set(ids.map((id) => /^[1-9]\d*\/([1-9]\d*)$/.exec(id)?.[1]).filter((id) => id !== undefined));
    const rows: VendorRow[] = [];
    const submitted = new Map<string, number>();
    for (const jobId of jobIds) {
      rows.push(...(await this.records.applicants(ctx, jobId)));
      for (const { candidateId, date } of await this.records.client.submittals(ctx, jobId)) {
        const id = applicationId(candidateId, jobId);
        const at = Date.parse(instantOf(date)) || 0;
        submitted.set(id, Math.min(at, submitted.get(id) ?? at));
      }
    }
    const wanted = new Set(ids);
    const since = new Map([...submitted].filter(([id]) => wanted.has(id)));
    return [
      ...(await this.#applications(
        ctx,
        rows.filter((row) => wanted.has(pairOf(row))),
      )),
      ...(await this.#submittalsSince(ctx, since)),
    ];
  }

  /**
   * The present state of submittals, of which only the time of their making is known: JobDiva lists them by the time at which
   * they were last touched, and has no read by id. @param since By application, in milliseconds since the epoch.
   */
  async #submittalsSince(
    ctx: CallContext,
    since: ReadonlyMap<string, number>,
  ): Promise<readonly MirroredApplication[]> {
    const missing = new Set(since.keys());
    const found: MirroredApplication[] = [];
    if (missing.size === 0) return found;
    const earliest = Math.min(...since.values());
    let { latest: to } = await this.records.client.now(ctx);
    for (let windows = 0; missing.size > 0 && to > earliest && windows < WINDOWS_LOOKED_THROUGH; windows += 1) {
      const window = { from: to - this.choices.windowMs, to };
      for (const { key, row } of keyed('activities', await this.records.changed(ctx, 'activities', window))) {
        const submittal = missing.delete(key) ? submittalOf(row) : undefined;
        if (submittal) found.push(submittal);
      }
      to = window.from;
    }
    return found;
  }

  async #isSubmitted(ctx: CallContext, { jobRemoteId, candidateRemoteId }: MirroredApplication): Promise<boolean> {
    const { submitted } = this.#learnt;
    let known = submitted.get(jobRemoteId);
    if (!known) {
      const mentions = await this.records.client.submittals(ctx, jobRemoteId);
      known = { ids: new Set(mentions.map(({ candidateId }) => candidateId)), isWhole: mentions.length < WHOLE_LIST };
      if (submitted.size >= MOST_REMEMBERED) submitted.clear();
      submitted.set(jobRemoteId, known);
    }
    if (known.ids.has(candidateRemoteId)) return true;
    if (known.isWhole) return false;
    const mentions = await this.records.client.submittals(ctx, jobRemoteId, candidateRemoteId);
    return mentions.some(({ candidateId }) => candidateId === candidateRemoteId);
  }

  /** The primary recruiters of jobs. */
  async #recruiters(ctx: CallContext, jobIds: readonly string[]): Promise<ReadonlyMap<string, Recruiter | undefined>> {
    const { recruiters } = this.#learnt;
    const unknown = jobIds.filter((id) => !recruiters.has(id));
    if (recruiters.size + unknown.length > MOST_REMEMBERED) recruiters.clear();
    const asked = recruiters.size === 0 ? jobIds : unknown;
    const users = asked.length === 0 ? [] : await this.records.jobUsers(ctx, asked);
    for (const id of asked) recruiters.set(id, undefined);
    for (const row of users) {
      const id = idOf(row, 'jobid');
      if (id !== undefined && isPrimaryRecruiter(row)) recruiters.set(id, recruiters.get(id) ?? userOf(row));
    }
    return recruiters;
  }

  async #gone(
    ctx: CallContext,
    kind: 'candidate' | 'job',
    missing: readonly string[],
  ): Promise<readonly RecordReference[]> {
    if (missing.length === 0) return [];
    const { latest } = await this.records.client.now(ctx);
    const window: Window = { from: latest - LARGEST_WINDOW_MS, to: latest };
    const feeds =
      kind === 'candidate'
        ? (['deletedCandidates', 'mergedCandidates'] as const)
        : (['deletedJobs', 'mergedJobs'] as const);
    const told: RecordReference[] = [];
    for (const feed of feeds) told.push(...referencesOf(kind, await this.records.changed(ctx, feed, window)));
    const gone = new Set(told.map(({ remoteId }) => remoteId));
    return missing.filter((id) => gone.has(id)).map((remoteId) => ({ kind, remoteId }));
  }

  #learnAnew(run: number): void {
    this.#learnt = { run, recruiters: new Map(), submitted: new Map() };
  }
}

function without(ids: readonly string[], records: readonly { readonly remoteId: string }[]): readonly string[] {
  const found = new Set(records.map(({ remoteId }) => remoteId));
  return ids.filter((id) => !found.has(id));
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text);
}
