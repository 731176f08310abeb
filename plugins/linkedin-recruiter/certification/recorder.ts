import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Concealment } from './concealment.ts';

/** A request and its answer as they went over the wire, without secrets. */
export interface Exchange {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly method: string;
  /** Path and query, percent-decoded. */
  readonly path: string;
  /** Those that say what the request means. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
  readonly milliseconds: number;
}

/** Headers that are worth showing. */
const SHOWN_HEADERS = [
  'authorization',
  'x-restli-method',
  'x-http-method-override',
  'linkedin-version',
  'x-li-signature',
  'content-type',
];

/** Headers that are about one connection, or about a body that is packed otherwise. */
const NOT_PASSED_ON = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'content-encoding']);

/** Stands between two servers, passes everything on, and writes down what went past. */
export class Recorder implements AsyncDisposable {
  readonly #server: Server;
  readonly #concealment: Concealment;
  readonly #exchanges: Exchange[] = [];
  #target: () => string;

  private constructor(target: () => string, concealment: Concealment) {
    this.#target = target;
    this.#concealment = concealment;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.writeHead(502).end());
    });
  }

  /** Listens from now on. @param target The origin that everything is passed on to. */
  static async start(target: () => string, concealment: Concealment): Promise<Recorder> {
    const recorder = new Recorder(target, concealment);
    recorder.#server.listen(0, '127.0.0.1');
    await once(recorder.#server, 'listening');
    return recorder;
  }

  /** The origin to be called instead of the target. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The recorder does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** How many exchanges there are so far: `since` takes it. */
  get count(): number {
    return this.#exchanges.length;
  }

  /** The exchanges since a count, in the order of their answers. */
  since(count: number): readonly Exchange[] {
    return this.#exchanges.slice(count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const { method = 'GET', url = '/' } = request;
    const sent = await buffer(request);
    const headers = Object.entries(request.headersDistinct)
      .filter(([name]) => !NOT_PASSED_ON.has(name))
      .map(([name, values = []]): [string, string] => [name, values.join(', ')]);
    const answered = await fetch(`${this.#target()}${url}`, {
      method,
      headers,
      redirect: 'manual',
      ...(sent.length === 0 ? {} : { body: new Uint8Array(sent) }),
    });
    const bytes = Buffer.from(await answered.arrayBuffer());
    const answer = bytes.toString();
    if (url.startsWith('/oauth/')) this.#concealment.learnToken(answer);
    const conceal = (text: string): string => this.#concealment.conceal(text);
    this.#exchanges.push({
      at: new Date().toISOString(),
      method,
      path: conceal(decoded(url)),
      headers: Object.fromEntries(
        headers.filter(([name]) => SHOWN_HEADERS.includes(name)).map(([name, value]) => [name, conceal(value)]),
      ),
      body: conceal(sent.toString()),
      status: answered.status,
      answer: conceal(answer),
      milliseconds: Math.round(performance.now() - startedAt),
    });
    const passedOn = [...answered.headers].filter(([name]) => !NOT_PASSED_ON.has(name));
    response.writeHead(answered.status, Object.fromEntries(passedOn)).end(bytes);
  }
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
