import type { ContactAddition, ContactReceipt } from '@talentbridge/contracts';
import { exportRequest } from '@talentbridge/testkit';
import { expect, it } from 'vitest';
import { type StartedJobScore, startJobScore } from './start-jobscore.js';

const CHANGE = { method: 'PATCH', path: '/v2/candidates/*' };
const MADE_UP = { firstName: 'The Network', lastName: 'member', email: 'no-email-7@dummy.example' };

/** Sends a nameless person of the network, with a placeholder address. */
async function sendNameless({ connection: { exporter, ctx } }: StartedJobScore): Promise<string> {
  const { firstName, lastName, email } = MADE_UP;
  const request = exportRequest({ candidate: { firstName, lastName, emails: [email], phones: [] } });
  return (await exporter.exportCandidate(ctx, request)).remoteId;
}

async function add(
  { connection: { exporter, ctx } }: StartedJobScore,
  addition: Pick<ContactAddition, 'remoteId'> & Partial<ContactAddition>,
): Promise<ContactReceipt | undefined> {
  return exporter.addContact?.(ctx, { firstName: 'Ada', lastName: 'Okafor', emails: [], phones: [], ...addition });
}

function changesOf({ simulator }: StartedJobScore): number {
  return simulator.requests.matching({ method: 'PATCH', path: /\/candidates\// }).length;
}

it('RSC-4: fills the places for addresses and numbers that are free, and tells what finds none', async () => {
  await using jobscore = await startJobScore();
  const { exporter, ctx } = jobscore.connection;
  const request = exportRequest({
    candidate: { emails: ['ada@home.example'], phones: [{ number: '+1 415 555 0100', type: 'home' }] },
  });
  const { remoteId } = await exporter.exportCandidate(ctx, request);
  const phones = ['+14155550100', '+14155550101', '+14155550102', '+14155550103'];
  const addition = {
    remoteId,
    emails: ['ADA@home.example', 'ada@work.example', 'ada@club.example'],
    phones: phones.map((number) => ({ number, type: 'other' as const })),
  };
  const leftOut = { emails: ['ada@club.example'], phones: ['+14155550103'] };
  expect(await add(jobscore, addition)).toEqual({ outcome: 'UPDATED', leftOut });
  expect(await add(jobscore, addition)).toEqual({ outcome: 'KNOWN', leftOut });
  expect(changesOf(jobscore)).toBe(1);
  expect(jobscore.simulator.candidates()).toMatchObject([
    {
      first_name: request.candidate.firstName,
      email: 'ada@home.example',
      work_email: 'ada@work.example',
      home_phone: '+1 415 555 0100',
      mobile_phone: '+14155550101',
      work_phone: '+14155550102',
      source_detail: 'SeekOut',
    },
  ]);
});

it('RSC-4: a placeholder address and a name that nobody knew make way for what is known', async () => {
  await using jobscore = await startJobScore();
  const remoteId = await sendNameless(jobscore);
  const receipt = await add(jobscore, { remoteId, emails: ['ada@home.example'], madeUp: MADE_UP });
  expect(receipt).toMatchObject({ outcome: 'UPDATED' });
  const [candidate] = jobscore.simulator.candidates();
  expect(candidate).toMatchObject({ first_name: 'Ada', last_name: 'Okafor', email: 'ada@home.example' });
  expect(candidate?.work_email ?? null).toBeNull();
});

it('RSC-4: a placeholder address stays while there is no other, and so does a name that nobody tells', async () => {
  await using jobscore = await startJobScore();
  const remoteId = await sendNameless(jobscore);
  const { firstName, lastName, email } = MADE_UP;
  expect(await add(jobscore, { remoteId, firstName, lastName, madeUp: MADE_UP })).toMatchObject({ outcome: 'KNOWN' });
  const phones = [{ number: '+14155550100', type: 'other' as const }];
  await add(jobscore, { remoteId, firstName, lastName, phones, madeUp: MADE_UP });
  expect(jobscore.simulator.candidates()).toMatchObject([
    { first_name: firstName, last_name: lastName, email, mobile_phone: '+14155550100' },
  ]);
});

it('RSC-4: what reads like a placeholder stays where nothing was made up', async () => {
  await using jobscore = await startJobScore();
  const remoteId = await sendNameless(jobscore);
  await add(jobscore, { remoteId, emails: ['ada@home.example'] });
  expect(jobscore.simulator.candidates()).toMatchObject([
    { first_name: MADE_UP.firstName, email: MADE_UP.email, work_email: 'ada@home.example' },
  ]);
});

it.each([
  [404, 'CANDIDATE_REJECTED'],
  [405, 'CANDIDATE_REJECTED'],
  [422, 'CANDIDATE_REJECTED'],
  [403, 'ATS_PERMISSION_MISSING'],
])('RSC-4: an account that answers %i to a change says so, without the person', async (status, code) => {
  await using jobscore = await startJobScore();
  const remoteId = await sendNameless(jobscore);
  jobscore.simulator.faults.add({ ...CHANGE, fault: { kind: 'status', status } });
  const outcome = add(jobscore, { remoteId, emails: ['ada@home.example'] });
  await expect(outcome).rejects.toMatchObject({ code });
  await expect(outcome).rejects.not.toThrow(/ada@home|Okafor/);
});

it('RSC-4: an address that JobScore does not take is refused with its reason', async () => {
  await using jobscore = await startJobScore();
  const remoteId = await sendNameless(jobscore);
  const outcome = add(jobscore, { remoteId, emails: ['ada at home'] });
  await expect(outcome).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED', field: 'emails' });
});
