import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** One notification that arrived. */
export interface Notification {
  readonly signature: string;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it waits for.
  readonly json: any;
}

/** A callback address of a customer. */
export interface Callback extends AsyncDisposable {
  readonly url: string;
  readonly arrived: Notification[];
  /** What notifications are answered with. First 200. */
  status: number;
  /** The secret that challenges are answered with. Absent: they are answered with 404. */
  secret: string | undefined;
}

/** Starts a callback address that keeps what arrives, and proves whose it is when it has a secret. */
export async function startCallback(): Promise<Callback> {
  const arrived: Notification[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://callback.invalid');
    if (request.method === 'GET') {
      const challengeCode = url.searchParams.get('challengeCode') ?? '';
      if (callback.secret === undefined) return response.writeHead(404).end();
      const challengeResponse = createHmac('sha256', callback.secret).update(challengeCode).digest('hex');
      const answer = JSON.stringify({ challengeCode, challengeResponse });
      return response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    }
    return buffer(request).then((bytes) => {
      const body = bytes.toString();
      arrived.push({ signature: String(request.headers['x-li-signature']), body, json: JSON.parse(body) });
      response.writeHead(callback.status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const callback: Callback = {
    url: `http://127.0.0.1:${port}/hooks/org-77-8f2c`,
    arrived,
    status: 200,
    secret: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return callback;
}
