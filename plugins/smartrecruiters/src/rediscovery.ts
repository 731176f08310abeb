import {
  AtsUnavailableError,
  atMost,
  type CallContext,
  type MirroredCandidate,
  type MirroredJob,
  PassedOver,
  type PulledPage,
  type PullRequest,
  type RecordReference,
  type RecordsRead,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import { attachmentsOf, fetchAttachment } from './attachments.js';
import type { ListOutcome, ListQuery, SmartRecruitersClient } from './client.js';
import { type CrawlPlace, firstPlace, placeAfter, placeAgain, readCursor, writeCursor } from './crawl-place.js';
import { readHistory } from './history.js';
import { applicationsOf, candidateOfApplication, mirroredCandidate, mirroredJob } from './mirror-mapping.js';

const ATS = 'SmartRecruiters';

/**
 * Candidates on a page. Each is a request by itself, ten of which are answered in a second (SmartRecruiters sheet §13): a
 * page takes three seconds. A multiple of ten, so that the next list is read while the last ten still count.
 */
const CANDIDATES_PER_PAGE = 30;

/** Jobs on a page: the list has all of them that is mirrored. */
const JOBS_PER_PAGE = 100;

/** As many as one endpoint answers at once (SmartRecruiters sheet §13). */
const AT_ONCE = 8;

/** So often a list may begin again because its cursor expired: a cursor that never lasts would have a run go on for ever. */
const MAX_RESTARTS = 10;

/** What of a candidate is mirrored. */
export interface MirrorChoices {
  /** Whether files are listed. */
  readonly attachments: boolean;
}

/**
 * Rediscovery: the lists of jobs and candidates, the second with a read for each candidate, because it lacks phone number,
 * links, history, reasons and the status of all jobs but one (SmartRecruiters sheet §5, CONFIRMED).
 *
 * The mirror holds whom the list shows: people with an application. Those in the talent pool alone are in no list, so none
 * ever enters the mirror, and none is taken for deleted when a run of everything does not bring them.
 */
export function smartRecruitersRediscovery(
  client: SmartRecruitersClient,
  choices: MirrorChoices,
): RediscoveryCapability {
  return {
    limits: { completeWhenFull: true, readBatch: CANDIDATES_PER_PAGE, showsUnassigned: false },
    // The filters that people know from SmartRecruiters (sheet §17).
    filters: ['status', 'subStatus', 'job', 'rejectionReason', 'withdrawalReason', 'source', 'lastUpdated'],
    pull: (ctx, request) => pull(client, choices, ctx, request),
    read: (ctx, references) => read(client, choices, ctx, references),
    fetchAttachment: (ctx, attachment) => fetchAttachment(client, ctx, attachment),
    readHistory: (ctx, candidateRemoteId) => readHistory(client, ctx, candidateRemoteId),
  };
}

async function pull(
  client: SmartRecruitersClient,
  choices: MirrorChoices,
  ctx: CallContext,
  request: PullRequest,
): Promise<PulledPage> {
  const everything = request.kind === 'all';
  const beginning = firstPlace(everything ? undefined : request.since);
  // A cursor of another version of this plugin cannot be read: the run begins again, and loses time alone.
  let here = (request.cursor === undefined ? undefined : readCursor(request.cursor)) ?? beginning;
  for (;;) {
    const startedAt = Date.now();
    const page =
      here.list === 'jobs'
        ? await pageOfJobs(client, ctx, here)
        : await pageOfCandidates(client, choices, ctx, here, request.attempt);
    if (page !== 'expired') {
      const { next, total, servedAt, records } = page;
      const mark = here.mark ?? markOf(startedAt, servedAt);
      const place = placeAfter(here, { next, mark, everything, read: records.candidates?.length ?? 0 });
      const cursor = place === undefined ? {} : { cursor: writeCursor(place) };
      return { ...NOTHING, ...records, mark, ...cursor, ...progressOf(here, total) };
    }
    here = placeAgain(here);
    if (here.restarts > MAX_RESTARTS) {
      const reason = 'forgets the place in its list sooner than the list can be read';
      throw new AtsUnavailableError(ATS, reason, { effect: 'none' });
    }
  }
}

/** A page of a list, with the records that it led to. */
type CrawledPage =
  | {
      readonly next: string | undefined;
      readonly total: number | undefined;
      readonly servedAt: number | undefined;
      readonly records: Partial<Pick<PulledPage, 'candidates' | 'jobs' | 'gone' | 'unreadable'>>;
    }
  | 'expired';

async function pageOfJobs(client: SmartRecruitersClient, ctx: CallContext, here: CrawlPlace): Promise<CrawledPage> {
  const listed = await client.listJobs(ctx, { ...queryAt(here), first: JOBS_PER_PAGE });
  if (listed.kind === 'expired') return 'expired';
  return { ...tellOf(listed), records: { jobs: listed.items.map(mirroredJob) } };
}

async function pageOfCandidates(
  client: SmartRecruitersClient,
  choices: MirrorChoices,
  ctx: CallContext,
  here: CrawlPlace,
  attempt: number | undefined,
): Promise<CrawledPage> {
  const listed = await client.listCandidates(ctx, { ...queryAt(here), first: CANDIDATES_PER_PAGE });
  if (listed.kind === 'expired') return 'expired';
  const ids = [...new Set(listed.items.map(({ id }) => id))];
  const passedOver = new PassedOver(attempt);
  const tried = await atMost(AT_ONCE, ids, async (id) => {
    const read = await passedOver.read({ kind: 'candidate', remoteId: id }, () =>
      candidateOf(client, choices, ctx, id),
    );
    return read && { id, candidate: read.answer };
  });
  const read = tried.filter((one) => one !== undefined);
  const unreadable = passedOver.records;
  return {
    ...tellOf(listed),
    records: {
      candidates: read.flatMap(({ candidate }) => (candidate === undefined ? [] : [candidate])),
      // In the list a moment ago, and now not found by its id: SmartRecruiters says that it was deleted meanwhile.
      gone: read.flatMap(({ id, candidate }) => (candidate === undefined ? [goneCandidate(id)] : [])),
      ...(unreadable.length === 0 ? {} : { unreadable }),
    },
  };
}

/**
 * Reads records by their ids. An application comes with its candidate.
 *
 * A candidate without an application is answered neither way: SmartRecruiters has it, and the mirror does not hold people
 * whom a run would not bring.
 */
async function read(
  client: SmartRecruitersClient,
  choices: MirrorChoices,
  ctx: CallContext,
  references: readonly RecordReference[],
): Promise<RecordsRead> {
  const idsOf = (kind: RecordReference['kind']): readonly string[] => [
    ...new Set(references.filter((one) => one.kind === kind).map(({ remoteId }) => remoteId)),
  ];
  const applicationIds = idsOf('application');
  const candidateIds = new Set([
    ...idsOf('candidate'),
    ...applicationIds.flatMap((id) => candidateOfApplication(id) ?? []),
  ]);
  const candidates = new Map(
    await atMost(AT_ONCE, [...candidateIds], async (id) => [id, await candidateOf(client, choices, ctx, id)] as const),
  );
  const jobs = await atMost(AT_ONCE, idsOf('job'), async (id) => [id, await jobOf(client, ctx, id)] as const);
  const found = [...candidates.values()].filter((candidate) => candidate !== undefined);
  const standing = new Set(found.flatMap(({ applications = [] }) => applications.map(({ remoteId }) => remoteId)));
  return {
    candidates: found.filter(({ applications = [] }) => applications.length > 0),
    jobs: jobs.flatMap(([, job]) => job ?? []),
    applications: [],
    gone: [
      ...[...candidates].flatMap(([id, candidate]) => (candidate === undefined ? [goneCandidate(id)] : [])),
      ...jobs.flatMap(([remoteId, job]) => (job === undefined ? [{ kind: 'job', remoteId } as const] : [])),
      ...applicationIds
        .filter((id) => !standing.has(id))
        .map((remoteId) => ({ kind: 'application', remoteId }) as const),
    ],
  };
}

/** A candidate as it is now; `undefined` when SmartRecruiters says that there is none. */
async function candidateOf(
  client: SmartRecruitersClient,
  choices: MirrorChoices,
  ctx: CallContext,
  id: string,
): Promise<MirroredCandidate | undefined> {
  if (!canBeAsked(id)) return undefined;
  const details = await client.candidateDetails(ctx, id);
  if (!details) return undefined;
  const attachments = choices.attachments ? await attachmentsOf(client, ctx, id, applicationsOf(details)) : undefined;
  return { ...mirroredCandidate(details, attachments), ...client.referenceTo(details.id) };
}

async function jobOf(client: SmartRecruitersClient, ctx: CallContext, id: string): Promise<MirroredJob | undefined> {
  const job = canBeAsked(id) ? await client.job(ctx, id) : undefined;
  return job && mirroredJob(job);
}

/** Ids come from notifications as well, and these lead to another path than they say. No record has such an id. */
function canBeAsked(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..';
}

const NOTHING = { candidates: [], jobs: [], applications: [], gone: [] } as const;

function goneCandidate(remoteId: string): RecordReference {
  return { kind: 'candidate', remoteId };
}

function tellOf({ cursor, total, servedAt }: Extract<ListOutcome<unknown>, { readonly kind: 'page' }>) {
  return { next: cursor, total, servedAt };
}

function queryAt({ updatedAfter, pageId }: CrawlPlace): Pick<ListQuery, 'updatedAfter' | 'cursor'> {
  return { updatedAfter, cursor: pageId };
}

/**
 * When a run began: by SmartRecruiters' clock, which its dates follow, and never later than by ours, should a server between
 * us and them have a clock of its own.
 */
function markOf(ours: number, theirs: number = ours): string {
  return new Date(Math.min(ours, theirs)).toISOString();
}

/**
 * How many a run is to read. Whoever comes a second time in a sweep counts a second time: reading them takes as long. Of the jobs
 * of a sweep nothing is told, because how many candidates follow is not known yet.
 */
function progressOf(
  { list, sweep, readBefore = 0 }: CrawlPlace,
  total: number | undefined,
): Pick<PulledPage, 'progress'> {
  if (total === undefined) return {};
  if (list === 'candidates') return { progress: { candidates: readBefore + total } };
  return sweep > 0 ? {} : { progress: { jobs: total } };
}
