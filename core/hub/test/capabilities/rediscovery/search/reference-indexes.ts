import type { SearchDocument } from '../../../../src/capabilities/rediscovery/search/search-document.js';
import type {
  SearchChanges,
  SearchEngine,
  SearchIndexes,
} from '../../../../src/capabilities/rediscovery/search/search-engine.js';
import { ReferenceEngine } from './reference-engine.ts';

/** An index whose documents can be looked at, and whose writes can be made to fail. */
export class ReferenceIndex extends ReferenceEngine {
  readonly contents = new Map<string, SearchDocument>();
  /** Called before each write: it may throw, or wait. */
  before: (changes: SearchChanges) => Promise<void> | void = () => undefined;
  writes = 0;
  /** How often it was closed. */
  closed = 0;

  override async write(changes: SearchChanges): Promise<void> {
    await this.before(changes);
    await super.write(changes);
    this.writes += 1;
    for (const id of changes.removals ?? []) this.contents.delete(id);
    for (const document of changes.upserts ?? []) this.contents.set(document.id, document);
  }

  override async close(): Promise<void> {
    await super.close();
    this.closed += 1;
  }
}

/** Indexes that outlive their being closed, as files do. */
export class ReferenceIndexes implements SearchIndexes {
  readonly kept = new Map<string, ReferenceIndex>();
  readonly opened: string[] = [];

  async open(name: string): Promise<SearchEngine> {
    this.opened.push(name);
    return this.index(name);
  }

  async remove(name: string): Promise<void> {
    this.kept.delete(name);
  }

  async names(): Promise<readonly string[]> {
    return [...this.kept.keys()];
  }

  /** The index of this name, as it is. */
  index(name: string): ReferenceIndex {
    const index = this.kept.get(name) ?? new ReferenceIndex();
    this.kept.set(name, index);
    return index;
  }
}
