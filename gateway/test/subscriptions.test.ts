import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { running } from './support/sample.resolver.js';
import { startTestGateway, type TestGateway } from './support/test-gateway.js';

let server: TestGateway;
beforeAll(async () => {
  server = await startTestGateway();
});
afterAll(() => server.gateway.close());

function client(token: string | undefined, closed?: (code: number, reason: string) => void): Client {
  return createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    retryAttempts: 0,
    ...(token === undefined ? {} : { connectionParams: { Authorization: `Bearer ${token}` } }),
    on: {
      closed: (event) => {
        if (isCloseEvent(event)) closed?.(event.code, event.reason);
      },
    },
  });
}

function isCloseEvent(event: unknown): event is { readonly code: number; readonly reason: string } {
  return typeof event === 'object' && event !== null && 'code' in event && 'reason' in event;
}

async function collect(socket: Client, query: string, variables: Record<string, unknown> = {}): Promise<unknown[]> {
  const answers: unknown[] = [];
  for await (const answer of socket.iterate({ query, variables })) answers.push(JSON.parse(JSON.stringify(answer)));
  return answers;
}

/** Opens a socket and waits until the server closes it. */
async function closeCode(token: string | undefined): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => {
    const socket = client(token, (code, reason) => resolve({ code, reason }));
    socket.subscribe(
      { query: 'subscription { counted(count: 10) }' },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    );
  });
}

/**
 * Uses a token that expires while it is in use. One that had expired before, because the machine stood still, is replaced by one that lives
 * longer.
 */
async function withShortToken<Answer>(
  use: (token: string) => Promise<Answer>,
  cameTooLate: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let seconds = 1; ; seconds *= 4) {
    const answer = await use(await server.token(undefined, seconds));
    if (seconds > 10 || !cameTooLate(answer)) return answer;
  }
}

/** Waits until all subscriptions of earlier tests have ended. @returns How many still run. */
async function noneRunning(): Promise<number> {
  await expect.poll(() => running.count).toBe(0);
  return running.count;
}

describe('over a WebSocket', () => {
  it('sends every event', async () => {
    const socket = client(await server.token());
    expect(await collect(socket, 'subscription { counted(count: 3) }')).toEqual([
      { data: { counted: 1 } },
      { data: { counted: 2 } },
      { data: { counted: 3 } },
    ]);
    await socket.dispose();
  });

  it('answers queries and mutations too', async () => {
    const socket = client(await server.token());
    for (let i = 0; i < 3; i += 1) {
      expect(await collect(socket, '{ viewer { userId } }')).toEqual([{ data: { viewer: { userId: 'user-1' } } }]);
    }
    expect(await collect(socket, 'mutation { change }')).toEqual([{ data: { change: 'changed' } }]);
    await socket.dispose();
  });

  it('masks errors of an event, and goes on', async () => {
    const socket = client(await server.token());
    const answers = [];
    for await (const answer of socket.iterate({ query: 'subscription { counted(count: 14) }' })) {
      answers.push(answer);
      if (answers.length === 14) break;
    }
    expect(answers[12]).toMatchObject({
      errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(JSON.stringify(answers)).not.toContain('hunter2');
    expect(answers[13]).toEqual({ data: { counted: 14 } });
    await socket.dispose();
  });

  it.each([
    ['{ nothingLikeThat }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ open', 'GRAPHQL_PARSE_FAILED'],
    [`{ ${Array.from({ length: 31 }, (_, i) => `a${i}: open`).join(' ')} }`, 'OPERATION_TOO_LARGE'],
    [`{ ${'open '.repeat(2_001)}}`, 'OPERATION_TOO_LARGE'],
    ['query A { open } query B { open }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('refuses %.40s', async (query, code) => {
    const socket = client(await server.token());
    await expect(collect(socket, query)).rejects.toMatchObject([{ extensions: { code } }]);
    await socket.dispose();
  });

  it('refuses what a role may not', async () => {
    const socket = client(await server.token(['OPERATOR']));
    const answers = await collect(socket, 'subscription { counted }').catch((error: unknown) => error);
    expect(JSON.stringify(answers)).toContain('FORBIDDEN');
    await socket.dispose();
  });

  it('ends a subscription at once when the client has heard enough, also between events', async () => {
    const socket = client(await server.token());
    const before = await noneRunning();
    for await (const _answer of socket.iterate({ query: 'subscription { counted(count: 10) }' })) {
      expect(running.count).toBe(before + 1);
      break;
    }
    await expect.poll(() => running.count).toBe(before);
    await socket.dispose();
  });

  it('ends subscriptions when the connection is lost', async () => {
    const before = await noneRunning();
    const socket = client(await server.token());
    const iterator = socket.iterate({ query: 'subscription { counted(count: 10) }' });
    await iterator.next();
    expect(running.count).toBe(before + 1);
    socket.terminate();
    await expect.poll(() => running.count).toBe(before);
  });

  it('closes with 4401 without a token, or with a bad one', async () => {
    expect(await closeCode(undefined)).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
    expect(await closeCode('nonsense')).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });

  it('closes with 4403 when the token expires, so that clients come back with a new one', async () => {
    const closed = await withShortToken(closeCode, ({ code }) => code === 4401);
    expect(closed).toEqual({ code: 4403, reason: 'The token has expired.' });
  });

  it('closes a socket on which nobody says who they are', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const code = await codeOfClose(socket);
    expect(code).toBe(4408);
  });

  it('closes a socket that sends a huge message', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.send('x'.repeat(1_100_000));
    const code = await codeOfClose(socket);
    expect(code).toBe(1009);
    expect((await server.ask('{ __typename }')).status).toBe(200);
  });
});

describe('over server-sent events', () => {
  const stream = async (query: string, token: string | null, signal?: AbortSignal) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
      ...(signal ? { signal } : {}),
    });

  it('sends every event, then completes', async () => {
    const response = await stream('subscription { counted(count: 2) }', await server.token());
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await response.text()).toBe(
      'event: next\ndata: {"data":{"counted":1}}\n\nevent: next\ndata: {"data":{"counted":2}}\n\nevent: complete\ndata: \n\n',
    );
  });

  it('answers a query as one event', async () => {
    const response = await stream('{ viewer { userId } }', await server.token());
    expect(await response.text()).toBe(
      'event: next\ndata: {"data":{"viewer":{"userId":"user-1"}}}\n\nevent: complete\ndata: \n\n',
    );
  });

  it('refuses strangers and what is beyond limits with a status', async () => {
    expect((await stream('subscription { counted }', null)).status).toBe(401);
    const large = await stream(
      `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: open`).join(' ')} }`,
      await server.token(),
    );
    expect(large.status).toBe(400);
    expect(await large.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }] });
  });

  it('ends the subscription when the client goes away', async () => {
    const before = await noneRunning();
    const leaving = new AbortController();
    const response = await stream('subscription { counted(count: 10) }', await server.token(), leaving.signal);
    await response.body?.getReader().read();
    expect(running.count).toBe(before + 1);
    leaving.abort();
    await expect.poll(() => running.count).toBe(before);
  });

  it('ends when the token expires', async () => {
    const response = await withShortToken(
      (token) => stream('subscription { counted(count: 10) }', token),
      ({ status }) => status === 401,
    );
    expect(await response.text()).toContain('event: complete');
  });
});

function codeOfClose(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)));
}
