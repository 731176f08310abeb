import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { ATTACH, interruptionOf, JOB } from './export-support.js';
import { callsSince, startIcims } from './start-icims.js';

describe('an export to a job', () => {
  it('EXP-9: makes a person, and a workflow with the source and the status Recruiter Submitted', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest({ target: JOB });
    const receipt = await exporter.exportCandidate(ctx, request);
    expect(receipt).toStrictEqual({
      remoteId: expect.stringMatching(/^\d+$/),
      remoteUrl: `https://api.icims.com/customers/1234/linkTo/people/${receipt.remoteId}`,
      outcome: 'CREATED',
      warnings: [],
    });
    expect(icims.simulator.people()).toMatchObject([
      {
        fields: {
          firstname: request.candidate.firstName,
          email: request.candidate.emails[0],
          phones: [{ phonetype: { value: 'Mobile' } }],
          socialaccounts: [{ socialaccounttype: { value: 'LinkedIn' } }],
          workexperience: [
            { workemployer: 'Northwind', workstartdate: '2021-03-01' },
            { workemployer: 'Contoso', workstartdate: '2016-09-01', workenddate: '2021-02-01' },
          ],
          education: [{ school: { value: 'Example University' }, degree: { value: 'Bachelor' } }],
        },
        workflows: [
          {
            jobId: 1709,
            source: 'SeekOut',
            sourcename: 'SeekOut',
            status: { id: 'D10105', value: 'New Submissions - Recruiter Submitted' },
          },
        ],
      },
    ]);
  });

  it('EXP-2: makes a prospect of a candidate without a job: a person without a workflow', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    await exporter.exportCandidate(ctx, exportRequest());
    expect(icims.simulator.people()).toMatchObject([{ folder: 'Active', workflows: [] }]);
  });

  it('EXP-6: refuses a job that is on no portal before a person is made', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const target = { kind: 'job', jobRemoteId: '1712' } as const;
    await expect(exporter.exportCandidate(ctx, exportRequest({ target }))).rejects.toMatchObject({
      code: 'JOB_NOT_OPEN',
    });
    expect(icims.simulator.people()).toHaveLength(0);
  });

  it('EXP-6: says that the job is gone when it was deleted in the middle of an export, and keeps the person', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
    icims.simulator.tenant().jobs.delete(1709);
    const { reference, failure } = await interruptionOf(exporter.exportCandidate(ctx, exportRequest({ target: JOB })));
    expect(failure).toMatchObject({ code: 'JOB_NOT_OPEN', jobRemoteId: '1709' });
    expect(icims.simulator.people().map(({ id }) => String(id))).toContain(reference.remoteId);
  });

  it('EXP-12: takes a workflow that is there already for success', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest({ target: JOB });
    await exporter.exportCandidate(ctx, request);
    expect(await exporter.exportCandidate(ctx, exportRequest({ ...request }))).toMatchObject({ outcome: 'UPDATED' });
    expect(icims.simulator.people()).toMatchObject([{ workflows: [{ jobId: 1709 }] }]);
  });

  it('EXP-12: takes a 409 for success when the person is on the job, and for a refusal when not', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    // What a proxy makes of it that repeats a request on its own.
    icims.simulator.faults.add({ ...ATTACH, times: 1, fault: { kind: 'failAfterWrite', status: 409 } });
    expect(await exporter.exportCandidate(ctx, exportRequest({ target: JOB }))).toMatchObject({ outcome: 'CREATED' });
    icims.simulator.faults.add({ ...ATTACH, times: 1, fault: { kind: 'status', status: 409 } });
    const { failure } = await interruptionOf(exporter.exportCandidate(ctx, exportRequest({ target: JOB })));
    expect(failure).toMatchObject({ recovery: 'skip' });
  });

  it('EXP-9: falls back to "Other (Please Specify)" where sources are a list, and asks once only', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().sources = ['Job Board', 'Other (Please Specify)'];
    const { exporter, ctx } = icims.connection;
    await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
    await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
    for (const { workflows } of icims.simulator.people())
      expect(workflows).toMatchObject([{ source: 'Other (Please Specify)', sourcename: 'SeekOut' }]);
    expect(callsSince(icims.simulator).filter((call) => call === 'POST /applicantworkflows')).toHaveLength(3);
  });
});

describe('the status of a workflow', () => {
  it('comes from the setting where an admin entered its id', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().statuses.push({ id: 'C777', value: 'Sourced', hidden: false });
    const { exporter, ctx } = await icims.connect({ settings: { recruiterSubmittedStatusId: 'C777' } });
    await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
    expect(icims.simulator.people()).toMatchObject([{ workflows: [{ status: { id: 'C777' } }] }]);
    expect(callsSince(icims.simulator).filter((call) => call.includes('lists'))).toStrictEqual([]);
  });

  it('has the id that the tenant gave it', async () => {
    await using icims = await startIcims();
    const { statuses } = icims.simulator.tenant();
    statuses.splice(0, Infinity, { id: 'C1', value: 'New', hidden: false }, { id: 'C2', value: 'A', hidden: false });
    statuses.push({ id: 'C3', value: 'First Steps - Recruiter Submitted', hidden: false });
    const { exporter, ctx } = icims.connection;
    await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
    expect(icims.simulator.people()).toMatchObject([{ workflows: [{ status: { id: 'C3' } }] }]);
  });

  it.each([true, false])(
    'is named by its label, then by its usual id, where lists are not served (%s)',
    async (byLabel) => {
      await using icims = await startIcims();
      Object.assign(icims.simulator.tenant().behaviour, { lists: false, statusByLabel: byLabel });
      const { exporter, ctx } = icims.connection;
      const receipt = await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
      expect(receipt.warnings).toStrictEqual([]);
      expect(icims.simulator.people()).toMatchObject([{ workflows: [{ status: { id: 'D10105' } }] }]);
    },
  );

  it('EXP-6: is not given up for all because one candidate was refused with a word about it', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const message = 'The status of this profile does not permit it.';
    icims.simulator.faults.add({ ...ATTACH, times: 4, fault: { kind: 'status', status: 400, message } });
    await interruptionOf(exporter.exportCandidate(ctx, exportRequest({ target: JOB })));
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
    expect(receipt.warnings).toStrictEqual([]);
    expect(icims.simulator.people().at(-1)?.workflows).toMatchObject([{ status: { id: 'D10105' } }]);
  });

  it('is left to iCIMS, with a warning, where none of that is taken', async () => {
    await using icims = await startIcims();
    const tenant = icims.simulator.tenant();
    tenant.statuses.splice(0, Infinity, { id: 'C1', value: 'New', hidden: false });
    const { exporter, ctx } = icims.connection;
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ target: JOB }));
    expect(receipt.warnings).toMatchObject([{ code: 'STATUS_NOT_SET' }]);
    expect(icims.simulator.people()).toMatchObject([{ workflows: [{ status: { id: 'C1' } }] }]);
  });
});

describe('the résumé', () => {
  it('EXP-7: is neither declared nor sent unless the admin turns it on', async () => {
    await using icims = await startIcims();
    const { exporter, permissions, ctx } = icims.connection;
    expect(exporter.fields.map(({ name }) => name)).not.toContain('resume');
    await exporter.exportCandidate(ctx, exportRequest({ resume: resumeFile() }));
    expect(icims.simulator.people()[0]?.resume).toBeUndefined();
    expect((await permissions.check(ctx, ['export'])).map(({ permission }) => permission)).not.toContain(
      'resume.write',
    );
  });

  it('EXP-7: goes to a new person, under a name that a header can carry', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = await icims.connect({ settings: { sendResume: true } });
    await exporter.exportCandidate(ctx, exportRequest({ resume: resumeFile('Zoë "Bo" résumé.pdf') }));
    expect(icims.simulator.people()[0]?.resume).toStrictEqual({ filename: 'Zoe _Bo_ resume.pdf', uploads: 1 });
  });

  it.each([403, 413, 422])('EXP-7: is a warning when iCIMS does not take it (%d)', async (status) => {
    await using icims = await startIcims();
    const { exporter, ctx } = await icims.connect({ settings: { sendResume: true } });
    const path = '/customers/1234/people/*/fields/resume/binary';
    icims.simulator.faults.add({ method: 'PATCH', path, fault: { kind: 'status', status } });
    const { outcome, warnings } = await exporter.exportCandidate(ctx, exportRequest({ resume: resumeFile() }));
    expect({ outcome, warnings }).toMatchObject({ outcome: 'CREATED', warnings: [{ code: 'RESUME_REFUSED' }] });
  });

  it('EXP-7: keeps one of the person, and reads no more of it than it takes to tell', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = await icims.connect({ settings: { sendResume: true } });
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    // More than the client takes of any answer.
    const own = { filename: 'own.pdf', contentType: 'application/pdf', bytes: Buffer.alloc(11 * 1024 * 1024, 'x') };
    icims.simulator.tenant().putResume(Number(remoteId), own, Date.now());
    const receipt = await exporter.exportCandidate(ctx, { ...request, resume: resumeFile() });
    expect(receipt).toMatchObject({ outcome: 'UPDATED', warnings: [{ code: 'RESUME_KEPT' }] });
  });

  it('EXP-7: does not replace one that a person had, and goes to a known person without one', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = await icims.connect({ settings: { sendResume: true } });
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    const again = (): Promise<unknown> =>
      exporter.exportCandidate(ctx, { ...request, resume: resumeFile('generated.pdf') });
    expect(await again()).toMatchObject({ outcome: 'UPDATED', warnings: [] });
    const own = { filename: 'own.docx', contentType: 'application/msword', bytes: Buffer.from('own') };
    icims.simulator.tenant().putResume(Number(remoteId), own, Date.now());
    expect(await again()).toMatchObject({ outcome: 'UPDATED', warnings: [{ code: 'RESUME_KEPT' }] });
    expect(icims.simulator.people()[0]?.resume?.filename).toBe('own.docx');
  });
});

it('EXP-6: a search that iCIMS refuses is a fault of the plugin, and none of the candidate', async () => {
  await using icims = await startIcims();
  const { exporter, ctx } = icims.connection;
  const path = '/customers/1234/search/people';
  icims.simulator.faults.add({ path, fault: { kind: 'status', status: 400 } });
  await expect(exporter.exportCandidate(ctx, exportRequest())).rejects.toMatchObject({
    code: 'ATS_REQUEST_REFUSED',
    recovery: 'fix',
    effect: 'none',
  });
});
