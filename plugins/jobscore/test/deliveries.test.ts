import { describe, expect, it } from 'vitest';
import { type JobScoreSimulator, SIMULATED_KEYS, type SimulatedWebhook, startSimulator } from '../simulator/index.js';
import { Receiver } from './receiver.js';

// How the simulator delivers to webhooks (JobScore sheet §7).

const EVENTS = [
  'candidate_applied',
  'candidate_created',
  'candidate_updated',
  'candidate_deleted',
  'application_stage_changed',
  'job_added',
  'job_status_changed',
];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ADA = { first_name: 'Ada', last_name: 'Okafor', email: 'ada@home.example' };

async function call(simulator: JobScoreSimulator, method: string, path: string, json?: unknown): Promise<Response> {
  return fetch(`${simulator.url}${path}`, {
    method,
    headers: {
      authorization: `Token token=${SIMULATED_KEYS.user}`,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
}

function hook(simulator: JobScoreSimulator, receiver: Receiver, events: readonly string[] = EVENTS): SimulatedWebhook {
  return simulator.account().addWebhook(receiver.url, events, simulator.clock.iso());
}

function changeAJob(simulator: JobScoreSimulator): void {
  const [job] = simulator.account().jobs;
  simulator.account().changeJob(job?.id ?? '', job?.status === 'open' ? 'closed' : 'open', simulator.clock.iso());
}

describe('what is told', () => {
  it('RED-11: every change by the API, by users and by control routes', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator({ rate: 0 });
    const [job] = simulator.account().jobs;
    hook(simulator, receiver);
    const told = async (change: () => unknown): Promise<readonly string[]> => {
      const before = receiver.events.length;
      await change();
      await simulator.deliveries.settled();
      return receiver.events.slice(before).toSorted();
    };
    expect(await told(() => call(simulator, 'POST', '/v2/candidates', ADA))).toEqual(['candidate_created']);
    const [{ id = '' } = {}] = simulator.account().candidates;
    expect(await told(() => call(simulator, 'PATCH', `/v2/candidates/${id}`, { last_name: 'Lund' }))).toEqual([
      'candidate_updated',
    ]);
    const application = { candidate_id: id, job_id: job?.id };
    expect(await told(() => call(simulator, 'POST', '/v2/applications', application))).toEqual([
      'candidate_applied',
      'candidate_updated',
    ]);
    const [{ id: applicationId = '' } = {}] = simulator.account().folder(id).applications;
    const move = { status: 'active', stage: 'Interview' };
    expect(await told(() => call(simulator, 'POST', `/_sim/applications/${applicationId}`, move))).toEqual([
      'application_stage_changed',
      'candidate_updated',
    ]);
    const written = [
      [`/v2/candidates/${id}/notes`, { body: 'Keen.' }],
      [`/_sim/candidates/${id}/interviews`, { feedback: 'Clear answers.' }],
    ] as const;
    for (const [path, body] of written) {
      expect(await told(() => call(simulator, 'POST', path, body))).toEqual(['candidate_updated']);
    }
    expect(await told(() => call(simulator, 'POST', '/_sim/jobs', { title: 'Welder' }))).toEqual(['job_added']);
    expect(await told(() => call(simulator, 'POST', `/_sim/jobs/${job?.id}`, { status: 'on_hold' }))).toEqual([
      'job_status_changed',
    ]);
    expect(await told(() => call(simulator, 'POST', `/_sim/candidates/${id}/delete`))).toEqual(['candidate_deleted']);
    expect(await told(() => call(simulator, 'POST', '/_sim/churn', { additions: 2, jobs: 0 }))).toEqual([
      'candidate_created',
      'candidate_created',
    ]);
    expect(await told(() => call(simulator, 'POST', '/_sim/churn', { merges: 1, seed: 3 }))).toEqual([
      'candidate_deleted',
      'candidate_updated',
    ]);
  });

  it('RED-11: in the shape of the fact sheet, only what was asked for, of this account alone', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    hook(simulator, receiver, ['job_status_changed']);
    const [job] = simulator.account().jobs;
    simulator.account().addCandidate(ADA, simulator.clock.iso());
    const other = simulator.account('samplecorp');
    other.changeJob(other.jobs[0]?.id ?? '', 'closed', simulator.clock.iso());
    changeAJob(simulator);
    await simulator.deliveries.settled();
    expect(receiver.deliveries).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{22}$/),
        event_type: 'job_status_changed',
        created_on: expect.stringMatching(/Z$/),
        data: {
          job: { id: job?.id, status: 'closed', previous_status: 'open', x_undocumented: expect.anything() },
          x_undocumented: expect.anything(),
        },
        x_undocumented: expect.anything(),
      },
    ]);
  });

  it('RED-11: nothing to a webhook that was removed or disabled', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    const removed = hook(simulator, receiver);
    const disabled = hook(simulator, receiver);
    await call(simulator, 'POST', `/_sim/webhooks/${removed.id}/remove`);
    await call(simulator, 'POST', `/_sim/webhooks/${disabled.id}/disable`);
    changeAJob(simulator);
    await simulator.deliveries.settled();
    expect(receiver.events).toEqual([]);
    expect(await (await call(simulator, 'GET', '/v2/webhooks')).json()).toMatchObject({
      items: [{ id: disabled.id, enabled: false }],
    });
  });
});

describe('where it may be told', () => {
  it.each([
    ['https://hub.example/hooks/x', 201],
    ['http://127.0.0.1:4000/hooks/x', 201],
    ['http://localhost:4000/hooks/x', 201],
    ['http://[::1]:4000/hooks/x', 201],
    ['http://hub.example/hooks/x', 422],
    ['http://127.0.0.1.hub.example/hooks/x', 422],
    ['ftp://hub.example/hooks/x', 422],
    ['hub.example', 422],
  ])('at %s: %d', async (target_url, status) => {
    await using simulator = await startSimulator();
    const answer = await call(simulator, 'POST', '/v2/webhooks', { target_url, event_types: ['job_added'] });
    expect(answer.status).toBe(status);
  });

  it('refuses events that nobody knows', async () => {
    await using simulator = await startSimulator();
    const webhook = { target_url: 'https://hub.example/hooks/x', event_types: ['job_added', 'job_eaten'] };
    expect((await call(simulator, 'POST', '/v2/webhooks', webhook)).status).toBe(422);
  });
});

describe('what fails', () => {
  it('is tried again after a minute, then ever later, with the same body', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    hook(simulator, receiver);
    receiver.answers.push(500, 302, 404, 503);
    changeAJob(simulator);
    await simulator.deliveries.settled();
    for (const pause of [1, 5, 30, 120]) {
      const tries = receiver.bodies.length;
      simulator.clock.advance((pause - 0.5) * MINUTE);
      await simulator.deliveries.settled();
      expect(receiver.bodies, `before ${pause} min are over`).toHaveLength(tries);
      simulator.clock.advance(MINUTE);
      await simulator.deliveries.settled();
      expect(receiver.bodies, `when ${pause} min are over`).toHaveLength(tries + 1);
    }
    expect(new Set(receiver.bodies).size).toBe(1);
    expect(simulator.deliveries.counts()).toMatchObject({ delivered: 1, failed: 4, waiting: 0 });
  });

  it('is what is not answered within ten seconds', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    hook(simulator, receiver);
    receiver.answers.push('never');
    changeAJob(simulator);
    await receiver.arrived(1);
    simulator.clock.advance(5_000);
    expect(simulator.deliveries.counts()).toMatchObject({ failed: 0 });
    simulator.clock.advance(5_000);
    await simulator.deliveries.settled();
    expect(simulator.deliveries.counts()).toMatchObject({ failed: 1, waiting: 1 });
    simulator.clock.advance(2 * MINUTE);
    await simulator.deliveries.settled();
    expect(simulator.deliveries.counts()).toMatchObject({ delivered: 1, waiting: 0 });
  });

  it('disables the webhook after 60 days without a success', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    const webhook = hook(simulator, receiver);
    receiver.always = 503;
    changeAJob(simulator);
    await simulator.deliveries.settled();
    simulator.clock.advance(59 * DAY);
    await simulator.deliveries.settled();
    expect(webhook.enabled).toBe(true);
    simulator.clock.advance(2 * DAY);
    await simulator.deliveries.settled();
    expect(webhook.enabled).toBe(false);
    expect(simulator.deliveries.counts()).toMatchObject({ failed: 3, waiting: 0 });
  });

  it('counts the 60 days from the last success', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    const webhook = hook(simulator, receiver);
    receiver.answers.push(503, 200, 503, 503);
    changeAJob(simulator);
    await simulator.deliveries.settled();
    simulator.clock.advance(40 * DAY);
    await simulator.deliveries.settled();
    changeAJob(simulator);
    await simulator.deliveries.settled();
    simulator.clock.advance(40 * DAY);
    await simulator.deliveries.settled();
    expect(simulator.deliveries.counts()).toMatchObject({ delivered: 1, failed: 3 });
    expect(webhook.enabled).toBe(true);
  });

  it('with 410 disables it at once', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    const webhook = hook(simulator, receiver);
    receiver.answers.push(410);
    changeAJob(simulator);
    await simulator.deliveries.settled();
    changeAJob(simulator);
    await simulator.deliveries.settled();
    expect(webhook.enabled).toBe(false);
    expect(receiver.bodies).toHaveLength(1);
  });

  it('is not tried again once the webhook is removed', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    const webhook = hook(simulator, receiver);
    receiver.answers.push(503);
    changeAJob(simulator);
    await simulator.deliveries.settled();
    await call(simulator, 'DELETE', `/v2/webhooks/${webhook.id}`);
    simulator.clock.advance(DAY);
    await simulator.deliveries.settled();
    expect(receiver.bodies).toHaveLength(1);
  });
});

describe('mishaps on the way', () => {
  it('RED-11: loses the next ones, when it is told to', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    hook(simulator, receiver);
    await call(simulator, 'POST', '/_sim/deliveries', { lose: 2 });
    for (let count = 0; count < 3; count += 1) changeAJob(simulator);
    await simulator.deliveries.settled();
    expect(receiver.bodies).toHaveLength(1);
    expect(await (await call(simulator, 'GET', '/_sim/deliveries')).json()).toMatchObject({ lost: 2, delivered: 1 });
  });

  it('RED-11: doubles the next one, with the same id', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    hook(simulator, receiver);
    await call(simulator, 'POST', '/_sim/deliveries', { double: 1 });
    for (let count = 0; count < 2; count += 1) changeAJob(simulator);
    await simulator.deliveries.settled();
    expect(receiver.bodies).toHaveLength(3);
    expect(new Set(receiver.deliveries.map(({ id }) => id)).size).toBe(2);
  });

  it('RED-11: turns the order of the next ones around', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    hook(simulator, receiver);
    await call(simulator, 'POST', '/_sim/deliveries', { reorder: 4 });
    const titles = ['first', 'second', 'third', 'fourth'];
    for (const title of titles) simulator.account().addJob({ title }, simulator.clock.iso());
    await simulator.deliveries.settled();
    expect(receiver.deliveries.map(({ data }) => data)).toMatchObject(
      titles.toReversed().map((title) => ({ job: { title } })),
    );
  });

  it('RED-11: delivers the newest event once more', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    const { id } = hook(simulator, receiver);
    changeAJob(simulator);
    await call(simulator, 'POST', `/_sim/webhooks/${id}/deliver-again`);
    await simulator.deliveries.settled();
    expect(receiver.bodies).toHaveLength(2);
    expect(new Set(receiver.bodies).size).toBe(1);
  });
});

describe('traffic', () => {
  it.each([0, 50])('RED-11: sends so many events a second, of %d candidates', async (candidates) => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator({ candidates });
    hook(simulator, receiver);
    const answer = await call(simulator, 'POST', '/_sim/traffic', { perSecond: 500, seconds: 0.2 });
    expect(await answer.json()).toEqual({ events: 100 });
    await receiver.arrived(100);
    await simulator.deliveries.settled();
    expect(simulator.deliveries.counts()).toMatchObject({ delivered: 100, failed: 0 });
    expect(new Set(receiver.events)).toEqual(new Set([candidates === 0 ? 'job_status_changed' : 'candidate_updated']));
  });

  it('stops when it is told to, and with a reset', async () => {
    await using receiver = await Receiver.start();
    await using simulator = await startSimulator();
    hook(simulator, receiver);
    await call(simulator, 'POST', '/_sim/traffic', { perSecond: 100, seconds: 60 });
    await receiver.arrived(1);
    await call(simulator, 'DELETE', '/_sim/traffic');
    await simulator.deliveries.settled();
    const { delivered } = simulator.deliveries.counts();
    expect(delivered).toBeLessThan(1000);
    simulator.reset();
    expect(simulator.deliveries.counts()).toMatchObject({ delivered: 0, waiting: 0 });
  });
});

it('a reset forgets what is under way and what waits', async () => {
  await using receiver = await Receiver.start();
  await using simulator = await startSimulator();
  hook(simulator, receiver);
  receiver.answers.push(503, 'never');
  changeAJob(simulator);
  await simulator.deliveries.settled();
  changeAJob(simulator);
  await receiver.arrived(2);
  simulator.reset();
  await simulator.deliveries.settled();
  simulator.clock.advance(DAY);
  await simulator.deliveries.settled();
  expect(receiver.bodies).toHaveLength(2);
  expect(simulator.account().webhooks).toEqual([]);
});

it('a reset lets nothing go out any more that was held back', async () => {
  await using receiver = await Receiver.start();
  await using simulator = await startSimulator();
  hook(simulator, receiver);
  receiver.answers.push('never');
  simulator.deliveries.misbehave({ reorder: 3 });
  for (let count = 0; count < 3; count += 1) changeAJob(simulator);
  await receiver.arrived(1);
  const settled = simulator.deliveries.settled();
  simulator.reset();
  await settled;
  await simulator.deliveries.settled();
  expect(receiver.bodies).toHaveLength(1);
});
