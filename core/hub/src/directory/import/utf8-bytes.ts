import type { ByteSource } from './import-row.js';

function startsWith(bytes: Uint8Array, ...mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/**
 * The same file without a byte order mark, and as UTF-8 where the mark says UTF-16 (spreadsheets save "Unicode text" so).
 * Bytes that are no UTF-8 pass: the row that holds them is refused, not the file.
 */
export async function* utf8Bytes(source: ByteSource): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined;
  let head: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of source) {
    if (head === undefined) {
      yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < 3) continue;
    if (startsWith(head, 0xff, 0xfe)) decoder = new TextDecoder('utf-16le');
    else if (startsWith(head, 0xfe, 0xff)) decoder = new TextDecoder('utf-16be');
    if (decoder) yield Buffer.from(decoder.decode(head, { stream: true }));
    else yield startsWith(head, 0xef, 0xbb, 0xbf) ? head.subarray(3) : head;
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield head;
  if (decoder) yield Buffer.from(decoder.decode());
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a row, or `undefined` when its bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What to do about a row that is no UTF-8. */
export const notUtf8 = 'is not UTF-8 text: save the file as UTF-8 ("CSV UTF-8" in spreadsheets)';
