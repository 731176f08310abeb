import { createRequire } from 'node:module';
import type bidiFactory from 'bidi-js';
import type { ResumeFonts, Weight } from './resume-fonts.js';

/** How text looks. */
export interface TextStyle {
  readonly size: number;
  readonly weight: Weight;
  readonly color: string;
}

/** A piece of one line in one font, to be drawn from left to right at once. */
export interface Run {
  readonly text: string;
  readonly face: string;
  /** From the beginning of the line. */
  readonly x: number;
}

/** One line, in the order in which it is seen. */
export interface Line {
  readonly runs: readonly Run[];
  readonly width: number;
  /** The paragraph is written from right to left. */
  readonly rightToLeft: boolean;
}

/** The width of text in one font. */
export type Measure = (text: string, face: string, style: TextStyle) => number;

// The package is CommonJS that exports the factory itself, while its types claim a default export.
const createBidi: typeof bidiFactory.default = createRequire(import.meta.url)('bidi-js');
const bidi = createBidi();
const words = new Intl.Segmenter('und', { granularity: 'word' });
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Scripts written without spaces: a line may end between any two words of them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const endsUnspaced = new RegExp(`${unspaced.source}\\p{M}*$`, 'u');
const startsUnspaced = new RegExp(`^${unspaced.source}`, 'u');
const breaksAfter = /[\s\-–—/|、。，！？；：]$/u;

/**
 * Whether drawing a word puts it into visual order: fontkit turns what holds a letter of such a script, but neither punctuation
 * alone nor the order of words.
 */
function fontReverses(word: string): boolean {
  return /[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(word);
}

function reversed(word: string): string {
  return [...graphemes.segment(word)]
    .map(({ segment }) => segment)
    .toReversed()
    .join('');
}

/**
 * Breaks text into lines and puts each into visual order. PDFKit's own layout knows neither scripts that run from right to left
 * nor several fonts in a line.
 */
export class TextLayout {
  constructor(
    private readonly fonts: ResumeFonts,
    private readonly measure: Measure,
  ) {}

  /** The lines of a paragraph (without line breaks of its own) that are at most `width` wide. */
  lines(paragraph: string, style: TextStyle, width: number): Line[] {
    const { text, faces } = this.fonts.fonted(paragraph);
    if (text.trim() === '') return [];
    const levels = bidi.getEmbeddingLevels(text, 'auto');
    const ranges = this.#break(text, faces, style, width);
    return ranges.map(([start, end]) => this.#visual(text, faces, levels, start, end, style));
  }

  /** Where lines begin and end, without the spaces at their ends. */
  #break(text: string, faces: readonly string[], style: TextStyle, width: number): [start: number, end: number][] {
    const pieces = this.#pieces(text).flatMap((piece) => {
      const length = this.#width(text, faces, piece.start, piece.end, style);
      return length <= width ? [{ ...piece, length }] : this.#characters(text, faces, piece.start, piece.end, style);
    });
    const ranges: [number, number][] = [];
    let start = -1;
    let end = 0;
    let length = 0;
    for (const piece of pieces) {
      const blank = text.slice(piece.start, piece.end).trim() === '';
      if (start === -1) {
        if (blank) continue;
        [start, end, length] = [piece.start, piece.end, piece.length];
        continue;
      }
      // The spaces at a piece's end hang over the line's.
      const hanging = piece.length - this.#hanging(text, faces, piece.start, piece.end, style);
      if (length + hanging <= width + 0.01) {
        end = piece.end;
        length += piece.length;
        continue;
      }
      ranges.push([start, end]);
      [start, end, length] = blank ? [-1, end, 0] : [piece.start, piece.end, piece.length];
    }
    if (start !== -1) ranges.push([start, end]);
    return ranges.map(([from, to]) => [from, from + text.slice(from, to).trimEnd().length]);
  }

  #hanging(text: string, faces: readonly string[], start: number, end: number, style: TextStyle): number {
    const trimmed = start + text.slice(start, end).trimEnd().length;
    return trimmed === end ? 0 : this.#width(text, faces, trimmed, end, style);
  }

  /** The shortest pieces between which a line may end. */
  #pieces(text: string): { start: number; end: number }[] {
    const pieces: { start: number; end: number }[] = [];
    for (const { segment, index } of words.segment(text)) {
      const last = pieces.at(-1);
      const before = last ? text.slice(last.start, last.end) : '';
      const mayBreak =
        !last ||
        (breaksAfter.test(before) && !/^[\s\p{Pe}\p{Po}]/u.test(segment)) ||
        (endsUnspaced.test(before) && startsUnspaced.test(segment));
      if (mayBreak) pieces.push({ start: index, end: index + segment.length });
      else last.end = index + segment.length;
    }
    return pieces;
  }

  /** A piece that is wider than a line (a URL, most often), character by character. */
  #characters(text: string, faces: readonly string[], start: number, end: number, style: TextStyle) {
    return [...graphemes.segment(text.slice(start, end))].map(({ segment, index }) => ({
      start: start + index,
      end: start + index + segment.length,
      length: this.#width(text, faces, start + index, start + index + segment.length, style),
    }));
  }

  #width(text: string, faces: readonly string[], start: number, end: number, style: TextStyle): number {
    let width = 0;
    for (let from = start; from < end; ) {
      let to = from + 1;
      while (to < end && faces[to] === faces[from]) to++;
      width += this.measure(text.slice(from, to), faces[from] ?? 'latin', style);
      from = to;
    }
    return width;
  }

  #visual(
    text: string,
    faces: readonly string[],
    levels: ReturnType<typeof bidi.getEmbeddingLevels>,
    start: number,
    end: number,
    style: TextStyle,
  ): Line {
    // It orders the line, but answers with the indices of the whole text.
    const order = bidi.getReorderedIndices(text, levels, start, end - 1).slice(start, end);
    const mirrored = bidi.getMirroredCharactersMap(text, levels.levels, start, end - 1);
    const runs: Run[] = [];
    let x = 0;
    const draw = (run: string, face: string) => {
      if (run.trim() !== '') runs.push({ text: run, face, x });
      x += this.measure(run, face, style);
    };
    for (let from = 0; from < order.length; ) {
      const first = order[from] ?? 0;
      const [level, face] = [levels.levels[first] ?? 0, faces[first] ?? 'latin'];
      let to = from + 1;
      while (to < order.length) {
        const index = order[to] ?? 0;
        if ((levels.levels[index] ?? 0) % 2 !== level % 2 || faces[index] !== face) break;
        if (Math.abs(index - (order[to - 1] ?? 0)) !== 1) break;
        to++;
      }
      const indices = order.slice(from, to);
      const logical = indices
        .toSorted((one, other) => one - other)
        .map((index) => mirrored.get(index) ?? text[index] ?? '')
        .join('');
      if (level % 2 === 0) draw(logical, face);
      else
        for (const word of logical.split(/(\s+)/u).toReversed()) draw(fontReverses(word) ? word : reversed(word), face);
      from = to;
    }
    const paragraph = levels.paragraphs.find((each) => each.start <= start && start <= each.end);
    return { runs, width: x, rightToLeft: (paragraph?.level ?? 0) % 2 === 1 };
  }
}
