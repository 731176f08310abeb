import type { CandidateRecord, ContactAddition, ContactReceipt } from '@talentbridge/contracts';
import { exportRequest } from '@talentbridge/testkit';
import { expect, it } from 'vitest';
import { type StartedSmartRecruiters, startSmartRecruiters } from './start-smartrecruiters.js';

const CHANGE = { method: 'PATCH', path: '/candidates/*' };
const MADE_UP = { firstName: 'The Network', lastName: 'member', email: 'no-email-7@dummy.example' };

async function send(
  { connection: { exporter, ctx } }: StartedSmartRecruiters,
  candidate: Partial<CandidateRecord>,
): Promise<string> {
  return (await exporter.exportCandidate(ctx, exportRequest({ candidate }))).remoteId;
}

/** Sends a nameless person of the network, with a placeholder address. */
function sendNameless(started: StartedSmartRecruiters): Promise<string> {
  const { firstName, lastName, email } = MADE_UP;
  return send(started, { firstName, lastName, emails: [email], phones: [] });
}

async function add(
  { connection: { exporter, ctx } }: StartedSmartRecruiters,
  addition: Pick<ContactAddition, 'remoteId'> & Partial<ContactAddition>,
): Promise<ContactReceipt | undefined> {
  return exporter.addContact?.(ctx, { firstName: 'Ada', lastName: 'Okafor', emails: [], phones: [], ...addition });
}

function changesOf({ simulator }: StartedSmartRecruiters): number {
  return simulator.requests.matching({ method: 'PATCH', path: /^\/candidates\// }).length;
}

const numbers = (...texts: readonly string[]): ContactAddition['phones'] =>
  texts.map((number) => ({ number, type: 'other' }));

it('RSC-4: fills the one place for numbers, keeps the address that is there, and tells what finds no place', async () => {
  await using smartRecruiters = await startSmartRecruiters();
  const remoteId = await send(smartRecruiters, { emails: ['ada@home.example'], phones: [] });
  const [before] = smartRecruiters.simulator.candidates();
  const addition = {
    remoteId,
    emails: ['ADA@home.example', 'ada@work.example'],
    phones: numbers('+14155550100', '+14155550101'),
  };
  const leftOut = { emails: ['ada@work.example'], phones: ['+14155550101'] };
  expect(await add(smartRecruiters, addition)).toEqual({ outcome: 'UPDATED', leftOut });
  expect(await add(smartRecruiters, addition)).toEqual({ outcome: 'KNOWN', leftOut });
  expect(changesOf(smartRecruiters)).toBe(1);
  const [after] = smartRecruiters.simulator.candidates();
  expect(after).toEqual({ ...before, phoneNumber: '+14155550100', updatedOn: after?.updatedOn });
});

it('RSC-4: a number in other punctuation is there already', async () => {
  await using smartRecruiters = await startSmartRecruiters();
  const remoteId = await send(smartRecruiters, { phones: numbers('+1 (415) 555-0100') });
  const addition = { remoteId, phones: numbers('+14155550100') };
  expect(await add(smartRecruiters, addition)).toEqual({ outcome: 'KNOWN', leftOut: { emails: [], phones: [] } });
  expect(changesOf(smartRecruiters)).toBe(0);
});

it('RSC-4: a placeholder address and a name that nobody knew make way for what is known', async () => {
  await using smartRecruiters = await startSmartRecruiters();
  const remoteId = await sendNameless(smartRecruiters);
  const receipt = await add(smartRecruiters, { remoteId, emails: ['ada@home.example'], madeUp: MADE_UP });
  expect(receipt).toEqual({ outcome: 'UPDATED', leftOut: { emails: [], phones: [] } });
  expect(smartRecruiters.simulator.candidates()).toMatchObject([
    { firstName: 'Ada', lastName: 'Okafor', email: 'ada@home.example' },
  ]);
});

it('RSC-4: a placeholder address stays while there is no other, and where nothing was made up', async () => {
  await using smartRecruiters = await startSmartRecruiters();
  const remoteId = await sendNameless(smartRecruiters);
  const { firstName, lastName, email } = MADE_UP;
  const phones = numbers('+14155550100');
  await add(smartRecruiters, { remoteId, firstName, lastName, phones, madeUp: MADE_UP });
  const emails = ['ada@home.example'];
  expect(await add(smartRecruiters, { remoteId, emails })).toMatchObject({ outcome: 'KNOWN', leftOut: { emails } });
  expect(smartRecruiters.simulator.candidates()).toMatchObject([
    { firstName, lastName, email, phoneNumber: '+14155550100' },
  ]);
});

it('RSC-4: somebody else with the address and the last name is for a person to merge', async () => {
  await using smartRecruiters = await startSmartRecruiters();
  await send(smartRecruiters, { firstName: 'Ada', lastName: 'Okafor', emails: ['ada@home.example'] });
  const remoteId = await sendNameless(smartRecruiters);
  const outcome = add(smartRecruiters, { remoteId, emails: ['ada@home.example'], madeUp: MADE_UP });
  await expect(outcome).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED', field: 'emails' });
  await expect(outcome).rejects.toThrow(/CANDIDATE_DATA_CONFLICT.*Merge/);
  await expect(outcome).rejects.not.toThrow(/ada@home|Okafor/);
});

it.each([
  [400, 'CANDIDATE_REJECTED'],
  [405, 'CANDIDATE_REJECTED'],
  [422, 'CANDIDATE_REJECTED'],
  [403, 'ATS_PERMISSION_MISSING'],
  [503, 'ATS_UNAVAILABLE'],
])('RSC-4: an account that answers %i to a change says so, without the person', async (status, code) => {
  await using smartRecruiters = await startSmartRecruiters();
  const remoteId = await sendNameless(smartRecruiters);
  smartRecruiters.simulator.faults.add({ ...CHANGE, fault: { kind: 'status', status } });
  const outcome = add(smartRecruiters, { remoteId, phones: numbers('+14155550100') });
  await expect(outcome).rejects.toMatchObject({ code });
  await expect(outcome).rejects.not.toThrow(/4155550100|Okafor/);
});

it('RSC-4: somebody who is deleted while they are changed is gone', async () => {
  await using smartRecruiters = await startSmartRecruiters();
  const remoteId = await sendNameless(smartRecruiters);
  const body = { message: 'Not found', errors: [{ code: 'CANDIDATE_NOT_FOUND' }] };
  smartRecruiters.simulator.faults.add({ ...CHANGE, fault: { kind: 'status', status: 404, body } });
  const outcome = add(smartRecruiters, { remoteId, phones: numbers('+14155550100') });
  await expect(outcome).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
});
