import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { KeyRing } from '../../../dist/kernel/vault/key-ring.js';
import { rotateKeys } from '../../../dist/rotate-keys.js';
import { atsWith, type InMemoryAts } from './in-memory-ats.ts';
import { everything, idOf, type MirrorDatabase, openMirrorDatabase, remoteIds } from './mirror-world.ts';

let url: string;
let db: MirrorDatabase;
beforeAll(async () => {
  url = await freshDatabase();
  db = await openMirrorDatabase(url);
});
afterAll(() => db[Symbol.asyncDispose]());

const candidateIds = (ats: InMemoryAts): readonly string[] => [...ats.candidates.keys()];

describe('RED-12: an erased person', () => {
  it('is removed everywhere, and the certificate tells nothing of them', async () => {
    const ats = atsWith(5);
    const unusable = { remoteId: 'application-of-secret', candidateRemoteId: 'x', jobRemoteId: '' };
    const person = ats.addCandidate({
      remoteId: 'secret-17',
      firstName: 'Zebulon',
      emails: ['Zebulon@Mail.example'],
    });
    ats.addApplication(person, [...ats.jobs.keys()][0] ?? '');
    ats.alter = (page) => ({ ...page, applications: [...page.applications, unusable as never] });
    const world = await db.connect(ats);
    await world.workOff();
    const id = await idOf(world, person);
    const certificate = await world.mirror.eraseCandidate(world.scope, id);
    expect(certificate.removed).toEqual(
      expect.arrayContaining([
        { table: 'mirror_candidate', rows: 1 },
        { table: 'mirror_application', rows: 1 },
        { table: 'mirror_attachment', rows: 1 },
      ]),
    );
    const left = await everything(world);
    for (const trace of ['Zebulon', 'zebulon', person]) {
      expect(left).not.toContain(trace);
      expect(JSON.stringify(certificate)).not.toContain(trace);
    }
    expect(await world.look((scope) => world.mirror.candidate(scope, id))).toBeUndefined();
    expect(await world.look((scope) => world.mirror.erasure(scope, certificate.id))).toEqual(certificate);
    await expect(world.mirror.eraseCandidate(world.scope, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { items } = await world.look((scope) => db.audit.list(scope, { first: 1 }));
    expect(items[0]).toMatchObject({ action: 'candidate.erase', subjectId: certificate.pseudonym, actorId: 'admin-1' });
  });

  it.each(['inside', 'alone'] as const)(
    'does not come back by re-syncs, webhooks or another id (applications %s)',
    async (applications) => {
      const ats = atsWith(5, { applications });
      const person = ats.addCandidate({ emails: ['someone@mail.example'] });
      ats.addApplication(person, [...ats.jobs.keys()][0] ?? '');
      const world = await db.connect(ats);
      await world.workOff();
      await world.mirror.eraseCandidate(world.scope, await idOf(world, person));
      ats.changeCandidate(person, { firstName: 'Again' });
      const twin = ats.addCandidate({ emails: ['other@mail.example', 'SOMEONE@mail.example'] });
      const ofTwin = ats.addApplication(twin, [...ats.jobs.keys()][0] ?? '');
      await world.next();
      await world.next('FULL');
      // So that no log names what was asked of them, each once.
      expect([...world.erasedAs].sort()).toEqual(expect.arrayContaining([twin, ofTwin].sort()));
      await world.look((scope) =>
        world.mirror.wake(scope, world.connectionId, [
          { kind: 'candidate', remoteId: person },
          { kind: 'candidate', remoteId: twin },
          { kind: 'application', remoteId: [...ats.applications.keys()].at(-1) ?? '' },
        ]),
      );
      // Once known, the twin is known by its id as well.
      ats.changeCandidate(twin, { emails: ['third@mail.example'] });
      await world.next();
      expect(await remoteIds(world)).toEqual(
        candidateIds(ats)
          .filter((id) => id !== person && id !== twin)
          .toSorted(),
      );
      expect((await world.rows()).applications).toHaveLength(5);
    },
  );

  it('is not asked for when a late webhook names them', async () => {
    const ats = atsWith(3);
    const world = await db.connect(ats);
    await world.workOff();
    const [person = '', other = ''] = candidateIds(ats);
    await world.mirror.eraseCandidate(world.scope, await idOf(world, person));
    ats.reads.length = 0;
    const named = [person, other].map((remoteId) => ({ kind: 'candidate', remoteId }) as const);
    await world.look((scope) => world.mirror.wake(scope, world.connectionId, named));
    expect(ats.reads).toEqual([[{ kind: 'candidate', remoteId: other }]]);
  });

  it('does not come back through a new connection to the same account', async () => {
    const ats = atsWith(3);
    const world = await db.connect(ats);
    await world.workOff();
    const [person = ''] = candidateIds(ats);
    await world.mirror.eraseCandidate(world.scope, await idOf(world, person));
    ats.changeCandidate(person, { emails: ['new@mail.example'] });
    const again = await db.connect(ats, { organizationId: world.scope.organizationId });
    await again.workOff();
    expect(await remoteIds(again)).toEqual(
      candidateIds(ats)
        .filter((id) => id !== person)
        .toSorted(),
    );
  });

  it('takes along who has the same email, and nobody for a mailbox that many share', async () => {
    const ats = atsWith(1);
    const one = ats.addCandidate({ emails: ['same@mail.example', 'jobs@agency.example'] });
    const two = ats.addCandidate({ emails: ['same@mail.example'] });
    const shared = Array.from({ length: 6 }, () => ats.addCandidate({ emails: ['jobs@agency.example'] }));
    const world = await db.connect(ats, { settings: { deletionsNeverAsked: 100 } });
    await world.workOff();
    await world.mirror.eraseCandidate(world.scope, await idOf(world, one));
    await world.next('FULL');
    const left = await remoteIds(world);
    expect(left).toEqual(expect.arrayContaining(shared));
    expect(left).not.toContain(one);
    expect(left).not.toContain(two);
  });

  it('stays erased when the keys of the deployment change', async () => {
    const [old, now] = [
      `old:${Buffer.alloc(32, 1).toString('base64')}`,
      `new:${Buffer.alloc(32, 2).toString('base64')}`,
    ];
    const organizationId = randomUUID();
    const ats = atsWith(3);
    const before = await db.connect(ats, { organizationId, keys: KeyRing.parse(old) });
    await before.workOff();
    const [person = ''] = candidateIds(ats);
    await before.mirror.eraseCandidate(before.scope, await idOf(before, person));
    const { left } = await rotateKeys({ databaseUrl: url, keys: KeyRing.parse(`${now},${old}`) });
    expect(left.filter((key) => key.organizationId === organizationId)).toEqual([]);
    const after = await db.connect(ats, { organizationId, keys: KeyRing.parse(now) });
    await after.workOff();
    expect(await remoteIds(after)).toEqual(candidateIds(ats).slice(1));
  });
});
