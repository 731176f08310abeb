import type { AuditLog } from '../kernel/audit/audit-log.js';
import type { Caller } from '../kernel/organizations/caller.js';
import type { Database } from '../kernel/persistence/database.js';
import type { KeyRing } from '../kernel/vault/key-ring.js';
import { Vault } from '../kernel/vault/vault.js';
import { CredentialStore, type UnreadableCredential } from './credential-store.js';

/** Credentials in one transaction: few, so that an admin who saves at the same moment does not wait. */
const BATCH = 50;
/** Rows in one look past the wall between organizations. */
const PAGE = 1_000;
/** Rounds until it is said that somebody still seals with another key: who does not stop in so many, does not stop. */
const MOST_ROUNDS = 20;

/** How far a rotation is. */
export interface KeyRotationProgress {
  /** Credentials that were wrapped again so far. */
  readonly rewrapped: number;
  readonly organizationId: string;
}

/**
 * Credentials that do not open with the current key alone. Besides what makes them unreadable for this process, `OLD_KEY`: they open
 * with another key of the ring, because a process that still seals with that one saved them meanwhile.
 */
export type LeftCredential = Omit<UnreadableCredential, 'reason'> & {
  readonly reason: UnreadableCredential['reason'] | 'OLD_KEY';
};

/** What a rotation did, and what it left. */
export interface KeyRotationReport {
  readonly currentKeyId: string;
  readonly rewrapped: number;
  /** How many credentials each key wraps now. */
  readonly byKey: ReadonlyMap<string, number>;
  /** The credentials that do not open with the current key alone. Empty: every other key can be removed. */
  readonly left: readonly LeftCredential[];
}

interface Place {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly keyId: string;
}

/**
 * Wraps the data keys of all credentials under the current key, in small transactions, while everything else goes on. It may be
 * ended at any point: what is done is done, and running it again finds the rest.
 */
export class KeyRotation {
  private readonly credentials: CredentialStore;
  private readonly withCurrentAlone: CredentialStore;

  constructor(
    private readonly database: Database,
    private readonly keys: KeyRing,
    private readonly audit: AuditLog,
  ) {
    this.credentials = new CredentialStore(new Vault(keys));
    this.withCurrentAlone = new CredentialStore(new Vault(keys.currentAlone()));
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
      const caller = operator(batch.organizationId);
      const rewrapped = await this.database.transaction(caller, async (tx) => {
        const done = await this.credentials.rewrap(tx, batch.connectionIds, currentKeyId);
        if (done.rewrapped > 0) {
          await this.audit.record(
            tx,
            caller,
            'credentials.rotateKey',
            { type: 'organization', id: batch.organizationId },
            { credentials: done.rewrapped, keyId: currentKeyId },
          );
        }
        return done.rewrapped;
      });
      inPass += rewrapped;
      count(rewrapped, batch.organizationId);
    }
    return inPass;
  }

  /** Opens every credential there is with the current key alone: what a process will have once the others are removed. */
  private async check(): Promise<Pick<KeyRotationReport, 'byKey' | 'left'>> {
    const byKey = new Map<string, number>();
    const left: LeftCredential[] = [];
    for await (const { organizationId, connectionIds, keyIds } of this.batches(null)) {
      for (const keyId of keyIds) byKey.set(keyId, (byKey.get(keyId) ?? 0) + 1);
      await this.database.transaction(operator(organizationId), async (tx) => {
        const closed = await this.withCurrentAlone.unreadable(tx, connectionIds);
        if (closed.length === 0) return;
        const unreadable = await this.credentials.unreadable(
          tx,
          closed.map((each) => each.connectionId),
        );
        const reasons = new Map(unreadable.map(({ connectionId, reason }) => [connectionId, reason]));
        left.push(
          ...closed.map((each) => ({ ...each, reason: reasons.get(each.connectionId) ?? ('OLD_KEY' as const) })),
        );
      });
    }
    return { byKey, left };
  }

  /** Connections that have credentials, organization by organization. @param otherThan Only those of other keys. */
  private async *batches(otherThan: string | null): AsyncGenerator<{
    readonly organizationId: string;
    readonly connectionIds: readonly string[];
    readonly keyIds: readonly string[];
  }> {
    let last: Place | undefined;
    for (;;) {
      const places: readonly Place[] = await this.places(otherThan, last);
      for (const [organizationId, own] of Map.groupBy(places, (place) => place.organizationId)) {
        for (let at = 0; at < own.length; at += BATCH) {
          const some = own.slice(at, at + BATCH);
          yield {
            organizationId,
            connectionIds: some.map((place) => place.connectionId),
            keyIds: some.map((place) => place.keyId),
          };
        }
      }
      last = places.at(-1);
      if (!last || places.length < PAGE) return;
    }
  }

  private async places(otherThan: string | null, last: Place | undefined): Promise<readonly Place[]> {
    const { rows } = await this.database.owner.query<Place>(
      `select organization_id as "organizationId", connection_id as "connectionId", key_id as "keyId"
       from talentbridge.credential_keys($1, $2, $3, $4)`,
      [otherThan, last?.organizationId ?? null, last?.connectionId ?? null, PAGE],
    );
    return rows;
  }
}

/** Whom the audit log of an organization names. */
function operator(organizationId: string): Caller {
  return { organizationId, userId: 'rotate-keys', roles: ['OPERATOR'] };
}
