import { getDocumentProxy } from 'unpdf';
import { TextCollector, UnreadableFileError } from './text-outcome.js';

/** More pages than a résumé or a portfolio has. What comes after is left out. */
const MOST_PAGES = 300;

/** The text of a PDF. Nothing in it is run, and no picture is drawn. @throws UnreadableFileError */
export async function readPdf(bytes: Uint8Array): Promise<string> {
  const document = await opened(bytes);
  try {
    const text = new TextCollector();
    for (let number = 1; number <= Math.min(document.numPages, MOST_PAGES) && !text.full; number += 1) {
      text.add(await pageText(document, number));
    }
    return text.toString();
  } finally {
    await document.loadingTask.destroy();
  }
}

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

async function opened(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    return await getDocumentProxy(bytes, { verbosity: 0, useSystemFonts: false });
  } catch (cause) {
    const encrypted = cause instanceof Error && cause.name === 'PasswordException';
    throw new UnreadableFileError(encrypted ? 'ENCRYPTED' : 'MALFORMED', { cause });
  }
}

/** One page. A page that is broken is left out: the others may say enough. */
async function pageText(document: PdfDocument, number: number): Promise<string> {
  try {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    const parts = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''));
    return `${parts.join('')}\n`;
  } catch {
    return '';
  }
}
