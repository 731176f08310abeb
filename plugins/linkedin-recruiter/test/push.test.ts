import type { NetworkBatch, NetworkCandidate, NetworkResult } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { type Connected, connectEnabled } from './connect.js';
import { application, candidate, feedback, job, note, stage } from './mirrored.js';

const ADA = 'urn:li:person:a1b2c3d4';
const EMRE = 'urn:li:person:e5o5f005';
const OK: NetworkResult = { ok: true };

const push = ({ connection }: Connected, batch: NetworkBatch) => connection.systemConnect.push(connection.ctx, batch);
const people = (count: number): readonly NetworkCandidate[] =>
  Array.from({ length: count }, (_, index) => ({
    candidate: candidate({ remoteId: `C-${index}`, emails: [`person.${index}@home.example`] }),
  }));

describe('batches (sheet §4)', () => {
  it('RSC-2: take 100 records at once, whose keys do not fit into an address', async () => {
    await using linkedIn = await connectEnabled();
    expect(await push(linkedIn, { kind: 'candidate', records: people(100) })).toEqual(people(100).map(() => OK));
    expect(linkedIn.simulator.records().candidates.size).toBe(100);
    const written = linkedIn.simulator.requests.matching({ path: /atsCandidates$/ });
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ method: 'POST', headers: { 'x-http-method-override': 'PUT' } });
  });

  it('RSC-2: are made of more when there are more', async () => {
    await using linkedIn = await connectEnabled();
    expect(await push(linkedIn, { kind: 'candidate', records: people(101) })).toEqual(people(101).map(() => OK));
    expect(linkedIn.simulator.requests.matching({ path: /atsCandidates$/ })).toHaveLength(2);
  });

  it('RSC-2: answer for each record in its place, refused and unheard of ones too', async () => {
    await using linkedIn = await connectEnabled();
    const answers = await push(linkedIn, {
      kind: 'application',
      records: [
        {
          application: application({ remoteId: 'A-1', candidateRemoteId: 'nobody' }),
          candidate: candidate({ remoteId: 'nobody' }),
        },
        { application: application({ remoteId: 'A-2', appliedAt: '', updatedAt: '' }), candidate: candidate() },
      ],
    });
    expect(answers).toEqual([
      { ok: false, retry: false, reason: expect.stringContaining('422 (code 100) about atsCandidateId') },
      { ok: false, retry: false, reason: expect.stringContaining('when the application was made') },
    ]);
  });

  it('understand keys whose parts come in another order', async () => {
    await using linkedIn = await connectEnabled();
    await linkedIn.control('/recruiter/mishaps', { shuffleKeys: true });
    expect(await push(linkedIn, { kind: 'candidate', records: people(20) })).toEqual(people(20).map(() => OK));
    const ids = people(20).map((one) => one.candidate.remoteId);
    const { systemConnect, ctx } = linkedIn.connection;
    expect((await systemConnect.matches(ctx, ids)).map(({ candidateRemoteId }) => candidateRemoteId).sort()).toEqual(
      ids.toSorted(),
    );
  });

  it('with the same record twice send the later one', async () => {
    await using linkedIn = await connectEnabled();
    const records = ['Ada', 'Adaeze'].map((firstName) => ({ candidate: candidate({ firstName }) }));
    expect(await push(linkedIn, { kind: 'candidate', records })).toEqual([OK, OK]);
    expect(linkedIn.simulator.records().candidate('C-1').record).toMatchObject({ firstName: 'Adaeze' });
  });

  it('are nothing to LinkedIn when they are empty', async () => {
    await using linkedIn = await connectEnabled();
    linkedIn.simulator.requests.reset();
    expect(await push(linkedIn, { kind: 'stage', records: [] })).toEqual([]);
    expect(await linkedIn.connection.systemConnect.matches(linkedIn.connection.ctx, [])).toEqual([]);
    expect(linkedIn.simulator.requests.all()).toEqual([]);
  });
});

describe('records are replaced whole (sheet §4)', () => {
  it('RSC-1: whoever was attached by hand stays attached, however often the candidate is sent', async () => {
    await using linkedIn = await connectEnabled();
    const record = { candidate: candidate(), member: EMRE };
    for (const updatedAt of ['2026-02-03T00:00:00Z', '2026-02-04T00:00:00Z']) {
      const changed = { ...record, candidate: candidate({ updatedAt }) };
      expect(await push(linkedIn, { kind: 'candidate', records: [changed] })).toEqual([OK]);
      expect(await linkedIn.connection.systemConnect.matches(linkedIn.connection.ctx, ['C-1'])).toEqual([
        { candidateRemoteId: 'C-1', member: EMRE, byHand: true },
      ]);
    }
  });

  it('RSC-2: the same record twice leaves what was there, down to the last property', async () => {
    await using linkedIn = await connectEnabled();
    const batches: readonly NetworkBatch[] = [
      { kind: 'job', records: [job()] },
      { kind: 'candidate', records: [{ candidate: candidate(), member: ADA }] },
      { kind: 'candidateNote', records: [{ note: note(), candidateRemoteId: 'C-1' }] },
      { kind: 'application', records: [{ application: application(), candidate: candidate(), job: job() }] },
      { kind: 'applicationNote', records: [{ note: note({ applicationRemoteId: 'A-1' }), candidateRemoteId: 'C-1' }] },
      { kind: 'feedback', records: [feedback()] },
      { kind: 'stage', records: [stage()] },
    ];
    const held = () =>
      structuredClone({ ...Object(linkedIn.simulator.snapshot()), tasks: [], throttles: [], requests: [] });
    for (const batch of batches) expect(await push(linkedIn, batch)).toEqual([OK]);
    const once = held();
    for (const batch of batches) expect(await push(linkedIn, batch)).toEqual([OK]);
    expect(held()).toEqual(once);
  });

  it('RSC-2: what a candidate has no more is gone at LinkedIn as well', async () => {
    await using linkedIn = await connectEnabled();
    await push(linkedIn, { kind: 'candidate', records: [{ candidate: candidate() }] });
    const { workExperience: _work, ...rest } = candidate();
    await push(linkedIn, { kind: 'candidate', records: [{ candidate: { ...rest, workExperience: [] } }] });
    expect(linkedIn.simulator.records().candidate('C-1').record).toMatchObject({
      currentCompanyName: null,
      currentJobTitle: null,
    });
  });
});

describe('jobs, which LinkedIn takes first and looks at later (sheet §5.1)', () => {
  it('RSC-2: are answered as their tasks end', async () => {
    await using linkedIn = await connectEnabled();
    const answers = await push(linkedIn, {
      kind: 'job',
      records: [job(), job({ remoteId: 'JOB-2', location: 'Remote' })],
    });
    expect(answers).toEqual([OK, { ok: false, retry: false, reason: expect.stringContaining('place of a job') }]);
    expect([...linkedIn.simulator.records().jobs.keys()]).toEqual(['JOB-1']);
  });

  it('RSC-2: are tried again when their tasks take long', async () => {
    await using linkedIn = await connectEnabled({ behaviour: { taskDelayMs: 60_000 } });
    expect(await push(linkedIn, { kind: 'job', records: [job()] })).toEqual([
      { ok: false, retry: true, reason: expect.stringContaining('not finished') },
    ]);
    await linkedIn.control('/recruiter/behaviour', { taskDelayMs: 0 });
    expect(await push(linkedIn, { kind: 'job', records: [job()] })).toEqual([OK]);
  });

  it('RSC-2: are refused when a task fails, with the property that is at fault', async () => {
    await using linkedIn = await connectEnabled();
    linkedIn.simulator.faults.add({
      method: 'GET',
      path: '/v2/simpleJobPostingTasks',
      fault: { kind: 'status', status: 200, body: taskAnswer },
    });
    linkedIn.simulator.faults.add({
      method: 'POST',
      path: '/v2/simpleJobPostings',
      fault: {
        kind: 'status',
        status: 200,
        body: { elements: [{ id: 'urn:li:simpleJobPostingTask:1', status: 202 }] },
      },
    });
    expect(await push(linkedIn, { kind: 'job', records: [job()] })).toEqual([
      { ok: false, retry: false, reason: 'LinkedIn Recruiter refused the job: it answered 422 about location' },
    ]);
  });

  it('RSC-501: are closed by their state, because nothing is removed', async () => {
    await using linkedIn = await connectEnabled();
    await push(linkedIn, { kind: 'job', records: [job()] });
    await push(linkedIn, { kind: 'job', records: [job({ open: false })] });
    expect(linkedIn.simulator.records().jobs.get('JOB-1')).toMatchObject({ listed: false });
    linkedIn.simulator.requests.reset();
    const { systemConnect, ctx } = linkedIn.connection;
    expect(await systemConnect.remove(ctx, 'job', [{ remoteId: 'JOB-1' }])).toEqual([OK]);
    expect(linkedIn.simulator.requests.all()).toEqual([]);
  });
});

const taskAnswer = {
  results: { 'urn:li:simpleJobPostingTask:1': { status: 'FAILED', errorMessage: 'location: Ada does not live there' } },
};

describe('removal (sheet §5.7)', () => {
  it('RSC-502 to RSC-504: takes records away, those that are not there as well', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    await push(linkedIn, { kind: 'candidate', records: [{ candidate: candidate() }] });
    await push(linkedIn, { kind: 'candidateNote', records: [{ note: note(), candidateRemoteId: 'C-1' }] });
    await push(linkedIn, { kind: 'application', records: [{ application: application(), candidate: candidate() }] });
    await push(linkedIn, { kind: 'stage', records: [stage(), stage({ remoteId: 'ST-2' })] });
    await push(linkedIn, { kind: 'feedback', records: [feedback()] });
    const records = linkedIn.simulator.records();
    const gone = (remoteId: string, parentId?: string) => ({
      remoteId,
      ...(parentId === undefined ? {} : { parentId }),
    });

    expect(
      await systemConnect.remove(ctx, 'stage', [gone('ST-1', 'A-1'), gone('ST-9', 'A-1'), gone('ST-1', 'A-9')]),
    ).toEqual([OK, OK, OK]);
    expect([...records.application('A-1').stages.keys()]).toEqual(['ST-2']);
    expect(await systemConnect.remove(ctx, 'feedback', [gone('IF-1', 'A-1')])).toEqual([OK]);
    expect(records.application('A-1').interviewFeedback.size).toBe(0);
    expect(await systemConnect.remove(ctx, 'application', [gone('A-1'), gone('A-9')])).toEqual([OK, OK]);
    expect(records.applications.size).toBe(0);
    expect(await systemConnect.remove(ctx, 'candidateNote', [gone('N-1', 'C-1')])).toEqual([OK]);
    expect(records.candidate('C-1').notes.size).toBe(0);
    expect(await systemConnect.remove(ctx, 'candidate', [gone('C-1')])).toEqual([OK]);
    expect(records.candidates.size).toBe(0);
    expect(await systemConnect.remove(ctx, 'candidateNote', [gone('N-1')])).toEqual([
      { ok: false, retry: false, reason: expect.stringContaining('belongs to') },
    ]);
  });

  it('RSC-504: removes a hundred at once, when the customer leaves as well', async () => {
    await using linkedIn = await connectEnabled();
    await push(linkedIn, { kind: 'candidate', records: people(100) });
    await linkedIn.control('/recruiter/integrations', {
      clientId: 'sim-linkedin-exampleco',
      type: 'ONE_CLICK_EXPORT',
      context: 'urn:li:organization:1234',
      status: 'DISABLED',
    });
    const { systemConnect, ctx } = linkedIn.connection;
    const keys = people(100).map((one) => ({ remoteId: one.candidate.remoteId }));
    expect(await systemConnect.remove(ctx, 'candidate', keys)).toEqual(keys.map(() => OK));
    expect(linkedIn.simulator.records().candidates.size).toBe(0);
  });
});

describe('what goes wrong', () => {
  const CANDIDATES = { path: '/v2/atsCandidates' };
  const batch: NetworkBatch = { kind: 'candidate', records: people(3) };

  it.each([
    'failBeforeWrite',
    'failAfterWrite',
    'dropBeforeWrite',
    'dropAfterWrite',
    'truncated',
    'garbage',
    'html',
  ] as const)('RSC-2: %s is a failure that passes, and the next try ends with the same records', async (kind) => {
    await using linkedIn = await connectEnabled();
    linkedIn.simulator.faults.add({ ...CANDIDATES, fault: { kind } });
    await expect(push(linkedIn, batch)).rejects.toMatchObject({ recovery: 'retry' });
    linkedIn.simulator.faults.clear();
    expect(await push(linkedIn, batch)).toEqual([OK, OK, OK]);
    expect(linkedIn.simulator.records().candidates.size).toBe(3);
  });

  it('RSC-2: a spent limit is told as one', async () => {
    await using linkedIn = await connectEnabled({ limits: { recordsPerMinute: 2 } });
    await expect(push(linkedIn, batch)).rejects.toMatchObject({ code: 'ATS_RATE_LIMITED' });
    linkedIn.simulator.clock.advance(60_000);
    expect(await push(linkedIn, { kind: 'candidate', records: people(2) })).toEqual([OK, OK]);
  });

  it('RSC-2: what has arrived before LinkedIn fails stays, and the rest is tried again', async () => {
    await using linkedIn = await connectEnabled();
    await push(linkedIn, batch);
    linkedIn.simulator.faults.add({
      path: '/v2/atsCandidates/*/notes',
      afterCalls: 1,
      fault: { kind: 'failBeforeWrite' },
    });
    const notes = people(3).map((one, index) => ({
      note: note({ remoteId: `N-${index}` }),
      candidateRemoteId: one.candidate.remoteId,
    }));
    expect(await push(linkedIn, { kind: 'candidateNote', records: notes })).toEqual([
      OK,
      { ok: false, retry: true, reason: expect.stringContaining('answered 500') },
      { ok: false, retry: true, reason: expect.stringContaining('answered 500') },
    ]);
  });

  it('RSC-2: one owner whose records always fail holds up no other', async () => {
    await using linkedIn = await connectEnabled();
    await push(linkedIn, batch);
    linkedIn.simulator.faults.add({
      path: '/v2/atsCandidates/atsCandidateId=C-0*/notes',
      fault: { kind: 'failBeforeWrite' },
    });
    const notes = people(3).map((one) => ({ note: note(), candidateRemoteId: one.candidate.remoteId }));
    expect(await push(linkedIn, { kind: 'candidateNote', records: notes })).toMatchObject([{ retry: true }, OK, OK]);
  });

  it('RSC-2: records whose owner is unknown to LinkedIn are refused', async () => {
    await using linkedIn = await connectEnabled();
    expect(await push(linkedIn, { kind: 'stage', records: [stage()] })).toEqual([
      { ok: false, retry: false, reason: expect.stringContaining('does not have the record that it belongs to') },
    ]);
  });

  it('RSC-2: one record that spoils the call does not hold up the others', async () => {
    await using linkedIn = await connectEnabled();
    // A call with all three, then one with the first two, cannot be read.
    linkedIn.simulator.faults.add({
      ...CANDIDATES,
      times: 2,
      fault: { kind: 'status', status: 400, message: 'lastName is odd' },
    });
    expect(await push(linkedIn, batch)).toEqual([OK, OK, OK]);
    linkedIn.simulator.faults.clear();
    linkedIn.simulator.faults.add({
      ...CANDIDATES,
      times: 3,
      fault: { kind: 'status', status: 400, message: 'lastName is odd' },
    });
    expect(await push(linkedIn, batch)).toEqual([
      { ok: false, retry: false, reason: expect.stringContaining('400 about lastName') },
      OK,
      OK,
    ]);
  });

  it('RSC-2: one record that LinkedIn breaks over does not hold up the others, in a batch of a hundred either', async () => {
    await using linkedIn = await connectEnabled();
    // Whatever has the first record in it: the batch, its first half, and so on, down to the record alone.
    linkedIn.simulator.faults.add({ ...CANDIDATES, times: 8, fault: { kind: 'failBeforeWrite' } });
    const answers = await push(linkedIn, { kind: 'candidate', records: people(100) });
    expect(answers[0]).toMatchObject({ ok: false, retry: true, reason: expect.stringContaining('500') });
    expect(answers.slice(1)).toEqual(people(99).map(() => OK));
  });

  it('RSC-2: where LinkedIn breaks over everything, it is not asked for long', async () => {
    await using linkedIn = await connectEnabled();
    linkedIn.simulator.faults.add({ ...CANDIDATES, fault: { kind: 'failBeforeWrite' } });
    await expect(push(linkedIn, { kind: 'candidate', records: people(100) })).rejects.toMatchObject({
      code: 'ATS_UNAVAILABLE',
    });
    expect(linkedIn.simulator.requests.matching({ path: /atsCandidates$/ }).length).toBeLessThan(20);
  });

  it.each([
    [429, { retry: true }],
    [503, { retry: true }],
    [401, { retry: true }],
    [422, { retry: false }],
    [409, { retry: false }],
  ])('RSC-2: the status %i of a single record means %j', async (status, meaning) => {
    await using linkedIn = await connectEnabled();
    const key = (id: string) =>
      `integrationContext=urn%3Ali%3Aorganization%3A1234&dataProvider=ATS&atsCandidateId=${id}`;
    const body = {
      results: { [key('C-0')]: { status: 204 } },
      errors: { [key('C-1')]: { status, message: 'Ada Okafor: emailAddresses.0 is odd' } },
    };
    linkedIn.simulator.faults.add({ ...CANDIDATES, fault: { kind: 'status', status: 200, body } });
    expect(await push(linkedIn, batch)).toEqual([
      OK,
      {
        ok: false,
        ...meaning,
        reason: `LinkedIn Recruiter does not take it: it answered ${status} about emailAddresses`,
      },
      { ok: false, retry: true, reason: 'LinkedIn Recruiter does not say what became of it' },
    ]);
  });

  it('RSC-7: an integration that is switched off is an admin’s business, and no record’s fault', async () => {
    await using linkedIn = await connectEnabled();
    for (const type of ['ONE_CLICK_EXPORT', 'IN_ATS_INDICATOR', 'PROFILE_PLUGIN']) {
      const off = { clientId: 'sim-linkedin-exampleco', type, context: 'urn:li:organization:1234', status: 'DISABLED' };
      await linkedIn.control('/recruiter/integrations', off);
    }
    await expect(push(linkedIn, batch)).rejects.toMatchObject({
      code: 'ATS_PERMISSION_MISSING',
      recovery: 'reconnect',
    });
    await expect(push(linkedIn, { kind: 'job', records: [job()] })).rejects.toMatchObject({
      code: 'ATS_PERMISSION_MISSING',
    });
  });
});
