import { rowsIn } from './record-table.js';
import { noRows, type RowSet } from './row-set.js';
import type { ShardIndex } from './shard-index.js';

/** How many of a result set have each value. */
export interface Counts {
  /** The codes that were counted. Absent: all of the dictionary, in their order. */
  readonly codes?: Int32Array<ArrayBuffer>;
  /** By place in `codes`, or by code: how many have it. */
  readonly numbers: Int32Array<ArrayBuffer>;
}

/** Where people are fewer than this part of all codes, it is noted which codes they have: each has some fifty. */
const FEW = 1 / 32;

/** Counts every code among living people. @param total How many they are. */
export function countCodes(index: ShardIndex, rows: RowSet, total: number): Counts {
  const { size } = index.dictionary;
  if (total < size * FEW) return countNoted(index, rows);
  const numbers = new Int32Array(size);
  if (total * 2 <= index.size) addCodes(index, rows, numbers);
  else {
    // The others are fewer.
    addCodes(
      index,
      index.alive.map((bits, element) => bits & ~(rows[element] ?? 0)),
      numbers,
    );
    const totals = index.totals.array;
    for (let code = 0; code < size; code++) numbers[code] = (totals[code] ?? 0) - (numbers[code] as number);
  }
  return { numbers };
}

function addCodes({ people }: ShardIndex, rows: RowSet, numbers: Int32Array): void {
  for (const [index, block] of people.blocks.entries()) {
    const [starts, values] = [block.codes.starts.array, block.codes.values.array];
    const found = rowsIn(block, rows, index << 11);
    for (let next = 0; next < found.length; next++) {
      const row = found[next] as number;
      const end = starts[row + 1] as number;
      for (let place = starts[row] as number; place < end; place++) {
        const code = values[place] as number;
        numbers[code] = (numbers[code] as number) + 1;
      }
    }
  }
}

/** By code: 0, except while something is counted. All indexes of a thread have it in common: nothing comes between. */
let tally = new Int32Array(0);
/** A bit for each code: which are not 0. */
let noted = new Uint32Array(0);

/** Counts without a look at all codes. */
function countNoted({ people, dictionary: { size } }: ShardIndex, rows: RowSet): Counts {
  if (tally.length < size) {
    tally = new Int32Array(size + (size >>> 3));
    noted = noRows(tally.length);
  }
  const [counts, bitsOf] = [tally, noted];
  let different = 0;
  for (const [index, block] of people.blocks.entries()) {
    const [starts, values] = [block.codes.starts.array, block.codes.values.array];
    const found = rowsIn(block, rows, index << 11);
    for (let next = 0; next < found.length; next++) {
      const row = found[next] as number;
      const end = starts[row + 1] as number;
      for (let place = starts[row] as number; place < end; place++) {
        const code = values[place] as number;
        const before = counts[code] as number;
        counts[code] = before + 1;
        if (before > 0) continue;
        bitsOf[code >>> 5] = (bitsOf[code >>> 5] as number) | (1 << (code & 31));
        different++;
      }
    }
  }
  return taken(different);
}

/** What was counted, in the order of codes: whoever reads it goes through memory from one end to the other. */
function taken(different: number): Counts {
  const [counts, bitsOf] = [tally, noted];
  const [codes, numbers] = [new Int32Array(different), new Int32Array(different)];
  for (let element = 0, place = 0; place < different; element++) {
    for (let bits = bitsOf[element] as number; bits !== 0; bits &= bits - 1) {
      const code = element * 32 + 31 - Math.clz32(bits & -bits);
      codes[place] = code;
      numbers[place++] = counts[code] as number;
      counts[code] = 0;
    }
    bitsOf[element] = 0;
  }
  return { codes, numbers };
}

/** How many have a value. Looks through the codes. */
export function numberOf({ codes, numbers }: Counts, code: number): number {
  return numbers[codes ? codes.indexOf(code) : code] ?? 0;
}
