import { type ExportReceipt, type ExportRequest, isExportInterrupted, isHubError } from '@talentbridge/contracts';
import { exportRequest, type PluginConnection, resumeFile } from '@talentbridge/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSmartRecruiters } from './start-smartrecruiters.js';

const ROUTES = [
  { method: 'GET', path: '/candidates' },
  { method: 'GET', path: '/candidates/*' },
  { method: 'GET', path: '/jobs/*' },
  { method: 'GET', path: '/configuration/**' },
  { method: 'GET', path: '/candidates/**attachments' },
  { method: 'POST', path: '/jobs/*/candidates' },
  { method: 'POST', path: '/candidates/**attachments' },
] as const;

const KINDS = [
  'failBeforeWrite',
  'failAfterWrite',
  'dropBeforeWrite',
  'dropAfterWrite',
  'truncated',
  'garbage',
  'html',
] as const;

const fault = fc.record({ route: fc.constantFrom(...ROUTES), kind: fc.constantFrom(...KINDS) });

/** What plays during each try; after the last, everything works. */
const troubles = fc.array(fc.array(fault, { maxLength: 3 }), { maxLength: 4 });

/**
 * Tries until it is done, as the hub does: what was not answered is asked about before it is sent again. Each try has a
 * connection of its own, because one that has failed often enough spares the vendor for a while.
 */
async function exportUntilDone(
  connect: () => Promise<Pick<PluginConnection, 'exporter' | 'ctx'>>,
  first: ExportRequest,
  beforeTry: (number: number) => void,
): Promise<ExportReceipt> {
  let request = first;
  let unanswered = false;
  for (let number = 0; number < 20; number += 1) {
    beforeTry(number);
    const { exporter, ctx } = await connect();
    try {
      if (unanswered && !request.existing) {
        const found = await exporter.findExported?.(ctx, request);
        if (found) request = { ...request, existing: found };
        unanswered = false;
      }
      return await exporter.exportCandidate(ctx, request);
    } catch (error) {
      const failure = isExportInterrupted(error) ? error.failure : error;
      if (!isHubError(failure) || failure.recovery !== 'retry') throw error;
      if (isExportInterrupted(error)) request = { ...request, existing: error.reference };
      unanswered ||= failure.effect === 'unknown';
    }
  }
  throw new Error('It never got done.');
}

describe.each(['existing', 'new', 'conflict'] as const)('with duplicates answered as "%s"', (duplicates) => {
  it('EXP-12: makes one candidate, on its job once, with one résumé, whatever goes wrong on the way', async () => {
    await using smartRecruiters = await startSmartRecruiters({ duplicates });
    const { simulator, jobId } = smartRecruiters;
    await fc.assert(
      fc.asyncProperty(troubles, async (tries) => {
        const request = exportRequest({ target: { kind: 'job', jobRemoteId: jobId }, resume: resumeFile() });
        const receipt = await exportUntilDone(
          () => smartRecruiters.connect({}),
          request,
          (number) => {
            simulator.faults.clear();
            for (const { route, kind } of tries[number] ?? []) simulator.faults.add({ ...route, fault: { kind } });
          },
        );
        expect(receipt).toMatchObject({ outcome: 'CREATED', warnings: [] });
        expect(simulator.creations.of(request.candidate.emails[0] ?? '')).toBe(1);
        expect(simulator.account().candidate(receipt.remoteId)).toMatchObject({
          assignments: [{ jobId, source: 'SeekOut' }],
          attachments: [{ type: 'RESUME', jobId }],
        });
      }),
      { numRuns: 25 },
    );
  });
});
