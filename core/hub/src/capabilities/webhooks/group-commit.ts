/** What a `GroupCommit` keeps to. */
export interface GroupCommitLimits {
  /** Transactions at once. */
  readonly mostAtOnce: number;
  /** Of these, for one organization. */
  readonly mostOfOne: number;
  /** Items in one transaction. */
  readonly mostTogether: number;
  /** Items that wait in this process; more are refused at once. */
  readonly mostWaiting: number;
}

/** So much waits already that another item would only wait in vain. */
export class TooManyWaitingError extends Error {
  override readonly name = 'TooManyWaitingError';
}

interface Waiting<Item> {
  readonly item: Item;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes items of several organizations, those of one organization together: a batch is what arrived while the commits
 * before it ran, so that nobody waits for a batch to fill, and the busier it is the fewer commits there are for each item.
 */
export class GroupCommit<Item> {
  private readonly queues = new Map<string, Waiting<Item>[]>();
  /** Transactions under way, by organization. */
  private readonly writing = new Map<string, number>();
  private atOnce = 0;
  private waiting = 0;

  /** @param write Commits all of these items, or none and throws. */
  constructor(
    private readonly write: (organizationId: string, items: readonly Item[]) => Promise<void>,
    private readonly limits: GroupCommitLimits = {
      mostAtOnce: 4,
      // While one waits for the disk, the next is on its way.
      mostOfOne: 2,
      mostTogether: 500,
      mostWaiting: 10_000,
    },
  ) {}

  /**
   * Resolves once the item is committed.
   * @throws TooManyWaitingError
   */
  add(organizationId: string, item: Item): Promise<void> {
    if (this.waiting >= this.limits.mostWaiting) return Promise.reject(new TooManyWaitingError());
    return new Promise((written, failed) => {
      const queue = this.queues.get(organizationId);
      const waiting = { item, written, failed };
      if (queue) queue.push(waiting);
      else this.queues.set(organizationId, [waiting]);
      this.waiting += 1;
      this.begin();
    });
  }

  private begin(): void {
    for (const [organizationId, queue] of this.queues) {
      if (this.atOnce >= this.limits.mostAtOnce) return;
      const under = this.writing.get(organizationId) ?? 0;
      if (under >= this.limits.mostOfOne) continue;
      const batch = queue.splice(0, this.limits.mostTogether);
      this.queues.delete(organizationId);
      // What is left stands at the end: the others have their turn first.
      if (queue.length > 0) this.queues.set(organizationId, queue);
      this.waiting -= batch.length;
      this.writing.set(organizationId, under + 1);
      this.atOnce += 1;
      void this.commit(organizationId, batch);
    }
  }

  private async commit(organizationId: string, batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.write(
        organizationId,
        batch.map(({ item }) => item),
      );
      for (const { written } of batch) written();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    } finally {
      const left = (this.writing.get(organizationId) ?? 1) - 1;
      if (left > 0) this.writing.set(organizationId, left);
      else this.writing.delete(organizationId);
      this.atOnce -= 1;
      this.begin();
    }
  }
}
