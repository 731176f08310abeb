import { describe, expect, it } from 'vitest';
import { connectEnabled } from './connect.js';
import { candidate } from './mirrored.js';

const ADA = 'urn:li:person:a1b2c3d4';
const EMRE = 'urn:li:person:e5o5f005';

describe('who a candidate is (sheet §5.2)', () => {
  it('RSC-1: is what LinkedIn finds by the home address', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    const nobody = candidate({
      remoteId: 'C-2',
      firstName: 'No',
      lastName: 'Body',
      emails: ['no@body.example'],
      socialUrls: [],
      phones: [],
    });
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: candidate() }, { candidate: nobody }] });
    expect(await systemConnect.matches(ctx, ['C-1', 'C-2', 'C-3'])).toEqual([
      { candidateRemoteId: 'C-1', member: ADA, byHand: false },
      { candidateRemoteId: 'C-2', byHand: false },
    ]);
  });

  it('RSC-1: is what a person says, until they take it back', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: candidate() }] });
    for (let times = 0; times < 2; times += 1) await systemConnect.resolveMatch(ctx, 'C-1', EMRE);
    expect(await systemConnect.matches(ctx, ['C-1'])).toEqual([
      { candidateRemoteId: 'C-1', member: EMRE, byHand: true },
    ]);
    for (let times = 0; times < 2; times += 1) await systemConnect.resolveMatch(ctx, 'C-1', undefined);
    expect(await systemConnect.matches(ctx, ['C-1'])).toEqual([
      { candidateRemoteId: 'C-1', member: ADA, byHand: false },
    ]);
  });

  it('RSC-1: cannot be said of a candidate whom LinkedIn does not have, nor with a person who is none', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    await expect(systemConnect.resolveMatch(ctx, 'C-9', ADA)).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: candidate() }] });
    await expect(systemConnect.resolveMatch(ctx, 'C-1', 'urn:li:person:nobody')).rejects.toMatchObject({
      code: 'CANDIDATE_REJECTED',
      recovery: 'skip',
    });
  });

  it('RSC-1: shows later where LinkedIn takes its time', async () => {
    await using linkedIn = await connectEnabled({ behaviour: { matchDelayMs: 5_000 } });
    const { systemConnect, ctx } = linkedIn.connection;
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: candidate() }] });
    expect(await systemConnect.matches(ctx, ['C-1'])).toEqual([{ candidateRemoteId: 'C-1', byHand: false }]);
    linkedIn.simulator.clock.advance(5_000);
    expect(await systemConnect.matches(ctx, ['C-1'])).toMatchObject([{ member: ADA }]);
  });

  it('RSC-1: is asked for a hundred candidates at once, by a form where the address would be too long', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    const ids = Array.from({ length: 100 }, (_, index) => `C-${index}`);
    expect(await systemConnect.matches(ctx, ids)).toEqual([]);
    const [asked] = linkedIn.simulator.requests.matching({ path: /atsCandidates$/ });
    expect(asked).toMatchObject({ method: 'POST', headers: { 'x-http-method-override': 'GET' }, status: 200 });
  });
});
