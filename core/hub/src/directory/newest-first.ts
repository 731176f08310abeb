import type { PartialDate } from '@talentbridge/contracts';

interface Dated {
  readonly current?: boolean;
  readonly startDate?: PartialDate;
  readonly endDate?: PartialDate;
  readonly graduationDate?: PartialDate;
}

function descending(one: string, other: string): number {
  return one < other ? 1 : one > other ? -1 : 0;
}

/**
 * A history in the order that an ATS and a reader expect: what goes on first, then by the end, then by the beginning. What has
 * no date comes last; otherwise the order of the source stays.
 */
export function newestFirst<T extends Dated>(entries: readonly T[]): T[] {
  const end = (entry: T): string =>
    entry.current ? '9999' : (entry.endDate ?? entry.graduationDate ?? entry.startDate ?? '');
  return entries.toSorted(
    (one, other) => descending(end(one), end(other)) || descending(one.startDate ?? '', other.startDate ?? ''),
  );
}
