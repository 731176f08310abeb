import { type Hub, NEW_APPLICATIONS_TOPIC, type NewApplication, type OrganizationScope } from '@talentbridge/hub';

/** What is told of in one transaction may become visible after what is told of later: so far back it is looked for again. */
const OVERLAP_MS = 60_000;

/**
 * Applications as they come in, each once. Everything is read through `scope`, which may be closed between two events.
 * @param since Those too that were told of after this time. Absent: those from now on.
 */
export async function newApplicationEvents(
  { notifications, systemConnect }: Pick<Hub, 'notifications' | 'systemConnect'>,
  scope: OrganizationScope,
  since?: Date,
): Promise<AsyncIterable<NewApplication>> {
  // Listening begins before the first look, so that nothing falls between the two.
  const changes = notifications.of(scope.organizationId, NEW_APPLICATIONS_TOPIC, scope.organizationId);
  const events = new NewApplicationEvents(changes, (from) => systemConnect.newApplications(scope, from));
  try {
    await events.look(since ?? new Date(Date.now() - OVERLAP_MS));
    if (since === undefined) events.passOver();
    return events;
  } catch (error) {
    await events.return();
    throw error;
  }
}

/** Not an async generator: that would keep `return` waiting for the next change. */
class NewApplicationEvents implements AsyncIterableIterator<NewApplication, void, undefined> {
  private ready: NewApplication[] = [];
  /** When those were told of that may be read once more. */
  private told = new Map<string, Date>();
  private last = new Date();

  constructor(
    private readonly changes: AsyncIterableIterator<void, void, undefined>,
    private readonly read: (since: Date) => Promise<readonly NewApplication[]>,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<NewApplication, void>> {
    for (;;) {
      const application = this.ready.shift();
      if (application) return { done: false, value: application };
      const { done } = await this.changes.next();
      if (done) return { done: true, value: undefined };
      await this.look(this.overlapBegin);
    }
  }

  async return(): Promise<IteratorReturnResult<void>> {
    this.passOver();
    await this.changes.return?.();
    return { done: true, value: undefined };
  }

  /** Reads what was told of since a time, page by page. */
  async look(since: Date): Promise<void> {
    let from = since;
    for (;;) {
      const found = await this.read(from);
      const newest = found.at(-1);
      if (!newest) break;
      this.ready.push(...found.filter(({ id }) => !this.told.has(id)));
      for (const { id, toldAt } of found) this.told.set(id, toldAt);
      from = this.last = newest.toldAt;
    }
    this.told = new Map([...this.told].filter(([, toldAt]) => toldAt > this.overlapBegin));
  }

  /** Leaves out what is ready. */
  passOver(): void {
    this.ready = [];
  }

  private get overlapBegin(): Date {
    return new Date(this.last.getTime() - OVERLAP_MS);
  }
}
