import type { Hub, OrganizationScope } from '@talentbridge/hub';
import { batched } from '../graphql/batched.js';
import type { MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import { showMirroredCandidate } from '../mirror/show-mirror.js';

/**
 * Finds a candidate of whom the network told, as the schema shows them; `undefined` where the mirror does not have them (any more).
 * What the fields of one operation ask at the same moment is asked together.
 */
export function candidateFinder(
  hub: () => Hub,
): (scope: OrganizationScope, id: string | null) => Promise<MirroredCandidate | undefined> {
  const find = batched((scope, ids: readonly string[]) => hub().mirror.found(scope, ids, 'networkCandidate.list'));
  return async (scope, id) => {
    const record = id === null ? undefined : await find(scope, id);
    return record && showMirroredCandidate(record);
  };
}
