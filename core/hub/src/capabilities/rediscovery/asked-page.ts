import {
  PluginFaultError,
  type PulledPage,
  type PullRequest,
  type RecordsRead,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import { callContext } from '../../kernel/call-context.js';
import { packed, unpacked } from './ledger/kept-pages.js';
import type { PageToKeep } from './ledger/run-pages.js';
import type { TakenRun } from './ledger/taken-run.js';
import { type RecordsBeingRead, readRecordsMeanwhile } from './read-records.js';

/** How long one page may take, all its requests together. */
const CALL_LIMIT_MS = 120_000;

/** A page that was asked for. */
export interface AskedPage {
  readonly cursor: string | undefined;
  /** By the clock of this process. */
  readonly beganAt: number;
  readonly answer: Promise<PageAnswer>;
  /** What is to be kept of it, once it is there. */
  readonly toKeep: { now?: PageToKeep };
  /** It outlives this process. Absent: it does not. */
  readonly isKept?: boolean;
}

/** What came of it. */
export type PageAnswer = AnsweredPage | { readonly kind: 'ERROR'; readonly error: unknown; readonly requests: number };

/** A page that came. */
export interface AnsweredPage {
  readonly kind: 'PAGE';
  readonly page: PulledPage;
  /** What came with it, as it is checked. Whoever saves the page hears of what goes wrong. */
  readonly records: RecordsBeingRead;
  /** Ends when it can be kept. Absent: it is not to be. */
  readonly packing?: Promise<void>;
  readonly requests: number;
  /** How long it took to come, in milliseconds. */
  readonly tookMs: number;
}

/** How a page is asked for. */
export interface PageOrder {
  readonly run: Pick<TakenRun, 'kind' | 'since' | 'pluginId'>;
  readonly cursor: string | undefined;
  /** How often it failed before. */
  readonly failures: number;
  /** Counts the requests of a call. */
  readonly counting: (callId: string) => () => number;
  /** Called when it is there. @returns How many requests the run had made without it; `undefined`: it need not be kept. */
  readonly keptAfter: (tookMs: number) => number | undefined;
}

/** Asks for a page; what comes of it is looked at later. */
export function askForPage(
  capability: Pick<RediscoveryCapability, 'pull'>,
  { run, cursor, failures, counting, keptAfter }: PageOrder,
): AskedPage {
  const place = { ...(cursor === undefined ? {} : { cursor }), ...(failures === 0 ? {} : { attempt: failures }) };
  const request: PullRequest =
    run.kind === 'FULL' ? { kind: 'all', ...place } : { kind: 'changes', since: run.since ?? '', ...place };
  const context = callContext('background', CALL_LIMIT_MS);
  const count = counting(context.callId);
  const beganAt = Date.now();
  const askedAt = performance.now();
  const toKeep: AskedPage['toKeep'] = {};
  const answer = capability.pull(context, request).then(
    (page): PageAnswer => {
      const requests = count();
      if (!isPage(page)) {
        const error = new PluginFaultError(run.pluginId, 'answered something else than a page');
        return { kind: 'ERROR', error, requests };
      }
      const tookMs = performance.now() - askedAt;
      const answered: AnsweredPage = { kind: 'PAGE', page, records: readRecordsMeanwhile(page), requests, tookMs };
      const before = page.cursor === undefined ? undefined : keptAfter(tookMs);
      if (before === undefined) return answered;
      const packing = packed(page).then((bytes) => {
        const { records } = answered;
        if (bytes) toKeep.now = { cursor: cursor ?? null, beganAt, requests: before + requests, page: bytes, records };
      });
      return { ...answered, packing };
    },
    (error: unknown): PageAnswer => ({ kind: 'ERROR', error, requests: count() }),
  );
  return { cursor, beganAt, answer, toKeep };
}

/** The page that an earlier worker of a run had read and did not write. `undefined`: there is none. */
export function pageReadBefore({ kept, clockOffsetMs, requests }: TakenRun): AskedPage | undefined {
  const page = kept && unpacked(kept);
  if (!kept || !isPage(page)) return undefined;
  return {
    cursor: kept.cursor ?? undefined,
    beganAt: kept.beganAt.getTime() - clockOffsetMs,
    answer: Promise.resolve({
      kind: 'PAGE',
      page,
      records: readRecordsMeanwhile(page),
      requests: Math.max(0, kept.requests - requests),
      tookMs: 0,
    }),
    toKeep: {},
  };
}

/** Whether the lists of a page are lists. What stands in them is looked at one by one. */
export function isPage<Read extends Pick<RecordsRead, 'candidates' | 'jobs' | 'applications' | 'gone'>>(
  page: Read | undefined,
): page is Read {
  const { candidates, jobs, applications, gone } = page ?? {};
  return [candidates, jobs, applications, gone].every(Array.isArray);
}
