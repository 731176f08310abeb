import {
  type CallContext,
  type ClosedMember,
  type NetworkExport,
  present,
  RecordNotFoundError,
  readAnswer,
} from '@talentbridge/contracts';
import type { LinkedInApi } from './client.js';
import { instant, personOf } from './recruiter-records.js';
import { queryOf } from './requests.js';
import { ATS, failure, isSuccess } from './vendor-errors.js';
import { closedRecord, exportRecord, pageOf } from './vendor-records.js';

const READ = 'read whom a recruiter exported';

/**
 * Whom a recruiter exported (LinkedIn sheet §6.4; names INFERRED).
 * @throws RecordNotFoundError when LinkedIn does not know the request (any more), or it is another customer's.
 */
export async function readExport(api: LinkedInApi, ctx: CallContext, requestId: string): Promise<NetworkExport> {
  const record = { type: 'export', remoteId: requestId };
  const query = queryOf({ q: 'request', requestId });
  const response = await api.send(ctx, { method: 'GET', resource: 'exportedCandidates', query });
  if (!isSuccess(response)) throw failure(response, READ, { record });
  const { elements } = readAnswer(response, pageOf(exportRecord), { atsName: ATS, action: READ });
  // The address that was told is this customer's; what is exported to another one is none of its business (sheet §6.4).
  const found = elements.find(({ integrationContext }) => integrationContext === api.customer.organization);
  if (!found) throw new RecordNotFoundError(ATS, record.type, requestId);
  return {
    person: personOf(found.candidate),
    exportedAt: instant(found.exportedAt),
    ...present({ jobRemoteId: found.externalJobPostingId, exportedBy: found.exporter }),
  };
}

/** One page of those exported members who have left (LinkedIn sheet §6.5, INFERRED). */
export async function closedMembers(
  api: LinkedInApi,
  ctx: CallContext,
  { cursor }: { readonly cursor?: string },
): Promise<{ readonly members: readonly ClosedMember[]; readonly cursor?: string }> {
  const parameters = { q: 'closedCandidates', integrationContext: api.customer.organization };
  const call = { resource: 'exportedCandidates', parameters, action: 'read which members have left', cursor };
  const { elements, ...rest } = await api.list(ctx, call, closedRecord);
  return { members: elements.map(({ member, closedAt }) => ({ member, closedAt: instant(closedAt) })), ...rest };
}
