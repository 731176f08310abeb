import { randomUUID } from 'node:crypto';
import { DiskFileStore, KeyRing, openHub } from '@talentbridge/hub';
import examplePlugin from '@talentbridge/plugin-example';
import { SIMULATED_API_KEY, startSimulator } from '@talentbridge/plugin-example/simulator';
import { PluginRegistry } from '@talentbridge/plugin-host';
import pg from 'pg';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { ARRIVALS_TASK } from '../../core/hub/dist/capabilities/system-connect/arrivals/arrivals-schema.js';
import { SeatsAtNetwork } from '../../core/hub/test/capabilities/system-connect/seats-at-network.ts';
import { freshDatabase } from '../support/postgres.ts';
import { until } from '../support/running-system.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';

const PATIENCE_MS = 40_000;

/** As when a notice of the network has come. */
async function noticed(url: string, organizationId: string, connectionId: string, requestId: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `insert into talentbridge.network_arrival (organization_id, id, connection_id, source, request_key)
     values ($1, gen_random_uuid(), $2, 'EXPORT', $3)`,
    [organizationId, connectionId, `export/${requestId}`],
  );
  await client.query('select talentbridge.add_job($1, $2, $3, null)', [
    ARRIVALS_TASK,
    JSON.stringify({ organizationId, id: connectionId }),
    `${ARRIVALS_TASK}:${connectionId}`,
  ]);
  await client.end();
}

it('RSC-3, RSC-4, RSC-5: who answers or is exported is in the ATS, in the mirror and known at the network, and is told of', async () => {
  const ats = await startSimulator();
  onTestFinished(() => ats.close());
  const network = new SeatsAtNetwork();
  const at = new Date(Date.now() - 60_000).toISOString();
  network.seat('seat-1').messages.push({
    remoteId: 'm-1',
    conversationId: 'talk-1',
    member: 'member-ada',
    author: { kind: 'member', member: 'member-ada' },
    authorName: { firstName: 'Ada', lastName: 'Okafor' },
    createdAt: at,
    isPublic: true,
    text: 'Yes, please.',
  });
  network.currentSeats = [
    { seatId: 'seat-1', contractId: 'contract-1', firstName: 'Rita', lastName: 'Moss', active: true },
  ];
  const databaseUrl = await freshDatabase();
  const hub = await openHub({
    databaseUrl,
    deployment: {
      brand: 'Brand',
      dummyEmailDomain: 'dummy.example',
      plugins: new PluginRegistry([network.plugin(), examplePlugin]),
      tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] } },
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: { 'api.example-ats.test': ats.url },
    },
    keys: KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`),
    files: new DiskFileStore(throwawayFolder()),
    logger: pino({ level: process.env['TB_LOG'] ?? 'silent' }),
  });
  onTestFinished(() => hub.close());
  await hub.startWorker();
  const scope = hub.scope({ organizationId: randomUUID(), userId: 'admin-1', roles: ['ADMIN'] });
  const connect = async (
    pluginId: string,
    capabilities: readonly ('export' | 'rediscovery' | 'systemConnect')[],
    credentials: object,
  ) => {
    const { id } = await hub.connections.create(scope, { pluginId, capabilities });
    await hub.connections.acknowledgeRequirements(scope, id);
    await hub.connections.submitCredentials(scope, {
      connectionId: id,
      credentials: { ...credentials },
      testTarget: { kind: 'prospect' },
    });
    await hub.connections.finish(scope, id);
    return id;
  };
  const atsConnectionId = await connect('example', ['export', 'rediscovery'], { apiKey: SIMULATED_API_KEY });
  const connectionId = await connect('network', ['systemConnect'], {});
  await until(
    () => hub.mirror.state(scope, atsConnectionId),
    ({ completeAt }) => completeAt !== null,
    PATIENCE_MS,
  );
  await hub.systemConnect.pair(scope, { connectionId, atsConnectionId });

  // The reply of Ada.
  const [arrival] = (
    await until(
      () => hub.systemConnect.arrivals(scope, connectionId, {}, { first: 10 }),
      ({ items }) => items.length > 0 && items[0]?.candidateId !== null,
      PATIENCE_MS,
    )
  ).items;
  expect(arrival).toMatchObject({ source: 'REPLY', state: 'ADDED', outcome: 'CREATED', unassigned: true });
  const made = ats.candidates.find(({ id }) => id === arrival?.candidateRemoteId);
  expect(made).toMatchObject({ first_name: 'Ada', last_name: 'Okafor' });
  const atNetwork = await until(
    () => network.of('candidate').find(({ remoteId }) => remoteId === arrival?.candidateRemoteId),
    (record) => record !== undefined,
    PATIENCE_MS,
  );
  expect(atNetwork?.value).toMatchObject({ member: 'member-ada' });

  // She is exported to a job: nobody new, and an application that recruiters hear of.
  network.exports.set('r-1', {
    person: { member: 'member-ada', firstName: 'Ada', lastName: 'Okafor' },
    jobRemoteId: 'job-1',
    exportedBy: 'seat-1',
    exportedAt: new Date().toISOString(),
  });
  const candidates = ats.candidates.length;
  await noticed(databaseUrl, scope.organizationId, connectionId, 'r-1');
  const [told] = await until(
    () => hub.systemConnect.newApplications(scope),
    (all) => all.length > 0,
    PATIENCE_MS,
  );
  expect(told).toMatchObject({
    candidateId: arrival?.candidateId,
    jobRemoteId: 'job-1',
    member: 'member-ada',
    messages: 1,
  });
  expect(ats.candidates).toHaveLength(candidates);
});
