import pg from 'pg';
import { fieldNamed, keyOf } from '../../../../src/capabilities/rediscovery/search/fields.js';
import type { QueryNode } from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import type { FieldValues, SearchDocument } from '../../../../src/capabilities/rediscovery/search/search-document.js';
import type {
  FacetAnswer,
  FacetRequest,
  SearchAnswer,
  SearchChanges,
  SearchEngine,
  SearchRequest,
} from '../../../../src/capabilities/rediscovery/search/search-engine.js';
import { stemEnglish } from '../../../../src/capabilities/rediscovery/search/text/stem.js';
import { tokenize } from '../../../../src/capabilities/rediscovery/search/text/tokens.js';
import { InvalidInputError } from '../../../../src/kernel/errors.js';
import { POSTGRES_SCHEMA, PostgresQuery } from './postgres-query.js';

/**
 * Finds and counts with tables of terms and values and with SQL alone: nothing of it is shared with other engines but how
 * texts are split and what makes two values one. To compare engines with, not to search with.
 */
export class PostgresEngine implements SearchEngine {
  private constructor(private readonly pool: pg.Pool) {}

  /** @param url An empty database, which the engine has to itself. */
  static async open(url: string): Promise<PostgresEngine> {
    const pool = new pg.Pool({
      connectionString: url,
      max: 1,
      options: '-c timezone=UTC -c jit=off -c join_collapse_limit=1',
    });
    await pool.query(POSTGRES_SCHEMA);
    return new PostgresEngine(pool);
  }

  async write({ upserts = [], removals = [], mark }: SearchChanges): Promise<void> {
    const documents = [...new Map(upserts.map((document) => [document.id, document])).values()];
    await this.pool.query('BEGIN');
    for (const table of ['document', 'application', 'term', 'facet', 'number', 'place']) {
      await this.pool.query(`DELETE FROM ${table} WHERE id = ANY($1)`, [
        [...removals, ...documents.map(({ id }) => id)],
      ]);
    }
    await this.insert(
      'document',
      'id text, updated float8',
      documents.map(({ id, numbers }) => [id, latest(numbers)]),
    );
    await this.insert(
      'place',
      'id text, latitude float8, longitude float8',
      documents.flatMap(({ id, places }) => places.map(({ latitude, longitude }) => [id, latitude, longitude])),
    );
    await this.insert(
      'application',
      'id text, record int',
      recordsOf(documents, ({ id, record }) => (record < 0 ? [] : [[id, record]])),
    );
    await this.insert(
      'term',
      'id text, record int, field text, value int, position int, term text, stem text',
      recordsOf(documents, termRows),
    );
    await this.insert(
      'facet',
      'id text, record int, field text, key text, label text',
      recordsOf(documents, facetRows),
    );
    await this.insert('number', 'id text, record int, field text, value float8', recordsOf(documents, numberRows));
    if (mark !== undefined) await this.pool.query('INSERT INTO mark VALUES ($1)', [mark]);
    await this.pool.query('COMMIT');
    await this.pool.query('ANALYZE');
  }

  async mark(): Promise<string | undefined> {
    const { rows } = await this.pool.query('SELECT mark FROM mark ORDER BY ctid DESC LIMIT 1');
    return rows[0]?.mark;
  }

  async search({ query, first, after, facets = [] }: SearchRequest): Promise<SearchAnswer> {
    const [, time, last = ''] = /^(-?\d+|null)\/(.+)$/s.exec(after ?? '') ?? [];
    if (after !== undefined && time === undefined) {
      throw new InvalidInputError([{ field: 'after', message: 'This is no cursor of this search.' }]);
    }
    const found = await this.find(query);
    const from = time === 'null' ? Number.NEGATIVE_INFINITY : Number(time);
    const { rows } = await this.pool.query(
      `SELECT id, updated FROM (SELECT id, coalesce(updated, '-infinity') AS updated FROM document) AS document
        WHERE id = ANY($1) AND ($2 OR updated < $3 OR updated = $3 AND id > $4)
        ORDER BY updated DESC, id LIMIT $5`,
      [found, time === undefined, from, last, first + 1],
    );
    const answers: FacetAnswer[] = [];
    for (const facet of facets) answers.push(await this.count(facet, facet.over ? await this.find(facet.over) : found));
    return {
      hits: rows
        .slice(0, first)
        .map(({ id, updated }) => ({ id, cursor: `${Number.isFinite(updated) ? updated : 'null'}/${id}` })),
      hasNextPage: rows.length > first,
      total: found.length,
      facets: answers,
      rankedBy: 'updated',
    };
  }

  async countEach(queries: readonly QueryNode[]): Promise<readonly number[]> {
    const counts: number[] = [];
    for (const query of queries) counts.push((await this.find(query)).length);
    return counts;
  }

  async isTidy(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async find(query: QueryNode): Promise<readonly string[]> {
    const sql = new PostgresQuery();
    const text = `SELECT coalesce(array_agg(DISTINCT id), '{}') AS ids FROM (${sql.people(query)}) AS found`;
    const { rows } = await this.pool.query(text, sql.parameters);
    return rows[0].ids;
  }

  private async count({ field, top }: FacetRequest, found: readonly string[]): Promise<FacetAnswer> {
    const { bands } = fieldNamed(field);
    const valuesOf = bands
      ? `SELECT id, label AS key, label
           FROM number JOIN jsonb_to_recordset($3) AS band(label text, "from" float8, "to" float8)
             ON value BETWEEN coalesce("from", '-infinity') AND coalesce("to", 'infinity')
          WHERE id = ANY($1) AND field = $2`
      : 'SELECT id, key, label FROM facet WHERE id = ANY($1) AND field = $2';
    const { rows } = await this.pool.query(
      `SELECT key, min(label) AS label, count(DISTINCT id)::int AS count, array_agg(DISTINCT id) AS ids
         FROM (${valuesOf}) AS held GROUP BY key`,
      [found, field, ...(bands ? [JSON.stringify(bands)] : [])],
    );
    const holders = new Set(rows.flatMap(({ ids }): string[] => ids));
    const values = rows
      .map(({ key, label, count }) => ({ key: String(key), label: String(label), count: Number(count) }))
      // PostgreSQL has no order of UTF-16 units.
      .sort((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1));
    return { field, values: values.slice(0, top), distinct: values.length, missing: found.length - holders.size };
  }

  private async insert(table: string, columns: string, rows: readonly (readonly unknown[])[]): Promise<void> {
    const names = columns.split(', ').map((column) => column.split(' ')[0] ?? '');
    const records = rows.map((row) => Object.fromEntries(names.map((name, place) => [name, row[place]])));
    await this.pool.query(
      `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM jsonb_to_recordset($1::jsonb) AS row(${columns})`,
      [JSON.stringify(records)],
    );
  }
}

/** The person (-1) or one of the applications. */
interface PlacedRecord extends FieldValues {
  readonly id: string;
  readonly record: number;
}

type Rows = (readonly (string | number)[])[];

function recordsOf(documents: readonly SearchDocument[], rows: (record: PlacedRecord) => Rows): Rows {
  return documents.flatMap(({ id, texts, numbers, applications }) =>
    [{ texts, numbers }, ...applications].flatMap((values, index) => rows({ id, record: index - 1, ...values })),
  );
}

function termRows({ id, record, texts }: PlacedRecord): Rows {
  return Object.entries(texts).flatMap(([field, values]) =>
    values.flatMap((value, index) =>
      tokenize(value).map(({ term, position }) => [id, record, field, index, position, term, stemEnglish(term)]),
    ),
  );
}

function facetRows({ id, record, texts }: PlacedRecord): Rows {
  return Object.entries(texts).flatMap(([field, values]) =>
    values
      .map((label) => [id, record, field, keyOf(fieldNamed(field), label), label])
      .filter(([, , , key]) => key !== ''),
  );
}

function numberRows({ id, record, numbers }: PlacedRecord): Rows {
  return Object.entries(numbers).flatMap(([field, values]) => values.map((value) => [id, record, field, value]));
}

function latest({ updated = [] }: FieldValues['numbers']): number | null {
  return updated.length > 0 ? Math.max(...updated) : null;
}
