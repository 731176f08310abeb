import type { Transaction } from '../../kernel/persistence/transaction.js';

/** Somebody as they can be known again. */
interface Traces {
  readonly remoteId: string;
  readonly emails: readonly string[];
}

/** Whoever knows erased people again without knowing them, by an account that they were known at. */
export interface ErasedPeople {
  /** `undefined`: nobody was ever erased. */
  recogniserOf(
    tx: Transaction,
    accountKey: string,
  ): Promise<{ find(tx: Transaction, people: readonly Traces[]): Promise<(person: Traces) => boolean> } | undefined>;
  /** For whoever is about to erase somebody. */
  founder(
    tx: Transaction,
    accountKey: string,
  ): Promise<{ add(tx: Transaction, remoteIds: readonly string[], emails: readonly string[]): Promise<unknown> }>;
}

/**
 * Knows the members of a network again whose candidate was erased, without knowing them: by keyed hashes, as the mirror does. What
 * recruiters left about them does not come back.
 */
export class ErasedMembers {
  constructor(private readonly erased: ErasedPeople) {}

  /** Whoever is this member from now on was erased. */
  async add(tx: Transaction, connectionId: string, members: readonly string[]): Promise<void> {
    if (members.length === 0) return;
    const known = await this.erased.founder(tx, await networkKeyOf(tx, connectionId));
    await known.add(tx, members, []);
  }

  /** Tells of members whether they were erased. */
  async find(tx: Transaction, connectionId: string, members: readonly string[]): Promise<(member: string) => boolean> {
    const known = await this.erased.recogniserOf(tx, await networkKeyOf(tx, connectionId));
    if (!known) return () => false;
    const isErased = await known.find(tx, members.map(traces));
    return (member) => isErased(traces(member));
  }
}

function traces(remoteId: string): Traces {
  return { remoteId, emails: [] };
}

/** Names the account at the network, whichever connection leads to it. */
async function networkKeyOf(tx: Transaction, connectionId: string): Promise<string> {
  const row = await tx.row<{ key: string }>(
    `select c.plugin_id || '/' || coalesce(c.account_id, c.id::text) as key from talentbridge.connection c
     where ${tx.own('c')} and c.id = $1`,
    [connectionId],
  );
  return row?.key ?? connectionId;
}
