import { describe, expect, it } from 'vitest';
import { type IcimsSimulator, SIMULATED_LOGINS, startSimulator } from '../simulator/index.js';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

interface Ask {
  readonly login?: string;
  readonly body?: unknown;
  readonly customer?: string;
}

const { username, password, token } = SIMULATED_LOGINS.example;
const BASIC = `Basic ${btoa(`${username}:${password}`)}`;

/** One request below `/customers/1234`, as the API user. */
async function ask(
  simulator: IcimsSimulator,
  what: string,
  { login = BASIC, body, customer = '1234' }: Ask = {},
): Promise<Answer> {
  const [method = 'GET', path = ''] = what.split(' ');
  const response = await fetch(`${simulator.url}/customers/${customer}${path}`, {
    method,
    headers: { authorization: login, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

async function add(simulator: IcimsSimulator, body: unknown): Promise<string> {
  const { status, headers } = await ask(simulator, 'POST /people', { body });
  expect(status).toBe(201);
  return headers.get('location')?.split('/').at(-1) ?? '';
}

function filter(name: string, value: readonly string[], operator?: string): unknown {
  return { filters: [{ name, value, ...(operator === undefined ? {} : { operator }) }], operator: '&' };
}

async function found(
  simulator: IcimsSimulator,
  body: unknown,
  query = '?staleness=0',
  type = 'people',
): Promise<readonly number[]> {
  const { status, json } = await ask(simulator, `POST /search/${type}${query}`, { body });
  expect(status).toBe(200);
  const { searchResults } = json as { searchResults: readonly { id: number }[] };
  return searchResults.map(({ id }) => id);
}

describe('who may call (iCIMS sheet §2)', () => {
  it('is told by Basic or Bearer', async () => {
    await using simulator = await startSimulator();
    expect((await ask(simulator, 'GET ')).status).toBe(200);
    expect((await ask(simulator, 'GET ', { login: `Bearer ${token}` })).status).toBe(200);
  });

  it('gets a token for client credentials', async () => {
    await using simulator = await startSimulator();
    const form = { grant_type: 'client_credentials', audience: 'https://api.icims.com/v1/', client_id: '1234' };
    const login = (secret: string): Promise<Response> =>
      fetch(`${simulator.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, client_secret: secret }),
      });
    expect(await (await login(password)).json()).toMatchObject({ access_token: token, token_type: 'Bearer' });
    expect((await login('wrong')).status).toBe(401);
  });

  it('is challenged twice after a wrong password, and told so in the body', async () => {
    await using simulator = await startSimulator();
    const { status, headers, json } = await ask(simulator, 'GET ', { login: `Basic ${btoa(`${username}:wrong`)}` });
    expect({ status, json }).toStrictEqual({
      status: 401,
      json: { errors: [{ errorCode: 6, errorMessage: 'Invalid Username or Password credentials provided.' }] },
    });
    expect(headers.get('www-authenticate')).toBe('Basic, x-icims-v1-hmac-sha256');
    expect(headers.get('x-error')).toBe('6:Invalid Username or Password credentials provided.');
  });

  it('does not see another customer', async () => {
    await using simulator = await startSimulator();
    expect((await ask(simulator, 'GET ', { customer: '5678' })).status).toBe(401);
    expect(await ask(simulator, 'GET ', { customer: '9999' })).toMatchObject({
      status: 404,
      json: { errors: [{ errorCode: 2 }] },
    });
  });

  it('is refused from an address that is not on the list', async () => {
    await using simulator = await startSimulator();
    simulator.tenant().user.allowedAddresses = ['203.0.113.7'];
    expect(await ask(simulator, 'GET ')).toMatchObject({ status: 403, json: { errors: [{ errorCode: 8 }] } });
    simulator.tenant().user.allowedAddresses = ['127.0.0.1'];
    expect((await ask(simulator, 'GET ')).status).toBe(200);
  });
});

describe('how often (iCIMS sheet §3)', () => {
  it('counts the calls of a day, and begins anew at midnight UTC', async () => {
    await using simulator = await startSimulator({ quota: 2 });
    const first = await ask(simulator, 'GET ');
    expect(first.headers.get('x-transaction')).toMatch(/^\{[0-9a-f-]{36}\}$/);
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await ask(simulator, 'GET ');
    const third = await ask(simulator, 'GET ');
    expect(third).toMatchObject({
      status: 429,
      json: { errors: [{ errorMessage: 'Daily web services call limit exceeded.' }] },
    });
    expect(third.headers.has('retry-after')).toBe(false);
    const seconds = Number(third.headers.get('x-ratelimit-reset'));
    const midnight = simulator.clock.now() + seconds * 1000;
    expect(Math.abs(midnight - Math.round(midnight / 86_400_000) * 86_400_000)).toBeLessThan(5000);
    simulator.clock.advance(seconds * 1000);
    expect((await ask(simulator, 'GET ')).status).toBe(200);
  });

  it('bears ten calls at once', async () => {
    await using simulator = await startSimulator({ latency: 500 });
    const answers = await Promise.all(Array.from({ length: 14 }, () => ask(simulator, 'GET ')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await ask(simulator, 'GET ')).status).toBe(200);
  });

  it('counts nobody who hung up before the call was looked at', async () => {
    await using simulator = await startSimulator();
    simulator.faults.add({ fault: { kind: 'delay', ms: 3_000 } });
    for (let call = 0; call < 12; call += 1) {
      const gone = new AbortController();
      const asked = fetch(`${simulator.url}/customers/1234`, {
        headers: { authorization: BASIC },
        signal: gone.signal,
      });
      await expect.poll(() => simulator.requests.all().length, { interval: 5 }).toBe(call + 1);
      gone.abort();
      await expect(asked).rejects.toThrow();
    }
    // Looked at after all of them.
    expect((await ask(simulator, 'GET ')).status).toBe(200);
  });
});

describe('searching (iCIMS sheet §9)', () => {
  it.each([
    [{ filters: [] }, 'At least one filter must be specified'],
    [filter('person.shoe', ['1']), 'The following filter is either not valid or hidden: [person.shoe]'],
    [filter('job.id', ['1']), 'The following filter is either not valid or hidden: [job.id]'],
    [filter('person.email', ['a'], '>'), 'The following filter operator is not valid in the given context: [>]'],
    [
      { filters: [{ name: 'person.id', value: ['1'], colour: 'red' }] },
      'The following filter attribute is unrecognized: [colour]',
    ],
    [{ filters: [], sort: 'id' }, 'The following group attribute is unrecognized: [sort]'],
    [{ filters: [], operator: '^' }, 'The following group operator is not valid in the given context: [^]'],
    [[], 'An unknown parsing error occurred'],
    [{ filters: [{ name: 'person.id', value: 1 }] }, 'An unknown parsing error occurred'],
  ])('refuses %j in the vendor’s words', async (body, message) => {
    await using simulator = await startSimulator();
    const answer = await ask(simulator, 'POST /search/people', { body });
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ errorMessage: message }] } });
  });

  it('finds text that contains, or with == is, and ids in ascending order', async () => {
    await using simulator = await startSimulator();
    const a = Number(await add(simulator, { email: 'ada@home.example', firstname: 'Ada' }));
    const b = Number(await add(simulator, { email: 'hada@home.example' }));
    expect(await found(simulator, filter('person.email', ['ada@home.example']))).toStrictEqual([a, b]);
    expect(await found(simulator, filter('person.email', ['ADA@home.example'], '=='))).toStrictEqual([a]);
    const either = ['hada@home.example', 'ada@home.example'].map((email) => filter('person.email', [email], '=='));
    expect(await found(simulator, { children: either, operator: '|' })).toStrictEqual([a, b]);
    expect(await found(simulator, { children: either, operator: '&' })).toStrictEqual([]);
    expect(await found(simulator, filter('person.id', [String(a)], '>'))).toStrictEqual([b]);
  });

  it('finds by dates to the minute, and ignores a date that it cannot read', async () => {
    await using simulator = await startSimulator();
    simulator.clock.advance(Date.parse('2030-05-06T12:00:30Z') - simulator.clock.now());
    const id = Number(await add(simulator, { email: 'ada@home.example' }));
    const since = (date: string): Promise<readonly number[]> =>
      found(simulator, filter('person.createddate', [date], '>='));
    expect(await since('2030-05-06 12:00 PM')).toStrictEqual([id]);
    expect(await since('2030-05-06 12:01 PM')).toStrictEqual([]);
    expect(await since('2030-05-06T12:01:00Z')).toStrictEqual([id]);
  });

  it('answers at most 1,000 rows, and is quick about 5,000 people', async () => {
    await using simulator = await startSimulator();
    const tenant = simulator.tenant();
    for (let count = 0; count < 5000; count += 1)
      tenant.addPerson({ email: `p${count}@home.example` }, tenant.user, Date.now());
    const rows = await found(simulator, filter('person.id', ['0'], '>'));
    expect(rows).toHaveLength(1000);
    const next = await found(simulator, filter('person.id', [String(rows.at(-1))], '>'));
    expect(next[0]).toBe((rows.at(-1) ?? 0) + 1);
    expect(await found(simulator, filter('person.email', ['p4999@home.example'], '=='))).toHaveLength(1);
  });

  it('serves an answer for 15 minutes unless staleness says otherwise', async () => {
    await using simulator = await startSimulator();
    const query = filter('person.email', ['ada@home.example'], '==');
    expect(await found(simulator, query, '')).toStrictEqual([]);
    await add(simulator, { email: 'ada@home.example' });
    expect(await found(simulator, query, '')).toStrictEqual([]);
    expect(await found(simulator, query, '?staleness=5')).toStrictEqual([]);
    simulator.clock.advance(6 * 60_000);
    expect(await found(simulator, query, '')).toStrictEqual([]);
    expect(await found(simulator, query, '?staleness=5')).toHaveLength(1);
    expect(await found(simulator, query, '?staleness=0')).toHaveLength(1);
  });

  it('is for the Integration User group, and not by fields that the user does not see', async () => {
    await using simulator = await startSimulator();
    const { user } = simulator.tenant();
    user.hiddenFields.add('email');
    expect((await ask(simulator, 'POST /search/people', { body: filter('person.email', ['a']) })).status).toBe(400);
    user.integrationUser = false;
    expect((await ask(simulator, 'POST /search/people', { body: filter('person.id', ['1']) })).status).toBe(403);
  });
});

describe('people (iCIMS sheet §6)', () => {
  it('are made with an empty answer that names them in Location, even twice', async () => {
    await using simulator = await startSimulator();
    const { status, headers, json } = await ask(simulator, 'POST /people', { body: { email: 'ada@home.example' } });
    expect({ status, json }).toStrictEqual({ status: 201, json: undefined });
    expect(headers.get('content-length')).toBe('0');
    expect(headers.get('location')).toMatch(/^https:\/\/api\.icims\.com\/customers\/1234\/people\/\d+$/);
    await add(simulator, { email: 'ADA@home.example' });
    expect(simulator.creations.of('ada@home.example')).toBe(2);
  });

  it('are refused as duplicates where the tenant does so', async () => {
    await using simulator = await startSimulator();
    simulator.tenant().behaviour.duplicateMode = 'conflict';
    await add(simulator, { email: 'ada@home.example' });
    const answer = await ask(simulator, 'POST /people', { body: { email: 'Ada@home.example' } });
    expect(answer).toMatchObject({ status: 409, json: { errors: [{ errorCode: 10 }] } });
    expect(simulator.people()).toHaveLength(1);
  });

  it.each([
    ['a field that there is not', { shoe: 'x' }],
    ['a text that is a number', { firstname: 7 }],
    ['a date that is none', { workexperience: [{ workstartdate: '2020-02-30' }] }],
    ['a month', { workexperience: [{ workstartdate: '2020-02' }] }],
    ['a value that the list has not', { phones: [{ phonenumber: '1', phonetype: { value: 'Pager' } }] }],
    ['a part that there is not', { education: [{ college: 'x' }] }],
    ['a collection that is none', { education: { school: 'x' } }],
  ])('refuse %s, naming the field in X-Error', async (_what, fields) => {
    await using simulator = await startSimulator();
    const { status, headers } = await ask(simulator, 'POST /people', { body: { email: 'a@home.example', ...fields } });
    expect(status).toBe(400);
    expect(headers.get('x-error')).toMatch(/^5:[a-z]+:/);
    expect(simulator.people()).toHaveLength(0);
  });

  it('need what the tenant requires, when they are made and when they are changed', async () => {
    await using simulator = await startSimulator();
    const id = await add(simulator, { email: 'a@home.example' });
    simulator.tenant().user.requiredFields.add('lastname').add('middlename');
    for (const call of ['POST /people', `PATCH /people/${id}`]) {
      const { status, headers, json } = await ask(simulator, call, { body: { email: 'b@home.example' } });
      expect({ status, json }).toMatchObject({ status: 400, json: { errors: [{ errorCode: 1 }, { errorCode: 1 }] } });
      expect(headers.get('x-error')).toBe('1:lastname:lastname is required., 1:middlename:middlename is required.');
    }
  });

  it('lose what is set to null or blank, and keep what is not mentioned', async () => {
    await using simulator = await startSimulator();
    const id = await add(simulator, { email: 'a@home.example', firstname: 'Ada', lastname: 'Byron' });
    expect((await ask(simulator, `PATCH /people/${id}`, { body: { firstname: '' } })).status).toBe(204);
    expect(simulator.people()[0]?.fields).toStrictEqual({ email: 'a@home.example', lastname: 'Byron' });
  });

  it('ignore names with capitals, with a warning', async () => {
    await using simulator = await startSimulator();
    const { status, headers } = await ask(simulator, 'POST /people', {
      body: { email: 'a@home.example', FirstName: 'Ada' },
    });
    expect([status, headers.get('x-warning')]).toStrictEqual([201, '4:FirstName']);
  });

  it('gain entries of collections, and ignore equal ones', async () => {
    await using simulator = await startSimulator();
    const phone = { phonenumber: '1', phonetype: { value: 'Home' } };
    const id = await add(simulator, { email: 'a@home.example', phones: [phone] });
    await ask(simulator, `PATCH /people/${id}`, { body: { phones: [phone, { phonenumber: '2' }] } });
    expect((await ask(simulator, `POST /people/${id}/fields/phones`, { body: phone })).status).toBe(201);
    expect(simulator.people()).toMatchObject([{ fields: { phones: [{ phonenumber: '1' }, { phonenumber: '2' }] } }]);
  });

  it('make new schools by themselves, and refuse hidden ones', async () => {
    await using simulator = await startSimulator();
    await add(simulator, { email: 'a@home.example', education: [{ school: 'New School' }] });
    const option = simulator.tenant().lists.get('school')?.get('new school');
    if (!option) throw new Error('The list was expected to grow.');
    option.hidden = true;
    const body = { email: 'b@home.example', education: [{ school: 'NEW SCHOOL' }] };
    expect((await ask(simulator, 'POST /people', { body })).status).toBe(400);
  });

  it('show what the user may see, and tell "gone" from "hidden"', async () => {
    await using simulator = await startSimulator();
    const id = await add(simulator, { email: 'a@home.example', firstname: 'Ada' });
    simulator.tenant().user.hiddenFields.add('firstname');
    const { json } = await ask(simulator, `GET /people/${id}?fields=email,firstname,folder`);
    expect(json).toMatchObject({ email: 'a@home.example', folder: { value: 'Active' } });
    expect(json).not.toHaveProperty('firstname');
    simulator.tenant().person(Number(id)).hidden = true;
    expect(await ask(simulator, `GET /people/${id}`)).toMatchObject({
      status: 404,
      json: { errors: [{ errorCode: 3 }] },
    });
    expect(await ask(simulator, 'GET /people/1')).toMatchObject({ status: 404, json: { errors: [{ errorCode: 2 }] } });
  });

  it('leave a renamed profile in the Purge folder after a merge', async () => {
    await using simulator = await startSimulator();
    const [gone, kept] = [
      await add(simulator, { email: 'a@home.example' }),
      await add(simulator, { email: 'b@home.example' }),
    ];
    await ask(simulator, 'POST /applicantworkflows', { body: { baseprofile: 1709, associatedprofile: Number(gone) } });
    simulator.tenant().merge(Number(gone), Number(kept), simulator.clock.now());
    expect(simulator.people()).toMatchObject([
      { folder: 'Purge', fields: { firstname: expect.stringContaining(`Merged with ${kept}`) }, workflows: [] },
      { workflows: [{ jobId: 1709 }] },
    ]);
  });

  it('keep one résumé, which only PATCH puts there', async () => {
    await using simulator = await startSimulator();
    const id = await add(simulator, { email: 'a@home.example' });
    const url = `${simulator.url}/customers/1234/people/${id}/fields/resume/binary`;
    const put = (headers: Record<string, string>): Promise<Response> => {
      const body = new FormData();
      body.append('file', new Blob(['%PDF-1.4'], { type: 'application/pdf' }), 'cv.pdf');
      return fetch(url, { method: 'PATCH', headers: { authorization: BASIC, ...headers }, body });
    };
    expect((await ask(simulator, `GET /people/${id}/fields/resume/binary`)).headers.get('content-type')).toContain(
      'json',
    );
    expect((await put({})).status).toBe(400);
    expect((await put({ 'content-disposition': 'attachment;filename="cv.exe"' })).status).toBe(400);
    expect((await put({ 'content-disposition': 'attachment;filename="cv.pdf"' })).status).toBe(204);
    expect((await ask(simulator, `GET /people/${id}/fields/resume/binary`)).headers.get('content-type')).toBe(
      'application/pdf',
    );
    expect((await ask(simulator, `DELETE /people/${id}/fields/resume/binary`)).status).toBe(405);
  });
});

describe('jobs and workflows (iCIMS sheet §7 and §8)', () => {
  it('lists a portal newest first, without titles, and at most 1,000', async () => {
    await using simulator = await startSimulator({ jobs: 1100 });
    const { json } = await ask(simulator, 'GET /search/portals/1?staleness=0');
    const { searchResults } = json as { searchResults: readonly { id: number; portalUrl: string }[] };
    expect(searchResults).toHaveLength(1000);
    expect(searchResults[0]).toMatchObject({
      id: 1709 + 1103,
      portalUrl: 'https://careers-example.icims.com/jobs/2812/field-engineer-1100/job',
    });
    expect(searchResults[0]).not.toHaveProperty('jobtitle');
    const older = encodeURIComponent(JSON.stringify(filter('job.id', [String(searchResults.at(-1)?.id)], '<')));
    const rest = await ask(simulator, `GET /search/portals/1?staleness=0&searchJson=${older}`);
    expect(rest.json).toMatchObject({ searchResults: { length: 102 } });
    expect((await ask(simulator, 'GET /search/portals/9')).status).toBe(404);
  });

  it('makes one workflow for each pair', async () => {
    await using simulator = await startSimulator();
    const id = Number(await add(simulator, { email: 'a@home.example' }));
    const body = {
      baseprofile: 1709,
      associatedprofile: id,
      source: 'SeekOut',
      status: { value: 'Recruiter Submitted' },
    };
    const made = await ask(simulator, 'POST /applicantworkflows', { body });
    expect([made.status, made.json]).toStrictEqual([201, undefined]);
    const workflowId = made.headers.get('location')?.split('/').at(-1);
    expect(await ask(simulator, `GET /applicantworkflows/${workflowId}`)).toMatchObject({
      json: { baseprofile: { id: 1709 }, status: { id: 'D10105', value: 'New Submissions - Recruiter Submitted' } },
    });
    expect((await ask(simulator, 'POST /applicantworkflows', { body })).status).toBe(409);
    const pair = {
      filters: [
        { name: 'applicantworkflow.person.id', value: [String(id)] },
        { name: 'applicantworkflow.job.id', value: ['1709'] },
      ],
    };
    expect(await found(simulator, pair, '?staleness=0', 'applicantworkflows')).toStrictEqual([Number(workflowId)]);
  });

  it.each([
    [{ baseprofile: 1709 }, 400],
    [{ baseprofile: 1, associatedprofile: 'A' }, 404],
    [{ baseprofile: 1709, associatedprofile: 1 }, 404],
    [{ baseprofile: 1709, associatedprofile: 'A', status: { id: 'D1' } }, 400],
    [{ baseprofile: 1709, associatedprofile: 'A', source: 'Elsewhere' }, 400],
  ])('refuses %j', async (body, status) => {
    await using simulator = await startSimulator();
    simulator.tenant().sources = ['Job Board'];
    const id = Number(await add(simulator, { email: 'a@home.example' }));
    const sent = JSON.parse(JSON.stringify(body).replace('"A"', String(id)));
    expect((await ask(simulator, 'POST /applicantworkflows', { body: sent })).status).toBe(status);
  });
});

it('shows people with their workflows on its page, and starts over', async () => {
  await using simulator = await startSimulator();
  const id = Number(await add(simulator, { email: 'a@home.example' }));
  await ask(simulator, 'POST /applicantworkflows', { body: { baseprofile: 1709, associatedprofile: id } });
  const page = await (await fetch(`${simulator.url}/_sim`)).text();
  expect(page).toContain('a@home.example');
  expect(page).not.toContain(password);
  simulator.reset();
  expect(simulator.people()).toHaveLength(0);
  expect((await ask(simulator, 'GET ')).status).toBe(200);
});
