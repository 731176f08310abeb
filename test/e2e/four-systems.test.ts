import { randomUUID } from 'node:crypto';
import {
  AcknowledgeRequirementsDocument,
  CatalogDocument,
  CreateConnectionDocument,
  ExportCandidatesDocument,
  ExportDocument,
  ExportFieldsDocument,
  ExportPreflightDocument,
  FinishConnectionDocument,
  JobsDocument,
  ProfilesDocument,
  ProjectsDocument,
  RevealContactsDocument,
  SubmitCredentialsDocument,
} from '@talentbridge/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemoSamples } from '../../gateway/dist/demo/demo-samples.js';
import { type RunningSimulator, startSimulators } from '../../gateway/dist/demo/simulators.js';
import { type HeldCandidate, pluginSetUp } from '../support/plugin-set-up.ts';
import { type RunningSystem, startSystem, until } from '../support/running-system.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

const organizationId = randomUUID();
const FURTHER = ['icims', 'smartrecruiters', 'jobdiva'] as const;
const SYSTEMS = ['jobscore', ...FURTHER] as const;

// One project to every system of the product, each simulated by a process of its own with its limits switched on.
describe('EXP-1, EXP-10: one project is exported to all four systems', () => {
  let simulators: ReadonlyMap<string, RunningSimulator>;
  let system: RunningSystem;
  let run: TypedClient;
  let projectId: string;

  beforeAll(async () => {
    const started = await startSimulators(
      FURTHER.map((name) => {
        const { package: plugin, host } = pluginSetUp(name);
        return { plugin, hosts: [host], arguments: name === 'jobdiva' ? ['--rate', '0'] : [] };
      }),
    );
    simulators = new Map(started.map((simulator, index) => [FURTHER[index] ?? '', simulator]));
    system = await startSystem({
      further: started.flatMap(({ plugin, hosts, url }) => hosts.map((host) => ({ package: plugin, host, url }))),
    });
    run = typedClient(system, { organizationId, roles: ['ADMIN', 'RECRUITER'] });
    await loadDemoSamples(system.hub, organizationId, 'samples');
    const { projects } = await run(ProjectsDocument, {});
    projectId = projects.nodes.find(({ key }) => key === 'prospects')?.id ?? '';
    await run(RevealContactsDocument, {
      input: { projectId, kinds: ['EMAIL', 'PHONE'], idempotencyKey: randomUUID() },
    });
  });
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    for (const simulator of simulators.values()) await simulator.stop();
  });

  it.each(SYSTEMS)('%s: connects, verifies with a test candidate on a job, and takes everybody once', async (name) => {
    const setUp = pluginSetUp(name);
    const { createConnection } = await run(CreateConnectionDocument, {
      input: { pluginId: setUp.pluginId, capabilities: ['EXPORT'] },
    });
    const { id: connectionId } = succeeded(createConnection, 'Connection');
    // CON-9: iCIMS keeps a list of the addresses that may call it.
    const { catalog } = await run(CatalogDocument, {});
    const requirements = catalog.find(({ id }) => id === setUp.pluginId)?.requirements ?? [];
    const addresses = requirements.flatMap(({ outgoingAddresses }) => outgoingAddresses);
    expect(addresses).toEqual(name === 'icims' ? ['192.0.2.10'] : []);
    await run(AcknowledgeRequirementsDocument, { connectionId });
    const credentials = Object.entries(setUp.credentials).map(([field, value]) => ({ name: field, value }));
    await run(SubmitCredentialsDocument, { input: { connectionId, credentials } });
    const { jobs } = await run(JobsDocument, { connectionId, first: 1 });
    const jobId = jobs.nodes[0]?.id ?? '';
    const { submitCredentials } = await run(SubmitCredentialsDocument, {
      input: { connectionId, credentials, testTarget: { jobId } },
    });
    const { report } = succeeded(submitCredentials, 'ConnectionVerified');
    expect(report.checks.filter(({ status }) => status === 'FAILED')).toEqual([]);
    expect(report).toMatchObject({ allGood: true, complete: true });
    const { finishConnection } = await run(FinishConnectionDocument, { connectionId });
    expect(succeeded(finishConnection, 'Connection').status).toBe('CONNECTED');

    const { exportPreflight } = await run(ExportPreflightDocument, { connectionId });
    if (exportPreflight.source) expect(exportPreflight.source).toMatchObject({ name: 'SeekOut', present: true });
    const { exportFields } = await run(ExportFieldsDocument, { connectionId });
    expect(exportFields.map((field) => field.name)).toContain('EMAILS');

    const { exportCandidates } = await run(ExportCandidatesDocument, {
      input: {
        connectionId,
        projectId,
        target: { jobId },
        generateDummyEmails: true,
        includePreviouslyExported: false,
        idempotencyKey: randomUUID(),
      },
    });
    const { export: ordered } = succeeded(exportCandidates, 'ExportOrdered');
    const complete = await until(
      async () => (await run(ExportDocument, { id: ordered.id, first: 100 })).export,
      (state) => state?.status === 'COMPLETE',
      60_000,
    );
    expect(complete?.counts).toMatchObject({ total: 20, created: 20 });

    const held = await heldBy(name);
    const arrived = held.filter(({ applications }) => applications > 0);
    // Twenty, and the test candidate of the verification.
    expect(arrived.length).toBe(21);
    expect(new Set(arrived.map(({ email }) => email)).size).toBe(21);
    for (const { applications } of arrived) expect(applications).toBe(1);
    const placeholders = arrived.filter(({ email }) => /^no-email-(-?\d+)@seekout\.example\.com$/.test(email));
    expect(placeholders.length, 'EXP-4').toBeGreaterThan(1);
    // EXP-7: no résumé goes to iCIMS unless an admin turns it on.
    const withResume = arrived.filter(({ resumes }) => resumes > 0).length;
    expect(withResume).toBe(name === 'icims' ? 0 : 20);
  });

  it('EXP-5: a profile shows each system that it went to', async () => {
    const { profiles } = await run(ProfilesDocument, { projectId, first: 1 });
    const names = profiles.nodes[0]?.exportedTo.map(({ atsName }) => atsName);
    expect(names?.toSorted()).toEqual(['JobDiva', 'JobScore', 'SmartRecruiters', 'iCIMS']);
  });

  async function heldBy(name: (typeof SYSTEMS)[number]): Promise<readonly HeldCandidate[]> {
    const url = name === 'jobscore' ? system.vendors.jobscore.url : simulators.get(name)?.url;
    const { state } = (await (await fetch(`${url}/_sim/state`)).json()) as { readonly state: unknown };
    return pluginSetUp(name).heldBy(state);
  }
});
