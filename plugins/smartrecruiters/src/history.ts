import {
  atMost,
  type CallContext,
  type CandidateHistory,
  type MirroredApplication,
  RecordNotFoundError,
  type StageChange,
} from '@talentbridge/contracts';
import { ATS } from './api.js';
import type { SmartRecruitersClient } from './client.js';
import { text } from './mapping.js';
import { applicationsOf, momentOf } from './mirror-mapping.js';
import type { StatusChange } from './vendor-records.js';

/** As many as one endpoint answers at once (SmartRecruiters sheet §13). */
const AT_ONCE = 8;

/**
 * The statuses that a candidate's applications came to: a request for the candidate, and one for each application. Notes and
 * reviews have no endpoint in the published API (SmartRecruiters sheet §7).
 * @throws RecordNotFoundError
 */
export async function readHistory(
  client: SmartRecruitersClient,
  ctx: CallContext,
  candidateId: string,
): Promise<CandidateHistory> {
  const details = await client.candidateDetails(ctx, candidateId);
  if (!details) throw new RecordNotFoundError(ATS, 'candidate', candidateId);
  const changes = await atMost(AT_ONCE, applicationsOf(details), async (application) => {
    const history = await client.statusHistory(ctx, { candidateId, jobId: application.jobRemoteId });
    return stageChangesOf(application, history ?? []);
  });
  return { notes: [], stageChanges: changes.flat(), feedback: [] };
}

/** Each status under the name that people see: the sub-status where there is one. The same at the same time is one change. */
export function stageChangesOf(
  { remoteId: applicationRemoteId }: Pick<MirroredApplication, 'remoteId'>,
  history: readonly StatusChange[],
): readonly StageChange[] {
  const changes = history.flatMap(({ changedOn, status, subStatus }): StageChange[] => {
    const stage = text(subStatus) ?? text(status);
    const enteredAt = momentOf(changedOn);
    if (stage === undefined || enteredAt === undefined) return [];
    return [{ remoteId: `${applicationRemoteId}/${stage}/${enteredAt}`, applicationRemoteId, stage, enteredAt }];
  });
  return [...new Map(changes.map((change) => [change.remoteId, change])).values()];
}
