import {
  AtsAnswerUnreadableError,
  type AtsFilter,
  atMost,
  type CallContext,
  type MirroredApplication,
  PassedOver,
  type PulledPage,
  type PullRequest,
  RecordNotFoundError,
  type RecordReference,
  type RecordsRead,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import {
  type AskedFields,
  type Filter,
  type IcimsClient,
  MAX_ROWS,
  type ProfileAnswer,
  type ProfileType,
  type ServedFile,
} from './client.js';
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
import { idOf } from './field-values.js';
import type { PortalJobs } from './jobs.js';
import { dateTime } from './mapping.js';
import { type MirrorFields, resolveMirrorFields } from './mirror-fields.js';
import {
  applicationOf,
  candidateOf,
  FOLDER_FIELDS,
  JOB_FIELDS,
  mirroredJobOf,
  purgedOf,
  RESUME_ID,
  WORKFLOW_FIELDS,
} from './mirror-mapping.js';
import { ATS } from './vendor-errors.js';

/** What a mirror is read from. */
export interface IcimsMirrorParts {
  readonly client: IcimsClient;
  readonly jobs: PortalJobs;
  /** The field that an admin chose for the LinkedIn URL. */
  readonly linkedinField: string | undefined;
}

/**
 * Profiles of one kind on a page. Each is a call by itself, four of which are under way at once (iCIMS sheet §3, INFERRED): at
 * half a second a call, a page is read in a quarter of a minute.
 */
const MOST_PER_PAGE = 120;

/** The part of the time for a page that is planned with: the rest is for what nobody foresees. */
const PLANNED_SHARE = 0.6;

/** How much the last call counts in what a call takes. */
const WEIGHT_OF_LAST = 0.1;

/** Searches on a page of counting. Each waits for the one before. */
const COUNTED_PER_PAGE = 20;

/** As many as the pace lets through at once: more would only stand in the way of exports. */
const AT_ONCE = 4;

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

/** Schemas change when an admin changes rights: what was read is good for so long. */
const SCHEMA_MS = 60 * 60_000;

/** What can hold values here: iCIMS has neither reasons nor recruiters on a workflow in public. */
const FILTERS: readonly AtsFilter[] = ['status', 'job', 'source', 'lastUpdated'];

/** Rediscovery of an iCIMS customer: ids by searches, then a call for each person, workflow and job (iCIMS sheet §12). */
export function icimsRediscovery(parts: IcimsMirrorParts): RediscoveryCapability {
  const mirror = new IcimsMirror(parts);
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
    read: (ctx, references) => mirror.read(ctx, references),
    async fetchAttachment(ctx, { candidateRemoteId, remoteId, filename }) {
      const file = remoteId === RESUME_ID ? await mirror.resume(ctx, candidateRemoteId) : undefined;
      if (!file) throw new RecordNotFoundError(ATS, 'attachment', remoteId);
      return { filename, ...file };
    },
  };
}

type Told = Pick<PulledPage, 'candidates' | 'jobs' | 'applications' | 'gone'>;

const NOTHING: Told = { candidates: [], jobs: [], applications: [], gone: [] };

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

/** A profile that was asked for; `unreadable`: it is passed over. */
interface Asked {
  readonly id: number;
  readonly answer: ProfileAnswer | 'unreadable';
}

/** The context of a page, which passes over what it cannot read. */
type PageContext = CallContext & { readonly passedOver?: PassedOver };

/** Which type of profile each list of a run walks. */
const TYPE = {
  count: 'people',
  posted: 'jobs',
  jobs: 'jobs',
  workflows: 'applicantworkflows',
  people: 'people',
} as const satisfies Readonly<Record<WalkPlace['list'], ProfileType>>;

/** How a type of profiles is called in filters, and by the hub. */
const NAME = {
  people: { filter: 'person', kind: 'candidate' },
  jobs: { filter: 'job', kind: 'job' },
  applicantworkflows: { filter: 'applicantworkflow', kind: 'application' },
} as const satisfies Readonly<Record<ProfileType, { readonly filter: string; readonly kind: RecordReference['kind'] }>>;

/** Walks the lists of a customer. All that a run needs stands in its cursor; what is kept here only spares calls. */
class IcimsMirror {
  #fields: { readonly at: number; readonly read: Promise<MirrorFields> } | undefined;
  /** What a call for a profile takes, as of late. */
  #msPerCall = 0;
  /** When a list was last asked for, by whichever clock is behind, in milliseconds since the epoch. */
  #now = 0;
  #found: { readonly run: string; readonly after: number; readonly at: number; readonly listed: Listed } | undefined;

  constructor(private readonly parts: IcimsMirrorParts) {}

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

  /** Records by their ids. Gone is what iCIMS says is deleted, and who is in the Purge folder. */
  async read(ctx: CallContext, references: readonly RecordReference[]): Promise<RecordsRead> {
    const idsOf = (kind: RecordReference['kind']): readonly number[] => [
      ...new Set(references.filter((one) => one.kind === kind).flatMap(({ remoteId }) => idOf(remoteId) ?? [])),
    ];
    return joined([
      // No record of iCIMS has such an id.
      { ...NOTHING, gone: references.filter(({ remoteId }) => idOf(remoteId) === undefined) },
      await this.#wholePeople(ctx, idsOf('candidate')),
      await this.#jobs(ctx, idsOf('job')),
      await this.#applications(ctx, idsOf('application')),
    ]);
  }

  /** The résumé of a person; `undefined` when there is none, or the person is in the Purge folder, where files stay for a while. */
  async resume(ctx: CallContext, personId: string): Promise<ServedFile | undefined> {
    const { client } = this.parts;
    const id = idOf(personId);
    if (id === undefined) return undefined;
    const fields = await this.#mirrorFields(ctx);
    const person = await client.profile(ctx, 'people', id, FOLDER_FIELDS);
    if (typeof person === 'string' || purgedOf(person, fields)) return undefined;
    return client.resume(ctx, personId);
  }

  async #step(ctx: PageContext, kind: PullRequest['kind'], here: WalkPlace, listed: Listed): Promise<Step> {
    if (here.within) return this.#restOfPerson(ctx, here, here.within);
    const after = (done: number): WalkPlace | undefined => placeAfter(kind, here, listed, done);
    const batch = listed.ids.slice(0, this.#mostPerPage(ctx));
    switch (here.list) {
      case 'count':
        return this.#count(ctx, here, listed);
      case 'posted':
      case 'jobs':
        return { told: await this.#jobs(ctx, batch), next: after(batch.length) };
      case 'workflows':
        return { told: await this.#applications(ctx, batch), next: after(batch.length) };
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
    const most = this.#mostPerPage(ctx);
    let group = listed.ids.slice(0, Math.min(here.together, Math.ceil(most / 3)));
    let workflows = await this.#workflowsOf(ctx, group);
    while (workflows.length > most && group.length > 1) {
      group = group.slice(0, Math.ceil(group.length / 2));
      workflows = await this.#workflowsOf(ctx, group);
    }
    const [person] = group;
    if (workflows.length > most && person !== undefined) {
      const told = await this.#people(ctx, group, undefined);
      return { told, next: { ...here, after: person, within: { person, after: 0 } } };
    }
    const told = await this.#people(ctx, group, workflows);
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
    const left = await this.#workflowsOf(ctx, [person], after);
    const batch = left.slice(0, this.#mostPerPage(ctx));
    const told = await this.#applications(ctx, batch);
    const last = batch.at(-1);
    const isDone = last === undefined || batch.length === left.length;
    return { told, next: isDone ? here : { ...here, within: { person, after: last } } };
  }

  /**
   * People whose profile changed. Their workflows have a date of their own and come by themselves. Only a merge moves workflows,
   * and whether it dates them anew is not public: whom others were merged into comes whole.
   */
  async #changedPeople(ctx: PageContext, here: WalkPlace, listed: Listed): Promise<Step> {
    const fields = await this.#mirrorFields(ctx);
    const most = this.#mostPerPage(ctx);
    // It leaves room for those into whom some of them were merged.
    const asked = await this.#profiles(ctx, 'people', listed.ids.slice(0, most / 2), fields.asked);
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
      const workflows = await this.#workflowsOf(ctx, [into]);
      if (workflows.length > most) {
        told.push(await this.#people(ctx, [into], undefined));
        within = { person: into, after: 0 };
        done = index + 1;
        break;
      }
      told.push(await this.#people(ctx, [into], workflows));
      calls += workflows.length + 2;
    }
    const people = await this.#tell(ctx, asked.slice(0, done), fields, () => undefined);
    const next = placeAfter('changes', here, listed, done);
    const last = listed.ids[done - 1] ?? here.after;
    return { told: joined([people, ...told]), next: within ? { ...here, after: last, within } : next };
  }

  /** People with all their workflows; those of somebody with very many stay as they are known. */
  async #wholePeople(ctx: PageContext, ids: readonly number[]): Promise<Told> {
    const workflows = await this.#workflowsOf(ctx, ids);
    return this.#people(ctx, ids, workflows.length > MOST_PER_PAGE ? undefined : workflows);
  }

  /** @param workflowIds Those of all of these people; `undefined`: they are not told. */
  async #people(ctx: PageContext, ids: readonly number[], workflowIds: readonly number[] | undefined): Promise<Told> {
    if (ids.length === 0) return NOTHING;
    const fields = await this.#mirrorFields(ctx);
    const people = await this.#profiles(ctx, 'people', ids, fields.asked);
    if (workflowIds === undefined) return this.#tell(ctx, people, fields, () => undefined);
    const workflows = await this.#profiles(ctx, 'applicantworkflows', workflowIds, WORKFLOW_FIELDS);
    const applications = applicationsOf(workflows);
    // One that is hidden, or does not say whose it is, is there all the same: then nobody knows what is missing.
    const isWhole = !applications.isPartial;
    const of = (id: number): readonly MirroredApplication[] => applications.byPerson.get(id) ?? [];
    const told = await this.#tell(ctx, people, fields, (id) => (isWhole ? of(id) : undefined));
    if (isWhole) return told;
    return { ...told, applications: told.candidates.flatMap(({ remoteId }) => of(Number(remoteId))) };
  }

  /** What is to be told of people who were read: who they are, or that they are gone. */
  async #tell(
    ctx: PageContext,
    people: readonly Asked[],
    fields: MirrorFields,
    applicationsOfPerson: (id: number) => readonly MirroredApplication[] | undefined,
  ): Promise<Told> {
    const { client } = this.parts;
    const tellsFiles = client.takesInferred('people');
    const candidates = people.flatMap(({ id, answer }) => {
      if (typeof answer === 'string' || purgedOf(answer, fields)) return [];
      const remoteUrl = client.referenceTo(id).remoteUrl ?? '';
      return [candidateOf(id, answer, { fields, remoteUrl, tellsFiles, applications: applicationsOfPerson(id) })];
    });
    const purged = people.flatMap(({ id, answer }) =>
      typeof answer !== 'string' && purgedOf(answer, fields) ? [reference('people', id)] : [],
    );
    return { ...NOTHING, candidates, gone: [...purged, ...(await this.#gone(ctx, 'people', people))] };
  }

  async #applications(ctx: PageContext, ids: readonly number[]): Promise<Told> {
    const asked = await this.#profiles(ctx, 'applicantworkflows', ids, WORKFLOW_FIELDS);
    const { byPerson } = applicationsOf(asked);
    const gone = await this.#gone(ctx, 'applicantworkflows', asked);
    return { ...NOTHING, applications: [...byPerson.values()].flat(), gone };
  }

  async #jobs(ctx: PageContext, ids: readonly number[]): Promise<Told> {
    if (ids.length === 0) return NOTHING;
    const { client, jobs } = this.parts;
    const posted = await jobs.posted(ctx);
    const asked = await this.#profiles(ctx, 'jobs', ids, JOB_FIELDS);
    const read = asked.flatMap(({ id, answer }) =>
      typeof answer === 'string'
        ? []
        : [mirroredJobOf(id, answer, { posting: posted.get(id), linkUrl: client.jobLink(id) })],
    );
    return { ...NOTHING, jobs: read, gone: await this.#gone(ctx, 'jobs', asked) };
  }

  /**
   * Those that iCIMS says are deleted, twice: when they were read, and in a search that does not find them (iCIMS sheet §6.5,
   * INFERRED: one answer is not enough).
   */
  async #gone(ctx: CallContext, type: ProfileType, asked: readonly Asked[]): Promise<readonly RecordReference[]> {
    const missing = asked.flatMap(({ id, answer }) => (answer === 'gone' ? [id] : []));
    if (missing.length === 0) return [];
    const filters = missing.map((id) => equal(`${NAME[type].filter}.id`, id));
    const there = new Set(await this.parts.client.search(ctx, type, { filters, operator: '|' }));
    return missing.filter((id) => !there.has(id)).map((id) => reference(type, id));
  }

  async #profiles(
    ctx: PageContext,
    type: ProfileType,
    ids: readonly number[],
    fields: AskedFields,
  ): Promise<readonly Asked[]> {
    const { client } = this.parts;
    const { passedOver } = ctx;
    return atMost(AT_ONCE, ids, async (id) => {
      const begun = performance.now();
      const read = () => client.profile(ctx, type, id, fields);
      const answer = passedOver
        ? ((await passedOver.read(reference(type, id), read))?.answer ?? 'unreadable')
        : await read();
      const took = performance.now() - begun;
      this.#msPerCall += WEIGHT_OF_LAST * (took - this.#msPerCall);
      return { id, answer };
    });
  }

  /** Profiles of one kind that can be read in time: fewer while iCIMS is slow, or a page would never be whole. */
  #mostPerPage({ deadline }: CallContext): number {
    const calls = (PLANNED_SHARE * (deadline - Date.now()) * AT_ONCE) / Math.max(1, this.#msPerCall);
    return Math.min(MOST_PER_PAGE, Math.max(AT_ONCE, Math.floor(calls)));
  }

  /** Ids of the workflows of some people: at most `MAX_ROWS`. */
  async #workflowsOf(ctx: CallContext, people: readonly number[], after = 0): Promise<readonly number[]> {
    if (people.length === 0) return [];
    const whose = people.map((id) => equal('applicantworkflow.person.id', id));
    const group =
      after === 0
        ? { filters: whose, operator: '|' as const }
        : { filters: [...whose, beyond('applicantworkflow.id', after)], operator: '&' as const };
    return this.parts.client.search(ctx, 'applicantworkflows', group);
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
    const { filter } = NAME[type];
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

  async #mirrorFields(ctx: CallContext): Promise<MirrorFields> {
    const kept = this.#fields;
    if (kept && Date.now() - kept.at < SCHEMA_MS) return kept.read;
    const { client, linkedinField } = this.parts;
    const read = client.personSchema(ctx).then((schema) => resolveMirrorFields(schema, linkedinField));
    const fields = { at: Date.now(), read };
    this.#fields = fields;
    read.catch(() => {
      if (this.#fields === fields) this.#fields = undefined;
    });
    return read;
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

/** Applications by whose they are. Partial: some are there that the API user sees too little of. */
function applicationsOf(workflows: readonly Asked[]): {
  readonly byPerson: ReadonlyMap<number, readonly MirroredApplication[]>;
  readonly isPartial: boolean;
} {
  const byPerson = new Map<number, MirroredApplication[]>();
  let isPartial = false;
  for (const { id, answer } of workflows) {
    if (answer === 'gone') continue;
    const application = typeof answer === 'string' ? undefined : applicationOf(id, answer);
    if (!application) {
      isPartial = true;
      continue;
    }
    const person = Number(application.candidateRemoteId);
    byPerson.set(person, [...(byPerson.get(person) ?? []), application]);
  }
  return { byPerson, isPartial };
}

function reference(type: ProfileType, id: number): RecordReference {
  return { kind: NAME[type].kind, remoteId: String(id) };
}

function joined(parts: readonly Told[]): Told {
  return {
    candidates: parts.flatMap(({ candidates }) => candidates),
    jobs: parts.flatMap(({ jobs }) => jobs),
    applications: parts.flatMap(({ applications }) => applications),
    gone: parts.flatMap(({ gone }) => gone),
  };
}

function equal(name: string, id: number): Filter {
  return { name, value: [String(id)], operator: '=' };
}

function beyond(name: string, id: number): Filter {
  return { name, value: [String(id)], operator: '>' };
}

/** A date that cannot be read would be ignored, and everything found (iCIMS sheet §9, CONFIRMED): `dateTime` throws then. */
function updatedSince(filter: string, since: string): Filter {
  return { name: `${filter}.updateddate`, value: [dateTime(Date.parse(since))], operator: '>=' };
}
