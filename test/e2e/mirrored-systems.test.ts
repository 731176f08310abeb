import { randomUUID } from 'node:crypto';
import {
  AcknowledgeRequirementsDocument,
  CandidatesDocument,
  CreateConnectionDocument,
  FinishConnectionDocument,
  MirrorDocument,
  MirroredCandidateDocument,
  StartSyncDocument,
  SubmitCredentialsDocument,
  SyncRunDocument,
} from '@talentbridge/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningSimulator, startSimulators } from '../../gateway/dist/demo/simulators.js';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { type RunningSystem, startSystem, until } from '../support/running-system.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

const organizationId = randomUUID();
const CANDIDATES = 40;

/** How each simulator is told to lose a candidate, and which run notices. */
const SYSTEMS = [
  { name: 'smartrecruiters', arguments: [], settings: [], churn: { remove: 1 }, noticedBy: 'FULL' },
  {
    name: 'jobdiva',
    arguments: ['--days', '60'],
    // What is older than this is not looked for: each window of two weeks costs calls of every list.
    settings: [
      { name: 'historyStart', value: new Date(Date.now() - 70 * 86_400_000).toISOString().slice(0, 10) },
      { name: 'windowDays', value: '14' },
    ],
    churn: { delete: 1 },
    noticedBy: 'CHANGES',
  },
] as const;

// Each vendor is simulated by a process of its own, with candidates of its own.
describe('RED-1, RED-2: a connection with Rediscovery mirrors what the ATS holds', () => {
  let simulators: ReadonlyMap<string, RunningSimulator>;
  let system: RunningSystem;
  let run: TypedClient;

  beforeAll(async () => {
    const started = await startSimulators(
      SYSTEMS.map(({ name, arguments: own }) => {
        const { package: plugin, host } = pluginSetUp(name);
        return { plugin, host, arguments: ['--rate', '0', '--candidates', String(CANDIDATES), '--seed', '7', ...own] };
      }),
    );
    simulators = new Map(started.map((simulator, index) => [SYSTEMS[index]?.name ?? '', simulator]));
    system = await startSystem({
      further: started.map(({ plugin, host, url }) => ({ package: plugin, host, url })),
      pace: { smartrecruiters: {}, jobdiva: {} },
    });
    run = typedClient(system, { organizationId, roles: ['ADMIN', 'RECRUITER'] });
  });
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    for (const simulator of simulators.values()) await simulator.stop();
  });

  it.each(SYSTEMS)('$name: the first load begins by itself; who is deleted there disappears here', async (one) => {
    const setUp = pluginSetUp(one.name);
    const { createConnection } = await run(CreateConnectionDocument, {
      input: { pluginId: setUp.pluginId, capabilities: ['REDISCOVERY'] },
    });
    const { id: connectionId } = succeeded(createConnection, 'Connection');
    await run(AcknowledgeRequirementsDocument, { connectionId });
    const credentials = Object.entries(setUp.credentials).map(([name, value]) => ({ name, value }));
    const { submitCredentials } = await run(SubmitCredentialsDocument, {
      input: { connectionId, credentials, settings: [...one.settings] },
    });
    expect(succeeded(submitCredentials, 'ConnectionVerified').report).toMatchObject({ allGood: true });
    const { finishConnection } = await run(FinishConnectionDocument, { connectionId });
    expect(succeeded(finishConnection, 'Connection').status).toBe('CONNECTED');

    const mirror = await until(
      async () => (await run(MirrorDocument, { connectionId })).mirror,
      (state) => state.completeAt !== null && state.currentRun === null,
      60_000,
    );
    expect(mirror.candidates).toBe(CANDIDATES);
    expect(mirror.jobs).toBeGreaterThan(0);
    expect(mirror.applications).toBeGreaterThan(0);

    const { candidates } = await run(CandidatesDocument, { connectionId, first: CANDIDATES });
    expect(candidates.nodes).toHaveLength(CANDIDATES);
    const applied = candidates.nodes.find(({ applications }) => applications.length > 0);
    const { mirroredCandidate } = await run(MirroredCandidateDocument, { id: applied?.id ?? '' });
    expect(mirroredCandidate?.applications[0]?.jobTitle).toEqual(expect.any(String));

    const churned = await fetch(`${simulators.get(one.name)?.url}/_sim/churn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(one.churn),
    });
    expect(churned.status).toBe(200);
    const { startSync } = await run(StartSyncDocument, { connectionId, kind: one.noticedBy });
    const { syncRun: started } = succeeded(startSync, 'SyncStarted');
    const ended = await until(
      async () => (await run(SyncRunDocument, { id: started.id })).syncRun,
      (state) => state?.status === 'COMPLETE',
      60_000,
    );
    expect(ended?.counts.candidates.deleted).toBe(1);
    expect((await run(MirrorDocument, { connectionId })).mirror.candidates).toBe(CANDIDATES - 1);
  });
});
