import { TextCollector, UnreadableFileError } from './text-outcome.js';

/** More groups in each other than any document has. */
const MOST_DEEP = 1_000;

/** Groups whose content is no text. */
const OMITTED = new Set(
  'fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl generator fldinst filetbl revtbl xmlnstbl mmathPr pgptbl userprops atnid atnauthor annotation bkmkstart bkmkend nonshppict'.split(
    ' ',
  ),
);

/** Control words that are text. */
const TEXTS: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  row: '\n',
  cell: '\t',
  nestcell: '\t',
  nestrow: '\n',
  tab: '\t',
  emdash: '\u2014',
  endash: '\u2013',
  bullet: '\u2022',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  emspace: ' ',
  enspace: ' ',
};

/** Code pages under the names that decoders have for them. */
const CODE_PAGES: Readonly<Record<number, string>> = {
  437: 'windows-1252',
  850: 'windows-1252',
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  65001: 'utf-8',
};

/** Character sets of fonts, as code pages. */
const FONT_CODE_PAGES: Readonly<Record<number, number>> = {
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};

const WORD = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?/y;

interface Group {
  readonly omitted: boolean;
  /** How many characters stand after a Unicode one, for readers that do not know it. */
  readonly fallback: number;
  readonly codePage: number;
}

/** The text of a file in Rich Text Format. @throws UnreadableFileError */
export function readRtf(bytes: Uint8Array): string {
  return new RtfReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')).read();
}

class RtfReader {
  private readonly collected = new TextCollector();
  private readonly groups: Group[] = [];
  private group: Group = { omitted: false, fallback: 1, codePage: 1252 };
  private readonly fonts = new Map<number, number>();
  private inFontTable = 0;
  private font = 0;
  /** Bytes of characters that may be longer than one. */
  private pending: number[] = [];
  private skip = 0;
  private at = 0;

  constructor(private readonly source: string) {}

  read(): string {
    const { source } = this;
    while (this.at < source.length && !this.collected.full) {
      const character = source[this.at];
      if (character === '{') this.open();
      else if (character === '}') this.close();
      else if (character === '\\') this.control();
      else {
        this.at += 1;
        if (character !== '\r' && character !== '\n') this.byte(source.charCodeAt(this.at - 1));
      }
    }
    this.flush();
    return this.collected.toString();
  }

  private open(): void {
    this.flush();
    this.at += 1;
    this.skip = 0;
    if (this.groups.length >= MOST_DEEP) throw new UnreadableFileError('MALFORMED');
    this.groups.push(this.group);
  }

  private close(): void {
    this.flush();
    this.at += 1;
    this.skip = 0;
    this.group = this.groups.pop() ?? this.group;
    if (this.groups.length < this.inFontTable) this.inFontTable = 0;
  }

  private control(): void {
    WORD.lastIndex = this.at;
    const [whole, word = '', parameter] = WORD.exec(this.source) ?? [];
    if (whole !== undefined) {
      this.at += whole.length;
      this.word(word, parameter === undefined ? undefined : Number(parameter));
      return;
    }
    const symbol = this.source[this.at + 1];
    if (symbol === "'") {
      const value = Number.parseInt(this.source.slice(this.at + 2, this.at + 4), 16);
      this.at += 4;
      if (Number.isInteger(value)) this.byte(value);
      return;
    }
    this.at += 2;
    if (symbol === '*') this.group = { ...this.group, omitted: true };
    else if (symbol === '~') this.text(' ');
    else if (symbol === '_') this.text('-');
    else if (symbol === '\\' || symbol === '{' || symbol === '}') this.byte(symbol.charCodeAt(0));
    else if (symbol === '\n' || symbol === '\r') this.text('\n');
  }

  private word(word: string, parameter: number | undefined): void {
    const text = Object.hasOwn(TEXTS, word) ? TEXTS[word] : undefined;
    if (text !== undefined) this.text(text);
    else if (word === 'u' && parameter !== undefined) {
      this.flush();
      this.emit(String.fromCharCode(parameter & 0xffff));
      this.skip = this.group.fallback;
    } else if (word === 'uc' && parameter !== undefined) {
      this.group = { ...this.group, fallback: Math.min(100, Math.max(0, parameter)) };
    } else if (word === 'ansicpg' && parameter !== undefined) this.group = { ...this.group, codePage: parameter };
    else if (word === 'mac') this.group = { ...this.group, codePage: 10000 };
    // What follows is not text but so many bytes.
    else if (word === 'bin') this.at += Math.max(0, parameter ?? 0);
    else if (word === 'f' && parameter !== undefined) this.useFont(parameter);
    else if (word === 'fcharset' && parameter !== undefined && this.inFontTable > 0) {
      const codePage = FONT_CODE_PAGES[parameter];
      if (codePage !== undefined) this.fonts.set(this.font, codePage);
    } else if (OMITTED.has(word)) {
      if (word === 'fonttbl') this.inFontTable = this.groups.length;
      this.group = { ...this.group, omitted: true };
    }
  }

  private useFont(font: number): void {
    this.flush();
    this.font = font;
    const codePage = this.fonts.get(font);
    if (codePage !== undefined && this.inFontTable === 0) this.group = { ...this.group, codePage };
  }

  private byte(value: number): void {
    if (this.skip > 0) this.skip -= 1;
    else if (!this.group.omitted) this.pending.push(value);
    if (this.pending.length >= 4_096) this.flush();
  }

  private text(text: string): void {
    this.flush();
    if (this.skip > 0) this.skip -= 1;
    else this.emit(text);
  }

  private emit(text: string): void {
    if (!this.group.omitted) this.collected.add(text);
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    this.collected.add(decoderOf(this.group.codePage).decode(Uint8Array.from(this.pending)));
    this.pending = [];
  }
}

function decoderOf(codePage: number): TextDecoder {
  const label = CODE_PAGES[codePage] ?? (codePage >= 1250 && codePage <= 1258 ? `windows-${codePage}` : 'windows-1252');
  return new TextDecoder(label);
}
