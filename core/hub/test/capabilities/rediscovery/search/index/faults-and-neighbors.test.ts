import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../../../test/support/postgres.ts';
import { CandidateIndex } from '../../../../../dist/capabilities/rediscovery/search/index/candidate-index.js';
import {
  defaultIndexSettings,
  type IndexSettings,
  LiveIndexes,
  type SearchedIndex,
} from '../../../../../dist/capabilities/rediscovery/search/index/live-indexes.js';
import { InMemoryAts } from '../../in-memory-ats.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from '../../mirror-world.ts';
import { ReferenceIndexes } from '../reference-indexes.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

const candidates = new CandidateIndex({
  isPlaceholder: () => false,
  matchedProfiles: async () => new Map(),
  candidatesMatchedWith: async () => [],
});

function openIndexes(indexes: ReferenceIndexes, settings: Partial<IndexSettings> = {}): LiveIndexes {
  return new LiveIndexes({
    indexes,
    people: [candidates],
    database: db.database,
    notifications: db.notifications,
    settings: { ...defaultIndexSettings, pollMs: 20, patienceMs: 10_000, ...settings },
    logger: pino({ level: 'silent' }),
  });
}

async function worldWith(count: number): Promise<{ readonly world: MirrorWorld; readonly ats: InMemoryAts }> {
  const ats = new InMemoryAts();
  for (let index = 0; index < count; index += 1) ats.addCandidate();
  const world = await db.connect(ats);
  await world.workOff();
  return { world, ats };
}

const nameOf = (world: MirrorWorld): string => `candidates-${world.scope.organizationId}`;

const total = async ({ engine }: SearchedIndex): Promise<number> =>
  (await engine.search({ query: { kind: 'all' }, order: 'updated', first: 0 })).total;

const search = (indexes: LiveIndexes, world: MirrorWorld): Promise<number> =>
  indexes.use(world.scope.organizationId, candidates, total);

describe('RED-12: an index that nobody searches', () => {
  it('loses who is erased', async () => {
    const { world } = await worldWith(3);
    const kept = new ReferenceIndexes();
    const indexes = openIndexes(kept, { idleMs: 30, tendMs: 20 });
    expect(await search(indexes, world)).toBe(3);
    const index = kept.index(nameOf(world));
    await expect.poll(() => index.closed, { timeout: 10_000 }).toBeGreaterThan(0);
    const [erased = ''] = [...index.contents.keys()];
    await world.mirror.eraseCandidate(world.scope, erased);
    await expect.poll(() => index.contents.has(erased), { timeout: 10_000 }).toBe(false);
    await indexes.close();
  });

  it('and was closed before its file had lost somebody is opened until it has', async () => {
    const { world } = await worldWith(3);
    const kept = new ReferenceIndexes();
    const index = kept.index(nameOf(world));
    let asked = 0;
    index.isTidy = async () => {
      asked += 1;
      return asked > 1;
    };
    const indexes = openIndexes(kept, { idleMs: 30, tendMs: 20 });
    await search(indexes, world);
    await expect.poll(() => index.closed, { timeout: 10_000 }).toBe(2);
    expect(asked).toBe(2);
    await indexes.close();
  });

  it('and was left by another process loses who was erased meanwhile', async () => {
    const { world } = await worldWith(3);
    const kept = new ReferenceIndexes();
    const before = openIndexes(kept);
    await search(before, world);
    await before.close();
    const index = kept.index(nameOf(world));
    const [erased = ''] = [...index.contents.keys()];
    await world.mirror.eraseCandidate(world.scope, erased);
    // Whatever else lies there keeps it from nothing.
    const others = [`candidates-${randomUUID()}`, 'candidates-of-old'];
    kept.names = async () => [...others, nameOf(world)];
    kept.open = async (name) => {
      if (others.includes(name)) throw new Error('It is in use.');
      return index;
    };
    const after = openIndexes(kept, { tendMs: 20 });
    await expect.poll(() => index.contents.has(erased), { timeout: 10_000 }).toBe(false);
    await after.close();
  });
});

describe('RED-6: open indexes', () => {
  it('are so many at most: those that nobody has searched for the longest are closed, and opened again on demand', async () => {
    const worlds = await Promise.all(Array.from({ length: 4 }, () => worldWith(1)));
    const [one, two, three, four] = worlds.map(({ world }) => world) as [
      MirrorWorld,
      MirrorWorld,
      MirrorWorld,
      MirrorWorld,
    ];
    const kept = new ReferenceIndexes();
    const indexes = openIndexes(kept, { mostOpen: 2 });
    const closings = () => [one, two, three, four].map((world) => kept.index(nameOf(world)).closed);
    for (const world of [one, two, one, three]) expect(await search(indexes, world)).toBe(1);
    await expect.poll(closings).toEqual([0, 1, 0, 0]);
    expect(await search(indexes, two)).toBe(1);
    await expect.poll(closings).toEqual([1, 1, 0, 0]);

    // Nobody is closed who is in use; once nobody uses them, so many are left.
    await indexes.use(two.scope.organizationId, candidates, () =>
      indexes.use(three.scope.organizationId, candidates, () =>
        indexes.use(four.scope.organizationId, candidates, async (index) => {
          expect(await total(index)).toBe(1);
          expect(closings()).toEqual([1, 1, 0, 0]);
        }),
      ),
    );
    await expect.poll(closings).toEqual([1, 2, 0, 0]);
    expect(kept.opened.filter((name) => name === nameOf(two))).toHaveLength(2);
    await indexes.close();
  });
});

describe('RED-6: an index', () => {
  it('is not said to hold everything before it is known what it lacks', async () => {
    const { world } = await worldWith(2);
    const indexes = openIndexes(new ReferenceIndexes(), { patienceMs: 0 });
    const answer = await indexes.use(world.scope.organizationId, candidates, async (index) => ({
      found: await total(index),
      indexing: index.indexing,
    }));
    expect(answer.found === 2 || answer.indexing !== undefined).toBe(true);
    await expect
      .poll(() => indexes.use(world.scope.organizationId, candidates, async ({ indexing }) => indexing), {
        timeout: 10_000,
      })
      .toBeUndefined();
    await indexes.close();
  });

  it('goes on where a single record cannot be indexed, which no search finds until it changes', async () => {
    const { world, ats } = await worldWith(5);
    const kept = new ReferenceIndexes();
    const index = kept.index(nameOf(world));
    const [poison = ''] = [...ats.candidates.keys()];
    ats.changeCandidate(poison, { lastName: 'Poison' });
    await world.next();
    index.before = ({ upserts = [] }) => {
      if (JSON.stringify(upserts).includes('Poison')) throw new Error('This is too much.');
    };
    const indexes = openIndexes(kept);
    await search(indexes, world);
    await expect.poll(() => index.contents.size, { timeout: 10_000 }).toBe(4);
    ats.addCandidate();
    await world.next();
    await expect.poll(() => index.contents.size, { timeout: 10_000 }).toBe(5);
    ats.changeCandidate(poison, { lastName: 'Cured' });
    await world.next();
    await expect.poll(() => index.contents.size, { timeout: 10_000 }).toBe(6);
    await indexes.close();
  });

  it('is searched by a few of an organization at once: the others wait, and nobody else waits for them', async () => {
    const [{ world: many }, { world: one }] = [await worldWith(1), await worldWith(1)];
    const indexes = openIndexes(new ReferenceIndexes(), { atOnce: 2, waiting: 3 });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let working = 0;
    let most = 0;
    const slow = () =>
      indexes.use(many.scope.organizationId, candidates, async () => {
        working += 1;
        most = Math.max(most, working);
        await held;
        working -= 1;
      });
    const searches = Array.from({ length: 5 }, slow);
    await expect(slow()).rejects.toMatchObject({ code: 'SEARCH_BUSY', recovery: 'retry' });
    expect(await search(indexes, one)).toBe(1);
    release();
    await Promise.all(searches);
    expect(most).toBe(2);
    await indexes.close();
  });
});
