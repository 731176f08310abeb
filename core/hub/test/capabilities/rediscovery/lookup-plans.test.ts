import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { rowsNamed } from '../../../dist/capabilities/rediscovery/writing/lookups.js';
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

describe('RED-1: a first load beside the mirror of another organization', () => {
  it.each([
    ['application', 'candidate_remote_id', 'mirror_application_of_candidate'],
    ['application', 'remote_id', 'mirror_application_organization_id_remote_id_connection_id_key'],
    ['candidate', 'remote_id', 'mirror_candidate_organization_id_remote_id_connection_id_key'],
  ] as const)('looks %s records up by its %s, and reads no more than that', async (kind, column, index) => {
    const plan = await newcomer.write((tx) =>
      tx.rows(`explain (format json) select a.id from ${rowsNamed(tx, kind, column, 2)} a`, [
        newcomer.connectionId,
        ['1', '2'],
      ]),
    );
    const text = JSON.stringify(plan);
    expect(text).toContain(`"Index Name":"${index}"`);
    expect(text).toMatch(new RegExp(`"Index Cond":"[^"]*${column} = `));
  });
});
