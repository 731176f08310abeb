import type { PaceLimit } from '@talentbridge/contracts';
import pg from 'pg';
import type { Logger } from 'pino';
import { APPLICATION_ROLE } from '../persistence/application-role.js';

/** Whose pace. One credential is one connection, and vendors count by credential. */
export interface PaceKey {
  readonly organizationId: string;
  readonly connectionId: string;
}

/** What became of a turn. */
export interface ReportedTurn {
  readonly id: string;
  readonly agoMs: number | null;
}

/** What a holder tells and wants of the shared pace. Lane '' is whatever names none. */
export interface PaceDemand {
  /** How long a turn is held without being renewed. */
  readonly leaseMs: number;
  /** How long after it was sent a request has arrived. */
  readonly arrivalMs: number;
  /** The longest window. */
  readonly memoryMs: number;
  readonly whole: PaceLimit;
  readonly lanes: readonly {
    readonly lane: string;
    readonly limit: PaceLimit;
    readonly wanted: number;
    readonly rank: number;
  }[];
  /** Turns given back: how long ago the request had arrived; `null`: it was not sent. */
  readonly returned: readonly ReportedTurn[];
  /** Turns that are held on to: how long ago the request had arrived; `null`: nobody knows yet. */
  readonly renewed: readonly ReportedTurn[];
  readonly pauses: readonly { readonly lane: string; readonly ms: number }[];
}

/** What one lane was granted. */
export interface PaceGrant {
  readonly lane: string;
  readonly ids: readonly string[];
  /** When it is worth asking again, where fewer were granted than wanted. */
  readonly waitMs: number;
  /** Whether no turn can come sooner. Otherwise one comes whenever somebody gives one back, which is announced. */
  readonly knowsWhen: boolean;
}

/** What all processes know of a vendor that may be down. */
export interface SharedCircuit {
  readonly open: boolean;
  /** Whoever asked may send the probe. */
  readonly probe: boolean;
  readonly nextProbeMs: number;
}

/** The shared pace as it stands in the database. Each call is one round trip. */
export class PaceStore {
  private readonly pool: pg.Pool;

  /** @param url A role that may become the application's. Nothing is opened before the first call. */
  constructor(
    url: string,
    private readonly logger: Logger,
  ) {
    // Of its own: a turn is never kept waiting by the transactions of others.
    this.pool = new pg.Pool({ connectionString: url, options: `-c role=${APPLICATION_ROLE}`, max: 2 });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Gives turns back and takes others. */
  turns(key: PaceKey, holder: string, demand: PaceDemand): Promise<readonly PaceGrant[]> {
    return this.call('pace_turns($1, $2, $3, $4)', [
      key.organizationId,
      key.connectionId,
      holder,
      JSON.stringify(demand),
    ]);
  }

  /** Tells what was seen of the vendor, and hears what all have seen. `probe` asks to be the next to try. */
  circuit(key: PaceKey, event: 'look' | 'opened' | 'probe' | 'closed', probeEveryMs: number): Promise<SharedCircuit> {
    return this.call('pace_circuit($1, $2, $3, $4)', [key.organizationId, key.connectionId, event, probeEveryMs]);
  }

  /** Forgets a connection that was removed. */
  async forget(key: PaceKey): Promise<void> {
    await this.call('pace_forget($1, $2)', [key.organizationId, key.connectionId]);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async call<Result>(call: string, values: readonly unknown[]): Promise<Result> {
    const { rows } = await this.pool
      .query<{ answer: Result }>({ name: call, text: `select talentbridge.${call} as answer`, values: [...values] })
      .catch((error: unknown) => {
        // Whoever called goes on without an answer.
        this.logger.warn(
          { error: error instanceof Error ? error.message : 'unknown' },
          'the shared pace did not answer',
        );
        throw error;
      });
    const [row] = rows;
    if (!row) throw new Error(`${call} answered nothing.`);
    return row.answer;
  }
}
