import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type JobScoreSimulator, SIMULATED_KEYS, startSimulator } from '../simulator/index.js';

// The simulator's own rules (JobScore sheet §10), seen through HTTP alone.

const ADA = {
  first_name: 'Ada',
  last_name: 'Okafor',
  email: 'Ada@Home.example',
  source: 'database',
  source_detail: 'SeekOut',
  tags: ['GoLang'],
};

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Answers are looked at with matchers, never relied on.
  readonly body: unknown;
}

async function call(
  simulator: JobScoreSimulator,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const { key = SIMULATED_KEYS.user, json, headers = {}, body } = options;
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: {
      ...(key === '' ? {} : { authorization: `Token token=${key}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

interface CallOptions {
  readonly key?: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: FormData | string;
}

function itemsOf({
  body,
}: Answer): readonly { readonly id: string; readonly name?: string; readonly title?: string }[] {
  return typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) ? body.items : [];
}

function idOf({ body }: Answer): string {
  if (typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string') return body.id;
  throw new Error('The answer has no id.');
}

function upload(filename: string, bytes: number | string): FormData {
  const form = new FormData();
  form.set('document_type', 'resume');
  form.set(
    'file',
    new Blob([typeof bytes === 'number' ? new Uint8Array(bytes) : bytes], { type: 'application/pdf' }),
    filename,
  );
  return form;
}

/** The feed as a browser sees it that knows this machine by another name, which `fetch` cannot pretend. */
async function feed(simulator: JobScoreSimulator, host: string, account: string): Promise<Omit<Answer, 'headers'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Omit<Answer, 'headers'>>();
  get(`${simulator.url}/jobs/${account}/feed.json`, { headers: { host } }, async (response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) });
  }).on('error', reject);
  return promise;
}

describe('rule 1: keys', () => {
  it('takes a key in the Token header', async () => {
    await using simulator = await startSimulator();
    expect(await call(simulator, 'GET', '/v2/users/me')).toMatchObject({ status: 200, body: { first_name: 'Tariq' } });
  });

  it('takes a key as the user name of Basic', async () => {
    await using simulator = await startSimulator();
    const authorization = `Basic ${Buffer.from(`${SIMULATED_KEYS.account}:`).toString('base64')}`;
    const answer = await call(simulator, 'GET', '/v2/users/me', { key: '', headers: { authorization } });
    expect(answer).toMatchObject({ status: 200, body: { first_name: 'Rita' } });
  });

  it.each(['', 'Token token=wrong', 'Bearer sim-user-key-exampleco', 'Token sim-user-key-exampleco'])(
    'refuses "%s" with 401',
    async (authorization) => {
      await using simulator = await startSimulator();
      const answer = await call(simulator, 'GET', '/v2/jobs', {
        key: '',
        headers: authorization === '' ? {} : { authorization },
      });
      expect(answer).toMatchObject({ status: 401, body: { errors: [{ status: 401, code: 'unauthorized' }] } });
    },
  );

  it('lets an account key act on behalf of another user, and refuses it to a User Key', async () => {
    await using simulator = await startSimulator();
    const [, tariq] = simulator.account().users;
    const headers = { 'x-on-behalf-of': tariq?.id ?? '' };
    expect(await call(simulator, 'GET', '/v2/users/me', { key: SIMULATED_KEYS.account, headers })).toMatchObject({
      body: { first_name: 'Tariq' },
    });
    expect(await call(simulator, 'GET', '/v2/users/me', { key: SIMULATED_KEYS.otherUser, headers })).toMatchObject({
      status: 403,
    });
  });

  it('keeps two accounts apart', async () => {
    await using simulator = await startSimulator();
    await call(simulator, 'POST', '/v2/candidates', { json: ADA });
    expect(itemsOf(await call(simulator, 'GET', '/v2/candidates'))).toHaveLength(1);
    expect(
      itemsOf(await call(simulator, 'GET', '/v2/candidates', { key: SIMULATED_KEYS.secondAccountUser })),
    ).toHaveLength(0);
  });
});

describe('rule 2: what is there from the start', () => {
  it('holds two users, a job of each status, two databases and two tags, with the same ids in every run', async () => {
    await using simulator = await startSimulator();
    await using another = await startSimulator();
    const { users, jobs, databases, tags } = simulator.account();
    expect(users).toHaveLength(2);
    expect(jobs.map(({ status }) => status)).toStrictEqual(['open', 'internal', 'on_hold', 'closed']);
    expect(databases.map(({ name }) => name)).toStrictEqual(['SeekOut', 'Indeed Resume']);
    expect(tags.map(({ name }) => name)).toStrictEqual(['golang', 'backend']);
    expect(another.account().users).toStrictEqual(users);
  });

  it('is there again after a reset', async () => {
    await using simulator = await startSimulator();
    await call(simulator, 'POST', '/v2/candidates', { json: ADA });
    simulator.revokeApiKeys();
    simulator.reset();
    expect(itemsOf(await call(simulator, 'GET', '/v2/candidates'))).toHaveLength(0);
  });
});

describe('rule 3: what a candidate is checked for', () => {
  it.each([
    ['a source in other capitals', { source_detail: 'seekout' }, [{ field: 'source_detail' }]],
    ['an unknown family of sources', { source: 'magic' }, [{ field: 'source' }]],
    [
      'every unknown tag',
      { tags: ['golang', 'rust', 'cobol'] },
      [{ field: 'tags', message: 'Tags do not exist: rust, cobol' }],
    ],
    [
      'missing names and email',
      { first_name: '', last_name: undefined, email: null },
      [{ field: 'first_name' }, { field: 'last_name' }, { field: 'email' }],
    ],
    ['what is no email address', { email: 'nobody' }, [{ field: 'email' }]],
    [
      'a graduation year that is a number',
      { schools: [{ name: 'U', graduation_year: 2014 }] },
      [{ field: 'schools.0.graduation_year' }],
    ],
    [
      'a start year that is text',
      { employers: [{ employer_name: 'N', titles: [{ start_year: '2014' }] }] },
      [{ field: 'employers.0.titles.0.start_year' }],
    ],
  ])('refuses %s with 422', async (_what, changes, errors) => {
    await using simulator = await startSimulator();
    const answer = await call(simulator, 'POST', '/v2/candidates', { json: { ...ADA, ...changes } });
    expect(answer).toMatchObject({ status: 422, body: { errors } });
    expect(simulator.candidates()).toHaveLength(0);
  });

  it('keeps tags in lower case', async () => {
    await using simulator = await startSimulator();
    expect(await call(simulator, 'POST', '/v2/candidates', { json: ADA })).toMatchObject({
      status: 201,
      body: { tags: ['golang'] },
    });
  });

  it('refuses what is no JSON with 400 and another content type with 415', async () => {
    await using simulator = await startSimulator();
    const broken = { body: '{', headers: { 'content-type': 'application/json' } };
    expect(await call(simulator, 'POST', '/v2/candidates', broken)).toMatchObject({
      status: 400,
      body: { errors: [{}] },
    });
    const form = { body: 'first_name=Ada', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect(await call(simulator, 'POST', '/v2/candidates', form)).toMatchObject({ status: 415 });
  });

  it('checks a change as it checks a new candidate', async () => {
    await using simulator = await startSimulator();
    const id = idOf(await call(simulator, 'POST', '/v2/candidates', { json: ADA }));
    expect(await call(simulator, 'PATCH', `/v2/candidates/${id}`, { json: { tags: ['rust'] } })).toMatchObject({
      status: 422,
    });
    expect(await call(simulator, 'PATCH', `/v2/candidates/${id}`, { json: { home_city: 'Boise' } })).toMatchObject({
      status: 200,
      body: { id, home_city: 'Boise', email: ADA.email },
    });
  });
});

describe('rule 4: duplicates', () => {
  it('makes two candidates of the same body, and counts them by email address', async () => {
    await using simulator = await startSimulator();
    await call(simulator, 'POST', '/v2/candidates', { json: ADA });
    await call(simulator, 'POST', '/v2/candidates', { json: ADA });
    expect(simulator.candidates()).toHaveLength(2);
    expect(simulator.creations.of('ada@home.example')).toBe(2);
  });

  it('suspects them when time passes, and makes one of them when a user merges', async () => {
    await using simulator = await startSimulator();
    const older = idOf(await call(simulator, 'POST', '/v2/candidates', { json: ADA }));
    const newer = idOf(
      await call(simulator, 'POST', '/v2/candidates', {
        json: { ...ADA, email: 'x@home.example', work_email: 'ada@home.EXAMPLE' },
      }),
    );
    expect(simulator.account().duplicates).toHaveLength(0);
    await call(simulator, 'POST', '/_sim/clock', { json: { advanceMs: 60_000 } });
    const [pair] = simulator.account().duplicates;
    expect(pair).toMatchObject({ candidate_ids: [older, newer], state: 'suspected' });

    await call(simulator, 'POST', `/_sim/duplicates/${pair?.id}/merge`, { json: { keep: 'newer' } });
    expect(await call(simulator, 'GET', `/v2/candidates/${older}`)).toMatchObject({ status: 404 });
    expect(await call(simulator, 'GET', `/v2/candidates/${newer}`)).toMatchObject({ status: 200 });
  });

  it('never suspects a pair again that a user said is none', async () => {
    await using simulator = await startSimulator();
    await call(simulator, 'POST', '/v2/candidates', { json: ADA });
    await call(simulator, 'POST', '/v2/candidates', { json: ADA });
    simulator.clock.advance(1);
    const [pair] = simulator.account().duplicates;
    await call(simulator, 'POST', `/_sim/duplicates/${pair?.id}/dismiss`);
    simulator.clock.advance(1);
    expect(simulator.account().duplicates).toMatchObject([{ state: 'dismissed' }]);
  });
});

describe('rule 5: lists and objects', () => {
  it('pages lists by 25, at most 100, and loses and repeats nothing', async () => {
    await using simulator = await startSimulator({ jobs: 116, rate: 0 });
    expect(itemsOf(await call(simulator, 'GET', '/v2/jobs'))).toHaveLength(25);
    const pages = await Promise.all(
      [1, 2].map((number) => call(simulator, 'GET', `/v2/jobs?page[number]=${number}&page[size]=500`)),
    );
    expect(pages[0]?.body).toMatchObject({ meta: { pagination: { resources: 120, pages: 2 } } });
    expect(pages.map((page) => itemsOf(page).length)).toStrictEqual([100, 20]);
    expect(new Set(pages.flatMap(itemsOf).map(({ id }) => id)).size).toBe(120);
  });

  it('answers in an order that nobody can rely on', async () => {
    await using simulator = await startSimulator({ jobs: 20 });
    const titles = itemsOf(await call(simulator, 'GET', '/v2/jobs')).map(({ title }) => title);
    expect(titles).not.toStrictEqual(simulator.account().jobs.map(({ title }) => title));
  });

  it('gives every object an id of 22 characters and a property that nobody documented', async () => {
    await using simulator = await startSimulator();
    const answer = await call(simulator, 'POST', '/v2/candidates', { json: ADA });
    expect(idOf(answer)).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(answer.body).toHaveProperty('x_undocumented');
  });

  it('finds candidates by email address in either slot', async () => {
    await using simulator = await startSimulator();
    await call(simulator, 'POST', '/v2/candidates', { json: { ...ADA, work_email: 'ada@work.example' } });
    await call(simulator, 'POST', '/v2/candidates', { json: { ...ADA, email: 'bo@home.example' } });
    expect(itemsOf(await call(simulator, 'GET', '/v2/candidates?email=ADA@work.example'))).toHaveLength(1);
  });
});

describe('rule 6: faults and limits', () => {
  it('slows a key down after 60 requests a minute, and no other', async () => {
    await using simulator = await startSimulator();
    for (let count = 0; count < 60; count += 1) await call(simulator, 'GET', '/v2/users/me');
    const answer = await call(simulator, 'GET', '/v2/users/me');
    expect(answer).toMatchObject({ status: 429, body: { errors: [{ status: 429 }] } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await call(simulator, 'GET', '/v2/users/me', { key: SIMULATED_KEYS.account })).toMatchObject({
      status: 200,
    });
  });

  it('writes, and then says 500', async () => {
    await using simulator = await startSimulator();
    await call(simulator, 'POST', '/_sim/faults', {
      json: { method: 'POST', path: '/v2/candidates', fault: { kind: 'failAfterWrite' } },
    });
    expect(await call(simulator, 'POST', '/v2/candidates', { json: ADA })).toMatchObject({ status: 500 });
    expect(simulator.candidates()).toHaveLength(1);
  });
});

describe('applications and documents', () => {
  it('puts a candidate into the first stage of a job, once', async () => {
    await using simulator = await startSimulator();
    const [open] = simulator.account().jobs;
    const candidate_id = idOf(await call(simulator, 'POST', '/v2/candidates', { json: ADA }));
    const json = { candidate_id, job_id: open?.id };
    expect(await call(simulator, 'POST', '/v2/applications', { json })).toMatchObject({
      status: 201,
      body: { workflow_stage: { name: 'New' } },
    });
    expect(await call(simulator, 'POST', '/v2/applications', { json })).toMatchObject({ status: 422 });
    expect(await call(simulator, 'GET', `/v2/candidates/${candidate_id}/applications`)).toMatchObject({
      body: { applications: [{ job_id: open?.id }] },
    });
    expect(simulator.candidates()).toMatchObject([{ applications: [{ job_id: open?.id }] }]);
  });

  it('refuses closed jobs with 422 and unknown records with 404', async () => {
    await using simulator = await startSimulator();
    const { jobs } = simulator.account();
    const candidate_id = idOf(await call(simulator, 'POST', '/v2/candidates', { json: ADA }));
    const apply = (json: unknown): Promise<Answer> => call(simulator, 'POST', '/v2/applications', { json });
    expect(await apply({ candidate_id, job_id: jobs.find(({ status }) => status === 'closed')?.id })).toMatchObject({
      status: 422,
    });
    expect(await apply({ candidate_id, job_id: 'nowhere' })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'job_id' }] },
    });
    expect(await apply({ candidate_id: 'nobody', job_id: jobs[0]?.id })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'candidate_id' }] },
    });
  });

  it('keeps a résumé, and makes the first the primary one', async () => {
    await using simulator = await startSimulator();
    const id = idOf(await call(simulator, 'POST', '/v2/candidates', { json: ADA }));
    const first = await call(simulator, 'POST', `/v2/candidates/${id}/documents`, {
      body: upload('ada.pdf', '%PDF-1.4'),
    });
    expect(first).toMatchObject({ status: 201, body: { filename: 'ada.pdf', document_type: 'resume' } });
    await call(simulator, 'POST', `/v2/candidates/${id}/documents`, { body: upload('ada-2.pdf', '%PDF-1.4') });
    expect(simulator.candidates()).toMatchObject([{ primary_resume_id: idOf(first), documents: [{}, {}] }]);
    expect(itemsOf(await call(simulator, 'GET', `/v2/candidates/${id}/documents`))).toHaveLength(2);
  });

  it.each([
    ['a file over 10 MB', upload('ada.pdf', 10 * 1024 * 1024 + 1), 413],
    ['a file of another type', upload('ada.exe', 'MZ'), 415],
    ['what is no form', '{}', 415],
  ])('refuses %s', async (_what, body, status) => {
    await using simulator = await startSimulator();
    const id = idOf(await call(simulator, 'POST', '/v2/candidates', { json: ADA }));
    const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
    expect(await call(simulator, 'POST', `/v2/candidates/${id}/documents`, { body, headers })).toMatchObject({
      status,
    });
  });

  it('names the stages of a job', async () => {
    await using simulator = await startSimulator();
    const [open] = simulator.account().jobs;
    const stages = itemsOf(await call(simulator, 'GET', `/v2/jobs/${open?.id}/workflow_stages`));
    expect(stages.map(({ name }) => name)).toContain('New');
  });
});

describe('webhooks', () => {
  it('are kept, listed and removed', async () => {
    await using simulator = await startSimulator();
    const json = { target_url: 'https://hub.example/hooks/x', event_types: ['job_status_changed'] };
    const id = idOf(await call(simulator, 'POST', '/v2/webhooks', { json }));
    expect(itemsOf(await call(simulator, 'GET', '/v2/webhooks'))).toMatchObject([{ id, ...json }]);
    expect(await call(simulator, 'DELETE', `/v2/webhooks/${id}`)).toMatchObject({ status: 204 });
    expect(await call(simulator, 'DELETE', `/v2/webhooks/${id}`)).toMatchObject({ status: 404 });
  });
});

describe('rule 7: the public feed', () => {
  it('shows published jobs, without a key, on the host name of the careers site alone', async () => {
    await using simulator = await startSimulator();
    const feedOn = (host: string): ReturnType<typeof feed> => feed(simulator, host, 'exampleco');
    expect(await feedOn('careers.localhost')).toMatchObject({
      status: 200,
      body: { company_name: 'Example Co', jobs: [{ title: 'Backend Engineer' }] },
    });
    expect(await feedOn('api.localhost')).toMatchObject({ status: 404 });
    expect(await feed(simulator, 'careers.localhost', 'nobody')).toMatchObject({ status: 404 });
  });
});

describe('the control surface', () => {
  it('shows candidates with what hangs on them, and no key', async () => {
    await using simulator = await startSimulator();
    await call(simulator, 'POST', '/v2/candidates', { json: ADA });
    const state = await call(simulator, 'GET', '/_sim/state', { key: '' });
    expect(state.body).toMatchObject({
      creations: { 'ada@home.example': 1 },
      state: { candidates: [{ account: 'exampleco', email: ADA.email, applications: [], documents: [] }] },
    });
    expect(JSON.stringify(state.body)).not.toContain(SIMULATED_KEYS.user);
  });
});
