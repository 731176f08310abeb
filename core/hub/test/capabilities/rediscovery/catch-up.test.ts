import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { catchUp } from '../../../dist/capabilities/rediscovery/catch-up.js';
import { InMemoryAts } from './in-memory-ats.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from './mirror-world.ts';

let mirrors: MirrorDatabase;
beforeAll(async () => {
  mirrors = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => mirrors[Symbol.asyncDispose]());

/** Lets the last run of everything be this long ago. */
const fullAt = ({ write, connectionId }: MirrorWorld, ago: string) =>
  write((tx) =>
    tx.rows(
      `update talentbridge.mirror_state s set full_at = now() - $2::interval where ${tx.own('s')} and s.connection_id = $1`,
      [connectionId, ago],
    ),
  );
const since = (hours: number) => ({ since: new Date(Date.now() - hours * 3_600_000) });
const missed = ({ mirror, scope, connectionId }: MirrorWorld, hours: number) =>
  catchUp(mirror, scope, connectionId, since(hours));

describe('RED-11: when nobody told what changed', () => {
  it('everything is read, because deletions may be among it', async () => {
    const ats = new InMemoryAts();
    ats.addCandidate();
    const gone = ats.addCandidate();
    const world = await mirrors.connect(ats);
    await world.workOff();
    await fullAt(world, '2 days');
    ats.hideWhole(gone);
    expect(await missed(world, 3)).toBe(true);
    await world.workOff();
    expect(await world.lastRun()).toMatchObject({ kind: 'FULL', trigger: 'GAP', status: 'COMPLETE' });
    expect((await world.rows()).candidates).toHaveLength(1);
  });

  it('changes are read, where everything was read since or within a day', async () => {
    const world = await mirrors.connect(new InMemoryAts());
    await world.workOff();
    for (const [ago, hours] of [
      ['2 days', 72],
      ['2 hours', 1],
    ] as const) {
      await fullAt(world, ago);
      expect(await missed(world, hours)).toBe(true);
      await world.workOff();
      expect(await world.lastRun()).toMatchObject({ kind: 'CHANGES', trigger: 'GAP', status: 'COMPLETE' });
    }
  });

  it('nothing is begun before the first load, nor beside another run', async () => {
    const ats = new InMemoryAts();
    const world = await mirrors.connect(ats);
    expect(await missed(world, 1)).toBe(true);
    await world.workOff();
    const { id } = await world.mirror.start(world.scope, world.connectionId, 'CHANGES');
    expect(await missed(world, 1)).toBe(false);
    await world.workOff();
    expect((await world.lastRun()).id).toBe(id);
  });
});
