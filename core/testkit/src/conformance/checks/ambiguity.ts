import { expect } from 'vitest';
import { callContext } from '../../builders/call-context.js';
import type { Fault } from '../../simulator/fault.js';
import { type CheckWorld, listChecks, NotConcerned } from '../check.js';
import { ExportWorld, failureWithin, rejectionOf } from '../export-world.js';

/** Export: a write that the vendor never confirmed is settled by asking, and nobody is created twice. */
export const ambiguityChecks = listChecks([
  {
    name: 'ambiguity.fail-before',
    title: 'EXP-12: finds nothing after a 500 before the write, and creates once on the next try',
    run: (world) => expectSettled(world, { kind: 'failBeforeWrite' }, 0),
  },
  {
    name: 'ambiguity.fail-after',
    title: 'EXP-12: finds what was written before a 500, and does not create it again',
    run: (world) => expectSettled(world, { kind: 'failAfterWrite' }, 1),
  },
  {
    name: 'ambiguity.drop-after',
    title: 'EXP-12: finds what was written before the connection was lost',
    run: (world) => expectSettled(world, { kind: 'dropAfterWrite' }, 1),
  },
  {
    name: 'ambiguity.hang-after',
    title: 'EXP-12: finds what was written before the vendor fell silent',
    run: (world) => expectSettled(world, { kind: 'hangAfterWrite' }, 1, 1500),
  },
  {
    name: 'ambiguity.truncated',
    title: 'EXP-12: finds what was written before half an answer came',
    run: (world) => expectSettled(world, { kind: 'truncated' }, 1),
  },
  {
    name: 'ambiguity.earlier-candidate',
    title: 'EXP-12: does not take a candidate for its own that was there before',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection, vendor } = exporting;
      const findExported = finderOf(exporting);
      const earlier = exporting.request({ target: exporting.findableTarget() });
      await exporter.exportCandidate(connection.ctx, earlier);
      // An hour: longer than any difference between two clocks that a plugin makes allowance for.
      const { clock } = world.account.simulator;
      clock.advance(3_600_000);
      const later = exporting.request({
        candidate: earlier.candidate,
        target: earlier.target,
        firstTriedAt: clock.iso(),
      });
      exporting.fault(vendor.routes.createCandidate, { kind: 'failBeforeWrite' });
      // A vendor that knows people by their address updates the earlier one and needs no creation.
      await exporter.exportCandidate(connection.ctx, later).catch(() => undefined);
      exporting.clearFaults();
      expect(vendor.creationsFor(earlier)).toBe(1);
      expect(await findExported(later)).toBeUndefined();
    },
  },
  {
    name: 'ambiguity.not-these',
    title: 'EXP-12: does not take the outcome of another item for its own',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection } = exporting;
      const findExported = finderOf(exporting);
      const one = exporting.request({ target: exporting.findableTarget() });
      const receipt = await exporter.exportCandidate(connection.ctx, one);
      const two = exporting.request({
        candidate: one.candidate,
        target: one.target,
        firstTriedAt: one.firstTriedAt,
        notThese: [receipt.remoteId],
      });
      expect(await findExported(two)).toBeUndefined();
      expect(await findExported(one)).toMatchObject({ remoteId: receipt.remoteId });
    },
  },
  {
    name: 'ambiguity.absorbs-repeats',
    title: 'EXP-12: makes no second candidate of a repeated request, where it says so',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection, vendor } = exporting;
      if (!exporter.limits.absorbsRepeats) throw new NotConcerned('The plugin does not claim it.');
      const request = exporting.fullRequest();
      const first = await exporter.exportCandidate(connection.ctx, request);
      const second = await exporter.exportCandidate(connection.ctx, request);
      expect(second.remoteId).toBe(first.remoteId);
      expect(vendor.creationsFor(request)).toBe(1);
      expect(exporting.stored(first.remoteId).jobRemoteIds).toHaveLength(exporting.hasJobs ? 1 : 0);
    },
  },
  {
    name: 'ambiguity.completes-existing',
    title: 'EXP-12: completes a candidate that an earlier try made, as often as it is asked to',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection, vendor } = exporting;
      const request = exporting.fullRequest();
      const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
      for (let time = 0; time < 2; time += 1) {
        const receipt = await exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } });
        expect(receipt.remoteId).toBe(remoteId);
      }
      expect(vendor.creationsFor(request)).toBe(1);
      const stored = exporting.stored(remoteId);
      expect(stored.jobRemoteIds, 'attached once').toHaveLength(exporting.hasJobs ? 1 : 0);
      expect(stored.resumes, 'one résumé').toBe(request.resume ? 1 : 0);
    },
  },
  {
    name: 'ambiguity.existing-unaddressed',
    title: 'RSC-3: puts somebody who is there onto a job, though nobody tells their address',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection, vendor } = exporting;
      const target = exporting.jobTarget();
      const first = exporting.request();
      const { remoteId } = await exporter.exportCandidate(connection.ctx, first);
      const told = { ...first.candidate, emails: [], phones: [] };
      const request = exporting.request({ candidate: told, target });
      const receipt = await exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } });
      expect(receipt.remoteId).toBe(remoteId);
      expect(vendor.creationsFor(first)).toBe(1);
      expect(exporting.stored(remoteId).jobRemoteIds).toContain(target.kind === 'job' && target.jobRemoteId);
    },
  },
  {
    name: 'ambiguity.existing-gone',
    title: 'EXP-12, RSC-3: names the candidate of an earlier try who is gone, and makes nobody in its place',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection, vendor, hasJobs, hasProspects, takesResumes } = exporting;
      const { rediscovery } = world.account;
      if (!rediscovery) throw new NotConcerned('The subject does not tell how a candidate is deleted.');
      const requests = [
        ...(hasProspects ? [exporting.request({ target: { kind: 'prospect' } })] : []),
        ...(hasJobs ? [exporting.request({ target: exporting.jobTarget() })] : []),
        ...(takesResumes ? [exporting.fullRequest()] : []),
      ];
      for (const request of requests) {
        const steps = `to a ${request.target.kind}, ${request.resume ? 'with' : 'without'} a résumé`;
        const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
        rediscovery.deleteCandidate(remoteId);
        const again = exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } });
        const failure = failureWithin(await rejectionOf(again));
        const named = { code: 'ATS_RECORD_NOT_FOUND', remoteId };
        expect(failure, steps).toMatchObject(named);
        expect(vendor.creationsFor(request), steps).toBe(1);
      }
    },
  },
  {
    name: 'ambiguity.look-up',
    title: 'EXP-12: tells, for many at once, which candidates exist',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection } = exporting;
      if (!exporter.lookUp) throw new NotConcerned('The plugin does not offer it.');
      const requests = [exporting.request(), exporting.request()];
      const [known] = requests;
      if (!known) throw new Error('unreachable');
      const { remoteId } = await exporter.exportCandidate(connection.ctx, known);
      const found = await exporter.lookUp(connection.ctx, requests);
      expect(Object.keys(found)).toEqual([known.itemId]);
      expect(found[known.itemId]).toMatchObject({ remoteId });
    },
  },
  {
    name: 'ambiguity.looked-up',
    title: 'EXP-12: takes what was looked up at its word: updates who is there, creates who is not',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection, vendor } = exporting;
      if (!exporter.lookUp) throw new NotConcerned('The plugin does not offer it.');
      const known = exporting.fullRequest();
      const { remoteId } = await exporter.exportCandidate(connection.ctx, { ...known, lookedUp: {} });
      expect(vendor.creationsFor(known)).toBe(1);
      const again = exporting.fullRequest({ candidate: known.candidate });
      const found = (await exporter.lookUp(connection.ctx, [again]))[again.itemId];
      expect(found).toMatchObject({ remoteId });
      const receipt = await exporter.exportCandidate(connection.ctx, { ...again, lookedUp: found ? { found } : {} });
      expect(receipt).toMatchObject({ remoteId, outcome: 'UPDATED' });
      expect(vendor.creationsFor(known)).toBe(1);
    },
  },
]);

/** Asks as the hub does: not before the vendor has had time to settle. */
function finderOf({ exporter, connection, world }: ExportWorld) {
  const { findExported } = exporter;
  if (!findExported) throw new NotConcerned('The ATS cannot be asked.');
  const { settleMs = 1000 } = exporter.limits;
  return (request: Parameters<typeof findExported>[1]): ReturnType<typeof findExported> => {
    world.account.simulator.clock.advance(settleMs);
    return findExported(connection.ctx, request);
  };
}

async function expectSettled(world: CheckWorld, fault: Fault, written: number, patienceMs?: number): Promise<void> {
  const exporting = new ExportWorld(world);
  const { exporter, connection, vendor } = exporting;
  const findExported = finderOf(exporting);
  const request = exporting.fullRequest({ target: exporting.findableTarget() });
  exporting.fault(vendor.routes.createCandidate, fault);
  const ctx = patienceMs === undefined ? connection.ctx : callContext(patienceMs);
  const error = await rejectionOf(exporter.exportCandidate(ctx, request));
  expect(error).toMatchObject({ recovery: 'retry', effect: 'unknown' });
  expect(vendor.creationsFor(request), 'what the simulator wrote').toBe(written);

  exporting.clearFaults();
  const found = await findExported(request);
  expect(found !== undefined, 'whether it finds its candidate').toBe(written > 0);
  const receipt = await exporter.exportCandidate(connection.ctx, found ? { ...request, existing: found } : request);
  if (found) expect(receipt.remoteId).toBe(found.remoteId);
  expect(vendor.creationsFor(request), 'created once').toBe(1);
  const stored = exporting.stored(receipt.remoteId);
  expect(stored.jobRemoteIds).toHaveLength(request.target.kind === 'job' ? 1 : 0);
  expect(stored.resumes).toBe(request.resume ? 1 : 0);
}
