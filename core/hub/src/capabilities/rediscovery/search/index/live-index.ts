import type { Logger } from 'pino';
import type { OrganizationScope } from '../../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import { isReadable, type Outbox, type OutboxPosition, outboxEnd, readOutbox } from '../../outbox.js';
import type { QueryNode } from '../query/query-tree.js';
import type { SearchChanges, SearchEngine } from '../search-engine.js';
import { type IndexMark, readMark, writeMark } from './index-mark.js';
import { AFTER_ALL, BEFORE_ALL, type IndexedPeople } from './indexed-people.js';

/** How far the first writing of an index is. */
export interface IndexingProgress {
  readonly done: number;
  readonly total: number;
}

/** What `LiveIndex` works with. */
export interface LiveIndexParts {
  readonly people: IndexedPeople;
  readonly engine: SearchEngine;
  /** Opens the hub for the organization; each is closed after its work. */
  readonly openScope: () => OrganizationScope;
  readonly logger: Logger;
  /** How often changes are looked for that nobody announced, in milliseconds. */
  readonly pollMs: number;
}

/** Documents in one write: few enough that handing them over holds nobody up. */
const AT_ONCE = 125;

/** Records that are written for the first time before changes are looked for again. */
const FILLED_AT_ONCE = 1_000;

/** Records that are looked for in one query, to find out who is gone. */
const SWEPT_AT_ONCE = 1_000;

/** Rows of an outbox in one look; each names up to some hundred records. */
const CHANGES_AT_ONCE = 20;

/** Hits that are asked for at once, as many as an engine gives. */
const PAGE = 200;

/** How long an index that nothing is written to may keep its old mark: less than what outboxes keep, by far. */
const SAVE_MARK_EVERY_MS = 300_000;

/** After an error, the next try is this much later, then twice as much. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** So many failures one after the other, and a single record may be the cause. */
const CAREFUL_AFTER = 3;

/**
 * Keeps one index as the tables are, while it is searched. All changes come down to ids whose documents are made again: who is not in
 * the tables any more is removed. So nothing depends on the order in which changes are read, and what is written twice does no harm.
 *
 * An index that is new is filled from the tables, the newest records first, and takes part in changes meanwhile. So is one that was
 * closed for longer than changes are kept: it is written over in place, after whoever is not in the tables has been taken out, and
 * goes on serving. The mark says in each write how far that is, so that a crash anywhere costs one batch.
 */
export class LiveIndex {
  readonly engine: SearchEngine;
  private mark: IndexMark | undefined;
  /** What of the mark the index has. */
  private saved = '';
  private savedAt = 0;
  /** Until it is known what the index lacks, it is not said to hold everything. */
  private progress: IndexingProgress | undefined = { done: 0, total: 0 };
  /** The last tries failed, perhaps because of one record: they are written one by one. */
  private careful = false;
  private wake: () => void = () => undefined;
  private woken = false;
  private stopped = false;
  private isTidy = false;
  private readonly running: Promise<void>;
  private caughtUp: () => void = () => undefined;
  /** Everything that was there when it was opened is written, or it cannot be at the moment. */
  readonly current = new Promise<void>((resolve) => {
    this.caughtUp = resolve;
  });

  constructor(private readonly parts: LiveIndexParts) {
    this.engine = parts.engine;
    this.running = this.run();
  }

  /** How far the index is from holding everything. `undefined`: it holds everything. */
  get indexing(): IndexingProgress | undefined {
    return this.progress;
  }

  /** Once it is closed: up to where of the outboxes nothing is left of whoever is gone. `undefined`: nobody knows. */
  get followed(): IndexMark['at'] | undefined {
    return this.mark?.sweeping || !this.isTidy ? undefined : this.mark?.at;
  }

  /** Something has changed: look now. */
  look(): void {
    this.woken = true;
    this.wake();
  }

  /** Ends the work, after the write that is under way. */
  async close(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
    this.isTidy = await this.engine.isTidy().catch(() => false);
    await this.engine.close();
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopped; ) {
      try {
        const idle = await this.work();
        failures = 0;
        this.careful = false;
        if (idle) {
          this.caughtUp();
          await this.pause(this.parts.pollMs);
        }
      } catch (error) {
        failures += 1;
        this.careful = failures >= CAREFUL_AFTER;
        // What is wrong may quote a document.
        const name = error instanceof Error ? error.name : 'unknown';
        this.parts.logger.warn(
          { index: this.parts.people.name, error: name, failures },
          'a search index was not written',
        );
        this.caughtUp();
        await this.pause(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)), { deaf: true });
      }
    }
    this.caughtUp();
    await this.saveMark().catch(() => undefined);
  }

  /** Does one piece of what there is to do. @returns Whether there is nothing more at the moment. */
  private async work(): Promise<boolean> {
    this.woken = false;
    const mark = this.mark ?? (await this.begin());
    this.mark = mark;
    const more = await this.followChanges(mark);
    if (this.mark.sweeping) await this.sweep(this.mark);
    else if (this.mark.filledFrom !== undefined) await this.fill(this.mark, this.mark.filledFrom);
    else if (!more) {
      if (Date.now() - this.savedAt > SAVE_MARK_EVERY_MS) await this.saveMark();
      return true;
    }
    return false;
  }

  /** Where the writing goes on: at the mark of the index, or from the start. */
  private async begin(): Promise<IndexMark> {
    const text = await this.engine.mark();
    const mark = readMark(text);
    const { people } = this.parts;
    return this.read(async (tx) => {
      let readable = mark !== undefined;
      for (const outbox of people.outboxes) {
        const position = mark?.at[outbox];
        readable &&= position !== undefined && (await isReadable(tx, outbox, position.from));
      }
      const from = readable && mark ? mark : await this.fromTheStart(tx, text !== undefined);
      this.saved = readable ? (text ?? '') : '';
      this.savedAt = Date.now();
      if (from.filledFrom === undefined && !from.sweeping) this.progress = undefined;
      else {
        const done = from.filledFrom === undefined ? 0 : await people.countFrom(tx, from.filledFrom);
        this.progress = { done, total: await people.countFrom(tx, BEFORE_ALL) };
      }
      return from;
    });
  }

  private async fromTheStart(tx: Transaction, used: boolean): Promise<IndexMark> {
    const end = await outboxEnd(tx);
    const at = Object.fromEntries(this.parts.people.outboxes.map((outbox) => [outbox, end]));
    return { at, ...(used ? { sweeping: true } : {}), filledFrom: AFTER_ALL };
  }

  /** Writes what changed since. @returns Whether there is more. */
  private async followChanges(mark: IndexMark): Promise<boolean> {
    const at: Partial<Record<Outbox, OutboxPosition>> = { ...mark.at };
    const ids = new Set<string>();
    const queries: QueryNode[] = [];
    let anyMore = false;
    for (const outbox of this.parts.people.outboxes) {
      const position = at[outbox];
      if (!position) continue;
      await this.read(async (tx) => {
        const noted = await readOutbox(tx, outbox, position, CHANGES_AT_ONCE);
        at[outbox] = noted.next;
        anyMore ||= noted.more;
        if (noted.changes.length === 0) return;
        const touched = await this.parts.people.touched(tx, outbox, noted.changes);
        for (const id of touched.ids) ids.add(id);
        queries.push(...touched.queries);
      });
    }
    for (const query of queries) for (const id of await this.found(query)) ids.add(id);
    // The mark moves with the last of them: a crash before that writes all of them again.
    const written = await this.writeAgain([...ids], (_last, left) => (left === 0 ? { ...mark, at } : undefined));
    if (!written) return false;
    this.mark = { ...mark, at };
    return anyMore;
  }

  /** Takes out whoever is not in the tables. What is there is written anew afterwards. */
  private async sweep(mark: IndexMark): Promise<void> {
    const { sweeping: _, ...swept } = mark;
    const ids = await this.found({ kind: 'all' });
    for (let start = 0; start < ids.length; start += SWEPT_AT_ONCE) {
      if (this.stopped) return;
      const some = ids.slice(start, start + SWEPT_AT_ONCE);
      const there = await this.read((tx) => this.parts.people.existing(tx, some));
      const removals = some.filter((id) => !there.has(id));
      if (removals.length > 0) await this.write({ removals });
    }
    await this.write({}, swept);
  }

  /** Writes the next records before an id. */
  private async fill(mark: IndexMark, before: string): Promise<void> {
    const ids = await this.read((tx) => this.parts.people.idsBefore(tx, before, FILLED_AT_ONCE));
    const { filledFrom: _, ...filled } = mark;
    const ended = ids.length < FILLED_AT_ONCE;
    if (ids.length === 0) await this.write({}, filled);
    const doneBefore = this.progress?.done ?? 0;
    await this.writeAgain(
      ids,
      (last, left) => (ended && left === 0 ? filled : { ...mark, filledFrom: last }),
      (left) => {
        const done = doneBefore + ids.length - left;
        this.progress = { done, total: Math.max(done, this.progress?.total ?? 0) };
      },
    );
    if (this.mark?.filledFrom === undefined) this.progress = undefined;
  }

  /**
   * Makes the documents of these ids again and writes them, in batches. Who is not there any more is removed. While one batch is
   * written the next is read: so no change is looked for in between, which would then be written over by what was read before.
   * @param markAfter What the index says once it has everything up to this id, and so many are left.
   * @param written Called after each batch.
   * @returns `false`: it was stopped before it was done.
   */
  private async writeAgain(
    ids: readonly string[],
    markAfter: (last: string, left: number) => IndexMark | undefined,
    written: (left: number) => void = () => undefined,
  ): Promise<boolean> {
    if (this.careful && ids.length > 0) {
      if (!(await this.writeOneByOne(ids, markAfter(ids.at(-1) ?? '', 0)))) return false;
      written(0);
      return true;
    }
    let reading = this.changesOf(ids.slice(0, AT_ONCE));
    for (let end = AT_ONCE; end - AT_ONCE < ids.length; end += AT_ONCE) {
      const changes = await reading;
      reading = this.changesOf(ids.slice(end, end + AT_ONCE));
      // Where writing fails nobody waits for it.
      reading.catch(() => undefined);
      if (this.stopped) return false;
      const left = Math.max(0, ids.length - end);
      await this.write(changes, markAfter(ids[Math.min(end, ids.length) - 1] ?? '', left));
      written(left);
    }
    return true;
  }

  /**
   * Writes each by itself, and takes whoever cannot be written out of the index, so that nobody else waits for them. They are tried again
   * when they change.
   * @returns `false`: it was stopped before it was done.
   */
  private async writeOneByOne(ids: readonly string[], mark: IndexMark | undefined): Promise<boolean> {
    const refused: string[] = [];
    let failure: unknown;
    for (const id of ids) {
      if (this.stopped) return false;
      try {
        await this.write(await this.changesOf([id]));
      } catch (error) {
        refused.push(id);
        failure = error;
      }
    }
    // Where nobody can be written it is no single record's fault.
    if (refused.length === ids.length && ids.length > 1) throw failure;
    await this.write({ removals: refused }, mark);
    if (refused.length > 0) {
      this.parts.logger.error(
        { index: this.parts.people.name, ids: refused },
        'records cannot be indexed and are found by no search until they change',
      );
    }
    return true;
  }

  private async changesOf(ids: readonly string[]): Promise<SearchChanges> {
    const upserts = ids.length === 0 ? [] : await this.read((tx) => this.parts.people.documents(tx, ids));
    const there = new Set(upserts.map(({ id }) => id));
    return { upserts, removals: ids.filter((id) => !there.has(id)) };
  }

  private async write(changes: SearchChanges, mark?: IndexMark): Promise<void> {
    const text = mark && writeMark(mark);
    await this.engine.write({ ...changes, ...(text === undefined ? {} : { mark: text }) });
    if (mark === undefined || text === undefined) return;
    this.mark = mark;
    this.saved = text;
    this.savedAt = Date.now();
  }

  private async saveMark(): Promise<void> {
    if (this.mark && writeMark(this.mark) !== this.saved) await this.write({}, this.mark);
  }

  /** The ids of all that a query finds. */
  private async found(query: QueryNode): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let after: string | undefined; ; ) {
      const { hits, hasNextPage } = await this.engine.search({
        query,
        order: 'updated',
        first: PAGE,
        urgent: true,
        ...(after === undefined ? {} : { after }),
      });
      ids.push(...hits.map(({ id }) => id));
      after = hits.at(-1)?.cursor;
      if (!hasNextPage || after === undefined) return ids;
    }
  }

  private async read<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    await using scope = this.parts.openScope();
    return await scope.read(work);
  }

  /** @param deaf Also when something changes meanwhile. */
  private async pause(ms: number, { deaf = false }: { readonly deaf?: boolean } = {}): Promise<void> {
    if (this.stopped || (this.woken && !deaf)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.wake = () => {
        if (deaf && !this.stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }
}
