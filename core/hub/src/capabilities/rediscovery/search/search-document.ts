import type { Coordinates } from '@talentbridge/contracts';

/** The values of fields, by the name of the field. What is absent or empty has no value. */
export interface FieldValues {
  /** Of fields of the kinds `text` and `exact`: as they are shown. Each value is searched by itself, so that no phrase crosses two. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** Of the kind `number`: whole numbers. Of the kind `date`: milliseconds since 1970, UTC. */
  readonly numbers: Readonly<Record<string, readonly number[]>>;
}

/** What a search knows of one person: everything that is found, filtered, counted and sorted by. Plain data. */
export interface SearchDocument extends FieldValues {
  /** Of the candidate or the profile. */
  readonly id: string;
  /** Where the person lives, where that is known so exactly. */
  readonly places: readonly Coordinates[];
  /** Values of the fields that belong to applications, for each of them. Outside of `application(...)` they are values of the person. */
  readonly applications: readonly FieldValues[];
}
