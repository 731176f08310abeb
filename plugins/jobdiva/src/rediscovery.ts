import {
  type AtsFilter,
  type CallContext,
  isHubError,
  PassedOver,
  type PulledPage,
  type PullRequest,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import { TooMuchAtOnce } from './client.js';
import { copyRowsOf, copyTableOf, type DataCopyOptions } from './data-copy.js';
import { type KeyedRow, keyed, pairOf, touchedAt } from './feed-rows.js';
import { NOTHING, type PageContext, type RecordChoices, RecordReader, type Told } from './record-reader.js';
import { APPLICATIONS_PAGE, DETAIL_BATCH, type FeedName, type JobDivaRecords } from './records.js';
import {
  caughtUp,
  cursorOf,
  feedOf,
  firstState,
  halved,
  markOf,
  nextLeg,
  nextWindow,
  type RunState,
  readCursor,
  shareOf,
  walksHistory,
  windowOf,
} from './run-state.js';
import type { VendorRow } from './vendor-rows.js';

/** What an admin chose for the mirror. */
export interface RediscoveryChoices extends RecordChoices {
  /** The first moment that is read, in milliseconds since the epoch. Absent: ten years back. */
  readonly historyStart: number | undefined;
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

/** Rows of a window that take no further request, on one page. */
const TOLD_AT_ONCE = 1_000;

/** A wait that is longer than this, or of unknown length, is better spent on asking job by job. */
const LONG_WAIT_MS = 5 * 60_000;

/** What one step brought, and where the next one begins; `undefined`: the run is over. */
interface Step {
  readonly told: Told;
  readonly next: RunState | undefined;
}

/** Rediscovery of a JobDiva account: by polling, because JobDiva tells nobody of changes (JobDiva sheet §9). */
export function jobDivaRediscovery(records: JobDivaRecords, choices: RediscoveryChoices): RediscoveryCapability {
  const reader = new RecordReader(records, choices);
  const mirror = new JobDivaMirror(records, reader, choices);
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
    read: (ctx, references) => reader.read(ctx, references),
    fetchAttachment: (ctx, { remoteId }) => records.resumeFile(ctx, remoteId),
    readCopyHeader: async (_ctx, header) => copyTableOf(header, copies),
    readCopyRows: async (_ctx, rows) => copyRowsOf(rows, copies),
  };
}

/** Walks the feeds of an account. All that a run needs stands in its cursor; what is kept here only spares requests. */
class JobDivaMirror {
  /** The window that is being told, which is read once for all its pages. */
  #held: { readonly window: string; readonly rows: readonly KeyedRow[] } | undefined;

  constructor(
    private readonly records: JobDivaRecords,
    private readonly reader: RecordReader,
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

  async #begin(ctx: CallContext, request: PullRequest): Promise<RunState> {
    const now = await this.records.client.now(ctx);
    const historyStart = this.choices.historyStart ?? now.earliest - TEN_YEARS_MS;
    return firstState(request, { now, historyStart, windowMs: this.choices.windowMs });
  }

  async #step(ctx: PageContext, state: RunState): Promise<Step> {
    this.reader.begin(state.began);
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
    const told = await this.reader.tell(
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

  #batchOf(feed: FeedName): number {
    if (feed === 'candidates') return this.choices.readHistory ? HISTORY_BATCH : DETAIL_BATCH;
    return feed === 'jobs' ? DETAIL_BATCH : TOLD_AT_ONCE;
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
    const told = isNew ? await this.reader.tell(ctx, 'applications', rows) : NOTHING;
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
    const told = await this.reader.tell(ctx, 'applications', wanted);
    if (isNew && jobs.length >= JOBS_PER_STEP) {
      return { told, next: { ...state, openJobs: done + jobs.length, after: first.id } };
    }
    const { openJobs: _openJobs, after: _after, ...rest } = state;
    // Applications to jobs that are closed are owed to the next run.
    const next = walksHistory(state) ? rest : nextLeg({ ...rest, owed: from }, this.choices.windowMs);
    return { told, next };
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
