import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { ReadApplication } from '../read-records.js';
import { countOf, touchOwners } from './deletions.js';
import { isNobody, type KnownApplication, type Newer } from './known.js';
import { lookUp, rowsNamed } from './lookups.js';
import type { MirrorRows } from './mirror-rows.js';
import { type Counts, differs, type MirrorPlace, type Owners, type WrittenRecords } from './mirror-write.js';
import { refOf } from './refs.js';

/** Replaces the applications of their owners as a whole, and writes those that came by themselves. */
export async function writeApplications(
  tx: Transaction,
  { connectionId, mirrored }: MirrorPlace,
  toWrite: MirrorRows,
  { applications: owners }: Owners,
  alone: readonly ReadApplication[],
  newer: Newer,
  counts: Counts,
  copied = false,
): Promise<Omit<WrittenRecords, 'changed'> & { readonly candidateIds: readonly string[] }> {
  const wanted = new Map(owners.flatMap(({ applications }) => (applications?.parts ?? []).map(byRemoteId)));
  for (const application of alone) wanted.set(application.remoteId, application);
  const ownerIds = new Set(owners.map((owner) => owner.remoteId));
  if (wanted.size === 0 && ownerIds.size === 0) return { ids: [], added: 0, candidateIds: [] };
  const looking = lookUp<KnownApplication>(
    tx,
    mirrored,
    `select a.id, a.remote_id as "remoteId", a.candidate_remote_id as "candidateRemoteId", a.hash, a.copied
     from ${rowsNamed(tx, 'application', 'candidate_remote_id', '$2')} a
     union
     select a.id, a.remote_id, a.candidate_remote_id, a.hash, a.copied from ${rowsNamed(tx, 'application', 'remote_id', '$3')} a`,
    [connectionId, [...ownerIds], [...wanted.keys()]],
  );
  // Their candidates are encoded while they are looked up, and written while they are compared and encoded.
  const [known] = await Promise.all([looking, toWrite.begin()]);
  const knownById = new Map(known.map((row) => [row.remoteId, row]));
  const isNewer = ({ remoteId }: { readonly remoteId: string }): boolean => {
    if (isNobody(newer)) return false;
    const row = knownById.get(remoteId);
    return (
      newer.refs.has(refOf({ kind: 'application', remoteId })) ||
      (row !== undefined && (newer.ids.has(row.id) || newer.owners.has(row.candidateRemoteId)))
    );
  };
  const absent = known.filter((row) => ownerIds.has(row.candidateRemoteId) && !wanted.has(row.remoteId));
  const missing = absent.filter((row) => !isNewer(row));
  if (missing.length > 0) {
    counts.deleted += await countOf(
      tx,
      `delete from talentbridge.mirror_application a where ${tx.own('a')} and a.connection_id = $1 and a.id = any($2::uuid[])`,
      [connectionId, missing.map((row) => row.id)],
    );
  }
  const rows = [...wanted.values()]
    .filter((application) => !isNewer(application))
    .map((application) => ({ application, id: knownById.get(application.remoteId)?.id ?? uuidv7() }));
  const differing = rows.filter(({ application }) => differs(knownById.get(application.remoteId), application, copied));
  counts.written += differing.length;
  counts.unchanged += rows.length - differing.length;
  toWrite.applications(differing.map((row) => ({ ...row, replaces: knownById.has(row.application.remoteId) })));
  const cameAlone = new Set(alone.map((application) => application.remoteId));
  // Whoever holds a hash over all their applications does not hold it any more: one came by itself, or went to somebody
  // else, or is not what came with them because somebody else read it later.
  const touched = differing.flatMap(({ application: { remoteId, candidateRemoteId } }) => {
    const before = knownById.get(remoteId)?.candidateRemoteId;
    const moved = before !== undefined && before !== candidateRemoteId;
    return [...(cameAlone.has(remoteId) ? [candidateRemoteId] : []), ...(moved ? [before] : [])];
  });
  // Nor does whoever came without one that came by itself, changed or not.
  const beside = alone
    .filter(({ candidateRemoteId }) => ownerIds.has(candidateRemoteId))
    .map(({ candidateRemoteId }) => candidateRemoteId);
  const mixed = owners.filter(({ applications }) => applications?.parts.some(isNewer)).map(({ remoteId }) => remoteId);
  const kept = absent.filter(isNewer).map((row) => row.candidateRemoteId);
  const toTouch = [...touched, ...beside, ...mixed, ...kept];
  // They may be among those that were not written yet.
  if (toTouch.length > 0) await toWrite.write();
  const candidateIds = await touchOwners(tx, connectionId, toTouch);
  return {
    ids: rows.flatMap(({ id, application }) => (cameAlone.has(application.remoteId) ? [id] : [])),
    added: differing.filter(({ application }) => !knownById.has(application.remoteId)).length,
    candidateIds,
  };
}

function byRemoteId<Part extends { readonly remoteId: string }>(part: Part): [string, Part] {
  return [part.remoteId, part];
}
