/** Types of files that are told apart by their bytes. */
export type FileType = 'pdf' | 'docx' | 'odt' | 'doc' | 'encryptedOffice' | 'rtf' | 'html' | 'text' | 'image' | 'other';

const MEDIA_TYPES: Readonly<Record<FileType, string>> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  odt: 'application/vnd.oasis.opendocument.text',
  doc: 'application/msword',
  encryptedOffice: 'application/octet-stream',
  rtf: 'application/rtf',
  html: 'text/html',
  text: 'text/plain',
  image: 'application/octet-stream',
  other: 'application/octet-stream',
};

const IMAGES: readonly { readonly magic: Buffer; readonly mediaType: string }[] = [
  { magic: Buffer.from([0x89, 0x50, 0x4e, 0x47]), mediaType: 'image/png' },
  { magic: Buffer.from([0xff, 0xd8, 0xff]), mediaType: 'image/jpeg' },
  { magic: Buffer.from('GIF8', 'latin1'), mediaType: 'image/gif' },
];

const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const COMPOUND_FILE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const BYTE_ORDER_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff]), Buffer.from([0xef, 0xbb, 0xbf])];
const ODT_MARK = Buffer.from('mimetypeapplication/vnd.oasis.opendocument.text', 'latin1');
const HTML =
  /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|div|p|table)\b/i;
/** How much of a file is looked at. */
const LOOKED_AT = 4_096;

/** What a file is, as its bytes say: names and the types that others give are not believed. */
export function fileTypeOf(bytes: Uint8Array): FileType {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = file.subarray(0, LOOKED_AT);
  // PDF readers find the mark anywhere in the first kilobyte.
  if (start.subarray(0, 1_024).includes('%PDF-')) return 'pdf';
  if (startsWith(file, ZIP)) {
    if (file.subarray(30, 200).includes(ODT_MARK)) return 'odt';
    return file.includes('word/document') ? 'docx' : 'other';
  }
  if (startsWith(file, COMPOUND_FILE)) {
    if (file.includes(Buffer.from('EncryptedPackage', 'utf16le'))) return 'encryptedOffice';
    return file.includes(Buffer.from('WordDocument', 'utf16le')) ? 'doc' : 'other';
  }
  if (/^\s*\{\\rtf/.test(start.toString('latin1'))) return 'rtf';
  if (IMAGES.some(({ magic }) => startsWith(file, magic))) return 'image';
  const marked = BYTE_ORDER_MARKS.some((mark) => startsWith(file, mark));
  const wide = marked && file[0] !== 0xef;
  const text = wide
    ? new TextDecoder(file[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(start)
    : start.toString('latin1').replace('\u00ef\u00bb\u00bf', '');
  if (hasOtherControls(text)) return 'other';
  return HTML.test(text) ? 'html' : 'text';
}

/** The media type of a file, as its bytes say. */
export function mediaTypeOf(bytes: Uint8Array): string {
  const type = fileTypeOf(bytes);
  const image = type === 'image' ? IMAGES.find(({ magic }) => startsWith(Buffer.from(bytes), magic)) : undefined;
  return image?.mediaType ?? MEDIA_TYPES[type];
}

function startsWith(file: Buffer, magic: Buffer): boolean {
  return file.subarray(0, magic.length).equals(magic);
}

/** Whether there are control characters that no text has. Escape is one that some have. */
function hasOtherControls(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 9 || (code > 13 && code < 27) || (code > 27 && code < 32)) return true;
  }
  return false;
}
