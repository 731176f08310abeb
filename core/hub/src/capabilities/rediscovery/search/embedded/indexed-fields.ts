import { DIMENSIONS, EVERYWHERE, SEARCH_FIELDS, type SearchField } from '../fields.js';

/** Fields of numbers and dates: each has a column. */
export const NUMBER_FIELDS: readonly string[] = SEARCH_FIELDS.filter(
  ({ kind }) => kind === 'number' || kind === 'date',
).map(({ name }) => name);

/** Fields whose values are in the dictionary: people share them. Numbers are there by their bands. */
export const LISTED_FIELDS: readonly SearchField[] = SEARCH_FIELDS.filter(
  ({ kind, of, bands, ownValues }) =>
    bands !== undefined || ((kind === 'text' || kind === 'exact') && !of && !ownValues),
);

/** Fields of words whose values are in no dictionary, because nearly everybody has others. */
export const OWN_FIELDS: readonly SearchField[] = SEARCH_FIELDS.filter(({ ownValues }) => ownValues === true);

/** Fields for which it is kept of each person that there is no value. */
export const NOTED_ABSENCES: readonly SearchField[] = [...DIMENSIONS, ...OWN_FIELDS];

/** Columns of the text index. Words of listed fields have two in common: one of the stemmed, one of the others. */
export const TEXT_COLUMNS = {
  own: OWN_FIELDS.filter(({ kind }) => kind === 'text').map(({ name }) => name),
  stemmed: 'listedStemmed',
  plain: 'listedPlain',
  /** Of values of own fields, as a whole: a hash of each. */
  whole: 'wholeValues',
} as const;

/** The columns in which words are found in their forms. */
export const STEMMED_COLUMNS: readonly string[] = [
  ...EVERYWHERE.filter(({ ownValues, stemmed }) => ownValues && stemmed).map(({ name }) => name),
  TEXT_COLUMNS.stemmed,
];
