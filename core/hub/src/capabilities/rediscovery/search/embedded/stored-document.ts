import type { SearchField } from '../fields.js';
import { isWithin } from '../match-document.js';
import type { FieldValues, SearchDocument } from '../search-document.js';
import { ByteWriter } from './bytes.js';
import type { PersonWords } from './index-file.js';
import { LISTED_FIELDS, NOTED_ABSENCES, NUMBER_FIELDS, OWN_FIELDS, TEXT_COLUMNS } from './indexed-fields.js';
import { indexedText, wholeTerm } from './text-terms.js';
import { absenceOf } from './value-dictionary.js';

/** Gives the code of a value. `undefined`: the value is empty. */
export type Encode = (field: string, value: string) => number | undefined;

const writer = new ByteWriter();

/**
 * What is kept of a document besides its words: the id, the person with everything of the applications, how many applications,
 * each of them. @param wholes As `wholeTermsOf` makes them.
 */
export function storedDocument(
  document: SearchDocument,
  wholes: ReadonlyMap<string, readonly string[]>,
  encode: Encode,
): Uint8Array {
  const records = [document, ...document.applications];
  const coded = codesOf(records, encode);
  const lacks = NOTED_ABSENCES.filter(({ name }) => !coded.fields.has(name) && !wholes.has(name));
  writer.text(document.id);
  writeRecord(
    [...coded.codes, ...lacks.flatMap(({ name }) => absenceOf(name) ?? [])],
    numbersOf(records),
    document.places.flatMap(({ latitude, longitude }) => [latitude, longitude]),
  );
  writer.count(document.applications.length);
  for (const application of document.applications) {
    writeRecord([...codesOf([application], encode).codes], numbersOf([application]), []);
  }
  return writer.take();
}

/** As `RecordBlock` reads it. */
function writeRecord(
  codes: readonly number[],
  numbers: readonly (readonly number[])[],
  places: readonly number[],
): void {
  writer.count(codes.length);
  let last = 0;
  for (const code of codes.toSorted((one, other) => one - other)) {
    writer.count(code - last);
    last = code;
  }
  for (const values of [...numbers, places]) {
    writer.count(values.length);
    for (const value of values) writer.number(value);
  }
}

/** By own field, where there is a value: the terms that stand for whole values. */
export function wholeTermsOf(document: SearchDocument): ReadonlyMap<string, readonly string[]> {
  const records = [document, ...document.applications];
  const terms = OWN_FIELDS.map(({ name }) => {
    const values = records.flatMap(({ texts }) => texts[name] ?? []);
    return [name, values.flatMap((value) => wholeTerm(name, value) ?? [])] as const;
  });
  return new Map(terms.filter(([, found]) => found.length > 0));
}

function codesOf(
  records: readonly FieldValues[],
  encode: Encode,
): { readonly codes: ReadonlySet<number>; readonly fields: ReadonlySet<string> } {
  const codes = new Set<number>();
  const fields = new Set<string>();
  for (const field of LISTED_FIELDS) {
    for (const value of records.flatMap((record) => listedValues(field, record))) {
      const code = encode(field.name, value);
      if (code === undefined) continue;
      codes.add(code);
      fields.add(field.name);
    }
  }
  return { codes, fields };
}

function listedValues({ name, bands }: SearchField, { texts, numbers }: FieldValues): readonly string[] {
  if (bands === undefined) return texts[name] ?? [];
  const held = bands.filter((band) => (numbers[name] ?? []).some((number) => isWithin(number, band)));
  return held.map(({ label }) => label);
}

/** By the place of the field in `NUMBER_FIELDS`. */
function numbersOf(records: readonly FieldValues[]): readonly (readonly number[])[] {
  return NUMBER_FIELDS.map((field) => [...new Set(records.flatMap(({ numbers }) => numbers[field] ?? []))]);
}

/** The words by which a document is found. @param wholes As `wholeTermsOf` makes them. */
export function wordsOfDocument(document: SearchDocument, wholes: ReadonlyMap<string, readonly string[]>): PersonWords {
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
  words[TEXT_COLUMNS.whole] = [...wholes.values()].flat().join(' ');
  return words;
}
