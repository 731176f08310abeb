import { GrowingArray } from './growing-array.js';

const encoder = new TextEncoder();
let scratch = new Uint8Array(1024);

/** A text in UTF-8. Valid until the next call. */
export function utf8Of(text: string): Uint8Array {
  if (scratch.length < text.length * 3) scratch = new Uint8Array(text.length * 3);
  return scratch.subarray(0, encoder.encodeInto(text, scratch).written);
}

/** Texts in one buffer, in UTF-8: as strings they would take several times as much memory, and the collector's time. */
export class TextColumn {
  private bytes = Buffer.alloc(1024);
  private readonly starts = new GrowingArray(new Uint32Array(64));

  constructor() {
    this.starts.push(0);
  }

  get length(): number {
    return this.starts.length - 1;
  }

  /** Adds a text at the end. */
  push(text: Uint8Array): void {
    const start = this.starts.at(this.length);
    const end = start + text.length;
    if (end > this.bytes.length) {
      const larger = Buffer.alloc(Math.ceil(end * 1.5));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(text, start);
    this.starts.push(end);
  }

  /** A text. Valid until one is added. @param from Bytes to leave out at the beginning. */
  bytesAt(index: number, from = 0): Uint8Array {
    return this.bytes.subarray(this.starts.at(index) + from, this.starts.at(index + 1));
  }

  /** A text. @param from Bytes to leave out at the beginning. */
  at(index: number, from = 0): string {
    return this.bytes.toString('utf8', this.starts.at(index) + from, this.starts.at(index + 1));
  }

  /** Writes zeros over a text. */
  erase(index: number): void {
    this.bytes.fill(0, this.starts.at(index), this.starts.at(index + 1));
  }

  /** Whether a text stands there. */
  holds(index: number, text: Uint8Array): boolean {
    const start = this.starts.at(index);
    if (this.starts.at(index + 1) - start !== text.length) return false;
    for (let place = 0; place < text.length; place++) if (this.bytes[start + place] !== text[place]) return false;
    return true;
  }

  /** Whether one text comes before another in the order of UTF-16 units. */
  comesBefore(one: number, other: number): boolean {
    const { bytes, starts } = this;
    const [first, second] = [starts.at(one), starts.at(other)];
    const [length, otherLength] = [starts.at(one + 1) - first, starts.at(other + 1) - second];
    for (let place = 0; place < length && place < otherLength; place++) {
      const [byte, otherByte] = [bytes[first + place] as number, bytes[second + place] as number];
      if (byte !== otherByte) return inUtf16(byte) < inUtf16(otherByte);
    }
    return length < otherLength;
  }
}

/** Characters past U+FFFF are two units of U+D800 and more, and so come before U+E000 to U+FFFF, which begin with EE or EF. */
function inUtf16(byte: number): number {
  return byte >= 0xf0 ? 0xed + (byte - 0xef) / 0x10 : byte;
}

/** Finds texts of a column. Of equal ones it knows the one that was added last. */
export class TextLookup {
  /** A hash table: an index of the column, and 1. 0 is none. */
  private slots = new Int32Array(1024);
  private used = 0;

  constructor(private readonly texts: TextColumn) {}

  /** Where a text stands. `undefined`: nowhere. */
  find(text: Uint8Array): number | undefined {
    const found = this.slots[this.slotOf(text)] as number;
    return found === 0 ? undefined : found - 1;
  }

  /** Lets a text of the column be found. */
  add(index: number): void {
    if (this.used * 2 >= this.slots.length) {
      const before = this.slots;
      this.slots = new Int32Array(before.length * 2);
      for (const found of before) if (found !== 0) this.slots[this.slotOf(this.texts.bytesAt(found - 1))] = found;
    }
    const slot = this.slotOf(this.texts.bytesAt(index));
    if (this.slots[slot] === 0) this.used++;
    this.slots[slot] = index + 1;
  }

  /** The slot that a text has, or would take. */
  private slotOf(text: Uint8Array): number {
    let hash = 0x811c_9dc5;
    for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ (text[place] as number), 0x0100_0193);
    const mask = this.slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const found = this.slots[slot] as number;
      if (found === 0 || this.texts.holds(found - 1, text)) return slot;
    }
  }
}
