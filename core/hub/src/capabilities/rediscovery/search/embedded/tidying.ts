import type { ShardIndex } from './shard-index.js';

/** The time between two merges is so many times what the last one took ... */
const REST = 100;
/** ... but not longer, so that an erased person's words are gone within a minute; after a long merge as long as that took. */
const LONGEST_REST_MS = 30_000;

/**
 * Takes what removed documents left behind out of the file, step by step, so that searches come between. That rewrites the whole
 * text index: it takes a hundredth of the time in a small index and half of it in a very large one, however often something is
 * removed.
 */
export class Tidying {
  /** Something was removed since the last merge began. */
  wanted = false;
  private under = false;
  private spent = 0;
  private notBefore = 0;

  /** @returns After how many milliseconds there is more to do. `undefined`: there is nothing. */
  step(index: ShardIndex): number | undefined {
    const start = performance.now();
    const begin = !this.under;
    if (begin && !this.wanted) return undefined;
    if (begin && start < this.notBefore) return this.notBefore - start;
    if (begin) {
      index.file.transaction(() => index.forgetUnused());
      this.wanted = false;
      this.spent = 0;
    }
    this.under = index.file.mergeWords(begin);
    if (!this.under) {
      if (!this.wanted) index.file.untidy = false;
      index.file.checkpoint();
    }
    const end = performance.now();
    this.spent += end - start;
    if (this.under) return 0;
    this.notBefore = end + Math.min(this.spent * REST, Math.max(this.spent, LONGEST_REST_MS));
    return this.wanted ? this.notBefore - end : undefined;
  }
}
