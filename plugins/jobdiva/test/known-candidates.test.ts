import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { CREATE, calls, known, theOnlyCandidate, UPDATE } from './export-support.js';
import { startJobDiva } from './start-jobdiva.js';

describe('somebody whom JobDiva knows', () => {
  it('EXP-10: is found by email whatever its capitals, and completed; nothing that is there changes', async () => {
    await using jobdiva = await startJobDiva();
    const before = known(jobdiva.simulator, {
      email: 'ADA@Home.example',
      address1: '1 Own St',
      city: 'Reno',
      cellphone: '702 555 0100',
    });
    const { exporter, ctx } = jobdiva.connection;
    const candidate = {
      emails: ['ada@home.example', 'ada@work.example'],
      phones: [
        { number: '+17025550100', type: 'mobile' as const },
        { number: '+17025550199', type: 'work' as const },
      ],
    };
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate, resume: resumeFile() }));
    expect(receipt).toMatchObject({ remoteId: String(before.id), outcome: 'UPDATED' });
    expect(receipt.warnings).toMatchObject([{ code: 'HISTORY_NOT_UPDATED' }]);
    expect(theOnlyCandidate(jobdiva.simulator)).toMatchObject({
      firstName: 'Ada',
      lastName: 'Byron',
      email: 'ADA@Home.example',
      alternateemail: 'ada@work.example',
      address1: '1 Own St',
      city: 'Reno',
      state: '',
      phones: [{ phone: '702 555 0100' }, { phone: '+17025550199', type: 'W' }],
      resumes: [{ source: 7000 }],
    });
  });

  it('is not updated when nothing is missing', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const request = exportRequest();
    const first = await exporter.exportCandidate(ctx, request);
    const again = await exporter.exportCandidate(ctx, exportRequest({ candidate: request.candidate }));
    expect(again).toMatchObject({ remoteId: first.remoteId, outcome: 'UPDATED' });
    expect(calls(jobdiva.simulator, UPDATE)).toBe(0);
  });

  it('is found by the LinkedIn URL when the address is another one, and gets the address as the second', async () => {
    await using jobdiva = await startJobDiva();
    const linkedIn = 'https://www.linkedin.com/in/ada-byron';
    const before = known(jobdiva.simulator, { email: 'ada@old.example', linkedIn });
    const { exporter, ctx } = jobdiva.connection;
    const candidate = {
      firstName: 'ADA',
      lastName: 'Býron',
      emails: ['ada@new.example'],
      socialUrls: [{ network: 'linkedin' as const, url: linkedIn }],
    };
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    expect(receipt).toMatchObject({ remoteId: String(before.id), outcome: 'UPDATED' });
    expect(theOnlyCandidate(jobdiva.simulator)).toMatchObject({
      email: 'ada@old.example',
      alternateemail: 'ada@new.example',
    });
  });

  it('EXP-4: does not get a placeholder address when it is found by the LinkedIn URL', async () => {
    await using jobdiva = await startJobDiva();
    const linkedIn = 'https://www.linkedin.com/in/ada-byron';
    known(jobdiva.simulator, { email: 'ada@old.example', linkedIn });
    const { exporter, ctx } = jobdiva.connection;
    const candidate = {
      firstName: 'Ada',
      lastName: 'Byron',
      emails: ['no-email-1047659244@seekout.example.com'],
      socialUrls: [{ network: 'linkedin' as const, url: linkedIn }],
    };
    expect(await exporter.exportCandidate(ctx, exportRequest({ candidate }))).toMatchObject({ outcome: 'UPDATED' });
    expect(theOnlyCandidate(jobdiva.simulator).alternateemail).toBe('');
  });

  it.each([
    ['is called otherwise', ['Grace']],
    ['is called the same twice', ['Ada', 'Ada']],
  ])('EXP-4: is no stranger who shares the LinkedIn URL and %s', async (_how, firstNames) => {
    await using jobdiva = await startJobDiva();
    const linkedIn = 'https://www.linkedin.com/in/ada-byron';
    for (const [index, firstName] of firstNames.entries()) {
      known(jobdiva.simulator, { firstName, email: `${index}@old.example`, linkedIn });
    }
    const { exporter, ctx } = jobdiva.connection;
    const socialUrls = [{ network: 'linkedin' as const, url: linkedIn }];
    const request = exportRequest({ candidate: { firstName: 'Ada', lastName: 'Byron', socialUrls } });
    expect(await exporter.exportCandidate(ctx, request)).toMatchObject({ outcome: 'CREATED' });
    expect(jobdiva.simulator.candidates()).toHaveLength(firstNames.length + 1);
  });

  it('EXP-4, EXP-5: is exported again as somebody new under another placeholder address', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const first = exportRequest({ candidate: { emails: ['no-email-1@seekout.example.com'] } });
    const { remoteId } = await exporter.exportCandidate(ctx, first);
    const candidate = { ...first.candidate, emails: ['no-email--2@seekout.example.com'] };
    const again = await exporter.exportCandidate(ctx, exportRequest({ candidate, notThese: [remoteId] }));
    expect(again.outcome).toBe('CREATED');
    expect(again.remoteId).not.toBe(remoteId);
  });

  it('EXP-5: is updated when it is exported again under its own address, which JobDiva takes once', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const first = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, first);
    const again = await exporter.exportCandidate(
      ctx,
      exportRequest({ candidate: first.candidate, notThese: [remoteId] }),
    );
    expect(again).toMatchObject({ remoteId, outcome: 'UPDATED' });
    expect(jobdiva.simulator.creations.of(first.candidate.emails[0] ?? '')).toBe(1);
  });

  it('EXP-12: is updated when somebody else creates it between the search and the creation', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const emails = ['ada@home.example'];
    const message = 'Parameter Check Failed \r\nError: Email(ada@home.example) Already used\r\n';
    jobdiva.simulator.faults.add({ ...CREATE, times: 1, fault: { kind: 'status', status: 500, message } });
    // Not there for the first search, there for the second.
    jobdiva.simulator.faults.add({
      method: 'POST',
      path: '/apiv2/jobdiva/searchCandidateProfile',
      times: 1,
      fault: { kind: 'status', status: 200, body: [] },
    });
    const { id } = known(jobdiva.simulator, { email: 'ada@home.example' });
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { emails, socialUrls: [] } }));
    expect(receipt).toMatchObject({ remoteId: String(id), outcome: 'UPDATED' });
  });

  it('is found by the second address when JobDiva refuses the candidate because of it', async () => {
    await using jobdiva = await startJobDiva();
    const { id } = known(jobdiva.simulator, { email: 'ada@work.example' });
    const { exporter, ctx } = jobdiva.connection;
    const emails = ['ada@home.example', 'Ada@Work.example'];
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { emails, socialUrls: [] } }));
    expect(receipt).toMatchObject({ remoteId: String(id), outcome: 'UPDATED' });
    expect(theOnlyCandidate(jobdiva.simulator).alternateemail).toBe('ada@home.example');
  });

  it('EXP-6: keeps its other news when the second address belongs to somebody else', async () => {
    await using jobdiva = await startJobDiva();
    const { id } = known(jobdiva.simulator, { email: 'ada@home.example' });
    known(jobdiva.simulator, { email: 'ada@work.example', firstName: 'Grace' });
    const { exporter, ctx } = jobdiva.connection;
    const emails = ['ada@home.example', 'ada@work.example'];
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { emails } }));
    expect(receipt.remoteId).toBe(String(id));
    expect(receipt.warnings.map(({ code }) => code)).toContain('EMAIL_TAKEN');
    expect(jobdiva.simulator.candidates()[0]).toMatchObject({ city: 'Oakland', alternateemail: '' });
  });

  it('EXP-6: says so when an address is taken by somebody whom the API does not show', async () => {
    await using jobdiva = await startJobDiva();
    const message = 'Error: Email(ada@home.example) Already used';
    jobdiva.simulator.faults.add({ ...CREATE, fault: { kind: 'status', status: 500, message } });
    const { exporter, ctx } = jobdiva.connection;
    const error = { code: 'CANDIDATE_REJECTED', field: 'emails', effect: 'none' };
    await expect(exporter.exportCandidate(ctx, exportRequest())).rejects.toMatchObject(error);
  });
});
