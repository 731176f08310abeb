import { systemCaller } from '../../../../kernel/organizations/caller.js';
import type { Database } from '../../../../kernel/persistence/database.js';
import { isUuid } from '../../../../kernel/persistence/organization-scope.js';
import { isReadable, type NotedChange, type OutboxPosition, readOutbox } from '../../outbox.js';
import type { SearchIndexes } from '../search-engine.js';
import type { IndexMark } from './index-mark.js';
import type { IndexedPeople } from './indexed-people.js';

/** What index it is. */
export interface IndexPlace {
  readonly name: string;
  readonly organizationId: string;
  readonly people: IndexedPeople;
}

/** What `ClosedIndexes` works with. */
export interface ClosedIndexesParts {
  readonly indexes: Pick<SearchIndexes, 'names'>;
  readonly database: Pick<Database, 'scope'>;
  readonly people: readonly IndexedPeople[];
}

/** Rows of an outbox that are looked at in one go. */
const CHANGES_AT_ONCE = 200;

/**
 * Finds the indexes that are not open and in which somebody may still stand who was deleted or erased meanwhile: their files are
 * personal data, whether anybody searches them or not.
 */
export class ClosedIndexes {
  /** Up to where nobody is missing, of indexes that this process had open. */
  private readonly looked = new Map<string, IndexMark['at']>();
  /** Those of earlier processes that had their turn: one that cannot be opened keeps no other one waiting. */
  private readonly tried = new Set<string>();

  constructor(private readonly parts: ClosedIndexesParts) {}

  /** An index was closed. @param at What it has of the outboxes. Absent: nobody knows. */
  closed(name: string, at: IndexMark['at'] | undefined): void {
    if (at) this.looked.set(name, at);
    else this.looked.delete(name);
  }

  /**
   * Those that have to be opened so that they lose somebody. Of those that an earlier process has left, of which nothing is known, one
   * at a time.
   */
  async outdated(isOpen: (name: string) => boolean): Promise<readonly IndexPlace[]> {
    const outdated: IndexPlace[] = [];
    let unknown: IndexPlace | undefined;
    for (const name of await this.parts.indexes.names()) {
      const place = this.placeOf(name);
      if (!place || isOpen(name)) continue;
      if (!this.looked.has(name)) {
        if (!this.tried.has(name)) unknown ??= place;
      } else if (await this.hasLostSomebody(place)) outdated.push(place);
    }
    if (!unknown) {
      this.tried.clear();
      return outdated;
    }
    this.tried.add(unknown.name);
    return [...outdated, unknown];
  }

  private placeOf(name: string): IndexPlace | undefined {
    for (const people of this.parts.people) {
      const organizationId = name.slice(people.name.length + 1);
      if (name.startsWith(`${people.name}-`) && isUuid(organizationId)) return { name, people, organizationId };
    }
    return undefined;
  }

  private async hasLostSomebody({ name, organizationId, people }: IndexPlace): Promise<boolean> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    const at = { ...this.looked.get(name) };
    for (const outbox of people.outboxes) {
      for (let more = true; more; ) {
        const from: OutboxPosition | undefined = at[outbox];
        const noted = await scope.read(async (tx) =>
          from && (await isReadable(tx, outbox, from.from)) ? readOutbox(tx, outbox, from, CHANGES_AT_ONCE) : undefined,
        );
        if (!noted || noted.changes.some(isLoss)) return true;
        at[outbox] = noted.next;
        more = noted.more;
      }
    }
    this.looked.set(name, at);
    return false;
  }
}

function isLoss({ change }: NotedChange): boolean {
  return change === 'CLEARED' || change === 'CANDIDATES_DELETED' || change === 'PROFILES_DELETED';
}
