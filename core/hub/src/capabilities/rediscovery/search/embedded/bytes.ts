import { utf8Of } from './text-column.js';

/** Writes numbers and texts one after the other. */
export class ByteWriter {
  private bytes = Buffer.alloc(512);
  private length = 0;

  /** A whole number from 0 to 2^31 - 1: the smaller, the shorter. */
  count(number: number): void {
    this.reserve(5);
    let rest = number;
    for (; rest > 127; rest >>>= 7) this.bytes[this.length++] = (rest & 127) | 128;
    this.bytes[this.length++] = rest;
  }

  number(number: number): void {
    this.reserve(8);
    this.length = this.bytes.writeDoubleLE(number, this.length);
  }

  text(text: string): void {
    this.utf8(utf8Of(text));
  }

  /** A text in UTF-8. */
  utf8(text: Uint8Array): void {
    this.count(text.length);
    this.reserve(text.length);
    this.bytes.set(text, this.length);
    this.length += text.length;
  }

  /** A copy of what was written since the last one was taken. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = Uint8Array.from(this.bytes.subarray(0, this.length));
    this.length = 0;
    return taken;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.alloc((this.length + more) * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads what a `ByteWriter` wrote, in the same order. */
export class ByteReader {
  private next = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  count(): number {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.next++] ?? 0;
      number |= (byte & 127) << shift;
      if (byte < 128) return number;
    }
  }

  number(): number {
    const number = this.view.getFloat64(this.next, true);
    this.next += 8;
    return number;
  }

  /** In UTF-8. */
  text(): Uint8Array {
    const length = this.count();
    this.next += length;
    return this.bytes.subarray(this.next - length, this.next);
  }
}
