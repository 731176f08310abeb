import { CompoundFile } from './read-compound-file.js';
import { TextCollector, UnreadableFileError } from './text-outcome.js';

/** What the first two bytes of a Word document say ([MS-DOC] 2.5.2). */
const WORD = 0xa5ec;
/** Word 97. The documents before it are made otherwise. */
const WORD_97 = 0x00c1;
const ENCRYPTED = 0x0100;
const TABLE_1 = 0x0200;
/** Where the file says what its pieces are: `fcClx` and `lcbClx`. */
const CLX_AT = 0x01a2;
const PIECE_BYTES = 8;

/** Marks in the text: fields have what they were made of between the first two, and what they show between the last. */
const FIELD_BEGINS = '\u0013';
const FIELD_SHOWS = '\u0014';
const FIELD_ENDS = '\u0015';

/** The text of a Word document of 1997 to 2003 (.doc). @throws UnreadableFileError */
export function readDoc(bytes: Uint8Array): string {
  const file = new CompoundFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const document = file.stream('WordDocument');
  if (!document || document.length < CLX_AT + 8 || document.readUInt16LE(0) !== WORD) {
    throw new UnreadableFileError('MALFORMED');
  }
  const flags = document.readUInt16LE(10);
  if ((flags & ENCRYPTED) !== 0) throw new UnreadableFileError('ENCRYPTED');
  if (document.readUInt16LE(2) < WORD_97) throw new UnreadableFileError('UNSUPPORTED');
  const table = file.stream((flags & TABLE_1) === 0 ? '0Table' : '1Table');
  if (!table) throw new UnreadableFileError('MALFORMED');
  const at = document.readUInt32LE(CLX_AT);
  const clx = table.subarray(at, at + document.readUInt32LE(CLX_AT + 4));
  return shown(textOf(document, pieceTable(clx)));
}

/** The part of the list of pieces that is about text; what comes before it is about how it looks. */
function pieceTable(clx: Buffer): Buffer {
  for (let at = 0; at + 5 <= clx.length; ) {
    if (clx[at] === 2) return clx.subarray(at + 5, at + 5 + clx.readUInt32LE(at + 1));
    if (clx[at] !== 1) break;
    at += 3 + clx.readUInt16LE(at + 1);
  }
  throw new UnreadableFileError('MALFORMED');
}

function textOf(document: Buffer, pieces: Buffer): string {
  const count = Math.floor((pieces.length - 4) / (4 + PIECE_BYTES));
  const text = new TextCollector();
  for (let index = 0; index < count && !text.full; index += 1) {
    const characters = pieces.readUInt32LE((index + 1) * 4) - pieces.readUInt32LE(index * 4);
    const place = pieces.readUInt32LE((count + 1) * 4 + index * PIECE_BYTES + 2);
    if (characters < 0) throw new UnreadableFileError('MALFORMED');
    // One byte a character, where the whole piece is Western; the place then counts in halves.
    const narrow = (place & 0x40000000) !== 0;
    const start = narrow ? (place & 0x3fffffff) / 2 : place & 0x3fffffff;
    const piece = document.subarray(start, start + characters * (narrow ? 1 : 2));
    text.add(new TextDecoder(narrow ? 'windows-1252' : 'utf-16le').decode(piece));
  }
  return text.toString();
}

const FIELD_MARK = new RegExp(`([${FIELD_BEGINS}${FIELD_SHOWS}${FIELD_ENDS}])`);

/** What a reader sees: the values of fields without what they are made of, and the ends of cells as such. */
function shown(text: string): string {
  const seen = new TextCollector();
  /** Of each field that is open: whether what comes now is what it is made of. */
  const fields: boolean[] = [];
  for (const part of text.split(FIELD_MARK)) {
    if (part === FIELD_BEGINS) fields.push(true);
    else if (part === FIELD_SHOWS) fields[Math.max(0, fields.length - 1)] = false;
    else if (part === FIELD_ENDS) fields.pop();
    else if (!fields.includes(true)) seen.add(part);
  }
  return seen.toString().replaceAll('\u0007', '\t').replaceAll('\u001e', '-');
}
