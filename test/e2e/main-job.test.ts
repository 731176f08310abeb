import { randomUUID } from 'node:crypto';
import { SIMULATED_KEYS } from '@talentbridge/plugin-jobscore/simulator';
import {
  AcknowledgeRequirementsDocument,
  CatalogDocument,
  ContactRevealDocument,
  CreateConnectionDocument,
  ExportCandidatesDocument,
  ExportDocument,
  FinishConnectionDocument,
  JobsDocument,
  PreviewExportDocument,
  ProfilesDocument,
  ProjectsDocument,
  RevealContactsDocument,
  SubmitCredentialsDocument,
  VerifyConnectionDocument,
} from '@talentbridge/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemoSamples } from '../../gateway/dist/demo/demo-samples.js';
import { type RunningSystem, startSystem, startVendors, until, type Vendors } from '../support/running-system.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

const organizationId = randomUUID();

// The tour of the README, on its sample data, by the operations that front ends are given. The steps build on each other.
describe('the main job: connect JobScore, verify it, export real candidates', () => {
  let vendors: Vendors;
  let system: RunningSystem;
  let run: TypedClient;
  let connectionId: string;
  let jobId: string;
  let projects: ReadonlyMap<string, string>;

  beforeAll(async () => {
    vendors = await startVendors();
    system = await startSystem({ vendors });
    run = typedClient(system, { organizationId, roles: ['ADMIN', 'RECRUITER'] });
  });
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await vendors[Symbol.asyncDispose]();
  });

  async function exported(variables: {
    projectId?: string;
    profileIds?: string[];
    includePreviouslyExported?: boolean;
    prospect?: boolean;
  }) {
    const { prospect = false, ...rest } = variables;
    const { exportCandidates } = await run(ExportCandidatesDocument, {
      input: {
        connectionId,
        idempotencyKey: randomUUID(),
        generateDummyEmails: true,
        includePreviouslyExported: false,
        target: prospect ? { prospect: true } : { jobId },
        ...rest,
      },
    });
    const { export: ordered } = succeeded(exportCandidates, 'ExportOrdered');
    return until(
      async () => (await run(ExportDocument, { id: ordered.id, first: 100 })).export,
      (state) => state?.status === 'COMPLETE',
      60_000,
    );
  }

  it('DIR-1: imports the sample data, at least 200 profiles of varied shape', async () => {
    const counts = await loadDemoSamples(system.hub, organizationId, 'samples');
    expect(counts.profiles).toBeGreaterThanOrEqual(200);
    const { projects: page } = await run(ProjectsDocument, {});
    projects = new Map(page.nodes.map((project) => [project.key, project.id]));
    expect(page.nodes.find((project) => project.key === 'backend-hiring')?.candidateCount).toBe(100);
    expect(page.nodes.find((project) => project.key === 'prospects')?.candidateCount).toBe(20);
  });

  it('CON-1, CON-3: shows the catalog, and begins a connection with what has to be set up first', async () => {
    const { catalog } = await run(CatalogDocument, {});
    const jobscore = catalog.find((plugin) => plugin.id === 'jobscore');
    expect(jobscore?.credentials.fields.map((field) => field.name)).toContain('apiKey');
    expect(jobscore?.requirements.length).toBeGreaterThan(0);
    const { createConnection } = await run(CreateConnectionDocument, {
      input: { pluginId: 'jobscore', capabilities: ['EXPORT'] },
    });
    const connection = succeeded(createConnection, 'Connection');
    expect(connection).toMatchObject({ status: 'SETUP', setupStep: 'REQUIREMENTS' });
    connectionId = connection.id;
    const { acknowledgeRequirements } = await run(AcknowledgeRequirementsDocument, { connectionId });
    expect(succeeded(acknowledgeRequirements, 'Connection').setupStep).toBe('CREDENTIALS');
  });

  it('CON-5: verifies at once when credentials are submitted, and waits for the test candidate’s target', async () => {
    const { submitCredentials } = await run(SubmitCredentialsDocument, {
      input: { connectionId, credentials: [{ name: 'apiKey', value: SIMULATED_KEYS.user }] },
    });
    const { report } = succeeded(submitCredentials, 'ConnectionVerified');
    expect(report).toMatchObject({ allGood: true, complete: false });
    expect(report.checks.find((check) => check.id === 'export:test-candidate')?.status).toBe('SKIPPED');
    const { jobs } = await run(JobsDocument, { connectionId, search: 'backend' });
    expect(jobs.nodes).toMatchObject([{ title: 'Backend Engineer' }]);
    jobId = jobs.nodes[0]?.id ?? '';
  });

  it('CON-5: is "All Good" once the test candidate arrived, and Finish makes it connected', async () => {
    const { verifyConnection } = await run(VerifyConnectionDocument, {
      input: { connectionId, testTarget: { jobId } },
    });
    const { report, connection } = succeeded(verifyConnection, 'ConnectionVerified');
    expect(report).toMatchObject({
      allGood: true,
      complete: true,
      testCandidate: { name: 'Test Candidate', reused: false },
    });
    expect(connection.setupStep).toBe('FINISH');
    expect(vendors.jobscore.candidates()).toMatchObject([
      { first_name: 'Test', last_name: 'Candidate', id: report.testCandidate?.id, applications: [{ job_id: jobId }] },
    ]);
    const { finishConnection } = await run(FinishConnectionDocument, { connectionId });
    expect(succeeded(finishConnection, 'Connection').status).toBe('CONNECTED');
  });

  it('EXP-3: sends only contact data that was revealed', async () => {
    const projectId = projects.get('backend-hiring') ?? '';
    const { previewExport: before } = await run(PreviewExportDocument, {
      input: { connectionId, projectId, generateDummyEmails: false, includePreviouslyExported: false },
    });
    const refused = succeeded(before, 'ExportPreview').candidates.filter(
      (candidate) => candidate.expectation === 'REFUSE',
    );
    expect(refused.length).toBeGreaterThan(0);
    const { revealContacts } = await run(RevealContactsDocument, {
      input: { projectId, kinds: ['EMAIL', 'PHONE'], idempotencyKey: randomUUID() },
    });
    const { contactReveal: ordered } = succeeded(revealContacts, 'ContactRevealOrdered');
    const revealed = await until(
      async () => (await run(ContactRevealDocument, { id: ordered.id })).contactReveal,
      (state) => state?.status === 'COMPLETE',
    );
    expect(revealed).toMatchObject({ total: 100, done: 100, failed: 0, failures: [] });
    const { previewExport: after } = await run(PreviewExportDocument, {
      input: { connectionId, projectId, generateDummyEmails: false, includePreviouslyExported: false },
    });
    const stillRefused = succeeded(after, 'ExportPreview').candidates.filter(
      (candidate) => candidate.expectation === 'REFUSE',
    );
    expect(stillRefused.length).toBeLessThan(refused.length);
  });

  it('EXP-1, EXP-2, EXP-6: exports a project of 100 to a job', { timeout: 90_000 }, async () => {
    const projectId = projects.get('backend-hiring') ?? '';
    const { previewExport } = await run(PreviewExportDocument, {
      input: { connectionId, projectId, generateDummyEmails: true, includePreviouslyExported: false },
    });
    const previewed = succeeded(previewExport, 'ExportPreview').candidates;
    const complete = await exported({ projectId });
    expect(complete).toMatchObject({
      status: 'COMPLETE',
      message: 'Export Complete',
      counts: { total: 100, created: 100 },
    });
    // What arrived is what the preview said, for everybody.
    const arrived = new Map(vendors.jobscore.candidates().map((candidate) => [candidate.id, candidate]));
    for (const item of complete?.items.nodes ?? []) {
      const candidate = arrived.get(item.remoteId ?? '');
      const preview = previewed.find(({ profileId }) => profileId === item.profile?.id);
      expect(candidate).toMatchObject({
        first_name: preview?.record.firstName,
        last_name: preview?.record.lastName,
        source_detail: 'SeekOut',
      });
      if (!preview?.dummyEmail) expect(candidate?.email).toBe(preview?.record.emails[0]);
      else expect(candidate?.email).toMatch(/^no-email-(-?\d+)@seekout\.example\.com$/);
      expect(candidate?.applications).toMatchObject([{ job_id: jobId }]);
      expect(candidate?.documents).toHaveLength(1);
    }
  });

  it('EXP-2: exports 20 as prospects, without a job', async () => {
    const complete = await exported({ projectId: projects.get('prospects') ?? '', prospect: true });
    expect(complete?.counts).toMatchObject({ total: 20, created: 20 });
    const ids = new Set(complete?.items.nodes.map((item) => item.remoteId));
    const prospects = vendors.jobscore.candidates().filter((candidate) => ids.has(candidate.id));
    expect(prospects).toHaveLength(20);
    expect(prospects.flatMap((candidate) => candidate.applications)).toEqual([]);
  });

  it('EXP-5: skips everybody the second time, shows where they went, and sends them again when told to', async () => {
    const projectId = projects.get('prospects') ?? '';
    const before = vendors.jobscore.candidates().length;
    expect((await exported({ projectId, prospect: true }))?.counts).toMatchObject({ skipped: 20, created: 0 });
    expect(vendors.jobscore.candidates()).toHaveLength(before);
    const { profiles } = await run(ProfilesDocument, { projectId, first: 1 });
    expect(profiles.nodes[0]?.exportedTo).toMatchObject([
      { atsName: 'JobScore', url: expect.stringContaining('https://') },
    ]);
    expect((await exported({ projectId, prospect: true, includePreviouslyExported: true }))?.counts).toMatchObject({
      created: 20,
    });
    expect(vendors.jobscore.candidates()).toHaveLength(before + 20);
  });
});
