import { EVERYWHERE, fieldNamed, holdersOf } from '../../../../src/capabilities/rediscovery/search/fields.js';
import {
  type DatesNode,
  type NearNode,
  type QueryNode,
  type SoughtTerm,
  soughtTerms,
  type TextNode,
} from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import { stemEnglish } from '../../../../src/capabilities/rediscovery/search/text/stem.js';

/** The tables that queries are asked of. `record` is -1 for the person, then 0 and up for each application. */
export const POSTGRES_SCHEMA = `
  CREATE TABLE document (id text COLLATE "C" PRIMARY KEY, updated double precision);
  CREATE TABLE application (id text COLLATE "C", record int);
  CREATE TABLE term (id text COLLATE "C", record int, field text, value int, position int, term text COLLATE "C", stem text COLLATE "C");
  CREATE TABLE facet (id text COLLATE "C", record int, field text, key text COLLATE "C", label text);
  CREATE TABLE number (id text COLLATE "C", record int, field text, value double precision);
  CREATE TABLE place (id text COLLATE "C", latitude double precision, longitude double precision);
  CREATE TABLE mark (mark text);
  CREATE INDEX ON application (id);
  CREATE INDEX ON term (id);
  CREATE INDEX ON term (term text_pattern_ops);
  CREATE INDEX ON term (stem);
  CREATE INDEX ON facet (id);
  CREATE INDEX ON facet (field, key);
  CREATE INDEX ON number (id);
  CREATE INDEX ON place (id);`;

/** A query as SQL that answers the ids it finds: sets of rows, joined, united and subtracted. */
export class PostgresQuery {
  readonly parameters: unknown[] = [];

  /** Answers ids. */
  people(node: QueryNode): string {
    return this.compile(node, 'id', 'SELECT id FROM document');
  }

  /** Hands a value over, and answers how it is written in SQL. */
  parameter(value: string | number | readonly string[]): string {
    const type = typeof value === 'number' ? 'float8' : typeof value === 'string' ? 'text' : 'text[]';
    return `$${this.parameters.push(value)}::${type}`;
  }

  /** @param columns What makes a row: a person, or an application of one. @param everything All such rows. */
  private compile(node: QueryNode, columns: 'id' | 'id, record', everything: string): string {
    const nested = (child: QueryNode): string => `(${this.compile(child, columns, everything)})`;
    const from = (table: string, condition: string): string =>
      `SELECT ${columns} FROM ${table} WHERE ${condition}${columns === 'id' ? '' : ' AND record >= 0'}`;
    switch (node.kind) {
      case 'all':
        return everything;
      case 'and':
        return node.children.map(nested).join(' INTERSECT ');
      case 'or':
        return node.children.map(nested).join(' UNION ');
      case 'not':
        return `${everything} EXCEPT ${nested(node.child)}`;
      case 'application':
        return `SELECT id FROM (${this.compile(node.child, 'id, record', 'SELECT id, record FROM application')}) AS found`;
      case 'text':
        return this.text(node, columns);
      case 'value':
        return from('facet', `field = ANY(${this.holders(node.field)}) AND key = ${this.parameter(node.value)}`);
      case 'numbers':
        return from('number', this.numbers(node.field, node.from, node.to));
      case 'dates':
        return from('number', this.dates(node));
      case 'near':
        return `SELECT id FROM place WHERE ${this.distance(node)} <= ${this.parameter(node.kilometers)}`;
      case 'exists': {
        const { kind } = fieldNamed(node.field);
        if (kind === 'place') return 'SELECT id FROM place';
        return from(
          kind === 'number' || kind === 'date' ? 'number' : 'facet',
          `field = ANY(${this.holders(node.field)})`,
        );
      }
    }
  }

  private text(node: TextNode, columns: 'id' | 'id, record'): string {
    const fields = node.field === undefined ? EVERYWHERE : holdersOf(fieldNamed(node.field));
    const stemmed = fields.filter((field) => field.stemmed).map(({ name }) => name);
    const conditions = [`t0.field = ANY(${this.parameter(fields.map(({ name }) => name))})`];
    if (columns !== 'id') conditions.push('t0.record >= 0');
    const joins = soughtTerms(node).map((sought, place) => {
      conditions.push(this.term(`t${place}`, sought, stemmed));
      return place === 0
        ? 'term t0'
        : `JOIN term t${place} ON (t${place}.id, t${place}.record, t${place}.field, t${place}.value, t${place}.position)
             = (t0.id, t0.record, t0.field, t0.value, t0.position + ${place})`;
    });
    const selected = columns === 'id' ? 't0.id' : 't0.id, t0.record';
    return `SELECT ${selected} FROM ${joins.join(' ')} WHERE ${conditions.join(' AND ')}`;
  }

  private term(alias: string, { term, match }: SoughtTerm, stemmed: readonly string[]): string {
    if (match === 'prefix') return `starts_with(${alias}.term, ${this.parameter(term)})`;
    const same = `${alias}.term = ${this.parameter(term)}`;
    if (match === 'exact') return same;
    return `(${same} OR ${alias}.field = ANY(${this.parameter(stemmed)}) AND ${alias}.stem = ${this.parameter(stemEnglish(term))})`;
  }

  private numbers(field: string, from: number | undefined, to: number | undefined): string {
    return [
      `field = ${this.parameter(field)}`,
      ...(from === undefined ? [] : [`value >= ${this.parameter(from)}`]),
      ...(to === undefined ? [] : [`value <= ${this.parameter(to)}`]),
    ].join(' AND ');
  }

  /** By the calendar of PostgreSQL: from the first moment of the one date up to the first one after the other. */
  private dates({ field, from, to }: DatesNode): string {
    const first = (date: string): string => this.parameter(`${date}${'-01-01'.slice(date.length - 4)}`);
    const unit = (date: string): string => ({ 4: 'year', 7: 'month' })[date.length] ?? 'day';
    const milliseconds = (moment: string): string => `extract(epoch from ${moment}) * 1000`;
    return [
      `field = ${this.parameter(field)}`,
      ...(from === undefined ? [] : [`value >= ${milliseconds(`${first(from)}::timestamp`)}`]),
      ...(to === undefined ? [] : [`value < ${milliseconds(`(${first(to)}::timestamp + interval '1 ${unit(to)}')`)}`]),
    ].join(' AND ');
  }

  /** Along the surface of a sphere, in kilometers (haversine). */
  private distance({ latitude, longitude }: NearNode): string {
    const [lat, lon] = [`radians(${this.parameter(latitude)})`, `radians(${this.parameter(longitude)})`];
    const half = (one: string, other: string): string => `sin((${one} - ${other}) / 2) ^ 2`;
    const chord = `${half('radians(latitude)', lat)} + cos(${lat}) * cos(radians(latitude)) * ${half('radians(longitude)', lon)}`;
    return `2 * 6371.0088 * atan2(sqrt(${chord}), sqrt(greatest(0, 1 - (${chord}))))`;
  }

  private holders(field: string): string {
    return this.parameter(holdersOf(fieldNamed(field)).map(({ name }) => name));
  }
}
