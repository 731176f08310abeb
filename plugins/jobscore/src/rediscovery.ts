import {
  type CallContext,
  type MirroredCandidate,
  PassedOver,
  type PulledPage,
  type RecordReference,
  type RecordsRead,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import { readHistory } from './history.js';
import { lacksDispositionName, mirroredApplication, mirroredCandidate, mirroredJob } from './mirror-mapping.js';
import { type JobScoreReader, unlessNotFound } from './reader.js';
import { firstPage, markOf, type RunPosition, readPosition, writePosition } from './run-position.js';
import type { JobScoreApplication, JobScorePerson } from './vendor-records.js';
import { stepThrough } from './walk.js';

/** Jobs come whole in their list: the largest page that JobScore serves. */
const JOBS_A_PAGE = 100;

/**
 * Candidates whose applications and documents are read in one call of `pull`: two requests each, so that a page is
 * through within a minute even at one request a second.
 */
const CANDIDATES_AT_ONCE = 25;

/** Candidates in one call of `read`: up to four requests each. */
const READ_AT_ONCE = 10;

/** Where most candidates of a list need no second look. */
const CANDIDATES_TO_COMPARE = 100;

/** Rediscovery of JobScore: jobs, then candidates with their applications and files (JobScore sheet §9a). */
export function jobScoreRediscovery(reader: JobScoreReader): RediscoveryCapability {
  return {
    // JobScore lists no deletions: a complete run of all shows them, and webhooks sooner (JobScore sheet §9a).
    limits: { completeWhenFull: true, readBatch: READ_AT_ONCE },
    filters: ['status', 'job', 'source', 'lastUpdated'],

    pull(ctx, request) {
      const position = readPosition(request, JOBS_A_PAGE);
      const since = request.kind === 'changes' ? request.since : undefined;
      const pullList = position.list === 'jobs' ? pullJobs : pullCandidates;
      return pullList(reader, ctx, position, {
        since: position.again ? position.mark : since,
        passedOver: new PassedOver(request.attempt),
      });
    },

    async read(ctx, references) {
      const dispositions = new Dispositions(reader, ctx);
      const answers = await Promise.all(references.map((reference) => readOne(reader, ctx, reference, dispositions)));
      return {
        candidates: answers.flatMap(({ candidates = [] }) => candidates),
        jobs: answers.flatMap(({ jobs = [] }) => jobs),
        applications: answers.flatMap(({ applications = [] }) => applications),
        gone: answers.flatMap(({ gone = [] }) => gone),
      };
    },

    async fetchAttachment(ctx, { remoteId, filename }) {
      const { bytes, contentType = 'application/octet-stream' } = await reader.file(ctx, remoteId);
      return { filename, contentType, bytes };
    },

    readHistory: (ctx, candidateRemoteId) => readHistory(reader, ctx, candidateRemoteId),
  };
}

/** What a page is asked for, beside its place. */
interface PageOrder {
  readonly since: string | undefined;
  readonly passedOver: PassedOver;
}

async function pullJobs(
  reader: JobScoreReader,
  ctx: CallContext,
  { place, mark, again }: RunPosition,
  { since }: PageOrder,
): Promise<PulledPage> {
  const step = await stepThrough((number) => reader.jobs(ctx, { number, size: place.size }), place);
  const position = { mark: mark ?? markOf(step.page.answeredAt, Date.now()), ...(again && { again }) };
  const jobs = step.items.filter((job) => isSince(job.updated_on, since)).map(mirroredJob);
  const { total } = step.page;
  return {
    ...NOTHING,
    jobs,
    mark: position.mark,
    cursor: writePosition(
      step.next
        ? { list: 'jobs', place: step.next, ...position }
        : { list: 'candidates', place: firstPage(CANDIDATES_AT_ONCE), ...position },
    ),
    ...(since === undefined && total !== undefined ? { progress: { jobs: total } } : {}),
  };
}

async function pullCandidates(
  reader: JobScoreReader,
  ctx: CallContext,
  { place, mark, again }: RunPosition,
  { since, passedOver }: PageOrder,
): Promise<PulledPage> {
  const { size } = place;
  const step = await stepThrough((number) => reader.candidates(ctx, { number, size }, since), place);
  const position = { list: 'candidates' as const, ...(mark === undefined ? {} : { mark }), ...(again && { again }) };
  const { total } = step.page;
  const page = {
    ...NOTHING,
    ...(mark === undefined ? {} : { mark }),
    ...(since === undefined && total !== undefined ? { progress: { candidates: total } } : {}),
  };

  const changed = step.items.filter((person) => isSince(person.updated_on, since));
  if (changed.length < step.items.length && size < CANDIDATES_TO_COMPARE) {
    // JobScore ignores `updated_since`: the whole list is compared, in larger pages.
    return { ...page, cursor: writePosition({ ...position, place: firstPage(CANDIDATES_TO_COMPARE) }) };
  }
  const now = changed.slice(0, CANDIDATES_AT_ONCE);
  const records = await whole(reader, ctx, now, passedOver);
  const done = [...place.done, ...now.map(({ id }) => id)];
  const next = now.length < changed.length ? { ...place, done } : step.next;
  if (next) return { ...page, ...records, cursor: writePosition({ ...position, place: next }) };
  if (again || since !== undefined) return { ...page, ...records };
  // JobScore promises no order: a change may have moved a record to a page that was read already, and it would be missing.
  const cursor = writePosition({ ...position, list: 'jobs', place: firstPage(JOBS_A_PAGE), again: true });
  return { ...page, ...records, cursor };
}

const NOTHING = { candidates: [], jobs: [], applications: [], gone: [] } as const;

/** Candidates with all that hangs on them. Those that vanished since they were listed are gone. */
async function whole(
  reader: JobScoreReader,
  ctx: CallContext,
  people: readonly JobScorePerson[],
  passedOver: PassedOver,
): Promise<Pick<PulledPage, 'candidates' | 'gone' | 'unreadable'>> {
  const dispositions = new Dispositions(reader, ctx);
  const read = await Promise.all(
    people.map((person) =>
      passedOver.read({ kind: 'candidate', remoteId: person.id }, () => wholeOf(reader, ctx, person, dispositions)),
    ),
  );
  const gone = people.filter((_, index) => read[index] && read[index].answer === undefined);
  const unreadable = passedOver.records;
  return {
    candidates: read.flatMap((one) => one?.answer ?? []),
    gone: gone.map(({ id }) => ({ kind: 'candidate', remoteId: id })),
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}

/**
 * A candidate with applications and documents, two requests. A list that is not found is one that the account does not
 * offer, as long as the candidate is there (JobScore sheet §9a: any of the inferred lists may be missing).
 */
async function wholeOf(
  reader: JobScoreReader,
  ctx: CallContext,
  person: JobScorePerson,
  dispositions: Dispositions,
): Promise<MirroredCandidate | undefined> {
  const [applications, documents] = await Promise.all([
    unlessNotFound(reader.applicationsOf(ctx, person.id)),
    unlessNotFound(reader.documentsOf(ctx, person.id)),
  ]);
  const isThere = applications ?? documents ?? (await unlessNotFound(reader.candidate(ctx, person.id)));
  if (isThere === undefined) return undefined;
  const names = await dispositions.namesFor(applications ?? []);
  return mirroredCandidate(person, { applications, documents, dispositions: names });
}

async function readOne(
  reader: JobScoreReader,
  ctx: CallContext,
  reference: RecordReference,
  dispositions: Dispositions,
): Promise<Partial<RecordsRead>> {
  const { kind, remoteId } = reference;
  if (kind === 'job') {
    const job = await unlessNotFound(reader.job(ctx, remoteId));
    return job ? { jobs: [mirroredJob(job)] } : { gone: [reference] };
  }
  if (kind === 'candidate') {
    const person = await unlessNotFound(reader.candidate(ctx, remoteId));
    const candidate = person && (await wholeOf(reader, ctx, person, dispositions));
    return candidate ? { candidates: [candidate] } : { gone: [reference] };
  }
  const application = await unlessNotFound(reader.application(ctx, remoteId));
  if (!application) return { gone: [reference] };
  const names = await dispositions.namesFor([application]);
  return { applications: mirroredApplication(application, application.candidate_id, names) };
}

/** Names of dispositions, asked for once, and only when some application comes without one. */
class Dispositions {
  #names: Promise<ReadonlyMap<string, string> | undefined> | undefined;

  constructor(
    private readonly reader: JobScoreReader,
    private readonly ctx: CallContext,
  ) {}

  async namesFor(applications: readonly JobScoreApplication[]): Promise<ReadonlyMap<string, string>> {
    if (!applications.some(lacksDispositionName)) return new Map();
    this.#names ??= this.reader.dispositionNames(this.ctx);
    return (await this.#names) ?? new Map();
  }
}

/** Whether a record was changed since then. Without a date it may have been. */
function isSince(updatedOn: string | null | undefined, since: string | undefined): boolean {
  return since === undefined || updatedOn == null || Date.parse(updatedOn) >= Date.parse(since);
}
