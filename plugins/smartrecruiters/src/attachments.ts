import {
  type AttachmentFile,
  type CallContext,
  type MirroredApplication,
  type MirroredAttachment,
  RecordNotFoundError,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import type { SmartRecruitersClient } from './client.js';
import { mirroredAttachment, placeOfAttachment } from './mirror-mapping.js';

const ATS = 'SmartRecruiters';

type FetchAttachment = NonNullable<RediscoveryCapability['fetchAttachment']>;

/**
 * Every file of a candidate: those on the candidate, and those on each application. Whether the first list has the second in
 * it is not public (SmartRecruiters sheet §9), so both are asked for, and a file that is in both counts once.
 *
 * @returns `undefined` when the candidate or an application went away meanwhile: then nobody can tell what is missing.
 */
export async function attachmentsOf(
  client: SmartRecruitersClient,
  ctx: CallContext,
  candidateId: string,
  applications: readonly MirroredApplication[],
): Promise<readonly MirroredAttachment[] | undefined> {
  const found = new Map<string, MirroredAttachment | undefined>();
  for (const jobId of [undefined, ...applications.map(({ jobRemoteId }) => jobRemoteId)]) {
    const files = await client.findAttachments(ctx, { candidateId, jobId });
    if (files === undefined) return undefined;
    for (const file of files) if (!found.has(file.id)) found.set(file.id, mirroredAttachment(file, jobId));
  }
  return [...found.values()].filter((attachment) => attachment !== undefined);
}

/**
 * One file. Its link is read anew each time, because links are the vendor's to change (SmartRecruiters sheet §9).
 * @throws RecordNotFoundError
 */
export async function fetchAttachment(
  client: SmartRecruitersClient,
  ctx: CallContext,
  { candidateRemoteId, remoteId, filename }: Parameters<FetchAttachment>[1],
): Promise<AttachmentFile> {
  const { jobId, fileId } = placeOfAttachment(remoteId);
  const files = await client.findAttachments(ctx, { candidateId: candidateRemoteId, jobId });
  const listed = files?.find(({ id }) => id === fileId);
  const link = listed?.actions?.download?.url;
  const file = link ? await client.download(ctx, link) : undefined;
  if (!file) throw new RecordNotFoundError(ATS, 'attachment', remoteId);
  const { bytes, contentType = listed?.contentType ?? 'application/octet-stream' } = file;
  return { filename, contentType, bytes };
}
