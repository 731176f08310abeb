import type { Logger } from 'pino';
import type { Notifications } from '../../../../kernel/notifications.js';
import { systemCaller } from '../../../../kernel/organizations/caller.js';
import type { Database } from '../../../../kernel/persistence/database.js';
import type { SearchEngine, SearchIndexes } from '../search-engine.js';
import { ClosedIndexes } from './closed-indexes.js';
import type { IndexedPeople } from './indexed-people.js';
import { type IndexingProgress, LiveIndex } from './live-index.js';
import { SearchTurns } from './search-turns.js';

/** How indexes are kept. */
export interface IndexSettings {
  /** How often an open index looks for changes that nobody announced, in milliseconds. */
  readonly pollMs: number;
  /** How long an index that nobody searches stays open, in milliseconds. */
  readonly idleMs: number;
  /** Organizations whose indexes are open at once. Beyond it those are closed that nobody has searched for the longest. */
  readonly mostOpen: number;
  /** How long the first search waits for what changed while the index was closed, in milliseconds. */
  readonly patienceMs: number;
  /** How often it is looked whether somebody was deleted or erased who stands in an index that is not open, in milliseconds. */
  readonly tendMs: number;
  /** Searches of one organization at once; as many as `waiting` wait, and more are refused. */
  readonly atOnce: number;
  readonly waiting: number;
}

/** What a deployment begins with. */
export const defaultIndexSettings: IndexSettings = {
  pollMs: 1_000,
  idleMs: 900_000,
  mostOpen: 64,
  patienceMs: 2_000,
  tendMs: 20_000,
  atOnce: 4,
  waiting: 100,
};

/** What `LiveIndexes` works with. */
export interface LiveIndexesParts {
  readonly indexes: SearchIndexes;
  /** Everybody whom there are indexes of. */
  readonly people: readonly IndexedPeople[];
  readonly database: Pick<Database, 'scope'>;
  readonly notifications: Pick<Notifications, 'listen'>;
  readonly settings: IndexSettings;
  readonly logger: Logger;
}

/** An index at the moment of a search. */
export interface SearchedIndex {
  readonly engine: SearchEngine;
  /** Absent: the index holds everything. */
  readonly indexing?: IndexingProgress;
}

interface Opened {
  readonly organizationId: string;
  readonly index: Promise<LiveIndex>;
  users: number;
  usedAt: number;
}

/**
 * The indexes of this process: one an organization and kind, opened when somebody searches it and kept as the tables are until nobody
 * has for a while.
 */
export class LiveIndexes {
  /** The one that was used last comes last. */
  private readonly open = new Map<string, Opened>();
  /** Names of indexes that are being closed: none is opened twice. */
  private readonly closing = new Map<string, Promise<void>>();
  private readonly unlisten: () => void;
  private readonly sweeping: NodeJS.Timeout;
  private readonly turns: SearchTurns;
  private readonly closedOnes: ClosedIndexes;
  private tending: Promise<void> = Promise.resolve();
  private tendLater: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly parts: LiveIndexesParts) {
    this.turns = new SearchTurns(parts.settings);
    this.closedOnes = new ClosedIndexes(parts);
    this.planTending();
    this.unlisten = parts.notifications.listen(({ organizationId }) => {
      for (const opened of this.open.values()) {
        if (organizationId !== '*' && opened.organizationId !== organizationId) continue;
        opened.index.then((index) => index.look()).catch(() => undefined);
      }
    });
    this.sweeping = setInterval(() => this.closeIdle(), Math.min(60_000, parts.settings.idleMs));
    this.sweeping.unref();
  }

  /**
   * Does something with the index of an organization, which is opened where it is not, and stays open meanwhile.
   * @throws SearchBusyError when too many of the organization wait already.
   */
  use<Result>(
    organizationId: string,
    people: IndexedPeople,
    work: (index: SearchedIndex) => Promise<Result>,
  ): Promise<Result> {
    return this.turns.take(organizationId, () => this.useNow(organizationId, people, work));
  }

  private async useNow<Result>(
    organizationId: string,
    people: IndexedPeople,
    work: (index: SearchedIndex) => Promise<Result>,
  ): Promise<Result> {
    if (this.closed) throw new Error('The search indexes of this process are closed.');
    const name = `${people.name}-${organizationId}`;
    const opened = this.open.get(name) ?? this.begin(name, organizationId, people);
    this.open.delete(name);
    this.open.set(name, opened);
    opened.users += 1;
    this.closeSurplus();
    try {
      const index = await opened.index;
      await soon(index.current, this.parts.settings.patienceMs);
      const { engine, indexing } = index;
      return await work({ engine, ...(indexing ? { indexing } : {}) });
    } finally {
      opened.users -= 1;
      opened.usedAt = Date.now();
      this.closeSurplus();
    }
  }

  /** Closes all of them. What they hold stays in their files. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweeping);
    clearTimeout(this.tendLater);
    this.unlisten();
    await this.tending;
    for (const [name, opened] of [...this.open]) this.end(name, opened);
    await Promise.all(this.closing.values());
  }

  private begin(name: string, organizationId: string, people: IndexedPeople): Opened {
    const { indexes, database, settings, logger } = this.parts;
    const opening = async (): Promise<LiveIndex> => {
      await this.closing.get(name);
      const engine = await indexes.open(name);
      const openScope = () => database.scope(systemCaller(organizationId));
      return new LiveIndex({ people, engine, openScope, logger, pollMs: settings.pollMs });
    };
    const opened: Opened = { organizationId, index: opening(), users: 0, usedAt: Date.now() };
    this.open.set(name, opened);
    opened.index.catch((error: unknown) => {
      logger.error(
        { index: name, reason: error instanceof Error ? error.message : 'unknown' },
        'a search index cannot be opened',
      );
      // The next search tries again.
      this.open.delete(name);
    });
    return opened;
  }

  private planTending(): void {
    this.tendLater = setTimeout(() => {
      this.tending = this.tend().finally(() => {
        if (!this.closed) this.planTending();
      });
    }, this.parts.settings.tendMs);
    this.tendLater.unref();
  }

  /** Opens indexes that nobody searches and that have to lose somebody. They are closed as all are, once their files are tidy. */
  private async tend(): Promise<void> {
    try {
      const isOpen = (name: string): boolean => this.open.has(name) || this.closing.has(name);
      for (const { name, organizationId, people } of await this.closedOnes.outdated(isOpen)) {
        if (!this.closed && !isOpen(name)) this.begin(name, organizationId, people);
      }
      this.closeSurplus();
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      this.parts.logger.warn({ error: reason }, 'closed search indexes were not looked after; it is tried again');
    }
  }

  /** Closes the indexes of organizations that nobody has searched for the longest, where too many are open. Those in use stay. */
  private closeSurplus(): void {
    const latestFirst = Map.groupBy([...this.open].toReversed(), ([, { organizationId }]) => organizationId);
    for (const some of [...latestFirst.values()].slice(this.parts.settings.mostOpen)) {
      for (const [name, opened] of some) if (opened.users === 0) this.end(name, opened);
    }
  }

  private closeIdle(): void {
    const before = Date.now() - this.parts.settings.idleMs;
    for (const [name, opened] of [...this.open]) {
      if (opened.users === 0 && opened.usedAt <= before) this.end(name, opened);
    }
  }

  private end(name: string, opened: Opened): void {
    this.open.delete(name);
    const closed = opened.index
      .then(async (index) => {
        await index.close();
        this.closedOnes.closed(name, index.followed);
      })
      .catch(() => this.parts.logger.warn({ index: name }, 'a search index was not closed in order'))
      .finally(() => this.closing.delete(name));
    this.closing.set(name, closed);
  }
}

/** Waits for something, at most so long. */
async function soon(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
