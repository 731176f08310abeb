import {
  atMost,
  type CallContext,
  type MirroredApplication,
  type PassedOver,
  type PulledPage,
  type RecordReference,
  type RecordsRead,
} from '@talentbridge/contracts';
import type { AskedFields, IcimsClient, ProfileAnswer, ProfileType, ServedFile } from './client.js';
import { idOf } from './field-values.js';
import type { PortalJobs } from './jobs.js';
import { type MirrorFields, resolveMirrorFields } from './mirror-fields.js';
import {
  applicationOf,
  candidateOf,
  FOLDER_FIELDS,
  JOB_FIELDS,
  mirroredJobOf,
  purgedOf,
  WORKFLOW_FIELDS,
} from './mirror-mapping.js';
import { beyond, equal } from './search-filters.js';

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

/** As many as the pace lets through at once: more would only stand in the way of exports. */
const AT_ONCE = 4;

/** Schemas change when an admin changes rights: what was read is good for so long. */
const SCHEMA_MS = 60 * 60_000;

/** What a page tells. */
export type Told = Pick<PulledPage, 'candidates' | 'jobs' | 'applications' | 'gone'>;

/** A page without anything on it. */
export const NOTHING: Told = { candidates: [], jobs: [], applications: [], gone: [] };

/** A profile that was asked for; `unreadable`: it is passed over. */
export interface Asked {
  readonly id: number;
  readonly answer: ProfileAnswer | 'unreadable';
}

/** The context of a page, which passes over what it cannot read. */
export type PageContext = CallContext & { readonly passedOver?: PassedOver };

/** How a type of profiles is called in filters, and by the hub. */
export const PROFILE_NAMES = {
  people: { filter: 'person', kind: 'candidate' },
  jobs: { filter: 'job', kind: 'job' },
  applicantworkflows: { filter: 'applicantworkflow', kind: 'application' },
} as const satisfies Readonly<Record<ProfileType, { readonly filter: string; readonly kind: RecordReference['kind'] }>>;

/** Reads profiles, and makes records of the mirror of them. */
export class ProfileReader {
  #fields: { readonly at: number; readonly read: Promise<MirrorFields> } | undefined;
  /** What a call for a profile takes, as of late. */
  #msPerCall = 0;

  constructor(private readonly parts: IcimsMirrorParts) {}

  /** Records by their ids. Gone is what iCIMS says is deleted, and who is in the Purge folder. */
  async read(ctx: CallContext, references: readonly RecordReference[]): Promise<RecordsRead> {
    const idsOf = (kind: RecordReference['kind']): readonly number[] => [
      ...new Set(references.filter((one) => one.kind === kind).flatMap(({ remoteId }) => idOf(remoteId) ?? [])),
    ];
    return joined([
      // No record of iCIMS has such an id.
      { ...NOTHING, gone: references.filter(({ remoteId }) => idOf(remoteId) === undefined) },
      await this.#wholePeople(ctx, idsOf('candidate')),
      await this.jobs(ctx, idsOf('job')),
      await this.applications(ctx, idsOf('application')),
    ]);
  }

  /** The résumé of a person; `undefined` when there is none, or the person is in the Purge folder, where files stay for a while. */
  async resume(ctx: CallContext, personId: string): Promise<ServedFile | undefined> {
    const { client } = this.parts;
    const id = idOf(personId);
    if (id === undefined) return undefined;
    const fields = await this.mirrorFields(ctx);
    const person = await client.profile(ctx, 'people', id, FOLDER_FIELDS);
    if (typeof person === 'string' || purgedOf(person, fields)) return undefined;
    return client.resume(ctx, personId);
  }

  /** People with all their workflows; those of somebody with very many stay as they are known. */
  async #wholePeople(ctx: PageContext, ids: readonly number[]): Promise<Told> {
    const workflows = await this.workflowsOf(ctx, ids);
    return this.people(ctx, ids, workflows.length > MOST_PER_PAGE ? undefined : workflows);
  }

  /** People by their ids. @param workflowIds Those of all of these people; `undefined`: they are not told. */
  async people(ctx: PageContext, ids: readonly number[], workflowIds: readonly number[] | undefined): Promise<Told> {
    if (ids.length === 0) return NOTHING;
    const fields = await this.mirrorFields(ctx);
    const people = await this.profiles(ctx, 'people', ids, fields.asked);
    if (workflowIds === undefined) return this.tell(ctx, people, fields, () => undefined);
    const workflows = await this.profiles(ctx, 'applicantworkflows', workflowIds, WORKFLOW_FIELDS);
    const applications = applicationsOf(workflows);
    // One that is hidden, or does not say whose it is, is there all the same: then nobody knows what is missing.
    const isWhole = !applications.isPartial;
    const of = (id: number): readonly MirroredApplication[] => applications.byPerson.get(id) ?? [];
    const told = await this.tell(ctx, people, fields, (id) => (isWhole ? of(id) : undefined));
    if (isWhole) return told;
    return { ...told, applications: told.candidates.flatMap(({ remoteId }) => of(Number(remoteId))) };
  }

  /** What is to be told of people who were read: who they are, or that they are gone. */
  async tell(
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

  /** Workflows by their ids. */
  async applications(ctx: PageContext, ids: readonly number[]): Promise<Told> {
    const asked = await this.profiles(ctx, 'applicantworkflows', ids, WORKFLOW_FIELDS);
    const { byPerson } = applicationsOf(asked);
    const gone = await this.#gone(ctx, 'applicantworkflows', asked);
    return { ...NOTHING, applications: [...byPerson.values()].flat(), gone };
  }

  /** Jobs by their ids, with what the portals post of them. */
  async jobs(ctx: PageContext, ids: readonly number[]): Promise<Told> {
    if (ids.length === 0) return NOTHING;
    const { client, jobs } = this.parts;
    const posted = await jobs.posted(ctx);
    const asked = await this.profiles(ctx, 'jobs', ids, JOB_FIELDS);
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
    const filters = missing.map((id) => equal(`${PROFILE_NAMES[type].filter}.id`, id));
    const there = new Set(await this.parts.client.search(ctx, type, { filters, operator: '|' }));
    return missing.filter((id) => !there.has(id)).map((id) => reference(type, id));
  }

  /** Profiles by their ids, several at once. */
  async profiles(
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
  mostPerPage({ deadline }: CallContext): number {
    const calls = (PLANNED_SHARE * (deadline - Date.now()) * AT_ONCE) / Math.max(1, this.#msPerCall);
    return Math.min(MOST_PER_PAGE, Math.max(AT_ONCE, Math.floor(calls)));
  }

  /** Ids of the workflows of some people: at most `MAX_ROWS`. */
  async workflowsOf(ctx: CallContext, people: readonly number[], after = 0): Promise<readonly number[]> {
    if (people.length === 0) return [];
    const whose = people.map((id) => equal('applicantworkflow.person.id', id));
    const group =
      after === 0
        ? { filters: whose, operator: '|' as const }
        : { filters: [...whose, beyond('applicantworkflow.id', after)], operator: '&' as const };
    return this.parts.client.search(ctx, 'applicantworkflows', group);
  }

  /** Which fields of a person are read, as the customer's schema names them. */
  async mirrorFields(ctx: CallContext): Promise<MirrorFields> {
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
  return { kind: PROFILE_NAMES[type].kind, remoteId: String(id) };
}

/** Several parts as one page. */
export function joined(parts: readonly Told[]): Told {
  return {
    candidates: parts.flatMap(({ candidates }) => candidates),
    jobs: parts.flatMap(({ jobs }) => jobs),
    applications: parts.flatMap(({ applications }) => applications),
    gone: parts.flatMap(({ gone }) => gone),
  };
}
