import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
import { expectedRows, type MirrorDatabase, openMirrorDatabase } from '../mirror-world.ts';
import { candidates, EARLIER, firstNames, LATER, startCopying } from './copied-mirror.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

describe('RED-3: the rows of a data copy', () => {
  it('are written into the mirror, whoever the ATS itself does not show', async () => {
    const { world, copies } = await startCopying(db, (ats) => void ats.addCandidate({ remoteId: 'shown' }));
    await using _ = copies;
    const done = await copies.importFiles({
      'applications.csv': `id,candidate,job,status,updated\na-1,hidden,j-1,Rejected,${LATER}\n`,
      'candidates.csv': candidates(`hidden,Ada,ada@home.example,Northwind,${LATER}`),
      'jobs.csv': `id,title,updated\nj-1,Welder,${LATER}\n`,
    });
    expect(done).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 3, written: 3, unchanged: 0, older: 0, refused: 0 },
    });
    const rows = await world.rows();
    expect(rows.candidates).toHaveLength(2);
    expect(rows.jobs).toMatchObject([{ remoteId: 'j-1', title: 'Welder' }]);
    expect(rows.applications).toMatchObject([{ remoteId: 'a-1', candidateRemoteId: 'hidden', stage: 'Rejected' }]);
    expect(await copies.stored()).toEqual([]);
  });

  it('change nothing when the same copy comes again', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const files = {
      'candidates.csv': candidates(`1,Ada,ada@home.example,,${LATER}`, '2,Bela,,,'),
      'jobs.csv': `id,title,updated\nj-1,Welder,${LATER}\nj-2,Nurse,\n`,
      'applications.csv': `id,candidate,job,status,updated\na-1,1,j-1,New,${LATER}\na-2,2,j-1,New,\n`,
      'files.csv': `candidate,filename,path,updated\n1,cv.pdf,1.pdf,${LATER}\n`,
      '1.pdf': 'content',
    };
    expect((await copies.importFiles(files)).counts).toMatchObject({ written: 7, refused: 0 });
    const before = await world.rows();
    const again = await copies.importFiles(files);
    expect(again.counts).toEqual({ read: 7, written: 0, unchanged: 7, older: 0, refused: 0 });
    expect(await world.rows()).toEqual(before);
  });

  it('never overwrite what was updated later, or at the same time', async () => {
    const { ats, world, copies } = await startCopying(db, (one) => {
      one.addCandidate({ remoteId: 'newer' });
      one.addCandidate({ remoteId: 'same' });
      one.addCandidate({ remoteId: 'older', workExperience: [{ employer: 'Kept Co', current: true }] });
    });
    await using _ = copies;
    const done = await copies.importFiles({
      'candidates.csv': candidates(
        `newer,Copy,,,${EARLIER}`,
        `same,Copy,,,${ats.candidates.get('same')?.value.updatedAt}`,
        `older,Copy,,,${LATER}`,
        'newer,Timeless,,,',
      ),
    });
    expect(done.counts).toEqual({ read: 4, written: 1, unchanged: 1, older: 2, refused: 0 });
    expect(await firstNames(world)).toEqual({ newer: 'First newer', same: 'First same', older: 'Copy' });
    // What the table has no value for stays as the ATS told it.
    expect((await world.rows()).candidates).toContainEqual(
      expect.objectContaining({
        remoteId: 'older',
        workExperience: [expect.objectContaining({ employer: 'Kept Co' })],
      }),
    );
  });

  it('of one record are one record: the newest of them, in whatever order they stand', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const done = await copies.importFiles({
      'candidates.csv': candidates(`1,New,,,${LATER}`, `1,Old,,,${EARLIER}`, `2,Old,,,${EARLIER}`, `2,New,,,${LATER}`),
    });
    expect(done.counts).toMatchObject({ written: 2, older: 2 });
    expect(await firstNames(world)).toEqual({ 1: 'New', 2: 'New' });
  });

  it('yield to what the ATS itself tells later, and are not missed by a run of everything', async () => {
    const { ats, world, copies } = await startCopying(db, (one) => void one.addCandidate({ remoteId: 'shown' }));
    await using _ = copies;
    await copies.importFiles({
      'candidates.csv': candidates(`hidden,Copy,,,${EARLIER}`, `wakes,Copy,,,${EARLIER}`),
      'jobs.csv': `id,title,updated\nj-1,Welder,${EARLIER}\n`,
      'applications.csv': `id,candidate,job,status,updated\na-1,hidden,j-1,New,${EARLIER}\n`,
      'files.csv': `candidate,filename,path,updated\nwakes,cv.pdf,1.pdf,${EARLIER}\n`,
      '1.pdf': 'content',
    });
    ats.addCandidate({ remoteId: 'wakes' });
    await world.next('FULL');
    expect(await firstNames(world)).toEqual({ shown: 'First shown', hidden: 'Copy', wakes: 'First wakes' });
    const rows = await world.rows();
    expect(rows.jobs).toHaveLength(1);
    expect(rows.applications).toHaveLength(1);
    // The ATS lists the files of a candidate whole; what came with the copy stays beside them.
    expect(rows.attachments).toMatchObject([
      { candidateRemoteId: 'shown', remoteId: 'cv' },
      { candidateRemoteId: 'wakes', remoteId: 'copy/cv.pdf' },
      { candidateRemoteId: 'wakes', remoteId: 'cv' },
    ]);
    // Once the ATS has shown somebody, it may also lose them.
    ats.hide('candidate', 'wakes');
    await world.next('FULL');
    expect(await firstNames(world)).toEqual({ shown: 'First shown', hidden: 'Copy' });
  });

  it('do not keep a page from being written that was asked for before', async () => {
    const { ats, world, copies } = await startCopying(db, (one) => void one.addCandidate({ remoteId: '1' }));
    await using _ = copies;
    ats.changeCandidate('1', { firstName: 'Newest' });
    ats.before = async (call) => {
      if (call !== 'pull') return;
      ats.before = () => undefined;
      await copies.importFiles({ 'candidates.csv': candidates(`1,Copy,,,2026-01-01T00:00:15.000Z`) });
    };
    await world.next('FULL');
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('do not bring back whom the ATS deleted since', async () => {
    const { ats, world, copies } = await startCopying(db, (one) => void one.addCandidate({ remoteId: '1' }));
    await using _ = copies;
    ats.delete('candidate', '1');
    await world.next('CHANGES');
    const done = await copies.importFiles({
      'candidates.csv': candidates(`1,Copy,,,${LATER}`),
      'applications.csv': `id,candidate,job,status,updated\na-1,1,j-1,New,${LATER}\n`,
      'files.csv': 'candidate,filename,path,updated\n1,cv.pdf,1.pdf,\n',
      '1.pdf': 'content',
    });
    expect(done.counts).toEqual({ read: 3, written: 0, unchanged: 0, older: 3, refused: 0 });
    expect(await world.rows()).toEqual({ candidates: [], jobs: [], applications: [], attachments: [] });
    expect(await copies.stored()).toEqual([]);
  });

  it('may come before the first load', async () => {
    const { ats, world, copies } = await startCopying(db, (one) => void one.addCandidate({ remoteId: '1' }), false);
    await using _ = copies;
    await copies.importFiles({ 'candidates.csv': candidates(`1,Copy,,,${EARLIER}`, `2,Copy,,,${EARLIER}`) });
    await world.workOff();
    expect(await firstNames(world)).toEqual({ 1: 'First 1', 2: 'Copy' });
    expect((await world.lastRun()).counts.candidates).toMatchObject({ read: 1, written: 1, deleted: 0 });
    ats.delete('candidate', '2');
  });
});

describe('RED-3: a row that cannot be used', () => {
  it('is refused with its line and column, and the others go on; nothing of the report is live', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const done = await copies.importFiles({
      'candidates.csv': candidates(
        '1,Ada,,,',
        '"2,open,,,',
        ',=HYPERLINK("x"),@evil,,',
        '3,"a"b,,,',
        '4,-1+1,,,yesterday',
        '5,Bela,,,,surplus',
        `6,${'x'.repeat(40_000)},,,`,
        '7,Cora,,',
        '',
        ',,,,',
      ),
    });
    expect(done.counts).toEqual({ read: 8, written: 2, unchanged: 0, older: 0, refused: 6 });
    expect(Object.keys(await firstNames(world))).toEqual(['1', '7']);
    const report = (await copies.report(done.id)).split('\r\n');
    expect(report[0]).toBe('\ufeff"file","line","column","reason","id","name","email","employer","updated"');
    expect(report.slice(1, -1).map((row) => row.slice(0, 120))).toEqual([
      '"candidates.csv","3","","The row holds a quotation mark that is not closed (within 976 KiB)."',
      expect.stringMatching(/^"candidates.csv","4","","The row holds a quotation mark in the wrong place/),
      expect.stringMatching(/^"candidates.csv","5","","The row holds a quotation mark in the wrong place/),
      `"candidates.csv","6","updated","The value is no time.","4","'-1+1","","","yesterday"`,
      '"candidates.csv","7","","The row has 6 values, and the header 5 columns.","5","Bela","","","","surplus"',
      expect.stringMatching(/^"candidates.csv","8","name","The value is longer than 32000 characters\."/),
    ]);
  });

  it('that is no UTF-8, or has no id, is refused; formulas that can be used are plain text', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const done = await copies.importFiles({
      'candidates.csv': Buffer.concat([
        Buffer.from('\ufeffid,name\r\n1,Ren'),
        Buffer.from([0xe9]),
        Buffer.from('\r\n,Nobody\r\n2,=1+1\r\n'),
      ]),
    });
    expect(done.counts).toMatchObject({ written: 1, refused: 2 });
    expect(await firstNames(world)).toEqual({ 2: '=1+1' });
    expect(await copies.report(done.id)).toContain('"candidates.csv","2","","The row is not UTF-8');
    expect(await copies.report(done.id)).toContain('"candidates.csv","3","","Not usable: remoteId is missing');
  });
});

describe('RED-3: an import', () => {
  const rows = (count: number): string =>
    candidates(...Array.from({ length: count }, (_, index) => `${index},Name ${index},,,${LATER}`));

  it('that is killed goes on with the batch that follows the last durable one', async () => {
    const { ats, world, copies } = await startCopying(db);
    await using _ = copies;
    const { id } = await copies.copies.open(world.scope, world.connectionId);
    await copies.upload(id, 'candidates.csv', `${rows(1_100)}\nx,Refused,,,never\n`);
    await copies.copies.start(world.scope, id);
    copies.failBatch(2);
    await expect(copies.work(id)).rejects.toThrow('The database went away.');
    expect(await copies.count('mirror_candidate')).toBe(500);
    const [done, again] = [await copies.work(id), await copies.work(id)];
    expect(done).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 1_101, written: 1_100, unchanged: 0, refused: 1 },
    });
    expect(again.counts).toEqual(done.counts);
    // Of the batch that failed everything is read again, and of the one before nothing.
    expect(ats.copied.map((call) => call.rows)).toEqual([500, 500, 500, 101]);
    expect((await copies.report(id)).match(/Refused/g)).toHaveLength(1);
  });

  it('whose worker is told to stop gives way at the next batch', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const { id } = await copies.copies.open(world.scope, world.connectionId);
    await copies.upload(id, 'candidates.csv', rows(1_200));
    await copies.copies.start(world.scope, id);
    expect((await copies.work(id, AbortSignal.abort())).counts.written).toBe(500);
    expect(await copies.work(id)).toMatchObject({ status: 'COMPLETE', counts: { written: 1_200, unchanged: 0 } });
  });

  it('refuses what an earlier worker still writes', async () => {
    const { ats, world, copies } = await startCopying(db);
    await using _ = copies;
    const { id } = await copies.copies.open(world.scope, world.connectionId);
    await copies.upload(id, 'candidates.csv', rows(700));
    await copies.copies.start(world.scope, id);
    ats.beforeRows = async () => {
      ats.beforeRows = () => undefined;
      await copies.work(id);
    };
    expect(await copies.work(id)).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 700, written: 700, unchanged: 0, older: 0, refused: 0 },
    });
  });

  it('that is cancelled stops, keeps what it wrote, and deletes its files', async () => {
    const { ats, world, copies } = await startCopying(db);
    await using _ = copies;
    const { id } = await copies.copies.open(world.scope, world.connectionId);
    await copies.upload(id, 'candidates.csv', rows(1_200));
    await copies.copies.start(world.scope, id);
    ats.beforeRows = async () => {
      if (ats.copied.length === 2) await world.look((scope) => copies.copies.cancel(scope, id));
    };
    expect(await copies.work(id)).toMatchObject({ status: 'CANCELLED', counts: { written: 500 } });
    await copies.work(id);
    expect(await copies.stored()).toEqual([]);
    await expect(copies.copies.start(world.scope, id)).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(copies.upload(id, 'more.csv', 'id\n')).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('is one at a time for a connection, and says when nothing can be read', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const [one, other, none] = await Promise.all(
      [1, 2, 3].map(() => world.look((scope) => copies.copies.open(scope, world.connectionId))),
    );
    for (const copy of [one, other]) await copies.upload(copy?.id ?? '', 'candidates.csv', rows(1));
    await copies.upload(none?.id ?? '', 'other.csv', 'no,header\n');
    expect(await copies.copies.start(world.scope, one?.id ?? '')).toMatchObject({ status: 'QUEUED' });
    // Asked again, it is answered as it is.
    expect(await copies.copies.start(world.scope, one?.id ?? '')).toMatchObject({ status: 'QUEUED' });
    await expect(copies.copies.start(world.scope, other?.id ?? '')).rejects.toThrow('Another data copy');
    await copies.work(one?.id ?? '');
    const third = await copies.copies.open(world.scope, world.connectionId);
    await copies.upload(third.id, 'candidates.csv', rows(1));
    const both = await Promise.allSettled(
      [other, third].map((copy) => world.look((scope) => copies.copies.start(scope, copy?.id ?? ''))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'WRONG_STATE' } });
    await expect(copies.copies.start(world.scope, none?.id ?? '')).rejects.toThrow(
      'No file of this import can be read',
    );
  });

  it('fails for another account, and when its files are gone, and goes on when it is started again', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const { id } = await copies.copies.open(world.scope, world.connectionId);
    await copies.upload(id, 'candidates.csv', rows(600));
    await copies.copies.start(world.scope, id);
    await copies.work(id, AbortSignal.abort());
    const lead = (account: string): Promise<unknown> =>
      world.write((tx) =>
        tx.rows(`update talentbridge.connection c set account_id = $2 where ${tx.own('c')} and c.id = $1`, [
          world.connectionId,
          account,
        ]),
      );
    await lead('another');
    expect(await copies.work(id)).toMatchObject({
      status: 'FAILED',
      statusReason: expect.stringContaining('another account'),
    });
    await lead('account');
    await copies.copies.start(world.scope, id);
    expect(await copies.work(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 600, written: 600 } });

    const lost = await copies.copies.open(world.scope, world.connectionId);
    await copies.upload(lost.id, 'candidates.csv', rows(1));
    await copies.files.deleteBelow(world.scope.organizationId);
    await copies.copies.start(world.scope, lost.id);
    expect(await copies.work(lost.id)).toMatchObject({
      status: 'FAILED',
      statusReason: expect.stringContaining('file store'),
    });
  });

  it('goes with its report after a while, and with its connection', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const tables = ['data_copy', 'data_copy_file', 'data_copy_refusal'];
    const counts = () => Promise.all(tables.map((table) => copies.count(table)));
    const files = { 'candidates.csv': candidates('1,Ada,,,never'), 'files.csv': 'candidate\n', 'x.pdf': 'content' };
    const { id } = await copies.importFiles(files);
    expect(await counts()).toEqual([1, 2, 1]);
    await copies.expire(id);
    expect(await counts()).toEqual([0, 0, 0]);
    await copies.importFiles(files);
    const waiting = await copies.copies.open(world.scope, world.connectionId);
    for (const [path, text] of Object.entries(files)) await copies.upload(waiting.id, path, text);
    await copies.module.clear(world.scope, world.connectionId);
    // Nothing of a connection that stays.
    expect(await copies.stored()).toHaveLength(3);
    await world.write((tx) => world.module.leave(tx, world.connectionId));
    await copies.module.clear(world.scope, world.connectionId);
    await world.clear();
    expect(await counts()).toEqual([0, 0, 0]);
    expect(await copies.stored()).toEqual([]);
  });
});

it('CON-2: while Rediscovery is off nothing of an import is shown, and no file is taken', async () => {
  const { world, copies } = await startCopying(db);
  await using _ = copies;
  const done = await copies.importFiles({ 'candidates.csv': candidates('x,Ada,,,never') });
  const waiting = await copies.copies.open(world.scope, world.connectionId);
  const switched = (enabled: boolean) =>
    world.look((scope) =>
      db.entitlements.setCapability(scope, { pluginId: 'in-memory', capability: 'rediscovery', enabled }),
    );
  await switched(false);
  for (const ask of [
    () => world.look((scope) => copies.copies.get(scope, done.id)),
    () => world.look((scope) => copies.copies.list(scope, world.connectionId, { first: 1 })),
    () => world.look((scope) => copies.copies.filesOf(scope, [done.id])),
    () => world.look((scope) => copies.copies.refusedRows(scope, done.id)),
    () => copies.upload(waiting.id, 'candidates.csv', candidates('1,Ada,,,')),
    () => world.look((scope) => copies.copies.start(scope, waiting.id)),
    () => world.look((scope) => copies.copies.open(scope, world.connectionId)),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 'CAPABILITY_OFF' });
  }
  expect(await copies.stored()).toEqual([]);
  await switched(true);
  expect(await world.look((scope) => copies.copies.get(scope, done.id))).toMatchObject({ status: 'COMPLETE' });
});

describe('RED-3: copies and runs, in whatever order they come', () => {
  const SHOWN = ['s1', 's2', 's3'];
  const HIDDEN = ['h1', 'h2', 'h3'];
  const day = (number: number): string => new Date(Date.UTC(2025, 0, number)).toISOString();
  const row = fc.record({ id: fc.constantFrom(...SHOWN, ...HIDDEN), at: fc.integer({ min: 1, max: 800 }) });
  const step = fc.oneof(
    fc.array(row, { minLength: 1, maxLength: 6 }).map((rows) => ({ kind: 'copy' as const, rows })),
    fc.constantFrom(...SHOWN).map((id) => ({ kind: 'change' as const, id })),
    fc.constantFrom('FULL', 'CHANGES').map((run) => ({ kind: 'run' as const, run: run as 'FULL' | 'CHANGES' })),
  );

  it('end with what the ATS shows, and of the others the newest row', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async (steps) => {
        const { ats, world, copies } = await startCopying(db, (one) => {
          for (const remoteId of SHOWN) one.addCandidate({ remoteId });
        });
        await using _ = copies;
        const newest = new Map<string, { at: number; name: string }>();
        for (const [number, one] of steps.entries()) {
          if (one.kind === 'change') ats.changeCandidate(one.id, { lastName: `Changed ${number}` });
          else if (one.kind === 'run') await world.next(one.run);
          else {
            const named = one.rows.map(({ id, at }, index) => ({ id, at, name: `Row ${number} ${index}` }));
            await copies.importFiles({
              'candidates.csv': candidates(...named.map(({ id, at, name }) => `${id},${name},,,${day(at)}`)),
            });
            for (const { id, at, name } of named) {
              if (at > (newest.get(id)?.at ?? 0)) newest.set(id, { at, name });
            }
          }
        }
        await world.next('FULL');
        const rows = (await world.rows()).candidates as { remoteId: string; firstName: string }[];
        const isHidden = ({ remoteId }: { remoteId: string }): boolean => HIDDEN.includes(remoteId);
        expect(rows.filter((one) => !isHidden(one))).toEqual(expectedRows(ats).candidates);
        expect(Object.fromEntries(rows.filter(isHidden).map((one) => [one.remoteId, one.firstName]))).toEqual(
          Object.fromEntries([...newest].filter(([id]) => HIDDEN.includes(id)).map(([id, { name }]) => [id, name])),
        );
      }),
      { numRuns: 15 },
    );
  });
});
