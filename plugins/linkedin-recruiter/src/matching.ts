import {
  type CallContext,
  CandidateRejectedError,
  type JsonValue,
  type MemberId,
  type NetworkMatch,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import type { RecordCollection } from './collections.js';
import { canBeKey } from './keys.js';
import { ATS, reasonOf, recordFailure } from './vendor-errors.js';
import { matchRecord } from './vendor-records.js';

const READ = 'read whom candidates are taken for';
const ATTACH = 'say who a candidate is';

/** Whom LinkedIn takes candidates for (LinkedIn sheet §5.2; the body INFERRED). Those that it does not have are left out. */
export async function matches(
  candidates: RecordCollection,
  ctx: CallContext,
  ids: readonly string[],
): Promise<readonly NetworkMatch[]> {
  const asked = new Set(ids.filter(canBeKey));
  const answered = await candidates.read(ctx, [...asked], ['matchedMembers', 'manualMatchedMember']);
  return answered.flatMap(({ id, value, error }) => {
    if (error?.status === 404 || !asked.has(id)) return [];
    if (error) throw recordFailure(error, READ);
    return [matchOf(id, value)];
  });
}

/** The one by hand wins over those that LinkedIn found (LinkedIn sheet §5.2, INFERRED); of these the first one counts. */
function matchOf(candidateRemoteId: string, value: unknown): NetworkMatch {
  const { matchedMembers, manualMatchedMember } = matchRecord.parse(value);
  const member = manualMatchedMember ?? matchedMembers[0];
  return {
    candidateRemoteId,
    byHand: manualMatchedMember !== undefined,
    ...(member === undefined ? {} : { member }),
  };
}

/**
 * Attaches a person by hand, or takes that back (LinkedIn sheet §5.2: attaching CONFIRMED, detaching INFERRED).
 * @throws RecordNotFoundError when LinkedIn does not have the candidate.
 * @throws CandidateRejectedError when it does not take this person.
 */
export async function resolveMatch(
  candidates: RecordCollection,
  ctx: CallContext,
  id: string,
  member: MemberId | undefined,
): Promise<void> {
  if (!canBeKey(id)) throw new RecordNotFoundError(ATS, 'candidate', id);
  const patch: JsonValue =
    member === undefined ? { $delete: ['manualMatchedMember'] } : { $set: { manualMatchedMember: member } };
  const error = await candidates.change(ctx, id, patch);
  if (error?.status === 404) throw new RecordNotFoundError(ATS, 'candidate', id);
  if (error && error.status >= 400 && error.status < 500 && error.status !== 429) {
    throw new CandidateRejectedError(ATS, `it does not take this person for the candidate (${reasonOf(error)})`);
  }
  if (error) throw recordFailure(error, ATTACH);
}
