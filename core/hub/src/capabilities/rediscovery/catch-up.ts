import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Mirror } from './mirror.js';

/** Everything is read again at most so often because something may have been missed. */
const FULL_AT_MOST_EVERY_MS = 86_400_000;

/**
 * Begins a run because nobody told what changed since a time. Deletions may be among what was missed, and not every ATS lists
 * them among its changes: everything is read, unless that has been done since or was done within a day.
 * @returns `false`: another run is under way; try again after it.
 * @throws NotFoundError, CapabilityOffError, WrongStateError
 */
export async function catchUp(
  mirror: Mirror,
  scope: OrganizationScope,
  connectionId: string,
  { since }: { readonly since: Date },
): Promise<boolean> {
  const { completeAt, fullAt, currentRunId } = await mirror.state(scope, connectionId);
  await scope.close();
  // The first load reads everything, and is followed by what changed since it began.
  if (completeAt === null) return true;
  if (currentRunId !== null) return false;
  const fresh = fullAt !== null && (fullAt > since || fullAt.getTime() > Date.now() - FULL_AT_MOST_EVERY_MS);
  await mirror.start(scope, connectionId, fresh ? 'CHANGES' : 'FULL', 'GAP');
  return true;
}
