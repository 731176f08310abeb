import type { RecordReference } from '@talentbridge/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import type { SyncSettings } from '../../../dist/capabilities/rediscovery/sync-settings.js';
import { InMemoryAts, type InMemoryAtsOptions } from './in-memory-ats.ts';
import { expectedRows, type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from './mirror-world.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

/** Lists have applications with their candidate; one that is named comes alone. */
const MIXED: InMemoryAtsOptions = { readsAlone: true };

/** An ATS whose candidates have two applications each, and its mirror, complete. */
async function mirrored(
  options: InMemoryAtsOptions,
  settings: Partial<SyncSettings> = {},
): Promise<{ readonly ats: InMemoryAts; readonly world: MirrorWorld }> {
  const ats = new InMemoryAts(options);
  const job = ats.addJob();
  for (let index = 0; index < 9; index += 1) {
    const candidate = ats.addCandidate();
    ats.addApplication(candidate, job);
    ats.addApplication(candidate, job);
  }
  const world = await db.connect(ats, { settings });
  await world.workOff();
  return { ats, world };
}

const named = (kind: RecordReference['kind'], remoteId: string): RecordReference => ({ kind, remoteId });
const wake = ({ look, mirror, connectionId }: MirrorWorld, ...references: readonly RecordReference[]) =>
  look((scope) => mirror.wake(scope, connectionId, references));

/** Somebody with their applications. */
function somebody(ats: InMemoryAts, index = 0): readonly [candidate: string, one: string, other: string] {
  const candidate = [...ats.candidates.keys()][index] ?? '';
  const [one = '', other = ''] = [...ats.applications.values()]
    .filter(({ value }) => value.candidateRemoteId === candidate)
    .map(({ value }) => value.remoteId);
  return [candidate, one, other];
}

/** Lets something happen once, when the next answer of this kind is on its way. */
function onTheWay(ats: InMemoryAts, call: 'pull' | 'read', happens: () => Promise<unknown>): void {
  ats.after = async (answered) => {
    if (answered !== call) return;
    ats.after = () => undefined;
    await happens();
  };
}

describe('RED-11: while a page is on its way', () => {
  it('a webhook names candidates, and the applications that the page brings by themselves are not lost', async () => {
    const ats = new InMemoryAts({ applications: 'alone' });
    const job = ats.addJob();
    for (let index = 0; index < 9; index += 1) ats.addApplication(ats.addCandidate(), job);
    const world = await db.connect(ats);
    ats.after = async (call) => {
      if (call === 'pull') await wake(world, ...[...ats.candidates.keys()].map((id) => named('candidate', id)));
    };
    await world.workOff();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('a webhook names an application, and what else the candidate has is what the page says', async () => {
    const { ats, world } = await mirrored(MIXED);
    const [candidate, one, other] = somebody(ats);
    ats.hide('application', other);
    ats.addApplication(candidate, [...ats.jobs.keys()][0] ?? '');
    ats.after = async (call) => {
      if (call === 'pull') await wake(world, named('application', one));
    };
    await world.next();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('a webhook names an application that went to a candidate of the page, and it stays with them', async () => {
    const { ats, world } = await mirrored(MIXED);
    const [candidate] = somebody(ats);
    const [, moved] = somebody(ats, 1);
    ats.changeCandidate(candidate, { firstName: 'Changed' });
    // The page with the candidate is the second.
    onTheWay(ats, 'pull', async () => {
      onTheWay(ats, 'pull', async () => {
        ats.changeApplication(moved, { candidateRemoteId: candidate });
        await wake(world, named('application', moved));
      });
    });
    await world.next();
    const rows = (await world.rows()).applications as readonly { remoteId: string; candidateRemoteId: string }[];
    expect(rows.find(({ remoteId }) => remoteId === moved)).toMatchObject({ candidateRemoteId: candidate });
    await world.next();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });
});

describe('RED-11: while a webhook is being looked into', () => {
  const JOURNEYS: readonly [string, (ats: InMemoryAts, candidate: string, application: string) => void][] = [
    ['its application changes', (ats, _, application) => ats.changeApplication(application, { stage: 'Offer' })],
    ['its application goes', (ats, _, application) => ats.delete('application', application)],
    [
      'its application goes to somebody else',
      (ats, _, application) => ats.changeApplication(application, { candidateRemoteId: somebody(ats, 3)[0] }),
    ],
    ['its candidate goes', (ats, candidate) => ats.delete('candidate', candidate)],
    ['its candidate is merged', (ats, candidate) => ats.merge(candidate, somebody(ats, 3)[0])],
  ];

  it.each(
    JOURNEYS.flatMap(([what, change]) =>
      ([{}, MIXED, { applications: 'alone' }] as const).map((options) => ({ what, change, options })),
    ),
  )('$what, and the page that a run brings meanwhile is what counts ($options)', async ({ change, options }) => {
    const { ats, world } = await mirrored(options);
    const [candidate, one, other] = somebody(ats);
    onTheWay(ats, 'read', async () => {
      change(ats, candidate, one);
      await world.next();
    });
    await wake(world, named('application', one), named('candidate', candidate), named('application', other));
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it.each([{}, MIXED])('its application goes without a word, and does not come back (%o)', async (options) => {
    const { ats, world } = await mirrored(options);
    const [candidate, one] = somebody(ats);
    onTheWay(ats, 'read', async () => {
      ats.hide('application', one);
      ats.changeCandidate(candidate, { firstName: 'Changed' });
      await world.next();
    });
    await wake(world, named('application', one));
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('its application is there again with its candidate, and stays', async () => {
    const { ats, world } = await mirrored({});
    const [, one] = somebody(ats);
    const read = ats.read.bind(ats);
    ats.read = async (ctx, references) => {
      await read(ctx, references);
      await world.next('FULL');
      return { candidates: [], jobs: [], applications: [], gone: references };
    };
    await wake(world, named('application', one));
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('a candidate that it found is deleted, and what a run says of it is what counts', async () => {
    const { ats, world } = await mirrored({});
    const [candidate] = somebody(ats);
    onTheWay(ats, 'read', async () => {
      ats.delete('candidate', candidate);
      await world.next();
    });
    await wake(world, named('candidate', candidate));
    expect(await world.rows()).toEqual(expectedRows(ats));
  });
});

it('an application that came by itself is compared with what comes with its candidate later', async () => {
  const { ats, world } = await mirrored(MIXED);
  const [, application] = somebody(ats);
  const before = ats.applications.get(application) ?? expect.fail();
  ats.changeApplication(application, { status: 'rejected' });
  await wake(world, named('application', application));
  expect((await world.rows()).applications).toEqual(expectedRows(ats).applications);
  // What comes with the candidate is what came with it last, though not what the mirror has.
  ats.applications.set(application, before);
  await world.next('FULL');
  expect(await world.rows()).toEqual(expectedRows(ats));
});

describe('a page that was overtaken by a webhook in part', () => {
  it('is not taken for what the candidate has when the same list comes again', async () => {
    const { ats, world } = await mirrored(MIXED);
    const [candidate, application] = somebody(ats);
    const before = ats.applications.get(application) ?? expect.fail();
    ats.changeCandidate(candidate, { firstName: 'Changed' });
    onTheWay(ats, 'pull', async () => {
      onTheWay(ats, 'pull', async () => {
        ats.changeApplication(application, { status: 'rejected' });
        await wake(world, named('application', application));
      });
    });
    await world.next();
    const rows = (await world.rows()).applications as readonly { remoteId: string; status: string }[];
    expect(rows.find(({ remoteId }) => remoteId === application)).toMatchObject({ status: 'rejected' });
    ats.applications.set(application, before);
    await world.next('FULL');
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('does not hide that an application which came meanwhile has gone since', async () => {
    const { ats, world } = await mirrored(MIXED);
    const [candidate] = somebody(ats);
    const [, moved] = somebody(ats, 1);
    ats.changeCandidate(candidate, { firstName: 'Changed' });
    onTheWay(ats, 'pull', async () => {
      onTheWay(ats, 'pull', async () => {
        ats.changeApplication(moved, { candidateRemoteId: candidate });
        await wake(world, named('application', moved));
        ats.hide('application', moved);
      });
    });
    await world.next();
    await world.next('FULL');
    expect(await world.rows()).toEqual(expectedRows(ats));
  });
});

describe('RED-2: what the ATS says is gone', () => {
  it('goes, though an earlier page of the same run had it, and the one before told of others', async () => {
    const { ats, world } = await mirrored({}, { deletionsNeverAsked: 0 });
    const [last = '', ...others] = ats.candidates.keys();
    for (const id of others) ats.delete('candidate', id);
    ats.changeCandidate(last, { firstName: 'Seen' });
    // This ATS tells of deletions on each page.
    ats.alter = (page) => ({ ...page, gone: [...page.gone, ...others.map((id) => named('candidate', id))] });
    onTheWay(ats, 'pull', async () => onTheWay(ats, 'pull', async () => ats.delete('candidate', last)));
    const run = await world.next();
    expect(run).toMatchObject({ status: 'AWAITING_APPROVAL', pendingDeletions: { candidates: 9 } });
    await world.mirror.approveDeletions(world.scope, run.id, { approve: true });
    await world.work();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('is there again where it comes again later in the same run', async () => {
    const { ats, world } = await mirrored({});
    const [candidate, application] = somebody(ats);
    ats.alter = (page) =>
      page.jobs.length === 0
        ? page
        : { ...page, gone: [named('application', application), named('candidate', candidate)] };
    await world.next('FULL');
    expect(await world.rows()).toEqual(expectedRows(ats));
  });
});

it.each(['inside', 'alone'] as const)(
  'RED-12: no read remembers whom it left out because they were erased (applications %s)',
  async (applications) => {
    const { ats, world } = await mirrored({ applications });
    const { mirror, look, connectionId } = world;
    const [person, one] = somebody(ats);
    const { items } = await look((scope) => mirror.candidates(scope, connectionId, { first: 100 }));
    await mirror.eraseCandidate(world.scope, items.find(({ remoteId }) => remoteId === person)?.id ?? '');
    await wake(world, named('candidate', person), named('application', one));
    ats.delete('candidate', person);
    await wake(world, named('candidate', person));
    await world.next();
    const refs = await look((scope) =>
      scope.read((tx) =>
        tx.rows<{ ref: string }>(
          `select ref from talentbridge.mirror_read m, unnest(m.refs) as ref where ${tx.own('m')} and m.connection_id = $1`,
          [connectionId],
        ),
      ),
    );
    expect(refs.filter(({ ref }) => ref.includes(person))).toEqual([]);
  },
);
