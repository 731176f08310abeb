import {
  AtsRateLimitedError,
  AtsUnavailableError,
  CandidateRejectedError,
  CredentialsRejectedError,
  type ExportCapability,
  ExportInterruptedError,
  type ExportReceipt,
  type ExportRequest,
  JobNotOpenError,
  PluginFaultError,
} from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { sendItem } from '../../../src/capabilities/export/send-item.js';

const created: ExportReceipt = { outcome: 'CREATED', remoteId: 'c-1', warnings: [] };

const request: ExportRequest = {
  itemId: 'item-1',
  candidate: {
    firstName: 'Ada',
    lastName: 'Okafor',
    emails: ['ada@example.com'],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [],
    tags: [],
  },
  target: { kind: 'prospect' },
  firstTriedAt: '2026-01-01T00:00:00.000Z',
  notThese: [],
};

interface FakeAts {
  readonly exporter: ExportCapability;
  readonly sent: ExportRequest[];
}

function ats(options: {
  answer: ExportReceipt | Error;
  found?: { remoteId: string } | 'nothing' | 'cannot be asked' | Error;
  absorbsRepeats?: boolean;
}): FakeAts {
  const sent: ExportRequest[] = [];
  const { answer, found = 'nothing', absorbsRepeats = false } = options;
  return {
    sent,
    exporter: {
      fields: [],
      limits: { absorbsRepeats },
      listJobs: async () => ({ items: [] }),
      exportCandidate: async (_ctx, given) => {
        sent.push(given);
        if (answer instanceof Error) throw answer;
        return answer;
      },
      ...(found === 'cannot be asked'
        ? {}
        : {
            findExported: async () => {
              if (found instanceof Error) throw found;
              return found === 'nothing' ? undefined : found;
            },
          }),
    },
  };
}

const context = () => ({ callId: 'call', deadline: Date.now() + 1000 });
const first = { id: 'item-1', tries: 1, reopened: false };
const reopened = { id: 'item-1', tries: 2, reopened: true };

describe('EXP-12: sending one candidate', () => {
  it('closes the item with the receipt', async () => {
    const { exporter } = ats({ answer: { ...created, remoteUrl: 'https://ats.example/c-1' } });
    expect((await sendItem(exporter, context, first, request)).closing).toMatchObject({
      kind: 'DONE',
      outcome: 'CREATED',
      remoteId: 'c-1',
      remoteUrl: 'https://ats.example/c-1',
    });
  });

  it('does not ask before a first try', async () => {
    const { exporter, sent } = ats({ answer: created, found: new Error('asked') });
    await sendItem(exporter, context, first, request);
    expect(sent).toHaveLength(1);
  });

  it('asks before it sends again, and completes the candidate that an earlier try made', async () => {
    const { exporter, sent } = ats({ answer: created, found: { remoteId: 'c-1' } });
    await sendItem(exporter, context, reopened, request);
    expect(sent).toMatchObject([{ existing: { remoteId: 'c-1' } }]);
  });

  it('sends again when the earlier try certainly made nothing', async () => {
    const { exporter, sent } = ats({ answer: created });
    await sendItem(exporter, context, reopened, request);
    expect(sent).toHaveLength(1);
    expect(sent[0]).not.toHaveProperty('existing');
  });

  it('repeats without asking where the ATS absorbs repeats', async () => {
    const { exporter, sent } = ats({ answer: created, found: 'cannot be asked', absorbsRepeats: true });
    expect((await sendItem(exporter, context, reopened, request)).closing).toMatchObject({ outcome: 'CREATED' });
    expect(sent).toHaveLength(1);
  });

  it('never repeats blindly where the ATS cannot be asked: the item is unclear, and says what to do', async () => {
    const { exporter, sent } = ats({ answer: created, found: 'cannot be asked' });
    const { closing } = await sendItem(exporter, context, reopened, request);
    expect(closing).toMatchObject({
      kind: 'DONE',
      outcome: 'UNCLEAR',
      code: 'OUTCOME_UNKNOWN',
      remedy: expect.stringMatching(/Look the candidate up/),
    });
    expect(sent).toHaveLength(0);
  });

  it('completes a known candidate without asking, also where the ATS cannot be asked', async () => {
    const { exporter, sent } = ats({ answer: created, found: 'cannot be asked' });
    await sendItem(exporter, context, reopened, { ...request, existing: { remoteId: 'c-1' } });
    expect(sent).toMatchObject([{ existing: { remoteId: 'c-1' } }]);
  });

  it('leaves the item open after silence, so that the next try asks first', async () => {
    const { exporter } = ats({ answer: new AtsUnavailableError('ATS', 'answered 503') });
    expect((await sendItem(exporter, context, first, request)).closing).toMatchObject({ kind: 'AGAIN', state: 'OPEN' });
  });

  it('makes the item pending again when certainly nothing was written', async () => {
    const { exporter } = ats({ answer: new AtsUnavailableError('ATS', 'refused the connection', { effect: 'none' }) });
    expect((await sendItem(exporter, context, first, request)).closing).toMatchObject({
      kind: 'AGAIN',
      state: 'PENDING',
    });
  });

  it('waits as long as the ATS asks for', async () => {
    const { exporter } = ats({ answer: new AtsRateLimitedError('ATS', 7_000) });
    expect((await sendItem(exporter, context, first, request)).closing).toMatchObject({
      kind: 'AGAIN',
      state: 'PENDING',
      delayMs: 7_000,
    });
  });

  it('waits longer with each try', async () => {
    const { exporter } = ats({ answer: new AtsUnavailableError('ATS', 'answered 503') });
    const delays = await Promise.all(
      [1, 2, 3, 20].map(async (tries) => (await sendItem(exporter, context, { ...first, tries }, request)).closing),
    );
    expect(delays.map((closing) => closing.kind === 'AGAIN' && closing.delayMs)).toEqual([1_000, 2_000, 4_000, 60_000]);
  });

  it('is unclear at once after silence where the ATS cannot be asked', async () => {
    const { exporter } = ats({ answer: new AtsUnavailableError('ATS', 'answered 503'), found: 'cannot be asked' });
    expect((await sendItem(exporter, context, first, request)).closing).toMatchObject({ outcome: 'UNCLEAR' });
  });

  it('is unclear in the end when the ATS never says, and failed when nothing was written', async () => {
    const silent = ats({ answer: created, found: new AtsUnavailableError('ATS', 'answered 503') });
    expect((await sendItem(silent.exporter, context, { ...reopened, tries: 25 }, request)).closing).toMatchObject({
      outcome: 'UNCLEAR',
    });
    const slow = ats({ answer: new AtsRateLimitedError('ATS') });
    expect((await sendItem(slow.exporter, context, { ...first, tries: 25 }, request)).closing).toMatchObject({
      outcome: 'FAILED',
    });
  });

  it('fails this item alone when the ATS refuses the candidate', async () => {
    const { exporter } = ats({ answer: new CandidateRejectedError('ATS', 'the email is malformed', 'emails') });
    const result = await sendItem(exporter, context, first, request);
    expect(result.closing).toMatchObject({ outcome: 'FAILED', code: 'CANDIDATE_REJECTED', remedy: expect.any(String) });
    expect(result.halt).toBeUndefined();
  });

  it('stops the others when the job takes nobody', async () => {
    const { exporter } = ats({ answer: new JobNotOpenError('ATS', 'job-7', 'it is closed') });
    const result = await sendItem(exporter, context, first, request);
    expect(result.closing).toMatchObject({ outcome: 'FAILED', code: 'JOB_NOT_OPEN' });
    expect(result.halt).toBeInstanceOf(JobNotOpenError);
  });

  it('CON-6: keeps the item and stops the others when an admin must act', async () => {
    const { exporter } = ats({ answer: new CredentialsRejectedError('ATS') });
    const result = await sendItem(exporter, context, first, request);
    expect(result.closing).toMatchObject({ kind: 'AGAIN', state: 'PENDING' });
    expect(result.halt).toBeInstanceOf(CredentialsRejectedError);
  });

  it('keeps the reference when a later step fails, so that nothing is unknown any more', async () => {
    const failure = new AtsUnavailableError('ATS', 'answered 503');
    const { exporter } = ats({
      answer: new ExportInterruptedError({ remoteId: 'c-9' }, failure),
      found: 'cannot be asked',
    });
    expect((await sendItem(exporter, context, first, request)).closing).toMatchObject({
      kind: 'AGAIN',
      state: 'PENDING',
      existing: { remoteId: 'c-9' },
    });
  });

  it('says that the candidate is there when only a later step was refused', async () => {
    const failure = new JobNotOpenError('ATS', 'job-7');
    const { exporter } = ats({ answer: new ExportInterruptedError({ remoteId: 'c-9' }, failure) });
    expect((await sendItem(exporter, context, first, request)).closing).toMatchObject({
      outcome: 'FAILED',
      remoteId: 'c-9',
      reason: expect.stringMatching(/is in the ATS/),
    });
  });

  it('does not repeat what a broken plugin may have sent', async () => {
    const fault = new PluginFaultError('acme', 'threw', { effect: 'unknown' });
    const unasked = ats({ answer: fault, found: 'cannot be asked' });
    expect((await sendItem(unasked.exporter, context, first, request)).closing).toMatchObject({ outcome: 'UNCLEAR' });
  });
});
