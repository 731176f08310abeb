import { strToU8, type Zippable, zipSync } from 'fflate';
import PDFDocument from 'pdfkit';

/** What the documents of the tests say. Nobody's résumé. */
export const LINES = ['Ada Example', 'Größe: 3 – “Welder” at Zażółć & Söhne', 'ada@mail.example'] as const;

/** A PDF. @param password Without it nobody reads the document. */
export function pdf(
  lines: readonly string[] = ['Ada Example', 'ada@mail.example'],
  password?: string,
): Promise<Buffer> {
  const document = new PDFDocument({ compress: true, ...(password === undefined ? {} : { userPassword: password }) });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
  });
  for (const line of lines) document.text(line);
  document.end();
  return whole;
}

/** A PDF whose one page has this as its content, stored as it comes. */
export function rawPdf(content: Uint8Array, filter: string): Buffer {
  const head = Buffer.from(
    '%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n' +
      '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << >> >>\nendobj\n' +
      `4 0 obj\n<< /Length ${content.length} /Filter ${filter} >>\nstream\n`,
  );
  return Buffer.concat([head, content, Buffer.from('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n')]);
}

/** A Word document. @param parts Further parts, or others in their place. */
export function docx(lines: readonly string[] = LINES, parts: Zippable = {}): Buffer {
  const paragraphs = lines.map((line) => `<w:p><w:r><w:t xml:space="preserve">${escaped(line)}</w:t></w:r></w:p>`);
  return Buffer.from(
    zipSync({
      '[Content_Types].xml': strToU8('<?xml version="1.0"?><Types/>'),
      'word/document.xml': strToU8(
        `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraphs.join('')}</w:body></w:document>`,
      ),
      ...parts,
    }),
  );
}

/** An OpenDocument text. @param parts Further parts, or others in their place. */
export function odt(lines: readonly string[] = LINES, parts: Zippable = {}): Buffer {
  const paragraphs = lines.map((line) => `<text:p>${escaped(line)}</text:p>`);
  return Buffer.from(
    zipSync({
      mimetype: [strToU8('application/vnd.oasis.opendocument.text'), { level: 0 }],
      'META-INF/manifest.xml': strToU8('<manifest:manifest/>'),
      'content.xml': strToU8(
        `<office:document-content><office:body><office:text>${paragraphs.join('')}</office:text></office:body></office:document-content>`,
      ),
      ...parts,
    }),
  );
}

/** A document in Rich Text Format. */
export function rtf(lines: readonly string[] = LINES): Buffer {
  const text = lines.map((line) =>
    [...line]
      .map((character) => {
        const code = character.charCodeAt(0);
        if (/[\\{}]/.test(character)) return `\\${character}`;
        return code < 128 ? character : `\\u${code > 32_767 ? code - 65_536 : code}?`;
      })
      .join(''),
  );
  return Buffer.from(
    `{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Times New Roman;}}{\\*\\generator Nobody;}\\f0 ${text.join('\\par ')}\\par}`,
    'latin1',
  );
}

/** A web page with things in it that nobody reads. */
export function html(lines: readonly string[] = LINES): Buffer {
  return Buffer.from(
    `<!DOCTYPE html><html><head><meta charset="utf-8"><style>p { color: red }</style><script>alert('no text')</script></head>` +
      `<body>${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}</body></html>`,
  );
}

const SECTOR = 512;
const END = 0xfffffffe;
const FREE = 0xffffffff;

/**
 * A Word document of 1997: a compound file with the two streams that matter, as [MS-CFB] and [MS-DOC] describe them.
 * @param options `encrypted`: it says that it is. `wide`: two bytes a character.
 */
export function doc(
  lines: readonly string[] = LINES,
  { encrypted = false, wide = true }: { readonly encrypted?: boolean; readonly wide?: boolean } = {},
): Buffer {
  const text = `${lines.join('\r')}\r`;
  const characters = wide ? Buffer.from(text, 'utf16le') : Buffer.from(text, 'latin1');
  const textAt = 0x800;
  const word = Buffer.alloc(Math.max(4_096, textAt + characters.length));
  word.writeUInt16LE(0xa5ec, 0);
  word.writeUInt16LE(0x00c1, 2);
  word.writeUInt16LE(0x0200 | (encrypted ? 0x0100 : 0), 10);
  characters.copy(word, textAt);
  const clx = Buffer.alloc(5 + 8 + 8);
  clx.writeUInt8(2, 0);
  clx.writeUInt32LE(16, 1);
  clx.writeUInt32LE(text.length, 9);
  clx.writeUInt32LE(wide ? textAt : ((textAt * 2) | 0x40000000) >>> 0, 15);
  word.writeUInt32LE(text.length, 0x4c);
  word.writeUInt32LE(0, 0x1a2);
  word.writeUInt32LE(clx.length, 0x1a6);
  const table = Buffer.alloc(4_096);
  clx.copy(table);
  return compoundFile({ WordDocument: word, '1Table': table });
}

/** A compound file with these streams, each at least 4,096 bytes long. */
export function compoundFile(streams: Readonly<Record<string, Buffer>>): Buffer {
  const sectors: Buffer[] = [];
  const table: number[] = [];
  const store = (bytes: Buffer): number => {
    const first = sectors.length;
    const count = Math.ceil(bytes.length / SECTOR);
    for (let index = 0; index < count; index += 1) {
      const sector = Buffer.alloc(SECTOR);
      bytes.copy(sector, 0, index * SECTOR);
      sectors.push(sector);
      table.push(index === count - 1 ? END : first + index + 1);
    }
    return first;
  };
  const entry = (name: string, kind: number, start: number, size: number, others: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(128);
    bytes.write(name, 0, 'utf16le');
    bytes.writeUInt16LE((name.length + 1) * 2, 64);
    bytes.writeUInt8(kind, 66);
    bytes.writeUInt8(1, 67);
    for (const [index, other] of others.entries()) bytes.writeUInt32LE(other, 68 + index * 4);
    bytes.writeUInt32LE(start, 116);
    bytes.writeUInt32LE(size, 120);
    return bytes;
  };
  const entries = Object.entries(streams).map(([name, bytes], index, all) =>
    entry(name, 2, store(bytes), bytes.length, [FREE, index + 1 < all.length ? index + 2 : FREE, FREE]),
  );
  const root = entry('Root Entry', 5, END, 0, [FREE, FREE, 1]);
  const directory = store(Buffer.concat([root, ...entries]));
  const tableAt = sectors.length;
  table.push(0xfffffffd);
  const tableSector = Buffer.alloc(SECTOR, 0xff);
  for (const [index, next] of table.entries()) tableSector.writeUInt32LE(next, index * 4);
  sectors.push(tableSector);
  const header = Buffer.alloc(SECTOR, 0);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(directory, 48);
  header.writeUInt32LE(4_096, 56);
  header.writeUInt32LE(END, 60);
  header.writeUInt32LE(END, 68);
  header.fill(0xff, 76);
  header.writeUInt32LE(tableAt, 76);
  return Buffer.concat([header, ...sectors]);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
