import { z } from 'zod';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import { placesListedBy, type SealedKind } from '../../kernel/vault/sealed-kind.js';
import { type SealedValue, sealedValue, type Vault } from '../../kernel/vault/vault.js';
import { digestOf, newToken } from './callback-token.js';

const secretsOfSubscription = z.object({
  token: z.string(),
  /** What deliveries are signed with. Absent: the ATS has no such key, or it is not known yet. */
  secret: z.string().exactOptional(),
  /** The key before that one. */
  replaced: z.string().exactOptional(),
});

/** What of a subscription is sealed. */
type SubscriptionSecrets = z.infer<typeof secretsOfSubscription>;

/** A subscription as it is stored, opened. */
export interface StoredSubscription extends SubscriptionSecrets {
  readonly id: string;
  readonly connectionId: string;
  readonly status: 'PENDING' | 'ACTIVATING' | 'ACTIVE' | 'REMOVED';
  readonly remoteId: string | null;
  readonly baseUrl: string;
  readonly events: readonly string[];
  readonly secretMadeAt: Date | null;
  readonly rotatingAt: Date | null;
  readonly replacedUntil: Date | null;
  readonly createdAt: Date;
}

type Row = Omit<StoredSubscription, keyof SubscriptionSecrets> & { readonly sealed: unknown };

const COLUMNS = `s.id, s.connection_id as "connectionId", s.status, s.remote_id as "remoteId", s.base_url as "baseUrl", s.events,
  s.secret_made_at as "secretMadeAt", s.rotating_at as "rotatingAt", s.replaced_until as "replacedUntil",
  s.created_at as "createdAt", s.sealed`;

/** Where the tokens and signing keys of subscriptions lie, for a rotation of keys. */
export const sealedSecrets: SealedKind = {
  name: 'webhookSecrets',
  table: 'webhook_subscription',
  idColumn: 'id',
  connectionId: 't.connection_id',
  places: placesListedBy('webhook_keys', 'id'),
  // Apart from the credentials of the connection, so that neither opens as the other.
  placeOf: (organizationId, connectionId) => ({ organizationId, connectionId: `webhooks:${connectionId}` }),
};

/** Keeps subscriptions. Tokens and keys are sealed as credentials are, and a token is found again by its hash. */
export class SubscriptionStore {
  constructor(private readonly vault: Vault) {}

  /** Makes a subscription with a new token, before the ATS is asked for it: whatever comes of that is known to be ours. */
  async create(
    tx: Transaction,
    connectionId: string,
    baseUrl: string,
  ): Promise<{ readonly id: string; readonly token: string }> {
    const [id, token] = [uuidv7(), newToken()];
    const sealed = this.seal(tx, connectionId, { token });
    await tx.rows(
      `insert into talentbridge.webhook_subscription
         (organization_id, id, connection_id, token_digest, status, base_url, key_id, sealed)
       values ($1, $2, $3, decode($4, 'hex'), 'PENDING', $5, $6, $7)`,
      [tx.organizationId, id, connectionId, digestOf(token), baseUrl, sealed.keyId, JSON.stringify(sealed)],
    );
    return { id, token };
  }

  /** The subscriptions of a connection of which something may be at the ATS, oldest first. */
  async known(tx: Transaction, connectionId: string): Promise<readonly StoredSubscription[]> {
    const rows = await tx.rows<Row>(
      `select ${COLUMNS} from talentbridge.webhook_subscription s
       where ${tx.own('s')} and s.connection_id = $1 and s.sealed is not null order by s.id`,
      [connectionId],
    );
    return rows.map((row) => this.open(tx, row));
  }

  /** Whether anything of a connection may still be at its ATS. */
  async anyKnown(tx: Transaction, connectionId: string): Promise<boolean> {
    const row = await tx.row(
      `select from talentbridge.webhook_subscription s
       where ${tx.own('s')} and s.connection_id = $1 and s.sealed is not null limit 1`,
      [connectionId],
    );
    return row !== undefined;
  }

  /** One subscription, `undefined` when nothing of it is at the ATS any more or there is none. */
  async get(tx: Transaction, id: string): Promise<StoredSubscription | undefined> {
    const row = await tx.row<Row>(
      `select ${COLUMNS} from talentbridge.webhook_subscription s
       where ${tx.own('s')} and s.id = $1 and s.sealed is not null`,
      [id],
    );
    return row && this.open(tx, row);
  }

  /** The ATS has made it. @returns `false`: it is not wanted any more. */
  async made(
    tx: Transaction,
    { id, connectionId, token }: Pick<StoredSubscription, 'id' | 'connectionId' | 'token'>,
    made: {
      readonly status: 'ACTIVATING' | 'ACTIVE';
      readonly remoteId: string;
      readonly secret?: string;
      readonly events: readonly string[];
    },
  ): Promise<boolean> {
    const sealed = this.seal(tx, connectionId, made.secret === undefined ? { token } : { token, secret: made.secret });
    const rows = await tx.rows(
      `update talentbridge.webhook_subscription s
       set status = $2, remote_id = $3, events = $4, key_id = $5, sealed = $6, secret_made_at = clock_timestamp()
       where ${tx.own('s')} and s.id = $1 and s.status = 'PENDING' returning s.id`,
      [id, made.status, made.remoteId, made.events, sealed.keyId, JSON.stringify(sealed)],
    );
    return rows.length > 0;
  }

  /** It delivers from now on. @returns `false`: it is not wanted any more. */
  async activated(tx: Transaction, id: string): Promise<boolean> {
    const rows = await tx.rows(
      `update talentbridge.webhook_subscription s set status = 'ACTIVE'
       where ${tx.own('s')} and s.id = $1 and s.status = 'ACTIVATING' returning s.id`,
      [id],
    );
    return rows.length > 0;
  }

  /** A new key is about to be made: from now on nobody here can say for sure which key signs. */
  async rotating(tx: Transaction, id: string): Promise<void> {
    await tx.rows(
      `update talentbridge.webhook_subscription s set rotating_at = clock_timestamp() where ${tx.own('s')} and s.id = $1`,
      [id],
    );
  }

  /** The key was replaced. @param replacedLivesMs How long the one before it still signs. */
  async rotated(
    tx: Transaction,
    { id, connectionId, token, secret: replaced }: StoredSubscription,
    secret: string,
    replacedLivesMs: number,
  ): Promise<void> {
    const sealed = this.seal(tx, connectionId, {
      token,
      secret,
      ...(replaced === undefined || replacedLivesMs <= 0 ? {} : { replaced }),
    });
    await tx.rows(
      `update talentbridge.webhook_subscription s
       set key_id = $2, sealed = $3, secret_made_at = clock_timestamp(), rotating_at = null,
         replaced_until = clock_timestamp() + $4 * interval '1 millisecond'
       where ${tx.own('s')} and s.id = $1 and s.sealed is not null`,
      [id, sealed.keyId, JSON.stringify(sealed), Math.max(0, replacedLivesMs)],
    );
  }

  /** Refuses from now on what arrives for a connection. @returns Whether anything was accepted before. */
  async retire(tx: Transaction, connectionId: string): Promise<boolean> {
    const rows = await tx.rows(
      `update talentbridge.webhook_subscription s set status = 'REMOVED', removed_at = now()
       where ${tx.own('s')} and s.connection_id = $1 and s.status <> 'REMOVED' returning s.id`,
      [connectionId],
    );
    return rows.length > 0;
  }

  /** Nothing of these is at the ATS any more, or can be removed there: their secrets are destroyed. */
  async destroySecrets(tx: Transaction, ids: readonly string[]): Promise<void> {
    await tx.rows(
      `update talentbridge.webhook_subscription s set sealed = null, key_id = null
       where ${tx.own('s')} and s.id = any($1::uuid[]) and s.status = 'REMOVED'`,
      [ids],
    );
  }

  /** Likewise, of everything that a connection has given up, whether or not it opens. */
  async destroyAllSecrets(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(
      `update talentbridge.webhook_subscription s set sealed = null, key_id = null
       where ${tx.own('s')} and s.connection_id = $1 and s.status = 'REMOVED'`,
      [connectionId],
    );
  }

  /** Which of these tokens belonged to subscriptions of this organization that were removed, whichever connection's. */
  async removedAmong(tx: Transaction, tokens: readonly string[]): Promise<ReadonlySet<string>> {
    if (tokens.length === 0) return new Set();
    const byDigest = new Map(tokens.map((token) => [digestOf(token), token]));
    const rows = await tx.rows<{ digest: string }>(
      `select encode(s.token_digest, 'hex') as digest from talentbridge.webhook_subscription s
       where ${tx.own('s')} and s.status = 'REMOVED'
         and s.token_digest = any(select decode(given, 'hex') from unnest($1::text[]) as given)`,
      [[...byDigest.keys()]],
    );
    return new Set(rows.flatMap(({ digest }) => byDigest.get(digest) ?? []));
  }

  private seal(tx: Transaction, connectionId: string, secrets: SubscriptionSecrets): SealedValue {
    return this.vault.seal(JSON.stringify(secrets), sealedSecrets.placeOf(tx.organizationId, connectionId));
  }

  private open(tx: Transaction, { sealed, ...row }: Row): StoredSubscription {
    const text = this.vault.open(sealedValue.parse(sealed), sealedSecrets.placeOf(tx.organizationId, row.connectionId));
    return { ...row, ...secretsOfSubscription.parse(JSON.parse(text)) };
  }
}
