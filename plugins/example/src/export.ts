import {
  type CallContext,
  type ExportCapability,
  ExportInterruptedError,
  type ExportRequest,
  type ExportWarning,
  isHubError,
} from '@talentbridge/contracts';
import type { ExampleClient } from './client.js';
import { MOST_CONTACTS, toContactChanges, toExampleCandidate, toJob, toReference } from './mapping.js';

/** Export into Example ATS: create the candidate, attach the job, add the résumé. */
export function exampleExport(client: ExampleClient): ExportCapability {
  return {
    fields: [
      { name: 'firstName', label: 'First name', maxLength: 100 },
      { name: 'lastName', label: 'Last name', maxLength: 100, required: true },
      { name: 'source', label: 'Source', note: 'The source name of the connection.' },
      { name: 'emails', label: 'Email addresses', maxCount: MOST_CONTACTS },
      { name: 'phones', label: 'Phone numbers', maxCount: MOST_CONTACTS },
      { name: 'tags', label: 'Tags', note: 'Tags that do not exist yet are created.' },
      { name: 'socialUrls', label: 'Social links' },
      {
        name: 'workExperience',
        label: 'Work experience',
        parts: ['employer', 'title', 'startDate', 'endDate'],
        datePrecision: 'month',
      },
      { name: 'resume', label: 'Résumé', note: 'Takes the place of an earlier one.' },
    ],
    // The vendor keeps `external_id` unique and answers a repetition with the first candidate.
    limits: { absorbsRepeats: true },

    async listJobs(ctx, query) {
      const { jobs, next_cursor: cursor } = await client.openJobs(ctx, query);
      return { items: jobs.map(toJob), ...(cursor ? { cursor } : {}) };
    },

    async exportCandidate(ctx, request) {
      const reference =
        request.existing ??
        toReference(await client.createCandidate(ctx, toExampleCandidate(request, client.sourceName)));
      try {
        // Throws when they are gone.
        if (request.existing) await client.candidate(ctx, request.existing.remoteId);
        if (request.target.kind === 'job') await client.attachJob(ctx, reference.remoteId, request.target.jobRemoteId);
        const warnings = await addResume(client, ctx, reference.remoteId, request);
        return { ...reference, outcome: 'CREATED', warnings };
      } catch (failure) {
        throw new ExportInterruptedError(reference, failure);
      }
    },

    async addContact(ctx, addition) {
      const { changes, leftOut } = toContactChanges(await client.candidate(ctx, addition.remoteId), addition);
      if (Object.keys(changes).length === 0) return { outcome: 'KNOWN', leftOut };
      await client.changeCandidate(ctx, addition.remoteId, changes);
      return { outcome: 'UPDATED', leftOut };
    },

    async findExported(ctx, request) {
      const candidate = await client.findCandidate(ctx, request.itemId);
      return candidate && toReference(candidate);
    },
  };
}

async function addResume(
  client: ExampleClient,
  ctx: CallContext,
  candidateId: string,
  { resume }: ExportRequest,
): Promise<readonly ExportWarning[]> {
  if (!resume) return [];
  try {
    await client.putResume(ctx, candidateId, resume);
    return [];
  } catch (error) {
    // Only a refusal of this file is a warning; an outage is repeated, and a revoked key needs an admin.
    if (!isHubError(error) || error.recovery !== 'skip') throw error;
    const message = 'Example ATS did not take the résumé. Add it there by hand.';
    return [{ code: 'RESUME_REFUSED', field: 'resume', message }];
  }
}
