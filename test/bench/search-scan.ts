import { DIMENSIONS, keyOf } from '../../core/hub/dist/capabilities/rediscovery/search/fields.js';
import type { SearchDocument } from '../../core/hub/dist/capabilities/rediscovery/search/search-document.js';

type Column = Uint8Array | Uint16Array | Uint32Array;

/**
 * The limit for anything that counts: the values of all dimensions of all people as dictionary codes, each column as narrow as its
 * values allow, read once from end to end by one thread. It finds nothing and counts nothing.
 */
export class BareScan {
  readonly #building = DIMENSIONS.map((field) => ({ field, codes: [] as number[], known: new Map<string, number>() }));
  #columns: readonly (() => number)[] | undefined;

  add({ texts, numbers }: SearchDocument): void {
    for (const { field, codes, known } of this.#building) {
      for (const number of numbers[field.name] ?? []) codes.push(number);
      for (const text of texts[field.name] ?? []) {
        const key = keyOf(field, text);
        const code = known.get(key) ?? known.size;
        known.set(key, code);
        codes.push(code);
      }
    }
  }

  /** Reads everything; answers how long that took, in milliseconds. */
  run(): number {
    this.#columns ??= this.#building.splice(0).map(({ codes, known }) => bound(narrow(codes, known.size)));
    const begun = performance.now();
    let sum = 0;
    for (const read of this.#columns) sum += read();
    const ms = performance.now() - begun;
    if (Number.isNaN(sum)) throw new RangeError('Nothing was read.');
    return ms;
  }
}

function narrow(codes: readonly number[], different: number): Column {
  if (different <= 0x100) return Uint8Array.from(codes);
  return different <= 0x1_0000 ? Uint16Array.from(codes) : Uint32Array.from(codes);
}

/**
 * A loop for each width, behind a bound function, which V8 does not put into its caller: there the loop would be compiled by halves,
 * and take nine times as long from the hundredth run on.
 */
function bound(column: Column): () => number {
  if (column instanceof Uint8Array) return sumOfBytes.bind(undefined, column);
  return column instanceof Uint16Array ? sumOfShorts.bind(undefined, column) : sumOfInts.bind(undefined, column);
}

function sumOfBytes(column: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < column.length; index++) sum = (sum + (column[index] as number)) | 0;
  return sum;
}

function sumOfShorts(column: Uint16Array): number {
  let sum = 0;
  for (let index = 0; index < column.length; index++) sum = (sum + (column[index] as number)) | 0;
  return sum;
}

function sumOfInts(column: Uint32Array): number {
  let sum = 0;
  for (let index = 0; index < column.length; index++) sum = (sum + (column[index] as number)) | 0;
  return sum;
}
