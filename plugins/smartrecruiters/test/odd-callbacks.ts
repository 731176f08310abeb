import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A callback address that is not as it should be. */
export type OddCallback = { readonly url: string } & AsyncDisposable;

/** Answers everything with a status, and sends the secret of a handshake back or does not. */
export function startEcho(status: number, echo: boolean): Promise<OddCallback> {
  return listen(({ headers }, response) => {
    const secret = headers['x-hook-secret'];
    response.writeHead(status, echo && secret !== undefined ? { 'x-hook-secret': secret } : {}).end();
  });
}

/** Takes everything, and never answers. */
export function startSilence(): Promise<OddCallback> {
  return listen((request) => request.resume());
}

/** Answers as it should, says that the connection stays open, and closes it at once. */
export function startClosing(): Promise<OddCallback> {
  return listen(({ headers, socket }, response) => {
    const secret = headers['x-hook-secret'];
    response.once('finish', () => setImmediate(() => socket.destroy()));
    if (typeof secret === 'string')
      response.writeHead(200, { 'x-hook-secret': secret, connection: 'keep-alive' }).end();
    else response.writeHead(202, { connection: 'keep-alive' }).end();
  });
}

async function listen(listener: RequestListener): Promise<OddCallback> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
