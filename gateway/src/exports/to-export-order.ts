import type { ExportOrder, PreviewOrder, Settlement } from '@talentbridge/hub';
import type { ExportCandidatesInput, PreviewExportInput, SettleExportItemInput } from './export.input.js';

/** What is to be previewed, as the hub takes it. */
export function toPreviewOrder(input: PreviewExportInput): PreviewOrder {
  const { connectionId, profileIds, projectId, generateDummyEmails, includePreviouslyExported } = input;
  return {
    connectionId: connectionId.toLowerCase(),
    options: { generateDummyEmails, includePreviouslyExported },
    ...(profileIds ? { profileIds: profileIds.map((id) => id.toLowerCase()) } : {}),
    ...(projectId ? { projectId: projectId.toLowerCase() } : {}),
  };
}

/** What is to be exported, as the hub takes it. */
export function toExportOrder(input: ExportCandidatesInput): ExportOrder {
  const { jobId } = input.target;
  return {
    ...toPreviewOrder(input),
    target: jobId == null ? { kind: 'prospect' } : { kind: 'job', jobRemoteId: jobId },
    idempotencyKey: input.idempotencyKey,
  };
}

/** What an admin found out, as the hub takes it. */
export function toSettlement({ verdict, remoteId, remoteUrl }: SettleExportItemInput): Settlement {
  if (verdict !== 'ARRIVED') return { arrived: false, sendAgain: verdict === 'SEND_AGAIN' };
  return { arrived: true, remoteId: remoteId?.trim() ?? '', ...(remoteUrl ? { remoteUrl } : {}) };
}
