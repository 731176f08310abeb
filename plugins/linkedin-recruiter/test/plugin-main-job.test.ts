import type { NetworkBatch, NetworkResult, SeatWindow } from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { type Connected, connectEnabled } from './connect.js';
import { application, candidate, feedback, job, note, stage } from './mirrored.js';
import { CONTRACT } from './start-linkedin.js';

const ADA = 'urn:li:person:a1b2c3d4';
const MIRA = 'urn:li:person:m7v9x007';
const SEAT = 'urn:li:seat:555';

it('RSC-1 to RSC-5: what the ATS holds goes out, what recruiters do comes back', async () => {
  await using linkedIn = await connectEnabled();
  const { connection, control, simulator } = linkedIn;
  const network = connection.systemConnect;
  const noteOfApplication = note({ remoteId: 'AN-1', text: 'Called, keen.', applicationRemoteId: 'A-1' });
  for (const batch of [
    { kind: 'job', records: [job()] },
    { kind: 'candidate', records: [{ candidate: candidate() }] },
    { kind: 'candidateNote', records: [{ note: note(), candidateRemoteId: 'C-1' }] },
    { kind: 'application', records: [{ application: application(), candidate: candidate(), job: job() }] },
    { kind: 'applicationNote', records: [{ note: noteOfApplication, candidateRemoteId: 'C-1' }] },
    { kind: 'feedback', records: [feedback()] },
    {
      kind: 'stage',
      records: [stage(), stage({ remoteId: 'ST-2', stage: 'Phone Interview', enteredAt: '2026-01-04T00:00:00.000Z' })],
    },
  ] satisfies NetworkBatch[]) {
    expect(await network.push(connection.ctx, batch)).toEqual(batch.records.map((): NetworkResult => ({ ok: true })));
  }

  const profile = await (await fetch(`${simulator.url}/_sim/recruiter/people/a1b2c3d4`)).text();
  for (const shown of [
    'In ATS',
    'https://ats.example/candidates/C-1',
    'Backend Engineer',
    'Source: Referral',
    'Phone Interview',
    'Strong systems background.',
    'Called, keen.',
    'Clear communicator.',
  ]) {
    expect(profile).toContain(shown);
  }
  expect(await network.matches(connection.ctx, ['C-1', 'C-2'])).toEqual([
    { candidateRemoteId: 'C-1', member: ADA, byHand: false },
  ]);

  const { seats } = await network.seats(connection.ctx, {});
  expect(seats).toEqual([
    {
      seatId: SEAT,
      contractId: CONTRACT,
      member: 'urn:li:person:r1t4',
      firstName: 'Rita',
      lastName: 'Moss',
      active: true,
    },
    expect.objectContaining({ seatId: 'urn:li:seat:556', active: true }),
    expect.objectContaining({ seatId: 'urn:li:seat:557', active: false }),
  ]);

  const { json: mail } = await control('/recruiter/inmails', {
    seat: 555,
    member: ADA,
    subject: 'Role',
    body: 'Hello Ada',
  });
  await control('/recruiter/replies', { conversation: mail.conversation, body: 'Yes', consent: true });
  await control('/recruiter/notes', { seat: 555, member: ADA, note: 'Open to Q3 move.', visibility: 'PRIVATE' });
  expect((await pulled(linkedIn, 'message')).messages).toMatchObject([
    { member: ADA, author: { kind: 'seat', seatId: SEAT }, isPublic: true, subject: 'Role', text: 'Hello Ada' },
    { member: ADA, author: { kind: 'member', member: ADA }, text: 'Yes' },
  ]);
  expect((await pulled(linkedIn, 'contact')).contacts).toMatchObject([
    { person: { member: ADA, employer: 'Northwind' }, emails: ['ada@home.example'], phones: ['+14155550100'] },
  ]);
  expect((await pulled(linkedIn, 'note')).notes).toMatchObject([
    { member: ADA, author: { kind: 'seat', seatId: SEAT }, isPublic: false, active: true, text: 'Open to Q3 move.' },
  ]);

  await control('/recruiter/exports', { seat: 555, member: MIRA, job: 'JOB-1' });
  const { id = '' } = simulator.pushes.report().findLast(({ type }) => type === 'EXPORT_CANDIDATE_PROFILE') ?? {};
  const notice = await network.readNotice(connection.ctx, `export/${id}`);
  expect(notice).toEqual({ kind: 'export', requestId: id });
  expect(await network.readExport(connection.ctx, id)).toEqual({
    person: { member: MIRA, firstName: 'Mira', lastName: 'Vance', title: 'Backend Engineer', employer: 'Litware' },
    jobRemoteId: 'JOB-1',
    exportedBy: SEAT,
    exportedAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

function pulled({ connection, simulator }: Connected, kind: SeatWindow['kind']) {
  const now = simulator.clock.now();
  const from = new Date(now - 60_000).toISOString();
  const to = new Date(now + 60_000).toISOString();
  return connection.systemConnect.pull(connection.ctx, { seatId: SEAT, kind, from, to });
}
