/** 32 bits of a text; stable across processes and releases. `seed` keeps kinds of things apart. */
export function hash32(text: string, seed = 0): number {
  let hash = seed ^ 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return scramble(hash);
}

/** One number made of two; the order matters. */
export function combine(one: number, other: number): number {
  return scramble(Math.imul(one, 0x9e3779b1) ^ (other + 0x7f4a7c15));
}

/** One number made of two, whichever comes first. */
export function combineUnordered(one: number, other: number): number {
  return one < other ? combine(one, other) : combine(other, one);
}

function scramble(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x21f0aaad);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x735a2d97);
  return hash ^ (hash >>> 15);
}
