import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import type { SmartRecruitersSimulator } from '../simulator/index.js';
import { SIMULATED_TOKENS } from '../simulator/index.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

const HOUR = 3_600_000;

function toJob(jobRemoteId: string, overrides: Parameters<typeof exportRequest>[0] = {}) {
  return exportRequest({ target: { kind: 'job', jobRemoteId }, ...overrides });
}

/** What leads to a candidate of production. */
function referenceTo(remoteId: string) {
  return { remoteId, remoteUrl: `https://www.smartrecruiters.com/app/people/candidates/${remoteId}` };
}

function posts({ requests }: SmartRecruitersSimulator): readonly string[] {
  return requests.matching({ method: 'POST', path: /candidates$/ }).map(({ path }) => path);
}

describe('an account', () => {
  it('CON-5: is known by the identifier of its company, and labelled with its name', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { identify, ctx } = smartRecruiters.connection;
    expect(await identify(ctx)).toEqual({ accountId: 'ExampleCo', label: 'Example Co' });
  });

  it('EXP-12: has links to its candidates in production alone, because nobody says where the sandbox shows them', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, connect } = smartRecruiters;
    const sandbox = await connect({ settings: { environment: 'sandbox', sourceName: 'SeekOut' } });
    const shown = await connection.exporter.exportCandidate(connection.ctx, exportRequest());
    expect(shown).toMatchObject(referenceTo(shown.remoteId));
    expect(await sandbox.exporter.exportCandidate(sandbox.ctx, exportRequest())).not.toHaveProperty('remoteUrl');
  });

  it('EXP-5: is another one in the sandbox, so that an export there does not count in production', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { identify, ctx } = await smartRecruiters.connect({
      settings: { environment: 'sandbox', sourceName: 'SeekOut' },
    });
    expect(await identify(ctx)).toMatchObject({ accountId: 'sandbox/ExampleCo' });
  });

  it('CON-8: shows nothing of another customer', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, connect, simulator, jobId } = smartRecruiters;
    const other = await connect({ credentials: { smartToken: SIMULATED_TOKENS.secondAccount } });
    const request = toJob(jobId);
    await connection.exporter.exportCandidate(connection.ctx, request);
    expect(await other.exporter.findExported?.(other.ctx, request)).toBeUndefined();
    expect(simulator.candidates().map(({ account }) => account)).toEqual(['ExampleCo']);
  });
});

describe('permissions', () => {
  it('CON-5: says that a token without candidates_create cannot create, when it is told to', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, permissions, ctx } = await smartRecruiters.connect({
      credentials: { smartToken: SIMULATED_TOKENS.withoutCreate },
    });
    const results = await permissions.check(ctx, ['export']);
    expect(results.map(({ permission, status }) => `${permission} ${status}`)).toEqual([
      'company.read granted',
      'jobs.read granted',
      'sources.read granted',
      'candidates.read granted',
      'candidates.create unknown',
    ]);
    await expect(exporter.exportCandidate(ctx, toJob(smartRecruiters.jobId))).rejects.toMatchObject({
      code: 'ATS_PERMISSION_MISSING',
      message: expect.stringContaining('OAuthPermissionsException'),
    });
  });

  it('CON-5: names each right that hangs on a missing scope', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    for (const { scopes } of simulator.account().tokens) scopes.delete('configuration_read');
    const results = await connection.permissions.check(connection.ctx, ['export']);
    expect(results.filter(({ status }) => status === 'missing')).toMatchObject([
      { permission: 'sources.read', remedy: expect.stringContaining('configuration_read') },
    ]);
  });

  it('CON-5: hints at a narrow role when a list is empty', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    simulator.account().jobs.length = 0;
    const results = await connection.permissions.check(connection.ctx, ['export']);
    expect(results.find(({ permission }) => permission === 'jobs.read')).toMatchObject({
      status: 'granted',
      reason: expect.stringContaining('empty'),
      remedy: expect.stringContaining('role'),
    });
  });

  it('CON-5: asks nothing that Export alone needs while Export is off', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    await connection.permissions.check(connection.ctx, []);
    expect(simulator.requests.all().map(({ path }) => path)).toEqual(['/configuration/company']);
  });
});

describe('the source', () => {
  it('EXP-10: is found behind several pages of others, and carried by its ids', async () => {
    await using smartRecruiters = await startSmartRecruiters({
      sources: [...Array.from({ length: 130 }, (_, index) => `Vendor ${index}`), 'SeekOut'],
    });
    const { connection, simulator, jobId } = smartRecruiters;
    const receipt = await connection.exporter.exportCandidate(connection.ctx, toJob(jobId));
    expect(receipt.warnings).toEqual([]);
    expect(simulator.candidates()[0]?.assignments).toMatchObject([{ source: 'SeekOut', status: 'LEAD' }]);
  });

  it('CON-5: fails the check with the page to add it on, and lets candidates go with a warning', async () => {
    await using smartRecruiters = await startSmartRecruiters({ sources: ['Indeed Resume'] });
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    expect(await exporter.checkSource?.(connection.ctx)).toEqual({
      name: 'SeekOut',
      present: false,
      remedy: expect.stringContaining('https://www.smartrecruiters.com/settings/configuration/custom-sources'),
    });
    const receipt = await exporter.exportCandidate(connection.ctx, toJob(jobId));
    expect(receipt.warnings).toMatchObject([{ code: 'SOURCE_MISSING', field: 'source' }]);
    expect(simulator.candidates()[0]?.assignments).toMatchObject([{ source: 'API' }]);
  });

  it('CON-5: is carried as soon as verification has seen it', async () => {
    await using smartRecruiters = await startSmartRecruiters({ sources: [] });
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    await exporter.exportCandidate(connection.ctx, toJob(jobId));
    simulator.account().sourceTypes.at(-1)?.values.push({ id: 'new-source', label: 'seekout' });
    expect(await exporter.checkSource?.(connection.ctx)).toMatchObject({ present: true });
    expect((await exporter.exportCandidate(connection.ctx, toJob(jobId))).warnings).toEqual([]);
  });

  it('EXP-10: is read once for many candidates', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const requests = Array.from({ length: 8 }, () => toJob(jobId));
    await Promise.all(requests.map((request) => connection.exporter.exportCandidate(connection.ctx, request)));
    expect(simulator.requests.matching({ path: /^\/configuration\/sources$/ })).toHaveLength(1);
    expect(simulator.requests.matching({ path: /^\/jobs\/[^/]+$/ })).toHaveLength(1);
  });

  it('EXP-12: is looked up again when SmartRecruiters refuses it, and the candidate arrives once', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    await exporter.exportCandidate(connection.ctx, toJob(jobId));
    const values = simulator.account().sourceTypes.at(-1)?.values;
    values?.splice(0, values.length, { id: 'made-anew', label: 'SeekOut' });
    const request = toJob(jobId);
    expect((await exporter.exportCandidate(connection.ctx, request)).warnings).toEqual([]);
    expect(simulator.creations.of(request.candidate.emails[0] ?? '')).toBe(1);
  });

  it('EXP-6: may not be readable, which is a warning', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    for (const { scopes } of simulator.account().tokens) scopes.delete('configuration_read');
    const receipt = await connection.exporter.exportCandidate(connection.ctx, toJob(jobId));
    expect(receipt.warnings).toMatchObject([{ code: 'SOURCE_MISSING' }]);
  });
});

describe('jobs', () => {
  it('EXP-2: offers those that take candidates, with their reference number and place, and no template', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, ctx } = smartRecruiters.connection;
    const { items } = await exporter.listJobs(ctx, {});
    expect(items.map(({ title }) => title).toSorted()).toEqual([
      'Backend Engineer',
      'Controller',
      'Platform Engineer',
      'Talent Partner',
    ]);
    expect(items.find(({ title }) => title === 'Backend Engineer')).toMatchObject({
      code: 'REF1A',
      open: true,
      statusLabel: 'SOURCING',
      department: 'Engineering',
      location: 'Oakland, CA, US',
    });
  });

  it('EXP-2: searches titles, over pages that keep the search', async () => {
    await using smartRecruiters = await startSmartRecruiters({ jobs: 250 });
    const { exporter, ctx } = smartRecruiters.connection;
    const titles: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await exporter.listJobs(ctx, { search: 'field', ...(cursor === undefined ? {} : { cursor }) });
      titles.push(...page.items.map(({ title }) => title));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(titles).size).toBe(250);
  });

  it.each(['FILLED', 'CANCELLED', 'ON_HOLD'] as const)('EXP-6: sends nobody to a job that is %s', async (status) => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    const closed = simulator.account().jobs.find((job) => job.status === status)?.id ?? '';
    await expect(connection.exporter.exportCandidate(connection.ctx, toJob(closed))).rejects.toMatchObject({
      code: 'JOB_NOT_OPEN',
      message: expect.stringContaining(status),
    });
    expect(posts(simulator)).toEqual([]);
  });

  it('EXP-6: says that a job was closed in the moment before', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    await connection.exporter.exportCandidate(connection.ctx, toJob(jobId));
    simulator.account().job(jobId).status = 'FILLED';
    await expect(connection.exporter.exportCandidate(connection.ctx, toJob(jobId))).rejects.toMatchObject({
      code: 'JOB_NOT_OPEN',
    });
  });
});

describe.each(['existing', 'new', 'conflict'] as const)(
  'when SmartRecruiters answers a known person with "%s"',
  (duplicates) => {
    it('EXP-12: does not send whoever is on the job already, whatever the capitals', async () => {
      await using smartRecruiters = await startSmartRecruiters({ duplicates });
      const { connection, simulator, jobId } = smartRecruiters;
      const { exporter } = connection;
      const first = toJob(jobId);
      const { remoteId } = await exporter.exportCandidate(connection.ctx, first);
      const { candidate } = first;
      const again = toJob(jobId, {
        candidate: {
          ...candidate,
          lastName: candidate.lastName.toUpperCase(),
          emails: candidate.emails.map((email) => email.toUpperCase()),
        },
        resume: resumeFile(),
      });
      expect(await exporter.exportCandidate(connection.ctx, again)).toEqual({
        ...referenceTo(remoteId),
        outcome: 'UPDATED',
        warnings: [],
      });
      expect(posts(simulator)).toHaveLength(1);
      expect(simulator.candidates()).toMatchObject([{ attachments: [{ type: 'RESUME' }] }]);
    });

    it('EXP-12: makes nobody twice of a try that SmartRecruiters never answered', async () => {
      await using smartRecruiters = await startSmartRecruiters({ duplicates });
      const { connection, simulator, jobId } = smartRecruiters;
      const { exporter } = connection;
      const request = toJob(jobId);
      const forget = simulator.faults.add({ method: 'POST', fault: { kind: 'dropAfterWrite' } });
      await expect(exporter.exportCandidate(connection.ctx, request)).rejects.toMatchObject({ effect: 'unknown' });
      forget();
      // Even when the hub does not ask first.
      expect(await exporter.exportCandidate(connection.ctx, request)).toMatchObject({ outcome: 'CREATED' });
      expect(simulator.creations.of(request.candidate.emails[0] ?? '')).toBe(1);
    });

    it('EXP-6: tells honestly what became of somebody on another job', async () => {
      await using smartRecruiters = await startSmartRecruiters({ duplicates });
      const { connection, simulator, jobId, otherJobId } = smartRecruiters;
      const { exporter } = connection;
      const first = toJob(jobId);
      const { remoteId } = await exporter.exportCandidate(connection.ctx, first);
      simulator.clock.advance(HOUR);
      const second = toJob(otherJobId, { candidate: first.candidate, firstTriedAt: simulator.clock.iso() });
      const outcome = await exporter.exportCandidate(connection.ctx, second).catch((error: unknown) => error);
      if (duplicates === 'existing')
        expect(outcome).toEqual({ ...referenceTo(remoteId), outcome: 'UPDATED', warnings: [] });
      if (duplicates === 'new') {
        expect(outcome).toMatchObject({ outcome: 'CREATED', warnings: [{ code: 'SECOND_RECORD' }] });
      }
      if (duplicates === 'conflict') {
        expect(outcome).toMatchObject({
          code: 'CANDIDATE_REJECTED',
          message: expect.stringContaining('CANDIDATE_DATA_CONFLICT'),
        });
        expect(String(outcome)).not.toContain(first.candidate.lastName);
      }
    });

    it('RSC-3: puts somebody who is there onto a second job, as they are there, or says what a person has to do', async () => {
      await using smartRecruiters = await startSmartRecruiters({ duplicates });
      const { connection, simulator, jobId, otherJobId } = smartRecruiters;
      const { exporter } = connection;
      const { candidate } = exportRequest();
      const { remoteId } = await exporter.exportCandidate(connection.ctx, toJob(jobId, { candidate }));
      const [before] = simulator.candidates();
      simulator.clock.advance(HOUR);
      const later = toJob(otherJobId, {
        candidate: { firstName: 'A.', lastName: 'Network', emails: [], phones: [], tags: [], socialUrls: [] },
        firstTriedAt: simulator.clock.iso(),
        existing: { remoteId },
      });
      const outcome = await exporter.exportCandidate(connection.ctx, later).catch((error: unknown) => error);
      if (duplicates === 'existing') {
        expect(outcome).toEqual({ ...referenceTo(remoteId), outcome: 'UPDATED', warnings: [] });
        const { assignments, updatedOn, ...rest } = simulator.account().candidate(remoteId);
        expect(before).toMatchObject(rest);
        expect(assignments.map((one) => one.jobId).toSorted()).toEqual([jobId, otherJobId].toSorted());
        expect(updatedOn).toBeDefined();
        return;
      }
      expect(outcome).toMatchObject({
        reference: referenceTo(remoteId),
        failure: {
          code: 'CANDIDATE_REJECTED',
          message: expect.stringMatching(duplicates === 'new' ? /second record.*Merge/ : /Add them to the job there/),
        },
      });
    });

    it('EXP-6: tells honestly what became of somebody in the talent pool, whom no search shows', async () => {
      await using smartRecruiters = await startSmartRecruiters({ duplicates });
      const { connection, simulator } = smartRecruiters;
      const { exporter } = connection;
      const first = exportRequest();
      const { remoteId } = await exporter.exportCandidate(connection.ctx, first);
      simulator.clock.advance(HOUR);
      const second = exportRequest({ candidate: first.candidate, firstTriedAt: simulator.clock.iso() });
      const outcome = await exporter.exportCandidate(connection.ctx, second).catch((error: unknown) => error);
      if (duplicates === 'existing') expect(outcome).toMatchObject({ remoteId, outcome: 'UPDATED' });
      if (duplicates === 'new') expect(outcome).toMatchObject({ outcome: 'CREATED' });
      if (duplicates === 'conflict') expect(outcome).toMatchObject({ code: 'CANDIDATE_REJECTED', field: 'emails' });
    });
  },
);

describe('looking for a candidate', () => {
  it('EXP-12: quotes the email address, and compares it, because SmartRecruiters finds others as well', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const like = toJob(jobId, { candidate: { lastName: 'Moss', emails: ['jo.ann@mail.example'] } });
    await exporter.exportCandidate(connection.ctx, like);
    const request = toJob(jobId, { candidate: { lastName: 'Moss', emails: ['ann@mail.example'] } });
    expect(await exporter.exportCandidate(connection.ctx, request)).toMatchObject({ outcome: 'CREATED' });
    expect(simulator.candidates()).toHaveLength(2);
    const searches = simulator.requests.matching({ method: 'GET', path: /^\/candidates$/ });
    expect(searches.map(({ query }) => query['q'])).toContain('"ann@mail.example"');
  });

  it('EXP-12: takes somebody with the same email address and another last name for somebody else', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const emails = ['family@mail.example'];
    for (const lastName of ['Moss', 'Reed']) {
      await connection.exporter.exportCandidate(connection.ctx, toJob(jobId, { candidate: { lastName, emails } }));
    }
    expect(simulator.candidates()).toHaveLength(2);
  });

  it('EXP-12: is left out when the hub has looked already', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId, otherJobId } = smartRecruiters;
    const { exporter } = connection;
    const first = toJob(jobId, { lookedUp: {} });
    const { remoteId } = await exporter.exportCandidate(connection.ctx, first);
    const again = { candidate: first.candidate, lookedUp: { found: { remoteId } } };
    expect(await exporter.exportCandidate(connection.ctx, toJob(jobId, again))).toMatchObject({ outcome: 'UPDATED' });
    const elsewhere = await exporter.exportCandidate(connection.ctx, toJob(otherJobId, again));
    expect(elsewhere).toMatchObject({ remoteId, outcome: 'UPDATED' });
    expect(simulator.requests.matching({ method: 'GET', path: /^\/candidates$/ })).toEqual([]);
    expect(posts(simulator)).toHaveLength(2);
  });

  it('EXP-12: reads on over pages of people who share an email address', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const account = simulator.account();
    const emails = ['office@mail.example'];
    for (const lastName of ['Last', ...Array.from({ length: 150 }, (_, index) => `Other ${index}`)]) {
      account.add({ firstName: 'Ada', lastName, email: emails[0] ?? '' }, jobId, simulator.clock.iso());
    }
    const wanted = toJob(jobId, { candidate: { lastName: 'Last', emails } });
    expect(await connection.exporter.exportCandidate(connection.ctx, wanted)).toMatchObject({ outcome: 'UPDATED' });
  });

  it('EXP-12: reads the candidate itself when the list does not say on which job it is', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
    const { firstName, lastName, emails } = request.candidate;
    const content = [
      {
        id: remoteId,
        internal: false,
        firstName,
        lastName,
        email: emails[0],
        createdOn: simulator.clock.iso(),
        actions: {},
      },
    ];
    simulator.faults.add({
      method: 'GET',
      path: '/candidates',
      fault: { kind: 'status', status: 200, body: { limit: 100, offset: 0, totalFound: 1, content } },
    });
    expect(await exporter.findExported?.(connection.ctx, request)).toEqual(referenceTo(remoteId));
  });
});

describe('after silence', () => {
  it('EXP-12: finds on the job what this item made, by both its jobs', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId, otherJobId } = smartRecruiters;
    const { exporter } = connection;
    const one = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, one);
    const two = toJob(otherJobId, { candidate: one.candidate });
    await exporter.exportCandidate(connection.ctx, two);
    expect(await exporter.findExported?.(connection.ctx, one)).toEqual(referenceTo(remoteId));
    expect(await exporter.findExported?.(connection.ctx, two)).toEqual(referenceTo(remoteId));
    const elsewhere = toJob(simulator.account().jobs[2]?.id ?? '', { candidate: one.candidate });
    expect(await exporter.findExported?.(connection.ctx, elsewhere)).toBeUndefined();
  });

  it('EXP-12: does not take for its own who was there before, nor what another item made', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const earlier = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, earlier);
    const same = { candidate: earlier.candidate };
    const others = toJob(jobId, { ...same, notThese: [remoteId] });
    expect(await exporter.findExported?.(connection.ctx, others)).toBeUndefined();
    simulator.clock.advance(HOUR);
    const later = toJob(jobId, { ...same, firstTriedAt: simulator.clock.iso() });
    expect(await exporter.findExported?.(connection.ctx, later)).toBeUndefined();
  });

  it('EXP-12: waits until SmartRecruiters can have listed the candidate', async () => {
    await using smartRecruiters = await startSmartRecruiters({ searchLagMs: 5_000 });
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId);
    await exporter.exportCandidate(connection.ctx, request);
    expect(await exporter.findExported?.(connection.ctx, request)).toBeUndefined();
    simulator.clock.advance(exporter.limits.settleMs ?? 1000);
    expect(await exporter.findExported?.(connection.ctx, request)).toBeDefined();
  });

  it('EXP-12: claims to find candidates of jobs alone: prospects are in no list', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, ctx } = smartRecruiters.connection;
    const prospect = exportRequest();
    await exporter.exportCandidate(ctx, prospect);
    expect(await exporter.findExported?.(ctx, prospect)).toBeUndefined();
    expect(exporter.limits.findable).toEqual(['job']);
  });

  it('EXP-12: fails with the effect "none" while it only reads, so that nobody is thought to be created', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    for (const path of ['/candidates', '/jobs/*', '/configuration/**']) {
      const forget = simulator.faults.add({ method: 'GET', path, fault: { kind: 'failBeforeWrite', status: 503 } });
      const call = connection.exporter.exportCandidate(connection.ctx, toJob(jobId));
      await expect(call, path).rejects.toMatchObject({ recovery: 'retry', effect: 'none' });
      forget();
    }
    expect(posts(simulator)).toEqual([]);
  });
});

describe('a later try', () => {
  it('EXP-12: completes the résumé of a candidate that arrived, once', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId, { resume: resumeFile() });
    const forget = simulator.faults.add({ path: '/candidates/**attachments', fault: { kind: 'dropAfterWrite' } });
    const error: unknown = await exporter.exportCandidate(connection.ctx, request).catch((reason: unknown) => reason);
    forget();
    expect(error).toMatchObject({ name: 'ExportInterruptedError' });
    const { reference } = Object(error);
    const receipt = await exporter.exportCandidate(connection.ctx, { ...request, existing: reference });
    expect(receipt).toEqual({ ...reference, outcome: 'CREATED', warnings: [] });
    expect(simulator.candidates()).toMatchObject([{ attachments: [{ name: 'ada-okafor.pdf', jobId }] }]);
  });

  it('EXP-6: is an update when the candidate was there before the item', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const first = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, first);
    simulator.clock.advance(HOUR);
    const later = toJob(jobId, {
      candidate: first.candidate,
      firstTriedAt: simulator.clock.iso(),
      existing: { remoteId },
    });
    expect(await exporter.exportCandidate(connection.ctx, later)).toMatchObject({ remoteId, outcome: 'UPDATED' });
  });

  it('EXP-12: makes nobody again who was taken off the job, and says so', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
    simulator.account().candidate(remoteId).assignments.length = 0;
    await expect(
      exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } }),
    ).rejects.toMatchObject({
      name: 'ExportInterruptedError',
      reference: { remoteId },
      failure: { code: 'CANDIDATE_REJECTED' },
    });
    expect(posts(simulator)).toHaveLength(1);
  });

  it('EXP-12: says when the candidate was deleted meanwhile', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    const { exporter } = connection;
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
    simulator.account().remove(remoteId);
    const call = exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } });
    await expect(call).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND', recovery: 'skip' });
  });
});

describe('the résumé', () => {
  it('EXP-7: hangs on the job of a candidate, and on a prospect itself', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const resume = resumeFile();
    await exporter.exportCandidate(connection.ctx, toJob(jobId, { resume }));
    await exporter.exportCandidate(connection.ctx, exportRequest({ resume }));
    const [prospect, candidate] = simulator.candidates();
    expect(candidate?.attachments).toMatchObject([{ type: 'RESUME', contentType: 'application/pdf', jobId }]);
    expect(prospect?.attachments).toMatchObject([{ type: 'RESUME' }]);
    expect(prospect?.attachments[0]).not.toHaveProperty('jobId');
  });

  it('EXP-7: is not sent when it is too large, which is a warning', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const resume = { ...resumeFile(), bytes: new Uint8Array(2 * 1024 * 1024 + 1) };
    const receipt = await connection.exporter.exportCandidate(connection.ctx, toJob(jobId, { resume }));
    expect(receipt).toMatchObject({ outcome: 'CREATED', warnings: [{ code: 'RESUME_TOO_LARGE', field: 'resume' }] });
    expect(simulator.requests.matching({ path: /attachments$/ })).toEqual([]);
  });

  it('EXP-7: is not sent twice when SmartRecruiters does not show whether it arrived', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId, { resume: resumeFile() });
    const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
    simulator.faults.add({ method: 'GET', path: '/candidates/**attachments', fault: { kind: 'status', status: 403 } });
    const receipt = await exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } });
    expect(receipt.warnings).toMatchObject([{ code: 'RESUME_UNCLEAR' }]);
    expect(simulator.candidates()[0]?.attachments).toHaveLength(1);
  });
});

describe('links', () => {
  it('EXP-6: warns of those that find no place', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, ctx } = smartRecruiters.connection;
    const socialUrls = [
      { network: 'website', url: 'https://ada.example' },
      { network: 'github', url: 'https://github.com/ada' },
    ] as const;
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { socialUrls } }));
    expect(receipt.warnings).toMatchObject([{ code: 'LINK_DROPPED', field: 'socialUrls' }]);
  });
});

describe('refusals', () => {
  it('EXP-6, OPS-3: names the code of SmartRecruiters, and no person', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, ctx } = smartRecruiters.connection;
    const request = exportRequest({ candidate: { emails: ['not an address'] } });
    await expect(exporter.exportCandidate(ctx, request)).rejects.toMatchObject({
      code: 'CANDIDATE_REJECTED',
      reason: 'INVALID_REQUEST',
    });
  });

  it('OPS-1: names the lane of every request, so that the hub can keep to the limits of each endpoint', async () => {
    await using smartRecruiters = await startSmartRecruiters({ rate: 10, latency: 5 });
    const { connection, simulator, jobId } = smartRecruiters;
    const requests = Array.from({ length: 8 }, () => toJob(jobId, { resume: resumeFile() }));
    await Promise.all(requests.map((request) => connection.exporter.exportCandidate(connection.ctx, request)));
    expect(simulator.traffic().filter(({ refused }) => refused > 0)).toEqual([]);
    const list = simulator.traffic().find(({ endpoint }) => endpoint === 'GET /candidates');
    expect(list).toMatchObject({ requests: 8, peakConcurrency: 1 });
  });
});
