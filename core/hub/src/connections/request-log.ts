import type { Logger } from 'pino';
import { NotFoundError } from '../kernel/errors.js';
import { systemCaller } from '../kernel/organizations/caller.js';
import type { Database } from '../kernel/persistence/database.js';
import { MASKED_ID } from '../kernel/persistence/ids-in-text.js';
import type { OrganizationScope } from '../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../kernel/persistence/page.js';
import type { Transaction } from '../kernel/persistence/transaction.js';
import { uuidv7 } from '../kernel/persistence/uuidv7.js';
import { findConnection } from './connection-repository.js';

const FLUSH_MS = 500;
/** Lines kept per connection; older ones go. */
const KEPT_LINES = 5_000;
/** Lines kept in memory while the database is away; beyond that the log, not the work, loses something. */
const BUFFER_LINES = 20_000;
/** What parts of a key stand between where a path has keys of several parts, such as `/records/id=17&provider=ATS`. */
const KEY_PARTS = /[/=&(),;:]/;
const KEY_PART = /[^/=&(),;:]+/g;

/** One request to a vendor: enough to see what happened, nothing of what was said. */
export interface RequestLogEntry {
  readonly id: string;
  readonly at: Date;
  readonly callId: string;
  readonly method: string;
  readonly host: string;
  /** Without query values. */
  readonly path: string;
  /** Absent when no answer came. */
  readonly status: number | null;
  readonly errorCode: string | null;
  /** 1 for the first try of a call. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly responseBytes: number;
}

/** What the guarded client reports of each request. */
export interface ReportedRequest extends Omit<RequestLogEntry, 'id'> {
  readonly organizationId: string;
  readonly connectionId: string;
  /** What the request is paced with besides the whole connection. Not stored. */
  readonly lane?: string | undefined;
}

/** Whoever knows which ids are of people who were erased. */
export interface ErasedNames {
  named(tx: Transaction, ids: readonly string[]): Promise<(id: string) => boolean>;
}

/** A line on its way into the database. */
type StoredLine = Omit<ReportedRequest, 'lane'> & { readonly id: string };

/** How many requests went to which lane. */
export type LaneCounts = Map<string, number>;

/** Collects the requests of this process and writes them in groups, so that logging never slows a call down. */
export class RequestLog {
  private buffer: StoredLine[] = [];
  private readonly counted = new Map<string, { requests: number; readonly lanes: LaneCounts | undefined }>();
  private readonly timer: NodeJS.Timeout;
  private flushing: Promise<void> = Promise.resolve();

  /** @param erased Whose ids are not written down again, whatever a vendor is asked about them. */
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    private readonly erased?: ErasedNames,
  ) {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  /**
   * Counts the requests of one call that this process makes from now on.
   * @param lanes Those that name a lane are added to it.
   * @returns Ends the counting and says how many.
   */
  counting(callId: string, lanes?: LaneCounts): () => number {
    const count = { requests: 0, lanes };
    this.counted.set(callId, count);
    return () => {
      this.counted.delete(callId);
      return count.requests;
    };
  }

  /** Takes one request; it is stored within a second. */
  report(request: ReportedRequest): void {
    const { lane, ...line } = request;
    const count = this.counted.get(line.callId);
    if (count) count.requests += 1;
    if (lane !== undefined) count?.lanes?.set(lane, (count.lanes.get(lane) ?? 0) + 1);
    if (this.buffer.length < BUFFER_LINES) this.buffer.push({ ...line, id: uuidv7(line.at.getTime()) });
  }

  /**
   * Deletes the organization's lines whose path has one of these ids in it, of whichever connection: what one vendor calls a
   * record, another one may be told. @returns How many of them were stored.
   */
  async forget(tx: Transaction, ids: readonly string[]): Promise<number> {
    const written = new Set(ids.flatMap((id) => [id, encodeURIComponent(id)]));
    const names = ({ path }: StoredLine): boolean =>
      [...path.split('/'), ...path.split(KEY_PARTS)].some((part) => written.has(part));
    this.buffer = this.buffer.filter((line) => line.organizationId !== tx.organizationId || !names(line));
    // What another process is writing is there to be deleted, and what it writes next is masked.
    await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lockOf(tx)]);
    const rows = await tx.rows(
      `delete from talentbridge.request_log_entry r
       where ${tx.own('r')}
         and (string_to_array(r.path, '/') || regexp_split_to_array(r.path, $2)) && $1::text[] returning r.id`,
      [[...written], KEY_PARTS.source],
    );
    return rows.length;
  }

  /**
   * Newest first.
   * @throws NotFoundError when there is no such connection.
   */
  async list(scope: OrganizationScope, connectionId: string, page: PageRequest): Promise<Page<RequestLogEntry>> {
    await this.flush();
    return scope.read(async (tx) => {
      if (!(await findConnection(tx, connectionId))) throw new NotFoundError('connection', connectionId);
      return pageOf<RequestLogEntry>(tx, page, {
        select: `r.id, r.at, r.call_id as "callId", r.method, r.host, r.path, r.status, r.error_code as "errorCode",
          r.attempt, r.duration_ms as "durationMs", r.response_bytes as "responseBytes"`,
        from: `talentbridge.request_log_entry r where ${tx.own('r')} and r.connection_id = $1`,
        parameters: [connectionId],
        order: 'r.id desc',
        after: { column: 'r.id', comparison: '<' },
      });
    });
  }

  /** Writes what was collected so far. */
  async flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.write());
    await this.flushing;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async write(): Promise<void> {
    if (this.buffer.length === 0) return;
    const lines = this.buffer;
    this.buffer = [];
    for (const [organizationId, own] of Map.groupBy(lines, (line) => line.organizationId)) {
      try {
        await this.writeOrganization(organizationId, own);
      } catch (error) {
        this.logger.warn(
          { lines: own.length, error: error instanceof Error ? error.name : 'unknown' },
          'request log not written',
        );
      }
    }
  }

  private async writeOrganization(organizationId: string, lines: readonly StoredLine[]): Promise<void> {
    await this.database.transaction(systemCaller(organizationId), async (tx) => {
      await tx.rows('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [lockOf(tx)]);
      await tx.rows(
        `insert into talentbridge.request_log_entry
           (organization_id, id, connection_id, at, call_id, method, host, path, status, error_code, attempt, duration_ms, response_bytes)
         select $1, line.id, line."connectionId", line.at, line."callId", line.method, line.host, line.path, line.status,
           line."errorCode", line.attempt, line."durationMs", line."responseBytes"
         from jsonb_to_recordset($2::jsonb) as line (
           id uuid, "connectionId" uuid, at timestamptz, "callId" text, method text, host text, path text, status int,
           "errorCode" text, attempt int, "durationMs" int, "responseBytes" int)`,
        [tx.organizationId, JSON.stringify(await this.withoutErased(tx, lines))],
      );
      const connectionIds = [...new Set(lines.map((line) => line.connectionId))];
      await tx.rows(
        // Materialized: otherwise the edge is looked for once per line of the log, 1.8 s at 1,600 lines instead of 5 ms.
        `with old as materialized (
           select kept.connection_id, edge.id
           from unnest($1::uuid[]) as kept (connection_id)
           cross join lateral (
             select e.id from talentbridge.request_log_entry e
             where ${tx.own('e')} and e.connection_id = kept.connection_id
             order by e.id desc offset ${KEPT_LINES} limit 1
           ) edge
         )
         delete from talentbridge.request_log_entry r using old
         where ${tx.own('r')} and r.connection_id = old.connection_id and r.id <= old.id`,
        [connectionIds],
      );
    });
  }

  /** Nobody who was erased stands in a path, also where a vendor was asked about them afterwards. */
  private async withoutErased(tx: Transaction, lines: readonly StoredLine[]): Promise<readonly StoredLine[]> {
    if (!this.erased) return lines;
    const parts = lines.flatMap(({ path }) => [...path.split('/'), ...path.split(KEY_PARTS)]);
    const isErased = await this.erased.named(tx, [...new Set(parts.map(decoded))]);
    const masked = (part: string): string => (isErased(decoded(part)) ? MASKED_ID : part);
    return lines.map((line) => ({
      ...line,
      path: line.path.split('/').map(masked).join('/').replace(KEY_PART, masked),
    }));
  }
}

/** Held alone by whoever erases somebody, and by all others together while they write lines. */
function lockOf(tx: Transaction): string {
  return `requestLog/${tx.organizationId}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
