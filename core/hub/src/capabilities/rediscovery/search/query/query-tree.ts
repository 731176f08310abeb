import type { PartialDate } from '@talentbridge/contracts';
import { isRun, termsOf } from '../text/tokens.js';

/** A stretch of what was typed, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Placed {
  /** Where it was typed. Absent: it was not (a filter). */
  readonly span?: Span;
}

/** Everybody. */
export interface AllNode extends Placed {
  readonly kind: 'all';
}

/** These words stand side by side, in this order, in one value of a field. */
export interface TextNode extends Placed {
  readonly kind: 'text';
  /** Absent: in any field that is searched everywhere. */
  readonly field?: string;
  /** At least one, as `wordsOf` gives them. */
  readonly words: readonly string[];
  /** A phrase in quotes: the words as they stand. Otherwise the last one is found in all its forms, where the field allows it. */
  readonly quoted: boolean;
  /** The last word is the beginning of one. */
  readonly prefix: boolean;
  /** Nobody typed it: it means the same as what was typed at `span`. */
  readonly synonym?: true;
}

/** A value of the field is this one, as a whole. */
export interface ValueNode extends Placed {
  readonly kind: 'value';
  readonly field: string;
  /** As `keyOf` makes it of a value. */
  readonly value: string;
}

/** A value of the field lies between these numbers, both included. An absent end is open; at least one is there. */
export interface NumbersNode extends Placed {
  readonly kind: 'numbers';
  readonly field: string;
  readonly from?: number;
  readonly to?: number;
}

/** A value of the field lies between the beginning of `from` and the end of `to`, in UTC. An absent end is open; at least one is there. */
export interface DatesNode extends Placed {
  readonly kind: 'dates';
  readonly field: string;
  readonly from?: PartialDate;
  readonly to?: PartialDate;
}

/** The person lives no farther than this from a point. Who has no coordinates does not. */
export interface NearNode extends Placed {
  readonly kind: 'near';
  readonly field: string;
  /** Degrees, six digits after the point at most. */
  readonly latitude: number;
  readonly longitude: number;
  readonly kilometers: number;
}

/** The field holds something. */
export interface ExistsNode extends Placed {
  readonly kind: 'exists';
  readonly field: string;
}

/** One and the same application is as the child says. */
export interface ApplicationNode extends Placed {
  readonly kind: 'application';
  /** It asks for fields of applications alone, and for no application inside. */
  readonly child: QueryNode;
}

/** All, or any, of at least two. */
export interface GroupNode extends Placed {
  readonly kind: 'and' | 'or';
  readonly children: readonly QueryNode[];
}

/** Everybody but. */
export interface NotNode extends Placed {
  readonly kind: 'not';
  readonly child: QueryNode;
}

/** A clause without others inside. */
export type LeafNode = AllNode | TextNode | ValueNode | NumbersNode | DatesNode | NearNode | ExistsNode;

/**
 * What is looked for. Plain data: every engine compiles this one tree.
 *
 * It is normal: no group in a group of its kind, none of fewer than two, no "not" of a "not". Make it with `allOf`, `anyOf`
 * and `noneOf`, which see to that. The order of children is that of the text and means nothing.
 */
export type QueryNode = LeafNode | ApplicationNode | GroupNode | NotNode;

function spanOf(nodes: readonly QueryNode[]): Placed {
  const spans = nodes.flatMap(({ span }) => span ?? []);
  if (spans.length < nodes.length || spans.length === 0) return {};
  return {
    span: { start: Math.min(...spans.map(({ start }) => start)), end: Math.max(...spans.map(({ end }) => end)) },
  };
}

function group(kind: 'and' | 'or', nodes: readonly QueryNode[]): QueryNode | undefined {
  const children = nodes.flatMap((node) => (node.kind === kind ? node.children : [node]));
  const [only] = children;
  return children.length > 1 ? { kind, children, ...spanOf(children) } : only;
}

/** All of these hold. Of none: everybody. */
export function allOf(nodes: readonly QueryNode[]): QueryNode {
  const narrowing = nodes.filter(({ kind }) => kind !== 'all');
  return group('and', narrowing) ?? nodes[0] ?? { kind: 'all' };
}

/** One of these holds at least. */
export function anyOf(nodes: readonly [QueryNode, ...QueryNode[]]): QueryNode {
  return nodes.find(({ kind }) => kind === 'all') ?? group('or', nodes) ?? nodes[0];
}

/** This does not hold. @param span What was typed, with the operator. */
export function noneOf(node: QueryNode, span?: Span): QueryNode {
  return node.kind === 'not' ? node.child : { kind: 'not', child: node, ...(span ? { span } : {}) };
}

/** One application is as the node says. */
export function oneApplication(node: QueryNode, span?: Span): QueryNode {
  return { kind: 'application', child: node, ...(span ? { span } : {}) };
}

/** The nodes right inside a node. */
export function childrenOf(node: QueryNode): readonly QueryNode[] {
  if ('children' in node) return node.children;
  return 'child' in node ? [node.child] : [];
}

/** How a term of a text is compared with the one that is looked for. */
export interface SoughtTerm {
  readonly term: string;
  /**
   * - `exact`: they are equal
   * - `forms`: they have the same stem, where the field is stemmed; otherwise as `exact`
   * - `prefix`: the term of the text begins with this one
   */
  readonly match: 'exact' | 'forms' | 'prefix';
}

/** The terms that a text clause looks for, at positions that follow each other. */
export function soughtTerms(node: TextNode): readonly SoughtTerm[] {
  return node.words.flatMap((word, index): SoughtTerm[] => {
    const last = index === node.words.length - 1;
    if (!isRun(word)) return [{ term: word, match: last ? lastMatch(node) : 'exact' }];
    const terms = termsOf(word);
    if (!last) return terms.map(({ term }) => ({ term, match: 'exact' }));
    // The run of the text may go on, so that its last character is looked for as part of the pair before.
    if (terms.length > 1) return terms.slice(0, -1).map(({ term }) => ({ term, match: 'exact' }));
    return [{ term: word, match: 'prefix' }];
  });
}

function lastMatch({ prefix, quoted }: TextNode): SoughtTerm['match'] {
  if (prefix) return 'prefix';
  return quoted ? 'exact' : 'forms';
}

/** The tree without where it was typed: two queries that say the same are equal then. */
export function withoutSpans(node: QueryNode): QueryNode {
  const { span: _, ...rest } = node;
  if ('children' in rest) return { ...rest, children: rest.children.map(withoutSpans) };
  if ('child' in rest) return { ...rest, child: withoutSpans(rest.child) };
  return rest;
}
