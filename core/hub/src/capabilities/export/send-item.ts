import {
  type CallContext,
  type ExportCapability,
  type ExportRequest,
  type ExportTarget,
  type HubError,
  isExportInterrupted,
  isHubError,
  type RemoteReference,
} from '@talentbridge/contracts';
import type { Closing, OpenItem } from './export-ledger.js';

/** Tries of one item after which the hub stops asking an ATS that does not answer. With back-off, some 20 minutes. */
const MOST_TRIES = 25;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** Whether the ATS can be asked what became of a try that it never answered. */
export function canBeAsked({ findExported, limits }: ExportCapability, target: ExportTarget): boolean {
  return findExported !== undefined && (limits.findable?.includes(target.kind) ?? true);
}

/** How one try ended, and what it means for the others. */
export interface Try {
  readonly closing: Closing;
  /** An error that concerns the whole export: an admin must act, or the job takes no candidates. */
  readonly halt?: unknown;
  /** The field that a refusal is about, where the ATS says. */
  readonly refusedField?: string;
  /** The record that the ATS does not have, where that is why it refuses. */
  readonly missingId?: string;
  /** The ATS took nothing and asks everybody to wait, in milliseconds. */
  readonly wait?: { readonly ms: number; readonly reason: string };
}

/**
 * Sends one candidate so that the ATS holds it exactly once, or a person is told that nobody knows.
 * Knows no GraphQL, no HTTP and no SQL: its tests hand in an exporter and nothing else.
 */
export async function sendItem(
  exporter: ExportCapability,
  contextOf: () => CallContext,
  item: Pick<OpenItem, 'id' | 'tries' | 'reopened'>,
  request: ExportRequest,
): Promise<Try> {
  let current = request;
  try {
    if (item.reopened && !request.existing && !exporter.limits.absorbsRepeats) {
      if (!canBeAsked(exporter, request.target))
        return { closing: unclear(item.id, 'An earlier try was never answered, and the ATS cannot be asked.') };
      // An earlier try may have reached the ATS: ask before sending again.
      const found = await exporter.findExported?.(contextOf(), request);
      if (found) current = { ...request, existing: found };
    }
    const receipt = await exporter.exportCandidate(contextOf(), current);
    return {
      closing: {
        kind: 'DONE',
        itemId: item.id,
        outcome: receipt.outcome,
        remoteId: receipt.remoteId,
        ...(receipt.remoteUrl ? { remoteUrl: receipt.remoteUrl } : {}),
        warnings: receipt.warnings,
      },
    };
  } catch (error) {
    const askable = canBeAsked(exporter, request.target);
    if (isExportInterrupted(error)) return ended(exporter, askable, item, error.failure, error.reference);
    return ended(exporter, askable, item, error, current.existing);
  }
}

/** What a failed try means. Only a definite answer closes an item; after silence it stays open, and the next try asks first. */
export function ended(
  exporter: Pick<ExportCapability, 'limits'>,
  askable: boolean,
  item: Pick<OpenItem, 'id' | 'tries'>,
  error: unknown,
  existing: RemoteReference | undefined,
): Try {
  if (!isHubError(error)) throw error;
  const again = (state: 'PENDING' | 'OPEN', delayMs: number): Closing => ({
    kind: 'AGAIN',
    itemId: item.id,
    state,
    delayMs,
    ...(existing ? { existing } : {}),
  });
  // With a reference in hand nothing is unknown any more: the next try completes that candidate.
  const silent = error.effect === 'unknown' && !existing && !exporter.limits.absorbsRepeats;
  switch (error.recovery) {
    case 'skip':
      return {
        closing: failed(item.id, error.code, error.message, existing),
        ...(error.code === 'JOB_NOT_OPEN' ? { halt: error } : {}),
        ...('field' in error && typeof error.field === 'string' ? { refusedField: error.field } : {}),
        ...('remoteId' in error && typeof error.remoteId === 'string' ? { missingId: error.remoteId } : {}),
      };
    case 'reconnect':
      return { closing: again('PENDING', 0), halt: error };
    case 'retry': {
      if (silent && !askable) {
        return { closing: unclear(item.id, `${error.message} Whether this candidate arrived is not known.`) };
      }
      if (asksToWait(error)) {
        const { retryAfterMs: ms, message: reason } = error;
        return {
          closing: { ...again(silent ? 'OPEN' : 'PENDING', ms), ...(silent ? {} : { untried: true }) },
          wait: { ms, reason },
        };
      }
      if (item.tries >= MOST_TRIES) {
        return {
          closing: silent
            ? unclear(item.id, `${error.message} It did not say in ${MOST_TRIES} tries whether this candidate arrived.`)
            : failed(item.id, error.code, `${error.message} It was tried ${MOST_TRIES} times.`, existing),
        };
      }
      return { closing: again(silent ? 'OPEN' : 'PENDING', backOff(item.tries)) };
    }
    case 'fix':
      return {
        closing:
          silent && !askable
            ? unclear(item.id, `${error.message} Whether this candidate arrived is not known.`)
            : failed(item.id, error.code, error.message, existing),
      };
  }
}

/** The ATS says how long to wait: no try was made, however often it says so. */
function asksToWait(error: HubError): error is HubError & { readonly retryAfterMs: number } {
  return 'retryAfterMs' in error && typeof error.retryAfterMs === 'number';
}

function failed(itemId: string, code: string, reason: string, existing: RemoteReference | undefined): Closing {
  return {
    kind: 'DONE',
    itemId,
    outcome: 'FAILED',
    code,
    reason: existing ? `${reason} The candidate itself is in the ATS; a retry completes it.` : reason,
    remedy: 'Correct what the reason names, then retry this item.',
    ...(existing
      ? { remoteId: existing.remoteId, ...(existing.remoteUrl ? { remoteUrl: existing.remoteUrl } : {}) }
      : {}),
  };
}

function unclear(itemId: string, reason: string): Closing {
  return {
    kind: 'DONE',
    itemId,
    outcome: 'UNCLEAR',
    code: 'OUTCOME_UNKNOWN',
    reason,
    remedy: 'Look the candidate up in the ATS, then settle this item: it arrived, or it did not.',
  };
}

function backOff(tries: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(tries - 1, 10));
}
