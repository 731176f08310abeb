import { type ProfileRow, stored } from '../../../../directory/profile-store.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import type { NotedChange, Outbox } from '../../outbox.js';
import type { SearchDocument } from '../search-document.js';
import { toSearchDocument } from '../to-search-document.js';
import { countFrom, existing, type IndexedPeople, idsBefore, mappedInTurns, type Touched } from './indexed-people.js';

/** The profiles of an organization, as they are indexed. */
export class ProfileIndex implements IndexedPeople {
  readonly name = 'profiles';
  readonly outboxes = ['profile_change'] as const;

  /** @param isPlaceholder Whether an address is one of ours, which nobody is found by. */
  constructor(private readonly isPlaceholder: (address: string) => boolean) {}

  async touched(_tx: Transaction, _outbox: Outbox, changes: readonly NotedChange[]): Promise<Touched> {
    return { ids: changes.flatMap(({ ids }) => ids), queries: [] };
  }

  async documents(tx: Transaction, ids: readonly string[]): Promise<readonly SearchDocument[]> {
    const rows = await tx.rows<ProfileRow>(
      `select p.id, p.data, p.updated_at as "updatedAt" from talentbridge.profile p
       where ${tx.own('p')} and p.id = any($1::uuid[])`,
      [ids],
    );
    const options = { now: new Date(), isPlaceholder: this.isPlaceholder };
    return mappedInTurns(rows.map(stored), ({ id, profile, updatedAt }) =>
      toSearchDocument({ id, profile, profileUpdatedAt: updatedAt }, options),
    );
  }

  existing(tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return existing(tx, 'profile', ids);
  }

  idsBefore(tx: Transaction, before: string, most: number): Promise<readonly string[]> {
    return idsBefore(tx, 'profile', before, most);
  }

  countFrom(tx: Transaction, from: string): Promise<number> {
    return countFrom(tx, 'profile', from);
  }
}
