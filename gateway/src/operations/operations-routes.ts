import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfiguration } from '../configuration.js';
import type { GatewayMetrics } from './gateway-metrics.js';

/** What the operations endpoints report. */
export interface OperationsOptions {
  readonly metrics: GatewayMetrics;
  readonly configuration: GatewayConfiguration['metrics'];
  /** Resolves when requests can be served; rejects or answers `false` when not. */
  readonly isReady: () => Promise<boolean>;
}

/** A load balancer gives up after a few seconds, so a check that hangs is a "no". */
const READY_WITHIN_MS = 3_000;

/** `/health`: the process lives. `/ready`: send it requests. `/metrics`: figures for Prometheus. */
export function registerOperationsRoutes(app: FastifyInstance, options: OperationsOptions): void {
  app.get('/health', () => ({ status: 'ok' }));

  app.get('/ready', async (request, reply) => {
    const ready = await within(READY_WITHIN_MS, options.isReady()).catch((error: unknown) => {
      request.log.warn({ err: error }, 'not ready');
      return false;
    });
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });

  const { enabled, token } = options.configuration;
  if (!enabled) return;
  app.get('/metrics', async (request, reply) => {
    if (token !== undefined && !isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'This needs the metrics token.' });
    }
    const { registry } = options.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Compares in constant time, so that answers do not tell how much of a guess was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
