import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { controlPage } from './control-page.js';
import { CreationCounter } from './creation-counter.js';
import { type Fault, faultRuleSchema } from './fault.js';
import { FaultBoard } from './fault-board.js';
import { type ErrorBody, playAfter, playBefore } from './play-fault.js';
import { type RateLimit, SlidingWindow } from './rate-limit.js';
import { type LoggedRequest, RequestLog } from './request-log.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatorClock } from './simulator-clock.js';

/** What a simulator's routes are given to work with. */
export interface SimulatorKit {
  readonly clock: SimulatorClock;
  readonly random: SeededRandom;
  readonly faults: FaultBoard;
  /** Count every record that is created, by the identity that tests know it by. */
  readonly creations: CreationCounter;
}

/** What makes a simulator. */
export interface SimulatorOptions {
  /** As people read it: "A vendor". */
  readonly name: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. A simulator knows no real secret and checks little: keep it on this machine. */
  readonly host?: string;
  /** Default 1. Decides the kit's random sequence. */
  readonly seed?: number;
  /** Absent: any number of requests. */
  readonly rateLimit?: RateLimit;
  /** The vendor's error shape, for faults and the rate limit. Default `{ "error": message }`. */
  readonly errorBody?: ErrorBody;
  /** Registers the vendor's routes. JSON, forms and multipart (`readMultipart`) are understood already. */
  readonly register: (app: FastifyInstance, kit: SimulatorKit) => void | Promise<void>;
  /** What it holds, for `/_sim` and tests: an object of lists reads best. Without secrets. */
  readonly snapshot: () => unknown;
  /** Puts the first data back. The kit resets its own parts. */
  readonly reset: () => void;
}

/** A running simulator. */
export interface Simulator extends SimulatorKit, AsyncDisposable {
  readonly name: string;
  /** Without a slash at the end: `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly requests: RequestLog;
  snapshot(): unknown;
  /** First data, no faults, no log, no counts, the machine's time. */
  reset(): void;
  /** Stops listening and breaks open connections. Twice does no harm. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in for one vendor: an HTTP server of its own, with faults on demand, and a control surface under
 * `/_sim` that needs no credentials.
 *
 * `GET /_sim` shows what it holds; `GET /_sim/state` and `GET /_sim/requests` the same as JSON; `POST /_sim/faults`
 * adds a fault rule or a list of them, `DELETE /_sim/faults` removes all; `POST /_sim/clock` takes `{ advanceMs }`;
 * `POST /_sim/reset` starts over.
 */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const errorBody: ErrorBody = options.errorBody ?? ((_status, message) => ({ error: message }));
  const kit: SimulatorKit = {
    clock: new SimulatorClock(),
    random: new SeededRandom(options.seed),
    faults: new FaultBoard(),
    creations: new CreationCounter(),
  };
  const requests = new RequestLog();
  const window = options.rateLimit && new SlidingWindow(options.rateLimit);
  const reset = (): void => {
    kit.clock.reset();
    kit.random.reset();
    kit.faults.clear();
    kit.creations.reset();
    requests.reset();
    window?.reset();
    options.reset();
  };

  const app = Fastify({ bodyLimit: 32 * 1024 * 1024, forceCloseConnections: true });
  await app.register(multipart, { limits: { fileSize: 32 * 1024 * 1024 } });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });

  const logged = new WeakMap<object, LoggedRequest>();
  const pending = new WeakMap<object, Fault>();
  app.addHook('onRequest', async (request, reply) => {
    const url = new URL(request.url, 'http://simulator.invalid');
    if (isControl(url.pathname)) return;
    const entry = requests.add({
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      at: kit.clock.iso(),
    });
    logged.set(request, entry);
    const waitMs = window?.take(request, kit.clock.now());
    if (waitMs !== undefined) {
      if (options.rateLimit?.retryAfter !== false) reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
      return reply.code(429).send(errorBody(429, 'too many requests'));
    }
    const fault = kit.faults.take(request.method, url.pathname, request.headers.authorization);
    if (fault === undefined) return;
    entry.fault = fault.kind;
    pending.set(request, fault);
    if (await playBefore(fault, request, reply, errorBody)) return reply;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const fault = pending.get(request);
    return fault === undefined ? payload : playAfter(fault, request, reply, payload, errorBody);
  });
  app.addHook('onResponse', async (request, reply) => {
    const entry = logged.get(request);
    if (entry && reply.raw.writableFinished) entry.status = reply.statusCode;
  });

  const state = (): Readonly<Record<string, unknown>> => ({
    name: options.name,
    now: kit.clock.iso(),
    creations: kit.creations.all(),
    faults: kit.faults.list(),
    requestCount: requests.all().length,
    state: options.snapshot(),
  });
  app.get('/_sim', async (_request, reply) => {
    const held = options.snapshot();
    const sections = typeof held === 'object' && held !== null && !Array.isArray(held) ? held : { state: held };
    reply.type('text/html');
    return controlPage(options.name, {
      ...sections,
      creations: kit.creations.all(),
      faults: kit.faults.list(),
      'last requests': requests
        .all()
        .slice(-50)
        .reverse()
        .map(({ headers: _headers, ...request }) => request),
    });
  });
  app.get('/_sim/state', async () => state());
  app.get('/_sim/requests', async () => requests.all());
  app.post('/_sim/faults', async (request, reply) => {
    const rules = z.union([faultRuleSchema, z.array(faultRuleSchema)]).safeParse(request.body);
    if (!rules.success) return reply.code(400).send({ error: z.prettifyError(rules.error) });
    for (const rule of [rules.data].flat()) kit.faults.add(rule);
    return kit.faults.list();
  });
  app.delete('/_sim/faults', async () => {
    kit.faults.clear();
    return kit.faults.list();
  });
  app.post('/_sim/clock', async (request, reply) => {
    const step = z.object({ advanceMs: z.number().nonnegative() }).safeParse(request.body);
    if (!step.success) return reply.code(400).send({ error: z.prettifyError(step.error) });
    kit.clock.advance(step.data.advanceMs);
    return { now: kit.clock.iso() };
  });
  app.post('/_sim/reset', async () => {
    reset();
    return state();
  });

  await options.register(app, kit);
  await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error(`${options.name} simulator has no port.`);
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= app.close();
    return closing;
  };
  return {
    ...kit,
    name: options.name,
    url: `http://${host}:${address.port}`,
    requests,
    snapshot: () => options.snapshot(),
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function isControl(path: string): boolean {
  return path === '/_sim' || path.startsWith('/_sim/');
}
