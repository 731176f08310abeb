import type { ExportRequest, Job, JsonValue, RemoteReference } from '@talentbridge/contracts';
import type { ExampleCandidate, ExampleJob } from './client.js';

/** Our candidate as Example ATS takes it. */
export function toExampleCandidate(
  { itemId, candidate }: ExportRequest,
  sourceName: string,
): { readonly [property: string]: JsonValue } {
  return {
    external_id: itemId,
    source: sourceName,
    first_name: candidate.firstName,
    last_name: candidate.lastName,
    emails: candidate.emails,
    phones: candidate.phones.map(({ number, type }) => ({ number, type })),
    links: candidate.socialUrls.map(({ network, url }) => ({ network, url })),
    positions: candidate.workExperience.map(({ employer, title, startDate, endDate }) => ({
      employer,
      title: title ?? null,
      from: startDate ?? null,
      to: endDate ?? null,
    })),
    tags: candidate.tags,
  };
}

/** A job of Example ATS as ours. */
export function toJob(job: ExampleJob): Job {
  return {
    remoteId: job.id,
    title: job.title,
    open: job.status === 'open',
    statusLabel: job.status,
    ...(job.number ? { code: job.number } : {}),
    ...(job.city ? { location: job.city } : {}),
  };
}

/** Where a candidate of Example ATS is. */
export function toReference(candidate: ExampleCandidate): RemoteReference {
  return candidate.url ? { remoteId: candidate.id, remoteUrl: candidate.url } : { remoteId: candidate.id };
}
