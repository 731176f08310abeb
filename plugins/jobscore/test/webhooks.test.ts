import type { DeliveredEvent, ReadDelivery, RecordReference } from '@talentbridge/contracts';
import type { PluginConnection } from '@talentbridge/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobScoreSimulator } from '../simulator/index.js';
import { Receiver } from './receiver.js';
import { startJobScore } from './start-jobscore.js';

const CANDIDATE = 'IvV2eM3TnFb2X5J7nlW35g';
const APPLICATION = 'aPp1IpZW9pVBUlBdjtK6_f';
const JOB = 'd02lIpZW9pVBUlBdjtK6_f';
const AT = '2025-06-01T10:05:00Z';

function read({ webhooks, ctx }: PluginConnection, body: unknown): Promise<ReadDelivery> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  return webhooks.read(ctx, { method: 'POST', query: {}, headers, body: text });
}

async function eventIn(connection: PluginConnection, body: unknown): Promise<DeliveredEvent> {
  const delivery = await read(connection, body);
  if (delivery.kind !== 'event') throw new Error(`It is taken for ${delivery.kind}.`);
  return delivery.event;
}

/** Lets the connection subscribe, with an address that holds a secret. */
async function subscribe({ webhooks, ctx, conceal }: PluginConnection, url: string, token: string): Promise<string> {
  const callbackUrl = url.replace(token, conceal('webhook', token));
  return (await webhooks.subscribe(ctx, { callbackUrl })).remoteId;
}

/** The records that the events of a receiver name, each once. */
async function recordsIn(connection: PluginConnection, { bodies }: Receiver): Promise<readonly RecordReference[]> {
  const events = await Promise.all(bodies.map((body) => eventIn(connection, body)));
  const records = events.flatMap((event) => event.records);
  return [...new Map(records.map((record) => [`${record.kind} ${record.remoteId}`, record])).values()];
}

describe('a subscription', () => {
  it('RED-11: asks for every event that a mirror can use, at an address that JobScore alone is told', async () => {
    await using jobscore = await startJobScore();
    const { simulator, connection } = jobscore;
    await subscribe(connection, 'https://hub.example/webhooks/6f0c2b1e9d', '6f0c2b1e9d');
    expect(simulator.account().webhooks).toMatchObject([
      {
        target_url: 'https://hub.example/webhooks/6f0c2b1e9d',
        event_types: [
          'candidate_applied',
          'candidate_created',
          'candidate_updated',
          'candidate_deleted',
          'application_stage_changed',
          'job_added',
          'job_status_changed',
        ],
      },
    ]);
    await connection.webhooks.list(connection.ctx);
    connection.expectNoLeak();
  });

  it.each<[string, object, boolean]>([
    ['that JobScore says nothing about', {}, true],
    ['that asks for more', { event_types: ['task_added'] }, true],
    ['that is enabled', { enabled: true, status: 'active' }, true],
    ['that JobScore disabled', { enabled: false }, false],
    ['that JobScore disabled, in a word', { status: 'Disabled' }, false],
    ['of odd properties', { enabled: 'yes', status: 7 }, true],
  ])('RED-11: %s: %j, intact: %s', async (_what, changes: { event_types?: readonly string[] }, intact) => {
    await using jobscore = await startJobScore();
    const { simulator, connection } = jobscore;
    const { webhooks, ctx } = connection;
    const event_types = [...webhooks.events, ...(changes.event_types ?? [])];
    const webhook = { id: CANDIDATE, target_url: 'https://hub.example/webhooks/x', ...changes, event_types };
    simulator.faults.add({ path: '/v2/webhooks', fault: { kind: 'status', status: 200, body: { items: [webhook] } } });
    expect(await webhooks.list(ctx)).toEqual([
      { remoteId: CANDIDATE, callbackUrl: 'https://hub.example/webhooks/x', intact },
    ]);
  });

  it('RED-11: that lacks an event is not intact', async () => {
    await using jobscore = await startJobScore();
    const { simulator, connection } = jobscore;
    const { webhooks, ctx } = connection;
    const account = simulator.account();
    for (const missing of webhooks.events) {
      const events = webhooks.events.filter((event) => event !== missing);
      account.addWebhook('https://hub.example/webhooks/x', events, simulator.clock.iso());
    }
    const listed = await webhooks.list(ctx);
    expect(listed).toHaveLength(webhooks.events.length);
    for (const { intact } of listed) expect(intact).toBe(false);
  });

  it('RED-11: is found among many', async () => {
    await using jobscore = await startJobScore();
    const { simulator, connection } = jobscore;
    for (let count = 0; count < 230; count += 1) {
      simulator.account().addWebhook(`https://other.example/${count}`, ['job_added'], simulator.clock.iso());
    }
    const remoteId = await subscribe(connection, 'https://hub.example/webhooks/6f0c2b1e9d', '6f0c2b1e9d');
    const listed = await connection.webhooks.list(connection.ctx);
    expect(listed).toHaveLength(231);
    expect(listed.filter(({ intact }) => intact).map((one) => one.remoteId)).toEqual([remoteId]);
  });

  it('RED-11: that JobScore refuses is a matter for whoever runs the hub, in JobScore’s words and without the address', async () => {
    await using jobscore = await startJobScore();
    const subscribing = subscribe(jobscore.connection, 'http://hub.example/webhooks/6f0c2b1e9d', '6f0c2b1e9d');
    await expect(subscribing).rejects.toMatchObject({
      code: 'WEBHOOK_REFUSED',
      message: expect.stringContaining('must be an https address'),
    });
    jobscore.connection.expectNoLeak();
  });
});

describe('an account without webhooks', () => {
  it('CON-5: shows it as unknown, and not as missing', async () => {
    await using jobscore = await startJobScore({ deviations: { notOffered: ['webhooks'] } });
    const { permissions, ctx } = jobscore.connection;
    const results = await permissions.check(ctx, ['webhooks']);
    expect(results).toMatchObject([
      { permission: 'api.access', status: 'granted' },
      { permission: 'webhooks.read', status: 'unknown', reason: expect.stringContaining('does not offer webhooks') },
      { permission: 'webhooks.write', status: 'unknown' },
    ]);
  });

  it('RED-11: says so', async () => {
    await using jobscore = await startJobScore({ deviations: { notOffered: ['webhooks'] } });
    const { webhooks, ctx } = jobscore.connection;
    const failure = { code: 'ATS_PERMISSION_MISSING', message: expect.stringContaining('the account has none') };
    await expect(webhooks.list(ctx)).rejects.toMatchObject(failure);
    await expect(webhooks.subscribe(ctx, { callbackUrl: 'https://hub.example/x' })).rejects.toMatchObject(failure);
    await webhooks.unsubscribe(ctx, CANDIDATE);
  });
});

describe('a delivery', () => {
  it.each<[string, object, readonly RecordReference[]]>([
    ['candidate_created', { candidate: { id: CANDIDATE } }, [{ kind: 'candidate', remoteId: CANDIDATE }]],
    ['candidate_updated', { candidate: { id: CANDIDATE } }, [{ kind: 'candidate', remoteId: CANDIDATE }]],
    ['candidate_deleted', { candidate: { id: CANDIDATE } }, [{ kind: 'candidate', remoteId: CANDIDATE }]],
    [
      'candidate_applied',
      { candidate: { id: CANDIDATE }, application: { id: APPLICATION }, job: { id: JOB } },
      [{ kind: 'candidate', remoteId: CANDIDATE }],
    ],
    [
      'application_stage_changed',
      { application: { id: APPLICATION, candidate_id: CANDIDATE, job_id: JOB } },
      [{ kind: 'candidate', remoteId: CANDIDATE }],
    ],
    [
      'application_stage_changed',
      { application: { id: APPLICATION } },
      [{ kind: 'application', remoteId: APPLICATION }],
    ],
    ['job_added', { job: { id: JOB } }, [{ kind: 'job', remoteId: JOB }]],
    ['job_status_changed', { job: { id: JOB, status: 'on_hold' } }, [{ kind: 'job', remoteId: JOB }]],
    ['task_added', { task: { id: JOB } }, []],
  ])('RED-11: %s with %j leads to what is read again', async (event_type, data, records) => {
    await using jobscore = await startJobScore();
    const body = { id: 'eV1lIpZW9pVBUlBdjtK6_f', event_type, created_on: AT, data };
    const delivery = await read(jobscore.connection, body);
    expect(delivery).toEqual({
      kind: 'event',
      event: { id: `eV1lIpZW9pVBUlBdjtK6_f ${event_type} ${AT}`, name: event_type, records },
    });
  });

  it('RED-11: is known again by its id, name and time together, for the id may turn out to be the webhook’s', async () => {
    await using jobscore = await startJobScore();
    const body = { id: 'w1', event_type: 'job_added', created_on: AT, data: { job: { id: JOB } } };
    const idOf = async (changes: object) => (await eventIn(jobscore.connection, { ...body, ...changes })).id;
    expect(await idOf({ attempt: 2 })).toBe(await idOf({}));
    expect(await idOf({ created_on: '2025-06-01T10:05:01Z' })).not.toBe(await idOf({}));
    for (const changes of [{ id: undefined }, { created_on: undefined }, { id: 7 }, { created_on: 'soon' }]) {
      expect(await idOf(changes), 'the hub compares bodies').toBeUndefined();
    }
  });

  it.each([
    ['no JSON', 'hello'],
    ['half of one', '{"event_type":"job_added"'],
    ['nothing', ''],
    ['a list', []],
    ['a text', '"job_added"'],
    ['null', 'null'],
    ['no event', { data: { job: { id: JOB } } }],
    ['an event that is a sentence', { event_type: 'Mend this', data: { job: { id: JOB } } }],
    ['an event without data', { event_type: 'job_added' }],
    ['an event of nothing', { event_type: 'job_added', data: { candidate: null, job: {}, application: [] } }],
  ])('RED-11: of %s is unknown, and says why', async (_what, body) => {
    await using jobscore = await startJobScore();
    expect(await read(jobscore.connection, body)).toEqual({ kind: 'unknown', reason: expect.stringMatching(/\w/) });
  });

  it('RED-11: is never signed, never a handshake, and names only what can be an id, whatever is in it', async () => {
    await using jobscore = await startJobScore();
    const { webhooks, ctx } = jobscore.connection;
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(CANDIDATE, '..', '../jobs/x', '', 'x'.repeat(23)));
    const record = fc.oneof(value, fc.record({ id: value, candidate_id: value }, { requiredKeys: [] }));
    const shaped = fc.record(
      {
        id: value,
        event_type: fc.oneof(value, fc.constantFrom(...webhooks.events, 'task_added', 'toString', '__proto__')),
        created_on: fc.oneof(value, fc.constant(AT), fc.constant(`${AT} (${'x'.repeat(1000)})`)),
        data: fc.oneof(value, fc.record({ candidate: record, application: record, job: record }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    );
    const bodies = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      shaped.map((body) => JSON.stringify(body)),
    );
    const headers = fc.dictionary(fc.string(), fc.string());
    await fc.assert(
      fc.asyncProperty(headers, bodies, async (sent, body) => {
        const delivery = await webhooks.read(ctx, { method: 'POST', query: {}, headers: sent, body });
        expect(delivery.kind).toBeOneOf(['event', 'unknown']);
        expect(delivery).not.toHaveProperty('signature');
        if (delivery.kind !== 'event') return;
        expect(delivery.event.name).toMatch(/^[a-z._]{1,80}$/);
        expect((delivery.event.id ?? '').length).toBeLessThan(400);
        for (const { remoteId } of delivery.event.records) expect(remoteId).toMatch(/^[\w-]{22}$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('from a change to the mirror', () => {
  /** An application of somebody. */
  function anApplication(simulator: JobScoreSimulator) {
    for (const { applications } of simulator.account().folders()) if (applications[0]) return applications[0];
    throw new Error('Some of the generated candidates have applied.');
  }

  it('RED-11: a candidate who is deleted is gone, and a job that is closed is closed', async () => {
    await using receiver = await Receiver.start();
    await using jobscore = await startJobScore({ candidates: 5 });
    const { simulator, connection } = jobscore;
    await subscribe(connection, receiver.url, '6f0c2b1e9d');
    const account = simulator.account();
    const [first] = account.folders();
    const [job] = account.jobs;
    account.deleteCandidate(first?.candidate.id ?? '');
    account.changeJob(job?.id ?? '', 'closed', simulator.clock.iso());
    await simulator.deliveries.settled();
    const records = await connection.rediscovery.read(connection.ctx, await recordsIn(connection, receiver));
    expect(records).toMatchObject({
      gone: [{ kind: 'candidate', remoteId: first?.candidate.id }],
      jobs: [{ remoteId: job?.id, open: false }],
    });
  });

  it('RED-11: a merge takes the loser away and brings the winner with all applications', async () => {
    await using receiver = await Receiver.start();
    await using jobscore = await startJobScore({ candidates: 30 });
    const { simulator, connection } = jobscore;
    await subscribe(connection, receiver.url, '6f0c2b1e9d');
    const account = simulator.account();
    const winner = [...account.folders()].find(({ applications }) => applications.length === 0)?.candidate.id ?? '';
    const { id, candidate_id: loser } = anApplication(simulator);
    account.merge(winner, loser, simulator.clock.iso());
    await simulator.deliveries.settled();
    const records = await connection.rediscovery.read(connection.ctx, await recordsIn(connection, receiver));
    expect(records.gone).toEqual([{ kind: 'candidate', remoteId: loser }]);
    expect(records.candidates).toMatchObject([{ remoteId: winner }]);
    expect(records.candidates[0]?.applications?.map(({ remoteId }) => remoteId)).toContain(id);
  });

  it('RED-11: several events of one person are one record to read', async () => {
    await using receiver = await Receiver.start();
    await using jobscore = await startJobScore({ candidates: 12 });
    const { simulator, connection } = jobscore;
    await subscribe(connection, receiver.url, '6f0c2b1e9d');
    const { id, candidate_id: remoteId } = anApplication(simulator);
    for (const stage of ['Interview', 'New', 'Interview'] as const) {
      simulator.account().moveApplication(id, { status: 'active', stage }, simulator.clock.iso());
    }
    await simulator.deliveries.settled();
    expect(receiver.bodies.length).toBeGreaterThan(3);
    expect(await recordsIn(connection, receiver)).toEqual([{ kind: 'candidate', remoteId }]);
  });

  it('RED-2, RED-11: a stage that moves is seen even if an application does not date its candidate anew', async () => {
    await using receiver = await Receiver.start();
    await using jobscore = await startJobScore({ candidates: 12, deviations: { withoutDatingByParts: true } });
    const { simulator, connection } = jobscore;
    await subscribe(connection, receiver.url, '6f0c2b1e9d');
    const { id, workflow_stage } = anApplication(simulator);
    const stage = workflow_stage.name === 'Interview' ? 'New' : 'Interview';
    simulator.account().moveApplication(id, { status: 'active', stage }, simulator.clock.iso());
    await simulator.deliveries.settled();
    expect(receiver.events).toEqual(['application_stage_changed']);
    const { candidates } = await connection.rediscovery.read(connection.ctx, await recordsIn(connection, receiver));
    expect(candidates[0]?.applications).toContainEqual(expect.objectContaining({ remoteId: id, stage }));
  });
});
