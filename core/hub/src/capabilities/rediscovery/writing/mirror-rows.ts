import { setImmediate as turn } from 'node:timers/promises';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
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

/** A part of a statement, put together when the statement is: encoding its rows is what costs time. */
type Part = () => string;

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
    private readonly connectionId: string,
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
   * Has a statement run together with the rows. It does not see them.
   * @param statement Is given how to hand over a value: `value => '$7'`.
   */
  also(statement: (bind: (value: unknown) => string) => string): void {
    this.parts.push(() => statement((value) => this.bind(value)));
  }

  /** Begins to write what was gathered, after the statements that were sent before, and does not wait for it. */
  async begin(): Promise<void> {
    if (this.parts.length === 0) return;
    // What was sent a moment ago goes out before this process is busy encoding, and so does this before it is busy again.
    await turn();
    const writing = this.tx.preparedRows(...this.statement());
    // Whoever waits for all of them hears of it.
    writing.catch(() => undefined);
    this.begun.push(writing);
    await turn();
  }

  /** Writes what was gathered since this was last called, and waits for it. */
  async write(): Promise<void> {
    if (this.parts.length > 0) this.begun.push(this.tx.preparedRows(...this.statement()));
    // The first one that fails is what is told: those after it fail because of it.
    await Promise.all(this.begun.splice(0));
  }

  private add<Item extends Row>(table: MirrorTable<Item>, rows: readonly Item[]): void {
    const added = rows.filter((row) => !row.replaces);
    const replacing = rows.filter((row) => row.replaces);
    if (added.length > 0) this.parts.push(() => this.insert(table, added));
    if (replacing.length > 0) this.parts.push(() => `${this.insert(table, replacing)} ${this.orReplace(table)}`);
  }

  private statement(): [sql: string, parameters: readonly unknown[]] {
    this.parameters.push(this.tx.organizationId, this.connectionId);
    const parts = this.parts.splice(0).map((part, index) => `part_${index} as (${part()})`);
    // Named, so that their types are known where no part needs them.
    return [`with place as (select $1::uuid, $2::uuid), ${parts.join(', ')} select`, this.parameters.splice(0)];
  }

  private insert<Item>({ name, columns }: MirrorTable<Item>, rows: readonly Item[]): string {
    const names = Object.keys(columns).join(', ');
    const values = Object.entries(columns).map(([column, { as }]) => as ?? `n.${column}`);
    const arrays = Object.entries(columns).map(
      ([column, { type, array }]) => `unnest(${this.bind(array(rows))}::${type}[]) as ${column}`,
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
