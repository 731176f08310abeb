import {
  AtsUnavailableError,
  type CallContext,
  type MirroredApplication,
  type MirroredCandidate,
  type MirroredJob,
  type PulledPage,
  type PullRequest,
  RecordNotFoundError,
  type RecordReference,
  type RecordsRead,
  type RediscoveryCapability,
  type UnreadableRecord,
} from '@talentbridge/contracts';

/** How an ATS behaves. */
export interface InMemoryAtsOptions {
  readonly pageSize?: number;
  /** Whether applications come with their candidate or by themselves. Default `inside`. */
  readonly applications?: 'inside' | 'alone';
  /** Whether a run of changes tells what was deleted. Default `true`. */
  readonly tellsDeletions?: boolean;
  /** Default `true`. */
  readonly completeWhenFull?: boolean;
  /** How many records that a run of everything missed are asked about. */
  readonly mostAskedAbout?: number;
  readonly fullEveryMs?: number;
  /** Whether an application that is named comes by itself, though lists have it with its candidate. Default `false`. */
  readonly readsAlone?: boolean;
}

interface Stored<Value> {
  readonly value: Value;
  readonly at: number;
}

type Kind = RecordReference['kind'];

const EPOCH = Date.UTC(2026, 0, 1);
/** Failed tries of a page after which what cannot be read is passed over. */
const PATIENCE = 2;
/** A change is listed that many ticks late at most: what a mark must go back. */
const OVERLAP = 3;

/**
 * An ATS in this process: candidates, jobs and applications that change, move, merge and go. It lists by time of update, so that
 * what changes while somebody reads moves to the end and comes again; its clock ticks with every change.
 */
export class InMemoryAts implements RediscoveryCapability {
  readonly filters = [] as const;
  readonly limits: RediscoveryCapability['limits'];
  readonly candidates = new Map<string, Stored<MirroredCandidate>>();
  readonly jobs = new Map<string, Stored<MirroredJob>>();
  readonly applications = new Map<string, Stored<MirroredApplication>>();
  private readonly deletions: { readonly reference: RecordReference; readonly at: number }[] = [];
  private clock = 10;
  private generation = 0;
  private nextId = 1;
  /** The requests that came, in order. */
  readonly pulls: PullRequest[] = [];
  readonly reads: (readonly RecordReference[])[] = [];
  /** Called before a page or a read is answered: it may throw, wait, or change something. */
  before: (call: 'pull' | 'read', count: number) => Promise<void> | void = () => undefined;
  /** Called when the answer stands and is on its way: what changes now is not in it any more. */
  after: (call: 'pull' | 'read') => Promise<void> | void = () => undefined;
  /** Called with a page on its way out. */
  alter: (page: PulledPage) => PulledPage = (page) => page;

  pageSize: number;
  private readonly alone: boolean;
  private readonly tellsDeletions: boolean;
  private readonly readsAlone: boolean;
  /** What was taken away without ever telling: "candidate/17". */
  readonly hidden = new Set<string>();
  /** What exists and fails whenever it is read: "candidate/17". */
  readonly broken = new Set<string>();
  /** What is there and shown to nobody, in no list and by no id: "candidate/17". */
  readonly secret = new Set<string>();
  /** What runs of everything leave out as if it were not there, though it can be read by its id: "candidate/17". */
  readonly skipped = new Set<string>();
  private readonly applicationIds = new Map<string, Set<string>>();

  constructor(options: InMemoryAtsOptions = {}) {
    this.pageSize = options.pageSize ?? 5;
    this.alone = options.applications === 'alone';
    this.tellsDeletions = options.tellsDeletions ?? true;
    this.readsAlone = options.readsAlone ?? false;
    const { mostAskedAbout, fullEveryMs } = options;
    this.limits = {
      completeWhenFull: options.completeWhenFull ?? true,
      readBatch: 3,
      ...(mostAskedAbout === undefined ? {} : { mostAskedAbout }),
      ...(fullEveryMs === undefined ? {} : { fullEveryMs }),
    };
  }

  async pull(_ctx: CallContext, request: PullRequest): Promise<PulledPage> {
    this.pulls.push(request);
    const place = this.placeOf(request);
    await this.before('pull', this.pulls.length - 1);
    const from = request.kind === 'changes' ? Number(request.since) : 0;
    const page = this.list(from, place, request.kind === 'changes');
    await this.after('pull');
    return this.alter(this.withoutBroken(page, request));
  }

  async read(_ctx: CallContext, references: readonly RecordReference[]): Promise<RecordsRead> {
    this.reads.push(references);
    await this.before('read', this.reads.length - 1);
    const found: { -readonly [Part in keyof RecordsRead]: RecordsRead[Part][number][] } = {
      candidates: [],
      jobs: [],
      applications: [],
      gone: [],
    };
    for (const reference of references) {
      const { kind, remoteId } = reference;
      if (this.secret.has(`${kind}/${remoteId}`)) continue;
      this.refuseBroken(reference);
      const application = this.applications.get(remoteId);
      if (kind === 'candidate' && this.candidates.has(remoteId)) found.candidates.push(this.shown(remoteId));
      else if (kind === 'job' && this.jobs.has(remoteId)) found.jobs.push(presentValue(this.jobs, remoteId));
      else if (kind === 'application' && application) {
        // Some systems list applications with their candidate, and yet hand out a single one.
        if (this.alone || this.readsAlone) found.applications.push(application.value);
        else {
          const owner = application.value.candidateRemoteId;
          this.refuseBroken({ kind: 'candidate', remoteId: owner });
          found.candidates.push(this.shown(owner));
        }
      } else found.gone.push(reference);
    }
    await this.after('read');
    return found;
  }

  /** Leaves out what nobody is shown; passes over what cannot be read, once it has failed often enough. */
  private withoutBroken(page: PulledPage, { kind: run, attempt = 0 }: PullRequest): PulledPage {
    const isListed = (kind: Kind, remoteId: string): boolean =>
      !this.secret.has(`${kind}/${remoteId}`) && !(run === 'all' && this.skipped.has(`${kind}/${remoteId}`));
    const unreadable: UnreadableRecord[] = [];
    const readable = <Item extends { readonly remoteId: string }>(kind: Kind, items: readonly Item[]): Item[] =>
      items.filter(({ remoteId }) => {
        if (!isListed(kind, remoteId)) return false;
        if (!this.broken.has(`${kind}/${remoteId}`)) return true;
        unreadable.push({ reference: { kind, remoteId }, reason: 'It answered 500.' });
        return false;
      });
    const read = {
      ...page,
      candidates: readable('candidate', page.candidates),
      jobs: readable('job', page.jobs),
      applications: readable('application', page.applications),
    };
    const [first] = unreadable;
    if (first && attempt < PATIENCE) this.refuseBroken(first.reference);
    return unreadable.length === 0 ? read : { ...read, unreadable };
  }

  private refuseBroken({ kind, remoteId }: RecordReference): void {
    if (this.broken.has(`${kind}/${remoteId}`)) throw new AtsUnavailableError('In-memory ATS', 'answered 500');
  }

  /** Cursors that were handed out are worth nothing any more. */
  expireCursors(): void {
    this.generation += 1;
  }

  addJob(changes: Partial<MirroredJob> = {}): string {
    const remoteId = `job-${this.nextId++}`;
    this.put(this.jobs, {
      remoteId,
      title: `Title of ${remoteId}`,
      open: true,
      description: 'What the work is.\nWhat it takes.',
      applyUrl: `https://careers.ats.example/${remoteId}`,
      ...changes,
    });
    return remoteId;
  }

  addCandidate(changes: Partial<MirroredCandidate> = {}): string {
    const remoteId = changes.remoteId ?? `candidate-${this.nextId++}`;
    this.put(this.candidates, {
      remoteId,
      firstName: `First ${remoteId}`,
      lastName: 'Last',
      emails: [`${remoteId}@mail.example`],
      phones: [{ number: '+15550100', type: 'mobile' }],
      socialUrls: [],
      workExperience: [{ employer: 'Example Co', title: 'Welder', current: true }],
      education: [],
      tags: [],
      source: 'Referral',
      createdAt: timeOf(this.clock),
      attachments: [{ remoteId: 'cv', filename: `${remoteId}.pdf`, kind: 'resume' }],
      ...changes,
    });
    return remoteId;
  }

  addApplication(candidateRemoteId: string, jobRemoteId: string, changes: Partial<MirroredApplication> = {}): string {
    const remoteId = `application-${this.nextId++}`;
    this.owned(candidateRemoteId).add(remoteId);
    this.put(this.applications, {
      remoteId,
      candidateRemoteId,
      jobRemoteId,
      status: 'active',
      stage: 'New',
      recruiter: { name: 'Recruiter' },
      ...changes,
    });
    this.touch(candidateRemoteId);
    return remoteId;
  }

  changeCandidate(remoteId: string, changes: Partial<MirroredCandidate>): void {
    this.put(this.candidates, { ...presentValue(this.candidates, remoteId), ...changes });
  }

  changeJob(remoteId: string, changes: Partial<MirroredJob>): void {
    this.put(this.jobs, { ...presentValue(this.jobs, remoteId), ...changes });
  }

  changeApplication(remoteId: string, changes: Partial<MirroredApplication>): void {
    const before = presentValue(this.applications, remoteId);
    this.owned(before.candidateRemoteId).delete(remoteId);
    this.owned(changes.candidateRemoteId ?? before.candidateRemoteId).add(remoteId);
    this.put(this.applications, { ...before, ...changes });
    this.touch(before.candidateRemoteId);
    if (changes.candidateRemoteId !== undefined) this.touch(changes.candidateRemoteId);
  }

  delete(kind: Kind, remoteId: string): void {
    if (kind === 'candidate') {
      for (const application of [...this.owned(remoteId)]) this.delete('application', application);
      this.candidates.delete(remoteId);
    } else if (kind === 'job') this.jobs.delete(remoteId);
    else {
      const owner = this.applications.get(remoteId)?.value.candidateRemoteId;
      this.applications.delete(remoteId);
      if (owner !== undefined) {
        this.owned(owner).delete(remoteId);
        this.touch(owner);
      }
    }
    this.clock += 1;
    this.deletions.push({ reference: { kind, remoteId }, at: this.clock });
  }

  /** Takes a record away without ever telling: permissions were narrowed, or the deletion was long ago. */
  hide(kind: Kind, remoteId: string): void {
    this.hidden.add(`${kind}/${remoteId}`);
    const application = kind === 'application' ? this.applications.get(remoteId) : undefined;
    if (application) this.owned(application.value.candidateRemoteId).delete(remoteId);
    ({ candidate: this.candidates, job: this.jobs, application: this.applications })[kind].delete(remoteId);
  }

  /** Takes a candidate away with everything, without ever telling. */
  hideWhole(candidateRemoteId: string): void {
    for (const application of [...this.owned(candidateRemoteId)]) this.hide('application', application);
    this.hide('candidate', candidateRemoteId);
  }

  /** One candidate becomes part of another, with all applications. */
  merge(remoteId: string, into: string): void {
    for (const application of [...this.owned(remoteId)]) {
      this.changeApplication(application, { candidateRemoteId: into });
    }
    this.delete('candidate', remoteId);
  }

  /** A candidate as it is handed out. */
  shown(remoteId: string): MirroredCandidate {
    const candidate = presentValue(this.candidates, remoteId);
    if (this.alone) return candidate;
    const applications = [...this.owned(remoteId)].map((id) => presentValue(this.applications, id));
    return { ...candidate, applications };
  }

  private owned(candidateRemoteId: string): Set<string> {
    const ids = this.applicationIds.get(candidateRemoteId) ?? new Set();
    this.applicationIds.set(candidateRemoteId, ids);
    return ids;
  }

  private placeOf({ cursor }: PullRequest): Place {
    if (cursor === undefined) return { part: 0, at: -1, began: this.clock };
    const { generation, ...place } = JSON.parse(cursor) as Place & { readonly generation: number };
    if (generation !== this.generation) throw new RecordNotFoundError('In-memory ATS', 'page', 'of this cursor');
    return place;
  }

  /** One page: first jobs, then candidates, then what comes by itself, then deletions; each by time. */
  private list(from: number, place: Place, changes: boolean): PulledPage {
    const page = {
      candidates: [] as MirroredCandidate[],
      jobs: [] as MirroredJob[],
      applications: [] as MirroredApplication[],
      gone: [] as RecordReference[],
    };
    const { part } = place;
    // What is written last stands last in each map, so that they are in the order of time as they are.
    const after = <Item>(items: Iterable<Item>, at: (item: Item) => number): readonly Item[] => {
      const some: Item[] = [];
      for (const item of items) {
        if (at(item) < from || at(item) <= place.at) continue;
        some.push(item);
        if (some.length === this.pageSize) break;
      }
      return some;
    };
    let last: number | undefined;
    const take = <Value extends { readonly remoteId: string }>(
      stored: ReadonlyMap<string, Stored<Value>>,
      add: (remoteId: string) => void,
    ): number => {
      const some = after(stored.values(), (item) => item.at);
      for (const { value } of some) add(value.remoteId);
      last = some.at(-1)?.at;
      return some.length;
    };
    let count = 0;
    if (part === 0) count = take(this.jobs, (id) => page.jobs.push(presentValue(this.jobs, id)));
    else if (part === 1) count = take(this.candidates, (id) => page.candidates.push(this.shown(id)));
    else if (part === 2 && this.alone)
      count = take(this.applications, (id) => page.applications.push(presentValue(this.applications, id)));
    else if (part === 3 && changes && this.tellsDeletions) {
      const some = after(this.deletions, (item) => item.at);
      page.gone.push(...some.map(({ reference }) => reference));
      last = some.at(-1)?.at;
      count = some.length;
    }
    const { began } = place;
    const next: Place | undefined =
      count === this.pageSize && last !== undefined
        ? { part, at: last, began }
        : part < 3
          ? { part: part + 1, at: -1, began }
          : undefined;
    return {
      ...page,
      ...(next ? { cursor: JSON.stringify({ ...next, generation: this.generation }) } : {}),
      mark: String(Math.max(0, began - OVERLAP)),
      progress: { candidates: this.candidates.size, jobs: this.jobs.size },
    };
  }

  private put<Value extends { readonly remoteId: string }>(stored: Map<string, Stored<Value>>, value: Value): void {
    this.clock += 1;
    stored.delete(value.remoteId);
    stored.set(value.remoteId, { value: { ...value, updatedAt: timeOf(this.clock) }, at: this.clock });
  }

  private touch(candidateRemoteId: string): void {
    const candidate = this.candidates.get(candidateRemoteId);
    // Where applications come by themselves, a change of one is no change of its candidate.
    if (candidate && !this.alone) this.put(this.candidates, candidate.value);
  }
}

/** An ATS with so many candidates, each of whom has applied for its one job. */
export function atsWith(candidates: number, options?: InMemoryAtsOptions): InMemoryAts {
  const ats = new InMemoryAts(options);
  const job = ats.addJob({ title: 'Welder', code: 'R-1' });
  for (let count = 0; count < candidates; count += 1) ats.addApplication(ats.addCandidate(), job);
  return ats;
}

interface Place {
  readonly part: number;
  /** The time of the last record that was listed. */
  readonly at: number;
  /** The clock when the run began. */
  readonly began: number;
}

function presentValue<Value>(stored: ReadonlyMap<string, Stored<Value>>, remoteId: string): Value {
  const found = stored.get(remoteId);
  if (!found) throw new Error(`The ATS has no ${remoteId}.`);
  return found.value;
}

function timeOf(tick: number): string {
  return new Date(EPOCH + tick * 1_000).toISOString();
}
