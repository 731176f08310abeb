import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create, type Font } from 'fontkit';

/** How heavy text is drawn. */
export type Weight = 'regular' | 'bold';

/** A font in both weights. */
interface Face {
  readonly name: string;
  readonly files: Readonly<Record<Weight, () => string>>;
}

const require = createRequire(import.meta.url);

/** A face from a package that ships whole fonts beside its entry point. */
function whole(name: string, packageName: string, stem: string, extension: 'ttf' | 'otf'): Face {
  const file = (style: string) => () =>
    join(dirname(require.resolve(packageName)), '..', 'fonts', `${stem}-${style}.${extension}`);
  return { name, files: { regular: file('Regular'), bold: file('Bold') } };
}

/** A face from a package that ships one script's part of a font for each weight. */
function ofScript(script: string): Face {
  const file = (weight: number) => () =>
    require.resolve(`@fontsource/noto-sans-${script}/files/noto-sans-${script}-${script}-${weight}-normal.woff`);
  return { name: script, files: { regular: file(400), bold: file(700) } };
}

/**
 * The fonts, in the order in which they are asked for a character. All are of the Noto family under the SIL Open Font License,
 * which allows to embed them. The first covers Latin, Greek, Cyrillic and Devanagari; the largest come last, so that they are
 * read only where they are needed.
 */
const faces: readonly Face[] = [
  whole('latin', '@embedpdf/fonts-latin', 'NotoSans', 'ttf'),
  whole('arabic', '@embedpdf/fonts-arabic', 'NotoNaskhArabic', 'ttf'),
  whole('hebrew', '@embedpdf/fonts-hebrew', 'NotoSansHebrew', 'ttf'),
  ...['thai', 'armenian', 'georgian', 'bengali', 'tamil', 'telugu', 'kannada', 'malayalam', 'gujarati', 'gurmukhi'].map(
    ofScript,
  ),
  // Chinese and Japanese share one font (all of CJK Unified Ideographs, kana), which also has arrows, stars and check marks.
  whole('han', '@embedpdf/fonts-sc', 'NotoSansHans', 'otf'),
  whole('korean', '@embedpdf/fonts-kr', 'NotoSansKR', 'otf'),
];

/** Characters that draw nothing themselves: joiners, variation selectors and the tags of flags. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Text with the font of every UTF-16 unit. Characters that no font has are already replaced. */
export interface FontedText {
  readonly text: string;
  /** The name of the face, by index into `text`. */
  readonly faces: readonly string[];
}

/** Finds fonts for text. Opens each font once and keeps it: parsing one costs more than drawing a résumé. */
export class ResumeFonts {
  readonly #opened = new Map<string, Font>();
  readonly #faceOfCharacter = new Map<string, string | undefined>();

  /**
   * A font for one document, by the name that `fonted` gave. It shares the parsed tables with all others, but has glyphs of its
   * own: a glyph remembers the characters that it was first used for, and what one résumé says about them must not depend on
   * the résumés drawn before.
   */
  forDocument(faceName: string, weight: Weight): PDFKit.Mixins.PDFFontSource {
    return Object.create(this.#open(faceName, weight), { _glyphs: { value: {}, writable: true } });
  }

  /** Gives every character a font that can draw it. */
  fonted(text: string): FontedText {
    let drawn = '';
    const names: string[] = [];
    for (const { segment } of graphemes.segment(text)) {
      const { character, face } = this.#drawable(segment, names.at(-1));
      drawn += character;
      for (let index = 0; index < character.length; index++) names.push(face);
    }
    return { text: drawn, faces: names };
  }

  /** The character itself, a plainer form of it, nothing for a pictograph, or a question mark. */
  #drawable(character: string, before: string | undefined): { character: string; face: string } {
    // Punctuation and spaces stay with the script that they follow where its font has them.
    if (before && /^[\p{P}\p{Zs}]$/u.test(character) && this.#covers(before, character))
      return { character, face: before };
    const face = this.#faceOf(character);
    if (face) return { character, face };
    const plainer = [character.normalize('NFKC'), character.normalize('NFKD').replace(/\p{M}/gu, '')];
    for (const candidate of plainer) {
      const other = candidate === '' ? undefined : this.#faceOf(candidate);
      if (other) return { character: candidate, face: other };
    }
    // No font for print has emoji: leaving them out disturbs a résumé less than a mark in their place.
    const pictograph = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]|\u20e3/u.test(character);
    return { character: pictograph || character.replace(invisible, '') === '' ? '' : '?', face: 'latin' };
  }

  #faceOf(character: string): string | undefined {
    if (this.#faceOfCharacter.has(character)) return this.#faceOfCharacter.get(character);
    const found = faces.find(({ name }) => this.#covers(name, character))?.name;
    this.#faceOfCharacter.set(character, found);
    return found;
  }

  #covers(faceName: string, character: string): boolean {
    const visible = character.replace(invisible, '');
    if (visible === '') return false;
    const font = this.#open(faceName);
    for (const point of visible) if (!font.hasGlyphForCodePoint(point.codePointAt(0) ?? 0)) return false;
    return true;
  }

  #open(faceName: string, weight: Weight = 'regular'): Font {
    const key = `${faceName}-${weight}`;
    const known = this.#opened.get(key);
    if (known) return known;
    const face = faces.find(({ name }) => name === faceName);
    if (!face) throw new RangeError(`There is no font called ${faceName}.`);
    const font = create(readFileSync(face.files[weight]()));
    if (!('hasGlyphForCodePoint' in font))
      throw new TypeError(`The font ${faceName} is a collection; one font is expected.`);
    this.#opened.set(key, font);
    return font;
  }
}
