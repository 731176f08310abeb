import { describe, expect, it } from 'vitest';
import {
  SIMULATED_TOKENS,
  type SmartRecruitersSimulator,
  type SmartRecruitersSimulatorOptions,
  startSimulator,
} from '../simulator/index.js';

const PERSON = { firstName: 'Ada', lastName: 'Okafor', email: 'ada@mail.example' };

/** A simulator, and requests to it with the token that may do everything. */
async function start(options: SmartRecruitersSimulatorOptions = {}) {
  const simulator = await startSimulator({ rate: 0, ...options });
  const ask = async (method: string, path: string, body?: unknown, token: string = SIMULATED_TOKENS.full) => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${simulator.url}${path}`, {
      method,
      headers: { 'x-smarttoken': token, ...(body && !isForm ? { 'content-type': 'application/json' } : {}) },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    simulator,
    ask,
    get: (path: string) => ask('GET', path),
    jobId: idOf(simulator, 'Backend Engineer'),
    otherJobId: idOf(simulator, 'Controller'),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function idOf(simulator: SmartRecruitersSimulator, title: string): string {
  return simulator.account().jobs.find((job) => job.title === title)?.id ?? '';
}

function file(name: string, size = 10, type?: string): FormData {
  const form = new FormData();
  if (type !== undefined) form.set('attachmentType', type);
  form.set('file', new Blob([new Uint8Array(size)], { type: 'application/pdf' }), name);
  return form;
}

describe('credentials (sheet §1, §15)', () => {
  it('answers 401 to nobody, an unknown token and a revoked one', async () => {
    await using vendor = await start();
    const { simulator, ask } = vendor;
    expect((await fetch(`${simulator.url}/jobs`)).status).toBe(401);
    expect(await ask('GET', '/jobs', undefined, 'unknown')).toMatchObject({
      status: 401,
      json: { errors: [{ code: 'UNAUTHORIZED' }] },
    });
    for (const token of simulator.account().tokens) token.revoked = true;
    expect(await ask('GET', '/jobs')).toMatchObject({ status: 401 });
  });

  it('takes a bearer token as well', async () => {
    await using vendor = await start();
    const headers = { authorization: `Bearer ${SIMULATED_TOKENS.full}` };
    expect((await fetch(`${vendor.simulator.url}/jobs`, { headers })).status).toBe(200);
  });

  it('answers 403 where the scope is missing, and nowhere else', async () => {
    await using vendor = await start();
    const { ask } = vendor;
    const asLimited = (method: string, path: string, body?: unknown) =>
      ask(method, path, body, SIMULATED_TOKENS.withoutCreate);
    expect(await asLimited('POST', '/candidates', PERSON)).toMatchObject({
      status: 403,
      json: { errors: [{ code: 'OAuthPermissionsException' }] },
    });
    expect(await asLimited('GET', '/candidates')).toMatchObject({ status: 200 });
  });

  it('opens each account to its own tokens alone', async () => {
    await using vendor = await start();
    const { ask } = vendor;
    await ask('POST', `/jobs/${vendor.jobId}/candidates`, PERSON);
    const other = await ask('GET', '/candidates', undefined, SIMULATED_TOKENS.secondAccount);
    expect(other.json).toMatchObject({ totalFound: 0 });
    const company = await ask('GET', '/configuration/company', undefined, SIMULATED_TOKENS.secondAccount);
    expect(company.json).toMatchObject({ identifier: 'SampleCorp', name: 'Sample Corp' });
  });
});

describe('traffic (sheet §13)', () => {
  it('says in every answer how much is allowed and left, refusals and faults included', async () => {
    await using vendor = await start({ rate: 10 });
    const { simulator, get } = vendor;
    const names = ['limit', 'remaining', 'concurrent-limit', 'concurrent-remaining'];
    const told = ({ headers }: { headers: Headers }) => names.map((name) => headers.get(`x-ratelimit-${name}`));
    expect(told(await get('/jobs'))).toEqual(['10', '9', '8', '7']);
    expect(told(await get('/candidates'))).toEqual(['10', '9', '1', '0']);
    expect(told(await get('/jobs/nobody'))).toEqual(['10', '9', '8', '7']);
    expect(told(await get('/nothing/like/this'))).not.toContain(null);
    simulator.faults.add({ fault: { kind: 'status', status: 503 } });
    expect(told(await get('/jobs'))).not.toContain(null);
  });

  it('takes ten requests in any second, counted for each endpoint and token', async () => {
    await using vendor = await start({ rate: 10 });
    const { simulator, ask, get } = vendor;
    const status = async (path: string) => (await get(path)).status;
    for (let count = 0; count < 10; count += 1) expect(await status('/jobs?limit=1')).toBe(200);
    const refused = await get('/jobs?limit=2');
    expect(refused).toMatchObject({ status: 429, json: { errors: [{ code: 'TOO_MANY_REQUESTS' }] } });
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(await status('/jobs/nobody')).toBe(404);
    expect(await ask('GET', '/jobs', undefined, SIMULATED_TOKENS.withoutCreate)).toMatchObject({ status: 200 });
    simulator.clock.advance(1000);
    expect(await status('/jobs')).toBe(200);
  });

  it('takes one GET /candidates at a time, and eight of everything else', async () => {
    await using vendor = await start({ rate: 1000, latency: 500 });
    const { get } = vendor;
    const statuses = async (path: string, count: number) =>
      (await Promise.all(Array.from({ length: count }, () => get(path)))).map(({ status }) => status).toSorted();
    expect(await statuses('/candidates', 3)).toEqual([200, 429, 429]);
    expect(await statuses('/jobs', 10)).toEqual([...Array(8).fill(200), 429, 429]);
    expect(await statuses('/candidates', 1)).toEqual([200]);
  });

  it.each([
    ['seconds', /^1$/],
    ['date', /GMT$/],
  ] as const)('can say how long to wait, in %s', async (retryAfter, form) => {
    await using vendor = await start({ rate: 1, retryAfter });
    await vendor.get('/jobs');
    expect((await vendor.get('/jobs')).headers.get('retry-after')).toMatch(form);
  });

  it('tells what was asked of each endpoint, for a benchmark to read', async () => {
    await using vendor = await start({ rate: 2 });
    const { simulator, get, jobId } = vendor;
    for (let count = 0; count < 5; count += 1) await get(`/jobs/${jobId}`);
    simulator.clock.advance(10_000);
    await get(`/jobs/${jobId}`);
    const seen = { endpoint: 'GET /jobs/{jobId}', credential: 'full', requests: 6, refused: 3, peakPerSecond: 5 };
    expect(simulator.traffic()).toMatchObject([seen]);
    expect(simulator.traffic()[0]?.requestsPerSecond).toBeCloseTo(0.5, 1);
    const state = await (await fetch(`${simulator.url}/_sim/state`)).json();
    expect(state).toMatchObject({ state: { traffic: [seen] } });
    expect(await (await fetch(`${simulator.url}/_sim/traffic`)).json()).toMatchObject([seen]);
    expect(JSON.stringify(state)).not.toContain(SIMULATED_TOKENS.full);
    simulator.reset();
    expect(simulator.traffic()).toEqual([]);
  });

  it('has no limits with rate 0', async () => {
    await using vendor = await start({ latency: 5 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => vendor.get('/candidates')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe('jobs (sheet §4)', () => {
  it('come page by page over an opaque cursor, which the Link header names too', async () => {
    await using vendor = await start({ jobs: 25 });
    const { get, simulator } = vendor;
    const titles: string[] = [];
    let path = '/jobs';
    for (;;) {
      const { json, headers } = await get(path);
      titles.push(...json.content.map(({ title }: { title: string }) => title));
      if (json.nextPageId === undefined) break;
      path = `/jobs?pageId=${encodeURIComponent(json.nextPageId)}`;
      expect(headers.get('link')).toBe(`</jobs?limit=10&pageId=${encodeURIComponent(json.nextPageId)}>; rel="next"`);
    }
    expect(titles.toSorted()).toEqual(
      simulator
        .account()
        .jobs.map(({ title }) => title)
        .toSorted(),
    );
  });

  it.each(['limit=0', 'limit=101', 'limit=ten', 'pageId=nonsense', 'status=ACTIVE'])(
    'answer 400 to %s',
    async (query) => {
      await using vendor = await start();
      expect(await vendor.get(`/jobs?${query}`)).toMatchObject({ status: 400, json: { errors: [{}] } });
    },
  );

  it('answer 400 to a cursor of other filters', async () => {
    await using vendor = await start({ jobs: 25 });
    const { json } = await vendor.get('/jobs');
    const pageId = encodeURIComponent(json.nextPageId);
    expect(await vendor.get(`/jobs?q=engineer&pageId=${pageId}`)).toMatchObject({ status: 400 });
  });

  it('are found by words of the title, and filtered by status', async () => {
    await using vendor = await start();
    const { get } = vendor;
    const titles = async (query: string) =>
      (await get(`/jobs?${query}`)).json.content.map(({ title }: { title: string }) => title).toSorted();
    expect(await titles('q=engineer')).toEqual(['Backend Engineer', 'Engineering Template', 'Platform Engineer']);
    expect(await titles('q=%22backend%20engineer%22')).toEqual(['Backend Engineer']);
    expect(await titles('status=ON_HOLD')).toEqual(['Account Executive']);
  });

  it('show their history, and 404 when there is none', async () => {
    await using vendor = await start();
    const { get, jobId } = vendor;
    expect((await get(`/jobs/${jobId}`)).json).toMatchObject({ title: 'Backend Engineer', template: false });
    expect((await get(`/jobs/${jobId}/status/history`)).json).toMatchObject({ content: [{ status: 'SOURCING' }] });
    expect(await get('/jobs/nobody')).toMatchObject({ status: 404 });
  });
});

describe('new candidates (sheet §7)', () => {
  it('begin as leads on the job, with the source "API"', async () => {
    await using vendor = await start();
    const { ask, get, jobId } = vendor;
    const { status, json } = await ask('POST', `/jobs/${jobId}/candidates`, PERSON);
    expect(status).toBe(201);
    const application = { status: 'LEAD', source: 'API' };
    expect(json).toMatchObject({ ...PERSON, primaryAssignment: { job: { id: jobId }, ...application } });
    expect((await get(`/candidates/${json.id}/jobs/${jobId}`)).json).toMatchObject(application);
    expect((await get(`/candidates/${json.id}/jobs/${jobId}/status/history`)).json).toMatchObject({
      content: [{ status: 'LEAD' }],
    });
  });

  it.each([
    ['no first name', { lastName: 'Okafor', email: PERSON.email }],
    ['an empty last name', { ...PERSON, lastName: '' }],
    ['no email address', { firstName: 'Ada', lastName: 'Okafor' }],
    ['no real email address', { ...PERSON, email: 'ada' }],
    ['a date of another form', { ...PERSON, experience: [{ company: 'A', startDate: '03/2020' }] }],
    ['too long a tag', { ...PERSON, tags: ['x'.repeat(151)] }],
    ['too many tags', { ...PERSON, tags: Array.from({ length: 101 }, (_, index) => `tag ${index}`) }],
    ['a source without its id', { ...PERSON, sourceDetails: { sourceTypeId: 'x' } }],
  ])('are refused with %s', async (_what, body) => {
    await using vendor = await start();
    expect(await vendor.ask('POST', '/candidates', body)).toMatchObject({ status: 400, json: { errors: [{}] } });
    expect(vendor.simulator.candidates()).toEqual([]);
  });

  it('carry a source that exists: its type, its id, and where it is given its sub-type', async () => {
    await using vendor = await start();
    const { ask, get, jobId } = vendor;
    const types = (await get('/configuration/sources')).json.content;
    const { id: sourceTypeId } = types.find(({ label }: { label: string }) => label === 'Sourcing');
    const values = (await get(`/configuration/sources/${sourceTypeId}/values`)).json.content;
    const { id: sourceId, sourceSubType } = values.find(({ label }: { label: string }) => label === 'SeekOut');
    const create = (sourceDetails: unknown) => ask('POST', `/jobs/${jobId}/candidates`, { ...PERSON, sourceDetails });
    const good = { sourceTypeId, sourceSubTypeId: sourceSubType.id, sourceId };
    expect(await create({ ...good, sourceTypeId: 'unknown' })).toMatchObject({ status: 404 });
    expect(await create({ ...good, sourceId: 'unknown' })).toMatchObject({ status: 400 });
    expect(await create({ ...good, sourceSubTypeId: 'unknown' })).toMatchObject({ status: 400 });
    expect(await create(good)).toMatchObject({ status: 201, json: { primaryAssignment: { source: 'SeekOut' } } });
    expect((await get(`/configuration/sources/${sourceId}`)).json).toMatchObject({
      label: 'SeekOut',
      type: 'Sourcing',
    });
  });

  it('are refused for jobs that are closed, templates, or not there', async () => {
    await using vendor = await start();
    const { ask, simulator } = vendor;
    for (const title of ['Office Manager', 'Data Analyst', 'Account Executive', 'Engineering Template']) {
      const path = `/jobs/${idOf(simulator, title)}/candidates`;
      expect(await ask('POST', path, PERSON), title).toMatchObject({ status: 400 });
    }
    expect(await ask('POST', '/jobs/nobody/candidates', PERSON)).toMatchObject({ status: 404 });
  });

  it('of the same email address and last name are one: "existing"', async () => {
    await using vendor = await start();
    const { ask, simulator, jobId, otherJobId } = vendor;
    const first = await ask('POST', `/jobs/${jobId}/candidates`, PERSON);
    const again = { ...PERSON, lastName: 'OKAFOR', email: 'ADA@mail.example' };
    const second = await ask('POST', `/jobs/${otherJobId}/candidates`, again);
    expect(second).toMatchObject({ status: 201, json: { id: first.json.id } });
    expect(second.json.secondaryAssignments).toMatchObject([{ job: { id: otherJobId } }]);
    expect(await ask('POST', `/jobs/${otherJobId}/candidates`, again)).toMatchObject({ status: 201 });
    expect(simulator.candidates()).toMatchObject([{ assignments: [{ jobId }, { jobId: otherJobId }] }]);
    expect(simulator.creations.of(PERSON.email)).toBe(1);
  });

  it('of the same email address and last name are two: "new"', async () => {
    await using vendor = await start({ duplicates: 'new' });
    const { ask, simulator } = vendor;
    const first = await ask('POST', '/candidates', PERSON);
    const second = await ask('POST', '/candidates', PERSON);
    expect(second).toMatchObject({ status: 201 });
    expect(second.json.id).not.toBe(first.json.id);
    expect(simulator.creations.of(PERSON.email)).toBe(2);
  });

  it('of the same email address and last name are refused: "conflict"', async () => {
    await using vendor = await start({ duplicates: 'conflict' });
    const { ask, simulator } = vendor;
    await ask('POST', '/candidates', PERSON);
    expect(await ask('POST', '/candidates', PERSON)).toMatchObject({
      status: 409,
      json: { errors: [{ code: 'CANDIDATE_DATA_CONFLICT' }] },
    });
    expect(await ask('POST', '/candidates', { ...PERSON, lastName: 'Reed' })).toMatchObject({ status: 201 });
    expect(simulator.creations.of(PERSON.email)).toBe(2);
  });
});

describe('the list of candidates (sheet §5)', () => {
  it('hides people in the talent pool alone, who can still be read by their id', async () => {
    await using vendor = await start();
    const { ask, get } = vendor;
    const { json } = await ask('POST', '/candidates', PERSON);
    expect((await get('/candidates')).json).toMatchObject({ totalFound: 0, content: [] });
    expect((await get(`/candidates/${json.id}`)).json).toMatchObject(PERSON);
  });

  it('shows less than the candidate itself', async () => {
    await using vendor = await start();
    const { ask, get, jobId, otherJobId } = vendor;
    const web = { linkedin: 'https://www.linkedin.com/in/ada' };
    const body = { ...PERSON, phoneNumber: '+14155550100', web, experience: [{ company: 'Contoso' }] };
    const { json } = await ask('POST', `/jobs/${jobId}/candidates`, body);
    await ask('POST', `/jobs/${otherJobId}/candidates`, body);
    const [listed] = (await get('/candidates')).json.content;
    for (const name of ['phoneNumber', 'web', 'experience', 'education']) expect(listed).not.toHaveProperty(name);
    expect(listed.primaryAssignment).not.toHaveProperty('source');
    expect(listed.secondaryAssignments[0]).not.toHaveProperty('status');
    const detail = (await get(`/candidates/${json.id}`)).json;
    expect(detail).toMatchObject({ phoneNumber: '+14155550100', web, experience: [{ company: 'Contoso' }] });
    expect(detail.secondaryAssignments).toMatchObject([{ status: 'LEAD', source: 'API' }]);
  });

  it('is searched by words, any of which will do, and by phrases in quotes; @ parts words', async () => {
    await using vendor = await start();
    const { ask, get, jobId } = vendor;
    for (const [lastName, email] of [
      ['Okafor', 'ada@mail.example'],
      ['Reed', 'otto@mail.example'],
      ['Vale', 'jo.ada@mail.example'],
      ['Moss', 'rita@other.test'],
    ]) {
      await ask('POST', `/jobs/${jobId}/candidates`, { firstName: 'Person', lastName, email });
    }
    const names = async (q: string) =>
      (await get(`/candidates?q=${encodeURIComponent(q)}`)).json.content
        .map(({ lastName }: { lastName: string }) => lastName)
        .toSorted();
    expect(await names('ada@mail.example')).toEqual(['Okafor', 'Reed', 'Vale']);
    expect(await names('"ada@mail.example"')).toEqual(['Okafor', 'Vale']);
    expect(await names('"otto@mail.example" "rita@other.test"')).toEqual(['Moss', 'Reed']);
    expect(await names('"mail ada"')).toEqual([]);
    expect(await names('nobody')).toEqual([]);
    expect(await names('"@"')).toEqual([]);
  });

  it('narrows with each filter, widens with each value of one, and ignores a sub-status without a status', async () => {
    await using vendor = await start();
    const { ask, get, jobId, otherJobId, simulator } = vendor;
    const add = async (lastName: string, id: string) =>
      (await ask('POST', `/jobs/${id}/candidates`, { ...PERSON, lastName, tags: [lastName] })).json.id;
    const okafor = await add('Okafor', jobId);
    await add('Reed', otherJobId);
    const before = simulator.clock.iso();
    simulator.clock.advance(60_000);
    await ask('PUT', `/candidates/${okafor}/jobs/${jobId}/status`, { status: 'INTERVIEW', subStatus: 'Interview 1' });
    const names = async (query: string) =>
      (await get(`/candidates?${query}`)).json.content.map(({ lastName }: { lastName: string }) => lastName).toSorted();
    expect(await names(`jobId=${jobId}&jobId=${otherJobId}`)).toEqual(['Okafor', 'Reed']);
    expect(await names(`jobId=${jobId}&tag=Reed`)).toEqual([]);
    expect(await names('status=INTERVIEW&status=HIRED')).toEqual(['Okafor']);
    expect(await names('status=INTERVIEW&subStatus=Interview%202')).toEqual([]);
    expect(await names('subStatus=Interview%202')).toEqual(['Okafor', 'Reed']);
    expect(await names(`updatedAfter=${before}`)).toEqual(['Okafor']);
  });

  it('can show new candidates late', async () => {
    await using vendor = await start({ searchLagMs: 5000 });
    const { ask, get, simulator, jobId } = vendor;
    await ask('POST', `/jobs/${jobId}/candidates`, PERSON);
    expect((await get('/candidates')).json.totalFound).toBe(0);
    simulator.clock.advance(5000);
    expect((await get('/candidates')).json.totalFound).toBe(1);
  });

  it('finds one of tens of thousands', async () => {
    await using vendor = await start();
    const { get, simulator, jobId } = vendor;
    const account = simulator.account();
    for (let index = 0; index < 20_000; index += 1) {
      account.add({ ...PERSON, lastName: `Okafor ${index}`, email: `ada.${index}@mail.example` }, jobId, MADE);
    }
    const { json } = await get(`/candidates?q=${encodeURIComponent('"ada.19999@mail.example"')}`);
    expect(json).toMatchObject({ totalFound: 1, content: [{ email: 'ada.19999@mail.example' }] });
    expect((await get('/candidates?limit=100')).json).toMatchObject({ totalFound: 20_000 });
  });
});

const MADE = '2026-01-01T00:00:00.000Z';

describe('changes (sheet §6)', () => {
  it('keep email address and last name unique, and are found at once', async () => {
    await using vendor = await start();
    const { ask, get, jobId } = vendor;
    const { json } = await ask('POST', `/jobs/${jobId}/candidates`, PERSON);
    await ask('POST', `/jobs/${jobId}/candidates`, { ...PERSON, email: 'taken@mail.example' });
    const path = `/candidates/${json.id}`;
    expect(await ask('PATCH', path, { email: 'taken@mail.example' })).toMatchObject({
      status: 409,
      json: { errors: [{ code: 'CANDIDATE_DATA_CONFLICT' }] },
    });
    expect(await ask('PATCH', path, { email: 'free@mail.example' })).toMatchObject({ status: 200 });
    const search = async (email: string) => (await get(`/candidates?q="${email}"`)).json.totalFound;
    expect([await search('free@mail.example'), await search(PERSON.email)]).toEqual([1, 0]);
  });

  it('delete a candidate for good', async () => {
    await using vendor = await start();
    const { ask, get, jobId } = vendor;
    const { json } = await ask('POST', `/jobs/${jobId}/candidates`, PERSON);
    expect(await ask('DELETE', `/candidates/${json.id}`)).toMatchObject({ status: 204 });
    expect(await get(`/candidates/${json.id}`)).toMatchObject({ status: 404 });
    expect((await get(`/candidates?q="${PERSON.email}"`)).json.totalFound).toBe(0);
  });
});

describe('attachments (sheet §9)', () => {
  it('hang on the candidate, or on one of its jobs, and are listed where they hang', async () => {
    await using vendor = await start();
    const { ask, get, jobId, otherJobId } = vendor;
    const { id } = (await ask('POST', `/jobs/${jobId}/candidates`, PERSON)).json;
    const onJob = `/candidates/${id}/jobs/${jobId}/attachments`;
    expect(await ask('POST', onJob, file('résumé.pdf', 10, 'RESUME'))).toMatchObject({
      status: 201,
      json: { name: 'résumé.pdf', type: 'RESUME', contentType: 'application/pdf' },
    });
    expect((await get(onJob)).json).toMatchObject({ totalFound: 1, content: [{ name: 'résumé.pdf' }] });
    expect((await get(`/candidates/${id}/attachments`)).json).toMatchObject({ totalFound: 0 });
    expect(await get(`/candidates/${id}/jobs/${otherJobId}/attachments`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['without a type', file('a.pdf')],
    ['of an unknown type', file('a.pdf', 10, 'PHOTO')],
    ['with a file of a type that is not taken', file('a.exe', 10, 'RESUME')],
    ['with a file over 2 MB', file('a.pdf', 2 * 1024 * 1024 + 1, 'RESUME')],
    ['that are no form', { attachmentType: 'RESUME' }],
  ])('are refused %s', async (_what, body) => {
    await using vendor = await start();
    const { id } = (await vendor.ask('POST', '/candidates', PERSON)).json;
    expect(await vendor.ask('POST', `/candidates/${id}/attachments`, body)).toMatchObject({ status: 400 });
  });

  it('take exactly 2 MB', async () => {
    await using vendor = await start();
    const { id } = (await vendor.ask('POST', '/candidates', PERSON)).json;
    const form = file('a.pdf', 2 * 1024 * 1024, 'RESUME');
    expect(await vendor.ask('POST', `/candidates/${id}/attachments`, form)).toMatchObject({ status: 201 });
  });
});

describe('sources (sheet §10)', () => {
  it('come by offset, a page at a time', async () => {
    await using vendor = await start();
    const { get } = vendor;
    const types = (await get('/configuration/sources')).json.content;
    const { id } = types.find(({ label }: { label: string }) => label === 'Job boards');
    const page = async (query: string) => (await get(`/configuration/sources/${id}/values?${query}`)).json;
    expect(await page('limit=100')).toMatchObject({ totalFound: 120, limit: 100, offset: 0 });
    expect((await page('limit=100&offset=100')).content).toHaveLength(20);
    expect((await page('sourceSubType=PAID')).content).toEqual([]);
    expect(await get('/configuration/sources/unknown/values')).toMatchObject({ status: 404 });
  });
});

it('starts over: first data, first tokens', async () => {
  await using vendor = await start();
  const { ask, simulator, jobId } = vendor;
  await ask('POST', `/jobs/${jobId}/candidates`, PERSON);
  simulator.account().job(jobId).status = 'FILLED';
  for (const token of simulator.account().tokens) token.revoked = true;
  simulator.reset();
  expect(simulator.candidates()).toEqual([]);
  expect(simulator.account().job(jobId).status).toBe('SOURCING');
  expect(await ask('GET', '/jobs')).toMatchObject({ status: 200 });
});
