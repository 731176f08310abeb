import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { AbandonedFiles } from '../attachments/abandoned-files.js';
import type { AttachmentLedger } from '../attachments/attachment-ledger.js';
import type { CopiedContent, CopiedContents } from './copied-contents.js';

/** The content of attachments as the mirror keeps it, for files that came with a data copy. */
export class AttachmentContents implements CopiedContents {
  constructor(
    private readonly abandoned: Pick<AbandonedFiles, 'abandon'>,
    private readonly ledger: Pick<AttachmentLedger, 'written'>,
  ) {}

  async hashes(tx: Transaction, attachmentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.rows<{ id: string; sha256: string }>(
      `select c.attachment_id as id, c.sha256 from talentbridge.attachment_content c
       where ${tx.own('c')} and c.attachment_id = any($1::uuid[]) and c.state = 'STORED' and c.sha256 is not null`,
      [attachmentIds],
    );
    return new Map(rows.map((row) => [row.id, row.sha256]));
  }

  async keep(tx: Transaction, connectionId: string, contents: readonly CopiedContent[]): Promise<void> {
    const ids = contents.map(({ attachmentId }) => attachmentId);
    const before = await tx.rows<{ fileKey: string; attachmentId: string }>(
      `select c.file_key as "fileKey", c.attachment_id as "attachmentId" from talentbridge.attachment_content c
       where ${tx.own('c')} and c.attachment_id = any($1::uuid[]) and c.file_key is not null for update`,
      [ids],
    );
    await this.abandoned.abandon(tx, before);
    await tx.rows(
      `delete from talentbridge.attachment_text t where ${tx.own('t')} and t.attachment_id = any($1::uuid[])`,
      [ids],
    );
    await tx.rows(
      `insert into talentbridge.attachment_content
         (organization_id, attachment_id, connection_id, state, of_hash, file_key, size, sha256, content_type, stored_at)
       select $1, f.id, $2, 'STORED', f.hash, n.key, n.size, n.sha256, n."contentType", now()
       from jsonb_to_recordset($3::jsonb) as n ("attachmentId" uuid, key text, size bigint, sha256 text, "contentType" text)
       join talentbridge.mirror_attachment f on ${tx.own('f')} and f.id = n."attachmentId"
       on conflict (organization_id, attachment_id) do update
         set state = 'STORED', reason = null, of_hash = excluded.of_hash, claim = null, claimed_until = null, tries = 0,
           retry_at = null, due_at = null, file_key = excluded.file_key, size = excluded.size, sha256 = excluded.sha256,
           content_type = excluded.content_type, text_state = 'NONE', stored_at = now()`,
      [tx.organizationId, connectionId, JSON.stringify(contents)],
    );
    // Where files are fetched eagerly, their texts are read eagerly.
    await this.ledger.written(tx, connectionId, ids);
  }
}
