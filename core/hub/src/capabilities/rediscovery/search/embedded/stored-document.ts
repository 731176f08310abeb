import type { SearchField } from '../fields.js';
import { isWithin } from '../match-document.js';
import type { FieldValues, SearchDocument } from '../search-document.js';
import type { PersonWords } from './index-file.js';
import { LISTED_FIELDS, NOTED_ABSENCES, NUMBER_FIELDS, OWN_FIELDS, TEXT_COLUMNS } from './indexed-fields.js';
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

/** What columns hold of a document. @param wholes As `wholeTermsOf` makes them. */
export function storedDocument(
  document: SearchDocument,
  wholes: ReadonlyMap<string, readonly string[]>,
  encode: Encode,
): StoredDocument {
  const records = [document, ...document.applications];
  const coded = codesOf(records, encode);
  const lacks = NOTED_ABSENCES.filter(({ name }) => !coded.fields.has(name) && !wholes.has(name));
  return {
    person: {
      codes: [...coded.codes, ...lacks.flatMap(({ name }) => absenceOf(name) ?? [])],
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

function numbersOf(records: readonly FieldValues[]): Record<string, number[]> {
  const all: Record<string, number[]> = {};
  for (const { numbers } of records) {
    for (const [field, values] of Object.entries(numbers)) {
      if (values.length > 0) all[field] = [...new Set([...(all[field] ?? []), ...values])];
    }
  }
  return all;
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

/**
 * A document as the file keeps it: numbers alone, in JSON, because an open index is read in a third of the time that nested lists
 * take. Of the person and then of each application: how many codes, the codes; how many fields of numbers, of each its place, how
 * many numbers, the numbers; how many coordinates, the coordinates.
 */
export function encodeDocument({ person, applications }: StoredDocument): string {
  const encoded = [person, ...applications].flatMap(({ codes, numbers, places }) => {
    const fields = Object.entries(numbers).map(([field, values]) => [NUMBER_FIELDS.indexOf(field), values] as const);
    const known = fields.filter(([place]) => place >= 0);
    return [
      codes.length,
      ...codes,
      known.length,
      ...known.flatMap(([place, values]) => [place, values.length, ...values]),
      places.length,
      ...places,
    ];
  });
  return JSON.stringify(encoded);
}

/** Makes a document of what `encodeDocument` made, parsed. */
export function decodeDocument(encoded: readonly number[]): StoredDocument {
  let next = 0;
  const count = (): number => encoded[next++] ?? 0;
  const list = (): readonly number[] => {
    const length = count();
    next += length;
    return encoded.slice(next - length, next);
  };
  const record = (): StoredRecord => {
    const codes = list();
    const numbers: Record<string, readonly number[]> = {};
    for (let fields = count(); fields > 0; fields--) numbers[NUMBER_FIELDS[count()] ?? ''] = list();
    return { codes, numbers, places: list() };
  };
  const person = record();
  const applications: StoredRecord[] = [];
  while (next < encoded.length) applications.push(record());
  return { person, applications };
}
