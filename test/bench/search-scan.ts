import { DIMENSIONS, fieldNamed, keyOf } from '../../core/hub/dist/capabilities/rediscovery/search/fields.js';
import type { SearchDocument } from '../../core/hub/dist/capabilities/rediscovery/search/search-document.js';

type Column = Uint8Array | Uint16Array | Uint32Array;

/**
 * The limit for anything that counts: the values of all dimensions of all people as dictionary codes, each column as narrow as its
 * values allow, read once from end to end by one thread. It finds nothing and counts nothing.
 */
export class BareScan {
  readonly #columns: readonly Column[];

  constructor(documents: Iterable<SearchDocument>) {
    const building = DIMENSIONS.map(({ name }) => ({ name, codes: [] as number[], known: new Map<string, number>() }));
    for (const { texts, numbers } of documents) {
      for (const { name, codes, known } of building) {
        for (const number of numbers[name] ?? []) codes.push(number);
        for (const text of texts[name] ?? []) {
          const key = keyOf(fieldNamed(name), text);
          const code = known.get(key) ?? known.size;
          known.set(key, code);
          codes.push(code);
        }
      }
    }
    this.#columns = building.map(({ codes, known }) =>
      known.size <= 0x100 ? Uint8Array.from(codes) : known.size <= 0x1_0000 ? Uint16Array.from(codes) : Uint32Array.from(codes),
    );
  }

  /** How many values there are. */
  get values(): number {
    return this.#columns.reduce((sum, { length }) => sum + length, 0);
  }

  /** Reads everything; answers how long that took, in milliseconds. */
  run(): number {
    const begun = performance.now();
    let sum = 0;
    for (const column of this.#columns) sum += sumOf(column);
    const ms = performance.now() - begun;
    if (Number.isNaN(sum)) throw new RangeError('Nothing was read.');
    return ms;
  }
}

function sumOf(column: Column): number {
  let sum = 0;
  for (let index = 0; index < column.length; index++) sum = (sum + (column[index] as number)) | 0;
  return sum;
}
