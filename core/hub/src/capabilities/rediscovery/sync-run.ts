import { setTimeout as sleep } from 'node:timers/promises';
import {
  type HubError,
  isHubError,
  type OpenConnection,
  PluginFaultError,
  type PulledPage,
  type RecordsRead,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import { callContext } from '../../kernel/call-context.js';
import { type RetryPace, waitAfter } from '../../kernel/jobs/wait-after.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import { type AnsweredPage, type AskedPage, askForPage, isPage, pageReadBefore } from './asked-page.js';
import { busiestRate } from './busiest-rate.js';
import type { PageToSave } from './ledger/run-pages.js';
import type { RunProgress, Saved, TakenRun } from './ledger/taken-run.js';
import type { SyncCounts, SyncCountsByKind } from './mirror-model.js';
import { readRecords } from './read-records.js';
import type { Questions } from './sync-doubts.js';
import { withPace } from './sync-estimate.js';
import type { SyncLedger } from './sync-ledger.js';
import type { VendorLimits } from './sync-queries.js';
import type { SyncSettings } from './sync-settings.js';
import { type DeletionLimits, noCounts, type WriteReport } from './writing/mirror-write.js';

/** What is due sooner than this is waited for here; for anything later the worker is given back. */
const LONGEST_WAIT_MS = 2_000;
const RETRY_PACE: RetryPace = { firstMs: 500, longestMs: 900_000 };
/** Tries of one page whose answer nobody can read: a page that is broken for good must not be asked for for ever. */
const MOST_UNREADABLE = 12;
/** How often one run begins anew because the ATS forgot where it was. */
const MOST_RESTARTS = 3;
/** How long questions in one call may take. */
const READ_LIMIT_MS = 60_000;
const DEFAULT_BATCH = 50;
/** Questions that failed one after the other: after so many it is the ATS that fails, and the run ends without their answers. */
const MOST_UNANSWERED = 20;
/** Whoever watches a run is told at most so often. */
const ANNOUNCEMENTS_APART_MS = 500;

/** How the work on a run ended. */
export type SyncRunEnd =
  /** It ended, asks, or is not this worker's any more: nothing is left to do. */
  | { readonly kind: 'OVER' }
  | {
      readonly kind: 'LATER';
      readonly inMs: number;
      readonly reason?: string;
      readonly tries?: number;
      readonly failures?: number;
    }
  /** The connection refuses everybody: an admin must act. */
  | { readonly kind: 'REFUSED'; readonly error: unknown }
  | { readonly kind: 'FAILED'; readonly reason: string; readonly sinceLost?: boolean }
  /** The ATS does not know any more where the run was. */
  | { readonly kind: 'RESTART'; readonly reason: string };

/** What a run works with. */
export interface SyncRunParts {
  readonly ledger: SyncLedger;
  readonly opener: {
    open(
      scope: OrganizationScope,
      connectionId: string,
    ): Promise<OpenConnection & Partial<Pick<OpenedConnection, 'pace' | 'quota'>>>;
  };
  /** Counts the requests of a call; those that name a lane are added to `lanes`. */
  readonly requests: { counting(callId: string, lanes?: Map<string, number>): () => number };
  readonly settings: SyncSettings;
}

/** One worker's part of a run: page after page from where the run is, each written before the next one counts. */
export class SyncRun {
  private cursor: string | undefined;
  private counts: SyncCountsByKind;
  private progress: RunProgress;
  private tries: number;
  /** Without the tries after which the ATS asked to wait. */
  private failures: number;
  /** When this worker began, how many requests there had been before, and which lanes its own went to. */
  private readonly beganAt = performance.now();
  private readonly beganWith: number;
  private readonly lanes = new Map<string, number>();
  /** Since when time is not accounted for yet. */
  private markedAt = performance.now();
  private announcedAt = -Infinity;
  private pagesInARow = 0;
  private limits: DeletionLimits | undefined;
  private missedNothing = false;
  private connection: Awaited<ReturnType<SyncRunParts['opener']['open']>> | undefined;

  constructor(
    private readonly parts: SyncRunParts,
    private readonly scope: OrganizationScope,
    private readonly taken: TakenRun,
  ) {
    this.cursor = taken.cursor ?? undefined;
    this.counts = taken.counts;
    this.tries = taken.tries;
    this.failures = taken.failures;
    this.beganWith = taken.requests;
    const { counts, expected, pages, requests, workedMs } = taken;
    this.progress = { counts, expected, pages, requests, workedMs, limits: undefined };
  }

  /** Requests to the ATS so far, those included that brought no page. */
  get requests(): number {
    return this.progress.requests;
  }

  /** What the vendor allows at the moment. */
  get vendorLimits(): VendorLimits | undefined {
    const { pace, quota } = this.connection ?? {};
    if (!pace) return undefined;
    const { lanes, beganWith, beganAt } = this;
    const rate = busiestRate(pace, { requests: this.requests - beganWith, lanes, forMs: performance.now() - beganAt });
    return { ...(rate ? { rate } : {}), ...(quota ? { quota } : {}) };
  }

  /** Works until the run ends or must wait. Never throws for what the ATS does. */
  async run(signal: AbortSignal): Promise<SyncRunEnd> {
    const connection = await this.parts.opener.open(this.scope, this.taken.connectionId);
    this.connection = connection;
    const capability = connection.capability('rediscovery');
    if (!capability)
      return { kind: 'FAILED', reason: 'The plugin of this connection does not have Rediscovery any more.' };
    if (!this.taken.allRead) {
      const end = await this.read(capability, signal);
      if (end) return end;
    }
    const end = await this.settle(capability, signal);
    if (end) return end;
    await this.parts.ledger.ends.conclude(this.scope, this.taken, capability.limits, this.missedNothing);
    return { kind: 'OVER' };
  }

  /** Asks about records of which the pages said nothing. `undefined`: all questions are answered, as far as they can be. */
  private async settle(capability: RediscoveryCapability, signal: AbortSignal): Promise<SyncRunEnd | undefined> {
    const { questions: asking } = this.parts.ledger;
    const { limits } = capability;
    this.missedNothing = await asking.raise(this.scope, this.taken, limits);
    if (this.missedNothing) return undefined;
    const most = Math.max(1, limits.readBatch ?? DEFAULT_BATCH);
    for (;;) {
      const questions = await asking.next(this.scope, this.taken, most);
      if (!questions) return undefined;
      if (signal.aborted) return { kind: 'LATER', inMs: 0 };
      const { read, error, requests } = await this.answersTo(capability, questions);
      this.progress = { ...this.progress, requests: this.progress.requests + requests };
      if (!read) {
        const end = await this.unanswered(questions, error);
        if (end) return end;
        continue;
      }
      const records = readRecords(read);
      let after: RunProgress | undefined;
      const saved = await asking.saveAnswers(this.scope, this.taken, { questions, records }, (written) => {
        after = { ...this.progressAfter({}, written), pages: this.progress.pages };
        return after;
      });
      if (saved.kind === 'HALTED') return { kind: 'OVER' };
      if (saved.kind === 'SUPERSEDED' || !after) return { kind: 'LATER', inMs: 0 };
      this.tookStock(after);
      this.tries = 0;
    }
  }

  private async answersTo(
    capability: RediscoveryCapability,
    { references }: Questions,
  ): Promise<{ readonly read?: RecordsRead; readonly error?: unknown; readonly requests: number }> {
    const context = callContext('background', READ_LIMIT_MS);
    const count = this.parts.requests.counting(context.callId, this.lanes);
    try {
      const read = await capability.read(context, references);
      if (isPage(read)) return { read, requests: count() };
      const error = new PluginFaultError(this.taken.pluginId, 'answered something else than records');
      return { error, requests: count() };
    } catch (error) {
      return { error, requests: count() };
    }
  }

  /** What an error means for questions: nothing of them is known, and after some tries they stay open. */
  private async unanswered(questions: Questions, error: unknown): Promise<SyncRunEnd | undefined> {
    if (!isHubError(error)) throw error;
    if (error.recovery === 'reconnect') return { kind: 'REFUSED', error };
    this.tries += 1;
    if (!isWait(error)) {
      const order = { questions, reason: error.message, isLast: this.tries >= MOST_UNANSWERED };
      let after: RunProgress | undefined;
      await this.parts.ledger.questions.noteUnanswered(this.scope, this.taken, order, (left) => {
        const counts = { candidates: noCounts(), jobs: noCounts(), applications: noCounts() };
        for (const { kind } of left) counts[`${kind}s`].refused += 1;
        after = { ...this.progressAfter({}, { counts }), pages: this.progress.pages };
        return after;
      });
      if (after) this.tookStock(after);
    }
    if (error.recovery !== 'retry') return undefined;
    return this.waitFor(error);
  }

  /** Reads and writes pages. `undefined`: all of them. */
  private async read(capability: RediscoveryCapability, signal: AbortSignal): Promise<SyncRunEnd | undefined> {
    let asked = pageReadBefore(this.taken) ?? this.ask(capability);
    for (;;) {
      const answer = await asked.answer;
      this.progress = { ...this.progress, requests: this.progress.requests + answer.requests };
      if (answer.kind === 'ERROR') {
        const end = await this.failed(answer.error);
        if (end) return end;
        if (signal.aborted) return { kind: 'LATER', inMs: 0 };
        asked = this.ask(capability);
        continue;
      }
      const { page } = answer;
      const goesOn = page.cursor !== undefined && !signal.aborted && this.mayReadAhead(answer.tookMs);
      // Asked for once this page is durable, so that whatever fails, one page at most has to be asked for again.
      const ahead = goesOn && (await this.keep(asked, answer)) ? this.ask(capability, page.cursor) : undefined;
      const saved = await this.save(asked, answer, ahead);
      if (saved.kind === 'HALTED') return { kind: 'OVER' };
      if (saved.kind === 'SUPERSEDED') return { kind: 'LATER', inMs: 0 };
      if (saved.kind === 'CIRCLE') {
        return {
          kind: 'FAILED',
          reason:
            'The plugin answered a cursor that it had answered before: it would read in a circle for ever. Report this to its author.',
        };
      }
      this.tries = 0;
      this.failures = 0;
      this.pagesInARow += 1;
      this.cursor = page.cursor;
      if (page.cursor === undefined) return undefined;
      // What was asked for is waited for: it would have to be asked for again.
      if (signal.aborted && !ahead) return { kind: 'LATER', inMs: 0 };
      asked = ahead ? { ...ahead, isKept: saved.nextIsKept === true } : this.ask(capability);
    }
  }

  /** Has a page outlive this process before it is written. @returns Whether it does. */
  private async keep({ isKept = false, toKeep }: AskedPage, { packing }: AnsweredPage): Promise<boolean> {
    if (isKept) return true;
    await packing;
    return toKeep.now !== undefined && this.parts.ledger.pages.keep(this.scope, this.taken, toKeep.now);
  }

  /** @param tookMs How long the page took that came last: the next one takes about as long. */
  private mayReadAhead(tookMs: number): boolean {
    const { readAheadAfterPages, readAheadFromMs } = this.parts.settings;
    return this.pagesInARow >= readAheadAfterPages && tookMs >= readAheadFromMs;
  }

  private ask(capability: RediscoveryCapability, cursor = this.cursor): AskedPage {
    return askForPage(capability, {
      run: this.taken,
      cursor,
      failures: cursor === this.cursor ? this.failures : 0,
      counting: (callId) => this.parts.requests.counting(callId, this.lanes),
      keptAfter: (tookMs) => (this.mayReadAhead(tookMs) ? this.requests : undefined),
    });
  }

  /** @param ahead The page that follows, which was asked for. */
  private async save(
    { cursor, beganAt }: AskedPage,
    { page, records }: AnsweredPage,
    ahead?: AskedPage,
  ): Promise<Saved> {
    if (page.gone.length > 0) this.limits ??= await this.deletionLimits();
    const announce = page.cursor === undefined || performance.now() - this.announcedAt >= ANNOUNCEMENTS_APART_MS;
    const order: PageToSave = {
      page,
      records,
      cursor,
      beganAt,
      announce,
      ...(ahead ? { next: () => ahead.toKeep.now } : {}),
      ...(this.limits ? { mayDelete: this.limits } : {}),
    };
    let after: RunProgress | undefined;
    let report: WriteReport | undefined;
    const saved = await this.parts.ledger.pages.save(this.scope, this.taken, order, (written) => {
      report = written;
      after = this.progressAfter(page, written);
      return after;
    });
    if (saved.kind !== 'SAVED' || !after || !report) return saved;
    this.tookStock(after);
    if (announce) this.announcedAt = performance.now();
    if (this.limits) {
      const { candidates, jobs } = report.counts;
      this.limits = {
        candidates: Math.max(0, this.limits.candidates - candidates.deleted),
        jobs: Math.max(0, this.limits.jobs - jobs.deleted),
      };
    }
    return saved;
  }

  private tookStock(after: RunProgress): void {
    this.progress = after;
    this.counts = after.counts;
    this.markedAt = performance.now();
  }

  /** What this run may delete: what one may, without what it deleted before a worker took it over. */
  private async deletionLimits(): Promise<DeletionLimits> {
    const limits = await this.parts.ledger.deletions.limits(this.scope, this.taken);
    return {
      candidates: Math.max(0, limits.candidates - this.counts.candidates.deleted),
      jobs: Math.max(0, limits.jobs - this.counts.jobs.deleted),
    };
  }

  private progressAfter(page: Pick<PulledPage, 'progress'>, { counts }: Pick<WriteReport, 'counts'>): RunProgress {
    const { pages, requests, expected } = this.progress;
    const countsSoFar = {
      candidates: sum(this.counts.candidates, counts.candidates),
      jobs: sum(this.counts.jobs, counts.jobs),
      applications: sum(this.counts.applications, counts.applications),
    };
    const workedMs = this.progress.workedMs + performance.now() - this.markedAt;
    return {
      counts: countsSoFar,
      expected: withPace({ ...expected, ...knownOf(page.progress ?? {}) }, countsSoFar, workedMs),
      pages: pages + 1,
      requests,
      workedMs,
      limits: this.vendorLimits,
    };
  }

  /** What an error of the ATS means for the run. `undefined`: ask again now. */
  private async failed(error: unknown): Promise<SyncRunEnd | undefined> {
    this.pagesInARow = 0;
    if (!isHubError(error)) throw error;
    switch (error.recovery) {
      case 'reconnect':
        return { kind: 'REFUSED', error };
      case 'fix':
        return { kind: 'FAILED', reason: error.message };
      case 'skip':
        return this.lost(error.message);
      default: {
        this.tries += 1;
        if (!isWait(error)) this.failures += 1;
        if (error.code === 'ATS_ANSWER_UNREADABLE' && this.tries >= MOST_UNREADABLE) {
          return {
            kind: 'FAILED',
            reason: `${error.message} It was tried ${this.tries} times; the next run tries again.`,
          };
        }
        return this.waitFor(error);
      }
    }
  }

  /** Waits here, or has the run go on later. */
  private async waitFor(error: HubError): Promise<SyncRunEnd | undefined> {
    const { tries, failures } = this;
    const inMs = waitAfter(error, tries, RETRY_PACE);
    if (inMs > LONGEST_WAIT_MS) return { kind: 'LATER', inMs, reason: error.message, tries, failures };
    await this.parts.ledger.noteTry(this.scope, this.taken, { tries, failures, reason: error.message });
    await sleep(inMs);
    return undefined;
  }

  /** The ATS refuses the place where the run is, and nothing else. */
  private lost(reason: string): SyncRunEnd {
    if (this.taken.kind === 'CHANGES' && this.cursor === undefined) {
      return {
        kind: 'FAILED',
        sinceLost: true,
        reason: `${reason} Changes since the last run cannot be read any more, so that everything is read again.`,
      };
    }
    if (this.cursor === undefined || this.taken.restarts >= MOST_RESTARTS) return { kind: 'FAILED', reason };
    return { kind: 'RESTART', reason: `${reason} It is read from the start again.` };
  }
}

/** The ATS, or our share of what it allows, asks to wait: that says nothing of what was asked for. */
function isWait({ code }: HubError): boolean {
  return code === 'ATS_RATE_LIMITED';
}

function sum(one: SyncCounts, other: SyncCounts): SyncCounts {
  return {
    read: one.read + other.read,
    written: one.written + other.written,
    unchanged: one.unchanged + other.unchanged,
    deleted: one.deleted + other.deleted,
    refused: one.refused + other.refused,
  };
}

/** What a plugin says of how much there is, as far as it can be believed. */
function knownOf({
  candidates,
  jobs,
  share,
}: NonNullable<PulledPage['progress']>): NonNullable<PulledPage['progress']> {
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  return {
    ...(isCount(candidates) ? { candidates } : {}),
    ...(isCount(jobs) ? { jobs } : {}),
    ...(typeof share === 'number' && share >= 0 && share <= 1 ? { share } : {}),
  };
}
