import type { NetworkResult } from '@talentbridge/contracts';
import { type Outcomes, resultOf } from './outcomes.js';
import { recordFailure, type VendorError } from './vendor-errors.js';

/** Most records in one call (LinkedIn sheet §4, CONFIRMED). */
export const MOST_RECORDS = 100;

/** The statuses of a call that fails as a whole while one record can be the cause: LinkedIn cannot read it, or breaks over it. */
export const SPOILT: ReadonlySet<number> = new Set([400, 413, 414, 422, 500]);

/** So many calls on end that LinkedIn breaks over: then it is no record's fault. One in a hundred accounts for eight. */
const BROKEN_ON_END = 12;

/** The same ids, at most 100 at once. */
export function inBatches(ids: readonly string[]): (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / MOST_RECORDS) }, (_, index) =>
    ids.slice(index * MOST_RECORDS, (index + 1) * MOST_RECORDS),
  );
}

/**
 * Sends records batch after batch. A batch that fails as a whole is sent again in halves, so that one record that spoils it does
 * not hold up the others. Records that were not sent have no outcome.
 * @param action What is tried, as a phrase: "send candidates".
 * @param send Answers what became of each record, or with what status the batch failed.
 * @throws AtsUnavailableError when LinkedIn breaks over everything.
 */
export async function sendInBatches(
  ids: readonly string[],
  action: string,
  send: (ids: readonly string[]) => Promise<Outcomes | VendorError>,
): Promise<Outcomes> {
  const outcomes = new Map<string, NetworkResult>();
  const waiting = inBatches(ids).toReversed();
  let broken = 0;
  let hasArrived = false;
  for (let batch = waiting.pop(); batch !== undefined && broken < BROKEN_ON_END; batch = waiting.pop()) {
    const answer = await send(batch);
    broken = isOutcomes(answer) || answer.status < 500 ? 0 : broken + 1;
    if (isOutcomes(answer)) {
      hasArrived = true;
      for (const [id, result] of answer) outcomes.set(id, result);
    } else if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      waiting.push(batch.slice(middle), batch.slice(0, middle));
    } else {
      for (const id of batch) outcomes.set(id, resultOf(answer));
    }
  }
  if (broken > 0 && !hasArrived) throw recordFailure({ status: 500 }, action);
  return outcomes;
}

function isOutcomes(answer: Outcomes | VendorError): answer is Outcomes {
  return answer instanceof Map;
}
