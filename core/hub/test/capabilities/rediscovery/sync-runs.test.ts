import {
  AtsAnswerUnreadableError,
  AtsRateLimitedError,
  AtsUnavailableError,
  CredentialsRejectedError,
  PluginFaultError,
} from '@talentbridge/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { InMemoryAts, type InMemoryAtsOptions } from './in-memory-ats.ts';
import { expectedRows, type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from './mirror-world.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

/** An ATS with some of everything: each candidate has an application, every third has two. */
function atsWith(candidates: number, options?: InMemoryAtsOptions): InMemoryAts {
  const ats = new InMemoryAts(options);
  const jobs = Array.from({ length: 4 }, () => ats.addJob());
  for (let index = 0; index < candidates; index += 1) {
    const candidate = ats.addCandidate();
    ats.addApplication(candidate, jobs[index % jobs.length] ?? '');
    if (index % 3 === 0) ats.addApplication(candidate, jobs[(index + 1) % jobs.length] ?? '', { stage: 'Interview' });
  }
  return ats;
}

/** Which version of each row is stored: PostgreSQL writes another one even for the same values. */
function rowVersions({ look, connectionId }: MirrorWorld): Promise<readonly object[]> {
  const versions = ['candidate', 'job', 'application', 'attachment'].map((table) =>
    look((scope) =>
      scope.read((tx) =>
        tx.rows(
          `select x.id, x.xmin::text, x.xmax::text from talentbridge.mirror_${table} x
           where ${tx.own('x')} and x.connection_id = $1 order by x.id`,
          [connectionId],
        ),
      ),
    ),
  );
  return Promise.all(versions).then((tables) => tables.flat());
}

const candidateIds = (ats: InMemoryAts): readonly string[] => [...ats.candidates.keys()];

describe.each(['inside', 'alone'] as const)('with applications %s', (applications) => {
  it('RED-1: the first load brings everything, and says how far it is', async () => {
    const ats = atsWith(23, { applications });
    const world = await db.connect(ats);
    const shares: (number | null)[] = [];
    ats.before = async () => void shares.push((await world.lastRun()).share);
    await world.workOff();
    expect(await world.rows()).toEqual(expectedRows(ats));
    expect(await world.lastRun()).toMatchObject({
      kind: 'FULL',
      trigger: 'FIRST_LOAD',
      status: 'COMPLETE',
      share: 1,
      counts: {
        candidates: { read: 23, written: 23, unchanged: 0, deleted: 0, refused: 0 },
        jobs: { read: 4, written: 4 },
        applications: { read: 31, written: 31 },
      },
    });
    expect(shares[0]).toBeNull();
    expect(shares).toEqual(shares.toSorted((one, other) => (one ?? 0) - (other ?? 0)));
    expect(await world.look((scope) => world.mirror.state(scope, world.connectionId))).toMatchObject({
      candidates: 23,
      jobs: 4,
      applications: 31,
      currentRunId: null,
    });
  });

  it('RED-8: of files that came before, some changed and others are gone, while new ones come', async () => {
    const ats = atsWith(3, { applications });
    const world = await db.connect(ats);
    const file = (remoteId: string, filename: string) => ({ remoteId, filename, kind: 'other' as const });
    const [one = ''] = candidateIds(ats);
    ats.changeCandidate(one, { attachments: [file('a', 'a.pdf'), file('b', 'b.pdf'), file('c', 'c.pdf')] });
    await world.workOff();
    ats.changeCandidate(one, { attachments: [file('a', 'a.pdf'), file('b', 'other.pdf'), file('d', 'd.pdf')] });
    await world.next();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('RED-2: a run of changes reads what changed and writes what differs', async () => {
    const ats = atsWith(30, { applications });
    const world = await db.connect(ats);
    await world.workOff();
    const [one = '', two = '', three = ''] = candidateIds(ats);
    ats.changeCandidate(one, {
      lastName: 'Other',
      attachments: [{ remoteId: 'letter', filename: 'l.pdf', kind: 'coverLetter' }],
    });
    ats.changeApplication([...ats.applications.keys()][5] ?? '', { status: 'hired', stage: 'Hired' });
    ats.changeJob([...ats.jobs.keys()][0] ?? '', { open: false });
    ats.delete('candidate', two);
    ats.merge(three, one);
    const pulls = ats.pulls.length;
    const run = await world.next();
    expect(run).toMatchObject({ kind: 'CHANGES', trigger: 'SCHEDULE', status: 'COMPLETE' });
    expect(await world.rows()).toEqual(expectedRows(ats));
    expect(run.counts.candidates.deleted).toBe(2);
    expect(run.counts.candidates.written).toBeLessThanOrEqual(applications === 'inside' ? 3 : 1);
    expect(ats.pulls.slice(pulls).every((request) => request.kind === 'changes')).toBe(true);
  });

  it('a full run over what did not change writes no row, not even a lock', async () => {
    const ats = atsWith(17, { applications });
    const world = await db.connect(ats);
    await world.workOff();
    const before = await rowVersions(world);
    const run = await world.next('FULL');
    expect(run.counts.candidates).toMatchObject({ read: 17, written: 0, unchanged: 17 });
    expect(run.counts.applications).toMatchObject({ written: 0, deleted: 0 });
    expect(await rowVersions(world)).toEqual(before);
  });

  it('what a complete full run did not bring is gone; what a run of changes did not bring stays', async () => {
    const ats = atsWith(40, { applications });
    const world = await db.connect(ats);
    await world.workOff();
    const hidden = candidateIds(ats).slice(3, 6);
    for (const id of hidden) {
      for (const { value } of [...ats.applications.values()]) {
        if (value.candidateRemoteId === id) ats.hide('application', value.remoteId);
      }
      ats.hide('candidate', id);
    }
    ats.hide('job', [...ats.jobs.keys()][3] ?? '');
    await world.next();
    expect((await world.rows()).candidates).toHaveLength(40);
    expect(await world.next('FULL')).toMatchObject({ counts: { candidates: { deleted: 3 }, jobs: { deleted: 1 } } });
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('RED-1: goes on at the last page that is durable, wherever workers die, and reads no page twice but theirs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 22 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 14 }), { maxLength: 4 }),
        async (candidates, deaths) => {
          const ats = atsWith(candidates, { applications });
          const world = await db.connect(ats);
          const released = Promise.withResolvers<void>();
          const dying: Promise<void>[] = [];
          let died = 0;
          for (const at of deaths.toSorted((one, other) => one - other)) {
            const asked = Promise.withResolvers<void>();
            ats.before = (_call, count) => {
              if (count - died !== at) return undefined;
              asked.resolve();
              return released.promise;
            };
            const worker = world.work();
            // It dies while it waits for this page, or there is no such page.
            await Promise.race([asked.promise, worker]);
            if ((await world.lastRun()).status === 'COMPLETE') break;
            died += 1;
            dying.push(worker);
          }
          ats.before = () => undefined;
          await world.workOff();
          const run = await world.lastRun();
          expect(run.status).toBe('COMPLETE');
          expect(ats.pulls).toHaveLength(run.pages + died);
          // They were only slow: what they bring now is refused.
          released.resolve();
          await Promise.all(dying);
          expect(await world.rows()).toEqual(expectedRows(ats));
          expect(await world.lastRun()).toEqual(run);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('while a run goes on', () => {
  it('the same run over records that change, move and merge between pages ends with what the ATS holds', async () => {
    const ats = atsWith(40);
    const world = await db.connect(ats);
    ats.before = (_call, count) => {
      const [first = '', second = ''] = candidateIds(ats);
      if (count === 3) ats.changeCandidate(first, { firstName: 'Moved to the end' });
      if (count === 4) ats.merge(second, first);
      if (count === 5) ats.addCandidate();
    };
    await world.workOff();
    ats.before = () => undefined;
    await world.next();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('a process that stops gives the run to the next one after its page', async () => {
    const ats = atsWith(20);
    const world = await db.connect(ats);
    const stopping = new AbortController();
    ats.before = (_call, count) => (count === 2 ? stopping.abort() : undefined);
    await world.work(stopping.signal);
    expect(await world.lastRun()).toMatchObject({ status: 'RUNNING', pages: 3 });
    await world.workOff();
    expect(ats.pulls).toHaveLength((await world.lastRun()).pages);
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('can be cancelled: what was read stays, and the schedule goes on', async () => {
    const ats = atsWith(20);
    const world = await db.connect(ats, { settings: { readAheadAfterPages: 99 } });
    ats.before = async (_call, count) => {
      if (count === 3) await world.look(async (scope) => world.mirror.cancel(scope, (await world.lastRun()).id));
    };
    await world.work();
    const run = await world.lastRun();
    expect(run).toMatchObject({ status: 'CANCELLED', pages: 3 });
    const state = await world.look((scope) => world.mirror.state(scope, world.connectionId));
    expect(state).toMatchObject({ completeAt: null, currentRunId: null, nextDueAt: expect.any(Date) });
    ats.before = () => undefined;
    expect(await world.next()).toMatchObject({ kind: 'FULL', status: 'COMPLETE' });
    await expect(world.mirror.cancel(world.scope, run.id)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
});

describe('RED-12: the cursor of a run, which may hold ids of the ATS,', () => {
  const cursors = (world: MirrorWorld): Promise<readonly object[]> =>
    world.write((tx) =>
      tx.rows(
        `select r.status, r.cursor from talentbridge.sync_run r where ${tx.own('r')} and r.connection_id = $1 order by r.id`,
        [world.connectionId],
      ),
    );

  it('ends with the run, however that ends', async () => {
    const ats = atsWith(20);
    const world = await db.connect(ats, { settings: { readAheadAfterPages: 99 } });
    let stands: readonly object[] = [];
    ats.before = async (_call, count) => {
      if (count !== 3) return;
      stands = await cursors(world);
      await world.look(async (scope) => world.mirror.cancel(scope, (await world.lastRun()).id));
    };
    await world.workOff();
    expect(stands).toEqual([{ status: 'RUNNING', cursor: expect.any(String) }]);
    ats.before = (_call, count) => {
      if (count > 6) throw new PluginFaultError('in-memory', 'has a bug');
    };
    await world.next();
    ats.before = () => undefined;
    await world.next();
    expect(await cursors(world)).toEqual(
      ['CANCELLED', 'FAILED', 'COMPLETE'].map((status) => ({ status, cursor: null })),
    );
  });
});

describe('what an error of the ATS means', () => {
  it('one that passes is tried again, with the same page', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    ats.before = (_call, count) => {
      if (count === 1 || count === 2) throw new AtsUnavailableError('In-memory ATS', 'answered 503');
    };
    await world.workOff();
    expect(await world.lastRun()).toMatchObject({ status: 'COMPLETE' });
    expect(ats.pulls.slice(1, 4)).toEqual([
      ats.pulls[1],
      { ...ats.pulls[1], attempt: 1 },
      { ...ats.pulls[1], attempt: 2 },
    ]);
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('a long wait gives the worker back and says what it waits for', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    ats.before = (_call, count) => {
      if (count === 2) throw new AtsRateLimitedError('In-memory ATS', 3_600_000);
    };
    await world.work();
    expect(await world.lastRun()).toMatchObject({
      status: 'RUNNING',
      statusReason: expect.stringContaining('slower pace'),
      pages: 2,
      requests: 3,
    });
    await world.workOff();
    expect(await world.lastRun()).toMatchObject({ status: 'COMPLETE', statusReason: null });
  });

  it('an answer that nobody can read is not asked for for ever', { timeout: 120_000 }, async () => {
    const ats = atsWith(3);
    const world = await db.connect(ats);
    ats.before = () => {
      throw new AtsAnswerUnreadableError('In-memory ATS', 'the candidates', 'it is HTML');
    };
    await world.workOff();
    expect(await world.lastRun()).toMatchObject({
      status: 'FAILED',
      statusReason: expect.stringContaining('12 times'),
    });
    ats.before = () => undefined;
    expect(await world.next()).toMatchObject({ kind: 'FULL', status: 'COMPLETE' });
  });

  it('CON-6: refused credentials pause the run until the connection works again', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    ats.before = (_call, count) => {
      if (count === 2) throw new CredentialsRejectedError('In-memory ATS');
    };
    await world.work();
    expect(await world.lastRun()).toMatchObject({
      status: 'PAUSED',
      statusReason: expect.stringContaining('credentials'),
    });
    expect(world.reported).toHaveLength(1);
    await world.work();
    expect((await world.lastRun()).status).toBe('PAUSED');
    await world.write((tx) => world.module.reconsider(tx, [world.connectionId]));
    await world.workOff();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('a broken promise of the plugin ends the run with the reason', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    ats.before = () => {
      throw new PluginFaultError('in-memory', 'has a bug');
    };
    await world.workOff();
    expect(await world.lastRun()).toMatchObject({
      status: 'FAILED',
      statusReason: expect.stringContaining('has a bug'),
    });
  });

  it('a cursor that came before is an error, not an endless run', async () => {
    const ats = atsWith(30);
    const world = await db.connect(ats);
    let first: string | undefined;
    ats.alter = (page) => {
      first ??= page.cursor;
      return ats.pulls.length === 6 && first !== undefined ? { ...page, cursor: first } : page;
    };
    await world.workOff();
    expect(await world.lastRun()).toMatchObject({ status: 'FAILED', statusReason: expect.stringContaining('circle') });
  });

  it('a cursor that the ATS forgot begins the run anew, and nothing is taken for deleted because of it', async () => {
    const ats = atsWith(30);
    const world = await db.connect(ats);
    await world.workOff();
    const pulls = ats.pulls.length;
    ats.before = (_call, count) => {
      if (count === pulls + 4) ats.expireCursors();
    };
    const run = await world.next('FULL');
    expect(run).toMatchObject({ status: 'COMPLETE', counts: { candidates: { read: 30, deleted: 0 } } });
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('RED-2: where changes begin is lost: everything is read again', async () => {
    const ats = atsWith(10);
    const world = await db.connect(ats);
    await world.workOff();
    ats.before = () => {
      if (ats.pulls.at(-1)?.kind === 'changes') ats.expireCursors();
    };
    const { RecordNotFoundError } = await import('@talentbridge/contracts');
    ats.before = () => {
      if (ats.pulls.at(-1)?.kind === 'changes') throw new RecordNotFoundError('In-memory ATS', 'time', 'of the mark');
    };
    expect(await world.next()).toMatchObject({ kind: 'CHANGES', status: 'FAILED' });
    expect(await world.next()).toMatchObject({ kind: 'FULL', trigger: 'SCHEDULE', status: 'COMPLETE' });
  });
});

describe('the schedule', () => {
  it('RED-2: the next run is due after the interval, give or take a fifth, and not before', async () => {
    const ats = atsWith(3);
    const world = await db.connect(ats);
    await world.workOff();
    const { nextDueAt } = await world.look((scope) => world.mirror.state(scope, world.connectionId));
    const inMinutes = ((nextDueAt?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(inMinutes).toBeGreaterThan(47);
    expect(inMinutes).toBeLessThan(73);
    const run = await world.lastRun();
    await world.work();
    expect(await world.lastRun()).toEqual(run);
  });

  it('everything is read again after the time that is set, though nobody asked', async () => {
    const ats = atsWith(3);
    const world = await db.connect(ats, { settings: { fullEveryMs: 60_000 } });
    await world.workOff();
    expect((await world.next()).kind).toBe('CHANGES');
    await world.write((tx) =>
      tx.rows(
        `update talentbridge.mirror_state s set full_at = now() - interval '2 minutes'
         where ${tx.own('s')} and s.connection_id = $1`,
        [world.connectionId],
      ),
    );
    expect((await world.next()).kind).toBe('FULL');
  });

  it('one run per connection: a second one cannot be started beside it', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    const refused: unknown[] = [];
    ats.before = async (_call, count) => {
      if (count === 1)
        await world
          .look((scope) => world.mirror.start(scope, world.connectionId))
          .catch((error) => refused.push(error));
    };
    await world.workOff();
    expect(refused).toMatchObject([{ code: 'WRONG_STATE', state: 'RUNNING' }]);
    const started = await world.mirror.start(world.scope, world.connectionId, 'FULL');
    expect(started).toMatchObject({ status: 'QUEUED', trigger: 'PERSON', requestedBy: 'admin-1', kind: 'FULL' });
    expect((await world.mirror.start(world.scope, world.connectionId)).id).toBe(started.id);
  });
});

describe('RED-12: many deletions', () => {
  const missing = async (applications: 'inside' | 'alone' = 'inside') => {
    const ats = atsWith(60, { applications });
    const world = await db.connect(ats, { settings: { deletionsNeverAsked: 4 } });
    await world.workOff();
    for (const id of candidateIds(ats).slice(0, 15)) ats.hide('candidate', id);
    const run = await world.next('FULL');
    return { ats, world, run };
  };

  it('are not done before an admin says so', async () => {
    const { world, run } = await missing();
    expect(run).toMatchObject({
      status: 'AWAITING_APPROVAL',
      pendingDeletions: { candidates: 15, jobs: 0, ofCandidates: 60, ofJobs: 4 },
      counts: { candidates: { deleted: 0 } },
    });
    expect((await world.rows()).candidates).toHaveLength(60);
    // Meanwhile the mirror is kept.
    expect(await world.next()).toMatchObject({ kind: 'CHANGES', status: 'COMPLETE' });
    expect(await world.look((scope) => world.mirror.run(scope, run.id))).toMatchObject({ status: 'AWAITING_APPROVAL' });
    await world.look((scope) => world.mirror.approveDeletions(scope, run.id, { approve: true }));
    await world.work();
    expect(await world.look((scope) => world.mirror.run(scope, run.id))).toMatchObject({
      status: 'COMPLETE',
      counts: { candidates: { deleted: 15 } },
      pendingDeletions: null,
    });
    expect((await world.rows()).candidates).toHaveLength(45);
    await expect(world.mirror.approveDeletions(world.scope, run.id, { approve: true })).rejects.toMatchObject({
      code: 'WRONG_STATE',
    });
  });

  it('are dropped when the admin says so', async () => {
    const { world, run } = await missing();
    await world.look((scope) => world.mirror.approveDeletions(scope, run.id, { approve: false }));
    expect(await world.look((scope) => world.mirror.run(scope, run.id))).toMatchObject({ status: 'COMPLETE' });
    expect((await world.rows()).candidates).toHaveLength(60);
  });

  it('leave out whom the ATS showed again before the admin answered', async () => {
    const { ats, world, run } = await missing();
    const back = ats.addCandidate({ firstName: 'Back' });
    const [hidden] = (await world.rows()).candidates as readonly { readonly remoteId: string }[];
    // The first that was hidden comes back as it was.
    ats.candidates.set(hidden?.remoteId ?? '', { value: hidden as never, at: ats.candidates.get(back)?.at ?? 0 });
    await world.next();
    await world.look((scope) => world.mirror.approveDeletions(scope, run.id, { approve: true }));
    await world.work();
    const left = (await world.rows()).candidates as readonly { readonly remoteId: string }[];
    expect(left).toHaveLength(60 - 15 + 2);
    expect(left.map(({ remoteId }) => remoteId)).toContain(hidden?.remoteId);
  });

  it('are asked about as well when the ATS names them', async () => {
    const ats = atsWith(60);
    const world = await db.connect(ats, { settings: { deletionsNeverAsked: 4 } });
    await world.workOff();
    for (const id of candidateIds(ats).slice(0, 15)) ats.delete('candidate', id);
    const run = await world.next();
    expect(run).toMatchObject({ kind: 'CHANGES', status: 'AWAITING_APPROVAL' });
    expect((await world.rows()).candidates.length).toBeGreaterThanOrEqual(54);
    await world.look((scope) => world.mirror.approveDeletions(scope, run.id, { approve: true }));
    await world.work();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('a later run of everything takes the place of one that asks', async () => {
    const { ats, world, run } = await missing();
    const again = await world.next('FULL');
    expect(again.status).toBe('AWAITING_APPROVAL');
    expect(await world.look((scope) => world.mirror.run(scope, run.id))).toMatchObject({ status: 'CANCELLED' });
    await world.look((scope) => world.mirror.approveDeletions(scope, again.id, { approve: true }));
    await world.work();
    expect((await world.rows()).candidates).toEqual(expectedRows(ats).candidates);
  });

  it('nothing is inferred where the ATS does not show everything', async () => {
    const ats = atsWith(30, { completeWhenFull: false });
    const world = await db.connect(ats);
    await world.workOff();
    ats.secret.add(`candidate/${candidateIds(ats)[0]}`);
    expect(await world.next('FULL')).toMatchObject({ status: 'COMPLETE', counts: { candidates: { deleted: 0 } } });
    expect((await world.rows()).candidates).toHaveLength(30);
  });
});
