import { randomUUID } from 'node:crypto';
import { MAX_ATTACHMENT_BYTES } from '@talentbridge/contracts';
import { findConnection } from '../../../connections/connection-repository.js';
import { NotFoundError } from '../../../kernel/errors.js';
import type { StoredFile } from '../../../kernel/files/file-store.js';
import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import { isUuid, type OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { isUsable, usableConnection } from '../ledger/usable-connection.js';
import type { MirrorAttachmentRecord } from '../mirror-model.js';
import { ATTACHMENT_COLUMNS } from '../mirror-queries.js';
import { requireShownMirror } from '../shown-mirror.js';
import type { AbandonedFiles } from './abandoned-files.js';
import type { AttachmentContent, TextState } from './attachment-model.js';

/** The job that fetches the files of a connection that are due. */
export const FETCH_TASK = 'rediscovery.fetchFiles';

/** How long one process has a file to itself: longer than a fetch may take. */
const CLAIMED_FOR_MS = 180_000;
/** Tries without anybody asking; after that a file waits until somebody wants to see it. */
const MOST_TRIES = 8;
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 6 * 3_600_000;

/** A file that this process may fetch now, and no other. */
export interface ClaimedAttachment {
  readonly attachmentId: string;
  readonly connectionId: string;
  readonly candidateRemoteId: string;
  readonly remoteId: string;
  readonly filename: string;
  readonly claim: string;
  /** Of what the ATS says of the file. */
  readonly hash: string;
  /** Where its content goes. Noted as abandoned until it is there. */
  readonly fileKey: string;
}

/** What a file is ready for. */
export type Claim =
  /** There is nothing to fetch, or not now. */
  | { readonly kind: 'SETTLED'; readonly content: AttachmentContent }
  /** Somebody fetches it at this moment. */
  | { readonly kind: 'BUSY'; readonly content: AttachmentContent }
  | { readonly kind: 'CLAIMED'; readonly attachment: ClaimedAttachment };

/** What became of a fetch. */
export type Fetched =
  | { readonly kind: 'STORED'; readonly file: StoredFile; readonly contentType: string }
  | { readonly kind: 'GONE' | 'TOO_LARGE'; readonly reason: string }
  /** The ATS hands out no files at all: what came from elsewhere stays. */
  | { readonly kind: 'NOT_OFFERED'; readonly reason: string }
  /** @param retryAfterMs What the ATS asks for. Absent: twice as long each time. `null`: nothing changes by asking again. */
  | { readonly kind: 'FAILED'; readonly reason: string; readonly retryAfterMs?: number | null };

/** A file as it may be opened. */
export interface OpenableAttachment {
  readonly content: AttachmentContent;
  readonly connectionId: string;
  readonly filename: string;
  /** `null`: it is not there. */
  readonly fileKey: string | null;
}

/** What `AttachmentLedger` works with. */
export interface AttachmentLedgerParts {
  readonly entitlements: Entitlements;
  readonly abandoned: AbandonedFiles;
  readonly jobs: JobQueue;
  /** Whether files are fetched without anybody asking. */
  readonly eager: boolean;
}

/** Where the content of each file stands, durably: one process at a time fetches a file, and the one that has it writes. */
export class AttachmentLedger {
  constructor(private readonly parts: AttachmentLedgerParts) {}

  /** What the ATS says of a file, or `undefined` when the mirror has none. @throws CapabilityOffError, WrongStateError */
  async record(scope: OrganizationScope, id: string): Promise<MirrorAttachmentRecord | undefined> {
    if (!isUuid(id)) return undefined;
    return scope.read(async (tx) => {
      const row = await tx.row<MirrorAttachmentRecord>(
        `select ${ATTACHMENT_COLUMNS} from talentbridge.mirror_attachment f
         join talentbridge.mirror_candidate c
           on ${tx.own('c')} and c.connection_id = f.connection_id and c.remote_id = f.candidate_remote_id
         where ${tx.own('f')} and f.id = $1`,
        [id],
      );
      if (row) await requireShownMirror(tx, this.parts.entitlements, row.connectionId);
      return row;
    });
  }

  /**
   * What is known of the contents of files, by id. Of files that are not there nothing is answered.
   * @throws CapabilityOffError, WrongStateError when one of their mirrors may not be shown.
   */
  async contentsOf(scope: OrganizationScope, ids: readonly string[]): Promise<ReadonlyMap<string, AttachmentContent>> {
    return scope.read(async (tx) => {
      const rows = await tx.rows<AttachmentContent & { readonly connectionId: string }>(
        `${contents(tx, ', f.connection_id as "connectionId"')} where ${tx.own('f')} and f.id = any($1::uuid[])`,
        [ids.filter(isUuid)],
      );
      for (const { connectionId } of rows) await requireShownMirror(tx, this.parts.entitlements, connectionId);
      return new Map(rows.map(({ connectionId: _, ...content }) => [content.attachmentId, content]));
    });
  }

  /**
   * Takes a file to fetch it, where that is needed and possible.
   * @throws NotFoundError, CapabilityOffError, WrongStateError when its mirror may not be shown.
   */
  claim(scope: OrganizationScope, attachmentId: string): Promise<Claim> {
    return scope.transaction(async (tx) => {
      const found = await this.find(tx, attachmentId, 'for key share of f');
      const { connectionId, content } = found;
      if (content.state === 'FETCHING') return { kind: 'BUSY', content };
      if (content.state !== 'NOT_FETCHED' && !(content.state === 'FAILED' && isDue(content.retryAt))) {
        return { kind: 'SETTLED', content };
      }
      const connection = await usableConnection(tx, this.parts.entitlements, connectionId);
      if (!connection) throw new NotFoundError('attachment', attachmentId);
      if (connection.unusable !== undefined) {
        return { kind: 'SETTLED', content: { ...content, reason: connection.unusable } };
      }
      const claim = randomUUID();
      const taken = await tx.row<Omit<ClaimedAttachment, 'claim' | 'fileKey'> & { readonly size: number | null }>(
        // Two that come at once: the second waits for the first, and finds it claimed.
        `insert into talentbridge.attachment_content as c
           (organization_id, attachment_id, connection_id, state, of_hash, claim, claimed_until)
         select $1, f.id, f.connection_id, 'FETCHING', f.hash, $3, now() + $4 * interval '1 millisecond'
         from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = $2
         on conflict (organization_id, attachment_id) do update
           set state = 'FETCHING', reason = null, retry_at = null, of_hash = excluded.of_hash, claim = excluded.claim,
             claimed_until = excluded.claimed_until, tries = case when c.of_hash = excluded.of_hash then c.tries else 0 end
           where c.claimed_until is null or c.claimed_until <= now()
         returning c.attachment_id as "attachmentId", c.connection_id as "connectionId", c.of_hash as hash,
           (select f.candidate_remote_id from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = $2) as "candidateRemoteId",
           (select f.remote_id from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = $2) as "remoteId",
           (select f.filename from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = $2) as filename,
           (select f.size::float8 from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = $2) as size`,
        [tx.organizationId, attachmentId, claim, CLAIMED_FOR_MS],
      );
      if (!taken) return { kind: 'BUSY', content: { ...content, state: 'FETCHING' } };
      const { size, ...attachment } = taken;
      const claimed = { ...attachment, claim, fileKey: fileKeyOf(tx, connectionId, attachmentId, claim) };
      if (size !== null && size > MAX_ATTACHMENT_BYTES) {
        await this.finishIn(tx, claimed, { kind: 'TOO_LARGE', reason: tooLarge() });
        return { kind: 'SETTLED', content: (await this.find(tx, attachmentId)).content };
      }
      await this.parts.abandoned.announce(tx, claimed.fileKey, attachmentId);
      return { kind: 'CLAIMED', attachment: claimed };
    });
  }

  /**
   * Writes down what became of a fetch. `undefined`: the file is not wanted any more (it, its candidate or its connection is
   * gone, or somebody else has taken it over), and what was stored is being deleted.
   */
  finish(
    scope: OrganizationScope,
    attachment: ClaimedAttachment,
    fetched: Fetched,
  ): Promise<AttachmentContent | undefined> {
    return scope.transaction(async (tx) => {
      const { attachmentId, fileKey } = attachment;
      const written = await this.finishIn(tx, attachment, fetched);
      // Of a failure nobody knows whether it came before or after the file was stored.
      if (fetched.kind === 'FAILED' || (fetched.kind === 'STORED' && !written)) {
        await this.parts.abandoned.abandon(tx, [{ fileKey, attachmentId }]);
      } else if (fetched.kind !== 'STORED') {
        await this.parts.abandoned.keep(tx, fileKey);
      }
      return written ? (await this.find(tx, attachmentId)).content : undefined;
    });
  }

  /** A file that may be opened now. @throws NotFoundError, CapabilityOffError, WrongStateError */
  openable(tx: Transaction, attachmentId: string): Promise<OpenableAttachment> {
    return this.find(tx, attachmentId);
  }

  /** The store does not have the file any more: it is to be fetched again. */
  lost(scope: OrganizationScope, attachmentId: string, fileKey: string): Promise<void> {
    return scope.transaction(async (tx) => {
      await tx.rows(
        `update talentbridge.attachment_content c set state = 'NOT_FETCHED', file_key = null
         where ${tx.own('c')} and c.attachment_id = $1 and c.file_key = $2 and c.claim is null`,
        [attachmentId, fileKey],
      );
    });
  }

  /** Keeps the text of a file, unless the file is another one by now. */
  saveText(
    scope: OrganizationScope,
    attachmentId: string,
    fileKey: string,
    read: { readonly state: TextState; readonly text?: string; readonly contentType: string },
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      const rows = await tx.rows(
        `update talentbridge.attachment_content c
         set text_state = $3, content_type = coalesce(c.content_type, $4), due_at = null
         where ${tx.own('c')} and c.attachment_id = $1 and c.file_key = $2 returning c.attachment_id`,
        [attachmentId, fileKey, read.state, read.contentType],
      );
      if (rows.length === 0 || read.text === undefined) return;
      await tx.rows(
        `insert into talentbridge.attachment_text (organization_id, attachment_id, text) values ($1, $2, $3)
         on conflict (organization_id, attachment_id) do update set text = excluded.text`,
        [tx.organizationId, attachmentId, read.text],
      );
    });
  }

  /** The text of a file, where it was read. */
  async text(tx: Transaction, attachmentId: string): Promise<string | undefined> {
    const row = await tx.row<{ text: string }>(
      `select t.text from talentbridge.attachment_text t where ${tx.own('t')} and t.attachment_id = $1`,
      [attachmentId],
    );
    return row?.text;
  }

  /** Files that came or changed, in the transaction that writes them: they are fetched soon, where files are fetched eagerly. */
  async written(tx: Transaction, connectionId: string, attachmentIds: readonly string[]): Promise<void> {
    if (!this.parts.eager || attachmentIds.length === 0) return;
    await tx.rows(
      `insert into talentbridge.attachment_content (organization_id, attachment_id, connection_id, state, due_at)
       select $1, id, $2, 'NOT_FETCHED', now() from unnest($3::uuid[]) as id
       on conflict (organization_id, attachment_id) do update set due_at = now(), tries = 0`,
      [tx.organizationId, connectionId, attachmentIds],
    );
    await this.parts.jobs.add(tx, FETCH_TASK, connectionId);
  }

  /** Has all files of a connection fetched that came while files were fetched lazily. */
  catchUp(scope: OrganizationScope, connectionId: string): Promise<void> {
    return scope.transaction(async (tx) => {
      const rows = await tx.rows(
        `insert into talentbridge.attachment_content as c (organization_id, attachment_id, connection_id, state, due_at)
         select f.organization_id, f.id, f.connection_id, 'NOT_FETCHED', now() from talentbridge.mirror_attachment f
         where ${tx.own('f')} and f.connection_id = $1 and not exists (
           select from talentbridge.attachment_content o
           where ${tx.own('o')} and o.attachment_id = f.id and (o.due_at is not null or o.of_hash = f.hash))
         on conflict (organization_id, attachment_id) do update set due_at = now() where c.due_at is null returning 1`,
        [connectionId],
      );
      if (rows.length > 0) await this.parts.jobs.add(tx, FETCH_TASK, connectionId);
    });
  }

  /** Goes on with a connection that can be used again. */
  async resume(tx: Transaction, connectionId: string): Promise<void> {
    const at = await this.nextDue(tx, connectionId);
    if (at) await this.parts.jobs.add(tx, FETCH_TASK, connectionId, { runAt: at });
  }

  /** Whether the files of a connection may be fetched now. */
  mayFetch(tx: Transaction, connectionId: string): Promise<boolean> {
    return isUsable(tx, this.parts.entitlements, connectionId);
  }

  /** Files that are to be fetched now without anybody asking, those first that have waited longest. */
  due(scope: OrganizationScope, connectionId: string, most: number): Promise<readonly string[]> {
    return scope.transaction(async (tx) => {
      // It is resumed when that changes.
      if (!(await this.mayFetch(tx, connectionId))) return [];
      const rows = await tx.rows<{ id: string }>(
        `select c.attachment_id as id from talentbridge.attachment_content c
         where ${tx.own('c')} and c.connection_id = $1 and c.due_at <= now()
           and (c.claimed_until is null or c.claimed_until <= now())
         order by c.due_at limit $2`,
        [connectionId, most],
      );
      return rows.map((row) => row.id);
    });
  }

  /** Has the job come when the next file is due. Whoever has it come sooner meanwhile knows of another one. */
  later(scope: OrganizationScope, connectionId: string): Promise<void> {
    return scope.transaction(async (tx) => {
      const at = (await this.mayFetch(tx, connectionId)) ? await this.nextDue(tx, connectionId) : undefined;
      if (at) await this.parts.jobs.putOff(tx, FETCH_TASK, connectionId, at);
    });
  }

  /** Says when a file is fetched again without anybody asking. @param at `null`: never, unless it changes. */
  putOff(scope: OrganizationScope, attachmentId: string, at: Date | null): Promise<void> {
    return scope.transaction(async (tx) => {
      await tx.rows(
        `update talentbridge.attachment_content c set due_at = $2
         where ${tx.own('c')} and c.attachment_id = $1 and c.claim is null and c.due_at is not null`,
        [attachmentId, at],
      );
    });
  }

  /** Fetches a file later: what went wrong is ours. */
  postpone(scope: OrganizationScope, attachmentId: string): Promise<void> {
    return scope.transaction(async (tx) => {
      await tx.rows(
        `update talentbridge.attachment_content c
         set tries = c.tries + 1, due_at = case when c.tries < $2 then $3::timestamptz end
         where ${tx.own('c')} and c.attachment_id = $1 and c.due_at is not null`,
        [attachmentId, MOST_TRIES, new Date(Date.now() + FIRST_RETRY_MS)],
      );
    });
  }

  /** Forgets the contents of the files of somebody who is erased. @returns How many rows went, by table. */
  async forget(
    tx: Transaction,
    { connectionId, remoteId }: { readonly connectionId: string; readonly remoteId: string },
    table: 'attachment_text' | 'attachment_content',
  ): Promise<number> {
    await tx.rows(
      `select f.id from talentbridge.mirror_attachment f
       where ${tx.own('f')} and f.connection_id = $1 and f.candidate_remote_id = $2 for update`,
      [connectionId, remoteId],
    );
    const rows = await tx.rows<{ fileKey: string | null; attachmentId: string }>(
      `delete from talentbridge.${table} x
       using talentbridge.mirror_attachment f
       where ${tx.own('x')} and ${tx.own('f')} and x.attachment_id = f.id and f.connection_id = $1
         and f.candidate_remote_id = $2
       returning ${table === 'attachment_content' ? 'x.file_key' : 'null'} as "fileKey", x.attachment_id as "attachmentId"`,
      [connectionId, remoteId],
    );
    await this.parts.abandoned.abandon(
      tx,
      rows.flatMap(({ fileKey, attachmentId }) => (fileKey === null ? [] : [{ fileKey, attachmentId }])),
    );
    return rows.length;
  }

  private async nextDue(tx: Transaction, connectionId: string): Promise<Date | undefined> {
    const row = await tx.row<{ at: Date | null }>(
      `select min(greatest(c.due_at, c.claimed_until)) as at from talentbridge.attachment_content c
       where ${tx.own('c')} and c.connection_id = $1 and c.due_at is not null`,
      [connectionId],
    );
    return row?.at ?? undefined;
  }

  private async finishIn(
    tx: Transaction,
    { attachmentId, claim, fileKey }: ClaimedAttachment,
    fetched: Fetched,
  ): Promise<boolean> {
    // The file before its content, as whoever deletes it locks them.
    const there = await tx.row(
      `select f.id from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = $1 for key share`,
      [attachmentId],
    );
    const before = await tx.row<{ fileKey: string | null; tries: number }>(
      `select c.file_key as "fileKey", c.tries from talentbridge.attachment_content c
       where ${tx.own('c')} and c.attachment_id = $1 and c.claim = $2 for update`,
      [attachmentId, claim],
    );
    if (!there || !before) return false;
    if (fetched.kind === 'FAILED' || (fetched.kind === 'NOT_OFFERED' && before.fileKey === null)) {
      await failedIn(
        tx,
        attachmentId,
        before.tries + 1,
        fetched.kind === 'FAILED' ? fetched : { ...fetched, retryAfterMs: LONGEST_RETRY_MS },
      );
      return true;
    }
    if (fetched.kind === 'NOT_OFFERED') {
      await tx.rows(
        `update talentbridge.attachment_content c
         set state = 'STORED', reason = null, retry_at = null, claim = null, claimed_until = null, due_at = null
         where ${tx.own('c')} and c.attachment_id = $1`,
        [attachmentId],
      );
      return true;
    }
    const stored = fetched.kind === 'STORED' ? fetched : undefined;
    if (stored && !(await this.parts.abandoned.keep(tx, fileKey))) return false;
    await tx.rows(
      // It stays due until its text is read, where somebody has not asked for it.
      `update talentbridge.attachment_content c
       set state = $2, reason = $3, claim = null, claimed_until = null, tries = 0, retry_at = null,
         due_at = case when $4::text is null then null else c.due_at end, file_key = $4, size = $5, sha256 = $6,
         content_type = $7, text_state = 'NONE', stored_at = case when $4::text is null then null else now() end
       where ${tx.own('c')} and c.attachment_id = $1`,
      [
        attachmentId,
        fetched.kind,
        fetched.kind === 'STORED' ? null : fetched.reason,
        stored ? fileKey : null,
        stored?.file.size ?? null,
        stored?.file.sha256 ?? null,
        stored?.contentType ?? null,
      ],
    );
    await tx.rows(`delete from talentbridge.attachment_text t where ${tx.own('t')} and t.attachment_id = $1`, [
      attachmentId,
    ]);
    if (before.fileKey !== null) await this.parts.abandoned.abandon(tx, [{ fileKey: before.fileKey, attachmentId }]);
    return true;
  }

  private async find(tx: Transaction, attachmentId: string, lock = ''): Promise<OpenableAttachment> {
    const row = isUuid(attachmentId)
      ? await tx.row<AttachmentContent & { connectionId: string; filename: string; fileKey: string | null }>(
          `${contents(tx, ', f.connection_id as "connectionId", f.filename, c.file_key as "fileKey"')}
           where ${tx.own('f')} and f.id = $1 ${lock}`,
          [attachmentId],
        )
      : undefined;
    const connection = row && (await findConnection(tx, row.connectionId));
    // What is being removed is gone already, for whoever looks.
    if (!row || !connection || connection.status === 'REMOVING' || connection.status === 'REMOVED') {
      throw new NotFoundError('attachment', attachmentId);
    }
    await requireShownMirror(tx, this.parts.entitlements, row.connectionId);
    const { connectionId, filename, fileKey, ...content } = row;
    return { content, connectionId, filename, fileKey: content.state === 'STORED' ? fileKey : null };
  }
}

/** A try failed. What there was before it stays, and is not shown: it may be what the next try brings, or all there is. */
async function failedIn(
  tx: Transaction,
  attachmentId: string,
  tries: number,
  { reason, ...fetched }: { readonly reason: string; readonly retryAfterMs?: number | null },
): Promise<void> {
  const retryAt = retryAfter(fetched.retryAfterMs, tries);
  await tx.rows(
    `update talentbridge.attachment_content c
     set state = 'FAILED', reason = $2, claim = null, claimed_until = null, tries = $3, retry_at = $4,
       due_at = case when c.due_at is not null then $5::timestamptz end
     where ${tx.own('c')} and c.attachment_id = $1`,
    [attachmentId, reason, tries, retryAt, tries >= MOST_TRIES ? null : retryAt],
  );
}

/** Says that a file is larger than it may be. */
export function tooLarge(): string {
  return `It is larger than ${MAX_ATTACHMENT_BYTES / 1024 / 1024} MiB. Open it in the ATS.`;
}

/** What is known of the contents of files, of a table that is called `f`. Of a file that changed since, nothing is. */
function contents(tx: Transaction, further = ''): string {
  return `select f.id as "attachmentId",
      case when c.claimed_until > now() then 'FETCHING' when c.of_hash is distinct from f.hash then 'NOT_FETCHED'
        when c.state = 'FETCHING' then 'NOT_FETCHED' else c.state end as state,
      case when c.of_hash = f.hash then c.reason end as reason,
      case when c.of_hash = f.hash then c.retry_at end as "retryAt",
      case when c.of_hash = f.hash and c.state = 'STORED' then c.text_state else 'NONE' end as "textState",
      case when c.of_hash = f.hash and c.state = 'STORED' then c.size::float8 end as size,
      case when c.of_hash = f.hash and c.state = 'STORED' then c.sha256 end as sha256,
      case when c.of_hash = f.hash and c.state = 'STORED' then c.content_type end as "contentType"${further}
    from talentbridge.mirror_attachment f
    left join talentbridge.attachment_content c on ${tx.own('c')} and c.attachment_id = f.id`;
}

function isDue(retryAt: Date | null): boolean {
  return retryAt !== null && retryAt.getTime() <= Date.now();
}

function retryAfter(toldMs: number | null | undefined, tries: number): Date | null {
  if (toldMs === null) return null;
  const ownMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries - 1, 16));
  return new Date(Date.now() + (toldMs ?? ownMs));
}

/** A file is never written over: each fetch has a place of its own, and the one before goes when the new one is there. */
function fileKeyOf(tx: Transaction, connectionId: string, attachmentId: string, claim: string): string {
  // In folders by the random end of the id: there may be millions.
  return `${tx.organizationId}/attachments/${connectionId}/${attachmentId.slice(-2)}/${attachmentId}-${claim.slice(0, 8)}`;
}
