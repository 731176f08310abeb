import type { SearchDocument } from '../../core/hub/dist/capabilities/rediscovery/search/search-document.js';
import type { SearchRequest } from '../../core/hub/dist/capabilities/rediscovery/search/search-engine.js';

/** What another engine answers. */
export interface RivalAnswer {
  /** As the engine measured it itself. */
  readonly ms: number;
  readonly total: number;
  /** By dimension: how many have each of its ten most frequent values, the highest count first. */
  readonly counts: ReadonlyMap<string, readonly number[]>;
}

/** Another engine, which is given the same documents in the same terms. */
export interface Rival extends AsyncDisposable {
  readonly name: string;
  /** Takes a document in, or another version of it; may do so later. */
  upsert(document: SearchDocument): Promise<void>;
  /** All documents are there: makes them searchable. */
  loaded(): Promise<void>;
  /** `undefined`: it cannot ask that without being built for it. */
  search(request: SearchRequest): Promise<RivalAnswer | undefined>;
}
