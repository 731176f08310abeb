import { randomUUID } from 'node:crypto';
import { SIMULATED_TOKENS } from '@talentbridge/plugin-smartrecruiters/simulator';
import {
  AcknowledgeRequirementsDocument,
  CandidatesDocument,
  ConnectionWebhooksDocument,
  CreateConnectionDocument,
  FinishConnectionDocument,
  MirrorDocument,
  MirroredCandidateDocument,
  MirroredJobsDocument,
  RemoveConnectionDocument,
  StartSyncDocument,
  SubmitCredentialsDocument,
  SyncRunDocument,
  SyncRunsDocument,
} from '@talentbridge/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulators } from '../../gateway/dist/demo/simulators.js';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { type RunningSystem, startSystem, startVendors, until } from '../support/running-system.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

const organizationId = randomUUID();
const CANDIDATES = 40;

interface MirroredSystem {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** Deletes a candidate at the simulator, as a user of the ATS would. */
  readonly deletion: (remoteId: string) => VendorAct;
  /** Closes a job there. Absent: the ATS tells nothing by itself, and is asked. */
  readonly closing?: (remoteId: string) => VendorAct;
}

interface VendorAct {
  readonly method?: 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const SYSTEMS: readonly MirroredSystem[] = [
  {
    name: 'smartrecruiters',
    arguments: [],
    settings: [],
    deletion: (id) => ({
      method: 'DELETE',
      path: `/candidates/${id}`,
      headers: { 'x-smarttoken': SIMULATED_TOKENS.full },
    }),
    closing: (id) => ({ path: '/_sim/jobs', body: { id, status: 'FILLED' } }),
  },
  {
    name: 'jobscore',
    arguments: [],
    settings: [],
    deletion: (id) => ({ path: `/_sim/candidates/${id}/delete`, body: {} }),
    closing: (id) => ({ path: `/_sim/jobs/${id}`, body: { status: 'filled' } }),
  },
  {
    name: 'jobdiva',
    arguments: ['--days', '60'],
    // What is older than this is not looked for: each window of two weeks costs calls of every list.
    settings: [
      { name: 'historyStart', value: new Date(Date.now() - 70 * 86_400_000).toISOString().slice(0, 10) },
      { name: 'windowDays', value: '14' },
    ],
    deletion: () => ({ path: '/_sim/churn', body: { delete: 1 } }),
  },
  {
    name: 'icims',
    arguments: [],
    settings: [],
    // Deleted people lie in the Purge folder, which a run of changes tells.
    deletion: () => ({ path: '/_sim/churn', body: { purge: 1 } }),
  },
];

// Each vendor is simulated by a process of its own, with candidates of its own.
describe('RED-1, RED-2: a connection with Rediscovery mirrors what the ATS holds', () => {
  let urls: ReadonlyMap<string, string>;
  let stopSimulators: () => Promise<void>;
  let system: RunningSystem;
  let run: TypedClient;

  beforeAll(async () => {
    const started = await startSimulators(
      SYSTEMS.filter(({ name }) => name !== 'jobscore').map(({ name, arguments: own }) => {
        const { package: plugin, host } = pluginSetUp(name);
        return {
          plugin,
          hosts: [host],
          arguments: ['--rate', '0', '--candidates', String(CANDIDATES), '--seed', '7', ...own],
        };
      }),
    );
    stopSimulators = async () => {
      for (const simulator of started) await simulator.stop();
    };
    // Every system has JobScore, simulated in this process.
    const vendors = await startVendors({ candidates: CANDIDATES, seed: 7 });
    urls = new Map([
      ...started.map(({ plugin, url }) => [plugin.replace(/.*plugin-/, ''), url] as const),
      ['jobscore', vendors.jobscore.url],
    ]);
    system = await startSystem({
      vendors,
      further: started.flatMap(({ plugin, hosts, url }) => hosts.map((host) => ({ package: plugin, host, url }))),
      pace: { smartrecruiters: {}, jobdiva: {}, jobscore: {}, icims: {} },
    });
    run = typedClient(system, { organizationId, roles: ['ADMIN', 'RECRUITER'] });
  });
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await stopSimulators();
  });

  it.each(SYSTEMS)('$name: the first load begins by itself; who is deleted there disappears here', async (one) => {
    const connectionId = await connect(one);
    const mirror = await until(
      () => mirrorOf(connectionId),
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

    if (one.closing)
      await until(
        () => webhooksOf(connectionId),
        ({ status }) => status === 'ACTIVE',
        60_000,
      );
    await act(one, one.deletion(mirroredCandidate?.remoteId ?? ''));
    if (!one.closing) await sync(connectionId);
    await until(
      async () => (await mirrorOf(connectionId)).candidates,
      (count) => count === CANDIDATES - 1,
      60_000,
    );
  });

  it.each(SYSTEMS.flatMap(({ closing, ...one }) => (closing ? [{ ...one, closing }] : [])))(
    'RED-11: $name tells at once what changes; its webhooks go when the connection goes',
    async (one) => {
      const connectionId = await connect(one);
      const { events } = await until(
        () => webhooksOf(connectionId),
        ({ status }) => status === 'ACTIVE',
        60_000,
      );
      expect(events.length).toBeGreaterThan(0);
      await until(
        () => mirrorOf(connectionId),
        (state) => state.completeAt !== null && state.currentRun === null,
        60_000,
      );
      expect(await subscriptionsAt(one)).toBeGreaterThan(0);
      const runs = await runsOf(connectionId);

      const job = (await run(MirroredJobsDocument, { connectionId, openOnly: true })).mirroredJobs.nodes[0];
      await act(one, one.closing(job?.remoteId ?? ''));
      await until(
        async () => (await run(MirroredJobsDocument, { connectionId, openOnly: true, first: 100 })).mirroredJobs.nodes,
        (open) => open.every(({ id }) => id !== job?.id),
        60_000,
      );
      expect(await runsOf(connectionId), 'no run was needed').toEqual(runs);

      const before = await subscriptionsAt(one);
      succeeded((await run(RemoveConnectionDocument, { connectionId })).removeConnection, 'Connection');
      await until(
        () => subscriptionsAt(one),
        (count) => count === before - 1,
        60_000,
      );
    },
  );

  /** Connects one of the systems, for Rediscovery. @returns The connection's id. */
  async function connect(one: MirroredSystem): Promise<string> {
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
    return connectionId;
  }

  async function mirrorOf(connectionId: string) {
    return (await run(MirrorDocument, { connectionId })).mirror;
  }

  async function runsOf(connectionId: string): Promise<readonly string[]> {
    const { syncRuns } = await run(SyncRunsDocument, { connectionId });
    return syncRuns.nodes.filter(({ startedAt }) => startedAt !== null).map(({ id }) => id);
  }

  async function webhooksOf(connectionId: string) {
    const webhooks = (await run(ConnectionWebhooksDocument, { id: connectionId })).connection?.webhooks;
    if (!webhooks) throw new Error('The connection shows no webhooks.');
    return webhooks;
  }

  async function sync(connectionId: string): Promise<void> {
    const { startSync } = await run(StartSyncDocument, { connectionId, kind: 'CHANGES' });
    const { syncRun } = succeeded(startSync, 'SyncStarted');
    await until(
      async () => (await run(SyncRunDocument, { id: syncRun.id })).syncRun,
      (state) => state?.status === 'COMPLETE',
      60_000,
    );
  }

  async function act(one: MirroredSystem, { method = 'POST', path, headers, body }: VendorAct) {
    const answer = await fetch(`${urls.get(one.name)}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}`).toBe(true);
  }

  async function subscriptionsAt(one: MirroredSystem): Promise<number> {
    const answer = await fetch(`${urls.get(one.name)}/_sim/state`);
    const { state } = (await answer.json()) as { readonly state: { readonly webhooks: readonly unknown[] } };
    return state.webhooks.length;
  }
});
