import type { CopyRow, CopyRows } from '@talentbridge/contracts';
import { describe, it } from 'vitest';
import { expectCaught, type FaultyPlugin } from './faulty-plugin.js';
import type { Sabotage } from './sabotage.js';

const FAULTY: readonly FaultyPlugin[] = [
  [
    'loses the last row of a data copy',
    rowsRead((read) => read.slice(0, -1)),
    ['rediscovery.copy-whole', 'rediscovery.copy-by-row'],
  ],
  [
    'leaves rows out that it refuses',
    rowsRead((read) => read.filter(({ kind }) => kind !== 'refused')),
    ['rediscovery.copy-odd-cells'],
  ],
  [
    'refuses rows that it could read',
    rowsRead((read) =>
      read.map((row) =>
        row.kind === 'candidate' && row.candidate.firstName === 'Ada' ? { kind: 'refused', reason: 'No name.' } : row,
      ),
    ),
    ['rediscovery.copy-whole'],
  ],
  [
    'fails at the first row that it cannot read',
    rowsRead((read) => {
      if (read.some(({ kind }) => kind === 'refused')) throw new TypeError('What is this?');
      return read;
    }),
    ['rediscovery.copy-odd-cells'],
  ],
  [
    'repeats what it refuses',
    rowsRead((read, { rows }) =>
      read.map((row, at) =>
        row.kind === 'refused' ? { ...row, reason: `${row.reason} It was ${rows[at]?.join(', ')}.` } : row,
      ),
    ),
    ['rediscovery.copy-odd-cells'],
  ],
  [
    'takes paths as they stand',
    rowsRead((read, { columns, rows }) =>
      read.map((row, at) => {
        if (row.kind !== 'refused' || row.header !== 'path') return row;
        const path = rows[at]?.[columns.indexOf('path')] ?? '';
        const attachment = { remoteId: 'resume', kind: 'resume' as const, filename: 'a.pdf' };
        return { kind: 'attachment', attachment: { candidateRemoteId: 'c', path, attachment } };
      }),
    ),
    ['rediscovery.copy-paths'],
  ],
  [
    'reads a row by the one before it',
    rowsRead((read) => {
      const [first] = read;
      return read.map((row) =>
        row.kind === 'candidate' && first?.kind === 'candidate'
          ? { ...row, candidate: { ...row.candidate, tags: [first.candidate.remoteId] } }
          : row,
      );
    }),
    ['rediscovery.copy-by-row'],
  ],
  [
    'remembers the header of a data copy',
    {
      rediscovery: (good) => {
        let columns: readonly string[] = [];
        return {
          readCopyHeader(ctx, header) {
            columns = header.columns;
            return good.readCopyHeader?.(ctx, header) ?? nothing();
          },
          readCopyRows: (ctx, { rows, table }) => good.readCopyRows?.(ctx, { table, columns, rows }) ?? nothing(),
        };
      },
    },
    ['rediscovery.copy-by-row'],
  ],
  [
    'asks the vendor about the rows of a data copy',
    {
      rediscovery: (good) => ({
        async readCopyRows(ctx, rows) {
          await good.pull(ctx, { kind: 'all' });
          return good.readCopyRows?.(ctx, rows) ?? nothing();
        },
      }),
    },
    ['rediscovery.copy-by-row'],
  ],
  [
    'fails at a file that is none of a data copy',
    {
      rediscovery: (good) => ({
        async readCopyHeader(ctx, header) {
          const table = await good.readCopyHeader?.(ctx, header);
          return table?.kind === 'table' ? table : nothing();
        },
      }),
    },
    ['rediscovery.copy-header'],
  ],
  [
    'leaves columns out that it does not know',
    {
      rediscovery: (good) => ({
        async readCopyHeader(ctx, header) {
          const table = (await good.readCopyHeader?.(ctx, header)) ?? nothing();
          return table.kind === 'table'
            ? { ...table, columns: table.columns.filter(({ field }) => field !== undefined) }
            : table;
        },
      }),
    },
    ['rediscovery.copy-header'],
  ],
  [
    'reads headers of data copies and no rows',
    {
      // As a plugin in plain JavaScript may.
      rediscovery: () => Object.fromEntries([['readCopyRows', undefined]]),
    },
    ['rediscovery.copy-whole'],
  ],
];

/** A plugin that makes something else of the rows of a data copy. */
function rowsRead(other: (read: readonly CopyRow[], rows: CopyRows) => readonly CopyRow[]): Sabotage {
  return {
    rediscovery: (good) => ({
      async readCopyRows(ctx, rows) {
        return other((await good.readCopyRows?.(ctx, rows)) ?? [], rows);
      },
    }),
  };
}

function nothing(): never {
  throw new Error('There is nothing to go on with.');
}

describe('the conformance suite catches a plugin that', () => {
  it.for(FAULTY)('%s', expectCaught);
});
