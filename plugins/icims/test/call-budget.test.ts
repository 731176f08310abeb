import { exportRequest } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { callsSince, startIcims } from './start-icims.js';

const JOB = { kind: 'job', jobRemoteId: '1709' } as const;

describe('the calls that an export costs, of 10,000 a day', () => {
  it('EXP-12: are two for each new candidate, one for each hundred, and what is read once', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const requests = Array.from({ length: 200 }, () => exportRequest({ target: JOB }));
    for (const batch of [requests.slice(0, 100), requests.slice(100)]) {
      const found = (await exporter.lookUp?.(ctx, batch)) ?? {};
      expect(found).toStrictEqual({});
      for (const request of batch) await exporter.exportCandidate(ctx, { ...request, lookedUp: {} });
    }
    const calls = Object.entries(Object.groupBy(callsSince(icims.simulator), (call) => call));
    expect(Object.fromEntries(calls.map(([call, times]) => [call, times?.length]))).toStrictEqual({
      'POST /people': 200,
      'POST /applicantworkflows': 200,
      'POST /search/people': 2,
      'GET /profiledefinitions/v1/person/schema': 1,
      'GET /search/portals/1': 1,
      'GET /search/portals/2': 1,
      'GET /v2/lists': 1,
      'GET /v2/lists/lists.applicantworkflow.status': 2,
    });
    for (const request of requests) expect(icims.simulator.creations.of(request.candidate.emails[0] ?? '')).toBe(1);
  });

  it('are shared by candidates who are sent at once', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const requests = Array.from({ length: 8 }, () => exportRequest({ target: JOB, lookedUp: {} }));
    await Promise.all(requests.map((request) => exporter.exportCandidate(ctx, request)));
    expect(callsSince(icims.simulator)).toHaveLength(2 * 8 + 6);
  });

  it('are one more for a candidate whom nobody looked up, and one in all for a prospect who was', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
    const before = icims.simulator.requests.all().length;
    const request = exportRequest({ target: JOB });
    await exporter.exportCandidate(ctx, request);
    expect(callsSince(icims.simulator, before)).toStrictEqual([
      'POST /search/people',
      'POST /people',
      'POST /applicantworkflows',
    ]);
    const later = icims.simulator.requests.all().length;
    await exporter.exportCandidate(ctx, exportRequest({ lookedUp: {} }));
    expect(callsSince(icims.simulator, later)).toStrictEqual(['POST /people']);
  });
});
