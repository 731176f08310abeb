import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../../../test/support/postgres.ts';
import {
  candidatesMatchedWith,
  matchedProfiles,
} from '../../../../../dist/capabilities/rediscovery/matching/upkeep/matched-profiles.js';
import { pruneOutboxes } from '../../../../../dist/capabilities/rediscovery/outbox.js';
import { CandidateIndex } from '../../../../../dist/capabilities/rediscovery/search/index/candidate-index.js';
import { readMark } from '../../../../../dist/capabilities/rediscovery/search/index/index-mark.js';
import {
  BEFORE_ALL,
  type IndexedPeople,
} from '../../../../../dist/capabilities/rediscovery/search/index/indexed-people.js';
import {
  defaultIndexSettings,
  LiveIndexes,
} from '../../../../../dist/capabilities/rediscovery/search/index/live-indexes.js';
import { ProfileIndex } from '../../../../../dist/capabilities/rediscovery/search/index/profile-index.js';
import type { SearchDocument } from '../../../../../dist/capabilities/rediscovery/search/search-document.js';
import type { Profile } from '../../../../../dist/directory/profile.js';
import { ProfileStore } from '../../../../../dist/directory/profile-store.js';
import { InMemoryAts } from '../../in-memory-ats.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from '../../mirror-world.ts';
import { type ReferenceIndex, ReferenceIndexes } from '../reference-indexes.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

const candidates = new CandidateIndex({
  isPlaceholder: (address) => address.endsWith('@dummy.example'),
  matchedProfiles: async () => new Map(),
  candidatesMatchedWith: async () => [],
});
const profiles = new ProfileIndex(() => false);

/** Indexes of a process. The references that they are compared with are read from the tables, all at once. */
function openIndexes(indexes: ReferenceIndexes, settings: { readonly idleMs?: number } = {}): LiveIndexes {
  return new LiveIndexes({
    indexes,
    people: [],
    database: db.database,
    notifications: db.notifications,
    settings: { ...defaultIndexSettings, pollMs: 20, idleMs: 60_000, patienceMs: 10_000, ...settings },
    logger: pino({ level: process.env['TB_LOG'] ?? 'silent' }),
  });
}

const nameOf = (world: MirrorWorld, people: IndexedPeople = candidates): string =>
  `${people.name}-${world.scope.organizationId}`;

async function fromTables(world: MirrorWorld, people: IndexedPeople = candidates): Promise<readonly SearchDocument[]> {
  return world.look((scope) =>
    scope.read(async (tx) =>
      people.documents(tx, await people.idsBefore(tx, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 10_000)),
    ),
  );
}

const byId = (documents: Iterable<SearchDocument>): readonly SearchDocument[] =>
  [...documents].toSorted((one, other) => (one.id < other.id ? -1 : 1));

/** Waits until the index holds what the tables hold. */
async function untilExact(
  index: ReferenceIndex,
  world: MirrorWorld,
  people: IndexedPeople = candidates,
): Promise<void> {
  const wanted = JSON.stringify(byId(await fromTables(world, people)));
  await expect.poll(() => JSON.stringify(byId(index.contents.values())), { interval: 10 }).toBe(wanted);
}

/** An index of the world that was filled, and that nobody has open any more. */
async function keptOf(
  world: MirrorWorld,
): Promise<{ readonly kept: ReferenceIndexes; readonly index: ReferenceIndex }> {
  const kept = new ReferenceIndexes();
  const indexes = openIndexes(kept);
  await search(indexes, world);
  const index = kept.index(nameOf(world));
  await untilExact(index, world);
  await indexes.close();
  return { kept, index };
}

/** Opens and closes the index until its mark is behind all that was noted: transactions of other tests may hold it up. */
async function closePastAll(kept: ReferenceIndexes, world: MirrorWorld): Promise<void> {
  const noted = await world.look((scope) =>
    scope.read((tx) =>
      tx.rows<{ writtenIn: string }>(
        `select m.written_in::text as "writtenIn" from talentbridge.mirror_change m where ${tx.own('m')}`,
      ),
    ),
  );
  await expect
    .poll(
      async () => {
        const indexes = openIndexes(kept);
        await search(indexes, world);
        await indexes.close();
        const from = readMark(await kept.index(nameOf(world)).mark())?.at.mirror_change?.from ?? '0';
        return noted.every(({ writtenIn }) => BigInt(writtenIn) < BigInt(from));
      },
      { timeout: 50_000 },
    )
    .toBe(true);
}

const search = (indexes: LiveIndexes, world: MirrorWorld, people: IndexedPeople = candidates): Promise<number> =>
  indexes.use(world.scope.organizationId, people, async ({ engine }) => {
    const { total } = await engine.search({ query: { kind: 'all' }, order: 'updated', first: 0 });
    return total;
  });

function atsWith(count: number): InMemoryAts {
  const ats = new InMemoryAts();
  const job = ats.addJob({ title: 'Welder' });
  for (let index = 0; index < count; index += 1) ats.addApplication(ats.addCandidate(), job);
  return ats;
}

async function writeText(world: MirrorWorld, candidate: string, text: string): Promise<void> {
  await world.write((tx) =>
    tx.rows(
      `insert into talentbridge.attachment_text (organization_id, attachment_id, text)
       select $1, f.id, $3 from talentbridge.mirror_attachment f
       where ${tx.own('f')} and f.connection_id = $2 and f.candidate_remote_id = $4
       on conflict (organization_id, attachment_id) do update set text = excluded.text`,
      [tx.organizationId, world.connectionId, text, candidate],
    ),
  );
}

const ADA: Profile = {
  ...{ key: 'p-1', firstName: 'Ada', lastName: 'Lovelace', emails: [{ address: 'ada@mail.example', revealed: false }] },
  ...{ phones: [], socialUrls: [], workExperience: [], education: [], skills: ['Analysis'], certifications: [] },
  ...{ languages: [], groups: [], interests: [], honors: [], diversity: [], tags: [] },
};

describe('RED-6: the index of an organization', () => {
  it('is filled by the first search, and follows every kind of change', async () => {
    const ats = atsWith(30);
    const world = await db.connect(ats);
    await world.workOff();
    const kept = new ReferenceIndexes();
    const indexes = openIndexes(kept);
    expect(await search(indexes, world)).toBe(30);
    const index = kept.index(nameOf(world));
    await untilExact(index, world);
    const [first = '', second = '', third = ''] = [...ats.candidates.keys()];
    const [job = ''] = [...ats.jobs.keys()];

    ats.changeCandidate(first, { firstName: 'Changed' });
    ats.delete('candidate', second);
    ats.addCandidate({ firstName: 'New' });
    await world.next();
    await untilExact(index, world);

    await writeText(world, third, 'Twenty years of underwater welding');
    await untilExact(index, world);
    expect(JSON.stringify([...index.contents.values()])).toContain('underwater');
    await writeText(world, third, 'Ten years of pastry');
    await untilExact(index, world);

    ats.changeJob(job, { title: 'Boilermaker' });
    await world.next();
    await untilExact(index, world);
    expect(JSON.stringify([...index.contents.values()])).toContain('Boilermaker');
    expect(JSON.stringify([...index.contents.values()])).not.toContain('Welder"],"jobId');

    // The same words to a search, and not to who reads them.
    ats.changeJob(job, { title: 'BOILERMAKER' });
    await world.next();
    await untilExact(index, world);
    expect(JSON.stringify([...index.contents.values()])).toContain('BOILERMAKER');
    expect(JSON.stringify([...index.contents.values()])).not.toContain('Boilermaker');

    ats.delete('job', job);
    await world.next();
    await untilExact(index, world);
    await indexes.close();
  });

  it('holds what the tables hold after any changes in any order, also when writes fail and the process begins anew', async () => {
    const ats = atsWith(40);
    const world = await db.connect(ats);
    await world.workOff();
    const kept = new ReferenceIndexes();
    const index = kept.index(nameOf(world));
    let tries = 0;
    index.before = () => {
      tries += 1;
      if (tries % 3 === 0) throw new Error('The disk is full.');
    };
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const some = (ids: Iterable<string>): string => {
      const all = [...ids];
      return all[random(all.length)] ?? '';
    };
    for (let round = 0; round < 6; round += 1) {
      const indexes = openIndexes(kept);
      const searching = search(indexes, world);
      for (let change = 0; change < 5; change += 1) {
        const kind = random(5);
        if (kind === 0) ats.changeCandidate(some(ats.candidates.keys()), { firstName: `Round ${round}` });
        else if (kind === 1) ats.delete('candidate', some(ats.candidates.keys()));
        else if (kind === 2) ats.addApplication(ats.addCandidate(), some(ats.jobs.keys()));
        else if (kind === 3) ats.changeJob(some(ats.jobs.keys()), { title: `Title ${round}.${change}` });
        else await writeText(world, some(ats.candidates.keys()), `Text ${round}.${change}`);
      }
      await world.next();
      await searching;
      // Some rounds end in the middle of the work.
      if (round % 2 === 1) await untilExact(index, world);
      await indexes.close();
    }
    const indexes = openIndexes(kept);
    await search(indexes, world);
    await untilExact(index, world);
    await indexes.close();
  });

  it('goes on where it was after a restart, without writing what it holds again', async () => {
    const ats = atsWith(20);
    const world = await db.connect(ats);
    await world.workOff();
    const { kept, index } = await keptOf(world);
    const [one = ''] = [...ats.candidates.keys()];
    ats.changeCandidate(one, { lastName: 'Meanwhile' });
    await world.next();
    const written: number[] = [];
    index.before = ({ upserts = [] }) => void written.push(upserts.length);
    const after = openIndexes(kept);
    await search(after, world);
    await untilExact(index, world);
    await after.close();
    expect(written.reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it('says that it is being filled, serves what it holds, and goes on with the filling after a crash', async () => {
    const world = await db.connect(atsWith(0));
    await world.workOff();
    await world.write((tx) =>
      tx.rows(
        `insert into talentbridge.mirror_candidate (organization_id, id, connection_id, remote_id, hash, data, emails, sorted_at)
         select $1, gen_random_uuid(), $2, 'c' || n, gen_random_uuid(),
           '{"emails":[],"phones":[],"socialUrls":[],"workExperience":[],"education":[],"tags":[]}', '{}', now()
         from generate_series(1, 600) as n`,
        [tx.organizationId, world.connectionId],
      ),
    );
    const kept = new ReferenceIndexes();
    const index = kept.index(nameOf(world));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    index.before = () => (index.writes === 1 ? held : undefined);
    const indexes = new LiveIndexes({
      indexes: kept,
      people: [],
      database: db.database,
      notifications: db.notifications,
      settings: { ...defaultIndexSettings, pollMs: 20, idleMs: 60_000, patienceMs: 10 },
      logger: pino({ level: 'silent' }),
    });
    await expect
      .poll(() => indexes.use(world.scope.organizationId, candidates, async ({ indexing }) => indexing))
      .toEqual({ done: 125, total: 600 });
    expect(await search(indexes, world)).toBe(125);
    const closing = indexes.close();
    release();
    await closing;
    index.before = () => undefined;
    const writes = index.writes;
    const again = openIndexes(kept);
    await search(again, world);
    await untilExact(index, world);
    // What was durable is not written again.
    expect(index.writes - writes).toBeLessThanOrEqual(4);
    await again.close();
  });

  it('is written over in place, and serves meanwhile, when it was away for longer than changes are kept', async () => {
    const ats = atsWith(20);
    const world = await db.connect(ats);
    await world.workOff();
    const { kept, index } = await keptOf(world);
    const [one = '', other = ''] = [...ats.candidates.keys()];
    ats.changeCandidate(one, { lastName: 'Meanwhile' });
    ats.delete('candidate', other);
    await world.next();
    await world.write(async (tx) => {
      await db.database.owner.query(
        `update talentbridge.mirror_change set at = now() - interval '8 days' where organization_id = $1`,
        [tx.organizationId],
      );
    });
    await world.write((tx) => pruneOutboxes(tx));
    const left = await world.look((scope) =>
      scope.read((tx) => tx.rows(`select from talentbridge.mirror_change m where ${tx.own('m')}`)),
    );
    expect(left).toEqual([]);
    const after = openIndexes(kept);
    await search(after, world);
    await untilExact(index, world);
    expect(index.contents.size).toBe(19);
    await after.close();
  });

  it('is not written anew because changes were pruned that it had seen', async () => {
    const world = await db.connect(atsWith(5));
    await world.workOff();
    const { kept, index } = await keptOf(world);
    await closePastAll(kept, world);
    await world.write(async (tx) => {
      await db.database.owner.query(
        `update talentbridge.mirror_change set at = now() - interval '8 days' where organization_id = $1`,
        [tx.organizationId],
      );
    });
    await world.write((tx) => pruneOutboxes(tx));
    const { writes } = index;
    const after = openIndexes(kept);
    await search(after, world);
    await after.close();
    expect(index.writes - writes).toBeLessThanOrEqual(1);
  });

  it('brings no change of a transaction twice and loses none, in whatever order they are committed', async () => {
    const world = await db.connect(atsWith(3));
    await world.workOff();
    const kept = new ReferenceIndexes();
    const indexes = openIndexes(kept);
    await search(indexes, world);
    const index = kept.index(nameOf(world));
    await untilExact(index, world);
    const ids = await world.look((scope) =>
      scope.read((tx) => candidates.idsBefore(tx, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 3)),
    );
    const [early = '', late = ''] = ids;
    const rename = `update talentbridge.mirror_candidate set data = jsonb_set(data::jsonb, '{firstName}', $2) where id = $1`;
    const note = `insert into talentbridge.mirror_change (organization_id, connection_id, change, ids)
      values ($1, $2, 'CANDIDATES_WRITTEN', $3)`;
    const client = await db.database.owner.connect();
    try {
      // Begins first, and notes after what began later was read.
      await client.query('begin');
      await client.query(`select set_config('talentbridge.organization_id', $1, true)`, [world.scope.organizationId]);
      await client.query(rename, [early, '"Slow"']);
      await world.write(async (tx) => {
        await tx.rows(rename, [late, '"Quick"']);
        await tx.rows(note, [tx.organizationId, world.connectionId, [late]]);
      });
      // What is committed is found at once, whoever else still works.
      await expect.poll(() => JSON.stringify([...index.contents.values()])).toContain('Quick');
      await client.query(note, [world.scope.organizationId, world.connectionId, [early]]);
      await client.query('commit');
    } finally {
      client.release();
    }
    await untilExact(index, world);
    expect(JSON.stringify([...index.contents.values()])).toContain('Slow');
    await indexes.close();
  });

  it('RED-12: has nothing of a person who was erased, nor of a connection that was removed', async () => {
    const ats = atsWith(10);
    const world = await db.connect(ats);
    await world.workOff();
    const kept = new ReferenceIndexes();
    const indexes = openIndexes(kept);
    await search(indexes, world);
    const index = kept.index(nameOf(world));
    const erased = [...index.contents.keys()][0] ?? '';
    await world.mirror.eraseCandidate(world.scope, erased);
    await expect.poll(() => index.contents.has(erased)).toBe(false);
    await untilExact(index, world);
    await world.write((tx) => world.module.leave(tx, world.connectionId));
    await world.clear();
    await expect.poll(() => index.contents.size).toBe(0);
    await indexes.close();
  });

  it('is apart from that of any other organization, and closed when nobody searches it', async () => {
    const [one, other] = await Promise.all([db.connect(atsWith(4)), db.connect(atsWith(6))]);
    await one.workOff();
    await other.workOff();
    const kept = new ReferenceIndexes();
    const indexes = openIndexes(kept, { idleMs: 30 });
    expect(await Promise.all([search(indexes, one), search(indexes, other)])).toEqual([4, 6]);
    const ids = new Set(kept.index(nameOf(one)).contents.keys());
    expect([...kept.index(nameOf(other)).contents.keys()].filter((id) => ids.has(id))).toEqual([]);
    await expect.poll(() => search(indexes, one).then(() => kept.opened.length), { interval: 100 }).toBeGreaterThan(3);
    await indexes.close();
  });

  it('RED-5: holds what the profile of a matched candidate adds, as long as it is matched', async () => {
    const world = await db.connect(atsWith(2));
    await world.workOff();
    const matched = new CandidateIndex({ isPlaceholder: () => false, matchedProfiles, candidatesMatchedWith });
    const kept = new ReferenceIndexes();
    const indexes = openIndexes(kept);
    await search(indexes, world, matched);
    const index = kept.index(nameOf(world, matched));
    const text = () => JSON.stringify([...index.contents.values()]);
    const store = new ProfileStore();
    const [profileId = ''] = (await world.write((tx) => store.upsert(tx, [ADA]))).ids;
    const [candidateId = ''] = [...index.contents.keys()];
    const note = (
      change: string,
    ) => `insert into talentbridge.mirror_change (organization_id, connection_id, change, ids)
      values ($1, $2, '${change}', array[$3::uuid])`;
    await world.write(async (tx) => {
      await tx.rows(
        `insert into talentbridge.candidate_match (organization_id, candidate_id, connection_id, profile_id, alone, decision,
           decided_by, basis, score, evidence, others)
         values ($1, $3, $2, $4, 'MATCHED', 'MATCHED', 'system', 'EMAIL', 1, '[]', '[]')`,
        [tx.organizationId, world.connectionId, candidateId, profileId],
      );
      await tx.rows(note('CANDIDATES_MATCHED'), [tx.organizationId, world.connectionId, candidateId]);
    });
    await expect.poll(text).toContain('Analysis');
    // A profile that changes tells nobody of its candidates: the index looks for them.
    const changed = { ...ADA, skills: ['Engines'] };
    await world.write((tx) => store.replace(tx, [{ id: profileId, profile: changed }]));
    await expect.poll(text).toContain('Engines');
    expect(text()).not.toContain('Analysis');
    await world.write((tx) => tx.rows(`delete from talentbridge.profile p where ${tx.own('p')}`));
    await expect.poll(text).not.toContain('Engines');
    await untilExact(index, world, matched);
    await indexes.close();
  });

  it('DIR-3: of profiles follows upserts, revealed contact data and deletions', async () => {
    const world = await db.connect(atsWith(0));
    const store = new ProfileStore();
    const { ids } = await world.write((tx) => store.upsert(tx, [ADA]));
    const kept = new ReferenceIndexes();
    const indexes = openIndexes(kept);
    expect(await search(indexes, world, profiles)).toBe(1);
    const index = kept.index(nameOf(world, profiles));
    expect(JSON.stringify([...index.contents.values()])).not.toContain('ada@mail.example');
    const revealed = { ...ADA, emails: [{ address: 'ada@mail.example', revealed: true }] };
    await world.write((tx) => store.replace(tx, [{ id: ids[0] ?? '', profile: revealed }]));
    await untilExact(index, world, profiles);
    expect(JSON.stringify([...index.contents.values()])).toContain('ada@mail.example');
    await world.write((tx) => tx.rows(`delete from talentbridge.profile p where ${tx.own('p')}`));
    await expect.poll(() => index.contents.size).toBe(0);
    await indexes.close();
  });
});

it('counts no record before all of them', async () => {
  const world = await db.connect(atsWith(2));
  await world.workOff();
  expect(await world.look((scope) => scope.read((tx) => candidates.countFrom(tx, BEFORE_ALL)))).toBe(2);
});
