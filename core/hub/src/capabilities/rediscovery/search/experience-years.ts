import type { PartialDate, WorkExperience } from '@talentbridge/contracts';
import { newestFirst } from '../../../directory/newest-first.js';

/** Months since the year 0. A year alone counts from its January, at both ends: 2015 to 2018 are three years. */
function monthOf(date: PartialDate): number {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return year * 12 + month - 1;
}

function monthsOf(
  { startDate, endDate, current }: WorkExperience,
  now: number,
): { readonly from: number; readonly to: number } | undefined {
  if (startDate === undefined || (endDate === undefined && !current)) return undefined;
  const from = monthOf(startDate);
  const to = Math.min(current || endDate === undefined ? now : monthOf(endDate), now);
  return to >= from ? { from, to } : undefined;
}

/**
 * Completed years at work: months count once, however many jobs they had, and gaps do not count. `undefined`: no job
 * has both a beginning and an end.
 */
export function yearsOfExperience(work: readonly WorkExperience[], now: Date): number | undefined {
  const today = monthOf(now.toISOString());
  const spells = work.flatMap((job) => monthsOf(job, today) ?? []).toSorted((one, other) => one.from - other.from);
  if (spells.length === 0) return undefined;
  let months = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spells) {
    months += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return Math.floor(months / 12);
}

/** Completed years in the newest of the current roles. `undefined`: there is none with a beginning. */
export function yearsInRole(work: readonly WorkExperience[], now: Date): number | undefined {
  const [role] = newestFirst(work.filter(({ current }) => current));
  const spell = role && monthsOf(role, monthOf(now.toISOString()));
  return spell && Math.floor((spell.to - spell.from) / 12);
}
