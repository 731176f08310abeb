import { EXPORT_TOPIC, type ExportRecord, type Hub, NotFoundError, type OrganizationScope } from '@talentbridge/hub';

/** A front end that draws a progress bar sees no more than this; the last state always comes. */
const SHORTEST_INTERVAL_MS = 100;

/**
 * An export at once, then after each change, until it has ended. Several changes that come close together are one.
 * Everything is read anew through `scope`, which may be closed between two events.
 * @throws NotFoundError
 */
export async function exportChanges(
  hub: Hub,
  scope: OrganizationScope,
  id: string,
): Promise<AsyncIterable<ExportRecord>> {
  // Listening begins before the first look, so that nothing falls between the two.
  const changes = hub.notifications.of(scope.organizationId, EXPORT_TOPIC, id);
  const first = await hub.exportHistory.get(scope, id).catch(async (error: unknown) => {
    await changes.return?.();
    throw error;
  });
  if (!first) {
    await changes.return?.();
    throw new NotFoundError('export', id);
  }
  return new ExportChanges(changes, () => hub.exportHistory.get(scope, id), first);
}

/** Not an async generator: that would keep `return` waiting for the next change. */
class ExportChanges implements AsyncIterableIterator<ExportRecord, void, undefined> {
  private shown: ExportRecord | undefined;
  private shownAt = 0;
  private ended = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly changes: AsyncIterableIterator<void, void, undefined>,
    private readonly read: () => Promise<ExportRecord | undefined>,
    private readonly first: ExportRecord,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExportRecord, void>> {
    if (!this.shown) return this.show(this.first);
    if (hasEnded(this.shown)) return this.return();
    const { done } = await this.changes.next();
    if (!done) await this.pause(this.shownAt + SHORTEST_INTERVAL_MS - Date.now());
    const record = done || this.ended ? undefined : await this.read();
    return record ? this.show(record) : this.return();
  }

  async return(): Promise<IteratorReturnResult<void>> {
    this.ended = true;
    this.wake();
    await this.changes.return?.();
    return { done: true, value: undefined };
  }

  private show(record: ExportRecord): IteratorYieldResult<ExportRecord> {
    this.shown = record;
    this.shownAt = Date.now();
    return { done: false, value: record };
  }

  private async pause(milliseconds: number): Promise<void> {
    if (milliseconds <= 0 || this.ended) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
  }
}

function hasEnded({ status }: ExportRecord): boolean {
  return status === 'COMPLETE' || status === 'STOPPED';
}
