import { randomUUID } from 'node:crypto';
import type { MirroredCandidate } from '@talentbridge/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../../test/support/running-system.ts';
import { webUrl } from '../src/validation/web-url.js';
import { ERRORS, type ExportWorld, startExportWorld, type TestOrganization } from './support/export-world.js';

let world: ExportWorld;

beforeAll(async () => {
  world = await startExportWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const COUNTS = 'read written unchanged deleted refused';
const RUN = `id kind trigger status statusReason requestedBy createdAt startedAt finishedAt progressAt pages requests rateLimit { usedPerSecond allowedPerSecond quota { limit left resetsAt } } share remainingSeconds
  counts { candidates { ${COUNTS} } jobs { ${COUNTS} } applications { ${COUNTS} } }
  pendingDeletions { candidates jobs applications ofCandidates ofJobs } connection { id name }`;
const RUNS = `query ($id: ID!, $first: Int = 20, $after: String) { syncRuns(connectionId: $id, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { ${RUN} } } }`;
const ONE_RUN = `query ($id: ID!) { syncRun(id: $id) { ${RUN}
  issues(first: 5) { totalCount pageInfo { hasNextPage } nodes { id kind remoteId reason at } } } }`;
const STATE = `query ($id: ID!) { mirror(connectionId: $id) {
  connectionId candidates jobs applications completeAt fullAt nextDueAt currentRun { id status } } }`;
const LIST = `query ($id: ID!, $first: Int = 20, $after: String) { candidates(connectionId: $id, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { id remoteId firstName lastName remoteUpdatedAt connection { id } applications { id } attachments { id } } } }`;
const CANDIDATE = `query ($id: ID!) { mirroredCandidate(id: $id) {
  id remoteId firstName lastName emails phones { number type } address { city country } socialUrls { network url }
  workExperience { employer title startDate endDate current } education { school degree major graduationDate } tags source
  remoteUrl remoteCreatedAt remoteUpdatedAt updatedAt connection { id plugin { displayName } }
  applications { id remoteId jobId jobRemoteId jobTitle status statusLabel subStatus stage rejectionReason withdrawalReason source
    recruiter { remoteId name } appliedAt remoteUpdatedAt }
  attachments { id remoteId filename kind contentType size remoteUpdatedAt } } }`;
const MIRRORED_JOBS = `query ($id: ID!, $search: String, $openOnly: Boolean) {
  mirroredJobs(connectionId: $id, search: $search, openOnly: $openOnly) {
    totalCount nodes { id remoteId title code open statusLabel department remoteUrl updatedAt } } }`;
const JOBS = `query ($id: ID!, $first: Int = 20, $after: String) { jobs(connectionId: $id, first: $first, after: $after) {
  source totalCount pageInfo { hasNextPage endCursor } nodes { id title } } }`;
const START = `mutation ($id: ID!, $kind: SyncKind) { startSync(connectionId: $id, kind: $kind) {
  ${ERRORS} ... on SyncStarted { syncRun { ${RUN} } } } }`;
const CANCEL = `mutation ($id: ID!) { cancelSync(runId: $id) { ${ERRORS} ... on SyncCancelled { syncRun { ${RUN} } } } }`;
const APPROVE = `mutation ($id: ID!, $approve: Boolean!) { approveDeletions(runId: $id, approve: $approve) {
  ${ERRORS} ... on DeletionsDecided { syncRun { ${RUN} } } } }`;
const ERASE = `mutation ($id: ID!) { eraseCandidate(id: $id) {
  ${ERRORS} ... on CandidateErased { certificate { id erasedAt pseudonym removed { table rows } pending } } } }`;
const CERTIFICATE = `query ($id: ID!) { erasureCertificate(id: $id) { id erasedAt pseudonym removed { table rows } pending } }`;
const PROGRESS = `subscription ($id: ID!, $run: ID) { syncProgress(connectionId: $id, runId: $run) {
  id status share counts { candidates { read } } } }`;
const SWITCH = `mutation ($enabled: Boolean!) { setCapability(input: { pluginId: "acme", capability: REDISCOVERY, enabled: $enabled }) {
  ${ERRORS} } }`;

const MIRRORING = ['EXPORT', 'REDISCOVERY'] as const;

/** People of whom number 0 was updated last. */
function people(count: number): MirroredCandidate[] {
  return Array.from({ length: count }, (_, index) => ({
    remoteId: `person-${index}`,
    firstName: `First${index}`,
    lastName: `Last${index}`,
    emails: [`person${index}@mail.example`],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [],
    tags: [],
    updatedAt: new Date(Date.UTC(2026, 0, 31) - index * 60_000).toISOString(),
    applications: [
      {
        remoteId: `application-${index}`,
        candidateRemoteId: `person-${index}`,
        jobRemoteId: 'job-1',
        status: 'active',
      },
    ],
    attachments: [{ remoteId: `file-${index}`, filename: 'resume.pdf', kind: 'resume' }],
  }));
}

/** An organization whose ATS holds these people, read to the end. */
async function mirroring(held: MirroredCandidate[]): Promise<TestOrganization> {
  const org = await world.organization({
    capabilities: MIRRORING,
    prepare: (acme) => {
      acme.people = held;
    },
  });
  await org.follow(PROGRESS, { id: org.connectionId });
  return org;
}

/** Starts a run and answers its id once it has ended, or asks. */
async function synced(org: TestOrganization, kind: 'FULL' | 'CHANGES'): Promise<string> {
  const { data } = await org.ask(START, { id: org.connectionId, kind }, 'ADMIN');
  const { id } = data.startSync.syncRun;
  await until(
    () => org.ask(ONE_RUN, { id }),
    ({ data: now }) => !['QUEUED', 'RUNNING'].includes(now.syncRun.status),
    30_000,
  );
  return id;
}

async function idOf(org: TestOrganization, remoteId: string): Promise<string> {
  const { data } = await org.ask(LIST, { id: org.connectionId, first: 100 });
  return data.candidates.nodes.find((node: { remoteId: string }) => node.remoteId === remoteId).id;
}

describe('RED-1: the first load', () => {
  it('begins by itself after verification and is followed from its first page to its end', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    let calls = 0;
    const org = await world.organization({
      capabilities: MIRRORING,
      prepare: (acme) => {
        acme.people = people(35);
        // The first is the verification's.
        acme.beforeListing = async () => {
          calls += 1;
          if (calls === 1) return;
          begin();
          await held;
        };
      },
    });

    const following = org.follow(PROGRESS, { id: org.connectionId });
    await begun;
    const { data: before } = await org.ask(STATE, { id: org.connectionId });
    expect(before.mirror).toMatchObject({ candidates: 0, completeAt: null, currentRun: { id: expect.any(String) } });
    const { data: live } = await org.ask(JOBS, { id: org.connectionId });
    expect(live.jobs).toMatchObject({ source: 'LIVE', totalCount: 3 });
    release();
    const events = (await following).map(({ data }) => data.syncProgress).filter((run) => run !== null);

    expect(new Set(events.map(({ id }) => id))).toEqual(new Set([before.mirror.currentRun.id]));
    expect(events.at(-1)).toMatchObject({ status: 'COMPLETE', share: 1, counts: { candidates: { read: 35 } } });
    const { data } = await org.ask(STATE, { id: org.connectionId });
    expect(data.mirror).toEqual({
      connectionId: org.connectionId,
      candidates: 35,
      jobs: 3,
      applications: 35,
      completeAt: expect.any(String),
      fullAt: expect.any(String),
      nextDueAt: expect.any(String),
      currentRun: null,
    });
    const { data: run } = await org.ask(ONE_RUN, { id: before.mirror.currentRun.id });
    expect(run.syncRun).toMatchObject({
      kind: 'FULL',
      trigger: 'FIRST_LOAD',
      requestedBy: 'system',
      pages: 4,
      remainingSeconds: null,
      counts: { candidates: { read: 35, written: 35, unchanged: 0, deleted: 0, refused: 0 }, jobs: { read: 3 } },
      pendingDeletions: null,
      connection: { id: org.connectionId, name: 'Acme of tests' },
      issues: { totalCount: 0, nodes: [] },
    });
    expect(run.syncRun.requests).toBeGreaterThanOrEqual(5);
    expect(run.syncRun.rateLimit).toMatchObject({ allowedPerSecond: null, quota: null });
  });

  it('names the records that could not be used, by page, without any value of them', async () => {
    const org = await mirroring([
      ...people(2),
      ...people(7).map((one, index) => ({ ...one, remoteId: 'x'.repeat(600 + index), lastName: 'Unmentionable' })),
    ]);
    const { data: runs } = await org.ask(RUNS, { id: org.connectionId });
    const { data, errors } = await org.ask(ONE_RUN, { id: runs.syncRuns.nodes[0].id });
    expect(errors).toBeUndefined();
    expect(data.syncRun.counts.candidates).toMatchObject({ read: 9, written: 2, refused: 7 });
    expect(data.syncRun.issues).toMatchObject({ totalCount: 7, pageInfo: { hasNextPage: true } });
    expect(data.syncRun.issues.nodes).toHaveLength(5);
    expect(data.syncRun.issues.nodes[0]).toMatchObject({
      kind: 'CANDIDATE',
      remoteId: null,
      reason: expect.stringContaining('remoteId'),
    });
    expect(JSON.stringify(data)).not.toContain('Unmentionable');
  });
});

describe('RED-8: what the ATS holds', () => {
  it('shows a candidate with everything that the ATS tells, and both clocks', async () => {
    const [person] = people(1);
    const org = await mirroring([
      {
        ...(person as MirroredCandidate),
        phones: [{ number: '+4915112345678', type: 'mobile' }],
        address: { city: 'Kiel', country: 'DE' },
        socialUrls: [
          { network: 'linkedin', url: 'https://www.linkedin.com/in/first' },
          { network: 'website', url: 'javascript:alert(1)' },
        ],
        workExperience: [{ employer: 'Yard', title: 'Welder', startDate: '2020-03', current: true }],
        education: [{ school: 'Kiel', degree: 'MSc', major: 'Steel', graduationDate: '2019' }],
        tags: ['welding'],
        source: 'Referral',
        remoteUrl: 'https://acme.test/candidates/person-0',
        createdAt: '2025-05-05T05:05:05.000Z',
        updatedAt: '2026-01-02T03:04:05.000Z',
        applications: [
          {
            remoteId: 'application-old',
            candidateRemoteId: 'person-0',
            jobRemoteId: 'job-hidden',
            jobTitle: 'Old title',
            status: 'rejected',
            rejectionReason: 'Too far away',
            updatedAt: '2024-01-01T00:00:00.000Z',
          },
          {
            remoteId: 'application-new',
            candidateRemoteId: 'person-0',
            jobRemoteId: 'job-1',
            jobTitle: 'Another title',
            status: 'active',
            statusLabel: 'In process',
            subStatus: 'Waiting',
            stage: 'Interview',
            source: 'Job board',
            recruiter: { remoteId: 'r-1', name: 'Rita Recruiter' },
            appliedAt: '2025-12-01T00:00:00.000Z',
            updatedAt: '2026-01-01T00:00:00.000Z',
          },
        ],
        attachments: [
          {
            remoteId: 'file-1',
            filename: 'letter.pdf',
            kind: 'coverLetter',
            contentType: 'application/pdf',
            size: 5_000_000_000,
            updatedAt: '2025-12-02T00:00:00.000Z',
          },
        ],
      },
    ]);
    const { data, errors } = await org.ask(CANDIDATE, { id: await idOf(org, 'person-0') });
    expect(errors).toBeUndefined();
    expect(data.mirroredCandidate).toEqual({
      id: expect.any(String),
      remoteId: 'person-0',
      firstName: 'First0',
      lastName: 'Last0',
      emails: ['person0@mail.example'],
      phones: [{ number: '+4915112345678', type: 'MOBILE' }],
      address: { city: 'Kiel', country: 'DE' },
      socialUrls: [{ network: 'LINKEDIN', url: 'https://www.linkedin.com/in/first' }],
      workExperience: [{ employer: 'Yard', title: 'Welder', startDate: '2020-03', endDate: null, current: true }],
      education: [{ school: 'Kiel', degree: 'MSc', major: 'Steel', graduationDate: '2019' }],
      tags: ['welding'],
      source: 'Referral',
      remoteUrl: 'https://acme.test/candidates/person-0',
      remoteCreatedAt: '2025-05-05T05:05:05.000Z',
      remoteUpdatedAt: '2026-01-02T03:04:05.000Z',
      updatedAt: expect.any(String),
      connection: { id: org.connectionId, plugin: { displayName: 'Acme ATS' } },
      applications: [
        {
          id: expect.any(String),
          remoteId: 'application-new',
          jobId: expect.any(String),
          jobRemoteId: 'job-1',
          jobTitle: 'Welder',
          status: 'ACTIVE',
          statusLabel: 'In process',
          subStatus: 'Waiting',
          stage: 'Interview',
          rejectionReason: null,
          withdrawalReason: null,
          source: 'Job board',
          recruiter: { remoteId: 'r-1', name: 'Rita Recruiter' },
          appliedAt: '2025-12-01T00:00:00.000Z',
          remoteUpdatedAt: '2026-01-01T00:00:00.000Z',
        },
        expect.objectContaining({
          remoteId: 'application-old',
          jobId: null,
          jobTitle: 'Old title',
          status: 'REJECTED',
          rejectionReason: 'Too far away',
          recruiter: null,
        }),
      ],
      attachments: [
        {
          id: expect.any(String),
          remoteId: 'file-1',
          filename: 'letter.pdf',
          kind: 'COVER_LETTER',
          contentType: 'application/pdf',
          size: 5_000_000_000,
          remoteUpdatedAt: '2025-12-02T00:00:00.000Z',
        },
      ],
    });
    expect(new Date(data.mirroredCandidate.updatedAt).getFullYear()).toBeGreaterThanOrEqual(2026);
  });

  it('lists candidates newest updated first, page by page, and asks once for all that belongs to a page', async () => {
    const org = await mirroring(people(25));
    const asked = [
      vi.spyOn(world.hub.mirror, 'applicationsOf'),
      vi.spyOn(world.hub.mirror, 'attachmentsOf'),
      vi.spyOn(world.hub.connections, 'manyForHistory'),
    ];
    const { data: first } = await org.ask(LIST, { id: org.connectionId });
    for (const spy of asked) {
      expect(spy).toHaveBeenCalledTimes(1);
      spy.mockRestore();
    }
    const { endCursor: after, ...pageInfo } = first.candidates.pageInfo;
    const { data: second } = await org.ask(LIST, { id: org.connectionId, after });
    expect(pageInfo).toEqual({ hasNextPage: true });
    expect(first.candidates.totalCount).toBe(25);
    const seen = [...first.candidates.nodes, ...second.candidates.nodes];
    expect(seen.map(({ remoteId }) => remoteId)).toEqual(people(25).map(({ remoteId }) => remoteId));
    expect(seen.every(({ applications, attachments }) => applications.length + attachments.length === 2)).toBe(true);
    expect(new Set(seen.map(({ connection }) => connection.id))).toEqual(new Set([org.connectionId]));
  });

  it('answers null for who is not there, and names an argument that is no id', async () => {
    const org = await mirroring([]);
    expect((await org.ask(CANDIDATE, { id: randomUUID() })).data).toEqual({ mirroredCandidate: null });
    expect((await org.ask(ONE_RUN, { id: randomUUID() })).data).toEqual({ syncRun: null });
    const { errors } = await org.ask(CANDIDATE, { id: 'person-0' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'id' });
    const { errors: cursor } = await org.ask(LIST, { id: org.connectionId, after: 'bm9uZQ' });
    expect(cursor?.[0]?.extensions.code).toBe('INVALID_INPUT');
  });

  it('shows links that are followed on the web and nothing that would run', () => {
    expect(webUrl('https://acme.test/1')).toBe('https://acme.test/1');
    expect(webUrl('linkedin.com/in/somebody')).toBe('linkedin.com/in/somebody');
    expect(webUrl(undefined)).toBeUndefined();
    for (const bad of [
      'javascript:alert(1)',
      ' java\nscript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///x',
    ]) {
      expect(webUrl(bad)).toBeUndefined();
    }
  });
});

describe('RED-8 and RED-11: jobs', () => {
  it('come from the mirror where it is complete, one list following the other in the middle', async () => {
    const org = await mirroring([]);
    const { data } = await org.ask(JOBS, { id: org.connectionId, first: 1 });
    expect(data.jobs).toMatchObject({
      source: 'MIRROR',
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      nodes: [{ id: 'job-2', title: 'Night Nurse' }],
    });
    await org.ask(SWITCH, { enabled: false }, 'ADMIN');
    const { data: rest } = await org.ask(JOBS, { id: org.connectionId, after: data.jobs.pageInfo.endCursor });
    expect(rest.jobs).toMatchObject({ source: 'LIVE', nodes: [{ id: 'job-3' }, { id: 'job-1' }] });
  });

  it('are mirrored open or not, and a job that is closed there is closed here', async () => {
    const org = await mirroring([]);
    const [welder] = org.acme.jobs;
    if (welder) welder.open = false;
    await synced(org, 'CHANGES');
    const { data } = await org.ask(MIRRORED_JOBS, { id: org.connectionId, search: 'WELDER' });
    expect(data.mirroredJobs.totalCount).toBe(2);
    expect(data.mirroredJobs.nodes.find(({ remoteId }: { remoteId: string }) => remoteId === 'job-1')).toEqual({
      id: expect.any(String),
      remoteId: 'job-1',
      title: 'Welder',
      code: 'R-1',
      open: false,
      statusLabel: 'Live',
      department: 'Yard',
      remoteUrl: 'https://acme.test/jobs/job-1',
      updatedAt: expect.any(String),
    });
    const { data: open } = await org.ask(MIRRORED_JOBS, { id: org.connectionId, openOnly: true });
    expect(open.mirroredJobs.nodes.map(({ remoteId }: { remoteId: string }) => remoteId).sort()).toEqual([
      'job-2',
      'job-3',
    ]);
    expect((await org.ask(JOBS, { id: org.connectionId })).data.jobs.totalCount).toBe(2);
  });
});

it('RED-8: a connection that has Rediscovery alone says why it lists no jobs while its mirror is not complete', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  let calls = 0;
  const org = await world.organization({
    capabilities: ['REDISCOVERY'],
    prepare: (acme) => {
      // The first is the verification's.
      acme.beforeListing = async () => {
        calls += 1;
        if (calls > 1) await held;
      };
    },
  });
  const id = org.connectionId;
  const { errors } = await org.ask(JOBS, { id });
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('come from its mirror alone'),
    extensions: { code: 'WRONG_STATE' },
  });
  release();
  await org.follow(PROGRESS, { id });
  expect((await org.ask(JOBS, { id })).data.jobs).toMatchObject({ source: 'MIRROR', totalCount: 3 });
  await org.ask(SWITCH, { enabled: false }, 'ADMIN');
  expect((await org.ask(JOBS, { id })).errors?.[0]?.extensions.code).toBe('CAPABILITY_OFF');
});

describe('RED-2: runs afterwards', () => {
  it('are started and cancelled by an admin, and listed newest first', async () => {
    const org = await mirroring(people(1));
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const reached = new Promise<void>((resolve) => {
      org.acme.beforeListing = () => {
        resolve();
        return held;
      };
    });

    const { data: started } = await org.ask(START, { id: org.connectionId }, 'ADMIN');
    expect(started.startSync).toMatchObject({
      __typename: 'SyncStarted',
      syncRun: { kind: 'CHANGES', trigger: 'PERSON', requestedBy: 'admin', status: 'QUEUED' },
    });
    const { id } = started.startSync.syncRun;
    await reached;
    const following = org.follow(PROGRESS, { id: org.connectionId, run: id });
    const { data: again } = await org.ask(START, { id: org.connectionId, kind: 'FULL' }, 'ADMIN');
    expect(again.startSync).toMatchObject({ __typename: 'WrongState', code: 'WRONG_STATE', state: 'RUNNING' });
    const { data: cancelled } = await org.ask(CANCEL, { id }, 'ADMIN');
    expect(cancelled.cancelSync.syncRun).toMatchObject({ id, status: 'CANCELLED' });
    release();
    expect((await following).at(-1)?.data.syncProgress).toMatchObject({ id, status: 'CANCELLED' });
    const { data: twice } = await org.ask(CANCEL, { id }, 'ADMIN');
    expect(twice.cancelSync).toMatchObject({ __typename: 'WrongState', state: 'CANCELLED' });

    const { data: runs } = await org.ask(RUNS, { id: org.connectionId, first: 1 });
    expect(runs.syncRuns).toMatchObject({ totalCount: 2, nodes: [{ id }], pageInfo: { hasNextPage: true } });
    const { data: older } = await org.ask(RUNS, { id: org.connectionId, after: runs.syncRuns.pageInfo.endCursor });
    expect(older.syncRuns.nodes).toMatchObject([{ trigger: 'FIRST_LOAD', status: 'COMPLETE' }]);
  });

  it('delete who was deleted there', async () => {
    const org = await mirroring(people(3));
    const id = await idOf(org, 'person-1');
    org.acme.people = org.acme.people.filter(({ remoteId }) => remoteId !== 'person-1');
    org.acme.deleted.push('person-1');
    await synced(org, 'CHANGES');
    expect((await org.ask(CANDIDATE, { id })).data.mirroredCandidate).toBeNull();
  });

  it.each([
    [true, 5],
    [false, 30],
  ])('ask an admin before they delete much; approve: %s', async (approve, left) => {
    const org = await mirroring(people(30));
    org.acme.people = people(5);
    const id = await synced(org, 'FULL');
    const { data: asking } = await org.ask(ONE_RUN, { id });
    expect(asking.syncRun).toMatchObject({
      status: 'AWAITING_APPROVAL',
      pendingDeletions: { candidates: 25, jobs: 0, ofCandidates: 30, ofJobs: 3 },
    });
    const following = org.follow(PROGRESS, { id: org.connectionId, run: id });
    const { data } = await org.ask(APPROVE, { id, approve }, 'ADMIN');
    expect(data.approveDeletions).toMatchObject({ __typename: 'DeletionsDecided', syncRun: { id } });
    expect((await following).at(-1)?.data.syncProgress).toMatchObject({ id, status: 'COMPLETE' });
    expect((await org.ask(STATE, { id: org.connectionId })).data.mirror.candidates).toBe(left);
    const { data: twice } = await org.ask(APPROVE, { id, approve }, 'ADMIN');
    expect(twice.approveDeletions).toMatchObject({ __typename: 'WrongState', state: 'COMPLETE' });
  });
});

describe('RED-12: erasure', () => {
  it('removes a person for good and answers a certificate that says nothing of them', async () => {
    const org = await mirroring(people(3));
    const id = await idOf(org, 'person-1');
    const { data, errors } = await org.ask(ERASE, { id }, 'ADMIN');
    expect(errors).toBeUndefined();
    const { certificate } = data.eraseCandidate;
    expect(certificate).toMatchObject({ removed: expect.arrayContaining([expect.anything()]), pending: 0 });
    for (const known of ['person-1', 'person1@', 'First1', 'Last1', id]) {
      expect(JSON.stringify(certificate)).not.toContain(known);
    }
    await synced(org, 'FULL');
    expect((await org.ask(CANDIDATE, { id })).data.mirroredCandidate).toBeNull();
    expect((await org.ask(STATE, { id: org.connectionId })).data.mirror.candidates).toBe(2);

    const kept = await org.ask(CERTIFICATE, { id: certificate.id }, 'ADMIN');
    expect(kept.data.erasureCertificate).toEqual(certificate);
    expect((await org.ask(CERTIFICATE, { id: randomUUID() }, 'ADMIN')).data.erasureCertificate).toBeNull();
    expect((await org.ask(ERASE, { id }, 'ADMIN')).data.eraseCandidate).toMatchObject({
      __typename: 'NotFound',
      recordType: 'candidate',
    });
    const { data: log } = await org.ask('{ auditLog { nodes { action actorId subjectId } } }', {}, 'ADMIN');
    expect(log.auditLog.nodes).toContainEqual({
      action: 'candidate.erase',
      actorId: 'admin',
      subjectId: certificate.pseudonym,
    });
  });

  it('does not wait for a license', async () => {
    const org = await mirroring(people(1));
    const id = await idOf(org, 'person-0');
    await org.ask(SWITCH, { enabled: false }, 'ADMIN');
    expect((await org.ask(ERASE, { id }, 'ADMIN')).data.eraseCandidate.__typename).toBe('CandidateErased');
  });
});

describe('CON-2: Rediscovery that is off', () => {
  it('answers who can switch it on, hides its data, and shows all of it again afterwards', async () => {
    const org = await mirroring(people(2));
    const candidate = await idOf(org, 'person-0');
    const { data: runs } = await org.ask(RUNS, { id: org.connectionId });
    const run = runs.syncRuns.nodes[0].id;
    await org.ask(SWITCH, { enabled: false }, 'ADMIN');

    const id = org.connectionId;
    for (const [query, variables] of [
      [STATE, { id }],
      [RUNS, { id }],
      [ONE_RUN, { id: run }],
      [LIST, { id }],
      [CANDIDATE, { id: candidate }],
      [MIRRORED_JOBS, { id }],
    ] as const) {
      const { data, errors } = await org.ask(query, variables);
      expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
      expect(errors?.[0]).toMatchObject({
        message: 'Rediscovery with Acme ATS is switched off. An admin of the organization can switch it on.',
        extensions: { code: 'CAPABILITY_OFF' },
      });
    }
    const [event] = await org.follow(PROGRESS, { id });
    expect(event?.errors?.[0]?.extensions.code).toBe('CAPABILITY_OFF');
    const { data: start } = await org.ask(START, { id }, 'ADMIN');
    expect(start.startSync).toMatchObject({
      __typename: 'CapabilityOff',
      pluginId: 'acme',
      capability: 'REDISCOVERY',
      switchedOnBy: 'ADMIN',
    });

    await org.ask(SWITCH, { enabled: true }, 'ADMIN');
    expect((await org.ask(CANDIDATE, { id: candidate })).data.mirroredCandidate.remoteId).toBe('person-0');
  });

  it('a connection without Rediscovery says so', async () => {
    const org = await world.organization();
    const id = org.connectionId;
    for (const query of [STATE, RUNS, LIST, MIRRORED_JOBS]) {
      const { errors } = await org.ask(query, { id });
      expect(errors?.[0]).toMatchObject({
        message: 'Acme of tests was connected without Rediscovery. Edit it to add Rediscovery.',
        extensions: { code: 'WRONG_STATE' },
      });
    }
    const { data } = await org.ask(START, { id }, 'ADMIN');
    expect(data.startSync).toMatchObject({ __typename: 'WrongState', message: expect.stringContaining('Rediscovery') });
    expect((await org.ask(JOBS, { id })).data.jobs).toMatchObject({ source: 'LIVE', totalCount: 3 });
  });
});

describe('CON-1: who may what', () => {
  it('lets everybody read, and admins alone start, cancel, decide and erase', async () => {
    const org = await mirroring(people(1));
    const candidate = await idOf(org, 'person-0');
    const { data: runs } = await org.ask(RUNS, { id: org.connectionId }, 'VIEWER');
    const run = runs.syncRuns.nodes[0].id;
    const id = org.connectionId;
    const readings = [
      [STATE, { id }],
      [ONE_RUN, { id: run }],
      [LIST, { id }],
      [CANDIDATE, { id: candidate }],
      [MIRRORED_JOBS, { id }],
    ] as const;
    for (const [query, variables] of readings) {
      expect((await org.ask(query, variables, 'VIEWER')).errors).toBeUndefined();
      expect((await org.ask(query, variables, 'OPERATOR')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
    for (const [query, variables] of [
      [START, { id }],
      [CANCEL, { id: run }],
      [APPROVE, { id: run, approve: true }],
      [ERASE, { id: candidate }],
      [CERTIFICATE, { id: candidate }],
    ] as const) {
      expect((await org.ask(query, variables, 'RECRUITER')).errors?.[0]?.extensions).toMatchObject({
        code: 'FORBIDDEN',
        allowedRoles: ['ADMIN'],
      });
    }
  });

  it('follows no run of another connection', async () => {
    const [org, other] = await Promise.all([mirroring([]), mirroring([])]);
    const { data } = await other.ask(RUNS, { id: other.connectionId });
    const [event] = await org.follow(PROGRESS, { id: org.connectionId, run: data.syncRuns.nodes[0].id });
    expect(event?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const [none] = await org.follow(PROGRESS, { id: other.connectionId });
    expect(none?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});
