import type { PulledPage, PullRequest } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { HOSTILE_STRINGS } from '../../builders/hostile-strings.js';
import { listChecks, NotConcerned } from '../check.js';
import { mirrorOf } from '../mirror.js';
import { MirrorWorld, markOf, some } from '../mirror-world.js';

/** Rediscovery: everything that the ATS holds arrives, what changes arrives again, and nothing is taken for deleted that is not. */
export const rediscoveryChecks = listChecks([
  {
    name: 'rediscovery.everything',
    title: 'RED-1: a run of all brings every candidate, job and application as the ATS holds it, over all pages',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      mirroring.vendor.populate(2 * mirroring.vendor.pageSize + 1);
      expect(mirroring.vendor.applications(), 'the subject gives its candidates applications').not.toHaveLength(0);
      const { mirror } = await mirroring.mirrored();
      mirroring.expectTrue(mirror);
    },
  },
  {
    name: 'rediscovery.full-page',
    title: 'RED-1: a run of all brings nobody when there is nobody, and everybody when they fill exactly one page',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      for (const count of [0, mirroring.vendor.pageSize]) {
        mirroring.vendor.populate(count);
        const { mirror } = await mirroring.mirrored();
        expect(mirror.candidates.size).toBe(count);
        mirroring.expectTrue(mirror);
      }
    },
  },
  {
    name: 'rediscovery.same-again',
    title: 'RED-2: a record that did not change is the same to the letter when it comes again',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      mirroring.vendor.populate(mirroring.vendor.pageSize + 1);
      const { mirror: first } = await mirroring.mirrored();
      const { mirror: second } = await mirroring.mirrored();
      expect(second).toEqual(first);
    },
  },
  {
    name: 'rediscovery.page-again',
    title: 'RED-1: a page that is asked for twice answers the same twice, and the run goes on without loss',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor, rediscovery, connection } = mirroring;
      vendor.populate(2 * vendor.pageSize + 1);
      const again: PulledPage[] = [];
      let request: PullRequest = { kind: 'all' };
      const pages = await mirroring.run(request, async (page) => {
        const repeated = await rediscovery.pull(connection.ctx, request);
        again.push(repeated);
        expect(mirrorOf([repeated])).toEqual(mirrorOf([page]));
        if (page.cursor !== undefined) request = { kind: 'all', cursor: page.cursor };
      });
      mirroring.expectTrue(mirrorOf(pages));
      mirroring.expectTrue(mirrorOf(again));
    },
  },
  {
    name: 'rediscovery.changes',
    title: 'RED-2: a run of changes brings a changed candidate and a changed application',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor } = mirroring;
      vendor.populate(vendor.pageSize + 1);
      const { mirror, mark } = await mirroring.mirrored();
      const changed = changeSome(mirroring);
      const pages = await mirroring.run({ kind: 'changes', since: mark });
      const brought = mirrorOf(pages);
      expect([...brought.candidates.keys()], 'the changed candidate').toContain(changed.candidate);
      expect([...brought.applications.keys()], 'the changed application').toContain(changed.application);
      for (const page of pages) mirror.take(page);
      mirroring.expectTrue(mirror);
      markOf(pages);
    },
  },
  {
    name: 'rediscovery.changes-only',
    title: 'RED-2: a run of changes leaves out what has not changed for a long time',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor } = mirroring;
      vendor.populate(vendor.pageSize + 1);
      const old = new Set(vendor.candidates().flatMap(longUnchanged));
      if (old.size === 0) throw new NotConcerned('The subject populates its vendor with candidates of today.');
      const { mark } = await mirroring.mirrored();
      const changed = changeSome(mirroring);
      const stillOld = new Set(vendor.candidates().flatMap(longUnchanged));
      stillOld.delete(changed.candidate);
      const { candidates } = mirrorOf(await mirroring.run({ kind: 'changes', since: mark }));
      expect([...candidates.keys()].filter((remoteId) => stillOld.has(remoteId))).toEqual([]);
    },
  },
  {
    name: 'rediscovery.changed-job',
    title: 'RED-2: a run of changes brings a job that was closed, or opened again',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor } = mirroring;
      if (!vendor.changeJob) throw new NotConcerned('The subject cannot change a job of its own (`changeJob`).');
      vendor.populate(2);
      const { mirror, mark } = await mirroring.mirrored();
      vendor.changeJob(some(vendor.jobs(), 0, 'jobs').remoteId);
      for (const page of await mirroring.run({ kind: 'changes', since: mark })) mirror.take(page);
      mirroring.expectTrue(mirror);
    },
  },
  {
    name: 'rediscovery.added',
    title: 'RED-2: a run of changes brings a candidate that is new',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const add = adderOf(mirroring);
      mirroring.vendor.populate(2);
      const { mirror, mark } = await mirroring.mirrored();
      add({ firstName: 'Noor', lastName: 'Lindqvist', emails: ['noor.lindqvist@home.example'] });
      for (const page of await mirroring.run({ kind: 'changes', since: mark })) mirror.take(page);
      expect(mirror.candidates.size).toBe(3);
      mirroring.expectTrue(mirror);
    },
  },
  {
    name: 'rediscovery.deleted',
    title: 'RED-12: the next run that can tell shows a deleted candidate as gone, and nobody else',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor, completeWhenFull } = mirroring;
      expect(vendor.tellsDeletions || completeWhenFull, 'some run can tell what was deleted').toBe(true);
      vendor.populate(vendor.pageSize + 1);
      const { mirror, mark } = await mirroring.mirrored();
      vendor.deleteCandidate(some(vendor.candidates(), 0, 'candidates').remoteId);
      for (const page of await mirroring.run({ kind: 'changes', since: mark })) mirror.take(page);
      if (vendor.tellsDeletions) mirroring.expectTrue(mirror);
      if (completeWhenFull) mirroring.expectTrue((await mirroring.mirrored()).mirror);
    },
  },
  {
    name: 'rediscovery.changed-during',
    title: 'RED-2: what changes while a run goes on is in this run or in the next one of changes',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor } = mirroring;
      vendor.populate(3 * vendor.pageSize);
      const pages = await mirroring.run(
        { kind: 'all' },
        onFirstCandidates(() => changeSome(mirroring)),
      );
      const mirror = mirrorOf(pages);
      expect([...mirror.candidates.keys()].toSorted(), 'nobody is lost when others change').toEqual(idsOf(vendor));
      for (const page of await mirroring.run({ kind: 'changes', since: markOf(pages) })) mirror.take(page);
      mirroring.expectTrue(mirror);
    },
  },
  {
    name: 'rediscovery.deleted-during',
    title: 'RED-12: who is deleted while a run goes on is gone after the next one, and hides nobody else',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor } = mirroring;
      vendor.populate(3 * vendor.pageSize);
      const pages = await mirroring.run(
        { kind: 'all' },
        onFirstCandidates(({ candidates }) => {
          const arrived = new Set(candidates.map(({ remoteId }) => remoteId));
          const waiting = idsOf(vendor).filter((remoteId) => !arrived.has(remoteId));
          for (const remoteId of [...[...arrived].slice(0, 2), some(waiting, -1, 'candidates')])
            vendor.deleteCandidate(remoteId);
        }),
      );
      const mirror = mirrorOf(pages);
      expect([...mirror.candidates.keys()], 'everybody who is left').toEqual(
        expect.arrayContaining([...idsOf(vendor)]),
      );
      if (!vendor.tellsDeletions) return mirroring.expectTrue((await mirroring.mirrored()).mirror);
      for (const page of await mirroring.run({ kind: 'changes', since: markOf(pages) })) mirror.take(page);
      mirroring.expectTrue(mirror);
    },
  },
  {
    name: 'rediscovery.clocks',
    title: 'RED-2: what changes arrives, though the clock of the vendor is minutes behind ours, or ahead',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor } = mirroring;
      for (const advanceMs of [-SKEW_MS, 2 * SKEW_MS]) {
        world.account.simulator.clock.advance(advanceMs);
        vendor.populate(vendor.pageSize + 1);
        const { mirror, mark } = await mirroring.mirrored();
        changeSome(mirroring);
        for (const page of await mirroring.run({ kind: 'changes', since: mark })) mirror.take(page);
        mirroring.expectTrue(mirror);
      }
    },
  },
  {
    name: 'rediscovery.read',
    title: 'RED-11: reads the records that a webhook names, and tells which of them are gone',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const { vendor } = mirroring;
      vendor.populate(5);
      const gone = some(vendor.candidates(), 0, 'candidates').remoteId;
      vendor.deleteCandidate(gone);
      const candidates = vendor.candidates().slice(0, 2);
      const application = some(vendor.applications(), -1, 'applications');
      const job = some(vendor.jobs(), -1, 'jobs');
      const answers = await mirroring.read([
        ...[gone, ...candidates.map(({ remoteId }) => remoteId)].map((remoteId) => ({
          kind: 'candidate' as const,
          remoteId,
        })),
        { kind: 'job', remoteId: job.remoteId },
        { kind: 'application', remoteId: application.remoteId },
      ]);
      expect(answers.flatMap((answer) => answer.gone)).toEqual([{ kind: 'candidate', remoteId: gone }]);
      const read = mirrorOf(answers);
      const truth = mirroring.truth();
      for (const { remoteId } of candidates) expect([...read.candidates.keys()]).toContain(remoteId);
      expect([...read.jobs.keys()]).toContain(job.remoteId);
      expect([...read.applications.keys()]).toContain(application.remoteId);
      for (const kind of ['candidates', 'jobs', 'applications'] as const) {
        for (const part of read.essence()[kind] ?? []) expect(truth.essence()[kind]).toContainEqual(part);
      }
    },
  },
  {
    name: 'rediscovery.hostile-strings',
    title: 'RED-1: changes no text on its way, whatever is in it',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const add = adderOf(mirroring);
      mirroring.vendor.populate(1);
      for (const [index, { text }] of HOSTILE_STRINGS.entries()) {
        if (text.isWellFormed()) add({ firstName: text, lastName: text, emails: [`hostile.${index}@home.example`] });
      }
      const { mirror } = await mirroring.mirrored();
      mirroring.expectTrue(mirror);
    },
  },
  {
    name: 'rediscovery.limits',
    title: 'RED-7: offers each filter once, and reads at least one record at a time',
    async run(world) {
      const { filters, limits } = new MirrorWorld(world).rediscovery;
      expect(filters.toSorted()).toEqual([...new Set(filters)].toSorted());
      expect(limits.readBatch ?? 50).toBeGreaterThan(0);
    },
  },
]);

const WEEK_MS = 7 * 24 * 3_600_000;
/** Clocks that are kept right differ by less; a plugin may allow for more. */
const SKEW_MS = 3 * 60_000;

/** Changes one candidate and one application of another, as users do; the subject must make them differ. */
function changeSome({ vendor }: MirrorWorld): { readonly candidate: string; readonly application: string } {
  const before = JSON.stringify([vendor.candidates(), vendor.applications()]);
  const candidate = some(vendor.candidates(), 0, 'candidates').remoteId;
  const others = vendor.applications().filter(({ candidateRemoteId }) => candidateRemoteId !== candidate);
  const application = some(others, -1, 'applications').remoteId;
  vendor.changeCandidate(candidate);
  vendor.changeApplication(application);
  expect(JSON.stringify([vendor.candidates(), vendor.applications()]), 'what the subject changed').not.toBe(before);
  return { candidate, application };
}

/** Acts once, after the first page with candidates. */
function onFirstCandidates(act: (page: PulledPage) => void): (page: PulledPage) => void {
  let done = false;
  return (page) => {
    if (done || page.candidates.length === 0) return;
    done = true;
    act(page);
  };
}

function longUnchanged({ remoteId, updatedAt }: { readonly remoteId: string; readonly updatedAt?: string }) {
  return updatedAt !== undefined && Date.parse(updatedAt) < Date.now() - WEEK_MS ? [remoteId] : [];
}

function idsOf({ candidates }: MirrorWorld['vendor']): readonly string[] {
  return candidates()
    .map(({ remoteId }) => remoteId)
    .toSorted();
}

function adderOf({ vendor }: MirrorWorld): NonNullable<MirrorWorld['vendor']['addCandidate']> {
  if (!vendor.addCandidate) throw new NotConcerned('The subject cannot add a candidate of its own (`addCandidate`).');
  return vendor.addCandidate;
}
