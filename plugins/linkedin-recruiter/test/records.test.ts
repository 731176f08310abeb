import { describe, expect, it } from 'vitest';
import { SIMULATED_APPLICATIONS } from '../simulator/index.js';
import {
  APPLICATION,
  applicationKey,
  CANDIDATE,
  candidateKey,
  idsOf,
  JOB,
  ORGANIZATION,
  type StartedLinkedIn,
  start,
  startEnabled,
} from './start-linkedin.js';

const AUTHOR = { firstName: 'Rita', lastName: 'Moss' };
const NOTE = { atsCreatedAt: 1_748_350_960_000, note: 'Called, keen.', author: AUTHOR };

/** Whether LinkedIn takes one candidate, changed in some way. */
async function takes({ put }: StartedLinkedIn, change: object): Promise<boolean> {
  const { json } = await put('/v2/atsCandidates', { [candidateKey('C-1')]: { ...CANDIDATE, ...change } });
  return Object.keys(json.errors).length === 0;
}

describe('permission (sheet §4)', () => {
  it('403 for records of an organization without an enabled integration, one by one', async () => {
    await using linkedIn = await startEnabled();
    const foreign = candidateKey('C-2').replace(ORGANIZATION, 'urn:li:organization:5678');
    const { json } = await linkedIn.put('/v2/atsCandidates', {
      [candidateKey('C-1')]: CANDIDATE,
      [foreign]: CANDIDATE,
    });
    expect(json.errors).toMatchObject({ [foreign]: { status: 403 } });
    await using fresh = await start();
    const refused = await fresh.put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
    expect(refused.json.errors).toMatchObject({ [candidateKey('C-1')]: { status: 403 } });
  });

  it('still lets a customer who left delete', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
    const { clientId } = SIMULATED_APPLICATIONS.exampleco;
    for (const type of ['ONE_CLICK_EXPORT', 'IN_ATS_INDICATOR', 'PROFILE_PLUGIN']) {
      const change = { clientId, type, context: ORGANIZATION, status: 'DISABLED' };
      expect(await linkedIn.control('/recruiter/integrations', change)).toMatchObject({ status: 200 });
    }
    expect(await takes(linkedIn, {})).toBe(false);
    const path = `/v2/atsCandidates?${idsOf(candidateKey('C-1'))}`;
    expect((await linkedIn.ask('DELETE', path)).json.errors).toEqual({});
    expect(linkedIn.simulator.records().candidates.size).toBe(0);
  });
});

describe('jobs (sheet §5.1)', () => {
  const post = ({ ask }: StartedLinkedIn, ...elements: object[]) =>
    ask('POST', '/v2/simpleJobPostings', { body: { elements }, restli: 'batch_create' });
  const statusOf = async (linkedIn: StartedLinkedIn, change: object) => {
    const { json } = await post(linkedIn, { ...JOB, ...change });
    const { id } = json.elements[0];
    return (await linkedIn.get(`/v2/simpleJobPostingTasks?ids=${id}`)).json.results[id].status;
  };

  it('are accepted by a task that finishes later', async () => {
    await using linkedIn = await startEnabled({ behaviour: { taskDelayMs: 5000 } });
    const { json } = await post(linkedIn, JOB);
    expect(json.elements).toMatchObject([{ status: 202 }]);
    const { id } = json.elements[0];
    const task = async () => (await linkedIn.get(`/v2/simpleJobPostingTasks?ids=${id}`)).json.results[id];
    expect(await task()).toMatchObject({ status: 'PENDING' });
    expect(linkedIn.simulator.records().jobs.size).toBe(0);
    linkedIn.simulator.clock.advance(5000);
    expect(await task()).toMatchObject({ status: 'SUCCEEDED', externalJobPostingId: 'JOB-1' });
    expect(linkedIn.simulator.records().jobs.get('JOB-1')).toMatchObject({ listed: true });
  });

  it.each([
    ['a title above 200 characters', { title: 'x'.repeat(201) }],
    ['no description', { description: undefined }],
    ['no state', { state: undefined }],
    ['a state that is none', { state: 'OPEN' }],
    ['a place without its state or country', { location: 'Oakland' }],
    ['no place', { location: undefined }],
    ['no address to apply at', { companyApplyUrl: undefined }],
    ['no date', { listedAt: undefined }],
    ['an availability that is none', { availability: 'SECRET' }],
    ['a property that is unknown', { salary: 1 }],
  ])('fail with %s', async (_what, change) => {
    await using linkedIn = await startEnabled();
    expect(await statusOf(linkedIn, change)).toBe('FAILED');
  });

  it('are found by country and postal code too, and take the newer words for what happens', async () => {
    await using linkedIn = await startEnabled();
    const { jobs } = linkedIn.simulator.records();
    expect(await statusOf(linkedIn, { location: undefined, countryCode: 'us', postalCode: '94607' })).toBe('SUCCEEDED');
    const newer = (jobPostingOperationType: string) => ({ state: undefined, jobPostingOperationType });
    expect(await statusOf(linkedIn, newer('CLOSE'))).toBe('SUCCEEDED');
    expect(jobs.get('JOB-1')?.listed).toBe(false);
    expect(await statusOf(linkedIn, { ...newer('UPDATE'), externalJobPostingId: 'JOB-2' })).toBe('FAILED');
  });

  it('come 100 at a time at most, by batch_create alone', async () => {
    await using linkedIn = await startEnabled();
    expect(await post(linkedIn, ...Array(101).fill(JOB))).toMatchObject({ status: 400 });
    const body = { elements: [JOB] };
    expect(await linkedIn.ask('POST', '/v2/simpleJobPostings', { body, restli: 'create' })).toMatchObject({
      status: 400,
    });
    expect(await linkedIn.ask('PUT', '/v2/simpleJobPostings', { body })).toMatchObject({ status: 405 });
  });

  it('are 404 where a task is unknown, and 403 in a context of somebody else', async () => {
    await using linkedIn = await startEnabled();
    expect((await linkedIn.get('/v2/simpleJobPostingTasks?ids=nothing')).json.errors).toMatchObject({
      nothing: { status: 404 },
    });
    const { json } = await post(linkedIn, { ...JOB, integrationContext: 'urn:li:organization:5678' });
    expect(json.elements).toMatchObject([{ status: 403 }]);
  });
});

describe('candidates (sheet §5.2)', () => {
  it.each([
    ['no first name', { firstName: undefined }],
    ['no last name', { lastName: '' }],
    ['a date of zero', { atsCreatedAt: 0 }],
    ['a change before the creation', { atsLastModifiedAt: 1 }],
    ['an address that is none', { emailAddresses: ['ada@home'] }],
    ['no address and nobody attached', { emailAddresses: [] }],
    ['no list of telephone numbers', { phoneNumbers: undefined }],
    ['no list of postal addresses', { addresses: undefined }],
    ['no link to the record', { externalProfileUrl: undefined }],
    ['what LinkedIn computes itself', { matchedMembers: [] }],
    ['a property that is unknown', { salary: 1 }],
    ['a person who does not exist', { manualMatchedMember: 'urn:li:person:nobody' }],
  ])('are refused with %s', async (_what, change) => {
    await using linkedIn = await startEnabled();
    expect(await takes(linkedIn, change)).toBe(false);
    expect(linkedIn.simulator.records().candidates.size).toBe(0);
  });

  it('are taken with everything that the sheet names, and without an address where a person is attached', async () => {
    await using linkedIn = await startEnabled();
    const phoneNumbers = [{ number: '415-555-0100', extension: '12' }];
    const addresses = [{ line1: '104 Example St', city: 'Oakland', geographicArea: 'CA', geographicAreaType: 'STATE' }];
    const names = { middleInitial: 'N', prefix: 'Dr', suffix: 'Jr' };
    expect(await takes(linkedIn, { ...names, phoneNumbers, addresses, doNotContact: false })).toBe(true);
    expect(await takes(linkedIn, { emailAddresses: [], manualMatchedMember: 'urn:li:person:e5o5f005' })).toBe(true);
  });

  it('are replaced whole: what is left out becomes null, whom somebody attached by hand included (§4)', async () => {
    await using linkedIn = await startEnabled();
    const key = candidateKey('C-1');
    const read = async () => (await linkedIn.get(`/v2/atsCandidates?${idsOf(key)}`)).json.results[key];
    await takes(linkedIn, { currentCompanyName: 'Northwind', manualMatchedMember: 'urn:li:person:e5o5f005' });
    expect(await read()).toMatchObject({ currentCompanyName: 'Northwind' });
    await takes(linkedIn, {});
    expect(await read()).toMatchObject({ currentCompanyName: null, manualMatchedMember: null, doNotContact: null });
  });

  it('are attached to a person by hand, which wins, and detached again', async () => {
    await using linkedIn = await startEnabled();
    await takes(linkedIn, {});
    const key = candidateKey('C-1');
    const patch = (change: object, id = key) =>
      linkedIn.ask('POST', `/v2/atsCandidates?${idsOf(id)}`, {
        body: { entities: { [id]: { patch: change } } },
        restli: 'batch_partial_update',
      });
    const shown = async (person: string) => (await linkedIn.get(`/_sim/recruiter/profiles/${person}`)).json.inAts;
    const emre = 'urn:li:person:e5o5f005';
    await patch({ $set: { manualMatchedMember: emre } });
    expect([await shown('a1b2c3d4'), await shown('e5o5f005')]).toEqual([false, true]);
    await patch({ $delete: ['manualMatchedMember'] });
    expect([await shown('a1b2c3d4'), await shown('e5o5f005')]).toEqual([true, false]);
    const unknown = candidateKey('C-9');
    expect((await patch({ $set: { manualMatchedMember: emre } }, unknown)).json.errors).toMatchObject({
      [unknown]: { status: 404 },
    });
    expect((await patch({ $set: { firstName: 'Bo' } })).json.errors).toMatchObject({ [key]: { status: 422 } });
  });
});

describe('notes, applications, feedback and stages (sheet §5.3 to §5.5)', () => {
  it('take an application only after its candidate, and replace it whole', async () => {
    await using linkedIn = await startEnabled();
    const key = applicationKey('A-1');
    const put = (record: object) => linkedIn.put('/v2/atsApplications', { [key]: record });
    expect((await put(APPLICATION)).json.errors).toMatchObject({ [key]: { status: 422 } });
    await takes(linkedIn, {});
    expect((await put(APPLICATION)).json.errors).toEqual({});
    const { source: _source, ...without } = APPLICATION;
    await put(without);
    expect((await linkedIn.get(`/v2/atsApplications?${idsOf(key)}`)).json.results[key]).toMatchObject({ source: null });
  });

  it.each([
    ['no job', { atsJobPostingId: '' }],
    ['no name of the job', { atsJobPostingName: undefined }],
    ['an address that is none', { candidateEmail: 'ada' }],
    ['a change before the creation', { atsLastModifiedAt: 1 }],
  ])('refuse an application with %s', async (_what, change) => {
    await using linkedIn = await startEnabled();
    await takes(linkedIn, {});
    const { json } = await linkedIn.put('/v2/atsApplications', {
      [applicationKey('A-1')]: { ...APPLICATION, ...change },
    });
    expect(json.errors).toMatchObject({ [applicationKey('A-1')]: { status: 422 } });
  });

  it('refuse what hangs on a record that was never pushed', async () => {
    await using linkedIn = await startEnabled();
    expect(await linkedIn.put(`/v2/atsCandidates/${candidateKey('C-1')}/notes`, { N: NOTE })).toMatchObject({
      status: 404,
    });
    expect(await linkedIn.put(`/v2/atsApplications/${applicationKey('A-1')}/notes`, { N: NOTE })).toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['notes', { ...NOTE, author: { firstName: 'Rita' } }],
    ['notes', { ...NOTE, note: '' }],
    ['interviewFeedback', { atsCreatedAt: 1, interviewType: 'VIDEO', feedback: 'x', interviewer: AUTHOR }],
    [
      'interviewFeedback',
      {
        atsCreatedAt: 1,
        interviewType: 'ONSITE',
        feedback: 'x',
        interviewer: AUTHOR,
        evaluations: [{ result: '4/5' }],
      },
    ],
    ['stages', { atsCreatedAt: 1, stage: '' }],
    ['stages', { atsCreatedAt: 1, stage: 'Not Available' }],
  ])('refuse %s that break a rule', async (sub, record) => {
    await using linkedIn = await startEnabled();
    await takes(linkedIn, {});
    await linkedIn.put('/v2/atsApplications', { [applicationKey('A-1')]: APPLICATION });
    const { json } = await linkedIn.put(`/v2/atsApplications/${applicationKey('A-1')}/${sub}`, { X: record });
    expect(json.errors).toMatchObject({ X: { status: 422 } });
  });
});

describe('access lists (sheet §5.6)', () => {
  const tail = `dataProvider=ATS&integrationContext=${ORGANIZATION}&atsEntityType=JOB_POSTING`;
  const assignee = (group: string, person = 'urn:li:person:r1t4') =>
    `atsEntityAclId=${group}&assignee=${person}&${tail}`;

  it('tie jobs to groups and people to groups, at most ten of them', async () => {
    await using linkedIn = await startEnabled();
    const acl = `atsEntityAclId=G-1&${tail}&atsEntityId=JOB-1`;
    expect((await linkedIn.put('/v2/atsEntityAcls', { [acl]: {} })).json.errors).toEqual({});
    for (let group = 1; group <= 11; group += 1) {
      const { json } = await linkedIn.put('/v2/atsEntityAclAssignees', { [assignee(`G-${group}`)]: {} });
      expect(Object.keys(json.errors)).toHaveLength(group <= 10 ? 0 : 1);
    }
    const list = await linkedIn.get(
      `/v2/atsEntityAclAssignees?q=criteria&integrationContext=${ORGANIZATION}&start=0&count=100`,
    );
    expect(list.json.elements).toHaveLength(10);
  });

  it('show a job to the people of its groups where not everybody sees all', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.ask('POST', '/v2/simpleJobPostings', { body: { elements: [JOB] }, restli: 'batch_create' });
    const key = `integrationContext=${ORGANIZATION}&integrationType=ONE_CLICK_EXPORT&tenantType=RECRUITER&dataProvider=ATS`;
    await linkedIn.ask('DELETE', `/v2/atsIntegrations/${key}/configurations?ids=JOB_POSTING_VIEWERS`);
    await linkedIn.put('/v2/atsEntityAcls', { [`atsEntityAclId=G-1&${tail}&atsEntityId=JOB-1`]: {} });
    await linkedIn.put('/v2/atsEntityAclAssignees', { [assignee('G-1')]: {} });
    const member = 'urn:li:person:m7v9x007';
    const exported = (seat: number) => linkedIn.control('/recruiter/exports', { seat, member, job: 'JOB-1' });
    expect(await exported(555)).toMatchObject({ status: 200 });
    expect(await exported(556)).toMatchObject({ status: 422 });
  });
});

describe('deletion (sheet §5.7)', () => {
  it('takes away what hangs on an application, and the indicator with a candidate', async () => {
    await using linkedIn = await startEnabled();
    const { ask, put, get } = linkedIn;
    await takes(linkedIn, {});
    await put('/v2/atsApplications', { [applicationKey('A-1')]: APPLICATION });
    const stages = `/v2/atsApplications/${applicationKey('A-1')}/stages`;
    await put(stages, { S: { atsCreatedAt: 1, stage: 'New' } });
    expect((await get(stages)).json.elements).toMatchObject([{ id: 'S', stage: 'New' }]);
    await ask('DELETE', `/v2/atsApplications?${idsOf(applicationKey('A-1'))}`);
    await put('/v2/atsApplications', { [applicationKey('A-1')]: APPLICATION });
    expect((await get(stages)).json.elements).toEqual([]);

    const both = `${idsOf(candidateKey('C-1'))}&${idsOf(candidateKey('C-9'), 1)}`;
    const { json } = await ask('DELETE', `/v2/atsCandidates?${both}`);
    expect(json).toMatchObject({
      results: { [candidateKey('C-1')]: { status: 204 } },
      errors: { [candidateKey('C-9')]: { status: 404 } },
    });
    expect((await get('/_sim/recruiter/profiles/a1b2c3d4')).json.inAts).toBe(false);
  });
});
