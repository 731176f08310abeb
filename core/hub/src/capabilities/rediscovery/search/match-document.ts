import { type Band, EVERYWHERE, fieldNamed, holdersOf, keyOf, type SearchField } from './fields.js';
import {
  type NearNode,
  type QueryNode,
  type SoughtTerm,
  type Span,
  soughtTerms,
  type TextNode,
} from './query/query-tree.js';
import { endOf, startOf } from './query/read-range.js';
import type { FieldValues, SearchDocument } from './search-document.js';
import { SplitText } from './text/split-text.js';
import { type Stemmer, stemEnglish } from './text/stem.js';

/** Mean radius of the earth (IUGG), in kilometers. */
const EARTH_RADIUS = 6371.0088;

/**
 * Tells whether one document is found, by reading all of it: what the language means, said as plainly as possible. Engines
 * with an index must agree with it; here it explains single documents, and highlights.
 *
 * Documents are split into words once and kept as long as they are.
 */
export class DocumentMatcher {
  private readonly texts = new WeakMap<readonly string[], readonly SplitText[]>();

  constructor(private readonly stem: Stemmer = stemEnglish) {}

  /** Whether the document is as the tree says. */
  matches(node: QueryNode, document: SearchDocument): boolean {
    return this.holds(node, [document, ...document.applications], document);
  }

  /** Where a text clause stands in each of the values of a field, from its first word to its last, in no order. */
  occurrences(node: TextNode, field: SearchField, values: readonly string[]): readonly (readonly Span[])[] {
    const sought = soughtTerms(node);
    return this.splitTexts(values).map((text) => [...this.spansIn(text, sought, field)]);
  }

  /** @param records Where values are looked for: the person and all applications, or one application. */
  private holds(node: QueryNode, records: readonly FieldValues[], document: SearchDocument): boolean {
    switch (node.kind) {
      case 'all':
        return true;
      case 'and':
        return node.children.every((child) => this.holds(child, records, document));
      case 'or':
        return node.children.some((child) => this.holds(child, records, document));
      case 'not':
        return !this.holds(node.child, records, document);
      case 'application':
        return document.applications.some((application) => this.holds(node.child, [application], document));
      case 'text':
        return fieldsOf(node.field).some((field) =>
          records.some(({ texts }) => this.stands(soughtTerms(node), field, texts[field.name] ?? [])),
        );
      case 'value':
        return fieldsOf(node.field).some((field) =>
          records.some(({ texts }) => (texts[field.name] ?? []).some((value) => keyOf(field, value) === node.value)),
        );
      case 'numbers':
        return records.some(({ numbers }) => (numbers[node.field] ?? []).some((value) => isWithin(value, node)));
      case 'dates': {
        const band = {
          ...(node.from === undefined ? {} : { from: startOf(node.from) }),
          ...(node.to === undefined ? {} : { to: endOf(node.to) }),
        };
        return records.some(({ numbers }) => (numbers[node.field] ?? []).some((value) => isWithin(value, band)));
      }
      case 'near':
        return document.places.some((place) => distanceBetween(place, node) <= node.kilometers);
      case 'exists':
        return fieldsOf(node.field).some((field) => hasValue(field, records, document));
    }
  }

  private stands(sought: readonly SoughtTerm[], field: SearchField, values: readonly string[]): boolean {
    return this.splitTexts(values).some((text) => this.spansIn(text, sought, field).next().done === false);
  }

  private *spansIn(
    text: SplitText,
    [first, ...others]: readonly SoughtTerm[],
    field: SearchField,
  ): Generator<Span, void> {
    if (!first) return;
    for (const term of this.termsOf(first, text, field)) {
      for (const place of text.placesOf(term)) {
        const start = text.tokens[place];
        const last = text.tokens[place + others.length];
        const isThere = others.every((sought, offset) =>
          this.isMet(sought, text.tokens[place + offset + 1]?.term, field),
        );
        if (start && last && isThere) yield { start: start.start, end: last.end };
      }
    }
  }

  private termsOf({ term, match }: SoughtTerm, text: SplitText, field: SearchField): readonly string[] {
    if (match === 'prefix') return text.beginningWith(term);
    return match === 'forms' && field.stemmed ? text.formsOf(term, this.stem) : [term];
  }

  private isMet({ term, match }: SoughtTerm, found: string | undefined, field: SearchField): boolean {
    if (found === undefined) return false;
    if (match === 'prefix') return found.startsWith(term);
    return found === term || (match === 'forms' && field.stemmed === true && this.stem(found) === this.stem(term));
  }

  private splitTexts(values: readonly string[]): readonly SplitText[] {
    const known = this.texts.get(values);
    if (known) return known;
    const texts = values.map((value) => new SplitText(value));
    this.texts.set(values, texts);
    return texts;
  }
}

/** The fields that a clause looks into. @param name Absent: everywhere. */
export function fieldsOf(name: string | undefined): readonly SearchField[] {
  return name === undefined ? EVERYWHERE : holdersOf(fieldNamed(name));
}

function hasValue(field: SearchField, records: readonly FieldValues[], document: SearchDocument): boolean {
  if (field.kind === 'place') return document.places.length > 0;
  return records.some(({ texts, numbers }) =>
    field.kind === 'number' || field.kind === 'date'
      ? (numbers[field.name] ?? []).length > 0
      : (texts[field.name] ?? []).some((value) => keyOf(field, value) !== ''),
  );
}

/** Whether a number lies in a band, both ends included. */
export function isWithin(value: number, { from, to }: Omit<Band, 'label'>): boolean {
  return (from === undefined || value >= from) && (to === undefined || value <= to);
}

/** The distance along the surface (haversine on a sphere), in kilometers. */
export function distanceBetween(
  one: Pick<NearNode, 'latitude' | 'longitude'>,
  other: Pick<NearNode, 'latitude' | 'longitude'>,
): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const chord =
    half(one.latitude, other.latitude) +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * half(one.longitude, other.longitude);
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(chord)));
}
