import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflateRaw, inflate as inflateZlib } from 'node:zlib';

const unpackGzip = promisify(gunzip);
const unpackZlib = promisify(inflateZlib);
const unpackRaw = promisify(inflateRaw);
const unpackBrotli = promisify(brotliDecompress);

/** What we tell vendors that we can unpack. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/** A body packed more often than this is an attack, not a saving. */
const MAX_LAYERS = 2;

/** The body cannot be unpacked within the limit. Stays inside the HTTP client. */
export class InflateError extends Error {
  /**
   * @param reason As a phrase, after "it".
   * @param tooLarge It is the limit that it does not keep.
   */
  constructor(
    readonly reason: string,
    readonly tooLarge: boolean,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/**
 * Unpacks a body by its Content-Encoding, and stops as soon as more than `maxBytes` come out: a few kilobytes can
 * unfold into gigabytes.
 * @throws InflateError
 */
export async function inflate(body: Buffer, contentEncoding: string, maxBytes: number): Promise<Buffer> {
  const layers = contentEncoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity');
  if (layers.length > MAX_LAYERS) throw new InflateError('is packed too many times over', false);
  let unpacked = body;
  for (const layer of layers.reverse()) {
    // A 204 or 304 may name an encoding and have no body.
    if (unpacked.length === 0) return unpacked;
    unpacked = await unpack(unpacked, layer, maxBytes);
  }
  return unpacked;
}

async function unpack(body: Buffer, encoding: string, maxOutputLength: number): Promise<Buffer> {
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return await unpackGzip(body, { maxOutputLength });
    if (encoding === 'br') return await unpackBrotli(body, { maxOutputLength });
    if (encoding === 'deflate') {
      // The standard says zlib; some servers send it without its header. The low four bits tell them apart.
      const hasHeader = ((body[0] ?? 0) & 0x0f) === 0x08;
      return await (hasHeader ? unpackZlib(body, { maxOutputLength }) : unpackRaw(body, { maxOutputLength }));
    }
  } catch (cause) {
    const tooLarge = cause instanceof RangeError;
    const reason = tooLarge ? `unpacks to more than ${maxOutputLength} bytes` : 'cannot be unpacked';
    throw new InflateError(reason, tooLarge, { cause });
  }
  throw new InflateError('is packed in a way that was not offered', false);
}
