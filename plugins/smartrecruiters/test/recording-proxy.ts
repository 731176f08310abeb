import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request and its answer, as they were on the wire. */
export interface Exchange {
  readonly method: string;
  /** With the query, as it was sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
  };
}

/** Stands between the plugin and the simulator, and writes down what passes. */
export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
}

/** Passes every request on to `upstream`, unchanged but for the host. */
export async function startRecordingProxy(upstream: string): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    const { method = 'GET', url: target = '/' } = request;
    void (async () => {
      const body = await whole(request);
      const headers = plain(request.headers);
      const { host: _host, connection: _connection, 'content-length': _length, ...passed } = headers;
      const answer = await fetch(`${upstream}${target}`, {
        method,
        headers: passed,
        ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      const answered = { status: answer.status, headers: Object.fromEntries(answer.headers), body: bytes };
      exchanges.push({ method, target, headers, body, answer: answered });
      const { connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, ...returned } = answered.headers;
      response.writeHead(answer.status, returned).end(bytes);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
