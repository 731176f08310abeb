import type {
  MirrorApplicationRecord,
  MirrorAttachmentRecord,
  MirrorCandidateRecord,
  MirrorJobRecord,
  SyncRunRecord,
} from '@talentbridge/hub';
import { webUrl } from '../validation/web-url.js';
import type { MirroredApplication, MirroredAttachment, MirroredCandidate } from './mirrored-candidate.type.js';
import type { MirroredJob } from './mirrored-job.type.js';
import type { SyncRun } from './sync-run.type.js';

/** A run of the hub as the schema shows it. */
export function showSyncRun({ remainingMs, ...run }: SyncRunRecord): SyncRun {
  return {
    ...run,
    remainingSeconds: remainingMs === null ? null : Math.ceil(remainingMs / 1000),
  };
}

/** A candidate of the mirror as the schema shows it. */
export function showMirroredCandidate(record: MirrorCandidateRecord): MirroredCandidate {
  const { id, connectionId, remoteId, remoteUpdatedAt, writtenAt, data } = record;
  const { firstName, lastName, emails, phones, address, workExperience, education, tags, source } = data;
  return {
    id,
    connectionId,
    remoteId,
    firstName,
    lastName,
    emails,
    phones,
    address,
    socialUrls: data.socialUrls.filter(({ url }) => webUrl(url) !== undefined),
    workExperience,
    education,
    tags,
    source,
    remoteUrl: webUrl(data.remoteUrl),
    remoteCreatedAt: dateOf(data.createdAt),
    remoteUpdatedAt,
    updatedAt: writtenAt,
  };
}

/** A job of the mirror as the schema shows it. */
export function showMirroredJob({ id, remoteId, remoteUpdatedAt, writtenAt, data }: MirrorJobRecord): MirroredJob {
  const { title, code, open, statusLabel, department, location, recruiter } = data;
  return {
    id,
    remoteId,
    title,
    code,
    open,
    statusLabel,
    department,
    location,
    recruiter,
    remoteUrl: webUrl(data.remoteUrl),
    remoteCreatedAt: dateOf(data.createdAt),
    remoteUpdatedAt,
    updatedAt: writtenAt,
  };
}

/** An application of the mirror as the schema shows it. */
export function showMirroredApplication(record: MirrorApplicationRecord): MirroredApplication {
  const { recruiterRemoteId, recruiterName, ...application } = record;
  const recruiter =
    recruiterName === null ? undefined : { name: recruiterName, remoteId: recruiterRemoteId ?? undefined };
  return { ...application, recruiter };
}

/** What is known of a file as the schema shows it. */
export function showMirroredAttachment(record: MirrorAttachmentRecord): MirroredAttachment {
  const { id, remoteId, filename, kind, contentType, size, remoteUpdatedAt } = record;
  return { id, remoteId, filename, kind, contentType, size, remoteUpdatedAt };
}

function dateOf(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
