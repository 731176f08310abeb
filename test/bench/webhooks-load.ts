import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { SignedDelivery } from './webhooks-vendor.ts';

/** What a load met. */
export interface LoadResult {
  readonly seconds: number;
  /** Processor time of the load itself, in microseconds. */
  readonly cpu: number;
  readonly answered: number;
  /** Answers by their status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** From the first byte sent to the answer, in milliseconds, ascending. */
  readonly latencies: readonly number[];
}

/**
 * Delivers over a number of connections, each of which waits for its answer before it sends again, until time is up. Requests
 * are bytes before it begins and answers are hardly looked at, so that little of the machine goes to the load itself.
 * @throws Error when there are too few deliveries for the time: none is sent twice.
 */
export async function load(
  url: string,
  deliveries: readonly SignedDelivery[],
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<LoadResult> {
  const { hostname, port, pathname, host } = new URL(url);
  const requests = deliveries.map((delivery) => bytesOf(delivery, pathname, host));
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(Number(port), hostname).setNoDelay(true);
      await once(socket, 'connect');
      return socket;
    }),
  );
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  let next = 0;
  const cpu = process.cpuUsage();
  const began = performance.now();
  const end = began + seconds * 1_000;
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve, reject) => {
          let sentAt = 0;
          const send = (): void => {
            const now = performance.now();
            const request = requests[next];
            next += 1;
            sentAt = now;
            if (now >= end) resolve();
            else if (request) socket.write(request);
            else reject(new Error('There were too few deliveries for this time.'));
          };
          onAnswer(socket, (status) => {
            latencies.push(performance.now() - sentAt);
            statuses[status] = (statuses[status] ?? 0) + 1;
            send();
          });
          socket.once('error', reject).once('close', () => reject(new Error('The server closed a connection.')));
          send();
        }),
    ),
  ).finally(() => {
    for (const socket of sockets) socket.removeAllListeners('close').destroy();
  });
  const used = process.cpuUsage(cpu);
  return {
    cpu: used.user + used.system,
    seconds: (performance.now() - began) / 1_000,
    answered: latencies.length,
    statuses,
    latencies: latencies.sort((a, b) => a - b),
  };
}

function bytesOf({ headers, body }: SignedDelivery, path: string, host: string): Buffer {
  const lines = Object.entries({ host, ...headers, 'content-length': Buffer.byteLength(body) });
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  );
}

/** Calls with the status of each answer. Answers of webhooks have no body. */
function onAnswer(socket: Socket, answered: (status: number) => void): void {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    if (!text.endsWith('\r\n\r\n')) return;
    // "HTTP/1.1 202 Accepted"
    const status = Number(text.slice(9, 12));
    text = '';
    answered(status);
  });
}
