import type { AuditLog } from '../audit/audit-log.js';
import type { Caller } from '../organizations/caller.js';
import type { Database } from '../persistence/database.js';
import type { Transaction } from '../persistence/transaction.js';
import { KeyMissingError, type KeyRing } from './key-ring.js';
import type { SealedKind } from './sealed-kind.js';
import { SealBrokenError, type SealedPlace, type SealedValue, sealedValue, Vault } from './vault.js';

/** Values in one transaction: few, so that an admin who saves at the same moment does not wait. */
const BATCH = 50;
/** Rows in one look past the wall between organizations. */
const PAGE = 1_000;
/** Rounds until it is said that somebody still seals with another key: who does not stop in so many, does not stop. */
const MOST_ROUNDS = 20;

/** How far a rotation is. */
export interface KeyRotationProgress {
  /** Credentials that were wrapped again so far, and whatever else is sealed as they are. */
  readonly rewrapped: number;
  readonly organizationId: string;
}

/** A sealed value that does not open with the current key alone. */
export interface LeftCredential {
  readonly organizationId: string;
  /** The connection, or what the value is about where that is none. */
  readonly connectionId: string;
  /** The key that wraps it. */
  readonly keyId: string;
  /**
   * `KEY_MISSING`: this process does not have that key. `BROKEN`: it was changed, or belongs elsewhere. `OLD_KEY`: it opens with
   * another key of the ring, because a process that still seals with that one saved it meanwhile.
   */
  readonly reason: 'KEY_MISSING' | 'BROKEN' | 'OLD_KEY';
}

/** What a rotation did, and what it left. */
export interface KeyRotationReport {
  readonly currentKeyId: string;
  readonly rewrapped: number;
  /** How many values each key wraps now. */
  readonly byKey: ReadonlyMap<string, number>;
  /** What does not open with the current key alone. Empty: every other key can be removed. */
  readonly left: readonly LeftCredential[];
}

interface Place {
  readonly organizationId: string;
  readonly id: string;
  readonly keyId: string;
}

/** Values of one kind and organization. */
interface Batch {
  readonly kind: SealedKind;
  readonly organizationId: string;
  readonly ids: readonly string[];
  readonly keyIds: readonly string[];
}

interface SealedRow {
  readonly id: string;
  readonly connectionId: string;
  readonly keyId: string;
  readonly sealed: unknown;
}

type Unreadable = LeftCredential & { readonly id: string };

/**
 * Wraps the data keys of all sealed values under the current key, in small transactions, while everything else goes on. It may be
 * ended at any point: what is done is done, and running it again finds the rest.
 */
export class KeyRotation {
  private readonly vault: Vault;
  private readonly withCurrentAlone: Vault;

  constructor(
    private readonly database: Database,
    private readonly keys: KeyRing,
    private readonly kinds: readonly SealedKind[],
    private readonly audit: AuditLog,
  ) {
    this.vault = new Vault(keys);
    this.withCurrentAlone = new Vault(keys.currentAlone());
  }

  async run(progress: (progress: KeyRotationProgress) => void = () => undefined): Promise<KeyRotationReport> {
    let rewrapped = 0;
    const count = (added: number, organizationId: string): void => {
      rewrapped += added;
      if (added > 0) progress({ rewrapped, organizationId });
    };
    for (let round = 1; ; round += 1) {
      // What was saved under another key while a pass went by, the next one finds.
      while ((await this.pass(count)) > 0);
      const { byKey, left } = await this.check();
      if (round === MOST_ROUNDS || !left.some(({ reason }) => reason === 'OLD_KEY')) {
        return { currentKeyId: this.keys.currentKeyId, rewrapped, byKey, left };
      }
    }
  }

  private async pass(count: (added: number, organizationId: string) => void): Promise<number> {
    const { currentKeyId } = this.keys;
    let inPass = 0;
    for await (const batch of this.batches(currentKeyId)) {
      const { organizationId, kind } = batch;
      const caller = operator(organizationId);
      const rewrapped = await this.database.transaction(caller, async (tx) => {
        const done = await this.rewrap(tx, batch);
        if (done > 0) {
          await this.audit.record(
            tx,
            caller,
            'credentials.rotateKey',
            { type: 'organization', id: organizationId },
            { [kind.name]: done, keyId: currentKeyId },
          );
        }
        return done;
      });
      inPass += rewrapped;
      count(rewrapped, organizationId);
    }
    return inPass;
  }

  /**
   * Wraps those of a batch that another key wraps. Their rows are locked meanwhile, so that what an admin saves at the same
   * moment is either wrapped too or comes afterwards. What does not open is left as it is.
   */
  private async rewrap(tx: Transaction, { kind, ids }: Batch): Promise<number> {
    const rows = await tx.rows<SealedRow>(
      `${rowsOf(tx, kind)} and t.key_id <> $2 order by t.${kind.idColumn} for update`,
      [ids, this.keys.currentKeyId],
    );
    const wrapped: { readonly id: string; readonly sealed: SealedValue }[] = [];
    unreadableOf(tx, kind, rows, (sealed, place, id) => {
      wrapped.push({ id, sealed: this.vault.rewrap(sealed, place) });
    });
    await tx.rows(
      `update talentbridge.${kind.table} t set key_id = w.key_id, sealed = w.sealed
       from unnest($1::uuid[], $2::text[], $3::jsonb[]) as w (id, key_id, sealed)
       where ${tx.own('t')} and t.${kind.idColumn} = w.id`,
      [
        wrapped.map(({ id }) => id),
        wrapped.map(({ sealed }) => sealed.keyId),
        wrapped.map(({ sealed }) => JSON.stringify(sealed)),
      ],
    );
    return wrapped.length;
  }

  /** Opens every value there is with the current key alone: what a process will have once the others are removed. */
  private async check(): Promise<Pick<KeyRotationReport, 'byKey' | 'left'>> {
    const byKey = new Map<string, number>();
    const left: LeftCredential[] = [];
    for await (const { kind, organizationId, ids, keyIds } of this.batches(null)) {
      for (const keyId of keyIds) byKey.set(keyId, (byKey.get(keyId) ?? 0) + 1);
      const rows = await this.database.transaction(operator(organizationId), (tx) =>
        tx.rows<SealedRow>(rowsOf(tx, kind), [ids]),
      );
      const opening = (vault: Vault): readonly Unreadable[] =>
        unreadableOf({ organizationId }, kind, rows, (sealed, place) => void vault.open(sealed, place));
      const closed = opening(this.withCurrentAlone);
      if (closed.length === 0) continue;
      const reasons = new Map(opening(this.vault).map(({ id, reason }) => [id, reason]));
      left.push(...closed.map(({ id, ...each }) => ({ ...each, reason: reasons.get(id) ?? ('OLD_KEY' as const) })));
    }
    return { byKey, left };
  }

  /** What is sealed, kind by kind and organization by organization. @param otherThan Only what other keys wrap. */
  private async *batches(otherThan: string | null): AsyncGenerator<Batch> {
    for (const kind of this.kinds) {
      let last: Place | undefined;
      do {
        const { rows } = await this.database.owner.query<Place>(
          `select p.organization_id as "organizationId", p.id, p.key_id as "keyId" from (${kind.places}) p`,
          [otherThan, last?.organizationId ?? null, last?.id ?? null, PAGE],
        );
        for (const [organizationId, own] of Map.groupBy(rows, (place) => place.organizationId)) {
          for (let at = 0; at < own.length; at += BATCH) {
            const some = own.slice(at, at + BATCH);
            yield { kind, organizationId, ids: some.map(({ id }) => id), keyIds: some.map(({ keyId }) => keyId) };
          }
        }
        last = rows.length < PAGE ? undefined : rows.at(-1);
      } while (last);
    }
  }
}

/** The values with these ids, in `$1`. */
function rowsOf(tx: Transaction, { table, idColumn, connectionId }: SealedKind): string {
  return `select t.${idColumn} as id, ${connectionId} as "connectionId", t.key_id as "keyId", t.sealed
    from talentbridge.${table} t where ${tx.own('t')} and t.${idColumn} = any($1::uuid[]) and t.sealed is not null`;
}

/** Does something with each value, and answers those that do not open. */
function unreadableOf(
  { organizationId }: { readonly organizationId: string },
  kind: SealedKind,
  rows: readonly SealedRow[],
  use: (sealed: SealedValue, place: SealedPlace, id: string) => void,
): readonly Unreadable[] {
  return rows.flatMap(({ id, connectionId, keyId, sealed }): Unreadable[] => {
    const read = sealedValue.safeParse(sealed);
    const named = { id, organizationId, connectionId };
    if (!read.success) return [{ ...named, keyId, reason: 'BROKEN' }];
    try {
      use(read.data, kind.placeOf(organizationId, connectionId), id);
      return [];
    } catch (error) {
      if (error instanceof KeyMissingError) return [{ ...named, keyId: read.data.keyId, reason: 'KEY_MISSING' }];
      if (error instanceof SealBrokenError) return [{ ...named, keyId: read.data.keyId, reason: 'BROKEN' }];
      throw error;
    }
  });
}

/** Whom the audit log of an organization names. */
function operator(organizationId: string): Caller {
  return { organizationId, userId: 'rotate-keys', roles: ['OPERATOR'] };
}
