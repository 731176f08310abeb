import {
  AtsAnswerUnreadableError,
  type AtsFilter,
  type CallContext,
  isHubError,
  type MirroredApplication,
  type MirroredAttachment,
  type MirroredCandidate,
  type MirroredJob,
  PassedOver,
  type PulledPage,
  type PullRequest,
  type RecordReference,
  type RecordsRead,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import { TooMuchAtOnce } from './client.js';
import { copyRowsOf, copyTableOf, type DataCopyOptions } from './data-copy.js';
import {
  applicationId,
  applicationOf,
  attachmentOf,
  type CandidateExtras,
  candidateOf,
  educationOf,
  instantOf,
  isNewerActivity,
  isPrimaryRecruiter,
  mirroredJobOf,
  type Recruiter,
  submittalOf,
  userOf,
  workOf,
} from './mirror-mapping.js';
import {
  APPLICATIONS_PAGE,
  DETAIL_BATCH,
  type FeedName,
  idOfRow,
  type JobDivaRecords,
  type Window,
} from './records.js';
import {
  caughtUp,
  cursorOf,
  feedOf,
  firstState,
  halved,
  LARGEST_WINDOW_MS,
  markOf,
  nextLeg,
  nextWindow,
  type RunState,
  readCursor,
  shareOf,
  walksHistory,
  windowOf,
} from './run-state.js';
import { idOf, type VendorRow } from './vendor-rows.js';

/** What an admin chose for the mirror. */
export interface RediscoveryChoices {
  /** The first moment that is read, in milliseconds since the epoch. Absent: ten years back. */
  readonly historyStart: number | undefined;
  /** How much time one read spans, in milliseconds. */
  readonly windowMs: number;
  /** Name of the user-defined field of candidates that holds their LinkedIn URL. */
  readonly linkedInField: string | undefined;
  /** Whether the résumés of each candidate are listed. */
  readonly listResumes: boolean;
  /** Whether education and experience are read: two requests for each candidate. */
  readonly readHistory: boolean;
}

/** What makes sense over JobDiva's data (PRODUCT.md RED-7). */
const FILTERS: readonly AtsFilter[] = ['applicationType', 'status', 'job', 'recruiter', 'lastUpdated'];

const TEN_YEARS_MS = 10 * 365.25 * 86_400_000;

/** Candidates of a page, when they come in one window. */
const PAGE_SIZE = 200;

// A page is as much as JobDiva can be expected to answer in a quarter of a minute, so that little is lost if it cannot be told, and
// counted rather than timed, so that the same page holds the same records. A unit is about a second.
const WORK_PER_PAGE = 15;
const WORK_PER_STEP = 1;
const WORK_PER_CANDIDATE = WORK_PER_PAGE / PAGE_SIZE;
const WORK_WITH_HISTORY = 3;
const WORK_PER_JOB = 0.05;
const WORK_PER_APPLICATION = 0.02;

/** A read that was answered within this could have asked for more. */
const EASY_MS = 15_000;

/** Open jobs whose applicants are read in one step, where the list of applications is used up. */
const JOBS_PER_STEP = 20;

/** Candidates told in one step when their education and experience are read. */
const HISTORY_BATCH = 5;

/** A list of submittals as long as this may have been cut off (INFERRED: other searches of JobDiva answer 100 by default). */
const WHOLE_LIST = 100;

/** Rows of a window that take no further request, on one page. */
const TOLD_AT_ONCE = 1_000;

/** Jobs that are remembered within a run. */
const MOST_REMEMBERED = 5_000;

/** A call that reads a page says what of it cannot be read; in any other that is thrown. */
type PageContext = CallContext & { readonly passedOver?: PassedOver };

type Told = Pick<PulledPage, 'candidates' | 'jobs' | 'applications' | 'gone'>;

/** What one step brought, and where the next one begins; `undefined`: the run is over. */
interface Step {
  readonly told: Told;
  readonly next: RunState | undefined;
}

/** What is read of each candidate by itself. */
type History = Pick<CandidateExtras, 'education' | 'workExperience'>;

/** A wait that is longer than this, or of unknown length, is better spent on asking job by job. */
const LONG_WAIT_MS = 5 * 60_000;

/** Windows that are looked through for submittals that are read by their ids: about a year. */
const WINDOWS_LOOKED_THROUGH = 26;

/** A row with the key by which it is ordered within its window. */
interface KeyedRow {
  readonly key: string;
  readonly row: VendorRow;
}

const NOTHING: Told = { candidates: [], jobs: [], applications: [], gone: [] };

/** Rediscovery of a JobDiva account: by polling, because JobDiva tells nobody of changes (JobDiva sheet §9). */
export function jobDivaRediscovery(records: JobDivaRecords, choices: RediscoveryChoices): RediscoveryCapability {
  const mirror = new JobDivaMirror(records, choices);
  const { client } = records;
  const copies: DataCopyOptions = {
    candidateUrl: (id) => client.candidateReference(id).remoteUrl ?? '',
    jobUrl: (id) => client.jobUrl(id),
    linkedInField: choices.linkedInField,
  };
  return {
    // People whom JobDiva deems inactive are kept back (JobDiva sheet §10), so that what does not come may still be there.
    // To ask about these would be of no use: who is inactive stays silent, and of deletions `read` knows but those of two weeks,
    // which every run brings.
    limits: { completeWhenFull: false, mostAskedAbout: 0, readBatch: DETAIL_BATCH },
    filters: FILTERS,
    pull: (ctx, request) => mirror.pull(ctx, request),
    read: (ctx, references) => mirror.read(ctx, references),
    fetchAttachment: (ctx, { remoteId }) => records.resumeFile(ctx, remoteId),
    readCopyHeader: async (_ctx, header) => copyTableOf(header, copies),
    readCopyRows: async (_ctx, rows) => copyRowsOf(rows, copies),
  };
}

/** Walks the feeds of an account. All that a run needs stands in its cursor; what is kept here only spares requests. */
class JobDivaMirror {
  /** The window that is being told, which is read once for all its pages. */
  #held: { readonly window: string; readonly rows: readonly KeyedRow[] } | undefined;
  /** What a run learnt about jobs. */
  #learnt = { run: 0, recruiters: new Map<string, Recruiter | undefined>(), submitted: new Map<string, Submitted>() };

  constructor(
    private readonly records: JobDivaRecords,
    private readonly choices: RediscoveryChoices,
  ) {}

  /** One page. Of what is asked for one candidate at a time, what fails for good is passed over. */
  async pull(ctx: CallContext, request: PullRequest): Promise<PulledPage> {
    const passedOver = new PassedOver(request.attempt);
    const page = await this.#page({ ...ctx, passedOver }, request);
    const unreadable = passedOver.records;
    return unreadable.length === 0 ? page : { ...page, unreadable };
  }

  /** As many steps as fit, the same ones whenever it is asked for. */
  async #page(ctx: PageContext, request: PullRequest): Promise<PulledPage> {
    let state =
      request.cursor === undefined ? await this.#begin(ctx, request) : readCursor(request.cursor, request.kind);
    let told = NOTHING;
    for (let work = 0; ; ) {
      state = await caughtUp(state, () => this.records.client.now(ctx));
      const step = await this.#step(ctx, state);
      told = joined(told, step.told);
      if (step.next === undefined) return { ...told, mark: markOf(state), progress: { share: 1 } };
      state = step.next;
      work += this.#workOf(step.told);
      if (work >= WORK_PER_PAGE) return { ...told, cursor: cursorOf(state), progress: { share: shareOf(state) } };
    }
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

  async #begin(ctx: CallContext, request: PullRequest): Promise<RunState> {
    const now = await this.records.client.now(ctx);
    const historyStart = this.choices.historyStart ?? now.earliest - TEN_YEARS_MS;
    return firstState(request, { now, historyStart, windowMs: this.choices.windowMs });
  }

  async #step(ctx: PageContext, state: RunState): Promise<Step> {
    if (this.#learnt.run !== state.began) this.#learnAnew(state.began);
    const feed = feedOf(state);
    try {
      if (state.openJobs !== undefined) return await this.#openJobs(ctx, state, state.openJobs);
      return feed === 'applications'
        ? await this.#applicationsWindow(ctx, state)
        : await this.#window(ctx, state, feed);
    } catch (error) {
      if (!(error instanceof TooMuchAtOnce)) throw error;
      const smaller = halved(state);
      if (!smaller) throw error.failure;
      return { told: NOTHING, next: smaller };
    }
  }

  /** A window of a feed that answers it whole: some records of it, until all are told. */
  async #window(ctx: PageContext, state: RunState, feed: FeedName): Promise<Step> {
    const begun = Date.now();
    const { rows, isFresh } = await this.#rowsOf(ctx, state, feed);
    const wasEasy = isFresh && Date.now() - begun < EASY_MS;
    const { after } = state;
    const left = after === undefined ? rows : rows.filter(({ key }) => key > after);
    const batch = left.slice(0, this.#batchOf(feed));
    const told = await this.#tell(
      ctx,
      feed,
      batch.map(({ row }) => row),
    );
    const last = batch.at(-1);
    if (batch.length < left.length && last) return { told, next: { ...state, after: last.key } };
    this.#held = undefined;
    return { told, next: nextWindow(state, { hadRecords: rows.length > 0, wasEasy }, this.choices.windowMs) };
  }

  /** In the order of their keys, each record once; read again only when another process began with the window. */
  async #rowsOf(
    ctx: CallContext,
    state: RunState,
    feed: FeedName,
  ): Promise<{ readonly rows: readonly KeyedRow[]; readonly isFresh: boolean }> {
    const span = windowOf(state);
    const window = [state.began, feed, span.from, span.to].join(' ');
    if (state.after !== undefined && this.#held?.window === window) return { rows: this.#held.rows, isFresh: false };
    const rows = keyed(feed, await this.records.changed(ctx, feed, span));
    this.#held = { window, rows };
    return { rows, isFresh: true };
  }

  async #tell(ctx: PageContext, feed: FeedName, rows: readonly VendorRow[]): Promise<Told> {
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

  #batchOf(feed: FeedName): number {
    if (feed === 'candidates') return this.choices.readHistory ? HISTORY_BATCH : DETAIL_BATCH;
    return feed === 'jobs' ? DETAIL_BATCH : TOLD_AT_ONCE;
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

  /** A window of applications. One that fills a page is halved rather than paged: pages shift while somebody works. */
  async #applicationsWindow(ctx: CallContext, state: RunState): Promise<Step> {
    const { page = 1 } = state;
    let rows: readonly VendorRow[];
    try {
      rows = await this.records.changed(ctx, 'applications', windowOf(state), page);
    } catch (error) {
      return this.#fallBack(state, error);
    }
    const isFull = rows.length >= APPLICATIONS_PAGE;
    const smaller = isFull && page === 1 ? halved(state) : undefined;
    if (smaller) return { told: NOTHING, next: smaller };
    const [first] = rows;
    const begins = first === undefined ? '' : pairOf(first);
    // Whoever takes no notice of the page number answers the first page for ever.
    const isNew = page === 1 || begins !== state.after;
    const told = isNew ? await this.#tell(ctx, 'applications', rows) : NOTHING;
    if (isFull && isNew) return { told, next: { ...state, page: page + 1, after: begins } };
    const outcome = { hadRecords: rows.length > 0 || page > 1, wasEasy: rows.length < APPLICATIONS_PAGE / 2 };
    return { told, next: nextWindow(state, outcome, this.choices.windowMs) };
  }

  /**
   * The quota of the list of applications is used up: whoever applied to an open job is read from there (JobDiva sheet §10).
   * A walk through history goes on with the list afterwards, and waits as long as it takes: everything has to come.
   */
  #fallBack(state: RunState, error: unknown): Step {
    const isUsedUp = isHubError(error) && error.code === 'ATS_RATE_LIMITED' && waitOf(error) > LONG_WAIT_MS;
    if (!isUsedUp || state.fellBack) throw error;
    const { page: _page, after: _after, ...rest } = state;
    return { told: NOTHING, next: { ...rest, openJobs: 0, fellBack: true } };
  }

  async #openJobs(ctx: CallContext, state: RunState, done: number): Promise<Step> {
    const jobs = await this.records.client.openJobs(ctx, { offset: done, size: JOBS_PER_STEP });
    const [first] = jobs;
    const isNew = first !== undefined && first.id !== state.after;
    const rows: VendorRow[] = [];
    for (const { id } of isNew ? jobs : []) rows.push(...(await this.records.applicants(ctx, id)));
    const { from } = windowOf(state);
    const wanted = walksHistory(state) ? rows : rows.filter((row) => touchedAt(row) >= from);
    const told = await this.#tell(ctx, 'applications', wanted);
    if (isNew && jobs.length >= JOBS_PER_STEP) {
      return { told, next: { ...state, openJobs: done + jobs.length, after: first.id } };
    }
    const { openJobs: _openJobs, after: _after, ...rest } = state;
    // Applications to jobs that are closed are owed to the next run.
    const next = walksHistory(state) ? rest : nextLeg({ ...rest, owed: from }, this.choices.windowMs);
    return { told, next };
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

  #workOf({ candidates, jobs, applications }: Told): number {
    const perCandidate = this.choices.readHistory ? WORK_WITH_HISTORY : WORK_PER_CANDIDATE;
    return (
      WORK_PER_STEP * (candidates.length > 0 ? 0 : 1) +
      perCandidate * candidates.length +
      WORK_PER_JOB * jobs.length +
      WORK_PER_APPLICATION * applications.length
    );
  }

  #learnAnew(run: number): void {
    this.#learnt = { run, recruiters: new Map(), submitted: new Map() };
  }
}

/** Who of a job's candidates went on as a submittal. */
interface Submitted {
  readonly ids: ReadonlySet<string>;
  /** `false`: the list may have been cut off, so that who is missing in it may be one all the same. */
  readonly isWhole: boolean;
}

/**
 * Rows in an order that is the same whenever the window is read, each record once; of several submittals of a pair the newest.
 * @throws AtsAnswerUnreadableError when no row names a record.
 */
function keyed(feed: FeedName, rows: readonly VendorRow[]): readonly KeyedRow[] {
  const records = new Map<string, VendorRow>();
  for (const row of rows) {
    const key = keyOf(feed, row);
    const known = key === undefined ? undefined : records.get(key);
    if (key !== undefined && (!known || feed !== 'activities' || isNewerActivity(row, known))) records.set(key, row);
  }
  if (records.size === 0 && rows.length > 0) {
    throw new AtsAnswerUnreadableError('JobDiva', `the list of ${feed}`, 'none of its rows has an id');
  }
  return [...records]
    .map(([key, row]) => ({ key, row }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function keyOf(feed: FeedName, row: VendorRow): string | undefined {
  return feed === 'activities' ? pairOf(row) || undefined : idOfRow(feed, row);
}

/** Candidate and job of a row; empty when it does not name both. */
function pairOf(row: VendorRow): string {
  const [candidateId, jobId] = [idOf(row, 'candidateid'), idOf(row, 'jobid')];
  return candidateId === undefined || jobId === undefined ? '' : `${candidateId}/${jobId}`;
}

/** When an application was last acted on, in milliseconds since the epoch; 0 when it does not say. */
function touchedAt(row: VendorRow): number {
  const updatedAt = applicationOf(row, undefined)?.updatedAt;
  return updatedAt === undefined ? 0 : Date.parse(updatedAt);
}

function referencesOf(kind: 'candidate' | 'job', rows: readonly VendorRow[]): readonly RecordReference[] {
  const ids = rows.map((row) => idOf(row, `${kind}id`)).filter((id) => id !== undefined);
  return [...new Set(ids)].map((remoteId) => ({ kind, remoteId }));
}

function without(ids: readonly string[], records: readonly { readonly remoteId: string }[]): readonly string[] {
  const found = new Set(records.map(({ remoteId }) => remoteId));
  return ids.filter((id) => !found.has(id));
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text);
}

/** A page with more on it. Who is gone is not told beside what was known of them a moment before. */
function joined(page: Told, step: Told): Told {
  const gone = [...page.gone, ...step.gone];
  const goneCandidates = new Set(gone.filter(({ kind }) => kind === 'candidate').map(({ remoteId }) => remoteId));
  const goneJobs = new Set(gone.filter(({ kind }) => kind === 'job').map(({ remoteId }) => remoteId));
  return {
    candidates: [...page.candidates, ...step.candidates].filter(({ remoteId }) => !goneCandidates.has(remoteId)),
    jobs: [...page.jobs, ...step.jobs].filter(({ remoteId }) => !goneJobs.has(remoteId)),
    applications: [...page.applications, ...step.applications].filter(
      ({ candidateRemoteId, jobRemoteId }) => !goneCandidates.has(candidateRemoteId) && !goneJobs.has(jobRemoteId),
    ),
    gone,
  };
}

/** How long JobDiva asks to wait, in milliseconds. */
function waitOf(error: unknown): number {
  const { retryAfterMs } = Object(error);
  return typeof retryAfterMs === 'number' ? retryAfterMs : Number.POSITIVE_INFINITY;
}
