import type { Transaction } from '../kernel/persistence/transaction.js';
import { uuidv7 } from '../kernel/persistence/uuidv7.js';
import { emailIdentity, phoneIdentity } from './contact-identity.js';
import type { Profile } from './profile.js';

/** A profile with our own id. */
export interface StoredProfile {
  readonly id: string;
  readonly profile: Profile;
  readonly updatedAt: Date;
}

/** What an upsert did. */
export interface UpsertCounts {
  readonly created: number;
  readonly updated: number;
  /** The same as before: nothing was written. */
  readonly unchanged: number;
}

/** Keeps profiles, set by set: an upsert of thousands is one statement. */
export class ProfileStore {
  /**
   * Creates or replaces profiles by their key. Contact data that was revealed stays revealed, and what a contact source
   * found stays, because the host platform's copy may not know of it. Keys must not repeat within one call.
   * @returns The ids in the order of the input, and what was done.
   */
  async upsert(
    tx: Transaction,
    profiles: readonly Profile[],
  ): Promise<{ readonly ids: readonly string[]; readonly counts: UpsertCounts }> {
    if (profiles.length === 0) return { ids: [], counts: { created: 0, updated: 0, unchanged: 0 } };
    // Locked, so that contact data that is revealed at this very moment is not written over.
    const known = await this.byKeys(
      tx,
      profiles.map((profile) => profile.key),
      'for update',
    );
    const merged = profiles.map((profile) => {
      const before = known.get(profile.key);
      return before ? keepRevealed(profile, before.profile) : profile;
    });
    const rows = await tx.rows<{ id: string; key: string; created: boolean }>(
      `insert into talentbridge.profile as p (organization_id, id, key, data)
       select $1, row.id, row.key, row.data from unnest($2::uuid[], $3::text[], $4::jsonb[]) as row (id, key, data)
       on conflict (organization_id, key) do update set data = excluded.data, updated_at = now()
         where p.data is distinct from excluded.data
       returning p.id, p.key, (p.xmax = 0) as created`,
      [
        tx.organizationId,
        merged.map(() => uuidv7()),
        merged.map((profile) => profile.key),
        merged.map((profile) => JSON.stringify(profile)),
      ],
    );
    const written = new Map(rows.map((row) => [row.key, row.id]));
    const created = rows.filter((row) => row.created).length;
    return {
      ids: profiles.map(({ key }) => written.get(key) ?? known.get(key)?.id ?? ''),
      counts: { created, updated: rows.length - created, unchanged: profiles.length - rows.length },
    };
  }

  /**
   * Those of the ids that exist.
   * @param lock `for update`: nobody else writes them before the transaction ends.
   */
  async byIds(
    tx: Transaction,
    ids: readonly string[],
    lock: RowLock = '',
  ): Promise<ReadonlyMap<string, StoredProfile>> {
    const rows = await tx.rows<ProfileRow>(
      `select p.id, p.data, p.updated_at as "updatedAt" from talentbridge.profile p
       where ${tx.own('p')} and p.id = any($1::uuid[]) order by p.id ${lock}`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, stored(row)]));
  }

  /** Those of the ids that exist, without what they hold: for many. */
  async existing(tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.rows<{ id: string }>(
      `select p.id from talentbridge.profile p where ${tx.own('p')} and p.id = any($1::uuid[])`,
      [ids],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** Writes profiles in place of what they were. They were read with a lock in the same transaction. */
  async replace(tx: Transaction, profiles: readonly Pick<StoredProfile, 'id' | 'profile'>[]): Promise<void> {
    if (profiles.length === 0) return;
    await tx.rows(
      `update talentbridge.profile p set data = row.data, updated_at = now()
       from unnest($1::uuid[], $2::jsonb[]) as row (id, data)
       where ${tx.own('p')} and p.id = row.id and p.data is distinct from row.data`,
      [profiles.map(({ id }) => id), profiles.map(({ profile }) => JSON.stringify(profile))],
    );
  }

  /** Those of the keys that exist, by key. */
  private async byKeys(
    tx: Transaction,
    keys: readonly string[],
    lock: RowLock,
  ): Promise<ReadonlyMap<string, StoredProfile>> {
    const rows = await tx.rows<ProfileRow>(
      `select p.id, p.data, p.updated_at as "updatedAt" from talentbridge.profile p
       where ${tx.own('p')} and p.key = any($1::text[]) order by p.id ${lock}`,
      [keys],
    );
    return new Map(rows.map((row) => [row.data.key, stored(row)]));
  }
}

/** Whether rows are locked; always in the order of their ids, so that two who lock do not wait for each other. */
type RowLock = '' | 'for update';

/** A row of the profile table. */
export interface ProfileRow {
  readonly id: string;
  readonly data: Profile;
  readonly updatedAt: Date;
}

/** The profile that a row holds. */
export function stored(row: ProfileRow): StoredProfile {
  return { id: row.id, profile: row.data, updatedAt: row.updatedAt };
}

function keepRevealed(next: Profile, before: Profile): Profile {
  return {
    ...next,
    emails: keepContacts(next.emails, before.emails, emailIdentity),
    phones: keepContacts(next.phones, before.phones, phoneIdentity),
  };
}

function keepContacts<T extends { readonly revealed: boolean; readonly found?: true }>(
  next: readonly T[],
  before: readonly T[],
  identity: (contact: T) => string,
): readonly T[] {
  const revealed = new Set(before.filter((contact) => contact.revealed).map(identity));
  const given = new Set(next.map(identity));
  return [
    ...next.map((contact) => ({ ...contact, revealed: contact.revealed || revealed.has(identity(contact)) })),
    ...before.filter((contact) => contact.found && !given.has(identity(contact))),
  ];
}
