import type {
  CallContext,
  PulledPage,
  PullRequest,
  RecordReference,
  RediscoveryCapability,
} from '@talentbridge/contracts';
import { isHubError } from '@talentbridge/contracts';
import { z } from 'zod';
import type { ExampleClient, ExampleList } from './client.js';
import { copyRowsOf, copyTableOf } from './data-copy.js';
import { toHistory, toMirroredApplication, toMirroredCandidate, toMirroredJob } from './mapping.js';

/** How far the vendor's clock and ours may be apart, and how late a change may show up in its lists. */
const OVERLAP_MS = 5 * 60_000;

/** Where a run stands: in which list, at which of the vendor's cursors, and when it began. Nothing of a person. */
const position = z.object({
  list: z.enum(['jobs', 'candidates', 'deleted']),
  mark: z.string(),
  at: z.string().optional(),
});
type Position = z.output<typeof position>;

/** Rediscovery of Example ATS: jobs, then candidates with their applications, then, after changes, who was deleted. */
export function exampleRediscovery(client: ExampleClient): RediscoveryCapability {
  return {
    limits: { readBatch: 20 },
    filters: ['status', 'job', 'source', 'lastUpdated'],

    async pull(ctx, request) {
      const place = placeOf(request);
      const page = await pageAt(client, ctx, place, request);
      const next = nextPlace(place, page.next, request.kind);
      return { ...page.records, mark: place.mark, ...(next && { cursor: JSON.stringify(next) }) };
    },

    async read(ctx, references) {
      const records = await Promise.all(references.map((reference) => readOne(client, ctx, reference)));
      return {
        candidates: records.flatMap(({ candidates }) => candidates),
        jobs: records.flatMap(({ jobs }) => jobs),
        applications: records.flatMap(({ applications }) => applications),
        gone: records.flatMap(({ gone }) => gone),
      };
    },

    async fetchAttachment(ctx, { candidateRemoteId, filename }) {
      // A candidate of Example ATS has one file, the résumé.
      const { contentType, bytes } = await client.resume(ctx, candidateRemoteId);
      return { filename, contentType, bytes };
    },

    readHistory: async (ctx, candidateRemoteId) => toHistory(await client.history(ctx, candidateRemoteId)),

    readCopyHeader: async (_ctx, header) => copyTableOf(header),
    readCopyRows: async (_ctx, rows) => copyRowsOf(rows),
  };
}

const NOTHING = { candidates: [], jobs: [], applications: [], gone: [] };

type Records = Pick<PulledPage, 'candidates' | 'jobs' | 'applications' | 'gone'>;

function placeOf({ cursor }: PullRequest): Position {
  // The mark is taken before anything is read, so that what changes meanwhile comes again.
  if (cursor === undefined) return { list: 'jobs', mark: new Date(Date.now() - OVERLAP_MS).toISOString() };
  return position.parse(JSON.parse(cursor));
}

async function pageAt(
  client: ExampleClient,
  ctx: CallContext,
  { list, at }: Position,
  request: PullRequest,
): Promise<{ readonly records: Records; readonly next: string | undefined }> {
  const query: ExampleList = { since: request.kind === 'changes' ? request.since : undefined, cursor: at };
  if (list === 'jobs') {
    const { jobs, next_cursor } = await client.jobs(ctx, query);
    return { records: { ...NOTHING, jobs: jobs.map(toMirroredJob) }, next: next_cursor ?? undefined };
  }
  if (list === 'candidates') {
    const { candidates, next_cursor } = await client.candidates(ctx, query);
    return { records: { ...NOTHING, candidates: candidates.map(toMirroredCandidate) }, next: next_cursor ?? undefined };
  }
  const { deleted, next_cursor } = await client.deletedCandidates(ctx, query);
  const gone = deleted.map(({ id }) => ({ kind: 'candidate' as const, remoteId: id }));
  return { records: { ...NOTHING, gone }, next: next_cursor ?? undefined };
}

/** What follows: the rest of this list, the next list, or nothing. */
function nextPlace({ list, mark }: Position, at: string | undefined, kind: PullRequest['kind']): Position | undefined {
  if (at !== undefined) return { list, mark, at };
  if (list === 'jobs') return { list: 'candidates', mark };
  if (list === 'candidates' && kind === 'changes') return { list: 'deleted', mark };
  return undefined;
}

async function readOne(client: ExampleClient, ctx: CallContext, reference: RecordReference): Promise<Records> {
  const { kind, remoteId } = reference;
  try {
    if (kind === 'job') return { ...NOTHING, jobs: [toMirroredJob(await client.job(ctx, remoteId))] };
    if (kind === 'candidate')
      return { ...NOTHING, candidates: [toMirroredCandidate(await client.candidate(ctx, remoteId))] };
    return { ...NOTHING, applications: [toMirroredApplication(await client.application(ctx, remoteId))] };
  } catch (error) {
    // Only what the vendor says it does not have is gone; anything else is tried again.
    if (isHubError(error) && error.code === 'ATS_RECORD_NOT_FOUND') return { ...NOTHING, gone: [reference] };
    throw error;
  }
}
