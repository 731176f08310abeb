import { randomUUID } from 'node:crypto';

/** What ids of one millisecond have in common: many are made at a time, and writing the time takes half of what an id costs. */
let common = { now: Number.NaN, text: '' };

/**
 * A new id: UUID version 7 (RFC 9562), so that ids sort by the time they were made in. Its random part is that of a version 4,
 * for which Node draws random bytes in advance: 0.3 us instead of 4.
 */
export function uuidv7(now: number = Date.now()): string {
  if (now !== common.now) {
    const time = now.toString(16).padStart(12, '0');
    common = { now, text: `${time.slice(0, 8)}-${time.slice(8)}-7` };
  }
  return common.text + randomUUID().slice(15);
}
