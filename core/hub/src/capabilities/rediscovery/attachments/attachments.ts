import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenConnection, Urgency } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import type { AuditLog } from '../../../kernel/audit/audit-log.js';
import { NotFoundError } from '../../../kernel/errors.js';
import { FileMissingError, type FileStore } from '../../../kernel/files/file-store.js';
import type { JobPayload } from '../../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../../kernel/jobs/lost-jobs.js';
import { type Caller, systemCaller } from '../../../kernel/organizations/caller.js';
import type { Database } from '../../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { MirrorAttachmentRecord } from '../mirror-model.js';
import { type AbandonedFiles, SWEEP_TASK } from './abandoned-files.js';
import { type AttachmentLedger, FETCH_TASK } from './attachment-ledger.js';
import type { AttachmentContent, AttachmentState, LinkedAttachment, ReadAttachmentText } from './attachment-model.js';
import { fetchAttachment } from './fetch-attachment.js';
import type { FileLinks, FileTicket } from './file-links.js';
import { mediaTypeOf } from './text/file-type.js';
import { type TextExtractor, TextExtractorClosedError } from './text/text-extractor.js';

/** What `Attachments` works with. */
export interface AttachmentsParts {
  readonly database: Database;
  readonly files: FileStore;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  readonly ledger: AttachmentLedger;
  readonly abandoned: AbandonedFiles;
  readonly links: FileLinks;
  readonly extractor: TextExtractor;
  readonly audit: AuditLog;
  readonly logger: Logger;
  /** Whether files are fetched without anybody asking. */
  readonly eager: boolean;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** A file on its way to whoever opened it. */
export interface OpenedFile {
  readonly filename: string;
  /** In bytes. */
  readonly size: number;
  /** As its bytes say. */
  readonly contentType: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** How long somebody who looks at the screen waits for a file; what takes longer goes on without them. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 200;
/** Files that one process fetches at once for people who wait. */
const MOST_AT_ONCE = 8;
/** Files that one job fetches at once, and for how long before others have their turn. */
const DUE_AT_ONCE = 3;
const JOB_MS = 60_000;
/** Nothing is to be done about it now. */
const SETTLED: ReadonlySet<AttachmentState> = new Set(['STORED', 'GONE', 'TOO_LARGE', 'FAILED']);

/** The files of mirrored candidates: fetches them, keeps them, hands out links to them, and reads their text. */
export class Attachments {
  /** What this process has begun. Whoever waits no longer leaves it going. */
  private readonly underWay = new Map<string, Promise<AttachmentContent | undefined>>();
  private readonly reading = new Map<string, Promise<void>>();
  /** Fetches that wait for the ATS at this moment. */
  private fetching = 0;
  /** Connections whose files are all noticed since this process began. */
  private readonly caughtUp = new Set<string>();

  constructor(private readonly parts: AttachmentsParts) {}

  /** The jobs of files. */
  get tasks(): Readonly<Record<string, JobTask>> {
    return {
      [FETCH_TASK]: (payload, signal) => this.fetchDue(payload, signal),
      [SWEEP_TASK]: async ({ organizationId }, signal) => {
        await using scope = this.parts.database.scope(systemCaller(organizationId));
        await this.parts.abandoned.sweep(scope, signal);
      },
    };
  }

  get due(): DueWork {
    return {
      dueBefore: 'talentbridge.attachments_due',
      mayRun: async (tx, task, id) => task === SWEEP_TASK || this.parts.ledger.mayFetch(tx, id),
    };
  }

  /**
   * What the ATS says of a file, or `undefined` when the mirror has none.
   * @throws CapabilityOffError, WrongStateError while its mirror is not shown.
   */
  find(scope: OrganizationScope, id: string): Promise<MirrorAttachmentRecord | undefined> {
    return this.parts.ledger.record(scope, id);
  }

  /**
   * What is known of the contents of files, by id, without asking anybody.
   * @throws CapabilityOffError, WrongStateError while one of their mirrors is not shown.
   */
  contentsOf(scope: OrganizationScope, ids: readonly string[]): Promise<ReadonlyMap<string, AttachmentContent>> {
    return this.parts.ledger.contentsOf(scope, ids);
  }

  /**
   * A link to a file, for this caller alone and for five minutes. Where nobody has the file yet it is fetched first; what takes
   * longer than ten seconds goes on by itself.
   * @throws NotFoundError, CapabilityOffError, WrongStateError when its mirror may not be shown.
   */
  async link(scope: OrganizationScope, attachmentId: string): Promise<LinkedAttachment> {
    const content = await this.bring(scope, attachmentId);
    if (content.state !== 'STORED') return content;
    const { organizationId, caller } = scope;
    return { ...content, link: this.parts.links.sign({ organizationId, fileId: attachmentId, userId: caller.userId }) };
  }

  /**
   * The text of a file, fetched and read where nobody has yet. Reading it is written down, as opening it is.
   * @throws NotFoundError, CapabilityOffError, WrongStateError when its mirror may not be shown.
   */
  async text(scope: OrganizationScope, attachmentId: string): Promise<ReadAttachmentText> {
    const until = Date.now() + PATIENCE_MS;
    const content = await this.bring(scope, attachmentId, until);
    if (content.state === 'STORED' && content.textState === 'NONE') {
      await within(until, this.read(scope.caller, attachmentId));
    }
    return scope.transaction(async (tx) => {
      const { content: now, connectionId } = await this.parts.ledger.openable(tx, attachmentId);
      const text = now.textState === 'READ' ? await this.parts.ledger.text(tx, attachmentId) : undefined;
      if (text === undefined) return now;
      await this.parts.audit.record(
        tx,
        scope.caller,
        'attachment.readText',
        { type: 'attachment', id: attachmentId },
        { connectionId },
      );
      return { ...now, text };
    });
  }

  /** Whom a link is for. @throws FileLinkInvalidError, FileLinkExpiredError */
  ticketOf(token: string): FileTicket {
    return this.parts.links.read(token);
  }

  /**
   * Opens a file, and writes down who did. The scope is that of the ticket's organization and user.
   * @param options `headOnly`: nothing of the file is read, and nothing is written down.
   * @throws NotFoundError when the file is not there any more, or not in this organization.
   * @throws CapabilityOffError, WrongStateError when its mirror may not be shown any more.
   */
  async open(
    scope: OrganizationScope,
    attachmentId: string,
    { headOnly = false }: { readonly headOnly?: boolean } = {},
  ): Promise<OpenedFile> {
    const file = await scope.transaction(async (tx) => {
      const found = await this.parts.ledger.openable(tx, attachmentId);
      if (found.fileKey === null) throw new NotFoundError('attachment', attachmentId);
      if (!headOnly) {
        const { connectionId } = found;
        await this.parts.audit.record(
          tx,
          scope.caller,
          'attachment.open',
          { type: 'attachment', id: attachmentId },
          { connectionId },
        );
      }
      return { ...found, fileKey: found.fileKey };
    });
    const { filename, content } = file;
    return {
      filename,
      size: content.size ?? 0,
      contentType: content.contentType ?? 'application/octet-stream',
      content: headOnly ? nothing() : await this.contentOf(scope, attachmentId, file.fileKey),
    };
  }

  /** A mirror was read to its end: where files are fetched eagerly, those that came before they were are fetched, too. */
  async mirrored(scope: OrganizationScope, connectionId: string): Promise<void> {
    // It looks at every file of the mirror; what comes later is noticed when it comes.
    if (!this.parts.eager || this.caughtUp.has(connectionId)) return;
    this.caughtUp.add(connectionId);
    await this.parts.ledger.catchUp(scope, connectionId);
  }

  /** Goes on with a connection that can be used again. */
  resume(tx: Transaction, connectionId: string): Promise<void> {
    return this.parts.ledger.resume(tx, connectionId);
  }

  /** Waits a while for what this process has begun. What it leaves another one takes up once the claim has run out. */
  async close(): Promise<void> {
    await this.parts.extractor.close();
    await within(Date.now() + PATIENCE_MS, Promise.allSettled([...this.underWay.values(), ...this.reading.values()]));
  }

  /** Gets a file where nobody has it, and answers how it stands once that is known or nobody waits any more. */
  private async bring(
    scope: OrganizationScope,
    attachmentId: string,
    until = Date.now() + PATIENCE_MS,
  ): Promise<AttachmentContent> {
    const { caller } = scope;
    for (;;) {
      const look = Math.min(until, Date.now() + LOOK_AGAIN_MS);
      const current = await within(look, this.fetchOnce(caller, attachmentId, 'interactive', until));
      if (current !== undefined && current.state !== 'FETCHING') return current;
      if (Date.now() >= until) return await this.stateOf(caller, attachmentId);
      if (current !== undefined) await sleep(LOOK_AGAIN_MS);
    }
  }

  /** One fetch of a file in this process at a time; the ledger sees to the others. `undefined`: it is not wanted any more. */
  private fetchOnce(
    caller: Caller,
    attachmentId: string,
    urgency: Urgency,
    until = Number.POSITIVE_INFINITY,
  ): Promise<AttachmentContent | undefined> {
    const key = `${caller.organizationId}/${attachmentId}`;
    const begun = this.underWay.get(key);
    if (begun) return begun;
    const work = this.fetch(caller, attachmentId, urgency, until).finally(() => this.underWay.delete(key));
    this.underWay.set(key, work);
    return work;
  }

  private async fetch(
    caller: Caller,
    attachmentId: string,
    urgency: Urgency,
    until: number,
  ): Promise<AttachmentContent | undefined> {
    const { ledger, database } = this.parts;
    await using scope = database.scope(caller);
    const known = (await ledger.contentsOf(scope, [attachmentId])).get(attachmentId);
    // Many at once wait for one another; whoever has stopped waiting by then has not begun anything.
    while (urgency === 'interactive' && known?.state !== 'STORED' && this.fetching >= MOST_AT_ONCE) {
      if (Date.now() >= until) return known;
      await sleep(LOOK_AGAIN_MS);
    }
    this.fetching += 1;
    try {
      const claim = await ledger.claim(scope, attachmentId);
      if (claim.kind !== 'CLAIMED') return claim.content;
      const fetched = await fetchAttachment(this.parts, scope, claim.attachment, urgency);
      return await ledger.finish(scope, claim.attachment, fetched);
    } finally {
      this.fetching -= 1;
    }
  }

  private async stateOf(caller: Caller, attachmentId: string): Promise<AttachmentContent> {
    await using scope = this.parts.database.scope(caller);
    const content = (await this.parts.ledger.contentsOf(scope, [attachmentId])).get(attachmentId);
    if (!content) throw new NotFoundError('attachment', attachmentId);
    return content;
  }

  /** Reads the text of a stored file, once in this process at a time. */
  private read(caller: Caller, attachmentId: string): Promise<void> {
    const key = `${caller.organizationId}/${attachmentId}`;
    const begun = this.reading.get(key);
    if (begun) return begun;
    const work = this.readText(caller, attachmentId).finally(() => this.reading.delete(key));
    this.reading.set(key, work);
    return work;
  }

  private async readText(caller: Caller, attachmentId: string): Promise<void> {
    await using scope = this.parts.database.scope(caller);
    const { fileKey, content } = await scope.transaction((tx) => this.parts.ledger.openable(tx, attachmentId));
    if (fileKey === null || content.textState !== 'NONE') return;
    try {
      const bytes = await wholeOf(await this.contentOf(scope, attachmentId, fileKey), content.size ?? 0);
      const contentType = mediaTypeOf(bytes);
      const read = await this.parts.extractor.extract(bytes);
      await this.parts.ledger.saveText(scope, attachmentId, fileKey, { ...read, contentType });
    } catch (error) {
      // It is read the next time.
      if (!(error instanceof TextExtractorClosedError)) throw error;
    }
  }

  private async contentOf(
    scope: OrganizationScope,
    attachmentId: string,
    fileKey: string,
  ): Promise<AsyncIterable<Uint8Array>> {
    try {
      return await this.parts.files.read(fileKey);
    } catch (error) {
      if (!(error instanceof FileMissingError)) throw error;
      this.parts.logger.error({ attachmentId }, 'the file store does not have a file that it had; it is fetched again');
      await this.parts.ledger.lost(scope, attachmentId, fileKey);
      throw new NotFoundError('attachment', attachmentId, { cause: error });
    }
  }

  /** Fetches and reads the files of a connection that are due, some at a time, until none is or others have to have their turn. */
  private async fetchDue({ organizationId, id: connectionId }: JobPayload, signal: AbortSignal): Promise<void> {
    const { ledger, database } = this.parts;
    const caller = systemCaller(organizationId);
    await using scope = database.scope(caller);
    const turnEnds = Date.now() + JOB_MS;
    while (!signal.aborted && Date.now() < turnEnds) {
      const due = await ledger.due(scope, connectionId, DUE_AT_ONCE);
      if (due.length === 0) break;
      await Promise.all(due.map((attachmentId) => this.fetchAndRead(caller, scope, attachmentId)));
    }
    await ledger.later(scope, connectionId);
  }

  private async fetchAndRead(caller: Caller, scope: OrganizationScope, attachmentId: string): Promise<void> {
    try {
      const content = await this.fetchOnce(caller, attachmentId, 'background');
      if (content?.state === 'STORED' && content.textState === 'NONE') await this.read(caller, attachmentId);
      else if (content !== undefined && SETTLED.has(content.state)) {
        await this.parts.ledger.putOff(scope, attachmentId, content.retryAt);
      }
    } catch (error) {
      this.parts.logger.warn({ attachmentId, error: nameOf(error) }, 'a file is fetched later');
      await this.parts.ledger.postpone(scope, attachmentId);
    }
  }
}

/** What a promise answers, or `undefined` when that takes longer. What it throws after that goes nowhere. */
async function within<Value>(until: number, work: Promise<Value>): Promise<Value | undefined> {
  const gaveUp = new AbortController();
  const timeout = sleep(Math.max(0, until - Date.now()), undefined, { signal: gaveUp.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    gaveUp.abort();
    work.catch(() => undefined);
  }
}

async function wholeOf(content: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(size);
  let at = 0;
  for await (const chunk of content) {
    if (at + chunk.byteLength > size) break;
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
