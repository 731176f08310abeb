import { type ExportRequest, isExportInterrupted, isHubError } from '@talentbridge/contracts';
import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { type StartedJobDiva, startJobDiva } from './start-jobdiva.js';

const MOST_TRIES = 80;

/** Tries as the hub does, each time as after a restart: asks first where an earlier try fell silent. */
async function exportUntilDone(jobdiva: StartedJobDiva, first: ExportRequest): Promise<string> {
  let request = first;
  let isSilent = false;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await using connection = await jobdiva.connect({});
    const { exporter, ctx } = connection;
    try {
      const found = isSilent && !request.existing ? await exporter.findExported?.(ctx, request) : undefined;
      const { remoteId } = await exporter.exportCandidate(ctx, found ? { ...request, existing: found } : request);
      return remoteId;
    } catch (error) {
      const failure = isExportInterrupted(error) ? error.failure : error;
      if (!isHubError(failure) || failure.recovery !== 'retry') throw error;
      if (isExportInterrupted(error)) request = { ...request, existing: error.reference };
      else isSilent ||= failure.effect === 'unknown';
    }
  }
  throw new Error(`It did not come through in ${MOST_TRIES} tries.`);
}

describe('EXP-12: with a JobDiva that fails at every third request, in every way,', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('everybody arrives once and whole (sequence %i)', async (seed) => {
    await using jobdiva = await startJobDiva();
    const { simulator } = jobdiva;
    const kinds = ['failBeforeWrite', 'failAfterWrite', 'dropAfterWrite', 'truncated', 'garbage'] as const;
    for (const [index, kind] of kinds.entries()) {
      simulator.faults.add({ path: '/apiv2/**', probability: 0.07, seed: seed * 10 + index, fault: { kind } });
    }
    const jobRemoteId = String(simulator.account().jobs.find(({ status }) => status === 'OPEN')?.id);
    const request = exportRequest({ target: { kind: 'job', jobRemoteId }, resume: resumeFile() });
    const remoteId = await exportUntilDone(jobdiva, request);
    simulator.faults.clear();

    expect(simulator.creations.all()).toStrictEqual({ [request.candidate.emails[0] ?? '']: 1 });
    const [candidate, ...others] = simulator.candidates();
    expect(others).toStrictEqual([]);
    expect(candidate).toMatchObject({
      id: Number(remoteId),
      city: 'Oakland',
      links: { LinkedIn: request.candidate.socialUrls[0]?.url },
      applications: [{ jobId: Number(jobRemoteId) }],
    });
    expect(candidate?.resumes).toHaveLength(1);
    expect(candidate?.applications).toHaveLength(1);
  });
});
