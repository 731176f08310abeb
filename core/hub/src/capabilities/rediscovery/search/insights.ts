/** A value of a dimension. */
export interface InsightValue {
  /** `{ field, anyOf: [key] }` is the filter that it stands for. */
  readonly key: string;
  readonly label: string;
  /** People among the hits who have it. */
  readonly count: number;
}

/** A dimension, counted. */
export interface InsightDimension {
  readonly field: string;
  /** For people. */
  readonly label: string;
  /**
   * Among how many people it was counted: those who were found; of a dimension that is filtered by, those of the same search without
   * that filter. `null`: hidden, because it would tell of a small group.
   */
  readonly of: number | null;
  /** By count, the highest first. */
  readonly values: readonly InsightValue[];
  /** How many different values the hits have, shown or not; where small groups are hidden, how many are shown. */
  readonly distinct: number;
  /** How many hits have no value. `null`: hidden, because it would tell of a small group. */
  readonly missing: number | null;
  /** Some values are not shown, because fewer people have them than may be shown as a group. */
  readonly hidesSmallGroups: boolean;
}

/** What a result set consists of. */
export interface Insights {
  /** People who were found. */
  readonly total: number;
  readonly dimensions: readonly InsightDimension[];
}
