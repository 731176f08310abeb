import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Transaction as KyselyTransaction } from 'kysely';

/** SQLSTATE `in_failed_sql_transaction`. */
const IN_FAILED_TRANSACTION = '25P02';

/** Answers of the database are plain rows, named as the query names them. */
export type Row = Readonly<Record<string, unknown>>;

/** Whoever can read at any time, in a transaction that is open then. */
export interface Reader {
  read<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
}

/**
 * One transaction of one organization. Row-level security confines it; the application's own filters do so a second
 * time, so that neither is the only wall.
 */
export class Transaction {
  private failure: { readonly error: unknown } | undefined;

  constructor(
    /** Unit of work for small writes. */
    readonly em: EntityManager,
    readonly organizationId: string,
    private readonly ownFilters: boolean,
    /** Whose shared read-only transaction this is. Absent: nobody's, it is a transaction of its own. */
    private readonly scope?: Reader,
  ) {}

  /**
   * Reads once more for an answer that is out already, such as the total of a page: by then a shared read-only
   * transaction may have ended, and another taken its place.
   */
  readLater<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.scope ? this.scope.read(work) : work(this);
  }

  /**
   * Runs one statement with `$1`-style parameters and answers its rows. Those that are not waited for run one after the other
   * as well; after one that failed, the others fail with its error.
   */
  async rows<Result extends object = Row>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<readonly Result[]> {
    return this.run(CompiledQuery.raw(sql, [...parameters]));
  }

  /**
   * Like `rows`, for statements that a job runs over and over: each connection of the pool keeps their plans, which take the
   * database as long to make as most such statements take to run. The text must be one of few; values are parameters.
   */
  async preparedRows<Result extends object = Row>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<readonly Result[]> {
    // The same text for all organizations: what `own` wrote becomes a parameter.
    const text = sql.replaceAll(`'${this.organizationId}'`, `$${parameters.length + 1}`);
    const values = text === sql ? [...parameters] : [...parameters, this.organizationId];
    const statement = CompiledQuery.raw(text, values);
    const name = nameOf(text);
    if (name === undefined) return this.run(statement);
    // The query builder knows no names of statements, and hands what it takes for a text to the client as it is, which does.
    return this.run({ ...statement, sql: { name, text } as unknown as string });
  }

  /** Like `rows`, for at most one row. */
  async row<Result extends object = Row>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<Result | undefined> {
    return (await this.rows<Result>(sql, parameters))[0];
  }

  private async run<Result extends object>(statement: CompiledQuery): Promise<readonly Result[]> {
    const kysely = this.em.getTransactionContext<KyselyTransaction<unknown>>();
    if (!kysely) throw new Error('The transaction has ended; take the rows inside the work that it was opened for.');
    try {
      return (await kysely.executeQuery<Result>(statement)).rows;
    } catch (error) {
      this.failure ??= { error };
      throw isConsequence(error) ? this.failure.error : error;
    }
  }

  /**
   * The application's own tenant filter as a SQL condition on a table or its alias. Every hand-written statement on a
   * tenant table carries it. Safe to interpolate: the id was checked to be a UUID when the scope was opened.
   */
  own(alias: string): string {
    return this.ownFilters ? `${alias}.organization_id = '${this.organizationId}'` : 'true';
  }
}

/** Texts of statements whose plans are kept, and the names that they are kept by. */
const names = new Map<string, string>();
/** A plan takes the database some 100 kB for each connection. Whatever comes beyond is planned each time. */
const MOST_NAMES = 100;

function nameOf(text: string): string | undefined {
  if (!names.has(text) && names.size < MOST_NAMES) names.set(text, `statement_${names.size}`);
  return names.get(text);
}

/** Whether a statement was refused because one before it failed in the same transaction. */
function isConsequence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION;
}
