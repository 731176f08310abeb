import { DIMENSIONS, keyOf } from '../../core/hub/dist/capabilities/rediscovery/search/fields.js';
import type { SearchDocument } from '../../core/hub/dist/capabilities/rediscovery/search/search-document.js';

type Column = Uint8Array | Uint16Array | Uint32Array;

/**
 * The limit for anything that counts: the values of all dimensions of all people as dictionary codes, each column as narrow as its
 * values allow, read once from end to end by one thread. It finds nothing and counts nothing.
 */
export class BareScan {
  readonly #building = DIMENSIONS.map((field) => ({ field, codes: [] as number[], known: new Map<string, number>() }));
  #columns: readonly Column[] | undefined;

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
    this.#columns ??= this.#building.splice(0).map(({ codes, known }) => narrow(codes, known.size));
    const begun = performance.now();
    let sum = 0;
    for (const column of this.#columns) sum += sumOf(column);
    const ms = performance.now() - begun;
    if (Number.isNaN(sum)) throw new RangeError('Nothing was read.');
    return ms;
  }
}

function narrow(codes: readonly number[], different: number): Column {
  if (different <= 0x100) return Uint8Array.from(codes);
  return different <= 0x1_0000 ? Uint16Array.from(codes) : Uint32Array.from(codes);
}

function sumOf(column: Column): number {
  let sum = 0;
  for (let index = 0; index < column.length; index++) sum = (sum + (column[index] as number)) | 0;
  return sum;
}
