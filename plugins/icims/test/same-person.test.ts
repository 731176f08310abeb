import { candidateRecord, exportRequest } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { recordOf } from './icims-subject.js';
import { callsSince, startIcims } from './start-icims.js';

const CREATE = { method: 'POST', path: '/customers/1234/people' };

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
