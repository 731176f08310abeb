import pg from 'pg';
import type { Logger } from 'pino';
import type { Transaction } from './persistence/transaction.js';

const CHANNEL = 'talentbridge';

/** Something changed: a hint to read it again. It names the record and holds nothing of it. */
export interface Notification {
  readonly organizationId: string;
  /** What kind of record: `export`. */
  readonly topic: string;
  readonly id: string;
}

/** Tells every process on the same PostgreSQL what changed, so that subscriptions work wherever a job runs. */
export class Notifications {
  private readonly listeners = new Set<(notification: Notification) => void>();
  private client: pg.Client | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {}

  /** Announces a change; listeners hear of it once the transaction is committed. */
  async announce(tx: Transaction, topic: string, id: string): Promise<void> {
    await tx.rows('select pg_notify($1, $2)', [
      CHANNEL,
      JSON.stringify({ organizationId: tx.organizationId, topic, id }),
    ]);
  }

  /** Starts to listen. A lost connection is opened again, and listeners are woken then because they may have missed something. */
  async start(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    this.client = client;
    client.on('notification', ({ payload }) => this.hear(payload));
    client.on('error', () => client.end().catch(() => undefined));
    client.on('end', () => this.reconnect());
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
  }

  /**
   * Calls back for every change there is, until what it answers is called. A change of `*` says that some may have been
   * missed.
   */
  listen(listener: (notification: Notification) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * The changes of one record from now on. Several that come while the consumer is busy are one.
   * Ends when the consumer stops iterating, also while it waits, and when this object is closed.
   */
  of(organizationId: string, topic: string, id: string): AsyncIterableIterator<void, void, undefined> {
    let changed = false;
    let ended = this.closed;
    let wake: () => void = () => undefined;
    const listener = (notification: Notification): void => {
      const anything = notification.id === '*';
      const ours =
        notification.organizationId === organizationId && notification.topic === topic && notification.id === id;
      if (!anything && !ours) return;
      changed = true;
      wake();
    };
    this.listeners.add(listener);
    const end = (): void => {
      ended = true;
      this.listeners.delete(listener);
      wake();
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: async () => {
        while (!changed && !ended && !this.closed) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        changed = false;
        if (this.closed) end();
        return ended ? { done: true, value: undefined } : { done: false, value: undefined };
      },
      return: async () => {
        end();
        return { done: true, value: undefined };
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wakeAll();
    await this.client?.end();
  }

  private hear(payload: string | undefined): void {
    if (payload === undefined) return;
    const notification = JSON.parse(payload) as Notification;
    for (const listener of this.listeners) listener(notification);
  }

  private wakeAll(): void {
    for (const listener of this.listeners) listener({ organizationId: '*', topic: '*', id: '*' });
  }

  private reconnect(): void {
    if (this.closed) return;
    const again = setTimeout(() => {
      this.start().then(
        () => this.wakeAll(),
        () => this.logger.warn('lost the connection for notifications; trying again'),
      );
    }, 500);
    again.unref();
  }
}
