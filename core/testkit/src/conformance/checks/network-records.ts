import { expect } from 'vitest';
import { listChecks } from '../check.js';
import { rejectionOf } from '../export-world.js';
import { DONE, everyKind, keysOf, NetworkWorld, networkCandidate, networkJob } from '../network-world.js';

/** System Connect, outwards: what the ATS holds arrives whole, stays whole, and goes. */
export const networkRecordChecks = listChecks([
  {
    name: 'network.limits',
    title: 'RSC-2: says how much it takes, within reason',
    async run(world) {
      const { limits } = new NetworkWorld(world).network;
      for (const [name, limit] of Object.entries(limits)) expect(limit, name).toBeGreaterThan(0);
      expect(limits.batch ?? 100).toBeLessThanOrEqual(1000);
    },
  },
  {
    name: 'network.push',
    title: 'RSC-2: records of each kind arrive, each under its own name',
    async run(world) {
      const networking = new NetworkWorld(world);
      const batches = everyKind(3, networking.vendor.otherMember);
      await networking.send(...batches);
      for (const batch of batches) {
        const names = keysOf(batch).map(({ remoteId, parentId = '' }) => `${parentId} ${remoteId}`);
        expect([...networking.held(batch.kind).keys()].toSorted(), batch.kind).toEqual(names.toSorted());
      }
    },
  },
  {
    name: 'network.push-again',
    title: 'RSC-2: the same record twice leaves what was there',
    async run(world) {
      const networking = new NetworkWorld(world);
      const batches = everyKind(2, networking.vendor.otherMember);
      await networking.send(...batches);
      const once = batches.map(({ kind }) => structuredClone(networking.held(kind)));
      await networking.send(...batches);
      expect(batches.map(({ kind }) => networking.held(kind))).toEqual(once);
    },
  },
  {
    name: 'network.full-batch',
    title: 'RSC-2: takes as many records at once as it says',
    async run(world) {
      const networking = new NetworkWorld(world);
      const people = Array.from({ length: networking.batchSize }, (_, index) =>
        networkCandidate(`candidate-with-a-rather-long-id-${index}`, { emails: [`somebody.${index}@home.example`] }),
      );
      await networking.send({ kind: 'candidate', records: people.map((candidate) => ({ candidate })) });
      expect(networking.held('candidate').size).toBe(people.length);
    },
  },
  {
    name: 'network.one-for-one',
    title: 'RSC-2: answers for each record in its place, also where the network has something against one',
    async run(world) {
      const { network, ctx } = new NetworkWorld(world);
      const bare = {
        remoteId: 'bare',
        emails: [],
        phones: [],
        socialUrls: [],
        workExperience: [],
        education: [],
        tags: [],
      };
      const people = [networkCandidate('C-1'), bare, networkCandidate('C-2')];
      const records = people.map((candidate) => ({ candidate }));
      const [first, odd, last, ...more] = await network.push(ctx, { kind: 'candidate', records });
      expect([first, last, more]).toEqual([DONE, DONE, []]);
      if (odd?.ok === false) expect(odd.reason).not.toBe('');
      const orphan = {
        application: { remoteId: 'A-1', candidateRemoteId: 'C-9', jobRemoteId: 'J-9', status: 'active' as const },
        candidate: networkCandidate('C-9'),
      };
      expect(await network.push(ctx, { kind: 'application', records: [orphan] })).toHaveLength(1);
      expect(await network.push(ctx, { kind: 'candidate', records: [] })).toEqual([]);
    },
  },
  {
    name: 'network.remove',
    title: 'RSC-2: removes records of each kind, and does not mind what is not there',
    async run(world) {
      const networking = new NetworkWorld(world);
      const { network } = networking;
      const batches = everyKind(2, networking.vendor.otherMember).filter(({ kind }) => kind !== 'job');
      await networking.send(...everyKind(2, networking.vendor.otherMember));
      for (const batch of batches.toReversed()) {
        const [first, second] = keysOf(batch);
        if (!first || !second) continue;
        const stranger = { ...first, remoteId: 'not-there' };
        for (const keys of [[first, stranger], [first]]) {
          expect(await network.remove(networking.ctx, batch.kind, keys), batch.kind).toEqual(keys.map(() => DONE));
        }
        expect(
          [...networking.held(batch.kind).values()].map(({ remoteId }) => remoteId),
          batch.kind,
        ).toEqual([second.remoteId]);
      }
    },
  },
  {
    name: 'network.remove-application',
    title: 'RSC-2: an application goes with what belongs to it',
    async run(world) {
      const networking = new NetworkWorld(world);
      await networking.send(...everyKind(1, networking.vendor.otherMember));
      expect(await networking.network.remove(networking.ctx, 'application', [{ remoteId: 'A-0' }])).toEqual([DONE]);
      for (const kind of ['application', 'applicationNote', 'feedback', 'stage'] as const) {
        expect(networking.held(kind).size, kind).toBe(0);
      }
      expect(networking.held('candidateNote').size).toBe(1);
    },
  },
  {
    name: 'network.closed-job',
    title: 'RSC-2: a job is closed by sending it closed, and removing it asks nobody',
    async run(world) {
      const networking = new NetworkWorld(world);
      await networking.send({ kind: 'job', records: [networkJob('J-1')] });
      const open = structuredClone(networking.held('job'));
      await networking.send({ kind: 'job', records: [networkJob('J-1', { open: false })] });
      const closed = structuredClone(networking.held('job'));
      expect(closed).not.toEqual(open);
      const asked = world.account.simulator.requests.all().length;
      expect(await networking.network.remove(networking.ctx, 'job', [{ remoteId: 'J-1' }])).toEqual([DONE]);
      expect(world.account.simulator.requests.all().length - asked, 'requests').toBe(0);
    },
  },
  {
    name: 'network.matches',
    title: 'RSC-1: tells whom candidates are taken for, and leaves out whom the network does not have',
    async run(world) {
      const networking = new NetworkWorld(world);
      const { found } = networking.vendor;
      const people = [networkCandidate('C-1', found.by), networkCandidate('C-2')];
      await networking.send({ kind: 'candidate', records: people.map((candidate) => ({ candidate })) });
      const matches = await networking.network.matches(networking.ctx, ['C-1', 'C-9', 'C-2']);
      expect(matches.toSorted((one, other) => one.candidateRemoteId.localeCompare(other.candidateRemoteId))).toEqual([
        { candidateRemoteId: 'C-1', member: found.member, byHand: false },
        { candidateRemoteId: 'C-2', byHand: false },
      ]);
      expect(await networking.network.matches(networking.ctx, [])).toEqual([]);
    },
  },
  {
    name: 'network.by-hand',
    title: 'RSC-1: a person’s word wins, lasts however often the candidate is sent, and can be taken back',
    async run(world) {
      const networking = new NetworkWorld(world);
      const { network, vendor } = networking;
      const candidate = networkCandidate('C-1', vendor.found.by);
      const match = async () => (await network.matches(networking.ctx, ['C-1']))[0];
      const byHand = { candidateRemoteId: 'C-1', member: vendor.otherMember, byHand: true };
      await networking.send({ kind: 'candidate', records: [{ candidate }] });
      for (let times = 0; times < 2; times += 1) {
        await network.resolveMatch(networking.ctx, 'C-1', vendor.otherMember);
        expect(await match()).toEqual(byHand);
      }
      await networking.send({ kind: 'candidate', records: [{ candidate, member: vendor.otherMember }] });
      expect(await match()).toEqual(byHand);
      for (let times = 0; times < 2; times += 1) {
        await network.resolveMatch(networking.ctx, 'C-1', undefined);
        expect(await match()).toEqual({ candidateRemoteId: 'C-1', member: vendor.found.member, byHand: false });
      }
      const error = await rejectionOf(network.resolveMatch(networking.ctx, 'C-9', vendor.otherMember));
      expect(error).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    },
  },
]);
