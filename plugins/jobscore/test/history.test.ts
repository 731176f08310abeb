import type { CandidateHistory, MirroredCandidate, PulledPage } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { MissablePart, SimulatedApplication } from '../simulator/index.js';
import { SIMULATED_KEYS } from '../simulator/index.js';
import { feedbackOf, noteOf, stageChangesOf } from '../src/history.js';
import { interviewRecord, mirroredApplicationRecord, noteRecord } from '../src/vendor-records.js';
import { type StartedJobScore, startJobScore } from './start-jobscore.js';

const RITA = { id: 'u', first_name: 'Rita', last_name: 'Moss' };

/** Somebody who has applied, and nothing was written about. */
async function applicant(jobscore: StartedJobScore): Promise<SimulatedApplication> {
  const account = jobscore.simulator.account();
  const { clock } = jobscore.simulator;
  const ada = { first_name: 'Ada', last_name: 'Okafor', email: 'ada@home.example' };
  const { id } = account.addCandidate(ada, clock.iso());
  return account.apply({ candidate_id: id, job_id: account.jobs[0]?.id ?? '', mayRepeat: false }, clock.iso());
}

function read({ connection }: StartedJobScore, candidateId: string): Promise<CandidateHistory> {
  const { readHistory } = connection.rediscovery;
  if (!readHistory) throw new Error('JobScore tells histories.');
  return readHistory(connection.ctx, candidateId);
}

async function call({ simulator }: StartedJobScore, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${simulator.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Token token=${SIMULATED_KEYS.user}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, ...z.looseObject({}).parse(await response.json()) };
}

describe('RSC-2: the history of a candidate', () => {
  it('is read with three requests', async () => {
    await using jobscore = await startJobScore();
    const { candidate_id } = await applicant(jobscore);
    jobscore.simulator.requests.reset();
    await read(jobscore, candidate_id);
    expect(jobscore.simulator.requests.all()).toHaveLength(3);
  });

  it('has notes that everybody in JobScore may read, with who wrote them and when', async () => {
    await using jobscore = await startJobScore();
    const { candidate_id } = await applicant(jobscore);
    const path = `/v2/candidates/${candidate_id}/notes`;
    expect(await call(jobscore, path, { body: 'Keen.' })).toMatchObject({ status: 201, body: 'Keen.' });
    expect(await call(jobscore, path, { body: 'Between us.', private: true })).toMatchObject({ status: 201 });
    const { notes } = await read(jobscore, candidate_id);
    expect(notes).toEqual([
      {
        remoteId: expect.any(String),
        text: 'Keen.',
        author: { firstName: 'Tariq', lastName: 'Bell' },
        createdAt: jobscore.simulator.account().notes[0]?.created_on,
      },
    ]);
  });

  it('has each stage that an application came to, under an id that stays', async () => {
    await using jobscore = await startJobScore();
    const { id, candidate_id } = await applicant(jobscore);
    const before = await read(jobscore, candidate_id);
    jobscore.simulator.clock.advance(60_000);
    await call(jobscore, `/_sim/applications/${id}`, { status: 'active', stage: 'Interview' });
    const { stageChanges } = await read(jobscore, candidate_id);
    expect(stageChanges.map(({ stage }) => stage)).toEqual(['New', 'Interview']);
    expect(stageChanges).toEqual(expect.arrayContaining([...before.stageChanges]));
    for (const change of stageChanges) expect(change.applicationRemoteId).toBe(id);
  });

  it('has an interview once something was said of it', async () => {
    await using jobscore = await startJobScore();
    const { id, candidate_id } = await applicant(jobscore);
    const path = `/_sim/candidates/${candidate_id}/interviews`;
    await call(jobscore, path, { name: 'Phone screen', feedback: 'Clear answers.', recommendation: 'yes' });
    const planned = z.object({ id: z.string() }).parse(await call(jobscore, path, { application: id }));
    const [told, ...others] = (await read(jobscore, candidate_id)).feedback;
    expect(others).toEqual([]);
    expect(told).toMatchObject({
      applicationRemoteId: id,
      interviewer: { firstName: 'Rita', lastName: 'Moss' },
      kind: 'phone',
      text: 'Clear answers.',
      recommendation: 'yes',
    });
    await call(jobscore, `/_sim/interviews/${planned.id}`, { recommendation: 'undecided' });
    expect((await read(jobscore, candidate_id)).feedback).toContainEqual(
      expect.objectContaining({ remoteId: planned.id, kind: 'onsite', recommendation: 'undecided' }),
    );
  });

  it.each([
    ['notes', 'notes'],
    ['interviews', 'feedback'],
    ['applications', 'stageChanges'],
  ] as const)('does without %s where the account has none', async (part, list) => {
    await using jobscore = await startJobScore({ candidates: 12, deviations: { notOffered: [part] } });
    const histories: CandidateHistory[] = [];
    for (const { candidate } of jobscore.simulator.account().folders())
      histories.push(await read(jobscore, candidate.id));
    for (const history of histories) expect(history[list]).toEqual([]);
    expect(histories.flatMap(({ notes, stageChanges }) => [...notes, ...stageChanges])).not.toEqual([]);
  });

  it.each<{ readonly notOffered: readonly MissablePart[] }>([
    { notOffered: [] },
    { notOffered: ['notes', 'interviews'] },
    { notOffered: ['applications', 'notes', 'interviews'] },
  ])('is none of a candidate who is gone, in an account without $notOffered', async (deviations) => {
    await using jobscore = await startJobScore({ deviations });
    const { candidate_id } = await applicant(jobscore);
    await read(jobscore, candidate_id);
    await call(jobscore, `/_sim/candidates/${candidate_id}/delete`, {});
    await expect(read(jobscore, candidate_id)).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
  });
});

describe('RSC-2: what is written about a candidate', () => {
  /** What a run of changes brings after something was done. */
  async function changedBy(
    jobscore: StartedJobScore,
    does: () => Promise<unknown>,
  ): Promise<readonly MirroredCandidate[]> {
    const { rediscovery, ctx } = jobscore.connection;
    const since = new Date(jobscore.simulator.clock.now() + 1000).toISOString();
    jobscore.simulator.clock.advance(60_000);
    await does();
    const found: MirroredCandidate[] = [];
    for (let cursor: string | undefined; ; ) {
      const place = cursor === undefined ? {} : { cursor };
      const page: PulledPage = await rediscovery.pull(ctx, { kind: 'changes', since, ...place });
      found.push(...page.candidates);
      if (page.cursor === undefined) return found;
      cursor = page.cursor;
    }
  }

  it.each(['a note', 'an interview', 'a deleted note'])(
    '%s dates the candidate anew, so that the mirror sees it',
    async (what) => {
      await using jobscore = await startJobScore();
      const { candidate_id } = await applicant(jobscore);
      const path = `/v2/candidates/${candidate_id}/notes`;
      const note = z.object({ id: z.string() }).parse(await call(jobscore, path, { body: 'Keen.' }));
      const [before] = [...jobscore.simulator.account().candidates].map(({ updated_on }) => updated_on);
      const brought = await changedBy(jobscore, () => {
        if (what === 'a note') return call(jobscore, path, { body: 'Called.' });
        if (what === 'a deleted note') return call(jobscore, `/_sim/notes/${note.id}/delete`, {});
        return call(jobscore, `/_sim/candidates/${candidate_id}/interviews`, { feedback: 'Good.' });
      });
      expect(brought.map(({ remoteId }) => remoteId)).toEqual([candidate_id]);
      expect(brought[0]?.updatedAt).not.toBe(before);
    },
  );
});

describe('RSC-2: an odd answer of JobScore', () => {
  it.each([
    ['that does not say whether it is private', { private: undefined }],
    ['that is private', { private: true }],
    ['without a text', { body: ' ' }],
    ['without a time', { created_on: null }],
  ])('a note %s is left out', (_what, changes) => {
    const note = { id: 'n', body: 'Keen.', author: RITA, private: false, created_on: '2025-06-01T10:00:00Z' };
    expect(noteOf(noteRecord.parse(note))).toHaveLength(1);
    expect(noteOf(noteRecord.parse({ ...note, ...changes }))).toEqual([]);
  });

  it('a note of nobody has an author without a name', () => {
    const note = { id: 'n', body: 'Keen.', author: null, private: false, created_on: '2025-06-01T10:00:00Z' };
    expect(noteOf(noteRecord.parse(note))).toMatchObject([{ author: { firstName: '', lastName: '' } }]);
  });

  it('a stage that stands there twice, or without name or time, is told once or not at all', () => {
    const entry = (name: unknown, entered_on: unknown) => ({ stage: { id: `id of ${name}`, name }, entered_on });
    const application = mirroredApplicationRecord.parse({
      id: 'a',
      stage_history: [
        entry('New', '2025-06-01T10:00:00Z'),
        entry('New', '2025-06-01T10:00:00.000Z'),
        entry('Screen', '2025-06-02T10:00:00Z'),
        entry('New', '2025-06-03T10:00:00Z'),
        entry(null, '2025-06-04T10:00:00Z'),
        entry('Offer', 'soon'),
        7,
      ],
    });
    expect(stageChangesOf(application).map(({ stage, enteredAt }) => [stage, enteredAt.slice(0, 10)])).toEqual([
      ['New', '2025-06-01'],
      ['Screen', '2025-06-02'],
      ['New', '2025-06-03'],
    ]);
  });

  it.each([
    ['nobody said anything', { feedback: null, recommendation: null }, undefined],
    ['it is about nobody’s application', { application_id: 'other' }, undefined],
    ['it is about no application', { application_id: null }, undefined],
    ['it has no time', { scheduled_on: null, updated_on: null, created_on: null }, undefined],
    ['its name says phone', { name: 'Phone screen' }, 'phone'],
    ['its type says phone', { type: 'phone_interview' }, 'phone'],
    ['it has no name', { name: null }, 'onsite'],
  ])('an interview of which %s', (_what, changes, kind) => {
    const interview = {
      id: 'i',
      application_id: 'a',
      name: 'Panel',
      scheduled_on: '2025-06-02T10:00:00Z',
      interviewers: [RITA],
      feedback: 'Good.',
      recommendation: 'yes',
      created_on: '2025-06-01T10:00:00Z',
      updated_on: '2025-06-03T10:00:00Z',
    };
    const told = feedbackOf(interviewRecord.parse({ ...interview, ...changes }), new Set(['a']));
    expect(told.map((one) => [one.kind, one.createdAt])).toEqual(
      kind === undefined ? [] : [[kind, '2025-06-02T10:00:00.000Z']],
    );
  });
});
