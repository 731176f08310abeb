import {
  AtsAnswerUnreadableError,
  type AtsFilter,
  type CallContext,
  PassedOver,
  type PulledPage,
  type PullRequest,
  RecordNotFoundError,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import { MAX_ROWS, type ProfileType } from './client.js';
import {
  asideWhenDue,
  type CrawlPlace,
  firstPlace,
  MOST_TOGETHER,
  markOf,
  nextList,
  readCursor,
  type WalkPlace,
  writeCursor,
} from './crawl-place.js';
import { purgedOf, RESUME_ID } from './mirror-mapping.js';
import {
  type IcimsMirrorParts,
  joined,
  NOTHING,
  type PageContext,
  PROFILE_NAMES,
  ProfileReader,
  type Told,
} from './profile-reader.js';
import { beyond, updatedSince } from './search-filters.js';
import { ATS } from './vendor-errors.js';

/** Searches on a page of counting. Each waits for the one before. */
const COUNTED_PER_PAGE = 20;

/** References in one call of `read`, so that they fit with their workflows. */
const READ_BATCH = 20;

/** Ids that were found are walked through for so long before they are asked for again. */
const FOUND_MS = 15 * 60_000;

/**
 * A first load of 100,000 people takes four weeks of a customer's calls: one for each person and workflow, of 8,000 a day (README). Runs of changes
 * bring everything but what vanished without a trace, so that a quarter of a year is soon enough for that.
 */
const FULL_EVERY_MS = 90 * 86_400_000;

/** What did not come in such a run, and is asked about: a tenth of a day's calls or so. */
const MOST_ASKED_ABOUT = 500;

/** What can hold values here: iCIMS has neither reasons nor recruiters on a workflow in public. */
const FILTERS: readonly AtsFilter[] = ['status', 'job', 'source', 'lastUpdated'];

/** Rediscovery of an iCIMS customer: ids by searches, then a call for each person, workflow and job (iCIMS sheet §12). */
export function icimsRediscovery(parts: IcimsMirrorParts): RediscoveryCapability {
  const reader = new ProfileReader(parts);
  const mirror = new IcimsMirror(parts, reader);
  return {
    // What the login group may not see is neither found nor read, and not deleted (iCIMS sheet §4 and §6.5): what a run of
    // everything does not bring may be hidden. Deleted are those in the Purge folder, and those of whom iCIMS says so.
    limits: {
      completeWhenFull: false,
      mostAskedAbout: MOST_ASKED_ABOUT,
      fullEveryMs: FULL_EVERY_MS,
      readBatch: READ_BATCH,
    },
    filters: FILTERS,
    pull: (ctx, request) => mirror.pull(ctx, request),
    read: (ctx, references) => reader.read(ctx, references),
    async fetchAttachment(ctx, { candidateRemoteId, remoteId, filename }) {
      const file = remoteId === RESUME_ID ? await reader.resume(ctx, candidateRemoteId) : undefined;
      if (!file) throw new RecordNotFoundError(ATS, 'attachment', remoteId);
      return { filename, ...file };
    },
  };
}

/** What one page brought, and where the next one begins; `undefined`: the run is over. */
interface Step {
  readonly told: Told;
  readonly next: WalkPlace | undefined;
}

/** Ids after a place, ascending. */
interface Listed {
  readonly ids: readonly number[];
  /** Whether the list goes on after them. */
  readonly more: boolean;
}

/** A place in a run that has begun. */
type BegunPlace = WalkPlace & { readonly mark: string };

/** Which type of profile each list of a run walks. */
const TYPE = {
  count: 'people',
  posted: 'jobs',
  jobs: 'jobs',
  workflows: 'applicantworkflows',
  people: 'people',
} as const satisfies Readonly<Record<WalkPlace['list'], ProfileType>>;

/** Walks the lists of a customer. All that a run needs stands in its cursor; what is kept here only spares calls. */
class IcimsMirror {
  /** When a list was last asked for, by whichever clock is behind, in milliseconds since the epoch. */
  #now = 0;
  #found: { readonly run: string; readonly after: number; readonly at: number; readonly listed: Listed } | undefined;

  constructor(
    private readonly parts: IcimsMirrorParts,
    private readonly reader: ProfileReader,
  ) {}

  /** One page: the same records whenever it is asked for. */
  async pull(ctx: CallContext, request: PullRequest): Promise<PulledPage> {
    const passedOver = new PassedOver(request.attempt);
    const page = await this.#page({ ...ctx, passedOver }, request);
    const unreadable = passedOver.records;
    return unreadable.length === 0 ? page : { ...page, unreadable };
  }

  async #page(ctx: PageContext, request: PullRequest): Promise<PulledPage> {
    const { kind } = request;
    // A cursor of another version of this plugin cannot be read: the run begins again, and loses time alone.
    const kept = request.cursor === undefined ? undefined : readCursor(kind, request.cursor);
    const begun: CrawlPlace = kept ?? firstPlace(kind);
    const { aside, caughtUp, ...crawl } = begun;
    if (aside && crawl.mark !== undefined) {
      const { told, here, next } = await this.#walk(ctx, 'changes', aside, aside.since);
      const place = next
        ? { ...crawl, caughtUp, aside: { ...next, since: aside.since } }
        : { ...crawl, caughtUp: here.mark };
      return { ...told, mark: crawl.mark, cursor: writeCursor(place), ...progressOf(crawl) };
    }
    const since = request.kind === 'changes' ? request.since : undefined;
    const { told, here, next } = await this.#walk(ctx, kind, crawl, since);
    // What changed until the last walk beside the crawl is in: the next run need not begin at the first page of this one.
    if (next === undefined) return { ...told, mark: caughtUp ?? here.mark, ...progressOf(here) };
    const { mark } = here;
    const place = { ...next, mark, caughtUp };
    const cursor = writeCursor(kind === 'all' ? asideWhenDue(place, this.#now) : place);
    return { ...told, mark, cursor, ...progressOf(here) };
  }

  /** One page of a walk: a list with nothing in it is no page of its own. */
  async #walk(
    ctx: PageContext,
    kind: PullRequest['kind'],
    from: WalkPlace,
    since: string | undefined,
  ): Promise<Step & { readonly here: BegunPlace }> {
    for (let place = from; ; ) {
      const { here, listed } = await this.#list(ctx, place, since);
      const { told, next } = await this.#step(ctx, kind, here, listed);
      if (next === undefined || listed.ids.length > 0 || here.within) return { told, here, next };
      place = next;
    }
  }

  async #step(ctx: PageContext, kind: PullRequest['kind'], here: WalkPlace, listed: Listed): Promise<Step> {
    if (here.within) return this.#restOfPerson(ctx, here, here.within);
    const after = (done: number): WalkPlace | undefined => placeAfter(kind, here, listed, done);
    const batch = listed.ids.slice(0, this.reader.mostPerPage(ctx));
    switch (here.list) {
      case 'count':
        return this.#count(ctx, here, listed);
      case 'posted':
      case 'jobs':
        return { told: await this.reader.jobs(ctx, batch), next: after(batch.length) };
      case 'workflows':
        return { told: await this.reader.applications(ctx, batch), next: after(batch.length) };
      case 'people':
        return kind === 'all' ? this.#everybody(ctx, here, listed) : this.#changedPeople(ctx, here, listed);
    }
  }

  /** Counts people by their ids alone, a thousand to a call, so that the run can say how far it is. */
  async #count(ctx: PageContext, here: WalkPlace, first: Listed): Promise<Step> {
    let { people } = here;
    let listed = first;
    for (let searches = 1; ; searches += 1) {
      people += listed.ids.length;
      const last = listed.ids.at(-1);
      if (!listed.more || last === undefined) return { told: NOTHING, next: nextList('all', { ...here, people }) };
      const next = { ...here, people, after: last };
      if (searches >= COUNTED_PER_PAGE) return { told: NOTHING, next };
      ({ listed } = await this.#list(ctx, next, undefined));
    }
  }

  /** The next people with all their workflows: as many as fit on a page. */
  async #everybody(ctx: PageContext, here: WalkPlace, listed: Listed): Promise<Step> {
    const most = this.reader.mostPerPage(ctx);
    let group = listed.ids.slice(0, Math.min(here.together, Math.ceil(most / 3)));
    let workflows = await this.reader.workflowsOf(ctx, group);
    while (workflows.length > most && group.length > 1) {
      group = group.slice(0, Math.ceil(group.length / 2));
      workflows = await this.reader.workflowsOf(ctx, group);
    }
    const [person] = group;
    if (workflows.length > most && person !== undefined) {
      const told = await this.reader.people(ctx, group, undefined);
      return { told, next: { ...here, after: person, within: { person, after: 0 } } };
    }
    const told = await this.reader.people(ctx, group, workflows);
    const isRoomy = 2 * workflows.length <= most;
    const together = Math.min(MOST_TOGETHER, isRoomy ? 2 * here.together : group.length);
    return { told, next: placeAfter('all', { ...here, together }, listed, group.length) };
  }

  /** Somebody with more workflows than fit on a page: those that are not told yet. */
  async #restOfPerson(
    ctx: PageContext,
    { within: _told, ...here }: WalkPlace,
    { person, after }: NonNullable<WalkPlace['within']>,
  ): Promise<Step> {
    const left = await this.reader.workflowsOf(ctx, [person], after);
    const batch = left.slice(0, this.reader.mostPerPage(ctx));
    const told = await this.reader.applications(ctx, batch);
    const last = batch.at(-1);
    const isDone = last === undefined || batch.length === left.length;
    return { told, next: isDone ? here : { ...here, within: { person, after: last } } };
  }

  /**
   * People whose profile changed. Their workflows have a date of their own and come by themselves. Only a merge moves workflows,
   * and whether it dates them anew is not public: whom others were merged into comes whole.
   */
  async #changedPeople(ctx: PageContext, here: WalkPlace, listed: Listed): Promise<Step> {
    const fields = await this.reader.mirrorFields(ctx);
    const most = this.reader.mostPerPage(ctx);
    // It leaves room for those into whom some of them were merged.
    const asked = await this.reader.profiles(ctx, 'people', listed.ids.slice(0, most / 2), fields.asked);
    const whole = new Set<number>();
    const told: Told[] = [];
    let calls = asked.length;
    let done = asked.length;
    let within: WalkPlace['within'];
    for (const [index, { answer }] of asked.entries()) {
      const into = typeof answer === 'string' ? undefined : purgedOf(answer, fields)?.mergedInto;
      if (into === undefined || whole.has(into)) continue;
      if (calls >= 0.8 * most) {
        done = index;
        break;
      }
      whole.add(into);
      const workflows = await this.reader.workflowsOf(ctx, [into]);
      if (workflows.length > most) {
        told.push(await this.reader.people(ctx, [into], undefined));
        within = { person: into, after: 0 };
        done = index + 1;
        break;
      }
      told.push(await this.reader.people(ctx, [into], workflows));
      calls += workflows.length + 2;
    }
    const people = await this.reader.tell(ctx, asked.slice(0, done), fields, () => undefined);
    const next = placeAfter('changes', here, listed, done);
    const last = listed.ids[done - 1] ?? here.after;
    return { told: joined([people, ...told]), next: within ? { ...here, after: last, within } : next };
  }

  /** The ids after a place. A thousand come at once, and serve the pages of this run that follow as well. */
  async #list(
    ctx: CallContext,
    place: WalkPlace,
    since: string | undefined,
  ): Promise<{ readonly here: BegunPlace; readonly listed: Listed }> {
    const { list, after, mark, within } = place;
    // A person is being told: the list waits.
    if (within && mark !== undefined) return { here: { ...place, mark }, listed: { ids: [], more: true } };
    const kept = this.#found;
    if (
      mark !== undefined &&
      kept?.run === `${list} ${mark}` &&
      kept.after <= after &&
      Date.now() - kept.at < FOUND_MS
    ) {
      const ids = kept.listed.ids.filter((id) => id > after);
      if (ids.length > 0 || !kept.listed.more) return { here: { ...place, mark }, listed: { ...kept.listed, ids } };
    }
    if (list === 'posted' && mark !== undefined) {
      const ids = [...(await this.parts.jobs.posted(ctx)).keys()].filter((id) => id > after);
      return { here: { ...place, mark }, listed: { ids: ids.toSorted((a, b) => a - b), more: false } };
    }
    const type = TYPE[list];
    const { filter } = PROFILE_NAMES[type];
    const filters = [beyond(`${filter}.id`, after), ...(since === undefined ? [] : [updatedSince(filter, since)])];
    const at = Date.now();
    const { ids: found, servedAt } = await this.parts.client.find(ctx, type, { filters, operator: '&' });
    this.#now = Math.min(at, servedAt ?? at);
    const here = { ...place, mark: mark ?? markOf(at, servedAt) };
    const listed = { ids: found.filter((id) => id > after), more: found.length >= MAX_ROWS };
    if (listed.more && listed.ids.length === 0) {
      throw new AtsAnswerUnreadableError(ATS, 'a search', 'its rows stand before the place that it was to begin at');
    }
    this.#found = { run: `${list} ${here.mark}`, after, at, listed };
    return { here, listed };
  }
}

/** How many people there are, once they are counted. */
function progressOf({ list, people }: WalkPlace): Pick<PulledPage, 'progress'> {
  return list === 'count' || people === 0 ? {} : { progress: { candidates: people } };
}

/** Where a run goes on after so many of the ids that were listed. */
function placeAfter(
  kind: PullRequest['kind'],
  here: WalkPlace,
  { ids, more }: Listed,
  done: number,
): WalkPlace | undefined {
  const last = ids[done - 1];
  const isEnd = last === undefined || (done === ids.length && !more);
  return isEnd ? nextList(kind, here) : { ...here, after: last };
}
