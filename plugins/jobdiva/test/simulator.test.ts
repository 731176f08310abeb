import { describe, expect, it } from 'vitest';
import { type JobDivaSimulator, SIMULATED_CREDENTIALS, startSimulator } from '../simulator/index.js';

const { first, second, disabled } = SIMULATED_CREDENTIALS;
const HOUR_MS = 3_600_000;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
  readonly text: string;
}

/** JobDiva without any plugin: plain requests. */
class Caller {
  constructor(
    private readonly simulator: JobDivaSimulator,
    readonly authorization?: string,
  ) {}

  async post(path: string, body: unknown): Promise<Answer> {
    return this.#send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  }

  get(path: string): Promise<Answer> {
    return this.#send(path, {});
  }

  write(method: string, body: unknown): Promise<Answer> {
    return this.post(`/apiv2/jobdiva/${method}`, body);
  }

  async #send(path: string, init: RequestInit): Promise<Answer> {
    const authorization = this.authorization === undefined ? {} : { authorization: this.authorization };
    const headers = { ...Object(init.headers), ...authorization };
    const response = await fetch(this.simulator.url + path, { ...init, headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }
}

interface Credentials {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

function login(simulator: JobDivaSimulator, { clientId, username, password }: Credentials): Promise<Answer> {
  const body = { clientId: Number(clientId), userName: username, password };
  return new Caller(simulator).post('/apiv2/v2/login', body);
}

async function signedIn(simulator: JobDivaSimulator, who: Credentials = first): Promise<Caller> {
  return new Caller(simulator, `Bearer ${Reflect.get(Object((await login(simulator, who)).json), 'token')}`);
}

function messageIn({ json }: Answer): unknown {
  return Reflect.get(Object(json), 'message');
}

const ADA = { firstName: 'Ada', lastName: 'Byron', email: 'ada@home.example' };

describe('logging in', () => {
  it('gives two tokens, and is refused with a 500', async () => {
    await using simulator = await startSimulator();
    expect((await login(simulator, first)).json).toMatchObject({
      token: expect.any(String),
      refreshtoken: expect.any(String),
    });
    const wrong = await login(simulator, { ...first, password: 'wrong' });
    expect([wrong.status, messageIn(wrong)]).toStrictEqual([500, expect.stringContaining('INVALID_CREDENTIALS')]);
    const off = await login(simulator, disabled);
    expect([off.status, messageIn(off)]).toStrictEqual([500, 'USER_DISABLED']);
  });

  it('goes by GET as well, with a bare token in the oldest call', async () => {
    await using simulator = await startSimulator();
    const query = new URLSearchParams({ clientid: first.clientId, username: first.username, password: first.password });
    const pair = await new Caller(simulator).get(`/apiv2/v2/authenticate?${query}`);
    expect(pair.json).toMatchObject({ token: expect.any(String) });
    const bare = await new Caller(simulator).get(`/apiv2/authenticate?${query}`);
    expect(bare.text).toMatch(/^"sim\.[\w-]+"$/);
    const missing = await new Caller(simulator).get('/apiv2/authenticate?clientid=1');
    expect([missing.status, missing.json]).toMatchObject([400, { apierror: { status: 'BAD_REQUEST' } }]);
  });

  it('lasts 24 hours, and can be refreshed once with each refresh token', async () => {
    await using simulator = await startSimulator();
    const { json } = await login(simulator, first);
    const { token, refreshtoken } = Object(json);
    const search = (): Promise<Answer> => new Caller(simulator, token).write('SearchJob', {});
    simulator.clock.advance(24 * HOUR_MS - 1000);
    expect((await search()).status).toBe(200);
    simulator.clock.advance(1000);
    expect((await search()).status).toBe(401);
    const refresh = (): Promise<Answer> =>
      new Caller(simulator, `Bearer ${refreshtoken}`).get('/apiv2/v2/refreshToken');
    expect((await refresh()).status).toBe(200);
    expect((await refresh()).status).toBe(401);
  });

  it.each([
    ['bearer', 401, 200],
    ['raw', 200, 401],
    ['both', 200, 200],
  ] as const)('takes tokens in the form of the tenant: %s', async (tokenScheme, raw, bearer) => {
    await using simulator = await startSimulator({ deviations: { tokenScheme } });
    const { token } = Object((await login(simulator, first)).json);
    expect((await new Caller(simulator, token).write('SearchJob', {})).status).toBe(raw);
    expect((await new Caller(simulator, `Bearer ${token}`).write('SearchJob', {})).status).toBe(bearer);
  });
});

describe('writing', () => {
  it('answers ids and truths alone', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const { json: candidateid } = await caller.write('createCandidate', ADA);
    expect(candidateid).toBeGreaterThan(10 ** 13);
    expect((await caller.write('updateCandidateProfile', { candidateid, city: 'Reno' })).json).toBe(true);
    expect((await caller.write('createJobApplication', { candidateid, jobid: 31_900_001 })).json).toBe(true);
    expect((await caller.write('createJobApplication', { candidateid, jobid: 31_900_001 })).json).toBe(true);
    expect(simulator.candidates()).toMatchObject([{ city: 'Reno', applications: [{ jobId: 31_900_001 }] }]);
    expect(simulator.creations.all()).toStrictEqual({ [ADA.email]: 1 });
  });

  it('ignores what it does not know, and notes it down', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const educations = [{ school: 'Example University', grade: 'A' }];
    await caller.write('createCandidate', { ...ADA, phone: '1', educations });
    expect(simulator.account().ignoredFields).toStrictEqual([
      { method: 'createCandidate', field: 'educations.0.grade' },
      { method: 'createCandidate', field: 'phone' },
    ]);
    expect(simulator.candidates()).toMatchObject([{ phones: [], educations: [{ school: 'Example University' }] }]);
  });

  it.each([
    ['a name that is missing', { ...ADA, lastName: ' ' }, /^Parameter Check Failed \r\nError: Last Name is required/],
    ['a name of 51 characters', { ...ADA, lastName: 'x'.repeat(51) }, /exceeds 50 characters/],
    [
      'a state of another country',
      { ...ADA, state: 'ON', countryid: 'US' },
      /State\(ON\) is not valid for country\(US\)/,
    ],
    ['a state without a country that is none of the US', { ...ADA, state: 'Bavaria' }, /State\(Bavaria\)/],
    ['a country that is no code', { ...ADA, countryid: 'Germany' }, /Country\(Germany\)/],
    ['a source that is not there', { ...ADA, resumeSource: 1 }, /Resume Source\(1\)/],
    ['an address that is none', { ...ADA, email: 'ada' }, /Email\(ada\) is not valid/],
  ])('refuses %s with a 500', async (_what, body, message) => {
    await using simulator = await startSimulator();
    const refused = await (await signedIn(simulator)).write('createCandidate', body);
    expect([refused.status, messageIn(refused)]).toStrictEqual([500, expect.stringMatching(message)]);
  });

  it('refuses an address that another candidate has, in either place', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    await caller.write('createCandidate', { ...ADA, alternateemail: 'ada@work.example' });
    const again = await caller.write('createCandidate', { ...ADA, email: 'ADA@work.example' });
    expect(messageIn(again)).toContain('Email(ADA@work.example) Already used');
    const other = await signedIn(simulator, second);
    expect((await other.write('createCandidate', ADA)).status).toBe(200);
  });

  it('refuses a value of the wrong type, and a body that is no JSON, with a 400', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const typed = await caller.write('createCandidate', { ...ADA, owner: 'me' });
    expect([typed.status, typed.json]).toMatchObject([
      400,
      { apierror: { message: expect.stringContaining('owner') } },
    ]);
  });

  it('refuses a network that it does not know, in the shorter form', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const { json: candidateid } = await caller.write('createCandidate', ADA);
    const socialnetworks = [{ name: 'Mastodon', link: 'https://example.org' }];
    const refused = await caller.write('updateCandidateSNLinks', { candidateid, socialnetworks });
    expect([refused.status, messageIn(refused)]).toStrictEqual([500, 'Error: Invalid Social Network Name (Mastodon)']);
  });

  it('refuses an application to a job that is not open', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const { json: candidateid } = await caller.write('createCandidate', ADA);
    for (const jobid of [31_900_006, 1]) {
      expect((await caller.write('createJobApplication', { candidateid, jobid })).status).toBe(500);
    }
  });

  it('can be switched off method by method', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    await caller.post('/_sim/methods', { method: 'createCandidate', allowed: false });
    const denied = await caller.write('createCandidate', ADA);
    expect([denied.status, messageIn(denied)]).toStrictEqual([
      500,
      'You are not allowed to access to createCandidate API.',
    ]);
    expect((await caller.write('SearchJob', {})).status).toBe(200);
  });
});

describe('résumés', () => {
  const FILE = {
    filename: 'ada.pdf',
    textfile: 'Ada Byron\nada@home.example',
    resumesource: 7000,
    filecontent: 'JVBERg==',
  };

  it('go to the candidate who is named, and are listed with Eastern dates', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const { json: candidateid } = await caller.write('createCandidate', { ...ADA, email: 'other@home.example' });
    expect((await caller.write('uploadResume', { ...FILE, candidateid })).json).toBe(candidateid);
    const { json } = await caller.get(`/apiv2/bi/CandidatesResumesDetail?candidateIds=${candidateid}&candidateIds=1`);
    expect(json).toMatchObject({
      message: expect.stringContaining('completed successfully'),
      data: [
        { CANDIDATEID: String(candidateid), DATECREATED: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) },
      ],
    });
  });

  it('are matched by the address in the text, or make somebody new, when nobody is named', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const made = await caller.write('uploadResume', FILE);
    expect((await caller.write('uploadResume', FILE)).json).toBe(made.json);
    await caller.write('uploadResume', { ...FILE, textfile: 'No Address' });
    expect(simulator.candidates()).toMatchObject([
      { email: 'ada@home.example', resumes: [{}, {}] },
      { email: expect.stringMatching(/^Auto_/) },
    ]);
  });
});

describe('searching', () => {
  it('finds candidates by address, LinkedIn URL and date of creation, with spaces in the keys', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const { json: candidateid } = await caller.write('createCandidate', ADA);
    const link = 'https://www.linkedin.com/in/ada';
    await caller.write('updateCandidateSNLinks', { candidateid, socialnetworks: [{ name: 'LinkedIn', link }] });
    const find = async (filter: object): Promise<unknown> =>
      (await caller.write('searchCandidateProfile', filter)).json;
    const row = { id: candidateid, 'first name': 'Ada', 'last name': 'Byron' };
    expect(await find({ email: 'ADA@home.example' })).toMatchObject([row]);
    expect(await find({ linkedinProfile: 'http://linkedin.com/in/ada/' })).toMatchObject([row]);
    expect(await find({ email: ADA.email, createdDate: '2020-01-01T00:00:00' })).toMatchObject([row]);
    expect(await find({ email: ADA.email, createdDate: '2999-01-01T00:00:00' })).toStrictEqual([]);
    expect(await find({ email: 'nobody@home.example' })).toStrictEqual([]);
  });

  it('answers some job or other for a reference or an id that nobody has', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    for (const filter of [{ jobdivaref: '99-99999' }, { jobId: 1 }, { optionalref: 'x' }]) {
      expect((await caller.write('SearchJob', filter)).json).toHaveLength(1);
    }
  });

  it('stays fast with 20,000 candidates', async () => {
    await using simulator = await startSimulator({ rate: 0 });
    const account = simulator.account();
    for (let number = 0; number < 20_000; number += 1) {
      account.createCandidate({ ...ADA, email: `ada.${number}@home.example` }, 0);
    }
    const caller = await signedIn(simulator);
    const found = await caller.write('searchCandidateProfile', { email: 'ada.19999@home.example' });
    expect(found.json).toHaveLength(1);
    expect((await caller.write('createCandidate', { ...ADA, email: 'ada.1@home.example' })).status).toBe(500);
  });
});

describe('BI reads', () => {
  it('answer texts alone, under upper-case names', async () => {
    await using simulator = await startSimulator();
    const caller = await signedIn(simulator);
    const { json: id } = await caller.write('createCandidate', { ...ADA, cellphone: '5550100' });
    const { json } = await caller.get(`/apiv2/bi/CandidatesDetail?candidateIds=${id}`);
    const [row] = Object(json).data;
    expect(row).toMatchObject({
      ID: String(id),
      EMAIL: ADA.email,
      CELLPHONE: '5550100',
      HOMEPHONE: 'Null',
      RESUMECOUNT: '0',
    });
    const sources = await caller.get('/apiv2/bi/ResumeSourceList');
    expect(sources.json).toMatchObject({ data: [{ ID: '7000', NAME: 'SeekOut' }, {}, {}] });
    expect((await caller.get('/apiv2/bi/ApiLimits')).json).toMatchObject({ data: [] });
    expect((await caller.get('/apiv2/bi/CandidatesDetail')).status).toBe(400);
  });
});

describe('limits', () => {
  it.each([true, false])('are kept for each endpoint by itself (with Retry-After: %s)', async (retryAfter) => {
    await using simulator = await startSimulator({ rate: 2, retryAfter });
    const caller = await signedIn(simulator);
    await caller.write('SearchJob', {});
    await caller.write('SearchJob', {});
    const third = await caller.write('SearchJob', {});
    expect([third.status, messageIn(third)]).toStrictEqual([429, 'Request Limit Exceeded']);
    expect(third.headers.has('retry-after')).toBe(retryAfter);
    expect((await caller.write('searchCandidateProfile', { email: 'x@y.example' })).status).toBe(200);
  });

  it('count requests of one account that overlap, which are served all the same', async () => {
    await using simulator = await startSimulator({ latency: 20 });
    const [caller, stranger] = [await signedIn(simulator), await signedIn(simulator, second)];
    await Promise.all([caller.write('SearchJob', {}), stranger.write('SearchJob', {})]);
    expect(simulator.account().overlapping).toBe(0);
    const answers = await Promise.all([caller.write('SearchJob', {}), caller.write('SearchJob', {})]);
    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200]);
    expect(simulator.account().overlapping).toBe(1);
  });
});

it('shows no password and no token, and starts over', async () => {
  await using simulator = await startSimulator();
  const caller = await signedIn(simulator);
  await caller.write('createCandidate', ADA);
  const { text } = await caller.get('/_sim/state');
  expect(text).not.toContain(first.password);
  expect(text).not.toContain(caller.authorization?.slice('Bearer '.length));
  simulator.reset();
  expect(simulator.candidates()).toStrictEqual([]);
  expect((await caller.write('SearchJob', {})).status).toBe(401);
  expect((await login(simulator, first)).status).toBe(200);
});
