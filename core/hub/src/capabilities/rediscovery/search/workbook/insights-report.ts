import { cleanLine } from '../../../../directory/clean-text.js';
import { fieldNamed, findField } from '../fields.js';
import type { SearchFilter } from '../filters.js';
import type { IndexingProgress } from '../index/live-index.js';
import type { InsightDimension, Insights } from '../insights.js';
import type { PeopleQuery } from '../people-search.js';

/** The paper that Insights are printed on. */
export type InsightsPaper = 'A4' | 'LETTER';

/** What a workbook or a page says besides the counts. */
export interface InsightsAbout extends PeopleQuery {
  /** The name under which the product presents itself. */
  readonly brand: string;
  /** Who was counted. What is told of candidates is hidden as they are while Rediscovery is off. */
  readonly whose: 'CANDIDATES' | 'PROFILES';
  /** What was searched: the name of a connection, "All connections", "Profiles". */
  readonly among: string;
  /** The index did not hold everybody yet. Absent or `null`: it did. */
  readonly indexing?: IndexingProgress | null;
  /** When the counts were made. */
  readonly madeAt: Date;
  /** Default `A4`. */
  readonly paper?: InsightsPaper;
}

/** A count and what part it is of the people among whom was counted. */
export interface Counted {
  readonly count: number;
  /** 0 to 1. */
  readonly share: number;
}

/** One dimension, as people read it. */
export interface ReportSection {
  readonly label: string;
  /** By count; numbers and ranges of numbers from the lowest to the highest. */
  readonly rows: readonly (Counted & { readonly label: string })[];
  /** Whether the rows are steps of one scale, such as years. */
  readonly scale: boolean;
  /** How many different values there are, shown or not. */
  readonly distinct: number;
  /** People without a value. Absent: hidden, because it would tell of a small group. */
  readonly notStated?: Counted;
  readonly notes: readonly string[];
}

/** Insights in the words and the order in which they are printed: what workbook and page have in common. */
export interface InsightsReport {
  readonly brand: string;
  readonly madeAt: Date;
  readonly paper: InsightsPaper;
  /** People found. */
  readonly total: number;
  /** What was searched. */
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly sections: readonly ReportSection[];
  readonly notes: readonly string[];
}

const LONGEST_VALUE = 200;
const LONGEST_FACT = 2_000;

/** Puts Insights into the words and the order in which they are printed. */
export function insightsReport(insights: Insights, about: InsightsAbout): InsightsReport {
  // A dimension of which values were chosen is counted without that choice.
  const chosen = about.filters.filter(({ anyOf }) => anyOf !== undefined && anyOf.length > 0);
  const filtered = new Set(chosen.map(({ field }) => findField(field)?.name));
  return {
    brand: line(about.brand, LONGEST_VALUE),
    madeAt: about.madeAt,
    paper: about.paper ?? 'A4',
    total: insights.total,
    facts: [
      { label: 'Searched for', text: line(about.query, LONGEST_FACT) || 'Everybody' },
      { label: 'Filters', text: line(about.filters.map(filterText).join('; '), LONGEST_FACT) || 'None' },
      { label: 'Synonyms', text: about.synonyms ? 'Of titles and skills, too' : 'None' },
      { label: 'Among', text: line(about.among, LONGEST_VALUE) },
      { label: 'Counted', text: `${about.madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` },
    ],
    sections: insights.dimensions.map((dimension) => sectionOf(dimension, filtered.has(dimension.field))),
    notes: [
      ...(about.indexing
        ? [
            `Counted while only ${about.indexing.done} of ${about.indexing.total} people could be found: save it again later.`,
          ]
        : []),
      'A person can have several values of a kind: their shares can add up to more than 100 %.',
    ],
  };
}

/** @param isFiltered Whether it was counted among those of the search without its filter. */
function sectionOf(dimension: InsightDimension, isFiltered: boolean): ReportSection {
  const { bands } = fieldNamed(dimension.field);
  const { of } = dimension;
  // Of a search during which people came or went, both counts may be of different moments.
  const counted = (count: number): Counted => ({ count, share: of ? Math.min(1, count / of) : 0 });
  const row = ({ label, count }: { readonly label: string; readonly count: number }) => ({
    label: line(label, LONGEST_VALUE) || '(empty)',
    ...counted(count),
  });
  const counts = new Map(dimension.values.map(({ key, count }) => [key, count]));
  const scale = bands !== undefined || dimension.values.every(({ label }) => firstNumber(label) !== undefined);
  // A band without anybody is a step of the scale; one that is hidden is not told apart from it.
  const bandsShown = dimension.hidesSmallGroups ? bands?.filter(({ label }) => counts.has(label)) : bands;
  const ordered =
    bandsShown?.map(({ label }) => ({ label, count: counts.get(label) ?? 0 })) ??
    (scale
      ? dimension.values.toSorted((one, other) => (firstNumber(one.label) ?? 0) - (firstNumber(other.label) ?? 0))
      : dimension.values);
  return {
    label: line(dimension.label, LONGEST_VALUE) || dimension.field,
    rows: dimension.values.length === 0 ? [] : ordered.map(row),
    scale,
    distinct: dimension.distinct,
    ...(dimension.missing === null ? {} : { notStated: counted(dimension.missing) }),
    notes: [
      ...(dimension.values.length === 0 ? ['There is nothing to show.'] : []),
      ...(dimension.distinct > dimension.values.length && dimension.values.length > 0
        ? [`The ${dimension.values.length} most frequent of ${dimension.distinct} values.`]
        : []),
      ...(dimension.hidesSmallGroups
        ? ['Values that only few people have are not shown, so that nobody can be recognized.']
        : []),
      ...(isFiltered
        ? [
            `This is filtered by. It is counted without its filter, so that values can be compared${of === null ? '' : `: shares are of the ${of} people whom the rest of the search finds`}.`,
          ]
        : []),
    ],
  };
}

/** What a value begins with, where that is a number: `51` of `51-200`. */
function firstNumber(label: string): number | undefined {
  const digits = /^\s*(\d[\d.,]*)/.exec(label)?.[1];
  return digits === undefined ? undefined : Number(digits.replace(/[.,]/g, ''));
}

function filterText({ field, anyOf = [], noneOf = [], within }: SearchFilter): string {
  const label = findField(field)?.label ?? field;
  const parts = [
    ...(anyOf.length > 0 ? [anyOf.join(' or ')] : []),
    ...(noneOf.length > 0 ? [`not ${noneOf.join(', not ')}`] : []),
    ...(within ? [`within ${within.kilometers} km of ${within.latitude}, ${within.longitude}`] : []),
  ];
  return `${label}: ${parts.join(', ')}`;
}

/** A text on one line, and cut where it is longer than anybody reads. */
function line(text: string, longest: number): string {
  // Cut first: what comes from outside can be of any length.
  const clean = cleanLine(text.slice(0, longest * 4));
  const points = [...clean];
  return points.length > longest || text.length > longest * 4 ? `${points.slice(0, longest - 1).join('')}…` : clean;
}
