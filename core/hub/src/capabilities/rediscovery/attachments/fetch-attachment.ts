import {
  type AttachmentFile,
  isHubError,
  MAX_ATTACHMENT_BYTES,
  type OpenConnection,
  present,
  type Urgency,
} from '@talentbridge/contracts';
import type { Logger } from 'pino';
import { callContext } from '../../../kernel/call-context.js';
import { type FileStore, FileTooLargeError } from '../../../kernel/files/file-store.js';
import { toldToWait } from '../../../kernel/jobs/wait-after.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import { type ClaimedAttachment, type Fetched, tooLarge } from './attachment-ledger.js';
import { mediaTypeOf } from './text/file-type.js';

/** How long the ATS may take to hand out one file. */
const CALL_LIMIT_MS = 90_000;
/** What nothing but time can change is tried again after six hours. */
const MUCH_LATER_MS = 6 * 3_600_000;

/** What a file is fetched with. */
export interface FetchParts {
  readonly files: FileStore;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  readonly logger: Logger;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** Gets a file from the ATS and stores it. Never throws for what the ATS or the file store does. */
export async function fetchAttachment(
  { files, opener, logger, reportFailure }: FetchParts,
  scope: OrganizationScope,
  attachment: ClaimedAttachment,
  urgency: Urgency,
): Promise<Fetched> {
  const { connectionId, candidateRemoteId, remoteId, filename, fileKey } = attachment;
  let file: AttachmentFile;
  try {
    const connection = await opener.open(scope, connectionId);
    const fetch = connection.capability('rediscovery')?.fetchAttachment;
    if (!fetch) {
      return { kind: 'NOT_OFFERED', reason: 'This ATS hands out no files. Open it there.' };
    }
    file = await fetch(callContext(urgency, CALL_LIMIT_MS), { candidateRemoteId, remoteId, filename });
  } catch (error) {
    if (isHubError(error) && error.recovery === 'reconnect') await reportFailure(scope, connectionId, error);
    return failed(error);
  }
  const { bytes } = file ?? {};
  if (!(bytes instanceof Uint8Array)) {
    return {
      kind: 'FAILED',
      reason: 'The plugin of this connection answered something else than a file. Report this to its author.',
      retryAfterMs: MUCH_LATER_MS,
    };
  }
  try {
    const stored = await files.put(fileKey, oneChunk(bytes), { limit: MAX_ATTACHMENT_BYTES });
    return { kind: 'STORED', file: stored, contentType: mediaTypeOf(bytes) };
  } catch (error) {
    if (error instanceof FileTooLargeError) return { kind: 'TOO_LARGE', reason: tooLarge() };
    logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'a file could not be stored');
    return { kind: 'FAILED', reason: 'It could not be stored here. It is tried again.' };
  }
}

function failed(error: unknown): Fetched {
  if (!isHubError(error)) throw error;
  if (error.code === 'ATS_ANSWER_TOO_LARGE') return { kind: 'TOO_LARGE', reason: tooLarge() };
  if (error.code === 'ATS_RECORD_NOT_FOUND') {
    return { kind: 'GONE', reason: 'The ATS lists this file and does not have it. It may have been deleted there.' };
  }
  const reason = error.recovery === 'fix' ? 'The plugin of this connection failed.' : error.message;
  if (error.recovery === 'skip' || error.recovery === 'fix') {
    return { kind: 'FAILED', reason, retryAfterMs: MUCH_LATER_MS };
  }
  return { kind: 'FAILED', reason, ...present({ retryAfterMs: toldToWait(error) }) };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
