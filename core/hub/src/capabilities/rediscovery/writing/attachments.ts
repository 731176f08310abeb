import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { KnownApplication } from './known.js';
import { lookUp, rowsNamed } from './lookups.js';
import type { MirrorRows } from './mirror-rows.js';
import type { AttachmentRow } from './mirror-tables.js';
import { differs, type MirrorPlace, type Owners } from './mirror-write.js';

/** Hears of files that came or changed, in the transaction that writes them. */
export interface FileListener {
  written(tx: Transaction, connectionId: string, attachmentIds: readonly string[]): Promise<void>;
}

/**
 * Replaces the descriptions of their owners' files as a whole.
 * @returns Ids of those that came or changed.
 */
export async function writeAttachments(
  tx: Transaction,
  { connectionId, mirrored }: MirrorPlace,
  toWrite: MirrorRows,
  { attachments: owners }: Owners,
): Promise<readonly string[]> {
  if (owners.length === 0) return [];
  const known = await lookUp<KnownApplication>(
    tx,
    mirrored,
    `select f.id, f.remote_id as "remoteId", f.candidate_remote_id as "candidateRemoteId", f.hash, f.copied
     from ${rowsNamed(tx, 'attachment', 'candidate_remote_id', '$2')} f`,
    [connectionId, owners.map((owner) => owner.remoteId)],
  );
  const knownByKey = new Map(known.map((row) => [JSON.stringify([row.candidateRemoteId, row.remoteId]), row]));
  const differing: AttachmentRow[] = [];
  for (const { remoteId: owner, attachments } of owners) {
    for (const attachment of attachments?.parts ?? []) {
      const key = JSON.stringify([owner, attachment.remoteId]);
      const was = knownByKey.get(key);
      knownByKey.delete(key);
      if (!differs(was, attachment)) continue;
      differing.push({ id: was?.id ?? uuidv7(), owner, attachment, replaces: was !== undefined });
    }
  }
  // What came from a data copy the ATS need not list.
  const missing = [...knownByKey.values()].filter((row) => !row.copied).map((row) => row.id);
  if (missing.length > 0) {
    await tx.rows(`delete from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = any($1::uuid[])`, [
      missing,
    ]);
  }
  toWrite.attachments(differing);
  return differing.map(({ id }) => id);
}
