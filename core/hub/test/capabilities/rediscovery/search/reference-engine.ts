import { fieldNamed, keyOf, type SearchField } from '../../../../src/capabilities/rediscovery/search/fields.js';
import { DocumentMatcher, isWithin } from '../../../../src/capabilities/rediscovery/search/match-document.js';
import type { QueryNode } from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import type { SearchDocument } from '../../../../src/capabilities/rediscovery/search/search-document.js';
import type {
  FacetAnswer,
  FacetRequest,
  SearchAnswer,
  SearchChanges,
  SearchEngine,
  SearchRequest,
} from '../../../../src/capabilities/rediscovery/search/search-engine.js';
import { InvalidInputError } from '../../../../src/kernel/errors.js';

/** Reads every document for every question: slow, and obviously right. Other engines are compared with it. */
export class ReferenceEngine implements SearchEngine {
  private readonly documents = new Map<string, SearchDocument>();
  private readonly matcher = new DocumentMatcher();

  private writtenMark: string | undefined;

  async write({ upserts = [], removals = [], mark }: SearchChanges): Promise<void> {
    for (const id of removals) this.documents.delete(id);
    for (const document of upserts) this.documents.set(document.id, document);
    this.writtenMark = mark ?? this.writtenMark;
  }

  async mark(): Promise<string | undefined> {
    return this.writtenMark;
  }

  async isTidy(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}

  async search({ query, first, after, facets = [] }: SearchRequest): Promise<SearchAnswer> {
    const found = this.find(query).toSorted(
      (one, other) => latest(other) - latest(one) || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0),
    );
    const following = after === undefined ? found : found.filter((document) => comesAfter(document, after));
    return {
      hits: following
        .slice(0, first)
        .map((document) => ({ id: document.id, cursor: `${latest(document)}/${document.id}` })),
      hasNextPage: following.length > first,
      total: found.length,
      facets: facets.map((facet) => counted(facet, facet.over ? this.find(facet.over) : found)),
      rankedBy: 'updated',
    };
  }

  async countEach(queries: readonly QueryNode[]): Promise<readonly number[]> {
    return queries.map((query) => this.find(query).length);
  }

  /** Whether a query finds a document. */
  matches(query: QueryNode, document: SearchDocument): boolean {
    return this.matcher.matches(query, document);
  }

  private find(query: QueryNode): SearchDocument[] {
    return [...this.documents.values()].filter((document) => this.matches(query, document));
  }
}

/** When a document was updated; who has no such time comes after all who have. */
function latest({ numbers }: SearchDocument): number {
  return Math.max(...(numbers['updated'] ?? []), Number.MIN_SAFE_INTEGER);
}

/** Cursors say where a hit stood, so that the next page follows also when that hit is gone. */
function comesAfter(document: SearchDocument, cursor: string): boolean {
  const [, time, id = ''] = /^(-?\d+)\/(.+)$/s.exec(cursor) ?? [];
  if (time === undefined) {
    throw new InvalidInputError([{ field: 'after', message: 'This is no cursor of this search.' }]);
  }
  const difference = latest(document) - Number(time);
  return difference < 0 || (difference === 0 && document.id > id);
}

function counted({ field: name, top }: FacetRequest, documents: readonly SearchDocument[]): FacetAnswer {
  const field = fieldNamed(name);
  const counts = new Map<string, { label: string; count: number }>();
  let missing = 0;
  for (const document of documents) {
    const values = valuesOf(field, document);
    if (values.size === 0) missing++;
    for (const [key, label] of values) {
      const known = counts.get(key);
      counts.set(key, { label: known?.label ?? label, count: (known?.count ?? 0) + 1 });
    }
  }
  const values = [...counts].map(([key, value]) => ({ key, ...value }));
  values.sort((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1));
  return { field: name, values: values.slice(0, top), distinct: values.length, missing };
}

/** The different values of a document, with a way in which each is written. */
function valuesOf(field: SearchField, document: SearchDocument): Map<string, string> {
  const records = [document, ...document.applications];
  if (field.bands) {
    const numbers = records.flatMap((record) => record.numbers[field.name] ?? []);
    const bands = field.bands.filter((band) => numbers.some((number) => isWithin(number, band)));
    return new Map(bands.map(({ label }) => [label, label]));
  }
  const texts = records.flatMap((record) => record.texts[field.name] ?? []);
  return new Map(texts.map((text): [string, string] => [keyOf(field, text), text]).filter(([key]) => key !== ''));
}
