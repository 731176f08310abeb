import { randomUUID } from 'node:crypto';
import type { CallContext } from '@talentbridge/contracts';

/** A call that the hub waits for. Default: 30 seconds. */
export function callContext(milliseconds: number = 30_000): CallContext {
  return { callId: randomUUID(), deadline: Date.now() + milliseconds };
}
