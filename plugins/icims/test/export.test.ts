import { type ExportRequest, isExportInterrupted } from '@talentbridge/contracts';
import { candidateRecord, exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { recordOf } from './icims-subject.js';
import { callsSince, startIcims } from './start-icims.js';

const CREATE = { method: 'POST', path: '/customers/1234/people' };
const ATTACH = { method: 'POST', path: '/customers/1234/applicantworkflows' };
const JOB = { kind: 'job', jobRemoteId: '1709' } as const;

async function interruptionOf(call: Promise<unknown>): Promise<{ reference: { remoteId: string }; failure: unknown }> {
  const error = await call.catch((thrown: unknown) => thrown);
  if (!isExportInterrupted(error)) throw new Error('The export was expected to be interrupted.', { cause: error });
  return error;
}

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

describe('the same email address again', () => {
  it('EXP-9: updates the person except work experience and education', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const emails = ['ada@home.example'];
    const first = await exporter.exportCandidate(ctx, exportRequest({ candidate: { emails } }));
    const again = exportRequest({
      candidate: {
        emails: ['Ada@Home.example'],
        lastName: 'Lovelace',
        phones: [{ number: '+14155550000', type: 'work' }],
        workExperience: [{ employer: 'Fabrikam', current: true }],
        education: [{ school: 'Other School' }],
      },
    });
    const second = await exporter.exportCandidate(ctx, again);
    expect(second).toMatchObject({ remoteId: first.remoteId, outcome: 'UPDATED', warnings: [] });
    const [person, ...others] = icims.simulator.people();
    expect(others).toHaveLength(0);
    if (!person) throw new Error('unreachable');
    const record = recordOf(person);
    expect(record.lastName).toBe('Lovelace');
    expect(record.phones).toHaveLength(2);
    expect(record.workExperience.map(({ employer }) => employer)).toStrictEqual(['Northwind', 'Contoso']);
    expect(record.education.map(({ school }) => school)).toStrictEqual(['Example University']);
  });

  it('EXP-9: makes a new, separate person for another address, a dummy one too', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const candidate = candidateRecord();
    for (const emails of [['a@home.example'], ['no-email--352233856@seekout.example.com']])
      await exporter.exportCandidate(ctx, exportRequest({ candidate: { ...candidate, emails } }));
    expect(icims.simulator.people()).toHaveLength(2);
  });

  it('EXP-12: updates the one with the lowest number that was not merged away, and says that there are several', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const tenant = icims.simulator.tenant();
    const emails = ['ada@home.example'];
    const ids = [1, 2, 3].map(() => tenant.addPerson({ email: emails[0] }, tenant.user, Date.now()).person.id);
    tenant.merge(ids[0] ?? 0, ids[2] ?? 0, Date.now());
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { emails } }));
    expect(receipt).toMatchObject({
      remoteId: String(ids[1]),
      outcome: 'UPDATED',
      warnings: [{ code: 'SEVERAL_PEOPLE' }],
    });
  });

  it('EXP-12: makes a new person when the only one was merged away', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const tenant = icims.simulator.tenant();
    const emails = ['ada@home.example'];
    const old = tenant.addPerson({ email: emails[0] }, tenant.user, Date.now()).person.id;
    const other = tenant.addPerson({ email: 'else@home.example' }, tenant.user, Date.now()).person.id;
    tenant.merge(old, other, Date.now());
    const request = exportRequest({ candidate: { emails } });
    expect(await exporter.lookUp?.(ctx, [request])).toStrictEqual({});
    expect(await exporter.exportCandidate(ctx, request)).toMatchObject({ outcome: 'CREATED' });
  });

  it.each([409, 400])(
    'EXP-12: searches again and updates when iCIMS itself finds the duplicate (%d)',
    async (status) => {
      await using icims = await startIcims();
      const { exporter, ctx } = icims.connection;
      const tenant = icims.simulator.tenant();
      tenant.behaviour.duplicateMode = 'conflict';
      const emails = ['ada@home.example'];
      const { person } = tenant.addPerson({ email: emails[0] }, tenant.user, Date.now());
      if (status === 400) {
        const message = 'A person with this email address already exists.';
        icims.simulator.faults.add({ ...CREATE, fault: { kind: 'status', status, message } });
      }
      // Nobody was there when the hub looked.
      const request = exportRequest({ candidate: { emails }, lookedUp: {} });
      expect(await exporter.exportCandidate(ctx, request)).toMatchObject({
        remoteId: String(person.id),
        outcome: 'UPDATED',
      });
      expect(icims.simulator.people()).toHaveLength(1);
    },
  );

  it('EXP-12: makes the person when the one who was looked up is gone by now', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    icims.simulator.tenant().erase(Number(remoteId));
    const receipt = await exporter.exportCandidate(ctx, { ...request, lookedUp: { found: { remoteId } } });
    expect(receipt).toMatchObject({ outcome: 'CREATED' });
    expect(receipt.remoteId).not.toBe(remoteId);
  });

  it('EXP-6: refuses the one candidate whose person the API user may not see, and goes on', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    icims.simulator.tenant().person(Number(remoteId)).hidden = true;
    for (const again of [request, { ...request, lookedUp: { found: { remoteId } } }])
      await expect(exporter.exportCandidate(ctx, again)).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED' });
    expect(await exporter.lookUp?.(ctx, [request])).toMatchObject({ [request.itemId]: { remoteId } });
    expect(icims.simulator.people()).toHaveLength(1);
  });
});

describe('two candidates with one address', () => {
  it('EXP-12: become one person, even when nobody was there as the hub looked both up', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const twins = [1, 2, 3].map((count) =>
      exportRequest({ candidate: { emails: [count === 2 ? 'ADA@home.example' : 'ada@home.example'] }, lookedUp: {} }),
    );
    const receipts = await Promise.all(twins.map((request) => exporter.exportCandidate(ctx, request)));
    expect(receipts.map(({ outcome }) => outcome).toSorted()).toStrictEqual(['CREATED', 'UPDATED', 'UPDATED']);
    expect(icims.simulator.creations.of('ada@home.example')).toBe(1);
  });

  it('EXP-12: do not wait for ever when the first fails', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    icims.simulator.faults.add({ ...CREATE, times: 1, fault: { kind: 'status', status: 422 } });
    const twins = [1, 2].map(() => exportRequest({ candidate: { emails: ['ada@home.example'] }, lookedUp: {} }));
    const outcomes = await Promise.allSettled(twins.map((request) => exporter.exportCandidate(ctx, request)));
    expect(outcomes.map(({ status }) => status).toSorted()).toStrictEqual(['fulfilled', 'rejected']);
    expect(icims.simulator.people()).toHaveLength(1);
  });
});

describe('looking people up', () => {
  it('EXP-12: finds who is there of a hundred, whatever the capitals, at one search and one reading each', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const requests = Array.from({ length: 100 }, () => exportRequest());
    const known = requests.slice(0, 3);
    for (const request of known) await exporter.exportCandidate(ctx, request);
    const asked = requests.map((request) => ({
      ...request,
      candidate: { ...request.candidate, emails: request.candidate.emails.map((email) => email.toUpperCase()) },
    }));
    const before = icims.simulator.requests.all().length;
    const found = await exporter.lookUp?.(ctx, asked);
    expect(Object.keys(found ?? {}).toSorted()).toStrictEqual(known.map(({ itemId }) => itemId).toSorted());
    expect(callsSince(icims.simulator, before)).toHaveLength(4);
    expect(exporter.limits.lookUpBatch).toBe(100);
  });

  it('costs nothing for people without an address', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    expect(await exporter.lookUp?.(ctx, [exportRequest({ candidate: { emails: [] } })])).toStrictEqual({});
    expect(callsSince(icims.simulator)).toStrictEqual([]);
  });

  it('is right where a thousand people share one address', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const tenant = icims.simulator.tenant();
    for (let count = 0; count < 1100; count += 1)
      tenant.addPerson({ email: 'team@home.example' }, tenant.user, Date.now());
    const { person } = tenant.addPerson({ email: 'ada@home.example' }, tenant.user, Date.now());
    const [shared, own] = ['team@home.example', 'ada@home.example'].map((email) =>
      exportRequest({ candidate: { emails: [email] } }),
    );
    if (!shared || !own) throw new Error('unreachable');
    const found = await exporter.lookUp?.(ctx, [shared, own]);
    expect(found?.[own.itemId]).toMatchObject({ remoteId: String(person.id) });
    expect(found?.[shared.itemId]).toBeDefined();
  });
});

describe('fields that a tenant has or has not', () => {
  it('EXP-9: fills renamed ones, and puts the LinkedIn URL where the name says so', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = await icims.connectVariant();
    const request = exportRequest({ target: JOB });
    const receipt = await exporter.exportCandidate(ctx, request);
    expect(receipt.warnings).toMatchObject([{ code: 'FIELD_NOT_VISIBLE', field: 'education' }]);
    expect(icims.simulator.people()).toMatchObject([
      {
        customer: '5678',
        fields: {
          rcf3000: [{ rcf3001: 'Northwind', rcf3002: 'Staff Engineer', rcf3003: '2021-03-01' }, { rcf3001: 'Contoso' }],
          education: [{ school: { value: 'Example University' } }],
          field2201: request.candidate.socialUrls[0]?.url,
        },
        workflows: [{ source: 'Other (Please Specify)', sourcename: 'SeekOut' }],
      },
    ]);
  });

  it('EXP-9: puts the LinkedIn URL into the field that an admin chose', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = await icims.connect({ settings: { linkedinField: 'field1234' } });
    const request = exportRequest();
    await exporter.exportCandidate(ctx, request);
    const [person] = icims.simulator.people();
    expect(person?.fields['field1234']).toBe(request.candidate.socialUrls[0]?.url);
    expect(person?.fields).not.toHaveProperty('socialaccounts');
  });

  it.each([
    ['workexperience', 'workExperience'],
    ['education', 'education'],
    ['degree', 'education'],
    ['phones', 'phones'],
    ['phonetype', 'phones'],
    ['socialaccounts', 'socialUrls'],
    ['lastname', 'lastName'],
  ])('EXP-6: leaves out %s with a warning when the API user does not see it', async (hidden, field) => {
    await using icims = await startIcims();
    icims.simulator.tenant().user.hiddenFields.add(hidden);
    const { exporter, ctx } = icims.connection;
    const { outcome, warnings } = await exporter.exportCandidate(ctx, exportRequest());
    expect({ outcome, warnings }).toMatchObject({
      outcome: 'CREATED',
      warnings: [{ code: 'FIELD_NOT_VISIBLE', field }],
    });
    expect(warnings).toHaveLength(1);
  });

  it('asks an admin when not even the email address may be written', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().user.hiddenFields.add('email');
    const { exporter, ctx } = icims.connection;
    await expect(exporter.exportCandidate(ctx, exportRequest({ lookedUp: {} }))).rejects.toMatchObject({
      code: 'ATS_PERMISSION_MISSING',
    });
  });

  it('EXP-6: names the fields that a tenant requires and the candidate has not, and what an admin does', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().user.requiredFields.add('field1234').add('middlename');
    const { exporter, ctx } = icims.connection;
    const call = exporter.exportCandidate(ctx, exportRequest());
    await expect(call).rejects.toMatchObject({
      code: 'CANDIDATE_REJECTED',
      reason: expect.stringMatching(/Preferred Shift \(field1234\).*Middle Name \(middlename\).*make them optional/),
    });
    await exporter.exportCandidate(ctx, exportRequest()).catch(() => undefined);
    const schemas = callsSince(icims.simulator).filter((one) => one.includes('profiledefinitions'));
    expect(schemas, 'a run of refusals does not read it each time').toHaveLength(1);
  });

  it('EXP-12: does not lose a candidate whose school matches a hidden option of the list', async () => {
    await using icims = await startIcims();
    const option = { id: 'C1', value: 'Example University', hidden: true };
    icims.simulator.tenant().lists.set('school', new Map([['example university', option]]));
    const { exporter, ctx } = icims.connection;
    const receipt = await exporter.exportCandidate(ctx, exportRequest());
    expect(receipt).toMatchObject({ outcome: 'CREATED', warnings: [{ code: 'VALUE_REFUSED', field: 'education' }] });
    expect(icims.simulator.people()).toHaveLength(1);
  });

  it('reads the schema anew after a field was hidden in the middle of an export', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    await exporter.exportCandidate(ctx, exportRequest());
    icims.simulator.tenant().user.hiddenFields.add('education');
    expect((await exporter.exportCandidate(ctx, exportRequest())).warnings).toMatchObject([{ code: 'VALUE_REFUSED' }]);
    expect((await exporter.exportCandidate(ctx, exportRequest())).warnings).toMatchObject([
      { code: 'FIELD_NOT_VISIBLE' },
    ]);
  });

  it('never sends a blank, which would delete what is there', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const { candidate } = exportRequest();
    await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    await exporter.exportCandidate(
      ctx,
      exportRequest({ candidate: { ...candidate, firstName: ' ', lastName: '', phones: [], socialUrls: [] } }),
    );
    expect(icims.simulator.people()).toMatchObject([
      { fields: { firstname: candidate.firstName, lastname: candidate.lastName, phones: [{}], socialaccounts: [{}] } },
    ]);
  });
});

describe('after silence', () => {
  it('EXP-12: attaches the person of an earlier try once, and calls it created', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest({ target: JOB });
    icims.simulator.faults.add({ ...ATTACH, times: 1, fault: { kind: 'failAfterWrite' } });
    const { reference } = await interruptionOf(exporter.exportCandidate(ctx, request));
    const receipt = await exporter.exportCandidate(ctx, { ...request, existing: reference });
    expect(receipt).toMatchObject({ remoteId: reference.remoteId, outcome: 'CREATED' });
    expect(icims.simulator.people()).toMatchObject([{ workflows: [{}] }]);
  });

  it('EXP-12: calls it updated when the person was there before the item', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const { candidate } = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    icims.simulator.clock.advance(3_600_000);
    const request: ExportRequest = exportRequest({ candidate, target: JOB, firstTriedAt: icims.simulator.clock.iso() });
    const receipt = await exporter.exportCandidate(ctx, { ...request, existing: { remoteId } });
    expect(receipt).toMatchObject({ remoteId, outcome: 'UPDATED' });
  });

  it('EXP-12: does not take a person for its own who was there before, nor one of another item', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    expect(await exporter.findExported?.(ctx, request)).toMatchObject({ remoteId });
    expect(await exporter.findExported?.(ctx, { ...request, notThese: [remoteId] })).toBeUndefined();
    const later = { ...request, firstTriedAt: new Date(Date.now() + 10 * 60_000).toISOString() };
    expect(await exporter.findExported?.(ctx, later)).toBeUndefined();
  });

  it.each(['00:00:30', '11:59:59', '12:00:00', '12:59:00', '23:59:30'])(
    'finds it at any time of day (%s)',
    async (time) => {
      await using icims = await startIcims();
      const { exporter, ctx } = icims.connection;
      const { clock } = icims.simulator;
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      clock.advance(Date.parse(`${tomorrow}T${time}Z`) - clock.now());
      const request = exportRequest({ firstTriedAt: clock.iso() });
      const { remoteId } = await exporter.exportCandidate(ctx, request);
      expect(await exporter.findExported?.(ctx, request)).toMatchObject({ remoteId });
    },
  );

  it('says that the person is gone when an earlier try made one who was deleted since', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const request = exportRequest({ target: JOB });
    const { remoteId } = await exporter.exportCandidate(ctx, exportRequest());
    icims.simulator.tenant().erase(Number(remoteId));
    const { failure } = await interruptionOf(exporter.exportCandidate(ctx, { ...request, existing: { remoteId } }));
    expect(failure).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND', recordType: 'person' });
  });

  it('EXP-12: does not call an outage "nothing there"', async () => {
    await using icims = await startIcims();
    icims.simulator.faults.add({ path: '/customers/1234/search/people', fault: { kind: 'failBeforeWrite' } });
    const { exporter, ctx } = icims.connection;
    await expect(exporter.findExported?.(ctx, exportRequest())).rejects.toMatchObject({ recovery: 'retry' });
    await expect(exporter.lookUp?.(ctx, [exportRequest()])).rejects.toMatchObject({ recovery: 'retry' });
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

describe('the jobs to choose from', () => {
  it('EXP-2: are those of all portals, each once, with their own titles', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const { items } = await exporter.listJobs(ctx, {});
    expect(items.map(({ remoteId, title, code }) => [remoteId, title, code])).toStrictEqual([
      ['1709', 'Data Engineer', '2026-1709'],
      ['1710', 'Talent Partner', '2026-1710'],
      ['1711', 'Field Technician', '2026-1711'],
    ]);
    expect(items[0]).toMatchObject({ open: true, statusLabel: 'Approved', location: 'Oakland, CA' });
  });

  it('cost one call a portal once their titles are known, and no call a job where there are many', async () => {
    await using icims = await startIcims({ jobs: 300 });
    const { exporter, ctx } = icims.connection;
    const { items } = await exporter.listJobs(ctx, {});
    expect(items).toHaveLength(303);
    expect(items.at(-1)).toMatchObject({ title: 'Field Engineer 300' });
    expect(callsSince(icims.simulator)).toHaveLength(2);
    await exporter.listJobs(ctx, { search: 'technician' });
    await exporter.listJobs(ctx, { search: 'technician' });
    expect(callsSince(icims.simulator).filter((call) => call.startsWith('GET /jobs/'))).toStrictEqual([
      'GET /jobs/1711',
    ]);
    expect(callsSince(icims.simulator)).toHaveLength(2 + 2 + 1 + 2);
  });

  it('EXP-2: come in pages of the wished size', async () => {
    await using icims = await startIcims({ jobs: 40 });
    const { exporter, ctx } = icims.connection;
    const first = await exporter.listJobs(ctx, { first: 20 });
    expect(first.items).toHaveLength(20);
    const second = await exporter.listJobs(ctx, { first: 20, cursor: first.cursor ?? '' });
    const third = await exporter.listJobs(ctx, { first: 20, cursor: second.cursor ?? '' });
    expect(third.cursor).toBeUndefined();
    const ids = [first, second, third].flatMap(({ items }) => items.map(({ remoteId }) => remoteId));
    expect(new Set(ids).size).toBe(43);
  });

  it('EXP-2: are all there on a portal with more than a thousand', async () => {
    await using icims = await startIcims({ jobs: 2300 });
    const { exporter, ctx } = icims.connection;
    const ids = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const page = await exporter.listJobs(ctx, cursor === undefined ? {} : { cursor });
      for (const { remoteId } of page.items) ids.add(remoteId);
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    expect(ids.size).toBe(2303);
  });

  it('EXP-12: are checked on the portals that answer when another one is gone', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().portals.delete('2');
    const { exporter, ctx } = icims.connection;
    expect(await exporter.exportCandidate(ctx, exportRequest({ target: JOB }))).toMatchObject({ outcome: 'CREATED' });
    const elsewhere = { kind: 'job', jobRemoteId: '1711' } as const;
    await expect(exporter.exportCandidate(ctx, exportRequest({ target: elsewhere }))).rejects.toMatchObject({
      recordType: 'job portal',
    });
  });

  it('say which portal is unknown', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().portals.delete('2');
    const { exporter, permissions, ctx } = icims.connection;
    await expect(exporter.listJobs(ctx, {})).rejects.toMatchObject({ recordType: 'job portal', remoteId: '2' });
    const results = await permissions.check(ctx, ['export']);
    expect(results.filter(({ status }) => status === 'missing')).toMatchObject([{ permission: 'jobs.read.2' }]);
  });
});
