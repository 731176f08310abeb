import { isWithin } from '../match-document.js';
import type { FieldValues, SearchDocument } from '../search-document.js';
import type { PersonWords } from './index-file.js';
import { LISTED_FIELDS, NOTED_ABSENCES, OWN_FIELDS, TEXT_COLUMNS } from './indexed-fields.js';
import type { StoredRecord } from './record-table.js';
import { indexedText, wholeTerm } from './text-terms.js';
import { absenceOf } from './value-dictionary.js';

/** What is stored of a document besides its words. */
export interface StoredDocument {
  /** With everything of the applications. */
  readonly person: StoredRecord;
  readonly applications: readonly StoredRecord[];
}

/** Gives the code of a value. `undefined`: the value is empty. */
export type Encode = (field: string, value: string) => number | undefined;

/** What columns hold of a document. */
export function storedDocument(document: SearchDocument, encode: Encode): StoredDocument {
  const records = [document, ...document.applications];
  const codes = codesOf(records, encode);
  for (const [field, absent] of absencesOf(records, codes.fields)) if (absent) codes.codes.add(field);
  return {
    person: {
      codes: [...codes.codes],
      numbers: numbersOf(records),
      places: document.places.flatMap(({ latitude, longitude }) => [latitude, longitude]),
    },
    applications: document.applications.map((application) => ({
      codes: [...codesOf([application], encode).codes],
      numbers: numbersOf([application]),
      places: [],
    })),
  };
}

function codesOf(
  records: readonly FieldValues[],
  encode: Encode,
): { readonly codes: Set<number>; readonly fields: ReadonlySet<string> } {
  const codes = new Set<number>();
  const fields = new Set<string>();
  for (const { name, bands } of LISTED_FIELDS) {
    for (const { texts, numbers } of records) {
      const values =
        bands === undefined
          ? (texts[name] ?? [])
          : bands
              .filter((band) => (numbers[name] ?? []).some((number) => isWithin(number, band)))
              .map(({ label }) => label);
      for (const value of values) {
        const code = encode(name, value);
        if (code === undefined) continue;
        codes.add(code);
        fields.add(name);
      }
    }
  }
  return { codes, fields };
}

function* absencesOf(records: readonly FieldValues[], present: ReadonlySet<string>): Generator<[number, boolean]> {
  for (const { name, ownValues } of NOTED_ABSENCES) {
    const has = ownValues
      ? records.some(({ texts }) => (texts[name] ?? []).some((value) => wholeTerm(name, value) !== undefined))
      : present.has(name);
    const code = absenceOf(name);
    if (code !== undefined) yield [code, !has];
  }
}

function numbersOf(records: readonly FieldValues[]): Record<string, number[]> {
  const all: Record<string, number[]> = {};
  for (const { numbers } of records) {
    for (const [field, values] of Object.entries(numbers)) {
      if (values.length > 0) all[field] = [...new Set([...(all[field] ?? []), ...values])];
    }
  }
  return all;
}

/** The words by which a document is found. */
export function wordsOfDocument(document: SearchDocument): PersonWords {
  const records = [document, ...document.applications];
  const valuesOf = (name: string): string[] => records.flatMap(({ texts }) => texts[name] ?? []);
  const words: Record<string, string> = {};
  const add = (column: string, values: readonly string[]): void => {
    if (values.length > 0) words[column] = indexedText(values);
  };
  for (const name of TEXT_COLUMNS.own) add(name, valuesOf(name));
  const everywhere = LISTED_FIELDS.filter((field) => field.everywhere);
  add(
    TEXT_COLUMNS.stemmed,
    everywhere.filter(({ stemmed }) => stemmed).flatMap(({ name }) => valuesOf(name)),
  );
  add(
    TEXT_COLUMNS.plain,
    everywhere.filter(({ stemmed }) => !stemmed).flatMap(({ name }) => valuesOf(name)),
  );
  const whole = OWN_FIELDS.flatMap(({ name }) => valuesOf(name).map((value) => wholeTerm(name, value)));
  words[TEXT_COLUMNS.whole] = whole.filter((term) => term !== undefined).join(' ');
  return words;
}

/** A document as the file keeps it. */
export function encodeDocument({ person, applications }: StoredDocument): string {
  const compact = ({ codes, numbers, places }: StoredRecord): unknown[] => [codes, numbers, places];
  return JSON.stringify([person, ...applications].map(compact));
}

/** Makes a document of what `encodeDocument` made, parsed. */
export function decodeDocument(encoded: unknown): StoredDocument {
  const records = encoded as [StoredRecord['codes'], StoredRecord['numbers'], StoredRecord['places']][];
  const [person, ...applications] = records.map(
    ([codes, numbers, places]): StoredRecord => ({ codes, numbers, places }),
  );
  if (!person) throw new RangeError('The record of a person is empty.');
  return { person, applications };
}
