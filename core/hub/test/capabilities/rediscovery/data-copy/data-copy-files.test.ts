import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
import { type MirrorDatabase, openMirrorDatabase } from '../mirror-world.ts';
import { candidates, EARLIER, LATER, startCopying } from './copied-mirror.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

describe('RED-3: files of candidates', () => {
  const header = 'candidate,filename,path,updated';

  it('are kept with their candidates; those that nobody names are deleted', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const done = await copies.importFiles({
      'copy/candidates.csv': candidates('1,Ada,,,', '2,Bela,,,'),
      'copy/files.csv': [
        header,
        '1,cv.pdf,resumes/1.pdf,',
        '2,cv.pdf,copy/resumes/2.pdf,',
        '2,cv.pdf,copy/resumes/2.pdf,',
        '2,other.pdf,copy/resumes/2.pdf,',
        '1,missing.pdf,resumes/3.pdf,',
        '9,cv.pdf,resumes/9.pdf,',
      ].join('\n'),
      'copy/resumes/1.pdf': 'one',
      'copy/resumes/2.pdf': 'two',
      'copy/resumes/9.pdf': 'nobody',
    });
    expect(done.counts).toEqual({ read: 8, written: 4, unchanged: 1, older: 0, refused: 3 });
    expect(done.attachments).toEqual({ uploaded: 3, size: 12, named: 2 });
    expect((await world.rows()).attachments).toMatchObject([
      { candidateRemoteId: '1', filename: 'cv.pdf' },
      { candidateRemoteId: '2', filename: 'cv.pdf' },
    ]);
    const report = await copies.report(done.id);
    expect(report).toContain('Another row names this file already.');
    expect(report).toContain('not among those that were uploaded');
    expect(report).toContain('The mirror holds no such candidate');
    expect(await copies.stored()).toHaveLength(2);
    expect(await copies.count('attachment_content')).toBe(2);
  });

  it('are replaced by other content, and go with their candidate', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const files = {
      'candidates.csv': candidates('1,Ada,,,'),
      'files.csv': `${header}\n1,cv.pdf,1.pdf,`,
      '1.pdf': 'one',
    };
    await copies.importFiles(files);
    expect((await copies.importFiles({ ...files, '1.pdf': 'two' })).counts).toMatchObject({ written: 1, unchanged: 1 });
    const contents = await world.write((tx) =>
      tx.rows<{ key: string }>(`select c.file_key as key from talentbridge.attachment_content c where ${tx.own('c')}`),
    );
    expect(contents).toHaveLength(1);
    const read = await Array.fromAsync(await copies.files.read(contents[0]?.key ?? ''));
    expect(Buffer.concat(read).toString()).toBe('two');
    await copies.erase('1');
    expect(await copies.count('attachment_content')).toBe(0);
  });
});

describe('RED-12: somebody who was erased', () => {
  it('does not come back with a copy, by id or by address, and is not quoted in its report', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    await copies.importFiles({ 'candidates.csv': candidates(`1,Ada,ada@home.example,,${EARLIER}`) });
    await copies.erase('1');
    const done = await copies.importFiles({
      'candidates.csv': candidates(
        `1,Ada,new@home.example,,${LATER}`,
        `2,Ada,Ada@Home.example,,${LATER}`,
        '3,Ada,ada@home.example,,never',
        '4,Bela,bela@home.example,,never',
      ),
      'applications.csv': 'id,candidate,job,status,updated\na-1,1,j-1,New,\n',
      'files.csv': 'candidate,filename,path,updated\n1,cv.pdf,1.pdf,\n',
      '1.pdf': 'content',
    });
    expect(done.counts).toEqual({ read: 6, written: 0, unchanged: 0, older: 5, refused: 1 });
    expect(await world.rows()).toEqual({ candidates: [], jobs: [], applications: [], attachments: [] });
    const report = await copies.report(done.id);
    expect(report).toContain('bela@home.example');
    expect(report).not.toMatch(/ada@home/i);
    expect(await copies.stored()).toEqual([]);
  });

  it('goes from reports and from files that wait', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const done = await copies.importFiles({
      'candidates.csv': candidates('1,Ada,ada@home.example,,', 'x,Ada,,,never'),
    });
    const waiting = await copies.copies.open(world.scope, world.connectionId);
    await copies.upload(waiting.id, 'candidates.csv', candidates('1,Ada,ada@home.example,,'));
    await copies.upload(waiting.id, 'Ada.pdf', 'content');
    await copies.erase('1');
    expect(await copies.report(done.id)).toContain('"candidates.csv","3","updated","The value is no time."\r\n');
    expect(await copies.work(waiting.id)).toMatchObject({
      status: 'CANCELLED',
      statusReason: expect.stringContaining('Upload the copy again'),
    });
    expect(await copies.stored()).toEqual([]);
    const rows = await Promise.all(
      ['data_copy', 'data_copy_file', 'data_copy_refusal', 'mirror_candidate'].map((table) =>
        world.write((tx) =>
          tx.rows<{ text: string }>(
            `select to_jsonb(x)::text as text from talentbridge.${table} x where ${tx.own('x')}`,
          ),
        ),
      ),
    );
    expect(
      rows
        .flat()
        .map(({ text }) => text)
        .join(),
    ).not.toMatch(/Ada/);
  });
});

describe('RED-3: a file that is uploaded', () => {
  it('replaces the one of the same path, and leaves nothing behind when it breaks off or is too large', async () => {
    const { world, copies } = await startCopying(db);
    await using _ = copies;
    const { id } = await copies.copies.open(world.scope, world.connectionId);
    expect(await copies.upload(id, 'a/candidates.csv', 'name,nothing\n')).toMatchObject({
      csv: { status: 'UNREADABLE', reason: 'This is no table of a copy.', columns: [] },
    });
    expect(await copies.upload(id, 'a/candidates.csv', 'id,shoe\n')).toMatchObject({
      csv: { status: 'READY', table: 'candidates', columns: [{ header: 'id', field: 'ID' }, { header: 'shoe' }] },
    });
    expect(await copies.stored()).toHaveLength(1);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('id,name\n');
      throw new Error('It broke off.');
    }
    await expect(copies.copies.upload(world.scope, id, 'b.csv', broken(), 100)).rejects.toThrow('It broke off.');
    await expect(
      copies.copies.upload(world.scope, id, 'b.csv', Readable.from([Buffer.from('x'.repeat(101))]), 100),
    ).rejects.toMatchObject({ name: 'FileTooLargeError' });
    expect(await copies.stored()).toHaveLength(1);
    expect(await copies.count('data_copy_file')).toBe(1);
  });

  it.each([
    '',
    '/etc/passwd',
    '../out.csv',
    'a/../b.csv',
    'a//b.csv',
    './a.csv',
    'a\\b.csv',
    'a\nb.csv',
    `${'x'.repeat(1_001)}`,
  ])('has a path within the copy: %j is none', async (path) => {
    const { world, copies } = await startCopying(db, undefined, false);
    await using _ = copies;
    const { id } = await copies.copies.open(world.scope, world.connectionId);
    await expect(copies.upload(id, path, 'id\n')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('is none of another organization', async () => {
    const [one, other] = [await startCopying(db, undefined, false), await startCopying(db, undefined, false)];
    await using _ = one.copies;
    await using __ = other.copies;
    const { id } = await one.copies.copies.open(one.world.scope, one.world.connectionId);
    await expect(other.copies.upload(id, 'a.csv', 'id\n')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(other.copies.copies.start(other.world.scope, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(other.copies.copies.cancel(other.world.scope, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await other.copies.report(id)).toBe('');
    await expect(other.copies.copies.open(other.world.scope, one.world.connectionId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
