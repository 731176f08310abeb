import { describe, expect, it } from 'vitest';
import { type Connected, connectEnabled } from './connect.js';
import { job } from './mirrored.js';

const MIRA = 'urn:li:person:m7v9x007';

/** Exports somebody; answers the id of the notification. */
async function exportOf({ control, simulator, connection }: Connected, some: object = {}): Promise<string> {
  await connection.systemConnect.push(connection.ctx, { kind: 'job', records: [job()] });
  await control('/recruiter/exports', { seat: 555, member: MIRA, ...some });
  return simulator.pushes.report().findLast(({ type }) => type === 'EXPORT_CANDIDATE_PROFILE')?.id ?? '';
}

describe('exports (sheet §6.4)', () => {
  it('RSC-3: tell name, title, employer and job, and never where somebody lives', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    const exported = await systemConnect.readExport(ctx, await exportOf(linkedIn, { job: 'JOB-1' }));
    expect(exported).toEqual({
      person: { member: MIRA, firstName: 'Mira', lastName: 'Vance', title: 'Backend Engineer', employer: 'Litware' },
      jobRemoteId: 'JOB-1',
      exportedBy: 'urn:li:seat:555',
      exportedAt: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify(exported)).not.toMatch(/Boise|linkedin\.com/);
  });

  it('RSC-3: without a job have none', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    expect(await systemConnect.readExport(ctx, await exportOf(linkedIn))).not.toHaveProperty('jobRemoteId');
  });

  it.each(['foreignContext', 'expired'])('RSC-3: are not found when they are not ours any more: %s', async (mishap) => {
    await using linkedIn = await connectEnabled();
    await linkedIn.control('/recruiter/mishaps', { [mishap]: 1 });
    const { systemConnect, ctx } = linkedIn.connection;
    const id = await exportOf(linkedIn);
    await expect(systemConnect.readExport(ctx, id)).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
  });

  it('RSC-3: are not found by an id that nobody knows', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    await expect(systemConnect.readExport(ctx, '?&= 1')).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
  });
});

describe('members who have left (sheet §6.5)', () => {
  it('RSC-3: are told, of those who were exported', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    await exportOf(linkedIn);
    expect(await systemConnect.closedMembers(ctx, {})).toEqual({ members: [] });
    await linkedIn.control('/recruiter/members/close', { member: MIRA });
    expect(await systemConnect.closedMembers(ctx, {})).toEqual({
      members: [{ member: MIRA, closedAt: expect.stringMatching(/Z$/) }],
    });
  });
});

describe('notices', () => {
  it.each([
    ['export/123456789', { kind: 'export', requestId: '123456789' }],
    ['export/a/b', { kind: 'export', requestId: 'a/b' }],
    ['integrations/7', { kind: 'integrations' }],
    ['export/', { kind: 'unknown' }],
    ['resync/1', { kind: 'unknown' }],
  ])('RSC-3: %s', async (id, notice) => {
    await using linkedIn = await connectEnabled();
    expect(await linkedIn.connection.systemConnect.readNotice(linkedIn.connection.ctx, id)).toEqual(notice);
  });
});
