import type { ExportRequest } from '@talentbridge/contracts';
import { exportRequest } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { ATTACH, interruptionOf, JOB } from './export-support.js';
import { startIcims } from './start-icims.js';

describe('after silence', () => {
  it('EXP-12: attaches the person of an earlier try once, and calls it created', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest({ target: JOB });
    icims.simulator.faults.add({ ...ATTACH, times: 1, fault: { kind: 'failAfterWrite' } });
    const { reference } = await interruptionOf(exporter.exportCandidate(ctx, request));
    const receipt = await exporter.exportCandidate(ctx, { ...request, existing: reference });
    expect(receipt).toMatchObject({ remoteId: reference.remoteId, outcome: 'CREATED' });
    expect(icims.simulator.people()).toMatchObject([{ workflows: [{}] }]);
  });

  it('EXP-12: calls it updated when the person was there before the item', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const { candidate } = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    icims.simulator.clock.advance(3_600_000);
    const request: ExportRequest = exportRequest({ candidate, target: JOB, firstTriedAt: icims.simulator.clock.iso() });
    const receipt = await exporter.exportCandidate(ctx, { ...request, existing: { remoteId } });
    expect(receipt).toMatchObject({ remoteId, outcome: 'UPDATED' });
  });

  it('EXP-12: does not take a person for its own who was there before, nor one of another item', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    expect(await exporter.findExported?.(ctx, request)).toMatchObject({ remoteId });
    expect(await exporter.findExported?.(ctx, { ...request, notThese: [remoteId] })).toBeUndefined();
    const later = { ...request, firstTriedAt: new Date(Date.now() + 10 * 60_000).toISOString() };
    expect(await exporter.findExported?.(ctx, later)).toBeUndefined();
  });

  it.each(['00:00:30', '11:59:59', '12:00:00', '12:59:00', '23:59:30'])(
    'finds it at any time of day (%s)',
    async (time) => {
      await using icims = await startIcims();
      const { exporter, ctx } = icims.connection;
      const { clock } = icims.simulator;
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      clock.advance(Date.parse(`${tomorrow}T${time}Z`) - clock.now());
      const request = exportRequest({ firstTriedAt: clock.iso() });
      const { remoteId } = await exporter.exportCandidate(ctx, request);
      expect(await exporter.findExported?.(ctx, request)).toMatchObject({ remoteId });
    },
  );

  it('says that the person is gone when an earlier try made one who was deleted since', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest({ target: JOB });
    const { remoteId } = await exporter.exportCandidate(ctx, exportRequest());
    icims.simulator.tenant().erase(Number(remoteId));
    const gone = { code: 'ATS_RECORD_NOT_FOUND', recordType: 'person', remoteId };
    await expect(exporter.exportCandidate(ctx, { ...request, existing: { remoteId } })).rejects.toMatchObject(gone);
  });

  it('EXP-12: does not call an outage "nothing there"', async () => {
    await using icims = await startIcims();
    icims.simulator.faults.add({ path: '/customers/1234/search/people', fault: { kind: 'failBeforeWrite' } });
    const { exporter, ctx } = icims.connection;
    await expect(exporter.findExported?.(ctx, exportRequest())).rejects.toMatchObject({ recovery: 'retry' });
    await expect(exporter.lookUp?.(ctx, [exportRequest()])).rejects.toMatchObject({ recovery: 'retry' });
  });
});
