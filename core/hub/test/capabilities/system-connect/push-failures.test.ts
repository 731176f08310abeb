import { AtsRateLimitedError, CredentialsRejectedError, type NetworkBatch } from '@talentbridge/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { unavailable } from './network-plugin.ts';
import { calls, openPushDatabase, type PushDatabase, somebody } from './push-world.ts';

let database: PushDatabase;
beforeAll(async () => {
  database = await openPushDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

describe('RSC-2: what fails is tried again, and holds up nothing else', () => {
  it('a record that is refused is not sent again before it changes, nor what belongs to it', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    somebody(world, 'bea');
    world.network.refuse = (key) =>
      key === `candidate ${candidate}` ? { ok: false, retry: false, reason: 'There is no address.' } : undefined;
    await world.settle();
    expect(world.network.of('application')).toHaveLength(1);
    const sent = world.network.batches.length;
    await world.mirror.next('FULL');
    await world.settle();
    expect(world.network.batches).toHaveLength(sent);
    expect((await world.progress())?.kinds.find(({ kind }) => kind === 'candidate')).toMatchObject({
      sent: 1,
      refused: 1,
    });
    world.network.refuse = () => undefined;
    world.ats.changeCandidate(candidate, { firstName: 'Ada' });
    await world.mirror.next();
    await world.settle();
    expect(world.network.of('application')).toHaveLength(2);
  });

  it('what fails of a candidate waits, and nothing later of them overtakes', async () => {
    const world = await database.world();
    const { candidate, application } = somebody(world);
    somebody(world, 'bea');
    await world.mirror.workOff();
    world.network.refuse = (key) =>
      key === `application ${application}` ? { ok: false, retry: true, reason: 'Busy.' } : undefined;
    await world.push();
    expect(world.network.of('stage').map(({ remoteId }) => remoteId)).toEqual(['bea-s1']);
    expect(await world.progress()).toMatchObject({ waiting: { candidates: 1 } });
    world.network.refuse = () => undefined;
    world.network.batches.length = 0;
    await world.push();
    expect(world.network.batches).toEqual([]);
    await world.passTime();
    await world.push();
    expect(calls(world)).toEqual(['push application', 'push applicationNote', 'push feedback', 'push stage']);
    expect(world.network.batches.every(({ ids }) => ids.length === 1)).toBe(true);
    expect(candidate).toBe('ada');
  });

  it('a network that is away or asks for a slower pace has everything wait', async () => {
    const world = await database.world();
    somebody(world);
    await world.mirror.workOff();
    world.network.before = () => {
      throw new AtsRateLimitedError('In-memory network', 3_600_000);
    };
    await world.push();
    const waiting = await world.progress();
    expect(waiting).toMatchObject({ reason: expect.stringContaining('slower pace') });
    expect(waiting?.resumeAt?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    world.network.before = () => undefined;
    await world.push();
    expect(world.network.batches).toEqual([]);
    await world.settle();
    expect(world.network.of('stage')).toHaveLength(1);
    expect(await world.progress()).toMatchObject({ reason: null, resumeAt: null });
  });

  it('a record that no call with it survives is found, and waits by itself', async () => {
    const world = await database.world();
    for (let number = 0; number < 7; number += 1) somebody(world, `person-${number}`);
    const push = world.network.push.bind(world.network);
    world.network.push = async (ctx, batch) => {
      if (batch.kind === 'candidate' && (batch.records as readonly Named[]).some(isPoison)) throw unavailable();
      return push(ctx, batch);
    };
    for (let pushes = 0; pushes < 6; pushes += 1) {
      await world.mirror.workOff();
      await world.passTime();
      await world.push();
    }
    expect(world.network.of('stage')).toHaveLength(6);
    expect(await world.progress()).toMatchObject({ waiting: { candidates: 1 } });
  });

  it('refused credentials are told to the connection', async () => {
    const world = await database.world();
    somebody(world);
    await world.mirror.workOff();
    world.network.before = () => {
      throw new CredentialsRejectedError('In-memory network');
    };
    await world.push();
    expect(world.reported).toMatchObject([{ id: world.connectionId, error: { code: 'ATS_CREDENTIALS_REJECTED' } }]);
    await world.change('NEEDS_ATTENTION');
    world.network.before = () => undefined;
    await world.push();
    expect(world.network.batches).toEqual([]);
  });

  it('a history that cannot be read puts off one candidate alone', async () => {
    const world = await database.world();
    somebody(world);
    somebody(world, 'bea');
    await world.mirror.workOff();
    world.onHistory = (remoteId) => {
      if (remoteId === 'ada') throw unavailable();
    };
    await world.push();
    expect(world.network.of('candidate').map(({ remoteId }) => remoteId)).toEqual(['bea']);
    world.onHistory = () => undefined;
    await world.settle();
    expect(world.network.of('stage')).toHaveLength(2);
  });

  it('a change that comes while a record is on its way goes out after it', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    await world.mirror.workOff();
    let changed = false;
    world.network.after = async (call) => {
      if (call !== 'push' || changed || world.network.of('candidate').length === 0) return;
      changed = true;
      world.ats.changeCandidate(candidate, { firstName: 'Later' });
      await world.mirror.next();
    };
    await world.push();
    expect(world.network.of('candidate')[0]?.value).toMatchObject({ candidate: { firstName: 'Later' } });
  });

  it('notes change without a word of the ATS: those of linked candidates are read again now and then', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    somebody(world, 'bea');
    world.network.membersByEmail.set('ada@mail.example', 'member-1');
    await world.settle();
    world.historyReads.length = 0;
    world.histories.set(candidate, { notes: [], stageChanges: [], feedback: [] });
    await world.push();
    expect(world.historyReads).toEqual([]);
    await world.rows(
      `update talentbridge.network_push set histories_at = now() - interval '31 minutes' where connection_id = $1`,
      [world.connectionId],
    );
    await world.push();
    expect(world.historyReads).toEqual([candidate]);
    expect(world.network.of('candidateNote').map(({ remoteId }) => remoteId)).toEqual(['bea-n1']);
  });
});

type Named = Extract<NetworkBatch, { kind: 'candidate' }>['records'][number];

function isPoison({ candidate }: Named): boolean {
  return candidate.remoteId === 'person-3';
}
