import type { Pace } from '@talentbridge/contracts';
import { type CircuitBreaker, hasLimits, LocalPacer, type Pacer } from '@talentbridge/plugin-host';
import type { Logger } from 'pino';
import type { Notification, Notifications } from '../notifications.js';
import { type PaceKey, PaceStore } from './pace-store.js';
import { SharedBreaker } from './shared-breaker.js';
import { SharedPacer } from './shared-pacer.js';

/** Makes what keeps this process, together with the others, from asking a vendor too much. */
export class Paces {
  private readonly store: PaceStore;
  /** By connection. Several of one connection while one of them is being replaced. */
  private readonly pacers = new Map<string, Set<SharedPacer>>();
  private readonly breakers = new Map<string, Set<SharedBreaker>>();
  private readonly stopListening: () => void;

  constructor(databaseUrl: string, notifications: Notifications, logger: Logger) {
    this.store = new PaceStore(databaseUrl, logger);
    this.stopListening = notifications.listen((notification) => this.hear(notification));
  }

  /**
   * The pacer of one open connection. A vendor without limits is paced by this process alone, which costs nothing.
   */
  pacer(key: PaceKey, pace: Pace): Pacer {
    if (!hasLimits(pace)) return new LocalPacer(pace);
    const pacer = new SharedPacer(this.store, key, pace);
    return listed(this.pacers, key, pacer);
  }

  /** The circuit breaker of one open connection. */
  breaker(key: PaceKey): CircuitBreaker {
    return listed(this.breakers, key, new SharedBreaker(this.store, key));
  }

  /** Forgets a connection that was removed. */
  forget(key: PaceKey): Promise<void> {
    return this.store.forget(key);
  }

  async close(): Promise<void> {
    this.stopListening();
    await this.store.close();
  }

  private hear({ topic, id }: Notification): void {
    // '*': something may have been missed.
    const of = <Part>(parts: ReadonlyMap<string, ReadonlySet<Part>>): Iterable<Part> =>
      id === '*' ? [...parts.values()].flatMap((some) => [...some]) : (parts.get(id) ?? []);
    if (topic === 'pace' || topic === '*') for (const pacer of of(this.pacers)) pacer.wake();
    if (topic === 'circuit.opened') for (const breaker of of(this.breakers)) breaker.heardOpened();
    if (topic === 'circuit.closed') for (const breaker of of(this.breakers)) breaker.heardClosed();
  }
}

/** Keeps a part in its list until it is closed. */
function listed<Part extends { close(): Promise<void> }>(
  parts: Map<string, Set<Part>>,
  { connectionId }: PaceKey,
  part: Part,
): Part {
  const same = parts.get(connectionId) ?? new Set();
  parts.set(connectionId, same.add(part));
  const close = part.close.bind(part);
  part.close = async () => {
    same.delete(part);
    if (same.size === 0) parts.delete(connectionId);
    await close();
  };
  return part;
}
