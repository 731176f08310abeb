import { expect, it } from 'vitest';
import { startCallback } from './callback.js';
import {
  APPLICATION,
  applicationKey,
  CANDIDATE,
  CONTRACT,
  candidateKey,
  enable,
  idsOf,
  integrationKey,
  JOB,
  ORGANIZATION,
  start,
  TYPES,
} from './start-linkedin.js';

const ADA = 'urn:li:person:a1b2c3d4';

it('RSC-2, RSC-3: from the first token to an export, as the sheet tells it', async () => {
  await using callback = await startCallback();
  await using linkedIn = await start();
  const { simulator, ask, get, put, control } = linkedIn;

  await enable(linkedIn, callback.url);
  expect(callback.arrived.map(({ json }) => json.type)).toEqual(TYPES.map(() => 'INTEGRATION_STATUS_CHANGE'));
  const query = TYPES.map((type, index) => idsOf(integrationKey(type), index)).join('&');
  const { json: integrations } = await get(`/v2/atsIntegrations?${query}`);
  expect(integrations.elements).toMatchObject(TYPES.map((integrationType) => ({ integrationType, status: 'ENABLED' })));

  const posted = await ask('POST', '/v2/simpleJobPostings', { body: { elements: [JOB] }, restli: 'batch_create' });
  const task = posted.json.elements[0].id;
  expect((await get(`/v2/simpleJobPostingTasks?ids=${encodeURIComponent(task)}`)).json.results[task]).toMatchObject({
    status: 'SUCCEEDED',
    externalJobPostingId: 'JOB-1',
  });
  await put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
  const candidate = `/v2/atsCandidates/${candidateKey('C-1')}`;
  const author = { firstName: 'Rita', lastName: 'Moss' };
  await put(`${candidate}/notes`, { 'N-1': { atsCreatedAt: 1, note: 'Strong systems background.', author } });
  await put('/v2/atsApplications', { [applicationKey('A-1')]: APPLICATION });
  const application = `/v2/atsApplications/${applicationKey('A-1')}`;
  await put(`${application}/interviewFeedback`, {
    'IF-1': { atsCreatedAt: 3, interviewType: 'PHONE_SCREEN', feedback: 'Clear communicator.', interviewer: author },
  });
  await put(`${application}/stages`, {
    'ST-2': { atsCreatedAt: 2, stage: 'Phone Interview' },
    'ST-1': { atsCreatedAt: 1, stage: 'New' },
  });

  const match = await get(`/v2/atsCandidates?${idsOf(candidateKey('C-1'))}&fields=matchedMembers,manualMatchedMember`);
  expect(match.json.results[candidateKey('C-1')]).toMatchObject({ matchedMembers: [ADA], manualMatchedMember: null });

  const page = async (path: string) => (await fetch(`${simulator.url}${path}`)).text();
  expect(await page('/_sim/recruiter?q=okafor')).toContain('Past applicants (1)');
  const profile = await page('/_sim/recruiter/people/a1b2c3d4');
  for (const shown of [
    'In ATS',
    'https://ats.example/candidates/C-1',
    'Backend Engineer',
    'Source: Referral',
    'Phone Interview',
    'Strong systems background.',
    'Clear communicator.',
  ]) {
    expect(profile).toContain(shown);
  }

  const mira = 'urn:li:person:m7v9x007';
  await control('/recruiter/exports', { seat: 555, member: mira, job: 'Backend Engineer (JOB-1)' });
  await simulator.pushes.settled();
  const push = callback.arrived.at(-1);
  expect(push?.json).toMatchObject({ type: 'EXPORT_CANDIDATE_PROFILE' });
  const exported = await get(`/v2/exportedCandidates?q=request&requestId=${push?.json.id}`);
  expect(exported.json.elements).toMatchObject([
    {
      integrationContext: ORGANIZATION,
      externalJobPostingId: 'JOB-1',
      exporter: 'urn:li:seat:555',
      candidate: {
        member: mira,
        firstName: 'Mira',
        lastName: 'Vance',
        currentTitles: ['Backend Engineer'],
        currentEmployerNames: ['Litware'],
      },
    },
  ]);
  expect(JSON.stringify(exported.json)).not.toContain('mail.example');
  expect(
    (await get(`/v2/seatsV2?q=attributes&contracts=${CONTRACT}&states=ACTIVE&start=0`)).json.elements,
  ).toMatchObject([{ id: 555, firstName: 'Rita', contract: CONTRACT, state: 'ACTIVE' }, { id: 556 }]);
});
