import { setImmediate as turn } from 'node:timers/promises';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { ArrayRoom, textArray } from './binary-arrays.js';
import { lookUp, rowsNamed } from './lookups.js';
import {
  APPLICATIONS,
  type ApplicationRow,
  ATTACHMENTS,
  type AttachmentRow,
  CANDIDATES,
  type CandidateRow,
  JOBS,
  type JobRow,
  type MirrorTable,
  type Row,
} from './mirror-tables.js';
import type { MirrorPlace } from './mirror-write.js';

/** A part of a statement, put together when the statement is: encoding its rows is what costs time. */
interface Part {
  readonly sql: (room: ArrayRoom) => string;
  /** Called where it added nothing. Absent: nobody asks. */
  readonly withheld?: () => void;
}

/** By the names of parts that were asked: whether they added anything. */
type Answer = Readonly<Record<string, boolean>>;

/**
 * What is to be written into the tables of a mirror, gathered so that few statements write all of it: each way to the database
 * and back costs a page as much as a table does. While the database works on what was begun, more is looked up and encoded.
 *
 * Rows go in as one binary array a column; as JSON documents they take the database half as much again. The arrays are taken
 * apart side by side in a list of columns: of a table of them, the database would first store each. COPY would need a temporary
 * table, because row-level security lets it into no other. What the mirror does not have is inserted without `on conflict`,
 * which costs a fifth: whoever writes holds the lock under which it was looked up.
 */
export class MirrorRows {
  private readonly parts: Part[] = [];
  private readonly parameters: unknown[] = [];
  /** Statements on their way. */
  private readonly begun: Promise<unknown>[] = [];

  /** @param copied They come from a copy of the ATS's data. */
  constructor(
    private readonly tx: Transaction,
    private readonly place: Pick<MirrorPlace, 'connectionId' | 'mirrored' | 'applicationsAlone'>,
    private readonly copied = false,
  ) {}

  jobs(rows: readonly JobRow[]): void {
    this.add(JOBS, rows);
  }

  candidates(rows: readonly CandidateRow[]): void {
    this.add(CANDIDATES, rows);
  }

  applications(rows: readonly ApplicationRow[]): void {
    this.add(APPLICATIONS, rows);
  }

  attachments(rows: readonly AttachmentRow[]): void {
    this.add(ATTACHMENTS, rows);
  }

  /**
   * Applications of new candidates: all of them, or none where the mirror has one of them already, or another one of these candidates.
   * To look whether it has takes the database as long as to write them. Where none ever came by itself, it could only have one that
   * was somebody else's, and it is not looked for: the statement fails then (`isTakenApplication`).
   * @param candidateIds The ATS's.
   * @param withheld Called, before `write` ends, where it was none.
   */
  applicationsOfNew(rows: readonly ApplicationRow[], candidateIds: readonly string[], withheld: () => void): void {
    if (this.place.applicationsAlone === false) {
      this.applications(rows);
      return;
    }
    const sql = (room: ArrayRoom): string => {
      const known = (column: 'candidate_remote_id' | 'remote_id', ids: readonly string[]): string =>
        `exists (select from ${rowsNamed(this.tx, 'application', column, this.bind(textArray(room, ids)), '$2')} a)`;
      const remoteIds = rows.map(({ application }) => application.remoteId);
      const unlessKnown = `where not ${known('candidate_remote_id', candidateIds)} and not ${known('remote_id', remoteIds)}`;
      return rows.length === 0
        ? `select 1 ${unlessKnown}`
        : `${this.insert(room, APPLICATIONS, rows)} ${unlessKnown} returning 1`;
    };
    this.parts.push({ sql, withheld });
  }

  /**
   * Has a statement run together with the rows. It does not see them.
   * @param statement Is given how to hand over a value: `value => '$7'`.
   */
  also(statement: (bind: (value: unknown) => string) => string): void {
    this.parts.push({ sql: () => statement((value) => this.bind(value)) });
  }

  /** Begins to write what was gathered, after the statements that were sent before, and does not wait for it. */
  async begin(): Promise<void> {
    if (this.parts.length === 0) return;
    // What was sent a moment ago goes out before this process is busy encoding, and so does this before it is busy again.
    await turn();
    const writing = this.send();
    // Whoever waits for all of them hears of it.
    writing.catch(() => undefined);
    this.begun.push(writing);
    await turn();
  }

  /** Writes what was gathered since this was last called, and waits for it. */
  async write(): Promise<void> {
    if (this.parts.length > 0) this.begun.push(this.send());
    // The first one that fails is what is told: those after it fail because of it.
    await Promise.all(this.begun.splice(0));
  }

  private add<Item extends Row>(table: MirrorTable<Item>, rows: readonly Item[]): void {
    const added = rows.filter((row) => !row.replaces);
    const replacing = rows.filter((row) => row.replaces);
    if (added.length > 0) this.parts.push({ sql: (room) => this.insert(room, table, added) });
    if (replacing.length > 0)
      this.parts.push({ sql: (room) => `${this.insert(room, table, replacing)} ${this.orReplace(table)}` });
  }

  private async send(): Promise<void> {
    const room = ArrayRoom.take();
    this.parameters.push(this.tx.organizationId, this.place.connectionId);
    const parts = this.parts.splice(0).map((part, index) => ({ ...part, name: `part_${index}` }));
    const asked = parts.filter(({ withheld }) => withheld !== undefined);
    const answers = asked.map(({ name }) => `exists (select from ${name}) as ${name}`);
    // Named, so that their types are known where no part needs them.
    const sql = `with place as (select $1::uuid, $2::uuid), ${parts.map(({ name, sql }) => `${name} as (${sql(room)})`).join(', ')}
      select ${answers.join(', ')}`;
    const parameters = this.parameters.splice(0);
    const [answer] = await (asked.length === 0
      ? this.tx.preparedRows<Answer>(sql, parameters)
      : lookUp<Answer>(this.tx, this.place.mirrored, sql, parameters));
    room.giveBack();
    for (const { name, withheld } of asked) if (answer?.[name] !== true) withheld?.();
  }

  private insert<Item>(room: ArrayRoom, { name, columns }: MirrorTable<Item>, rows: readonly Item[]): string {
    const names = Object.keys(columns).join(', ');
    const values = Object.entries(columns).map(([column, { as }]) => as ?? `n.${column}`);
    const arrays = Object.entries(columns).map(
      ([column, { type, array }]) => `unnest(${this.bind(array(room, rows))}::${type}[]) as ${column}`,
    );
    return `insert into talentbridge.${name} as was (organization_id, connection_id, copied, ${names})
      select $1, $2, ${this.copied}, ${values.join(', ')} from (select ${arrays.join(', ')}) as n`;
  }

  private orReplace<Item>({ key, columns }: MirrorTable<Item>): string {
    const replaced = Object.keys(columns).filter((column) => column !== 'id' && !key.includes(column));
    return `on conflict (organization_id, connection_id, ${key.join(', ')}) do update
      set ${replaced.map((column) => `${column} = excluded.${column}`).join(', ')}, written_at = now(),
        copied = was.copied and excluded.copied`;
  }

  private bind(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }
}

/** SQLSTATE `unique_violation`. */
const UNIQUE_VIOLATION = '23505';

/** Whether a write failed because an application that came with somebody new is there already. It can be done again, looking first. */
export function isTakenApplication(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === UNIQUE_VIOLATION &&
    'table' in error &&
    error.table === APPLICATIONS.name
  );
}
