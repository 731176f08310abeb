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

/**
 * What is to be written into the tables of a mirror, gathered so that one statement writes all of it: each way to the database
 * and back costs a page more than a table does.
 *
 * Rows go in as one binary array a column; as JSON documents they take the database half as much again. COPY would need a
 * temporary table, because row-level security lets it into no other. What the mirror does not have is inserted without
 * `on conflict`, which costs a fifth: whoever writes holds the lock under which it was looked up.
 */
export class MirrorRows {
  private readonly parts: string[] = [];
  private readonly parameters: unknown[];

  /** @param copied They come from a copy of the ATS's data. */
  constructor(
    private readonly tx: Transaction,
    private readonly connectionId: string,
    private readonly copied = false,
  ) {
    this.parameters = [tx.organizationId, connectionId];
  }

  jobs(rows: readonly JobRow[]): void {
    this.add(JOBS, rows);
  }

  candidates(rows: readonly CandidateRow[]): void {
    this.add(CANDIDATES, rows);
  }

  applications(rows: readonly ApplicationRow[]): void {
    this.add(APPLICATIONS, rows);
  }

  attachments(rows: readonly Omit<AttachmentRow, 'replaces'>[]): void {
    // Whether the mirror has a file of somebody new is not looked up.
    this.add(
      ATTACHMENTS,
      rows.map((row) => ({ ...row, replaces: true })),
    );
  }

  /**
   * Has a statement run together with the rows. It does not see them.
   * @param statement Is given how to hand over a value: `value => '$7'`.
   */
  also(statement: (bind: (value: unknown) => string) => string): void {
    this.part(statement((value) => this.bind(value)));
  }

  /** Writes what was gathered since this was last called. */
  async write(): Promise<void> {
    if (this.parts.length === 0) return;
    const parts = this.parts.splice(0);
    const parameters = this.parameters.splice(0);
    this.parameters.push(this.tx.organizationId, this.connectionId);
    // Named, so that their types are known where no part needs them.
    await this.tx.rows(`with place as (select $1::uuid, $2::uuid), ${parts.join(', ')} select`, parameters);
  }

  private add<Item extends Row>(table: MirrorTable<Item>, rows: readonly Item[]): void {
    const added = rows.filter((row) => !row.replaces);
    const replacing = rows.filter((row) => row.replaces);
    if (added.length > 0) this.part(this.insert(table, added));
    if (replacing.length > 0) this.part(`${this.insert(table, replacing)} ${this.orReplace(table)}`);
  }

  private insert<Item>({ name, columns }: MirrorTable<Item>, rows: readonly Item[]): string {
    const names = Object.keys(columns).join(', ');
    const values = Object.entries(columns).map(([column, { as }]) => as ?? `n.${column}`);
    const arrays = Object.values(columns).map(({ type, array }) => `${this.bind(array(rows))}::${type}[]`);
    return `insert into talentbridge.${name} as was (organization_id, connection_id, copied, ${names})
      select $1, $2, ${this.copied}, ${values.join(', ')} from unnest(${arrays.join(', ')}) as n (${names})`;
  }

  private orReplace<Item>({ key, columns }: MirrorTable<Item>): string {
    const replaced = Object.keys(columns).filter((column) => column !== 'id' && !key.includes(column));
    return `on conflict (organization_id, connection_id, ${key.join(', ')}) do update
      set ${replaced.map((column) => `${column} = excluded.${column}`).join(', ')}, written_at = now(),
        copied = was.copied and excluded.copied`;
  }

  private part(statement: string): void {
    this.parts.push(`part_${this.parts.length} as (${statement})`);
  }

  private bind(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }
}
