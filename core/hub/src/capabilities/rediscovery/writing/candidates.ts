import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { ReadCandidate } from '../read-records.js';
import type { Known, KnownCandidate } from './known.js';
import type { MirrorRows } from './mirror-rows.js';
import { type Counts, differs, NOTHING_WRITTEN, type Owners, type WrittenRecords } from './mirror-write.js';

/** Candidates that were written. */
export interface WrittenCandidates extends WrittenRecords {
  /** Of those whom the mirror had. */
  readonly owners: Owners;
  /** Whom it did not have. */
  readonly newcomers: readonly ReadCandidate[];
}

/** Gathers the candidates that differ from those of the mirror. */
export function writeCandidates(
  toWrite: MirrorRows,
  given: readonly ReadCandidate[],
  known: Known,
  counts: { readonly candidates: Counts; readonly applications: Counts },
  copied = false,
): WrittenCandidates {
  const owners: Owners = { applications: [], attachments: [] };
  const newcomers: ReadCandidate[] = [];
  if (given.length === 0) return { ...NOTHING_WRITTEN, owners, newcomers };
  const ids: string[] = [];
  const differing: { readonly id: string; readonly read: ReadCandidate; readonly was: KnownCandidate | undefined }[] =
    [];
  for (const read of given) {
    const was = known.candidates.get(read.remoteId);
    if (was && known.newer.ids.has(was.id)) continue;
    const id = was?.id ?? uuidv7();
    ids.push(id);
    const own = differs(was, read, copied);
    const applications = read.applications && read.applications.hash !== was?.applicationsHash;
    const attachments = read.attachments && read.attachments.hash !== was?.attachmentsHash;
    if (was === undefined) newcomers.push(read);
    else if (applications) owners.applications.push(read);
    else counts.applications.unchanged += read.applications?.parts.length ?? 0;
    if (was && attachments) owners.attachments.push(read);
    if (own || attachments) counts.candidates.written += 1;
    else counts.candidates.unchanged += 1;
    if (own || applications || attachments) differing.push({ id, read, was });
  }
  toWrite.candidates(
    differing.map(({ id, read, was }) => ({
      id,
      read,
      replaces: was !== undefined,
      applicationsHash: read.applications?.hash ?? was?.applicationsHash ?? null,
      attachmentsHash: read.attachments?.hash ?? was?.attachmentsHash ?? null,
    })),
  );
  return { ids, changed: differing.map((row) => row.id), added: newcomers.length, owners, newcomers };
}
