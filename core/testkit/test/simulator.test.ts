import { expect, it } from 'vitest';
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/simulator/index.js';

/** A vendor with one list of notes: the least that faults can be aimed at. */
async function startNotes(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const notes: string[] = [];
  return createSimulator({
    name: 'Notes',
    register(app, kit) {
      app.get('/notes', async () => ({ items: notes }));
      app.post<{ Body: { text: string } }>('/notes', async (request, reply) => {
        notes.push(request.body.text);
        kit.creations.count(request.body.text);
        return reply.code(201).send({ text: request.body.text });
      });
    },
    snapshot: () => ({ notes }),
    reset: () => {
      notes.length = 0;
    },
    ...options,
  });
}

function post(simulator: Simulator, text: string): Promise<Response> {
  return fetch(`${simulator.url}/notes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Token token=hush' },
    body: JSON.stringify({ text }),
  });
}

it('writes nothing when it fails before the write, and everything when it fails after it', async () => {
  await using notes = await startNotes();
  notes.faults.add({ method: 'POST', path: '/notes', nth: 1, fault: { kind: 'failBeforeWrite' } });
  notes.faults.add({ method: 'POST', path: '/notes', nth: 2, fault: { kind: 'failAfterWrite', status: 503 } });

  expect((await post(notes, 'a')).status).toBe(500);
  expect((await post(notes, 'b')).status).toBe(503);
  expect((await post(notes, 'c')).status).toBe(201);
  expect(notes.snapshot()).toEqual({ notes: ['b', 'c'] });
  expect(notes.creations.all()).toEqual({ b: 1, c: 1 });
});

it('meets the requests of one account alone', async () => {
  await using notes = await startNotes();
  notes.faults.add({ authorization: 'another', fault: { kind: 'failBeforeWrite' } });
  expect((await post(notes, 'a')).status).toBe(201);
  notes.faults.add({ authorization: 'hush', fault: { kind: 'failBeforeWrite' } });
  expect((await post(notes, 'b')).status).toBe(500);
});

it('drops the connection before or after the write', async () => {
  await using notes = await startNotes();
  notes.faults.add({ method: 'POST', times: 1, fault: { kind: 'dropBeforeWrite' } });
  notes.faults.add({ method: 'POST', times: 1, fault: { kind: 'dropAfterWrite' } });

  await expect(post(notes, 'a')).rejects.toThrow();
  await expect(post(notes, 'b')).rejects.toThrow();
  expect(notes.snapshot()).toEqual({ notes: ['b'] });
  expect(notes.requests.all().map(({ status }) => status)).toEqual([null, null]);
});

it('spoils an answer: cut off, huge, garbage, an HTML page', async () => {
  await using notes = await startNotes();
  for (const kind of ['truncated', 'garbage'] as const) notes.faults.add({ times: 1, fault: { kind } });
  notes.faults.add({ times: 1, fault: { kind: 'huge', bytes: 1_000_000 } });
  notes.faults.add({ times: 1, fault: { kind: 'html' } });

  const cutOff = await fetch(`${notes.url}/notes`);
  await expect(cutOff.text()).rejects.toThrow();
  await expect((await fetch(`${notes.url}/notes`)).json()).rejects.toThrow(SyntaxError);
  expect((await (await fetch(`${notes.url}/notes`)).text()).length).toBeGreaterThan(1_000_000);
  const page = await fetch(`${notes.url}/notes`);
  expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
});

it('keeps a caller waiting until the caller gives up, whether it has written or not', async () => {
  await using notes = await startNotes();
  notes.faults.add({ times: 1, fault: { kind: 'hang' } });
  notes.faults.add({ times: 1, fault: { kind: 'hangAfterWrite' } });
  const impatient = (text: string): Promise<Response> =>
    fetch(`${notes.url}/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(1000),
    });

  await expect(impatient('a')).rejects.toThrow();
  await expect(impatient('b')).rejects.toThrow();
  expect(notes.snapshot()).toEqual({ notes: ['b'] });
});

it('plays the same faults again for the same seed', async () => {
  const outcomes = async (): Promise<number[]> => {
    await using notes = await startNotes();
    notes.faults.add({ probability: 0.5, seed: 7, fault: { kind: 'failBeforeWrite' } });
    const statuses: number[] = [];
    for (let call = 0; call < 20; call += 1) statuses.push((await fetch(`${notes.url}/notes`)).status);
    return statuses;
  };
  const first = await outcomes();
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(await outcomes()).toEqual(first);
});

it('slows a credential down when its window is full, and forgives when time moves on', async () => {
  await using notes = await startNotes({ rateLimit: { requests: 2, windowMs: 60_000 } });
  await post(notes, 'a');
  await post(notes, 'b');
  const limited = await post(notes, 'c');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '60']);
  expect((await fetch(`${notes.url}/notes`)).status).toBe(200);
  notes.clock.advance(61_000);
  expect((await post(notes, 'd')).status).toBe(201);
});

it('is steered over HTTP: faults, clock, state, log, reset', async () => {
  await using notes = await startNotes();
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${notes.url}/_sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return response.json();
  };

  await control('POST', '/faults', [{ path: '/no*', fault: { kind: 'status', status: 429, retryAfter: 3 } }]);
  const limited = await post(notes, 'a');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
  expect(await control('POST', '/faults', { fault: { kind: 'earthquake' } })).toHaveProperty('error');
  await control('DELETE', '/faults');
  await post(notes, '<script>');
  expect(await control('GET', '/state')).toMatchObject({
    creations: { '<script>': 1 },
    state: { notes: ['<script>'] },
  });
  expect(await control('GET', '/requests')).toMatchObject([{ status: 429, fault: 'status' }, { status: 201 }]);
  expect(JSON.stringify(await control('GET', '/requests'))).not.toContain('hush');
  const page = await (await fetch(`${notes.url}/_sim`)).text();
  expect(page).toContain('&#60;script&#62;');
  expect(page).not.toContain('<script>');
  const before = notes.clock.now();
  await control('POST', '/clock', { advanceMs: 3_600_000 });
  expect(notes.clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
  await control('POST', '/reset');
  expect(notes.snapshot()).toEqual({ notes: [] });
});
