import type {
  MirroredApplication,
  MirroredCandidate,
  PulledPage,
  RediscoveryCapability,
} from '@talentbridge/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from './mirror-world.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

const OWNERS = ['c-0', 'c-1', 'c-2', 'c-3', 'c-4'];
const APPLICATIONS = ['a-0', 'a-1', 'a-2', 'a-3', 'a-4', 'a-5'];

/** What a page says of an application: whose it is, and whether it comes with them or by itself. Absent: nothing. */
interface Said {
  readonly owner: string;
  readonly alone: boolean;
}
type Says = readonly (Said | undefined)[];

describe('RED-2: candidates who are new, on pages that are written while they are still being checked', () => {
  it('end with the applications that were said last, wherever the mirror had these before', async () => {
    const said = fc.option(fc.record({ owner: fc.constantFrom(...OWNERS), alone: fc.boolean() }), { nil: undefined });
    const page = fc.record({
      says: fc.tuple(...APPLICATIONS.map(() => said)),
      listed: fc.subarray(OWNERS),
      // So many others stand between two of them: a part of a page is at most 60.
      between: fc.constantFrom(0, 0, 25, 60),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 4 }), async (pages) => {
        const ats = pagesOf(pages.map(({ says, listed, between }) => pageOf(says, listed, between)));
        const world = await db.connect(ats);
        await world.workOff();
        expect((await world.lastRun()).status).toBe('COMPLETE');
        const expected = new Map<string, string>();
        for (const { says, listed } of pages) apply(expected, says, listed);
        expect(await ownersOf(world)).toEqual(Object.fromEntries([...expected].sort()));
        expect(await tallied(world)).toEqual({ ...(await counted(world)) });
      }),
      { numRuns: 40 },
    );
  });

  it('are compared with what came by itself before they did: what is the same stays, what is missing goes', async () => {
    const alone: Says = APPLICATIONS.map((_, index) => (index < 3 ? { owner: 'c-0', alone: true } : undefined));
    const inside: Says = APPLICATIONS.map((_, index) => (index === 1 ? { owner: 'c-0', alone: false } : undefined));
    const world = await db.connect(pagesOf([pageOf(alone, [], 0), pageOf(inside, ['c-0'], 60)]));
    await world.workOff();
    expect(await ownersOf(world)).toEqual({ 'a-1': 'c-0' });
    const { counts } = await world.lastRun();
    expect(counts.applications).toMatchObject({ written: 3, unchanged: 1, deleted: 2 });
  });

  it('share an application with others who are new, of whom few stand between those whom the mirror has', async () => {
    const known = Array.from({ length: 120 }, (_, index) => personOf(`known-${index}`, []));
    const shared = [{ remoteId: 'a-0', candidateRemoteId: 'c-0', jobRemoteId: 'j-1', status: 'active' as const }];
    const nothing = { jobs: [], applications: [], gone: [] };
    const both = [personOf('c-0', shared), ...known, personOf('c-1', shared)];
    const world = await db.connect(
      pagesOf([
        { ...nothing, candidates: known },
        { ...nothing, candidates: both },
      ]),
    );
    await world.workOff();
    expect(await ownersOf(world)).toEqual({ 'a-0': 'c-1' });
    expect(await tallied(world)).toEqual(await counted(world));
  });

  it("may bring an application that was somebody else's, on this page and on later ones", async () => {
    const of = (candidateRemoteId: string, ...remoteIds: string[]): MirroredCandidate =>
      personOf(
        candidateRemoteId,
        remoteIds.map((remoteId) => ({ remoteId, candidateRemoteId, jobRemoteId: 'j-1', status: 'active' })),
      );
    const nothing = { jobs: [], applications: [], gone: [] };
    const world = await db.connect(
      pagesOf([
        { ...nothing, candidates: [of('c-0', 'a-0', 'a-1'), of('c-1', 'a-2')] },
        { ...nothing, candidates: [of('c-2', 'a-1'), of('c-3', 'a-3')] },
        { ...nothing, candidates: [of('c-4', 'a-2', 'a-4')] },
      ]),
    );
    await world.workOff();
    expect(await ownersOf(world)).toEqual({ 'a-0': 'c-0', 'a-1': 'c-2', 'a-2': 'c-4', 'a-3': 'c-3', 'a-4': 'c-4' });
    expect(await tallied(world)).toEqual(await counted(world));
    expect(await world.lastRun()).toMatchObject({
      status: 'COMPLETE',
      counts: { candidates: { read: 5, written: 5 } },
    });
    expect(world.reported).toEqual([]);
  });

  it('bring each file once', async () => {
    const world = await db.connect(pagesOf([pageOf([], OWNERS, 60)]));
    await world.workOff();
    const { attachments, candidates } = await world.rows();
    expect(candidates).toHaveLength(OWNERS.length + 60 * OWNERS.length);
    expect(attachments).toHaveLength(OWNERS.length);
  });
});

/** What the pages say, in the end: everybody who is listed has what came with them, and nothing else. */
function apply(owners: Map<string, string>, says: Says, listed: readonly string[]): void {
  const told = APPLICATIONS.flatMap((id, index) => {
    const said = says[index];
    return said && isTold(said, listed) ? [[id, said.owner] as const] : [];
  });
  const wanted = new Map(told);
  for (const [id, owner] of owners) if (listed.includes(owner) && !wanted.has(id)) owners.delete(id);
  for (const [id, owner] of told) owners.set(id, owner);
}

/** What would come with somebody who is not listed does not come. */
function isTold({ owner, alone }: Said, listed: readonly string[]): boolean {
  return alone || listed.includes(owner);
}

function pageOf(says: Says, listed: readonly string[], between: number): PulledPage {
  const applicationOf = (id: string, owner: string): MirroredApplication => ({
    remoteId: id,
    candidateRemoteId: owner,
    jobRemoteId: 'j-1',
    status: 'active',
  });
  const told = (alone: boolean, whose?: string): readonly MirroredApplication[] =>
    APPLICATIONS.flatMap((id, index) => {
      const said = says[index];
      const isWanted = said && said.alone === alone && (whose === undefined || said.owner === whose);
      return isWanted ? [applicationOf(id, said.owner)] : [];
    });
  const candidates = listed.flatMap((owner) => [
    ...Array.from({ length: between }, (_, index) => personOf(`between-${owner}-${index}`, [])),
    {
      ...personOf(owner, told(false, owner)),
      attachments: [{ remoteId: 'f-1', filename: 'cv.pdf', kind: 'resume' as const }],
    },
  ]);
  return { candidates, jobs: [], applications: told(true), gone: [] };
}

function personOf(remoteId: string, applications: readonly MirroredApplication[]): MirroredCandidate {
  const none = { emails: [], phones: [], socialUrls: [], workExperience: [], education: [], tags: [] };
  return { remoteId, ...none, applications };
}

function pagesOf(pages: readonly PulledPage[]): RediscoveryCapability {
  return {
    // Nothing that a run did not bring is asked about.
    limits: { completeWhenFull: false },
    filters: [],
    pull: async (_ctx, { cursor = '0' }) => {
      const next = Number(cursor) + 1;
      const [page] = pages.slice(next - 1);
      const nothing = { candidates: [], jobs: [], applications: [], gone: [] };
      return { ...(page ?? nothing), mark: '1', ...(next < pages.length ? { cursor: String(next) } : {}) };
    },
    read: async () => ({ candidates: [], jobs: [], applications: [], gone: [] }),
  };
}

async function ownersOf(world: MirrorWorld): Promise<Readonly<Record<string, string>>> {
  const { applications } = await world.rows();
  const rows = applications as readonly { readonly remoteId: string; readonly candidateRemoteId: string }[];
  return Object.fromEntries(rows.map(({ remoteId, candidateRemoteId }) => [remoteId, candidateRemoteId]));
}

/** How many records the mirror says it holds. */
async function tallied(world: MirrorWorld) {
  const [row] = await world.write((tx) =>
    tx.rows<{ candidates: number; applications: number }>(
      `select s.candidates, s.applications from talentbridge.mirror_state s where ${tx.own('s')}`,
    ),
  );
  return row;
}

async function counted(world: MirrorWorld) {
  const { candidates, applications } = await world.rows();
  return { candidates: candidates.length, applications: applications.length };
}
