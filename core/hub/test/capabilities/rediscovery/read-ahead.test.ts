import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { AtsRateLimitedError, type PulledPage } from '@talentbridge/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { unpacked } from '../../../dist/capabilities/rediscovery/ledger/kept-pages.js';
import type { RunPages } from '../../../dist/capabilities/rediscovery/ledger/run-pages.js';
import { InMemoryAts } from './in-memory-ats.ts';
import {
  type ConnectOptions,
  expectedRows,
  type MirrorDatabase,
  type MirrorWorld,
  openMirrorDatabase,
} from './mirror-world.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

/** Where a worker may be when it ends: with a page that it asked for, keeps or writes. */
const POINTS = ['asked', 'answered', 'keep', 'kept', 'save', 'write', 'commit', 'saved'] as const;
type Point = (typeof POINTS)[number];

/** What happens to a worker. Only a stop leaves it the time to end what it began. */
const FAULTS = ['death', 'limit', 'stop'] as const;
type Fault = (typeof FAULTS)[number];

/** One worker: it is dead from the moment that anything of it is. */
interface Worker {
  dead: boolean;
  readonly died: PromiseWithResolvers<void>;
  readonly stopping: AbortController;
}

class Died extends Error {}

/** A mirror whose workers end wherever a test says so. */
class Hazard {
  readonly ats: InMemoryAts;
  /** How often any worker came to each point. */
  readonly met = new Map<Point, number>();
  /** Called at each point of a worker that lives. */
  at: (point: Point) => Fault | undefined = () => undefined;
  /** Whether the page that follows is waited for before one is written, or comes too late for it. */
  next: 'inTime' | 'late' | 'asItComes' = 'asItComes';
  /** The page that was asked for last comes, and is not the last one. */
  private moreComes = true;
  private readonly worker = new AsyncLocalStorage<Worker>();
  private readonly released = Promise.withResolvers<never>();

  constructor(candidates: number) {
    this.ats = new InMemoryAts({ pageSize: 2 });
    const job = this.ats.addJob();
    for (let count = 0; count < candidates; count += 1) this.ats.addApplication(this.ats.addCandidate(), job);
    this.ats.before = () => this.beyond('asked');
    this.ats.after = () => this.beyond('answered');
    this.ats.alter = (page) => {
      this.moreComes = page.cursor !== undefined;
      return page;
    };
    this.released.promise.catch(() => undefined);
  }

  get options(): ConnectOptions {
    return { settings: { readAheadAfterPages: 1 }, pages: (pages) => this.around(pages) };
  }

  /** Has workers work, one after the other, until the run is over. @param between Called when one has ended. */
  async workOff(world: MirrorWorld, between: () => Promise<void> = async () => undefined): Promise<void> {
    do {
      await this.work(world);
      await between();
    } while (['QUEUED', 'RUNNING'].includes((await world.lastRun()).status));
    this.released.reject(new Died());
  }

  /** Has one worker work until it ends or dies. */
  async work(world: MirrorWorld): Promise<void> {
    const worker: Worker = { dead: false, died: Promise.withResolvers(), stopping: new AbortController() };
    const work = this.worker.run(worker, () => world.work(worker.stopping.signal));
    await Promise.race([work.catch(() => undefined), worker.died.promise]);
  }

  private around(pages: RunPages): Pick<RunPages, 'keep' | 'save'> {
    return {
      keep: async (...order) => {
        this.passed('keep');
        const kept = await pages.keep(...order);
        this.passed('kept');
        return kept;
      },
      save: async (scope, taken, order, progressAfter) => {
        this.passed('save');
        const isAlive = () => this.worker.getStore()?.dead === false;
        while (this.next === 'inTime' && order.next && !order.next() && this.moreComes && isAlive()) await sleep(1);
        const next = () => {
          this.passed('commit');
          return this.next === 'late' ? undefined : order.next?.();
        };
        const saved = await pages.save(scope, taken, { ...order, next }, (report) => {
          this.passed('write');
          return progressAfter(report);
        });
        this.passed('saved');
        return saved;
      },
    };
  }

  /** Goes past a point of what the ATS does: a worker that dies there never hears of it. */
  private async beyond(point: Point): Promise<void> {
    try {
      this.passed(point);
    } catch (error) {
      if (error instanceof Died) await this.released.promise;
      throw error;
    }
  }

  private passed(point: Point): void {
    const worker = this.worker.getStore();
    if (!worker) throw new Error('Nobody works.');
    if (worker.dead) throw new Died();
    this.met.set(point, (this.met.get(point) ?? 0) + 1);
    const fault = this.at(point);
    if (point === 'asked') this.moreComes = fault !== 'limit';
    if (fault === 'stop') worker.stopping.abort();
    if (fault === 'death') {
      worker.dead = true;
      worker.died.resolve();
      throw new Died();
    }
    if (fault === 'limit') throw new AtsRateLimitedError('In-memory ATS', 1);
  }
}

/** The pages that are kept of a connection. */
async function keptPages(world: MirrorWorld): Promise<readonly (PulledPage | undefined)[]> {
  const rows = await world.look((scope) =>
    scope.read((tx) =>
      tx.rows<{ readonly page: Buffer }>(
        `select p.page from talentbridge.sync_page p where ${tx.own('p')} and p.connection_id = $1`,
        [world.connectionId],
      ),
    ),
  );
  return rows.map(unpacked);
}

/** A first load whose worker dies while it writes its third page, so that this page is kept. */
async function diedWriting() {
  const hazard = new Hazard(12);
  const world = await db.connect(hazard.ats, hazard.options);
  hazard.at = (point) => (point === 'write' && hazard.met.get('write') === 3 ? 'death' : undefined);
  await hazard.work(world);
  expect(await keptPages(world)).toMatchObject([{ candidates: [{}, {}] }]);
  return { hazard, world };
}

describe('RED-1: a run that reads ahead', () => {
  it('asks for the next page while one is being written', async () => {
    const hazard = new Hazard(8);
    const world = await db.connect(hazard.ats, hazard.options);
    let askedMeanwhile = 0;
    hazard.at = (point) => {
      if (point === 'commit' && hazard.ats.pulls.length > (hazard.met.get('commit') ?? 0)) askedMeanwhile += 1;
      return undefined;
    };
    await hazard.workOff(world);
    const { status, pages, requests } = await world.lastRun();
    // All but the first, and the last, which no other follows.
    expect({ status, askedMeanwhile, requests }).toEqual({
      status: 'COMPLETE',
      askedMeanwhile: pages - 2,
      requests: pages,
    });
    expect(hazard.ats.pulls).toHaveLength(pages);
    expect(await world.rows()).toEqual(expectedRows(hazard.ats));
  });

  it('asks for none ahead, and keeps none, where pages come sooner than one is kept', async () => {
    const hazard = new Hazard(8);
    const world = await db.connect(hazard.ats, {
      ...hazard.options,
      settings: { ...hazard.options.settings, readAheadFromMs: Number.POSITIVE_INFINITY },
    });
    hazard.at = (point) => {
      if (point === 'commit') expect(hazard.ats.pulls).toHaveLength(hazard.met.get('commit') ?? 0);
      return undefined;
    };
    await hazard.workOff(world);
    expect(await world.lastRun()).toMatchObject({ status: 'COMPLETE', pages: hazard.ats.pulls.length });
    expect(hazard.met.get('keep')).toBeUndefined();
    expect(await world.rows()).toEqual(expectedRows(hazard.ats));
  });

  it.each([
    // Kept and nothing asked for yet: nothing is lost.
    ['late', { kept: 0 }],
    // What came in time is kept with the page that was written.
    ['inTime', { kept: 0, keep: 0, saved: 0 }],
  ] as const)('reads one page twice at most, wherever a worker dies (the next one comes %s)', async (next, free) => {
    const lost: Partial<Record<Point, number>> = {};
    for (const point of POINTS) {
      const hazard = new Hazard(10);
      hazard.next = next;
      const world = await db.connect(hazard.ats, hazard.options);
      // The third time it reads ahead already.
      hazard.at = (passed) => (passed === point && hazard.met.get(point) === 3 ? 'death' : undefined);
      await hazard.workOff(world);
      const { status, pages } = await world.lastRun();
      expect(status).toBe('COMPLETE');
      lost[point] = hazard.ats.pulls.length - pages;
      expect(await world.rows()).toEqual(expectedRows(hazard.ats));
      expect(await keptPages(world)).toEqual([]);
    }
    expect(lost).toEqual({ ...Object.fromEntries(POINTS.map((point) => [point, 1])), ...free });
  });

  it('reads no more than one page twice for each fault, whatever ends a worker, and nothing for a stop', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 24 }),
        fc.array(fc.record({ after: fc.integer({ min: 0, max: 25 }), fault: fc.constantFrom(...FAULTS) }), {
          maxLength: 6,
        }),
        fc.constantFrom('inTime', 'late', 'asItComes'),
        async (candidates, faults, next) => {
          const hazard = new Hazard(candidates);
          hazard.next = next;
          const world = await db.connect(hazard.ats, hazard.options);
          const left = [...faults];
          let passed = 0;
          let happened = 0;
          hazard.at = (point) => {
            const [coming] = left;
            if (!coming || passed++ < coming.after) return undefined;
            // Only the ATS asks to wait.
            if (coming.fault === 'limit' && point !== 'asked') return undefined;
            left.shift();
            passed = 0;
            happened += coming.fault === 'stop' ? 0 : 1;
            return coming.fault;
          };
          await hazard.workOff(world);
          const { status, pages } = await world.lastRun();
          expect(status).toBe('COMPLETE');
          expect(hazard.ats.pulls.length - pages).toBeLessThanOrEqual(happened);
          expect(await world.rows()).toEqual(expectedRows(hazard.ats));
          expect(await keptPages(world)).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a page that is kept', () => {
  it('RED-1: is written by whoever goes on, without being asked for again', async () => {
    const { hazard, world } = await diedWriting();
    const [kept] = await keptPages(world);
    await hazard.workOff(world);
    expect(await world.rows()).toEqual(expectedRows(hazard.ats));
    const { pages, requests } = await world.lastRun();
    // The one that was asked for meanwhile, of whose answer nobody heard.
    expect(hazard.ats.pulls.map(({ cursor }) => cursor).filter((cursor) => cursor === kept?.cursor)).toHaveLength(2);
    expect({ pulls: hazard.ats.pulls.length, requests }).toEqual({ pulls: pages + 1, requests: pages });
  });

  it.each<[string, (world: MirrorWorld) => Promise<unknown>]>([
    [
      'is cancelled',
      async ({ look, mirror, lastRun }) => look(async (scope) => mirror.cancel(scope, (await lastRun()).id)),
    ],
    [
      'is paused',
      ({ write, module, connectionId }) =>
        write(async (tx) => {
          await tx.rows(
            `update talentbridge.connection c set status = 'NEEDS_ATTENTION' where ${tx.own('c')} and c.id = $1`,
            [connectionId],
          );
          await module.reconsider(tx, [connectionId]);
        }),
    ],
    ['loses its connection', ({ write, module, connectionId }) => write((tx) => module.leave(tx, connectionId))],
  ])('RED-12: goes when its run %s', async (_how, end) => {
    const { world } = await diedWriting();
    await end(world);
    expect(await keptPages(world)).toEqual([]);
  });

  it('CON-6: is not used once the connection has other credentials: they may show something else', async () => {
    const { hazard, world } = await diedWriting();
    const pulls = hazard.ats.pulls.length;
    await world.write((tx) =>
      tx.rows(
        `update talentbridge.connection c set credential_version = c.credential_version + 1
         where ${tx.own('c')} and c.id = $1`,
        [world.connectionId],
      ),
    );
    await hazard.workOff(world);
    expect(hazard.ats.pulls[pulls]).toEqual(hazard.ats.pulls[pulls - 2]);
    expect(await world.rows()).toEqual(expectedRows(hazard.ats));
  });

  it('yields to what a webhook brought since', async () => {
    const { hazard, world } = await diedWriting();
    const [page] = await keptPages(world);
    const remoteId = page?.candidates[0]?.remoteId ?? '';
    hazard.ats.delete('candidate', remoteId);
    hazard.ats.before = () => undefined;
    hazard.ats.after = () => undefined;
    await world.look((scope) => world.mirror.wake(scope, world.connectionId, [{ kind: 'candidate', remoteId }]));
    await hazard.workOff(world);
    const rows = (await world.rows()).candidates as readonly { readonly remoteId: string }[];
    expect(rows.map((row) => row.remoteId)).not.toContain(remoteId);
  });

  it('RED-12: goes with an erasure, whoever is in it', async () => {
    const { hazard, world } = await diedWriting();
    const { items } = await world.look((scope) => world.mirror.candidates(scope, world.connectionId, { first: 1 }));
    const { removed } = await world.mirror.eraseCandidate(world.scope, items[0]?.id ?? '');
    expect(removed).toContainEqual({ table: 'sync_page', rows: 1 });
    expect(await keptPages(world)).toEqual([]);
    await hazard.workOff(world);
    const rows = (await world.rows()).candidates as readonly { readonly remoteId: string }[];
    expect(rows.map((row) => row.remoteId).toSorted()).toEqual(
      [...hazard.ats.candidates.keys()].filter((id) => id !== items[0]?.remoteId).toSorted(),
    );
  });

  it('RED-12: never holds anybody who was erased, whom the ATS still lists', async () => {
    const hazard = new Hazard(16);
    const world = await db.connect(hazard.ats, hazard.options);
    await hazard.workOff(world);
    const { items } = await world.look((scope) => world.mirror.candidates(scope, world.connectionId, { first: 16 }));
    const person = items[8];
    await world.mirror.eraseCandidate(world.scope, person?.id ?? '');
    // By another id, too, they are known again; and their application is named where it is gone.
    const twin = hazard.ats.addCandidate({ emails: [`${person?.remoteId}@mail.example`] });
    const [application = ''] = [...hazard.ats.applications.values()].flatMap(({ value }) =>
      value.candidateRemoteId === person?.remoteId ? value.remoteId : [],
    );
    const reference = { kind: 'application', remoteId: application } as const;
    const [first] = hazard.ats.candidates.keys();
    hazard.ats.alter = (page) =>
      page.candidates.some(({ remoteId }) => remoteId === first) ? { ...page, gone: [reference] } : page;
    const kept: (PulledPage | undefined)[] = [];
    // Every second page is kept when a worker dies, then every other.
    for (const parity of [0, 1]) {
      hazard.at = (point) => (point === 'write' && (hazard.met.get(point) ?? 0) % 2 === parity ? 'death' : undefined);
      await world.mirror.start(world.scope, world.connectionId, 'FULL');
      await hazard.workOff(world, async () => void kept.push(...(await keptPages(world))));
    }
    expect(kept.length).toBeGreaterThan(4);
    const text = JSON.stringify(kept);
    for (const trace of [person?.remoteId, twin, application]) expect(text).not.toContain(`"${trace}"`);
    const rows = (await world.rows()).candidates as readonly { readonly remoteId: string }[];
    expect(rows).toHaveLength(15);
  });
});
