import { fieldNamed, keyOf } from '../fields.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { GrowingArray } from './growing-array.js';
import { LISTED_FIELDS, NOTED_ABSENCES } from './indexed-fields.js';
import { TextColumn, TextLookup, utf8Of } from './text-column.js';

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

const NOTHING = new Uint8Array(0);

let scratch = new Uint8Array(1024);

/** A key with the place of its field before it. Valid until the next call. */
function keyAt(place: number, key: Uint8Array): Uint8Array {
  if (scratch.length <= key.length) scratch = new Uint8Array(key.length * 2);
  scratch[0] = place;
  scratch.set(key, 1);
  return scratch.subarray(0, key.length + 1);
}

/** Values in the order of their codes, as they go from one thread to another. */
export type PackedValues = Uint8Array<ArrayBuffer>;

/** The code of the first of packed values. */
export function firstCodeOf(values: PackedValues): number {
  return new ByteReader(values).count();
}

/** Gives a number to each value of the listed fields, so that columns hold numbers and counting is adding. */
export class ValueDictionary {
  /** By code: the place of its field. Codes of absences and of forgotten values have `NO_FIELD`. */
  readonly places = new GrowingArray(new Uint32Array(256));
  /** By code: the place of the field as one byte, and the key. */
  private readonly keys = new TextColumn();
  private readonly codes = new TextLookup(this.keys);
  /** By code. Empty: as the key. */
  private readonly labels = new TextColumn();

  constructor() {
    for (const _ of NOTED_ABSENCES) this.append(NO_FIELD, '', '');
  }

  /** How many codes there are. */
  get size(): number {
    return this.places.length;
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
    return this.codes.find(keyAt(placeOfField(field), utf8Of(key)));
  }

  /** Remembers a value under the next code, or under the one that it has. */
  add(field: string, key: string, label: string): number {
    return this.find(field, key) ?? this.append(placeOfField(field), key, label);
  }

  /** Remembers a value that is known from before. Codes come in their order; what lies between two was forgotten. */
  restore({ code, field, key, label }: ListedValue): void {
    while (this.size < code) this.append(NO_FIELD, '', '');
    this.append(placeOfField(field), key, label);
  }

  /** Forgets a value. Its code is not given again. @returns Whether there was one. */
  forget(code: number): boolean {
    if (this.places.at(code) === NO_FIELD) return false;
    this.places.array[code] = NO_FIELD;
    this.keys.erase(code);
    this.labels.erase(code);
    return true;
  }

  key(code: number): string {
    return this.keys.at(code, 1);
  }

  label(code: number): string {
    return this.labels.at(code) || this.key(code);
  }

  /** Whether the key of one value comes before that of another of the same field, in the order of UTF-16 units. */
  comesBefore(one: number, other: number): boolean {
    return this.keys.comesBefore(one, other);
  }

  /** The values from a code on, for `addPacked` of another dictionary. `undefined`: there are none. */
  packedFrom(first: number): PackedValues | undefined {
    if (first >= this.size) return undefined;
    const writer = new ByteWriter();
    writer.count(first);
    writer.count(this.size - first);
    for (let code = first; code < this.size; code++) {
      writer.count(this.places.at(code));
      writer.utf8(this.keys.bytesAt(code, 1));
      writer.utf8(this.labels.bytesAt(code));
    }
    return writer.take();
  }

  /** Remembers values of another dictionary. @param added Told of each: the code there and the code here. */
  addPacked(values: PackedValues, added: (theirs: number, ours: number) => void): void {
    const reader = new ByteReader(values);
    const first = reader.count();
    for (let code = first, end = first + reader.count(); code < end; code++) {
      const place = reader.count();
      const [key, label] = [reader.text(), reader.text()];
      if (place === NO_FIELD) continue;
      added(code, this.codes.find(keyAt(place, key)) ?? this.appendBytes(place, key, label));
    }
  }

  private append(place: number, key: string, label: string): number {
    // Copied, because the label takes the room of the key.
    return this.appendBytes(place, utf8Of(key).slice(), label === key ? NOTHING : utf8Of(label));
  }

  private appendBytes(place: number, key: Uint8Array, label: Uint8Array): number {
    const code = this.size;
    this.places.push(place);
    this.keys.push(keyAt(place, key));
    this.labels.push(label);
    if (place !== NO_FIELD) this.codes.add(code);
    return code;
  }
}
