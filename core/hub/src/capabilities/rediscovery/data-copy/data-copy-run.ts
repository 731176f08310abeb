import { isHubError, type OpenConnection, type RediscoveryCapability } from '@talentbridge/contracts';
import { callContext } from '../../../kernel/call-context.js';
import { FileMissingError, type FileStore } from '../../../kernel/files/file-store.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import { copiedRows, type RefusedLine, turnOf } from './copied-rows.js';
import { type CopyLine, openCopyCsv } from './copy-csv.js';
import type { DataCopyLedger, TableFile, TakenCopy } from './data-copy-ledger.js';

/** Rows in one transaction: enough for speed, few enough to do again. */
const ROWS_AT_ONCE = 500;
/** Characters of them, for rows that are large. */
const CHARACTERS_AT_ONCE = 4_000_000;
const CALL_LIMIT_MS = 60_000;
/** After so many transactions the worker is given back, so that one large copy does not keep it from everybody else. */
const MOST_AT_A_STRETCH = 400;

/** What an import is read with. */
export interface DataCopyRunParts {
  readonly ledger: DataCopyLedger;
  readonly files: FileStore;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
}

/** How reading ended. */
export type DataCopyRunEnd =
  | 'COMPLETE'
  /** There is more, and the worker is given back. */
  | 'MORE'
  /** Somebody else has it, or it was ended. */
  | 'HALTED'
  | { readonly failed: string };

type TableEnd = Exclude<DataCopyRunEnd, 'COMPLETE'> | 'READ';

/** Reads the tables of one import, from where they were left to their ends. */
export class DataCopyRun {
  private batches = 0;

  constructor(
    private readonly parts: DataCopyRunParts,
    private readonly scope: OrganizationScope,
    private readonly copy: TakenCopy,
  ) {}

  /** @throws Error of the database; whoever runs it again goes on where it was. */
  async run(signal: AbortSignal): Promise<DataCopyRunEnd> {
    try {
      const connection = await this.parts.opener.open(this.scope, this.copy.connectionId);
      const capability = connection.capability('rediscovery');
      if (!capability?.readCopyRows) return { failed: 'The plugin of this connection reads no data copies any more.' };
      for (;;) {
        const file = await this.parts.ledger.nextTable(this.scope, this.copy);
        if (!file) return (await this.parts.ledger.complete(this.scope, this.copy)) ? 'COMPLETE' : 'HALTED';
        const end = await this.readTable(file, capability, signal);
        if (end !== 'READ') return end;
      }
    } catch (error) {
      if (error instanceof FileMissingError) {
        return { failed: 'A file of this import is not in the file store any more. Make a new one, and upload again.' };
      }
      if (isHubError(error)) return { failed: error.message };
      throw error;
    }
  }

  private async readTable(file: TableFile, capability: RediscoveryCapability, signal: AbortSignal): Promise<TableEnd> {
    const csv = await openCopyCsv(await this.parts.files.read(file.key), file.line);
    if ('unreadable' in csv) return { failed: csv.unreadable };
    // Nothing is read on while a batch is being written: the file waits for the database.
    let batch = new Batch();
    for await (const line of csv.rows) {
      batch.add(line);
      if (!batch.isFull) continue;
      const end = await this.write(file, csv.columns, batch, capability);
      if (end !== 'WRITTEN') return end;
      batch = new Batch();
      this.batches += 1;
      if (signal.aborted || this.batches >= MOST_AT_A_STRETCH) return 'MORE';
    }
    const end = batch.isEmpty ? 'WRITTEN' : await this.write(file, csv.columns, batch, capability);
    if (end !== 'WRITTEN') return end;
    return (await this.parts.ledger.close(this.scope, this.copy, file)) ? 'READ' : 'HALTED';
  }

  private async write(
    file: TableFile,
    columns: readonly string[],
    { lines, refused, last }: Batch,
    capability: RediscoveryCapability,
  ): Promise<TableEnd | 'WRITTEN'> {
    const { ledger } = this.parts;
    const answers =
      lines.length === 0
        ? []
        : await capability.readCopyRows?.(callContext('work', CALL_LIMIT_MS), {
            table: file.table.name,
            columns,
            rows: lines.map(({ cells }) => cells),
          });
    if (!Array.isArray(answers) || answers.length !== lines.length) {
      return { failed: 'The plugin did not answer once for each row. This is a fault of the plugin.' };
    }
    const turn = turnOf(answers);
    if (turn > file.turn) return (await ledger.postpone(this.scope, this.copy, file, turn)) ? 'READ' : 'HALTED';
    const rows = copiedRows(lines.map(({ line, cells }, at) => ({ line, cells, row: answers[at] })));
    return (await ledger.save(this.scope, this.copy, file, { rows, refused, line: last })) ? 'WRITTEN' : 'HALTED';
  }
}

/** Rows that are written together. */
class Batch {
  readonly lines: Extract<CopyLine, { readonly ok: true }>[] = [];
  readonly refused: RefusedLine[] = [];
  last = 0;
  private characters = 0;

  add(line: CopyLine): void {
    if (line.ok) this.lines.push(line);
    else this.refused.push(line);
    this.last = line.line;
    for (const cell of line.cells) this.characters += cell.length;
  }

  get isEmpty(): boolean {
    return this.last === 0;
  }

  get isFull(): boolean {
    return this.lines.length + this.refused.length >= ROWS_AT_ONCE || this.characters >= CHARACTERS_AT_ONCE;
  }
}
