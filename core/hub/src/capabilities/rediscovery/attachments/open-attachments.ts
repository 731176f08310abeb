import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { KeyRing } from '../../../kernel/vault/key-ring.js';
import type { ErasureKeeper } from '../erasures.js';
import { AttachmentLedger } from './attachment-ledger.js';
import { Attachments, type AttachmentsParts } from './attachments.js';
import { FileLinks } from './file-links.js';
import { TextExtractor } from './text/text-extractor.js';

/** What the files of candidates are looked after with. */
export interface AttachmentOptions extends Omit<AttachmentsParts, 'ledger' | 'links' | 'extractor' | 'eager'> {
  readonly entitlements: Entitlements;
  readonly jobs: JobQueue;
  readonly keys: KeyRing;
  /** Default: `lazy`, once somebody wants a file. */
  readonly fetch?: 'lazy' | 'eager' | undefined;
}

/** The files of candidates, put together. */
export interface OpenedAttachments {
  readonly attachments: Attachments;
  /** Hears of files that came or changed. */
  readonly ledger: AttachmentLedger;
  readonly keepers: readonly ErasureKeeper[];
}

/** Puts together what fetches, keeps and serves the files of candidates. */
export function openAttachments({
  entitlements,
  jobs,
  keys,
  fetch = 'lazy',
  ...parts
}: AttachmentOptions): OpenedAttachments {
  const eager = fetch === 'eager';
  const ledger = new AttachmentLedger({ entitlements, abandoned: parts.abandoned, jobs, eager });
  const keeper = (table: 'attachment_text' | 'attachment_content'): ErasureKeeper => ({
    table,
    forget: (tx, erased) => ledger.forget(tx, erased, table),
  });
  return {
    ledger,
    keepers: [keeper('attachment_text'), keeper('attachment_content')],
    attachments: new Attachments({
      ...parts,
      ledger,
      links: new FileLinks(keys),
      extractor: new TextExtractor(),
      eager,
    }),
  };
}
