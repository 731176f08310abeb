import type { OrganizationScope } from '../../../../kernel/persistence/organization-scope.js';
import { isReadable, type OutboxPosition, outboxEnd, readOutbox } from '../../outbox.js';
import type { MatchThread } from './match-thread.js';
import type { StoredPerson } from './match-worker.js';

/** Profiles that are read at once. */
const AT_ONCE = 200;

/** Rows of the outbox that are read at once. */
const CHANGES_AT_ONCE = 20;

/** An index that the thread has. */
interface Held {
  readonly generation: number;
  position: OutboxPosition;
  size: number;
  /** A job works with it. */
  inUse: boolean;
  /** It differs from what it was when everything was last known to be decided by it. */
  differs: boolean;
}

/**
 * The indexes of profiles that the thread of this process holds, one per organization that was matched lately. They are caches:
 * another process, or the same one after a restart, reads its own from the profiles, a minute and a half for a million.
 */
export class ProfileIndexes {
  private readonly held = new Map<string, Held>();

  /** @param most Profiles in all indexes together, some 400 bytes each; the index that is in use may be larger. */
  constructor(
    private readonly thread: MatchThread,
    private readonly most: number,
  ) {}

  /**
   * Brings the index of an organization up to date, and keeps it until it is released.
   * @returns Whether anything that is compared differs since this was last acknowledged. One that was just read differs.
   */
  async refresh(scope: OrganizationScope, signal: AbortSignal): Promise<boolean> {
    const { organizationId } = scope;
    const known = this.held.get(organizationId);
    const usable =
      known?.generation === this.thread.generation &&
      (await scope.transaction((tx) => isReadable(tx, 'profile_change', known.position.from)))
        ? known
        : undefined;
    const held = usable ?? (await this.load(scope, signal));
    held.inUse = true;
    await this.follow(scope, held);
    // Those that were used last come last.
    this.held.delete(organizationId);
    this.held.set(organizationId, held);
    await this.makeRoom();
    return held.differs;
  }

  /** Whether no profile was there when the index was last brought up to date. */
  isEmpty(organizationId: string): boolean {
    return this.held.get(organizationId)?.size === 0;
  }

  /** It is stored that what differed has to be looked at. */
  acknowledge(organizationId: string): void {
    const held = this.held.get(organizationId);
    if (held) held.differs = false;
  }

  /** The job has ended. */
  release(organizationId: string): void {
    const held = this.held.get(organizationId);
    if (held) held.inUse = false;
  }

  /** Reads all profiles. What changes meanwhile is in the outbox after the position that was noted before. */
  private async load(scope: OrganizationScope, signal: AbortSignal): Promise<Held> {
    const { organizationId } = scope;
    this.held.delete(organizationId);
    await this.thread.ask({ organizationId, kind: 'begin' });
    const { generation } = this.thread;
    const position = await scope.transaction(outboxEnd);
    let size = 0;
    for (let after: string | undefined = FIRST; after !== undefined; ) {
      signal.throwIfAborted();
      const from: string = after;
      const profiles = await scope.transaction((tx) =>
        tx.rows<StoredPerson>(
          `select p.id, p.data::text as data from talentbridge.profile p
           where ${tx.own('p')} and p.id > $1 order by p.id limit ${AT_ONCE}`,
          [from],
        ),
      );
      if (profiles.length > 0) {
        ({ size } = await this.thread.ask({ organizationId, kind: 'put', profiles, gone: [] }));
      }
      after = profiles.length < AT_ONCE ? undefined : profiles.at(-1)?.id;
    }
    return { generation, position, size, inUse: true, differs: true };
  }

  /** Takes over what changed since. */
  private async follow(scope: OrganizationScope, held: Held): Promise<void> {
    const { organizationId } = scope;
    for (;;) {
      const { ids, next, profiles } = await scope.transaction(async (tx) => {
        const noted = await readOutbox(tx, 'profile_change', held.position, CHANGES_AT_ONCE);
        const changed = [...new Set(noted.changes.flatMap((change) => change.ids))];
        const found = await tx.rows<StoredPerson>(
          `select p.id, p.data::text as data from talentbridge.profile p where ${tx.own('p')} and p.id = any($1::uuid[])`,
          [changed],
        );
        return { ids: changed, next: noted.next, profiles: found };
      });
      if (ids.length > 0) {
        const there = new Set(profiles.map(({ id }) => id));
        const gone = ids.filter((id) => !there.has(id));
        const put = await this.thread.ask({ organizationId, kind: 'put', profiles, gone });
        held.size = put.size;
        held.differs ||= put.differs;
      }
      held.position = next;
      if (ids.length === 0) return;
    }
  }

  private async makeRoom(): Promise<void> {
    let total = [...this.held.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [organizationId, { size, inUse }] of [...this.held]) {
      if (total <= this.most) return;
      if (inUse) continue;
      this.held.delete(organizationId);
      await this.thread.ask({ organizationId, kind: 'drop' });
      total -= size;
    }
  }
}

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';
