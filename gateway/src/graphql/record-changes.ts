import { type Hub, NotFoundError, type OrganizationScope } from '@talentbridge/hub';

/** A front end that draws a progress bar sees no more than this; the last state always comes. */
const SHORTEST_INTERVAL_MS = 100;

/** The kinds of work that go on by themselves, and how one of a kind is followed. */
export interface FollowedRecords<Followed> {
  /** Under which the hub announces changes. */
  readonly topic: string;
  /** "export": for the error when there is none. */
  readonly recordType: string;
  read(scope: OrganizationScope, id: string): Promise<Followed | undefined>;
  hasEnded(record: Followed): boolean;
}

/**
 * A record at once, then after each change, until it has ended. Several changes that come close together are one.
 * Everything is read anew through `scope`, which may be closed between two events.
 * @throws NotFoundError
 */
export async function recordChanges<Followed>(
  { notifications }: Pick<Hub, 'notifications'>,
  scope: OrganizationScope,
  records: FollowedRecords<Followed>,
  id: string,
): Promise<AsyncIterable<Followed>> {
  // Listening begins before the first look, so that nothing falls between the two.
  const changes = notifications.of(scope.organizationId, records.topic, id);
  const first = await records.read(scope, id).catch(async (error: unknown) => {
    await changes.return?.();
    throw error;
  });
  if (first === undefined) {
    await changes.return?.();
    throw new NotFoundError(records.recordType, id);
  }
  return new RecordChanges(changes, () => records.read(scope, id), records.hasEnded, first);
}

/** The same for records of one kind: how `exportChanges` and its like are made. @throws NotFoundError */
export function changesOf<Followed>(
  records: (hub: Hub) => FollowedRecords<Followed>,
): (hub: Hub, scope: OrganizationScope, id: string) => Promise<AsyncIterable<Followed>> {
  return (hub, scope, id) => recordChanges(hub, scope, records(hub), id);
}

/** Not an async generator: that would keep `return` waiting for the next change. */
class RecordChanges<Followed> implements AsyncIterableIterator<Followed, void, undefined> {
  private shown: { readonly record: Followed } | undefined;
  private shownAt = 0;
  private ended = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly changes: AsyncIterableIterator<void, void, undefined>,
    private readonly read: () => Promise<Followed | undefined>,
    private readonly hasEnded: (record: Followed) => boolean,
    private readonly first: Followed,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Followed, void>> {
    if (!this.shown) return this.show(this.first);
    if (this.hasEnded(this.shown.record)) return this.return();
    const { done } = await this.changes.next();
    if (!done) await this.pause(this.shownAt + SHORTEST_INTERVAL_MS - Date.now());
    const record = done || this.ended ? undefined : await this.read();
    return record === undefined ? this.return() : this.show(record);
  }

  async return(): Promise<IteratorReturnResult<void>> {
    this.ended = true;
    this.wake();
    await this.changes.return?.();
    return { done: true, value: undefined };
  }

  private show(record: Followed): IteratorYieldResult<Followed> {
    this.shown = { record };
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
