/** What stands in a text in the place of somebody's id. */
export const MASKED_ID = '[erased]';

/**
 * A regular expression of PostgreSQL that finds ids where they stand by themselves: 17 in "It has no candidate 17." and not in
 * "at most 170".
 */
export function idsInText(ids: readonly string[]): string {
  const literal = ids.map((id) => id.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&'));
  return `(?<![[:alnum:]])(?:${literal.join('|')})(?![[:alnum:]])`;
}
