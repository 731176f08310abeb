import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { Known, KnownApplication } from './known.js';
import { lookUp, rowsNamed } from './lookups.js';
import type { MirrorRows } from './mirror-rows.js';
import type { AttachmentRow } from './mirror-tables.js';
import { differs, type MirrorPlace, type Owners } from './mirror-write.js';

/** Hears of files that came or changed, in the transaction that writes them. */
export interface FileListener {
  written(tx: Transaction, connectionId: string, attachmentIds: readonly string[]): Promise<void>;
}

/** Replaces the descriptions of their owners' files as a whole. */
export async function writeAttachments(
  tx: Transaction,
  { connectionId, mirrored }: MirrorPlace,
  toWrite: MirrorRows,
  { attachments: owners }: Owners,
  { candidates }: Known,
  files?: FileListener,
): Promise<void> {
  if (owners.length === 0) return;
  // Files come with their candidate and go with it: somebody new has none.
  const earlier = owners.filter((owner) => candidates.has(owner.remoteId)).map((owner) => owner.remoteId);
  const known =
    earlier.length === 0
      ? []
      : await lookUp<KnownApplication>(
          tx,
          mirrored,
          `select f.id, f.remote_id as "remoteId", f.candidate_remote_id as "candidateRemoteId", f.hash, f.copied
     from ${rowsNamed(tx, 'attachment', 'candidate_remote_id', 2)} f`,
          [connectionId, earlier],
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
  if (differing.length === 0) return;
  toWrite.attachments(differing);
  await files?.written(
    tx,
    connectionId,
    differing.map(({ id }) => id),
  );
}
