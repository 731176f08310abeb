import { setTimeout as sleep } from 'node:timers/promises';
import { type SimulatorKit, withUnknownProperties } from '@talentbridge/testkit/simulator';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { registerDetails } from './bi-details.js';
import { registerFeeds } from './bi-feeds.js';
import { type AddBiRead, type BiQuery, type BiRow, ReportFailure } from './bi-read.js';
import { Refusal } from './refusal.js';

/** How BI reads behave under load. */
export interface BiLoad {
  /** Milliseconds that each row takes. Default 0. */
  readonly msPerRow?: number;
  /** The gateway before JobDiva gives up on an answer of more rows. Default: it has patience. */
  readonly mostRows?: number;
}

interface BiRequest {
  readonly Querystring: BiQuery;
}

/** Reporting reads (JobDiva sheet §5), in both generations of the API. */
export function registerBi(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld, load: BiLoad): void {
  const { deviations } = world;
  const get: AddBiRead = (method, title, read) => {
    for (const generation of ['apiv2', 'api']) {
      app.get<BiRequest>(`/${generation}/bi/${method}`, async ({ headers, query }) => {
        const account = world.sessions.accountOf(headers.authorization, deviations.tokenScheme ?? 'both');
        if (account.isDenied(method)) return refused(deviations.biRefusal ?? 'message');
        account.settle(kit.clock.now());
        let rows: readonly BiRow[];
        try {
          rows = [...read(account, query)];
        } catch (error) {
          // A failure of the report itself is a success of HTTP (JobDiva sheet §3).
          if (error instanceof ReportFailure) return { message: error.message };
          throw error;
        }
        if (load.msPerRow) await sleep(rows.length * load.msPerRow);
        if (rows.length > (load.mostRows ?? Number.POSITIVE_INFINITY)) throw new Refusal(504, 'Gateway Timeout');
        // The older generation answers a header and lists, unless it is asked not to (JobDiva sheet §3).
        const hasHeader = deviations.headerRows || (generation === 'api' && query['alternateFormat'] !== 'true');
        const data = hasHeader ? withHeader(rows) : rows.map(withUnknownProperties);
        return { message: `Query "${title}" completed successfully`, data };
      });
    }
  };
  registerDetails(get);
  registerFeeds(get, deviations);
  // Exists, and says nothing (JobDiva sheet §4, CONFIRMED).
  get('ApiLimits', 'Api Limits', () => []);
}

/** Three ways of saying no were reported (JobDiva sheet §8). */
function refused(shape: 'message' | 'status' | 'emptyList'): unknown {
  if (shape === 'status') throw new Refusal(403, 'Forbidden');
  if (shape === 'emptyList') return [];
  return { message: 'Error: You are not allowed to query this BIData metric.' };
}

function withHeader(rows: readonly BiRow[]): readonly (readonly string[])[] {
  const [first] = rows;
  if (!first) return [];
  const header = Object.keys(first);
  return [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))];
}
