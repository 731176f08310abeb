import { fieldNamed, keyOf } from '../fields.js';
import { GrowingArray } from './growing-array.js';
import { LISTED_FIELDS, NOTED_ABSENCES } from './indexed-fields.js';

/** A value of a listed field, once in an index. */
export interface ListedValue {
  readonly code: number;
  readonly field: string;
  readonly key: string;
  /** As the first document had it. */
  readonly label: string;
}

const placeOf = new Map(LISTED_FIELDS.map(({ name }, place) => [name, place]));
const absences = new Map(NOTED_ABSENCES.map(({ name }, code) => [name, code]));

/** The place of no field. */
const NO_FIELD = 255;

/** The first code that a value can have. Codes before it say which field a person has no value of. */
export const FIRST_VALUE_CODE = NOTED_ABSENCES.length;

/** The code which says that a person has no value in the field. `undefined`: that is not noted of this field. */
export function absenceOf(field: string): number | undefined {
  return absences.get(field);
}

/** Where a listed field stands among them. @throws RangeError when it is not listed. */
export function placeOfField(field: string): number {
  const place = placeOf.get(field);
  if (place === undefined) throw new RangeError(`Values of "${field}" are not listed.`);
  return place;
}

/** Gives a number to each value of the listed fields, so that columns hold numbers and counting is adding. */
export class ValueDictionary {
  /** By code: the place of its field. Codes of absences and of forgotten values have `NO_FIELD`. */
  readonly places = new GrowingArray(new Uint32Array(256));
  private readonly codes: readonly Map<string, number>[] = LISTED_FIELDS.map(() => new Map());
  private readonly keys: string[] = [];
  private readonly labels: string[] = [];

  constructor() {
    for (const { name } of NOTED_ABSENCES) this.append(NO_FIELD, name, name);
  }

  /** How many codes there are. */
  get size(): number {
    return this.keys.length;
  }

  /** The code of a value. A new one is remembered and handed to `added`. `undefined`: the value is empty. */
  codeOf(field: string, value: string, added: (value: ListedValue) => void): number | undefined {
    const key = keyOf(fieldNamed(field), value);
    if (key === '') return undefined;
    const known = this.find(field, key);
    if (known !== undefined) return known;
    const code = this.add(field, key, value);
    added({ code, field, key, label: value });
    return code;
  }

  /** The code of a key. `undefined`: no document has ever had it. */
  find(field: string, key: string): number | undefined {
    return this.codes[placeOfField(field)]?.get(key);
  }

  /** Remembers a value under the next code, or under the one that it has. */
  add(field: string, key: string, label: string): number {
    const place = placeOfField(field);
    const codes = this.codes[place];
    const known = codes?.get(key);
    if (known !== undefined) return known;
    const code = this.append(place, key, label);
    codes?.set(key, code);
    return code;
  }

  /** Remembers a value that is known from before. Codes come in their order; what lies between two was forgotten. */
  restore({ code, field, key, label }: ListedValue): void {
    while (this.size < code) this.append(NO_FIELD, '', '');
    this.add(field, key, label);
  }

  /** Forgets a value. Its code is not given again. @returns Whether there was one. */
  forget(code: number): boolean {
    const codes = this.codes[this.places.at(code)];
    if (!codes?.delete(this.key(code))) return false;
    this.places.array[code] = NO_FIELD;
    this.keys[code] = '';
    this.labels[code] = '';
    return true;
  }

  key(code: number): string {
    return this.keys[code] ?? '';
  }

  label(code: number): string {
    return this.labels[code] ?? '';
  }

  /** The values from a code on. */
  *valuesFrom(first: number): Generator<ListedValue> {
    for (let code = Math.max(first, FIRST_VALUE_CODE); code < this.size; code++) {
      const field = LISTED_FIELDS[this.places.at(code)]?.name;
      if (field !== undefined) yield { code, field, key: this.key(code), label: this.label(code) };
    }
  }

  private append(place: number, key: string, label: string): number {
    this.places.push(place);
    this.labels.push(label);
    return this.keys.push(label === key ? label : key) - 1;
  }
}
