import { Parser } from 'htmlparser2';
import { TextCollector } from './text-outcome.js';

/** A text in the encoding that its first bytes name, else UTF-8 where it is that, else that of Western Windows. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

const CHARSET = /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w-]{2,30})/i;
const INVISIBLE = new Set(['script', 'style', 'noscript', 'template', 'svg', 'math', 'object', 'iframe', 'select']);
const BLOCKS = new Set(
  'address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table title tr ul'.split(
    ' ',
  ),
);

/** The text of a web page. Nothing in it is run, and nothing is fetched. */
export function readHtml(bytes: Uint8Array): string {
  const page = decodeHtml(bytes);
  const collected = new TextCollector();
  let invisible = 0;
  const parser = new Parser({
    onopentagname: (tag) => {
      if (INVISIBLE.has(tag)) invisible += 1;
      else if (BLOCKS.has(tag)) collected.add('\n');
      else if (tag === 'td' || tag === 'th') collected.add('\t');
    },
    // Where lines break in the source means nothing.
    ontext: (text) => {
      if (invisible === 0) collected.add(text.replace(/\s+/g, ' '));
    },
    onclosetag: (tag) => {
      if (INVISIBLE.has(tag)) invisible -= 1;
      else if (BLOCKS.has(tag)) collected.add('\n');
    },
  });
  for (let from = 0; from < page.length && !collected.full; from += 65_536)
    parser.write(page.slice(from, from + 65_536));
  parser.end();
  return collected.toString();
}

function decodeHtml(bytes: Uint8Array): string {
  const label = CHARSET.exec(Buffer.from(bytes.subarray(0, 2_048)).toString('latin1'))?.[1];
  if (label === undefined || bytes[0] === 0xff || bytes[0] === 0xfe || bytes[0] === 0xef) return decodeText(bytes);
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return decodeText(bytes);
  }
}
