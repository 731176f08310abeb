import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** How a receiver answers: with a status, or never. */
export type ReceiverAnswer = number | 'never';

/** A delivery as a test looks at it. */
export interface ReceivedDelivery {
  readonly id: string;
  readonly event_type: string;
  readonly created_on: string;
  readonly data: Readonly<Record<string, object>>;
}

/** An address on this machine that deliveries are made to. */
export class Receiver implements AsyncDisposable {
  readonly bodies: string[] = [];
  /** How the next deliveries are answered, in this order; then always with 200. */
  readonly answers: ReceiverAnswer[] = [];
  /** How every delivery is answered from now on. */
  always: ReceiverAnswer | undefined;
  readonly #arrivals: { readonly count: number; readonly resolve: () => void }[] = [];
  readonly #server: Server = createServer(async (request, response) => {
    this.bodies.push(await text(request));
    const answer = this.always ?? this.answers.shift() ?? 200;
    if (answer !== 'never') response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end();
    for (const { count, resolve } of this.#arrivals) if (this.bodies.length >= count) resolve();
  });

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  /** Where it listens. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The receiver does not listen.');
    return `http://127.0.0.1:${address.port}/hooks/6f0c2b1e9d`;
  }

  /** What arrived, in its order. */
  get deliveries(): readonly ReceivedDelivery[] {
    return this.bodies.map((body) => JSON.parse(body));
  }

  /** What happened, as the deliveries tell it. */
  get events(): readonly string[] {
    return this.deliveries.map(({ event_type }) => event_type);
  }

  /** Resolves when so many deliveries have arrived since it began to listen. */
  arrived(count: number): Promise<void> {
    if (this.bodies.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#arrivals.push({ count, resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
