import { type AnyEntity, type EntityName, IsolationLevel, MikroORM, type Options } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import pg from 'pg';
import type { Caller } from '../organizations/caller.js';
import { APPLICATION_ROLE, ORGANIZATION_VARIABLE, USER_VARIABLE } from './application-role.js';
import { OrganizationScope, type TransactionSource } from './organization-scope.js';
import { type Reader, Transaction } from './transaction.js';

/** How to reach the database. */
export interface DatabaseOptions {
  /** A role that may create tables and roles: it migrates and runs the job queue. Requests never run as it. */
  readonly url: string;
  /** Connections of the application pool. Default 10. */
  readonly poolSize?: number;
  readonly entities: readonly EntityName<AnyEntity>[];
  /**
   * Which of the two walls between organizations stand. Both, except in the tests that prove each of them alone.
   * Default `both`.
   */
  readonly isolation?: 'both' | 'filtersOnly' | 'rowSecurityOnly';
}

/**
 * PostgreSQL, as the hub uses it: an application pool whose role can see one organization at a time, and a small pool
 * of the owner for migrations, the job queue and heartbeats.
 */
export class Database implements TransactionSource {
  private constructor(
    private readonly orm: MikroORM,
    /** The owner's pool. Only for what belongs to no organization. */
    readonly owner: pg.Pool,
    private readonly isolation: NonNullable<DatabaseOptions['isolation']>,
  ) {}

  /** Connects. The schema must be there already (`migrate`). */
  static async open(options: DatabaseOptions): Promise<Database> {
    const isolation = options.isolation ?? 'both';
    const orm = await MikroORM.init({
      clientUrl: options.url,
      entities: [...options.entities],
      pool: { min: 0, max: options.poolSize ?? 10 },
      // The role is part of opening the connection, so that no statement ever runs as the owner by omission.
      driverOptions: {
        ...(isolation === 'filtersOnly' ? {} : { options: `-c role=${APPLICATION_ROLE}` }),
        onPoolCreated: (pool: pg.Pool) => {
          readTimestamps(pool);
          giveUpBroken(pool);
        },
      },
      schema: 'talentbridge',
      filters: {
        organization: {
          cond: ({ organizationId }: { organizationId?: string }) => ({ organizationId }),
          default: isolation !== 'rowSecurityOnly',
        },
      },
      ensureDatabase: false,
      debug: false,
    } satisfies Options);
    const owner = new pg.Pool({ connectionString: options.url, max: 4 });
    // A connection that the server drops is replaced at its next use; a query that was under way rejects by itself.
    owner.on('error', () => undefined);
    owner.on('connect', (client) => client.on('error', () => undefined));
    giveUpBroken(owner);
    return new Database(orm, owner, isolation);
  }

  /** One caller's way to the data of their organization. */
  scope(caller: Caller): OrganizationScope {
    return new OrganizationScope(this, caller);
  }

  /** Runs work in a transaction of the caller's organization. Services use `OrganizationScope` instead. */
  async transaction<Result>(caller: Caller, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.fork(caller).transactional((em) => work(this.wrap(em, caller)));
  }

  /**
   * Runs one statement, in `$1`-style, as the application: a transaction of its own, in one way there and back. It sees no
   * organization, so that it calls a function which says itself whose data it is about.
   */
  async once<Result extends object>(sql: string, parameters: readonly unknown[]): Promise<readonly Result[]> {
    const client = this.orm.em.getConnection().getClient();
    return (await client.executeQuery<Result>(CompiledQuery.raw(sql, [...parameters]))).rows;
  }

  /** Opens a read-only transaction of the caller's organization, to be ended by whoever asked for it. */
  async beginReading(caller: Caller, scope: Reader): Promise<{ readonly tx: Transaction; end(): Promise<void> }> {
    const em = this.fork(caller);
    await em.begin({ readOnly: true, isolationLevel: IsolationLevel.READ_COMMITTED });
    // Nothing was written, so that ending it by rollback loses nothing, and works after a failed statement too.
    return { tx: this.wrap(em, caller, scope), end: () => em.rollback() };
  }

  /** Whether the database answers. */
  async isReady(): Promise<boolean> {
    try {
      await this.owner.query('select 1');
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.orm.close(true);
    await this.owner.end();
  }

  private fork(caller: Caller): MikroORM['em'] {
    const em = this.orm.em.fork({
      session: { variables: { [ORGANIZATION_VARIABLE]: caller.organizationId, [USER_VARIABLE]: caller.userId } },
    });
    if (this.isolation !== 'rowSecurityOnly')
      em.setFilterParams('organization', { organizationId: caller.organizationId });
    return em;
  }

  private wrap(em: MikroORM['em'], caller: Caller, scope?: Reader): Transaction {
    return new Transaction(em, caller.organizationId, this.isolation !== 'rowSecurityOnly', scope);
  }
}

/** How long whoever holds a connection that broke has to let go of it. Queries on it fail at once. */
const LET_GO_WITHIN_MS = 1_000;

/**
 * Takes broken connections from whoever holds them: the query builder does not let go of one whose rollback fails too, so that
 * each transaction that a restart of the server cut off would cost the pool a place for good.
 */
function giveUpBroken(pool: pg.Pool): void {
  const held = new Set<pg.PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_error, client) => held.delete(client));
  pool.on('connect', (client) => {
    client.on('end', () => {
      setTimeout(() => {
        if (held.delete(client)) client.release(true);
      }, LET_GO_WITHIN_MS).unref();
    });
  });
}

/** Rows of hand-written SQL hold dates as entities do; the library by itself would leave them as text. */
function readTimestamps(pool: pg.Pool): void {
  const { TIMESTAMPTZ } = pg.types.builtins;
  pool.on('connect', (client) => client.setTypeParser(TIMESTAMPTZ, pg.types.getTypeParser(TIMESTAMPTZ)));
}
