import type { CandidateRecord, ContactAddition, ContactReceipt } from '@talentbridge/contracts';
import { exportRequest, type PluginConnection } from '@talentbridge/testkit';
import { expect, it } from 'vitest';
import { callsSince, startIcims } from './start-icims.js';

const MADE_UP = { firstName: 'The Network', lastName: 'member', email: 'no-email-7@dummy.example' };

async function send({ exporter, ctx }: PluginConnection, candidate: Partial<CandidateRecord>): Promise<string> {
  return (await exporter.exportCandidate(ctx, exportRequest({ candidate }))).remoteId;
}

/** Sends a nameless person of the network, with a placeholder address. */
function sendNameless(connection: PluginConnection): Promise<string> {
  const { firstName, lastName, email } = MADE_UP;
  return send(connection, { firstName, lastName, emails: [email], phones: [] });
}

async function add(
  { exporter, ctx }: PluginConnection,
  addition: Pick<ContactAddition, 'remoteId'> & Partial<ContactAddition>,
): Promise<ContactReceipt | undefined> {
  return exporter.addContact?.(ctx, { firstName: 'Ada', lastName: 'Okafor', emails: [], phones: [], ...addition });
}

const numbers = (...texts: readonly string[]): ContactAddition['phones'] =>
  texts.map((number) => ({ number, type: 'other' }));

it('RSC-4: keeps the address that is there, adds every number as an entry of its own, and tells what finds no place', async () => {
  await using icims = await startIcims();
  const { connection, simulator } = icims;
  const remoteId = await send(connection, {
    emails: ['ada@home.example'],
    phones: [{ number: '+1 415 555 0100', type: 'home' }],
  });
  const before = simulator.requests.all().length;
  const addition = {
    remoteId,
    emails: ['ADA@home.example', 'ada@work.example'],
    phones: [...numbers('+14155550100', '+14155550101'), { number: '+14155550102', type: 'mobile' as const }],
  };
  const leftOut = { emails: ['ada@work.example'], phones: [] };
  expect(await add(connection, addition)).toEqual({ outcome: 'UPDATED', leftOut });
  expect(await add(connection, addition)).toEqual({ outcome: 'KNOWN', leftOut });
  expect(callsSince(simulator, before)).toEqual([
    `GET /people/${remoteId}`,
    `POST /people/${remoteId}/fields/phones`,
    `POST /people/${remoteId}/fields/phones`,
    `GET /people/${remoteId}`,
  ]);
  expect(simulator.people()).toMatchObject([
    {
      fields: {
        email: 'ada@home.example',
        phones: [
          { phonenumber: '+1 415 555 0100', phonetype: { value: 'Home' } },
          { phonenumber: '+14155550101' },
          { phonenumber: '+14155550102', phonetype: { value: 'Mobile' } },
        ],
      },
    },
  ]);
});

it('RSC-4: a placeholder address and a name that nobody knew make way for what is known', async () => {
  await using icims = await startIcims();
  const remoteId = await sendNameless(icims.connection);
  const receipt = await add(icims.connection, { remoteId, emails: ['ada@home.example'], madeUp: MADE_UP });
  expect(receipt).toEqual({ outcome: 'UPDATED', leftOut: { emails: [], phones: [] } });
  expect(icims.simulator.people()).toMatchObject([
    { fields: { firstname: 'Ada', lastname: 'Okafor', email: 'ada@home.example' } },
  ]);
});

it('RSC-4: what reads like a placeholder stays where nothing was made up', async () => {
  await using icims = await startIcims();
  const remoteId = await sendNameless(icims.connection);
  const emails = ['ada@home.example'];
  expect(await add(icims.connection, { remoteId, emails })).toMatchObject({ outcome: 'KNOWN', leftOut: { emails } });
  expect(icims.simulator.people()).toMatchObject([{ fields: { firstname: MADE_UP.firstName, email: MADE_UP.email } }]);
});

it('RSC-4: numbers whose field the API user cannot see are left for a person', async () => {
  await using icims = await startIcims();
  const remoteId = await sendNameless(icims.connection);
  icims.simulator.tenant().user.hiddenFields.add('phones');
  const later = await icims.connect({});
  const addition = { remoteId, phones: numbers('+14155550100') };
  expect(await add(later, addition)).toEqual({ outcome: 'KNOWN', leftOut: { emails: [], phones: ['+14155550100'] } });
});

it('RSC-4: somebody else with the address is for a person to merge', async () => {
  await using icims = await startIcims();
  const { connection, simulator } = icims;
  await send(connection, { emails: ['ada@home.example'] });
  const remoteId = await sendNameless(connection);
  simulator.tenant().behaviour.duplicateMode = 'conflict';
  const outcome = add(connection, { remoteId, emails: ['ada@home.example'], madeUp: MADE_UP });
  await expect(outcome).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED', field: 'emails' });
  await expect(outcome).rejects.toThrow(/Merge/);
  await expect(outcome).rejects.not.toThrow(/ada@home|Okafor/);
});

it('RSC-4: a field that the tenant requires of every change is named', async () => {
  await using icims = await startIcims();
  const remoteId = await sendNameless(icims.connection);
  icims.simulator.tenant().user.requiredFields.add('externalid');
  const outcome = add(icims.connection, { remoteId, phones: numbers('+14155550100') });
  await expect(outcome).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED' });
  await expect(outcome).rejects.toThrow(/externalid/);
  await expect(outcome).rejects.not.toThrow(/4155550100|Okafor/);
});

it('RSC-4: somebody in the Purge folder is gone, and somebody who is hidden is not', async () => {
  await using icims = await startIcims();
  const { connection, simulator } = icims;
  const remoteId = await sendNameless(connection);
  const phones = numbers('+14155550100');
  simulator.tenant().setHidden('people', Number(remoteId), true);
  await expect(add(connection, { remoteId, phones })).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED' });
  simulator.tenant().setHidden('people', Number(remoteId), false);
  simulator.tenant().purge(Number(remoteId), simulator.clock.now());
  await expect(add(connection, { remoteId, phones })).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
});
