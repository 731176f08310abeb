import { InvalidInputError } from '../../../../kernel/errors.js';
import { fieldsOf } from '../match-document.js';
import { childrenOf, type QueryNode, type TextNode } from '../query/query-tree.js';
import type { SearchOrder, SearchRequest } from '../search-engine.js';
import { type Clauses, isOfDictionary } from './clauses.js';
import type { ListColumn } from './growing-array.js';
import { NUMBER_FIELDS } from './indexed-fields.js';
import { BLOCK_ROWS, rowsIn } from './record-table.js';
import type { RowSet } from './row-set.js';
import type { ShardIndex } from './shard-index.js';
import type { Sliced } from './sliced-work.js';
import { placeOfField } from './value-dictionary.js';

/** Where a hit stands. Depends on its document and the query alone, so that a page follows a cursor whatever is written. */
export interface HitPlace {
  /** 0 where hits are not ranked. */
  readonly score: number;
  /** Milliseconds since 1970. -Infinity: not known. */
  readonly updated: number;
  readonly id: string;
}

/** Negative where one comes before the other: by score, then the newest, then by id. */
export function compareHits(one: HitPlace, other: HitPlace): number {
  if (one.score !== other.score) return other.score - one.score;
  if (one.updated !== other.updated) return one.updated < other.updated ? 1 : -1;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

/** Most hits that are ranked: more than anybody looks through, and a few milliseconds. */
const MOST_RANKED = 20_000;

/** What hits can be ordered by. A cursor goes on with its own order, however many hits there are by now. */
export function orderOf(
  { query, order, after }: Pick<SearchRequest, 'query' | 'order' | 'after'>,
  total: number,
): SearchOrder {
  // Only words tell how well somebody fits.
  if (order === 'updated' || soughtTexts(query).length === 0) return 'updated';
  const place = after === undefined ? undefined : placeOf(after);
  if (place) return place.score === undefined ? 'updated' : 'relevance';
  return total <= MOST_RANKED ? 'relevance' : 'updated';
}

/** An opaque text from which `readCursor` makes the place again. */
export function cursorOf(order: SearchOrder, { score, updated, id }: HitPlace): string {
  const known = updated === -Infinity ? null : updated;
  return Buffer.from(JSON.stringify([order === 'relevance' ? score : null, known, id])).toString('base64url');
}

/** @throws InvalidInputError when the text is no cursor of this query's order. */
export function readCursor(request: Pick<SearchRequest, 'query' | 'order'>, cursor: string): HitPlace {
  const place = placeOf(cursor);
  if (!place || (place.score !== undefined && orderOf(request, 0) === 'updated')) {
    throw new InvalidInputError([{ field: 'after', message: 'This is no cursor of this search.' }]);
  }
  return { ...place, score: place.score ?? 0 };
}

/** The place that a cursor stands for. Without a score: hits were not ranked. `undefined`: it is no cursor. */
function placeOf(cursor: string): (Omit<HitPlace, 'score'> & { readonly score?: number }) | undefined {
  const [score, updated, id] = partsOf(cursor);
  const known = updated === null ? -Infinity : updated;
  if (typeof id !== 'string' || typeof known !== 'number') return undefined;
  if (score === null) return { updated: known, id };
  return typeof score === 'number' && Number.isSafeInteger(score) ? { score, updated: known, id } : undefined;
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/** How much a value with a sought word says, by its field. */
const weights: Readonly<Record<string, number>> = {
  currentTitle: 8,
  skill: 4,
  pastTitle: 3,
  certification: 3,
  major: 2,
};

/** The clauses of words that may hold of a hit. */
function soughtTexts(node: QueryNode): readonly TextNode[] {
  if (node.kind === 'text') return [node];
  return node.kind === 'not' || node.kind === 'application' ? [] : childrenOf(node).flatMap(soughtTexts);
}

/** How scores come about. */
export interface Scoring {
  /** Of words that stand not only in values of the dictionary. Each that holds counts 1. */
  readonly clauses: readonly RowSet[];
  /** Values that a clause stands in add to the score of who has them. */
  readonly values: readonly SoughtValues[];
}

/** The values in which a clause stands. */
interface SoughtValues {
  readonly codes: readonly number[];
  /** By the place of a field: what a value of it adds. */
  readonly weights: ReadonlyMap<number, number>;
}

/**
 * Gives a score to people: each clause of words that are looked for everywhere counts, and so does each value of theirs that a
 * clause stands in, a current title most. Nothing of it depends on other people, whose frequencies would change from page to page.
 */
export function* scoringOf(query: QueryNode, clauses: Clauses): Sliced<Scoring> {
  const values: SoughtValues[] = [];
  const everywhere: RowSet[] = [];
  for (const text of soughtTexts(query)) {
    const codes = yield* clauses.codesOf(text);
    const listed = fieldsOf(text.field).filter(({ ownValues }) => !ownValues);
    if (codes.length > 0) {
      values.push({ codes, weights: new Map(listed.map(({ name }) => [placeOfField(name), weights[name] ?? 1])) });
    }
    if (!isOfDictionary(text)) everywhere.push(yield* clauses.find(text));
  }
  return { clauses: everywhere, values };
}

/** By code: what a value adds to a score; 0, except while hits are ranked. All indexes of a thread have it in common: nothing comes between. */
let worth = new Int32Array(0);

/** Notes what values add, until `forgetWeights`. */
function weigh({ dictionary }: ShardIndex, values: readonly SoughtValues[]): void {
  if (worth.length < dictionary.size) worth = new Int32Array(dictionary.size + (dictionary.size >>> 3));
  for (const { codes, weights: byPlace } of values) {
    for (const code of codes) worth[code] = (worth[code] as number) + (byPlace.get(dictionary.places.at(code)) ?? 1);
  }
}

function forgetWeights(values: readonly SoughtValues[]): void {
  for (const { codes } of values) for (const code of codes) worth[code] = 0;
}

/** The hits that come first after a place. @param most How many. @param scoring Absent: the newest first. */
export function firstHits(
  index: ShardIndex,
  rows: RowSet,
  most: number,
  after: HitPlace | undefined,
  scoring: Scoring | undefined,
): readonly HitPlace[] {
  const best = new BestHits(most, after);
  if (most === 0) return best.hits;
  const { clauses = [], values = [] } = scoring ?? {};
  if (values.length > 0) weigh(index, values);
  for (const [number, block] of index.people.blocks.entries()) {
    const [starts, times] = [block.numbers[UPDATED]?.starts.array, block.numbers[UPDATED]?.values.array];
    const codes = block.codes;
    if (!starts || !times) continue;
    const found = rowsIn(block, rows, number << 11);
    for (let next = 0; next < found.length; next++) {
      const row = found[next] as number;
      let updated = -Infinity;
      const end = starts[row + 1] as number;
      for (let place = starts[row] as number; place < end; place++) {
        if ((times[place] as number) > updated) updated = times[place] as number;
      }
      let score = values.length === 0 ? 0 : worthOf(codes, row);
      for (const clause of clauses) score += ((clause[(number << 11) + (row >>> 5)] as number) >>> (row & 31)) & 1;
      if (best.mayTake(score, updated)) best.take({ score, updated, id: index.ids.at(number * BLOCK_ROWS + row) });
    }
  }
  forgetWeights(values);
  return best.hits;
}

/** What somebody's values add to the score. */
function worthOf(codes: ListColumn<Int32Array<ArrayBuffer>>, row: number): number {
  const [starts, values] = [codes.starts.array, codes.values.array];
  const worths = worth;
  const end = starts[row + 1] as number;
  let sum = 0;
  for (let place = starts[row] as number; place < end; place++) sum += worths[values[place] as number] as number;
  return sum;
}

const UPDATED = NUMBER_FIELDS.indexOf('updated');

/** The hits that come first, of those that it was shown. */
class BestHits {
  readonly hits: HitPlace[] = [];
  /** What a hit must have to come in, once there are enough. */
  private least: HitPlace | undefined;

  constructor(
    private readonly most: number,
    private readonly after: HitPlace | undefined,
  ) {}

  /** Whether it is worth while to make a hit of it. */
  mayTake(score: number, updated: number): boolean {
    const { least } = this;
    return least === undefined || score > least.score || (score === least.score && updated >= least.updated);
  }

  take(hit: HitPlace): void {
    if (this.after && compareHits(hit, this.after) <= 0) return;
    if (this.least && compareHits(hit, this.least) >= 0) return;
    let [low, high] = [0, this.hits.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.hits[middle];
      if (other && compareHits(other, hit) < 0) low = middle + 1;
      else high = middle;
    }
    this.hits.splice(low, 0, hit);
    if (this.hits.length > this.most) this.hits.pop();
    if (this.hits.length === this.most) this.least = this.hits[this.most - 1];
  }
}
