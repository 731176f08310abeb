import { eachRow } from './record-table.js';
import type { RowSet } from './row-set.js';
import type { ShardIndex } from './shard-index.js';

/** By code: how many of a result set have the value. */
export type Counts = Int32Array<ArrayBuffer>;

/** Counts every code among living people. @param total How many they are. */
export function countCodes(index: ShardIndex, rows: RowSet, total: number): Counts {
  const counts = new Int32Array(index.dictionary.size);
  if (total * 2 <= index.size) addCodes(index, rows, counts);
  else {
    // The others are fewer.
    addCodes(
      index,
      index.alive.map((bits, element) => bits & ~(rows[element] ?? 0)),
      counts,
    );
    const totals = index.totals.array;
    for (let code = 0; code < counts.length; code++) counts[code] = (totals[code] ?? 0) - (counts[code] as number);
  }
  return counts;
}

function addCodes({ people }: ShardIndex, rows: RowSet, counts: Int32Array): void {
  for (const [index, block] of people.blocks.entries()) {
    const [starts, values] = [block.codes.starts.array, block.codes.values.array];
    eachRow(block, rows, index << 11, (row) => {
      const end = starts[row + 1] as number;
      for (let place = starts[row] as number; place < end; place++) {
        const code = values[place] as number;
        counts[code] = (counts[code] as number) + 1;
      }
    });
  }
}
