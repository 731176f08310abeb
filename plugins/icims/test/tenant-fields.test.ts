import { exportRequest } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { JOB } from './export-support.js';
import { callsSince, startIcims } from './start-icims.js';

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
