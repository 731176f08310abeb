import { rm } from 'node:fs/promises';
import { createDatabase, startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import pg from 'pg';
import {
  DIMENSIONS,
  EVERYWHERE,
  fieldNamed,
  holdersOf,
  keyOf,
  type SearchField,
} from '../../core/hub/dist/capabilities/rediscovery/search/fields.js';
import { isWithin } from '../../core/hub/dist/capabilities/rediscovery/search/match-document.js';
import {
  type QueryNode,
  type SoughtTerm,
  soughtTerms,
} from '../../core/hub/dist/capabilities/rediscovery/search/query/query-tree.js';
import { endOf, startOf } from '../../core/hub/dist/capabilities/rediscovery/search/query/read-range.js';
import type { SearchDocument } from '../../core/hub/dist/capabilities/rediscovery/search/search-document.js';
import type { SearchRequest } from '../../core/hub/dist/capabilities/rediscovery/search/search-engine.js';
import { stemEnglish } from '../../core/hub/dist/capabilities/rediscovery/search/text/stem.js';
import { tokenize } from '../../core/hub/dist/capabilities/rediscovery/search/text/tokens.js';
import type { Rival, RivalAnswer } from './search-rival.ts';

const SCHEMA = `
  CREATE TABLE candidate (id text PRIMARY KEY, updated float8, numbers jsonb, keys jsonb, words tsvector);`;
const INDEXES = `
  CREATE INDEX ON candidate USING gin (words) WITH (fastupdate = off);
  CREATE INDEX ON candidate USING gin (keys jsonb_path_ops);
  CREATE INDEX ON candidate (updated);
  ANALYZE candidate;`;
const BATCH = 500;
const TEXT_FIELDS = new Set(EVERYWHERE.filter(({ kind }) => kind === 'text'));

interface Row {
  readonly id: string;
  readonly updated: number;
  readonly numbers: object;
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly words: string;
}

/**
 * What a team would build without a search engine: a row for each candidate, its words as a tsvector, its values as jsonb, GIN on
 * both, and GROUP BY for each dimension. Its words are the product's terms; a field's letter stands before those that are asked
 * for by field.
 */
export async function startPostgresRival(): Promise<Rival> {
  const dataDirectory = await temporaryDataDirectory();
  const server = await startEmbeddedPostgres({ dataDirectory, durable: false });
  const pool = new pg.Pool({ connectionString: await createDatabase(server.url, 'rival'), max: 2 });
  pool.on('error', () => undefined);
  await pool.query(SCHEMA);
  return new PostgresRival(pool, async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
    await rm(dataDirectory, { recursive: true });
  });
}

class PostgresRival implements Rival {
  readonly name = 'PostgreSQL';
  readonly #pool: pg.Pool;
  readonly #stop: () => Promise<void>;
  #batch: Row[] = [];
  #isLoaded = false;

  constructor(pool: pg.Pool, stop: () => Promise<void>) {
    this.#pool = pool;
    this.#stop = stop;
  }

  async upsert(document: SearchDocument): Promise<void> {
    this.#batch.push(rowOf(document));
    if (this.#isLoaded || this.#batch.length >= BATCH) await this.#write();
  }

  async loaded(): Promise<void> {
    await this.#write();
    await this.#pool.query(INDEXES);
    this.#isLoaded = true;
  }

  async search({ query, order, first }: SearchRequest): Promise<RivalAnswer | undefined> {
    const compiled = new Compiler();
    const condition = compiled.condition(query);
    if (condition === undefined) return undefined;
    const counts = DIMENSIONS.map(
      ({ name }) => `SELECT '${name}' AS field, ARRAY(
        SELECT count(*) AS count FROM found, jsonb_array_elements_text(keys->'${name}') AS key
        GROUP BY key ORDER BY 1 DESC, key COLLATE "C" LIMIT 10) AS counts`,
    );
    const rank =
      order === 'relevance' && compiled.words.length > 0 ? `ts_rank(words, ${compiled.words[0]})` : 'updated';
    const begun = performance.now();
    const { rows } = await this.#pool.query(
      `WITH found AS MATERIALIZED (SELECT id, keys, ${rank} AS rank FROM candidate WHERE ${condition})
       SELECT 'total' AS field, ARRAY[(SELECT count(*) FROM found)] AS counts, ARRAY(SELECT id FROM found ORDER BY rank DESC, id LIMIT ${first}) AS ids
       UNION ALL SELECT field, counts, NULL FROM (${counts.join(' UNION ALL ')}) AS counted`,
      compiled.parameters,
    );
    const ms = performance.now() - begun;
    const answers = new Map(
      rows.map(({ field, counts: counted }) => [String(field), (counted as string[]).map(Number)]),
    );
    return { ms, total: answers.get('total')?.[0] ?? Number.NaN, counts: answers };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }

  async #write(): Promise<void> {
    const rows = this.#batch.splice(0);
    await this.#pool.query(
      `INSERT INTO candidate SELECT id, updated, numbers, keys, words::tsvector
         FROM jsonb_to_recordset($1) AS row(id text, updated float8, numbers jsonb, keys jsonb, words text)
       ON CONFLICT (id) DO UPDATE SET (updated, numbers, keys, words) = (excluded.updated, excluded.numbers, excluded.keys, excluded.words)`,
      [JSON.stringify(rows)],
    );
  }
}

function rowOf({ id, applications, ...person }: SearchDocument): Row {
  const keys: Record<string, string[]> = {};
  const numbers: Record<string, number[]> = {};
  const words: string[] = [];
  let position = 1;
  for (const record of [person, ...applications]) {
    for (const [name, values] of Object.entries(record.texts)) {
      const field = fieldNamed(name);
      if (name !== 'resume')
        keys[name] = [...new Set([...(keys[name] ?? []), ...values.map((value) => keyOf(field, value))])];
      if (field.kind !== 'text') continue;
      for (const value of values) {
        for (const { term } of tokenize(value)) {
          // Positions end at 16,383.
          const place = Math.min(position++, 16_383);
          words.push(...wordsFor(field, term).map((word) => `${quoted(word)}:${place}`));
        }
        // No phrase crosses two values.
        position++;
      }
    }
    for (const [name, values] of Object.entries(record.numbers)) {
      numbers[name] = [...(numbers[name] ?? []), ...values];
      const bands = (fieldNamed(name).bands ?? []).filter((band) => values.some((value) => isWithin(value, band)));
      if (bands.length > 0) keys[name] = bands.map(({ label }) => label);
    }
  }
  return { id, updated: Math.max(...(numbers['updated'] ?? [0])), numbers, keys, words: words.join(' ') };
}

/** What is indexed of a term: itself and its stem, and of short fields both with the field's name. */
function wordsFor(field: SearchField, term: string): readonly string[] {
  const forms = field.stemmed ? [term, `~${stemEnglish(term)}`] : [term];
  const everywhere = TEXT_FIELDS.has(field) ? forms : [];
  return field.name === 'resume' ? everywhere : [...everywhere, ...forms.map((form) => `${field.name}/${form}`)];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
}

/** A query as a condition on a row. */
class Compiler {
  readonly parameters: unknown[] = [];
  /** The conditions on words, for ranking. */
  readonly words: string[] = [];

  /** `undefined`: it has clauses that would need tables of another shape. */
  condition(node: QueryNode): string | undefined {
    switch (node.kind) {
      case 'all':
        return 'true';
      case 'text': {
        const prefixes =
          node.field === undefined ? [''] : holdersOf(fieldNamed(node.field)).map(({ name }) => `${name}/`);
        const alternatives = prefixes.map((prefix) =>
          soughtTerms(node)
            .map((term) => wanted(prefix, term))
            .join(' <-> '),
        );
        const words = `${this.#parameter(alternatives.map((phrase) => `(${phrase})`).join(' | '))}::tsquery`;
        this.words.push(words);
        return `words @@ ${words}`;
      }
      case 'value': {
        const wantedOf = ({ name }: SearchField) =>
          `keys @> ${this.#parameter(JSON.stringify({ [name]: [node.value] }))}`;
        return `(${holdersOf(fieldNamed(node.field)).map(wantedOf).join(' OR ')})`;
      }
      case 'numbers':
        return this.#numbers(node.field, node.from, node.to);
      case 'dates':
        return this.#numbers(
          node.field,
          node.from === undefined ? undefined : startOf(node.from),
          node.to === undefined ? undefined : endOf(node.to),
        );
      case 'not': {
        const child = this.condition(node.child);
        return child && `NOT ${child}`;
      }
      case 'and':
      case 'or': {
        const children = node.children.map((child) => this.condition(child));
        return children.includes(undefined) ? undefined : `(${children.join(` ${node.kind.toUpperCase()} `)})`;
      }
      default:
        return undefined;
    }
  }

  #numbers(field: string, from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER): string {
    const [least, most] = [this.#parameter(from), this.#parameter(to)];
    return field === 'updated'
      ? `updated BETWEEN ${least} AND ${most}`
      : `EXISTS (SELECT FROM jsonb_array_elements(numbers->'${field}') AS number WHERE number::float8 BETWEEN ${least} AND ${most})`;
  }

  #parameter(value: string | number): string {
    return `$${this.parameters.push(value)}${typeof value === 'number' ? '::float8' : ''}`;
  }
}

function wanted(prefix: string, { term, match }: SoughtTerm): string {
  if (match === 'prefix') return `${quoted(prefix + term)}:*`;
  const exact = quoted(prefix + term);
  return match === 'exact' ? exact : `(${exact} | ${quoted(`${prefix}~${stemEnglish(term)}`)})`;
}
