import { type XmlHandler, ZippedDocument } from './read-zip.js';
import { TextCollector, UnreadableFileError } from './text-outcome.js';

/** The parts of a Word document, in the order in which people read it: names and addresses often stand in the header. */
const WORD_PARTS = [
  /^word\/header\d*\.xml$/,
  /^word\/document\d*\.xml$/,
  /^word\/(?:footnotes|endnotes)\.xml$/,
  /^word\/footer\d*\.xml$/,
] as const;

/** The text of a Word document (.docx). @throws UnreadableFileError */
export async function readDocx(bytes: Uint8Array): Promise<string> {
  const zip = await ZippedDocument.open(bytes);
  if (zip.names(WORD_PARTS[1]).length === 0) throw new UnreadableFileError('MALFORMED');
  const text = new TextCollector();
  for (const part of WORD_PARTS) {
    for (const name of zip.names(part)) await zip.walk(name, new WordText(text));
  }
  return text.toString();
}

/** The text of an OpenDocument text (.odt). @throws UnreadableFileError */
export async function readOdt(bytes: Uint8Array): Promise<string> {
  const zip = await ZippedDocument.open(bytes);
  const manifest = new Mentions('encryption-data');
  await zip.walk('META-INF/manifest.xml', manifest);
  if (manifest.found) throw new UnreadableFileError('ENCRYPTED');
  if (zip.names(/^content\.xml$/).length === 0) throw new UnreadableFileError('MALFORMED');
  const text = new TextCollector();
  // Headers and footers stand with the styles of pages.
  await zip.walk('styles.xml', new OpenDocumentText(text, 'master-styles'));
  await zip.walk('content.xml', new OpenDocumentText(text, 'body'));
  return text.toString();
}

class WordText implements XmlHandler {
  private inText = 0;
  /** What stands for the same thing in older words would come twice. */
  private inFallback = 0;
  /** How much there was before each choice that is open, so that a choice without text is known. */
  private readonly choices: number[] = [];

  constructor(private readonly collected: TextCollector) {}

  get full(): boolean {
    return this.collected.full;
  }

  open(tag: string): void {
    if (tag === 'AlternateContent') this.choices.push(this.collected.length);
    if (tag === 'Fallback' && (this.inFallback > 0 || this.collected.length > (this.choices.at(-1) ?? 0))) {
      this.inFallback += 1;
    }
    if (this.inFallback > 0) return;
    if (tag === 't') this.inText += 1;
    else if (tag === 'tab') this.collected.add('\t');
    else if (tag === 'br' || tag === 'cr') this.collected.add('\n');
    else if (tag === 'noBreakHyphen') this.collected.add('-');
  }

  text(text: string): void {
    if (this.inText > 0 && this.inFallback === 0) this.collected.add(text);
  }

  close(tag: string): void {
    if (tag === 'AlternateContent') this.choices.pop();
    if (tag === 'Fallback') this.inFallback = Math.max(0, this.inFallback - 1);
    if (this.inFallback > 0) return;
    if (tag === 't') this.inText -= 1;
    else if (tag === 'p') this.collected.add('\n');
  }
}

class OpenDocumentText implements XmlHandler {
  private inRoot = 0;
  private inParagraph = 0;
  private inOmitted = 0;

  constructor(
    private readonly collected: TextCollector,
    /** The element whose text is wanted. */
    private readonly root: string,
  ) {}

  get full(): boolean {
    return this.collected.full;
  }

  open(tag: string, attributes: Readonly<Record<string, string>>): void {
    if (tag === this.root) this.inRoot += 1;
    if (isOmitted(tag)) this.inOmitted += 1;
    if (tag === 'p' || tag === 'h') this.inParagraph += 1;
    if (!this.wanted) return;
    if (tag === 'tab') this.collected.add('\t');
    else if (tag === 'line-break') this.collected.add('\n');
    else if (tag === 's') this.collected.add(' '.repeat(Math.min(100, Number(attributes['text:c']) || 1)));
  }

  text(text: string): void {
    if (this.wanted) this.collected.add(text);
  }

  close(tag: string): void {
    if ((tag === 'p' || tag === 'h') && this.wanted) this.collected.add('\n');
    if (tag === 'p' || tag === 'h') this.inParagraph -= 1;
    if (isOmitted(tag)) this.inOmitted -= 1;
    if (tag === this.root) this.inRoot -= 1;
  }

  private get wanted(): boolean {
    return this.inRoot > 0 && this.inParagraph > 0 && this.inOmitted === 0;
  }
}

/** What was struck out, and what others remark. */
function isOmitted(tag: string): boolean {
  return tag === 'tracked-changes' || tag === 'annotation';
}

/** Whether an element is there. */
class Mentions implements XmlHandler {
  found = false;

  constructor(private readonly tag: string) {}

  get full(): boolean {
    return this.found;
  }

  open(tag: string): void {
    this.found ||= tag === this.tag;
  }

  text(): void {}

  close(): void {}
}
