import type { CandidateRecord, ContactAddition, ContactReceipt } from '@talentbridge/contracts';
import { exportRequest } from '@talentbridge/testkit';
import { expect, it } from 'vitest';
import { startJobDiva } from './start-jobdiva.js';

type Started = Awaited<ReturnType<typeof startJobDiva>>;

const PATH = '/apiv2/jobdiva/updateCandidateProfile';
const MADE_UP = { firstName: 'The Network', lastName: 'member', email: 'no-email-7@dummy.example' };

async function send({ connection: { exporter, ctx } }: Started, candidate: Partial<CandidateRecord>): Promise<string> {
  return (await exporter.exportCandidate(ctx, exportRequest({ candidate }))).remoteId;
}

/** Sends a nameless person of the network, with a placeholder address. */
function sendNameless(started: Started): Promise<string> {
  const { firstName, lastName, email } = MADE_UP;
  return send(started, { firstName, lastName, emails: [email], phones: [] });
}

async function add(
  { connection: { exporter, ctx } }: Started,
  addition: Pick<ContactAddition, 'remoteId'> & Partial<ContactAddition>,
): Promise<ContactReceipt | undefined> {
  return exporter.addContact?.(ctx, { firstName: 'Ada', lastName: 'Okafor', emails: [], phones: [], ...addition });
}

const numbers = (...texts: readonly string[]): ContactAddition['phones'] =>
  texts.map((number) => ({ number, type: 'other' }));

it('RSC-4: fills the places for addresses and numbers that are free, and tells what finds none', async () => {
  await using jobDiva = await startJobDiva();
  const remoteId = await send(jobDiva, {
    emails: ['ada@home.example'],
    phones: [{ number: '+1 415 555 0100', type: 'home' }],
  });
  const [before] = jobDiva.simulator.candidates();
  const addition = {
    remoteId,
    emails: ['ADA@home.example', 'ada@work.example', 'ada@club.example'],
    phones: numbers('+14155550100', '+14155550101', '+14155550102', '+14155550103'),
  };
  const leftOut = { emails: ['ada@club.example'], phones: ['+14155550103'] };
  expect(await add(jobDiva, addition)).toEqual({ outcome: 'UPDATED', leftOut });
  expect(await add(jobDiva, addition)).toEqual({ outcome: 'KNOWN', leftOut });
  expect(jobDiva.simulator.requests.matching({ method: 'POST', path: new RegExp(`^${PATH}$`) })).toHaveLength(1);
  const [after] = jobDiva.simulator.candidates();
  expect(after).toEqual({
    ...before,
    alternateemail: 'ada@work.example',
    phones: [
      { phone: '+1 415 555 0100', type: 'H' },
      { phone: '+14155550101', type: 'C' },
      { phone: '+14155550102', type: 'W' },
    ],
    updatedAt: after?.updatedAt,
  });
});

it('RSC-4: a placeholder address and a name that nobody knew make way for what is known', async () => {
  await using jobDiva = await startJobDiva();
  const remoteId = await sendNameless(jobDiva);
  await add(jobDiva, { remoteId, emails: ['ada@home.example'], madeUp: MADE_UP });
  expect(jobDiva.simulator.candidates()).toMatchObject([
    { firstName: 'Ada', lastName: 'Okafor', email: 'ada@home.example', alternateemail: '' },
  ]);
});

it('RSC-4: what reads like a placeholder stays where nothing was made up', async () => {
  await using jobDiva = await startJobDiva();
  const remoteId = await sendNameless(jobDiva);
  await add(jobDiva, { remoteId, emails: ['ada@home.example'] });
  expect(jobDiva.simulator.candidates()).toMatchObject([
    { firstName: MADE_UP.firstName, email: MADE_UP.email, alternateemail: 'ada@home.example' },
  ]);
});

it('RSC-4: somebody else with the address is for a person to merge', async () => {
  await using jobDiva = await startJobDiva();
  await send(jobDiva, { emails: ['ada@home.example'] });
  const remoteId = await sendNameless(jobDiva);
  const outcome = add(jobDiva, { remoteId, emails: ['ada@home.example'], madeUp: MADE_UP });
  await expect(outcome).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED', field: 'emails' });
  await expect(outcome).rejects.toThrow(/Merge/);
  await expect(outcome).rejects.not.toThrow(/ada@home|Okafor/);
});

it('RSC-4: a number that JobDiva refuses is refused with its reason, without the person', async () => {
  await using jobDiva = await startJobDiva();
  const remoteId = await sendNameless(jobDiva);
  const message = 'Parameter Check Failed \r\nError: Phone(+14155550100) is not valid for Ada Okafor\r\n';
  const body = { status: 500, error: 'Internal Server Error', message };
  jobDiva.simulator.faults.add({ method: 'POST', path: PATH, fault: { kind: 'status', status: 500, body } });
  const outcome = add(jobDiva, { remoteId, phones: numbers('+14155550100') });
  await expect(outcome).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED', field: 'phones' });
  await expect(outcome).rejects.not.toThrow(/4155550100|Okafor/);
});

it.each(['updateCandidateProfile', 'CandidatesDetail'])('RSC-4: says that %s is not enabled', async (method) => {
  await using jobDiva = await startJobDiva();
  const remoteId = await sendNameless(jobDiva);
  jobDiva.simulator.account().allow(method, false);
  const outcome = add(jobDiva, { remoteId, emails: ['ada@home.example'] });
  await expect(outcome).rejects.toMatchObject({ code: 'ATS_PERMISSION_MISSING' });
});
