import type { CallContext, HttpRequest, HttpResponse } from '@talentbridge/contracts';
import {
  createGuardedHttp,
  type GuardedHttp,
  type GuardedHttpOptions,
  type RequestLogEntry,
  SecretPlaceholders,
} from '../../src/index.js';
import { TestClock } from './test-clock.js';
import type { Vendor } from './vendor.js';

/** The host that every client of these tests may call. */
export const HOST = 'api.vendor.example';

/** A client, and what it is made of. */
export interface TestClient {
  readonly http: GuardedHttp;
  readonly secrets: SecretPlaceholders;
  readonly clock: TestClock;
  readonly log: RequestLogEntry[];
  /** Sends with a deadline far off. Default: GET of `/`. */
  send(request?: Partial<HttpRequest>): Promise<HttpResponse>;
  get(path: string): Promise<HttpResponse>;
  ctx(leftMs?: number): CallContext;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A client whose calls to `HOST` go to this vendor; without one, they go where the options say. */
export function startClient(vendor?: Vendor, options: Partial<GuardedHttpOptions> = {}): TestClient {
  const secrets = new SecretPlaceholders();
  const clock = new TestClock();
  const log: RequestLogEntry[] = [];
  const http = createGuardedHttp({
    pluginId: 'test-ats',
    atsName: 'Test ATS',
    hosts: [HOST],
    secrets,
    userAgent: 'TestHub/1.0',
    clock,
    // No spread: pauses are exactly 1, 2 and 4 seconds.
    retry: { random: () => 1 },
    log: { record: (entry) => log.push(entry) },
    ...(vendor && { hostOverrides: { [HOST]: vendor.origin } }),
    ...options,
  });
  const ctx = (leftMs = 600_000): CallContext => ({ callId: 'call-1', deadline: clock.now() + leftMs });
  const send = (request: Partial<HttpRequest> = {}) =>
    http.send(ctx(), { method: 'GET', url: `https://${HOST}/`, ...request });
  return {
    http,
    secrets,
    clock,
    log,
    ctx,
    send,
    get: (path) => send({ url: `https://${HOST}${path}` }),
    [Symbol.asyncDispose]: () => http.close(),
  };
}
