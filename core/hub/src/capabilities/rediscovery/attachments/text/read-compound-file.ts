import { UnreadableFileError } from './text-outcome.js';

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** Sector numbers from here on mean something else: free, end of chain, a part of the table itself. */
const NO_SECTOR = 0xfffffffa;
const SMALL_STREAM_BYTES = 4_096;

/**
 * The streams of a compound file, the container of older Office documents ([MS-CFB], version 3 and 4). Every number in it is
 * checked before it is followed, and no chain is longer than the file.
 */
export class CompoundFile {
  private readonly sectorBytes: number;
  private readonly table: Uint32Array;
  private readonly streams = new Map<string, { readonly start: number; readonly size: number }>();
  private readonly smallTable: Uint32Array;
  private readonly smallSectors: Buffer;

  /** @throws UnreadableFileError */
  constructor(private readonly file: Buffer) {
    if (file.length < HEADER_BYTES) throw new UnreadableFileError('MALFORMED');
    const shift = file.readUInt16LE(30);
    if (shift !== 9 && shift !== 12) throw new UnreadableFileError('MALFORMED');
    this.sectorBytes = 2 ** shift;
    this.table = this.readTable();
    const directory = this.chain(file.readUInt32LE(48));
    let root = { start: NO_SECTOR, size: 0 };
    for (let at = 0; at + ENTRY_BYTES <= directory.length; at += ENTRY_BYTES) {
      const nameBytes = directory.readUInt16LE(at + 64);
      const kind = directory[at + 66];
      const place = { start: directory.readUInt32LE(at + 116), size: directory.readUInt32LE(at + 120) };
      if (kind === 5) root = place;
      if (kind !== 2 || nameBytes < 2 || nameBytes > 64) continue;
      const name = directory.toString('utf16le', at, at + nameBytes - 2);
      if (!this.streams.has(name)) this.streams.set(name, place);
    }
    this.smallTable = numbersOf(this.chain(file.readUInt32LE(60)));
    this.smallSectors = this.chain(root.start);
  }

  /** A stream by its name, wherever it stands. `undefined`: there is none. @throws UnreadableFileError */
  stream(name: string): Buffer | undefined {
    const place = this.streams.get(name);
    if (!place) return undefined;
    const whole = place.size < SMALL_STREAM_BYTES ? this.smallChain(place.start) : this.chain(place.start);
    return whole.subarray(0, place.size);
  }

  private readTable(): Uint32Array {
    const sectors: number[] = [];
    for (let at = 76; at < HEADER_BYTES; at += 4) sectors.push(this.file.readUInt32LE(at));
    const most = Math.ceil(this.file.length / this.sectorBytes);
    // Large files have the rest of the list in sectors of its own, each of which names the next.
    let next = this.file.readUInt32LE(68);
    for (let steps = 0; next < NO_SECTOR && steps < most; steps += 1) {
      const part = numbersOf(this.sector(next));
      sectors.push(...part.subarray(0, -1));
      next = part.at(-1) ?? NO_SECTOR;
    }
    const used = sectors.filter((sector) => sector < NO_SECTOR);
    if (used.length > most) throw new UnreadableFileError('MALFORMED');
    return numbersOf(Buffer.concat(used.map((sector) => this.sector(sector))));
  }

  private chain(start: number): Buffer {
    return Buffer.concat(followed(this.table, start).map((sector) => this.sector(sector)));
  }

  private smallChain(start: number): Buffer {
    return Buffer.concat(
      followed(this.smallTable, start).map((sector) => this.smallSectors.subarray(sector * 64, sector * 64 + 64)),
    );
  }

  private sector(number: number): Buffer {
    const at = (number + 1) * this.sectorBytes;
    if (at >= this.file.length) throw new UnreadableFileError('MALFORMED');
    return this.file.subarray(at, at + this.sectorBytes);
  }
}

/** The sectors of a chain, in order. One that leads back into itself has more than there are. */
function followed(table: Uint32Array, start: number): readonly number[] {
  const sectors: number[] = [];
  for (let sector = start; sector < NO_SECTOR; sector = table[sector] ?? NO_SECTOR) {
    if (sectors.length >= table.length) throw new UnreadableFileError('MALFORMED');
    sectors.push(sector);
  }
  return sectors;
}

function numbersOf(bytes: Buffer): Uint32Array {
  const numbers = new Uint32Array(Math.floor(bytes.length / 4));
  for (const index of numbers.keys()) numbers[index] = bytes.readUInt32LE(index * 4);
  return numbers;
}
