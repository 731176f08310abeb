import type { CallContext } from '@talentbridge/contracts';
import { callContext } from '../../../kernel/call-context.js';
import { type RetryPace, waitAfter } from '../../../kernel/jobs/wait-after.js';

/** Between tries of a call that fails, and of a record that fails by itself. */
const RETRY_PACE: RetryPace = { firstMs: 5_000, longestMs: 10 * 60_000 };

/** How long one call may take. */
const CALL_LIMIT_MS = 60_000;

/** The context of a call. @param deadline In milliseconds of `Date.now()`, where somebody waits for it. */
export function pushContext(deadline?: number): CallContext {
  if (deadline === undefined) return callContext('background', CALL_LIMIT_MS);
  return callContext('interactive', Math.max(1, Math.min(CALL_LIMIT_MS, deadline - Date.now())));
}

/** How long to wait after so many failed tries, in milliseconds. @param error Absent: the network gave none. */
export function waitFor(error: object | undefined, tries: number): number {
  return waitAfter(error ?? {}, tries, RETRY_PACE);
}
