import { once } from 'node:events';
import { request } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLISHED_LIMITS, SIMULATED_APPLICATIONS, TOKEN_LIFE_S } from '../simulator/index.js';
import {
  APPLICATION,
  applicationKey,
  CANDIDATE,
  CONTRACT,
  candidateKey,
  idsOf,
  ORGANIZATION,
  type StartedLinkedIn,
  start,
  startEnabled,
} from './start-linkedin.js';

const SEATS = `/v2/seatsV2?q=attributes&contracts=${CONTRACT}&start=0`;

describe('tokens (sheet §2)', () => {
  it('are issued for client credentials in a form, and for nothing else', async () => {
    await using linkedIn = await start();
    const { url } = linkedIn.simulator;
    const { clientId, clientSecret } = SIMULATED_APPLICATIONS.exampleco;
    const asked = async (body: string, contentType = 'application/x-www-form-urlencoded') => {
      const init = { method: 'POST', headers: { 'content-type': contentType }, body };
      const response = await fetch(`${url}/oauth/v2/accessToken`, init);
      return { status: response.status, json: await response.json() };
    };
    const good = `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`;
    expect(await asked(good)).toMatchObject({ status: 200, json: { expires_in: 1800 } });
    expect(await asked(`${good}x`)).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
    expect(await asked(good.replace('client_credentials', 'password'))).toMatchObject({ status: 400 });
    expect(await asked(good, 'application/json')).toMatchObject({ status: 400 });
  });

  it('last 1,800 seconds on the simulated clock; without one, an unknown or an expired one the answer is 401', async () => {
    await using linkedIn = await startEnabled();
    const { simulator, get, ask } = linkedIn;
    const nobody = await fetch(`${simulator.url}${SEATS}`);
    expect(await nobody.json()).toEqual({
      message: 'Empty oauth2_access_token',
      serviceErrorCode: 401,
      status: 401,
    });
    expect(await ask('GET', SEATS, { token: 'unknown' })).toMatchObject({ status: 401 });
    simulator.clock.advance((TOKEN_LIFE_S - 60) * 1000);
    expect(await get(SEATS)).toMatchObject({ status: 200 });
    simulator.clock.advance(60_000);
    expect(await get(SEATS)).toMatchObject({ status: 401 });
  });

  it('die in the middle of a run when they are revoked', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.control('/recruiter/tokens/revoke');
    expect(await linkedIn.get(SEATS)).toMatchObject({ status: 401 });
    expect(await linkedIn.ask('GET', SEATS, { token: await linkedIn.token() })).toMatchObject({ status: 200 });
  });

  it('of a parent open provisioning alone, and those of a child everything else', async () => {
    await using linkedIn = await startEnabled();
    const parent = await linkedIn.token(SIMULATED_APPLICATIONS.parent);
    const finder = '/v2/provisionedApplications?q=credentialsByUniqueForeignId&uniqueForeignId=exampleco';
    expect(await linkedIn.ask('GET', SEATS, { token: parent })).toMatchObject({ status: 403 });
    expect(await linkedIn.get(finder)).toMatchObject({ status: 403 });
    expect(await linkedIn.ask('GET', finder, { token: parent })).toMatchObject({
      status: 200,
      json: { elements: [{ credentials: { client_id: SIMULATED_APPLICATIONS.exampleco.clientId } }] },
    });
  });
});

describe('host names (sheet §10.1)', () => {
  const statusAt = async ({ simulator }: StartedLinkedIn, host: string, path: string) => {
    const { port } = new URL(simulator.url);
    const call = request({ port, path, host: '127.0.0.1', headers: { host }, method: path === TOKEN ? 'POST' : 'GET' });
    const [response] = await once(call.end(), 'response');
    response.resume();
    return response.statusCode;
  };
  const TOKEN = '/oauth/v2/accessToken';

  it('answer each to its own part alone, and are what a test says', async () => {
    await using linkedIn = await start();
    expect(await statusAt(linkedIn, 'www.linkedin.com', TOKEN)).toBe(400);
    expect(await statusAt(linkedIn, 'api.linkedin.com', TOKEN)).toBe(404);
    expect(await statusAt(linkedIn, 'www.linkedin.com', SEATS)).toBe(404);
    expect(await statusAt(linkedIn, 'api.linkedin.com', SEATS)).toBe(401);
    await using other = await start({ hosts: { api: 'api.test' } });
    expect(await statusAt(other, 'api.test', TOKEN)).toBe(404);
    expect(await statusAt(other, 'api.linkedin.com', TOKEN)).toBe(400);
  });
});

describe('child applications (sheet §2.3)', () => {
  const SET_UP = { uniqueForeignId: 'org-77', name: 'Hub - Example Co', validJsSdkDomains: ['https://hub.example'] };

  it('are created once for each customer, and get credentials that work', async () => {
    await using linkedIn = await start();
    const { ask } = linkedIn;
    const token = await linkedIn.token(SIMULATED_APPLICATIONS.parent);
    const create = (body: unknown) => ask('POST', '/v2/provisionedApplications', { body, token });
    const made = await create(SET_UP);
    expect(made).toMatchObject({
      status: 201,
      json: { key: expect.stringMatching(/^urn:li:developerApplication:\d+$/) },
    });
    const { client_id: clientId, client_secret: clientSecret } = made.json.credentials;
    expect(await linkedIn.token({ clientId, clientSecret })).toBeTruthy();
    expect(await create(SET_UP)).toMatchObject({ status: 409 });
  });

  it('have names of 50 characters at most, without LinkedIn, and domains without a slash at the end', async () => {
    await using linkedIn = await start();
    const token = await linkedIn.token(SIMULATED_APPLICATIONS.parent);
    const wrong = [{ name: 'x'.repeat(51) }, { name: 'LinkedIn hub' }, { validJsSdkDomains: ['https://hub.example/'] }];
    for (const change of wrong) {
      const body = { ...SET_UP, ...change };
      expect(await linkedIn.ask('POST', '/v2/provisionedApplications', { body, token })).toMatchObject({ status: 400 });
    }
  });

  it('take new domains and addresses by a patch', async () => {
    await using linkedIn = await start();
    const token = await linkedIn.token(SIMULATED_APPLICATIONS.parent);
    const { json } = await linkedIn.ask('POST', '/v2/provisionedApplications', { body: SET_UP, token });
    const path = `/v2/provisionedApplications/${encodeURIComponent(json.key)}`;
    const body = { patch: { $set: { validJsSdkDomains: ['https://other.example'] } } };
    expect(await linkedIn.ask('POST', path, { body, token })).toMatchObject({ status: 204 });
    expect(linkedIn.simulator.snapshot()).toMatchObject({
      applications: expect.arrayContaining([expect.objectContaining({ validJsSdkDomains: ['https://other.example'] })]),
    });
  });
});

describe('batches (sheet §4)', () => {
  it('answer 200 with what became of each record', async () => {
    await using linkedIn = await startEnabled();
    const { status, json } = await linkedIn.put('/v2/atsCandidates', {
      [candidateKey('C-1')]: CANDIDATE,
      [candidateKey('C-2')]: { ...CANDIDATE, firstName: '' },
    });
    expect(status).toBe(200);
    expect(json.results).toMatchObject({ [candidateKey('C-1')]: { status: 204 } });
    expect(json.errors).toMatchObject({ [candidateKey('C-2')]: { status: 422, serviceErrorCode: 100 } });
    expect(Object.keys(json.results)).toHaveLength(1);
  });

  it('take key parts in any order, encoded or not, in query, body and path', async () => {
    await using linkedIn = await startEnabled();
    const turned = `integrationContext=${encodeURIComponent(ORGANIZATION)}&atsCandidateId=C%2F1&dataProvider=ATS`;
    const query = `ids[0].dataProvider=ATS&ids[0].atsCandidateId=C%2F1&ids[0].integrationContext=${ORGANIZATION}`;
    const upsert = await linkedIn.ask('PUT', `/v2/atsCandidates?${query}`, {
      body: { entities: { [turned]: CANDIDATE } },
      restli: 'batch_update',
    });
    expect(upsert.json.results).toMatchObject({ [candidateKey('C/1')]: { status: 204 } });
    const note = { atsCreatedAt: 1, note: 'x', author: { firstName: 'A', lastName: 'B' } };
    for (const key of [turned, encodeURIComponent(turned)]) {
      expect(await linkedIn.put(`/v2/atsCandidates/${key}/notes`, { 'N-1': note })).toMatchObject({ status: 200 });
    }
    expect([...linkedIn.simulator.records().candidates.keys()]).toEqual(['C/1']);
  });

  it('take any id, whatever characters it has, in query, body and path', async () => {
    await using linkedIn = await startEnabled();
    const note = { atsCreatedAt: 1, note: 'x', author: { firstName: 'A', lastName: 'B' } };
    const ids = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(ids, ids, async (id, noteId) => {
        const key = candidateKey(id);
        // Colons stay as they are in answers, as in URNs.
        const written = key.replaceAll('%3A', ':');
        const { json } = await linkedIn.put('/v2/atsCandidates', { [key]: CANDIDATE });
        expect(Object.keys(json.results)).toEqual([written]);
        const notes = await linkedIn.put(`/v2/atsCandidates/${key}/notes`, { [noteId]: note });
        expect(Object.keys(notes.json.results)).toEqual([noteId]);
        const held = linkedIn.simulator.records().candidates.get(id);
        expect([...(held?.notes.keys() ?? [])]).toContain(noteId);
      }),
      {
        numRuns: 60,
        examples: [
          [' ', '=\u0338 '],
          ['__proto__', '__proto__'],
        ],
      },
    );
  });

  it('may be answered with key parts in another order', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.control('/recruiter/mishaps', { shuffleKeys: true });
    const written = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const { json } = await linkedIn.put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
      for (const key of Object.keys(json.results)) written.add(key);
    }
    expect(written.size).toBeGreaterThan(1);
    for (const key of written) expect(new URLSearchParams(key).get('atsCandidateId')).toBe('C-1');
  });

  it('hold 100 records at most', async () => {
    await using linkedIn = await startEnabled();
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [candidateKey(`C-${index}`), CANDIDATE]));
    expect(await linkedIn.put('/v2/atsCandidates', many(100))).toMatchObject({ status: 200 });
    expect(await linkedIn.put('/v2/atsCandidates', many(101))).toMatchObject({ status: 400 });
  });

  it('are refused whole when query and entities differ, a part is missing or the method is another', async () => {
    await using linkedIn = await startEnabled();
    const key = candidateKey('C-1');
    const path = `/v2/atsCandidates?${idsOf(key)}`;
    const body = { entities: { [key]: CANDIDATE } };
    const refused = [
      { path, body: { entities: {} }, restli: 'batch_update' },
      { path, body: { entities: { ...body.entities, [candidateKey('C-2')]: CANDIDATE } }, restli: 'batch_update' },
      { path, body, restli: 'batch_partial_update' },
      { path, body, restli: 'update' },
      { path: path.replace('ids[0].dataProvider=ATS&', ''), body, restli: 'batch_update' },
      { path: path.replace('=ATS', '=CRM'), body, restli: 'batch_update' },
      { path, body: 'no JSON', restli: 'batch_update' },
    ];
    for (const { path: to, ...wish } of refused) expect((await linkedIn.ask('PUT', to, wish)).status).toBe(400);
    expect((await linkedIn.ask('PUT', path, { body })).status).toBe(400);
    expect(linkedIn.simulator.records().candidates.size).toBe(0);
  });

  it('come through a tunnel when the query is long', async () => {
    await using linkedIn = await startEnabled();
    const { ask, simulator } = linkedIn;
    const key = candidateKey('C-1');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const parts = [
      'Content-Type: application/x-www-form-urlencoded\r\n\r\n'.concat(idsOf(key)),
      `Content-Type: application/json\r\n\r\n${JSON.stringify({ entities: { [key]: CANDIDATE } })}`,
    ];
    const upsert = await ask('POST', '/v2/atsCandidates', {
      body: `--cut\r\n${parts.join('\r\n--cut\r\n')}\r\n--cut--`,
      restli: 'batch_update',
      headers: { 'x-http-method-override': 'PUT', 'content-type': 'multipart/mixed; boundary=cut' },
    });
    expect(upsert).toMatchObject({ status: 200, json: { results: { [key]: { status: 204 } } } });
    const tunnelled = (method: string) =>
      ask('POST', '/v2/atsCandidates', { body: idsOf(key), headers: { ...form, 'x-http-method-override': method } });
    expect((await tunnelled('GET')).json.results[key]).toMatchObject({ firstName: 'Ada' });
    expect((await tunnelled('DELETE')).json.results[key]).toMatchObject({ status: 204 });
    expect(simulator.records().candidates.size).toBe(0);
  });

  it('carry properties that no documentation mentions, but no unknown records', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
    const { json } = await linkedIn.get(`/v2/atsCandidates?${idsOf(candidateKey('C-1'))}`);
    expect(Object.keys(json.results)).toEqual([candidateKey('C-1')]);
    expect(json.results[candidateKey('C-1')]).toHaveProperty('x_undocumented');
  });
});

describe('versioned paths (sheet §1)', () => {
  it('need a version and leave dataProvider out', async () => {
    await using linkedIn = await startEnabled();
    const key = candidateKey('C-1').replace('&dataProvider=ATS', '');
    const path = `/rest/atsCandidates?${idsOf(key)}`;
    const asked = (version?: string, to = path) =>
      linkedIn.ask('PUT', to, {
        body: { entities: { [key]: CANDIDATE } },
        restli: 'batch_update',
        headers: version === undefined ? {} : { 'linkedin-version': version },
      });
    expect(await asked()).toMatchObject({ status: 400 });
    expect(await asked('201001')).toMatchObject({ status: 426 });
    expect(await asked('202604', `${path}&ids[0].dataProvider=ATS`)).toMatchObject({ status: 400 });
    expect(await asked('202604')).toMatchObject({ status: 200, json: { results: { [key]: { status: 204 } } } });
  });
});

describe('limits (sheet §4)', () => {
  it('are those published, unless a test sets others', () => {
    expect(PUBLISHED_LIMITS).toEqual({
      dailyRequests: 100_000,
      dailyIntegrationRequests: 5_000,
      recordsPerMinute: 10_000,
      conversationsPerMinute: 12,
      exportsPerMonth: 300,
      stubsFound: 20_000,
    });
  });

  it('of a day are counted for each kind and start anew at 00:00 UTC', async () => {
    await using linkedIn = await startEnabled({ limits: { dailyRequests: 2 } });
    const { simulator, ask, put, get } = linkedIn;
    const upsert = () => put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
    for (const status of [200, 200, 429]) expect(await upsert()).toMatchObject({ status });
    expect(await put('/v2/atsApplications', { [applicationKey('A-1')]: APPLICATION })).toMatchObject({ status: 200 });
    // Seats, InMails, stubs and notes are counted together.
    await get(SEATS);
    const time = 'timeRange.start=1&timeRange.end=2&start=0';
    await get(`/v2/conversationEvents?q=criteria&viewer=urn:li:seat:555&${time}`);
    expect(await get(SEATS)).toMatchObject({ status: 429 });
    const now = simulator.clock.now();
    const midnight = new Date(now).setUTCHours(24, 0, 0, 0);
    simulator.clock.advance(midnight - now + 1000);
    const token = await linkedIn.token();
    expect(await ask('GET', SEATS, { token })).toMatchObject({ status: 200 });
  });

  it('of a minute count records, and refuse a batch that does not fit whole', async () => {
    await using linkedIn = await startEnabled({ limits: { recordsPerMinute: 3 } });
    const upsert = (...ids: string[]) =>
      linkedIn.put('/v2/atsCandidates', Object.fromEntries(ids.map((id) => [candidateKey(id), CANDIDATE])));
    expect(await upsert('C-1', 'C-2')).toMatchObject({ status: 200 });
    expect(await upsert('C-3', 'C-4')).toMatchObject({ status: 429 });
    expect(linkedIn.simulator.records().candidates.size).toBe(2);
    linkedIn.simulator.clock.advance(60_000);
    expect(await upsert('C-3', 'C-4')).toMatchObject({ status: 200 });
  });

  it('are answered without Retry-After', async () => {
    await using linkedIn = await startEnabled({ limits: { dailyRequests: 0 } });
    const headers = { authorization: `Bearer ${await linkedIn.token()}` };
    const response = await fetch(`${linkedIn.simulator.url}${SEATS}`, { headers });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBeNull();
  });
});

describe('faults (sheet §10.8)', () => {
  it('spoil an answer before or after the write', async () => {
    await using linkedIn = await startEnabled();
    const { simulator, put } = linkedIn;
    const path = '/v2/atsCandidates';
    simulator.faults.add({ path, times: 1, fault: { kind: 'failBeforeWrite' } });
    expect(await put(path, { [candidateKey('C-1')]: CANDIDATE })).toMatchObject({ status: 500, json: { status: 500 } });
    expect(simulator.records().candidates.size).toBe(0);
    simulator.faults.add({ path, times: 1, fault: { kind: 'failAfterWrite' } });
    expect(await put(path, { [candidateKey('C-1')]: CANDIDATE })).toMatchObject({ status: 500 });
    expect(simulator.records().candidates.size).toBe(1);
    simulator.faults.add({ path, nth: 2, fault: { kind: 'status', status: 401 } });
    const statuses = [];
    for (const id of ['1', '2', '3']) statuses.push((await put(path, { [candidateKey(id)]: CANDIDATE })).status);
    expect(statuses).toEqual([200, 401, 200]);
  });
});
