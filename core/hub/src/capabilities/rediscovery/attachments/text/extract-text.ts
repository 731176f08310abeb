import { fileTypeOf } from './file-type.js';
import { readDoc } from './read-doc.js';
import { readDocx, readOdt } from './read-office.js';
import { readPdf } from './read-pdf.js';
import { decodeText, readHtml } from './read-plain.js';
import { readRtf } from './read-rtf.js';
import { normalText, type TextOutcome, UnreadableFileError } from './text-outcome.js';

/**
 * Reads the text of a file, whatever it is. It is given anything: run it where it may take too long and too much memory.
 * @returns A state for every file; it never throws for what a file is.
 */
export async function extractText(bytes: Uint8Array): Promise<TextOutcome> {
  try {
    const text = normalText(await read(bytes));
    return text === '' ? { state: 'EMPTY' } : { state: 'READ', text };
  } catch (error) {
    return { state: error instanceof UnreadableFileError ? error.state : 'MALFORMED' };
  }
}

async function read(bytes: Uint8Array): Promise<string> {
  switch (fileTypeOf(bytes)) {
    case 'pdf':
      return await readPdf(bytes);
    case 'docx':
      return await readDocx(bytes);
    case 'odt':
      return await readOdt(bytes);
    case 'doc':
      return readDoc(bytes);
    case 'rtf':
      return readRtf(bytes);
    case 'html':
      return readHtml(bytes);
    case 'text':
      return decodeText(bytes);
    case 'encryptedOffice':
      throw new UnreadableFileError('ENCRYPTED');
    default:
      throw new UnreadableFileError('UNSUPPORTED');
  }
}
