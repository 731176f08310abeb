import type { QueryNode } from '../query/query-tree.js';
import type { SearchDocument } from '../search-document.js';
import type { SearchRequest } from '../search-engine.js';
import { ClauseCache, type ClauseCachePart } from './clause-cache.js';
import { Clauses, keyOf } from './clauses.js';
import { type Counts, countCodes, numberOf } from './facet-counts.js';
import { firstHits, type HitPlace, orderOf, readCursor, scoringOf } from './hit-order.js';
import { deleteIndexFile, type FileState, IndexFile, IndexInUseError, isDamage } from './index-file.js';
import { PageCaches } from './page-caches.js';
import { countRows, type RowSet } from './row-set.js';
import { ShardIndex } from './shard-index.js';
import type { Sliced } from './sliced-work.js';
import { Tidying } from './tidying.js';
import { absenceOf, FIRST_VALUE_CODE, type PackedValues } from './value-dictionary.js';

/** What a shard is to write of a write. */
export interface ShardChanges extends FileState {
  /** Ids repeat nowhere. */
  readonly upserts: readonly SearchDocument[];
  readonly removals: readonly string[];
}

/** How far a shard has come. */
export interface ShardState extends FileState {
  /** It began empty, because its file could not be read. */
  readonly discarded: boolean;
  /** Its file may hold words of somebody who was removed. */
  readonly untidy: boolean;
}

/** What a shard found. */
export interface ShardAnswer {
  readonly total: number;
  /** The hits that come first by relevance, one more than was asked for. `undefined`: there are too many hits to rank, or no words. */
  readonly ranked: readonly HitPlace[] | undefined;
  /** The hits that come first by time, one more than was asked for. */
  readonly newest: readonly HitPlace[];
  /** The counts of each result set that a facet asks for. */
  readonly sets: readonly Counts[];
  /** For each facet of the request: in which set it is counted, and how many of that have no value. */
  readonly facets: readonly { readonly set: number; readonly missing: number }[];
}

/** What the shards of a thread keep in memory together, beside their columns: who was used last has most of it. */
export interface SharedCaches {
  /** What clauses found. */
  readonly clauses: ClauseCache;
  /** Pages of files. */
  readonly pages: PageCaches;
}

/** Caches of so many bytes: half for what clauses found, half for pages. */
export function sharedCaches(bytes: number): SharedCaches {
  return { clauses: new ClauseCache(bytes / 2), pages: new PageCaches(bytes / 2) };
}

/** A part of an index: the documents whose ids fall to it. Knows no threads. */
export class Shard {
  private file!: IndexFile;
  private index!: ShardIndex;
  private clauses!: Clauses;
  private readonly found: ClauseCachePart;
  /** Values from this code on have not been handed out. */
  private nextValue = FIRST_VALUE_CODE;

  private discarded = false;
  private readonly tidying = new Tidying();

  constructor(
    private readonly path: string,
    private readonly caches: SharedCaches,
  ) {
    this.found = caches.clauses.part();
    try {
      this.load();
    } catch (error) {
      if (error instanceof IndexInUseError) throw error;
      this.discard();
    }
  }

  get state(): ShardState {
    return { ...this.file.state(), discarded: this.discarded, untidy: this.file.untidy };
  }

  /** Throws the file away when the error says that it is damaged. @returns Whether it was: the shard is empty then. */
  discardIfDamaged(error: unknown): boolean {
    if (!isDamage(error)) return false;
    this.close();
    this.discard();
    return true;
  }

  /** All of it, or none. */
  write({ upserts, removals, sequence, mark }: ShardChanges): void {
    this.caches.pages.use(this.file);
    try {
      this.file.transaction(() => {
        this.index.write(upserts, removals);
        this.file.setState({ sequence, mark });
        if (removals.length > 0) this.file.untidy = true;
      });
    } catch (error) {
      // What is in memory is ahead of the file now.
      if (!isDamage(error)) {
        this.close();
        this.load();
      }
      throw error;
    }
    if (removals.length > 0) this.tidying.wanted = true;
    if (!this.index.isWorn) return;
    this.index.compact();
    this.found.clear();
  }

  /** Does a part of what can wait until nobody asks. @returns After how many milliseconds there is more to do. */
  tidy(): number | undefined {
    return this.tidying.step(this.index);
  }

  /** The values of the dictionary that no call has answered before. `undefined`: there are none. */
  newValues(): PackedValues | undefined {
    const { dictionary } = this.index;
    const values = dictionary.packedFrom(this.nextValue);
    this.nextValue = dictionary.size;
    return values;
  }

  /** The codes of values that nobody has any more, and that no call has answered before. */
  forgottenValues(): readonly number[] {
    return this.index.takeForgotten();
  }

  /** Nothing may be written before it is done or given up. */
  *search(request: SearchRequest): Sliced<ShardAnswer> {
    this.caches.pages.use(this.file);
    const { query, first, after, facets = [] } = request;
    const rows = yield* this.find(query);
    const total = countRows(rows);
    const place = after === undefined ? undefined : readCursor(request, after);
    const most = first === 0 && !place ? 0 : first + 1;
    // All shards together may have too many hits to rank, where this one has not.
    const ranked = orderOf(request, total) === 'relevance' && most > 0;
    const scoring = ranked ? yield* scoringOf(query, this.clauses) : undefined;
    yield undefined;
    return {
      total,
      ranked: scoring && firstHits(this.index, rows, most, place, scoring),
      newest: firstHits(this.index, rows, most, place, undefined),
      ...(yield* this.count(rows, total, facets)),
    };
  }

  /** Nothing may be written before it is done or given up. */
  *countEach(queries: readonly QueryNode[]): Sliced<readonly number[]> {
    this.caches.pages.use(this.file);
    const counts: number[] = [];
    for (const query of queries) {
      yield query.span;
      counts.push(countRows(yield* this.find(query)));
    }
    return counts;
  }

  close(): void {
    this.found.clear();
    this.caches.pages.remove(this.file);
    this.file.close();
  }

  private discard(): void {
    deleteIndexFile(this.path);
    this.discarded = true;
    this.load();
  }

  private load(): void {
    this.file = IndexFile.open(this.path);
    try {
      this.caches.pages.use(this.file);
      this.index = new ShardIndex(this.file);
    } catch (error) {
      this.caches.pages.remove(this.file);
      this.file.close();
      throw error;
    }
    this.clauses = new Clauses(this.index, this.found);
    this.tidying.wanted = this.file.untidy;
    this.nextValue = FIRST_VALUE_CODE;
  }

  private *find(query: QueryNode): Sliced<RowSet> {
    const { alive } = this.index;
    const found = yield* this.clauses.find(query);
    return alive.map((bits, index) => bits & (found[index] ?? 0));
  }

  private *count(
    rows: RowSet,
    total: number,
    facets: NonNullable<SearchRequest['facets']>,
  ): Sliced<Pick<ShardAnswer, 'sets' | 'facets'>> {
    const places = new Map<string, number>();
    const sets: { rows: RowSet; counted: Counts }[] = [];
    const counted: { set: number; missing: number }[] = [];
    for (const { field, over } of facets) {
      const key = over ? keyOf(over) : '';
      const set = places.get(key) ?? sets.length;
      if (set === sets.length) {
        places.set(key, set);
        const found = over ? yield* this.find(over) : rows;
        yield undefined;
        sets.push({ rows: found, counted: countCodes(this.index, found, over ? countRows(found) : total) });
      }
      counted.push({ set, missing: yield* this.missing(field, sets[set]) });
    }
    return { sets: sets.map((set) => set.counted), facets: counted };
  }

  private *missing(field: string, set: { rows: RowSet; counted: Counts } | undefined): Sliced<number> {
    if (!set) return 0;
    const absence = absenceOf(field);
    if (absence !== undefined) return numberOf(set.counted, absence);
    const existing = yield* this.clauses.find({ kind: 'exists', field });
    return countRows(set.rows.map((bits, index) => bits & ~(existing[index] ?? 0)));
  }
}
