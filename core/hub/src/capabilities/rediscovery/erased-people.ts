import { createHmac, randomBytes } from 'node:crypto';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { placesListedBy, type SealedKind } from '../../kernel/vault/sealed-kind.js';
import { sealedValue, type Vault } from '../../kernel/vault/vault.js';

const SECRET_BYTES = 32;
const ERASURES = 'erasures';

/** Where the keys of erasures lie, one an organization, for a rotation of keys: without them erased people come back. */
export const erasureKeys: SealedKind = {
  name: 'erasureKeys',
  table: 'mirror_erasure_key',
  idColumn: 'organization_id',
  connectionId: `'${ERASURES}'`,
  places: placesListedBy('erasure_keys', 'organization_id'),
  // Of the organization as a whole, so that no connection's seal opens it.
  placeOf: (organizationId) => ({ organizationId, connectionId: ERASURES }),
};

/** What a person can be known again by. */
export interface Traces {
  /** The ATS's id of the candidate. */
  readonly remoteId: string;
  /** In lower case. */
  readonly emails: readonly string[];
}

/**
 * Knows erased people again without knowing them: it keeps keyed hashes (HMAC-SHA-256) of their ids at an account of an ATS
 * and of their emails. The key is a random one of each organization, sealed as credentials are, so that neither the tables
 * alone nor the key ring alone tell anything, and a rotation of the ring leaves the hashes good.
 */
export class ErasedPeople {
  constructor(private readonly vault: Vault) {}

  /** Whoever recognises the erased people of this organization. @param sealed What `mirror_erasure_key` holds. */
  recogniser(tx: Transaction, accountKey: string, sealed: unknown): Recogniser {
    return new Recogniser(this.open(tx, sealed), accountKey);
  }

  /** The same, with the key that is looked up. `undefined`: nobody was ever erased. */
  async recogniserOf(tx: Transaction, accountKey: string): Promise<Recogniser | undefined> {
    const sealed = await sealedKeyOf(tx);
    return sealed === undefined ? undefined : this.recogniser(tx, accountKey, sealed);
  }

  /** The same, for whoever is about to erase somebody. The first one makes the key. */
  async founder(tx: Transaction, accountKey: string): Promise<Recogniser> {
    const sealed = this.vault.seal(
      randomBytes(SECRET_BYTES).toString('base64'),
      erasureKeys.placeOf(tx.organizationId, ERASURES),
    );
    await tx.rows(
      `insert into talentbridge.mirror_erasure_key (organization_id, key_id, sealed) values ($1, $2, $3)
       on conflict (organization_id) do nothing`,
      [tx.organizationId, sealed.keyId, JSON.stringify(sealed)],
    );
    const made = await this.recogniserOf(tx, accountKey);
    if (!made) throw new Error('The key of erasures that was stored a moment ago is not there.');
    return made;
  }

  /**
   * Tells of ids whether they are of somebody who was erased, or of an application of theirs, at whichever account.
   * @param ids As they stand in what a vendor was asked.
   */
  async named(tx: Transaction, ids: readonly string[]): Promise<(id: string) => boolean> {
    const known = await this.recogniserOf(tx, '');
    return known ? known.named(tx, ids) : () => false;
  }

  /** Wraps the key of this organization with the current key of the ring, where another one wraps it. */
  async rewrap(tx: Transaction): Promise<void> {
    const row = await tx.row<{ sealed: unknown; keyId: string }>(
      `select k.sealed, k.key_id as "keyId" from talentbridge.mirror_erasure_key k where ${tx.own('k')} for update`,
    );
    if (!row || row.keyId === this.vault.currentKeyId) return;
    const wrapped = this.vault.rewrap(sealedValue.parse(row.sealed), erasureKeys.placeOf(tx.organizationId, ERASURES));
    await tx.rows(`update talentbridge.mirror_erasure_key k set key_id = $1, sealed = $2 where ${tx.own('k')}`, [
      wrapped.keyId,
      JSON.stringify(wrapped),
    ]);
  }

  private open(tx: Transaction, sealed: unknown): Buffer {
    return Buffer.from(
      this.vault.open(sealedValue.parse(sealed), erasureKeys.placeOf(tx.organizationId, ERASURES)),
      'base64',
    );
  }
}

async function sealedKeyOf(tx: Transaction): Promise<unknown> {
  const row = await tx.row<{ sealed: unknown }>(
    `select k.sealed from talentbridge.mirror_erasure_key k where ${tx.own('k')}`,
  );
  return row?.sealed;
}

/** Recognises the erased people of one organization among those of one account. */
export class Recogniser {
  constructor(
    private readonly secret: Buffer,
    private readonly accountKey: string,
  ) {}

  /** Tells of people whether they were erased. */
  async find(tx: Transaction, people: readonly Traces[]): Promise<(person: Traces) => boolean> {
    const erased = await this.known(tx, new Set(people.flatMap((person) => this.digests(person))));
    return (person) => erased.size > 0 && this.digests(person).some((digest) => erased.has(digest));
  }

  /** Tells of ids whether they are of somebody who was erased, or of an application of theirs, at whichever account. */
  async named(tx: Transaction, ids: readonly string[]): Promise<(id: string) => boolean> {
    const erased = await this.known(tx, new Set(ids.map((id) => this.ofName(id))));
    return (id) => erased.size > 0 && erased.has(this.ofName(id));
  }

  /**
   * Whoever comes with one of these from now on is one of the erased.
   * @param applicationIds Of their applications: no log names these, either.
   * @returns Whether any of it was not known before.
   */
  async add(
    tx: Transaction,
    remoteIds: readonly string[],
    emails: readonly string[],
    applicationIds: readonly string[] = [],
  ): Promise<boolean> {
    const digests = [
      ...remoteIds.flatMap((remoteId) => this.digests({ remoteId, emails: [] })),
      ...emails.map((email) => this.ofEmail(email)),
      ...[...remoteIds, ...applicationIds].map((id) => this.ofName(id)),
    ];
    if (digests.length === 0) return false;
    const added = await tx.rows(
      `insert into talentbridge.mirror_erased (organization_id, digest)
       select $1, decode(given, 'hex') from unnest($2::text[]) as given on conflict do nothing returning 1`,
      [tx.organizationId, digests],
    );
    return added.length > 0;
  }

  /** A name for a person in logs, which nobody can turn back. */
  pseudonym(remoteId: string): string {
    return this.keyed(`pseudonym\u0000${this.accountKey}\u0000${remoteId}`).slice(0, 32);
  }

  /** Those of the digests that are kept, in hexadecimal digits. */
  private async known(tx: Transaction, digests: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    if (digests.size === 0) return new Set();
    const rows = await tx.rows<{ digest: string }>(
      `select encode(e.digest, 'hex') as digest from talentbridge.mirror_erased e
       where ${tx.own('e')} and e.digest in (select decode(given, 'hex') from unnest($1::text[]) as given)`,
      [[...digests]],
    );
    return new Set(rows.map((row) => row.digest));
  }

  private digests({ remoteId, emails }: Traces): readonly string[] {
    const own = this.keyed(`record\u0000${this.accountKey}\u0000${remoteId}`);
    return [own, ...emails.map((email) => this.ofEmail(email))];
  }

  private ofEmail(email: string): string {
    return this.keyed(`email\u0000${email.trim().toLowerCase()}`);
  }

  /** Of no account: what one vendor calls a record, another one may be told. */
  private ofName(id: string): string {
    return this.keyed(`name\u0000${id}`);
  }

  private keyed(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('hex');
  }
}
