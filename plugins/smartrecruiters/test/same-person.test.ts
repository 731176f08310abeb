import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { HOUR, posts, referenceTo, toJob } from './export-support.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

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
