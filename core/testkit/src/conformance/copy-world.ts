import type { CopyHeader, CopyRow, CopyTable, RediscoveryCapability } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { type CheckWorld, NotConcerned } from './check.js';
import { MirrorWorld } from './mirror-world.js';
import type { SimulatedDataCopy, SimulatedRediscovery } from './simulated-account.js';
import type { PluginConnection } from './start-connection.js';

/** Enough for several of everything. */
const PEOPLE = 12;

/** A table of a copy, and what the plugin calls it. */
export type ReadableTable = SimulatedDataCopy['tables'][number] & { readonly name: string };

/** What a check of data copies works with: a world with some people in it, and a copy of them. */
export class CopyWorld {
  readonly vendor: SimulatedRediscovery;
  readonly #copy: SimulatedDataCopy;
  readonly #connection: PluginConnection;
  readonly #rediscovery: RediscoveryCapability;

  constructor(readonly world: CheckWorld) {
    const { vendor, rediscovery, connection } = new MirrorWorld(world);
    const { readCopyHeader, readCopyRows } = rediscovery;
    expect(readCopyRows === undefined, 'whether rows are read goes with whether headers are').toBe(
      readCopyHeader === undefined,
    );
    if (!readCopyHeader) throw new NotConcerned('The ATS makes no copies of its data.');
    if (!vendor.dataCopy) throw new Error('The plugin reads data copies: its subject must describe `dataCopy`.');
    vendor.populate(PEOPLE);
    this.vendor = vendor;
    this.#copy = vendor.dataCopy();
    this.#connection = connection;
    this.#rediscovery = rediscovery;
  }

  /** Where files lie in the copy. */
  get paths(): readonly string[] {
    return this.#copy.paths;
  }

  /** Every table of the copy; each must be readable, and have rows. */
  async tables(): Promise<readonly ReadableTable[]> {
    const tables: ReadableTable[] = [];
    for (const table of this.#copy.tables) {
      expect(table.rows, `rows of ${table.filename}`).not.toHaveLength(0);
      const read = await this.header(table);
      if (read.kind === 'unreadable') throw new Error(`${table.filename} is unreadable: ${read.reason}`);
      tables.push({ ...table, name: read.name });
    }
    expect(tables, 'the subject has a copy with something in it').not.toHaveLength(0);
    return tables;
  }

  /** What the plugin makes of a header. */
  async header({ filename, columns }: CopyHeader): Promise<CopyTable> {
    const read = await this.#rediscovery.readCopyHeader?.(this.#connection.ctx, { filename, columns });
    if (!read) throw new Error('The plugin answered nothing to a header.');
    return read;
  }

  /** What the plugin makes of rows: one answer for each. */
  async read({ name, columns }: ReadableTable, rows: readonly (readonly string[])[]): Promise<readonly CopyRow[]> {
    const read = await this.#rediscovery.readCopyRows?.(this.#connection.ctx, { table: name, columns, rows });
    expect(read, 'one answer for each row').toHaveLength(rows.length);
    return read ?? [];
  }

  /** Reads through another connection, which knows nothing of what this one read. */
  through({ ctx, rediscovery }: PluginConnection): Pick<CopyWorld, 'read'> {
    return {
      async read({ name, columns }, rows) {
        return (await rediscovery.readCopyRows?.(ctx, { table: name, columns, rows })) ?? [];
      },
    };
  }
}
