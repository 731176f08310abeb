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
import { type Stemmer, stemEnglish } from './text/stem.js';
import { type Token, tokenize } from './text/tokens.js';

/** Mean radius of the earth (IUGG), in kilometers. */
const EARTH_RADIUS = 6371.0088;

/**
 * Tells whether one document is found, by reading all of it: what the language means, said as plainly as possible. Engines
 * with an index must agree with it; here it explains single documents, and highlights.
 *
 * Documents are split into words once and kept as long as they are.
 */
export class DocumentMatcher {
  private readonly tokens = new WeakMap<readonly string[], readonly (readonly Token[])[]>();

  constructor(private readonly stem: Stemmer = stemEnglish) {}

  /** Whether the document is as the tree says. */
  matches(node: QueryNode, document: SearchDocument): boolean {
    return this.holds(node, [document, ...document.applications], document);
  }

  /** Where a text clause stands in each of the values of a field, from its first word to its last. */
  occurrences(node: TextNode, field: SearchField, values: readonly string[]): readonly (readonly Span[])[] {
    const sought = soughtTerms(node);
    return this.tokensOf(values).map((tokens) =>
      tokens.flatMap(({ start }, at) => {
        const last = tokens[at + sought.length - 1];
        return last && this.standsAt(sought, tokens, at, field) ? [{ start, end: last.end }] : [];
      }),
    );
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
          records.some(({ texts }) =>
            this.occurrences(node, field, texts[field.name] ?? []).some((found) => found.length > 0),
          ),
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

  private standsAt(
    sought: readonly SoughtTerm[],
    tokens: readonly Token[],
    start: number,
    field: SearchField,
  ): boolean {
    return sought.every(({ term, match }, offset) => {
      const found = tokens[start + offset]?.term;
      if (found === undefined) return false;
      if (match === 'prefix') return found.startsWith(term);
      return found === term || (match === 'forms' && field.stemmed === true && this.stem(found) === this.stem(term));
    });
  }

  private tokensOf(values: readonly string[]): readonly (readonly Token[])[] {
    const known = this.tokens.get(values);
    if (known) return known;
    const tokens = values.map((value) => tokenize(value));
    this.tokens.set(values, tokens);
    return tokens;
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
