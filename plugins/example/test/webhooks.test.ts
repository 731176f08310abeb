import type { Delivery } from '@talentbridge/contracts';
import { CallbackReceiver, exportRequest, type PluginConnection, startConnection } from '@talentbridge/testkit';
import { expect, it } from 'vitest';
import { type ExampleSimulator, SIMULATED_API_KEY, startSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';

/** Example ATS with one webhook, and what arrives from it. `status` is what deliveries are answered with. */
async function listening(status: () => number = () => 202) {
  const stack = new AsyncDisposableStack();
  const simulator = stack.use(await startSimulator());
  const connection = stack.use(await startConnection(plugin, targetOf(simulator)));
  const { webhooks, ctx } = connection;
  const arrived: Delivery[] = [];
  const receiver = stack.use(
    await CallbackReceiver.start(async (delivery) => {
      const read = await webhooks.read(ctx, delivery);
      if (read.kind === 'handshake') return read.answer;
      arrived.push(delivery);
      return { status: status() };
    }),
  );
  const callbackUrl = receiver.urlWith(connection.conceal('webhook', receiver.token));
  const { remoteId } = await webhooks.subscribe(ctx, { callbackUrl });
  await webhooks.activate?.(ctx, remoteId);
  return { simulator, connection, arrived, remoteId, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function targetOf(simulator: ExampleSimulator) {
  return { hostOverrides: { 'api.example-ats.test': simulator.url }, credentials: { apiKey: SIMULATED_API_KEY } };
}

/** What the plugin makes of each delivery. */
async function readAll({ webhooks, ctx }: PluginConnection, deliveries: readonly Delivery[]) {
  const read = await Promise.all(deliveries.map((delivery) => webhooks.read(ctx, delivery)));
  return read.flatMap((each) => (each.kind === 'event' ? [each.event] : []));
}

it('RED-11: what the hub itself exports is told as well', async () => {
  await using world = await listening();
  const { connection, simulator, arrived } = world;
  const target = { kind: 'job', jobRemoteId: 'job-1' } as const;
  const { remoteId } = await connection.exporter.exportCandidate(connection.ctx, exportRequest({ target }));
  await simulator.webhooks.settled();
  const events = await readAll(connection, arrived);
  expect(events.map(({ name }) => name).toSorted()).toEqual(['application.created', 'candidate.created']);
  expect(events.flatMap(({ records }) => records)).toContainEqual({ kind: 'candidate', remoteId });
});

it('RED-11: two keys sign for an hour after one was replaced, and then the new one alone', async () => {
  await using world = await listening();
  const { connection, simulator, arrived, remoteId } = world;
  const signatures = async () => {
    simulator.webhooks.tell('job.updated', { job_id: 'job-1' });
    await simulator.webhooks.settled();
    const [last] = arrived.slice(-1);
    const read = last && (await connection.webhooks.read(connection.ctx, last));
    return read?.kind === 'event' ? read.signature?.given.length : undefined;
  };
  expect(await signatures()).toBe(1);
  await connection.webhooks.rotateSecret?.(connection.ctx, remoteId);
  expect(await signatures()).toBe(2);
  simulator.clock.advance(3_600_001);
  expect(await signatures()).toBe(1);
});

it('RED-11: what was not taken comes again, and a webhook that never takes anything is switched off', async () => {
  let status = 503;
  await using world = await listening(() => status);
  const { connection, simulator, arrived, remoteId } = world;
  const { webhooks, clock } = simulator;
  webhooks.tell('job.updated', { job_id: 'job-1' });
  await webhooks.settled();
  clock.advance(60_000);
  await webhooks.settled();
  expect(arrived).toHaveLength(2);
  const events = await readAll(connection, arrived);
  expect(new Set(events.map(({ id }) => id)).size, 'the same event').toBe(1);

  status = 202;
  clock.advance(300_000);
  await webhooks.settled();
  clock.advance(86_400_000);
  await webhooks.settled();
  expect(arrived, 'taken at the third try').toHaveLength(3);

  status = 503;
  webhooks.tell('job.updated', { job_id: 'job-2' });
  for (const wait of [0, 60_000, 300_000, 3_600_000]) {
    clock.advance(wait);
    await webhooks.settled();
  }
  expect(arrived).toHaveLength(7);
  expect(await connection.webhooks.list(connection.ctx)).toMatchObject([{ remoteId, intact: false }]);
});

it('RED-11: an event of another kind names nothing to read', async () => {
  await using simulator = await startSimulator();
  await using connection = await startConnection(plugin, targetOf(simulator));
  const { webhooks, ctx } = connection;
  for (const type of ['interview.created', 'candidate.merged', 'constructor.created', 'candidate']) {
    const event = { id: 'ev-1', type, created_at: '2026-01-01T00:00:00Z', data: { candidate_id: 'c-1' } };
    const delivery = { method: 'POST', query: {}, headers: {}, body: JSON.stringify(event) } as const;
    const read = await webhooks.read(ctx, delivery);
    expect(read, type).toMatchObject({ kind: 'event', event: { id: 'ev-1', records: [] }, signature: { given: [] } });
  }
});

it('RED-11: a callback address must be reached over HTTPS, except on this machine', async () => {
  await using simulator = await startSimulator();
  await using connection = await startConnection(plugin, targetOf(simulator));
  const { webhooks, ctx } = connection;
  const subscribing = webhooks.subscribe(ctx, { callbackUrl: 'http://hub.example/webhooks/1' });
  await expect(subscribing).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED', recovery: 'reconnect' });
  await webhooks.subscribe(ctx, { callbackUrl: 'https://hub.example/webhooks/1' });
});
