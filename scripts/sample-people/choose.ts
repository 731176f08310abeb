/**
 * Choices that are the same whenever the samples are written: every one of them takes the next number of one sequence, so that
 * the order in which people are made decides who they are.
 */

/** A small generator of pseudo-random numbers (mulberry32): the same seed, the same people. */
let state = 20_260_401;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
export const below = (limit: number): number => Math.floor(random() * limit);
export const between = (least: number, most: number): number => least + below(most - least + 1);
/** The entry at a position, counted on from the beginning again behind the end. */
export function at<T>(list: readonly T[], index: number): T {
  const [first] = list;
  if (first === undefined) throw new RangeError('There is nothing to choose from.');
  return list[index % list.length] ?? first;
}
export const pick = <T>(list: readonly T[]): T => at(list, below(list.length));
export const chance = (share: number): boolean => random() < share;
export function some<T>(list: readonly T[], count: number): T[] {
  const rest = [...list];
  return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(below(rest.length), 1)).flat();
}
