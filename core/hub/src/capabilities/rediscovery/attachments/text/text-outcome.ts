import type { TextState } from '../attachment-model.js';

/** What reading the text of a file came to. */
export type TextOutcome =
  | { readonly state: 'READ'; readonly text: string }
  | { readonly state: Exclude<TextState, 'READ' | 'NONE'> };

/** A file whose text cannot be read, and why. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';

  constructor(
    readonly state: Exclude<TextState, 'READ' | 'NONE'>,
    options?: ErrorOptions,
  ) {
    super(`The text cannot be read: ${state}.`, options);
  }
}

/** Most characters of a text; what comes after is left out. Forty times a long résumé. */
const TEXT_LIMIT = 500_000;

/** Collects a text up to its limit. */
export class TextCollector {
  private readonly parts: string[] = [];
  private characters = 0;

  /** How many characters it has. */
  get length(): number {
    return this.characters;
  }

  /** No more of it is wanted. */
  get full(): boolean {
    // Some of what comes is white space that goes again.
    return this.characters >= 2 * TEXT_LIMIT;
  }

  add(text: string): void {
    if (this.full || text === '') return;
    this.parts.push(text);
    this.characters += text.length;
  }

  toString(): string {
    return this.parts.join('');
  }
}

/** A text without what no text has: control characters, halves of characters, lines of white space. */
export function normalText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
      // Soft hyphens and marks of direction and width are for whoever sets the text.
      .replace(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g, '')
      .replace(/(?![\n\t])\p{Cc}/gu, '')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
      // Before it is cut: a few characters become three.
      .normalize('NFC')
      .slice(0, TEXT_LIMIT)
      // The limit may have cut one in two.
      .toWellFormed()
  );
}
