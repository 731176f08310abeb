/** One request that a simulator received. */
export interface LoggedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Values whose name speaks of a secret are redacted. */
  readonly query: Readonly<Record<string, string>>;
  /** Redacted where they carry credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** ISO 8601 in UTC, on the simulator's clock. */
  readonly at: string;
  /** `null` until it is answered, and for ever when the connection was dropped. */
  status: number | null;
  /** The kind of the fault that was played. Absent: none. */
  fault?: string;
}

const SECRET_NAME = /authorization|cookie|key|token|secret|password/i;

/** What a simulator was asked, oldest first. Keeps the last 10,000 requests. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];

  /** Notes a request that has just arrived; the caller fills in the status later. */
  add(request: Pick<LoggedRequest, 'method' | 'path' | 'query' | 'headers' | 'at'>): LoggedRequest {
    const entry: LoggedRequest = {
      ...request,
      query: redacted(request.query),
      headers: redacted(request.headers),
      status: null,
    };
    this.#entries.push(entry);
    if (this.#entries.length > 10_000) this.#entries.shift();
    return entry;
  }

  /** All of them. */
  all(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** Those with this method and, where given, a path that matches. */
  matching(filter: { readonly method?: string; readonly path?: RegExp }): readonly LoggedRequest[] {
    return this.#entries.filter(
      ({ method, path }) =>
        (filter.method === undefined || filter.method === method) && (filter.path?.test(path) ?? true),
    );
  }

  /** Forgets everything. */
  reset(): void {
    this.#entries.length = 0;
  }
}

function redacted(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, SECRET_NAME.test(name) ? '[redacted]' : value]),
  );
}
