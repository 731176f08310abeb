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
  const { applications } = document;
  const coder = new RecordCoder(encode);
  const ofApplications = applications.map((application) => coder.codesOf(application));
  const codes = coder.codesOf(document);
  for (const some of ofApplications) for (const code of some) codes.add(code);
  for (const { name } of NOTED_ABSENCES) {
    const absence = absenceOf(name);
    if (absence !== undefined && !coder.fields.has(name) && !wholes.has(name)) codes.add(absence);
  }
  writer.text(document.id);
  writeRecord(
    codes,
    numbersOf([document, ...applications]),
    document.places.flatMap(({ latitude, longitude }) => [latitude, longitude]),
  );
  writer.count(applications.length);
  for (const [index, application] of applications.entries()) {
    writeRecord(ofApplications[index] ?? new Set(), numbersOf([application]), []);
  }
  return writer.take();
}

/** As `RecordBlock` reads it. */
function writeRecord(
  codes: ReadonlySet<number>,
  numbers: readonly (readonly number[])[],
  places: readonly number[],
): void {
  writer.count(codes.size);
  let last = 0;
  for (const code of [...codes].sort((one, other) => one - other)) {
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

/** Codes the records of one document. The applications of a person share most of their values: each is looked up once. */
class RecordCoder {
  /** Of which there was a value. */
  readonly fields = new Set<string>();
  private readonly known = new Map<string, Map<string, number | undefined>>();

  constructor(private readonly encode: Encode) {}

  /** The codes of a record's own values. */
  codesOf({ texts, numbers }: FieldValues): Set<number> {
    const codes = new Set<number>();
    for (const [name, values] of Object.entries(texts)) {
      if (LISTED_TEXTS.has(name)) for (const value of values) this.add(name, value, codes);
    }
    for (const { name, bands = [] } of BANDED) {
      const held = numbers[name];
      if (!held) continue;
      for (const band of bands) {
        if (held.some((number) => isWithin(number, band))) this.add(name, band.label, codes);
      }
    }
    return codes;
  }

  private add(field: string, value: string, codes: Set<number>): void {
    const known = this.known.get(field) ?? new Map<string, number | undefined>();
    this.known.set(field, known);
    if (!known.has(value)) known.set(value, this.encode(field, value));
    const code = known.get(value);
    if (code === undefined) return;
    codes.add(code);
    this.fields.add(field);
  }
}

const BANDED = LISTED_FIELDS.filter(({ bands }) => bands !== undefined);
const LISTED_TEXTS = new Set(LISTED_FIELDS.filter(({ bands }) => bands === undefined).map(({ name }) => name));

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
