import { createSimulator, runSimulator } from '@talentbridge/testkit/simulator';
import { PACED_LIMIT } from '../support/paced-plugin.ts';

/*
 * The vendor of test/support/paced-plugin.ts: a window that slides from arrival to arrival, per endpoint, and figures of its
 * own. Started by limits.bench.ts.
 */

/** What the vendor saw of one endpoint. */
export interface EndpointFigures {
  /** Requests that were answered. */
  readonly taken: number;
  /** Requests that were one too many. */
  readonly refused: number;
  /** Most requests within any window, those that were refused included. */
  readonly largestWindow: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

const { requests, perMs } = PACED_LIMIT.rate;
const endpoints = new Map<string, { -readonly [Name in keyof EndpointFigures]: EndpointFigures[Name] }>();
const recent = new Map<string, number[]>();

await runSimulator(({ port, host }) =>
  createSimulator({
    name: 'Paced ATS',
    port,
    host,
    register: (app) => {
      app.get('/:account/jobs', async (request, reply) => {
        const now = performance.now();
        const endpoint = request.url;
        const arrivals = [...(recent.get(endpoint) ?? []).filter((at) => at > now - perMs), now];
        recent.set(endpoint, arrivals);
        const figures = endpoints.get(endpoint) ?? {
          taken: 0,
          refused: 0,
          largestWindow: 0,
          firstAt: now,
          lastAt: now,
        };
        endpoints.set(endpoint, figures);
        figures.lastAt = now;
        figures.largestWindow = Math.max(figures.largestWindow, arrivals.length);
        if (arrivals.length > requests) {
          figures.refused += 1;
          return reply.code(429).header('retry-after', '1').send({ error: 'too many requests' });
        }
        figures.taken += 1;
        return { items: [] };
      });
      app.get('/figures', async () => Object.fromEntries(endpoints));
      app.delete('/figures', async () => {
        endpoints.clear();
        return {};
      });
    },
    snapshot: () => ({}),
    reset: () => endpoints.clear(),
  }),
);
