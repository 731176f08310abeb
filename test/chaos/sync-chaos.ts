import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { AtsRateLimitedError, AtsUnavailableError, type RecordReference } from '@talentbridge/contracts';
import { InMemoryAts } from '../../core/hub/test/capabilities/rediscovery/in-memory-ats.ts';
import {
  expectedRows,
  type MirrorRows,
  type MirrorWorld,
  openMirrorDatabase,
} from '../../core/hub/test/capabilities/rediscovery/mirror-world.ts';

/** How much chaos. */
export interface SyncChaosOptions {
  readonly databaseUrl: string;
  /** Rounds of changes and faults, each followed by a quiet run of everything and a comparison. */
  readonly schedules: number;
  /** In each mirror: there is one for each way in which applications may come. */
  readonly candidates: number;
  readonly seed: number;
  readonly progress?: (line: string) => void;
}

/** What happened. */
export interface SyncChaosReport {
  readonly seed: number;
  readonly schedules: number;
  readonly pages: number;
  readonly changes: number;
  readonly faults: Readonly<Record<Fault, number>>;
  readonly deletionsAskedAbout: number;
  /** Pages that came and were not written: they were asked for again, unless their run was cancelled. */
  readonly pagesLost: number;
  /** So many may be: one for each fault that ends a worker, two for each cancelled run, which reads nothing again. */
  readonly mostPagesLost: number;
  /** Rows that were compared. */
  readonly compared: number;
  /** Rows that differed after a quiet run of changes; what the ATS took away without telling is no difference then. */
  readonly differentAfterChanges: number;
  /** Rows that differed after the quiet run of everything that followed. */
  readonly different: number;
  /** What differed first, for whoever looks into it. */
  readonly examples: readonly string[];
}

type Fault =
  | 'unavailable'
  | 'rateLimited'
  | 'abandoned'
  | 'cursorsExpired'
  | 'connectionsBroken'
  | 'cancelled'
  | 'paused'
  | 'woken'
  | 'wokenOnTheWay'
  | 'wokenBeside'
  | 'stopped'
  | 'unreadable'
  | 'skipped';

/** Runs random schedules of faults and changes against one mirror of each kind, and compares it with its ATS whenever it is quiet. */
export async function syncChaos(options: SyncChaosOptions): Promise<SyncChaosReport> {
  const { databaseUrl, schedules, candidates, seed, progress = () => undefined } = options;
  const random = randomFrom(seed);
  const report = {
    seed,
    schedules: 0,
    pages: 0,
    changes: 0,
    faults: {
      unavailable: 0,
      rateLimited: 0,
      abandoned: 0,
      cursorsExpired: 0,
      connectionsBroken: 0,
      cancelled: 0,
      paused: 0,
      woken: 0,
      wokenOnTheWay: 0,
      wokenBeside: 0,
      stopped: 0,
      unreadable: 0,
      skipped: 0,
    },
    deletionsAskedAbout: 0,
    pagesLost: 0,
    mostPagesLost: 0,
    compared: 0,
    differentAfterChanges: 0,
    different: 0,
    examples: [] as string[],
  };
  await using db = await openMirrorDatabase(databaseUrl);
  const pageSize = Math.max(5, Math.min(200, Math.ceil(candidates / 50)));
  const mirrors: Mirrored[] = [];
  for (const { label, ...behaviour } of SYSTEMS) {
    const ats = new InMemoryAts({ ...behaviour, pageSize });
    const jobs = Array.from({ length: Math.ceil(candidates / 100) }, () => ats.addJob());
    for (let index = 0; index < candidates; index += 1) {
      const candidate = ats.addCandidate();
      for (let count = random(3); count > 0; count -= 1) ats.addApplication(candidate, pick(random, jobs) ?? '');
    }
    mirrors.push({ label, ats, world: await db.connect(ats), pages: countingPages(ats) });
  }
  for (let schedule = 0; schedule < schedules; schedule += 1) {
    const mirrored = mirrors[schedule % mirrors.length];
    if (!mirrored) break;
    const released = Promise.withResolvers<void>();
    const abandoned = await disturb(mirrored, random, report, {
      first: schedule < mirrors.length,
      released: released.promise,
      breakConnections: () => db.breakConnections(),
    });
    const label = `schedule ${schedule}, applications ${mirrored.label}`;
    const compare = async (after: 'changes' | 'everything'): Promise<readonly string[]> => {
      const rows = await mirrored.world.rows();
      const { compared, different } = differences(rows, expectedRows(mirrored.ats), mirrored.ats.hidden, after);
      const { world } = mirrored;
      const state = await world.look((scope) => world.mirror.state(scope, world.connectionId));
      for (const part of ['candidates', 'jobs', 'applications'] as const) {
        if (state[part] !== rows[part].length) different.push(`${state[part]} ${part} are counted`);
      }
      report.compared += compared;
      report.examples.push(...different.slice(0, 3).map((text) => `${label}, after ${after}: ${text}`));
      report.examples.splice(10);
      return different;
    };
    await quiet(mirrored, report, 'CHANGES');
    const afterChanges = await compare('changes');
    await quiet(mirrored, report, 'FULL');
    // Those that are left were only slow: what they bring now must change nothing.
    released.resolve();
    await Promise.allSettled(abandoned);
    const different = await compare('everything');
    report.schedules += 1;
    report.differentAfterChanges += afterChanges.length;
    report.different += different.length;
    progress(
      `schedule ${schedule + 1} of ${schedules}: ${afterChanges.length} rows differ after changes, ${different.length} in the end`,
    );
  }
  for (const { world, pages } of mirrors) report.pagesLost += pages.came - (await pagesWritten(world));
  const { abandoned, connectionsBroken, paused, cancelled } = report.faults;
  report.mostPagesLost = abandoned + connectionsBroken + paused + 2 * cancelled;
  return report;
}

/** Counts the pages that an ATS hands out. */
function countingPages(ats: InMemoryAts): { came: number } {
  const pages = { came: 0 };
  const pull = ats.pull.bind(ats);
  ats.pull = async (...request) => {
    const page = await pull(...request);
    pages.came += 1;
    return page;
  };
  return pages;
}

/** How many pages all runs of a mirror wrote. */
async function pagesWritten(world: MirrorWorld): Promise<number> {
  const [row] = await world.look((scope) =>
    scope.read((tx) =>
      tx.rows<{ readonly pages: number }>(
        `select sum(r.pages)::int as pages from talentbridge.sync_run r where ${tx.own('r')} and r.connection_id = $1`,
        [world.connectionId],
      ),
    ),
  );
  return row?.pages ?? 0;
}

/** The ways in which applications come: in lists, and when they are named. */
const SYSTEMS = [
  { label: 'with their candidate', applications: 'inside' },
  { label: 'with their candidate, alone when named', applications: 'inside', readsAlone: true },
  { label: 'alone', applications: 'alone' },
  { label: 'with their candidate, where some are hidden', applications: 'inside', completeWhenFull: false },
] as const;

interface Mirrored {
  readonly label: string;
  readonly ats: InMemoryAts;
  readonly world: MirrorWorld;
  readonly pages: { readonly came: number };
}

type Random = (below: number) => number;
type Counted = { changes: number; pages: number; deletionsAskedAbout: number; faults: Record<Fault, number> };

/** One round: a few runs over an ATS that changes and fails. @returns Workers that were left hanging. */
async function disturb(
  { ats, world }: Mirrored,
  random: Random,
  report: Counted,
  {
    first,
    released,
    breakConnections,
  }: { readonly first: boolean; readonly released: Promise<void>; readonly breakConnections: () => Promise<void> },
): Promise<readonly Promise<void>[]> {
  const abandoned: Promise<void>[] = [];
  const beside: Promise<unknown>[] = [];
  const changed: RecordReference[] = [];
  const change = (): void => {
    report.changes += 1;
    changed.push(...changeSomething(ats, random));
    changed.splice(0, Math.max(0, changed.length - 20));
  };
  const wake = (): Promise<unknown> => {
    const named = changed.slice(-5);
    // Webhooks come late as well, of records that have not changed for long.
    const application = anyKey(ats.applications, random);
    if (application !== undefined) named.push({ kind: 'application', remoteId: application });
    return world.look((scope) => world.mirror.wake(scope, world.connectionId, named)).catch(() => undefined);
  };
  // Records that fail whenever they are read, and such as runs of everything skip, as lists do while others come and go.
  for (let count = random(3); count > 0; count -= 1) {
    const remoteId = anyKey(ats.candidates, random);
    if (remoteId === undefined) continue;
    ats.broken.add(`candidate/${remoteId}`);
    report.faults.unreadable += 1;
  }
  // What was never mirrored, nobody could miss.
  for (let count = first ? 0 : random(6); count > 0; count -= 1) {
    const remoteId = anyKey(ats.candidates, random);
    if (remoteId === undefined) continue;
    ats.skipped.add(`candidate/${remoteId}`);
    report.faults.skipped += 1;
  }
  let onTheWay = false;
  ats.after = async (call) => {
    if (call === 'read') {
      // Pages that are asked for later may be written earlier.
      if (random(2) === 0) await sleep(random(30));
      return;
    }
    if (!onTheWay) return;
    onTheWay = false;
    for (let count = random(6); count > 0; count -= 1) change();
    await wake();
  };
  for (let count = random(40); count > 0; count -= 1) change();
  for (let runs = 1 + random(3); runs > 0; runs -= 1) {
    // The first round is the first load. Later ones are of both kinds.
    if (!first || runs < 3) {
      await world.mirror
        .start(world.scope, world.connectionId, random(4) === 0 ? 'FULL' : 'CHANGES')
        .catch(() => undefined);
    }
    for (let tries = 0; tries < 60; tries += 1) {
      const left = Promise.withResolvers<void>();
      const stopping = new AbortController();
      let faultsLeft = 12;
      ats.before = async (call) => {
        report.pages += call === 'pull' ? 1 : 0;
        for (let count = random(4); count > 0; count -= 1) change();
        if (call === 'read' || faultsLeft === 0) return undefined;
        const fault = pick(random, FAULTS);
        if (!fault) return undefined;
        faultsLeft -= 1;
        report.faults[fault] += 1;
        switch (fault) {
          case 'unavailable':
            throw new AtsUnavailableError('In-memory ATS', 'answered 503');
          case 'rateLimited':
            throw new AtsRateLimitedError('In-memory ATS', random(20) === 0 ? 60_000 : random(10));
          case 'abandoned':
            left.resolve();
            // Some are slow, and bring their page while others work already.
            await Promise.race([released, ...(random(2) === 0 ? [sleep(random(300))] : [])]);
            return undefined;
          case 'cursorsExpired':
            return ats.expireCursors();
          case 'connectionsBroken':
            // At some moment of what follows: between pages, or in the middle of one.
            beside.push(sleep(random(15)).then(breakConnections));
            return undefined;
          case 'cancelled':
            await world
              .look(async (scope) => world.mirror.cancel(scope, (await world.lastRun()).id))
              .catch(() => undefined);
            return undefined;
          case 'paused':
            await world.look((scope) =>
              scope.transaction(async (tx) => {
                await tx.rows(
                  `update talentbridge.sync_run r set status = 'PAUSED' where ${tx.own('r')} and r.status = 'RUNNING'`,
                );
                await world.module.reconsider(tx, [world.connectionId]);
              }),
            );
            return undefined;
          case 'woken':
            await wake();
            return undefined;
          case 'wokenOnTheWay':
            onTheWay = true;
            return undefined;
          case 'wokenBeside':
            beside.push(wake());
            return undefined;
          case 'stopped':
            return stopping.abort();
        }
      };
      const worker = world.work(stopping.signal).catch(() => undefined);
      const gone = await Promise.race([worker.then(() => false), left.promise.then(() => true)]);
      if (gone) abandoned.push(worker);
      const { status } = await steady(() => world.lastRun());
      if (status !== 'QUEUED' && status !== 'RUNNING') break;
    }
  }
  ats.before = () => undefined;
  ats.after = () => undefined;
  ats.broken.clear();
  ats.skipped.clear();
  await Promise.allSettled(beside);
  return abandoned;
}

/** What this program itself asks may be cut off as well. */
async function steady<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 5) throw error;
      await sleep(20);
    }
  }
}

/** Most calls pass. */
const FAULTS: readonly (Fault | undefined)[] = [
  'unavailable',
  'rateLimited',
  'rateLimited',
  'abandoned',
  'cursorsExpired',
  'connectionsBroken',
  'cancelled',
  'paused',
  'woken',
  'woken',
  'wokenOnTheWay',
  'wokenOnTheWay',
  'wokenBeside',
  'wokenBeside',
  'stopped',
  ...Array.from({ length: 30 }, () => undefined),
];

/** One more run with nothing in its way; whatever it or one before asks about is approved. */
async function quiet({ world }: Mirrored, report: Counted, kind: 'FULL' | 'CHANGES'): Promise<void> {
  await world.workOff();
  const run = await world.next(kind);
  if (run.status !== 'AWAITING_APPROVAL' && run.status !== 'COMPLETE') {
    throw new Error(`The quiet run is ${run.status}: ${run.statusReason}`);
  }
  const { items } = await world.look((scope) => world.mirror.runs(scope, world.connectionId, { first: 100 }));
  for (const { id } of items.filter(({ status }) => status === 'AWAITING_APPROVAL')) {
    report.deletionsAskedAbout += 1;
    await world.mirror.approveDeletions(world.scope, id, { approve: true });
    await world.work();
  }
}

/** Something that a user of the ATS does. @returns What a webhook would name. */
function changeSomething(ats: InMemoryAts, random: Random): readonly RecordReference[] {
  const candidate = anyKey(ats.candidates, random);
  const application = anyKey(ats.applications, random);
  const job = anyKey(ats.jobs, random);
  switch (random(12)) {
    case 0:
      if (job !== undefined) ats.addApplication(ats.addCandidate(), job);
      return [];
    case 1:
      if (candidate !== undefined) ats.delete('candidate', candidate);
      return candidate === undefined ? [] : [{ kind: 'candidate', remoteId: candidate }];
    case 2: {
      const other = anyKey(ats.candidates, random);
      if (candidate === undefined || other === undefined || other === candidate) return [];
      ats.merge(candidate, other);
      return [
        { kind: 'candidate', remoteId: candidate },
        { kind: 'candidate', remoteId: other },
      ];
    }
    case 3:
      if (candidate !== undefined) ats.hideWhole(candidate);
      return [];
    case 4:
      if (application !== undefined) ats.delete('application', application);
      return application === undefined ? [] : [{ kind: 'application', remoteId: application }];
    case 5:
      if (application === undefined || candidate === undefined) return [];
      ats.changeApplication(application, { candidateRemoteId: candidate });
      return [{ kind: 'application', remoteId: application }];
    case 6:
    case 7:
      if (application === undefined) return [];
      ats.changeApplication(application, {
        stage: `Stage ${random(5)}`,
        status: random(2) === 0 ? 'active' : 'rejected',
      });
      return [{ kind: 'application', remoteId: application }];
    case 8:
      if (job === undefined) return [];
      ats.changeJob(job, { open: random(2) === 0, title: `Title ${random(9)}` });
      return [{ kind: 'job', remoteId: job }];
    case 9:
      if (ats.jobs.size > 5 && job !== undefined) ats.delete('job', job);
      else ats.addJob();
      return [];
    case 10:
      if (candidate === undefined) return [];
      ats.changeCandidate(candidate, {
        attachments: Array.from({ length: random(3) }, (_, index) => ({
          remoteId: `f-${index}`,
          filename: `${random(9)}.pdf`,
          kind: 'other',
        })),
      });
      return [{ kind: 'candidate', remoteId: candidate }];
    default:
      if (candidate === undefined) return [];
      ats.changeCandidate(candidate, { firstName: `Name ${random(1000)}`, tags: random(2) === 0 ? [] : ['tag'] });
      return [{ kind: 'candidate', remoteId: candidate }];
  }
}

function differences(
  mirror: MirrorRows,
  ats: MirrorRows,
  hidden: ReadonlySet<string>,
  after: 'changes' | 'everything',
): { readonly compared: number; readonly different: string[] } {
  const different: string[] = [];
  let compared = 0;
  for (const part of ['candidates', 'jobs', 'applications', 'attachments'] as const) {
    const keyOf = (row: object): string => {
      const { candidateRemoteId = '', remoteId } = row as Keyed;
      return part === 'attachments' ? `${candidateRemoteId}/${remoteId}` : remoteId;
    };
    const ours = new Map(mirror[part].map((row) => [keyOf(row), row]));
    for (const row of ats[part]) {
      compared += 1;
      const key = keyOf(row);
      const mirrored = ours.get(key);
      ours.delete(key);
      if (mirrored === undefined) different.push(`${part} ${key} is missing`);
      else if (!isDeepStrictEqual(mirrored, row) && canonical(mirrored) !== canonical(row)) {
        different.push(`${part} ${key} is ${canonical(mirrored)} and not ${canonical(row)}`);
      }
    }
    for (const [key, row] of ours) {
      const { candidateRemoteId = '', remoteId } = row as Keyed;
      const wasHidden = hidden.has(`candidate/${candidateRemoteId}`) || hidden.has(`${part.slice(0, -1)}/${remoteId}`);
      if (after === 'everything' || !wasHidden) different.push(`${part} ${key} is not in the ATS`);
    }
  }
  return { compared, different };
}

interface Keyed {
  readonly candidateRemoteId?: string;
  readonly remoteId: string;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

function anyKey(stored: ReadonlyMap<string, unknown>, random: Random): string | undefined {
  // Walking to any place would cost more than all the rest: records that were changed last stand last, and change again.
  let steps = random(Math.min(stored.size, 400));
  for (const key of stored.keys()) if (steps-- === 0) return key;
  return undefined;
}

function pick<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[random(items.length)];
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}
