import { randomUUID } from 'node:crypto';
import type { CallContext, Urgency } from '@talentbridge/contracts';

/** The context of one call to a plugin. @param limitMs How long it may take, all its requests together. */
export function callContext(urgency: Urgency, limitMs: number): CallContext {
  return { callId: randomUUID(), deadline: Date.now() + limitMs, urgency };
}
