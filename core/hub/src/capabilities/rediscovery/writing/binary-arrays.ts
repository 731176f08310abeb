/**
 * Lists of values in the binary form of PostgreSQL's arrays, to be handed over as parameters: the database takes them without
 * reading any text, for two thirds of what JSON costs it. Written by hand byte by byte, because every record that is new passes
 * here, and a call into Node for each value costs more than the value.
 */

/** What is missing becomes null. */
export type Maybe<Value> = Value | null | undefined;

/** Numbers of built-in types, the same in every database (`pg_type.dat`). */
const TYPE = { boolean: 16, bigint: 20, text: 25, json: 114, timestamptz: 1184, uuid: 2950 } as const;

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
/** A unit of UTF-16 takes at most this in UTF-8. */
const BYTES_A_UNIT = 3;
/** Texts up to this are quicker written here than by Node. */
const SHORT = 48;
/** PostgreSQL counts time from here. */
const EPOCH_MS = Date.UTC(2000, 0);
const TWO_TO_32 = 2 ** 32;

/** How much a room holds: the arrays of some 200 candidates with histories, each counted at its longest. */
const ROOM_BYTES = 1_500_000;
/** Rooms that are kept for the next statements. */
const MOST_FREE = 8;

/**
 * Where arrays are written, one behind the other, and others once they were sent. Memory of its own for each of them, a megabyte
 * for a page, would have the garbage collector look through all of this process every few pages.
 */
export class ArrayRoom {
  private static readonly free: ArrayRoom[] = [];
  private readonly bytes = Buffer.allocUnsafeSlow(ROOM_BYTES);
  private used = 0;

  /** A room with nothing in it. */
  static take(): ArrayRoom {
    return ArrayRoom.free.pop() ?? new ArrayRoom();
  }

  /** Called when nobody reads what was written any more. */
  giveBack(): void {
    this.used = 0;
    if (ArrayRoom.free.length < MOST_FREE) ArrayRoom.free.push(this);
  }

  /**
   * Has an array written.
   * @param most How long it becomes at most, in bytes. What does not fit has memory of its own.
   * @param write Answers where it ends.
   */
  write(most: number, write: (to: Buffer, at: number) => number): Buffer {
    if (most > ROOM_BYTES - this.used) {
      const alone = Buffer.allocUnsafe(most);
      return alone.subarray(0, write(alone, 0));
    }
    const from = this.used;
    this.used = write(this.bytes, from);
    return this.bytes.subarray(from, this.used);
  }
}

/** Texts. */
export function textArray(room: ArrayRoom, values: readonly Maybe<string>[]): Buffer {
  return arrayOf(room, TYPE.text, values, (value) => BYTES_A_UNIT * value.length, writeText);
}

/** Texts that are JSON already. */
export function jsonArray(room: ArrayRoom, values: readonly Maybe<string>[]): Buffer {
  return arrayOf(room, TYPE.json, values, (value) => BYTES_A_UNIT * value.length, writeText);
}

/** UUIDs, as texts. */
export function uuidArray(room: ArrayRoom, values: readonly Maybe<string>[]): Buffer {
  return arrayOf(room, TYPE.uuid, values, () => 16, writeUuid);
}

/** Times, as texts that JavaScript can read, to the millisecond. */
export function timeArray(room: ArrayRoom, values: readonly Maybe<string>[]): Buffer {
  return arrayOf(
    room,
    TYPE.timestamptz,
    values,
    () => 8,
    (value, to, at) => writeBigint((Date.parse(value) - EPOCH_MS) * 1_000, to, at),
  );
}

/** Whole numbers that JavaScript can count to. */
export function bigintArray(room: ArrayRoom, values: readonly Maybe<number>[]): Buffer {
  return arrayOf(room, TYPE.bigint, values, () => 8, writeBigint);
}

/** Truths. */
export function booleanArray(room: ArrayRoom, values: readonly Maybe<boolean>[]): Buffer {
  return arrayOf(
    room,
    TYPE.boolean,
    values,
    () => 1,
    (value, to, at) => {
      to[at] = value ? 1 : 0;
      return at + 1;
    },
  );
}

/**
 * Dimensions, whether there are nulls, the type, how many there are and where it begins to count; then each value after its length.
 * @param mostBytes How long a value becomes at most.
 * @param write Answers where the value ends.
 */
function arrayOf<Value>(
  room: ArrayRoom,
  type: number,
  values: readonly Maybe<Value>[],
  mostBytes: (value: Value) => number,
  write: (value: Value, to: Buffer, at: number) => number,
): Buffer {
  let most = HEADER_BYTES;
  for (const value of values) most += LENGTH_BYTES + (value == null ? 0 : mostBytes(value));
  return room.write(most, (to, begin) => {
    let at = begin;
    for (const number of [1, 1, type, values.length, 1]) at = writeInt(number, to, at);
    for (const value of values) {
      const from = at + LENGTH_BYTES;
      const end = value == null ? from : write(value, to, from);
      writeInt(value == null ? -1 : end - from, to, at);
      at = end;
    }
    return at;
  });
}

function writeText(value: string, to: Buffer, at: number): number {
  if (value.length > SHORT) return at + to.write(value, at);
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code > 0x7f) return at + to.write(value, at);
    to[at + index] = code;
  }
  return at + value.length;
}

/** Where the bytes of a UUID stand in its text, between the dashes. */
const UUID_BYTES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** What hexadecimal digits of either case stand for, by their codes: a table is read twice as quickly as they are told apart. */
const NIBBLES = Uint8Array.from({ length: 0x80 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);

function writeUuid(value: string, to: Buffer, at: number): number {
  let end = at;
  for (const place of UUID_BYTES) {
    to[end] = (nibble(value, place) << 4) | nibble(value, place + 1);
    end += 1;
  }
  return end;
}

function nibble(value: string, place: number): number {
  return NIBBLES[value.charCodeAt(place)] ?? 0;
}

function writeBigint(value: number, to: Buffer, at: number): number {
  const high = Math.floor(value / TWO_TO_32);
  return writeInt(value - high * TWO_TO_32, to, writeInt(high, to, at));
}

/** The low 32 bits, whatever the sign. */
function writeInt(value: number, to: Buffer, at: number): number {
  to[at] = value >>> 24;
  to[at + 1] = value >>> 16;
  to[at + 2] = value >>> 8;
  to[at + 3] = value;
  return at + 4;
}
