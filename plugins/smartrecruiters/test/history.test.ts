import { describe, expect, it } from 'vitest';
import { stageChangesOf } from '../src/history.js';
import { statusHistoryAnswer } from '../src/vendor-records.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

describe('RSC-2: the history of a candidate', () => {
  it('has each status that an application came to, under the name that people see', async () => {
    await using smartrecruiters = await startSmartRecruiters();
    const { simulator, connection } = smartrecruiters;
    const account = simulator.account();
    const jobId = account.jobs.find(({ status }) => status === 'SOURCING')?.id ?? '';
    const ada = { firstName: 'Ada', lastName: 'Okafor', email: 'ada@home.example' };
    const { candidate } = account.add(ada, jobId, simulator.clock.iso());
    simulator.clock.advance(60_000);
    const next = { status: 'INTERVIEW', subStatus: 'Interview 1' } as const;
    account.setStatus(candidate.id, jobId, next, simulator.clock.iso());
    simulator.requests.reset();
    const history = await connection.rediscovery.readHistory?.(connection.ctx, candidate.id);
    expect(history).toMatchObject({ notes: [], feedback: [] });
    expect(history?.stageChanges.map(({ stage }) => stage)).toEqual(['LEAD', 'Interview 1']);
    expect(simulator.requests.all(), 'the candidate, and the one application').toHaveLength(2);
  });

  it('lacks what is unreadable, and has the same at the same time once', () => {
    const { content } = statusHistoryAnswer.parse({
      content: [
        { changedOn: '2025-06-01T10:00:00.000Z', status: 'NEW' },
        { changedOn: '2025-06-01T10:00:00Z', status: 'NEW', subStatus: ' ' },
        { changedOn: 'soon', status: 'OFFERED' },
        { changedOn: '2025-06-02T10:00:00.000Z' },
        7,
      ],
    });
    expect(stageChangesOf({ remoteId: 'c/j' }, content)).toEqual([
      {
        remoteId: 'c/j/NEW/2025-06-01T10:00:00.000Z',
        applicationRemoteId: 'c/j',
        stage: 'NEW',
        enteredAt: '2025-06-01T10:00:00.000Z',
      },
    ]);
  });
});
