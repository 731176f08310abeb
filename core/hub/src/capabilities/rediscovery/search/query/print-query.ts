import type { QueryNode, TextNode } from './query-tree.js';

/**
 * Writes a tree as a query that parses to the same tree. Trees that mean the same in the same words are written alike, so
 * that this serves as a key of a cache.
 */
export function printQuery(node: QueryNode): string {
  switch (node.kind) {
    case 'all':
      return '*';
    case 'text':
      return printText(node);
    case 'value':
      return `${node.field}:="${node.value}"`;
    case 'numbers':
    case 'dates':
      return `${node.field}:${printRange(node.from, node.to)}`;
    case 'near':
      return `${node.field}:${plain(node.latitude)},${plain(node.longitude)},${plain(node.kilometers)}km`;
    case 'exists':
      return `${node.field}:*`;
    case 'application':
      return `application(${printQuery(node.child)})`;
    case 'and':
      // AND binds stronger: it needs no parentheses of its own, which would count as depth.
      return node.children
        .map((child) => (child.kind === 'or' ? `(${printQuery(child)})` : printQuery(child)))
        .join(' AND ');
    case 'or':
      return node.children.map(printQuery).join(' OR ');
    case 'not':
      return 'children' in node.child ? `NOT (${printQuery(node.child)})` : `NOT ${printQuery(node.child)}`;
  }
}

function printText({ field, words, quoted, prefix }: TextNode): string {
  // A hyphen parts words and keeps them one clause.
  const text = `${words.join(quoted ? ' ' : '-')}${prefix ? '*' : ''}`;
  return `${field === undefined ? '' : `${field}:`}${quoted ? `"${text}"` : text}`;
}

function printRange(from: number | string | undefined, to: number | string | undefined): string {
  return from === to ? `${from}` : `${from ?? ''}..${to ?? ''}`;
}

/** A number without an exponent. */
function plain(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}
