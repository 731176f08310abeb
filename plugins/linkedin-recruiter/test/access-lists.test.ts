import type { NetworkAccess } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { type Connected, connectEnabled } from './connect.js';
import { job } from './mirrored.js';
import { ORGANIZATION } from './start-linkedin.js';

const RITA = 'urn:li:person:r1t4';
const TARIQ = 'urn:li:person:t4r1';
const MIRA = 'urn:li:person:m7v9x007';

const only = (remoteId: string, ...members: readonly string[]): NetworkAccess => ({
  remoteId,
  members,
  everySeat: false,
});

/** Everything enabled, jobs for those alone who are on their lists, and so many jobs. */
async function connectListed(jobs = 1): Promise<Connected> {
  const linkedIn = await connectEnabled();
  const { systemConnect, ctx } = linkedIn.connection;
  await systemConnect.prepare(ctx, { name: 'Hub', jobViewers: 'listed' });
  const records = Array.from({ length: jobs }, (_, index) =>
    job({ remoteId: `JOB-${index + 1}`, title: `Job ${index + 1}` }),
  );
  await systemConnect.push(ctx, { kind: 'job', records });
  return linkedIn;
}

function send({ connection: { systemConnect, ctx } }: Connected, ...records: readonly NetworkAccess[]) {
  return systemConnect.push(ctx, { kind: 'access', records });
}

const sees = async ({ control }: Connected, seat: number, jobId = 'JOB-1') =>
  (await control('/recruiter/exports', { seat, member: MIRA, job: jobId })).status === 200;

const assignees = ({ simulator }: Connected) =>
  [...simulator.records(ORGANIZATION).assignees.values()].map(({ atsEntityAclId, assignee }) => [
    atsEntityAclId,
    assignee,
  ]);

describe('RSC-2: access lists (sheet §5.6)', () => {
  it('nobody sees a job without one; whoever is on it does, and whoever is no more does not', async () => {
    await using linkedIn = await connectListed();
    expect(await sees(linkedIn, 555)).toBe(false);
    expect(await send(linkedIn, only('JOB-1', RITA, TARIQ))).toEqual([{ ok: true }]);
    expect([await sees(linkedIn, 555), await sees(linkedIn, 556)]).toEqual([true, true]);
    expect(await send(linkedIn, only('JOB-1', RITA))).toEqual([{ ok: true }]);
    expect([await sees(linkedIn, 555), await sees(linkedIn, 556)]).toEqual([true, false]);
    // Nobody stays where nothing is to be seen.
    expect(assignees(linkedIn)).toEqual([[RITA, RITA]]);
  });

  it('somebody may see many jobs: LinkedIn lets nobody be in more than ten groups', async () => {
    await using linkedIn = await connectListed(120);
    const { systemConnect, ctx } = linkedIn.connection;
    const records = Array.from({ length: 120 }, (_, index) => only(`JOB-${index + 1}`, RITA, TARIQ));
    for (const some of [records.slice(0, 100), records.slice(100)]) {
      expect(await send(linkedIn, ...some)).toEqual(some.map(() => ({ ok: true })));
    }
    expect(await sees(linkedIn, 556, 'JOB-7')).toBe(true);
    expect(await sees(linkedIn, 556, 'JOB-120')).toBe(true);
    // Over several pages of what is there.
    const gone = records.slice(1, 101).map(({ remoteId }) => ({ remoteId }));
    expect(await systemConnect.remove(ctx, 'access', gone)).toEqual(gone.map(() => ({ ok: true })));
    expect(await sees(linkedIn, 556, 'JOB-7')).toBe(false);
    expect(await sees(linkedIn, 556, 'JOB-120')).toBe(true);
  });

  it('a job for every seat follows the seats, and removing it leaves nothing', async () => {
    await using linkedIn = await connectListed(2);
    const every = (...members: readonly string[]) => ({ remoteId: 'JOB-1', members, everySeat: true });
    expect(await send(linkedIn, every(RITA, TARIQ), only('JOB-2', RITA))).toEqual([{ ok: true }, { ok: true }]);
    expect([await sees(linkedIn, 556), await sees(linkedIn, 556, 'JOB-2')]).toEqual([true, false]);
    await send(linkedIn, every(RITA));
    expect([await sees(linkedIn, 555), await sees(linkedIn, 556)]).toEqual([true, false]);
    await send(linkedIn, every());
    expect(await sees(linkedIn, 555)).toBe(false);
    const { systemConnect, ctx } = linkedIn.connection;
    await systemConnect.remove(ctx, 'access', [{ remoteId: 'JOB-1' }, { remoteId: 'JOB-2' }, { remoteId: 'none' }]);
    expect(linkedIn.simulator.records(ORGANIZATION).acls.size).toBe(0);
    expect(assignees(linkedIn)).toEqual([]);
  });

  it('somebody whom LinkedIn does not know keeps no other job from its people', async () => {
    await using linkedIn = await connectListed(2);
    const results = await send(linkedIn, only('JOB-1', 'urn:li:person:nobody'), only('JOB-2', RITA), only('', RITA));
    expect(results).toMatchObject([{ ok: false, retry: false }, { ok: true }, { ok: false, retry: false }]);
    expect(await sees(linkedIn, 555, 'JOB-2')).toBe(true);
  });

  it('the right of everybody is taken away and given back', async () => {
    await using linkedIn = await connectListed();
    const { systemConnect, ctx } = linkedIn.connection;
    for (let times = 0; times < 2; times += 1) {
      await systemConnect.prepare(ctx, { name: 'Hub', jobViewers: 'listed' });
      expect(await sees(linkedIn, 555)).toBe(false);
    }
    await systemConnect.prepare(ctx, { name: 'Hub', jobViewers: 'everybody' });
    expect(await sees(linkedIn, 555)).toBe(true);
  });
});
