import { hash } from 'node:crypto';

/**
 * Tells whether something is as it was: the first half of SHA-256, as a UUID. The order of members says nothing, nor does a
 * member that is `undefined`.
 */
export function digestOf(value: unknown): string {
  const hex = hash('sha256', JSON.stringify(inOrder(value)) ?? '', 'hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  // Pairs and not an object: its members would not stay in order where they are numbers.
  return { pairs: members.flatMap(([name, member]) => (member === undefined ? [] : [[name, inOrder(member)]])) };
}
