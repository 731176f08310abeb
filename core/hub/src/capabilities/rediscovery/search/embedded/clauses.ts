import { fieldNamed, type SearchField } from '../fields.js';
import { distanceBetween, fieldsOf } from '../match-document.js';
import { type LeafNode, type QueryNode, type Span, type TextNode, withoutSpans } from '../query/query-tree.js';
import { endOf, startOf } from '../query/read-range.js';
import type { ClauseCachePart, CodeSet, KnownClause } from './clause-cache.js';
import { LISTED_FIELDS, OWN_FIELDS } from './indexed-fields.js';
import { type RecordTable, rowAt } from './record-table.js';
import { addRow, allRows, noRows, type RowSet, withRoom } from './row-set.js';
import type { ShardIndex } from './shard-index.js';
import type { Sliced } from './sliced-work.js';
import { type PeopleExpression, peopleExpression, valueExpression, wholeValueExpression } from './text-terms.js';
import { absenceOf, FIRST_VALUE_CODE, placeOfField } from './value-dictionary.js';

/** Kilometers that a degree of latitude has at least. Whoever is too far north or south needs no exact distance, which takes ten times as long. */
const LEAST_DEGREE = 111;

/** Whose rows a clause is asked of. */
type Domain = 'people' | 'applications';

/** What is evaluated at once and kept: a leaf, or any of several that are found by codes of the dictionary alone. */
type ClauseNode = LeafNode | { readonly kind: 'or'; readonly children: readonly LeafNode[] };

/**
 * Finds the rows of which a query holds, dead ones among them. What a clause finds is kept, and evaluated on rows alone that
 * were added since.
 */
export class Clauses {
  /** By code: 0, except while rows are looked for. */
  private mask = new Uint8Array(0);

  /** @param known What was found, of this index alone. */
  constructor(
    private readonly index: ShardIndex,
    private readonly known: ClauseCachePart,
  ) {}

  /** The people who are found. Not to be changed. */
  find(query: QueryNode): Sliced<RowSet> {
    return this.evaluate(query, 'people');
  }

  /** The codes of values in which a text clause stands. */
  *codesOf(node: TextNode): Sliced<readonly number[]> {
    const key = cacheKey(node, 'people');
    const clause = this.known.use(key);
    yield* this.completeCodes(node, clause.codes);
    this.known.weigh(key, clause);
    return clause.codes.wanted;
  }

  private *evaluate(node: QueryNode, domain: Domain): Sliced<RowSet> {
    const { rows } = this.index[domain];
    switch (node.kind) {
      case 'all':
        return allRows(rows);
      case 'not':
        return (yield* this.evaluate(node.child, domain)).map((bits) => ~bits);
      case 'and': {
        const result = allRows(rows);
        for (const child of node.children) {
          intersect(result, yield* this.evaluate(child, domain));
          if (isEmpty(result)) break;
        }
        return result;
      }
      case 'or': {
        const result = noRows(rows);
        const listed = node.children.filter((child): child is LeafNode => isOfDictionary(child, domain));
        if (listed.length > 1) unite(result, yield* this.clause({ kind: 'or', children: listed }, domain));
        for (const child of node.children) {
          if (listed.length < 2 || !isOfDictionary(child, domain)) unite(result, yield* this.evaluate(child, domain));
        }
        return result;
      }
      case 'application':
        return this.peopleOf(yield* this.evaluate(node.child, 'applications'));
      default:
        return yield* this.clause(node, domain);
    }
  }

  private *clause(node: ClauseNode, domain: Domain): Sliced<RowSet> {
    const key = cacheKey(node, domain);
    const clause = this.known.use(key);
    const table = this.index[domain];
    if (clause.evaluated < table.rows) {
      clause.rows = withRoom(clause.rows, table.rows);
      this.known.weigh(key, clause);
      // Where that is given up, rows that were added are right, and are added once more.
      yield* this.addRows(node, domain, clause);
      clause.evaluated = table.rows;
      this.known.weigh(key, clause);
    }
    return clause.rows;
  }

  /** Evaluates a clause on the rows that it has not been evaluated on. */
  private *addRows(node: ClauseNode, domain: Domain, { rows, evaluated: from, codes }: KnownClause): Sliced<void> {
    const table = this.index[domain];
    yield typedAt(node);
    if (node.kind === 'text' || node.kind === 'value' || node.kind === 'or') {
      // The text index has the words of everything that is searched everywhere, also of what the dictionary lists.
      if (node.kind !== 'text' || node.field !== undefined || domain !== 'people') {
        yield* this.completeCodes(node, codes);
        this.addCoded(table, codes.wanted, from, rows);
      }
      if (domain === 'people') {
        yield typedAt(node);
        this.addPeople(ownExpression(node), from, rows);
      }
    } else if (node.kind === 'exists') {
      for (const { name } of fieldsOf(node.field)) this.addExisting(name, domain, from, rows, codes);
    } else if (node.kind === 'numbers') {
      table.findNumbers(node.field, node.from ?? -Infinity, node.to ?? Infinity, from, rows);
    } else if (node.kind === 'dates') {
      const least = node.from === undefined ? -Infinity : startOf(node.from);
      table.findNumbers(node.field, least, node.to === undefined ? Infinity : endOf(node.to), from, rows);
    } else if (node.kind === 'near') {
      const isNear = (latitude: number, longitude: number): boolean =>
        Math.abs(latitude - node.latitude) <= node.kilometers / LEAST_DEGREE &&
        distanceBetween({ latitude, longitude }, node) <= node.kilometers;
      table.findPlaces(isNear, from, rows);
    }
  }

  private addExisting(name: string, domain: Domain, from: number, rows: RowSet, codes: CodeSet): void {
    const table = this.index[domain];
    const { kind } = fieldNamed(name);
    const absence = absenceOf(name);
    if (kind === 'place') table.findPlaces(() => true, from, rows);
    else if (kind === 'number' || kind === 'date') table.findNumbers(name, -Infinity, Infinity, from, rows);
    else if (absence !== undefined && domain === 'people') {
      const absent = noRows(table.rows);
      table.findCode(absence, from, absent);
      addOthers(table, absent, from, rows);
    } else if (isListed(fieldNamed(name))) {
      const place = placeOfField(name);
      const { dictionary } = this.index;
      for (let code = Math.max(codes.known, FIRST_VALUE_CODE); code < dictionary.size; code++) {
        if (dictionary.places.at(code) === place) codes.wanted.push(code);
      }
      codes.known = dictionary.size;
      this.addCoded(table, codes.wanted, from, rows);
    }
  }

  /** Adds the rows from a row on that have one of the codes. */
  private addCoded(table: RecordTable, wanted: readonly number[], from: number, rows: RowSet): void {
    const [first] = wanted;
    if (first === undefined) return;
    if (wanted.length === 1) {
      table.findCode(first, from, rows);
      return;
    }
    const { size } = this.index.dictionary;
    if (this.mask.length < size) this.mask = new Uint8Array(size + (size >>> 3));
    for (const code of wanted) this.mask[code] = 1;
    table.findCodes(this.mask, from, rows);
    for (const code of wanted) this.mask[code] = 0;
  }

  /** Looks for the clause in the values that have been added to the dictionary since. */
  private *completeCodes(node: ClauseNode, codes: CodeSet): Sliced<void> {
    const { dictionary } = this.index;
    if (codes.known >= dictionary.size) return;
    const added: number[] = [];
    for (const leaf of node.kind === 'or' ? node.children : [node]) yield* this.codesFrom(codes.known, leaf, added);
    // All or none: a code that is there twice would count twice.
    for (const code of added) codes.wanted.push(code);
    codes.known = dictionary.size;
  }

  private *codesFrom(from: number, node: QueryNode, wanted: number[]): Sliced<void> {
    const { dictionary, file } = this.index;
    if (node.kind === 'value') {
      for (const { name } of fieldsOf(node.field).filter(isListed)) {
        const code = dictionary.find(name, node.value);
        if (code !== undefined && code >= from) wanted.push(code);
      }
    } else if (node.kind === 'text') {
      const fields = fieldsOf(node.field).filter(isListed);
      for (const stemmed of [true, false]) {
        const places = new Set(
          fields.filter((field) => (field.stemmed === true) === stemmed).map(({ name }) => placeOfField(name)),
        );
        if (places.size === 0) continue;
        yield node.span;
        for (const code of file.findValues(valueExpression(node, stemmed), from)) {
          if (places.has(dictionary.places.at(code))) wanted.push(code);
        }
      }
    }
  }

  /** Adds the people from a row on whose words are as the expression says. */
  private addPeople(expression: PeopleExpression | undefined, from: number, rows: RowSet): void {
    const { file, numbers } = this.index;
    if (expression === undefined) return;
    const all = numbers.array;
    const found = file.findPeople(expression, from === 0 ? 0 : numbers.at(from));
    for (let next = 0, row = from; next < found.length; next++) {
      const number = found[next] as number;
      while ((all[row] as number) < number) row++;
      addRow(rows, row);
    }
  }

  /** Whose applications these are. */
  private peopleOf(applications: RowSet): RowSet {
    const { people, applicationStarts } = this.index;
    const found = noRows(people.rows);
    const end = applicationStarts.at(people.rows);
    let person = 0;
    for (let element = 0; element < applications.length; element++) {
      const base = element * 32 + 31;
      for (let bits = applications[element] as number; bits !== 0; bits &= bits - 1) {
        const row = base - Math.clz32(bits & -bits);
        if (row >= end) return found;
        person = rowAt(applicationStarts.array, person, people.rows, row);
        addRow(found, person);
      }
    }
    return found;
  }
}

function cacheKey(node: ClauseNode, domain: Domain): string {
  return `${domain} ${keyOf(node)}`;
}

/** What is equal of two nodes that find the same. */
export function keyOf(node: QueryNode): string {
  return JSON.stringify(withoutSpans(node), (key, value: unknown) => (key === 'synonym' ? undefined : value));
}

/** Where a clause was typed. `undefined`: it was not, or in several places. */
function typedAt(node: ClauseNode): Span | undefined {
  return 'span' in node ? node.span : undefined;
}

const listed = new Set(LISTED_FIELDS);
const own = new Set(OWN_FIELDS);

function isListed(field: SearchField): boolean {
  return listed.has(field);
}

/** Whether a clause is found by codes of the dictionary alone. */
export function isOfDictionary(node: QueryNode, domain: Domain = 'people'): boolean {
  if (node.kind !== 'text' && node.kind !== 'value') return false;
  return domain === 'applications' || ownExpression(node) === undefined;
}

/** What finds a clause in the text index. `undefined`: values of its field are all in the dictionary. */
function ownExpression(node: ClauseNode): PeopleExpression | undefined {
  if (node.kind === 'text') {
    const inText =
      node.field === undefined || fieldsOf(node.field).some((field) => own.has(field) && field.kind === 'text');
    return inText ? peopleExpression(node) : undefined;
  }
  if (node.kind !== 'value') return undefined;
  const field = fieldNamed(node.field);
  return own.has(field) ? wholeValueExpression(field.name, node.value) : undefined;
}

function intersect(set: RowSet, other: RowSet): void {
  for (let index = 0; index < set.length; index++) set[index] = (set[index] as number) & (other[index] ?? 0);
}

function unite(set: RowSet, other: RowSet): void {
  for (let index = 0; index < set.length; index++) set[index] = (set[index] as number) | (other[index] ?? 0);
}

function isEmpty(set: RowSet): boolean {
  return set.every((bits) => bits === 0);
}

function addOthers({ rows: count }: RecordTable, absent: RowSet, from: number, rows: RowSet): void {
  for (let row = from; row < count; row++) {
    if (((absent[row >>> 5] as number) & (1 << (row & 31))) === 0) addRow(rows, row);
  }
}
