import { randomBytes } from 'node:crypto';
import type { Secret } from '@talentbridge/contracts';
import { secretForms } from './secret-forms.js';

const PLACEHOLDER = /\[secret ([A-Za-z][\w.-]*) [\w-]{22}\]/g;

/** What every placeholder begins with: text without it is not looked at any closer. */
const BEGINNING = '[secret ';

/** Shorter values are no secrets worth the name, and hiding them would tear holes into every text. */
const MIN_REDACTED_LENGTH = 4;

/** Below this, a value in an answer is taken for the secret only where it stands as a word of its own. */
const MIN_LENGTH_WITHIN_WORDS = 8;

/**
 * The secrets of one opened connection. The plugin sees placeholders, the wire gets the values, and whatever is written
 * down gets neither.
 *
 * The values are in private fields: printing, inspecting or serialising this object shows none. Another connection's
 * object does not know these placeholders.
 */
export class SecretPlaceholders {
  readonly #values = new Map<string, string>();
  readonly #placeholders = new Map<string, Secret>();
  /** Every form of every value that is long enough, and what replaces it. */
  readonly #forms = new Map<string, { readonly name: string; readonly placeholder: Secret; readonly word: boolean }>();
  #matcher: RegExp | undefined;

  /**
   * Takes a value in, and gives the placeholder that stands for it: `[secret <name> <22 random characters>]`. The same
   * name and value get the same placeholder again.
   * @param name What the secret is called, for people. Characters that have no place in a placeholder become `-`.
   */
  conceal(name: string, value: string): Secret {
    const label = labelOf(name);
    const key = `${label} ${value}`;
    const known = this.#placeholders.get(key);
    if (known !== undefined) return known;
    const placeholder = asSecret(`[secret ${label} ${randomBytes(16).toString('base64url')}]`);
    this.#placeholders.set(key, placeholder);
    this.#values.set(placeholder, value);
    if (value.length >= MIN_REDACTED_LENGTH) {
      for (const form of secretForms(value)) {
        if (this.#forms.has(form)) continue;
        this.#forms.set(form, { name: label, placeholder, word: form.length < MIN_LENGTH_WITHIN_WORDS });
      }
      this.#matcher = undefined;
    }
    return placeholder;
  }

  /**
   * Puts the values in place of this connection's placeholders. Whatever else looks like a placeholder stays as it is,
   * and a value is never searched for further placeholders.
   * @param encode Encodes each value for where it goes. Default: as it is.
   */
  reveal(text: string, encode: (value: string) => string = (value) => value): string {
    if (!text.includes(BEGINNING)) return text;
    return text.replace(PLACEHOLDER, (placeholder) => {
      const value = this.#values.get(placeholder);
      return value === undefined ? placeholder : encode(value);
    });
  }

  /** Whether the text has a placeholder of this connection. */
  mentions(text: string): boolean {
    if (!text.includes(BEGINNING)) return false;
    return [...text.matchAll(PLACEHOLDER)].some(([placeholder]) => this.#values.has(placeholder));
  }

  /**
   * Makes a text fit to be logged or shown: values, in any common encoding, and placeholders become `[secret <name>]`.
   */
  redact(text: string): string {
    const marked = this.#replace(text, (form) => `[secret ${form.name}]`, { words: false });
    if (!marked.includes(BEGINNING)) return marked;
    return marked.replace(PLACEHOLDER, (placeholder, name: string) =>
      this.#values.has(placeholder) ? `[secret ${name}]` : placeholder,
    );
  }

  /**
   * Puts placeholders in place of the values that a vendor echoes, so that they can be sent back. Values of under 8
   * characters are replaced only as whole words: the text is data, and `1234` is part of many an id.
   */
  concealEchoes(text: string): string {
    return this.#replace(text, (form) => form.placeholder, { words: true });
  }

  /** Whether a value, in any common encoding, stands in the text. */
  isEchoedIn(text: string): boolean {
    for (const form of this.#forms.keys()) if (text.includes(form)) return true;
    return false;
  }

  #replace(
    text: string,
    replacement: (form: { readonly name: string; readonly placeholder: Secret }) => string,
    { words }: { readonly words: boolean },
  ): string {
    // Nearly always there is nothing to replace, and a plain search for each form is far cheaper than the expression.
    if (!this.isEchoedIn(text)) return text;
    return text.replace(this.#formsOrPlaceholder(), (match: string, _name: string | undefined, at: number) => {
      const form = this.#forms.get(match);
      // A placeholder, known or not, is passed over as a whole: its name may contain a value.
      if (form === undefined || (words && form.word && !isWord(text, at, match.length))) return match;
      return replacement(form);
    });
  }

  #formsOrPlaceholder(): RegExp {
    this.#matcher ??= new RegExp(
      [
        PLACEHOLDER.source,
        ...[...this.#forms.keys()].sort((a, b) => b.length - a.length).map((form) => RegExp.escape(form)),
      ].join('|'),
      'g',
    );
    return this.#matcher;
  }
}

function isWord(text: string, at: number, length: number): boolean {
  return !/[\p{L}\p{N}]/u.test(text.charAt(at - 1)) && !/[\p{L}\p{N}]/u.test(text.charAt(at + length));
}

function labelOf(name: string): string {
  const label = name.replace(/[^\w.-]/g, '-');
  return /^[A-Za-z]/.test(label) ? label : `s${label}`;
}

/** The one place where text becomes a `Secret`: it is a placeholder that was made just now. */
function asSecret(placeholder: string): Secret {
  return placeholder as Secret;
}
