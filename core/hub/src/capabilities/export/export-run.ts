import {
  type CallContext,
  type ExportCapability,
  type ExportRequest,
  type ExportWarning,
  isHubError,
  type ResumeFile,
} from '@talentbridge/contracts';
import type { ConnectionOpener } from '../../connections/connection-opener.js';
import type { Profile } from '../../directory/profile.js';
import { ResumeRenderError, type ResumeRenderer } from '../../directory/resume/resume-renderer.js';
import { callContext } from '../../kernel/call-context.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Telemetry } from '../../kernel/telemetry.js';
import { type Closing, type ExportLedger, type OpenItem, reasonsToSkip, type TakenExport } from './export-ledger.js';
import { tagsOnceCreated } from './export-preflight.js';
import { LookAhead } from './look-ahead.js';
import { OneAtATime } from './one-at-a-time.js';
import { type Preparation, prepareCandidate, refusalOf, warningsOf } from './prepare-candidate.js';
import { canBeAsked, sendItem, type Try } from './send-item.js';

/** How long one call of the plugin may take, in milliseconds, all its requests together. */
const CALL_LIMIT_MS = 120_000;
const DEFAULT_CONCURRENCY = 2;
const DEFAULT_SETTLE_MS = 1_000;
/** Waiting shorter than this is done here; longer waits give the worker back. */
const LONGEST_WAIT_MS = 2_000;
/** Most under way at once where the ATS can neither be asked nor absorb a repeat. */
const MOST_UNASKABLE = 2;
/** Items opened beyond those that the plugin sends at once. After a crash, each of them has to be asked about. */
const MOST_AHEAD = 32;
/** An item that waited longer is sent only if the export is still ours: this process may have slept. */
const SURE_FOR_MS = 1_000;
/** How long a result may wait for others to share its commit. */
const LONGEST_GATHERING_MS = 50;
/** Whoever watches reads the export again each time. */
const ANNOUNCEMENTS_APART_MS = 100;

/** What a run works with. */
export interface ExportRunParts {
  readonly ledger: ExportLedger;
  readonly opener: ConnectionOpener;
  readonly resumes: ResumeRenderer;
  readonly dummyEmailDomain: string;
  readonly telemetry: Telemetry;
  /** Tells whoever watches the export that something changed. */
  readonly progress: (scope: OrganizationScope, exportId: string) => Promise<void>;
}

/** How a run ended. */
export type RunEnd =
  | { readonly kind: 'COMPLETE' }
  /** Nothing is due for a while. */
  | { readonly kind: 'LATER'; readonly inMs: number; readonly reason?: string }
  /** Paused, stopped, shut down, or taken over by another worker. */
  | { readonly kind: 'HALTED' }
  /** The connection or the job refuses everybody: the caller decides what follows. */
  | { readonly kind: 'REFUSED'; readonly error: unknown };

/**
 * Runs one export from where the ledger stands. Keeps as many candidates under way as the plugin allows; each turn of
 * the ledger closes all that ended meanwhile and opens what takes their place, in one commit. Where candidates end faster
 * than the ledger turns, it opens some ahead, so that the vendor does not wait for the disk.
 */
export class ExportRun {
  private readonly underWay = new Map<string, Promise<void>>();
  private closings: Closing[] = [];
  private refusal: { readonly error: unknown } | undefined;
  /** The ATS asks everybody to wait so long that the worker is better given back. */
  private wait: { readonly until: number; readonly reason: string } | undefined;
  private failure: { readonly error: unknown } | undefined;
  private wake: () => void = () => undefined;
  /** The ledger has said so: begin nothing new. */
  private halted = false;
  private signal: AbortSignal | undefined;
  /** Items that are open and wait for one of the plugin's places. */
  private readonly queue: (() => void)[] = [];
  private freePlaces = 0;
  private unannounced = false;
  private announcedAt = 0;
  private readonly takenAt = Date.now();
  /** Two profiles with one address are one person to most systems: they find each other only one after the other. */
  private readonly byAddress = new OneAtATime();
  /** Addresses that this run has sent: what was looked up before that is out of date. */
  private readonly sentAddresses = new Set<string>();

  constructor(
    private readonly parts: ExportRunParts,
    private readonly scope: OrganizationScope,
    private readonly taken: TakenExport,
  ) {}

  /** Sends what is left. @param signal Aborted when this process shuts down: nothing new is begun then. */
  async run(signal: AbortSignal): Promise<RunEnd> {
    this.signal = signal;
    const connection = await this.parts.opener.open(this.scope, this.taken.connectionId);
    const exporter = connection.capability('export');
    if (!exporter) return { kind: 'HALTED' };
    let knownTags: readonly string[] | undefined;
    try {
      const used = exporter.listTags ? await this.parts.ledger.tagsOf(this.scope, this.taken) : [];
      knownTags = (await tagsOnceCreated(exporter, used, context()))?.known;
    } catch (error) {
      if (isHubError(error) && error.recovery === 'retry') {
        return { kind: 'LATER', inMs: LONGEST_WAIT_MS, reason: error.message };
      }
      return { kind: 'REFUSED', error };
    }
    const preparation: Preparation = { exporter, knownTags, dummyEmailDomain: this.parts.dummyEmailDomain };
    await this.parts.ledger.skipKnown(this.scope, this.taken);
    const lookAhead = this.lookAhead(preparation);
    // Where the ATS cannot be asked, whatever is open after a crash is left to a person: then few are under way, and nothing
    // is opened ahead.
    const settles = exporter.limits.absorbsRepeats || canBeAsked(exporter, this.taken.target);
    const { concurrency = DEFAULT_CONCURRENCY } = exporter.limits;
    const places = settles ? concurrency : Math.min(concurrency, MOST_UNASKABLE);
    this.freePlaces = places;
    const mostAhead = settles ? MOST_AHEAD : 0;
    let ahead = 0;
    for (;;) {
      const closings = this.closings;
      this.closings = [];
      const turn = await this.parts.ledger.turn(
        this.scope,
        this.taken,
        closings,
        this.stopping ? 0 : Math.max(0, places + ahead - this.underWay.size),
        [...this.underWay.keys()],
      );
      this.halted = turn.halted || turn.superseded;
      // Whatever ended while the ledger turned left its place empty for the rest of that time.
      const starved = this.closings.length;
      ahead = starved > 0 ? Math.min(mostAhead, 2 * (closings.length + starved)) : Math.floor(ahead / 2);
      for (const item of turn.opened) this.begin(item, preparation, lookAhead);
      await this.gather(ahead / 2);
      await this.announce(closings.length > 0);
      if (this.closings.length > 0) continue;
      if (this.underWay.size > 0) {
        await this.somethingEnds();
        continue;
      }
      if (this.failure) throw this.failure.error;
      if (this.refusal) return { kind: 'REFUSED', error: this.refusal.error };
      if (turn.halted || signal.aborted) return { kind: 'HALTED' };
      // What the plugin was opened with is out of date, and nothing is under way any more: begin again with the new.
      if (turn.superseded) return { kind: 'LATER', inMs: 0 };
      if (turn.remaining === 0) return { kind: 'COMPLETE' };
      if (this.wait)
        return { kind: 'LATER', inMs: Math.max(0, this.wait.until - Date.now()), reason: this.wait.reason };
      const wait = Math.max(10, turn.nextDueInMs ?? 0);
      if (wait > LONGEST_WAIT_MS) return { kind: 'LATER', inMs: wait };
      await delay(wait);
    }
  }

  /** Asks about those that come next with the records that would go out, without a résumé. */
  private lookAhead(preparation: Preparation): LookAhead {
    return new LookAhead({
      exporter: preparation.exporter,
      contextOf: context,
      next: async (itemIds, most) => {
        const items = await this.parts.ledger.next(this.scope, this.taken, itemIds, most);
        return items.map(({ id, profile, dummyNumber }) => ({
          itemId: id,
          candidate: prepareCandidate(profile.profile, dummyNumber, preparation).record,
          target: this.taken.target,
          firstTriedAt: new Date().toISOString(),
          notThese: [],
        }));
      },
    });
  }

  private begin(item: OpenItem, preparation: Preparation, lookAhead: LookAhead): void {
    if (isFirstTry(item)) lookAhead.expect(item.id);
    const work = this.send(item, preparation, lookAhead)
      .then(({ closing }) => {
        this.closings.push(closing);
        if (closing.kind === 'DONE') this.parts.telemetry.exportItem(this.taken.pluginId, closing.outcome);
      })
      .catch((error: unknown) => {
        // An error of ours, not of the vendor: the item stays open, and the next run asks the ATS about it.
        this.failure ??= { error };
      })
      .finally(() => {
        this.underWay.delete(item.id);
        this.wake();
      });
    this.underWay.set(item.id, work);
  }

  /** Tells of changes at once while the run waits for the vendor, and now and then while it does not. */
  private async announce(changed: boolean): Promise<void> {
    this.unannounced ||= changed;
    const busy = this.closings.length > 0;
    if (!this.unannounced || (busy && Date.now() - this.announcedAt < ANNOUNCEMENTS_APART_MS)) return;
    this.unannounced = false;
    this.announcedAt = Date.now();
    await this.parts.progress(this.scope, this.taken.id);
  }

  /** Nothing new is sent any more; what is on its way is waited for. */
  private get stopping(): boolean {
    return (
      this.halted ||
      this.refusal !== undefined ||
      this.wait !== undefined ||
      this.failure !== undefined ||
      this.signal?.aborted === true
    );
  }

  /** Lets results share a commit while the plugin has enough to do. */
  private async gather(enough: number): Promise<void> {
    const until = Date.now() + LONGEST_GATHERING_MS;
    while (this.queue.length > enough && !this.stopping && Date.now() < until) await delay(5);
  }

  private somethingEnds(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private async send(item: OpenItem, preparation: Preparation, lookAhead: LookAhead): Promise<Try> {
    const { exporter } = preparation;
    const openedAt = Date.now();
    const skipped = this.reasonToSkip(item);
    if (skipped) return { closing: skipped };
    if (!item.profile) {
      return {
        closing: refused(
          item,
          'PROFILE_GONE',
          'The profile was deleted after the export was asked for.',
          'Nothing can be done.',
        ),
      };
    }
    const { record, adjustments, missing } = prepareCandidate(item.profile.profile, item.dummyNumber, preparation);
    if (missing.length > 0) {
      const { reason, remedy } = refusalOf(missing);
      return { closing: refused(item, 'REQUIRED_FIELD_MISSING', reason, remedy) };
    }
    const resume = await this.resume(exporter, item.profile.profile);
    const request: ExportRequest = {
      itemId: item.id,
      candidate: record,
      target: this.taken.target,
      firstTriedAt: item.firstTriedAt.toISOString(),
      notThese: item.notThese,
      ...(item.existing
        ? {
            existing: {
              remoteId: item.existing.remoteId,
              ...(item.existing.remoteUrl ? { remoteUrl: item.existing.remoteUrl } : {}),
            },
          }
        : {}),
      ...(resume.file ? { resume: resume.file } : {}),
    };
    if (item.reopened) await this.settle(exporter);
    const result = await this.sendFromPlace(exporter, item, request, { openedAt, lookAhead });
    const { closing } = result;
    if (closing.kind !== 'DONE') return result;
    return {
      ...result,
      closing: {
        ...closing,
        warnings: [...warningsOf(adjustments, exporter.fields), ...resume.warnings, ...(closing.warnings ?? [])],
      },
    };
  }

  /** Waits for one of the plugin's places and sends from there, unless it is too late by then. */
  private async sendFromPlace(
    exporter: ExportCapability,
    item: OpenItem,
    request: ExportRequest,
    { openedAt, lookAhead }: { readonly openedAt: number; readonly lookAhead: LookAhead },
  ): Promise<Try> {
    const addresses = request.candidate.emails.map((email) => email.toLowerCase());
    const leaveAddress = await this.byAddress.enter(addresses);
    try {
      const lookedUp =
        isFirstTry(item) && !addresses.some((address) => this.sentAddresses.has(address))
          ? await lookAhead.of(item.id)
          : undefined;
      await this.takePlace();
      try {
        if (this.stopping || !(await this.mayStillSend(openedAt))) return { closing: untried(item) };
        for (const address of addresses) this.sentAddresses.add(address);
        const result = await sendItem(exporter, context, item, lookedUp ? { ...request, lookedUp } : request);
        if (result.halt !== undefined) this.refusal ??= { error: result.halt };
        if (result.wait) this.waitFor(result.wait);
        return result;
      } finally {
        this.leavePlace();
      }
    } catch (error) {
      this.failure ??= { error };
      throw error;
    } finally {
      leaveAddress();
    }
  }

  private waitFor({ ms, reason }: NonNullable<Try['wait']>): void {
    const until = Date.now() + ms;
    if (ms > LONGEST_WAIT_MS && until > (this.wait?.until ?? 0)) this.wait = { until, reason };
  }

  private async mayStillSend(openedAt: number): Promise<boolean> {
    return Date.now() - openedAt < SURE_FOR_MS || this.parts.ledger.isOurs(this.scope, this.taken);
  }

  private async takePlace(): Promise<void> {
    if (this.freePlaces > 0) {
      this.freePlaces -= 1;
      return;
    }
    await new Promise<void>((resolve) => {
      this.queue.push(resolve);
    });
  }

  private leavePlace(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.freePlaces += 1;
  }

  /** The résumé, where this ATS takes one. A candidate without it is worth more than none. */
  private async resume(
    exporter: ExportCapability,
    profile: Profile,
  ): Promise<{ readonly file?: ResumeFile; readonly warnings: readonly ExportWarning[] }> {
    if (!exporter.fields.some((field) => field.name === 'resume')) return { warnings: [] };
    try {
      return { file: await this.parts.resumes.render(profile), warnings: [] };
    } catch (error) {
      if (!(error instanceof ResumeRenderError)) throw error;
      const message = 'The résumé could not be drawn, so that the candidate was sent without it.';
      return { warnings: [{ code: 'RESUME_NOT_DRAWN', field: 'resume', message }] };
    }
  }

  /** Another export may have sent the same person since this run began. */
  private reasonToSkip(item: OpenItem): Closing | undefined {
    // What began is finished: skipping is for items that were never tried.
    if (item.reopened || item.existing) return undefined;
    const skip = reasonsToSkip(this.taken.options).find(({ outcomes }) =>
      outcomes.some((outcome) => item.earlierOutcomes.includes(outcome)),
    );
    if (!skip) return undefined;
    const { code, reason, remedy } = skip;
    return { kind: 'DONE', itemId: item.id, outcome: 'SKIPPED', code, reason, remedy };
  }

  /** A request of the worker before us may still be on its way inside the ATS: asking too early would hear "no". */
  private async settle(exporter: ExportCapability): Promise<void> {
    const left = this.takenAt + (exporter.limits.settleMs ?? DEFAULT_SETTLE_MS) - Date.now();
    if (left > 0) await delay(left);
  }
}

/** Nothing of it can be in the ATS yet. */
function isFirstTry({ reopened, existing }: OpenItem): boolean {
  return !reopened && existing === undefined;
}

function refused(item: OpenItem, code: string, reason: string, remedy: string): Closing {
  return { kind: 'DONE', itemId: item.id, outcome: 'FAILED', code, reason, remedy };
}

/** As if it had not been opened; what an earlier try left behind is still to be asked about. */
function untried({ id, reopened }: OpenItem): Closing {
  return { kind: 'AGAIN', itemId: id, state: reopened ? 'OPEN' : 'PENDING', delayMs: 0, untried: true };
}

function context(): CallContext {
  return callContext('work', CALL_LIMIT_MS);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
