import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Delivery } from '@talentbridge/contracts';

/** What a delivery is answered with. */
export interface CallbackAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: there is none. */
  readonly body?: string;
}

/** A callback address of its own on this machine, under a path that nobody can guess, where deliveries really arrive. */
export class CallbackReceiver implements AsyncDisposable {
  /** The part of the address that is a secret. */
  readonly token = randomBytes(24).toString('base64url');
  readonly #server: Server;

  private constructor(answer: (delivery: Delivery) => Promise<CallbackAnswer>) {
    this.#server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://receiver');
      const taken = METHODS.find((method) => method === request.method);
      const answering =
        taken && pathname === `/webhooks/${this.token}`
          ? this.#answer(request, { method: taken, query: Object.fromEntries(searchParams) }, answer)
          : NOT_FOUND;
      answering
        // A delivery that cannot be made sense of must not end the test run: the vendor sees it refused.
        .catch((): CallbackAnswer => ({ status: 500 }))
        .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
    });
  }

  /** Listens from now on. `answer` is asked for every delivery that can be read as text. */
  static async start(answer: (delivery: Delivery) => Promise<CallbackAnswer>): Promise<CallbackReceiver> {
    const receiver = new CallbackReceiver(answer);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  /** The address, with something in place of the token: its placeholder, or itself. */
  urlWith(token: string): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The receiver does not listen.');
    return `http://127.0.0.1:${address.port}/webhooks/${token}`;
  }

  async #answer(
    request: IncomingMessage,
    asked: Pick<Delivery, 'method' | 'query'>,
    answer: (delivery: Delivery) => Promise<CallbackAnswer>,
  ): Promise<CallbackAnswer> {
    const body = textOf(await buffer(request));
    if (body === undefined) return { status: 400 };
    const headers = Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]);
    return answer({ ...asked, headers: Object.fromEntries(headers), body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const METHODS = ['POST', 'GET'] as const satisfies readonly Delivery['method'][];
const NOT_FOUND = Promise.resolve<CallbackAnswer>({ status: 404 });

/** `undefined`: it is no UTF-8, and never reaches a plugin. */
function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
