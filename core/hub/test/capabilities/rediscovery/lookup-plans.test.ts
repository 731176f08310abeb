import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { lookUp, rowsNamed } from '../../../dist/capabilities/rediscovery/writing/lookups.js';
import { InMemoryAts } from './in-memory-ats.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from './mirror-world.ts';

/** Enough for a wrong index to look no dearer than the right one. */
const CANDIDATES = 2_000;

let db: MirrorDatabase;
let newcomer: MirrorWorld;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
  const ats = new InMemoryAts();
  const job = ats.addJob();
  for (let index = 0; index < CANDIDATES; index += 1) ats.addApplication(ats.addCandidate(), job);
  await (await db.connect(ats)).workOff();
  // The database knows one organization now, and the next one comes.
  await db.database.owner.query('analyze');
  newcomer = await db.connect(new InMemoryAts());
});
afterAll(() => db[Symbol.asyncDispose]());

const LOOKUPS = [
  ['application', 'candidate_remote_id', 'mirror_application_of_candidate'],
  ['application', 'remote_id', 'mirror_application_organization_id_remote_id_connection_id_key'],
  ['candidate', 'remote_id', 'mirror_candidate_organization_id_remote_id_connection_id_key'],
] as const;

describe('RED-1: a first load beside the mirror of another organization', () => {
  it.each(LOOKUPS)('looks %s records up by its %s, and reads no more than that', async (kind, column, index) => {
    const text = await planOf(newcomer, kind, column);
    expect(text).toContain(`"Index Name":"${index}"`);
    expect(text).toMatch(new RegExp(`"Index Cond":"[^"]*${column} = `));
  });
});

describe('RED-1: the second page of the first load of all', () => {
  let world: MirrorWorld;
  let small: MirrorDatabase;
  beforeAll(async () => {
    small = await openMirrorDatabase(await freshDatabase());
    const ats = new InMemoryAts();
    const job = ats.addJob();
    for (let index = 0; index < 100; index += 1) ats.addApplication(ats.addCandidate(), job);
    world = await small.connect(ats);
    await world.workOff();
  });
  afterAll(() => small[Symbol.asyncDispose]());

  it.each(LOOKUPS)(
    'looks %s records up by its %s, of which the database knows nothing',
    async (kind, column, index) => {
      expect(await planOf(world, kind, column)).toContain(`"Index Name":"${index}"`);
    },
  );
});

describe('RED-1: the plan of a lookup', () => {
  it('is kept while the mirror is about as large, and made anew once it is not', async () => {
    const plans = await newcomer.write(async (tx) => {
      const query = `select a.id, 'kept' as plan from ${rowsNamed(tx, 'job', 'remote_id', '$2')} a`;
      for (const mirrored of [5, 6, 9, undefined, 5_000, 5_001]) {
        await lookUp(tx, mirrored, query, [newcomer.connectionId, ['1']]);
      }
      return tx.rows(`select p.statement from pg_prepared_statements p where p.statement like '%kept%'`);
    });
    expect(plans).toHaveLength(2);
  });
});

async function planOf(
  world: MirrorWorld,
  kind: 'application' | 'candidate',
  column: 'candidate_remote_id' | 'remote_id',
): Promise<string> {
  const plan = await world.write((tx) =>
    tx.rows(`explain (format json) select a.id from ${rowsNamed(tx, kind, column, '$2')} a`, [
      world.connectionId,
      ['1', '2'],
    ]),
  );
  return JSON.stringify(plan);
}
