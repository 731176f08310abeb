import type { Caller } from '../organizations/caller.js';
import type { Reader, Transaction } from './transaction.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID, as all of our ids are. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Where a scope gets its transactions from: the database. */
export interface TransactionSource {
  transaction<Result>(caller: Caller, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  beginReading(caller: Caller, reader: Reader): Promise<{ readonly tx: Transaction; end(): Promise<void> }>;
}

/**
 * One caller's way to the data of one organization. Services take it as their first argument.
 *
 * Reads of one operation share one read-only transaction, so that the organization is set once and all of them see the
 * same state. It ends by itself as soon as nobody reads any more, so that an operation that waits for anything else, such as
 * a vendor, a file or a person, keeps no connection from others; what is read after that shares another one. Writes have
 * transactions of their own.
 */
export class OrganizationScope implements Reader {
  private reading: Reading | undefined;

  constructor(
    private readonly database: TransactionSource,
    readonly caller: Caller,
  ) {
    if (!isUuid(caller.organizationId)) throw new Error('An organization scope needs a UUID.');
  }

  get organizationId(): string {
    return this.caller.organizationId;
  }

  /** Runs work in the operation's shared read-only transaction. Never wait for anything but the database inside. */
  async read<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    this.reading ??= { opened: this.database.beginReading(this.caller, this), readers: 0, closed: false };
    const { reading } = this;
    reading.readers += 1;
    try {
      return await work((await reading.opened).tx);
    } finally {
      reading.readers -= 1;
      if (reading.readers === 0) {
        if (reading.closed) await end(reading);
        else this.endOnceIdle(reading);
      }
    }
  }

  /** Runs work in a transaction of its own, committed when it resolves. Never wait for anything but the database inside. */
  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    // What was read before this write would be stale after it.
    await this.close();
    return this.database.transaction(this.caller, work);
  }

  /**
   * Ends the shared read-only transaction, if one is open, as soon as nothing reads in it: fields of one operation run
   * side by side, and one that writes must not take it from the others. The scope can still be used afterwards.
   */
  async close(): Promise<void> {
    const { reading } = this;
    this.reading = undefined;
    if (!reading) return;
    reading.closed = true;
    if (reading.readers === 0) await end(reading);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Whatever follows from the last answer runs before this does: only an operation that waits for something else is idle. */
  private endOnceIdle(reading: Reading): void {
    setImmediate(() => {
      if (reading.readers > 0 || reading.closed) return;
      reading.closed = true;
      if (this.reading === reading) this.reading = undefined;
      // Nobody asked for it, so that nobody is told: one that broke gives its connection back all the same.
      end(reading).catch(() => undefined);
    });
  }
}

/** The shared read-only transaction, and how many read in it now. */
interface Reading {
  readonly opened: Promise<{ readonly tx: Transaction; end(): Promise<void> }>;
  readers: number;
  closed: boolean;
}

async function end(reading: Reading): Promise<void> {
  await (await reading.opened).end();
}
